"""A request is answered in time, with nothing of another child or an exploiter, by two people (DOMAIN 6.3, TS-32)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import DisclosureDecision
from access.parts import Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from children.models import CaseNote
from children.services import add_note
from deadlines.models import Deadline
from duties.models import MandatoryReport
from offer.subject_access import Ground
from plans.closing.facts import still_open
from plans.models import Copy, ItemSession, PlanItem, ServicePlan
from subject_access import services
from subject_access.answers import Draft
from subject_access.models import PassageDecision
from subject_access.redaction import IN_PLACE
from subject_access.selectors import kept_back
from subject_access.services import Decided, decide_passages, end_request, finish_preparing, give_record
from tests.children.factories import ContactFactory, PersonFactory, SafetyFactory
from tests.database import seeding
from tests.factories import MembershipFactory, give, person, team_of
from tests.subject_access.conftest import NOTE
from tests.subject_access.making import as_proposed, prepared, request_of

pytestmark = pytest.mark.django_db


def clocks(case, by):
    with acting_as(by.pk):
        found = Deadline.objects.filter(case=case).values_list("rule_id", "state")
        return {rule: state for rule, state in found if rule.startswith(("TS-32", "TG-SECOND"))}


def line_of(asked, by, words):
    with acting_as(by.pk):
        return next(line for line in Draft(asked, by).lines if words in line.passage.text)


def decide(asked, by, line, **about):
    facts = {"given": True, **about}
    return decide_passages(
        asked, by=by, chapter=line.passage.chapter,
        decided=[Decided(line.passage.source, line.passage.digest, **facts)],
    )  # fmt: skip


# The clock


def test_one_calendar_month_runs_from_the_day_it_came(case, worker):
    came = timezone.localdate() - timedelta(days=9)
    asked = request_of(case, worker, received_on=came)
    with acting_as(worker.pk):
        clock = Deadline.objects.get(case=case, rule_id="TS-32")
    assert (clock.about, timezone.localdate(clock.started_at)) == (f"access_request:{asked.pk}", came)
    assert 28 <= (clock.limit_on - came).days <= 31


def test_a_complex_one_has_three_months_if_they_were_told_within_the_first(case, worker):
    asked = request_of(case, worker)
    services.take_longer(asked, by=worker, reason="Six years of records")
    assert clocks(case, worker) == {"TS-32": "ended", "TS-32-COMPLEX": "open"}
    with pytest.raises(Refused, match="no more time in the law"):
        services.take_longer(asked, by=worker, reason="Again")


def test_after_the_month_there_is_no_more_time(case, worker):
    asked = request_of(case, worker, received_on=timezone.localdate() - timedelta(days=40))
    with pytest.raises(Refused, match="within the first month"):
        services.take_longer(asked, by=worker, reason="Six years of records")


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"asker": "nobody"}, "Choose who asks"),
        ({"asker_name": " "}, "Say who asks"),
        ({"how_known": ""}, "Say who asks"),
        ({"received_on": timezone.localdate() + timedelta(days=1)}, "must not be in the future"),
        ({"asker": "parent"}, "Choose the parent"),
    ],
)
def test_a_request_that_says_too_little_is_refused_in_a_sentence(case, worker, about, sentence):
    with pytest.raises(Refused, match=sentence):
        request_of(case, worker, **about)


def test_a_parent_is_a_person_of_this_file(case, worker):
    with pytest.raises(Refused, match="Choose somebody of this file"):
        request_of(case, worker, asker="parent", person=PersonFactory())


# What is proposed, and what is never given


def test_names_of_somebody_complicit_are_marked_in_what_is_proposed(case, worker, complicit):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "arcade")
    with acting_as(worker.pk):
        proposed = Draft(asked, worker).proposal(line.passage)
    kept = [line.passage.text[start:end] for start, end in proposed.kept_back]
    assert (proposed.given, kept, proposed.ground) == (True, ["Kyle", "Marsh"], Ground.THIRD_PARTY)


def test_whoever_told_us_of_the_child_is_marked_in_what_is_proposed(case, worker):
    ContactFactory(case=case, from_name="Nora Blythe", from_phone="07700 900456", details="Nora Blythe saw a red car.")
    asked = request_of(case, worker)
    line = line_of(asked, worker, "red car")
    with acting_as(worker.pk):
        proposed = Draft(asked, worker).proposal(line.passage)
    kept = [line.passage.text[start:end] for start, end in proposed.kept_back]
    assert (kept.count("Nora Blythe"), kept.count("07700 900456")) == (2, 1)


def test_what_is_written_down_of_others_is_proposed_to_be_kept_back(case, worker, mother):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "Rita")
    with acting_as(worker.pk):
        proposed = Draft(asked, worker).proposal(line.passage)
    assert (proposed.given, proposed.ground) == (False, Ground.THIRD_PARTY)


def test_a_parent_gets_what_is_written_down_of_them_and_no_confidential_address(case, worker, mother):
    asked = request_of(case, worker, asker="parent", asker_name="Rita Thorne", person=mother)
    own, address = line_of(asked, worker, "Rita"), line_of(asked, worker, "4 Leaf Street")
    with acting_as(worker.pk):
        draft = Draft(asked, worker)
        assert draft.proposal(own.passage).given
        assert draft.proposal(address.passage).ground is Ground.SERIOUS_HARM


@pytest.mark.parametrize(
    ("words", "about"),
    [("arcade", {}), ("Leaf Street", {"asker": "parent", "asker_name": "Rita Thorne"})],
    ids=["an exploiter’s name", "where the child is, to a parent"],
)
def test_it_is_not_put_to_a_reader_with_words_that_are_never_given(case, worker, mother, complicit, words, about):
    asked = request_of(case, worker, **about, **({"person": mother} if about else {}))
    with acting_as(worker.pk):
        as_proposed(asked, worker)
    decide(asked, worker, line_of(asked, worker, words))
    with pytest.raises(Refused, match="never given"):
        finish_preparing(asked, by=worker)


def test_a_title_names_nobody_either(case, worker, manager, complicit):
    with seeding():
        plan = ServicePlan.objects.create(case=case, tier="low", opened_at=timezone.now(), opened_by=worker)
        item = PlanItem.objects.create(
            case=case,
            plan=plan,
            title="Keep Kyle Marsh away",
            source="plan",
            added_by=worker,
            agency=team_of(worker).agency,
        )
        ItemSession.objects.create(
            case=case, item=item, on=timezone.localdate(), note="Talked it through.", author=worker,
            agency=team_of(worker).agency,
        )  # fmt: skip
    given = give_record(prepared(case, worker), by=manager, answer="In person")
    with acting_as(manager.pk):
        words = str(Copy.objects.get(pk=given.given_as_id).content)
    assert f"Session, Keep {IN_PLACE} {IN_PLACE} away" in words
    assert "Kyle" not in words


def test_another_child_of_the_file_is_never_named(case, worker):
    PersonFactory(case=case, name="Jordan Lee", relationship="friend", is_adult=False)
    add_note(case, by=worker, kind="note", text="Jordan Lee went with Maya.", happened_at=timezone.now())
    asked = request_of(case, worker)
    with acting_as(worker.pk):
        as_proposed(asked, worker)
    decide(asked, worker, line_of(asked, worker, "went with"))
    with pytest.raises(Refused, match="never given"):
        finish_preparing(asked, by=worker)


# Deciding


def test_a_decision_counts_only_for_the_words_it_was_made_on(case, worker):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "talked about")
    with pytest.raises(Refused, match="changed, or is gone"):
        decide_passages(asked, by=worker, chapter="notes", decided=[Decided(line.passage.source, "0" * 64, given=True)])


def test_a_passage_of_another_file_is_none_of_this_request(case, worker):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "talked about")
    with pytest.raises(Refused, match="A passage"):
        decide_passages(
            asked, by=worker, chapter="notes",
            decided=[Decided("children.casenote:999999", line.passage.digest, given=True)],
        )  # fmt: skip


@pytest.mark.parametrize("about", [{"given": False}, {"kept_back": [(0, 4)]}])
def test_words_are_kept_back_on_a_ground_only(case, worker, about):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "talked about")
    with pytest.raises(Refused, match="choose why words are kept back"):
        decide(asked, worker, line, **about)
    with pytest.raises(Refused, match="choose why words are kept back"):
        decide(asked, worker, line, **about, ground=Ground.CHILD_ABUSE)  # for a parent who asks, and no other
    decide(asked, worker, line, **about, ground=Ground.THIRD_PARTY)


@pytest.mark.parametrize("span", [(-1, 3), (3, 3), (5, 2), (0, 10_000)])
def test_what_is_kept_back_lies_in_the_passage(case, worker, span):
    asked = request_of(case, worker)
    with pytest.raises(Refused):
        decide(asked, worker, line_of(asked, worker, "talked"), kept_back=[span], ground=Ground.THIRD_PARTY)


def test_a_later_decision_takes_the_place_of_the_earlier(case, worker):
    asked = request_of(case, worker)
    line = line_of(asked, worker, "talked about")
    decide(asked, worker, line, given=False, ground=Ground.CRIME)
    decide(asked, worker, line)
    with acting_as(worker.pk):
        (one,) = PassageDecision.objects.filter(request=asked)
    assert (one.given, one.ground) == (True, "")


def test_no_word_of_the_file_is_in_a_decision(case, worker, complicit):
    asked = request_of(case, worker)
    with acting_as(worker.pk):
        as_proposed(asked, worker)
        rows = list(PassageDecision.objects.filter(request=asked).values())
    assert rows
    assert "Kyle" not in str(rows)
    assert "arcade" not in str(rows)


def test_everything_is_decided_before_a_second_person_reads(case, worker):
    asked = request_of(case, worker)
    with pytest.raises(Refused, match="not decided on as they read today"):
        finish_preparing(asked, by=worker)


# Giving


def test_the_second_person_gives_it_as_a_copy_of_these_very_words(case, worker, manager, mother, complicit):
    asked = prepared(case, worker)
    assert clocks(case, worker) == {"TS-32": "open", "TG-SECOND-READER": "open"}
    given = give_record(asked, by=manager, answer="In person, with Priya")
    assert (given.state, given.decided_by) == ("given", manager)
    assert clocks(case, worker) == {"TS-32": "met", "TG-SECOND-READER": "met"}
    with acting_as(manager.pk):
        copy = Copy.objects.get(pk=given.given_as_id)
        decision = DisclosureDecision.objects.get(pk=copy.disclosure_id)
    words = str(copy.content)
    assert (copy.kind, copy.state, copy.recipient_name) == ("record", "waiting", "Maya Thorne")
    assert f"seen with {IN_PLACE} {IN_PLACE} near the arcade" in words
    assert "4 Leaf Street" in words  # where she lives is hers to know
    assert not any(name in words for name in ("Kyle", "Marsh", "Rita", "07700"))
    assert (decision.recipient, decision.necessity) == ("Maya Thorne", "In person, with Priya")
    assert {"profile", "casework", "locked_location"} <= set(decision.labels)
    assert "complicity" not in decision.labels
    with acting_as(manager.pk):
        assert NOTE in set(CaseNote.objects.filter(case=case).values_list("text", flat=True))  # the original stays


def test_whoever_prepared_it_never_gives_it(case, worker):
    """By role already: who prepares may not release. And somebody with both roles is stopped by the rule."""
    asked = prepared(case, worker)
    with pytest.raises(NotAllowed):
        give_record(asked, by=worker, answer="In person")


def test_somebody_with_both_roles_does_not_give_what_they_prepared(case, worker):
    MembershipFactory(user=worker, team=team_of(worker), role=Role.TEAM_MANAGER)
    asked = prepared(case, worker)
    with pytest.raises(Refused, match="You prepared this answer"):
        give_record(asked, by=worker, answer="In person")


def test_what_changed_since_it_was_prepared_is_decided_on_first(case, worker, manager):
    asked = prepared(case, worker)
    add_note(case, by=worker, kind="note", text="Something new.", happened_at=timezone.now())
    with pytest.raises(Refused, match="One passage is not decided"):
        give_record(asked, by=manager, answer="In person")
    services.send_answer_back(asked, by=manager, question="There is a new note")
    assert clocks(case, worker)["TS-32"] == "open"


def test_a_manager_who_sees_less_of_the_file_does_not_give_it(case, worker):
    """Else the answer would lack what they do not see, and nobody would know."""
    asked = prepared(case, worker)
    other = person(Role.TEAM_MANAGER)
    give(case, team_of(other), {Label.CASEWORK, Label.PLAN})
    with pytest.raises(Refused, match="You do not see the whole of this file"):
        give_record(asked, by=other, answer="In person")


def test_nothing_is_given_to_a_parent_considered_complicit_since(case, worker, manager, mother):
    asked = prepared(case, worker, asker="parent", asker_name="Rita Thorne", person=mother)
    SafetyFactory(case=case, person=mother, complicity="suspected")
    with pytest.raises(Refused, match="Refuse the request"):
        give_record(asked, by=manager, answer="By post")
    ended = end_request(asked, by=manager, outcome="refused", answer="Told by letter")
    assert (ended.state, clocks(case, worker)["TS-32"]) == ("refused", "met")


def test_nothing_is_given_to_a_parent_while_a_report_is_kept_from_the_family(case, worker, mother):
    asked = request_of(case, worker, asker="parent", asker_name="Rita Thorne", person=mother)
    with seeding():
        MandatoryReport.objects.create(
            case=case, rule_id="MR-05", trigger="Plans to travel", opened_as="suspicion", how_known="told",
            discovered_by=worker, discovered_at=timezone.now(), author=worker, agency=team_of(worker).agency,
            hidden_from_family=True,
        )  # fmt: skip
    with acting_as(worker.pk):
        as_proposed(asked, worker)
    with pytest.raises(Refused, match="Refuse the request"):
        finish_preparing(asked, by=worker)


def test_what_has_ended_is_never_changed(case, worker, manager):
    asked = prepared(case, worker)
    give_record(asked, by=manager, answer="In person")
    for again in (
        lambda: give_record(asked, by=manager, answer="Again"),
        lambda: services.send_answer_back(asked, by=manager, question="Too late"),
        lambda: end_request(asked, by=manager, outcome="refused", answer="Too late"),
        lambda: finish_preparing(asked, by=worker),
        lambda: services.take_longer(asked, by=worker, reason="Too late"),
    ):
        with pytest.raises(Refused, match="This request is given now"):
            again()


def test_one_that_was_taken_back_ends_its_clock_as_not_needed(case, worker, manager):
    asked = request_of(case, worker)
    end_request(asked, by=manager, outcome="withdrawn", answer="She rang and said so")
    assert clocks(case, worker) == {"TS-32": "ended"}


@pytest.mark.parametrize("role", [Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER])
def test_others_of_the_team_may_look_and_not_prepare(case, worker, role):
    other = person(role, team_of(worker))
    with pytest.raises(NotAllowed):
        request_of(case, other)


def test_a_file_is_not_closed_over_the_head_of_whoever_asked(case, worker):
    asked = request_of(case, worker)
    with acting_as(worker.pk):
        assert f"The request of {asked.asker_name} to see the record is not answered." in still_open(case, worker)


def test_a_late_answer_is_a_missed_limit(case, worker, manager):
    asked = prepared(case, worker, received_on=timezone.localdate() - timedelta(days=40))
    give_record(asked, by=manager, answer="In person")
    assert clocks(case, worker)["TS-32"] == "late"


def test_the_log_of_what_is_kept_back_outlives_the_words(case, worker, manager, complicit):
    asked = prepared(case, worker)
    with acting_as(worker.pk):
        before = [(one.title, one.ground) for one in kept_back(asked, worker)]
    give_record(asked, by=manager, answer="In person")
    with seeding():
        CaseNote.objects.filter(case=case).update(text="Corrected by the database’s owner.")
    with acting_as(manager.pk):
        assert [(one.title, one.ground) for one in kept_back(asked, manager)] == before != []
