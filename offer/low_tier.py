"""When Low may take effect.

The service offer: "No child under 13 years of age or with SEND issues can be considered low risk until thorough
assessments are completed and agreed by a Child Protection Manager." (CPM)

A child is protected by this rule if, on the day the assessment was submitted or on the day of the decision, the child
is under 13 (or the date of birth is not known), or SEND is recorded or suspected (or nobody has recorded whether there
is SEND: not known is never read as no). What was recorded when the assessment was submitted counts as well as what is
recorded now: the more protective answer wins. Once a CPM matter is open, only a CPM's answer or a decision of Medium or
High closes it: no birthday, new version or removal of SEND does.

"Thorough assessments completed" means the CRE assessment, submitted with every item answered, and a Single Assessment
authorised or an Early Help Assessment (EHA) completed. "Agreed" means that the CPM's agreement names each of them.
Where an EHA is declined and the threshold of a Single Assessment is not met, the CPM may agree on other named
assessments, and says why they suffice.

The same questions are asked before "no current concern" and before closing a case, once a CRE assessment has been
submitted. While Low waits for the CPM the child is at least Medium.

Objections, not booleans: each is a code and the sentence the screen shows. No objection means that Low may take effect.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from offer.ages import age_on
from offer.levels import Tier
from offer.sources import Status, cite

LOW_FROM_AGE = 13
"""The age from which age alone no longer protects. Source: the service offer."""


class SendStatus(Enum):
    """Whether the child has special educational needs or a disability (SEND).

    RECORDED: an EHC plan, SEN support, a disability or a learning disability is recorded. SUSPECTED: a professional
    has recorded an undiagnosed need, or an assessment is awaited; the offer says "SEND issues", so it counts
    (proposed reading). NONE: asked, and there is none. NOT_KNOWN: nobody has recorded an answer; it protects, as an
    unknown date of birth does, until somebody does.
    """

    RECORDED = "Recorded"
    SUSPECTED = "Suspected"
    NONE = "None"
    NOT_KNOWN = "Not known"


class Protection(Enum):
    """What of a child asks for a CPM's agreement before Low."""

    AGE = "Under 13, or the date of birth is not known"
    SEND = "SEND is recorded or suspected, or it is not known whether there is any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is recorded of a child that decides whether they are protected. date_of_birth: None if not known."""

    date_of_birth: date | None
    send: SendStatus


class AssessmentKind(Enum):
    """An assessment that a CPM's agreement may name."""

    CRE = "CRE risk assessment"
    SINGLE_ASSESSMENT = "Single Assessment"
    EHA = "Early Help Assessment"
    OTHER = "Other assessment"


class CPMOutcome(Enum):
    """A CPM's answer to a proposal of Low."""

    AGREED = "Agreed"
    NOT_AGREED = "Not agreed"
    MORE_ASSESSMENT_NEEDED = "More assessment needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CPMAgreement:
    """One answer by one CPM on one version of one CRE assessment.

    assessment: id of the CRE assessment version. on: the day of the answer (Europe/London).
    assessments_named: the assessments agreed. sufficient_because: why other named assessments suffice, where an EHA
    was declined and a Single Assessment not met; blank otherwise.
    """

    assessment: Hashable
    cpm: Hashable
    outcome: CPMOutcome
    on: date
    assessments_named: frozenset[AssessmentKind] = frozenset()
    sufficient_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LowFacts:
    """What is known when Low (or no current concern, or closing) is asked about. All days are Europe/London.

    date_of_birth: None if not known. date_of_birth_when_submitted: as recorded on the day of submission.
    assessment: id of the CRE assessment version. submitted_on: None if it has not been submitted.
    decided_on: day of the manager's decision. effective_on: day on which Low would take effect, which is the day the
        question is asked; None means the day of the decision. A CPM's answer counts from its own day, and only for a
        decision made by then: every later Low decision needs its own agreement.
    send_when_submitted, send_when_decided: SEND on the day of submission, and now.
    every_item_answered: no item of the CRE assessment is blank (NOT_KNOWN is an answer).
    single_assessment_authorised_on, eha_completed_on: None if that has not happened.
    eha_declined, single_assessment_not_met: what lets the CPM agree on other named assessments.
    agreements: every CPM answer on this child, oldest first.
    cpm_matter_open: an earlier Low proposal still waits for a CPM.
    author, manager: who wrote the assessment and who decides; ids of any kind that compare.
    critical_not_known: ★ items answered NOT_KNOWN with no reason recorded.
    critical_current: ★ items answered CURRENT. lowered_on_protective_factors_only: nothing but protective factors
        speaks for the lower tier. override_reason: the manager's reason for overriding that; blank if none.
    """

    date_of_birth: date | None
    date_of_birth_when_submitted: date | None
    assessment: Hashable
    submitted_on: date | None
    decided_on: date
    send_when_submitted: SendStatus
    send_when_decided: SendStatus
    every_item_answered: bool
    author: Hashable
    manager: Hashable
    effective_on: date | None = None
    single_assessment_authorised_on: date | None = None
    eha_completed_on: date | None = None
    eha_declined: bool = False
    single_assessment_not_met: bool = False
    agreements: tuple[CPMAgreement, ...] = ()
    cpm_matter_open: bool = False
    critical_not_known: tuple[str, ...] = ()
    critical_current: tuple[str, ...] = ()
    lowered_on_protective_factors_only: bool = False
    override_reason: str = ""

    @property
    def asked_on(self) -> date:
        """The day the question is asked."""
        return self.effective_on or self.decided_on


