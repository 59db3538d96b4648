"""Requests and their answers, through the services."""

from django.utils import timezone

from access.principal import acting_as
from subject_access.answers import Draft
from subject_access.services import Decided, decide_passages, finish_preparing, record_request


def request_of(case, by, **about):
    facts = {
        "asker": "child", "asker_name": "Maya Thorne", "received_on": timezone.localdate(),
        "how_known": "Known to her worker", **about,
    }  # fmt: skip
    return record_request(case, by=by, **facts)


def as_proposed(asked, by):
    """Decides on every passage as it is proposed."""
    chapters: dict = {}
    draft = Draft(asked, by)
    for line in draft.lines:
        proposed = draft.proposal(line.passage)
        chapters.setdefault(line.passage.chapter, []).append(Decided(
            line.passage.source, line.passage.digest, given=proposed.given,
            kept_back=tuple(map(tuple, proposed.kept_back)), ground=proposed.ground,
        ))  # fmt: skip
    for chapter, decided in chapters.items():
        decide_passages(asked, by=by, chapter=chapter, decided=decided)


def prepared(case, by, **about):
    asked = request_of(case, by, **about)
    with acting_as(by.pk):
        as_proposed(asked, by)
    return finish_preparing(asked, by=by)
