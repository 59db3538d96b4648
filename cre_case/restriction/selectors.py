"""Whom a file could be left to, and which teams might know of it."""

from dataclasses import dataclass

from django.utils import timezone

from access.models import CaseFile
from access.roles import ROLE_ACTIONS, Action
from access.selectors import grants_of, is_live
from accounts.models import Membership, Team, User
from accounts.roles import AgencyKind

SEES = tuple(role for role, actions in ROLE_ACTIONS.items() if Action.VIEW_FILE in actions)


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a file today: people who could be named on it, each with a team, and teams of the council."""

    people: tuple[Membership, ...]
    teams: tuple[Team, ...]


def holders(case: CaseFile, *, apart_from: User) -> Holders:
    """Read from the grants that are live now; nothing unless the asker may see who has access.

    Who leads on the file is left out, since they keep it, and so is `apart_from`, who restricts it.
    """
    now = timezone.now()
    live = [one for one in grants_of(case) if one.level and is_live(one, now)]
    led_by = {one.subject.user_id for one in live if one.source == "allocation"}
    people = {one.subject.user_id for one in live if one.subject.user_id}
    teams = {one.subject.team_id for one in live if one.subject.team_id}
    working = Membership.objects.filter(
        ended_at__isnull=True, user__is_active=True, team__ended_at__isnull=True, role__in=SEES
    ).exclude(user__in={*led_by, apart_from.pk})
    found = working.filter(user__in=people) | working.filter(team__in=teams)
    by_person = {one.user_id: one for one in found.select_related("user", "team__agency").order_by("-pk")}
    ordered = sorted(by_person.values(), key=lambda one: (str(one.team), one.user.name))
    council = Team.objects.filter(pk__in=teams, agency__kind=AgencyKind.COUNCIL, ended_at__isnull=True)
    return Holders(tuple(ordered), tuple(council.select_related("agency").order_by("name")))


def teams_of(person: User) -> list[Team]:
    """The teams somebody works in today, in the roles that see files."""
    live = Membership.objects.filter(user=person, ended_at__isnull=True, role__in=SEES, team__ended_at__isnull=True)
    return [one.team for one in live.select_related("team__agency").order_by("pk")]
