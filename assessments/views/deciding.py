"""The manager's decision, the Child Protection Manager's answer, and the list of what waits for either."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from access.views import CaseListView
from accounts.models import User
from assessments import forms
from assessments.content import Content, critical_present, read_together
from assessments.decisions.guard import low_facts
from assessments.decisions.objections import why_not_agree, why_not_answer, why_not_decide, why_settled
from assessments.decisions.services import answer_low, decide_tier, send_back
from assessments.differences import FOUND, differences
from assessments.models import (
    NO_CONCERN,
    TIERS_OR_NONE,
    EffectiveTier,
    SupportingAssessment,
    TierDecision,
    TierProposal,
)
from assessments.presenters import (
    difference_tables,
    positive_rows,
    proposal_rows,
    protective_rows,
    supporting_row,
    tier_row,
    tier_word,
    unknown_rows,
    voice_row,
    waiting_row,
)
from assessments.selectors import (
    assessment_before,
    children_on,
    matters_waiting,
    proposals_waiting,
    second_deciders,
    supporting_of,
    tier_history,
)
from assessments.views.base import discussion
from children.views.base import ChildFormPage
from offer.low_tier import CPMOutcome, protection_grounds

LAST_TIERS = 4
LOW_OR_NONE = ("low", NO_CONCERN)
WAITS_FOR_CPM = "Waits for a Child Protection Manager. Until one agrees, the child is at least medium."


class Deciding(ChildFormPage):
    """What a decider reads before they decide: what was found, the child's words, the rules that apply."""

    asks = (Action.VIEW_TIER, Action.ARRANGE_MEETING)
    back_to = "assessments"

    @cached_property
    def tiers(self) -> list[EffectiveTier]:
        """The last ones, the newest first."""
        return list(tier_history(self.case, self.person)[:LAST_TIERS])

    def about(self, content: Content) -> dict[str, Any]:
        found = positive_rows(content)
        return {
            "harm": found["harm"],
            "vulnerability": found["vulnerability"] + found["context"],
            "unknown": unknown_rows(content),
            **discussion(self, content),
            "protective": protective_rows(content),
            "voice": voice_row(content.assessment),
            "tiers": [tier_row(one) for one in self.tiers],
        }

    def grounds_on(self, content: Content, manager: int) -> tuple[str, ...]:
        """What protects this child from being low; no assessment and no answer takes that away."""
        facts = low_facts(
            content, self.child, manager=manager, decided_on=timezone.localdate(), supporting=(), agreements=()  # type: ignore[arg-type]
        )  # fmt: skip
        return protection_grounds(facts)


class DecideTier(Deciding):
    action = Action.DECIDE_TIER
    form_class = forms.DecideForm
    template_name = "assessments/decide.jinja"
    title = "Decide the tier"
    button = "Record decision"

    @cached_property
    def proposal(self) -> TierProposal:
        found: TierProposal = self.record(TierProposal, Action.DECIDE_TIER, "proposal", "assessment", "author")
        return found

    @cached_property
    def before(self) -> Content | None:
        earlier = assessment_before(self.proposal.assessment, self.person)
        return Content(earlier) if earlier else None

    @cached_property
    def content(self) -> Content:
        proposed = Content(self.proposal.assessment)
        if self.before:
            read_together(self.before, proposed)
        return proposed

    @cached_property
    def grounds(self) -> tuple[str, ...]:
        return self.grounds_on(self.content, self.person.pk)

    @cached_property
    def current(self) -> EffectiveTier | None:
        """The tier in effect, unless it is only a floor: from that nothing is lowered."""
        return next((one for one in self.tiers if one.until_at is None and not one.provisional), None)

    @property
    def is_high(self) -> bool:
        return bool(self.current and self.current.tier == "high")

    def form_options(self) -> dict[str, Any]:
        proposed = self.proposal.proposed
        agree = (proposed, f"Agree: {tier_word(proposed)}")
        others = [(key, f"Different: {text}") for key, text in TIERS_OR_NONE if key != proposed]
        second = [(str(one.pk), f"{one.name}, {one.job_title}") for one in second_deciders()] if self.is_high else []
        may_lower = bool(self.current and self.current.tier != NO_CONCERN)
        return {
            "choices": [agree, *others, (forms.SEND_BACK, "Send back with a question")],
            "second": second,
            "proposed": proposed,
            "critical": critical_present(self.content) if may_lower else [],
            "hints": dict.fromkeys(LOW_OR_NONE, WAITS_FOR_CPM) if self.grounds else {},
            "closed": self.closed(),
        }

    def closed(self) -> dict[str, str]:
        """The decisions that cannot be made, each with the reason."""
        settled, not_theirs = why_settled(self.proposal), why_not_decide(self.proposal, self.person)
        tiers = dict.fromkeys((key for key, _ in TIERS_OR_NONE), not_theirs) if not_theirs else {}
        return tiers | ({forms.SEND_BACK: settled} if settled else {})

    def context(self) -> dict[str, Any]:
        content = self.content
        return {
            **super().context(),
            **self.about(content),
            "proposal": proposal_rows(self.proposal),
            "grounds": self.grounds,
            "is_high": self.is_high,
            "changes": self.changes(),
            "read": reverse("read_assessment", args=[self.case.pk, content.assessment.pk]),
            "compare": reverse("compare_assessments", args=[self.case.pk, content.assessment.pk]),
        }

    def changes(self) -> list[dict[str, Any]]:
        """What a tier rests on and is not as it was in the assessment before: a table for each part."""
        now, then = self.content, self.before
        if then is None:
            return []
        found = (one for one in differences(then, now) if one.part in FOUND)
        return difference_tables(found, then.assessment, now.assessment)

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        if cleaned["decided"] == forms.SEND_BACK:
            send_back(self.proposal, by=self.person, question=cleaned["reason"])
            self.success_message = "The proposal is sent back with your question."
            return self.back_url()
        second = cleaned.get("second_decider")
        decision = decide_tier(
            self.proposal, by=self.person, decided=cleaned["decided"], reason=cleaned["reason"],
            override=cleaned["override"], second_decider=User.objects.get(pk=second) if second else None,
            protective_factors_only=cleaned.get("protective_only", False),
            override_reason=cleaned.get("override_reason", ""),
        )  # fmt: skip
        waits = " It waits for a Child Protection Manager; until then the child is at least medium."
        self.success_message = f"Decided: {tier_word(decision.decided)}.{waits if decision.waits_for_cpm else ''}"
        return self.back_url()


