"""What comes back from many files at once, and who may see one. Each starts from `allowing`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from access.models import Allocation, CaseAccess, CaseFile, ConflictExclusion
from access.parts import Label
from access.querysets import NOTHING, granted_cases
from access.roles import Action, Level
from access.standing import standing_of
from accounts.models import Agency, Membership, Team, User
from accounts.roles import AgencyKind, Role
from children.models import Alias, CaseNote, Child, Contact, OtherPlan
from children.names import parts
from children.selectors import children_named

PER_PAGE = 25
MOST_FOUND = 25  # a longer answer to a search asks for more letters
CANDIDATES = 100  # looked at to find the best of them
SEEN = (CaseNote.Seen.ALONE, CaseNote.Seen.WITH_OTHERS)
PROTECTED_BY_SEND = (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED)
NOBODY = "nobody"  # in the filter: files without an allocated worker


class Tab(StrEnum):
    MINE = "mine"
    TEAM = "team"
    ALL = "all"
    ASSIGN = "assign"


class AgeBand(StrEnum):
    UNDER_13 = "under_13"
    FROM_13 = "13_15"
    FROM_16 = "16_17"
    ADULT = "18_over"
    NOT_KNOWN = "not_known"


AGES: dict[AgeBand, tuple[int | None, int | None]] = {
    AgeBand.UNDER_13: (None, 13),
    AgeBand.FROM_13: (13, 16),
    AgeBand.FROM_16: (16, 18),
    AgeBand.ADULT: (18, None),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a worklist is narrowed to. Empty: everything."""

    words: str = ""
    send: str = ""
    age: str = ""
    lead: str = ""
    not_seen_for: int | None = None
    seen_within: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One file in a list, with what this person may know of it."""

    case: CaseFile
    child: Child | None
    lead: Allocation | None
    plans: list[OtherPlan]
    seen_at: datetime | None
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Worklist:
    counts: dict[str, int]
    listed: int
    page: int
    rows: list[Row] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.listed // PER_PAGE))


# The worklist


def held_files(user: User) -> QuerySet[Any]:
    """Files this person holds by a grant, their team's or their own.

    What standing city-wide access would open is not among them: it is found by searching, one file at a time.
    """
    files = CaseFile.objects.allowing(user, Action.VIEW_FILE)
    standing = standing_of(user)
    if standing.city_wide(Action.VIEW_FILE):
        subjects = standing.subjects(Action.VIEW_FILE)
        files = files.filter(pk__in=granted_cases(subjects, Label.CORE, Level.VIEW))
    return files


def tab_condition(user: User, tab: Tab) -> Q:
    """The files of a tab, among those held."""
    if tab is Tab.ALL:
        return Q()
    if tab is Tab.ASSIGN:
        return to_assign(user)
    standing = standing_of(user)
    subjects = [standing.user_subject_id] if tab is Tab.MINE else [post.team_subject_id for post in standing.posts]
    return Q(pk__in=granted_cases([one for one in subjects if one], Label.CORE, Level.VIEW))


def to_assign(user: User) -> Q:
    """Files with a child or an accepted contact and nobody leading, which this person may allocate."""
    mine = CaseFile.objects.allowing(user, Action.ALLOCATE)
    led = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True)
    with_child = Child.objects.allowing(user, Action.VIEW_FILE)
    accepted = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(outcome=Contact.Outcome.ACCEPTED)
    ready = Q(pk__in=with_child.values("case")) | Q(pk__in=accepted.values("case"))
    return Q(pk__in=mine.values("pk")) & ready & ~Q(pk__in=led.values("case"))


def born_by(day: date, years: int) -> date:
    """The latest date of birth of somebody who has turned `years` by this day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - years, day=28)


def _of_age(band: str, today: date) -> Q:
    if band == AgeBand.NOT_KNOWN:
        return Q(date_of_birth__isnull=True)
    youngest, below = AGES[AgeBand(band)]
    condition = Q(date_of_birth__isnull=False)
    if youngest is not None:
        condition &= Q(date_of_birth__lte=born_by(today, youngest))
    if below is not None:
        condition &= Q(date_of_birth__gt=born_by(today, below))
    return condition


def _seen_since(user: User, days: int) -> Q:
    start = timezone.now() - timedelta(days=days)
    notes = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(seen__in=SEEN, happened_at__gte=start)
    return Q(pk__in=notes.values("case"))


