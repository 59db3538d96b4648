"""A second factor: setting it up, signing in with it, doing without it nowhere, and proving again who one is."""

import html
import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.checks import run_checks
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.refusals import Refused
from access.staff import services
from accounts.roles import Role
from tests import factories
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_browsers import CHROMIUM, FIREFOX
from tests.cre_case.makers import led_child
from tests.database import rows
from tests.signed_in import sign_in as signed_in_with

pytestmark = pytest.mark.django_db
KEY = re.compile(r'<code class="app-key">([^<]+)</code>')


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = True
    settings.STEP_UP_MINUTES = 5


def code(secret: str, *, steps_on: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_on))


def set_up(browser) -> str:
    """Sets one up as somebody does; returns its secret."""
    secret = KEY.search(browser.get(reverse("mfa_activate_totp")).content.decode())[1]
    sent = browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert sent.url == reverse("mfa_view_recovery_codes"), sent.content.decode()
    return secret


def recovery_codes(browser) -> list[str]:
    return KEY.findall(browser.get(reverse("mfa_view_recovery_codes")).content.decode())


@pytest.fixture
def owner(required, worker, browser, sign_in):
    """Somebody who has set one up and signed out: their secret."""
    sign_in(browser)
    secret = set_up(browser)
    browser.post(reverse("account_logout"))
    return secret


def is_in(browser) -> bool:
    return browser.get(reverse("worklist")).status_code == 200


# Without one


def test_a_password_alone_opens_nothing_but_setting_one_up(required, worker, browser, sign_in):
    sign_in(browser)
    for name in ("worklist", "search", "start", "notices", "mfa_index", "roles"):
        assert browser.get(reverse(name)).url == reverse("mfa_activate_totp"), name
    answer = browser.get("/api/v1/children/")
    assert (answer.status_code, answer.json()) == (403, {"detail": "Sign in with your second factor first."})
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    assert browser.get(reverse("account_change_password")).status_code == 200
    assert browser.post(reverse("account_logout")).status_code == 302


def test_setting_it_up_opens_everything_and_shows_recovery_codes_once(required, worker, browser, sign_in):
    sign_in(browser)
    set_up(browser)
    assert len(recovery_codes(browser)) == 10
    assert recovery_codes(browser) == []
    assert is_in(browser)


def test_a_wrong_code_sets_nothing_up(required, worker, browser, sign_in):
    sign_in(browser)
    browser.get(reverse("mfa_activate_totp"))
    page = browser.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "Code is not right." in page
    assert not Authenticator.objects.exists()
    assert not is_in(browser)


def test_the_secret_is_not_readable_in_the_database(owner, worker):
    ((kept,),) = rows("SELECT data::text FROM mfa_authenticator WHERE type = 'totp' AND user_id = %s", worker.pk)
    assert owner not in kept


def test_the_picture_to_scan_is_in_the_page_itself(required, worker, browser, sign_in):
    """A strict policy refuses pictures from anywhere else, `data:` too."""
    sign_in(browser)
    page = browser.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:" not in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]


# Signing in with it


def test_the_password_leads_to_the_code_and_the_code_in(owner, browser, sign_in):
    assert sign_in(browser).url == reverse("mfa_authenticate")
    assert not is_in(browser)
    assert browser.get(reverse("mfa_authenticate")).status_code == 200
    browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)})
    assert is_in(browser)


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "' OR 1=1", "12345678901234567890123"])
def test_a_wrong_code_does_not_sign_in_and_is_in_the_ledger(owner, browser, sign_in, wrong):
    sign_in(browser)
    page = browser.post(reverse("mfa_authenticate"), {"code": wrong})
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not is_in(browser)


def test_a_wrong_code_after_a_right_password_says_so_in_the_ledger(owner, browser, sign_in):
    sign_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    said = rows("SELECT claimed_user, detail FROM access_auditevent WHERE kind = 'sign_in_failed'", using="ledger")
    assert said == [("maryam.osei", "The password was right, the code was not")]


def test_a_code_works_once(owner, browser, sign_in):
    now = code(owner, steps_on=1)
    sign_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": now})
    other = Client()
    sign_in(other)
    assert "Code is not right." in other.post(reverse("mfa_authenticate"), {"code": now}).content.decode()
    assert not is_in(other)


def test_a_recovery_code_works_instead_and_once(required, worker, browser, sign_in):
    sign_in(browser)
    set_up(browser)
    one = recovery_codes(browser)[0]
    for works in (True, False):
        other = Client()
        sign_in(other)
        other.post(reverse("mfa_authenticate"), {"code": one})
        assert is_in(other) is works


def test_codes_cannot_be_guessed_without_end(owner, browser, sign_in):
    sign_in(browser)
    for _ in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)}).content.decode()
    assert "error-summary" in page
    assert not is_in(browser)


def test_the_page_for_the_code_is_nobodys_without_a_password(owner, browser):
    assert browser.get(reverse("mfa_authenticate")).url == reverse("account_login")
    sent = browser.post(reverse("mfa_authenticate"), {"code": code(owner)})
    assert sent.url == reverse("account_login")
    assert not is_in(browser)


