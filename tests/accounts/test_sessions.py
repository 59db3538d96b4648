"""How long a session lasts, and what ends it at once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.staff import services
from accounts.models import User
from accounts.roles import Role
from accounts.tasks import clear_sessions
from tests import factories
from tests.accounts.conftest import PASSWORD, with_password
from tests.database import rows

pytestmark = pytest.mark.django_db

START = timezone.now()
NEW = "lantern-bicycle-harvest"


def at(**later):
    return time_machine.travel(START + timedelta(**later), tick=False)


def is_signed_in(browser) -> bool:
    return browser.get(reverse("account_change_password")).status_code == 200


@pytest.fixture
def signed_in(browser, worker, sign_in):
    with at():
        sign_in(browser)
    return browser


@pytest.fixture
def admin():
    return factories.person(Role.SYSTEM_ADMIN)


@pytest.mark.parametrize(("minutes", "still"), [(14, True), (15, True), (15.1, False), (60, False)])
def test_a_session_ends_after_fifteen_minutes_without_activity(signed_in, minutes, still):
    with at(minutes=minutes):
        assert is_signed_in(signed_in) is still


def test_the_cookie_of_an_ended_session_is_worth_nothing(signed_in):
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    with at(minutes=20):
        assert not is_signed_in(signed_in)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    with at(minutes=1):
        assert not is_signed_in(thief)
    assert not Session.objects.filter(session_key=cookie).exists()


def test_clicking_keeps_a_session(signed_in):
    for minutes in range(10, 60, 10):
        with at(minutes=minutes):
            assert is_signed_in(signed_in)


def test_typing_keeps_a_session(signed_in):
    for minutes in range(1, 41):
        with at(minutes=minutes):
            assert signed_in.post(reverse("keep_alive")).status_code == 204
    with at(minutes=54):
        assert is_signed_in(signed_in)


def test_a_session_ends_after_ten_hours_whatever_happens(signed_in):
    for minutes in range(10, 600, 10):
        with at(minutes=minutes):
            signed_in.post(reverse("keep_alive"))
    with at(hours=9, minutes=59):
        assert is_signed_in(signed_in)
    with at(hours=10, seconds=2):
        assert not is_signed_in(signed_in)


def test_somebody_who_signs_in_once_more_is_signed_out_where_they_signed_in_first(worker, sign_in, settings):
    browsers = [Client() for _ in range(settings.MOST_SESSIONS + 1)]
    for minutes, browser in enumerate(browsers):
        with at(minutes=minutes):
            sign_in(browser)
    with at(minutes=len(browsers)):
        assert [is_signed_in(browser) for browser in browsers] == [False, True, True, True]
        sign_in(browsers[0])
        assert [is_signed_in(browser) for browser in browsers] == [True, False, True, True]


def test_signing_in_ends_nobody_elses_session(signed_in, colleague, settings, sign_in):
    with at(minutes=1):
        for browser in [Client() for _ in range(settings.MOST_SESSIONS + 1)]:
            sign_in(browser, colleague.username)
        assert is_signed_in(browser)
        assert is_signed_in(signed_in)


def test_what_an_ended_session_held_is_deleted_and_who_is_signed_in_stays(signed_in, colleague, sign_in):
    other = Client()
    with at(hours=9):
        sign_in(other, colleague.username)
    with at(hours=10, minutes=1):
        clear_sessions()
        assert rows("SELECT count(*) FROM django_session") == [(1,)]
        assert rows("SELECT user_id FROM usersessions_usersession") == [(colleague.pk,)]
        other.post(reverse("account_logout"))
        clear_sessions()
        assert rows("SELECT count(*) FROM usersessions_usersession") == [(0,)]


def test_keeping_alive_is_a_post_of_somebody_signed_in(signed_in):
    with at():
        assert signed_in.get(reverse("keep_alive")).status_code == 405
        response = Client().post(reverse("keep_alive"), {"text": "anything"})
    assert (response.status_code, response.content) == (401, b"")


def test_an_ended_session_is_a_line_of_the_ledger(signed_in):
    with at(minutes=20):
        is_signed_in(signed_in)
    assert rows("SELECT claimed_user FROM access_auditevent WHERE kind = 'sign_out'") == [("maryam.osei",)]


def test_a_leavers_next_click_is_sign_in(signed_in, worker, admin):
    with at(minutes=1):
        services.end_person(by=admin, person=worker)
        response = signed_in.get("/")
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("change", ["join", "leave", "password"])
def test_a_change_of_what_somebody_may_do_ends_every_session(worker, sign_in, admin, change):
    browsers = [Client(), Client()]
    with at():
        for browser in browsers:
            sign_in(browser)
        if change == "join":
            team = factories.TeamFactory(agency=factories.agency())
            services.join_team(by=admin, person=worker, team=team, role=Role.TEAM_MANAGER)
        elif change == "leave":
            services.end_membership(by=admin, membership=worker.memberships.get())
        else:
            services.give_one_time_password(by=admin, person=worker)
        assert [is_signed_in(browser) for browser in browsers] == [False, False]


def change_password(browser, old=PASSWORD, new=NEW, again=None, **more):
    typed = {"oldpassword": old, "password1": new, "password2": new if again is None else again, **more}
    return browser.post(reverse("account_change_password"), typed)


def test_changing_ones_password_signs_out_everywhere_else(signed_in, worker, sign_in):
    elsewhere = Client()
    with at(seconds=5):
        sign_in(elsewhere)
        assert change_password(signed_in).url == "/"
        assert "Your password has been changed" in signed_in.get(reverse("account_change_password")).content.decode()
        assert (is_signed_in(signed_in), is_signed_in(elsewhere)) == (True, False)
        assert User.objects.get(pk=worker.pk).check_password(NEW)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "not it"}, "Current password is not right"),
        ({"new": "sh0rt"}, "at least 12 characters"),
        ({"new": "maryam.osei.2026"}, "too similar to the username"),
        ({"new": "1q2w3e4r5t6y"}, "too common"),
        ({"again": "something-else-typed"}, "must be the same as the new password"),
        ({"new": PASSWORD}, "must be different from the one you have now"),
        ({"new": ""}, "Enter new password"),
    ],
)
def test_a_password_that_will_not_do(signed_in, worker, typed, sentence):
    with at(seconds=5):
        response = change_password(signed_in, **typed)
    page = response.content.decode()
    assert (response.status_code, sentence in page) == (200, True)
    assert User.objects.get(pk=worker.pk).check_password(PASSWORD)
    assert not any(password and password in page for password in typed.values())


def test_a_password_is_not_made_of_ones_name(client_for):
    somebody = with_password(factories.person(Role.SOCIAL_WORKER, username="fo", name="Folasade Adeyemi-Hart"))
    page = change_password(client_for(somebody), new="FolasadeAdeyemi1").content.decode()
    assert "too similar to the name" in page


def test_trying_passwords_on_somebodys_open_screen_is_slowed_down(signed_in):
    with at(seconds=5):
        answers = [change_password(signed_in, old=f"guess {number}").status_code for number in range(7)]
        page = change_password(signed_in, old="guess").content.decode()
    assert answers == [200] * 5 + [429] * 2
    assert "Wait one minute" in page


@pytest.fixture
def one_time(worker, admin):
    with at():
        return services.give_one_time_password(by=admin, person=worker).shown_once


def test_a_one_time_password_leads_to_choosing_ones_own_and_nowhere_else(browser, worker, sign_in, one_time):
    with at(minutes=1):
        sign_in(browser, password=one_time)
        for address in ("/", "/search/", reverse("health"), reverse("staff")):
            assert browser.get(address).url == reverse("account_change_password")
        assert browser.post("/contacts/new/", {"x": "y"}).url == reverse("account_change_password")
        page = browser.get(reverse("account_change_password")).content.decode()
        assert "One-time password" in page
        assert change_password(browser, old=one_time).url == "/"
        assert browser.get("/", follow=True).status_code == 200
    changed = User.objects.get(pk=worker.pk)
    assert (changed.must_change_password, changed.one_time_password_until) == (False, None)


def test_a_one_time_password_is_not_kept_as_ones_own(browser, worker, sign_in, one_time):
    with at(minutes=1):
        sign_in(browser, password=one_time)
        response = change_password(browser, old=one_time, new=one_time)
    assert "must be different" in response.content.decode()
    assert User.objects.get(pk=worker.pk).must_change_password


@pytest.mark.parametrize(("days", "works"), [(2.9, True), (3.1, False)])
def test_a_one_time_password_runs_out(browser, worker, sign_in, one_time, days, works):
    with at(days=days):
        response = sign_in(browser, password=one_time)
    assert (response.status_code == 302) is works
    if not works:
        assert "one-time password has run out" in response.content.decode()


def test_the_old_password_does_not_work_beside_a_one_time_one(browser, worker, sign_in, one_time):
    with at(minutes=1):
        assert sign_in(browser).status_code == 200


def test_an_account_without_a_password_is_told_so(client_for):
    somebody = factories.person(Role.SOCIAL_WORKER)
    assert "no password of its own" in client_for(somebody).get(reverse("account_change_password")).content.decode()


def test_pages_have_what_the_warning_needs(client_for):
    page = client_for(factories.person(Role.SOCIAL_WORKER)).get(reverse("worklist")).content.decode()
    assert re.search(r'data-idle-seconds="900"', page)
    assert f'data-keep-alive-url="{reverse("keep_alive")}"' in page
