"""Writing an assessment, and the assessments that support it. What tier follows is for `assessments.decisions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from access.actions import case_action
from access.agency import agency_for
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.versions import StaleRecord, save_version
from accounts.models import User
from assessments.content import (
    SUBMITTED,
    WRITTEN,
    Content,
    answered,
    considered,
    content_hash,
    missing,
    thresholds_of,
)
from assessments.known_facts import facts_on_record
from assessments.models import (
    NO_CONCERN,
    Answer,
    Assessment,
    CarerView,
    ConsideredType,
    CPMMatter,
    ProtectiveFactor,
    SupportingAssessment,
    TierProposal,
    ToolkitItem,
    ToolkitVersion,
)
from assessments.selectors import last_answers
from assessments.unsaved.selectors import unsaved_parts
from children.models import Child, Person
from deadlines.services import drop_clock, start_clock, stop_clock
from duties.services import open_for_answers
from offer.answers import Answer as Given
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.levels import Tier
from offer.low_tier import AssessmentKind
from offer.suggestion import suggest
from ui.dates import long_date

POSITIVE = frozenset(one.name.lower() for one in Given if one.is_positive)
PRESENT = frozenset(one.name.lower() for one in Given if one.is_present)
NONE, NOT_KNOWN = Given.NONE.name.lower(), Given.NOT_KNOWN.name.lower()
State = SupportingAssessment.State
SINGLE, EHA = AssessmentKind.SINGLE_ASSESSMENT.name.lower(), AssessmentKind.EHA.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a positive answer rests on. One may serve several items of a section (ruling Q23)."""

    text: str = ""
    source: str = ""
    detail: str = ""
    basis: str = ""
    first_seen: str = ""
    last_seen: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """One answer: `answer` is a name of `offer.answers.Answer` in lower case."""

    answer: str
    evidence: Evidence = Evidence()
    not_known_because: str = ""


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _child_of(case: CaseFile) -> Child:
    child: Child | None = Child.objects.filter(case=case).first()
    if child is None:
        raise Refused("Add the child to this file first.")
    return child


def _days_in_order(*days: date | None) -> None:
    today = timezone.localdate()
    if any(day and day > today for day in days):
        raise Refused("A day in the future cannot be recorded. Check the date.")


# Writing


@case_action(Action.ASSESS)
def start_assessment(
    case: CaseFile, *, by: User, reason: str, concern_on: date, sources_used: str = "", agencies_consulted: str = ""
) -> Assessment:
    """Starts a CRE assessment under the current toolkit. An agency has one draft on a file, which whoever of it sees it
    may go on with.

    Raises:
        Refused: there is no child, a draft is there already, or the day of the concern is to come.
    """
    _child_of(case)
    _days_in_order(concern_on)
    agency = agency_for(by, Action.ASSESS, case)
    if Assessment.objects.filter(case=case, agency=agency, state=Assessment.State.DRAFT).exists():
        raise Refused("An assessment is being written already. Go on with that one.")
    started: Assessment = Assessment.objects.create(
        case=case, toolkit=ToolkitVersion.objects.get(is_current=True), author=by,
        agency=agency, reason=reason, concern_on=concern_on,
        sources_used=_clean(sources_used), agencies_consulted=_clean(agencies_consulted),
    )  # fmt: skip
    return started


def _writing(assessment: Assessment, version: int, **changes: Any) -> Assessment:
    """Counts the draft's version up, so that of two people who save one part, one is told."""
    try:
        return save_version(assessment, version, only=Q(state=Assessment.State.DRAFT), **changes)
    except StaleRecord as stale:
        if stale.current.state == Assessment.State.DRAFT:  # type: ignore[attr-defined]  # an assessment
            raise
    raise Refused(SUBMITTED)


@case_action(Action.ASSESS)
def write_about(assessment: Assessment, *, by: User, version: int, **facts: Any) -> Assessment:
    """Saves what is written in words: sources, the child's voice, people and places, the analysis.

    Raises:
        StaleRecord: somebody saved the draft after `version` was read.
    """
    strangers = sorted(facts.keys() - set(WRITTEN))
    if strangers:
        raise TypeError(f"An assessment has nothing to write called {', '.join(strangers)}.")
    _days_in_order(facts.get("concern_on"), facts.get("voice_on"))
    cleaned = {name: _clean(value) if isinstance(value, str) else value for name, value in facts.items()}
    return _writing(assessment, version, **cleaned)


