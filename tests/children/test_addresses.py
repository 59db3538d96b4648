"""Where the child lives. A confidential address has a lock of its own, behind both walls."""

from datetime import date

import pytest

from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from accounts.roles import Role
from children import services
from children.models import Address
from children.selectors import addresses_of
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import AddressFactory, holding, partner
from tests.database import seeding
from tests.factories import give, person

pytestmark = pytest.mark.django_db

HOME = {"kind": "home", "lines": "12 Marsh Lane", "from_on": date(2020, 1, 1)}


def lines_of(case, user) -> list[str]:
    with acting_as(user.pk):
        return [address.lines for address in addresses_of(case, user)]


@pytest.fixture
def unlocked(case):
    """A social worker whose grant leaves out confidential addresses."""
    user = person(Role.SOCIAL_WORKER)
    give(case, user, SOCIAL_CARE_LABELS - {Label.LOCKED_LOCATION})
    return user


def test_an_address_is_kept_with_its_postcode_in_shape(case, worker):
    address = services.add_address(case, by=worker, **HOME, postcode="de12fs")
    assert (address.lines, address.postcode, address.recorded_by) == ("12 Marsh Lane", "DE1 2FS", worker)


def test_a_second_home_does_not_end_the_first(case, worker):
    services.add_address(case, by=worker, **HOME)
    services.add_address(case, by=worker, kind="home", lines="3 Mill Street", from_on=date(2024, 5, 1))
    assert lines_of(case, worker) == ["3 Mill Street", "12 Marsh Lane"]
    with acting_as(worker.pk):
        assert not addresses_of(case, worker).filter(until_on__isnull=False).exists()


def test_an_address_that_ended_stands_after_those_of_today(case, worker):
    AddressFactory(case=case, lines="Old", from_on=date(2024, 1, 1), until_on=date(2025, 1, 1))
    AddressFactory(case=case, lines="Today", from_on=date(2020, 1, 1))
    assert lines_of(case, worker) == ["Today", "Old"]


@pytest.mark.parametrize("until", [date(2019, 12, 31)])
def test_an_address_does_not_end_before_it_began(case, worker, until):
    with pytest.raises(Refused, match="last day"):
        services.add_address(case, by=worker, **HOME, until_on=until)
    address = services.add_address(case, by=worker, **HOME)
    with pytest.raises(Refused, match="last day"):
        services.update_address(address, by=worker, version=1, until_on=until)
    with refused(worker, "address_ends_after_start"):
        Address.objects.filter(pk=address.pk).update(until_on=until)


def test_a_stale_change_of_an_address_is_not_saved(case, worker, manager):
    address = services.add_address(case, by=worker, **HOME)
    services.update_address(address, by=manager, version=1, lines="12a Marsh Lane")
    with pytest.raises(StaleRecord) as stale:
        services.update_address(address, by=worker, version=1, lines="21 Marsh Lane")
    assert stale.value.current.lines == "12a Marsh Lane"


def test_a_confidential_address_is_for_holders_of_its_own_label(case, worker, unlocked):
    AddressFactory(case=case, lines="Open")
    AddressFactory(case=case, lines="Locked", confidential=True)
    assert lines_of(case, worker) == ["Locked", "Open"]
    assert lines_of(case, unlocked) == ["Open"]


@pytest.mark.parametrize("role", [Role.POLICE_OFFICER, Role.EARLY_HELP, Role.HEALTH_PRACTITIONER])
def test_a_partner_sees_shared_addresses_but_never_a_confidential_one(case, role):
    AddressFactory(case=case, lines="Open")
    AddressFactory(case=case, lines="Locked", confidential=True)
    assert lines_of(case, partner(case, role, {Label.LOCATION})) == ["Open"]
    assert lines_of(case, partner(case, role)) == []


def test_the_second_wall_holds_the_lock_without_the_first(case, unlocked):
    AddressFactory(case=case, lines="Open")
    AddressFactory(case=case, lines="Locked", confidential=True)
    with acting_as(unlocked.pk):
        assert [address.lines for address in Address.objects.all()] == ["Open"]


def test_the_first_wall_holds_the_lock_without_the_second(case, unlocked):
    """As a role past row security would see it: the condition itself leaves the locked address out."""
    AddressFactory(case=case, lines="Open")
    AddressFactory(case=case, lines="Locked", confidential=True)
    with acting_as(unlocked.pk), seeding():
        assert [address.lines for address in addresses_of(case, unlocked)] == ["Open"]


def test_nobody_writes_or_locks_an_address_they_could_not_read_then(case, unlocked):
    with pytest.raises(NotAllowed):
        services.add_address(case, by=unlocked, **HOME, confidential=True)
    address = services.add_address(case, by=unlocked, **HOME)
    with pytest.raises(NotAllowed):
        services.update_address(address, by=unlocked, version=1, confidential=True)
    locked = AddressFactory(case=case, confidential=True)
    with pytest.raises(NotAllowed):
        services.update_address(locked, by=unlocked, version=1, confidential=False)


def test_unlocking_by_who_may_see_it_opens_it_to_the_rest(case, worker, unlocked):
    address = services.add_address(case, by=worker, **HOME, confidential=True)
    assert lines_of(case, unlocked) == []
    services.update_address(address, by=worker, version=1, confidential=False)
    assert lines_of(case, unlocked) == ["12 Marsh Lane"]


def test_a_partner_with_the_label_still_does_not_write(case):
    officer = partner(case, Role.POLICE_OFFICER, {Label.LOCATION})
    with pytest.raises(NotAllowed):
        services.add_address(case, by=officer, **HOME)
    with refused(officer, BY_A_POLICY):
        Address.objects.create(case=case, recorded_by=officer, **HOME)


def test_an_address_is_never_deleted_or_moved_to_a_file_out_of_reach(case, worker):
    address = AddressFactory(case=case)
    elsewhere = AddressFactory()
    with refused(worker, BY_A_PRIVILEGE):
        execute("DELETE FROM children_address WHERE id = %s", address.pk)
    with refused(worker, BY_A_POLICY):
        Address.objects.filter(pk=address.pk).update(case=elsewhere.case_id)
    assert lines_of(elsewhere.case, holding(elsewhere.case)) == ["12 Marsh Lane"]
