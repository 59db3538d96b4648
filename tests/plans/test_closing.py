"""Closing a file and opening it again: what must be done before, who decides, what ends, and who still sees it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from access.models import Allocation, CaseFile
from access.permissions import NotAllowed, may
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from access.selectors import grants_of, is_live
from accounts.roles import Role
from assessments.models import EffectiveTier
from children.models import Child
from children.services import add_contact, add_note, update_child
from deadlines.models import Deadline
from duties.models import MandatoryReport
from meetings.models import TaskingListing
from meetings.services import cancel_meeting
from offer.ages import birthday
from plans.closing.services import close_case, propose_closing, reopen_case, send_closing_back
from plans.models import CaseClosure, PlanItem, TriggerPlan
from plans.transition.services import consider_transition
from tests.assessments.making import Work, work
from tests.database import seeding
from tests.factories import give, lead, person, team_of
from tests.meetings.conftest import arrange
from tests.plans.test_plan import HIGH, LOW, MEDIUM

pytestmark = pytest.mark.django_db
DONE = "She has a mentor at school, and her aunt."


def held(**about) -> Work:
    """A file that a team holds, with a worker who leads on it."""
    child = work(**about)
    give(child.case, team_of(child.worker), source="team", until=None)
    lead(child.case, child.worker)
    return child


def low(**about) -> Work:
    child = held(**about)
    child.decide(child.propose("low", LOW))
    return child


def propose(child: Work, *, by=None, reason="no_concern", **about) -> CaseClosure:
    by = by or child.worker
    with acting_as(by.pk):
        return propose_closing(child.case, by=by, reason=reason, summary=DONE, **about)


def close(child: Work, *, by=None, closure=None) -> CaseClosure:
    by = by or child.manager
    with acting_as(child.manager.pk), transaction.atomic():
        closure = closure or CaseClosure.objects.filter(case=child.case).latest("pk")
    with acting_as(by.pk):
        return close_case(closure, by=by, answer="I agree.")


def reopen(child: Work, *, by=None) -> CaseClosure:
    by = by or child.manager
    with acting_as(by.pk):
        return reopen_case(child.case, by=by, reason="Her school is worried again.")


def seen_by(user, model, case):
    with acting_as(user.pk), transaction.atomic():
        return list(model.objects.filter(case=case))


def test_a_manager_closes_what_a_worker_proposed_and_everything_that_ran_ends():
    child = low()
    propose(child)
    assert close(child).state == CaseClosure.State.CLOSED
    with acting_as(child.worker.pk), transaction.atomic():
        assert CaseFile.objects.get(pk=child.case.pk).closed_at is not None
        assert not Deadline.objects.filter(case=child.case, state="open").exists()
        assert Deadline.objects.get(case=child.case, rule_id="TG-CLOSING").state == "met"
        assert not EffectiveTier.objects.filter(case=child.case, until_at=None).exists()
        assert not PlanItem.objects.filter(case=child.case, ended_at=None).exists()
        assert not Allocation.objects.filter(case=child.case, ended_at=None).exists()


def test_a_closed_file_may_be_read_by_the_team_that_held_it_and_written_by_nobody():
    child = low()
    propose(child)
    close(child)
    for one in (child.worker, child.manager):
        with acting_as(one.pk), transaction.atomic():
            assert may(one, Action.VIEW_NOTES, child.case)
            assert not may(one, Action.ADD_NOTE, child.case)
    with acting_as(child.worker.pk), pytest.raises(NotAllowed):
        add_note(child.case, by=child.worker, kind="note", happened_at=timezone.now(), text="Late")
    assert run(child.worker, "UPDATE children_child SET given_names = 'X' WHERE case_id = %s", child.case.pk) == 0


def test_all_other_access_ends_with_the_file():
    child = low()
    police = person(Role.POLICE_OFFICER)
    give(child.case, team_of(police))
    assert seen_by(police, Child, child.case)
    propose(child)
    close(child)
    assert seen_by(police, Child, child.case) == []
    assert seen_by(child.cpm, Child, child.case) == []
    with acting_as(child.manager.pk), transaction.atomic():
        live = [one for one in grants_of(child.case) if is_live(one, timezone.now())]
    assert [(one.source, one.level) for one in live] == [("team", 1)]


def test_who_proposes_does_not_decide_and_only_a_manager_does():
    child = low()
    propose(child, by=child.manager)
    with pytest.raises(Refused, match="another manager"):
        close(child)
    with pytest.raises(NotAllowed):
        close(child, by=child.worker)
    with pytest.raises(Refused, match="proposed already"):
        propose(child)


def test_sent_back_work_goes_on_and_closing_may_be_proposed_again():
    child = low()
    first = propose(child)
    with acting_as(child.manager.pk), pytest.raises(Refused, match="reason"):
        send_closing_back(first, by=child.manager, answer=" ")
    with acting_as(child.manager.pk):
        assert send_closing_back(first, by=child.manager, answer="See her once more.").state == "sent_back"
    propose(child)
    with pytest.raises(Refused, match="already decided"):
        close(child, closure=first)
    close(child)


def test_a_manager_does_not_close_for_a_reason_that_was_proposed_after_they_opened_the_page(client_for):
    child = low()
    seen = propose(child)
    client, page = client_for(child.manager), reverse("decide_closing", args=[child.case.pk])
    assert f'name="closure" value="{seen.pk}"' in client.get(page).content.decode()
    with acting_as(child.manager.pk):
        send_closing_back(seen, by=child.manager, answer="Not yet.")
    propose(child, reason="moved", receiver="Nottingham City Council, J Okafor")
    sent = {"closure": seen.pk, "decision": "close", "answer": "I agree.", "once": uuid4()}
    answer = client.post(page, sent)
    assert "already decided on this closing" in answer.content.decode()
    assert "I agree." in answer.content.decode()
    with acting_as(child.manager.pk), transaction.atomic():
        assert CaseFile.objects.get(pk=child.case.pk).closed_at is None


@pytest.mark.parametrize(("tier", "answers"), [("medium", MEDIUM), ("high", HIGH)])
def test_no_file_is_closed_as_of_no_concern_above_low(tier, answers):
    child = held()
    child.decide(child.propose(tier, answers))
    with acting_as(child.worker.pk), transaction.atomic():
        MandatoryReport.objects.filter(case=child.case).update(state="closed", not_reported="other_route", outcome="x")
    with pytest.raises(Refused, match="not low"):
        propose(child)


def test_a_child_under_13_is_closed_only_on_an_agreement_of_a_child_protection_manager():
    child = held(born=timezone.localdate() - timedelta(days=12 * 366))
    decision = child.decide(child.propose("low", LOW))
    with pytest.raises(Refused, match="waits for a Child Protection Manager"):
        propose(child)
    child.eha(day=timezone.localdate())
    child.agree(decision, names=("cre", "eha"))
    propose(child)
    assert close(child).state == "closed"


def test_the_guard_on_low_is_asked_again_on_the_day_of_closing():
    child = low(born=date(2011, 6, 14))
    propose(child)
    with acting_as(child.worker.pk):
        known = Child.objects.get(case=child.case)
        update_child(
            known, by=child.worker, version=known.version, date_of_birth=timezone.localdate() - timedelta(days=4000)
        )
    with pytest.raises(Refused, match="Child Protection Manager"):
        close(child)


def test_what_was_begun_is_ended_first():
    child = low()
    meeting = arrange(child.case, child.worker)
    with pytest.raises(Refused, match="meeting is arranged"):
        propose(child)
    with acting_as(child.worker.pk):
        cancel_meeting(meeting, by=child.worker, version=meeting.version, reason="She asked")
    child.assess(LOW)
    with pytest.raises(Refused, match="being written"):
        propose(child)


def test_a_contact_is_screened_before_its_file_is_closed():
    child = low()
    with acting_as(child.worker.pk):
        add_contact(
            child.case, by=child.worker, received_at=timezone.now(), method="phone", source="school", details="x"
        )
    with pytest.raises(Refused, match="waits to be screened"):
        propose(child)


def test_a_file_that_no_team_would_keep_is_not_closed():
    child = work()
    child.decide(child.propose("low", LOW))
    propose(child)
    with pytest.raises(NotAllowed, match="No team holds this file"):
        close(child)


def test_a_high_child_who_moves_comes_off_the_tasking_list():
    child = held()
    child.decide(child.propose("high", {"B02": "current"}, difference_reason="What police told us"))
    with pytest.raises(Refused, match="who takes over"):
        propose(child, reason="moved")
    propose(child, reason="moved", receiver="Nottingham City Council, J Okafor")
    close(child)
    assert [one.state for one in seen_by(child.worker, TaskingListing, child.case)] == ["taken_off"]
    assert [one.status for one in seen_by(child.worker, TriggerPlan, child.case)] == ["ended"]


def test_nobody_is_closed_at_18_without_an_outcome_of_transition():
    adult = timezone.localdate()
    born = next(
        day for day in (adult - timedelta(days=18 * 366 - past) for past in range(40)) if birthday(day, 18) <= adult
    )
    child = low(born=born)
    with pytest.raises(Refused, match="Transition was not considered"):
        propose(child, reason="turned_18")
    with acting_as(child.worker.pk):
        consider_transition(child.case, by=child.worker, outcome="plan_only")
    propose(child, reason="turned_18")
    assert close(child).state == "closed"


def test_a_file_opened_again_is_its_teams_with_no_tier_and_no_worker():
    child = low()
    propose(child)
    close(child)
    with pytest.raises(NotAllowed):
        reopen(child, by=child.worker)
    assert reopen(child).state == "reopened"
    with pytest.raises(NotAllowed):
        reopen(child, by=child.worker)
    with acting_as(child.manager.pk), pytest.raises(Refused, match="not closed"):
        reopen_case(child.case, by=child.manager, reason="Again")
    with acting_as(child.worker.pk), transaction.atomic():
        assert CaseFile.objects.get(pk=child.case.pk).closed_at is None
        assert may(child.worker, Action.ADD_NOTE, child.case)
        assert not EffectiveTier.objects.filter(case=child.case, until_at=None).exists()
    assert seen_by(child.cpm, Child, child.case) == []
    child.decide(child.propose("medium", MEDIUM))
    assert len([one for one in seen_by(child.worker, PlanItem, child.case) if one.ended_at is None]) == 26


# Whoever comes past the services


def run(by, statement: str, *arguments):
    with acting_as(by.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.rowcount


def test_the_database_closes_nothing_that_was_not_proposed_by_another():
    child = low()
    mine = propose(child, by=child.manager)
    with pytest.raises(DatabaseError, match="cannot close"):
        run(child.manager, "SELECT sec.close_case(%s, 'x')", mine.pk)
    with pytest.raises(DatabaseError, match="cannot close"):
        run(child.worker, "SELECT sec.close_case(%s, 'x')", mine.pk)
    with pytest.raises(DatabaseError, match="permission denied"):
        run(child.manager, "UPDATE access_casefile SET closed_at = now() WHERE id = %s", child.case.pk)
    for state in ("closed", "reopened"):
        with pytest.raises(DatabaseError, match=r"row-level security|violates"):
            run(child.manager, "UPDATE plans_caseclosure SET state = %s, decided_by_id = %s, decided_at = now(), "
                "answer = 'x' WHERE id = %s", state, child.manager.pk, mine.pk)  # fmt: skip


@pytest.mark.parametrize("reason", ["no_concern", "turned_18", "adult_services"])
def test_the_database_asks_the_guards_too(reason):
    child = held()
    child.decide(child.propose("medium", MEDIUM))
    with seeding():
        made = CaseClosure.objects.create(
            case=child.case, reason=reason, summary="x", receiver="y", proposed_by=child.worker
        )
    with pytest.raises(IntegrityError, match=r"not closed|No file is closed"):
        run(child.manager, "SELECT sec.close_case(%s, 'x')", made.pk)


def test_the_database_refuses_a_decision_by_who_proposed_it():
    child = low()
    with seeding(), pytest.raises(IntegrityError, match="closure_decided_by_another"), transaction.atomic():
        CaseClosure.objects.create(
            case=child.case, reason="no_concern", summary="x", proposed_by=child.worker, state="sent_back", answer="x",
            decided_by=child.worker, decided_at=timezone.now(),
        )  # fmt: skip