class ObjectionCode(Enum):
    """Why Low may not take effect. Each code has one rule behind it (`OBJECTION_SOURCES`)."""

    NOT_SUBMITTED = "not_submitted"
    ITEMS_BLANK = "items_blank"
    AUTHOR_DECIDES = "author_decides"
    CRITICAL_CURRENT = "critical_current"
    ASSESSMENTS_INCOMPLETE = "assessments_incomplete"
    CRITICAL_NOT_KNOWN = "critical_not_known"
    CPM_NOT_YET_ANSWERED = "cpm_not_yet_answered"
    CPM_ANSWERED_ANOTHER_VERSION = "cpm_answered_another_version"
    CPM_ANSWERED_EARLIER_DECISION = "cpm_answered_earlier_decision"
    CPM_NOT_AGREED = "cpm_not_agreed"
    CPM_MORE_ASSESSMENT = "cpm_more_assessment"
    CPM_IS_AUTHOR = "cpm_is_author"
    CPM_IS_MANAGER = "cpm_is_manager"
    CPM_BEFORE_ASSESSMENTS = "cpm_before_assessments"
    CPM_NAMES_INCOMPLETE = "cpm_names_incomplete"
    SECOND_DECISION_NEEDED = "second_decision_needed"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why not: a code, and the sentence the screen shows."""

    code: ObjectionCode
    sentence: str


OBJECTION_SOURCES: dict[ObjectionCode, tuple[str, Status]] = {
    ObjectionCode.NOT_SUBMITTED: (cite("OFFER", "thorough assessments completed"), Status.OFFER),
    ObjectionCode.ITEMS_BLANK: (cite("PROJECT", "meaning of thorough"), Status.PROPOSED),
    ObjectionCode.AUTHOR_DECIDES: (cite("PROJECT", "the manager decides, never the author"), Status.PROPOSED),
    ObjectionCode.CRITICAL_CURRENT: (cite("PROJECT", "protective factors alone"), Status.PROPOSED),
    ObjectionCode.ASSESSMENTS_INCOMPLETE: (cite("PROJECT", "meaning of thorough"), Status.PROPOSED),
    ObjectionCode.CRITICAL_NOT_KNOWN: (cite("PROJECT", "not known is never read as none"), Status.PROPOSED),
    ObjectionCode.CPM_NOT_YET_ANSWERED: (cite("OFFER", "agreed by a Child Protection Manager"), Status.OFFER),
    ObjectionCode.CPM_ANSWERED_ANOTHER_VERSION: (cite("PROJECT", "one agreement, one version"), Status.PROPOSED),
    ObjectionCode.CPM_ANSWERED_EARLIER_DECISION: (cite("PROJECT", "one agreement, one decision"), Status.PROPOSED),
    ObjectionCode.CPM_NOT_AGREED: (cite("OFFER", "agreed by a Child Protection Manager"), Status.OFFER),
    ObjectionCode.CPM_MORE_ASSESSMENT: (cite("OFFER", "agreed by a Child Protection Manager"), Status.OFFER),
    ObjectionCode.CPM_IS_AUTHOR: (cite("PROJECT", "three different people"), Status.PROPOSED),
    ObjectionCode.CPM_IS_MANAGER: (cite("PROJECT", "three different people"), Status.PROPOSED),
    ObjectionCode.CPM_BEFORE_ASSESSMENTS: (cite("OFFER", "until completed and agreed"), Status.OFFER),
    ObjectionCode.CPM_NAMES_INCOMPLETE: (cite("OFFER", "assessments completed and agreed"), Status.OFFER),
    ObjectionCode.SECOND_DECISION_NEEDED: (cite("PROJECT", "downward from High"), Status.PROPOSED),
}


def low_objections(facts: LowFacts) -> tuple[Objection, ...]:
    """Every reason why Low may not take effect on the day asked; empty if it may.

    For every child: the assessment is submitted with every item answered, the author does not decide, and a current
    ★ is not set aside on protective factors alone. For a protected child also: the CPM's latest answer on this very
    version is an agreement that holds. Source: the service offer; details proposed (`OBJECTION_SOURCES`).
    """
    objections = [*_assessment_objections(facts), *_decision_objections(facts)]
    if protection_grounds(facts):
        objections += _cpm_objections(facts)
    return tuple(objections)


def agreement_objections(facts: LowFacts, agreement: CPMAgreement) -> tuple[Objection, ...]:
    """Every reason why this answer may not be recorded as AGREED, asked at the moment the CPM gives it.

    Empty if it may. `agreement` need not be among `facts.agreements`. An answer other than AGREED is never refused.
    """
    if agreement.outcome is not CPMOutcome.AGREED:
        return ()
    return (*_assessment_objections(facts), *_holds_objections(facts, agreement))


def protection_grounds(facts: LowFacts) -> tuple[str, ...]:
    """Why this child needs a CPM's agreement before Low, in sentences; empty if the child does not."""
    grounds = (
        _age_ground(facts),
        _send_ground(facts),
        "A proposal of Low already waits for a Child Protection Manager." if facts.cpm_matter_open else "",
    )
    return tuple(ground for ground in grounds if ground)


