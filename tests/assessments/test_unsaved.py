"""Nothing typed into an assessment is lost: it is kept for its author until they save it, and shown to nobody else."""

import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from assessments import services
from assessments.models import Assessment, UnsavedPart
from assessments.unsaved.services import ELSEWHERE, LONGEST, keep_unsaved
from tests.assessments.pages import ANALYSIS, SECTION, address, errors, section
from tests.database import rows
from tests.factories import give, person
from tests.matrix.form_on_page import FormOnPage

pytestmark = pytest.mark.django_db
KEPT = re.compile(r"^Saved \d{1,2}:\d\d[ap]m$|^Saved (midday|midnight)$")


@pytest.fixture
def analysis(child, draft) -> str:
    return address("assess_analysis", child, draft.pk)


class Window:
    """One open page: its form, what is typed into it, and what its script sends."""

    def __init__(self, client, page: str) -> None:
        self.client, self.page = client, page
        self.shown = client.get(page)
        self.form = FormOnPage(self.shown)
        self.sent = self.form.as_it_stands

    def types(self, **words: str) -> "Window":
        self.sent |= {name: [value] for name, value in words.items()}
        return self

    def keeps(self):
        """What the script does three seconds later."""
        self.sent["kept"] = ["yes"]
        return self.client.post(self.page, self.sent | {"keep": ["yes"]})

    def saves(self, **more: str):
        return self.client.post(self.page, self.sent | more)

    def stands(self, name: str) -> str:
        return self.form.boxes[name].values[0]


def kept_words() -> list[str]:
    return [typed for (typed,) in rows("SELECT typed FROM assessments_unsavedpart WHERE typed <> ''")]


def test_what_is_typed_is_kept_and_stands_there_when_the_page_is_opened_again(analysis, child, client_for):
    client = client_for(child.worker)
    answer = Window(client, analysis).types(worried_about="A new phone, and\nlate nights").keeps()
    assert (answer.status_code, bool(KEPT.match(answer.json()["said"]))) == (202, True), answer.json()
    again = Window(client, analysis)
    assert again.stands("worried_about").split() == ["A", "new", "phone,", "and", "late", "nights"]
    assert "You typed this on" in again.shown.content.decode()
    assert again.form.errors() == [], "nothing was sent to be saved, so nothing is judged"
    assert rows("SELECT worried_about, version FROM assessments_assessment") == [("", 1)]


def test_every_kind_of_box_comes_back_as_it_was(child, draft, client_for):
    client = client_for(child.worker)
    voice = address("assess_voice", child, draft.pk)
    typed = {"child_words": "It\u2019s \U0001f600 fine", "voice": "alone", "voice_on_day": "31", "voice_on_month": "2"}
    Window(client, voice).types(**typed).keeps()
    again = Window(client, voice)
    assert {name: again.stands(name) for name in typed} == typed
    items = Window(client, section(child, draft))
    answers = {name: "suspected" for name in items.form.boxes if name.startswith("answer_")}
    evidence = {name: f"Heard {name}" for name in items.form.boxes if name.startswith("evidence_")}
    items.types(**answers, **evidence, source="police").keeps()
    again = Window(client, section(child, draft))
    assert {name: again.stands(name) for name in answers | evidence} == answers | evidence
    assert again.stands("source") == "police"


def test_a_save_lets_go_of_it_and_what_was_on_its_way_then_is_kept_no_more(analysis, child, client_for):
    client = client_for(child.worker)
    window = Window(client, analysis).types(**ANALYSIS)
    window.keeps()
    assert window.saves(later="yes").status_code == 302
    assert kept_words() == []
    late = window.keeps()
    assert (late.status_code, late.json()) == (202, {"said": "", "hint": ""})
    assert kept_words() == []
    again = Window(client, analysis)
    assert (again.stands("worried_about"), "You typed this" in again.shown.content.decode()) == ("New friends", False)
    assert Window(client, analysis).types(worried_about="More").keeps().json()["said"]
    assert len(kept_words()) == 1


