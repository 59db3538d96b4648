"""Pages of meetings: what is shown to whom, what is refused with a sentence, and that nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.parts import Label
from accounts.roles import Role
from children.models import Person
from deadlines.models import Deadline
from meetings.models import Dissent, Invitation, Meeting, MeetingDecision, TaskingListing
from tests.assessments.making import moment, work
from tests.children.factories import PersonFactory, ago, child_on_file, days_from_today, holding, partner
from tests.cre_case.makers import queries
from tests.database import rows, seeding
from tests.deadlines.making import due_clock
from tests.factories import CaseFileFactory, exclude, give, person, team_of
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


def test_meetings_stand_by_what_became_of_them(client_for, case, worker):
    arrange(case, worker, place="Room later", starts_at=timezone.now() + timedelta(days=9))
    arrange(case, worker, place="Room sooner")
    hold(arrange(case, worker, place="Room over"), worker)
    dropped = arrange(case, worker, place="Room dropped")
    forgotten = arrange(case, worker, place="Room forgotten")
    with seeding():
        Meeting.objects.filter(pk=forgotten.pk).update(starts_at=ago(days=1))
    client = client_for(worker)
    assert "Meetings cancelled" not in text(client.get(address("case_meetings", case)))
    page = address("cancel_meeting", case, dropped.pk)
    assert client.post(page, {"version": dropped.version, "reason": "She is unwell"}).status_code == 302
    shown = text(client.get(address("case_meetings", case)))
    order = ["to come", "Room forgotten", "Room sooner", "Room later", "held", "Room over", "cancelled", "Room dropped"]
    shown = shown[shown.index("Meetings to come") :]
    assert sorted(order, key=shown.index) == order
    assert shown.count("Not recorded yet") == 1
    assert "She is unwell" in text(client.get(address("meeting", case, dropped.pk)))


def test_a_cancellation_needs_a_reason(client_for, case, worker):
    meeting = arrange(case, worker)
    shown = text(client_for(worker).post(address("cancel_meeting", case, meeting.pk), {"version": meeting.version}))
    assert "There is a problem" in shown
    assert current(meeting, worker).state == Meeting.State.ARRANGED


def test_a_conference_says_its_limit_and_is_warned_of_when_it_is_too_late(client_for, case, worker, officer):
    due_clock(case, rule_id="TS-06", days=7, waits=timedelta(days=1))
    client = client_for(worker)
    given = arranging(kind="icpc", chair=officer.pk, chair_name="")
    assert "Working Together" in text(client.get(address("arrange_meeting", case))), "by whose rule"
    in_time = text(client.post(address("arrange_meeting", case), given, follow=True))
    assert "Its limit is" in in_time
    assert "govuk-warning-text" not in in_time
    late = given | day("starts_at", timezone.localdate() + timedelta(days=20), "10:00")
    warned = text(client.post(address("arrange_meeting", case), late, follow=True))
    assert "It is arranged for after its limit" in warned
    assert "govuk-warning-text" in warned


def test_a_conference_is_not_chaired_by_whoever_works_on_the_case(client_for, case, worker, manager):
    given = arranging(kind="icpc", chair=manager.pk, chair_name="", access_needs="Stairs")
    shown = text(client_for(worker).post(address("arrange_meeting", case), given))
    assert "Choose an independent chair" in shown
    assert "Stairs" in shown


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


def test_a_list_of_meetings_goes_on_on_the_next_page(client_for, monkeypatch, case, worker, manager):
    monkeypatch.setattr("meetings.views.meetings.PER_PAGE", 2)
    for number in range(3):
        arrange(case, manager, chair=worker, chair_name="", place=f"Room {number}",
                starts_at=timezone.now() + timedelta(days=number + 1))  # fmt: skip
    client = client_for(worker)
    seen = [text(client.get(f"{reverse('my_meetings')}?page={page}")) for page in (1, 2, "nonsense")]
    assert [("Room 1" in one, "Room 2" in one) for one in seen] == [(True, False), (False, True), (True, False)]


def invited(case, meeting, agency, by, name="PC Lane") -> Invitation:
    with seeding():
        Meeting.objects.filter(pk=meeting.pk).update(agencies=[agency.pk])
        return Invitation.objects.create(
            case=case, meeting=meeting, of="professional", name=name, agency=agency, invited_by=by
        )


def test_a_partners_pages_take_the_same_queries_for_one_and_three(client_for, case, worker):
    nurse = partner(case, Role.HEALTH_PRACTITIONER)
    client, agency = client_for(nurse), team_of(nurse).agency
    meeting = hold(arrange(case, worker), worker)
    pages = [reverse("my_meetings"), address("case_meetings", case), address("meeting", case, meeting.pk)]
    counts = []
    for more in (1, 2):
        for _ in range(more):
            invited(case, arrange(case, worker), agency, worker)
            invited(case, meeting, agency, worker)
            with seeding():
                decision = MeetingDecision.objects.create(
                    case=case, meeting=meeting, number=MeetingDecision.objects.count() + 1, text="One", agreed="all",
                    agencies=[agency.pk], author=worker,
                )  # fmt: skip
                Dissent.objects.create(
                    case=case, decision=decision, who="School", reason="x", agencies=[agency.pk], author=worker
                )
        counts.append([queries(client, page) for page in pages])
    assert (counts[1], max(counts[0]) <= 15) == (counts[0], True)
    assert text(client.get(pages[2])).count("School does not agree") == 3


def test_an_address_no_meeting_can_have_is_absent(client_for, case, worker):
    assert client_for(worker).get(address("meeting", case, 10**30)).status_code == 404


def test_one_of_the_list_and_three_take_the_same_queries(client_for, manager):
    client, page = client_for(manager), reverse("tasking_list")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            child = child_on_file()
            give(child.case, team_of(manager))
            with seeding():
                TaskingListing.objects.create(case=child.case, listed_at=ago(days=2), why="High", author=manager)
        counts.append(queries(client, page))
    assert (counts[0], counts[0] <= 15) == (counts[1], True)


def test_a_form_about_one_person_and_three_takes_the_same_queries(client_for, case, worker, mother):
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_family", case, meeting.pk)
    first = queries(client, page)
    for number in range(2):
        decide(PersonFactory(case=case, name=f"Aunt {number}"), "suspected")
    assert (queries(client, page), first <= 15) == (first, True)


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


def test_a_discussion_that_was_held_leads_to_its_outcome(client_for, case, worker):
    due_clock(case, rule_id="TG-STRATEGY", days=1, waits=timedelta(days=1))
    client, page = client_for(worker), address("case_meetings", case)
    assert f"{address('arrange_meeting', case)}?kind=strategy" in text(client.get(page))
    meeting = hold(arrange(case, worker, "strategy"), worker)
    outcome = address("record_strategy", case, meeting.pk)
    assert f'href="{outcome}"' in text(client.get(page))
    given = {"s47_met": "no", "who_sees_child": "Her worker", "immediate_safety": "Her aunt", "reason": "No harm found"}
    assert "No harm found" in text(client.post(outcome, {**given, "immediate_safety": ""}))
    assert client.post(outcome, given).status_code == 302
    assert "recorded already" in text(client.post(outcome, given))


def test_what_an_agency_thinks_is_dated_and_kept_while_something_is_wrong(client_for, case, manager):
    page, client = address("consult_agency", case), client_for(manager)
    given = {"agency_name": "School", "person_name": "Mrs Rao", "view": "Worried"}
    for wrong in ({}, day("on", days_from_today(2))):
        shown = text(client.post(page, {**given, **wrong}))
        assert "There is a problem" in shown
        assert "Worried" in shown
    assert client.post(page, {**given, **day("on", timezone.localdate())}).status_code == 302


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


def test_who_may_record_is_led_there_from_the_list_and_the_police_read_it(client_for, case, manager, listing):
    page = address("record_tasking", case, listing.pk)
    assert f'href="{page}"' in text(client_for(manager).get(reverse("tasking_list")))
    officer = partner(case, Role.POLICE_OFFICER, [Label.SAFETY])
    shown = text(client_for(officer).get(reverse("tasking_list")))
    assert (case.reference in shown, page in shown) == (True, False)


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
