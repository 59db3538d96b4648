"""What comes back from a child's file. Each starts from `allowing`, so a list and a page cannot disagree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from access.models import Allocation, CaseFile
from access.permissions import may, permitted
from access.roles import Action
from accounts.models import User
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    DuplicateAlert,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyWarning,
)
from children.names import SHORTEST_SEARCH, keys, parts, sound

MOST_DUPLICATES = 10


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A child who may be the same one, and why."""

    child: Child
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineItem:
    at: datetime
    kind: str
    title: str
    by: str
    text: str


# Finding


def _with_key(user: User, condition: Q) -> QuerySet[Any]:
    return NameKey.objects.allowing(user, Action.VIEW_FILE).filter(condition).values("case")


def _like(word: str) -> Q:
    """A name part that begins with the word, or sounds like it. Ranges and equality only: see docs/security.md."""
    return Q(key__gte=word, key__lt=word + "~") | Q(key=sound(word))


def children_named(user: User, query: str) -> QuerySet[Any]:
    """Children this person may see who are found by a name (each word begins or sounds like a part of any of their
    names), by the file's reference, or by NHS number where they may see identifiers. Nothing for under three letters.
    """
    children = Child.objects.allowing(user, Action.VIEW_FILE)
    reference = re.fullmatch(r"\s*cre-?0*(\d{1,12})\s*", query, re.IGNORECASE)
    if reference:
        return children.filter(case__reference=f"CRE-{reference[1].zfill(6)}")
    digits = re.sub(r"\s", "", query)
    if re.fullmatch(r"\d{10}", digits):
        profiles = ChildProfile.objects.allowing(user, Action.VIEW_PROFILE).filter(nhs_number=digits)
        return children.filter(case__in=profiles.values("case"))
    words = [word for word in parts(query) if len(word) >= SHORTEST_SEARCH]
    if not words:
        return children.none()
    for word in words[:5]:
        children = children.filter(case__in=_with_key(user, _like(word)))
    return children


def possible_duplicates(
    user: User, *, given_names: str, family_name: str, date_of_birth: date | None = None, nhs_number: str = "",
    not_case: CaseFile | None = None,
) -> list[Duplicate]:  # fmt: skip
    """Children this person may see who may be the same child, the likeliest first; at most ten.

    Included if, and only if: the same NHS number; or the same date of birth and a name in common; or, where
    either date is missing, a first and a family name in common. Files hidden from the person play no part.
    """
    given, family = keys(given_names), keys(family_name)
    sharing = Q(case__in=_with_key(user, Q(key__in=given | family)))
    both = Q(case__in=_with_key(user, Q(key__in=given))) & Q(case__in=_with_key(user, Q(key__in=family)))
    undated = both if date_of_birth is None else both & Q(date_of_birth__isnull=True)
    condition = undated | (Q(date_of_birth=date_of_birth) & sharing if date_of_birth else Q(pk__in=[]))
    numbered: set[UUID] = set()
    if nhs_number:
        same = ChildProfile.objects.allowing(user, Action.VIEW_PROFILE).filter(nhs_number=nhs_number)
        numbered = set(same.values_list("case", flat=True))
        condition |= Q(case__in=numbered)
    found = Child.objects.allowing(user, Action.VIEW_FILE).filter(condition).select_related("case")
    if not_case is not None:
        found = found.exclude(case=not_case)
    matches = [Duplicate(child, _reasons(child, numbered, date_of_birth)) for child in found[:50]]
    return sorted(matches, key=lambda match: -len(match.reasons))[:MOST_DUPLICATES]


def _reasons(child: Child, numbered: set[UUID], date_of_birth: date | None) -> tuple[str, ...]:
    reasons = []
    if child.case_id in numbered:
        reasons.append("Same NHS number")
    if date_of_birth and child.date_of_birth == date_of_birth:
        reasons.append("Same date of birth")
    if child.case_id not in numbered or reasons == ["Same date of birth"]:
        reasons.append("Similar name")
    return tuple(reasons)


def open_duplicate_alerts(user: User) -> QuerySet[DuplicateAlert]:
    """Hints for the teams that receive contacts; the database shows them to nobody else."""
    if not may(user, Action.SCREEN_CONTACT):
        return DuplicateAlert.objects.none()
    return DuplicateAlert.objects.filter(closed_at__isnull=True).order_by("raised_at")


# One file


def waiting_contacts(user: User) -> QuerySet[Any]:
    """Contacts not yet screened, the longest waiting first."""
    waiting = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(outcome=Contact.Outcome.RECEIVED)
    return waiting.select_related("case", "recorded_by").order_by("received_at", "pk")


def contacts_of(case: CaseFile, user: User) -> QuerySet[Any]:
    own = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(case=case)
    return own.select_related("recorded_by", "screened_by").order_by("-received_at", "-pk")


