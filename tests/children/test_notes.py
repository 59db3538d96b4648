"""Visits and notes, warnings to visitors, other plans."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from accounts.roles import AgencyKind, Role
from children import services
from children.models import CaseNote, OtherPlan, WorkerSafetyReason, WorkerSafetyWarning
from children.selectors import live_warnings, notes_of, other_plans_of
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import (
    NoteFactory,
    PlanFactory,
    WarningFactory,
    ago,
    child_on_file,
    days_from_today,
    holding,
    partner,
)
from tests.factories import MembershipFactory, TeamFactory, agency, give, person, team_of

pytestmark = pytest.mark.django_db


def noted(case, by, **about) -> CaseNote:
    return services.add_note(case, by=by, **{"kind": "note", "happened_at": ago(hours=2), "text": "Rang.", **about})


def texts(case, user) -> list[str]:
    with acting_as(user.pk):
        return [note.text for note in notes_of(case, user)]


def test_a_note_keeps_when_it_happened_and_when_it_was_written(case, worker):
    note = noted(case, worker)
    assert timedelta(minutes=119) < note.recorded_at - note.happened_at < timedelta(minutes=121)
    assert (note.author, note.agency) == (worker, agency())


def test_notes_come_latest_event_first_not_latest_typed(case, worker):
    noted(case, worker, text="Later", happened_at=ago(hours=1))
    noted(case, worker, text="Earlier", happened_at=ago(days=1))
    assert texts(case, worker) == ["Later", "Earlier"]


def test_nothing_has_happened_in_the_future(case, worker):
    with pytest.raises(Refused, match="future"):
        noted(case, worker, happened_at=timezone.now() + timedelta(minutes=1))


def test_a_note_says_something(case, worker):
    with pytest.raises(Refused, match="Text"):
        noted(case, worker, text=" \n ")


@pytest.mark.parametrize(("kind", "seen"), [("visit", ""), ("note", "alone"), ("phone_call", "not_seen")])
def test_a_visit_and_only_a_visit_says_whether_the_child_was_seen(case, worker, kind, seen):
    with pytest.raises(Refused, match="whether the child was seen"):
        noted(case, worker, kind=kind, seen=seen)


@pytest.mark.parametrize("seen", ["alone", "with_others", "not_seen"])
def test_a_visit_is_kept_with_the_childs_words(case, worker, seen):
    visit = noted(case, worker, kind="visit", seen=seen, child_words="I want to go home.")
    assert (visit.seen, visit.child_words) == (seen, "I want to go home.")


def test_a_management_decision_is_a_managers(case, worker, manager):
    with pytest.raises(Refused, match="Only a team manager"):
        noted(case, worker, kind="manager")
    assert noted(case, manager, kind="manager").kind == "manager"


def test_a_mistake_is_corrected_by_a_new_note_that_names_the_old(case, worker):
    wrong = noted(case, worker, text="Seen on Monday.")
    right = noted(case, worker, text="Seen on Tuesday.", corrects=wrong)
    assert right.corrects_id == wrong.pk
    assert sorted(texts(case, worker)) == ["Seen on Monday.", "Seen on Tuesday."]


def test_a_note_corrects_only_a_note_of_the_same_file_that_one_can_read(case, worker):
    elsewhere = NoteFactory(case=child_on_file().case)
    give(elsewhere.case, worker)
    with pytest.raises(Refused, match="not on this file"):
        noted(case, worker, corrects=elsewhere)
    officer = partner(case, Role.POLICE_OFFICER)
    councils = NoteFactory(case=case)
    with pytest.raises(Refused, match="not on this file"):
        noted(case, officer, corrects=councils)


# Whose note it is


def test_a_partner_writes_and_reads_its_own_agencys_notes_only(case, worker):
    officer = partner(case, Role.POLICE_OFFICER)
    colleague = person(Role.POLICE_OFFICER, team_of(officer))
    give(case, colleague, ())
    noted(case, worker, text="Council")
    note = noted(case, officer, text="Police")
    assert note.agency == agency(AgencyKind.POLICE)
    assert texts(case, officer) == texts(case, colleague) == ["Police"]
    assert sorted(texts(case, worker)) == ["Council", "Police"]
    with acting_as(officer.pk):
        assert [one.text for one in CaseNote.objects.all()] == ["Police"]


def test_somebody_of_two_agencies_writes_for_the_one_that_holds_the_file(case):
    user = person(Role.VOLUNTARY_WORKER)
    school = TeamFactory(agency=agency(AgencyKind.EDUCATION))
    MembershipFactory(user=user, team=school, role=Role.EARLY_HELP)
    give(case, school, ())
    assert noted(case, user).agency == agency(AgencyKind.EDUCATION)


def test_somebody_of_two_agencies_with_a_grant_of_their_own_writes_for_the_first(case):
    user = person(Role.VOLUNTARY_WORKER)
    MembershipFactory(user=user, team=TeamFactory(agency=agency(AgencyKind.EDUCATION)), role=Role.EARLY_HELP)
    give(case, user, ())
    assert noted(case, user).agency == agency(AgencyKind.VOLUNTARY)


def test_a_post_that_writes_no_notes_lends_no_agency(case):
    user = person(Role.DIRECTORY_ADMIN)
    health = TeamFactory(agency=agency(AgencyKind.HEALTH))
    MembershipFactory(user=user, team=health, role=Role.HEALTH_PRACTITIONER)
    give(case, user, ())
    assert noted(case, user).agency == agency(AgencyKind.HEALTH)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DIRECTORY_ADMIN])
def test_who_only_looks_writes_no_note(case, role):
    with pytest.raises(NotAllowed):
        noted(case, holding(case, role))


# What the database refuses by itself


def note_raw(case, author, **about):
    facts = {"kind": "note", "happened_at": ago(hours=1), "text": "Rang.", "agency": agency(), **about}
    return CaseNote.objects.create(case=case, author=author, **facts)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"kind": "visit"}, "note_visit_says_whether_seen"),
        ({"kind": "visit", "seen": "perhaps"}, "note_visit_says_whether_seen"),
        ({"seen": "alone"}, "note_visit_says_whether_seen"),
        ({"text": ""}, "note_says_something"),
        ({"kind": "rumour"}, "note_known_kind"),
        ({"recorded_at": ago(hours=2)}, "note_happened_before_recorded"),
        ({"kind": "manager"}, BY_A_POLICY),
    ],
)
def test_the_database_takes_no_such_note(case, worker, wrong, rule):
    with refused(worker, rule):
        note_raw(case, worker, **wrong)


def test_the_database_takes_no_note_in_anothers_name_or_agency(case, worker, manager):
    with refused(worker, BY_A_POLICY):
        note_raw(case, manager)
    with refused(worker, BY_A_POLICY):
        note_raw(case, worker, agency=agency(AgencyKind.POLICE))


def test_the_database_takes_no_correction_of_a_note_of_another_file(case, worker):
    with refused(worker, "note_corrects_on_its_file"):
        note_raw(case, worker, corrects=NoteFactory())


@pytest.mark.parametrize("statement", ["UPDATE {} SET text = 'x' WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_a_note_is_never_edited_or_deleted(case, worker, manager, statement):
    note = noted(case, worker)
    for user in (worker, manager):
        with refused(user, BY_A_PRIVILEGE):
            execute(statement.format("children_casenote"), note.pk)


# Warnings to visitors (ruling Q26)


def warned(case, user) -> list[str]:
    with acting_as(user.pk):
        return [warning.advice for warning in live_warnings(case, user)]


def test_whoever_holds_the_file_is_warned_but_only_social_care_knows_why(case, worker):
    services.raise_warning(case, by=worker, advice="Visit in pairs", reason="Threatened with a knife in May.")
    volunteer = partner(case, Role.VOLUNTARY_WORKER)
    assert warned(case, volunteer) == warned(case, worker) == ["Visit in pairs"]
    with acting_as(volunteer.pk):
        assert not WorkerSafetyReason.objects.exists()
    with acting_as(worker.pk):
        assert [one.reason for one in WorkerSafetyReason.objects.all()] == ["Threatened with a knife in May."]


@pytest.mark.parametrize("missing", ["advice", "reason"])
def test_a_warning_says_what_to_do_and_why(case, worker, missing):
    said = {"advice": "Visit in pairs", "reason": "A dog.", missing: " "}
    with pytest.raises(Refused, match=missing.capitalize()):
        services.raise_warning(case, by=worker, **said)
    assert warned(case, worker) == []


def test_a_warning_taken_away_is_no_longer_shown_and_says_who_did(case, worker, manager):
    warning = services.raise_warning(case, by=worker, advice="Visit in pairs", reason="A dog.")
    ended = services.end_warning(warning, by=manager)
    assert (ended.ended_by_id, ended.ended_at is None) == (manager.pk, False)
    assert services.end_warning(warning, by=worker).ended_by_id == manager.pk
    assert warned(case, worker) == []


def test_a_partner_raises_and_ends_no_warning(case):
    warning = WarningFactory(case=case)
    officer = partner(case, Role.POLICE_OFFICER)
    with pytest.raises(NotAllowed):
        services.end_warning(warning, by=officer)
    with acting_as(officer.pk):
        ended = WorkerSafetyWarning.objects.filter(pk=warning.pk).update(ended_at=timezone.now(), ended_by=officer)
    assert ended == 0


def test_a_warning_is_never_reworded_and_its_reason_stays_on_its_file(case, worker):
    warning = WarningFactory(case=case)
    with refused(worker, BY_A_PRIVILEGE):
        WorkerSafetyWarning.objects.filter(pk=warning.pk).update(advice="All is well")
    with refused(worker, "warning_reason_on_its_file"):
        WorkerSafetyReason.objects.create(case=case, warning=WarningFactory(), reason="A dog.")
    with refused(worker, "warning_ended_by_and_when"):
        WorkerSafetyWarning.objects.filter(pk=warning.pk).update(ended_at=timezone.now())


# Other plans (BR-14)


def test_another_plan_is_added_and_ended(case, worker):
    plan = services.add_other_plan(case, by=worker, kind="child_in_need", started_on=date(2026, 1, 5), lead="A. Lead")
    ended = services.end_other_plan(plan, by=worker, version=1, ended_on=date(2026, 3, 1))
    assert (ended.ended_on, ended.lead, ended.version) == (date(2026, 3, 1), "A. Lead", 2)
    with pytest.raises(StaleRecord):
        services.end_other_plan(plan, by=worker, version=1, ended_on=date(2026, 4, 1))


def test_a_plan_does_not_end_before_it_started(case, worker):
    plan = PlanFactory(case=case)
    with pytest.raises(Refused, match="last day"):
        services.end_other_plan(plan, by=worker, version=1, ended_on=date(2026, 1, 4))
    with pytest.raises(Refused, match="last day"):
        services.add_other_plan(case, by=worker, kind="other", started_on=date(2026, 1, 5), ended_on=date(2026, 1, 4))
    with refused(worker, "other_plan_ends_after_start"):
        OtherPlan.objects.filter(pk=plan.pk).update(ended_on=date(2026, 1, 4))


def test_running_plans_come_before_ended_ones(case, worker):
    PlanFactory(case=case, kind="early_help", started_on=date(2026, 2, 1), ended_on=days_from_today(0))
    PlanFactory(case=case, kind="ehc_plan", started_on=date(2024, 2, 1))
    with acting_as(worker.pk):
        assert [plan.kind for plan in other_plans_of(case, worker)] == ["ehc_plan", "early_help"]
