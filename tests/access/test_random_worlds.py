"""Random worlds of teams, roles, grants, exclusions and dates: the queryset, the database alone and a slow
reading of the rule, written here without looking at either, must agree on every file and every part."""

import os
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from access.models import CaseFile
from access.parts import Label
from access.principal import acting_as
from access.roles import Action, Level
from accounts.models import User
from accounts.roles import Role
from tests import factories
from tests.counted import COUNTED
from tests.database import second_wall_gone, seeding

pytestmark = pytest.mark.django_db

PEOPLE, TEAMS, FILES = 3, 3, 4
# Who only wants to know whether it fails, as `tests.access.mutation`, need not wait for the smallest world that does.
PHASES = [Phase.explicit, Phase.generate] if os.environ.get("WITHOUT_SHRINKING") else list(Phase)
# Action, the label and level it needs, and the roles that have it in full: read off DOMAIN 5.5 by hand.
SEES = {Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.AUDITOR, Role.POLICE_OFFICER}
ASKED = (
    (Action.VIEW_FILE, Label.CORE, 1, SEES),
    (Action.VIEW_LOCATION, Label.LOCATION, 1, SEES),
    (Action.VIEW_COMPLICITY, Label.COMPLICITY, 1, {Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.AUDITOR}),
    (Action.ALLOCATE, Label.CASEWORK, 2, {Role.TEAM_MANAGER}),
)  # fmt: skip
ROLES = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.AUDITOR, Role.POLICE_OFFICER, Role.SYSTEM_ADMIN)
LABELS = (Label.LOCATION, Label.COMPLICITY, Label.CASEWORK)


@dataclass(frozen=True)
class Post:
    person: int
    team: int
    role: Role
    ended: bool


@dataclass(frozen=True)
class Grant:
    file: int
    to_team: bool
    holder: int
    labels: frozenset[Label]
    level: int
    starts: int  # days from now
    ends: int | None


@dataclass(frozen=True)
class Plan:
    posts: tuple[Post, ...]
    grants: tuple[Grant, ...]
    exclusions: tuple[tuple[int, int, bool], ...]  # file, person, ended
    city_wide: tuple[int, frozenset[Label]]  # the level of team 0
    team_ended: bool  # whether team 2 is
    leaver: bool  # whether person 2 is


def plans():
    post = st.builds(Post, st.integers(0, PEOPLE - 1), st.integers(0, TEAMS - 1), st.sampled_from(ROLES), st.booleans())
    labels = st.frozensets(st.sampled_from(LABELS))
    grant = st.builds(
        Grant, st.integers(0, FILES - 1), st.booleans(), st.integers(0, TEAMS - 1), labels,
        st.sampled_from([1, 2]), st.sampled_from([-5, 5]), st.sampled_from([None, -1, 3]),
    )  # fmt: skip
    exclusion = st.tuples(st.integers(0, FILES - 1), st.integers(0, PEOPLE - 1), st.booleans())
    return st.builds(
        Plan, st.lists(post, max_size=6).map(tuple), st.lists(grant, max_size=6).map(tuple),
        st.lists(exclusion, max_size=2).map(tuple), st.tuples(st.sampled_from([0, 0, 1, 2]), labels),
        st.booleans(), st.booleans(),
    )  # fmt: skip


def live_posts(plan: Plan, person: int) -> list[Post]:
    if person == 2 and plan.leaver:
        return []
    return [p for p in posts_of(plan) if p.person == person and not p.ended and not (p.team == 2 and plan.team_ended)]


def posts_of(plan: Plan) -> list[Post]:
    """The posts that can exist together: each once, and no system administrator with another role."""
    kept: list[Post] = []
    for post in plan.posts:
        others = [one for one in kept if one.person == post.person and not one.ended and not post.ended]
        twice = any((one.team, one.role) == (post.team, post.role) for one in others)
        mixed = any((one.role == Role.SYSTEM_ADMIN) != (post.role == Role.SYSTEM_ADMIN) for one in others)
        if not twice and not mixed:
            kept.append(post)
    return kept


