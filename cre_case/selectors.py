"""What comes back from many files at once, and who may see one. Each starts from `allowing`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from access.models import Allocation, CaseAccess, CaseFile, ConflictExclusion
from access.parts import Label
from access.querysets import allowed_files, granted
from access.roles import Action, Level
from access.selectors import KnownToExist
from access.standing import standing_of
from accounts.models import Membership, Team, User
from accounts.roles import AgencyKind, Role
from assessments.models import EffectiveTier
from children.models import Alias, CaseNote, Child, Contact, OtherPlan
from children.names import parts
from children.selectors import REFERENCE, children_named, known_to_exist_called
from deadlines.models import Deadline

PER_PAGE = 20
MOST_FOUND = 25  # a longer answer to a search asks for more letters
SEEN = (CaseNote.Seen.ALONE, CaseNote.Seen.WITH_OTHERS)
PROTECTED_BY_SEND = (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED)
DUE_FIRST = [F("due_at").asc(nulls_last=True), F("seen_at").asc(nulls_first=True), "reference"]
DUE_WITHIN = {"overdue": timedelta(0), "2": timedelta(days=2), "7": timedelta(days=7)}
WAITS_FOR_CPM, NO_TIER = "waits", "unassessed"  # in the filter, beside the tiers
NOBODY = "nobody"  # in the filter: files without an allocated worker


class Tab(StrEnum):
    MINE = "mine"
    TEAM = "team"
    ALL = "all"
    ASSIGN = "assign"
    CLOSED = "closed"


# In which order a tab lists its files, where it is not by what is due.
ORDERS = {Tab.ASSIGN: ["opened_at", "reference"], Tab.CLOSED: ["-closed_at", "reference"]}


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
    tier: str = ""
    due: str = ""
    send: str = ""
    age: str = ""
    lead: str = ""
    not_seen_for: int | None = None
    seen_within: int | None = None


@dataclass(frozen=True, slots=True)
class Tiered:
    """The tier in effect. `waits`: only a floor, until a Child Protection Manager has answered."""

    tier: str
    waits: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class NextDue:
    """The clock of a file that runs out first."""

    rule_id: str
    limit: datetime
    by_day: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One file in a list, with what this person may know of it."""

    case: CaseFile
    child: Child | None
    lead: str
    led_since: datetime | None
    plans: tuple[OtherPlan.Kind, ...]
    seen_at: datetime | None
    contact: Contact | None
    tier: Tiered | None
    next_due: NextDue | None


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
    """The open files this person holds (see `kept_files`)."""
    return kept_files(user).filter(closed_at__isnull=True)


def kept_files(user: User) -> QuerySet[Any]:
    """Files this person holds by a grant, their team's or their own: those worked on, and those closed.

    What standing city-wide access would open is not among them: it is found by searching, one file at a time.
    """
    return CaseFile.objects.allowing(user, Action.VIEW_FILE).filter(_held(user, "pk"))


def _held(user: User, field: str) -> Q:
    """Among the files a person may see, whose ids the field holds, those of `kept_files`."""
    standing = standing_of(user)
    if not standing.city_wide(Action.VIEW_FILE):
        return Q()
    return granted(field, standing.subjects(Action.VIEW_FILE), Label.CORE, Level.VIEW)


def tab_condition(user: User, tab: Tab) -> Q:
    """The files of a tab, among those kept."""
    return Q(closed_at__isnull=tab is not Tab.CLOSED) & _held_as(user, tab)


def _held_as(user: User, tab: Tab) -> Q:
    if tab in (Tab.ALL, Tab.CLOSED):
        return Q()
    if tab is Tab.ASSIGN:
        return to_assign(user)
    standing = standing_of(user)
    own = [standing.user_subject_id] if standing.user_subject_id is not None else []
    return granted("pk", own if tab is Tab.MINE else standing.every_subject, Label.CORE, Level.VIEW)


def to_assign(user: User) -> Q:
    """Files with a child or an accepted contact and nobody leading, which this person may allocate."""
    this = OuterRef("pk")
    led = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(case=this, ended_at__isnull=True)
    child = Child.objects.allowing(user, Action.VIEW_FILE).filter(case=this)
    contacts = Contact.objects.allowing(user, Action.VIEW_CONTACTS).filter(case=this)
    ready = Exists(child) | Exists(contacts.filter(outcome=Contact.Outcome.ACCEPTED))
    # Few files have nobody leading, so that is asked before the rest.
    return ~Exists(led) & ready & allowed_files(user, Action.ALLOCATE)


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
    notes = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(seen__literally=SEEN, happened_at__gte=start)
    return Q(pk__in=notes.values("case"))