@case_action(Action.ASSESS)
def answer_section(
    assessment: Assessment, *, by: User, version: int, section: str, answers: Mapping[str, AnswerGiven],
    rest_none: bool = False, rest_same: bool = False,
) -> Assessment:  # fmt: skip
    """Saves the answers of one section; those not named stay as they are.

    Args:
        section: its code. answers: by the code of the item.
        rest_none: "considered, nothing else known": answers what is left of the section NONE in the name of `by`
            (ruling Q23). Critical items are never answered so: each is asked. Nor is what the file shows already.
        rest_same: "the rest is as it was": answers what is left of the section as the last submitted assessment did,
            with its evidence and "already on this file" as its source. Neither critical items nor what was present
            then: that always needs a fresh source.

    Raises:
        Refused: a positive answer without evidence or source; a critical item left over, or with `rest_same` one that
            was present last time or was not asked then; or both of the two.
        StaleRecord: as `write_about`.
    """
    content = Content(assessment)
    items = {one.code: one for one in content.items if one.section.code == section}
    left = _left(content, items, answers)
    if rest_none and rest_same:
        raise Refused("Say of the rest either that nothing else is known, or that it is as it was last time.")
    if rest_none or rest_same:
        _check_left(left)
    rest: Mapping[ToolkitItem, AnswerGiven] = {}
    if rest_same:
        rest = _as_last_time(assessment, by, left)
    elif rest_none:
        _check_nothing_known(assessment, by, left)
        rest = dict.fromkeys(left, AnswerGiven(answer=NONE))
    saved = _writing(assessment, version)
    given = [_answer_row(saved, items[code], one, by) for code, one in answers.items()]
    _save_answers(
        content, [*given, *(_answer_row(saved, item, one, by, by_section=True) for item, one in rest.items())], by
    )
    return saved


@case_action(Action.ASSESS)
def answer_screening(
    assessment: Assessment, *, by: User, version: int, answers: Mapping[str, AnswerGiven], worried_about: str
) -> Assessment:
    """Saves the screening of the front door: every critical item of the toolkit, and what worries us. The full
    assessment goes on from these answers (ruling Q23).

    Args:
        answers: by the code of the item; each critical item that was not answered before is among them.

    Raises:
        Refused: a critical item is left over, or as `answer_section`. StaleRecord: as `write_about`.
    """
    content = Content(assessment)
    items = {one.code: one for one in content.critical}
    _check_left(_left(content, items, answers))
    if not _clean(worried_about):
        raise Refused("Say what you are worried about.")
    saved = _writing(assessment, version, worried_about=_clean(worried_about))
    _save_answers(content, [_answer_row(saved, items[code], one, by) for code, one in answers.items()], by)
    return saved


def _left(content: Content, items: Mapping[str, ToolkitItem], answers: Mapping[str, AnswerGiven]) -> list[ToolkitItem]:
    """What of these items is not answered yet, once the answers given are found to be good."""
    if answers.keys() - items.keys() or not items:
        raise Refused("That item is not in this section. Open the section again.")
    for code, given in answers.items():
        _check_answer(items[code], given)
    return [one for code, one in items.items() if code not in answers and one.pk not in content.answers]


def _save_answers(content: Content, rows: list[Answer], by: User) -> None:
    _put(Answer, rows, ["assessment", "item"])
    content.answers.update({row.item_id: row for row in rows})
    _open_reports(content, by)


def _check_nothing_known(assessment: Assessment, by: User, left: Sequence[ToolkitItem]) -> None:
    """One act never answers no to what the file shows."""
    shown = facts_on_record(assessment, by, [one.code for one in left])
    if shown:
        raise Refused(f"The file shows something of these. Answer each by itself: {', '.join(sorted(shown))}.")


def _check_answer(item: ToolkitItem, given: AnswerGiven) -> None:
    if given.answer not in {one.name.lower() for one in Given}:
        raise Refused(f"{item.code} {item.label}: choose one of the answers.")
    if given.answer in POSITIVE and not _clean(given.evidence.text):
        raise Refused(f"{item.code} {item.label}: say what this rests on.")
    if given.answer in POSITIVE and given.evidence.source not in Answer.Source.values:
        raise Refused(f"{item.code} {item.label}: say who told you.")


def _check_left(left: Sequence[ToolkitItem]) -> None:
    critical = [item.code for item in left if item.weight == "critical"]
    if critical:
        raise Refused(f"Answer each critical item by itself: {', '.join(critical)}.")


