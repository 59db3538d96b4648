"""Single sign-on: who comes back from the council's directory is who connected that very identity, and nobody else."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.principal import acting_as
from accounts.roles import Role
from accounts.single_sign_on.adapter import SingleSignOnAdapter
from tests import factories
from tests.database import rows, seeding
from tests.signed_in import sign_in as signed_in

pytestmark = pytest.mark.django_db

ISSUER = "https://login.example.org/tenant/v2.0"
CLIENT = "cre-casework"
IDENTITY = "oidc-0123456789abcdef"


class Answer:
    def __init__(self, content: dict) -> None:
        self.content, self.status_code, self.headers = content, 200, {"content-type": "application/json"}

    def json(self) -> dict:
        return self.content

    def raise_for_status(self) -> None:
        pass


class Issuer:
    """A directory that answers as one does, at the other end of the library's own requests."""

    def __init__(self) -> None:
        self.subject, self.claims, self.asked = "subject-1", {}, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def get(self, url: str, **more):
        return Answer(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def request(self, method: str, url: str, **more):
        self.asked.append((method, url, more))
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300,
            "email": "maryam.osei@derby.example", "name": "Maryam Osei", **self.claims,
        }  # fmt: skip
        return Answer({"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(claims, "k" * 32)})

    post = request


@pytest.fixture
def issuer(settings, monkeypatch):
    settings.SINGLE_SIGN_ON, settings.SINGLE_SIGN_ON_ID = "Derby account", IDENTITY
    app = {
        "provider_id": IDENTITY, "name": "Derby account", "client_id": CLIENT, "secret": "s",
        "settings": {"server_url": ISSUER, "fetch_userinfo": False},
    }  # fmt: skip
    shipped = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": shipped | {"APPS": [app]}}
    directory = Issuer()
    monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", lambda self: directory)
    return directory


def leaves(browser: Client, name: str = "single_sign_on", **typed) -> dict[str, str]:
    """Presses the button, and says with what the browser was sent to the issuer."""
    response = browser.post(reverse(name), typed)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{ISSUER}/authorize?")
    return {key: values[0] for key, values in parse_qs(urlsplit(response["Location"]).query).items()}


def comes_back(browser: Client, state: str, **more):
    return browser.get(
        reverse("openid_connect_callback", args=[IDENTITY]), {"state": state, "code": "c"} | more, follow=True
    )


def connects(user) -> Client:
    browser = signed_in(Client(), user)
    comes_back(browser, leaves(browser, "connect_identity")["state"])
    return browser


def who(browser: Client) -> int | None:
    found = browser.session.get("_auth_user_id")
    return int(found) if found else None


def identities() -> list[tuple]:
    return rows("SELECT user_id, provider, uid FROM socialaccount_socialaccount ORDER BY id")


def test_without_an_issuer_there_is_no_button_and_no_page(browser, worker, settings):
    settings.SINGLE_SIGN_ON = ""
    assert "Sign in with Derby" not in browser.get(reverse("account_login")).content.decode()
    assert browser.post(reverse("single_sign_on")).status_code == 404
    assert browser.get(reverse("openid_connect_callback", args=[IDENTITY])).status_code == 404
    assert signed_in(Client(), worker).get(reverse("connect_identity")).status_code == 404


def test_who_connected_an_identity_signs_in_with_it(issuer, browser, worker):
    connects(worker)
    assert identities() == [(worker.pk, IDENTITY, "subject-1")]
    assert "Sign in with Derby account" in browser.get(reverse("account_login")).content.decode()
    sent = leaves(browser, next="/search/")
    assert (sent["client_id"], sent["code_challenge_method"], sent["scope"]) == (CLIENT, "S256", "openid")
    answer = comes_back(browser, sent["state"])
    assert who(browser) == worker.pk
    assert answer.redirect_chain[-1] == ("/search/", 302)
    lines = rows("SELECT kind, detail FROM access_auditevent WHERE kind = 'sign_in' AND principal_id = %s", worker.pk)
    assert ("sign_in", "By single sign-on") in lines


def test_an_identity_nobody_connected_opens_nothing_whatever_its_address(issuer, browser, worker):
    """The e-mail address is the worker's own: that connects nothing (SECURITY T17)."""
    with seeding():
        worker.email = "maryam.osei@derby.example"
        worker.save()
    answer = comes_back(browser, leaves(browser)["state"])
    assert answer.status_code == 403
    assert "No account here is connected with it." in answer.content.decode()
    assert who(browser) is None
    assert identities() == []
    assert rows("SELECT count(*) FROM accounts_user WHERE email = 'maryam.osei@derby.example'") == [(1,)]


def test_the_same_subject_of_another_issuer_is_another_identity(issuer, browser, worker, settings):
    connects(worker)
    with seeding(), connection.cursor() as cursor:
        cursor.execute("UPDATE socialaccount_socialaccount SET provider = 'oidc-ffffffffffffffff'")
    assert comes_back(browser, leaves(browser)["state"]).status_code == 403
    assert who(browser) is None


@pytest.mark.parametrize("claims", [{"iss": "https://elsewhere.example.org"}, {"aud": "another"}, {"exp": 1}])
def test_a_token_of_another_issuer_for_another_program_or_of_yesterday_is_refused(issuer, browser, worker, claims):
    connects(worker)
    issuer.claims = claims
    answer = comes_back(browser, leaves(browser)["state"])
    assert answer.status_code == 403
    assert "did not come to an end" in answer.content.decode()
    assert who(browser) is None


@pytest.mark.parametrize("wrong", [{"state": "made-up"}, {"error": "access_denied", "code": ""}])
def test_an_answer_that_was_not_asked_for_or_was_cancelled_opens_nothing(issuer, browser, worker, wrong):
    connects(worker)
    state = leaves(browser)["state"]
    answer = comes_back(browser, **({"state": state} | wrong))
    assert answer.status_code in (200, 403)
    assert who(browser) is None


def test_an_answer_is_good_once_and_in_the_browser_that_asked(issuer, browser, worker):
    connects(worker)
    state = leaves(browser)["state"]
    thief = Client()
    comes_back(thief, state)
    assert who(thief) is None
    comes_back(browser, state)
    assert who(browser) == worker.pk
    again = Client()
    comes_back(again, state)
    assert who(again) is None


def test_a_leaver_does_not_sign_in_by_it(issuer, browser, worker):
    connects(worker)
    with seeding():
        worker.is_active, worker.ended_at = False, timezone.now()
        worker.save()
    assert comes_back(browser, leaves(browser)["state"]).status_code == 403
    assert who(browser) is None


def test_no_other_address_is_gone_to_afterwards(issuer, browser, worker):
    connects(worker)
    answer = comes_back(browser, leaves(browser, next="https://elsewhere.example.org/")["state"])
    assert all(urlsplit(address).netloc in ("", "testserver") for address, _ in answer.redirect_chain)


def test_an_identity_is_connected_once(issuer, worker, colleague):
    connects(worker)
    browser = signed_in(Client(), colleague)
    answer = comes_back(browser, leaves(browser, "connect_identity")["state"])
    assert "It is connected with another account here." in answer.content.decode()
    assert identities() == [(worker.pk, IDENTITY, "subject-1")]
    assert who(browser) == colleague.pk


def test_connecting_and_disconnecting_ask_for_proof(issuer, worker, settings):
    browser = signed_in(Client(), worker)
    settings.STEP_UP_MINUTES = 0
    assert browser.post(reverse("connect_identity")).status_code == 401
    settings.STEP_UP_MINUTES = 5
    connects(worker)
    settings.STEP_UP_MINUTES = 0
    assert browser.post(reverse("disconnect_identity")).status_code == 401
    assert len(identities()) == 1


def test_what_was_disconnected_opens_nothing_and_both_are_lines_of_the_ledger(issuer, browser, worker):
    own = connects(worker)
    assert "Disconnect Derby account" in own.get(reverse("mfa_index")).content.decode()
    own.post(reverse("disconnect_identity"))
    assert identities() == []
    assert comes_back(browser, leaves(browser)["state"]).status_code == 403
    said = rows("SELECT detail FROM access_auditevent WHERE kind = 'staff' ORDER BY id", using="ledger")
    assert said[-2:] == [
        ("Connected an identity of single sign-on",),
        ("Disconnected an identity of single sign-on",),
    ]


def test_nothing_of_the_directory_is_kept_but_the_identity(issuer, worker):
    connects(worker)
    browser = Client()
    comes_back(browser, leaves(browser)["state"])
    assert who(browser) == worker.pk
    assert rows("SELECT extra_data::text FROM socialaccount_socialaccount") == [("{}",)]
    assert rows("SELECT count(*) FROM socialaccount_socialtoken", using="default") == [(0,)]


def test_the_second_factor_is_asked_for_all_the_same(issuer, browser, worker, settings):
    connects(worker)
    settings.SECOND_FACTOR = True
    answer = comes_back(browser, leaves(browser)["state"])
    assert answer.redirect_chain[-1][0] == reverse("mfa_activate_totp")
    assert browser.get("/children/").status_code == 302


def test_what_was_typed_before_is_put_back(issuer, browser, worker):
    connects(worker)
    browser = Client()
    again = browser.post("/contacts/new/", {"details": "Older friends, a car."})
    stash = again.content.decode().split('name="stash" value="')[1].split('"')[0]
    answer = comes_back(browser, leaves(browser, stash=stash)["state"])
    assert "What you typed is still here" in answer.content.decode()


# The database


def test_the_database_lets_nobody_connect_an_identity_for_somebody_else(worker, colleague):
    insert = (
        "INSERT INTO socialaccount_socialaccount (provider, uid, last_login, date_joined, extra_data, user_id) "
        "VALUES ('p', %s, now(), now(), '{}', %s)"
    )
    for asker in (colleague.pk, None):
        refused = pytest.raises(DatabaseError, match="connected by the person themselves")
        with acting_as(asker), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, ["u", worker.pk])
    with acting_as(worker.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, ["u", worker.pk])
    for statement, sentence in (
        ("UPDATE socialaccount_socialaccount SET user_id = %s", "is not changed"),
        ("DELETE FROM socialaccount_socialaccount WHERE user_id <> %s", "taken away by the person"),
    ):
        refused = pytest.raises(DatabaseError, match=sentence)
        with acting_as(colleague.pk), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [colleague.pk])
    admin = factories.person(Role.SYSTEM_ADMIN)
    with acting_as(admin.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM socialaccount_socialaccount")
