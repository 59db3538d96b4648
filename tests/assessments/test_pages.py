"""Pages of assessments and tiers: what they refuse and keep, what two people who save at once are shown, who sees what.

That every form keeps what was typed, whatever it is, is in `tests/matrix/test_whatever_is_typed.py`.
"""

from datetime import date

import pytest

from access.principal import acting_as
from access.refusals import Refused
from access.views import AT_THE_SAME_MOMENT
from accounts.roles import AGENCY_KINDS, Role
from assessments import services
from assessments.models import Answer, Assessment, TierProposal, ToolkitItem
from assessments.services import AnswerGiven
from tests.assessments.making import HEARD, work
from tests.assessments.pages import A_DAY, ANALYSIS, SECTION, SEEN, START, address, codes, errors, section, text
from tests.factories import TeamFactory, agency, give, person
from tests.matrix.form_on_page import FormOnPage

pytestmark = pytest.mark.django_db


# Starting


def test_one_draft_an_agency_and_the_sentence_says_to_go_on_with_it(child, draft, client_for):
    refused = client_for(child.worker).post(address("start_assessment", child), START)
    assert errors(refused) == ["An assessment is being written already. Go on with that one."]
    assert f'{address("assessment", child, draft.pk)}">Go on with it' in text(
        client_for(child.worker).get(address("start_assessment", child))
    )


def test_a_draft_is_read_by_a_manager_who_is_offered_no_page_they_may_not_open(child, draft, client_for):
    reads, writes = client_for(child.manager), client_for(child.worker)
    listed, read = address("assessments", child), address("read_assessment", child, draft.pk)
    task_list = f'href="{address("assessment", child, draft.pk)}"'
    assert read in text(reads.get(listed))
    for page in (listed, read):
        assert task_list not in text(reads.get(page))
        assert task_list in text(writes.get(page))


def test_a_list_links_to_an_assessment_with_its_reason(child, client_for):
    client, page = client_for(child.worker), address("start_assessment", child)

    def stands(asked):
        return FormOnPage(client.get(page, {"reason": asked})).boxes["reason"].values

    assert stands("review") == ["review"]
    assert stands("nonsense") == stands("") != ["nonsense"]


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
    sent = {"version": draft.version, "proposed": "none", "reason": "Calm"} | ANALYSIS
    refused = client_for(child.worker).post(address("assess_analysis", child, draft.pk), sent)
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