def _of_tier(user: User, tier: str) -> Q:
    current = EffectiveTier.objects.allowing(user, Action.VIEW_TIER).filter(until_at__isnull=True)
    if tier == WAITS_FOR_CPM:
        return Q(pk__in=current.filter(provisional=True).values("case"))
    if tier == NO_TIER:
        return ~Q(pk__in=current.values("case"))
    return Q(pk__in=current.filter(tier=tier).values("case"))


def _due(user: User, within: timedelta) -> Q:
    running = Deadline.objects.allowing(user, Action.VIEW_DEADLINES).filter(state=Deadline.State.OPEN)
    return Q(pk__in=running.filter(limit_at__lt=timezone.now() + within).values("case"))


def _led_by(user: User, lead: str) -> Q:
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True)
    if lead == NOBODY:
        return ~Q(pk__in=leads.values("case"))
    return Q(pk__in=leads.filter(worker=int(lead)).values("case"))


def as_reference(words: str) -> str:
    """A file's reference, however it was typed, or nothing: "cre 42" and "42" -> "CRE-000042"."""
    found = REFERENCE.fullmatch(words.strip())
    return f"CRE-{found[1].zfill(6)}" if found else ""


def _called(user: User, words: str) -> Q:
    reference = as_reference(words)
    if reference:
        return Q(reference=reference)
    return Q(pk__in=children_named(user, words).values("case"))


def _about_child(filters: Filters, today: date) -> Q:
    condition = _of_age(filters.age, today) if filters.age else Q()
    if filters.send == "protected":
        return condition & Q(send_status__in=PROTECTED_BY_SEND)
    return condition & Q(send_status=filters.send) if filters.send else condition


def filter_condition(user: User, filters: Filters) -> Q:
    """The filters as one condition on a file."""
    condition = _called(user, filters.words) if filters.words else Q()
    about_child = _about_child(filters, timezone.localdate())
    if about_child:
        children = Child.objects.allowing(user, Action.VIEW_FILE).filter(about_child)
        condition &= Q(pk__in=children.values("case"))
    if filters.tier:
        condition &= _of_tier(user, filters.tier)
    if filters.due:
        condition &= _due(user, DUE_WITHIN[filters.due])
    if filters.lead:
        condition &= _led_by(user, filters.lead)
    if filters.not_seen_for:
        condition &= ~_seen_since(user, filters.not_seen_for)
    if filters.seen_within:
        condition &= _seen_since(user, filters.seen_within)
    return condition