class AnswerLow(Deciding):
    action = Action.ANSWER_LOW
    form_class = forms.AnswerLowForm
    template_name = "assessments/answer_low.jinja"
    title = "Agree that this child is low?"
    button = "Record answer"

    @cached_property
    def decision(self) -> TierDecision:
        found: TierDecision = self.record(
            TierDecision, Action.VIEW_TIER_REASONS, "decision", "assessment", "decided_by", "proposal__author"
        )
        return found

    @cached_property
    def content(self) -> Content:
        return Content(self.decision.assessment)

    @cached_property
    def supporting(self) -> list[SupportingAssessment]:
        return list(supporting_of(self.case, self.person))

    def form_options(self) -> dict[str, Any]:
        return {"closed": self.closed()}

    def closed(self) -> dict[str, str]:
        """The answers that cannot be given, each with the reason."""
        if not_theirs := why_not_answer(self.decision, self.person):
            return dict.fromkeys((one.name.lower() for one in CPMOutcome), not_theirs)
        not_yet = why_not_agree(self.decision, self.content, self.child, self.supporting, by=self.person)  # type: ignore[arg-type]
        return {CPMOutcome.AGREED.name.lower(): not_yet} if not_yet else {}

    def context(self) -> dict[str, Any]:
        decision, content = self.decision, self.content
        return {
            **super().context(),
            **self.about(content),
            "proposal": proposal_rows(decision.proposal),
            "decision": decision,
            "decided": tier_word(decision.decided),
            "grounds": decision.grounds or self.grounds_on(content, decision.decided_by_id),
            "supporting": [
                supporting_row(one, may_assess=False, may_authorise=False, asker=self.person.pk)
                for one in self.supporting
            ],
            "read": reverse("read_assessment", args=[self.case.pk, content.assessment.pk]),
            "compare": reverse("compare_assessments", args=[self.case.pk, content.assessment.pk]),
        }

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        named = [one for one in self.supporting if one.kind in cleaned["names"]]
        answer = answer_low(
            self.decision, by=self.person, outcome=cleaned["outcome"], reason=cleaned["reason"], names=cleaned["names"],
            supporting=named, sufficient_because=cleaned["sufficient_because"], required_tier=cleaned["required_tier"],
            more_needed=cleaned["more_needed"],
        )  # fmt: skip
        self.success_message = f"Recorded: {answer.get_outcome_display().lower()}."
        return self.back_url()


class DecisionsWaiting(CaseListView):
    """Proposals for a manager, and decisions of low for a Child Protection Manager, the oldest first."""

    action = Action.VIEW_DECISIONS
    template_name = "assessments/waiting.jinja"
    rows: list[dict[str, Any]]

    def context(self) -> dict[str, Any]:
        proposals, matters = list(proposals_waiting(self.person)), list(matters_waiting(self.person))
        self.cases = [one.case_id for one in (*proposals, *matters)]
        children = children_on(self.cases, self.person)
        to_decide = [
            waiting_row(
                one, str(children.get(one.case_id, "A child")), to=reverse("decide_tier", args=[one.case_id, one.pk]),
                what=f"{tier_word(one.proposed).capitalize()} proposed by {one.author.name}", since=one.submitted_at,
            )
            for one in proposals
        ]  # fmt: skip
        to_answer = [
            waiting_row(
                one, str(children.get(one.case_id, "A child")),
                to=reverse("answer_low", args=[one.case_id, one.decision_id]),
                what=one.get_opened_because_display(), since=one.opened_at,
            )
            for one in matters
        ]  # fmt: skip
        return {"title": "Decisions waiting", "to_decide": to_decide, "to_answer": to_answer, "now": timezone.now()}

    def listed(self) -> list[UUID]:
        return list(dict.fromkeys(self.cases))
