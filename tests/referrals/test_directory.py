"""The directory: whose entries they are, what is kept, what the database refuses."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from accounts.models import User
from accounts.roles import AgencyKind, Role
from offer.catalogue import ITEMS
from referrals.directory import load, read
from referrals.entries import services
from referrals.maintainers import maintained_by, maintainers_of, may_maintain
from referrals.models import Service, ServiceMaintainer, ServiceVersion
from referrals.selectors import Wanted, directory
from tests.children.database import execute, refused
from tests.database import rows, seeding
from tests.factories import agency, person
from tests.referrals.factories import ServiceFactory, direct_worker

pytestmark = pytest.mark.django_db
OFFER = Path(__file__).resolve().parents[2] / "offer" / "SERVICE-OFFER.txt"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'"))


# What the offer names


def test_the_file_says_of_each_service_what_the_offer_says_and_no_more():
    offer = plain(OFFER.read_text(encoding="utf-8"))
    for entry in read():
        assert plain(entry["does"]) in offer, entry["name"]
        assert set(entry["items"]) <= ITEMS.keys()
        assert not {"phone", "email", "team", "provider"} & entry.keys(), "no invented contact"


def test_every_service_the_offer_names_is_in_the_file():
    names = " ".join(plain(entry["name"]) for entry in read())
    for name in ("Safe and Sound", "CHISVA", "Derbyshire Cares (Catch 22)", "Barnardo's", "CAMHS", "CAU", "SV2",
                 "STEPS", "Women's Work", "Crime Prevention Team", "Modern Slavery Team", "County Lines/CRE team",
                 "School mentor", "Multi-agency team (MAT)", "Priority families", "Specialist contracted CRE",
                 "Adult social care"):  # fmt: skip
        assert name in names, name


def test_each_item_of_the_offer_that_is_a_referral_has_a_service():
    served = {code for entry in read() for code in entry["items"]}
    assert {code for code, item in ITEMS.items() if item.kind.name == "REFERRAL"} <= served


def test_loading_adds_what_is_missing_and_leaves_what_people_changed():
    with seeding():
        assert load() == len(read())
        Service.objects.filter(name="CAMHS").update(does="Ours now")
        Service.objects.filter(name="SV2").update(name="sv2")
        call_command("load_directory", verbosity=0)
    assert Service.objects.count() == len(read())
    assert Service.objects.get(name="CAMHS").does == "Ours now"


# Who keeps it


def test_the_administrator_adds_changes_pauses_and_ends(admin):
    added = services.add_service(by=admin, name=" New Start ", does="Mentoring", lowest_tier="low", items=["M09"])
    assert (added.name, added.checked_on) == ("New Start", timezone.localdate())
    changed = services.update_service(by=admin, service=added, version=1, does="Mentoring in pairs", oldest=18)
    until = timezone.localdate() + timedelta(days=30)
    paused = services.pause_service(
        by=admin, service=changed, version=2, until=until, reason="No places before the new year"
    )
    assert (paused.paused_until, paused.version) == (until, 3)
    again = services.reopen_service(by=admin, service=paused, version=3)
    assert (again.paused_until, again.pause_reason) == (None, "")
    ended = services.end_service(by=admin, service=again, version=4)
    assert ended.ended_at is not None
    with pytest.raises(Refused, match="has ended"):
        services.update_service(by=admin, service=ended, version=5, does="More")
    kept = ServiceVersion.objects.filter(service=added).order_by("version")
    assert [(one.version, one.by) for one in kept] == [(number, admin) for number in range(1, 6)]
    assert [one.facts["does"] for one in kept][:2] == ["Mentoring", "Mentoring in pairs"]


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.DIRECTORY_ADMIN])
def test_nobody_else_changes_an_entry(role, service):
    somebody = person(role)
    with pytest.raises(NotAllowed, match="Only a directory administrator"):
        services.add_service(by=somebody, name="Mine", does="Work", lowest_tier="low")
    with pytest.raises(NotAllowed):
        services.update_service(by=somebody, service=service, version=1, does="Mine")
    with pytest.raises(NotAllowed):
        services.end_service(by=somebody, service=service, version=1)
    with acting_as(somebody.pk):
        assert execute("UPDATE referrals_service SET does = 'Mine' WHERE id = %s", service.pk) == 0
    insert = "INSERT INTO referrals_service (name, does, items, lowest_tier, types, for_parents, how_to_refer, phone,"
    insert += " email, pause_reason, version) VALUES ('Mine', 'x', '{}', 'low', '{}', false, '', '', '', '', 1)"
    with refused(somebody, "row-level security"):
        execute(insert)


def test_a_person_of_the_provider_keeps_what_they_were_given_and_nothing_else(admin, provider, service):
    other = ServiceFactory(provider=service.provider, name="Other")
    with pytest.raises(NotAllowed):
        services.update_service(by=provider, service=service, version=1, does="Group work")
    services.let_maintain(by=admin, service=service, person=provider)
    assert maintained_by(provider) == {service.pk}
    assert maintainers_of(service) == [provider]
    changed = services.update_service(by=provider, service=service, version=1, does="Group work", phone="01332 000000")
    assert (changed.does, changed.phone) == ("Group work", "01332 000000")
    services.pause_service(by=provider, service=changed, version=2, until=timezone.localdate(), reason="Training day")
    with pytest.raises(NotAllowed):
        services.update_service(by=provider, service=other, version=1, does="Group work")
    services.stop_maintaining(by=admin, service=service, person=provider)
    with pytest.raises(NotAllowed):
        services.reopen_service(by=provider, service=service, version=3)


@pytest.mark.parametrize("facts", [{"name": "Ours"}, {"team": None}, {"items": ["L01"]}, {"lowest_tier": "high"}])
def test_a_provider_does_not_decide_whom_it_serves_nor_who_reads_referrals(admin, provider, service, facts):
    services.let_maintain(by=admin, service=service, person=provider)
    with pytest.raises(NotAllowed):
        services.update_service(by=provider, service=service, version=1, **facts)
    (column,) = facts
    column = {"team": "team_id"}.get(column, column)
    with refused(provider, "Only a directory administrator"):
        execute(f"UPDATE referrals_service SET {column} = %s WHERE id = %s", *facts.values(), service.pk)


def test_the_right_stops_with_working_for_the_provider(admin, provider, service):
    services.let_maintain(by=admin, service=service, person=provider)
    with seeding():
        provider.memberships.update(ended_at=timezone.now())
    left = User.objects.get(pk=provider.pk)
    assert not may_maintain(left, service)
    with acting_as(left.pk):
        assert execute("UPDATE referrals_service SET does = 'x' WHERE id = %s", service.pk) == 0


def test_nobody_from_elsewhere_is_given_an_entry(admin, service):
    with pytest.raises(Refused, match="works for the provider"):
        services.let_maintain(by=admin, service=service, person=person(Role.HEALTH_PRACTITIONER))
    with pytest.raises(Refused, match="works for the provider"):
        services.let_maintain(by=admin, service=ServiceFactory(), person=person(Role.VOLUNTARY_WORKER))


def test_a_right_is_given_by_nobody_else_not_even_in_the_database(provider, service):
    right = Permission.objects.get(codename="maintain_service").pk
    insert = "INSERT INTO referrals_servicemaintainer (user_id, permission_id, content_object_id) VALUES (%s, %s, %s)"
    with refused(provider, "row-level security"):
        execute(insert, provider.pk, right, service.pk)
    with seeding():
        ServiceMaintainer.objects.create(user=provider, permission_id=right, content_object=service)
    with acting_as(provider.pk):
        assert execute("DELETE FROM referrals_servicemaintainer") == 0


def test_a_global_permission_or_a_group_gives_no_right(provider, service):
    """Guardian is asked for rights on the entry alone."""
    right = Permission.objects.get(codename="maintain_service")
    with seeding():
        provider.user_permissions.add(right)
    assert maintained_by(User.objects.get(pk=provider.pk)) == frozenset()


def test_nothing_is_deleted_and_history_is_not_written_by_hand(admin, service):
    with refused(admin, "permission denied"):
        execute("DELETE FROM referrals_service")
    for statement in ("DELETE FROM referrals_serviceversion", "UPDATE referrals_serviceversion SET facts = '{}'"):
        with refused(admin, "permission denied"):
            execute(statement)


# What makes no sense


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"name": "safe steps"}, "an entry with this name"), ({"youngest": 12, "oldest": 8}, "must not be below"),
     ({"name": ""}, "Name"), ({"does": " "}, "Does"), ({"lowest_tier": "extreme"}, "Lowest tier"),
     ({"email": "nonsense"}, "Email")],
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_refused_with_a_sentence(admin, service, facts, sentence):
    right = {"name": "Another", "does": "Work", "lowest_tier": "low"}
    with pytest.raises(Refused, match=sentence):
        services.add_service(by=admin, **{**right, **facts})


def test_the_team_is_the_providers(admin, service, team):
    elsewhere = agency(AgencyKind.HEALTH)
    with pytest.raises(Refused, match="a team of the provider"):
        services.update_service(by=admin, service=service, version=1, provider=elsewhere)


def test_a_stale_save_loses_nothing(admin, service):
    services.update_service(by=admin, service=service, version=1, does="First")
    with pytest.raises(StaleRecord) as stale:
        services.update_service(by=admin, service=service, version=1, does="Second")
    assert stale.value.current.does == "First"


@pytest.mark.parametrize(("until", "reason", "sentence"), [(-1, "Full", "today or later"), (3, " ", "Say why")])
def test_a_pause_says_until_when_and_why(admin, service, until, reason, sentence):
    day = timezone.localdate() + timedelta(days=until)
    with pytest.raises(Refused, match=sentence):
        services.pause_service(by=admin, service=service, version=1, until=day, reason=reason)


def test_filters_of_the_directory():
    today = timezone.localdate()
    old = today - timedelta(days=200)
    ServiceFactory(name="Low", items=["L10"], checked_on=today)
    ServiceFactory(name="High", lowest_tier="high", items=["H04"], youngest=12, checked_on=old)
    ServiceFactory(name="Slavery", types=["trafficking_modern_slavery"], checked_on=today)
    ServiceFactory(name="Paused", paused_until=today, pause_reason="Full", checked_on=today)
    ServiceFactory(name="Ended", ended_at=timezone.now(), checked_on=today)

    def named(**wanted) -> set[str]:
        return {one.name for one in directory(Wanted(**wanted), today)}

    assert named() == {"Low", "High", "Slavery", "Paused"}
    assert named(item="L10") == {"Low"}
    assert named(tier="medium") == {"Low", "Slavery", "Paused"}
    assert named(age=11) == {"Low", "Slavery", "Paused"}
    assert named(type="cse") == {"Low", "High", "Paused"}
    assert named(state="open") == {"Low", "High", "Slavery"}
    assert named(state="paused") == {"Paused"}
    assert named(state="ended") == {"Ended"}
    assert named(unchecked=True) == {"High"}


def test_the_permission_table_keeps_history(admin, provider, service):
    services.let_maintain(by=admin, service=service, person=provider)
    services.stop_maintaining(by=admin, service=service, person=provider)
    kept = "SELECT operation, principal_id FROM access_rowhistory WHERE table_name = 'referrals_servicemaintainer'"
    assert rows(f"{kept} ORDER BY id") == [("INSERT", admin.pk), ("DELETE", admin.pk)]


def test_a_colleague_of_the_provider_has_no_right_by_that(admin, provider, service, team):
    services.let_maintain(by=admin, service=service, person=provider)
    assert not may_maintain(direct_worker(team), service)