def _as_last_time(assessment: Assessment, by: User, left: Sequence[ToolkitItem]) -> dict[ToolkitItem, AnswerGiven]:
    """What the last assessment said of the items that are left, to be said again."""
    before = last_answers(assessment, by, [item.code for item in left])
    unknown = [item.code for item in left if item.code not in before]
    if unknown:
        raise Refused(f"These were not asked last time. Answer each: {', '.join(unknown)}.")
    present = [code for code, one in before.items() if Given[one.answer.upper()].needs_a_fresh_source]
    if present:
        raise Refused(f"Present last time, so a fresh source is needed. Answer each: {', '.join(sorted(present))}.")
    return {item: _again(before[item.code]) for item in left}


def _again(one: Answer) -> AnswerGiven:
    made = one.assessment.submitted_at
    detail = f"CRE assessment of {long_date(made)}"
    evidence = Evidence(
        text=one.evidence, source=Answer.Source.RECORD, detail=detail, basis=one.basis, first_seen=one.first_seen,
        last_seen=one.last_seen, restricted=one.restricted,
    )  # fmt: skip
    return AnswerGiven(answer=one.answer, evidence=evidence, not_known_because=one.not_known_because)


def _answer_row(
    assessment: Assessment, item: ToolkitItem, given: AnswerGiven, by: User, *, by_section: bool = False
) -> Answer:
    evidence = given.evidence if given.answer in POSITIVE else Evidence()
    return Answer(
        case_id=assessment.case_id, assessment=assessment, item=item, answer=given.answer,
        evidence=_clean(evidence.text), source=evidence.source, source_detail=_clean(evidence.detail),
        basis=evidence.basis, first_seen=_clean(evidence.first_seen), last_seen=_clean(evidence.last_seen),
        restricted=evidence.restricted, by_section=by_section,
        not_known_because=_clean(given.not_known_because) if given.answer == NOT_KNOWN else "",
        author=by, agency_id=assessment.agency_id, answered_at=timezone.now(),
    )  # fmt: skip


def _put(model: Any, rows: list[Any], key: list[str]) -> None:
    """Writes rows, each over the one that stood in its place."""
    given = [field.name for field in model._meta.concrete_fields if field.name not in {"id", "case", *key}]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=given)


def _open_reports(content: Content, by: User) -> None:
    """What must be reported is opened with the answer that says so, in the same transaction (BR-15)."""
    about = content.assessment
    open_for_answers(
        CaseFile(pk=about.case_id), by=by, about=f"assessment:{about.pk}", types=considered(content),
        answers=answered(content), discovered_at=timezone.now(),
    )  # fmt: skip


@case_action(Action.ASSESS)
def consider_types(
    assessment: Assessment, *, by: User, version: int, found: Mapping[str, tuple[str, str]], others_none: bool
) -> Assessment:
    """Saves which types of exploitation are recorded.

    Args:
        found: type -> (status, evidence), names in lower case.
        others_none: the other types were considered and not found.
    """
    if not others_none:
        raise Refused("Consider the other types too, and tick that none of them was found.")
    for kind, (status, evidence) in found.items():
        if status != TypeStatus.NONE.name.lower() and not _clean(evidence):
            raise Refused(f"{ExploitationType[kind.upper()].value}: say what this rests on.")
    saved = _writing(assessment, version)
    rows = [
        ConsideredType(
            case_id=saved.case_id, assessment=saved, type=one.name.lower(), author=by, agency_id=saved.agency_id,
            status=found.get(one.name.lower(), ("none", ""))[0],
            evidence=_clean(found.get(one.name.lower(), ("none", ""))[1]),
        )
        for one in ExploitationType
    ]  # fmt: skip
    _put(ConsideredType, rows, ["assessment", "type"])
    _open_reports(Content(saved), by)
    return saved


@case_action(Action.ASSESS)
def weigh_protective(
    assessment: Assessment, *, by: User, version: int, factors: Mapping[str, tuple[str, str]], none_because: str = ""
) -> Assessment:
    """Saves protective factors: code -> (strength, evidence); or why there is none."""
    items = {one.code: one for one in Content(assessment).protective_items}
    if not factors and not _clean(none_because):
        raise Refused("Record at least one protective factor, or say why there is none.")
    saved = _writing(assessment, version, no_protective_because="" if factors else _clean(none_because))
    rows = [
        ProtectiveFactor(
            case_id=saved.case_id, assessment=saved, item=items[code], strength=strength, evidence=_clean(evidence),
            author=by, agency_id=saved.agency_id,
        )
        for code, (strength, evidence) in factors.items()
    ]  # fmt: skip
    _put(ProtectiveFactor, rows, ["assessment", "item"])
    return saved


