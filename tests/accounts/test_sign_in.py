"""Signing in, out, and being refused."""

import re
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.adapter import WRONG
from accounts.checks import breached_passwords
from accounts.models import User
from accounts.passwords import KnownFromBreaches
from tests import factories
from tests.database import rows, seeding

pytestmark = pytest.mark.django_db


def is_signed_in(browser) -> bool:
    return browser.get(reverse("account_change_password")).status_code == 200


def ledger_kinds():
    return [row[0] for row in rows("SELECT kind FROM access_auditevent ORDER BY at")]


def test_a_right_password_signs_in_and_is_in_the_ledger(browser, worker, sign_in):
    response = sign_in(browser)
    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(browser)
    assert rows("SELECT principal_id, claimed_user FROM access_auditevent WHERE kind = 'sign_in'") == [
        (worker.pk, "maryam.osei")
    ]


@pytest.mark.parametrize("typed", ["Maryam.Osei", " maryam.osei "])
def test_a_user_name_is_taken_as_telephones_type_it(browser, worker, sign_in, typed):
    assert sign_in(browser, typed).status_code == 302


def test_unknown_and_wrong_say_the_same(worker, sign_in):
    pages = []
    for username in ("maryam.osei", "nobody.here"):
        page = sign_in(Client(), username, "wrong").content.decode()
        page = page.replace(username, "NAME")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert WRONG in pages[0]


@pytest.mark.parametrize("username", ["maryam.osei", "nobody.here", "has.left"])
def test_unknown_and_wrong_take_the_same_work(browser, worker, sign_in, username):
    """One hash each, whoever is asked for."""
    with seeding():
        factories.UserFactory(username="has.left", is_active=False, ended_at=timezone.now())
    hasher = type(get_hasher())
    with patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
        sign_in(browser, username, "wrong")
    assert encode.call_count == 1


def test_passwords_are_kept_as_argon2():
    from cre_case import settings as real

    assert real.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert Argon2PasswordHasher().encode("x", "saltsaltsalt").startswith("argon2$argon2id$")


def test_a_wrong_password_is_in_the_ledger_and_the_password_is_not(browser, worker, sign_in):
    sign_in(browser, password="nearly-the-right-one")
    assert rows("SELECT claimed_user FROM access_auditevent WHERE kind = 'sign_in_failed'", using="ledger") == [
        ("maryam.osei",)
    ]
    text = str(rows("SELECT * FROM access_auditevent", using="ledger"))
    assert "nearly" not in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"login": "", "password": ""}, "Enter your user name"),
        ({"login": "x", "password": ""}, "Enter your password"),
        ({"login": "x" * 5000, "password": "y"}, "must be 60 characters or fewer"),
        ({"login": "a\x00b", "password": "y"}, "problem"),
        ({"login": "x", "password": "y" * 5000}, "must be 255 characters or fewer"),
        ({}, "Enter your user name"),
    ],
)
def test_impossible_input_is_a_sentence(browser, typed, sentence):
    response = browser.post(reverse("account_login"), typed)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_a_leaver_is_told_no_more_than_a_stranger(browser, worker, sign_in):
    with seeding():
        User.objects.filter(pk=worker.pk).update(is_active=False, ended_at=timezone.now())
    assert WRONG in sign_in(browser).content.decode()
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/search/?q=a", "/search/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_goes_to_a_page_of_ours_only(browser, worker, sign_in, wanted, reached):
    assert sign_in(browser, next=wanted).url == reached


def test_the_page_that_was_wanted_comes_after_signing_in(browser, worker, sign_in):
    to_sign_in = browser.get("/search/?q=osei")
    page = browser.get(to_sign_in.url).content.decode()
    (wanted,) = set(re.findall(r'name="next" value="([^"]*)"', page))
    assert sign_in(browser, next=wanted).url == "/search/?q=osei"


def test_the_session_id_is_another_after_signing_in(browser, worker, sign_in):
    session = browser.session
    session["planted"] = True
    session.save()
    planted = browser.cookies[settings.SESSION_COOKIE_NAME].value
    sign_in(browser)
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_cookies_cannot_be_read_by_scripts(browser, worker, sign_in):
    sign_in(browser)
    for cookie in browser.cookies.values():
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


def test_signing_out_clears_and_the_cookie_is_worth_nothing(browser, worker, sign_in):
    sign_in(browser)
    stolen = browser.cookies[settings.SESSION_COOKIE_NAME].value
    response = browser.post(reverse("account_logout"))
    assert response.url == reverse("account_login")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "You are signed out" in browser.get(response.url).content.decode()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert not is_signed_in(thief)
    assert ledger_kinds() == ["sign_in", "sign_out"]


