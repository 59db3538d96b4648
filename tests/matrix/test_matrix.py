"""Every address x every role x every relation to the file x every method, against the hand-written oracle.

For each cell: the exact status; no word of a part the person does not hold, nor of another file; and the
right line in the ledger (exactly one read for a page shown, one denial for one refused).
"""

from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from access.parts import Label
from accounts.roles import Role
from tests.database import rows
from tests.matrix import world as worlds
from tests.matrix.oracle import HOLDS, ORACLE, SEES_FILES, STANDING, AnyoneSignedIn, ForRole, OnFile, Public, Shape

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


def address_of(name: str, ids: dict[str, object], case) -> str:
    (entry,) = [entry for entry in addresses() if entry.name == name]
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
        return {404} if method in ("get", "post") else {404, 405}
    if not allowed:
        return {403}
    if standing:
        return {302}  # to say why they open this file
    if method in OTHER_METHODS:
        return {405}
    if method == "get":
        return {405} if row.shape is Shape.ACT else {200}
    return {405} if row.shape is Shape.PAGE else {200, 302}


def check_words(body: str, role: Role, relation: str, status: int) -> None:
    shown = {
        (other, label) for other in worlds.RELATIONS[:-1] for label in Label if worlds.canary(other, label) in body
    }
    may_show = {("holding", label) for label in HOLDS[role]} if relation == "holding" and status == 200 else set()
    assert shown <= may_show


def check_ledger(status: int, case, role: Role) -> None:
    reads = rows("SELECT count(*) FROM access_auditevent WHERE kind = 'read' AND case_id = %s", case)[0][0]
    denials = rows(
        "SELECT count(*) FROM access_auditevent WHERE kind IN ('denied', 'not_found') AND case_id = %s",
        case, using="ledger",
    )[0][0]  # fmt: skip
    assert (reads, denials) == (int(status == 200), int(status in (403, 404))), "lines in the ledger"


def signed_in(users) -> dict[Role, Client]:
    clients = {}
    for role, user in users.items():
        clients[role] = Client(raise_request_exception=True)
        clients[role].force_login(user)
    return clients


@pytest.mark.parametrize("name", of_kind(OnFile))
def test_addresses_about_a_file(name):
    row, world = ORACLE[name], worlds.build()
    clients = signed_in(world.users)
    wrong = []
    for role, client in clients.items():
        for relation in worlds.RELATIONS:
            case = world.cases[relation]
            address = address_of(name, world.ids[relation], case)
            for method in ("get", "post", *(OTHER_METHODS if relation == "holding" else ())):
                with undone():
                    response = getattr(client, method)(address)
                    try:
                        assert response.status_code in expected(row, role, relation, method), response.status_code
                        check_words(response.content.decode(), role, relation, response.status_code)
                        check_ledger(response.status_code, case, role)
                    except AssertionError as error:
                        wrong.append(f"{role} {relation} {method}: {str(error).splitlines()[0]}")
    assert wrong == []


def test_hidden_is_the_same_as_absent_byte_for_byte():
    """Status, body and headers: nothing tells a file that is hidden from one that never was."""
    world = worlds.build()
    (client,) = signed_in({Role.SOCIAL_WORKER: world.users[Role.SOCIAL_WORKER]}).values()
    answers = {}
    for name in of_kind(OnFile):
        for relation in ("expired", "excluded", "unrelated", "absent"):
            for method in ("get", "post"):
                response = getattr(client, method)(address_of(name, world.ids[relation], world.cases[relation]))
                answer = (response.status_code, response.content, tuple(sorted(response.headers.items())))
                answers[answer] = f"{name} {relation} {method}"
    assert len(answers) == 1, list(answers.values())


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
        if (response.status_code, response.headers.get("Location", "").split("?")[0]) != (
            302,
            reverse("account_login"),
        ):
            wrong.append(name)
    assert wrong == []


def test_public_addresses_show_no_child():
    world = worlds.build()
    for name in of_kind(Public):
        response = Client().get(address_of(name, ids_for(name, world), None))
        assert response.status_code in (200, 302, 503), name
        check_words(response.content.decode(), Role.SYSTEM_ADMIN, "unrelated", response.status_code)


def test_what_is_for_anyone_signed_in_shows_no_child():
    world = worlds.build()
    for role, client in signed_in(world.users).items():
        for name in of_kind(AnyoneSignedIn):
            response = client.get(address_of(name, ids_for(name, world), None))
            assert response.status_code in (200, 302, 405), (name, role)
            check_words(response.content.decode(), role, "unrelated", response.status_code)
