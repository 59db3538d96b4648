"""The oracle is whole, and what holds beside it: no leak when a wall is gone, hidden is absent, sign-in, lists.

Every address about a file is walked in `test_addresses_on_a_file`.
"""

import re
from collections.abc import Iterable
from contextlib import contextmanager
from functools import cache, partial
from itertools import product

import pytest
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from access import views
from access.parts import Label
from access.querysets import CaseQuerySet, CaseRecordQuerySet
from access.views import files_for
from accounts.roles import Role
from tests.matrix import world as worlds
from tests.matrix.oracle import ORACLE
from tests.matrix.vocabulary import HOLDS, AnyoneSignedIn, ForRole, OnFile, Public, Shape
from tests.signed_in import sign_in

pytestmark = pytest.mark.django_db

VALUE = re.compile(r"'[^']*'|\b\d+\b|\"s\d+_x\d+\"")  # one asked about, or the name of a savepoint


def addresses(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        elif isinstance(entry, URLPattern):
            yield entry


def names() -> set[str]:
    return {entry.name for entry in addresses()}


def test_every_address_has_a_row_and_every_row_an_address():
    assert names() - ORACLE.keys() == set(), "addresses without a row"
    assert ORACLE.keys() - names() == set(), "rows without an address"


def of_kind(*kinds) -> list[str]:
    return sorted(name for name, row in ORACLE.items() if isinstance(row, kinds))


@contextmanager
def undone():
    """Whatever a request changes is taken back, on both connections."""
    with transaction.atomic(), transaction.atomic(using="ledger"):
        yield
        for alias in ("default", "ledger"):
            connections[alias].needs_rollback = False
            transaction.set_rollback(True, using=alias)


@cache
def entry_of(name: str) -> URLPattern:
    (entry,) = [entry for entry in addresses() if entry.name == name]
    return entry


def address_of(name: str, ids: dict[str, object], case) -> str:
    entry = entry_of(name)
    values = {"case": case, **ids}
    return reverse(name, kwargs={key: values[key] for key in entry.pattern.converters})


def ids_for(name: str, world) -> dict[str, object]:
    return world.ids["holding" if isinstance(ORACLE[name], OnFile) else "staff"]


def check_words(body: str, role: Role, relation: str, status: int) -> None:
    shown = {
        (other, label) for other in worlds.RELATIONS[:-1] for label in Label if worlds.canary(other, label) in body
    }
    may_show = {("holding", label) for label in HOLDS[role]} if relation == "holding" and status == 200 else set()
    assert shown <= may_show


def signed_in(users) -> dict[Role, Client]:
    clients = {}
    for role, user in users.items():
        clients[role] = sign_in(Client(), user)
    return clients


@pytest.mark.parametrize(
    "role",
    [
        Role.SOCIAL_WORKER,
        pytest.param(Role.TEAM_MANAGER, marks=pytest.mark.prove),
        pytest.param(Role.POLICE_OFFICER, marks=pytest.mark.prove),
    ],
)
def test_no_row_leaks_when_every_queryset_returns_everything(role, monkeypatch):
    for queryset in (CaseQuerySet, CaseRecordQuerySet):
        monkeypatch.setattr(queryset, "allowing", lambda self, user, action: self.all())
    monkeypatch.setattr(CaseQuerySet, "allowing_own", lambda self, user, action: self.all())
    files_for.cache_clear()
    monkeypatch.setattr(views, "files_for", files_for.__wrapped__)  # none of these questions is kept for others
    world = worlds.build()
    (client,) = signed_in({role: world.users[role]}).values()
    client.raise_request_exception = False
    leaked = []
    for name in of_kind(OnFile):
        for relation in ("expired", "excluded", "unrelated", "known"):
            body = client.get(address_of(name, world.ids[relation], world.cases[relation])).content.decode()
            leaked += [f"{name} {relation} {one}" for one in seen_canaries(body)]
    for address in (
        "/children/",
        "/children/?tab=all",
        "/search/?q=Ada",
        "/search/?q=zqu",
        "/search/?q=zqe",
        "/contacts/",
    ):
        body = client.get(address).content.decode()
        leaked += [f"{address} {one}" for one in seen_canaries(body) if not one.startswith("zqholding")]
    assert leaked == []


def seen_canaries(body: str) -> list[str]:
    return [worlds.canary(other, label) for other in worlds.RELATIONS[:-1] for label in Label
            if worlds.canary(other, label) in body]  # fmt: skip


def every_ask(place: int) -> Iterable[tuple[str, str]]:
    return product(worlds.RELATIONS[1:], ("get", "post"))


def asks_in_turn(place: int) -> Iterable[tuple[str, str]]:
    """Of an address that is absent and of one that is hidden in one of the three ways, by one method, in turn."""
    asks = list(product(worlds.RELATIONS[1:-1], ("get", "post")))
    relation, method = asks[place % len(asks)]
    return [(relation, method), (worlds.RELATIONS[-1], method)]


@pytest.mark.parametrize("asks", [asks_in_turn, pytest.param(every_ask, marks=pytest.mark.prove)])
def test_hidden_is_the_same_as_absent_byte_for_byte(asks):
    """Status, body and headers: nothing tells a file that is hidden from one that never was."""
    world = worlds.build()
    (client,) = signed_in({Role.SOCIAL_WORKER: world.users[Role.SOCIAL_WORKER]}).values()
    answers: dict[tuple, str] = {}
    allows: dict[str, str] = {}
    for place, name in enumerate(of_kind(OnFile)):
        for relation, method in asks(place):
            response = getattr(client, method)(address_of(name, world.ids[relation], world.cases[relation]))
            # What an address of the API takes is said of every file alike: it is compared address by address.
            taken = response.headers.pop("Allow", "")
            assert allows.setdefault(name, taken) == taken, name
            answer = (response.status_code, response.content, tuple(sorted(response.headers.items())))
            answers[answer] = f"{name} {relation} {method}"
    assert len(answers) == 1 + any(is_api(name) for name in of_kind(OnFile)), list(answers.values())


def statements_of(ask) -> list[str]:
    """What one request asks of the database, without the values asked about."""
    with CaptureQueriesContext(connections["default"]) as asked, CaptureQueriesContext(connections["ledger"]) as noted:
        ask()
    return [VALUE.sub("?", query["sql"]) for query in (*asked.captured_queries, *noted.captured_queries)]


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.prove)])
def test_hidden_and_absent_are_asked_of_the_database_alike(every):
    """The same statements: no answer takes longer because a file is there. `make bench` measures the time itself."""
    world = worlds.build()
    (client,) = signed_in({Role.SOCIAL_WORKER: world.users[Role.SOCIAL_WORKER]}).values()
    told = []
    for place, name in enumerate(of_kind(OnFile)[::every]):
        hidden = ("expired", "excluded", "unrelated", "known")[place % 4]
        pages = [address_of(name, world.ids[relation], world.cases[relation]) for relation in (hidden, "absent")]
        client.get(pages[0])  # what is asked once in a while and then kept
        one, other = (statements_of(partial(client.get, page)) for page in pages)
        told += [f"{name} {hidden}"] if one != other else []
    assert told == []


