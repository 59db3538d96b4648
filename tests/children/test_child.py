"""The child on the file: created once, corrected without losing anybody's text, found under today's names."""

from datetime import date

import pytest
from django.db import connection

from access.models import CaseFile
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from accounts.roles import Role
from children import services
from children.models import Alias, Child, ChildProfile, DuplicateAlert, NameKey
from children.selectors import aliases_of, children_named, open_duplicate_alerts
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import (
    ContactFactory,
    child_on_file,
    council_team,
    days_from_today,
    holding,
    partner,
)
from tests.database import rows
from tests.factories import CaseFileFactory, exclude, give, person

pytestmark = pytest.mark.django_db

BORN = date(2012, 3, 27)


@pytest.fixture
def accepted():
    case = CaseFileFactory()
    ContactFactory(case=case, accepted=True)
    return case


@pytest.fixture
def creator(accepted):
    return holding(accepted)


def profile_of(child, user) -> ChildProfile:
    with acting_as(user.pk):
        return ChildProfile.objects.get(case=child.case_id)


def found_by(user, query) -> list[Child]:
    with acting_as(user.pk):
        return list(children_named(user, query))


def test_the_child_comes_with_profile_and_search_keys(accepted, creator):
    child = services.create_child(
        accepted, by=creator, given_names=" Mía ", family_name="O’Brien", known_as="Mimi", date_of_birth=BORN,
        nhs_number="999 000 0018", upn="b801200005001", sex="F", send_status="suspected",
    )  # fmt: skip
    assert (child.given_names, child.created_by_id, child.send_status) == ("Mía", creator.pk, "suspected")
    profile = profile_of(child, creator)
    assert (profile.nhs_number, profile.upn, profile.sex) == ("9990000018", "B801200005001", "F")
    assert [found_by(creator, name) for name in ("mia", "obrien", "mimi")] == [[child]] * 3


def test_nothing_is_assumed_of_send_or_sex(accepted, creator):
    child = services.create_child(accepted, by=creator, given_names="Mia", family_name="Fenwick")
    assert (child.send_status, profile_of(child, creator).sex) == ("not_known", "U")


def test_a_child_waits_for_an_accepted_contact():
    case = CaseFileFactory()
    ContactFactory(case=case)
    with pytest.raises(Refused, match="must accept"):
        services.create_child(case, by=holding(case), given_names="Mia", family_name="Fenwick")


def test_one_child_a_file(case, worker):
    with pytest.raises(Refused, match="already has a child"):
        services.create_child(case, by=worker, given_names="Noah", family_name="Fenwick")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"given_names": "  "}, "Given names"),
        ({"family_name": "x" * 101}, "Family name"),
        ({"nhs_number": "9990000019"}, "NHS number"),
        ({"upn": "A801200005001"}, "UPN"),
        ({"send_status": "maybe"}, "Send status"),
        ({"sex": "X"}, "Sex"),
        ({"date_of_birth": days_from_today(1)}, "future"),
    ],
)
def test_an_impossible_fact_is_refused_and_nothing_is_kept(accepted, creator, wrong, words):
    facts = {"given_names": "Mia", "family_name": "Fenwick", **wrong}
    with pytest.raises(Refused, match=words):
        services.create_child(accepted, by=creator, **facts)
    assert rows("SELECT count(*) FROM children_child") == rows("SELECT count(*) FROM children_childprofile") == [(0,)]


def test_a_partner_does_not_create_or_change_a_child(case, child):
    officer = partner(case, Role.POLICE_OFFICER)
    with pytest.raises(NotAllowed):
        services.update_child(child, by=officer, version=1, given_names="Maria")


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(child, worker):
    services.update_child(child, by=worker, version=1, family_name="Thornley")
    assert found_by(worker, "thornley") == [child]
    assert found_by(worker, "fenwick") == []


def test_a_stale_save_keeps_what_is_there_and_hands_it_over(child, worker, manager):
    services.update_child(child, by=manager, version=1, known_as="Mimi")
    with pytest.raises(StaleRecord) as stale:
        services.update_child(child, by=worker, version=1, known_as="Emmy")
    assert (stale.value.current.known_as, stale.value.current.version) == ("Mimi", 2)
    assert rows("SELECT known_as FROM children_child WHERE id = %s", child.pk) == [("Mimi",)]


@pytest.mark.parametrize("field", ["case", "case_id", "created_by", "id", "version_number"])
def test_what_is_not_a_fact_about_the_child_cannot_be_changed(child, worker, field):
    with pytest.raises(TypeError, match=field):
        services.update_child(child, by=worker, version=1, **{field: 1})


