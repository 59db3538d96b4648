"""Who is invited: each parent by themselves, nobody complicit, the child by a safe way, agencies with access."""

import pytest
from django.db import DatabaseError

from access.models import CaseFile
from access.permissions import NotAllowed, may
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from accounts.roles import Role
from children.services import decide_contact_safety
from meetings.invitations import services
from meetings.models import Invitation, Meeting
from meetings.services import cancel_meeting
from tests.children.factories import PersonFactory, days_from_today, holding, partner
from tests.database import rows
from tests.factories import CaseFileFactory, exclude, person
from tests.meetings.conftest import arrange, current, decide, execute, hold

pytestmark = pytest.mark.django_db
Reply = Invitation.Reply


@pytest.fixture
def meeting(case, worker) -> Meeting:
    return arrange(case, worker)


def family(meeting, by, who, **about) -> Invitation:
    with acting_as(by.pk):
        return services.invite_family(meeting, by=by, person=who, **about)


def refused_in_sql(by: User, statement: str, *arguments: object, match: str = "") -> None:
    with acting_as(by.pk), pytest.raises(DatabaseError, match=match):
        execute(statement, *arguments)


def unchanged_in_sql(by: User, statement: str, *arguments: object) -> None:
    with acting_as(by.pk):
        assert execute(statement, *arguments) == 0


INSERT = """INSERT INTO meetings_invitation (case_id, version, meeting_id, of, name, agency_name, person_id, by_way_of,
    apart, reply, not_invited_because, decided_by_id, legal_advice_taken, report, attendance, invited_by_id)
    VALUES (%s, 1, %s, 'family', 'x', '', %s, '', false, %s, '', %s, false, '', '', %s)"""


def test_each_parent_is_invited_by_themselves_and_one_who_is_complicit_is_not(meeting, worker, manager, mother, father):
    decision = decide(father, decided_by=manager)
    invited, left_out = family(meeting, worker, mother), family(meeting, worker, father)
    assert (invited.reply, left_out.reply) == (Reply.INVITED, Reply.NOT_INVITED)
    assert left_out.decided_by_id == decision.decided_by_id == manager.pk
    assert "complicit" not in left_out.not_invited_because, "what it rests on is restricted"


@pytest.mark.parametrize(
    "about", [{"complicity": "suspected"}, {"complicity": "not_considered", "unsafe_to_contact": True}]
)
def test_who_is_suspected_or_unsafe_to_contact_waits_for_a_manager_or_chair(meeting, worker, manager, father, about):
    decide(father, **about)
    held = family(meeting, worker, father)
    assert held.reply == Reply.HELD
    with acting_as(worker.pk), pytest.raises(NotAllowed):
        services.decide_invitation(held, by=worker, version=1, is_invited=True)
    with acting_as(manager.pk):
        released = services.decide_invitation(held, by=manager, version=1, is_invited=True, by_way_of="His solicitor")
    assert (released.reply, released.decided_by) == (Reply.INVITED, manager)


def test_who_is_unsafe_to_contact_is_released_only_with_a_safe_way(meeting, worker, manager, father):
    decide(father, "not_considered", unsafe_to_contact=True)
    held = family(meeting, worker, father)
    with acting_as(manager.pk), pytest.raises(Refused, match="safely"):
        services.decide_invitation(held, by=manager, version=1, is_invited=True)


def test_who_is_unsafe_to_meet_together_is_invited_apart(meeting, worker, father):
    decide(father, "not_considered", unsafe_to_meet_together=True)
    invited = family(meeting, worker, father)
    assert (invited.reply, invited.apart) == (Reply.INVITED, True)


def test_nobody_releases_an_adult_considered_complicit(meeting, worker, manager, father):
    decide(father)
    left_out = family(meeting, worker, father)
    with acting_as(manager.pk), pytest.raises(Refused, match="never invited"):
        services.decide_invitation(left_out, by=manager, version=1, is_invited=True)


@pytest.mark.parametrize("reply", ["invited", "accepted", "deputy", "apologies"])
def test_the_database_refuses_to_invite_a_complicit_adult(meeting, case, worker, manager, father, reply):
    decide(father)
    given = (case.pk, meeting.pk, father.pk, reply)
    refused_in_sql(worker, INSERT, *given, None, worker.pk, match="never invited")
    refused_in_sql(manager, INSERT, *given, manager.pk, manager.pk, match="never invited")
    left_out = family(meeting, worker, father)
    for by in (worker, manager):
        statement = "UPDATE meetings_invitation SET reply = %s, decided_by_id = %s WHERE id = %s"
        refused_in_sql(by, statement, reply, by.pk, left_out.pk, match="never invited")


def test_the_database_refuses_a_worker_who_releases_a_held_invitation(meeting, case, worker, father):
    decide(father, "suspected")
    refused_in_sql(worker, INSERT, case.pk, meeting.pk, father.pk, "invited", None, worker.pk, match="decides first")
    refused_in_sql(worker, INSERT, case.pk, meeting.pk, father.pk, "invited", worker.pk, worker.pk, match="decides")
    held = family(meeting, worker, father)
    for decider in (None, worker.pk):
        statement = "UPDATE meetings_invitation SET reply = 'invited', decided_by_id = %s WHERE id = %s"
        refused_in_sql(worker, statement, decider, held.pk, match="decides first")


