"""The worklist says which tier each child is at and what is due next; what is due comes first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.parts import Label
from accounts.roles import Role
from assessments.models import EffectiveTier
from deadlines.models import Deadline
from tests.cre_case.makers import led_child, queries, seen, social_worker, text
from tests.cre_case.test_worklist import names
from tests.database import seeding
from tests.factories import give, person, team_of

pytestmark = pytest.mark.django_db


def at(child, tier, *, worker, provisional=False, **about):
    with seeding():
        return EffectiveTier.objects.create(
            case=child.case, tier=tier, provisional=provisional, cause="send", set_by=worker,
            from_at=timezone.now() - timedelta(days=2), **about,
        )  # fmt: skip


def due(child, rule_id, *, days, worker):
    limit = timezone.now() + timedelta(days=days)
    with seeding():
        return Deadline.objects.create(
            case=child.case, rule_id=rule_id, rule_version="1", started_at=limit - timedelta(days=9), limit_at=limit,
            limit_on=timezone.localdate(limit), started_by=worker,
        )  # fmt: skip


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor")


def test_what_is_due_first_comes_first_then_the_longest_unseen(client_for, worker):
    ada, ben, _, dan = (led_child(worker, name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    due(ada, "TG-TAF", days=3, worker=worker)
    due(ben, "RV-LOW", days=-4, worker=worker)
    seen(dan, days_ago=1, by=worker)
    shown = client_for(worker).get("/children/")
    in_order = ["Ben Thorne", "Ada Thorne", "Cleo Thorne", "Dan Thorne"]
    assert names(shown, *sorted(in_order)) == in_order
    assert "4 days overdue" in text(shown)
    assert "Team Around the Family meeting" in text(shown)


def test_a_tier_is_said_in_words(client_for, worker):
    at(led_child(worker, "Ada"), "high", worker=worker)
    at(led_child(worker, "Ben"), "medium", worker=worker, provisional=True)
    led_child(worker, "Cleo")
    shown = text(client_for(worker).get("/children/"))
    for words in ("High", "Medium", "awaiting CPM", "Not assessed"):
        assert words in shown


def test_an_assessment_is_begun_from_the_list_of_ones_own_children(client_for, worker):
    ada, ben = led_child(worker, "Ada"), led_child(worker, "Ben")
    at(ada, "high", worker=worker)
    own = text(client_for(worker).get("/children/"))
    assert f'/cases/{ada.case_id}/assessments/new/?reason=review">Review<' in own
    assert f'/cases/{ben.case_id}/assessments/new/?reason=new_concern">Start assessment<' in own
    due(ben, "TG-MANAGER", days=2, worker=worker)
    assert f"/cases/{ben.case_id}/assessments/new/" not in text(client_for(worker).get("/children/"))
    colleague, manager = (person(role, team_of(worker)) for role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER))
    for somebody in (colleague, manager):
        listed = text(client_for(somebody).get("/children/", {"tab": "team"}))
        assert "Ada Thorne" in listed
        assert "/assessments/new/" not in listed


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"tier": "high"}, ["Ada Thorne"]),
        ({"tier": "waits"}, ["Ben Thorne"]),
        ({"tier": "unassessed"}, ["Cleo Thorne"]),
        ({"due": "overdue"}, ["Cleo Thorne"]),
        ({"due": "7"}, ["Ada Thorne", "Cleo Thorne"]),
        ({"tier": "purple"}, ["Ada Thorne", "Ben Thorne", "Cleo Thorne"]),
    ],
)
def test_the_list_is_narrowed_by_tier_and_by_what_is_due(client_for, worker, asked, found):
    ada, ben, cleo = (led_child(worker, name) for name in ("Ada", "Ben", "Cleo"))
    at(ada, "high", worker=worker)
    at(ben, "medium", worker=worker, provisional=True)
    due(ada, "TG-TAF", days=3, worker=worker)
    due(cleo, "TG-TAF", days=-3, worker=worker)
    shown = client_for(worker).get("/children/", asked)
    assert sorted(names(shown, "Ada Thorne", "Ben Thorne", "Cleo Thorne")) == found


def test_a_partner_sees_a_tier_where_it_was_shared_and_no_clocks(client_for, worker):
    officer = person(Role.POLICE_OFFICER)
    ada, ben = led_child(worker, "Ada"), led_child(worker, "Ben")
    for child, labels in ((ada, [Label.PLAN]), (ben, [Label.CORE])):
        at(child, "high", worker=worker)
        due(child, "TG-TAF", days=-3, worker=worker)
        give(child.case, team_of(officer), labels)
    shown = text(client_for(officer).get("/children/"))
    assert (shown.count("High") - 1, shown.count("Not shown to you"), "days overdue" in shown) == (1, 1, False)


def test_one_child_and_three_take_the_same_queries(client_for, worker):
    client = client_for(worker)
    at(led_child(worker, "Ada"), "high", worker=worker)
    for_one = queries(client, "/children/")
    for name in ("Ben", "Cleo"):
        child = led_child(worker, name)
        at(child, "medium", worker=worker)
        due(child, "TG-TAF", days=1, worker=worker)
    assert queries(client, "/children/") == for_one <= 12