def test_two_windows_of_one_person_never_take_each_others_words(analysis, child, client_for):
    client = client_for(child.worker)
    one, other = Window(client, analysis), Window(client, analysis)
    one.types(worried_about="The first").keeps()
    refused = other.types(worried_about="The second").keeps()
    assert (refused.status_code, refused.json()["said"]) == (412, ELSEWHERE)
    assert "first" in kept_words()[0]
    third, fourth = Window(client, analysis), Window(client, analysis)
    assert third.types(worried_about="The first, and more").keeps().status_code == 202, "it goes on from the first"
    assert one.types(worried_about="Stale").keeps().status_code == 412
    assert fourth.types(worried_about="Another").keeps().status_code == 412
    assert other.types(**ANALYSIS).saves(later="yes").status_code == 302, "a save is refused to nobody"
    assert "first" in kept_words()[0], "what another window keeps stays"
    conflict = third.types(**ANALYSIS | {"worried_about": "The first, and more"}).saves(later="yes")
    assert conflict.status_code == 409
    assert "New friends" in conflict.content.decode()
    assert "The first, and more" in conflict.content.decode()


def test_what_a_colleague_types_is_theirs_alone(analysis, child, draft, client_for):
    colleague, auditor = person(Role.SOCIAL_WORKER), person(Role.AUDITOR)
    give(child.case, colleague)
    give(child.case, auditor)
    Window(client_for(child.worker), analysis).types(worried_about="Mine").keeps()
    theirs = Window(client_for(colleague), analysis)
    assert (theirs.stands("worried_about"), "You typed this" in theirs.shown.content.decode()) == ("", False)
    assert theirs.types(worried_about="Theirs").keeps().status_code == 202
    assert len(kept_words()) == 2
    for somebody, seen in ((child.worker, 1), (colleague, 1), (auditor, 0), (child.manager, 0)):
        with acting_as(somebody.pk), transaction.atomic():
            assert UnsavedPart.objects.count() == seen


def test_nobody_keeps_words_in_anothers_name(child, draft):
    colleague = person(Role.SOCIAL_WORKER)
    give(child.case, colleague)
    add = (
        "INSERT INTO assessments_unsavedpart (case_id, assessment_id, part, author_id, typed, form_key, kept_at) "
        "VALUES (%s, %s, 'people', %s, 'x', %s, now())"
    )
    with acting_as(colleague.pk), pytest.raises(DatabaseError, match="of_its_author"), transaction.atomic():
        connection.cursor().execute(add, [child.case.pk, draft.pk, child.worker.pk, uuid4()])


def test_in_what_was_submitted_nothing_more_is_kept(child):
    done = child.propose("medium", {"B02": "current"}).assessment
    with acting_as(child.worker.pk):
        with pytest.raises(Refused, match="submitted"):
            keep_unsaved(done, by=child.worker, part="people", typed="a=b", form_key=uuid4())
        done.state = Assessment.State.DRAFT  # as it was read before somebody submitted it
        with pytest.raises(Refused, match="submitted"):
            keep_unsaved(done, by=child.worker, part="people", typed="a=b", form_key=uuid4())


def test_keeping_is_no_line_of_the_ledger_and_no_version_of_a_row(analysis, child, client_for):
    window = Window(client_for(child.worker), analysis)
    before = rows("SELECT (SELECT count(*) FROM access_auditevent), (SELECT count(*) FROM access_rowhistory)")
    for words in ("One", "One two", "One two three"):
        assert window.types(worried_about=words).keeps().status_code == 202
    after = rows("SELECT (SELECT count(*) FROM access_auditevent), (SELECT count(*) FROM access_rowhistory)")
    assert before == after


def test_who_may_not_write_the_assessment_keeps_nothing(analysis, child, client_for):
    window = Window(client_for(child.worker), analysis)
    for somebody in (person(Role.SOCIAL_WORKER), person(Role.POLICE_OFFICER)):
        assert client_for(somebody).post(analysis, window.sent | {"keep": ["yes"]}).status_code in (403, 404)
    assert kept_words() == []


def test_what_cannot_be_saved_yet_is_kept_when_one_comes_back_later(analysis, child, draft, client_for):
    """Also without a script: "Save and come back later" loses nothing because a question is not answered yet."""
    client = client_for(child.worker)
    answer = Window(client, analysis).types(worried_about="Half of it").saves(later="yes")
    assert answer.status_code == 302
    listed = client.get(answer.headers["Location"]).content.decode()
    assert "What you typed is kept for you. That part is not finished yet." in listed
    assert "Not saved" in listed
    assert Window(client, analysis).stands("worried_about") == "Half of it"
    shown = Window(client, analysis).saves()
    assert errors(shown)
    assert Window(client, analysis).stands("worried_about") == "Half of it"


