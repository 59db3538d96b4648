"""Words written for professionals, which must not be pasted into what a family is given (SECURITY T5).

Of every file whoever asks may open, not of this one alone: police words on one family once stood in another's plan.
What children and families are told or say themselves is not here, and may be said again.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from access.roles import Action
from accounts.models import User
from assessments.models import Answer, Assessment
from children.models import CaseNote, Contact
from duties.models import MandatoryReport
from plans.models import ContextualRisk
from plans.signals import passages_asked

MOST = 2000  # of each kind, the newest: what somebody pastes they have read lately


def written_for_professionals(user: User) -> Iterator[str]:
    """Texts of the files that somebody may open, newest first of each kind; one kind is one query."""
    own: list[QuerySet[Any, Any]] = [
        CaseNote.objects.allowing(user, Action.VIEW_NOTES).values_list("text"),
        Contact.objects.allowing(user, Action.VIEW_CONTACTS).values_list("details", "screening_reason"),
        MandatoryReport.objects.allowing(user, Action.VIEW_REPORTS).values_list("trigger", "outcome"),
        Assessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).values_list("worried_about", "people_and_places"),
        Answer.objects.allowing(user, Action.VIEW_ASSESSMENTS).values_list("evidence"),
        ContextualRisk.objects.allowing(user, Action.VIEW_SAFETY_PLAN).values_list(
            "what", "where", "from_whom", "who_else", "source"
        ),
    ]
    theirs: list[Any] = [found or [] for _, found in passages_asked.send(sender=None, by=user)]
    for kind in (*own, *chain.from_iterable(theirs)):
        yield from filter(None, chain.from_iterable(kind.order_by("-pk")[:MOST]))
