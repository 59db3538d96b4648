"""What an assessment holds: its answers as facts, what is still missing, and a hash of all of it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from assessments.models import (
    Answer,
    Assessment,
    CarerView,
    ConsideredType,
    ProtectiveFactor,
    ToolkitItem,
    ToolkitSection,
    ToolkitVersion,
)
from assessments.toolkit import thresholds_from
from children.models import Person
from offer.ages import age_on
from offer.answers import Answer as Given
from offer.answers import Answered, Weight
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.suggestion import Thresholds, strategy_discussion_now

SUBMITTED = "This assessment is submitted and can no longer be changed. Start a new one."
ANALYSIS = ("worried_about", "working_well", "would_make_worse", "not_known_yet", "threshold_level")
WRITTEN = (
    "reason", "concern_on", "sources_used", "agencies_consulted", "child_words", "voice", "voice_on",
    "voice_missing_because", "no_protective_because", "people_and_places", *ANALYSIS,
)  # fmt: skip


@cache
def items_of(toolkit: int) -> tuple[ToolkitItem, ...]:
    """The items of a version of the toolkit, each with its section. A version is never edited, so it is read once."""
    return tuple(ToolkitItem.objects.filter(section__toolkit=toolkit).select_related("section"))


class Content:
    """What stands in an assessment, each part read once and only when it is asked for.

    Through the second wall alone: for use on an assessment that came through the first.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

    @property
    def items(self) -> tuple[ToolkitItem, ...]:
        return items_of(self.assessment.toolkit_id)

    @cached_property
    def answers(self) -> dict[int, Answer]:
        return {one.item_id: one for one in Answer.objects.filter(assessment=self.assessment)}

    @cached_property
    def protective(self) -> dict[int, ProtectiveFactor]:
        return {one.item_id: one for one in ProtectiveFactor.objects.filter(assessment=self.assessment)}

    @cached_property
    def types(self) -> dict[str, ConsideredType]:
        return {one.type: one for one in ConsideredType.objects.filter(assessment=self.assessment)}

    @cached_property
    def carer_views(self) -> dict[int, CarerView]:
        return {one.person_id: one for one in CarerView.objects.filter(assessment=self.assessment)}

    @cached_property
    def carers(self) -> tuple[Person, ...]:
        return tuple(carers_of(self.assessment))

    @cached_property
    def asked(self) -> tuple[ToolkitItem, ...]:
        """The items that are answered; protective factors are weighed apart."""
        return tuple(item for item in self.items if item.section.kind != ToolkitSection.Kind.PROTECTIVE)

    @cached_property
    def critical(self) -> tuple[ToolkitItem, ...]:
        """The critical items of every section: what a screening asks."""
        return tuple(item for item in self.asked if item.weight == "critical")

    @property
    def begins_with_screening(self) -> bool:
        """A new concern comes through the front door, where the critical items are asked first, on one page."""
        return self.assessment.reason == Assessment.Reason.NEW_CONCERN

    @property
    def is_screened(self) -> bool:
        return all(item.pk in self.answers for item in self.critical)

    @cached_property
    def protective_items(self) -> tuple[ToolkitItem, ...]:
        return tuple(item for item in self.items if item.section.kind == ToolkitSection.Kind.PROTECTIVE)


def read_together(*contents: Content) -> None:
    """Reads what several assessments hold, in one query for each kind of row instead of one for each of them."""
    of = {content.assessment.pk: content for content in contents}
    kinds = (
        (Answer, "answers", "item_id"),
        (ProtectiveFactor, "protective", "item_id"),
        (ConsideredType, "types", "type"),
        (CarerView, "carer_views", "person_id"),
    )
    for model, name, key in kinds:
        found: dict[int, dict[Any, Any]] = {pk: {} for pk in of}
        for row in model.objects.filter(assessment__in=list(of)):
            found[row.assessment_id][getattr(row, key)] = row
        for pk, content in of.items():
            setattr(content, name, found[pk])


def carers_of(assessment: Assessment) -> list[Person]:
    """Each parent and carer: whose view is asked for, one by one."""
    known = Person.objects.filter(case=assessment.case_id, ended_at__isnull=True, is_adult=True)
    parents = (Person.Relationship.MOTHER, Person.Relationship.FATHER)
    return [person for person in known.order_by("name", "pk") if person.is_carer or person.relationship in parents]


