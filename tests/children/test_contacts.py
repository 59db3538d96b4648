"""How a case begins: a contact is recorded, screened once, and becomes a file or joins one (ruling Q28)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.ledger import Kind
from access.models import CaseFile
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from accounts.roles import Role
from children import services
from children.models import Contact
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import ContactFactory, ago, child_on_file, council_team, days_from_today, partner
from tests.database import rows
from tests.factories import CaseFileFactory, give, person

pytestmark = pytest.mark.django_db

TOLD = {"method": "phone", "source": "school", "details": "Went home with a new phone."}


@pytest.fixture
def team():
    return council_team(receives_contacts=True)


@pytest.fixture
def taker(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def screener(team):
    return person(Role.TEAM_MANAGER, team)


@pytest.fixture
def waiting(taker, team):
    return services.record_contact(by=taker, team=team, received_at=ago(hours=1), **TOLD)


def ledger_lines(case) -> list[tuple[str, str]]:
    return rows("SELECT kind, action FROM access_auditevent WHERE case_id = %s ORDER BY at, id", case.pk)


def test_a_contact_opens_a_file_that_its_team_holds(waiting, taker, screener):
    for member in (taker, screener):
        with acting_as(member.pk):
            assert list(CaseFile.objects.allowing(member, Action.VIEW_CONTACTS)) == [waiting.case]
    assert waiting.outcome == Contact.Outcome.RECEIVED
    assert waiting.recorded_by == taker
    assert (str(Kind.WRITE), "open_case") in ledger_lines(waiting.case)


def test_a_contact_keeps_when_the_council_was_told_and_when_it_was_written_down(waiting):
    assert timedelta(minutes=59) < waiting.recorded_at - waiting.received_at < timedelta(minutes=61)


def test_nobody_is_told_in_the_future(taker, team):
    with pytest.raises(Refused, match="future"):
        services.record_contact(by=taker, team=team, received_at=timezone.now() + timedelta(minutes=1), **TOLD)


def test_no_child_is_born_in_the_future(taker, team):
    told = {**TOLD, "child_date_of_birth": days_from_today(1)}
    with pytest.raises(Refused, match="date of birth"):
        services.record_contact(by=taker, team=team, received_at=ago(hours=1), **told)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"method": "pigeon"}, "Method"),
        ({"source": ""}, "Source"),
        ({"details": "   "}, "Details"),
        ({"from_name": "x" * 121}, "From name"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_the_field_named(taker, team, wrong, words):
    with pytest.raises(Refused, match=words):
        services.record_contact(by=taker, team=team, received_at=ago(hours=1), **{**TOLD, **wrong})


def test_a_null_character_does_not_lose_the_contact(taker, team):
    told = {**TOLD, "details": "Seen\x00 at the <script>"}
    contact = services.record_contact(by=taker, team=team, received_at=ago(hours=1), **told)
    assert contact.details == "Seen at the <script>"


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.POLICE_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_only_who_takes_contacts_opens_a_file(role, team):
    stranger = person(role)
    with pytest.raises(NotAllowed, match="record a new contact"):
        services.record_contact(by=stranger, team=team, received_at=ago(hours=1), **TOLD)
    assert rows("SELECT count(*) FROM access_casefile") == [(0,)]


def test_a_further_contact_goes_on_the_childs_file(case, worker):
    contact = services.add_contact(case, by=worker, received_at=ago(hours=1), **TOLD)
    assert contact.case_id == case.pk


def test_a_further_contact_is_not_for_an_outsider_and_the_attempt_is_in_the_ledger(case):
    outsider = person(Role.SOCIAL_WORKER)
    with pytest.raises(NotAllowed):
        services.add_contact(case, by=outsider, received_at=ago(hours=1), **TOLD)
    assert rows("SELECT count(*) FROM children_contact WHERE case_id = %s", case.pk) == [(1,)]
    denied = "SELECT principal_id, kind, action FROM access_auditevent WHERE case_id = %s"
    assert rows(denied, case.pk, using="ledger") == [(outsider.pk, "denied", "record_contact")]


# Screening


def test_accepting_needs_no_reason(waiting, screener):
    contact = services.screen_contact(waiting, by=screener, accepted=True, reason="")
    assert (contact.outcome, contact.screened_by_id) == (Contact.Outcome.ACCEPTED, screener.pk)
    assert contact.screened_at is not None


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_further_action_needs_a_reason(waiting, screener, reason):
    with pytest.raises(Refused, match="Say why"):
        services.screen_contact(waiting, by=screener, accepted=False, reason=reason)


def test_the_reason_of_a_contact_screened_out_is_kept(waiting, screener):
    contact = services.screen_contact(waiting, by=screener, accepted=False, reason="Passed to the school nurse.")
    assert (contact.outcome, contact.screening_reason) == ("screened_out", "Passed to the school nurse.")


def test_a_contact_is_screened_once(waiting, screener):
    services.screen_contact(waiting, by=screener, accepted=True, reason="")
    with pytest.raises(Refused, match="already screened"):
        services.screen_contact(waiting, by=screener, accepted=False, reason="Changed my mind.")


def test_who_takes_a_contact_does_not_screen_it(waiting, taker):
    with pytest.raises(NotAllowed, match="screen a contact"):
        services.screen_contact(waiting, by=taker, accepted=True, reason="")


def test_a_manager_without_the_file_does_not_screen_it(waiting):
    with pytest.raises(NotAllowed):
        services.screen_contact(waiting, by=person(Role.TEAM_MANAGER), accepted=True, reason="")


# Linking


def test_a_contact_moves_to_the_file_of_a_known_child_and_both_ledgers_say_so(waiting, screener, case):
    give(case, screener)
    opened_for = waiting.case
    moved = services.link_contact(waiting, by=screener, to_case=case, reason="Same school and birthday.")
    assert (moved.case_id, moved.outcome) == (case.pk, Contact.Outcome.LINKED)
    assert (str(Kind.WRITE), "record_contact") in ledger_lines(case)
    assert (str(Kind.WRITE), "screen_contact") in ledger_lines(opened_for)


def test_a_contact_moves_only_to_a_file_one_may_add_to(waiting, screener, case):
    with pytest.raises(NotAllowed):
        services.link_contact(waiting, by=screener, to_case=case)
    assert rows("SELECT outcome FROM children_contact WHERE id = %s", waiting.pk) == [("received",)]


def test_a_contact_moves_only_to_a_file_with_a_child(waiting, screener):
    empty = CaseFileFactory()
    give(empty, screener)
    with pytest.raises(Refused, match="no child"):
        services.link_contact(waiting, by=screener, to_case=empty)


def test_a_contact_is_not_moved_to_where_it_is(waiting, screener):
    with pytest.raises(Refused, match="already on this file"):
        services.link_contact(waiting, by=screener, to_case=waiting.case)


def test_a_screened_contact_does_not_move(waiting, screener, case):
    give(case, screener)
    services.screen_contact(waiting, by=screener, accepted=False, reason="No concern.")
    with pytest.raises(Refused, match="already screened"):
        services.link_contact(waiting, by=screener, to_case=case)


# What the database refuses by itself


def test_the_database_takes_no_contact_that_is_screened_already(case, worker):
    with refused(worker, BY_A_POLICY):
        Contact.objects.create(
            case=case, recorded_by=worker, recorded_at=timezone.now(), received_at=ago(hours=1), **TOLD,
            outcome="accepted", screened_by=worker, screened_at=timezone.now(),
        )  # fmt: skip


def test_the_database_takes_no_contact_in_anothers_name(case, worker, manager):
    with refused(worker, BY_A_POLICY):
        Contact.objects.create(case=case, recorded_by=manager, received_at=ago(hours=1), **TOLD)


def test_the_database_takes_no_contact_from_the_future(case, worker):
    with refused(worker, "contact_received_before_recorded"):
        Contact.objects.create(
            case=case, recorded_by=worker, recorded_at=ago(hours=2), received_at=ago(hours=1), **TOLD
        )


def test_in_the_database_too_who_takes_a_contact_does_not_screen_it(waiting, taker):
    with acting_as(taker.pk):
        touched = Contact.objects.filter(pk=waiting.pk).update(
            outcome="accepted", screened_by=taker, screened_at=timezone.now()
        )
    assert touched == 0


def test_in_the_database_too_a_contact_is_screened_once(waiting, screener):
    services.screen_contact(waiting, by=screener, accepted=True, reason="")
    with acting_as(screener.pk):
        assert Contact.objects.filter(pk=waiting.pk).update(outcome="screened_out", screening_reason="No.") == 0


def test_in_the_database_too_no_further_action_needs_a_reason(waiting, screener):
    with refused(screener, "contact_screened_out_has_a_reason"):
        Contact.objects.filter(pk=waiting.pk).update(
            outcome="screened_out", screened_by=screener, screened_at=timezone.now()
        )


def test_in_the_database_too_a_contact_moves_only_to_a_file_one_may_add_to(waiting, screener, case):
    with refused(screener, BY_A_POLICY):
        Contact.objects.filter(pk=waiting.pk).update(
            case=case, outcome="linked", screened_by=screener, screened_at=timezone.now()
        )


@pytest.mark.parametrize("column", ["details", "received_at", "source", "recorded_by_id"])
def test_what_was_told_is_never_changed(waiting, screener, column):
    with refused(screener, BY_A_PRIVILEGE):
        execute(f"UPDATE children_contact SET {column} = {column} WHERE id = %s", waiting.pk)


def test_a_contact_is_never_deleted(waiting, screener):
    with refused(screener, BY_A_PRIVILEGE):
        execute("DELETE FROM children_contact WHERE id = %s", waiting.pk)


def test_a_partner_sees_no_contact(case):
    ContactFactory(case=case)
    officer = partner(case, Role.POLICE_OFFICER)
    with acting_as(officer.pk):
        assert Contact.objects.count() == 0
        assert not Contact.objects.allowing(officer, Action.VIEW_CONTACTS).exists()


def test_a_refused_attempt_on_a_hidden_file_is_a_refusal_like_any_other():
    hidden = ContactFactory(case=child_on_file().case)
    outsider = person(Role.TEAM_MANAGER)
    fresh = Contact(pk=hidden.pk, case_id=hidden.case_id)  # as a caller has it who never saw the file
    with pytest.raises(NotAllowed):
        services.screen_contact(fresh, by=outsider, accepted=True, reason="")
