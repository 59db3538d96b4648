"""Sending information to the police, and what they do with it: each function is a door."""

from typing import TypedDict, Unpack

from django.utils import timezone

from access.actions import case_action, role_action
from access.models import CaseFile
from access.permissions import NotAllowed, sentence
from access.refusals import Refused
from access.roles import Action
from access.standing import standing_of
from accounts.models import Agency, User
from referrals.checks import child_of, cleaned
from referrals.models import InformationGrading, InformationReport
from referrals.selectors import (
    received_reports,
)


class InformationFacts(TypedDict, total=False):
    """What an information report says besides its required parts."""

    people: str
    places: str
    vehicles: str
    phones_and_online: str
    opinion: str
    child_may_be_named: bool


def _agency_of(by: User) -> Agency:
    return Agency.objects.get(pk=standing_of(by).posts[0].agency_id)


@case_action(Action.SEND_INFORMATION)
def send_information(
    case: CaseFile, *, by: User, happened: str, how_known: str, fact: str, risk_to_source: str, urgency: str,
    **more: Unpack[InformationFacts],
) -> InformationReport:  # fmt: skip
    """Tells the police something of concern (Operation Liberty, BR-13). It is locked from now on.

    Not for emergencies, and it replaces no referral to social care. Its sender reads it and what the police reply;
    nobody else but the police who receive information does.

    Args:
        fact: what was seen or said; `opinion` is kept apart.
        risk_to_source: what could happen if it became known who told.
    """
    if not fact.strip() or not risk_to_source.strip():
        raise Refused("Say what was seen or said, and what could happen if it became known who told.")
    about = str(child_of(case, by))[:120]
    typed = {
        "happened": happened, "how_known": how_known, "fact": fact, "risk_to_source": risk_to_source,
        "urgency": urgency, **more,
    }  # fmt: skip
    sent: InformationReport = InformationReport.objects.create(
        case=case, about=about, author=by, agency=_agency_of(by), **cleaned(InformationReport, typed)
    )
    return sent


def _received(by: User, report: InformationReport) -> InformationReport:
    found: InformationReport | None = received_reports(by).filter(pk=report.pk).first()
    if found is None:
        raise NotAllowed(sentence(Action.RECEIVE_INFORMATION))
    return found


@role_action(Action.RECEIVE_INFORMATION)
def acknowledge_information(
    *, by: User, report: InformationReport, police_reference: str, reply: str = ""
) -> InformationReport:
    """The police say they have it, with their reference, and what the sender may know. The reply may be changed later;
    who acknowledged it first, and when, stays.

    Raises:
        Refused: there is no reference.
    """
    if not police_reference.strip():
        raise Refused("Give the reference on the police system.")
    found = _received(by, report)
    changes = cleaned(InformationReport, {"police_reference": police_reference, "reply": reply})
    if found.acknowledged_at is None:
        changes |= {"acknowledged_by": by, "acknowledged_at": timezone.now()}
    InformationReport.objects.filter(pk=report.pk).update(**changes)
    return _received(by, report)


@role_action(Action.RECEIVE_INFORMATION)
def grade_information(
    *, by: User, report: InformationReport, source: str, assessment: str, handling: str, conditions: str = ""
) -> InformationGrading:
    """The police grade a report, 3x5x2 (DOMAIN 5.4). A new row each time; nobody else reads it.

    Raises:
        Refused: sharing with conditions without saying which.
    """
    if handling == InformationGrading.Handling.CONDITIONS and not conditions.strip():
        raise Refused("Say under which conditions it may be shared.")
    found = _received(by, report)
    typed = {"source": source, "assessment": assessment, "handling": handling, "conditions": conditions}
    graded: InformationGrading = InformationGrading.objects.create(
        case_id=found.case_id, report=found, graded_by=by, **cleaned(InformationGrading, typed)
    )
    return graded
