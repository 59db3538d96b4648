"""Guessing passwords does not work, and keeps nobody out of their account for long."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import router
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import lockout
from accounts.middleware import ClientAddress
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.database import rows

pytestmark = pytest.mark.django_db

WAIT = "Too many attempts to sign in. Wait 5 minutes, then try again."
MINUTE = timedelta(minutes=1)


def is_locked(response) -> bool:
    return "Too many attempts to sign in" in response.content.decode()


def guess(sign_in, times, username="maryam.osei", **more):
    return [is_locked(sign_in(Client(), username, f"guess {number}", **more)) for number in range(times)]


def test_five_wrong_passwords_and_the_sixth_waits(worker, sign_in):
    assert guess(sign_in, 7) == [False] * 5 + [True] * 2


def test_the_right_password_waits_too_and_is_told_how_long(browser, worker, sign_in):
    guess(sign_in, 5)
    response = sign_in(browser)
    assert response.status_code == 200
    assert WAIT in response.content.decode()
    assert PASSWORD not in response.content.decode()


def test_a_name_nobody_has_is_counted_in_the_same_way(sign_in):
    assert guess(sign_in, 6, "nobody.here") == [False] * 5 + [True]


@pytest.mark.parametrize("typed", ["MARYAM.OSEI", " maryam.osei", "Maryam.Osei "])
def test_other_ways_to_write_a_name_are_the_same_name(worker, sign_in, typed):
    guess(sign_in, 5)
    assert is_locked(sign_in(Client(), typed))


@pytest.mark.parametrize("host", ["localhost:1", "localhost:65535", "127.0.0.1:80"])
def test_another_host_header_is_not_another_count(worker, sign_in, host):
    guess(sign_in, 5)
    assert is_locked(sign_in(Client(), HTTP_HOST=host))


def test_a_count_is_of_the_name_wherever_the_attempts_come_from(worker, sign_in):
    locked = [is_locked(sign_in(Client(), password="wrong", address=f"198.51.100.{number}")) for number in range(6)]
    assert locked == [False] * 5 + [True]


def test_another_person_is_not_kept_out(browser, worker, colleague, sign_in):
    guess(sign_in, 6)
    assert sign_in(browser, "daniel").status_code == 302


def test_the_wait_ends_and_is_never_longer_than_five_minutes(worker, sign_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        guess(sign_in, 5)
    with time_machine.travel(start + 2 * MINUTE, tick=False):
        assert "Wait 3 minutes" in sign_in(Client()).content.decode()
    with time_machine.travel(start + 4 * MINUTE + timedelta(seconds=5), tick=False):
        assert "Wait 1 minute," in sign_in(Client()).content.decode()
    with time_machine.travel(start + 5 * MINUTE + timedelta(seconds=1), tick=False):
        assert sign_in(Client()).status_code == 302


def test_attempts_while_waiting_do_not_make_the_wait_longer(worker, sign_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        guess(sign_in, 5)
    for seconds in range(10, 300, 30):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            assert is_locked(sign_in(Client()))
    with time_machine.travel(start + 5 * MINUTE + timedelta(seconds=1), tick=False):
        assert sign_in(Client()).status_code == 302


def test_one_address_cannot_try_name_after_name(worker, sign_in):
    locked = [is_locked(sign_in(Client(), f"name{number}", "wrong")) for number in range(22)]
    assert locked == [False] * 20 + [True] * 2
    assert not is_locked(sign_in(Client(), "name99", "wrong", address="198.51.100.7"))


def test_right_passwords_are_not_counted(worker, sign_in):
    """A whole office behind one address signs in at nine o'clock."""
    assert {sign_in(Client()).status_code for _ in range(30)} == {302}


def test_right_passwords_in_between_do_not_wipe_the_count(worker, colleague, sign_in):
    for number in range(5):
        sign_in(Client(), password=f"guess {number}")
        sign_in(Client(), "daniel")
    assert is_locked(sign_in(Client()))


def test_somebody_who_keeps_guessing_does_not_keep_the_person_out_of_a_browser_they_know(worker, sign_in):
    start = timezone.now()
    own = Client()
    with time_machine.travel(start, tick=False):
        assert sign_in(own).status_code == 302
        own.post(reverse("account_logout"))
    for minute in range(2, 19, 4):
        with time_machine.travel(start + minute * MINUTE, tick=False):
            guess(sign_in, 6)
            assert sign_in(own).status_code == 302, f"kept out after {minute} minutes"
            own.post(reverse("account_logout"))


def test_a_browser_somebody_knows_has_a_limit_of_its_own(worker, sign_in):
    own = Client()
    sign_in(own)
    own.post(reverse("account_logout"))
    assert [is_locked(sign_in(own, password="wrong")) for _ in range(6)] == [False] * 5 + [True]


def test_the_browser_of_one_person_is_not_known_to_another(worker, colleague, sign_in):
    own = Client()
    sign_in(own, "daniel")
    own.post(reverse("account_logout"))
    guess(sign_in, 5)
    assert is_locked(sign_in(own, "maryam.osei"))


@pytest.mark.parametrize("forged", ["1", "x", "MQ:1:x", ""])
def test_a_made_up_browser_cookie_is_a_stranger(worker, sign_in, forged):
    guess(sign_in, 5)
    liar = Client()
    liar.cookies["browser"] = forged
    assert is_locked(sign_in(liar))


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-Ip", "Forwarded"])
def test_a_header_of_the_client_is_not_an_address(sign_in, header):
    name = f"HTTP_{header.upper().replace('-', '_')}"
    locked = [is_locked(sign_in(Client(), f"name{n}", "wrong", **{name: f"198.51.100.{n}"})) for n in range(22)]
    assert locked[20:] == [True, True]


@pytest.mark.parametrize(
    ("proxies", "claimed", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (1, "", "127.0.0.1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_behind_proxies_only_what_they_wrote_is_believed(settings, proxies, claimed, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": claimed})
    ClientAddress(lambda request: None)(request)
    assert request.META["REMOTE_ADDR"] == address


def test_the_ledger_has_the_address_of_the_browser_behind_a_proxy(settings, worker, sign_in):
    settings.TRUSTED_PROXIES = 1
    sign_in(Client(), HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.9")
    assert rows("SELECT host(address) FROM access_auditevent WHERE kind = 'sign_in'") == [("198.51.100.9",)]


def test_attempts_that_wait_are_in_the_ledger_too(worker, sign_in):
    guess(sign_in, 7)
    assert rows("SELECT count(*) FROM access_auditevent WHERE kind = 'sign_in_failed'", using="ledger") == [(7,)]


def test_a_new_one_time_password_ends_the_wait(worker, sign_in):
    guess(sign_in, 5)
    lockout.forget("maryam.osei")
    assert sign_in(Client()).status_code == 302


def test_counts_are_written_outside_the_requests_transaction():
    counts = cache.cache_model_class
    assert (router.db_for_read(counts), router.db_for_write(counts)) == ("ledger", "ledger")
    assert router.db_for_write(User) == "default"


def test_the_runtime_role_may_use_the_table_of_counts():
    cache.set("key", [1.5], 60)
    assert cache.get("key") == [1.5]
    cache.delete("key")
    assert cache.get("key") is None