def notes_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Visits and notes, newest first; for an agency outside social care its own."""
    own = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(case=case)
    return own.select_related("author", "agency", "corrects").order_by("-happened_at", "-pk")


def people_of(case: CaseFile, user: User) -> list[Person]:
    """People around the child, carers first, each with `.safety`: the latest decision, where this person may see it."""
    people = list(
        Person.objects.allowing(user, Action.VIEW_NETWORK).filter(case=case).order_by("ended_at", "-is_carer", "name")
    )
    decisions = ContactSafetyDecision.objects.allowing(user, Action.VIEW_COMPLICITY).filter(case=case)
    latest = {one.person_id: one for one in decisions.select_related("decided_by").order_by("decided_at", "pk")}
    for person in people:
        person.safety = latest.get(person.pk)
    return people


def addresses_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Current addresses first. A confidential one only for who holds its own label."""
    addresses = Address.objects.allowing(user, Action.VIEW_LOCATION).filter(case=case)
    if not CaseFile.objects.allowing(user, Action.VIEW_LOCKED_LOCATION).filter(pk=case.pk).exists():
        addresses = addresses.filter(confidential=False)
    return addresses.order_by("-until_on", "-from_on", "-pk")


def other_plans_of(case: CaseFile, user: User) -> QuerySet[Any]:
    return OtherPlan.objects.allowing(user, Action.VIEW_FILE).filter(case=case).order_by("-ended_on", "-started_on")


def aliases_of(case: CaseFile, user: User) -> QuerySet[Any]:
    return Alias.objects.allowing(user, Action.VIEW_FILE).filter(case=case).order_by("ended_at", "name")


def live_warnings(case: CaseFile, user: User) -> QuerySet[Any]:
    own = WorkerSafetyWarning.objects.allowing(user, Action.VIEW_FILE).filter(case=case, ended_at__isnull=True)
    return own.order_by("raised_at")


def last_seen(cases: Iterable[UUID], user: User) -> dict[UUID, datetime]:
    """When each child was last seen at a visit, as far as this person may know."""
    seen = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(
        case__in=list(cases), seen__in=[CaseNote.Seen.ALONE, CaseNote.Seen.WITH_OTHERS]
    )
    return dict(seen.values("case").annotate(last=Max("happened_at")).values_list("case", "last"))


TIMELINE_KINDS = {
    "notes": "Visits and notes",
    "contacts": "Contacts",
    "allocations": "Allocations",
    "decisions": "Decisions",
}


def timeline(case: CaseFile, user: User, *, kinds: Iterable[str] = (), limit: int = 10) -> list[TimelineItem]:
    """What has happened, newest first: the kinds asked for (by default all) that this person may see."""
    allowed = permitted(user, case, (Action.VIEW_NOTES, Action.VIEW_CONTACTS, Action.VIEW_COMPLICITY))
    wanted = set(kinds) or set(TIMELINE_KINDS)
    items: list[TimelineItem] = []
    if "notes" in wanted and Action.VIEW_NOTES in allowed:
        items += [_note_item(note) for note in notes_of(case, user)[:limit]]
    if "contacts" in wanted and Action.VIEW_CONTACTS in allowed:
        items += [_contact_item(contact) for contact in contacts_of(case, user)[:limit]]
    if "decisions" in wanted and Action.VIEW_COMPLICITY in allowed:
        decisions = ContactSafetyDecision.objects.allowing(user, Action.VIEW_COMPLICITY).filter(case=case)
        chosen = decisions.select_related("person", "decided_by").order_by("-decided_at")[:limit]
        items += [_safety_item(decision) for decision in chosen]
    if "allocations" in wanted:
        leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(case=case)
        chosen = leads.select_related("worker", "allocated_by", "team").order_by("-started_at")[:limit]
        items += [_allocation_item(lead) for lead in chosen]
    return sorted(items, key=lambda item: item.at, reverse=True)[:limit]


def _note_item(note: CaseNote) -> TimelineItem:
    title = f"{note.get_kind_display()}: {note.get_seen_display().lower()}" if note.seen else note.get_kind_display()
    return TimelineItem(note.happened_at, "notes", title, f"{note.author.name}, {note.agency.name}", note.text)


def _contact_item(contact: Contact) -> TimelineItem:
    title = f"{contact.get_method_display()} from {contact.get_source_display().lower()}"
    return TimelineItem(contact.received_at, "contacts", title, contact.recorded_by.name, contact.details)


def _safety_item(decision: ContactSafetyDecision) -> TimelineItem:
    title = f"{decision.person.name}: {decision.get_complicity_display().lower()}"
    return TimelineItem(decision.decided_at, "decisions", title, decision.decided_by.name, decision.reason)


def _allocation_item(lead: Allocation) -> TimelineItem:
    title = f"Allocated to {lead.worker.name}, {lead.team.name}"
    return TimelineItem(lead.started_at, "allocations", title, lead.allocated_by.name, lead.reason)
