"""A request to see the record, from the day it came to the day it was answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from access.actions import case_action, part_of_action
from access.models import CaseAccess, CaseFile, DisclosureDecision
from access.permissions import may
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import User
from children.models import Person
from deadlines.rules import rule_in_force
from deadlines.services import drop_clock, start_clock, stop_clock
from offer.subject_access import Asker, Ground, grounds_for, release_objections
from offer.timescales import LONDON
from plans.copies.tasks import publish
from plans.models import Copy
from subject_access.answers import Draft
from subject_access.models import PassageDecision, SubjectAccessRequest
from subject_access.sheets import record_sheet

MONTH, THREE_MONTHS, SECOND_READER = "TS-32", "TS-32-COMPLEX", "TG-SECOND-READER"
State = SubjectAccessRequest.State
NOT_NOW = "This request is {state} now. Open the page again to see what happened."
NOT_PREPARED = "This answer is not waiting for a second reader."
CHANGED = "“{title}” changed, or is gone, since this page was opened. Look at it again."


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided on a passage: is it given, without which words (from, to, in characters), on which ground.

    `source` and `digest` are those of the passage as they read it.
    """

    source: str
    digest: str
    given: bool
    kept_back: Sequence[tuple[int, int]] = ()
    ground: Ground | None = None


def _about(asked: SubjectAccessRequest) -> str:
    return f"access_request:{asked.pk}"


def _now(asked: SubjectAccessRequest, *states: str) -> SubjectAccessRequest:
    """The request as it is now, if it is in one of the states."""
    found: SubjectAccessRequest = SubjectAccessRequest.objects.select_related("case", "person").get(pk=asked.pk)
    if found.state not in states:
        raise Refused(NOT_NOW.format(state=found.get_state_display().lower()))
    return found


@case_action(Action.PREPARE_SUBJECT_ACCESS)
def record_request(
    case: CaseFile, *, by: User, asker: str, asker_name: str, received_on: date, how_known: str, wanted: str = "",
    person: Person | None = None,
) -> SubjectAccessRequest:  # fmt: skip
    """Writes down that somebody asked to see the record. One calendar month runs from the day it came (TS-32).

    Args:
        asker: a name of `offer.subject_access.Asker` in lower case. person: the parent who asks; nobody otherwise.
        received_on: the London day on which the request came, however late it is written down. how_known: how we know
            that they are who they say, and may ask.

    Raises:
        Refused: something is missing or unknown, the day is in the future, or the person is of another file.
    """
    if asker.upper() not in Asker.__members__:
        raise Refused("Choose who asks.")
    if not asker_name.strip() or not how_known.strip():
        raise Refused("Say who asks, and how we know that they are who they say.")
    if received_on > timezone.localdate():
        raise Refused("The day it came must not be in the future.")
    if (asker.upper() == Asker.PARENT.name) != (person is not None):
        raise Refused("Choose the parent from the people of this file. Nobody is chosen for any other asker.")
    if person is not None and person.case_id != case.pk:
        raise Refused("Choose somebody of this file.")
    asked: SubjectAccessRequest = SubjectAccessRequest.objects.create(
        case=case, asker=asker.lower(), asker_name=asker_name.strip(), person=person, received_on=received_on,
        how_known=how_known.strip(), wanted=wanted.strip(), recorded_by=by,
    )  # fmt: skip
    start_clock(case, by=by, rule_id=MONTH, started_at=_begin(received_on), about=_about(asked))
    return asked


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


@case_action(Action.PREPARE_SUBJECT_ACCESS)
def take_longer(asked: SubjectAccessRequest, *, by: User, reason: str) -> SubjectAccessRequest:
    """A complex request is answered in three months instead of one (TS-32-COMPLEX). They were told, with the reason,
    within the first month.

    Raises:
        Refused: no reason, the month is over, or it is three months already.
    """
    current = _now(asked, State.PREPARING)
    if not reason.strip():
        raise Refused("Say why it takes longer, as they were told.")
    if current.longer_because:
        raise Refused("It has three months already. There is no more time in the law.")
    if timezone.localdate() > rule_in_force(MONTH).due(_begin(current.received_on)).limit:
        raise Refused("They must be told within the first month, and that is over. Answer the request now.")
    drop_clock(current.case, by=by, rule_id=MONTH, about=_about(current), reason="It is complex, and they were told")
    start_clock(
        current.case, by=by, rule_id=THREE_MONTHS, started_at=_begin(current.received_on), about=_about(current)
    )
    return save_version(current, current.version, longer_because=reason.strip())


@case_action(Action.PREPARE_SUBJECT_ACCESS)
def decide_passages(
    asked: SubjectAccessRequest, *, by: User, chapter: str, decided: Collection[Decided]
) -> list[PassageDecision]:
    """Decides on passages of one chapter. A later decision on the same passage takes the place of the earlier.

    Raises:
        Refused: the request is not being prepared, a passage reads otherwise now, or words are kept back on no ground
            that holds for whoever asks.
    """
    current = _now(asked, State.PREPARING)
    passages = {line.passage.source: line.passage for line in Draft(current, by, chapter).lines}
    allowed = grounds_for(Asker[current.asker.upper()])
    rows = []
    for one in decided:
        passage = passages.get(one.source)
        if passage is None or passage.digest != one.digest:
            raise Refused(CHANGED.format(title=passage.title if passage else "A passage"))
        if any(not 0 <= start < end <= len(passage.text) for start, end in one.kept_back):
            raise Refused(CHANGED.format(title=passage.title))
        keeps_back = bool(one.kept_back) or not one.given
        if keeps_back and one.ground not in allowed:
            raise Refused(f"“{passage.title}”: choose why words are kept back.")
        rows.append(PassageDecision(
            case=current.case, request=current, source=one.source, title=passage.title[:400], digest=one.digest,
            given=one.given,
            kept_back=[list(span) for span in one.kept_back] if one.given else [],
            ground=one.ground.name.lower() if one.ground and keeps_back else "", decided_by=by,
            decided_at=timezone.now(),
        ))  # fmt: skip
    changes = ("title", "digest", "given", "kept_back", "ground", "decided_by", "decided_at")
    kept: list[PassageDecision] = PassageDecision.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["request", "source"], update_fields=changes
    )
    return kept