def test_a_link_signs_nobody_out(browser, worker, sign_in):
    sign_in(browser)
    assert browser.get(reverse("account_logout")).status_code == 405
    assert is_signed_in(browser)


def test_signing_out_twice_does_no_harm(browser):
    assert browser.post(reverse("account_logout")).url == reverse("account_login")


def test_signing_in_and_out_need_their_forms_token(worker, sign_in):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert strict.post(reverse("account_logout")).status_code == 403


def test_pages_of_somebody_signed_in_are_not_kept_by_browsers(browser, worker, sign_in):
    assert sign_in(browser)["Cache-Control"] == "no-store"
    assert browser.get(reverse("account_change_password"))["Cache-Control"] == "no-store"


def all_names(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from all_names(entry)
        elif isinstance(entry, URLPattern):
            yield entry


def test_only_our_own_addresses_stand_under_accounts():
    under = {entry.name for entry in all_names() if reverse_or_none(entry).startswith("/accounts/")}
    assert under == {
        "account_login", "account_logout", "account_change_password", "keep_alive", "prove_it", "usersessions_list",
        "mfa_authenticate", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "single_sign_on",
        "connect_identity", "disconnect_identity",
    }  # fmt: skip


def reverse_or_none(entry) -> str:
    return "" if entry.pattern.converters else reverse(entry.name)


def test_no_template_of_a_library_is_ever_used(worker, sign_in, monkeypatch):
    """Every page that allauth's views can answer with is ours: its engine is asked for nothing."""
    asked = []
    monkeypatch.setattr(engines["django"], "get_template", lambda name: asked.append(name) or 1 / 0)
    for data in ({}, {"login": "x", "password": "y"}):
        Client().post(reverse("account_login"), data)
    browser = Client()
    browser.get(reverse("account_login"))
    sign_in(browser)
    browser.get(reverse("account_login"))
    for data in ({}, {"oldpassword": "a", "password1": "b", "password2": "c"}, {"oldpassword": "a"}) * 3:
        browser.post(reverse("account_change_password"), data)
    browser.get(reverse("account_change_password"), headers={"X-Requested-With": "XMLHttpRequest"})
    browser.post(reverse("account_logout"))
    for _ in range(25):
        sign_in(Client(), "somebody", "wrong")
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["signup", "email", "confirm-email", "password/reset", "password/set", "reauthenticate", "inactive", "login/code",
     "3rdparty", "password/change", "social/signup", "2fa", "webauthn"],
)  # fmt: skip
def test_other_pages_of_allauth_are_not_there(browser, address):
    assert browser.get(f"/accounts/{address}/").status_code == 404


def test_what_the_settings_say_of_a_deployment():
    import importlib
    import os

    from cre_case import settings as real

    with patch.dict(os.environ, {"SECURE": "1", "TRUSTED_PROXIES": "1"}):
        secure = importlib.reload(real)
        values = {name: getattr(secure, name) for name in dir(secure) if name.isupper()}
    importlib.reload(real)
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "KNOWN_BROWSER_COOKIE"):
        assert values[name].startswith("__Host-")
    assert values["SESSION_COOKIE_SECURE"] is values["CSRF_COOKIE_SECURE"] is values["SECURE_SSL_REDIRECT"] is True
    assert values["TRUSTED_PROXIES"] == 1


@pytest.fixture
def list_of_breaches(tmp_path):
    path = tmp_path / "known.txt"
    path.write_text("123456\nCorrect Horse Battery\n\n")
    return str(path)


@pytest.mark.parametrize("typed", ["Correct Horse Battery", "correct horse BATTERY", " correct horse battery "])
def test_a_password_known_from_a_breach_is_not_taken(list_of_breaches, typed):
    known = KnownFromBreaches(list_of_breaches)
    with pytest.raises(ValidationError, match="known from a breach somewhere else"):
        known.validate(typed)
    known.validate("correct horse battery staple")
    known.validate("")


def test_a_list_of_breaches_that_cannot_be_read_is_said_before_real_records_are_kept(settings, list_of_breaches):
    for path, said in (("", ["accounts.I001"]), (list_of_breaches, []), ("nowhere.txt", ["accounts.E001"])):
        settings.BREACHED_PASSWORDS = path
        assert [one.id for one in breached_passwords()] == said
    with pytest.raises(OSError, match=r"nowhere\.txt"):
        KnownFromBreaches("nowhere.txt")