def answered(content: Content) -> list[Answered]:
    """The answered items as the rules read them."""
    return [
        Answered(
            item.code, item.section.code, Weight[item.weight.upper()], Given[content.answers[item.pk].answer.upper()]
        )
        for item in content.asked
        if item.pk in content.answers
    ]


def discussion_reasons(content: Content, born: date | None, on: date) -> tuple[str, ...]:
    """Why the answers call for a strategy discussion now, whatever the tier; `born` as recorded, `on` in London."""
    return strategy_discussion_now(age_on(born, on) if born else None, answered(content))


def critical_present(content: Content) -> list[str]:
    """The codes of the critical items that are present now."""
    return [one.code for one in answered(content) if one.weight is Weight.CRITICAL and one.answer is Given.CURRENT]


def considered(content: Content) -> dict[ExploitationType, TypeStatus]:
    """The considered types as the rules read them."""
    return {ExploitationType[one.type.upper()]: TypeStatus[one.status.upper()] for one in content.types.values()}


def thresholds_of(toolkit: ToolkitVersion) -> Thresholds:
    """The thresholds of the suggestion belong to the version of the toolkit."""
    return thresholds_from(toolkit.thresholds)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to fill in before it can be submitted: where, and what to do."""

    section: str
    sentence: str


def missing(content: Content) -> list[Missing]:
    """What is missing, section by section; nothing if it may be submitted. Source: DOMAIN 1.3."""
    return [
        *_missing_about(content.assessment),
        *_missing_types(content),
        *_missing_answers(content),
        *_missing_protective(content),
        *_missing_around(content),
        *_missing_analysis(content.assessment),
    ]


def _missing_about(assessment: Assessment) -> Iterator[Missing]:
    if not assessment.sources_used:
        yield Missing("start", "Say which sources you used.")
    if not assessment.voice:
        yield Missing("voice", "Say how you heard the child, or why you could not.")
    elif assessment.voice == Assessment.Voice.NOT_SEEN and not assessment.voice_missing_because:
        yield Missing("voice", "Say why the child was not heard, and how you will hear them.")
    elif assessment.voice != Assessment.Voice.NOT_SEEN and not (assessment.child_words and assessment.voice_on):
        yield Missing("voice", "Give the child’s own words, and the day.")


def _missing_types(content: Content) -> Iterator[Missing]:
    left = [one.value for one in ExploitationType if one.name.lower() not in content.types]
    if left:
        yield Missing("types", f"Consider every type of exploitation: {len(left)} left.")


def _missing_answers(content: Content) -> Iterator[Missing]:
    left: dict[str, int] = {}
    for item in content.asked:
        if item.pk not in content.answers:
            left[item.section.code] = left.get(item.section.code, 0) + 1
    for code, number in left.items():
        yield Missing(code, f"Answer every item: {number} left.")


def _missing_protective(content: Content) -> Iterator[Missing]:
    if not content.protective and not content.assessment.no_protective_because:
        yield Missing("protective", "Record at least one protective factor, or say why there is none.")


def _missing_around(content: Content) -> Iterator[Missing]:
    for person in content.carers:
        if person.pk not in content.carer_views:
            yield Missing("people", f"Record the view of {person.name}, or why they were not asked.")
    if not content.assessment.people_and_places:
        yield Missing("people", "Say which people and places play a part, or that none are known.")


def _missing_analysis(assessment: Assessment) -> Iterator[Missing]:
    parts = (assessment.worried_about, assessment.working_well, assessment.would_make_worse, assessment.not_known_yet)
    if not all(parts):
        yield Missing("analysis", "Write at least a sentence in each part of the analysis.")
    if not assessment.threshold_level:
        yield Missing("analysis", "Say which threshold level is met.")


def content_hash(content: Content) -> str:
    """A hash of everything in it: what a Child Protection Manager agrees is this and nothing later."""
    codes = {item.pk: item.code for item in content.items}
    answers = sorted(
        [
            codes[one.item_id],
            one.answer,
            one.evidence,
            one.source,
            one.source_detail,
            one.basis,
            one.first_seen,
            one.last_seen,
            one.restricted,
            one.not_known_because,
        ]
        for one in content.answers.values()
    )
    protective = sorted([codes[one.item_id], one.strength, one.evidence] for one in content.protective.values())
    types = sorted([one.type, one.status, one.evidence] for one in content.types.values())
    views = sorted([one.person_id, one.view, one.not_asked] for one in content.carer_views.values())
    written = [str(getattr(content.assessment, name)) for name in WRITTEN]
    everything = [content.assessment.toolkit_id, written, answers, protective, types, views]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()
