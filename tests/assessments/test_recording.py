"""What is recorded of an answer: what it rests on, the screening it began with, what the file showed, in what words."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import AgencyKind, Role
from assessments import services
from assessments.known_facts import facts_on_record
from assessments.models import Answer, Assessment, ToolkitItem
from assessments.services import AnswerGiven
from children.services import add_other_plan
from duties.models import MandatoryReport
from tests.assessments.making import Work, work
from tests.assessments.pages import A_DAY, SECTION, SEEN, START, address, codes, errors, section, text
from tests.factories import TeamFactory, agency, give, person
from tests.matrix.form_on_page import FormOnPage

pytestmark = pytest.mark.django_db


# What an answer rests on


def saved_answers(draft) -> dict[str, Answer]:
    return {one.item.code: one for one in Answer.objects.filter(assessment=draft).select_related("item")}


def test_a_later_source_does_not_become_the_source_of_what_was_answered_before(child, draft, client_for):
    """Two people told of two things: who said which is what an inspector reads it for."""
    client, (first, second, *_) = client_for(child.worker), codes("plain")
    critical = {f"answer_{one}": ["none"] for one in codes("critical")}
    form = FormOnPage(client.get(section(child, draft)))
    client.post(section(child, draft), form.as_it_stands | critical | {
        f"answer_{first}": ["current"], "evidence": ["She told her tutor."], "source": ["child"],
        "first_seen": ["summer 2026"], "last_seen": ["3 November"], "restricted": ["on"], "basis": ["fact"],
    })  # fmt: skip
    form = FormOnPage(client.get(section(child, draft)))
    assert "The child, fact, first seen summer 2026, last seen 3 November. Not for the family." in text(
        client.get(section(child, draft))
    )
    later = form.as_it_stands | {
        f"answer_{second}": ["suspected"], "evidence": ["A call."], "source": ["police"], "basis": ["unverified"],
    }  # fmt: skip
    assert client.post(section(child, draft), later).status_code == 302
    with acting_as(child.worker.pk):
        found = saved_answers(draft)
    one, other = found[first], found[second]
    assert (one.source, one.basis, one.first_seen, one.restricted) == ("child", "fact", "summer 2026", True)
    assert (one.evidence, one.last_seen) == ("She told her tutor.", "3 November")
    assert (other.source, other.basis, other.restricted) == ("police", "unverified", False)


def test_a_source_that_was_wrong_is_put_right_by_saying_so(child, draft, client_for):
    client, (code, *_) = client_for(child.worker), codes("plain")
    with acting_as(child.worker.pk):
        services.answer_section(
            draft, by=child.worker, version=draft.version, section=SECTION,
            answers={code: AnswerGiven(answer="current", evidence=SEEN)},
        )  # fmt: skip
    form = FormOnPage(client.get(section(child, draft)))
    critical = {f"answer_{one}": ["none"] for one in codes("critical")}
    again = form.as_it_stands | critical | {f"again_{code}": ["on"], "source": ["health"], "source_detail": ["GP"]}
    assert client.post(section(child, draft), again).status_code == 302
    with acting_as(child.worker.pk):
        one = saved_answers(draft)[code]
    assert (one.source, one.source_detail, one.evidence) == ("health", "GP", SEEN.text)


# Screening


def screening(child, draft) -> str:
    return address("assess_screening", child, draft.pk)


def all_critical(draft) -> list[str]:
    items = ToolkitItem.objects.filter(section__toolkit=draft.toolkit, weight="critical")
    return list(items.order_by("section__place", "place").values_list("code", flat=True))


def test_a_new_concern_begins_with_the_critical_items_on_one_page(child, client_for):
    client = client_for(child.worker)
    started = client.post(address("start_assessment", child), START)
    with acting_as(child.worker.pk):
        draft = Assessment.objects.get(case=child.case)
    assert started.url == screening(child, draft)
    asked = [name.removeprefix("answer_") for name in FormOnPage(client.get(started.url)).boxes if "answer_" in name]
    assert asked == all_critical(draft)
    assert len(asked) == 14


def test_the_screening_is_the_start_of_the_full_assessment(child, draft, client_for):
    client, codes_asked = client_for(child.worker), all_critical(draft)
    form = FormOnPage(client.get(screening(child, draft)))
    sent = form.as_it_stands | {f"answer_{code}": ["none"] for code in codes_asked} | {
        "answer_D02": ["suspected"], "evidence": ["Owes somebody."], "source": ["parent"],
        "worried_about": ["A debt to people she is afraid of."],
    }  # fmt: skip
    saved = client.post(screening(child, draft), sent)
    assert saved.url == address("assess_voice", child, draft.pk)
    after = text(client.get(saved.url))
    assert "1 critical item is present or suspected (D02)" in after
    assert "whether a strategy discussion is needed" in after
    with acting_as(child.worker.pk):
        found = saved_answers(draft)
        assert sorted(found) == sorted(codes_asked)
        assert (found["D02"].answer, found["D02"].source, found["D02"].by_section) == ("suspected", "parent", False)
        draft.refresh_from_db()
    assert draft.worried_about == "A debt to people she is afraid of."
    # The full form opens with them, and asks only for the rest.
    opened = FormOnPage(client.get(section(child, draft)))
    assert opened.boxes["answer_D02"].values == ["suspected"]
    done = client.post(section(child, draft), opened.as_it_stands | {"rest_none": ["on"]})
    assert done.status_code == 302, errors(done)


def test_a_screening_leaves_no_critical_item_out_and_keeps_what_was_typed(child, draft, client_for):
    client = client_for(child.worker)
    form = FormOnPage(client.get(screening(child, draft)))
    refused = client.post(screening(child, draft), form.as_it_stands | {"answer_A02": ["none"]})
    assert errors(refused) == [
        *[f"{code}: choose an answer" for code in all_critical(draft) if code != "A02"],
        "Enter an answer to “What are we worried about?”",
    ]
    assert FormOnPage(refused).boxes["answer_A02"].values == ["none"]
    given = {code: AnswerGiven(answer="none") for code in all_critical(draft)[1:]}
    with acting_as(child.worker.pk), pytest.raises(Refused, match="A02"):
        services.answer_screening(draft, by=child.worker, version=draft.version, answers=given, worried_about="A debt")
    with acting_as(child.worker.pk), pytest.raises(Refused, match="worried"):
        services.answer_screening(
            draft, by=child.worker, version=draft.version, worried_about=" ",
            answers={code: AnswerGiven(answer="none") for code in all_critical(draft)},
        )  # fmt: skip


def test_what_cannot_wait_for_a_tier_is_said_on_each_page_from_the_answer_on(client_for):
    """A sign of sexual exploitation of a child of 12 (ruling on the suggestion)."""
    child = work(born=timezone.localdate() - timedelta(days=12 * 366))
    client, said = client_for(child.worker), "call for a strategy discussion now"
    with acting_as(child.worker.pk):
        draft = services.start_assessment(child.case, by=child.worker, reason="new_concern", concern_on=A_DAY)
        pages = [address("assess_items", child, draft.pk, "A"), address("assessment", child, draft.pk),
                 address("assess_analysis", child, draft.pk), screening(child, draft)]  # fmt: skip
    assert [page for page in pages if said in text(client.get(page))] == []
    with acting_as(child.worker.pk):
        critical = {code: AnswerGiven(answer="none") for code in ("C01", "C02", "C03")}
        services.answer_section(
            draft, by=child.worker, version=draft.version, section="C",
            answers=critical | {"C04": AnswerGiven(answer="suspected", evidence=SEEN)},
        )  # fmt: skip
    for page in pages:
        shown = text(client.get(page))
        assert said in shown, page
        assert "The child is under 13 and a sign of sexual exploitation is recorded (C04)." in shown
        assert f"{address('arrange_meeting', child)}?kind=strategy" in shown


def test_a_school_is_told_to_ring_social_care(child, client_for):
    school = person(Role.EARLY_HELP, TeamFactory(agency=agency(AgencyKind.EDUCATION)))
    give(child.case, school, labels=("core", "plan"))
    with acting_as(school.pk):
        draft = services.start_assessment(child.case, by=school, reason="new_concern", concern_on=A_DAY)
        given = {code: AnswerGiven(answer="none") for code in all_critical(draft)}
        given["K04"] = AnswerGiven(answer="suspected", evidence=SEEN)
        services.answer_screening(draft, by=school, version=draft.version, answers=given, worried_about="Travel")
    shown = text(client_for(school).get(address("assessment", child, draft.pk)))
    assert "K04 calls for a strategy discussion at once." in shown
    assert "Ring children’s social care today." in shown
    assert "meetings/new" not in shown.split("<main", 1)[1]


def test_a_screening_that_finds_slavery_opens_what_must_be_reported(child, draft):
    given = {code: AnswerGiven(answer="none") for code in all_critical(draft)}
    given["K04"] = AnswerGiven(answer="suspected", evidence=SEEN)
    with acting_as(child.worker.pk):
        services.answer_screening(draft, by=child.worker, version=draft.version, answers=given, worried_about="Travel")
        assert MandatoryReport.objects.filter(case=child.case, about=f"assessment:{draft.pk}").exists()


def test_a_review_has_no_screening(child, review, client_for):
    client = client_for(child.worker)
    assert client.get(screening(child, review)).status_code == 404
    assert "Screening" not in text(client.get(address("assessment", child, review.pk)))


# What the file shows already


@pytest.fixture
def known() -> Work:
    """A child with SEND who is looked after."""
    child = work(send="recorded")
    with acting_as(child.worker.pk):
        add_other_plan(child.case, by=child.worker, kind="looked_after", lead="Derby", started_on=date(2024, 3, 3))
    return child


@pytest.fixture
def of_known(known) -> Assessment:
    with acting_as(known.worker.pk):
        return services.start_assessment(known.case, by=known.worker, reason="missing", concern_on=A_DAY)


def test_what_the_file_shows_is_offered_and_confirmed_by_one_act(known, of_known, client_for):
    client, page = client_for(known.worker), address("assess_items", known, of_known.pk, "V")
    shown = client.get(page)
    assert "This file shows: Looked-after child, care plan, since 3 March 2024." in text(shown)
    assert "This file shows: SEND recorded." in text(shown)
    form = FormOnPage(shown)
    assert form.boxes["answer_V04"].values == [], "nothing is answered by itself"
    sent = form.as_it_stands | {"confirm_V04": ["on"], "confirm_V05": ["on"], "rest_none": ["on"]}
    saved = client.post(page, sent)
    assert saved.status_code == 302, errors(saved)
    with acting_as(known.worker.pk):
        found = saved_answers(of_known)
    one = found["V04"]
    assert (one.answer, one.source, one.basis, one.by_section) == ("current", "record", "fact", False)
    assert one.evidence == "Looked-after child, care plan, since 3 March 2024."
    assert (found["V05"].answer, found["V01"].answer) == ("current", "none")
    assert "This file shows" not in text(client.get(page)), "it is answered"


def test_one_act_never_says_no_to_what_the_file_shows(known, of_known, client_for):
    client, page = client_for(known.worker), address("assess_items", known, of_known.pk, "V")
    form = FormOnPage(client.get(page))
    refused = client.post(page, form.as_it_stands | {"rest_none": ["on"]})
    assert errors(refused) == ["The file shows something of these. Answer each by itself: V04, V05."]
    assert {"confirm_V04", "confirm_V05"} <= FormOnPage(refused).boxes.keys(), "what it shows is still offered"
    said_no = form.as_it_stands | {"answer_V04": ["none"], "answer_V05": ["none"], "rest_none": ["on"]}
    assert client.post(page, said_no).status_code == 302, "a person may, one by one"


def test_an_item_is_confirmed_or_answered_and_not_both(known, of_known, client_for):
    client, page = client_for(known.worker), address("assess_items", known, of_known.pk, "V")
    form = FormOnPage(client.get(page))
    both = client.post(page, form.as_it_stands | {"answer_V05": ["none"], "confirm_V05": ["on"]})
    assert errors(both) == ["Choose an answer or confirm what the file shows, not both."]


@pytest.mark.parametrize(("concern_on", "answer"), [(date(2020, 1, 1), "historic"), (None, "current")])
def test_what_was_long_ago_is_offered_as_past(concern_on, answer):
    child = work()
    with acting_as(child.worker.pk):
        for reason, code in (("missing", "A01"), ("arrest", "D06")):
            draft = services.start_assessment(
                child.case, by=child.worker, reason=reason, concern_on=concern_on or timezone.localdate()
            )
            fact = facts_on_record(draft, child.worker, ["A01", "D06", "V04", "V05"])[code]
            assert fact.answer == answer
            services.withdraw_assessment(draft, by=child.worker, version=draft.version)


# Respectful words


def test_words_that_blame_the_child_are_hinted_at_and_saved_as_they_are(child, draft, client_for):
    client, page = client_for(child.worker), address("assess_people", child, draft.pk)
    form = FormOnPage(client.get(page))
    typed = {"people_and_places": ["He puts himself at risk in the park."]}
    kept = client.post(page, form.as_it_stands | typed | {"keep": ["yes"]})
    assert kept.json()["hint"].endswith("Instead of “puts himself at risk” write: is being exploited, or may be.")
    saved = client.post(page, form.as_it_stands | typed, follow=True)
    assert "Instead of “puts himself at risk” write" in text(saved)
    with acting_as(child.worker.pk):
        draft.refresh_from_db()
    assert draft.people_and_places == typed["people_and_places"][0]


def test_the_childs_own_words_are_never_hinted_at(child, draft, client_for):
    client, page = client_for(child.worker), address("assess_voice", child, draft.pk)
    form = FormOnPage(client.get(page))
    kept = client.post(page, form.as_it_stands | {"child_words": ["They call me a money mule."], "keep": ["yes"]})
    assert kept.json()["hint"] == ""


def test_a_page_of_questions_remembers_nothing_of_a_child(client_for):
    """What is the same for every child is printed once for all; what was answered or typed of one is not."""
    one, other = work(), work()
    pages = {}
    for child in (one, other):
        with acting_as(child.worker.pk):
            draft = services.start_assessment(child.case, by=child.worker, reason="review", concern_on=A_DAY)
        pages[child.worker.pk] = section(child, draft)
    client, page = client_for(one.worker), pages[one.worker.pk]
    sent = FormOnPage(client.get(page)).as_it_stands
    sent |= {f"answer_{code}": ["current"] for code in codes("critical")}
    sent |= {f"evidence_{code}": [f"Only of the first child {code}"] for code in codes("critical")}
    wrong = client.post(page, sent | {f"why_{code}": ["Her first school"] for code in codes("critical")})
    assert errors(wrong) == ["Select who told you."]
    assert client.post(page, sent | {"source": ["school"], "source_detail": ["Mr First"]}).status_code == 302
    known = text(client.get(page))
    assert "Only of the first child D01" in known
    assert "Mr First" in known
    fresh = FormOnPage(client_for(other.worker).get(pages[other.worker.pk]))
    assert {name: box.values for name, box in fresh.boxes.items() if name.startswith("answer_") and box.values} == {}
    for words in ("first child", "Mr First", "Her first school"):
        assert words not in text(client_for(other.worker).get(pages[other.worker.pk]))
    again = FormOnPage(client.get(page))
    assert [again.boxes[f"answer_{code}"].values for code in codes("critical")] == [["current"]] * len(
        codes("critical")
    )
