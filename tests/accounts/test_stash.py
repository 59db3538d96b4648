"""A session that ends in mid-form: what was typed comes back to the person who typed it, and to nobody else."""

import html
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import signing
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.staff import services
from accounts import stash
from accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

START = timezone.now()
TYPED = {
    "once": "7d1c6a0e-0000-4000-8000-000000000001",
    "details": "She said “no” <b>twice</b> & left.\r\nZażółć 🙂",
    "labels": ["profile", "location"],
}
FORM = "/contacts/new/?team=3&x=%C3%A9"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def at(**later):
    return time_machine.travel(START + timedelta(**later), tick=False)


def hidden(response) -> list[tuple[str, str]]:
    found = [(html.unescape(name), html.unescape(value)) for name, value in HIDDEN.findall(response.content.decode())]
    return [(name, value) for name, value in found if name != "csrfmiddlewaretoken"]


def stash_of(response) -> str:
    return dict(hidden(response)).get("stash", "")


def action_of(response) -> str:
    """Where the form of the page goes."""
    main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return html.unescape(re.search(r'<form method="post"[^>]* action="([^"]*)"', main)[1])


@pytest.fixture
def interrupted(browser, worker, sign_in):
    """Somebody sends a form twenty minutes after they last did anything."""
    with at():
        sign_in(browser)
    with at(minutes=20):
        return browser.post(FORM, TYPED)


def test_the_answer_is_our_sign_in_page(interrupted):
    words = interrupted.content.decode()
    assert interrupted.status_code == 401
    assert "You were signed out to protect the child’s information" in words
    assert "what you typed will be put back" in words
    assert interrupted["Cache-Control"] == "no-store"
    assert "She said" not in words


def test_after_signing_in_one_button_sends_it_again(interrupted, browser, sign_in):
    with at(minutes=21):
        response = sign_in(browser, stash=stash_of(interrupted))
    assert response.status_code == 200
    assert action_of(response) == FORM
    # A browser sends line ends as it likes; all else is as it was typed.
    sent = [(name, value.replace("\r\n", "\n")) for name, value in hidden(response)]
    assert sent == [
        ("once", TYPED["once"]),
        ("details", TYPED["details"].replace("\r\n", "\n")),
        ("labels", "profile"),
        ("labels", "location"),
    ]
    assert "<b>twice</b>" not in response.content.decode()


def test_carrying_on_needs_and_has_a_fresh_token(worker):
    strict = Client(enforce_csrf_checks=True)

    def token_of(response):
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]

    before = token_of(strict.get(reverse("account_login")))
    refused = strict.post("/search/", {"details": "x"})
    assert refused.status_code == 403
    interrupted = strict.post("/search/", {"details": "x", "csrfmiddlewaretoken": before})
    typed = {"login": "maryam.osei", "password": "kettle-orchard-lantern", "stash": stash_of(interrupted)}
    carry_on = strict.post(
        reverse("account_login"), {**typed, "csrfmiddlewaretoken": token_of(interrupted)}
    )  # fmt: skip
    assert carry_on.status_code == 200
    sent = {**dict(hidden(carry_on)), "csrfmiddlewaretoken": token_of(carry_on)}
    assert strict.post(action_of(carry_on), sent).status_code == 405  # the page is reached; it takes no form


def test_a_form_without_its_token_is_told_plainly_what_to_do(worker):
    page = Client(enforce_csrf_checks=True).post("/search/", {"details": "x"}).content.decode()
    assert "back button" in page
    assert "Nothing" in page


def test_a_wrong_password_loses_nothing(interrupted, browser, sign_in):
    with at(minutes=21):
        wrong = sign_in(browser, password="wrong", stash=stash_of(interrupted))
        assert stash_of(wrong) == stash_of(interrupted)
        assert action_of(sign_in(browser, stash=stash_of(wrong))) == FORM


def test_somebody_else_does_not_get_it_and_is_told(interrupted, browser, colleague, sign_in):
    with at(minutes=21):
        response = sign_in(browser, "daniel", stash=stash_of(interrupted))
        assert response.url == "/"
        page = browser.get("/", follow=True).content.decode()
    assert "somebody else’s, so it was not put back" in page
    assert "She said" not in page


def test_it_comes_back_for_an_hour(interrupted, browser, sign_in):
    with at(minutes=82):
        assert sign_in(browser, stash=stash_of(interrupted)).url == "/"
        assert "could not be put back" in browser.get("/", follow=True).content.decode()


