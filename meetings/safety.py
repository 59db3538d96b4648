"""Who around a child may not simply be invited, and through whom an invitation may not pass (BR-08, ruling Q5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from access.models import CaseFile
from access.standing import standing_of
from accounts.models import User
from accounts.roles import OVERSEERS
from children.models import ContactSafetyDecision, Person
from meetings.models import Meeting
from meetings.rules import CONFERENCES

Complicity = ContactSafetyDecision.Complicity
NOT_INVITED = "A manager or chair decided that this person is not to be invited."  # never what it rests on (R15)
FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest decision on a person, as far as an invitation asks."""

    complicity: str = Complicity.NOT_CONSIDERED
    unsafe_to_contact: bool = False
    unsafe_to_meet_together: bool = False
    decided_by: int | None = None

    @property
    def is_never_invited(self) -> bool:
        return self.complicity == Complicity.CONSIDERED_COMPLICIT

    @property
    def is_held(self) -> bool:
        return self.complicity == Complicity.SUSPECTED or self.unsafe_to_contact

    @property
    def is_excluded(self) -> bool:
        """Nothing may reach them, nor pass through them."""
        return self.is_never_invited or self.is_held


def standings(case: CaseFile) -> Mapping[int, Standing]:
    """The latest decision on each person of the file, for whoever may arrange its meetings; else empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.contact_safety(%s)", [case.pk])
        return {person: Standing(*rest) for person, *rest in cursor.fetchall()}


def excluded_people(case: CaseFile, known: Mapping[int, Standing] | None = None) -> list[Person]:
    """People of the file whom nothing may reach."""
    known = standings(case) if known is None else known
    excluded = [pk for pk, standing in known.items() if standing.is_excluded]
    return list(Person.objects.filter(case=case, pk__in=excluded).order_by("name", "pk")) if excluded else []


def chair_decides(meeting: Meeting, person: Person) -> bool:
    """Leaving out somebody recorded as having parental responsibility is the chair's decision (ruling Q5)."""
    return meeting.kind in CONFERENCES and person.parental_responsibility == Person.YesNoUnknown.YES


def is_chair(meeting: Meeting, user: User) -> bool:
    """The chair with an account; of a meeting whose chair has none, any who chair conferences."""
    return meeting.chair_id == user.pk if meeting.chair_id else bool(standing_of(user).roles & OVERSEERS)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _digits(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    return digits[-10:] if len(digits) >= FEWEST_DIGITS else ""


def shared_with(person: Person, excluded: list[Person]) -> list[str]:
    """A sentence for each way in which what is sent to this person may reach somebody who is excluded."""
    found = []
    for other in excluded:
        if other.pk == person.pk:
            continue
        ways = (
            ("address", _plain(person.address), _plain(other.address)),
            ("phone number", _digits(person.phone), _digits(other.phone)),
            ("email address", _plain(person.email), _plain(other.email)),
        )
        found += [
            f"{person.name} has the same {way} as {other.name}, who must not be reached."
            for way, one, two in ways
            if one and one == two
        ]
    return found


def unsafe_way(way: str, excluded: list[Person]) -> str:
    """Why an invitation may not go this way, as a sentence; empty if nothing known speaks against it."""
    plain = _plain(way)
    for other in excluded:
        named = [_plain(other.name), _plain(other.address), _plain(other.email)]
        if any(word and word in plain for word in named) or (_digits(other.phone) and _digits(other.phone) in plain):
            return f"The invitation must not pass through {other.name}. Choose another way."
    if "home" in way.lower().split() and any(other.lives_with_child == "yes" for other in excluded):
        return "Somebody who must not be reached lives in the child’s home. Choose another way."
    return ""
