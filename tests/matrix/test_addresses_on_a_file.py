"""Every address about a file x every role x every relation to it x every method, against the hand-written oracle.

For each cell: the exact status; no word of a part the person does not hold, nor of another file; and the
right line in the ledger (exactly one read for a page shown, one denial for one refused).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from zlib import crc32

import pytest
from django.db import connections
from django.test import Client

from access.views import CaseView
from accounts.roles import Role
from cre_case.api.base import CaseApi
from tests import database
from tests.counted import COUNTED
from tests.database import rows
from tests.matrix import world as worlds
from tests.matrix.oracle import ORACLE
from tests.matrix.test_matrix import address_of, check_words, entry_of, of_kind, undone
from tests.matrix.vocabulary import SEES_FILES, STANDING, OnFile, Shape

OTHER_METHODS = ("put", "patch", "delete")
BY_STANDING = ("expired", "unrelated", "known")  # what standing access opens, with a reason
NO_PAGES = (Shape.ACT, Shape.SEND)


def by_length() -> list[object]:
    """The addresses about a file: one in six for the shortest run, another for CI, the rest for `make prove` alone."""
    prove, full = pytest.mark.prove, pytest.mark.full
    marks = [(), prove, *[(prove, full)] * 4]
    return [pytest.param(name, marks=marks[place % 6]) for place, name in enumerate(of_kind(OnFile))]


def expected(row: OnFile, role: Role, relation: str, method: str) -> set[int]:
    """The statuses a cell may have: the oracle in one function."""
    allowed, sees = role in row.allowed, role in SEES_FILES
    standing = role in STANDING and relation in BY_STANDING
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
        return {405} if row.shape in NO_PAGES else {200}
    if row.shape is Shape.SEND:
        return {400, 415}
    return {405} if row.shape is Shape.PAGE else {200, 302}


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


def walk(name: str, world, role: Role, client: Client, relation: str, methods) -> list[str]:
    """Sends each method to one address about one file, and says what was not as the oracle has it."""
    case, wrong, statuses = world.cases[relation], [], []
    address = address_of(name, world.ids[relation], case)
    COUNTED["cells of the access matrix"] += len(methods)
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


Relations = Callable[[str, Role, str, Sequence[str]], Sequence[str]]
OUT_OF_SIGHT = tuple(relation for relation in worlds.RELATIONS if relation != "holding")


def every_cell(name: str, role: Role, relation: str, methods: Sequence[str]) -> Sequence[str]:
    return methods


def in_turn(name: str, role: Role, relation: str, methods: Sequence[str]) -> Sequence[str]:
    """For who holds the file and may, every method. What is refused finds its file in the same way whatever the method
    (the last test here), so it is asked by one method, all of them in turn: of those who hold the file; of the
    relations out of sight, where only its absence answers, in one for each address and role; and of standing access,
    which is only asked why."""
    turn = crc32(f"{name} {role}".encode())
    one = [methods[turn // len(OUT_OF_SIGHT) % len(methods)]]
    if relation == "holding":
        return methods if role in ORACLE[name].allowed else one
    if role in STANDING and relation in BY_STANDING:
        return [methods[BY_STANDING.index(relation) % len(methods)]]
    return one if OUT_OF_SIGHT[turn % len(OUT_OF_SIGHT)] == relation else []


def walk_everyone(name: str, world, asked: Relations, methods: Sequence[str] = ("get", "post")) -> list[str]:
    """Every role in every relation. What no page knows (PUT and the like) is asked by one role that gets it, and one
    that does not."""
    wrong: list[str] = []
    allowed = ORACLE[name].allowed
    askers = {*sorted(allowed)[:1], *sorted(set(Role) - allowed)[:1]} if "post" in methods else set()
    for role, client in world.clients.items():
        for relation in worlds.RELATIONS:
            more = OTHER_METHODS if relation == "holding" and role in askers else ()
            if chosen := (*asked(name, role, relation, methods), *more):
                with undone():
                    wrong += walk(name, world, role, client, relation, chosen)
    return wrong


@pytest.mark.parametrize("name", of_kind(OnFile))
def test_addresses_about_a_file(world, name):
    assert walk_everyone(name, world, in_turn) == []


@pytest.mark.prove
@pytest.mark.parametrize("name", by_length())
def test_every_cell_of_every_address(world, name):
    assert walk_everyone(name, world, every_cell) == []


@pytest.fixture
def second_wall_gone(world):
    """The database shows everything: a role that bypasses row security. Only the queryset stands."""
    with undone():
        for alias in database.ALIASES:
            with connections[alias].cursor() as cursor:
                cursor.execute("SET LOCAL ROLE cre_test_bypass")
                cursor.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
                assert cursor.fetchone() == (True,)
        yield world


@pytest.mark.parametrize("name", by_length())
def test_the_matrix_holds_when_row_security_is_bypassed(second_wall_gone, name):
    """Every method comes by its file in the same way, so one of them is enough here."""
    methods = ("post",) if ORACLE[name].shape in NO_PAGES else ("get",)
    assert walk_everyone(name, second_wall_gone, every_cell, methods) == []


@pytest.mark.parametrize("name", of_kind(OnFile))
def test_every_address_finds_its_file_before_it_looks_at_the_method(name):
    """So that one method is enough to show that a file is out of sight."""
    callback = entry_of(name).callback
    view = getattr(callback, "view_class", None) or callback.cls
    base, door = (CaseView, "dispatch") if issubclass(view, CaseView) else (CaseApi, "initial")
    assert issubclass(view, base)
    assert getattr(view, door) is getattr(base, door)
    assert view.find_case is base.find_case
