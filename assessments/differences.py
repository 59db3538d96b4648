"""What is not the same in two assessments of one child, part by part.

The versions of the toolkit may differ too: an item is known by its code and its words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.content import Content
from assessments.forms import ANSWERS
from assessments.models import Assessment
from offer.exploitation_types import ExploitationType
from ui.dates import long_date

VOICE, TYPES, ITEMS, PROTECTIVE, CARERS, ANALYSIS = (
    "The child’s own words", "Types of exploitation", "Items", "Protective factors", "Parents and carers", "Analysis",
)  # fmt: skip
FOUND = (TYPES, ITEMS, PROTECTIVE)  # what a tier rests on
NOTHING = "Nothing recorded"
ANSWER_WORDS = dict(ANSWERS)
WRITTEN = {
    "sources_used": "Sources",
    "agencies_consulted": "Agencies asked",
    "people_and_places": "People, places and online",
    "worried_about": "What we are worried about",
    "working_well": "What is working well",
    "would_make_worse": "What would make it worse",
    "not_known_yet": "What we do not know yet",
    "threshold_level": "Threshold level met",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: where, what, and what each of the two says of it."""

    part: str
    what: str
    before: str
    after: str


def differences(before: Content, after: Content) -> list[Difference]:
    """Everything in which two assessments differ, in the order in which they are written.

    What a draft does not say yet is no difference: it is still to come.
    """
    parts = zip(_everything(before).items(), _everything(after).items(), strict=True)
    found = [one for (part, then), (_, now) in parts for one in _between(part, then, now)]
    is_draft = after.assessment.state == Assessment.State.DRAFT
    return [one for one in found if not (is_draft and one.after == NOTHING)]


def _between(part: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for what in {**now, **then}:
        before, after = then.get(what, NOTHING), now.get(what, NOTHING)
        if before != after:
            yield Difference(part, what, before, after)


def _everything(content: Content) -> dict[str, dict[str, str]]:
    """By part, what an assessment says, each thing under a name that the other one knows too."""
    made = content.assessment
    return {
        VOICE: {"What the child said": _voice(made)} if made.voice else {},
        TYPES: {
            ExploitationType[one.type.upper()].value: _words(one.get_status_display(), one.evidence)
            for one in sorted(content.types.values(), key=lambda one: one.type)
        },
        ITEMS: {
            f"{item.code} {item.label}": _answer(content, item.pk)
            for item in content.asked
            if item.pk in content.answers
        },
        PROTECTIVE: {
            item.label: _words(content.protective[item.pk].get_strength_display(), content.protective[item.pk].evidence)
            for item in content.protective_items
            if item.pk in content.protective
        },
        CARERS: {
            one.person.name: one.view or one.get_not_asked_display()
            for one in sorted(content.carer_views.values(), key=lambda one: one.person.name)
        },
        ANALYSIS: {title: getattr(made, name) for name, title in WRITTEN.items() if getattr(made, name)},
    }


def _answer(content: Content, item: int) -> str:
    one = content.answers[item]
    return _words(ANSWER_WORDS[one.answer], one.evidence or one.not_known_because)


def _voice(made: Assessment) -> str:
    if made.voice == Assessment.Voice.NOT_SEEN:
        return _words("Not heard", made.voice_missing_because)
    return f"{made.child_words} ({made.get_voice_display().lower()}, {long_date(made.voice_on)})"


def _words(answer: str, why: str) -> str:
    return f"{answer}: {why}" if why else answer
