"""Assessments and tiers of a file, one assessment, and the assessments that support it."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from access.standing import standing_of
from assessments import forms, services
from assessments.content import Content, read_together
from assessments.differences import differences
from assessments.models import Assessment, SupportingAssessment
from assessments.presenters import (
    assessment_name,
    assessment_row,
    carer_rows,
    cpm_item,
    decision_item,
    difference_tables,
    positive_rows,
    proposal_rows,
    protective_rows,
    supporting_row,
    tier_line,
    tier_row,
    unknown_rows,
    voice_row,
    written_rows,
)
from assessments.selectors import (
    answers_of_cpm,
    assessments_of,
    decisions_of,
    open_matter,
    supporting_of,
    tier_history,
    types_in_words,
)
from assessments.views.base import AssessmentPage
from children.views.base import ChildFormPage, ChildPage, facts


class Assessments(ChildPage):
    """Every assessment, how the tier has moved and why, and what waits."""

    action = Action.VIEW_ASSESSMENTS
    asks = (Action.ASSESS, Action.AUTHORISE_ASSESSMENT, Action.VIEW_TIER, Action.VIEW_TIER_REASONS,
            Action.DECIDE_TIER, Action.ANSWER_LOW)  # fmt: skip
    template_name = "assessments/assessments.jinja"

    def context(self) -> dict[str, Any]:
        case, person, allowed = self.case, self.person, self.allowed
        may_assess, may_authorise = Action.ASSESS in allowed, Action.AUTHORISE_ASSESSMENT in allowed
        made = list(assessments_of(case, person))
        own = standing_of(person).agency_ids
        draft = next((one for one in made if one.state == Assessment.State.DRAFT and one.agency_id in own), None)
        waiting = next(
            (one.proposal for one in made if getattr(one, "proposal", None) and one.proposal.state == "waiting"), None
        )
        matter = open_matter(case, person)
        tiers = list(tier_history(case, person))
        history = [*map(decision_item, decisions_of(case, person)), *map(cpm_item, answers_of_cpm(case, person))]
        return {
            **super().context(),
            "title": "Assessments and tier",
            "assessments": [assessment_row(one, may_assess=may_assess) for one in made],
            "supporting": [
                supporting_row(one, may_assess=may_assess, may_authorise=may_authorise, asker=person.pk)
                for one in supporting_of(case, person)
            ],
            "tiers": [tier_row(one) for one in tiers],
            "line": tier_line(tiers),
            "history": sorted(history, key=lambda item: item["at"], reverse=True),
            "may_assess": may_assess,
            "draft": draft,
            "decide": self._decide(waiting),
            "matter": matter,
            "answer": self._answer(matter),
        }

    def _decide(self, waiting: Any) -> str:
        may = waiting and Action.DECIDE_TIER in self.allowed
        return reverse("decide_tier", args=[self.case.pk, waiting.pk]) if may else ""

    def _answer(self, matter: Any) -> str:
        may = matter and matter.decision_id and Action.ANSWER_LOW in self.allowed
        return reverse("answer_low", args=[self.case.pk, matter.decision_id]) if may else ""


class ReadAssessment(AssessmentPage):
    """An assessment as it was submitted, under its own version of the toolkit."""

    asks = (Action.ASSESS,)
    template_name = "assessments/read.jinja"

    def context(self) -> dict[str, Any]:
        proposal = getattr(self.assessment, "proposal", None)
        found = positive_rows(self.content)
        return {
            **super().context(),
            "title": "CRE assessment",
            "assessment": self.assessment,
            "may_write": Action.ASSESS in self.allowed and self.assessment.state == Assessment.State.DRAFT,
            "voice": voice_row(self.assessment),
            "harm": found["harm"],
            "vulnerability": found["vulnerability"],
            "around": found["context"],
            "unknown": unknown_rows(self.content),
            "protective": protective_rows(self.content),
            "carers": carer_rows(self.content),
            "written": written_rows(self.assessment),
            "types": types_in_words(self.assessment),
            "proposal": proposal_rows(proposal) if proposal else [],
            "compare": reverse("compare_assessments", args=[self.case.pk, self.assessment.pk]),
        }


class CompareAssessments(AssessmentPage):
    """What is not the same in this assessment and in another of the child: the one before it, unless one is chosen."""

    template_name = "assessments/compare.jinja"

    def context(self) -> dict[str, Any]:
        made = [one for one in assessments_of(self.case, self.person) if one.pk != self.assessment.pk]
        other = self._other(made)
        return {
            **super().context(),
            "title": "What has changed",
            "this": self.assessment,
            "other": other,
            "others": [assessment_name(one) | {"href": f"?with={one.pk}"} for one in made if one != other],
            "parts": self._parts(other) if other else [],
        }

    def _other(self, made: list[Assessment]) -> Assessment | None:
        chosen = self.request.GET.get("with")
        if chosen is None:
            return next((one for one in made if one.started_at < self.assessment.started_at), None)
        found = next((one for one in made if str(one.pk) == chosen), None)
        if found is None:
            raise Http404
        return found

    def _parts(self, other: Assessment) -> list[dict[str, Any]]:
        then, now = sorted((self.assessment, other), key=lambda one: one.started_at)
        before, after = Content(then), Content(now)
        read_together(before, after)
        return difference_tables(differences(before, after), then, now)


class StartSupporting(ChildFormPage):
    action = Action.ASSESS
    form_class = forms.StartSupportingForm
    title = "Start a supporting assessment"
    button = "Start"
    back_to = "assessments"

    def initial(self) -> dict[str, Any]:
        return {"started_at": timezone.now()}

    def perform(self, form: Any) -> str:
        services.start_supporting(self.case, by=self.person, **facts(form))
        return self.back_url()


class SupportingPage(ChildFormPage):
    """A form about one supporting assessment."""

    action = Action.ASSESS
    back_to = "assessments"

    def one(self) -> SupportingAssessment:
        found: SupportingAssessment = self.record(SupportingAssessment, Action.VIEW_ASSESSMENTS, "supporting")
        return found

    def initial(self) -> dict[str, Any]:
        return {
            "version": self.one().version,
            "completed_on": timezone.localdate(),
            "authorised_on": timezone.localdate(),
        }


class CompleteSupporting(SupportingPage):
    form_class = forms.CompleteSupportingForm
    title = "The assessment is complete"
    button = "Record it"

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.complete_supporting(self.one(), by=self.person, version=version, **facts(form))
        return self.back_url()


class AuthoriseSupporting(SupportingPage):
    action = Action.AUTHORISE_ASSESSMENT
    form_class = forms.AuthoriseForm
    title = "Authorise the assessment"
    button = "Authorise"

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.authorise_supporting(self.one(), by=self.person, version=version, **facts(form))
        return self.back_url()


class EndSupporting(SupportingPage):
    form_class = forms.EndSupportingForm
    title = "The assessment will not be completed"
    button = "Record it"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.end_supporting(
            self.one(), by=self.person, version=cleaned["version"], declined=cleaned["declined"] == "yes",
            reason=cleaned["reason"],
        )  # fmt: skip
        return self.back_url()
