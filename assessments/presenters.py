"""From an assessment to what its pages show: no score, harm apart from vulnerability, every decision with its who."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from assessments.content import Content, missing
from assessments.differences import Difference
from assessments.forms import ANSWER_WORDS
from assessments.known_facts import KnownFact
from assessments.models import (
    NO_CONCERN,
    Answer,
    Assessment,
    CPMAgreement,
    CPMMatter,
    EffectiveTier,
    SupportingAssessment,
    TierDecision,
    TierProposal,
    ToolkitSection,
    UnsavedPart,
)
from assessments.services import POSITIVE, PRESENT
from offer.language import kinder_words
from offer.levels import Tier
from offer.low_tier import AssessmentKind
from ui.dates import long_date, short_moment

TYPED = "You typed this on {}. Open it and save it."
TO_DO, NOT_SAVED = {"text": "To do", "colour": "blue"}, {"text": "Not saved", "colour": "yellow"}
POINTS = 12  # of the line that shows how a tier has moved
TIER_ORDER = (NO_CONCERN, *(tier.name.lower() for tier in Tier))
TAGS = {"low": ("Low", "green"), "medium": ("Medium", "orange"), "high": ("High", "red")}
# What is written in words, in the order of the form; the sections of items stand between voice and the protective.
SCREENING = ("screening", "CRE screening, ten minutes", "assess_screening")
FIRST = (("start", "Why, and from what sources", "assess_start"), ("voice", "The child’s own words", "assess_voice"),
         ("types", "Types of exploitation", "assess_types"))  # fmt: skip
LAST = (
    ("protective", "Protective factors", "assess_protective"),
    ("people", "Family, people, places and online", "assess_people"),
    ("analysis", "Analysis and proposed tier", "assess_analysis"),
)


def tier_tag(tier: str, *, provisional: bool = False) -> dict[str, str]:
    """A tier as a tag: the word carries the meaning."""
    text, colour = TAGS.get(tier, ("No current concern", "grey"))
    return {"text": f"{text} (provisional)" if provisional else text, "colour": colour}


def tier_word(tier: str) -> str:
    return "no current concern" if tier == NO_CONCERN else Tier[tier.upper()].value


def parts_of(content: Content) -> list[tuple[str, str, str]]:
    """The parts of an assessment in their order: key, title, address. Of the answers nothing is read for it."""
    draft = content.assessment
    first = (SCREENING, *FIRST) if content.begins_with_screening else FIRST
    words = [(key, title, reverse(name, args=[draft.case_id, draft.pk])) for key, title, name in first]
    codes = dict.fromkeys(item.section for item in content.asked)
    items = [(one.code, one.title, reverse("assess_items", args=[draft.case_id, draft.pk, one.code])) for one in codes]
    rest = [(key, title, reverse(name, args=[draft.case_id, draft.pk])) for key, title, name in LAST]
    return [*words, *items, *rest]


def task_list(content: Content, unsaved: Mapping[str, UnsavedPart]) -> list[dict[str, Any]]:
    """The parts, each with what is missing in it; and with what whoever looks has typed there and not saved."""
    left: dict[str, list[str]] = {key: [TYPED.format(short_moment(one.kept_at))] for key, one in unsaved.items()}
    if content.begins_with_screening and not content.is_screened:
        left.setdefault(SCREENING[0], []).append("The critical items on one page: the start of the full assessment.")
    for one in missing(content):
        left.setdefault(one.section, []).append(one.sentence)
    return [
        {
            "key": key,
            "text": title,
            "href": href,
            "hint": " ".join(left.get(key, ())),
            "done": "" if key in left else "Complete",
            "tag": (NOT_SAVED if key in unsaved else TO_DO) if key in left else None,
        }
        for key, title, href in parts_of(content)
    ]


def progress(tasks: Iterable[dict[str, Any]]) -> str:
    done = list(tasks)
    return f"{sum(bool(task['done']) for task in done)} of {len(done)} parts complete"


def positive_rows(content: Content) -> dict[str, list[dict[str, str]]]:
    """What was found, harm happening now apart from vulnerability and context."""
    found: dict[str, list[dict[str, str]]] = {kind.value: [] for kind in ToolkitSection.Kind}
    for item in content.asked:
        one = content.answers.get(item.pk)
        if one and one.answer in POSITIVE:
            sign = {"critical": "Critical. ", "significant": "Significant. "}.get(item.weight, "")
            found[item.section.kind].append(
                {
                    "key": f"{item.code} {item.label}",
                    "value": f"{ANSWER_WORDS[one.answer]}: {one.evidence}",
                    "note": f"{sign}{source_words(one)}",
                }
            )
    return found


def source_words(one: Answer) -> str:
    """Who told us of an answer, how sure it is, and when it was seen."""
    seen = ((f"first seen {one.first_seen}", one.first_seen), (f"last seen {one.last_seen}", one.last_seen))
    told = [one.get_source_display(), one.source_detail, one.get_basis_display().lower()]
    said = ", ".join([part for part in told if part] + [words for words, is_known in seen if is_known])
    return f"{said}. Not for the family." if one.restricted else said


def last_time(one: Answer) -> str:
    """What an item was answered in the assessment before, as a sentence beside the empty choices."""
    said = ANSWER_WORDS[one.answer] + (f": {one.evidence}" if one.evidence else "")
    return f"Last time, {long_date(one.assessment.submitted_at)}: {said}"


def language_hint(texts: Iterable[str]) -> str:
    """What to write instead of words that blame the child; empty if there are none. A hint: nothing is refused."""
    found = kinder_words("\n".join(texts))
    advice = " ".join(f"Instead of “{phrase}” write: {instead}." for phrase, instead in found.items())
    return f"Some words may blame the child, unless you quote somebody. {advice}" if found else ""


def offered(fact: KnownFact) -> str:
    """What the file shows of an item, beside its choices."""
    return f"This file shows: {fact.words}"


def screened(content: Content) -> str:
    """What a screening found, and what to do now."""
    found = [item.code for item in content.critical if content.answers[item.pk].answer in PRESENT]
    if found:
        many = "item is" if len(found) == 1 else "items are"
        return (
            f"The screening is saved: {len(found)} critical {many} present or suspected ({', '.join(found)}). "
            "Go on with the full assessment, and ask today whether a strategy discussion is needed."
        )
    return "The screening is saved: no critical item is present or suspected. Go on with the full assessment."


def unknown_rows(content: Content) -> list[dict[str, str]]:
    """What is not known yet: something to find out, never a no."""
    return [
        {"key": f"{item.code} {item.label}", "value": content.answers[item.pk].not_known_because or "Find out"}
        for item in content.asked
        if item.pk in content.answers and content.answers[item.pk].answer == "not_known"
    ]


def protective_rows(content: Content) -> list[dict[str, str]]:
    codes = {item.pk: item for item in content.items}
    return [
        {"key": codes[one.item_id].label, "value": one.get_strength_display(), "note": one.evidence}
        for one in sorted(content.protective.values(), key=lambda one: codes[one.item_id].place)
    ]


def carer_rows(content: Content) -> list[dict[str, str]]:
    names = {person.pk: person.name for person in content.carers}
    return [
        {"key": names.get(one.person_id, "A carer"), "value": one.view or one.get_not_asked_display()}
        for one in content.carer_views.values()
    ]


def written_rows(assessment: Assessment) -> list[dict[str, str]]:
    rows = [
        ("Reason", assessment.get_reason_display()),
        ("Date of the concern", long_date(assessment.concern_on)),
        ("Sources", assessment.sources_used),
        ("Agencies asked", assessment.agencies_consulted),
        ("People, places and online", assessment.people_and_places),
        ("What we are worried about", assessment.worried_about),
        ("What is working well", assessment.working_well),
        ("What would make it worse", assessment.would_make_worse),
        ("What we do not know yet", assessment.not_known_yet),
        ("Threshold level met", assessment.threshold_level),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def voice_row(assessment: Assessment) -> dict[str, str]:
    if assessment.voice == Assessment.Voice.NOT_SEEN:
        return {"words": "", "note": f"Not heard yet: {assessment.voice_missing_because}"}
    seen = assessment.get_voice_display().lower()
    return {"words": assessment.child_words, "note": f"{seen}, {long_date(assessment.voice_on)}" if seen else ""}


def assessment_name(assessment: Assessment) -> dict[str, str]:
    """Why and when an assessment was made: how it is told from others of the child."""
    at = long_date(assessment.submitted_at or assessment.started_at)
    return {"text": f"{assessment.get_reason_display()}, {at}"}


def difference_tables(found: Iterable[Difference], then: Assessment, now: Assessment) -> list[dict[str, Any]]:
    """What differs, a table for each part."""
    parts: dict[str, list[list[str]]] = {}
    for one in found:
        parts.setdefault(one.part, []).append([one.what, one.before, one.after])
    headings = ["What", f"Before: {assessment_name(then)['text']}", f"After: {assessment_name(now)['text']}"]
    return [{"title": part, "headings": headings, "rows": rows} for part, rows in parts.items()]


def assessment_row(assessment: Assessment, *, may_assess: bool) -> dict[str, Any]:
    """One assessment in the list: a draft is gone on with by whoever may, and read by everybody else."""
    draft = assessment.state == Assessment.State.DRAFT
    name = "assessment" if draft and may_assess else "read_assessment"
    proposal = getattr(assessment, "proposal", None)
    return {
        "href": reverse(name, args=[assessment.case_id, assessment.pk]),
        **assessment_name(assessment),
        "by": f"{assessment.author.name}, {assessment.agency.name}",
        "state": assessment.get_state_display(),
        "proposed": f"{tier_word(proposal.proposed)}; {proposal.get_state_display().lower()}" if proposal else "",
        "toolkit": str(assessment.toolkit),
    }


def supporting_row(one: SupportingAssessment, *, may_assess: bool, may_authorise: bool, asker: int) -> dict[str, Any]:
    """A supporting assessment, with what can be done with it now."""
    State = SupportingAssessment.State  # noqa: N806 -- a short name for a class
    links = []
    if may_assess and one.state == State.IN_PROGRESS:
        links += [("Complete", "complete_supporting"), ("Will not be completed", "end_supporting")]
    if may_authorise and one.state == State.COMPLETED and one.author_id != asker:
        links.append(("Authorise", "authorise_supporting"))
    done = long_date(one.authorised_on or one.completed_on) if (one.authorised_on or one.completed_on) else ""
    by = f"Authorised by {one.authorised_by.name}. " if one.authorised_by else ""
    return {
        "title": f"{AssessmentKind[one.kind.upper()].value}",
        "rows": [
            {"key": "State", "value": one.get_state_display(), "note": f"{by}{done}"},
            {"key": "Counted from", "value": short_moment(one.started_at), "note": f"Author: {one.author.name}"},
            *([{"key": "What it found", "value": one.summary}] if one.summary else []),
            *([{"key": "Why not", "value": one.end_reason}] if one.end_reason else []),
        ],
        "actions": [{"text": text, "href": reverse(name, args=[one.case_id, one.pk])} for text, name in links],
    }


def tier_row(row: EffectiveTier) -> list[str]:
    """A line of the tier's history."""
    tag = tier_tag(row.tier, provisional=row.provisional)["text"]
    until = long_date(row.until_at) if row.until_at else "now"
    return [tag, f"{long_date(row.from_at)} to {until}", f"{row.get_cause_display()}: {row.set_by.name}"]


