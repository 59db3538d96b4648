"""What comes back of the directory, referrals, routes and information. Case data starts from `allowing`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, When

from access.models import Allocation, CaseFile
from access.querysets import NOTHING, not_excluded
from access.roles import Action
from access.standing import standing_of
from accounts.models import Agency, Team, User
from assessments.models import EffectiveTier
from children.models import Child, ContactSafetyDecision, Person
from meetings.models import StrategyOutcome
from offer.ages import age_on
from offer.levels import Tier
from plans.models import PlanItem
from referrals.fit import closed, is_paused, not_checked_since, outside, tier_called
from referrals.models import (
    EscalationRoute,
    InformationGrading,
    InformationReport,
    Referral,
    Service,
    ServiceVersion,
)
from referrals.states import OPEN

Complicity = ContactSafetyDecision.Complicity


# The directory


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the directory; empty ones ask nothing."""

    item: str = ""
    tier: str = ""
    age: int | None = None
    type: str = ""
    state: str = ""
    unchecked: bool = False


def entries() -> QuerySet[Service]:
    return Service.objects.select_related("provider", "team__agency")


def directory(wanted: Wanted, today: date) -> list[Service]:
    """Entries that serve what is wanted, by name; ended ones only where `state` asks for them."""
    found = entries().filter(ended_at__isnull=wanted.state != "ended")
    if wanted.item:
        found = found.filter(items__contains=[wanted.item])
    if wanted.type:
        found = found.filter(Q(types=[]) | Q(types__contains=[wanted.type]))
    if wanted.age is not None:
        found = found.filter(
            Q(youngest__isnull=True) | Q(youngest__lte=wanted.age), Q(oldest__isnull=True) | Q(oldest__gte=wanted.age)
        )
    tier = tier_called(wanted.tier)
    if tier is not None:
        found = found.filter(lowest_tier__in=[one.name.lower() for one in Tier if one <= tier])
    if wanted.unchecked:
        found = found.filter(Q(checked_on__isnull=True) | Q(checked_on__lte=not_checked_since(today)))
    shown = list(found)
    if wanted.state in ("open", "paused"):
        shown = [one for one in shown if is_paused(one, today) == (wanted.state == "paused")]
    return shown


def files_by_service() -> dict[int, int]:
    """How many files have an open referral to each entry: a count, and nothing of whose they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT service_id, files FROM sec.service_use()")
        return dict(cursor.fetchall())


def versions_of(service: Service) -> list[ServiceVersion]:
    """An entry as it was saved each time, newest first."""
    return list(ServiceVersion.objects.filter(service=service).select_related("by").order_by("-version", "-pk"))


def live_agencies() -> list[Agency]:
    return list(Agency.objects.filter(ended_at__isnull=True))


def live_teams() -> list[Team]:
    live = Team.objects.filter(ended_at__isnull=True, agency__ended_at__isnull=True, city_wide_level=0)
    return list(live.select_related("agency"))


def people_of_provider(service: Service) -> list[User]:
    """Those who work for the provider, by name."""
    live = User.objects.filter(
        is_active=True, memberships__ended_at__isnull=True, memberships__team__agency=service.provider_id
    )
    return list(live.distinct().order_by("name"))


# Services for one child


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as it stands to one child: `blocked` says why it cannot be asked, `outside` what does not fit."""

    service: Service
    blocked: str
    outside: tuple[str, ...]
    serves_item: bool

    @property
    def fits(self) -> bool:
        return self.serves_item and not self.outside


def tier_of(case: CaseFile, user: User) -> Tier | None:
    """The tier in effect now; None where none is, or it may not be seen."""
    current = EffectiveTier.objects.allowing(user, Action.VIEW_TIER).filter(case=case, until_at__isnull=True)
    name = current.values_list("tier", flat=True).first()
    return tier_called(name) if name else None


def age_of(child: Child | None, today: date) -> int | None:
    return age_on(child.date_of_birth, today) if child and child.date_of_birth else None


def candidates(child: Child | None, tier: Tier | None, item: PlanItem | None, today: date) -> list[Candidate]:
    """All entries in use: those that fit and take referrals first, the closed ones last."""
    age = age_of(child, today)
    found = [
        Candidate(
            service=one,
            blocked=closed(one, today),
            outside=outside(one, age, tier),
            serves_item=item is None or not item.code or item.code in one.items,
        )
        for one in entries().filter(ended_at__isnull=True)
    ]
    return sorted(found, key=lambda one: (bool(one.blocked), not one.fits, one.service.name))


def described(child: Child, person: Person | None, today: date) -> str:
    """Who is referred, as the provider reads it."""
    if person is not None:
        return f"{person.name}, {person.get_relationship_display().lower()} of {child}"[:200]
    age = age_of(child, today)
    return (str(child) if age is None else f"{child}, {age}")[:200]


def complicity_of(case: CaseFile, people: list[Person]) -> dict[int, str]:
    """What was last decided on contact with each, by id, for whoever may refer them; absent where nothing was."""
    query = "SELECT p.id, sec.complicity_for_referral(%s, p.id) FROM unnest(%s::bigint[]) AS p (id)"
    with connection.cursor() as cursor:
        cursor.execute(query, [case.pk, [person.pk for person in people]])
        return {pk: complicity for pk, complicity in cursor.fetchall() if complicity}


def may_not_be_referred(complicity: str, name: str, *, decides: bool) -> str:
    """Why a parent or carer may not be referred (BR-08), or nothing. `decides`: whoever asks decides on contact."""
    if complicity == Complicity.CONSIDERED_COMPLICIT:
        return f"{name} cannot be referred: see the decision on contact under Family and people."
    if complicity == Complicity.SUSPECTED and not decides:
        return f"A referral of {name} is held. Ask the manager or chair to decide and send it."
    return ""


