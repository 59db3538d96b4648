"""Who decides, who agrees, what waits and what is refused, each with a sentence."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.permissions import NotAllowed, may
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from accounts.roles import Role
from assessments import services
from assessments.decisions.services import decide_tier, send_back
from assessments.models import CPMMatter, EffectiveTier, TierProposal
from children.models import Child
from children.services import update_child
from deadlines.models import Deadline
from tests.assessments.making import work
from tests.factories import MembershipFactory, give, person, team_of

pytestmark = pytest.mark.django_db
LOW = {"F02": "current"}


def tier(of) -> tuple[str, bool]:
    with acting_as(of.worker.pk):
        row = EffectiveTier.objects.get(case=of.case, until_at__isnull=True)
    return row.tier, row.provisional


@pytest.mark.parametrize(
    ("about", "grounds"),
    [
        ({"born": date(2014, 9, 14)}, "under 13"),
        ({"born": None}, "date of birth is not known"),
        ({"send": "recorded"}, "disability are recorded"),
        ({"send": "suspected"}, "disability are suspected"),
        ({"send": "not_known"}, "not recorded whether"),
    ],
)
@pytest.mark.parametrize("decided", ["low", "none"])
def test_low_and_no_concern_wait_for_each_protected_child(about, grounds, decided):
    child = work(**about)
    decision = child.decide(child.propose(decided, LOW, difference_reason="One sign only"))
    assert decision.waits_for_cpm
    assert grounds in " ".join(decision.grounds)
    assert tier(child) == ("medium", True)


def test_the_floor_never_lowers():
    child = work(send="recorded")
    child.decide(child.propose("high", {"D01": "current"}))
    child.decide(child.propose("low", LOW), second_decider=child.cpm)
    assert tier(child) == ("high", False)


def test_medium_and_high_never_wait():
    child = work(born=date(2015, 1, 1))
    child.decide(child.propose("medium", {"B02": "current"}))
    assert tier(child) == ("medium", False)


# The file reaches a Child Protection Manager when it needs one (ruling Q21)


@pytest.mark.parametrize(
    ("send", "decided", "answers"),
    [
        ("recorded", "low", LOW),
        ("recorded", "none", LOW),
        ("none", "medium", {"B02": "current"}),
        ("none", "high", {"D01": "current"}),
    ],
)
def test_a_child_protection_manager_is_given_the_file_when_it_waits_for_one_or_is_to_be_discussed(
    send, decided, answers
):
    child, other = work(send=send), person(Role.CHILD_PROTECTION_MANAGER)
    assert not may_see(other, child)
    child.decide(child.propose(decided, answers, difference_reason="One sign only"))
    assert may_see(other, child)


def test_one_is_given_the_file_when_send_is_recorded_on_a_low_child():
    child, other = work(send="none"), person(Role.CHILD_PROTECTION_MANAGER)
    child.decide(child.propose("low", LOW))
    assert not may_see(other, child)
    with acting_as(child.worker.pk):
        details = Child.objects.get(case=child.case)
        update_child(details, by=child.worker, version=details.version, send_status="recorded")
    assert may_see(other, child)


@pytest.mark.parametrize("born", [None, timezone.localdate() - timedelta(days=12 * 365)])
def test_a_corrected_date_of_birth_never_leaves_a_child_low_who_is_under_13(born):
    child = work()
    decision = child.decide(child.propose("low", LOW))
    assert tier(child) == ("low", False)
    correct(child, date_of_birth=born)
    assert tier(child) == ("medium", True)
    with acting_as(child.worker.pk):
        matter = CPMMatter.objects.get(case=child.case, closed_at=None)
        assert (matter.opened_because, matter.decision_id) == ("age_corrected", decision.pk)
    child.eha(day=timezone.localdate())
    child.agree(decision, names=("cre", "eha"))
    assert tier(child) == ("low", False)


def test_a_correction_that_tells_nothing_new_leaves_an_agreed_low_as_it_is():
    child = work(send="recorded")
    decision = child.decide(child.propose("low", LOW))
    child.eha(day=timezone.localdate())
    child.agree(decision, names=("cre", "eha"))
    for changes in ({"known_as": "Em"}, {"send_status": "suspected"}, {"send_status": "recorded"}):
        correct(child, **changes)
        assert tier(child) == ("low", False)


@pytest.mark.parametrize("born", [None, timezone.localdate() - timedelta(days=12 * 365)])
@pytest.mark.parametrize("decided", ["low", "none"])
def test_a_date_of_birth_corrected_before_the_decision_takes_nobodys_agreement_away(born, decided):
    """Whoever assessed could have made the child older themselves."""
    child = work(born=born)
    proposal = child.propose("low", LOW)
    correct(child, date_of_birth=date(2011, 6, 14))
    decision = child.decide(proposal, decided)
    assert decision.waits_for_cpm
    assert "when the assessment was submitted" in decision.grounds[0]
    assert tier(child) == ("medium", True)
    again = child.decide(child.propose("low", LOW))
    assert not again.grounds or "already waits" in again.grounds[0], "assessed anew at 15, only the matter is left"


def correct(child, **changes) -> None:
    with acting_as(child.worker.pk):
        details = Child.objects.get(case=child.case)
        update_child(details, by=child.worker, version=details.version, **changes)


def may_see(user, child) -> bool:
    with acting_as(user.pk):
        return may(user, Action.ANSWER_LOW, child.case)


def test_a_manager_deciding_medium_closes_the_matter():
    child = work(send="recorded")
    child.decide(child.propose("low", LOW))
    child.decide(child.propose("medium", {"B02": "current"}))
    with acting_as(child.worker.pk):
        assert not CPMMatter.objects.filter(case=child.case, closed_at=None).exists()
    assert tier(child) == ("medium", False)


def test_lowering_from_high_needs_a_second_person():
    child = work()
    child.decide(child.propose("high", {"D01": "current"}))
    proposal = child.propose("low", LOW)
    with pytest.raises(Refused, match="Lowering from High needs"):
        child.decide(proposal)
    with pytest.raises(Refused, match="Lowering from High needs"):
        child.decide(proposal, second_decider=child.worker)
    child.decide(proposal, second_decider=child.cpm)
    assert tier(child) == ("low", False)


def test_a_superseded_proposal_is_not_decided():
    child = work()
    old = child.propose("low", LOW)
    child.propose("medium", {"B02": "current"})
    with pytest.raises(Refused, match="A later assessment was submitted"):
        child.decide(old)


def test_two_managers_at_once_decide_once():
    child = work()
    proposal = child.propose("low", LOW)
    child.decide(proposal)
    with pytest.raises(Refused, match="already decided"):
        child.decide(proposal)


def test_a_different_tier_needs_its_grounds():
    child = work()
    proposal = child.propose("low", LOW)
    with acting_as(child.manager.pk), pytest.raises(Refused, match="Say on what grounds"):
        decide_tier(proposal, by=child.manager, decided="medium", reason="More")


def test_a_question_sends_it_back_to_the_author():
    child = work()
    proposal = child.propose("low", LOW)
    with acting_as(child.manager.pk):
        back = send_back(proposal, by=child.manager, question="Who told you?")
    assert (back.state, back.question) == (TierProposal.State.RETURNED, "Who told you?")
    with pytest.raises(Refused, match="already decided"):
        child.decide(proposal)


def test_low_on_a_later_assessment_waits_for_an_agreement_of_its_own():
    child = work(send="recorded")
    first = child.decide(child.propose("low", LOW))
    child.eha(day=timezone.localdate())
    child.agree(first, names=("cre", "eha"))
    assert tier(child) == ("low", False)
    assert child.decide(child.propose("low", LOW)).waits_for_cpm
    assert tier(child) == ("medium", True)


@pytest.mark.parametrize(
    "answer",
    [
        {"outcome": "more_assessment_needed", "more_needed": "A Single Assessment"},
        {"outcome": "not_agreed", "required_tier": "medium"},
    ],
)
def test_low_is_decided_and_waits_again_after_a_child_protection_manager_said_no(answer):
    child = work(send="recorded")
    child.agree(child.decide(child.propose("low", LOW)), names=(), **answer)
    assert child.decide(child.propose("low", LOW)).waits_for_cpm
    assert tier(child)[0] == "medium"


def test_a_question_ends_the_managers_clock():
    child = work()
    proposal = child.propose("low", LOW)
    with acting_as(child.manager.pk):
        waits = Deadline.objects.filter(case=child.case, rule_id="TG-MANAGER")
        assert [one.state for one in waits] == [Deadline.State.OPEN]
        send_back(proposal, by=child.manager, question="What of school?")
        assert [one.state for one in waits.all()] == [Deadline.State.MET]


def test_who_wrote_it_does_not_decide_as_manager():
    child = work()
    MembershipFactory(user=child.worker, team=team_of(child.manager), role=Role.TEAM_MANAGER)
    proposal = child.propose("medium", {"B02": "current"})
    with pytest.raises(Refused, match="author"):
        child.decide(proposal, by=User.objects.get(pk=child.worker.pk))


def test_only_a_child_protection_manager_answers():
    child = work(send="recorded")
    decision = child.decide(child.propose("low", LOW))
    for one in (child.worker, child.manager):
        with pytest.raises(NotAllowed):
            child.agree(decision, by=one)


def test_a_child_protection_manager_who_decided_as_manager_does_not_agree():
    child = work(send="recorded")
    MembershipFactory(user=child.manager, team=team_of(child.manager), role=Role.CHILD_PROTECTION_MANAGER)
    decision = child.decide(child.propose("low", LOW))
    both = User.objects.get(pk=child.manager.pk)
    with pytest.raises(Refused, match="another Child Protection Manager"):
        child.agree(decision, by=both)


def test_not_agreed_sets_the_tier_that_is_required():
    child = work(send="recorded")
    decision = child.decide(child.propose("low", LOW))
    with pytest.raises(Refused, match="which tier"):
        child.agree(decision, outcome="not_agreed", names=())
    child.agree(decision, outcome="not_agreed", required_tier="high", names=())
    assert tier(child) == ("high", False)


@pytest.mark.parametrize(("names", "sentence"), [((), "does not name"), (("cre",), "does not name"), (("eha",), "CRE")])
def test_an_agreement_names_what_it_agrees(names, sentence):
    child = work(send="recorded")
    decision = child.decide(child.propose("low", LOW))
    child.eha(day=date(2026, 1, 5))
    with pytest.raises(Refused, match=sentence):
        child.agree(decision, names=names)


def test_where_neither_is_possible_other_assessments_may_suffice():
    child = work(send="recorded")
    decision = child.decide(child.propose("low", LOW))
    with acting_as(child.worker.pk):
        for kind, declined in (("eha", True), ("single_assessment", False)):
            one = services.start_supporting(child.case, by=child.worker, kind=kind, started_at=child.case.opened_at)
            services.end_supporting(one, by=child.worker, version=one.version, declined=declined, reason="The family")
    with pytest.raises(Refused, match="must name the other assessments"):
        child.agree(decision, names=("cre", "other"))
    child.agree(decision, names=("cre", "other"), sufficient_because="The school’s own assessment covers it")
    assert tier(child) == ("low", False)


def test_an_agreement_is_for_one_decision_only():
    child = work(send="recorded")
    first = child.decide(child.propose("low", LOW))
    second = child.decide(child.propose("low", LOW))
    with pytest.raises(Refused, match="no longer waits"):
        child.agree(first)
    child.eha(day=date(2026, 1, 5))
    child.agree(second, names=("cre", "eha"))
    assert tier(child) == ("low", False)


def test_a_school_assesses_and_proposes_for_the_children_it_holds():
    child = work()
    school = person(Role.EARLY_HELP)
    give(child.case, team_of(school), [])
    proposal = child.propose("low", LOW, by=school)
    assert proposal.agency_id == team_of(school).agency_id
    child.decide(proposal)
    assert tier(child) == ("low", False)


def test_police_and_the_auditor_do_not_assess():
    child = work()
    for role in (Role.POLICE_OFFICER, Role.HEALTH_PRACTITIONER, Role.TEAM_MANAGER):
        one = person(role)
        give(child.case, team_of(one), [])
        with pytest.raises(NotAllowed):
            child.propose("low", LOW, by=one)