def test_what_one_does_not_want_is_left_out(analysis, child, client_for):
    client = client_for(child.worker)
    Window(client, analysis).types(worried_about="Not this").keeps()
    assert client.post(analysis, {"forget": "yes"}).headers["Location"] == analysis
    assert Window(client, analysis).stands("worried_about") == ""
    assert kept_words() == []


def test_enter_in_a_box_never_leaves_out_what_was_typed(analysis, child, client_for):
    """A browser presses the first button of the form: that one saves."""
    client = client_for(child.worker)
    Window(client, analysis).types(worried_about="Kept").keeps()
    (form,) = re.findall(r"<form[^>]*data-keep.*?</form>", client.get(analysis).content.decode(), re.DOTALL)
    first = re.search(r"<button[^>]*>\s*([^<]*?)\s*</button>", form)
    assert first
    assert first[1] == "Submit"


def test_it_is_not_submitted_while_words_of_its_author_are_not_saved(child, client_for):
    draft = child.assess({"B02": "current"})
    client = client_for(child.worker)
    page = address("assess_people", child, draft.pk)
    Window(client, page).types(people_and_places="And a garage").keeps()
    with acting_as(child.worker.pk), pytest.raises(Refused, match="that is not saved"):
        services.submit_assessment(
            draft, by=child.worker, version=draft.version, proposed="medium", reason="Why", difference_reason="Why"
        )
    assert "You typed this on" in client.get(address("assess_analysis", child, draft.pk)).content.decode()


PROPOSAL = {"proposed": "medium", "reason": "Two signs", "difference_reason": "Her school is worried"}


def test_what_is_kept_of_the_proposal_is_let_go_of_by_submitting_it(child, client_for):
    draft, client = child.assess({"B02": "current"}), client_for(child.worker)
    window = Window(client, address("assess_analysis", child, draft.pk)).types(**ANALYSIS, **PROPOSAL)
    window.keeps()
    assert "Two+signs" in kept_words()[0]
    done = window.saves()
    assert done.headers["Location"] == address("assessments", child)
    assert kept_words() == []
    assert rows("SELECT reason, proposed FROM assessments_tierproposal") == [("Two signs", "medium")]
    assert rows("SELECT state, worried_about FROM assessments_assessment") == [("submitted", "New friends")]
    assert window.saves().headers["Location"] == done.headers["Location"], "sent twice, done once"
    assert window.keeps().status_code == 412


def test_a_proposal_that_is_refused_is_kept_with_the_analysis(child, draft, analysis, client_for):
    client = client_for(child.worker)
    refused = Window(client, analysis).types(**ANALYSIS, **PROPOSAL).saves()
    assert errors(refused)[0].startswith("The assessment is not complete.")
    assert rows("SELECT state, worried_about FROM assessments_assessment") == [("draft", "")]
    again = Window(client, analysis)
    assert {name: again.stands(name) for name in ANALYSIS | PROPOSAL} == ANALYSIS | PROPOSAL


def test_the_analysis_is_saved_for_later_without_a_proposal_and_a_proposal_is_kept_as_it_was_typed(
    child, analysis, client_for
):
    client = client_for(child.worker)
    assert Window(client, analysis).types(**ANALYSIS).saves(later="yes").status_code == 302
    assert rows("SELECT state, worried_about FROM assessments_assessment") == [("draft", "New friends")]
    assert kept_words() == []
    begun = Window(client, analysis).types(reason="Two signs").saves(later="yes")
    assert "That part is not finished yet." in client.get(begun.headers["Location"]).content.decode()
    again = Window(client, analysis)
    assert (again.stands("reason"), again.stands("worried_about")) == ("Two signs", "New friends")


