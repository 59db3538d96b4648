"""From the rows of a file to the state of the work on it (`offer.case_states`), as far as somebody sees them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from access.models import CaseFile
from access.roles import Action
from accounts.models import User
from assessments.decisions.services import REVIEWS
from assessments.models import Assessment, CPMMatter, EffectiveTier, TierProposal
from children.models import Contact
from deadlines.models import Deadline
from offer.case_states import CaseFacts, CaseState, case_state
from offer.closing import ClosingReason, state_after
from offer.levels import Tier
from plans.models import CaseClosure


def state_of_work(case: CaseFile, user: User) -> CaseState:
    """What is being done on a file now. For whoever sees its assessments: others would be told something else."""
    return case_state(facts_of(case, user))


def facts_of(case: CaseFile, user: User) -> CaseFacts:
    """One query."""

    def of(model: Any, action: Action) -> Any:
        return model.objects.allowing(user, action).filter(case=OuterRef("pk"))

    contacts = of(Contact, Action.VIEW_CONTACTS)
    proposals = of(TierProposal, Action.VIEW_ASSESSMENTS).order_by("-submitted_at", "-pk")
    tiers = of(EffectiveTier, Action.VIEW_TIER).filter(until_at__isnull=True)
    closures = of(CaseClosure, Action.VIEW_DEADLINES).order_by("-proposed_at", "-pk")
    reviews = of(Deadline, Action.VIEW_DEADLINES).filter(state=Deadline.State.OPEN, rule_id__in=list(REVIEWS.values()))
    found = CaseFile.objects.filter(pk=case.pk).values(
        received=Exists(contacts.filter(outcome=Contact.Outcome.RECEIVED)),
        accepted=Exists(contacts.filter(outcome=Contact.Outcome.ACCEPTED)),
        screened_out=Exists(contacts.filter(outcome=Contact.Outcome.SCREENED_OUT)),
        draft=Exists(of(Assessment, Action.VIEW_ASSESSMENTS).filter(state=Assessment.State.DRAFT)),
        waiting=Subquery(proposals.filter(state=TierProposal.State.WAITING).values("proposed")[:1]),
        latest=Subquery(proposals.values(one=JSONObject(state="state", at="submitted_at"))[:1]),
        matter=Exists(of(CPMMatter, Action.VIEW_ASSESSMENTS).filter(closed_at__isnull=True)),
        tier=Subquery(tiers.values("tier")[:1]),
        overdue=Exists(reviews.filter(limit_at__lt=timezone.now())),
        closure=Subquery(closures.values(one=JSONObject(state="state", reason="reason", reopened="reopened_at"))[:1]),
    )
    return _facts(found.get())


def _facts(row: dict[str, Any]) -> CaseFacts:
    closure = row["closure"] or {}
    closed = closure.get("state") == CaseClosure.State.CLOSED
    return CaseFacts(
        contact_waits=row["received"],
        contact_accepted=row["accepted"],
        was_screened_out=row["screened_out"],
        is_assessed=row["draft"] or _sent_back(row["latest"], closure.get("reopened")),
        tier_decided=row["tier"] is not None,
        tier=_tier(row["tier"]),
        is_proposed=row["waiting"] is not None,
        proposed=_tier(row["waiting"]),
        cpm_waits=row["matter"],
        review_overdue=row["overdue"],
        closing_proposed=closure.get("state") == CaseClosure.State.PROPOSED,
        closed_as=state_after(ClosingReason[closure["reason"].upper()]) if closed else None,
        reopened=closure.get("state") == CaseClosure.State.REOPENED,
    )


def _sent_back(latest: dict[str, str] | None, reopened: str | None) -> bool:
    """The author was asked a question, and the file was not closed since."""
    if latest is None or latest["state"] != TierProposal.State.RETURNED:
        return False
    return reopened is None or datetime.fromisoformat(latest["at"]) > datetime.fromisoformat(reopened)


def _tier(name: str | None) -> Tier | None:
    return Tier[name.upper()] if name and name.upper() in Tier.__members__ else None
