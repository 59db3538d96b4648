"""The loaded staff of the city, by the keys the generator calls them by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from django.db import models

from accounts.models import Agency, Membership, Team, User
from cre_case.demo.clock import Clock
from cre_case.demo.staff import AGENCIES, Staffing

EVERYONE_STARTED = -900  # days from today: before any file was opened
ADMINISTRATOR = "system.admin"


class Ids:
    """Counts up the keys of each table from the first free one."""

    def __init__(self, first: Mapping[type[models.Model], int] | None = None) -> None:
        self._first = first or {}
        self._counters: dict[type[models.Model], Iterator[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        counter = self._counters.get(model)
        if counter is None:
            counter = self._counters[model] = count(self._first.get(model, 1))
        return next(counter)


@dataclass(slots=True)
class Town:
    """Where a key or a user name leads. Subjects are made by the database, so they are read back after loading."""

    teams: dict[str, int] = field(default_factory=dict)
    agencies: dict[str, int] = field(default_factory=dict)  # by the key of a team of theirs
    users: dict[str, int] = field(default_factory=dict)
    team_subjects: dict[int, int] = field(default_factory=dict)  # by team id
    user_subjects: dict[int, int] = field(default_factory=dict)  # by user id

    def subject_of_team(self, key: str) -> int:
        return self.team_subjects[self.teams[key]]

    def subject_of_user(self, username: str) -> int:
        return self.user_subjects[self.users[username]]

    def take_subjects(self, rows: Iterable[tuple[int, int | None, int | None]]) -> None:
        """Takes rows (subject, team or None, user or None)."""
        for subject, team, user in rows:
            if team is not None:
                self.team_subjects[team] = subject
            elif user is not None:
                self.user_subjects[user] = subject


def staff_rows(staffing: Staffing, clock: Clock, ids: Ids, password: str) -> tuple[Town, list[models.Model]]:
    """Every agency, team, account and membership, in an order in which they can be inserted."""
    town, started = Town(), clock.at(EVERYONE_STARTED, 9)
    agency_ids = {name: ids.next(Agency) for name in AGENCIES}
    rows: list[models.Model] = [Agency(id=agency_ids[name], name=name, kind=kind) for name, kind in AGENCIES.items()]
    for team in staffing.teams:
        town.teams[team.key] = ids.next(Team)
        town.agencies[team.key] = agency_ids[team.agency]
        rows.append(
            Team(
                id=town.teams[team.key],
                agency_id=agency_ids[team.agency],
                name=team.name,
                receives_contacts=team.receives_contacts,
                city_wide_level=int(team.city_wide_level),
                city_wide_labels=sorted(str(label) for label in team.city_wide_labels),
            )
        )
    for worker in staffing.workers:
        town.users[worker.username] = ids.next(User)
        rows.append(
            User(
                id=town.users[worker.username],
                username=worker.username,
                name=worker.name,
                job_title=worker.job_title,
                email=f"{worker.username}@example.org",
                password=password,
                created_at=started,
            )
        )
    return town, [*rows, *_memberships(staffing, town, ids, clock)]


def _memberships(staffing: Staffing, town: Town, ids: Ids, clock: Clock) -> Iterator[Membership]:
    administrator = town.users[ADMINISTRATOR]
    for worker in staffing.workers:
        user = town.users[worker.username]
        yield Membership(
            id=ids.next(Membership),
            user_id=user,
            team_id=town.teams[worker.team],
            role=worker.role,
            started_at=clock.at(EVERYONE_STARTED, 9),
            started_by_id=administrator if user != administrator else None,
        )
