"""Pages on which people are invited and answer: who may not be reached, and what each agency does for itself."""

import pytest

from accounts.roles import Role
from children.models import Person
from meetings.models import Invitation, Meeting
from tests.children.factories import partner
from tests.database import rows, seeding
from tests.factories import CaseFileFactory, exclude, give, person, team_of
from tests.meetings.asking import address, text
from tests.meetings.conftest import arrange, current, decide, hold

pytestmark = pytest.mark.django_db


# Inviting


def test_a_parent_considered_complicit_is_said_to_be_beyond_inviting_and_is_recorded_so(
    client_for, case, worker, mother, father
):
    decide(father)
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_family", case, meeting.pk)
    assert text(client.get(page)).count("Cannot be invited.") == 1
    shown = text(client.post(page, {"person": father.pk}, follow=True))
    assert "Dale Fenwick is not invited" in shown
    assert "that this person is not to be invited. Decided by" in shown
    assert "Dale Fenwick" not in text(client.get(page)), "on the list already"


@pytest.mark.parametrize("about", [{"complicity": "suspected"}, {"complicity": "cleared", "unsafe_to_contact": True}])
def test_who_is_suspected_or_unsafe_is_held_until_a_manager_decides(client_for, case, worker, manager, father, about):
    decide(father, **about)
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_family", case, meeting.pk)
    assert "Held: a manager or the chair decides" in text(client.get(page))
    shown = text(client.post(page, {"person": father.pk}, follow=True))
    assert "Send them nothing" in shown
    ((invitation,),) = rows("SELECT id FROM meetings_invitation")
    decision = address("decide_invitation", case, invitation)
    assert decision not in shown, "not a worker’s to decide"
    assert client.get(decision).status_code == 403
    theirs = client_for(manager)
    assert decision in text(theirs.get(address("meeting", case, meeting.pk)))
    asked = text(theirs.get(decision))
    assert ("Suspected" in asked, "Unsafe to contact" in asked) == (about["complicity"] == "suspected",
                                                                    "unsafe_to_contact" in about)  # fmt: skip
    assert "legal advice" not in asked, "asked for conferences and reviews"
    refused = text(theirs.post(decision, {"version": 1, "is_invited": "no", "by_way_of": "Kept"}))
    assert "Say why this person is not invited." in refused
    assert 'value="Kept"' in refused
    given = {"version": 1, "is_invited": "yes", "by_way_of": "Her worker, at the office"}
    assert "No reply yet" in text(theirs.post(decision, given, follow=True))


def test_nobody_decides_to_invite_somebody_considered_complicit(client_for, case, worker, manager, father):
    decide(father)
    meeting = arrange(case, worker)
    client_for(worker).post(address("invite_family", case, meeting.pk), {"person": father.pk})
    ((invitation,),) = rows("SELECT id FROM meetings_invitation")
    client, page = client_for(manager), address("decide_invitation", case, invitation)
    assert "never invited" in text(client.get(page))
    assert "There is a problem" in text(client.post(page, {"version": 1, "is_invited": "yes"}))
    assert rows("SELECT reply FROM meetings_invitation") == [("not_invited",)]


def test_leaving_out_a_parent_of_a_conference_is_the_chairs_with_legal_advice(
    client_for, case, worker, manager, officer, mother
):
    meeting = arrange(case, worker, "icpc", chair=officer, chair_name="")
    client_for(worker).post(address("invite_family", case, meeting.pk), {"person": mother.pk})
    ((invitation,),) = rows("SELECT id FROM meetings_invitation")
    page = address("decide_invitation", case, invitation)
    given = {"version": 1, "is_invited": "no", "reason": "She threatened the chair"}
    assert "the chair’s decision" in text(client_for(manager).post(page, {**given, "legal_advice_taken": "yes"}))
    chairs = client_for(officer)
    shown = text(chairs.post(page, given))
    assert "Say whether legal advice was taken" in shown
    assert "She threatened the chair" in shown
    done = text(chairs.post(page, {**given, "legal_advice_taken": "no"}, follow=True))
    assert f"Decided by {officer.name}" in done
    assert rows("SELECT reply, legal_advice_taken FROM meetings_invitation") == [("not_invited", False)]


def test_a_shared_address_is_warned_of_before_anything_is_sent(client_for, case, worker, mother, father):
    decide(father)
    with seeding():
        Person.objects.filter(pk=mother.pk).update(address=father.address)
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_family", case, meeting.pk)
    shown = text(client.post(page, {"person": mother.pk, "by_way_of": "By hand at school"}))
    assert "has the same address as Dale Fenwick" in shown
    assert 'value="By hand at school"' in shown
    assert "checked" in shown
    given = {"person": mother.pk, "by_way_of": "By hand at school", "shared_is_safe": "on"}
    assert "By way of: By hand at school" in text(client.post(page, given, follow=True))


def test_where_nobody_is_left_to_invite_the_page_says_so(client_for, case, worker):
    meeting = arrange(case, worker)
    shown = text(client_for(worker).get(address("invite_family", case, meeting.pk)))
    assert "Everybody recorded under Family and people is on the list already." in shown
    assert 'type="radio"' not in shown


def test_a_professional_without_an_account_is_invited_by_name_and_place_of_work(client_for, case, worker):
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_professional", case, meeting.pk)
    shown = text(client.post(page, {"name": "Dr Rao"}))
    assert "Say where they work." in shown
    assert 'value="Dr Rao"' in shown
    assert "Say whom you invite" in text(client.post(page, {}))
    assert "Dr Rao" in text(client.post(page, {"name": "Dr Rao", "agency_name": "GP surgery"}, follow=True))