def tier_line(newest_first: Sequence[EffectiveTier]) -> dict[str, Any] | None:
    """How the tier has moved, as a line and in the same words; None where it has not."""
    shown = list(reversed(newest_first[:POINTS]))
    if len(shown) < 2:
        return None
    levels = [TIER_ORDER.index(one.tier) for one in shown]
    words = ", then ".join(tier_tag(one.tier, provisional=one.provisional)["text"] for one in shown)
    return {"levels": levels, "label": f"{words}, which is in effect" if shown[-1].until_at is None else words}


def decision_item(decision: TierDecision) -> dict[str, Any]:
    """A manager's decision, as an event."""
    second = f" {decision.second_decider.name} agreed." if decision.second_decider else ""
    changed = f" Changed from the proposal: {decision.get_override_display().lower()}." if decision.override else ""
    waits = " Waits for a Child Protection Manager." if decision.waits_for_cpm else ""
    return {
        "title": f"Decided: {tier_word(decision.decided)}",
        "by": decision.decided_by.name,
        "at": decision.decided_at,
        "text": f"{decision.reason}{second}{changed}{waits}",
    }


def cpm_item(answer: CPMAgreement) -> dict[str, Any]:
    """A Child Protection Manager's answer, as an event."""
    named = ", ".join(AssessmentKind[name.upper()].value for name in answer.names)
    more = [f"Agreed: {named}." if named else "", answer.sufficient_because, answer.more_needed]
    tier = f" Required: {tier_word(answer.required_tier)}." if answer.required_tier else ""
    return {
        "title": f"Child Protection Manager: {answer.get_outcome_display().lower()}",
        "by": answer.decided_by.name,
        "at": answer.decided_at,
        "text": " ".join(part for part in (answer.reason, *more) if part) + tier,
    }


def proposal_rows(proposal: TierProposal) -> list[dict[str, str]]:
    """What is proposed, beside what the answers suggest. No score: reasons, item by item."""
    at = short_moment(proposal.submitted_at)
    rows = [
        {"key": "Proposed", "value": tier_word(proposal.proposed), "note": f"by {proposal.author.name}, {at}"},
        {"key": "The worker’s judgement", "value": proposal.reason},
        {"key": "The answers suggest", "value": proposal.suggestion, "note": " ".join(proposal.reasons)},
    ]  # fmt: skip
    if proposal.difference_reason:
        rows.append({"key": "Why it differs", "value": proposal.difference_reason})
    if proposal.question:
        rows.append({"key": "Sent back with a question", "value": proposal.question})
    return rows


def waiting_row(record: TierProposal | CPMMatter, child: str, *, to: str, what: str, since: Any) -> dict[str, Any]:
    return {"child": child, "reference": record.case.reference, "href": to, "what": what, "since": since}