def test_identifiers_are_checked_and_normalised_when_they_change(child, worker):
    saved = services.update_profile(
        profile_of(child, worker), by=worker, version=1, nhs_number="999 000 0018", school="Riverside"
    )
    assert (saved.nhs_number, saved.school, saved.version) == ("9990000018", "Riverside", 2)
    with pytest.raises(Refused, match="10 digits"):
        services.update_profile(saved, by=worker, version=2, nhs_number="999 000 001")


def test_another_name_is_found_until_it_ends_and_is_kept(case, child, worker):
    alias = services.add_alias(case, by=worker, name="Kit Marlow", note="Used online")
    assert found_by(worker, "marlow") == [child]
    services.end_alias(alias, by=worker)
    assert found_by(worker, "marlow") == []
    with acting_as(worker.pk):
        (kept,) = aliases_of(case, worker)
    assert (kept.name, kept.ended_at is None) == ("Kit Marlow", False)


def test_ending_a_name_leaves_the_same_word_of_another(case, child, worker):
    alias = services.add_alias(case, by=worker, name="Mia Marlow")
    services.end_alias(alias, by=worker)
    assert found_by(worker, "mia") == [child]


def test_a_name_ends_once(case, child, worker):
    alias = services.add_alias(case, by=worker, name="Kit")
    first = services.end_alias(alias, by=worker)
    assert services.end_alias(alias, by=worker).ended_at == first.ended_at


def test_another_name_needs_a_child_first(accepted, creator):
    with pytest.raises(Refused, match="Add the child"):
        services.add_alias(accepted, by=creator, name="Kit")


# A file this person may not see (ruling Q20)


@pytest.fixture
def receivers():
    return council_team(receives_contacts=True)


def alerts_of(user) -> list[tuple[str, str]]:
    with acting_as(user.pk):
        return [(alert.reference, alert.other_reference) for alert in open_duplicate_alerts(user)]


@pytest.mark.parametrize(
    "twin",
    [
        {"nhs_number": "9990000018", "given_names": "Noah", "family_name": "Brook"},
        {"date_of_birth": BORN, "given_names": "Miah", "family_name": "Brook"},  # sounds like Mia
        {"date_of_birth": BORN, "given_names": "Noah", "family_name": "Fenwick"},
    ],
)
def test_a_hidden_file_that_matches_is_told_to_the_contact_team_alone(accepted, creator, receivers, twin):
    hidden = child_on_file(**{"date_of_birth": date(2010, 1, 1), **twin})
    screener = person(Role.TEAM_MANAGER, receivers)
    child = services.create_child(
        accepted, by=creator, given_names="Mia", family_name="Fenwick", date_of_birth=BORN, nhs_number="9990000018"
    )
    assert alerts_of(screener) == [(accepted.reference, hidden.case.reference)]
    assert alerts_of(creator) == []
    assert found_by(creator, "fenwick") == [child]


@pytest.mark.parametrize(
    "other",
    [
        {"date_of_birth": BORN, "given_names": "Noah", "family_name": "Brook"},
        {"date_of_birth": date(2010, 1, 1), "given_names": "Mia", "family_name": "Fenwick"},
    ],
)
def test_a_hidden_file_that_only_half_matches_is_told_to_nobody(accepted, creator, receivers, other):
    child_on_file(**other)
    services.create_child(accepted, by=creator, given_names="Mia", family_name="Fenwick", date_of_birth=BORN)
    assert alerts_of(person(Role.TEAM_MANAGER, receivers)) == []


def test_a_file_one_can_see_raises_no_alert(accepted, creator, receivers):
    known = child_on_file(date_of_birth=BORN)
    give(known.case, creator)
    services.create_child(accepted, by=creator, given_names="Mia", family_name="Fenwick", date_of_birth=BORN)
    assert alerts_of(person(Role.TEAM_MANAGER, receivers)) == []


def test_a_pair_is_told_once_whichever_file_changes(accepted, creator, receivers):
    hidden = child_on_file(date_of_birth=BORN)
    services.create_child(accepted, by=creator, given_names="Mia", family_name="Fenwick", date_of_birth=BORN)
    services.update_child(hidden, by=holding(hidden.case), version=1, known_as="Mimi")
    assert len(alerts_of(person(Role.TEAM_MANAGER, receivers))) == 1


def test_a_corrected_nhs_number_is_compared_too(child, worker, receivers):
    child_on_file(given_names="Noah", family_name="Brook", date_of_birth=None, nhs_number="9990000018")
    services.update_profile(profile_of(child, worker), by=worker, version=1, nhs_number="9990000018")
    assert len(alerts_of(person(Role.TEAM_MANAGER, receivers))) == 1


