"""What must be reported: opened by what was found, made by whoever must, closed only with a reason of the list."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
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
from offer.timescales import LONDON, london_date

FGM_KNOWN, FGM_RISK, NRM, NOTIFY, MISSING = "MR-01", "MR-01b", "MR-02", "MR-02b", "MR-08"
# The clocks of each duty besides its own: the local target of the NRM, and what follows a report.
CLOCKS = {NRM: ("TG-NRM",), "MR-02b": ()}
AFTERWARDS = {NRM: "TS-23", "MR-05": "TS-22"}
NRM_REASONS = frozenset(
    {MandatoryReport.NotReported.NO_REASONABLE_GROUNDS, MandatoryReport.NotReported.ALREADY_REFERRED}
)
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
        case=case, rule_id=rule_id, opened_as=rule_id, author=by, agency=_agency_of(by, case),
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
    there = MandatoryReport.objects.filter(Q(about=about) | ~Q(state=State.CLOSED), case=case)
    # By `opened_as`: an MR-01 that its question turned into MR-01b is there, but an MR-01b that was only ever a
    # suspicion never stands in for what she has since said herself.
    known = set()
    for report in there.only("state", "rule_id", "opened_as", "about"):
        known |= {report.rule_id} if report.state != State.CLOSED else set()
        known |= {report.opened_as} if report.about == about else set()
    opened = []
    for rule_id in duties_opened(types, answers):
        if rule_id not in known and DUTIES[rule_id].timescale.has_limit:
            trigger = f"Recorded in the risk assessment: {DUTIES[rule_id].trigger}"
            opened.append(
                _open(case, by, rule_id, trigger=trigger, discovered_by=by, discovered_at=discovered_at, about=about)
            )
    return opened


def _check_found(rule_id: str, trigger: str, discovered_at: datetime) -> None:
    if rule_id not in DUTIES or not DUTIES[rule_id].timescale.has_limit:
        raise Refused("Choose what has to be reported.")
    if rule_id == "MR-03" and not DUTIES[rule_id].binds_on(timezone.localdate()):
        raise Refused("This duty is not yet in force. Refer to children’s social care and the police as usual.")
    if not _clean(trigger):
        raise Refused("Say what was seen or said, by whom, and in whose words.")
    if discovered_at > timezone.now():
        raise Refused("It cannot have been found in the future. Check the date and time.")


@case_action(Action.OPEN_REPORT)
def open_report(
    case: CaseFile, *, by: User, rule_id: str, trigger: str, discovered_at: datetime, how_known: str = "",
    profession: str = "", consent: bool = False,
) -> MandatoryReport:  # fmt: skip
    """Opens a report of what `by` found. With the NRM come the duties that go with it.

    Args:
        trigger: what was seen or said, by whom, when, in whose words.
        how_known, profession: for FGM, the question "How do you know?", whose answer decides the route (ruling Q16).
        consent: for the NRM from 18, that the person agrees. A child is never asked (ruling Q17).

    Raises:
        Refused: a field is missing, the same report is open, or no report follows (the sentence says what to do).
    """
    _check_found(rule_id, trigger, discovered_at)
    if rule_id in (FGM_KNOWN, FGM_RISK):
        rule_id = _route(case, how_known, profession, discovered_at)
    if rule_id == NRM and _asks_consent(case, discovered_at) and not consent:
        raise Refused("From 18 a new referral needs the person’s consent. Ask, and record that they agree.")
    still = set(MandatoryReport.objects.filter(case=case, state=State.OPEN).values_list("rule_id", flat=True))
    if rule_id in still and rule_id != MISSING:  # each missing episode is separate
        raise Refused("That report is open already. Go on with it.")
    found = {"trigger": _clean(trigger), "discovered_by": by, "discovered_at": discovered_at}
    report = _open(case, by, rule_id, how_known=how_known, profession=profession, consent=consent, **found)
    for other in DUTIES[rule_id].also:
        if other in DUTIES and other not in still:
            _open(case, by, other, **found)
    return report


def _asks_consent(case: CaseFile, on: datetime) -> bool:
    born = Child.objects.filter(case=case).values_list("date_of_birth", flat=True).first()
    return nrm_needs_consent(born, london_date(on))


def _fgm(case: CaseFile, how_known: str, profession: str, discovered_at: datetime) -> DutyRoute:
    if how_known.upper() not in HowKnown.__members__ or profession.upper() not in Profession.__members__:
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
    Where no report follows, its duty and clock stay until a manager closes it: nobody's answer ends a report alone.
    """
    current = _open_still(report)
    if current.rule_id not in (FGM_KNOWN, FGM_RISK):
        raise Refused("This question belongs to a report about female genital mutilation.")
    if current.discovered_by_id != by.pk:
        raise Refused("Only the person who found it can say how they know.")
    route = _fgm(current.case, how_known, profession, current.discovered_at)
    rule_id = route.rule_id or current.rule_id
    if rule_id != current.rule_id:
        _drop_clocks(current, by, route.sentence[:300])
    outcome = "" if route.rule_id else route.sentence
    saved = save_version(current, version, how_known=how_known, profession=profession, rule_id=rule_id, outcome=outcome)
    _start_clocks(saved, by)
    return saved


def _since(discovered_at: datetime, typed: datetime) -> datetime:
    """A time is typed to the minute: one in the minute of the discovery is no earlier than the discovery."""
    same = typed.replace(second=0, microsecond=0) == discovered_at.replace(second=0, microsecond=0)
    return max(typed, discovered_at) if same else typed


