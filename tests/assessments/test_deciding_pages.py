"""What the two who decide are shown: what has changed, and each choice that is closed to them with its reason."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Role
from assessments.decisions.objections import AUTHOR_DECIDES
from assessments.views.deciding import WAITS_FOR_CPM
from tests.assessments.making import Work, work
from tests.assessments.pages import address, errors, text
from tests.factories import MembershipFactory, give, person, team_of
from tests.matrix.form_on_page import FormOnPage

pytestmark = pytest.mark.django_db
LOW = {"F02": "current"}
SENT = {"decided": "medium", "reason": "I agree."}
DECISIONS = {"low", "medium", "high", "none", "send_back"}
ANSWERS = {"agreed", "not_agreed", "more_assessment_needed"}
ANOTHER_ANSWERS = "another Child Protection Manager must answer."
NOTHING_WAITS = "This no longer waits for an answer."
NOT_THOROUGH = "A Single Assessment must be authorised or an Early Help Assessment completed first."


@pytest.fixture
def protected() -> Work:
    return work(born=date(2014, 9, 14))


def may_choose(response, name: str) -> set[str]:
    return set(FormOnPage(response).boxes[name].choices)


# The manager


def test_a_manager_may_choose_all_and_no_rule_is_named_that_does_not_apply(child, client_for):
    shown = client_for(child.manager).get(address("decide_tier", child, child.propose("low", LOW).pk))
    assert may_choose(shown, "decided") == DECISIONS
    for not_here in (WAITS_FOR_CPM, "Lowering from High", "What has changed"):
        assert not_here not in text(shown)


def test_from_high_the_rule_of_two_is_named(child, client_for):
    child.decide(child.propose("high", {"D02": "current"}))
    proposal = child.propose("medium", {"D02": "historic"}, difference_reason="Her aunt")
    assert "Lowering from High" in text(client_for(child.manager).get(address("decide_tier", child, proposal.pk)))


def test_low_and_no_concern_of_a_protected_child_say_that_they_wait(protected, client_for):
    proposal = protected.propose("low", LOW)
    shown = client_for(protected.manager).get(address("decide_tier", protected, proposal.pk))
    assert text(shown).count(WAITS_FOR_CPM) == 2
    assert may_choose(shown, "decided") == DECISIONS


def test_the_author_sees_every_tier_closed_with_the_reason(child, client_for):
    MembershipFactory(user=child.manager, team=team_of(child.worker), role=Role.SOCIAL_WORKER)
    page = address("decide_tier", child, child.propose("medium", LOW, by=child.manager, difference_reason="So").pk)
    client = client_for(child.manager)
    shown = client.get(page)
    assert may_choose(shown, "decided") == {"send_back"}
    assert text(shown).count(AUTHOR_DECIDES) == 4
    refused = client.post(page, SENT)
    assert errors(refused) == [AUTHOR_DECIDES]
    assert FormOnPage(refused).boxes["reason"].values == ["I agree."]


def test_of_what_is_settled_nothing_can_be_chosen(child, client_for):
    superseded = child.propose("medium", {"B02": "current"})
    decided = child.propose("medium", {"B02": "current"})
    child.decide(decided)
    for proposal, why in ((superseded, "A later assessment was submitted."), (decided, "Somebody has already decided")):
        shown = client_for(child.manager).get(address("decide_tier", child, proposal.pk))
        assert may_choose(shown, "decided") == set()
        assert why in text(shown)


def test_what_a_tier_rests_on_and_has_changed_stands_on_the_page(child, client_for):
    child.propose("medium", {"B02": "current", "F02": "suspected"}, difference_reason="Her aunt")
    proposal = child.propose("medium", {"B02": "historic", "F02": "suspected"}, difference_reason="Her aunt")
    shown = text(client_for(child.manager).get(address("decide_tier", child, proposal.pk)))
    changed = shown[shown.index("What has changed") : shown.index("In the child’s own words")]
    for said in ("B02", "Present now", "In the past"):
        assert said in changed
    assert "F02" not in changed


# The Child Protection Manager


@pytest.fixture
def decision(protected):
    return protected.decide(protected.propose("low", LOW))


def test_low_cannot_be_agreed_to_before_the_assessments_are_thorough(protected, decision, client_for):
    client, page = client_for(protected.cpm), address("answer_low", protected, decision.pk)
    shown = client.get(page)
    assert may_choose(shown, "outcome") == ANSWERS - {"agreed"}
    assert NOT_THOROUGH in text(shown)
    sent = {"outcome": "agreed", "names": ["cre", "eha"], "reason": "Read all of it."}
    refused = client.post(page, sent)
    assert errors(refused) == [NOT_THOROUGH]
    assert FormOnPage(refused).boxes["reason"].values == ["Read all of it."]
    protected.eha(day=timezone.localdate())
    assert may_choose(client.get(page), "outcome") == ANSWERS
    assert client.post(page, sent).status_code == 302


def test_who_decided_sees_every_answer_closed(protected, client_for):
    both = person(Role.CHILD_PROTECTION_MANAGER)
    MembershipFactory(user=both, team=team_of(protected.manager), role=Role.TEAM_MANAGER)
    give(protected.case, both)
    decision = protected.decide(protected.propose("low", LOW), by=both)
    shown = client_for(both).get(address("answer_low", protected, decision.pk))
    assert may_choose(shown, "outcome") == set()
    assert text(shown).count(ANOTHER_ANSWERS) == 3


def test_what_was_answered_is_no_longer_asked(protected, decision, client_for):
    protected.agree(decision, outcome="not_agreed", names=(), required_tier="high")
    shown = client_for(protected.cpm).get(address("answer_low", protected, decision.pk))
    assert may_choose(shown, "outcome") == set()
    assert NOTHING_WAITS in text(shown)