@pytest.fixture
def alert(accepted, creator, receivers):
    child_on_file(date_of_birth=BORN)
    services.create_child(accepted, by=creator, given_names="Mia", family_name="Fenwick", date_of_birth=BORN)
    screener = person(Role.TEAM_MANAGER, receivers)
    with acting_as(screener.pk):
        return open_duplicate_alerts(screener).get()


def test_an_alert_is_closed_by_somebody_who_sees_neither_file(alert, receivers):
    screener = person(Role.TEAM_MANAGER, receivers)
    closed = services.close_duplicate_alert(by=screener, alert=alert, outcome="Cousins with the same birthday.")
    assert (closed.closed_by_id, closed.outcome) == (screener.pk, "Cousins with the same birthday.")
    assert alerts_of(screener) == []
    with pytest.raises(Refused, match="already closed"):
        services.close_duplicate_alert(by=screener, alert=alert, outcome="Again.")


def test_an_alert_is_not_closed_without_a_finding_or_from_another_team(alert, receivers):
    with pytest.raises(Refused, match="what you found"):
        services.close_duplicate_alert(by=person(Role.TEAM_MANAGER, receivers), alert=alert, outcome=" ")
    with pytest.raises(Refused, match="does not receive contacts"):
        services.close_duplicate_alert(by=person(Role.TEAM_MANAGER), alert=alert, outcome="Looked.")
    with pytest.raises(NotAllowed):
        services.close_duplicate_alert(by=person(Role.SOCIAL_WORKER, receivers), alert=alert, outcome="Looked.")


def test_somebody_excluded_from_either_file_does_not_see_the_alert(alert, receivers):
    for closed in (alert.case_id, alert.other_case_id):
        related = person(Role.TEAM_MANAGER, receivers)
        exclude(CaseFile(pk=closed, opened_by_id=related.pk), related)
        assert alerts_of(related) == []


# What the database refuses by itself


def test_the_database_takes_no_second_child_on_a_file(case, worker):
    with refused(worker, "child_one_per_file"):
        Child.objects.create(case=case, given_names="Noah", family_name="Fenwick", created_by=worker)


def test_the_database_takes_no_child_before_a_contact_is_accepted():
    case = CaseFileFactory()
    ContactFactory(case=case)
    worker = holding(case)
    with refused(worker, BY_A_POLICY):
        Child.objects.create(case=case, given_names="Mia", family_name="Fenwick", created_by=worker)


def test_the_database_takes_no_child_without_a_name_or_with_an_unknown_send_status(accepted, creator):
    about = {"case": accepted, "created_by": creator, "family_name": "Fenwick"}
    with refused(creator, "child_has_a_name"):
        Child.objects.create(given_names="", **about)
    with refused(creator, "child_known_send_status"):
        Child.objects.create(given_names="Mia", send_status="maybe", **about)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [("nhs_number", "999 000 00", "profile_nhs_number_shape"), ("upn", "not-a-upn-at", "profile_upn_shape")],
)
def test_the_database_takes_no_identifier_of_another_shape(case, worker, field, value, rule):
    with refused(worker, rule):
        ChildProfile.objects.filter(case=case).update(**{field: value})


def test_another_name_is_never_reworded_or_deleted(case, child, worker):
    alias = services.add_alias(case, by=worker, name="Kit")
    with refused(worker, BY_A_PRIVILEGE):
        Alias.objects.filter(pk=alias.pk).update(name="Kim")
    with refused(worker, BY_A_PRIVILEGE):
        execute("DELETE FROM children_alias WHERE id = %s", alias.pk)


def test_a_child_is_never_deleted(child, worker):
    with refused(worker, BY_A_PRIVILEGE):
        execute("DELETE FROM children_child WHERE id = %s", child.pk)


def test_search_keys_of_a_file_are_written_only_by_who_works_on_it(case):
    officer = partner(case, Role.POLICE_OFFICER)
    with refused(officer, BY_A_POLICY):
        NameKey.objects.create(case=case, key="PLANTED")


def test_alerts_are_not_planted_and_files_not_probed_through_them(case, worker, receivers):
    other = CaseFileFactory()
    with refused(worker, BY_A_PRIVILEGE):
        DuplicateAlert.objects.create(case=case, other_case=other)
    with refused(worker, "You cannot check this file"):
        execute("SELECT sec.flag_hidden_duplicates(%s)", other.pk)
    screener = person(Role.TEAM_MANAGER, receivers)
    with acting_as(screener.pk), connection.cursor() as cursor:
        cursor.execute("SELECT sec.alerted_reference(%s)", [other.pk])
        assert cursor.fetchone() == (None,)
