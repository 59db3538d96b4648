"""From requests and their answers to what a page shows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from offer.subject_access import Ground
from offer.timescales import TIMESCALES
from subject_access.answers import Draft
from subject_access.kinds import CHAPTERS
from subject_access.models import PassageDecision, SubjectAccessRequest
from ui.dates import day_of, long_date, short_moment

State = SubjectAccessRequest.State
COLOURS = {State.PREPARING: "yellow", State.PREPARED: "blue", State.GIVEN: "green"}


def limit_of(asked: SubjectAccessRequest) -> date:
    """The last day to answer: one month, or three where it takes longer."""
    rule = TIMESCALES["TS-32-COMPLEX" if asked.longer_because else "TS-32"]
    return day_of(rule.due(asked.received_on).limit)


def request_rows(asked: SubjectAccessRequest) -> list[dict[str, str]]:
    """A request as rows of a summary list."""
    rows = [
        ("Who asks", f"{asked.asker_name}: {asked.get_asker_display().lower()}"),
        ("Parent", asked.person.name if asked.person else ""),
        ("How we know them", asked.how_known),
        ("What they ask to see", asked.wanted or "Everything"),
        ("Came on", long_date(asked.received_on)),
        ("Answer by", long_date(limit_of(asked)) if asked.state in SubjectAccessRequest.OPEN else ""),
        ("Takes longer because", asked.longer_because),
        ("Prepared by", _who(asked.prepared_by, asked.prepared_at)),
        ("To be changed", asked.question),
        (f"{asked.get_state_display()} by", _who(asked.decided_by, asked.decided_at)),
        ("How", asked.answer),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _who(user: Any, at: Any) -> str:
    return f"{user.name}, {short_moment(at)}" if user else ""


def request_card(asked: SubjectAccessRequest) -> dict[str, Any]:
    return {
        "title": f"{asked.asker_name}, {long_date(asked.received_on)}",
        "href": reverse("access_request", args=[asked.case_id, asked.pk]),
        "rows": request_rows(asked),
        **state_tag(asked),
    }


def state_tag(asked: SubjectAccessRequest) -> dict[str, str]:
    return {"state": asked.get_state_display(), "colour": COLOURS.get(State(asked.state), "grey")}


def chapter_rows(draft: Draft, *, may_prepare: bool) -> list[dict[str, Any]]:
    """The chapters of an answer, with how far each is decided."""
    return [
        {
            "title": CHAPTERS[chapter],
            "href": _chapter_href(draft, chapter) if may_prepare else "",
            "passages": len(lines),
            "undecided": sum(line.decision is None for line in lines),
            "kept_back": sum(bool(line.decision and line.decision.ground) for line in lines),
        }
        for chapter, lines in draft.by_chapter().items()
    ]


def _chapter_href(draft: Draft, chapter: str) -> str:
    return reverse("access_chapter", args=[draft.asked.case_id, draft.asked.pk, chapter])


def kept_back_rows(decisions: Iterable[PassageDecision]) -> list[dict[str, str]]:
    """The log of what is kept back, with the reason in law. It tells nothing of the words."""
    found = []
    for one in decisions:
        ground = Ground[one.ground.upper()]
        how = "Some words" if one.given else "All of it"
        found.append({"title": one.title, "how": how, "why": ground.value, "law": ground.source})
    return found
