"""Opening, confirming and closing the escalation route: each function is a door."""

from datetime import datetime

from django.utils import timezone

from access.actions import case_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from deadlines.services import drop_clock, start_clock, stop_clock
from referrals.checks import cleaned, not_ahead
from referrals.models import EscalationRoute
from referrals.selectors import route_objection

WRITTEN_CONFIRMATION = "TS-02"


def _about(route: EscalationRoute) -> str:
    return f"route:{route.pk}"


@case_action(Action.ESCALATE)
def open_route(
    case: CaseFile, *, by: User, route: str, opened_at: datetime, by_telephone: bool = False, note: str = ""
) -> EscalationRoute:
    """Opens the one route by which the child is taken to social care (BR-04, ruling Q9).

    A telephone referral to the Initial Response Team starts the 48 elapsed hours of TS-02 at `opened_at` (aware).

    Raises:
        Refused: one is open, a section 47 enquiry is recorded, or the route does not fit who leads on the file.
    """
    not_ahead(opened_at)
    objection = route_objection(case, by, route)
    if objection:
        raise Refused(objection)
    if by_telephone and route != EscalationRoute.Route.IRT:
        raise Refused("Only a referral to the Initial Response Team is made by telephone and confirmed in writing.")
    opened: EscalationRoute = EscalationRoute.objects.create(
        case=case, author=by, opened_at=opened_at, by_telephone=by_telephone,
        **cleaned(EscalationRoute, {"route": route, "note": note}),
    )  # fmt: skip
    if by_telephone:
        start_clock(case, by=by, rule_id=WRITTEN_CONFIRMATION, started_at=opened_at, about=_about(opened), owner=by)
    return opened


@case_action(Action.ESCALATE)
def confirm_in_writing(route: EscalationRoute, *, by: User, confirmed_at: datetime) -> EscalationRoute:
    """The telephone referral was confirmed in writing at `confirmed_at` (aware): TS-02 stops.

    Raises:
        Refused: there is nothing to confirm, or the time cannot be.
    """
    not_ahead(confirmed_at)
    if confirmed_at < route.opened_at:
        raise Refused("It cannot have been confirmed before it was made.")
    waiting = EscalationRoute.objects.filter(
        pk=route.pk, by_telephone=True, confirmed_at__isnull=True, closed_at__isnull=True
    )
    if not waiting.update(confirmed_at=confirmed_at):
        raise Refused("There is no telephone referral here that waits to be confirmed.")
    stop_clock(
        CaseFile(pk=route.case_id), by=by, rule_id=WRITTEN_CONFIRMATION, about=_about(route), done_at=confirmed_at
    )
    confirmed: EscalationRoute = EscalationRoute.objects.get(pk=route.pk)
    return confirmed


@case_action(Action.ESCALATE)
def close_route(route: EscalationRoute, *, by: User, reason: str) -> EscalationRoute:
    """Closes a route with its reason, so that another may be opened (a VCM may pass a child to IRT). Its row stays.

    Raises:
        Refused: no reason, or it is closed already.
    """
    if not reason.strip():
        raise Refused("Say why this route is closed.")
    still_open = EscalationRoute.objects.filter(pk=route.pk, closed_at__isnull=True)
    facts = cleaned(EscalationRoute, {"close_reason": reason})
    if not still_open.update(closed_at=timezone.now(), closed_by=by, **facts):
        raise Refused("Somebody has already closed this route.")
    case = CaseFile(pk=route.case_id)
    drop_clock(case, by=by, rule_id=WRITTEN_CONFIRMATION, about=_about(route), reason=reason)
    closed_route: EscalationRoute = EscalationRoute.objects.get(pk=route.pk)
    return closed_route
