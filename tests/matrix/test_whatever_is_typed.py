"""Every form on a file or for a role, whatever is typed into it: a sentence that says what to do, and nothing typed is
lost; sent twice it is done once; and what somebody else saved meanwhile is not overwritten.

The forms are found by the matrix and filled as a browser without script would. Forms about a record of a partner's own
agency are in the tests of their package: in the matrix no such record is anybody's own.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from access.views import AT_THE_SAME_MOMENT
from accounts.roles import Role
from tests.database import rows
from tests.matrix.form_on_page import FormOnPage
from tests.matrix.oracle import ORACLE
from tests.matrix.test_matrix import address_of, entry_of, ids_for, of_kind, undone
from tests.matrix.vocabulary import ForRole, OnFile, Shape
from ui.forms import LONGEST_TEXT

HOSTILE = "\"><script>alert(1)</script>' OR 1=1; -- {{ 7*7 }} \N{WINKING FACE}"
RAW = "<script>alert(1)"
TOO_LONG = "x" * (2 * LONGEST_TEXT + 1)  # than any box takes

TO_COME = frozenset(
    {"due_on", "due_on_1", "due_on_2", "due_on_3", "review_on", "next_on", "offer_again_on", "deferred_until",
     "starts_at", "until"}
)  # fmt: skip
TODAY = "discussed_on"
AS_ASKED = {
    "state": "paused",
    "postcode": "DE1 1AA", "email": "jo@example.org", "nhs_number": "999 000 0018", "upn": "B801200005001",
    "username": "jo.typed", "youngest": "10", "oldest": "17", "replies_within": "5", "phone": "01332 496 0000",
}  # fmt: skip
ANSWER_WITH_A_PASSWORD = frozenset({"staff_create_person", "staff_one_time_password"})  # not with a form; tests/staff


SHOWS_IT_FIRST = "send_referral"  # what will be sent, and to whom, before it is sent
# These ask for what is not so of the matrix's file, whatever is typed.
NOT_SO_HERE = frozenset(
    {"answer_how_known", "approve_plan", "authorise_supporting", "bring_into_force", "close_report", "continue_item",
     "decide_invitation", "end_item", "extend_report", "record_nrm_decision", "record_return", "assess_analysis"}
)  # fmt: skip
# Made anew each time: their forms leave out the version of the form they are made of.
MADE_ANEW = frozenset({"add_action", "add_meeting_action", "add_risk_action", "add_service"})
TAMPERED = ({"version": "9" * 40}, {"version": "x"}, {"once": "x"}, {"version": ["1", "2"]})


def who(name: str) -> Role | None:
    row = ORACLE[name]
    may = row.allowed - getattr(row, "not_theirs", frozenset())
    return Role.SOCIAL_WORKER if Role.SOCIAL_WORKER in may else min(may, default=None)


def form_of(name: str) -> Any:
    """The fields every form of this page has."""
    return getattr(getattr(entry_of(name).callback.view_class, "form_class", None), "base_fields", ())


FORMS = [
    name
    for name in of_kind(OnFile, ForRole)
    if ORACLE[name].shape is Shape.FORM and who(name) and name not in ANSWER_WITH_A_PASSWORD
]
VERSIONED = [name for name in FORMS if "version" in form_of(name) and name not in NOT_SO_HERE | MADE_ANEW]


def in_turn(names: list[str], turn: int, of: int = 3) -> Any:
    """Every form, of which one in so many is asked this in `make test`; the others wait for `make prove`."""
    later = (pytest.mark.prove, pytest.mark.full)
    marks = (() if place % of == turn else later for place in range(len(names)))
    params = [pytest.param(name, marks=mark) for name, mark in zip(names, marks, strict=True)]
    return pytest.mark.parametrize("asked", params, indirect=True)


class Asked:
    """One form, opened by somebody who may send it."""

    def __init__(self, world: Any, name: str) -> None:
        self.name = name
        self.client = world.clients[who(name)]
        relation = getattr(ORACLE[name], "relation", "holding")
        self.address = address_of(name, ids_for(name, world), world.cases[relation])
        self.form = FormOnPage(self.client.get(self.address))

    def send(self, typed: dict[str, Any]) -> Any:
        return self.client.post(self.address, typed)

    def filled(self, words: str = "") -> dict[str, list[str]]:
        """As somebody fills it in: the first choice of each, words in each box, days that can be."""
        form, sent = self.form, self.form.as_it_stands
        for name in form.texts():
            kept = sent.get(name, [""])[0]
            sent[name] = [AS_ASKED.get(name) or words or kept or f"Typed into {name}"[:30]]
        for name in form.days():
            if not any(sent.get(f"{name}_day", [])):
                away = 7 if name in TO_COME else -1 if name != TODAY else 0
                day = timezone.localtime() + timedelta(days=away)
                sent |= a_day(form, name, str(day.day), str(day.month), str(day.year))
        for name, box in form.typed.items():
            if AS_ASKED.get(name) in box.choices:
                sent[name] = [AS_ASKED[name]]
            elif box.choices and not any(box.values):
                sent[name] = [next(filter(None, box.choices), "")]
        return sent


def a_day(form: FormOnPage, name: str, day: str, month: str, year: str) -> dict[str, list[str]]:
    time = {f"{name}_time": ["10:00"]} if form.has_time(name) else {}
    return {f"{name}_day": [day], f"{name}_month": [month], f"{name}_year": [year], **time}


@pytest.fixture
def asked(request, world):
    with undone():
        yield Asked(world, request.param)


def kept(response: Any, sent: dict[str, list[str]]) -> FormOnPage:
    """The page says what to do, where, and has every word that was sent."""
    shown = FormOnPage(response)
    assert shown.errors()
    assert {where for _, where in shown.errors()} - {""} <= shown.ids()
    assert AT_THE_SAME_MOMENT not in response.content.decode()
    assert RAW not in response.content.decode()
    lost = {
        name: values
        for name, values in sent.items()
        if name in shown.typed and shown.typed[name].is_text and shown.boxes[name].values != values
    }
    assert lost == {}
    return shown


def changes() -> int:
    return int(rows("SELECT count(*) FROM access_rowhistory")[0][0])


@in_turn(FORMS, 0)
def test_what_is_missing_is_said(asked):
    emptied = {name: [""] for name, box in asked.form.typed.items() if box.is_text or box.kind == "select"}
    hidden = {name: values for name, values in asked.form.as_it_stands.items() if name not in asked.form.typed}
    response = asked.send(hidden | emptied)
    assert response.status_code in (200, 302)
    if response.status_code == 200:
        kept(response, emptied)


@in_turn(FORMS, 1)
def test_what_cannot_be_is_refused_in_words_and_stays_in_its_box(asked):
    form, sent = asked.form, asked.form.as_it_stands
    for name in form.texts():
        sent[name] = [TOO_LONG]
    for name in form.days():
        sent |= a_day(form, name, "31", "2", "2026")
    for name, box in form.typed.items():
        if box.choices and box.kind != "checkbox":
            sent[name] = ["nonsense"]
    wrong = [name for name in sent if name in form.typed and form.typed[name].kind != "checkbox"]
    response = asked.send(sent)
    assert response.status_code in ((200,) if wrong else (200, 302))
    if wrong:
        said = {where for _, where in kept(response, sent).errors()}
        assert {f"id_{name}" for name in form.texts()} <= said
        assert {f"id_{name}_day" for name in form.days()} <= said


@in_turn(FORMS, 2)
def test_sent_twice_it_is_done_once_and_markup_is_text(asked):
    sent = asked.filled(HOSTILE)
    first, once = asked.send(sent), changes()
    second = asked.send(sent)
    assert (first.status_code, first.headers.get("Location")) == (second.status_code, second.headers.get("Location"))
    assert changes() == once
    if first.status_code == 302:
        assert RAW not in asked.client.get(first["Location"]).content.decode()
    elif asked.name != SHOWS_IT_FIRST:
        kept(first, sent)


@in_turn(VERSIONED, 0)
def test_what_somebody_saved_meanwhile_is_not_overwritten(asked):
    mine, theirs = asked.filled("Mine"), asked.filled("Theirs") | {"once": [""]}
    assert asked.send(theirs).status_code == 302
    before = changes()
    response = asked.send(mine)
    assert changes() == before
    if response.status_code == 200:  # what theirs did can be done once
        kept(response, mine)
        return
    assert response.status_code == 409
    shown, body = FormOnPage(response), response.content.decode()
    assert "Somebody else saved this while you were typing" in body
    assert {name: shown.boxes[name].values for name in asked.form.texts()} == {
        name: mine[name] for name in asked.form.texts()
    }
    assert "Theirs" in body or not asked.form.texts()


@in_turn(FORMS, 0, of=6)
def test_what_no_browser_sends_is_no_error(asked):
    for tampered in TAMPERED:
        with undone():
            assert asked.send(asked.filled() | tampered).status_code in (200, 302, 409), tampered
    response = asked.client.post(asked.address, b"%ff=%fe&version=%00&a[]=1", "application/x-www-form-urlencoded")
    assert response.status_code in (200, 302, 400)