def new_protections(before: Recorded, after: Recorded, on: date) -> frozenset[Protection]:
    """What protects a child once a record is corrected and did not before: nobody agreed to Low knowing it.

    A child who is Low is then never silently left there. on: the day of the correction (Europe/London). Source: the
    service offer and BR-01 for SEND; a corrected date of birth likewise (local).
    """
    return _protections(after, on) - _protections(before, on)


def _protections(recorded: Recorded, on: date) -> frozenset[Protection]:
    found = set()
    if recorded.date_of_birth is None or _is_too_young(recorded.date_of_birth, on):
        found.add(Protection.AGE)
    if recorded.send is not SendStatus.NONE:
        found.add(Protection.SEND)
    return frozenset(found)


def _is_too_young(born: date, on: date) -> bool:
    return on < born or age_on(born, on) < LOW_FROM_AGE


def lowering_objections(
    current: Tier,
    proposed: Tier | None,
    *,
    second_decider_agrees: bool = False,
    critical_current: tuple[str, ...] = (),
    protective_factors_only: bool = False,
    override_reason: str = "",
) -> tuple[Objection, ...]:
    """Every reason why a tier may not be lowered; empty if it may, or if it is not being lowered.

    second_decider_agrees: the chair of the next meeting or a CPM agrees, as lowering from High needs besides the
    manager. Source: proposed. The guard on Low (`low_objections`) comes on top.
    """
    if proposed is not None and proposed >= current:
        return ()
    objections: list[Objection] = []
    if protective_factors_only:
        objections += _protective_objections(critical_current, override_reason)
    if current is Tier.HIGH and not second_decider_agrees:
        objections.append(
            Objection(
                ObjectionCode.SECOND_DECISION_NEEDED,
                "Lowering from High needs the manager and the chair of the next meeting or a Child Protection Manager.",
            )
        )
    return tuple(objections)


def floor_while_waiting(current: Tier | None) -> Tier:
    """The effective tier while Low waits for the CPM: the higher of the current effective tier and Medium.

    Also what a child who is Low becomes when SEND is recorded. Provisional: a floor for oversight, the review interval
    and the lists; it starts no threshold, child in need or partner clock. Source: ruling, local.
    """
    return Tier.MEDIUM if current is None else max(current, Tier.MEDIUM)