def test_types_are_saved_for_later_once_every_one_was_considered(child, draft, client_for):
    client, types = client_for(child.worker), address("assess_types", child, draft.pk)
    found = {"type_cse": "suspected", "evidence": "Her school"}
    kept = Window(client, types).types(**found).saves(later="yes")
    assert "That part is not finished yet." in client.get(kept.headers["Location"]).content.decode()
    assert rows("SELECT count(*) FROM assessments_consideredtype") == [(0,)]
    again = Window(client, types)
    assert again.stands("type_cse") == "suspected"
    assert again.types(kept="yes").saves().headers["Location"].endswith("/items/A/")
    assert rows("SELECT status, count(*) > 9 FROM assessments_consideredtype GROUP BY 1 ORDER BY 1") == [
        ("none", True), ("suspected", False),
    ]  # fmt: skip
    listed = client.get(Window(client, types).saves(later="yes").headers["Location"]).content.decode()
    assert "Not saved" not in listed


def test_something_longer_than_any_form_is_refused_in_words(analysis, child, client_for):
    window = Window(client_for(child.worker), analysis).types(worried_about="x" * LONGEST)
    refused = window.keeps()
    assert (refused.status_code, refused.json()["said"]) == (
        412, "This is too long to be kept. Save it in shorter parts.",
    )  # fmt: skip


@pytest.mark.parametrize("once", ["", "nonsense", "%00"])
def test_a_form_without_a_key_is_a_form_by_itself(analysis, child, client_for, once):
    window = Window(client_for(child.worker), analysis)
    assert window.types(worried_about="Kept", once=once).keeps().status_code == 202
    assert window.types(worried_about="Again", once=once).keeps().status_code == 412


def test_parts_are_kept_apart(child, draft, analysis, client_for):
    client = client_for(child.worker)
    Window(client, analysis).types(worried_about="Analysis").keeps()
    Window(client, section(child, draft)).types(evidence="Items").keeps()
    assert Window(client, analysis).stands("worried_about") == "Analysis"
    assert Window(client, section(child, draft)).stands("evidence") == "Items"
    assert SECTION in {part for (part,) in rows("SELECT part FROM assessments_unsavedpart")}


def test_a_save_of_another_part_is_no_conflict_and_a_save_of_this_one_is(child, draft, analysis, client_for):
    client = client_for(child.worker)
    people = address("assess_people", child, draft.pk)
    Window(client, analysis).types(**ANALYSIS).keeps()
    open_all_along = Window(client, people).types(people_and_places="A garage")
    assert Window(client, section(child, draft)).types(evidence="x").saves(later="yes").status_code == 302
    assert Window(client, analysis).types(**ANALYSIS).saves(later="yes").status_code == 302
    assert open_all_along.saves().status_code == 302, "another part was saved, not this one"
    first, second = Window(client, people), Window(client, people)
    assert first.types(people_and_places="A garage and a van").saves().status_code == 302
    conflict = second.types(people_and_places="A garage, closed now").saves()
    assert conflict.status_code == 409
    assert "A garage and a van" in conflict.content.decode()
    assert rows("SELECT people_and_places FROM assessments_assessment") == [("A garage and a van",)]


@pytest.mark.parametrize("began", ["", "x", "0" * 64])
def test_a_stale_save_that_does_not_say_what_it_began_with_is_a_conflict(child, draft, analysis, client_for, began):
    client = client_for(child.worker)
    stale = Window(client, analysis).types(**ANALYSIS, began=began)
    assert (
        Window(client, address("assess_people", child, draft.pk)).types(people_and_places="A").saves().status_code
        == 302
    )
    assert stale.saves(later="yes").status_code == 409


def test_who_told_us_of_an_answer_is_part_of_what_was_saved_meanwhile(child, draft, client_for):
    """The boxes for it open empty, so they alone would not tell."""
    client, page = client_for(child.worker), section(child, draft)
    opened = Window(client, page)
    positive = {name: "suspected" for name in opened.form.boxes if name.startswith("answer_")}
    assert opened.types(**positive, evidence="Seen", source="school").saves().status_code == 302
    one, other = Window(client, page), Window(client, page)
    again = {name: "on" for name in one.form.boxes if name.startswith("again_")}
    assert one.types(source="police", **again).saves().status_code == 302
    assert other.types(source="health", **again).saves().status_code == 409
    assert set(rows("SELECT DISTINCT source FROM assessments_answer WHERE evidence = 'Seen'")) == {("police",)}