def test_a_session_that_came_past_the_code_ends(owner, worker):
    browser = signed_in_with(Client(), worker, "password")
    assert browser.get(reverse("worklist")).url == reverse("account_login")
    assert browser.get(reverse("mfa_index")).status_code == 302


def test_what_was_typed_before_the_session_ended_comes_back_after_the_code(owner, worker, browser, sign_in):
    sealed = Client().post("/contacts/new/", {"details": "She said no"}).content.decode()
    stash = html.unescape(re.search(r'name="stash" value="([^"]+)"', sealed)[1])
    assert sign_in(browser, stash=stash).url == reverse("mfa_authenticate")
    page = browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)}).content.decode()
    assert "She said no" in page


# Losing it


def test_an_administrator_takes_a_lost_one_off_and_every_session_ends(owner, worker, browser, sign_in):
    admin = factories.person(Role.SYSTEM_ADMIN)
    sign_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)})
    assert is_in(browser)
    office = signed_in_with(Client(), admin, "password", "mfa")
    assert "Take the second factor off" in office.get(reverse("staff_person", args=[worker.pk])).content.decode()
    office.post(reverse("staff_take_off_second_factor", args=[worker.pk]), follow=True)
    assert not is_in(browser)
    sign_in(browser)
    assert browser.get("/children/").url == reverse("mfa_activate_totp")


def test_nobody_takes_off_their_own_that_way(required):
    admin = factories.person(Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match="Use another telephone"):
        services.take_off_second_factor(by=admin, person=admin)


def test_another_telephone_takes_the_place_of_the_old_one(owner, browser, sign_in):
    sign_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)})
    assert browser.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_activate_totp")
    assert set_up(browser) != owner


# Proving it again


def later(**by):
    return time_machine.travel(timezone.now() + timedelta(**by), tick=True)


@pytest.fixture
def child(worker):
    return led_child(worker)


def test_sharing_asks_again_after_some_minutes_and_puts_back_what_was_typed(required, settings, worker, child):
    settings.SECOND_FACTOR = False
    browser, share = signed_in_with(Client(), worker), reverse("share", args=[child.case_id])
    assert browser.get(share).status_code == 200
    with later(minutes=6):
        asked = browser.get(share)
        assert asked.url == f"{reverse('prove_it')}?next={share.replace('/', '%2F')}"
        sent = browser.post(share, {"reason": "They look for her tonight"})
        assert sent.status_code == 401
        stash = html.unescape(re.search(r'name="stash" value="([^"]+)"', sent.content.decode())[1])
        wrong = browser.post(reverse("prove_it"), {"password": "wrong", "stash": stash}).content.decode()
        assert "Password is not right." in wrong
        assert html.escape(stash) in wrong
        page = browser.post(reverse("prove_it"), {"password": PASSWORD, "stash": stash}).content.decode()
        assert "They look for her tonight" in page
        assert browser.get(share).status_code == 200


def test_who_has_a_second_factor_proves_it_by_a_code_not_by_the_password(owner, worker, browser, sign_in):
    sign_in(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code(owner, steps_on=1)})
    with later(minutes=6):
        where = f"{reverse('prove_it')}?next=/children/"
        assert "Code" in browser.get(where).content.decode()
        assert browser.post(where, {"password": PASSWORD}).status_code == 200
        assert browser.post(where, {"code": code(owner)}).url == "/children/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_proving_leads_nowhere_else(required, settings, worker, browser, sign_in, elsewhere):
    settings.SECOND_FACTOR = False
    sign_in(browser)
    sent = browser.post(f"{reverse('prove_it')}?next={elsewhere}", {"password": PASSWORD})
    assert sent.url == "/"


# The rest


def test_no_template_of_a_library_is_ever_used(required, worker, browser, sign_in, monkeypatch):
    asked = []
    monkeypatch.setattr(engines["django"], "get_template", lambda name: asked.append(name) or 1 / 0)
    sign_in(browser)
    secret = set_up(browser)
    names = ("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
             "mfa_generate_recovery_codes", "usersessions_list", "prove_it")  # fmt: skip
    for name in names:
        browser.get(reverse(name))
        browser.post(reverse(name), {"code": "000000"} if name == "prove_it" else {})
    other = Client()
    sign_in(other)
    for data in ({}, {"code": "1"}, {"credential": "{}"}, *[{"code": "000000"}] * 6, {"code": code(secret)}):
        other.post(reverse("mfa_authenticate"), data)
    assert asked == []


def test_sessions_elsewhere_are_listed_and_ended(worker, browser, sign_in):
    other = Client()
    sign_in(other, HTTP_USER_AGENT=FIREFOX)
    sign_in(browser, HTTP_USER_AGENT=CHROMIUM)
    page = browser.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Windows" in page
    assert "Chrome on Windows" in page
    browser.post(reverse("usersessions_list"))
    assert is_in(browser)
    assert not is_in(other)


def test_a_deployment_without_it_is_warned_of(settings):
    settings.SECOND_FACTOR = False
    assert "accounts.W001" in [one.id for one in run_checks(include_deployment_checks=True)]
    settings.SECOND_FACTOR = True
    assert "accounts.W001" not in [one.id for one in run_checks(include_deployment_checks=True)]