@pytest.mark.parametrize("sealed", ["x", "a:b:c", "e30:1:x" * 1000, "\x00"])
def test_what_was_not_sealed_by_us_is_not_sent(browser, worker, sign_in, sealed):
    assert sign_in(browser, stash=sealed).status_code in (200, 302)
    assert b"Carry on" not in browser.get("/", follow=True).content


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "\\\\evil.example"]
)
def test_it_goes_to_no_other_place(path):
    content = {"path": path, "typed": "a=b", "user": None}
    assert stash.unseal(signing.dumps(content, salt=stash.SALT, compress=True)) is None


def test_a_path_that_looks_like_another_host_stays_a_path(browser):
    page = browser.post("//evil.example/contacts/new/", {"a": "b"})
    kept = stash.unseal(stash_of(page))
    assert kept is None or not kept.path.startswith("//")


def test_a_sealed_thing_of_another_kind_is_not_taken():
    assert (
        stash.unseal(signing.dumps({"path": "/", "typed": "a=b", "user": None}, salt="another", compress=True)) is None
    )


def test_who_it_was_is_known_when_the_session_is_gone_altogether(browser, worker, sign_in):
    sign_in(browser)
    del browser.cookies["session"]
    kept = stash.unseal(stash_of(browser.post(FORM, TYPED)))
    assert kept.user_id == worker.pk


def test_who_it_was_is_known_when_a_role_was_changed(browser, worker, sign_in):
    sign_in(browser)
    admin = factories.person(Role.SYSTEM_ADMIN)
    services.end_membership(by=admin, membership=worker.memberships.get())
    del browser.cookies["browser"]
    kept = stash.unseal(stash_of(browser.post(FORM, TYPED)))
    assert kept.user_id == worker.pk


def test_without_any_session_it_is_kept_for_whoever_signs_in(browser, worker, sign_in):
    page = browser.post(FORM, TYPED)
    assert stash.unseal(stash_of(page)).user_id is None
    assert action_of(sign_in(browser, stash=stash_of(page))) == FORM


def test_a_one_time_password_comes_first_and_nothing_is_lost(browser, worker, sign_in):
    sign_in(browser)
    made = services.give_one_time_password(by=factories.person(Role.SYSTEM_ADMIN), person=worker)
    page = browser.post(FORM, TYPED)
    choose = sign_in(browser, password=made.shown_once, stash=stash_of(page))
    assert action_of(choose) == reverse("account_change_password")
    new = {"oldpassword": made.shown_once, "password1": "harvest-bicycle-moon", "password2": "harvest-bicycle-moon"}
    carry_on = browser.post(reverse("account_change_password"), {**new, "stash": stash_of(choose)})
    assert action_of(carry_on) == FORM


def test_passwords_are_never_kept(browser, worker, sign_in):
    sign_in(browser)
    del browser.cookies["session"]
    typed = {"oldpassword": "kettle-orchard-lantern", "password1": "a-new-one-entirely", "password2": "a-new-one"}
    page = browser.post(reverse("account_change_password"), typed)
    assert (page.status_code, stash_of(page)) == (401, "")
    assert "could not be kept" in page.content.decode()


def test_a_form_that_is_too_big_is_said_to_be_lost_not_silently_dropped(browser):
    import secrets

    page = browser.post(FORM, {"details": secrets.token_hex(480_000)})
    assert stash_of(page) == ""
    assert "could not be kept" in page.content.decode()


def test_an_ordinary_long_text_fits(browser, worker, sign_in):
    page = browser.post(FORM, {"details": "A long note about what happened. " * 20_000})
    assert len(stash_of(page)) < stash.LONGEST
    assert sign_in(browser, stash=stash_of(page)).status_code == 200


def test_files_are_not_kept(browser):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = browser.post(FORM, {"details": "x", "file": SimpleUploadedFile("a.txt", b"content")})
    assert dict(stash.unseal(stash_of(page)).typed.lists()) == {"details": ["x"]}


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_other_methods_go_to_sign_in_and_back(browser, method):
    response = getattr(browser, method)("/search/?q=a%20b")
    assert response.url == f"{reverse('account_login')}?{urlencode({'next': '/search/?q=a%20b'}, safe='/')}"


def test_the_query_of_what_was_typed_is_kept_in_order():
    typed = QueryDict("b=2&a=1&b=3&empty=")
    request = type("R", (), {"POST": typed, "COOKIES": {}, "get_full_path": lambda self: "/x/"})()
    assert stash.unseal(stash.seal(request)).typed == typed