@case_action(Action.ASSESS)
def record_carer_views(
    assessment: Assessment, *, by: User, version: int, views: Mapping[int, tuple[str, str]]
) -> Assessment:
    """Saves what each parent or carer thinks: person -> (view, why not asked). One of the two is needed."""
    people = {one.pk: one for one in Person.objects.filter(case=assessment.case_id)}
    for person, (view, not_asked) in views.items():
        if person not in people:
            raise Refused("That person is not on this file.")
        if not _clean(view) and not not_asked:
            raise Refused(f"Record the view of {people[person].name}, or why they were not asked.")
    saved = _writing(assessment, version)
    rows = [
        CarerView(
            case_id=saved.case_id, assessment=saved, person=people[person], view=_clean(view),
            not_asked="" if _clean(view) else not_asked, author=by, agency_id=saved.agency_id,
        )
        for person, (view, not_asked) in views.items()
    ]  # fmt: skip
    _put(CarerView, rows, ["assessment", "person"])
    return saved


@case_action(Action.ASSESS)
def withdraw_assessment(assessment: Assessment, *, by: User, version: int) -> Assessment:
    """Ends a draft that will not be finished. What was written is kept."""
    return _writing(assessment, version, state=Assessment.State.WITHDRAWN)


@case_action(Action.ASSESS)
def submit_assessment(
    assessment: Assessment, *, by: User, version: int, proposed: str, reason: str, difference_reason: str = ""
) -> TierProposal:
    """Submits a complete assessment with a proposal of a tier. From now it is as it is.

    The suggestion is kept beside the proposal. A proposal of the same agency that waits already is superseded.

    Args:
        proposed: "low", "medium", "high" or "none" (no current concern).

    Raises:
        Refused: something is missing (the sentence says what), `by` typed something that is not saved, or the proposal
            differs from the suggestion without a reason. StaleRecord: as `write_about`.
    """
    content, child = Content(assessment), _child_of(assessment.case)
    gaps = missing(content)
    if gaps:
        raise Refused(f"The assessment is not complete. {gaps[0].sentence}")
    if unsaved_parts(assessment, by):
        raise Refused("You typed something in this assessment that is not saved. Open that part and save it first.")
    if not _clean(reason):
        raise Refused("Say why you propose this tier.")
    suggestion = suggest(answered(content), thresholds_of(content.assessment.toolkit))
    suggested = suggestion.tier.name.lower() if suggestion.tier else ""
    agrees = proposed == suggested or (proposed == NO_CONCERN and not suggested)
    if not agrees and not _clean(difference_reason):
        raise Refused(f"The answers suggest {suggestion.label}. Say why you propose something else.")
    now = timezone.now()
    submitted = _writing(
        assessment, version, state=Assessment.State.SUBMITTED, submitted_at=now, content_hash=content_hash(content),
        date_of_birth_then=child.date_of_birth, send_then=child.send_status,
    )  # fmt: skip
    _supersede(submitted, by)
    proposal: TierProposal = TierProposal.objects.create(
        case_id=submitted.case_id, assessment=submitted, suggested=suggested, suggestion=suggestion.label,
        reasons=list(suggestion.reasons), proposed=proposed, reason=_clean(reason),
        difference_reason="" if agrees else _clean(difference_reason), author=by, agency_id=submitted.agency_id,
        submitted_at=now,
    )  # fmt: skip
    rule = "TG-MANAGER-HIGH" if proposed == Tier.HIGH.name.lower() else "TG-MANAGER"
    start_clock(assessment.case, by=by, rule_id=rule, started_at=now, about=f"proposal:{proposal.pk}")
    return proposal


def _supersede(later: Assessment, by: User) -> None:
    waiting = TierProposal.objects.filter(
        case=later.case_id, agency=later.agency_id, state=TierProposal.State.WAITING
    )  # fmt: skip
    for earlier in waiting:
        waiting.filter(pk=earlier.pk).update(state=TierProposal.State.SUPERSEDED)
        for rule in ("TG-MANAGER", "TG-MANAGER-HIGH"):
            reason = "A later assessment was submitted"
            drop_clock(later.case, by=by, rule_id=rule, about=f"proposal:{earlier.pk}", reason=reason)


