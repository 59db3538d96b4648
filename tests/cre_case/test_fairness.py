"""Decisions can be compared by group, and no count tells of one child."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from access.principal import acting_as
from access.roles import Level
from accounts.roles import Role
from assessments.models import Assessment, TierDecision, TierProposal, ToolkitVersion
from children.models import ChildProfile
from cre_case.fairness.presenters import LEFT_OUT, table_of
from cre_case.fairness.selectors import Counted, decisions_by
from cre_case.fairness.suppression import suppressed
from tests.cre_case.makers import child_on
from tests.database import seeding
from tests.factories import CaseFileFactory, UserFactory, city_wide_team, give, person, team_of
from tests.signed_in import sign_in

pytestmark = pytest.mark.django_db
SMALLEST = 5


@given(st.lists(st.integers(0, 40), max_size=8))
def test_no_small_count_is_shown_nor_given_away_by_the_total(counts):
    shown = suppressed(counts, SMALLEST)
    assert all(one is None or one == 0 or one >= SMALLEST for one in shown)
    assert [one for one in shown if one is not None] == [a for a, b in zip(counts, shown, strict=True) if b is not None]
    hidden = [count for count, one in zip(counts, shown, strict=True) if one is None]
    assert len(hidden) != 1 or not any(count >= SMALLEST for count in counts)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([9, 4, 20], [None, None, 20]),
        ([4, 3, 9], [None, None, 9]),
        ([5, 6], [5, 6]),
        ([1], [None]),
    ],
)
def test_one_small_count_takes_the_next_smallest_with_it(counts, shown):
    assert suppressed(counts, SMALLEST) == shown


def counted(*rows):
    return [Counted(group, decisions, changed, timedelta(hours=36)) for group, decisions, changed in rows]


def test_where_decisions_are_too_few_nothing_of_the_group_is_shown():
    table = table_of("Sex", counted(("Female", 30, 10), ("Male", 20, 9), ("Not known", 3, 0)))
    assert table["rows"] == [
        ["Female", "30", "10 (33%)", "1.5"],
        ["Male", LEFT_OUT, LEFT_OUT, LEFT_OUT],
        ["Not known", LEFT_OUT, LEFT_OUT, LEFT_OUT],
    ]


def test_neither_those_that_differ_nor_the_rest_are_shown_where_they_are_few():
    table = table_of("Sex", counted(("Female", 30, 28), ("Male", 20, 7), ("Other", 20, 0)))
    assert [row[2] for row in table["rows"]] == [LEFT_OUT, "7 (35%)", "0 (0%)"]


def decided(team, *, ethnicity="WBRI", sex="F", born=None, send="none", proposed="low", tier="low", days=2, ago=1):
    case, author = CaseFileFactory(), UserFactory()
    give(case, team)
    child_on(case, date_of_birth=born or (timezone.localdate() - timedelta(days=14 * 366)), send_status=send)
    at = timezone.now() - timedelta(days=ago)
    with seeding():
        ChildProfile.objects.filter(case=case).update(ethnicity=ethnicity, sex=sex)
        assessment = Assessment.objects.create(
            case=case, toolkit=ToolkitVersion.objects.get(is_current=True), author=author, agency=team.agency,
            reason="review", concern_on=at.date(), state="submitted", submitted_at=at, content_hash="x",
        )  # fmt: skip
        proposal = TierProposal.objects.create(
            case=case, assessment=assessment, suggested="low", suggestion="Low", proposed=proposed, reason="x",
            author=author, agency=team.agency, submitted_at=at - timedelta(days=days), state="decided",
        )  # fmt: skip
        TierDecision.objects.create(
            case=case, proposal=proposal, assessment=assessment, decided=tier, reason="x", override="judgement",
            decided_by=UserFactory(), decided_at=at,
        )  # fmt: skip


@pytest.fixture
def auditor(db):
    return person(Role.AUDITOR, city_wide_team(Level.VIEW))


def asked(user, group, days=365):
    with acting_as(user.pk):
        return decisions_by(user, group, timezone.now() - timedelta(days=days))


def test_decisions_are_counted_by_group(auditor):
    team = team_of(person(Role.SOCIAL_WORKER))
    for tier in ("low", "medium", "low"):
        decided(team, ethnicity="BCRB", tier=tier, days=4)
    decided(team, ethnicity="")
    first, last = asked(auditor, "ethnicity")
    assert (first.group, first.decisions, first.changed, first.time) == ("Caribbean", 3, 1, timedelta(days=4))
    assert (last.group, last.decisions) == ("Not recorded", 1)


def test_ages_are_those_at_the_decision(auditor):
    team, today = team_of(person(Role.SOCIAL_WORKER)), timezone.localdate()
    for years in (8, 11, 14, 17, 19):
        decided(team, born=today - timedelta(days=years * 366))
    assert [one.group for one in asked(auditor, "age")] == [
        "Under 10", "10 to 12", "13 to 15", "16 and 17", "18 or over",
    ]  # fmt: skip


def test_only_what_was_decided_since_then_and_on_files_one_may_read(auditor):
    team = team_of(person(Role.SOCIAL_WORKER))
    decided(team)
    decided(team, ago=400)
    assert [one.decisions for one in asked(auditor, "sex")] == [1]
    manager, stranger = person(Role.TEAM_MANAGER, team), person(Role.TEAM_MANAGER)
    assert [one.decisions for one in asked(manager, "sex")] == [1]
    assert asked(stranger, "sex") == []


def test_the_page_asks_once_for_each_table_however_many_there_are(auditor):
    team, client = team_of(person(Role.SOCIAL_WORKER)), sign_in(Client(), auditor)
    decided(team)
    client.get(reverse("fairness"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("fairness"))
    for _ in range(5):
        decided(team)
    with CaptureQueriesContext(connection) as more:
        page = client.get(reverse("fairness")).content.decode()
    assert len(more) == len(one)
    assert "Decisions by group" in page
    assert "White British" in page
