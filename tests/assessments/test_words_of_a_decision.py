"""Every decision says why; what is said is kept as it was said; and what nobody may do any more is refused in words."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from access.principal import acting_as
from access.refusals import Refused
from accounts.models import User
from accounts.roles import Role
from assessments.decisions.services import answer_low, decide_tier, send_back
from assessments.models import CPMAgreement, CPMMatter, EffectiveTier, TierDecision
from children.models import Child
from children.services import update_child
from deadlines.models import Deadline
from tests.assessments.making import work
from tests.factories import MembershipFactory, person, team_of

pytestmark = pytest.mark.django_db
LOW = {"F02": "current"}
BLANK = ["", "  \n"]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def protected():
    return work(send="recorded")


def clocks(child, rule: str) -> list[Deadline]:
    with acting_as(child.worker.pk):
        return list(Deadline.objects.filter(case=child.case, rule_id=rule).order_by("pk"))


def correct(child, **correction) -> None:
    with acting_as(child.worker.pk):
        details = Child.objects.get(case=child.case)
        update_child(details, by=child.worker, version=details.version, **correction)


# The manager


@pytest.mark.parametrize("blank", BLANK)
def test_a_decision_has_a_reason_and_a_question_has_words(child, blank):
    proposal = child.propose("low", LOW)
    with acting_as(child.manager.pk):
        with pytest.raises(Refused, match="Give the reason for your decision"):
            decide_tier(proposal, by=child.manager, decided="low", reason=blank)
        with pytest.raises(Refused, match="Write the question"):
            send_back(proposal, by=child.manager, question=blank)


def test_what_is_settled_is_not_sent_back(child):
    superseded, decided = child.propose("low", LOW), child.propose("low", LOW)
    child.decide(decided)
    for proposal, sentence in ((superseded, "A later assessment"), (decided, "already decided")):
        with acting_as(child.manager.pk), pytest.raises(Refused, match=sentence):
            send_back(proposal, by=child.manager, question="Who told you?")


def test_a_first_tier_is_not_low_on_protective_factors_alone_while_a_critical_item_is_present(child):
    proposal = child.propose("low", {"D02": "current"}, difference_reason="Her aunt")
    with pytest.raises(Refused, match="protective factors alone cannot lower"):
        child.decide(proposal, protective_factors_only=True)
    child.decide(proposal, protective_factors_only=True, override_reason="She has moved away")


def test_unless_it_is_said_that_nothing_else_speaks_for_it_a_tier_is_lowered_though_one_is_present(child):
    child.decide(child.propose("high", {"D02": "current"}))
    lower = child.propose("medium", {"D02": "current"}, difference_reason="Her aunt")
    assert child.decide(lower, second_decider=child.cpm).decided == "medium"


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.HEALTH_PRACTITIONER])
def test_the_second_of_two_who_lower_from_high_is_a_chair_or_a_child_protection_manager(child, role):
    child.decide(child.propose("high", {"D01": "current"}))
    with pytest.raises(Refused, match="Lowering from High"):
        child.decide(child.propose("low", LOW), second_decider=person(role))


@pytest.mark.parametrize("who", ["manager", "worker"])
def test_who_decides_and_who_wrote_it_are_not_the_second_whatever_else_they_are(child, who):
    child.decide(child.propose("high", {"D01": "current"}))
    proposal, both = child.propose("low", LOW), getattr(child, who)
    MembershipFactory(user=both, team=team_of(both), role=Role.CHILD_PROTECTION_MANAGER)
    with pytest.raises(Refused, match="Lowering from High"):
        child.decide(proposal, second_decider=User.objects.get(pk=both.pk))


def test_a_decision_is_kept_as_it_was_said(child):
    child.decide(child.propose("high", {"D02": "current"}))
    proposal = child.propose("medium", {"D02": "historic"}, difference_reason="Her aunt")
    with acting_as(child.manager.pk):
        made = decide_tier(
            proposal, by=child.manager, decided="low", reason=" Safe now. ", override="judgement",
            second_decider=child.cpm,
        )  # fmt: skip
        kept = TierDecision.objects.get(pk=made.pk)
    assert (kept.reason, kept.override, kept.second_decider_id) == ("Safe now.", "judgement", child.cpm.pk)
    assert (kept.waits_for_cpm, kept.grounds) == (False, [])


def test_as_proposed_there_is_no_override_whatever_is_sent(child):
    proposal = child.propose("low", LOW)
    with acting_as(child.manager.pk):
        made = decide_tier(proposal, by=child.manager, decided="low", reason="Yes", override="judgement")
    assert made.override == ""


@pytest.mark.parametrize(
    ("tier", "answers", "rule"), [("low", LOW, "TG-MANAGER"), ("high", {"D01": "current"}, "TG-MANAGER-HIGH")]
)
def test_deciding_ends_the_managers_clock(child, tier, answers, rule):
    proposal = child.propose(tier, answers)
    assert [one.state for one in clocks(child, rule)] == [Deadline.State.OPEN]
    child.decide(proposal)
    assert [one.state for one in clocks(child, rule)] == [Deadline.State.MET]


# The Child Protection Manager


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"outcome": "not_agreed", "required_tier": "medium", "reason": " \n"}, "Give the reason for your answer"),
        ({"outcome": "not_agreed", "required_tier": "low", "reason": "So"}, "which tier"),
        ({"outcome": "more_assessment_needed", "more_needed": " \n", "reason": "So"}, "what else must be assessed"),
    ],
)
def test_an_answer_says_what_it_needs(protected, answer, sentence):
    decision = protected.decide(protected.propose("low", LOW))
    with acting_as(protected.cpm.pk), pytest.raises(Refused, match=sentence):
        answer_low(decision, by=protected.cpm, **answer)


def test_an_agreement_is_kept_as_it_was_said_and_bound_to_the_content(protected):
    decision = protected.decide(protected.propose("low", LOW))
    eha = protected.eha(day=timezone.localdate())
    made = protected.agree(decision, names=("eha", "cre"), supporting=[eha], sufficient_because=" All of it ")
    with acting_as(protected.cpm.pk):
        kept = CPMAgreement.objects.get(pk=made.pk)
        in_effect = EffectiveTier.objects.get(case=protected.case, until_at=None)
    assert (kept.names, kept.supporting, kept.sufficient_because) == (["cre", "eha"], [eha.pk], "All of it")
    assert kept.content_hash == decision.assessment.content_hash != ""
    assert (in_effect.cause, in_effect.decision_id, in_effect.agreement_id) == ("agreement", decision.pk, kept.pk)
    assert (in_effect.tier, in_effect.provisional, in_effect.from_at) == ("low", False, kept.decided_at)


def test_an_answer_ends_the_clock_of_the_matter_and_one_that_asks_for_more_leaves_it_open(protected):
    decision = protected.decide(protected.propose("low", LOW))
    protected.agree(decision, outcome="more_assessment_needed", names=(), more_needed="A Single Assessment")
    assert [one.state for one in clocks(protected, "TG-CPM")] == [Deadline.State.MET]
    with acting_as(protected.cpm.pk):
        assert CPMMatter.objects.get(case=protected.case).closed_at is None
    protected.agree(decision, outcome="not_agreed", names=(), required_tier="high")
    with acting_as(protected.cpm.pk):
        assert CPMMatter.objects.get(case=protected.case).closed_at is not None
        in_effect = EffectiveTier.objects.get(case=protected.case, until_at=None)
    assert (in_effect.tier, in_effect.cause, in_effect.provisional) == ("high", "refusal", False)


def test_a_manager_who_decides_otherwise_drops_the_clock_of_the_matter_and_says_so(protected):
    protected.decide(protected.propose("low", LOW))
    protected.decide(protected.propose("medium", {"B02": "current"}))
    (clock,) = clocks(protected, "TG-CPM")
    assert clock.state == Deadline.State.ENDED
    assert "A manager decided" in clock.end_reason


def test_a_later_decision_of_low_is_asked_about_in_the_matter_that_is_open(protected):
    protected.decide(protected.propose("low", LOW))
    second = protected.decide(protected.propose("low", LOW))
    with acting_as(protected.cpm.pk):
        matter = CPMMatter.objects.get(case=protected.case)
    assert (matter.decision_id, matter.opened_because) == (second.pk, "low_decided")


def test_who_wrote_the_assessment_does_not_agree_as_child_protection_manager(protected):
    MembershipFactory(user=protected.cpm, team=team_of(protected.worker), role=Role.SOCIAL_WORKER)
    decision = protected.decide(protected.propose("low", LOW, by=User.objects.get(pk=protected.cpm.pk)))
    with pytest.raises(Refused, match="another Child Protection Manager"):
        protected.agree(decision, outcome="not_agreed", names=(), required_tier="high")


# In effect


def test_send_recorded_for_a_child_of_no_concern_raises_the_floor(child):
    child.decide(child.propose("none", {}))
    correct(child, send_status="recorded")
    with acting_as(child.worker.pk):
        in_effect = EffectiveTier.objects.get(case=child.case, until_at=None)
    assert (in_effect.tier, in_effect.provisional, in_effect.cause) == ("medium", True, "send")


def test_from_no_concern_a_protected_child_rises_to_the_floor(protected):
    protected.eha(day=timezone.localdate())
    protected.agree(protected.decide(protected.propose("none", {})), names=("cre", "eha"))
    protected.decide(protected.propose("low", LOW))
    with acting_as(protected.worker.pk):
        in_effect = EffectiveTier.objects.get(case=protected.case, until_at=None)
    assert (in_effect.tier, in_effect.provisional, in_effect.cause) == ("medium", True, "floor")


def test_a_tier_ends_when_the_next_begins(child):
    child.decide(child.propose("medium", {"B02": "current"}))
    child.decide(child.propose("high", {"D01": "current"}))
    with acting_as(child.worker.pk):
        first, second = EffectiveTier.objects.filter(case=child.case).order_by("pk")
    assert (first.until_at, second.until_at) == (second.from_at, None)


CORRECTIONS = [({"send_status": "recorded"}, "SEND recorded"), ({"date_of_birth": None}, "Date of birth corrected")]


@pytest.mark.parametrize(("correction", "words"), CORRECTIONS)
def test_a_floor_after_a_correction_drops_the_review_and_a_decision_ends_it(child, correction, words):
    child.decide(child.propose("low", LOW))
    correct(child, **correction)
    (dropped,), (running,) = clocks(child, "RV-LOW"), clocks(child, "RV-MEDIUM")
    assert (dropped.state, running.state) == (Deadline.State.ENDED, Deadline.State.OPEN)
    assert dropped.end_reason == f"{words}: another review interval holds"
    child.decide(child.propose("high", {"D01": "current"}))
    assert [one.state for one in clocks(child, "RV-MEDIUM")] == [Deadline.State.MET]


@pytest.mark.parametrize(("tier", "answers"), [("medium", {"B02": "current"}), ("high", {"D01": "current"})])
def test_a_correction_asks_about_no_child_who_is_not_low(child, tier, answers):
    child.decide(child.propose(tier, answers))
    correct(child, send_status="recorded")
    with acting_as(child.worker.pk):
        assert EffectiveTier.objects.get(case=child.case).tier == tier
        assert not CPMMatter.objects.filter(case=child.case).exists()


@pytest.mark.parametrize(("days", "watched"), [(0, False), (1, True), (366, True), (367, False)])
@pytest.mark.parametrize("age", [13, 17])
def test_a_birthday_of_the_next_year_is_watched(age, days, watched):
    today = date(2027, 3, 1)
    turns = today + timedelta(days=days)
    child = work(born=turns.replace(year=turns.year - age))
    with child.on(today):
        child.decide(child.propose("medium", {"B02": "current"}))
    found = [one.started_at for one in clocks(child, "TG-EVENT") if one.about == f"turned_{age}"]
    assert found == ([datetime.combine(turns, time(12), tzinfo=LONDON)] if watched else [])


@pytest.mark.parametrize(
    ("born", "tier", "answers"), [(date(2010, 6, 1), "none", {}), (None, "high", {"D01": "current"})]
)
def test_of_no_concern_and_of_an_unknown_birthday_none_is_watched(born, tier, answers):
    child = work(born=born)
    with child.on(date(2027, 3, 1)):
        child.decide(child.propose(tier, answers))
    assert clocks(child, "TG-EVENT") == []


def test_low_may_wait_while_a_critical_item_is_not_known_and_is_not_agreed_to_before_it_is(protected):
    decision = protected.decide(protected.propose("low", LOW | {"D02": "not_known"}))
    assert decision.waits_for_cpm
    protected.eha(day=timezone.localdate())
    with pytest.raises(Refused, match="not known and no reason is given: D02"):
        protected.agree(decision, names=("cre", "eha"))
