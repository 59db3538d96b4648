"""Lists of people and teams. They hold no case data."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Agency, Membership, Team, User


def people(query: str = "") -> QuerySet[User]:
    """People whose name or user name contains the words, those with accounts first."""
    live = Membership.objects.filter(ended_at__isnull=True).select_related("team__agency")
    found = User.objects.prefetch_related(Prefetch("memberships", queryset=live, to_attr="posts"))
    for word in query.split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word))
    return found.order_by("-is_active", "name", "pk")


def memberships_of(person: User) -> QuerySet[Membership]:
    return person.memberships.select_related("team__agency", "started_by").order_by("ended_at", "-started_at")


def teams() -> QuerySet[Any]:
    """Teams with how many people are in each, those that have ended last."""
    members = Count("memberships", filter=Q(memberships__ended_at__isnull=True), distinct=True)
    return Team.objects.select_related("agency").annotate(members=members).order_by(
        "ended_at", "agency__name", "name"
    )  # fmt: skip


def live_teams() -> list[Team]:
    return list(Team.objects.filter(ended_at__isnull=True, agency__ended_at__isnull=True).select_related("agency"))


def agencies() -> list[Agency]:
    return list(Agency.objects.filter(ended_at__isnull=True))
