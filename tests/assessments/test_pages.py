"""Pages of assessments and tiers: what they refuse and keep, what two people who save at once are shown, who sees what.

That every form keeps what was typed, whatever it is, is in `tests/matrix/test_whatever_is_typed.py`.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.principal import acting_as
from access.refusals import Refused
from access.views import AT_THE_SAME_MOMENT
from accounts.roles import AGENCY_KINDS, AgencyKind, Role
from assessments import services
from assessments.known_facts import facts_on_record
from assessments.models import Answer, Assessment, TierProposal, ToolkitItem
from assessments.services import AnswerGiven, Evidence
from children.services import add_other_plan
from duties.models import MandatoryReport
from tests.assessments.making import HEARD, Work, work
from tests.factories import TeamFactory, agency, give, person
from tests.matrix.form_on_page import FormOnPage

pytestmark = pytest.mark.django_db

SECTION, A_DAY = "D", date(2020, 1, 1)
SEEN = Evidence(text="Seen by her form tutor.", source="school")
START = {"reason": "new_concern", "concern_on_day": "1", "concern_on_month": "1", "concern_on_year": "2020"}


@pytest.fixture
def child():
    return work(born=date(2011, 6, 14))


@pytest.fixture
def draft(child) -> Assessment:
    with acting_as(child.worker.pk):
        return services.start_assessment(
            child.case, by=child.worker, reason="new_concern", concern_on=A_DAY, sources_used="Visit"
        )


def address(name: str, child, *more) -> str:
    return reverse(name, args=[child.case.pk, *more])


def section(child, draft) -> str:
    return address("assess_items", child, draft.pk, SECTION)


def errors(response) -> list[str]:
    return [sentence for sentence, _ in FormOnPage(response).errors()]


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def codes(weight: str) -> list[str]:
    return list(ToolkitItem.objects.filter(section__code=SECTION, weight=weight).values_list("code", flat=True))


# Starting


def test_one_draft_an_agency_and_the_sentence_says_to_go_on_with_it(child, draft, client_for):
    refused = client_for(child.worker).post(address("start_assessment", child), START)
    assert errors(refused) == ["An assessment is being written already. Go on with that one."]


@pytest.mark.parametrize("kind", sorted(AGENCY_KINDS[Role.EARLY_HELP]))
def test_early_help_writes_its_own_and_learns_nothing_of_social_cares(child, draft, client_for, kind):
    early = person(Role.EARLY_HELP, TeamFactory(agency=agency(kind)))
    give(child.case, early, ["core", "plan"])
    client = client_for(early)
    assert "being written" not in text(client.get(address("assessments", child)))
    assert client.post(address("start_assessment", child), START).status_code == 302
    with acting_as(early.pk):
        assert [one.author for one in Assessment.objects.filter(case=child.case)] == [early]
    assert client.get(address("assessment", child, draft.pk)).status_code == 404
    assert errors(client.post(address("start_assessment", child), START))  # its own is being written already


def test_a_colleague_of_the_same_agency_goes_on_with_it(child, draft, client_for):
    colleague = person(Role.SOCIAL_WORKER)
    give(child.case, colleague)
    shown = text(client_for(colleague).get(address("assessments", child)))
    assert address("assessment", child, draft.pk) in shown


def test_what_the_database_refuses_of_two_at_the_same_moment_is_a_sentence(
    child, draft, client_for, monkeypatch, caplog
):
    def past_the_check(case, *, by, **facts):
        return Assessment.objects.create(
            case=case,
            toolkit=draft.toolkit,
            author=by,
            agency=draft.agency,
            reason="other",
            concern_on=date(2020, 1, 1),
        )

    monkeypatch.setattr(services, "start_assessment", past_the_check)
    refused = client_for(child.worker).post(address("start_assessment", child), START | {"sources_used": "School"})
    assert errors(refused) == [AT_THE_SAME_MOMENT]
    assert FormOnPage(refused).boxes["sources_used"].values == ["School"]
    assert "assessment_one_draft_an_author" in caplog.text
    for told in ("School", str(child.case.pk)):
        assert told not in caplog.text


# A section


def test_a_positive_answer_needs_what_it_rests_on_and_who_said_so(child, draft, client_for):
    client = client_for(child.worker)
    form = FormOnPage(client.get(section(child, draft)))
    (code, *_) = codes("plain")
    sent = (
        form.as_it_stands | {f"answer_{one}": ["none"] for one in codes("critical")} | {f"answer_{code}": ["current"]}
    )
    refused = client.post(section(child, draft), sent)
    assert errors(refused) == [
        "Say what this rests on, here or below for several answers at once.", "Select who told you.",
    ]  # fmt: skip
    assert FormOnPage(refused).boxes[f"answer_{code}"].values == ["current"]
    given = sent | {"evidence": ["Her tutor saw it."], "source": ["school"]}
    assert client.post(section(child, draft), given).status_code == 302
    with acting_as(child.worker.pk):
        assert Answer.objects.get(item__code=code).evidence == "Her tutor saw it."


def test_critical_items_are_asked_one_by_one(child, draft, client_for):
    client = client_for(child.worker)
    form = FormOnPage(client.get(section(child, draft)))
    refused = client.post(section(child, draft), form.as_it_stands | {"rest_none": ["on"]})
    assert errors(refused) == [f"{code}: choose an answer" for code in codes("critical")]


def test_two_who_answer_one_section_are_shown_each_others_answers(child, draft, client_for):
    client, (code, other, *_) = client_for(child.worker), codes("plain")
    form = FormOnPage(client.get(section(child, draft)))
    with acting_as(child.worker.pk):
        services.answer_section(
            draft,
            by=child.worker,
            version=draft.version,
            section=SECTION,
            answers={code: AnswerGiven(answer="current", evidence=SEEN)},
        )
    critical = {f"answer_{one}": ["none"] for one in codes("critical")}
    mine = form.as_it_stands | critical | {
        f"answer_{code}": ["none"], f"answer_{other}": ["historic"], "evidence": ["Mine"], "source": ["child"],
    }  # fmt: skip
    stale = client.post(section(child, draft), mine)
    assert stale.status_code == 409
    shown = FormOnPage(stale)
    assert (shown.boxes[f"answer_{code}"].values, shown.boxes["evidence"].values) == (["none"], ["Mine"])
    body = stale.content.decode()
    assert "Seen by her form tutor." in body
    assert "Present now" in body
    with acting_as(child.worker.pk):
        assert [one.evidence for one in Answer.objects.filter(assessment=draft)] == ["Seen by her form tutor."]
    # Sent again, theirs chosen for the one that differs: mine for the other stays.
    again = mine | {
        "version": shown.boxes["version"].values, "once": [""], f"choose-answer_{code}": ["theirs"],
        f"theirs-answer_{code}": ["current"], f"choose-evidence_{code}": ["theirs"],
        f"theirs-evidence_{code}": ["Seen by her form tutor."],
    }  # fmt: skip
    assert client.post(section(child, draft), again).status_code == 302
    with acting_as(child.worker.pk):
        saved = {one.item.code: (one.answer, one.evidence) for one in Answer.objects.filter(assessment=draft)}
    assert saved[code] == ("current", "Seen by her form tutor.")
    assert saved[other] == ("historic", "Mine")


def test_a_part_that_is_no_part_and_a_draft_of_another_file_are_not_found(child, draft, client_for):
    client, elsewhere = client_for(child.worker), work()
    give(elsewhere.case, child.worker)
    assert client.get(address("assess_items", child, draft.pk, "Z")).status_code == 404
    assert client.get(address("assess_items", elsewhere, draft.pk, SECTION)).status_code == 404


def test_what_was_submitted_is_read_and_no_longer_written(child, client_for):
    proposal, client = child.propose("medium", {"B02": "current"}), client_for(child.worker)
    done = proposal.assessment
    page = address("assess_people", child, done.pk)
    refused = client.post(page, {"version": done.version, "people_and_places": "Somebody new"})
    assert errors(refused) == ["This assessment is submitted and can no longer be changed. Start a new one."]
    assert FormOnPage(refused).boxes["people_and_places"].values == ["Somebody new"]
    leads = client.get(address("assessment", child, done.pk))
    assert leads.headers["Location"] == address("read_assessment", child, done.pk)


# Submitting and deciding


def test_an_assessment_with_gaps_is_not_submitted_and_says_what_is_missing(child, draft, client_for):
    sent = {"version": draft.version, "proposed": "none", "reason": "Calm"}
    refused = client_for(child.worker).post(address("submit_assessment", child, draft.pk), sent)
    assert errors(refused)[0].startswith("The assessment is not complete.")
    assert FormOnPage(refused).boxes["reason"].values == ["Calm"]


def test_a_proposal_that_was_superseded_is_no_longer_decided(child, client_for):
    first = child.propose("medium", {"B02": "current"})
    child.propose("medium", {"B02": "current"})
    sent = {"decided": "medium", "reason": "I agree."}
    refused = client_for(child.manager).post(address("decide_tier", child, first.pk), sent)
    assert len(errors(refused)) == 1
    assert FormOnPage(refused).boxes["reason"].values == ["I agree."]
    with acting_as(child.manager.pk):
        assert TierProposal.objects.get(pk=first.pk).state == TierProposal.State.SUPERSEDED


def test_markup_in_a_childs_words_is_text_wherever_they_are_read(child, draft, client_for):
    with acting_as(child.worker.pk):
        services.write_about(draft, by=child.worker, version=draft.version, child_words="<script>alert(1)</script>")
    for name in ("assess_voice", "read_assessment"):
        shown = text(client_for(child.worker).get(address(name, child, draft.pk)))
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert(1)" not in shown


def test_a_review_shows_what_each_item_was_last_time_and_answers_nothing_by_itself(child, client_for):
    """The choices are empty: what is so now is asked anew."""
    child.propose("medium", {"B02": "current"}, difference_reason="Her aunt")
    child.propose("medium", {"B02": "historic"}, difference_reason="Her aunt")
    with acting_as(child.worker.pk):
        draft = services.start_assessment(child.case, by=child.worker, reason="review", concern_on=A_DAY)
    client = client_for(child.worker)
    page = client.get(address("assess_items", child, draft.pk, "B"))
    shown = text(page)
    assert shown.count("Last time, ") == shown.count('<div class="app-question">')
    assert "In the past: Seen by her form tutor." in shown
    assert "Present now: Seen" not in shown, "of the latest alone"
    assert FormOnPage(page).boxes["answer_B02"].values == []


def test_a_first_assessment_speaks_of_no_last_time(child, draft, client_for):
    assert "Last time" not in text(client_for(child.worker).get(section(child, draft)))


@pytest.fixture
def review(child) -> Assessment:
    """Of section B: B02 in the past, B03 suspected, the rest not present when it was last assessed."""
    child.propose("medium", {"B02": "historic", "B03": "suspected"}, difference_reason="Her aunt")
    with acting_as(child.worker.pk):
        return services.start_assessment(child.case, by=child.worker, reason="review", concern_on=A_DAY)


def critical_answered(page) -> dict[str, str]:
    """Each critical item of a section answered "not present": they are asked one by one."""
    form = FormOnPage(page)
    codes = [name.removeprefix("why_") for name in form.boxes if name.startswith("why_")]
    return {name: values[0] for name, values in form.as_it_stands.items()} | {
        f"answer_{code}": "none" for code in codes
    }


def test_one_act_says_that_the_rest_is_as_it_was_with_what_it_rested_on(child, review, client_for):
    client, page = client_for(child.worker), address("assess_items", child, review.pk, "B")
    sent = critical_answered(client.get(page))
    saved = client.post(page, sent | {"rest_same": "on"})
    assert saved.status_code == 302, errors(saved)
    with acting_as(child.worker.pk):
        found = {one.item.code: one for one in Answer.objects.filter(assessment=review).select_related("item")}
    assert len(found) == ToolkitItem.objects.filter(section__code="B", section__toolkit=review.toolkit).count()
    for code, answer in (("B02", "historic"), ("B03", "suspected")):
        if f"answer_{code}" not in sent:
            one = found[code]
            assert (one.answer, one.evidence, one.source, one.by_section) == (answer, HEARD.text, "record", True)
            assert one.source_detail.startswith("CRE assessment of ")


def test_what_was_present_last_time_is_never_present_again_by_one_act(child, client_for):
    child.propose("medium", {"B02": "current"}, difference_reason="Her aunt")
    with acting_as(child.worker.pk):
        draft = services.start_assessment(child.case, by=child.worker, reason="review", concern_on=A_DAY)
    client, page = client_for(child.worker), address("assess_items", child, draft.pk, "B")
    refused = client.post(page, critical_answered(client.get(page)) | {"rest_same": "on"})
    assert errors(refused) == ["Present last time, so a fresh source is needed. Answer each: B02."]


def test_the_rest_is_either_not_known_or_as_it_was(child, review, client_for):
    client, page = client_for(child.worker), address("assess_items", child, review.pk, "B")
    sent = critical_answered(client.get(page)) | {"rest_same": "on", "rest_none": "on"}
    assert errors(client.post(page, sent)) == [
        "Choose either that nothing else is known, or that it is as it was last time."
    ]
    with acting_as(child.worker.pk), pytest.raises(Refused, match="either"):
        services.answer_section(
            review, by=child.worker, version=review.version, section="B", answers={}, rest_none=True, rest_same=True
        )


def test_nothing_is_as_it_was_where_there_was_no_last_time(child, draft):
    codes = ToolkitItem.objects.filter(section__code=SECTION, weight="critical").values_list("code", flat=True)
    with acting_as(child.worker.pk), pytest.raises(Refused, match="were not asked last time"):
        services.answer_section(
            draft, by=child.worker, version=draft.version, section=SECTION, rest_same=True,
            answers={code: AnswerGiven(answer="none") for code in codes},
        )  # fmt: skip


def test_a_critical_item_is_asked_in_a_review_too(child, review):
    section = ToolkitItem.objects.filter(weight="critical").first().section.code
    with acting_as(child.worker.pk), pytest.raises(Refused, match="Answer each critical item by itself"):
        services.answer_section(
            review, by=child.worker, version=review.version, section=section, answers={}, rest_same=True
        )


def test_how_the_tier_has_moved_is_a_line_and_the_same_words(child, client_for):
    client, page = client_for(child.worker), address("assessments", child)
    child.decide(child.propose("medium", {"B02": "current"}, difference_reason="Her aunt"))
    assert "<polyline" not in text(client.get(page)), "one tier is no line"
    child.decide(child.propose("high", {"B02": "current"}, difference_reason="Her aunt"))
    shown = text(client.get(page))
    assert 'aria-label="Medium, then High, which is in effect"' in shown
    assert 'points="0,12 16,12 16,4 32,4 "' in shown


def test_protective_factors_alone_do_not_lower_a_tier_while_a_critical_item_is_present(child, client_for):
    child.decide(child.propose("high", {"D02": "current"}))
    proposal = child.propose("medium", {"D02": "current"}, difference_reason="Her aunt")
    client, page = client_for(child.manager), address("decide_tier", child, proposal.pk)
    shown = client.get(page)
    assert "Critical and present now: D02" in text(shown)
    sent = FormOnPage(shown).as_it_stands | {
        "decided": ["medium"], "reason": ["Her aunt"], "second_decider": [str(child.cpm.pk)], "protective_only": ["on"],
    }  # fmt: skip
    refused = client.post(page, sent)
    assert "protective factors alone cannot lower" in errors(refused)[0]
    assert FormOnPage(refused).boxes["protective_only"].values == ["on"]
    assert client.post(page, sent | {"override_reason": ["She has moved away"], "once": [""]}).status_code == 302


def test_of_a_first_tier_nothing_is_lowered(child, client_for):
    proposal = child.propose("medium", {"D02": "current"}, difference_reason="Her aunt")
    assert (
        "protective_only"
        not in FormOnPage(client_for(child.manager).get(address("decide_tier", child, proposal.pk))).boxes
    )


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
    assert "The child, fact, first seen summer 2026, last seen 3 November. Never given to the family." in text(
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
                 address("submit_assessment", child, draft.pk), screening(child, draft)]  # fmt: skip
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
