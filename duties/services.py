"""What must be reported: opened by what was found, made by whoever must, closed only with a reason of the list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.agency import agency_for
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import Agency, Membership, User
from children.models import Child
from deadlines.services import drop_clock, start_clock, stop_clock
from duties.models import MandatoryReport
from offer.answers import Answers
from offer.duties import (
    DUTIES,
    DutyRoute,
    FamilyTold,
    HowKnown,
    Profession,
    duties_opened,
    fgm_route,
    nrm_needs_consent,
)
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.timescales import london_date

FGM_KNOWN, FGM_RISK, NRM = "MR-01", "MR-01b", "MR-02"
# The clocks of each duty besides its own: the local target of the NRM, and what follows a report.
CLOCKS = {NRM: ("TG-NRM",), "MR-02b": ()}
State = MandatoryReport.State


def _clocks_of(rule_id: str) -> tuple[str, ...]:
    return CLOCKS.get(rule_id, (rule_id,))


def _about(report: MandatoryReport) -> str:
    return f"report:{report.pk}"


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _agency_of(by: User, case: CaseFile) -> Agency:
    """The author's agency. Inside somebody else's action (an assessment) they may not be one who opens reports."""
    try:
        return agency_for(by, Action.OPEN_REPORT, case)
    except IndexError:
        return Membership.objects.filter(user=by, ended_at__isnull=True).select_related("team__agency")[0].team.agency


def _open(case: CaseFile, by: User, rule_id: str, **facts: Any) -> MandatoryReport:
    duty = DUTIES[rule_id]
    report: MandatoryReport = MandatoryReport.objects.create(
        case=case, rule_id=rule_id, author=by, agency=_agency_of(by, case),
        hidden_from_family=duty.family is not FamilyTold.JUDGEMENT, **facts,
    )  # fmt: skip
    _start_clocks(report, by)
    return report


def _start_clocks(report: MandatoryReport, by: User) -> None:
    for rule in _clocks_of(report.rule_id):
        start_clock(
            report.case, by=by, rule_id=rule, started_at=report.discovered_at, about=_about(report),
            owner=report.discovered_by if DUTIES[report.rule_id].personal else None,
        )  # fmt: skip


def _drop_clocks(report: MandatoryReport, by: User, reason: str) -> None:
    for rule in _clocks_of(report.rule_id):
        drop_clock(report.case, by=by, rule_id=rule, about=_about(report), reason=reason)


@part_of_action
def open_for_answers(
    case: CaseFile, *, by: User, about: str, types: Mapping[ExploitationType, TypeStatus], answers: Answers,
    discovered_at: datetime,
) -> list[MandatoryReport]:  # fmt: skip
    """Opens each report that these answers and types call for and that is not there yet (BR-15).

    Part of the action that saves the answers. It opens and never closes: a manager looks at an answer taken back.

    Args:
        about: where the answers stand, like "assessment:12": there each duty is opened once.
        discovered_at: aware; the limits run from it.
    """
    there = MandatoryReport.objects.filter(case=case).exclude(state=State.CLOSED)
    known = set(there.values_list("rule_id", flat=True)) | set(
        MandatoryReport.objects.filter(case=case, about=about).values_list("rule_id", flat=True)
    )
    if FGM_RISK in known:  # the question "How do you know?" was answered so
        known.add(FGM_KNOWN)
    opened = []
    for rule_id in duties_opened(types, answers):
        if rule_id not in known and DUTIES[rule_id].timescale.has_limit:
            trigger = f"Recorded in the risk assessment: {DUTIES[rule_id].trigger}"
            opened.append(
                _open(case, by, rule_id, trigger=trigger, discovered_by=by, discovered_at=discovered_at, about=about)
            )
    return opened


@case_action(Action.OPEN_REPORT)
def open_report(
    case: CaseFile, *, by: User, rule_id: str, trigger: str, discovered_at: datetime, how_known: str = "",
    profession: str = "", consent: bool = False,
) -> MandatoryReport:  # fmt: skip
    """Opens a report of what `by` found.

    Args:
        trigger: what was seen or said, by whom, when, in whose words.
        how_known, profession: for FGM, the question "How do you know?", whose answer decides the route (ruling Q16).
        consent: for the NRM from 18, that the person agrees. A child is never asked (ruling Q17).

    Raises:
        Refused: a field is missing, the same report is open, or no report follows (the sentence says what to do).
    """
    if rule_id not in DUTIES or not DUTIES[rule_id].timescale.has_limit:
        raise Refused("Choose what has to be reported.")
    if rule_id == "MR-03" and not DUTIES[rule_id].binds_on(timezone.localdate()):
        raise Refused("This duty is not yet in force. Refer to children’s social care and the police as usual.")
    if not _clean(trigger):
        raise Refused("Say what was seen or said, by whom, and in whose words.")
    if discovered_at > timezone.now():
        raise Refused("It cannot have been found in the future. Check the date and time.")
    if rule_id in (FGM_KNOWN, FGM_RISK):
        rule_id = _route(case, how_known, profession, discovered_at)
    child = Child.objects.filter(case=case).first()
    if rule_id == NRM and child and nrm_needs_consent(child.date_of_birth, london_date(discovered_at)) and not consent:
        raise Refused("From 18 a new referral needs the person’s consent. Ask, and record that they agree.")
    if MandatoryReport.objects.filter(case=case, rule_id=rule_id, state=State.OPEN).exists():
        raise Refused("That report is open already. Go on with it.")
    return _open(
        case, by, rule_id, trigger=_clean(trigger), how_known=how_known, profession=profession, discovered_by=by,
        discovered_at=discovered_at,
    )  # fmt: skip


def _fgm(case: CaseFile, how_known: str, profession: str, discovered_at: datetime) -> DutyRoute:
    if not how_known or not profession:
        raise Refused("Say how you know, and what your profession is: it decides who must report.")
    born = Child.objects.filter(case=case).values_list("date_of_birth", flat=True).first()
    return fgm_route(
        HowKnown[how_known.upper()], Profession[profession.upper()], date_of_birth=born,
        discovered_on=london_date(discovered_at),
    )  # fmt: skip


def _route(case: CaseFile, how_known: str, profession: str, discovered_at: datetime) -> str:
    route = _fgm(case, how_known, profession, discovered_at)
    if route.rule_id is None:
        raise Refused(route.sentence)
    return route.rule_id


def _open_still(report: MandatoryReport) -> MandatoryReport:
    current: MandatoryReport = MandatoryReport.objects.select_related("case").get(pk=report.pk)
    if current.state != State.OPEN:
        raise Refused(f"This report is {current.get_state_display().lower()} already.")
    return current


@case_action(Action.OPEN_REPORT)
def answer_how_known(
    report: MandatoryReport, *, by: User, version: int, how_known: str, profession: str
) -> MandatoryReport:
    """Answers "How do you know?" for a report that an assessment opened: it becomes MR-01, MR-01b, or is not needed.

    The clock of MR-01 runs from the discovery while the question is open, so nothing is lost by waiting for the answer.
    """
    current = _open_still(report)
    if current.rule_id not in (FGM_KNOWN, FGM_RISK):
        raise Refused("This question belongs to a report about female genital mutilation.")
    if current.discovered_by_id != by.pk:
        raise Refused("Only the person who found it can say how they know.")
    route = _fgm(current.case, how_known, profession, current.discovered_at)
    rule_id = route.rule_id or FGM_RISK
    if rule_id != current.rule_id:
        _drop_clocks(current, by, route.sentence[:300])
    saved = save_version(current, version, how_known=how_known, profession=profession, rule_id=rule_id)
    _start_clocks(saved, by)
    return saved


@case_action(Action.OPEN_REPORT)
def record_report(
    report: MandatoryReport, *, by: User, version: int, reported_at: datetime, recipient: str, method: str,
    reference: str = "", safeguarding_lead_told: bool = False, child_told: bool = False,
) -> MandatoryReport:  # fmt: skip
    """It was reported. A personal duty is recorded by the person who had it, and by nobody in their name.

    Args:
        reported_at: when it was reported (aware, not in the future): whether the limit was kept is judged by it.
    """
    current = _open_still(report)
    if DUTIES[current.rule_id].personal and current.discovered_by_id != by.pk:
        raise Refused(f"This is the personal duty of {current.discovered_by.name}, who must report and record it.")
    if current.rule_id == FGM_KNOWN and not current.how_known:
        raise Refused("Answer the question “How do you know?” first: it decides to whom this is reported.")
    if not (_clean(recipient) and _clean(method)):
        raise Refused("Say to whom it was reported, and how.")
    if not current.discovered_at <= reported_at <= timezone.now():
        raise Refused("The time of the report lies between the discovery and now. Check it.")
    saved = save_version(
        current, version, state=State.REPORTED, reported_at=reported_at, reporter=by, recipient=_clean(recipient),
        method=_clean(method), reference=_clean(reference), safeguarding_lead_told=safeguarding_lead_told,
        child_told=child_told,
    )  # fmt: skip
    for rule in _clocks_of(saved.rule_id):
        stop_clock(saved.case, by=by, rule_id=rule, about=_about(saved), done_at=reported_at)
    return saved


@case_action(Action.CLOSE_REPORT)
def close_report(
    report: MandatoryReport, *, by: User, version: int, outcome: str = "", not_reported: str = "", because: str = "",
    reference: str = "",
) -> MandatoryReport:  # fmt: skip
    """A manager closes it: with its outcome once reported, else with one of the reasons of the list and why."""
    current: MandatoryReport = MandatoryReport.objects.select_related("case").get(pk=report.pk)
    if current.state == State.CLOSED:
        raise Refused("This report is closed already.")
    if current.state == State.REPORTED:
        if not _clean(outcome):
            raise Refused("Say what came of the report.")
        return save_version(
            current, version, state=State.CLOSED, outcome=_clean(outcome), closed_at=timezone.now(), closed_by=by
        )
    if not_reported not in MandatoryReport.NotReported.values or not _clean(because):
        raise Refused("Choose why it was not reported, and say more.")
    if not_reported == MandatoryReport.NotReported.ALREADY_REFERRED and not _clean(reference):
        raise Refused("Give the reference of the referral that was made already.")
    saved = save_version(
        current, version, state=State.CLOSED, not_reported=not_reported, not_reported_because=_clean(because),
        reference=_clean(reference), closed_at=timezone.now(), closed_by=by,
    )  # fmt: skip
    _drop_clocks(saved, by, saved.get_not_reported_display())
    return saved


@case_action(Action.CLOSE_REPORT)
def decide_family_told(report: MandatoryReport, *, by: User, version: int, because: str) -> MandatoryReport:
    """After advice, a manager decides that the family may know of it. Until then nothing of it reaches them (Q16)."""
    if not _clean(because):
        raise Refused("Say who advised it and why it is safe.")
    return save_version(
        report, version, hidden_from_family=False, family_decision=_clean(because), family_decided_by=by
    )


@case_action(Action.CLOSE_REPORT)
def extend(report: MandatoryReport, *, by: User, version: int, because: str) -> MandatoryReport:
    """Exceptionally MR-01 may take longer than the close of the next working day, and never more than the month."""
    current = _open_still(report)
    if current.rule_id != FGM_KNOWN:
        raise Refused("Only a report of known FGM has a first limit that may be extended.")
    if not _clean(because):
        raise Refused("Say why the next working day is exceptionally not enough.")
    return save_version(current, version, extension_reason=_clean(because), extension_approved_by=by)
