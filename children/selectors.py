"""What comes back from a child's file. Each starts from `allowing`, so a list and a page cannot disagree."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import chain, pairwise
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, CharField, F, Func, Max, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Upper

from access.models import CaseFile
from access.permissions import may
from access.querysets import allowed_cases
from access.roles import Action
from access.selectors import KnownToExist, as_known
from access.standing import standing_of
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
    Moment,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyWarning,
)
from children.names import SHORTEST_SEARCH, joined, keys, parts, sound
from deadlines.models import Deadline
from deadlines.selectors import due_of

MOST_DUPLICATES = 10
LOOKED_AT = 50  # files weighed for each way of being the same child
MOST_WORDS = 5  # words of a search that are looked for
LAST_LETTER = "\U0010ffff"  # stands after every letter in the order of code points, which is that of the keys

NHS_NUMBER = re.compile(r"(?:[0-9][ -]?){9}[0-9]")
REFERENCE = re.compile(r"(?:cre[ -]*)?0*([0-9]{1,9})", re.IGNORECASE)

SEEN = (CaseNote.Seen.ALONE, CaseNote.Seen.WITH_OTHERS)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A child who may be the same one, and why."""

    child: Child
    reasons: tuple[str, ...]


# Finding a child


def _cases_with(user: User, *conditions: Q) -> QuerySet[Any]:
    """Files on which each condition holds for some search key.

    The keys that any condition wants are read once and counted by file. Asking one condition after the other
    would let the planner look one up again for every file that the other has found.
    """
    keys = NameKey.objects.allowing_in_search(user, Action.VIEW_FILE)
    wanted = keys.filter(reduce(or_, conditions)).values("case")
    if len(conditions) == 1:
        return wanted
    held = {f"holds_{number}": BoolOr(condition) for number, condition in enumerate(conditions)}
    on_one_file: QuerySet[Any] = wanted.annotate(**held).filter(**dict.fromkeys(held, True)).values("case")
    return on_one_file


def _begins(word: str) -> Q:
    """Keys that begin with the word or sound like it; of one or two letters, that are the word.

    Equality and ranges only: the database may use an index for these before it has asked the second wall
    about a row, because comparing gives nothing away; LIKE and regular expressions would read every row.
    """
    if len(word) < SHORTEST_SEARCH:
        return Q(key=word)
    condition = Q(key__gte=word, key__lt=word + LAST_LETTER)
    heard = sound(word)
    return condition | Q(key=heard) if heard else condition


def _each_word(words: list[str]) -> Iterator[Q]:
    """A condition on some key for each word: by itself or, where it is short, in one with the word after it."""
    conditions = [_begins(word) for word in words]
    for first, (one, two) in enumerate(pairwise(words)):
        both = joined(one, two)
        if both:
            conditions[first] |= _begins(both)
            conditions[first + 1] |= _begins(both)
    yield from conditions


def _as_typed_first(children: QuerySet[Any], words: Iterable[str]) -> QuerySet[Any]:
    """Names that stand there as typed before those that only begin or sound so."""
    exact = list(words)
    named = children.alias(upper_family=Upper("family_name"), upper_given=Upper("given_names"))
    family = Case(When(upper_family__in=exact, then=0), default=1)
    given = Case(When(upper_given__in=exact, then=0), default=1)
    ordered: QuerySet[Any] = named.order_by(family, given, "family_name", "given_names", "pk")
    return ordered


def children_named(user: User, query: str) -> QuerySet[Any]:
    """Children of files this person may see, found by name, by reference or by NHS number.

    A child is included if, and only if, one of these holds:
    each word of the query (the first five) begins some name of the child, or sounds like one, where a word of
    one or two letters must be a whole name or the first part of one ("Mc Donald"), and a single letter finds nothing;
    the query is the file's reference, with or without "CRE-" and leading zeros;
    the query is the child's NHS number, with or without spaces, and the person may see identifiers.
    """
    children = Child.objects.allowing(user, Action.VIEW_FILE)
    typed = query.strip()
    if NHS_NUMBER.fullmatch(typed):
        profiles = ChildProfile.objects.allowing(user, Action.VIEW_PROFILE).filter(nhs_number=re.sub("[ -]", "", typed))
        return children.filter(case__in=profiles.values("case"))
    reference = REFERENCE.fullmatch(typed)
    if reference:
        return children.filter(case__reference=f"CRE-{reference[1].zfill(6)}")
    words = parts(typed)[:MOST_WORDS]
    if sum(map(len, words)) < 2:
        return children.none()
    found = ArraySubquery(_cases_with(user, *_each_word(words)))
    return _as_typed_first(children.filter(case__is_any=found), words)