def _led_by(user: User, lead: str) -> Q:
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True)
    if lead == NOBODY:
        return ~Q(pk__in=leads.values("case"))
    return Q(pk__in=leads.filter(worker=int(lead)).values("case"))


def as_reference(words: str) -> str:
    """A file's reference, however it was typed, or nothing: "cre 42" -> "CRE-000042"."""
    found = re.fullmatch(r"\s*cre[\s-]*0*(\d{1,12})\s*", words, re.IGNORECASE)
    return f"CRE-{found[1].zfill(6)}" if found else ""


def _called(user: User, words: str) -> Q:
    reference = as_reference(words)
    if reference:
        return Q(reference=reference)
    return Q(pk__in=children_named(user, words).values("case"))


def filter_condition(user: User, filters: Filters) -> Q:
    """The filters as one condition on a file."""
    today, condition = timezone.localdate(), Q()
    about_child = Q()
    if filters.send == "protected":
        about_child &= Q(send_status__in=PROTECTED_BY_SEND)
    elif filters.send:
        about_child &= Q(send_status=filters.send)
    if filters.age:
        about_child &= _of_age(filters.age, today)
    if about_child:
        children = Child.objects.allowing(user, Action.VIEW_FILE).filter(about_child)
        condition &= Q(pk__in=children.values("case"))
    if filters.words:
        condition &= _called(user, filters.words)
    if filters.lead:
        condition &= _led_by(user, filters.lead)
    if filters.not_seen_for is not None:
        condition &= ~_seen_since(user, filters.not_seen_for)
    if filters.seen_within is not None:
        condition &= _seen_since(user, filters.seen_within)
    return condition


def worklist(user: User, tabs: Iterable[Tab], tab: Tab, filters: Filters, page: int) -> Worklist:
    """One page of a tab: the longest not seen first (never seen before all), and a count for each tab."""
    held = held_files(user)
    conditions = {str(one): tab_condition(user, one) for one in tabs}
    wanted = tab_condition(user, tab) & filter_condition(user, filters)
    counted = {name: Count("pk", filter=condition) for name, condition in {**conditions, "listed": wanted}.items()}
    counts = held.aggregate(**counted)
    listed = counts.pop("listed")
    page = min(max(page, 1), max(1, -(-listed // PER_PAGE)))
    order = ["opened_at", "reference"] if tab is Tab.ASSIGN else [F("seen_at").asc(nulls_first=True), "reference"]
    start = (page - 1) * PER_PAGE
    files = list(_with_last_seen(held.filter(wanted), user).order_by(*order)[start : start + PER_PAGE])
    return Worklist(counts, listed, page, rows_of(files, user))


def _with_last_seen(files: QuerySet[Any], user: User) -> QuerySet[Any]:
    notes = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(case=OuterRef("pk"), seen__in=SEEN)
    return files.annotate(seen_at=Subquery(notes.order_by("-happened_at").values("happened_at")[:1]))


def rows_of(files: list[Any], user: User) -> list[Row]:
    """What a list shows of each file: four queries however many there are."""
    ids = [case.pk for case in files]
    children = _by_case(Child.objects.allowing(user, Action.VIEW_FILE), ids)
    leads = _by_case(current_leads(user), ids)
    childless = [pk for pk in ids if pk not in children]
    contacts = Contact.objects.allowing(user, Action.VIEW_CONTACTS).order_by("-received_at", "-pk")
    first_contacts = _by_case(contacts, childless) if childless else {}
    plans: dict[UUID, list[OtherPlan]] = {}
    running = OtherPlan.objects.allowing(user, Action.VIEW_FILE).filter(ended_on__isnull=True)
    for plan in running.filter(case__in=ids).order_by("kind"):
        plans.setdefault(plan.case_id, []).append(plan)
    return [
        Row(
            case=case,
            child=children.get(case.pk),
            lead=leads.get(case.pk),
            plans=plans.get(case.pk, []),
            seen_at=getattr(case, "seen_at", None),
            contact=first_contacts.get(case.pk),
        )
        for case in files
    ]


def _by_case(records: QuerySet[Any], ids: list[UUID]) -> dict[UUID, Any]:
    return {one.case_id: one for one in records.filter(case__in=ids)}


def current_leads(user: User) -> QuerySet[Any]:
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True)
    return leads.select_related("worker", "team")


def workers_who_lead(user: User) -> list[User]:
    """Those who lead on a file this person holds: the choices of the filter."""
    files = held_files(user).values("pk")
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True, case__in=files)
    return list(User.objects.filter(pk__in=leads.values("worker")).order_by("name"))
