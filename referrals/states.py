"""What may become of a referral. The database holds to the same (`sec.check_referral`)."""

from referrals.models import Referral

State = Referral.State

NEXT: dict[str, frozenset[str]] = {
    State.SENT: frozenset({State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.ENDED, State.WITHDRAWN}),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.ENDED: frozenset(),
}
OPEN: frozenset[str] = frozenset(state for state, after in NEXT.items() if after)
