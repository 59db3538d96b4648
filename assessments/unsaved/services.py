"""Keeping what somebody types into a draft, every few seconds, until they save it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection

from access.actions import private_words
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from assessments.content import SUBMITTED
from assessments.models import Assessment, UnsavedPart

ELSEWHERE = (
    "You are writing this part in another window too, and what you typed there is kept. Save this one, or close it."
)
LONGEST = 500_000  # characters of a form as it is sent

# One statement, so that two windows at the same moment take turns. A form that was saved keeps nothing more: what it
# sent before may arrive after.
_KEEP = """
INSERT INTO assessments_unsavedpart AS kept (case_id, assessment_id, part, author_id, typed, form_key, kept_at)
VALUES (%(case)s, %(assessment)s, %(part)s, %(author)s, %(typed)s, %(form)s, statement_timestamp())
ON CONFLICT (assessment_id, part, author_id) DO UPDATE
SET typed = excluded.typed, form_key = excluded.form_key, kept_at = excluded.kept_at
WHERE CASE WHEN kept.typed = '' THEN kept.form_key <> excluded.form_key OR excluded.typed = ''
           ELSE kept.form_key = ANY (%(forms)s::uuid[]) END
RETURNING kept_at
"""


@private_words(Action.ASSESS)
def keep_unsaved(
    assessment: Assessment, *, by: User, part: str, typed: str, form_key: UUID, continues: Iterable[UUID] = ()
) -> datetime | None:
    """Keeps what was typed into a part, in place of what was kept before, and says when (UTC).

    Args:
        typed: the form as it would be sent.
        form_key: of the form it is typed into. continues: of the form whose words that one began with.

    Returns:
        The moment, or None where this very form is saved already.

    Raises:
        Refused: the assessment is submitted; other words are kept, from another window; or it is longer than any form.
    """
    if assessment.state != Assessment.State.DRAFT:
        raise Refused(SUBMITTED)
    if len(typed) > LONGEST:
        raise Refused("This is too long to be kept. Save it in shorter parts.")
    found = _keep(assessment, by, part, typed, form_key, continues)
    if found is None and UnsavedPart.objects.filter(assessment=assessment, part=part, author=by).exclude(typed=""):
        raise Refused(ELSEWHERE)
    return found


@private_words(Action.ASSESS)
def end_unsaved(assessment: Assessment, *, by: User, part: str, form_key: UUID, continues: Iterable[UUID] = ()) -> None:
    """Lets go of what was kept of a form, because it is saved. What another window keeps stays."""
    _keep(assessment, by, part, "", form_key, continues)


@private_words(Action.ASSESS)
def forget_unsaved(assessment: Assessment, *, by: User, part: str) -> None:
    """Lets go of what is kept of a part, whichever window it was typed in: its author does not want it."""
    kept = UnsavedPart.objects.allowing(by, Action.ASSESS)
    kept.filter(assessment=assessment, part=part, author=by).update(typed="")


def _keep(
    assessment: Assessment, by: User, part: str, typed: str, form_key: UUID, continues: Iterable[UUID]
) -> datetime | None:
    with _submitted_meanwhile(), connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "case": assessment.case_id,
                "assessment": assessment.pk,
                "part": part,
                "author": by.pk,
                "typed": typed,
                "form": form_key,
                "forms": [form_key, *continues],
            },
        )
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def _submitted_meanwhile() -> Iterator[None]:
    """What the second wall says when the draft is none any more, as a sentence."""
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") in ("42501", "23514"):
            raise Refused(SUBMITTED) from error
        raise