# Referrals


def referrals_of(case: CaseFile, user: User) -> list[Referral]:
    """The referrals of a file that this person may see, newest first."""
    found = Referral.objects.allowing(user, Action.VIEW_REFERRALS).filter(case=case)
    return list(_with_names(found))


def still_open(case: CaseFile, user: User) -> list[str]:
    """What of referrals keeps a file from being closed, in sentences."""
    found = Referral.objects.allowing(user, Action.VIEW_REFERRALS).filter(case=case, state__in=OPEN)
    names = found.order_by("service__name").values_list("service__name", flat=True).distinct()
    return [f"The referral to {name} is open. Withdraw it, or let them end the work." for name in names]


def _with_names(found: QuerySet[Any]) -> QuerySet[Any]:
    """Not with the disclosure: its receiver may not read that, and a join would hide the referral from them."""
    return found.select_related("service", "team__agency", "author", "answered_by", "item").order_by("-sent_at", "-pk")


def referrals_to_me(user: User, state: str = "") -> QuerySet[Any]:
    """Referrals of files this person holds that were sent to a team of theirs, or by them; the waiting ones first."""
    mine = Q(team__in=standing_of(user).team_ids) | Q(author=user)
    found = Referral.objects.allowing(user, Action.VIEW_REFERRALS).filter(mine)
    if state:
        found = found.filter(state=state)
    waiting = Case(When(state=Referral.State.SENT, then=0), default=1)
    return _with_names(found).select_related("case").order_by(waiting, "-sent_at", "-pk")


def open_referral(case: CaseFile, user: User, service: Service, person: Person | None) -> Referral | None:
    """The referral of the same person to the same service that has not finished (BR-14)."""
    before = Referral.objects.allowing(user, Action.VIEW_REFERRALS)
    found: Referral | None = (
        before.filter(case=case, service=service, person=person, state__in=OPEN).select_related("author").first()
    )
    return found


# The escalation route


def routes_of(case: CaseFile, user: User) -> list[EscalationRoute]:
    """Every route of a file, the open one first, then the newest."""
    found = EscalationRoute.objects.allowing(user, Action.VIEW_REFERRALS).filter(case=case)
    ordered = found.select_related("author", "closed_by").order_by(
        F("closed_at").desc(nulls_first=True), "-opened_at", "-pk"
    )
    return list(ordered)


def route_objections(case: CaseFile, user: User) -> dict[str, str]:
    """For each route why it cannot be opened now, as a sentence; a route that can be is not there (BR-04)."""
    routes = EscalationRoute.Route
    if StrategyOutcome.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case, s47_met=True).exists():
        return dict.fromkeys(routes, "A section 47 enquiry is recorded: follow the strategy discussion.")
    running = EscalationRoute.objects.allowing(user, Action.ESCALATE).filter(case=case, closed_at__isnull=True).first()
    if running:
        return dict.fromkeys(routes, f"A route is open: {running}. Close it first, saying why; its history is kept.")
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(case=case, ended_at__isnull=True)
    lead = leads.select_related("worker").first()
    if lead:
        return {
            routes.IRT: f"{lead.worker.name} is the allocated social worker, so the Initial Response Team is not asked."
        }
    return {routes.EXISTING_SW: "No social worker is allocated to this child."}


def route_objection(case: CaseFile, user: User, route: str) -> str:
    """Why this route cannot be opened now, as a sentence; empty where it can."""
    return route_objections(case, user).get(route, "")


# Information for the police


def reports_sent(case: CaseFile, user: User) -> list[InformationReport]:
    """What this person told the police about the child, newest first. Nobody reads a colleague's."""
    own = InformationReport.objects.allowing(user, Action.SEND_INFORMATION).filter(case=case, author=user)
    return list(own.select_related("agency").order_by("-sent_at", "-pk"))


def number_sent(case: CaseFile) -> int:
    """How many reports were sent about the child, by anybody; nothing of them. 0 for partners."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.information_sent(%s)", [case.pk])
        return int(cursor.fetchone()[0])


def received_reports(user: User) -> QuerySet[Any]:
    """Every report, for those in the police who receive information; whether or not they hold the file."""
    receives = Action.RECEIVE_INFORMATION
    allowed = Q() if standing_of(user).allows(receives) else NOTHING
    found: QuerySet[Any] = InformationReport.objects.filter(allowed, not_excluded("case")).select_related(
        "author", "agency", "acknowledged_by"
    )
    return found


def received(user: User, *, waiting: bool) -> QuerySet[Any]:
    """The most urgent first, then the oldest; answered ones newest first."""
    found = received_reports(user).filter(acknowledged_at__isnull=waiting)
    if not waiting:
        return found.order_by("-acknowledged_at", "-pk")
    places = {InformationReport.Urgency.TODAY: 0, InformationReport.Urgency.SOON: 1}
    urgency = Case(*(When(urgency=value, then=place) for value, place in places.items()), default=2)
    return found.order_by(urgency, "sent_at", "pk")


def gradings_of(report: InformationReport) -> list[InformationGrading]:
    """How the police graded it, newest first; read by them alone."""
    return list(report.gradings.select_related("graded_by").order_by("-graded_at", "-pk"))


def written_for_professionals(user: User) -> list[QuerySet[Any, Any]]:
    """What somebody sent to the police, and referrals to services: words that no family is given."""
    sent = InformationReport.objects.allowing(user, Action.SEND_INFORMATION)
    return [
        sent.values_list("people", "places", "vehicles", "phones_and_online", "fact", "opinion", "risk_to_source"),
        Referral.objects.allowing(user, Action.VIEW_REFERRALS).values_list("asked_for", "what_they_need"),
    ]
