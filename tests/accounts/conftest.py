import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests import factories
from tests.database import seeding

PASSWORD = "kettle-orchard-lantern"


@pytest.fixture(autouse=True)
def _no_counts(db):
    """Counts of failed sign-ins begin afresh."""
    cache.clear()


@pytest.fixture(autouse=True)
def _long_principals(monkeypatch):
    """A test that stops the clock may run minutes after the moment it stops at; the database's clock goes on."""
    monkeypatch.setattr("access.principal.TOKEN_SECONDS", 86_400)


@pytest.fixture
def worker():
    person = factories.person(Role.SOCIAL_WORKER, username="maryam.osei", name="Maryam Osei")
    return with_password(person)


@pytest.fixture
def colleague():
    return with_password(factories.person(Role.SOCIAL_WORKER, username="daniel", name="Daniel Whitcombe"))


def with_password(person, password=PASSWORD):
    person.set_password(password)
    with seeding():
        person.save()
    return person


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def sign_in():
    def send(browser, username="maryam.osei", password=PASSWORD, *, address="127.0.0.1", **more):
        typed = {"login": username, "password": password, **{k: v for k, v in more.items() if not k.isupper()}}
        meta = {name: value for name, value in more.items() if name.isupper()}
        return browser.post(reverse("account_login"), typed, REMOTE_ADDR=address, **meta)

    return send