def known_to_exist_called(query: str) -> tuple[KnownToExist, ...]:
    """Files that whoever is asking only knows to exist, found as a child is: by name, reference or NHS number."""
    typed = query.strip()
    number = re.sub("[ -]", "", typed) if NHS_NUMBER.fullmatch(typed) else ""
    reference = REFERENCE.fullmatch(typed) if not number else None
    words = parts(typed)[:MOST_WORDS] if not number and not reference else []
    if sum(map(len, words)) < SHORTEST_SEARCH:
        words = []
    wanted = (f"CRE-{reference[1].zfill(6)}" if reference else "", number, words, [sound(word) or "" for word in words])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.find_known_to_exist(%s, %s, %s::text[], %s::text[])", wanted)
        return tuple(map(as_known, cursor.fetchall()))


def possible_duplicates(
    user: User, *, given_names: str, family_name: str, date_of_birth: date | None = None, nhs_number: str = "",
    not_case: CaseFile | None = None,
) -> list[Duplicate]:  # fmt: skip
    """Children this person may see who may be the same child, the likeliest first; at most ten.

    Included if, and only if: the same NHS number (where the person may see it); or the same date of birth and
    a name in common; or, where a date of birth is missing or a recorded one is an estimate, a first and a family
    name in common. Names are compared by letters and by sound. Files hidden from the person play no part.
    """
    given, family = keys(given_names), keys(family_name)
    visible = Child.objects.allowing(user, Action.VIEW_FILE).select_related("case")
    if not_case is not None:
        visible = visible.exclude(case=not_case)
    numbered = _with_nhs_number(user, nhs_number)
    found = {
        child.case_id: child
        for child in chain(
            visible.filter(case__in=numbered)[:LOOKED_AT],
            _born_the_same_day(user, visible, given | family, date_of_birth),
            _named_the_same(user, visible, given, family, date_of_birth),
        )
    }
    shared = _shared_keys(user, found, given | family)
    matches = [
        (_likeness(child, shared[child.case_id], numbered, given, family, date_of_birth), child)
        for child in found.values()
    ]
    likeliest = sorted(matches, key=lambda match: (-match[0][0], str(match[1]), match[1].pk))
    return [Duplicate(child, reasons) for (_, reasons), child in likeliest[:MOST_DUPLICATES]]


def _with_nhs_number(user: User, typed: str) -> list[UUID]:
    number = re.sub("[ -]", "", typed)
    if not number:
        return []
    same = ChildProfile.objects.allowing(user, Action.VIEW_PROFILE).filter(nhs_number=number)
    return list(same.values_list("case", flat=True)[:LOOKED_AT])


def _born_the_same_day(user: User, visible: QuerySet[Any], names: set[str], day: date | None) -> QuerySet[Any]:
    if day is None or not names:
        return visible.none()
    return visible.filter(date_of_birth=day, case__in=_cases_with(user, Q(key__in=names)))[:LOOKED_AT]


def _named_the_same(
    user: User, visible: QuerySet[Any], given: set[str], family: set[str], day: date | None
) -> QuerySet[Any]:
    if not given or not family:
        return visible.none()
    named = visible.filter(case__in=_cases_with(user, Q(key__in=given), Q(key__in=family)))
    if day is not None:
        named = named.filter(Q(date_of_birth__isnull=True) | Q(date_of_birth_estimated=True))
    return _as_typed_first(named, given | family)[:LOOKED_AT]


def _shared_keys(user: User, cases: Iterable[UUID], wanted: set[str]) -> dict[UUID, set[str]]:
    found = NameKey.objects.allowing(user, Action.VIEW_FILE).filter(case__in=list(cases), key__in=wanted)
    shared: dict[UUID, set[str]] = defaultdict(set)
    for case, key in found.values_list("case", "key"):
        shared[case].add(key)
    return shared