def worklist(user: User, tabs: Iterable[Tab], tab: Tab, filters: Filters, page: int) -> Worklist:
    """One page of a tab, and a count for each tab: what is due first, then the longest not seen (never before all)."""
    held = kept_files(user)
    conditions = {str(one): tab_condition(user, one) for one in tabs}
    narrowed = filter_condition(user, filters)
    wanted = conditions[tab] & narrowed
    counted = {**conditions, "listed": wanted} if narrowed else conditions
    counts = held.aggregate(**{name: Count("pk", filter=condition) for name, condition in counted.items()})
    listed = counts.pop("listed") if narrowed else counts[tab]
    page = min(max(page, 1), max(1, -(-listed // PER_PAGE)))
    order = ORDERS.get(tab, DUE_FIRST)
    start = (page - 1) * PER_PAGE
    files = list(_with_facts(held.filter(wanted), user).order_by(*order)[start : start + PER_PAGE])
    return Worklist(counts, listed, page, rows_of(files, user))


def _with_facts(files: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Each file with its tier, what is due next, when the child was last seen, who leads, and the plans that run."""
    this = OuterRef("pk")
    notes = CaseNote.objects.allowing(user, Action.VIEW_NOTES).filter(case=this, seen__literally=SEEN)
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(case=this, ended_at__isnull=True)
    plans = OtherPlan.objects.allowing(user, Action.VIEW_FILE).filter(case=this, ended_on__isnull=True)
    tiers = EffectiveTier.objects.allowing(user, Action.VIEW_TIER).filter(case=this, until_at__isnull=True)
    clocks = Deadline.objects.allowing(user, Action.VIEW_DEADLINES).filter(
        case=this, state__literally=Deadline.State.OPEN
    )
    first = clocks.filter(state__literally=Deadline.State.OPEN).order_by("limit_at", "pk")
    found: QuerySet[Any] = files.annotate(
        tier=Subquery(tiers.values(one=JSONObject(tier="tier", waits="provisional", since="from_at"))[:1]),
        due_at=Subquery(first.values("limit_at")[:1]),
        due=Subquery(first.values(one=JSONObject(rule="rule_id", day="limit_on"))[:1]),
        seen_at=Subquery(notes.order_by("-happened_at").values("happened_at")[:1]),
        lead=Subquery(leads.values(lead=JSONObject(name="worker__name", since="started_at"))[:1]),
        plans=ArraySubquery(plans.order_by("kind").values("kind").distinct()),
    )
    return found


def rows_of(files: list[Any], user: User) -> list[Row]:
    """The files of a page with their children; for a file without one, the contact it began with."""
    ids = [case.pk for case in files]
    children = _by_case(Child.objects.allowing(user, Action.VIEW_FILE), ids)
    childless = [pk for pk in ids if pk not in children]
    contacts = Contact.objects.allowing(user, Action.VIEW_CONTACTS).order_by("-received_at", "-pk")
    first_contacts = _by_case(contacts, childless) if childless else {}
    return [
        Row(
            case=case,
            child=children.get(case.pk),
            lead=case.lead["name"] if case.lead else "",
            led_since=datetime.fromisoformat(case.lead["since"]) if case.lead else None,
            plans=tuple(map(OtherPlan.Kind, case.plans)),
            seen_at=case.seen_at,
            contact=first_contacts.get(case.pk),
            tier=_tiered(case.tier),
            next_due=NextDue(case.due["rule"], case.due_at, by_day=bool(case.due["day"])) if case.due else None,
        )
        for case in files
    ]


def _tiered(found: dict[str, Any] | None) -> Tiered | None:
    return Tiered(found["tier"], found["waits"], datetime.fromisoformat(found["since"])) if found else None


def _by_case(records: QuerySet[Any], ids: list[UUID]) -> dict[UUID, Any]:
    return {one.case_id: one for one in records.filter(case__in=ids)}


def workers_who_lead(user: User) -> list[User]:
    """Those who lead on a file this person holds: the choices of the filter."""
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(_held(user, "case"), ended_at__isnull=True)
    return list(User.objects.filter(pk__in=leads.values("worker")).order_by("name"))


# Search


BY_REFERENCE, BY_NUMBER, BY_NAME, BY_SOUND = "Reference", "NHS number", "Name", "Name sounds like it"


@dataclass(frozen=True, slots=True)
class Found:
    case: CaseFile
    child: Child | None
    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, the best first. `more`: there is more than can be shown."""

    found: tuple[Found, ...] = ()
    more: bool = False
    known: tuple[KnownToExist, ...] = ()  # files that match, of which no more may be said


def search(user: User, words: str) -> Answer:
    """Files this person may see, by reference, by NHS number where they may see identifiers, or by name.

    Names that are written so come before names that only begin or sound so.
    """
    known = known_to_exist_called(words)
    children = _with_names(children_named(user, words), user)[: MOST_FOUND + 1]
    found = [_found(child, _reason(parts(words), words, child)) for child in children]
    found.sort(key=lambda one: one.reason == BY_SOUND)  # keeps the order otherwise
    if not found and as_reference(words):
        found = _without_child(user, as_reference(words))
    return Answer(tuple(found[:MOST_FOUND]), len(found) > MOST_FOUND, known)


def _without_child(user: User, reference: str) -> list[Found]:
    cases = CaseFile.objects.allowing(user, Action.VIEW_FILE).filter(reference=reference)
    return [Found(case, None, "", BY_REFERENCE) for case in cases]


def _with_names(children: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Children with the files they are on, who leads, and by what other names they are known."""
    this = OuterRef("case")
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(case=this, ended_at__isnull=True)
    aliases = Alias.objects.allowing(user, Action.VIEW_FILE).filter(case=this, ended_at__isnull=True)
    found: QuerySet[Any] = children.select_related("case").annotate(
        lead_name=Subquery(leads.values("worker__name")[:1]),
        other_names=ArraySubquery(aliases.order_by("name").values("name")),
    )
    return found


def _found(child: Any, reason: str) -> Found:
    return Found(child.case, child, child.lead_name or "", reason)


def _is_written(typed: list[str], names: list[str]) -> bool:
    """Each word begins a part of the names."""
    written = [part for name in names for part in parts(name)]
    return all(any(part.startswith(word) for part in written) for word in typed)


def _reason(typed: list[str], words: str, child: Any) -> str:
    """Why a child was found, in words."""
    if as_reference(words) == child.case.reference:
        return BY_REFERENCE
    if not typed:
        return BY_NUMBER
    own = [child.given_names, child.family_name, child.known_as]
    if _is_written(typed, own):
        return BY_NAME
    other = next((name for name in child.other_names if _is_written(typed, [*own, name])), "")
    return f"Also known as {other}" if other else BY_SOUND


# Allocation


@dataclass(frozen=True, slots=True)
class Post:
    """A social worker in a team, and of how many children they are the lead, where the asker may know."""

    membership: Membership
    children: int | None


def posts_to_choose(case: CaseFile, user: User) -> list[Post]:
    """Social workers of the council who could lead on the file: the asker's own teams first.

    Not one to whom the file is closed. How many children somebody has is told for the asker's own teams only:
    what others have is not theirs to see.
    """
    closed = ConflictExclusion.objects.allowing(user, Action.EXCLUDE).filter(case=case, ended_at__isnull=True)
    memberships = Membership.objects.filter(
        role=Role.SOCIAL_WORKER, ended_at__isnull=True, user__is_active=True, team__ended_at__isnull=True,
        team__agency__kind=AgencyKind.COUNCIL, team__agency__ended_at__isnull=True,
    ).exclude(user__in=closed.values("user"))  # fmt: skip
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(ended_at__isnull=True)
    counts = dict(leads.values("worker").annotate(number=Count("pk")).values_list("worker", "number"))
    own = standing_of(user).team_ids
    posts = [
        Post(held, counts.get(held.user_id, 0) if held.team_id in own else None)
        for held in memberships.select_related("user", "team")
    ]
    return sorted(posts, key=lambda post: (post.children is None, post.membership.team.name, post.membership.user.name))


# Who can see a file


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant with the names that go with it."""

    pk: int
    level: Level
    labels: tuple[Label, ...]
    source: CaseAccess.Source
    purpose: str
    lawful_basis: str
    reason: str
    since: datetime
    until: datetime | None
    team: str
    agency: str
    person: str
    job_title: str
    given_by: str
    ended_by: str
    is_live: bool


# Names by index, one by one: the planner cannot know that a file has few grants.
_GRANT_LINES = """
SELECT g.id, g.level, g.labels, g.source, g.purpose, g.lawful_basis, g.reason, g.valid_from, g.valid_until,
       coalesce(holder.team, ''), coalesce(holder.agency, ''), coalesce(holder.person, ''),
       coalesce(holder.job_title, ''),
       (SELECT u.name FROM accounts_user AS u WHERE u.id = g.granted_by_id),
       coalesce((SELECT u.name FROM accounts_user AS u WHERE u.id = g.ended_by_id), ''),
       g.valid_from <= now() AND (g.valid_until IS NULL OR g.valid_until > now())
FROM sec.grants_of(%s) AS g
CROSS JOIN LATERAL (
    SELECT t.name AS team, a.name AS agency, u.name AS person, u.job_title
    FROM accounts_subject AS s
    LEFT JOIN accounts_team AS t ON t.id = s.team_id
    LEFT JOIN accounts_agency AS a ON a.id = t.agency_id
    LEFT JOIN accounts_user AS u ON u.id = s.user_id
    WHERE s.id = g.subject_id
    LIMIT 1
) AS holder
ORDER BY g.valid_from DESC, g.id DESC
"""


def grant_lines(case: CaseFile) -> list[GrantLine]:
    """Every grant ever made on the file, newest first, in one query; none unless the asker may see who has access."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANT_LINES, [case.pk])
        return [
            GrantLine(pk, Level(level), tuple(map(Label, labels)), CaseAccess.Source(source), *rest)
            for pk, level, labels, source, *rest in cursor.fetchall()
        ]


def own_grants(case: CaseFile) -> list[CaseAccess]:
    """The live grants through which whoever asks sees the file; the second wall shows them nobody else's."""
    now = timezone.now()
    live = CaseAccess.objects.filter(case=case, valid_from__lte=now, level__gt=0).exclude(valid_until__lte=now)
    return list(live.select_related("subject__team__agency", "granted_by").order_by("-valid_from", "-pk"))


def city_wide_teams() -> list[Team]:
    """Teams with standing access to every file."""
    return list(Team.objects.filter(city_wide_level__gt=0, ended_at__isnull=True).select_related("agency"))


def teams_to_share_with() -> list[Team]:
    live = Team.objects.filter(ended_at__isnull=True, agency__ended_at__isnull=True, city_wide_level=0)
    return list(live.select_related("agency"))


def labels_held(case: CaseFile, user: User) -> frozenset[Label]:
    """The parts of the file this person holds, and so may share."""
    standing = standing_of(user)
    held = CaseAccess.objects.filter(
        case=case, subject__in=standing.subjects(Action.SHARE), valid_from__lte=timezone.now(), level__gt=0
    )
    live = held.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now()))
    labels = {label for one in live.values_list("labels", flat=True) for label in one}
    labels |= {label for post in standing.posts if post.city_wide_level for label in post.city_wide_labels}
    return frozenset(map(Label, labels))


def person_called(typed: str) -> list[User]:
    """Accounts in use with that sign-in name, or else that name; at most ten."""
    live = User.objects.filter(is_active=True)
    exact = live.filter(username__iexact=typed)
    return list(exact or live.filter(name__iexact=typed)[:10])


def names_of(ids: Iterable[int]) -> dict[int, User]:
    """People by id, each with `.agency_name`, in one query."""
    agency = Membership.objects.filter(user=OuterRef("pk")).order_by("ended_at", "pk").values("team__agency__name")[:1]
    return {user.pk: user for user in User.objects.filter(pk__in=set(ids)).annotate(agency_name=Subquery(agency))}