@pytest.mark.parametrize(("complicity", "reply"), [("considered_complicit", "not_invited"), ("suspected", "held")])
def test_a_later_decision_takes_the_invitation_back_at_once(meeting, worker, manager, father, complicity, reply):
    invited = family(meeting, worker, father)
    with acting_as(manager.pk):
        decide_contact_safety(
            father, by=manager, complicity=complicity, reason="Messages", review_on=days_from_today(20)
        )
    now = current(invited, worker)
    assert (now.reply, now.version) == (reply, 2)
    assert (now.decided_by == manager) == (reply == "not_invited")


def test_who_leaves_out_somebody_with_parental_responsibility_is_the_chair(case, worker, manager, officer, father):
    decide(father)
    conference = arrange(case, worker, "icpc", chair=officer)
    held = family(conference, worker, father)
    assert held.reply == Reply.HELD, "the default is hold"
    about = {"version": 1, "is_invited": False, "reason": "Police advice"}
    with acting_as(manager.pk), pytest.raises(Refused, match="chair’s decision"):
        services.decide_invitation(held, by=manager, **about, legal_advice_taken=True)
    with acting_as(officer.pk), pytest.raises(Refused, match="legal advice"):
        services.decide_invitation(held, by=officer, **about)
    with acting_as(officer.pk), pytest.raises(Refused, match="never invited"):
        services.decide_invitation(held, by=officer, version=1, is_invited=True)
    with acting_as(officer.pk):
        left_out = services.decide_invitation(held, by=officer, **about, legal_advice_taken=True)
    assert (left_out.reply, left_out.decided_by, left_out.legal_advice_taken) == (Reply.NOT_INVITED, officer, True)


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        ({"address": "9, mill row"}, {"address": "9 Mill Row"}, "address"),
        ({"phone": "+44 1632 960001"}, {"phone": "01632 960 001"}, "phone number"),
        ({"email": "Home@example.org"}, {"email": "home@example.org"}, "email address"),
    ],
)
def test_a_shared_address_phone_or_email_warns_before_the_other_parent_is_invited(
    case, worker, meeting, one, other, way
):
    father = PersonFactory(case=case, name="Dale Fenwick", relationship="father", **other)
    mother = PersonFactory(case=case, name="Esi Fenwick", **one)
    decide(father)
    with pytest.raises(Refused, match=way):
        family(meeting, worker, mother)
    with pytest.raises(Refused, match=way):
        family(meeting, worker, mother, shared_is_safe=True)
    invited = family(meeting, worker, mother, shared_is_safe=True, by_way_of="By hand, at school")
    assert invited.reply == Reply.INVITED


@pytest.mark.parametrize("way", ["Through Dale Fenwick", "Letter to 9 Mill Row", "Text to 01632 960001"])
def test_the_childs_invitation_never_passes_through_an_excluded_adult(case, worker, meeting, father, way):
    decide(father)
    with acting_as(worker.pk), pytest.raises(Refused, match="must not pass through"):
        services.invite_child(meeting, by=worker, by_way_of=way)


def test_nothing_goes_to_a_home_in_which_an_excluded_adult_lives(case, worker, meeting):
    decide(PersonFactory(case=case, name="Dale Fenwick", relationship="father", lives_with_child="yes"))
    with acting_as(worker.pk), pytest.raises(Refused, match="child’s home"):
        services.invite_child(meeting, by=worker, by_way_of="A letter to the child’s home")


def test_the_child_is_invited_once_by_a_way_that_is_named(worker, meeting):
    with acting_as(worker.pk):
        with pytest.raises(Refused, match="safely"):
            services.invite_child(meeting, by=worker, by_way_of=" ")
        invited = services.invite_child(meeting, by=worker, by_way_of="The social worker, at school")
        with pytest.raises(Refused, match="already"):
            services.invite_child(meeting, by=worker, by_way_of="The school")
    assert (invited.of, invited.name) == (Invitation.Of.CHILD, "Mia Fenwick")


def test_an_agency_that_is_invited_may_open_the_file_and_sees_its_own_meeting_only(case, worker, meeting):
    nurse = person(Role.HEALTH_PRACTITIONER)
    assert not may(nurse, Action.VIEW_FILE, case)
    with acting_as(worker.pk):
        services.invite_professional(meeting, by=worker, user=nurse)
    other = arrange(case, worker, "strategy")
    with acting_as(nurse.pk):
        assert may(nurse, Action.VIEW_FILE, case)
        assert list(Meeting.objects.allowing(nurse, Action.VIEW_MEETINGS)) == [meeting]
        assert list(Meeting.objects.all()) == [meeting], "and so the database has it"
        assert [one.user_id for one in Invitation.objects.all()] == [nurse.pk]
    assert other.pk != meeting.pk
    (grant,) = rows("SELECT labels, level, valid_until FROM access_caseaccess WHERE source = 'invitation'")
    assert grant[0] == ["core"]
    assert (grant[2] - meeting.starts_at).days == 14


