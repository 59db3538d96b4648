"""Every address x every role x every relation to the file x every method, against the hand-written oracle.

For each cell: the exact status; no word of a part the person does not hold, nor of another file; and the
right line in the ledger (exactly one read for a page shown, one denial for one refused).
"""

from collections import Counter
from contextlib import contextmanager
from functools import cache

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from access.parts import Label
from access.querysets import CaseQuerySet, CaseRecordQuerySet
from accounts.roles import Role
from tests import database
from tests.database import rows
from tests.matrix import world as worlds
from tests.matrix.oracle import ORACLE
from tests.matrix.vocabulary import HOLDS, SEES_FILES, STANDING, AnyoneSignedIn, ForRole, OnFile, Public, Shape

pytestmark = pytest.mark.django_db

OTHER_METHODS = ("put", "patch", "delete")


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


def expected(row: OnFile, role: Role, relation: str, method: str) -> set[int]:
    """The statuses a cell may have: the oracle in one function."""
    allowed, sees = role in row.allowed, role in SEES_FILES
    standing = role in STANDING and relation in ("expired", "unrelated")
    if not standing and (relation != "holding" or not sees):
        return {404}
    if role in row.not_theirs:
        reads = (method == "get" and row.shape is not Shape.SEND) or (method == "post" and row.shape is not Shape.PAGE)
        return {404} if reads else {404, 405}
    if not allowed:
        return {403}
    if standing:
        return {302, 403}  # to say why they open this file: a page leads there, the API says so
    if method in OTHER_METHODS:
        return {405}
    if method == "get":
        return {405} if row.shape in (Shape.ACT, Shape.SEND) else {200}
    if row.shape is Shape.SEND:
        return {400, 415}
    return {405} if row.shape is Shape.PAGE else {200, 302}


def check_words(body: str, role: Role, relation: str, status: int) -> None:
    shown = {
        (other, label) for other in worlds.RELATIONS[:-1] for label in Label if worlds.canary(other, label) in body
    }
    may_show = {("holding", label) for label in HOLDS[role]} if relation == "holding" and status == 200 else set()
    assert shown <= may_show


def lines_of(case) -> Counter:
    """How many lines of the ledger speak of a read, and of a denial, of this file."""
    count = "SELECT kind, count(*) FROM access_auditevent WHERE case_id = %s GROUP BY kind"
    return Counter(dict(rows(count, case))) + Counter(dict(rows(count, case, using="ledger")))


def check_ledger(statuses: list[int], case) -> None:
    """Each page shown is exactly one read, each refusal exactly one denial."""
    lines = lines_of(case)
    denials = lines["denied"] + lines["not_found"]
    shown, refused = statuses.count(200), statuses.count(403) + statuses.count(404)
    assert (lines["read"], denials) == (shown, refused), "lines in the ledger"


def signed_in(users) -> dict[Role, Client]:
    clients = {}
    for role, user in users.items():
        clients[role] = Client()
        clients[role].force_login(user)
    return clients


def walk(name: str, world, role: Role, client: Client, relation: str, methods) -> list[str]:
    """Sends each method to one address about one file, and says what was not as the oracle has it."""
    case, wrong, statuses = world.cases[relation], [], []
    address = address_of(name, world.ids[relation], case)
    for method in methods:
        response = getattr(client, method)(address)
        statuses.append(response.status_code)
        try:
            assert response.status_code in expected(ORACLE[name], role, relation, method), response.status_code
            check_words(response.content.decode(), role, relation, response.status_code)
        except AssertionError as error:
            wrong.append(f"{role} {relation} {method}: {str(error).splitlines()[0]}")
    try:
        check_ledger(statuses, case)
    except AssertionError as error:
        wrong.append(f"{role} {relation}: {str(error).splitlines()[0]}")
    return wrong


def walk_everyone(name: str, methods=("get", "post")) -> list[str]:
    """Every role in every relation. What no page knows (PUT and the like) is asked by one role that gets it, and one
    that does not."""
    world, wrong = worlds.build(), []
    allowed = ORACLE[name].allowed
    askers = {*sorted(allowed)[:1], *sorted(set(Role) - allowed)[:1]} if "post" in methods else set()
    for role, client in signed_in(world.users).items():
        for relation in worlds.RELATIONS:
            more = OTHER_METHODS if relation == "holding" and role in askers else ()
            with undone():
                wrong += walk(name, world, role, client, relation, (*methods, *more))
    return wrong


@pytest.mark.parametrize("name", of_kind(OnFile))
def test_addresses_about_a_file(name):
    assert walk_everyone(name) == []


@pytest.fixture
def second_wall_gone(db):
    """The database shows everything: a role that bypasses row security. Only the queryset stands."""
    for alias in database.ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("SET LOCAL ROLE cre_test_bypass")
            cursor.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("name", of_kind(OnFile))
def test_the_matrix_holds_when_row_security_is_bypassed(second_wall_gone, name):
    """Every method comes by its file in the same way, so one of them is enough here."""
    reads = ORACLE[name].shape not in (Shape.ACT, Shape.SEND)
    assert walk_everyone(name, methods=("get" if reads else "post",)) == []


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.POLICE_OFFICER])
def test_no_row_leaks_when_every_queryset_returns_everything(role, monkeypatch):
    for queryset in (CaseQuerySet, CaseRecordQuerySet):
        monkeypatch.setattr(queryset, "allowing", lambda self, user, action: self.all())
    monkeypatch.setattr(CaseQuerySet, "allowing_own", lambda self, user, action: self.all())
    world = worlds.build()
    (client,) = signed_in({role: world.users[role]}).values()
    client.raise_request_exception = False
    leaked = []
    for name in of_kind(OnFile):
        for relation in ("expired", "excluded", "unrelated"):
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


def test_hidden_is_the_same_as_absent_byte_for_byte():
    """Status, body and headers: nothing tells a file that is hidden from one that never was."""
    world = worlds.build()
    (client,) = signed_in({Role.SOCIAL_WORKER: world.users[Role.SOCIAL_WORKER]}).values()
    answers: dict[tuple, str] = {}
    allows: dict[str, str] = {}
    for name in of_kind(OnFile):
        for relation in ("expired", "excluded", "unrelated", "absent"):
            for method in ("get", "post"):
                response = getattr(client, method)(address_of(name, world.ids[relation], world.cases[relation]))
                # What an address of the API takes is said of every file alike: it is compared address by address.
                taken = response.headers.pop("Allow", "")
                assert allows.setdefault(name, taken) == taken, name
                answer = (response.status_code, response.content, tuple(sorted(response.headers.items())))
                answers[answer] = f"{name} {relation} {method}"
    assert len(answers) == 1 + any(is_api(name) for name in of_kind(OnFile)), list(answers.values())


def is_api(name: str) -> bool:
    return name.startswith("api_")


def test_addresses_for_a_role():
    world = worlds.build()
    wrong = []
    for role, client in signed_in(world.users).items():
        for name in of_kind(ForRole):
            row = ORACLE[name]
            with undone():
                status = client.get(address_of(name, ids_for(name, world), world.cases["holding"])).status_code
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
        assert response.status_code in (200, 302, 405, 503), name
        check_words(response.content.decode(), Role.SYSTEM_ADMIN, "unrelated", response.status_code)


def test_what_is_for_anyone_signed_in_shows_no_child():
    world = worlds.build()
    for role, client in signed_in(world.users).items():
        for name in of_kind(AnyoneSignedIn):
            response = client.get(address_of(name, ids_for(name, world), None))
            assert response.status_code in (200, 302, 405), (name, role)
            check_words(response.content.decode(), role, "unrelated", response.status_code)
