"""A passkey in place of a code, and what is refused."""

import html
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.second_factor.passkeys import NOT_MADE, NOT_TAKEN
from tests.accounts.conftest import PASSWORD
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_second_factor import set_up as set_up_app
from tests.database import rows
from tests.signed_in import sign_in

pytestmark = pytest.mark.django_db


def set_up(user) -> None:
    set_up_app(sign_in(Client(), user))


def options_on(page) -> dict:
    """What the page asks a key."""
    (found,) = re.findall(r'data-options="([^"]*)"', page.content.decode())
    return json.loads(html.unescape(found))


def adds(user, key: SoftKey, name: str = "Work laptop") -> Client:
    browser = sign_in(Client(), user, "mfa")
    options = options_on(browser.get(reverse("mfa_add_webauthn")))
    made = browser.post(reverse("mfa_add_webauthn"), {"name": name, "credential": key.makes(options)}, follow=True)
    assert "The passkey is added." in made.content.decode()
    return browser


def gives_password(user) -> tuple[Client, dict]:
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return browser, options_on(browser.get(reverse("mfa_authenticate")))


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def key():
    return SoftKey()


@pytest.fixture
def owner(worker, key):
    set_up(worker)
    adds(worker, key)
    return worker


def test_a_passkey_is_added_only_beside_an_app(worker):
    assert sign_in(Client(), worker).get(reverse("mfa_add_webauthn")).url == reverse("mfa_index")


def test_a_passkey_opens_what_a_code_opens(owner, key, settings):
    settings.SECOND_FACTOR = True
    browser, options = gives_password(owner)
    browser.post(reverse("mfa_authenticate"), {"credential": key.answers(options)})
    assert is_in(browser)
    assert browser.get("/search/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key, options: "",
        lambda key, options: "nonsense",
        lambda key, options: "[]",
        lambda key, options: '{"id": 1}',
        lambda key, options: SoftKey().answers(options),
        lambda key, options: SoftKey(credential=key.credential).answers(options),
        lambda key, options: key.answers({"publicKey": {"challenge": "AAAA"}}),
        lambda key, options: key.answers(options, kind="create"),
        lambda key, options: SoftKey(host="elsewhere", secret=key.secret, credential=key.credential).answers(options),
    ],
    ids=[
        "nothing",
        "no-json",
        "a-list",
        "no-answer",
        "another-key",
        "another-secret",
        "another-challenge",
        "made",
        "host",
    ],
)
def test_whatever_is_not_the_key_s_own_answer_to_this_very_question_is_refused_in_words(owner, key, wrong):
    browser, options = gives_password(owner)
    page = browser.post(reverse("mfa_authenticate"), {"credential": wrong(key, options)})
    assert page.status_code == 200
    assert NOT_TAKEN in page.content.decode()
    assert not is_in(browser)


def test_an_answer_is_good_once_and_for_the_browser_that_was_asked(owner, key):
    browser, options = gives_password(owner)
    answer = key.answers(options)
    thief, _ = gives_password(owner)
    thief.post(reverse("mfa_authenticate"), {"credential": answer})
    assert not is_in(thief)
    browser.post(reverse("mfa_authenticate"), {"credential": answer})
    assert is_in(browser)
    again, _ = gives_password(owner)
    again.post(reverse("mfa_authenticate"), {"credential": answer})
    assert not is_in(again)


def test_somebody_elses_passkey_is_no_second_factor_of_mine(owner, key, colleague):
    other = SoftKey()
    set_up(colleague)
    adds(colleague, other)
    browser, options = gives_password(owner)
    browser.post(reverse("mfa_authenticate"), {"credential": other.answers(options)})
    assert not is_in(browser)


def test_wrong_answers_without_end_have_to_wait_as_wrong_codes_do(owner, key):
    browser, options = gives_password(owner)
    for _ in range(6):
        browser.post(reverse("mfa_authenticate"), {"credential": SoftKey().answers(options)})
    options = options_on(browser.get(reverse("mfa_authenticate")))
    browser.post(reverse("mfa_authenticate"), {"credential": key.answers(options)})
    assert not is_in(browser)


def test_proving_again_takes_a_passkey_and_puts_back_what_was_typed(owner, key, settings):
    browser = sign_in(Client(), owner, "password")
    settings.STEP_UP_MINUTES = 0
    asked = browser.post(reverse("mfa_add_webauthn"), {"name": "Typed before"})
    assert asked.status_code == 401
    settings.STEP_UP_MINUTES = 5
    (stash,) = set(re.findall(r'name="stash" value="([^"]*)"', asked.content.decode()))
    wrong = browser.post(reverse("prove_it"), {"credential": "nonsense", "stash": stash})
    assert NOT_TAKEN in wrong.content.decode()
    assert stash in wrong.content.decode()
    options = options_on(wrong)
    done = browser.post(reverse("prove_it"), {"credential": key.answers(options), "stash": stash})
    assert "What you typed is still here" in done.content.decode()


@pytest.mark.parametrize(
    ("name", "credential", "sentence"),
    [
        ("", "made", "Enter a name for this passkey"),
        ("Laptop", "", NOT_MADE),
        ("Laptop", "nonsense", NOT_MADE),
        ("Laptop", "{}", NOT_MADE),
        ("Laptop", "answered", NOT_MADE),
    ],
)
def test_what_is_no_new_passkey_is_said_in_words(worker, key, name, credential, sentence):
    set_up(worker)
    browser = sign_in(Client(), worker, "mfa")
    options = options_on(browser.get(reverse("mfa_add_webauthn")))
    sent = {"made": key.makes(options), "answered": key.answers(options)}.get(credential, credential)
    page = browser.post(reverse("mfa_add_webauthn"), {"name": name, "credential": sent})
    assert page.status_code == 200
    assert sentence in html.unescape(page.content.decode())
    assert rows("SELECT count(*) FROM mfa_authenticator WHERE type = 'webauthn'") == [(0,)]


def test_a_passkey_is_removed_by_its_person_alone_and_opens_nothing_more(owner, key, colleague):
    ((pk,),) = rows("SELECT id FROM mfa_authenticator WHERE type = 'webauthn'")
    set_up(colleague)
    assert sign_in(Client(), colleague, "mfa").post(reverse("mfa_remove_webauthn", args=[pk])).status_code == 404
    browser = sign_in(Client(), owner, "mfa")
    assert "Work laptop" in browser.get(reverse("mfa_list_webauthn")).content.decode()
    browser.post(reverse("mfa_remove_webauthn", args=[pk]))
    assert rows("SELECT count(*) FROM mfa_authenticator WHERE type = 'webauthn'") == [(0,)]


def test_adding_and_removing_are_lines_of_the_ledger_and_ask_for_proof(owner, settings):
    ((pk,),) = rows("SELECT id FROM mfa_authenticator WHERE type = 'webauthn'")
    browser = sign_in(Client(), owner, "mfa")
    settings.STEP_UP_MINUTES = 0
    assert browser.post(reverse("mfa_remove_webauthn", args=[pk])).status_code == 401
    settings.STEP_UP_MINUTES = 5
    browser.post(reverse("mfa_remove_webauthn", args=[pk]))
    said = rows("SELECT detail FROM access_auditevent WHERE kind = 'staff' ORDER BY id", using="ledger")
    assert [line for (line,) in said][-2:] == ["Set up a second factor", "Took off a second factor"]