def _likeness(
    child: Child, shared: set[str], numbered: Iterable[UUID], given: set[str], family: set[str], day: date | None
) -> tuple[int, tuple[str, ...]]:
    """How likely it is the same child, to sort by, and the reasons in words."""
    by_letters = {key for key in shared if not key.startswith("~")}
    reasons = []
    if child.case_id in numbered:
        reasons.append((8, "Same NHS number"))
    if day is not None and child.date_of_birth == day:
        reasons.append((4, "Same date of birth"))
    if by_letters & given and by_letters & family:
        reasons.append((3, "Same first and family name"))
    elif shared & given and shared & family:
        reasons.append((2, "Similar first and family name"))
    elif shared:
        reasons.append((1, "Part of the name is the same or similar"))
    return sum(weight for weight, _ in reasons), tuple(reason for _, reason in reasons)


class _AlertedReference(Func):
    """The reference of a file that need not be visible, from the second wall itself."""

    function = "sec.alerted_reference"
    output_field = CharField()


def open_duplicate_alerts(user: User) -> QuerySet[Any]:
    """Open hints for the teams that receive contacts; the database shows them to nobody else.

    Each has `reference` and `other_reference`; the files themselves may be out of this person's sight, so do
    not join them.
    """
    alerts = DuplicateAlert.objects.filter(closed_at__isnull=True).order_by("raised_at", "pk")
    if not may(user, Action.SCREEN_CONTACT):
        return alerts.none()
    return alerts.annotate(reference=_AlertedReference("case_id"), other_reference=_AlertedReference("other_case_id"))


# One file


def waiting_contacts(user: User) -> QuerySet[Any]:
    """Contacts not yet screened on files whose contacts this person may read, the longest waiting first."""
    waiting = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(outcome__literally=Contact.Outcome.RECEIVED)
    return waiting.select_related("case", "recorded_by").order_by("received_at", "pk")


def contacts_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Every contact on the file, the latest received first."""
    own = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(case=case)
    return own.select_related("recorded_by", "screened_by").order_by("-received_at", "-pk")


def notes_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Visits and notes, newest first; for an agency outside social care only its own."""
    own = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(case=case)
    return own.select_related("author", "agency", "corrects").order_by("-happened_at", "-pk")


def people_of(case: CaseFile, user: User) -> list[Person]:
    """People around the child, those of today first, then carers.

    Each with `safety`: the latest decision on contact, or None where there is none or this person may not see it.
    """
    people = Person.objects.allowing(user, Action.VIEW_NETWORK).filter(case=case)
    latest = {one.person_id: one for one in _latest_decisions(case, user)}
    found = list(people.order_by(F("ended_at").desc(nulls_first=True), "-is_carer", "name", "pk"))
    for person in found:
        person.safety = latest.get(person.pk)
    return found


def _latest_decisions(case: CaseFile, user: User) -> QuerySet[Any]:
    decisions = ContactSafetyDecision.objects.allowing(user, Action.VIEW_COMPLICITY).filter(case=case)
    newest = decisions.order_by("person", "-decided_at", "-pk").distinct("person")
    return newest.select_related("decided_by")


def addresses_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Current addresses first. A confidential one only for who may see those."""
    unlocked = allowed_cases(standing_of(user), Action.VIEW_LOCKED_LOCATION, "case")
    addresses = Address.objects.allowing(user, Action.VIEW_LOCATION).filter(Q(confidential=False) | unlocked, case=case)
    return addresses.order_by(F("until_on").desc(nulls_first=True), "-from_on", "-pk")


def other_plans_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Other plans of the child, those running first."""
    plans = OtherPlan.objects.allowing(user, Action.VIEW_FILE).filter(case=case)
    return plans.order_by(F("ended_on").desc(nulls_first=True), "-started_on", "-pk")