def _check_made(current: MandatoryReport, by: User, reported_at: datetime, *, told: bool, agrees: bool) -> None:
    if DUTIES[current.rule_id].personal and current.discovered_by_id != by.pk:
        raise Refused(f"This is the personal duty of {current.discovered_by.name}, who must report and record it.")
    if current.rule_id == FGM_KNOWN and not current.how_known:
        raise Refused("Answer the question “How do you know?” first: it decides to whom this is reported.")
    if not told:
        raise Refused("Say to whom it was reported, and how.")
    if current.rule_id == NRM and not agrees and _asks_consent(current.case, reported_at):
        raise Refused("From 18 a new referral needs the person’s consent. Ask, and record that they agree.")
    if not current.discovered_at <= reported_at <= timezone.now():
        raise Refused("The time of the report lies between the discovery and now. Check it.")


@case_action(Action.OPEN_REPORT)
def record_report(
    report: MandatoryReport, *, by: User, version: int, reported_at: datetime, recipient: str, method: str,
    reference: str = "", safeguarding_lead_told: bool = False, child_told: bool = False, helped_by: str = "",
    consent: bool = False,
) -> MandatoryReport:  # fmt: skip
    """It was reported. A personal duty is recorded by the person who had it, and by nobody in their name.

    Args:
        reported_at: when it was reported (aware, not in the future): whether the limit was kept is judged by it.
        helped_by: who helped. They do not take the duty over.
        consent: for the NRM from 18, that the person agrees.
    """
    current = _open_still(report)
    agrees = consent or current.consent
    reported_at = _since(current.discovered_at, reported_at)
    _check_made(current, by, reported_at, told=bool(_clean(recipient) and _clean(method)), agrees=agrees)
    made: dict[str, Any] = {
        "state": State.REPORTED, "reported_at": reported_at, "reporter": by, "recipient": _clean(recipient),
        "method": _clean(method), "reference": _clean(reference),
    }  # fmt: skip
    saved = save_version(
        current, version, **made, safeguarding_lead_told=safeguarding_lead_told, child_told=child_told,
        helped_by=_clean(helped_by), consent=agrees,
    )  # fmt: skip
    for rule in _clocks_of(saved.rule_id):
        stop_clock(saved.case, by=by, rule_id=rule, about=_about(saved), done_at=reported_at)
    _follow(saved, by, made)
    return saved


def _follow(saved: MandatoryReport, by: User, made: Mapping[str, Any]) -> None:
    """What a report that was made leads to: the clock that runs next, and the duty that it satisfies as well."""
    if saved.rule_id in AFTERWARDS:
        start_clock(
            saved.case, by=by, rule_id=AFTERWARDS[saved.rule_id], started_at=made["reported_at"], about=_about(saved)
        )
    if saved.rule_id == NRM:  # the referral satisfies the duty to notify (Modern Slavery Act 2015, section 52)
        notify = MandatoryReport.objects.filter(
            case=saved.case, rule_id=NOTIFY, state=State.OPEN, discovered_at__lte=made["reported_at"]
        ).first()
        if notify:
            save_version(notify, notify.version, **made)


@case_action(Action.OPEN_REPORT)
def record_return(
    report: MandatoryReport, *, by: User, version: int, returned_at: datetime, interviewed_at: datetime | None = None
) -> MandatoryReport:
    """A missing child is back: the return home interview is due 72 hours later (TS-19)."""
    if report.rule_id != MISSING:
        raise Refused("Only a report of a missing child has a return.")
    returned_at = _since(report.discovered_at, returned_at)
    if not report.discovered_at <= returned_at <= timezone.now():
        raise Refused("The return lies between the discovery and now. Check it.")
    if interviewed_at and not returned_at <= interviewed_at <= timezone.now():
        raise Refused("The interview lies between the return and now. Check it.")
    saved = save_version(report, version, returned_at=returned_at, interviewed_at=interviewed_at)
    if report.interviewed_at is None:
        start_clock(saved.case, by=by, rule_id="TS-19", started_at=returned_at, about=_about(saved))
    if interviewed_at:
        stop_clock(saved.case, by=by, rule_id="TS-19", about=_about(saved), done_at=interviewed_at)
    return saved


@case_action(Action.OPEN_REPORT)
def record_nrm_decision(
    report: MandatoryReport, *, by: User, version: int, reasonable_grounds: str = "", reasonable_on: date | None = None,
    conclusive_grounds: str = "", conclusive_on: date | None = None,
) -> MandatoryReport:  # fmt: skip
    """What the competent authority or a devolved panel decided. Conclusive grounds before day 30 (TS-24) are recorded.

    Raises:
        Refused: the referral has not been made, or a decision and its day do not belong together.
    """
    if report.rule_id != NRM or report.reported_at is None:
        raise Refused("Record the referral to the NRM first.")
    if not (reasonable_grounds or conclusive_grounds):
        raise Refused("Choose what was decided.")
    for decided, on in ((reasonable_grounds, reasonable_on), (conclusive_grounds, conclusive_on)):
        if bool(decided) != bool(on) or (decided and decided not in MandatoryReport.Grounds.values):
            raise Refused("Give each decision with the day on which it was made.")
        if on and not london_date(report.reported_at) <= on <= timezone.localdate():
            raise Refused("A decision lies between the referral and today. Check its date.")
    saved = save_version(
        report, version, reasonable_grounds=reasonable_grounds, reasonable_on=reasonable_on,
        conclusive_grounds=conclusive_grounds, conclusive_on=conclusive_on,
    )  # fmt: skip
    first = reasonable_on or conclusive_on
    if first:
        at = min(datetime.combine(first, time(23, 59), tzinfo=LONDON), timezone.now())
        stop_clock(saved.case, by=by, rule_id="TS-23", about=_about(saved), done_at=at)
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
    if current.rule_id == NRM and not_reported not in NRM_REASONS and not _asks_consent(current.case, timezone.now()):
        raise Refused("A child is referred to the NRM unless there are no reasonable grounds or it was done already.")
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
