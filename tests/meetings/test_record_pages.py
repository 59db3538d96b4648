"""Pages on which a meeting is recorded: attendance, decisions, dissent and actions, whole or not at all."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting
from tests.assessments.making import moment, work
from tests.children.factories import ago, days_from_today
from tests.database import rows, seeding
from tests.meetings.asking import HOSTILE, LONG, address, day, text
from tests.meetings.conftest import arrange, current, hold

pytestmark = pytest.mark.django_db


# Recording


def recording(meeting, **about) -> dict[str, str]:
    given = {"version": str(meeting.version), "summary": "School.", "child_took_part": "She came."}
    return given | day("held_at", timezone.localdate() - timedelta(days=1), "10:00") | about


def test_everybody_invited_is_asked_after_by_name(client_for, case, worker, mother):
    meeting = arrange(case, worker)
    client = client_for(worker)
    client.post(address("invite_family", case, meeting.pk), {"person": mother.pk})
    ((invitation,),) = rows("SELECT id FROM meetings_invitation")
    page = address("record_meeting", case, meeting.pk)
    shown = text(client.post(page, recording(meeting)))
    assert "Say whether Esi Fenwick attended" in shown
    assert "She came." in shown
    done = client.post(page, recording(meeting, **{f"attended_{invitation}": "present"}))
    assert done.headers["Location"] == address("add_decision", case, meeting.pk)
    shown = text(client.get(address("meeting", case, meeting.pk)))
    assert ("Present" in shown, "Was not invited" in shown) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"summary": ""}, "Enter what was discussed"),
        ({"child_took_part": ""}, "Enter how the child took part"),
        ({"counts_as_review": "on"}, "No tier is in effect"),
        ({"held_at_year": "2090"}, "must not be in the future"),
        ({"held_at_year": ""}, "must include a year"),
        ({"version": "nonsense"}, "We cannot tell which version"),
        (day("next_on", ago(days=3)), "must be after today"),
    ],
)
def test_what_is_wrong_with_a_record_is_said_and_what_was_typed_is_kept(client_for, case, worker, wrong, sentence):
    meeting = arrange(case, worker)
    page, typed = address("record_meeting", case, meeting.pk), {"review_statement": "As before"}
    shown = text(client_for(worker).post(page, recording(meeting, **typed, **wrong)))
    assert "There is a problem" in shown
    assert sentence in shown
    assert "As before" in shown
    assert current(meeting, worker).state == Meeting.State.ARRANGED


def test_a_meeting_counts_as_the_review_with_a_statement_that_nothing_changed(client_for):
    child, on = work(), date(2027, 1, 15)
    with child.on(date(2026, 12, 23)):
        child.decide(child.propose("medium", {"B02": "current"}))
    with child.on(on, hour=9):
        meeting = arrange(child.case, child.worker, starts_at=moment(on))
    page = address("record_meeting", child.case, meeting.pk)
    typed = recording(meeting, counts_as_review="on") | day("held_at", on, "12:00")
    with child.on(on, hour=15):
        client = client_for(child.worker)
        assert "Write and sign the statement" in text(client.post(page, typed))
        assert client.post(page, {**typed, "review_statement": "She is as safe as before"}).status_code == 302
        assert "Yes. She is as safe as before" in text(client.get(address("meeting", child.case, meeting.pk)))


def test_of_two_who_record_it_the_second_is_told_and_loses_nothing(client_for, case, worker):
    meeting = arrange(case, worker)
    page, client = address("record_meeting", case, meeting.pk), client_for(worker)
    assert client.post(page, recording(meeting)).status_code == 302
    shown = text(client.post(page, recording(meeting, summary="My own words")))
    assert "has been recorded" in shown
    assert "My own words" in shown


def test_a_cancellation_of_what_somebody_changed_meanwhile_shows_both(client_for, case, worker):
    meeting = arrange(case, worker)
    with seeding():
        Meeting.objects.filter(pk=meeting.pk).update(version=meeting.version + 1)
    page = address("cancel_meeting", case, meeting.pk)
    shown = text(client_for(worker).post(page, {"version": meeting.version, "reason": "Ill"}), 409)
    assert "Ill" in shown


def test_several_decisions_are_saved_at_once_each_with_its_dissent_and_its_action(client_for, case, worker):
    meeting = hold(arrange(case, worker), worker)
    page, client = address("add_decision", case, meeting.pk), client_for(worker)
    typed = {
        "text_1": "One", "agreed_1": "all", "action_1": "Mentor begins", "owner_name_1": "Ms Idris",
        **day("due_on_1", days_from_today(9)), "text_3": "Two", "agreed_3": "chair", "dissent_who_3": "School",
        "dissent_reason_3": "Not enough", "escalation_3": "To the head",
    }  # fmt: skip
    again = client.post(page, {**typed, "then": "another"}, follow=True)
    assert "2 decisions saved." in text(again)
    assert "Decision 3" in text(again), "the rows go on where the minutes stand"
    shown = text(client.get(address("meeting", case, meeting.pk)))
    assert "School does not agree: Not enough What they do: To the head" in shown
    assert shown.index("Decision 1") < shown.index("Decision 2")
    assert "Decision 3" not in shown, "an empty row is no decision"
    assert rows("SELECT title, owner_name, agreed_at LIKE '%%, decision 1' FROM plans_planitem") == [
        ("Mentor begins", "Ms Idris", True)
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Write at least one decision."),
        ({"text_2": "Kept"}, "Decision 2: select how it was agreed."),
        ({"agreed_2": "all", "measure_2": "Kept"}, "Decision 2: write what was decided."),
        ({"agreed_1": "all", "text_1": "Kept", "dissent_who_1": "School"}, "Decision 1: say why they do not agree."),
        ({"agreed_1": "all", "text_1": "Kept", "dissent_reason_1": "No"}, "Decision 1: say who does not agree."),
        ({"agreed_1": "all", "text_1": "Kept", "escalation_1": "Up"}, "Decision 1: say why they do not agree."),
        ({"agreed_1": "all", "text_1": "Kept", "owner_name_1": "Ms Idris"}, "Decision 1: say what will be done."),
        ({"agreed_1": "all", "text_1": "Kept", "action_1": "Ring"}, "Decision 1: say who does it"),
        ({"agreed_1": "all", "text_1": "Kept", "action_1": "Ring", "owner_name_1": "A", "due_on_1_day": "40"},
         "“By when?” must include"),
        ({"agreed_1": "all", "text_1": f"Kept{LONG}"}, "2,000 characters"),
    ],
)  # fmt: skip
def test_a_decision_that_was_begun_is_whole_and_nothing_typed_is_lost(client_for, case, worker, typed, sentence):
    meeting = hold(arrange(case, worker), worker)
    shown = text(client_for(worker).post(address("add_decision", case, meeting.pk), {**typed, "agreed_3": "majority"}
                                         if typed else {}))  # fmt: skip
    assert "There is a problem" in shown
    assert sentence in shown
    assert ("Kept" in shown) == bool(typed)
    assert rows("SELECT count(*) FROM meetings_meetingdecision") == [(0,)], "all or nothing"


def test_what_stands_in_a_closed_part_is_opened_again_with_what_was_typed(client_for, case, worker):
    meeting = hold(arrange(case, worker), worker)
    page, client = address("add_decision", case, meeting.pk), client_for(worker)
    assert text(client.get(page)).count('<details class="govuk-details" open>') == 0
    shown = text(client.post(page, {"dissent_who_2": "School"}))
    assert shown.count('<details class="govuk-details" open>') == 1
    assert 'value="School"' in shown


def test_nothing_is_decided_before_the_meeting_was_held(client_for, case, worker):
    meeting = arrange(case, worker)
    page = address("add_decision", case, meeting.pk)
    shown = text(client_for(worker).post(page, {"text_1": "One", "agreed_1": "all"}))
    assert "Record that the meeting was held first" in shown
    assert ">One</textarea>" in shown


def test_an_action_of_a_decision_is_in_the_plan(client_for):
    child = work()
    child.decide(child.propose("low", {"F02": "current"}))
    meeting = hold(arrange(child.case, child.worker), child.worker)
    client = client_for(child.worker)
    client.post(address("add_decision", child.case, meeting.pk), {"text_1": "One", "agreed_1": "all"})
    ((decision,),) = rows("SELECT id FROM meetings_meetingdecision")
    page = address("add_meeting_action", child.case, decision)
    assert "Say who does it" in text(client.post(page, {"title": "Mentor begins"}))
    client.post(page, {"title": "Mentor begins", "owner_name": "Ms Idris"})
    assert "Mentor begins" in text(client.get(address("plan", child.case)))


def test_what_people_type_comes_back_as_text(client_for, case, worker):
    meeting = hold(arrange(case, worker, place=HOSTILE), worker, summary=HOSTILE)
    assert HOSTILE not in text(client_for(worker).get(address("meeting", case, meeting.pk)))