def aliases_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Other names of the child, those in use first."""
    own = Alias.objects.allowing(user, Action.VIEW_FILE).filter(case=case)
    return own.order_by(F("ended_at").desc(nulls_first=True), "name", "pk")


def live_warnings(case: CaseFile, user: User) -> QuerySet[Any]:
    """What whoever visits must know today, without what it comes from."""
    own = WorkerSafetyWarning.objects.allowing(user, Action.VIEW_FILE).filter(case=case, ended_at__isnull=True)
    return own.order_by("raised_at", "pk")


def last_seen(cases: Iterable[UUID], user: User) -> dict[UUID, datetime]:
    """When each child was last seen at a visit, as far as this person may know. A visit in vain does not count."""
    visits = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(case__in=list(cases), seen__literally=SEEN)
    return dict(visits.order_by().values("case").annotate(last=Max("happened_at")).values_list("case", "last"))


# What has happened

TIMELINE_KINDS = {
    "visits": "Visits",
    "notes": "Notes and calls",
    "contacts": "Contacts",
    "decisions": "Contact safety decisions",
    "allocations": "Allocations",
    "warnings": "Warnings to visitors",
    "plans": "Other plans",
}

# What whoever sees an item of the kind may do. A decision names a person of the child's network.
PARTS = {
    "visits": (Action.VIEW_NOTES,),
    "notes": (Action.VIEW_NOTES,),
    "contacts": (Action.VIEW_CONTACTS,),
    "decisions": (Action.VIEW_COMPLICITY, Action.VIEW_NETWORK),
    "allocations": (Action.VIEW_FILE,),
    "warnings": (Action.VIEW_FILE,),
    "plans": (Action.VIEW_FILE,),
}

# The page of the file that shows such an item. Only where whoever may see the item may open that page.
PAGES = {"visits": "notes", "notes": "notes", "contacts": "case_contacts", "decisions": "people"}


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened.

    Args:
        at: when it happened, not when it was written down; for a day without an hour, its beginning.
        href_name: the URL name of the page of the file that shows it (its only argument is the file), or "".
        record_pk: the record it comes from.
        kind: one of `TIMELINE_KINDS`.
    """

    at: datetime
    title: str
    by: str
    text: str
    href_name: str
    record_pk: int
    kind: str


def timeline(case: CaseFile, user: User, *, kinds: Iterable[str] | None = None, limit: int = 10) -> list[TimelineItem]:
    """What has happened, newest first: the kinds asked for (none named: all), each only where allowed. One query.

    Who leads on a file is for all who hold it; why that person was chosen only for those who may ask who can see it.
    """
    wanted = set(kinds or TIMELINE_KINDS)
    allowed = Moment.objects.allowing_each(user, {kind: PARTS[kind] for kind in TIMELINE_KINDS if kind in wanted})
    may_know_why = allowed_cases(standing_of(user), Action.VIEW_ACCESS, "case")
    hidden = Q(kind="allocations") & ~may_know_why
    told = allowed.annotate(words=Case(When(hidden, then=Value("")), default="text", output_field=TextField()))
    return [_item(moment) for moment in told.filter(case=case.pk).order_by("-at", "-pk")[:limit]]


def _item(moment: Any) -> TimelineItem:
    title = _title(moment.event, moment.code, moment.detail)
    return TimelineItem(moment.at, title, moment.by, moment.words, PAGES.get(moment.kind, ""), moment.pk, moment.kind)


def _title(event: str, code: str, detail: str) -> str:
    match event:
        case "visit":
            return f"Visit: {CaseNote.Seen(detail).label.lower()}"
        case "note":
            return CaseNote.Kind(code).label
        case "contact":
            return f"{Contact.Method(code).label} from {Contact.Source(detail).label.lower()}"
        case "decision":
            return f"{detail}: {ContactSafetyDecision.Complicity(code).label.lower()}"
        case "plan_started" | "plan_ended":
            return f"{OtherPlan.Kind(code).label} {'started' if event == 'plan_started' else 'ended'}"
        case "warning_raised" | "warning_ended":
            return f"Warning to visitors {'raised' if event == 'warning_raised' else 'taken away'}"
        case _:
            return f"Allocated to {detail}"


def clocks_of_contact(contact: Contact, user: User) -> list[Deadline]:
    """What waits on a contact: to be decided on, and to be confirmed in writing."""
    return list(due_of(contact.case, user).filter(about=f"contact:{contact.pk}"))