# The assessments that support it


@case_action(Action.ASSESS)
def start_supporting(case: CaseFile, *, by: User, kind: str, started_at: datetime) -> SupportingAssessment:
    """Starts an Early Help Assessment, a Single Assessment or another.

    Args:
        started_at: for a Single Assessment the point of referral or, for an allocated child, the manager's decision
            to assess (ruling Q13): 45 working days run from it (TS-03), and the manager's checkpoint (TS-04).
    """
    if started_at > timezone.now():
        raise Refused("It cannot begin in the future. Check the date.")
    running = SupportingAssessment.objects.filter(case=case, kind=kind, state=State.IN_PROGRESS)
    if running.exists():
        raise Refused("One of that kind is in progress already.")
    started: SupportingAssessment = SupportingAssessment.objects.create(
        case=case, kind=kind, started_at=started_at, author=by, agency=agency_for(by, Action.ASSESS, case)
    )
    if kind == SINGLE:
        for rule in ("TS-03", "TS-04"):
            start_clock(case, by=by, rule_id=rule, started_at=started_at, about=_about(started))
    return started


def _about(supporting: SupportingAssessment) -> str:
    return f"supporting:{supporting.pk}"


def _supporting(
    one: SupportingAssessment, version: int, allowed: Sequence[str], **changes: Any
) -> SupportingAssessment:
    current: SupportingAssessment = SupportingAssessment.objects.get(pk=one.pk)
    if current.state not in allowed:
        raise Refused(f"It is {current.get_state_display().lower()} already.")
    if current.version != version:
        raise StaleRecord(current)
    return save_version(one, version, **changes)


@case_action(Action.ASSESS)
def complete_supporting(
    supporting: SupportingAssessment, *, by: User, version: int, completed_on: date, summary: str
) -> SupportingAssessment:
    """It is complete. An Early Help Assessment counts from now; a Single Assessment once a manager authorises it."""
    _days_in_order(completed_on)
    if completed_on < timezone.localdate(supporting.started_at):
        raise Refused("It cannot be complete before it began.")
    if not _clean(summary):
        raise Refused("Sum up what it found.")
    saved = _supporting(
        supporting, version, [State.IN_PROGRESS], state=State.COMPLETED, completed_on=completed_on,
        summary=_clean(summary),
    )  # fmt: skip
    if saved.kind != SINGLE:
        _ask_cpm_again(saved, by)
    return saved


@case_action(Action.AUTHORISE_ASSESSMENT)
def authorise_supporting(
    supporting: SupportingAssessment, *, by: User, version: int, authorised_on: date | None = None
) -> SupportingAssessment:
    """A manager, never the author, authorises a complete assessment. Stops the limit of a Single Assessment."""
    if supporting.author_id == by.pk:
        raise Refused("You wrote it; another manager must authorise it.")
    day = authorised_on or timezone.localdate()
    _days_in_order(day)
    if supporting.completed_on and day < supporting.completed_on:
        raise Refused("It cannot be authorised before it was complete.")
    saved = _supporting(
        supporting, version, [State.COMPLETED], state=State.AUTHORISED, authorised_on=day, authorised_by=by
    )
    for rule in ("TS-03", "TS-04"):
        stop_clock(saved.case, by=by, rule_id=rule, about=_about(saved))
    _ask_cpm_again(saved, by)
    return saved


@case_action(Action.ASSESS)
def end_supporting(
    supporting: SupportingAssessment, *, by: User, version: int, declined: bool, reason: str
) -> SupportingAssessment:
    """It will not be completed: the family declined it, or its threshold is not met. Says why."""
    if not _clean(reason):
        raise Refused("Say why it will not be completed.")
    state = State.DECLINED if declined else State.NOT_MET
    saved = _supporting(supporting, version, [State.IN_PROGRESS], state=state, end_reason=_clean(reason))
    for rule in ("TS-03", "TS-04"):
        drop_clock(saved.case, by=by, rule_id=rule, about=_about(saved), reason=saved.get_state_display())
    return saved


def _ask_cpm_again(supporting: SupportingAssessment, by: User) -> None:
    """What a Child Protection Manager asked for may be there now: their clock starts anew."""
    matter = CPMMatter.objects.filter(case=supporting.case_id, closed_at__isnull=True).first()
    if matter:
        start_clock(supporting.case, by=by, rule_id="TG-CPM", started_at=timezone.now(), about=f"matter:{matter.pk}")