def effective_tier(decided: Tier | None, current: Tier | None, *, waiting_for_cpm: bool) -> Tier | None:
    """The tier in effect after a manager's decision.

    decided: what the manager decided; None is "no current concern". current: the tier in effect until now, None if
    there is none. waiting_for_cpm: the decision needs a CPM's agreement that is not there yet. Medium and High never
    wait. Source: the service offer, and the ruling that the floor never lowers.
    """
    if waiting_for_cpm and decided in {None, Tier.LOW}:
        return floor_while_waiting(current)
    return decided


def _age_ground(facts: LowFacts) -> str:
    if facts.date_of_birth is None:
        return "The date of birth is not known, so the child is treated as under 13."
    born = facts.date_of_birth
    days = [day for day in (facts.submitted_on, facts.decided_on, facts.asked_on) if day is not None]
    if any(_is_too_young(born, day) for day in days):
        return "The child was under 13 when the assessment was submitted or the decision made."
    return _age_ground_then(facts)


def _age_ground_then(facts: LowFacts) -> str:
    """A date of birth that was corrected after the assessment does not take its protection away."""
    if facts.submitted_on is None:
        return ""
    born = facts.date_of_birth_when_submitted
    if born is None:
        return "The date of birth was not known when the assessment was submitted."
    if _is_too_young(born, facts.submitted_on):
        return "The child was recorded as under 13 when the assessment was submitted."
    return ""


def _send_ground(facts: LowFacts) -> str:
    known = {facts.send_when_submitted, facts.send_when_decided}
    if SendStatus.RECORDED in known:
        return "Special educational needs or a disability are recorded."
    if SendStatus.SUSPECTED in known:
        return "Special educational needs or a disability are suspected."
    if SendStatus.NOT_KNOWN in known:
        return "It is not recorded whether the child has special educational needs or a disability."
    return ""


def _assessment_objections(facts: LowFacts) -> Iterator[Objection]:
    if facts.submitted_on is None:
        yield Objection(ObjectionCode.NOT_SUBMITTED, "The CRE assessment has not been submitted.")
    if not facts.every_item_answered:
        yield Objection(ObjectionCode.ITEMS_BLANK, "Some items of the CRE assessment are blank; answer every item.")


def _decision_objections(facts: LowFacts) -> Iterator[Objection]:
    if facts.manager == facts.author:
        yield Objection(
            ObjectionCode.AUTHOR_DECIDES, "The author of the assessment cannot decide the tier; another manager must."
        )
    if facts.lowered_on_protective_factors_only:
        yield from _protective_objections(facts.critical_current, facts.override_reason)


def _protective_objections(critical_current: tuple[str, ...], override_reason: str) -> Iterator[Objection]:
    if critical_current and not override_reason.strip():
        yield Objection(
            ObjectionCode.CRITICAL_CURRENT,
            f"A critical indicator is current ({', '.join(critical_current)}): protective factors alone cannot lower "
            "the tier, unless the manager gives a reason.",
        )


def _cpm_objections(facts: LowFacts) -> Iterator[Objection]:
    answer = _latest_answer(facts)
    if answer is None:
        yield from _no_answer(facts)
        yield from _incomplete(facts)
        yield from _critical_not_known(facts)
    elif answer.outcome is CPMOutcome.AGREED:
        yield from _holds_objections(facts, answer)
    else:
        yield _refused(answer)


def _latest_answer(facts: LowFacts) -> CPMAgreement | None:
    """The last answer to this decision on this version, by the day asked. Of two on one day, the one recorded later."""
    answers = [
        answer
        for answer in facts.agreements
        if answer.assessment == facts.assessment and facts.decided_on <= answer.on <= facts.asked_on
    ]
    return max(reversed(answers), key=lambda answer: answer.on, default=None)


def _no_answer(facts: LowFacts) -> Iterator[Objection]:
    grounds = " ".join(protection_grounds(facts))
    yield Objection(
        ObjectionCode.CPM_NOT_YET_ANSWERED,
        f"Low proposed: awaiting agreement by a Child Protection Manager. {grounds}",
    )
    agreed = [answer for answer in facts.agreements if answer.outcome is CPMOutcome.AGREED]
    if any(answer.assessment != facts.assessment for answer in agreed):
        yield Objection(
            ObjectionCode.CPM_ANSWERED_ANOTHER_VERSION,
            "The Child Protection Manager agreed another version of the assessment; this one needs its own agreement.",
        )
    if any(answer.assessment == facts.assessment and answer.on < facts.decided_on for answer in agreed):
        yield Objection(
            ObjectionCode.CPM_ANSWERED_EARLIER_DECISION,
            "The Child Protection Manager agreed before this decision was made; every Low decision needs its own "
            "agreement.",
        )


