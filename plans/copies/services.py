"""Asking for a copy of the plan, and putting in what the documents worker made."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from access.actions import case_action, machine_work
from access.models import CaseFile, DisclosureDecision
from access.refusals import Refused
from access.roles import Action
from accounts.models import Team, User
from children.models import Person
from plans.copies.contents import labels_given, new_copy, sheet_of
from plans.models import Copy

LEASE_SECONDS = 180  # how long a copy taken up is left to whoever took it: well over the time limit of a render
MOST_TRIES = 3
GIVEN_UP = f"It could not be made in {MOST_TRIES} tries. Print the page instead, or ask for a new copy."
METHODS = {Copy.Kind.FAMILY: "Copy for the family", Copy.Kind.PARTNER: "Copy for a partner"}


class Taken(NamedTuple):
    """A copy taken up: by whom it was asked for, and which try this is."""

    copy_id: int
    asked_by: int
    this_try: int


@contextmanager
def _walls_in_words() -> Iterator[None]:
    """What the database refuses of a copy, as the same sentence from us."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        cause = error.__cause__
        if getattr(cause, "sqlstate", None) == "42501":
            raise Refused(str(cause.diag.message_primary)) from error  # type: ignore[union-attr]
        raise


@case_action(Action.MAKE_COPY)
def ask_for_copy(
    case: CaseFile, *, by: User, kind: str, purpose: str, lawful_basis: str, necessity: str, agreement: str,
    recipient_name: str = "", recipient_person: Person | None = None, recipient_team: Team | None = None,
    safe_to_tell_family: bool = False, items: Collection[int] = (),
) -> Copy:  # fmt: skip
    """Decides to give somebody a copy of the plan, and asks for it to be made (DOMAIN 5.2: one decision each).

    Args:
        kind: professional (named person, in a council team that holds the file or outside all), partner (named person
            in another agency's team that holds it) or family (a person of the file; no person: the child).
        recipient_name: who it is for; of a family copy it is the person's or the child's name.
        safe_to_tell_family: for a family copy, that it is safe for them to be told and to have it on paper.
        items: ids of the child's own actions whose titles whoever asks has read and found fit for the family.

    Raises:
        Refused: this recipient may not have one (BR-08, rulings Q5 and Q16), does not hold the file, a text names what
            it must not, or something is missing.
    """
    copy = new_copy(
        case, by, kind=kind, recipient_name=recipient_name, recipient_person=recipient_person,
        recipient_team=recipient_team, items=items,
    )  # fmt: skip
    for words, sentence in (
        (copy.recipient_name, "Say who the copy is for, by name."),
        (purpose, "Say what the copy is for."),
        (necessity, "Say why this person needs it, and why no less would do."),
    ):
        if not words.strip():
            raise Refused(sentence)
    if copy.kind == Copy.Kind.FAMILY and not safe_to_tell_family:
        raise Refused("Make no copy while it is not safe for them to have this on paper. Talk it through instead.")
    sheet_of(copy, by)  # refuses what may not be
    decision = DisclosureDecision(
        case=case, labels=labels_given(copy, by), recipient=copy.recipient_name, purpose=purpose.strip(),
        lawful_basis=lawful_basis, necessity=necessity.strip(), agreement=agreement,
        safe_to_tell_family=safe_to_tell_family, method=METHODS.get(Copy.Kind(copy.kind), "Copy for a professional"),
        decided_by=by,
    )  # fmt: skip
    decision.clean_fields()
    decision.save()
    copy.disclosure = decision
    copy.number = (Copy.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
    with _walls_in_words():
        copy.save(force_insert=True)
    transaction.on_commit(lambda: _publish(copy.pk))
    return copy


def _publish(copy_id: int) -> None:
    from plans.copies.tasks import publish  # noqa: PLC0415 -- the tasks call these services

    publish(copy_id)


@machine_work
def take_up_copy(wanted: int | None = None) -> Taken | None:
    """Takes up one waiting copy (this one, or the longest waiting) for `LEASE_SECONDS`. None: there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.take_up_copy(%s, %s, %s)", [wanted, LEASE_SECONDS, MOST_TRIES])
        row = cursor.fetchone()
    return Taken(*row) if row else None


@machine_work
def give_up_copies() -> int:
    """Ends the waiting for copies that were tried often enough. Says how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.give_up_copies(%s, %s, %s)", [LEASE_SECONDS, MOST_TRIES, GIVEN_UP])
        return int(cursor.fetchone()[0])


@case_action(Action.MAKE_COPY)
def keep_copy(
    copy: Copy, *, by: User, this_try: int, content: dict[str, Any] | None, pdf: bytes = b"", problem: str = ""
) -> Copy | None:
    """Puts in what was made of a copy, or why nothing was. None if somebody else took it up meanwhile: theirs counts.

    Raises:
        Refused: the recipient may no longer have it.
    """
    changes: dict[str, Any] = {"content": content, "made_at": timezone.now()}
    if pdf:
        changes |= {"state": Copy.State.READY, "pdf": pdf, "sha256": hashlib.sha256(pdf).hexdigest()}
    else:
        changes |= {"state": Copy.State.FAILED, "problem": problem[:300], "made_at": None}
    waiting = Copy.objects.filter(pk=copy.pk, state=Copy.State.WAITING, tries=this_try)
    with _walls_in_words():
        changed = waiting.update(**changes)
    return Copy.objects.get(pk=copy.pk) if changed else None
