"""Pages of meetings: what is shown to whom, what is refused with a sentence, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from deadlines.models import Deadline
from meetings.models import Invitation, Meeting, MeetingDecision, TaskingListing
from tests.assessments.making import work
from tests.children.factories import ago, days_from_today, holding, partner
from tests.cre_case.makers import queries
from tests.database import rows, seeding
from tests.deadlines.making import due_clock
from tests.factories import CaseFileFactory, give, person, team_of
from tests.meetings.conftest import arrange, current, decide, hold

pytestmark = pytest.mark.django_db
LONG = "x" * 5000
HOSTILE = "<script>alert(1)</script>"


def address(name: str, case, *args) -> str:
    return reverse(name, args=[case.pk, *args])


def text(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def day(name: str, when, hour: str = "") -> dict[str, str]:
    parts = {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}
    return {key: str(value) for key, value in parts.items()} | ({f"{name}_time": hour} if hour else {})


def arranging(**about) -> dict[str, str]:
    when = timezone.localdate() + timedelta(days=5)
    return {"kind": "taf", **day("starts_at", when, "10:00"), "place": "Room 2", "chair_name": "Jo Okafor"} | about


# Arranging


def test_a_meeting_is_arranged_and_stands_in_the_list(client_for, case, worker):
    client = client_for(worker)
    made = client.post(address("arrange_meeting", case), arranging(), follow=True)
    assert "Arranged." in text(made)
    shown = text(client.get(address("case_meetings", case)))
    assert "Team Around the Family" in shown
    assert "Room 2" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts_at_year": "2020"}, "time to come"),
        ({"chair_name": ""}, "Choose who chairs, or enter their name"),
        ({"kind": "icpc"}, "independent chair"),
        ({"place": ""}, "Enter an answer to “Where?”"),
        ({"place": LONG}, "300"),
        ({"starts_at_time": "25:00"}, "real time"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_for, case, worker, wrong, sentence):
    shown = text(client_for(worker).post(address("arrange_meeting", case), arranging(access_needs="Stairs", **wrong)))
    assert "There is a problem" in shown
    assert sentence in shown
    assert "Stairs" in shown
    assert rows("SELECT count(*) FROM meetings_meeting") == [(0,)]


def test_a_form_sent_twice_arranges_once(client_for, case, worker):
    client = client_for(worker)
    key = "6f4b4f56-8f7e-4f4e-9a35-0d2c1a1f9c11"
    for _ in range(2):
        assert client.post(address("arrange_meeting", case), arranging(once=key)).status_code == 302
    assert rows("SELECT count(*) FROM meetings_meeting") == [(1,)]


def test_by_when_is_said_before_and_after(client_for, case, worker):
    due_clock(case, rule_id="TG-TAF", days=3, waits=timedelta(days=1))
    client = client_for(worker)
    assert "Team Around the Family meeting: by" in text(client.get(address("arrange_meeting", case)))
    made = client.post(address("arrange_meeting", case), arranging(), follow=True)
    assert "after its limit" in text(made)


def test_a_clock_leads_to_the_meeting_it_waits_for(client_for, case, worker):
    due_clock(case, rule_id="TG-TAF", days=3, waits=timedelta(days=1))
    asked = f"{address('arrange_meeting', case)}?kind=taf"
    client = client_for(worker)
    assert f'href="{asked}"' in text(client.get(address("case_meetings", case)))
    assert '<option value="taf" selected>' in text(client.get(asked))


# Who sees what


SECRET = "zqsecret"


@pytest.fixture
def planted(case, worker):
    """A meeting that no partner is invited to, and one that the police are."""
    arrange(case, worker, place=SECRET)
    return arrange(case, worker, place="Room 2")


def test_a_partner_sees_the_meeting_it_is_invited_to_and_no_other(client_for, case, worker, planted):
    officer = partner(case, Role.POLICE_OFFICER)
    client = client_for(officer)
    assert "You are invited to no meeting" in text(client.get(address("case_meetings", case)))
    assert client.get(address("meeting", case, planted.pk)).status_code == 404
    with seeding():
        Invitation.objects.create(
            case=case, meeting=planted, of="professional", name="PC Lane", user=officer, agency=team_of(officer).agency,
            invited_by=worker,
        )  # fmt: skip
        Invitation.objects.create(
            case=case, meeting=planted, of="professional", name=SECRET, agency=team_of(worker).agency, invited_by=worker
        )
        Meeting.objects.filter(pk=planted.pk).update(agencies=[team_of(officer).agency_id])
    client = client_for(officer)
    for shown in (client.get(address("case_meetings", case)), client.get(address("meeting", case, planted.pk)),
                  client.get(reverse("my_meetings"))):  # fmt: skip
        assert "Room 2" in text(shown)
        assert SECRET not in text(shown)


@pytest.mark.parametrize("name", ["case_meetings", "arrange_meeting", "consult_agency", "hold_threshold"])
def test_out_of_sight_is_absent(client_for, name):
    stranger = person(Role.TEAM_MANAGER)
    assert client_for(stranger).get(address(name, CaseFileFactory())).status_code == 404


def test_a_meeting_of_another_file_is_absent(client_for, case, worker, planted):
    other = CaseFileFactory()
    give(other, worker)
    client = client_for(worker)
    for name in ("meeting", "cancel_meeting", "record_meeting", "invite_family"):
        assert client.get(address(name, other, planted.pk)).status_code == 404


def test_my_meetings_are_those_that_concern_me_and_are_to_come(client_for, case, worker, manager):
    arrange(case, manager, place="Mine", chair=worker, chair_name="")
    arrange(case, manager, place="Another one’s")
    hold(arrange(case, manager, place="Over", chair=worker, chair_name=""), manager)
    shown = text(client_for(worker).get(reverse("my_meetings")))
    assert ("Mine" in shown, "Another one" in shown, "Over" in shown) == (True, False, False)


def test_one_meeting_and_three_take_the_same_queries(client_for, case, worker, manager):
    meeting = arrange(case, manager, chair=worker, chair_name="")
    client = client_for(worker)
    pages = [address("case_meetings", case), reverse("my_meetings"), address("meeting", case, meeting.pk)]
    first = [queries(client, page) for page in pages]
    for number in range(2):
        arrange(case, manager, chair=worker, chair_name="", place=f"Room {number}")
        with seeding():
            Invitation.objects.create(
                case=case, meeting=meeting, of="professional", name=f"N {number}", invited_by=worker
            )
    assert [queries(client, page) for page in pages] == first
    assert max(first) <= 15, first


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
    assert "Not invited" in shown
    assert "Dale Fenwick" not in text(client.get(page)), "on the list already"


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
    assert "Present" in text(client.get(address("meeting", case, meeting.pk)))


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


def test_decisions_are_added_one_after_the_other_with_who_does_not_agree(client_for, case, worker):
    meeting = hold(arrange(case, worker), worker)
    page, client = address("add_decision", case, meeting.pk), client_for(worker)
    again = client.post(page, {"text": "One", "agreed": "all", "then": "another"})
    assert again.headers["Location"] == page
    assert "This is decision 2." in text(client.get(page))
    shown = text(client.post(page, {"text": "Two", "agreed": "chair", "dissent_who": "School"}))
    assert "Say why they do not agree" in shown
    client.post(page, {"text": "Two", "agreed": "chair", "dissent_who": "School", "dissent_reason": "Not enough"})
    shown = text(client.get(address("meeting", case, meeting.pk)))
    assert "School does not agree: Not enough" in shown
    assert shown.index("Decision 1") < shown.index("Decision 2")


def test_nothing_is_decided_before_the_meeting_was_held(client_for, case, worker):
    meeting = arrange(case, worker)
    shown = text(client_for(worker).post(address("add_decision", case, meeting.pk), {"text": "One", "agreed": "all"}))
    assert "Record that the meeting was held first" in shown


def test_an_action_of_a_decision_is_in_the_plan(client_for):
    child = work()
    child.decide(child.propose("low", {"F02": "current"}))
    meeting = hold(arrange(child.case, child.worker), child.worker)
    client = client_for(child.worker)
    client.post(address("add_decision", child.case, meeting.pk), {"text": "One", "agreed": "all"})
    ((decision,),) = rows("SELECT id FROM meetings_meetingdecision")
    page = address("add_meeting_action", child.case, decision)
    assert "Say who does it" in text(client.post(page, {"title": "Mentor begins"}))
    client.post(page, {"title": "Mentor begins", "owner_name": "Ms Idris"})
    assert "Mentor begins" in text(client.get(address("plan", child.case)))


def test_what_people_type_comes_back_as_text(client_for, case, worker):
    meeting = hold(arrange(case, worker, place=HOSTILE), worker, summary=HOSTILE)
    assert HOSTILE not in text(client_for(worker).get(address("meeting", case, meeting.pk)))


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


# Threshold, strategy and tasking


def test_a_discussion_without_a_consultation_is_refused_on_its_page(client_for, case, manager, cpm):
    page, client = address("hold_threshold", case), client_for(manager)
    assert "No agency has been consulted yet" in text(client.get(page))
    given = {"other": cpm.pk, "level": "intensive", "outcome": "cin", "reason": "Harm outside the home",
             **day("held_at", timezone.localdate() - timedelta(days=1), "10:00")}  # fmt: skip
    shown = text(client.post(page, given))
    assert "There is a problem" in shown
    assert "Harm outside the home" in shown


@pytest.mark.parametrize("who", ["manager", "cpm"])
def test_either_of_the_two_writes_it_and_names_the_other(client_for, case, manager, cpm, who):
    writes, other = (manager, cpm) if who == "manager" else (cpm, manager)
    client = client_for(writes)
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(
        address("consult_agency", case),
        {"agency_name": "School", "person_name": "Mrs Rao", "view": "Worried", **day("on", yesterday)},
    )
    ((consulted,),) = rows("SELECT id FROM meetings_agencyconsultation")
    given = {"other": other.pk, "consulted": consulted, "level": "intensive", "outcome": "cin", "reason": "Harm",
             **day("held_at", timezone.localdate(), "00:01")}  # fmt: skip
    assert client.post(address("hold_threshold", case), given).status_code == 302
    shown = text(client.get(address("case_meetings", case)))
    assert "Threshold discussion: Child in need meeting" in shown
    assert f"{manager.name} and {cpm.name}" in shown


def test_an_enquiry_says_by_whom_and_starts_the_limit_of_the_conference(client_for, case, worker):
    meeting = hold(arrange(case, worker, "strategy"), worker)
    page, client = address("record_strategy", case, meeting.pk), client_for(worker)
    given = {"s47_met": "yes", "who_sees_child": "Her worker", "immediate_safety": "At her aunt’s", "reason": "Harm"}
    assert "Select whether social care enquires alone" in text(client.post(page, given))
    client.post(page, {**given, "enquiry": "joint"})
    assert "Initial child protection conference" in text(client.get(address("case_meetings", case)))
    assert "Joint enquiry with the police" in text(client.get(address("meeting", case, meeting.pk)))


def test_a_manager_refuses_a_strategy_discussion_and_ends_an_enquiry_with_a_reason(client_for, case, manager):
    client = client_for(manager)
    for rule, name, given in (
        ("TG-STRATEGY", "refuse_strategy", {"reason": "No new harm"}),
        ("TS-06", "end_enquiry", {"reason": "Looked into", "outcome": "not_substantiated"}),
    ):
        clock = due_clock(case, rule_id=rule, days=3, waits=timedelta(days=1))
        assert client.post(address(name, case), given).status_code == 302
        assert rows("SELECT state FROM deadlines_deadline WHERE id = %s", clock.pk) == [(Deadline.State.ENDED,)]
        assert "There is a problem" in text(client.post(address(name, case), given)), "nothing waits any more"


@pytest.fixture
def listing(case, worker):
    with seeding():
        return TaskingListing.objects.create(case=case, listed_at=ago(days=2), why="The tier is high", author=worker)


def test_the_tasking_list_has_the_children_whose_files_one_holds(client_for, case, manager, listing):
    shown = text(client_for(manager).get(reverse("tasking_list")))
    assert (case.reference in shown, "The tier is high" in shown) == (True, True)
    assert case.reference not in text(client_for(person(Role.TEAM_MANAGER)).get(reverse("tasking_list")))


def test_what_the_tasking_meeting_agreed_is_recorded(client_for, case, worker, listing):
    page, client = address("record_tasking", case, listing.pk), client_for(worker)
    given = {"version": listing.version, "outcome": "Patrols", **day("discussed_on", days_from_today(-5))}
    assert "The child was put on the list after that day" in text(client.post(page, given))
    assert client.post(page, given | day("discussed_on", timezone.localdate())).status_code == 302
    assert "Patrols" in text(client_for(holding(case, Role.TEAM_MANAGER)).get(address("case_meetings", case)))


def test_a_decision_is_never_of_another_file(client_for, case, worker):
    meeting = hold(arrange(case, worker), worker)
    with seeding():
        decision = MeetingDecision.objects.create(
            case=case, meeting=meeting, number=1, text="One", agreed="all", author=worker
        )
    other = CaseFileFactory()
    give(other, worker)
    for name in ("record_dissent", "add_meeting_action"):
        assert client_for(worker).get(address(name, other, decision.pk)).status_code == 404
