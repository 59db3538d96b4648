"""Referrals: who may be referred where, what the provider sees, and that access ends with the referral."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.models import AuditEvent, CaseFile
from access.parts import Label
from access.permissions import NotAllowed, may
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from access.versions import StaleRecord
from accounts.models import User
from accounts.roles import Role
from plans.models import PlanItem
from referrals import services
from referrals.models import Referral
from referrals.selectors import referrals_to_me
from tests.children.database import execute, refused
from tests.children.factories import PersonFactory, SafetyFactory, child_on_file, holding
from tests.database import rows, seeding
from tests.factories import TeamFactory, agency, exclude, give, person
from tests.referrals.factories import (
    ASKED,
    ServiceFactory,
    direct_worker,
    plan_item,
    provider_team,
    received_here,
    tier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(case, worker, service) -> Referral:
    return services.send_referral(case, by=worker, service=service, **ASKED)


def sees(user, action, record) -> bool:
    with acting_as(user.pk):
        return may(User.objects.get(pk=user.pk), action, record)


def grant_of(referral: Referral):
    found = "SELECT source, labels, level, valid_until > now() FROM access_caseaccess WHERE id = %s"
    return rows(found, referral.grant)[0]


# Sending


def test_a_referral_opens_name_and_age_to_the_team_and_nothing_else(case, worker, provider, sent):
    assert grant_of(sent) == ("referral", ["core"], 2, True)
    assert sees(provider, Action.VIEW_FILE, case)
    assert sees(provider, Action.VIEW_REFERRALS, sent)
    for action in (Action.VIEW_PROFILE, Action.VIEW_LOCATION, Action.VIEW_NETWORK, Action.VIEW_TIER, Action.VIEW_PLAN,
                   Action.VIEW_CONTACTS, Action.VIEW_ASSESSMENTS):  # fmt: skip
        assert not sees(provider, action, case), action


def test_it_is_recorded_what_was_told_to_whom_and_why(case, worker, sent, team):
    found = "SELECT labels, recipient, necessity, agreement, method, decided_by_id FROM access_disclosuredecision"
    assert rows(found) == [(["core"], str(team), ASKED["necessity"], "agreed", "In this system", worker.pk)]
    assert AuditEvent.Kind.WRITE in {row[0] for row in rows("SELECT kind FROM access_auditevent")}
    assert sent.about.startswith("Mia Fenwick, ")


def test_another_team_of_the_same_agency_sees_nothing(case, sent):
    assert not sees(direct_worker(provider_team()), Action.VIEW_FILE, case)


def test_a_service_without_a_team_is_sent_outside(case, worker):
    outside = ServiceFactory(name="CAU")
    sent = services.send_referral(case, by=worker, service=outside, **ASKED)
    assert (sent.team, sent.grant) == (None, None)
    assert rows("SELECT method, expires_at FROM access_disclosuredecision") == [("Outside this system", None)]
    answered = services.record_answer(sent, by=worker, version=1, accepted=True)
    came = services.record_outside_work(answered, by=worker, version=2, first_attended_on=timezone.localdate())
    ended = services.record_outside_work(came, by=worker, version=3, outcome="Six sessions")
    assert (ended.state, ended.first_attended_on, ended.ended_by) == ("ended", timezone.localdate(), worker)


def test_a_paused_service_is_refused_until_when_and_why(case, worker, team):
    until = timezone.localdate() + timedelta(days=4)
    paused = received_here(team, name="STEPS", paused_until=until, pause_reason="Two workers left.")
    with pytest.raises(Refused, match=r"until .*: Two workers left. Choose another service"):
        services.send_referral(case, by=worker, service=paused, **ASKED)
    yesterday = timezone.localdate() - timedelta(days=1)
    open_again = received_here(team, paused_until=yesterday, pause_reason="Over.")
    assert services.send_referral(case, by=worker, service=open_again, **ASKED).state == "sent"


def test_an_ended_service_is_refused(case, worker, team):
    with pytest.raises(Refused, match="has ended"):
        services.send_referral(case, by=worker, service=received_here(team, ended_at=timezone.now()), **ASKED)


def test_a_service_whose_team_has_ended_is_refused(case, worker, team, service):
    with seeding():
        type(team).objects.filter(pk=team.pk).update(ended_at=timezone.now())
    with pytest.raises(Refused, match="has ended"):
        services.send_referral(case, by=worker, service=service, **ASKED)


@pytest.mark.parametrize("about", [{"oldest": 10}, {"lowest_tier": "high"}])
def test_outside_age_or_tier_needs_a_reason(case, worker, team, about):
    tier(case, "medium", worker)
    far = received_here(team, **about)
    with pytest.raises(Refused, match="Say why you ask them all the same"):
        services.send_referral(case, by=worker, service=far, **ASKED)
    sent = services.send_referral(case, by=worker, service=far, **ASKED, unusual_because="The only one in the city")
    assert sent.unusual_because == "The only one in the city"


def test_the_same_service_is_not_asked_twice_and_the_open_one_is_named(case, worker, service, sent):
    """BR-14."""
    with pytest.raises(Refused, match=r"Mia Fenwick, .* was referred to Safe Steps on .* by Jo Okafor: waiting"):
        services.send_referral(case, by=worker, service=service, **ASKED)
    services.withdraw_referral(sent, by=worker, version=1, reason="Moved away")
    assert services.send_referral(case, by=worker, service=service, **ASKED).state == "sent"


def test_the_database_refuses_a_second_open_one_too(case, worker, service, sent):
    columns = "case_id, service_id, team_id, about, asked_for, what_they_need, contact, disclosure_id, author_id"
    rest = "state, version, answer, outcome, unusual_because"
    copy = f"INSERT INTO referrals_referral ({columns}, {rest}) SELECT {columns}, {rest} FROM referrals_referral"
    with refused(worker, "referral_one_open_to_a_service"):
        execute(copy)


def test_a_parent_may_be_referred_as_well_as_the_child(case, worker, service, sent):
    mother = PersonFactory(case=case)
    for_mother = services.send_referral(case, by=worker, service=service, person=mother, **ASKED)
    assert for_mother.about == "Dana Fenwick, mother of Mia Fenwick"


def test_a_service_for_children_only_takes_no_parent(case, worker, team):
    only = received_here(team, for_parents=False)
    with pytest.raises(Refused, match="works with children only"):
        services.send_referral(case, by=worker, service=only, person=PersonFactory(case=case), **ASKED)


def test_a_complicit_person_is_never_referred(case, worker, manager, service):
    """BR-08: not by anybody, and not in the database."""
    father = PersonFactory(case=case, name="Dale")
    SafetyFactory(case=case, person=father, complicity="considered_complicit")
    for by in (worker, manager):
        with pytest.raises(Refused, match="Dale cannot be referred"):
            services.send_referral(case, by=by, service=service, person=father, **ASKED)
    services.send_referral(case, by=worker, service=service, **ASKED)
    columns = "case_id, service_id, team_id, about, asked_for, what_they_need, contact, disclosure_id, author_id"
    rest = "state, version, answer, outcome, unusual_because"
    copy = f"INSERT INTO referrals_referral ({columns}, {rest}, person_id) SELECT {columns}, {rest}, %s"
    with refused(worker, "This person cannot be referred"):
        execute(f"{copy} FROM referrals_referral", father.pk)


def test_a_suspected_person_is_held_until_a_manager_decides(case, worker, manager, service):
    uncle = PersonFactory(case=case, name="Uncle")
    SafetyFactory(case=case, person=uncle, complicity="suspected")
    with pytest.raises(Refused, match=r"is held. Ask the manager"):
        services.send_referral(case, by=worker, service=service, person=uncle, **ASKED)
    assert services.send_referral(case, by=manager, service=service, person=uncle, **ASKED).person == uncle


def test_somebody_cleared_may_be_referred(case, worker, service):
    mother = PersonFactory(case=case)
    now = timezone.now()
    SafetyFactory(case=case, person=mother, complicity="considered_complicit", decided_at=now - timedelta(days=9))
    SafetyFactory(case=case, person=mother, complicity="cleared", decided_at=now)
    assert services.send_referral(case, by=worker, service=service, person=mother, **ASKED).state == "sent"


def test_nobody_of_another_file_is_referred(case, worker, service):
    elsewhere = child_on_file().case
    stranger = PersonFactory(case=elsewhere)
    with pytest.raises(Refused, match="not on this file"):
        services.send_referral(case, by=worker, service=service, person=stranger, **ASKED)
    item = plan_item(elsewhere, worker)
    with pytest.raises(Refused, match="not on this child’s plan"):
        services.send_referral(case, by=worker, service=service, item=item, **ASKED)


@pytest.mark.parametrize("missing", sorted(ASKED))
def test_each_part_of_a_referral_must_be_said(case, worker, service, missing):
    with pytest.raises(Refused):
        services.send_referral(case, by=worker, service=service, **{**ASKED, missing: "  "})
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'referral'") == [(0,)]


@pytest.mark.parametrize(
    "role", [Role.POLICE_OFFICER, Role.HEALTH_PRACTITIONER, Role.VOLUNTARY_WORKER, Role.CHILD_PROTECTION_MANAGER,
             Role.AUDITOR, Role.EARLY_HELP],
)  # fmt: skip
def test_only_caseworkers_refer(case, service, role):
    with pytest.raises(NotAllowed):
        services.send_referral(case, by=holding(case, role), service=service, **ASKED)


def test_a_file_without_a_child_is_not_referred(worker, service):
    from tests.factories import CaseFileFactory

    empty = CaseFileFactory()
    give(empty, worker)
    with pytest.raises(Refused, match="Add the child"):
        services.send_referral(empty, by=worker, service=service, **ASKED)


# Answering


def test_the_team_accepts_and_the_worker_sees_it(case, worker, provider, sent):
    accepted = services.answer_referral(sent, by=provider, version=1, accepted=True, answer="Starting Monday")
    with acting_as(worker.pk):
        seen = Referral.objects.allowing(worker, Action.VIEW_REFERRALS).get()
    assert (seen.state, seen.answered_by, seen.answer) == ("accepted", provider, "Starting Monday")
    came = services.record_attendance(accepted, by=provider, version=2, first_attended_on=timezone.localdate())
    ended = services.end_work(came, by=provider, version=3, outcome="Finished six sessions")
    assert ended.state == "ended"
    assert not sees(provider, Action.VIEW_FILE, case), "what a referral gave ends with the work"


def test_declining_needs_a_reason_and_ends_access_at_once(case, worker, provider, sent):
    with pytest.raises(Refused, match="Say why it is declined"):
        services.answer_referral(sent, by=provider, version=1, accepted=False)
    services.answer_referral(sent, by=provider, version=1, accepted=False, answer="No places")
    assert not sees(provider, Action.VIEW_FILE, CaseFile(pk=case.pk))
    assert grant_of(sent)[3] is False
    with acting_as(provider.pk):
        assert list(Referral.objects.all()) == []
    with acting_as(worker.pk):
        assert Referral.objects.get().answer == "No places"


def test_declining_ends_only_what_the_referral_gave(case, provider, team, sent):
    give(case, team, [Label.CORE])
    services.answer_referral(sent, by=provider, version=1, accepted=False, answer="No places")
    assert sees(provider, Action.VIEW_FILE, case)


def test_withdrawing_ends_access_at_once(case, worker, provider, sent):
    with pytest.raises(Refused, match="Say why it is withdrawn"):
        services.withdraw_referral(sent, by=worker, version=1, reason=" ")
    services.withdraw_referral(sent, by=worker, version=1, reason="Moved away")
    assert not sees(provider, Action.VIEW_FILE, case)
    with pytest.raises(NotAllowed):
        services.answer_referral(sent, by=provider, version=2, accepted=True)


def test_it_is_answered_once(provider, worker, sent):
    accepted = services.answer_referral(sent, by=provider, version=1, accepted=True)
    with pytest.raises(Refused, match="is accepted"):
        services.answer_referral(accepted, by=provider, version=2, accepted=False, answer="No")
    with refused(provider, "answered or is over"):
        execute("UPDATE referrals_referral SET state = 'declined', answer = 'No'")
    with refused(provider, "given once"):
        execute("UPDATE referrals_referral SET answer = 'Something else'")


def test_nobody_answers_for_another_team(case, worker, sent):
    other = direct_worker(provider_team())
    give(case, other, [])
    with pytest.raises(Refused, match="Only the service that received"):
        services.answer_referral(sent, by=other, version=1, accepted=True)
    with pytest.raises(NotAllowed):
        services.answer_referral(sent, by=worker, version=1, accepted=True)
    with pytest.raises(Refused, match="answers this referral itself"):
        services.record_answer(sent, by=worker, version=1, accepted=True)
    forged = "UPDATE referrals_referral SET state = 'accepted', answered_by_id = %s, answered_at = now()"
    with refused(worker, "Only the service that received"):
        execute(forged, worker.pk)


def test_what_was_sent_is_never_changed(worker, provider, sent):
    for column in ("what_they_need", "asked_for", "about"):
        with refused(worker, "permission denied"):
            execute(f"UPDATE referrals_referral SET {column} = 'Other'")
    with refused(worker, "permission denied"):
        execute("DELETE FROM referrals_referral")


def test_a_provider_cannot_withdraw_nor_answer_in_another_name(provider, worker, sent):
    with refused(provider, "cannot change this referral"):
        execute("UPDATE referrals_referral SET state = 'withdrawn', ended_by_id = %s, ended_at = now(), outcome = 'x'",
                provider.pk)  # fmt: skip
    with refused(provider, "Only the service that received"):
        execute("UPDATE referrals_referral SET state = 'accepted', answered_by_id = %s, answered_at = now()", worker.pk)


def test_an_excluded_member_of_the_team_sees_nothing(case, provider, sent):
    exclude(case, provider)
    assert not sees(provider, Action.VIEW_FILE, case)
    with pytest.raises(NotAllowed):
        services.answer_referral(sent, by=provider, version=1, accepted=True)


def test_a_stale_answer_is_not_saved(provider, sent):
    with seeding():
        Referral.objects.filter(pk=sent.pk).update(version=2)
    with pytest.raises(StaleRecord):
        services.answer_referral(sent, by=provider, version=1, accepted=True)


def test_first_attendance_is_of_an_accepted_referral_and_in_the_past(provider, sent):
    with pytest.raises(Refused, match="accepted"):
        services.record_attendance(sent, by=provider, version=1, first_attended_on=date(2026, 1, 1))
    accepted = services.answer_referral(sent, by=provider, version=1, accepted=True)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="future"):
        services.record_attendance(accepted, by=provider, version=2, first_attended_on=tomorrow)


def test_lists_of_a_team_and_of_a_sender(case, worker, provider, sent):
    other = person(Role.SOCIAL_WORKER)
    for user, expected in ((worker, [sent]), (provider, [sent]), (other, [])):
        with acting_as(user.pk):
            assert list(referrals_to_me(user)) == expected


# The action of the plan


@pytest.fixture
def item(case, worker):
    return plan_item(case, worker)


def state_of(item) -> tuple:
    return rows("SELECT disposition, agency_id, who, reason FROM plans_planitem WHERE id = %s", item.pk)[0]


def test_the_action_becomes_the_providers_and_follows_the_answer(case, worker, provider, service, team, item):
    sent = services.send_referral(case, by=worker, service=service, item=item, **ASKED)
    assert state_of(item) == ("offered", team.agency_id, "Safe Steps", "")
    accepted = services.answer_referral(sent, by=provider, version=1, accepted=True)
    assert state_of(item)[0] == "in_progress"
    services.end_work(accepted, by=provider, version=2, outcome="Came once")
    assert state_of(item)[0] == "in_progress", "that a service has finished does not say that it is done"


def test_a_declined_referral_leaves_the_action_unavailable_with_the_reason(case, worker, provider, service, item):
    sent = services.send_referral(case, by=worker, service=service, item=item, **ASKED)
    services.answer_referral(sent, by=provider, version=1, accepted=False, answer="No places")
    assert (state_of(item)[0], state_of(item)[3]) == ("unavailable", "Safe Steps: No places")


def test_a_withdrawn_referral_leaves_the_action_to_be_done(case, worker, service, item):
    sent = services.send_referral(case, by=worker, service=service, item=item, **ASKED)
    services.withdraw_referral(sent, by=worker, version=1, reason="Moved")
    assert state_of(item)[0] == "planned"


def test_an_action_that_ended_meanwhile_does_not_stop_an_answer(case, worker, provider, service, item):
    sent = services.send_referral(case, by=worker, service=service, item=item, **ASKED)
    with seeding():
        PlanItem.objects.filter(pk=item.pk).update(ended_at=timezone.now(), end_reason="Tier lowered")
    assert services.answer_referral(sent, by=provider, version=1, accepted=True).state == "accepted"
    assert state_of(item)[0] == "offered"


def test_a_service_outside_moves_the_action_too(case, worker, item):
    outside = ServiceFactory(name="CAU")
    sent = services.send_referral(case, by=worker, service=outside, item=item, **ASKED)
    services.record_answer(sent, by=worker, version=1, accepted=False, answer="Waiting list")
    assert state_of(item)[0] == "unavailable"


def test_a_team_of_the_council_answers_although_the_action_is_not_its_to_see(case, worker, item):
    multi_agency = TeamFactory(agency=agency())
    helper = person(Role.EARLY_HELP, multi_agency)
    inside = received_here(multi_agency, name="MAT")
    sent = services.send_referral(case, by=worker, service=inside, item=item, **ASKED)
    accepted = services.answer_referral(sent, by=helper, version=1, accepted=True)
    assert (accepted.state, state_of(item)[0]) == ("accepted", "offered")