def _refused(answer: CPMAgreement) -> Objection:
    if answer.outcome is CPMOutcome.NOT_AGREED:
        return Objection(ObjectionCode.CPM_NOT_AGREED, "The Child Protection Manager did not agree to Low.")
    return Objection(ObjectionCode.CPM_MORE_ASSESSMENT, "The Child Protection Manager asks for more assessment first.")


def _holds_objections(facts: LowFacts, agreement: CPMAgreement) -> Iterator[Objection]:
    """Why an AGREED does not hold."""
    if agreement.assessment != facts.assessment:
        yield Objection(
            ObjectionCode.CPM_ANSWERED_ANOTHER_VERSION, "The agreement is about another version of the assessment."
        )
    if agreement.cpm == facts.author:
        yield Objection(ObjectionCode.CPM_IS_AUTHOR, "The Child Protection Manager wrote the assessment; ask another.")
    if agreement.cpm == facts.manager:
        yield Objection(
            ObjectionCode.CPM_IS_MANAGER, "The Child Protection Manager decided the tier as manager; ask another."
        )
    yield from _critical_not_known(facts)
    yield from _thoroughness_objections(facts, agreement)


def _thoroughness_objections(facts: LowFacts, agreement: CPMAgreement) -> Iterator[Objection]:
    if facts.submitted_on is not None and agreement.on < facts.submitted_on:
        yield Objection(ObjectionCode.CPM_BEFORE_ASSESSMENTS, "The agreement is dated before the CRE assessment.")
    completed = _completed_by(facts, agreement.on)
    if completed:
        yield from _naming_objections(agreement, completed)
    elif _may_rest_on_others(facts, agreement):
        yield from _naming_objections(agreement, {AssessmentKind.OTHER})
    elif _completed_by(facts, facts.asked_on):
        yield Objection(
            ObjectionCode.CPM_BEFORE_ASSESSMENTS,
            "The agreement is dated before the Single Assessment or the Early Help Assessment was complete.",
        )
    else:
        yield from _incomplete(facts)


def _naming_objections(agreement: CPMAgreement, one_of: set[AssessmentKind]) -> Iterator[Objection]:
    """The agreement names the CRE assessment and at least one of those that make it thorough."""
    missing = [] if AssessmentKind.CRE in agreement.assessments_named else [AssessmentKind.CRE.value]
    if not one_of & agreement.assessments_named:
        missing.append(" or ".join(sorted(kind.value for kind in one_of)))
    if missing:
        yield Objection(
            ObjectionCode.CPM_NAMES_INCOMPLETE, f"The agreement does not name what it agrees: {', '.join(missing)}."
        )


def _completed_by(facts: LowFacts, day: date) -> set[AssessmentKind]:
    dates = {
        AssessmentKind.SINGLE_ASSESSMENT: facts.single_assessment_authorised_on,
        AssessmentKind.EHA: facts.eha_completed_on,
    }
    return {kind for kind, completed_on in dates.items() if completed_on is not None and completed_on <= day}


def _may_rest_on_others(facts: LowFacts, agreement: CPMAgreement) -> bool:
    unavailable = facts.eha_declined and facts.single_assessment_not_met
    return unavailable and bool(agreement.sufficient_because.strip())


def _incomplete(facts: LowFacts) -> Iterator[Objection]:
    if _completed_by(facts, facts.asked_on):
        return
    if facts.eha_declined and facts.single_assessment_not_met:
        sentence = (
            "Neither a Single Assessment nor an Early Help Assessment is possible: "
            "the Child Protection Manager must name the other assessments that suffice, and say why."
        )
    else:
        sentence = "A Single Assessment must be authorised or an Early Help Assessment completed first."
    yield Objection(ObjectionCode.ASSESSMENTS_INCOMPLETE, sentence)


def _critical_not_known(facts: LowFacts) -> Iterator[Objection]:
    if facts.critical_not_known:
        yield Objection(
            ObjectionCode.CRITICAL_NOT_KNOWN,
            f"Critical indicators are not known and no reason is given: {', '.join(facts.critical_not_known)}.",
        )