def test_somebody_to_whom_the_file_is_closed_is_not_invited(client_for, case, worker):
    officer = person(Role.POLICE_OFFICER, name="PC Lane")
    exclude(case, officer)
    meeting = arrange(case, worker)
    page = f"{address('invite_professional', case, meeting.pk)}?team={team_of(officer).pk}"
    shown = text(client_for(worker).post(page, {"user": officer.pk}))
    assert "cannot be given access" in shown
    assert f'<option value="{officer.pk}" selected>' in shown
    assert rows("SELECT count(*) FROM meetings_invitation") == [(0,)]


def test_somebody_of_another_file_is_no_choice(client_for, case, worker, mother):
    meeting = arrange(case, worker)
    page = address("invite_family", case, meeting.pk)
    assert "There is a problem" in text(client_for(worker).post(page, {"person": mother.pk + 1000}))


def test_people_are_chosen_from_one_team_at_a_time(client_for, case, worker):
    officer = person(Role.POLICE_OFFICER, name="PC Lane")
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_professional", case, meeting.pk)
    assert "PC Lane" not in text(client.get(page))
    of_team = f"{page}?team={team_of(officer).pk}"
    assert "PC Lane" in text(client.get(of_team))
    assert "PC Lane" in text(client.post(of_team, {"user": officer.pk}, follow=True))
    assert text(client.get(f"{page}?team=nonsense"))


def test_the_childs_invitation_is_not_sent_by_way_of_an_excluded_adult(client_for, case, worker, father):
    decide(father)
    meeting = arrange(case, worker)
    shown = text(
        client_for(worker).post(address("invite_child", case, meeting.pk), {"by_way_of": "Dale Fenwick tells her"})
    )
    assert "must not pass through Dale Fenwick" in shown
    assert 'value="Dale Fenwick tells her"' in shown


# Answers


def test_an_agency_answers_and_reports_for_itself(client_for, case, worker):
    officer = partner(case, Role.POLICE_OFFICER)
    meeting = arrange(case, worker)
    with seeding():
        invitation = Invitation.objects.create(
            case=case, meeting=meeting, of="professional", name="PC Lane", user=officer, agency=team_of(officer).agency,
            invited_by=worker,
        )  # fmt: skip
        Meeting.objects.filter(pk=meeting.pk).update(agencies=[team_of(officer).agency_id])
    client = client_for(officer)
    page = address("reply_to_invitation", case, invitation.pk)
    assert client.post(page, {"version": invitation.version, "reply": "accepted"}).status_code == 302
    version = current(invitation, worker).version
    page = address("send_meeting_report", case, invitation.pk)
    assert "Report" in text(client.post(page, {"version": version, "report": "Seen on Friday."}, follow=True))
    assert "Seen on Friday." in text(client_for(worker).get(address("meeting", case, meeting.pk)))


def test_a_worker_writes_down_an_answer_and_is_never_sent_to_the_page_of_an_agency(client_for, case, worker, mother):
    meeting = arrange(case, worker)
    client = client_for(worker)
    client.post(address("invite_family", case, meeting.pk), {"person": mother.pk})
    client.post(f"{address('invite_professional', case, meeting.pk)}?team={team_of(worker).pk}", {"user": worker.pk})
    ((invitation,),) = rows("SELECT id FROM meetings_invitation WHERE of = 'family'")
    page, shown = address("record_reply", case, invitation), text(client.get(address("meeting", case, meeting.pk)))
    assert page in shown
    assert ("/answer/" in shown, "/report/" in shown) == (False, False), "they would be refused there"
    assert "There is a problem" in text(client.post(page, {"version": 1}))
    assert "Sends a deputy" in text(client.post(page, {"version": 1, "reply": "deputy"}, follow=True))


@pytest.mark.parametrize("name", ["reply_to_invitation", "send_meeting_report", "record_reply", "decide_invitation"])
def test_an_invitation_of_another_agency_or_file_is_absent(client_for, case, worker, manager, name):
    meeting = arrange(case, worker)
    with seeding():
        invitation = Invitation.objects.create(
            case=case,
            meeting=meeting,
            of="professional",
            name="Nurse",
            agency=team_of(worker).agency,
            invited_by=worker,
        )
    other, officer = CaseFileFactory(), partner(case, Role.POLICE_OFFICER)
    give(other, manager)
    partners_page = name in ("reply_to_invitation", "send_meeting_report")
    assert client_for(officer).get(address(name, case, invitation.pk)).status_code == (404 if partners_page else 403)
    if not partners_page:
        assert client_for(manager).get(address(name, other, invitation.pk)).status_code == 404


def test_an_answer_to_what_is_over_is_refused_and_an_empty_report_too(client_for, case, worker):
    officer = partner(case, Role.POLICE_OFFICER)
    meeting = arrange(case, worker)
    client_for(worker).post(
        f"{address('invite_professional', case, meeting.pk)}?team={team_of(officer).pk}", {"user": officer.pk}
    )
    ((invitation, version),) = rows("SELECT id, version FROM meetings_invitation")
    client = client_for(officer)
    report = address("send_meeting_report", case, invitation)
    assert "There is a problem" in text(client.post(report, {"version": version, "report": " "}))
    assert "govuk-error" in text(client.post(address("reply_to_invitation", case, invitation), {"version": version}))
    hold(meeting, worker)
    ((version,),) = rows("SELECT version FROM meetings_invitation")
    late = client.post(address("reply_to_invitation", case, invitation), {"version": version, "reply": "accepted"})
    assert "an answer is no longer needed" in text(late)