def test_who_holds_the_file_already_gets_no_second_grant(case, worker, meeting):
    holder = partner(case, Role.POLICE_OFFICER)
    with acting_as(worker.pk):
        services.invite_professional(meeting, by=worker, user=holder)
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'invitation'") == [(0,)]


def test_nobody_is_invited_to_whom_the_file_is_closed(case, worker, meeting):
    nurse = person(Role.HEALTH_PRACTITIONER)
    exclude(case, nurse)
    with acting_as(worker.pk), pytest.raises(Refused, match="cannot be given access"):
        services.invite_professional(meeting, by=worker, user=nurse)


def test_access_that_came_by_an_invitation_ends_when_the_meeting_is_cancelled(case, worker, meeting):
    nurse = person(Role.HEALTH_PRACTITIONER)
    with acting_as(worker.pk):
        services.invite_professional(meeting, by=worker, user=nurse)
        with pytest.raises(Refused, match="Say why"):
            cancel_meeting(meeting, by=worker, version=2, reason=" ")
        cancel_meeting(meeting, by=worker, version=2, reason="The child is unwell")
    assert rows("SELECT valid_until <= now() FROM access_caseaccess WHERE source = 'invitation'") == [(True,)]


def test_a_professional_without_an_account_is_invited_by_name(worker, meeting):
    with acting_as(worker.pk):
        with pytest.raises(Refused, match="whom"):
            services.invite_professional(meeting, by=worker, agency_name="GP surgery")
        with pytest.raises(Refused, match="agency"):
            services.invite_professional(meeting, by=worker, name="Dr Rao")
        invited = services.invite_professional(meeting, by=worker, name="Dr Rao", agency_name="GP surgery")
    assert (invited.user, invited.agency_name) == (None, "GP surgery")


def test_an_agency_answers_and_reports_for_itself_and_changes_nothing_else(case, worker, meeting):
    nurse, officer = person(Role.HEALTH_PRACTITIONER), person(Role.POLICE_OFFICER)
    with acting_as(worker.pk):
        own = services.invite_professional(meeting, by=worker, user=nurse)
        other = services.invite_professional(meeting, by=worker, user=officer)
    with acting_as(nurse.pk):
        answered = services.reply_to(own, by=nurse, version=1, reply="accepted")
        reported = services.send_report(answered, by=nurse, version=2, report="Seen on Monday.")
        with pytest.raises(NotAllowed):
            services.reply_to(other, by=nurse, version=1, reply="apologies")
        with pytest.raises(Refused, match="Say whether"):
            services.reply_to(own, by=nurse, version=3, reply="held")
    assert (reported.reply, reported.report) == (Reply.ACCEPTED, "Seen on Monday.")
    unchanged_in_sql(nurse, "UPDATE meetings_invitation SET reply = 'apologies' WHERE id = %s", other.pk)
    for change in ("attendance = 'present'", "apart = true", "by_way_of = 'x'", "reply = 'held'"):
        refused_in_sql(nurse, f"UPDATE meetings_invitation SET {change} WHERE id = %s", own.pk, match="nothing else")
    unchanged_in_sql(nurse, "UPDATE meetings_meeting SET place = 'x' WHERE id = %s", meeting.pk)


def test_a_worker_writes_down_what_was_answered_by_phone(worker, meeting, mother, father):
    decide(father)
    invited, left_out = family(meeting, worker, mother), family(meeting, worker, father)
    with acting_as(worker.pk):
        answered = services.record_reply(invited, by=worker, version=1, reply="accepted")
        with pytest.raises(Refused, match="has not been invited"):
            services.record_reply(left_out, by=worker, version=1, reply="accepted")
    assert answered.reply == Reply.ACCEPTED


def test_nobody_is_invited_once_the_meeting_was_held(worker, meeting, mother):
    hold(meeting, worker)
    with pytest.raises(Refused, match="has been recorded"):
        family(meeting, worker, mother)


def test_family_of_another_file_is_refused_and_so_in_the_database(case, worker, meeting):
    elsewhere: CaseFile = CaseFileFactory()
    stranger = PersonFactory(case=elsewhere)
    with pytest.raises(Refused, match="this child’s family"):
        family(meeting, worker, stranger)
    refused_in_sql(worker, INSERT, case.pk, meeting.pk, stranger.pk, "invited", None, worker.pk, match="on_its_file")


def test_partners_and_those_who_only_look_invite_nobody(case, worker, meeting, mother):
    for other in (partner(case, Role.POLICE_OFFICER), holding(case, Role.AUDITOR)):
        with acting_as(other.pk), pytest.raises(NotAllowed):
            services.invite_family(meeting, by=other, person=mother)
        with acting_as(other.pk), pytest.raises(NotAllowed):
            services.invite_child(meeting, by=other, by_way_of="School")
