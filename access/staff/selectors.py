"""Lists of people and teams. They hold no case data."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Agency, Membership, Team, User

MOST_WORDS = 5


def people(*, words: str = "", team: int | None = None, ended: bool = False) -> QuerySet[User]:
    """People whose name or user name holds each of the words; those who work here, or those whose account ended."""
    live = Membership.objects.filter(ended_at__isnull=True).select_related("team__agency")
    found = User.objects.filter(is_active=not ended)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word))
    if team is not None:
        found = found.filter(pk__in=live.filter(team=team).values("user"))
    return found.prefetch_related(Prefetch("memberships", queryset=live, to_attr="posts")).order_by("name", "pk")


def memberships_of(person: User) -> list[Membership]:
    """Every role the person has had, those they have first."""
    held = person.memberships.select_related("team__agency", "started_by", "ended_by")
    return sorted(held.order_by("-started_at", "-pk"), key=lambda one: one.ended_at is not None)


def members_of(team: Team) -> QuerySet[Membership]:
    return team.memberships.filter(ended_at__isnull=True).select_related("user").order_by("user__name", "role")


def teams() -> QuerySet[Any]:
    """Teams with how many people are in each, by agency; those that have ended last."""
    members = Count("memberships__user", filter=Q(memberships__ended_at__isnull=True), distinct=True)
    found = Team.objects.select_related("agency").annotate(members=members, has_ended=Q(ended_at__isnull=False))
    return found.order_by("has_ended", "agency__name", "name")


def live_teams() -> list[Team]:
    return list(Team.objects.filter(ended_at__isnull=True, agency__ended_at__isnull=True).select_related("agency"))


def agencies() -> QuerySet[Any]:
    """Agencies with how many teams each has; those that have ended last."""
    live = Count("teams", filter=Q(teams__ended_at__isnull=True))
    found = Agency.objects.annotate(live_teams=live, has_ended=Q(ended_at__isnull=False))
    return found.order_by("has_ended", "name")


def live_agencies() -> list[Agency]:
    return list(Agency.objects.filter(ended_at__isnull=True))