@case_action(Action.PREPARE_SUBJECT_ACCESS)
def finish_preparing(asked: SubjectAccessRequest, *, by: User) -> SubjectAccessRequest:
    """The answer is ready for a second person to read.

    Raises:
        Refused: a rule of `offer.subject_access` objects, apart from that of the second reader.
    """
    current = _now(asked, State.PREPARING)
    _check(current, by, giver=None)
    now = timezone.now()
    start_clock(current.case, by=by, rule_id=SECOND_READER, started_at=now, about=_about(current))
    return save_version(current, current.version, state=State.PREPARED, prepared_by=by, prepared_at=now, question="")


def _check(asked: SubjectAccessRequest, by: User, giver: User | None) -> Draft:
    draft = Draft(asked, by)
    objections = release_objections(draft.facts(giver))
    if objections:
        raise Refused(objections[0])
    return draft


@case_action(Action.RELEASE_SUBJECT_ACCESS)
def send_answer_back(asked: SubjectAccessRequest, *, by: User, question: str) -> SubjectAccessRequest:
    """The second reader does not give it yet, and says what is to be changed.

    Raises:
        Refused: it is not waiting for a reader, or nothing is said.
    """
    current = _now(asked, State.PREPARED)
    if not question.strip():
        raise Refused("Say what is to be changed.")
    stop_clock(current.case, by=by, rule_id=SECOND_READER, about=_about(current))
    return save_version(
        current, current.version, state=State.PREPARING, prepared_by=None, prepared_at=None, question=question.strip()
    )


@case_action(Action.RELEASE_SUBJECT_ACCESS)
def give_record(asked: SubjectAccessRequest, *, by: User, answer: str) -> SubjectAccessRequest:
    """The second reader gives it: a copy is made of these very words, and the clocks stop.

    Args:
        answer: how they get it, and who is beside them when they read it.

    Raises:
        Refused: it is not waiting, nothing is said of how they get it, or a rule of `offer.subject_access` objects
            today, whatever it said when it was prepared.
    """
    current = _now(asked, State.PREPARED)
    if not answer.strip():
        raise Refused("Say how they get it, and who is beside them when they read it.")
    if not may(by, Action.VIEW_LOCKED_LOCATION, current.case):
        raise Refused("You do not see the whole of this file. Ask a manager who does to give it.")
    draft = _check(current, by, giver=by)
    copy = _make_copy(current.case, by=by, draft=draft, answer=answer.strip())
    return _end(current, by=by, state=State.GIVEN, answer=answer, copy=copy)


@part_of_action
def _make_copy(case: CaseFile, *, by: User, draft: Draft, answer: str) -> Copy:
    decision = DisclosureDecision.objects.create(
        case=case, labels=draft.labels, recipient=draft.asked.asker_name,
        purpose="Answer to a request to see the record, UK GDPR article 15",
        lawful_basis=CaseAccess.LawfulBasis.LEGAL_OBLIGATION, necessity=answer,
        agreement=DisclosureDecision.Agreement.NOT_ASKED, method="Copy of the record", decided_by=by,
    )  # fmt: skip
    copies = Copy.objects.filter(case=case)
    copy: Copy = Copy.objects.create(
        case=case, kind=Copy.Kind.RECORD, number=(copies.aggregate(last=Max("number"))["last"] or 0) + 1,
        recipient_name=draft.asked.asker_name, plan_version=0, author=by, disclosure=decision,
        content=record_sheet(draft).as_data(),
    )  # fmt: skip
    transaction.on_commit(lambda: publish(copy.pk))
    return copy


@case_action(Action.RELEASE_SUBJECT_ACCESS)
def end_request(asked: SubjectAccessRequest, *, by: User, outcome: str, answer: str) -> SubjectAccessRequest:
    """A request is refused, or whoever asked took it back.

    Args:
        outcome: "refused" or "withdrawn". answer: what they were told, and how they can complain; or how they took it
            back.

    Raises:
        Refused: it has ended, or nothing is said.
    """
    current = _now(asked, *SubjectAccessRequest.OPEN)
    if outcome not in (State.REFUSED, State.WITHDRAWN):
        raise Refused("Choose whether it is refused or was taken back.")
    if not answer.strip():
        raise Refused("Say what they were told.")
    return _end(current, by=by, state=State(outcome), answer=answer)


@part_of_action
def _end(
    asked: SubjectAccessRequest, *, by: User, state: State, answer: str, copy: Copy | None = None
) -> SubjectAccessRequest:
    for rule in (MONTH, THREE_MONTHS, SECOND_READER):
        if state == State.WITHDRAWN:
            drop_clock(asked.case, by=by, rule_id=rule, about=_about(asked), reason="The request was taken back")
        else:
            stop_clock(asked.case, by=by, rule_id=rule, about=_about(asked))
    return save_version(
        asked, asked.version, state=state, decided_by=by, decided_at=timezone.now(), answer=answer.strip(),
        given_as=copy,
    )  # fmt: skip