def is_api(name: str) -> bool:
    return name.startswith("api_")


def test_addresses_for_a_role():
    world = worlds.build()
    wrong = []
    for role, client in signed_in(world.users).items():
        for name in of_kind(ForRole):
            row = ORACLE[name]
            with undone():
                status = client.get(address_of(name, ids_for(name, world), world.cases[row.relation])).status_code
            good = {405} if row.shape is Shape.ACT else {200}
            refused = {404} if row.hidden else {403}
            if status not in (good if role in row.allowed else refused):
                wrong.append(f"{name} {role}: {status}")
    assert wrong == []


def test_nobody_signed_out_gets_further_than_sign_in():
    world, wrong = worlds.build(), []
    for name in of_kind(OnFile, ForRole, AnyoneSignedIn):
        response = Client().get(address_of(name, ids_for(name, world), world.cases["holding"]))
        if is_api(name):
            wrong += [name] if response.status_code != 401 else []
        elif (response.status_code, response.headers.get("Location", "").split("?")[0]) != (
            302,
            reverse("account_login"),
        ):
            wrong.append(name)
    assert wrong == []


def test_public_addresses_show_no_child():
    world = worlds.build()
    for name in of_kind(Public):
        response = Client().get(address_of(name, ids_for(name, world), None))
        assert response.status_code in (200, 302, 404, 405, 503), name
        check_words(response.content.decode(), Role.SYSTEM_ADMIN, "unrelated", response.status_code)


def test_what_is_for_anyone_signed_in_shows_no_child():
    world = worlds.build()
    for role, client in signed_in(world.users).items():
        for name in of_kind(AnyoneSignedIn):
            response = client.get(address_of(name, ids_for(name, world), None))
            assert response.status_code in (200, 302, 405), (name, role)
            check_words(response.content.decode(), role, "unrelated", response.status_code)