def should(plan: Plan, person: int, file: int, label: Label, level: int, roles: set[Role] | None) -> bool:
    """The rule, read slowly. `roles` None asks what the database alone must show, which knows no roles."""
    if any((f, p) == (file, person) and not ended for f, p, ended in plan.exclusions):
        return False
    posts = [post for post in live_posts(plan, person) if roles is None or post.role in roles]
    wide_level, wide_labels = plan.city_wide
    if any(post.team == 0 for post in posts) and wide_level >= level and label in wide_labels | {Label.CORE}:
        return True
    for grant in plan.grants:
        held = (
            any(post.team == grant.holder for post in posts)
            if grant.to_team
            else bool(posts) and grant.holder == person
        )
        live = grant.starts < 0 and (grant.ends is None or grant.ends > 0)
        if grant.file == file and held and live and grant.level >= level and label in grant.labels | {Label.CORE}:
            return True
    return False


def build(plan: Plan) -> tuple[list[User], list[CaseFile]]:
    teams = [factories.TeamFactory(agency=factories.agency()) for _ in range(TEAMS)]
    people = [factories.UserFactory() for _ in range(PEOPLE)]
    files = [factories.CaseFileFactory() for _ in range(FILES)]
    for post in posts_of(plan):
        ended = {"ended_at": "2099-01-01T00:00Z"} if post.ended else {}
        factories.MembershipFactory(user=people[post.person], team=teams[post.team], role=post.role, **ended)
    for grant in plan.grants:
        days = None if grant.ends is None else timedelta(days=grant.ends)
        factories.give(
            files[grant.file], teams[grant.holder] if grant.to_team else people[grant.holder], grant.labels,
            level=Level(grant.level), source="team", since=timedelta(days=-grant.starts),
            until=days if days is None or grant.starts < 0 else timedelta(days=grant.starts + 3),
        )  # fmt: skip
    for file, person, ended in set(plan.exclusions):
        exclusion = factories.exclude(files[file], people[person]) if not ended else None
        assert exclusion is None or exclusion.pk
    finish(plan, teams, people)
    return people, files


def finish(plan: Plan, teams, people) -> None:
    level, labels = plan.city_wide
    with seeding():
        if level:
            type(teams[0]).objects.filter(pk=teams[0].pk).update(
                city_wide_level=level, city_wide_labels=sorted(str(label) for label in {*labels, Label.CORE})
            )
        if plan.team_ended:
            type(teams[2]).objects.filter(pk=teams[2].pk).update(ended_at="2026-01-01T00:00Z")
        if plan.leaver:
            User.objects.filter(pk=people[2].pk).update(is_active=False, ended_at="2026-01-01T00:00Z")


def seen_by_the_database_alone() -> set:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_casefile")
        return {row[0] for row in cursor.fetchall()}


@settings(
    max_examples=60, deadline=None, database=None, phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(plans())
def test_queryset_database_and_a_slow_reading_agree(plan):
    COUNTED["random worlds of access"] += 1
    with transaction.atomic():
        people, files = build(plan)
        for number in range(PEOPLE):
            user = User.objects.get(pk=people[number].pk)
            with acting_as(user.pk):
                alone = {n for n in range(FILES) if should(plan, number, n, Label.CORE, 1, None)}
                assert seen_by_the_database_alone() == {files[n].pk for n in alone}
                for action, label, level, roles in ASKED:
                    expected = {files[n].pk for n in range(FILES) if should(plan, number, n, label, level, roles)}
                    found = CaseFile.objects.allowing(user, action).values_list("pk", flat=True)
                    assert set(found) == expected, (action, number)
                    with second_wall_gone():
                        assert set(found.all()) == expected, ("the queryset alone", action, number)
                    for case in files:
                        assert by_the_functions(action, case) == (case.pk in expected), ("sec.may", action)
        transaction.set_rollback(True)


def by_the_functions(action: Action, case: CaseFile) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.may(%s, %s)", [str(action), case.pk])
        return cursor.fetchone()[0]
