"""Writing an assessment, part by part."""

from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from access.roles import Action
from assessments import forms, services
from assessments.content import ANALYSIS, Content, answered, thresholds_of
from assessments.known_facts import KnownFact, facts_on_record
from assessments.models import Answer, Assessment, ToolkitItem, ToolkitSection
from assessments.presenters import (
    SCREENING,
    last_time,
    offered,
    positive_rows,
    progress,
    screened,
    source_words,
    task_list,
)
from assessments.selectors import draft_of, last_answers
from assessments.unsaved.selectors import unsaved_parts
from assessments.views.base import AssessmentPage, SectionPage, discussion
from children.views.base import ChildFormPage, facts
from offer.suggestion import Suggestion, suggest


class StartAssessment(ChildFormPage):
    action = Action.ASSESS
    form_class = forms.StartForm
    title = "Start a CRE assessment"
    button = "Start"
    intro = "You can stop at any time: each part is saved, and you or a colleague can go on."
    back_to = "assessments"
    template_name = "assessments/start.jinja"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "draft": draft_of(self.case, self.person)}

    def initial(self) -> dict[str, Any]:
        """A list of children links here with the reason it shows."""
        asked = self.request.GET.get("reason", "")
        return {"reason": asked} if asked in Assessment.Reason.values else {}

    def perform(self, form: Any) -> str:
        started = services.start_assessment(self.case, by=self.person, **facts(form))
        first = "assess_screening" if Content(started).begins_with_screening else "assess_voice"
        return reverse(first, args=[self.case.pk, started.pk])


class TaskList(AssessmentPage):
    """The parts of a draft, and what is missing in each. A submitted one is read, not written."""

    action = Action.ASSESS
    template_name = "assessments/tasks.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.assessment.state != Assessment.State.DRAFT:
            return redirect("read_assessment", self.case.pk, self.assessment.pk)
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        tasks = task_list(self.content, unsaved_parts(self.assessment, self.person))
        return {
            **super().context(),
            **discussion(self, self.content),
            "title": "CRE assessment",
            "assessment": self.assessment,
            "tasks": tasks,
            "progress": progress(tasks),
            "complete": all(task["done"] for task in tasks),
        }


class Start(SectionPage):
    section, title = "start", "Why, and from what sources"
    form_class: ClassVar[type[Any]] = forms.EditStartForm

    def perform(self, form: Any) -> str:
        services.write_about(self.assessment, by=self.person, version=form.cleaned_data["version"], **facts(form))
        return self.next_url()


class Voice(Start):
    section, title = "voice", "The child’s own words"
    form_class = forms.VoiceForm


class Types(SectionPage):
    section, title = "types", "Types of exploitation"
    form_class = forms.TypesForm
    button = "No other type found: save and continue"
    intro = "Several may be found. Each type is considered."

    def form_options(self) -> dict[str, Any]:
        return {"is_for_later": self.is_for_later and not self.content.types}

    def initial(self) -> dict[str, Any]:
        found = {f"type_{one.type}": one.status for one in self.content.types.values() if one.status != "none"}
        evidence = next((one.evidence for one in self.content.types.values() if one.evidence), "")
        return {"version": self.assessment.version, **found, "evidence": evidence}

    def perform(self, form: Any) -> str:
        services.consider_types(
            self.assessment, by=self.person, version=form.cleaned_data["version"], found=form.found(),
            others_none=True,  # as the button says
        )  # fmt: skip
        return self.next_url()


class Items(SectionPage):
    """The items of one section of the toolkit."""

    title = "Items"
    form_class = forms.SectionForm
    template_name = "assessments/items.jinja"

    @cached_property
    def items(self) -> list[ToolkitItem]:
        found = [one for one in self.content.asked if one.section.code == self.kwargs["section"]]
        if not found:
            raise Http404
        return found

    @property
    def place(self) -> str:
        return str(self.kwargs["section"])

    @cached_property
    def last(self) -> dict[str, Answer]:
        return last_answers(self.assessment, self.person, [one.code for one in self.items])

    def form_options(self) -> dict[str, Any]:
        # Of what was sent, the service says whether there is a last time: a save need not read it.
        is_review = self.request.method == "POST" or bool(self.last)
        return {"items": self.items, "known": self.content.answers, "shown": self.shown, "is_review": is_review}

    @cached_property
    def shown(self) -> dict[str, KnownFact]:
        """What the file shows of what is not answered yet, and is not answered by what was sent."""
        sent = self.request.POST
        left = [one.code for one in self.items if one.pk not in self.content.answers]
        asked = [code for code in left if f"confirm_{code}" in sent or f"answer_{code}" not in sent]
        return facts_on_record(self.assessment, self.person, asked)

    def held(self, form: Any) -> Any:
        """The form opens without who told us and how sure it is: of an answer those count too."""
        answers = (self.content.answers.get(one.pk) for one in self.items)
        return [
            (
                one.item_id, one.answer, one.evidence, one.source, one.source_detail, one.basis, one.first_seen,
                one.last_seen, one.restricted, one.not_known_because,
            )
            for one in answers if one
        ]  # fmt: skip

    def initial(self) -> dict[str, Any]:
        return {"version": self.assessment.version}

    def context(self) -> dict[str, Any]:
        section = self.items[0].section
        return {
            **super().context(),
            **discussion(self, self.content),
            "title": section.title,
            "harm": section.kind == ToolkitSection.Kind.HARM,
            "last": {code: last_time(one) for code, one in self.last.items()},
            "shown": {code: offered(fact) for code, fact in self.shown.items()},
            "sources": {
                one.code: source_words(self.content.answers[one.pk])
                for one in self.items
                if one.pk in self.content.answers
            },
        }

    def perform(self, form: Any) -> str:
        services.answer_section(
            self.assessment, by=self.person, version=form.cleaned_data["version"], section=self.place,
            answers=form.answers(), rest_none=bool(form.cleaned_data.get("rest_none")),
            rest_same=bool(form.cleaned_data.get("rest_same")),
        )  # fmt: skip
        return self.next_url()


class Screening(Items):
    """The critical items of every section on one page, for the front door: the start of the full assessment."""

    title = "CRE screening, ten minutes"
    form_class = forms.ScreeningForm
    intro = "These answers stand in the full assessment, which goes on from here."

    @cached_property
    def items(self) -> list[ToolkitItem]:
        if not self.content.begins_with_screening:
            raise Http404
        return list(self.content.critical)

    @property
    def place(self) -> str:
        return SCREENING[0]

    def held(self, form: Any) -> Any:
        return [super().held(form), self.assessment.worried_about]

    def initial(self) -> dict[str, Any]:
        return {"version": self.assessment.version, "worried_about": self.assessment.worried_about}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "title": self.title, "harm": True}

    def perform(self, form: Any) -> str:
        services.answer_screening(
            self.assessment, by=self.person, version=form.cleaned_data["version"], answers=form.answers(),
            worried_about=form.cleaned_data["worried_about"],
        )  # fmt: skip
        self.success_message = screened(Content(self.assessment))
        # Why, and from what sources, was written when it was started; most have nothing to add to it.
        first = "assess_voice" if self.assessment.sources_used else "assess_start"
        return self.back_url() if self.is_for_later else reverse(first, args=[self.case.pk, self.assessment.pk])


class Protective(SectionPage):
    section, title = "protective", "Protective factors"
    form_class = forms.ProtectiveForm

    def form_options(self) -> dict[str, Any]:
        return {"items": self.content.protective_items, "known": self.content.protective}

    def initial(self) -> dict[str, Any]:
        return {"version": self.assessment.version, "none_because": self.assessment.no_protective_because}

    def perform(self, form: Any) -> str:
        services.weigh_protective(
            self.assessment, by=self.person, version=form.cleaned_data["version"], factors=form.factors(),
            none_because=form.cleaned_data["none_because"],
        )  # fmt: skip
        return self.next_url()


class Around(SectionPage):
    section, title = "people", "Family, people, places and online"
    form_class = forms.AroundForm
    intro = "Ask each parent and carer separately, where it is safe."

    def form_options(self) -> dict[str, Any]:
        return {"carers": self.content.carers, "known": self.content.carer_views}

    def initial(self) -> dict[str, Any]:
        return {"version": self.assessment.version, "people_and_places": self.assessment.people_and_places}

    def perform(self, form: Any) -> str:
        cleaned, views = form.cleaned_data, form.views()
        draft = services.write_about(
            self.assessment, by=self.person, version=cleaned["version"], people_and_places=cleaned["people_and_places"]
        )
        if views:
            services.record_carer_views(draft, by=self.person, version=draft.version, views=views)
        return self.next_url()


class Analysis(SectionPage):
    """The last part: what the author makes of it, what the answers suggest, and the tier that is proposed."""

    section, title = "analysis", "Analysis and proposed tier"
    form_class = forms.AnalysisForm
    template_name = "assessments/analysis.jinja"
    button = "Submit"

    @cached_property
    def suggestion(self) -> Suggestion:
        return suggest(answered(self.content), thresholds_of(self.assessment.toolkit))

    def form_options(self) -> dict[str, Any]:
        found = self.suggestion
        suggested = found.tier.name.lower() if found.tier else ""
        return {"suggested": suggested, "label": found.label, "is_for_later": self.is_for_later}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.assessment, name) for name in ("version", *ANALYSIS)}

    def context(self) -> dict[str, Any]:
        tasks = task_list(self.content, unsaved_parts(self.assessment, self.person))
        gaps = [part for part in tasks if not part["done"] and part["key"] != self.section]
        return {
            **super().context(),
            **discussion(self, self.content),
            "suggestion": self.suggestion,
            "found": [row for rows in positive_rows(self.content).values() for row in rows],
            "gaps": gaps,
        }

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        draft = services.write_about(
            self.assessment, by=self.person, version=cleaned["version"], **{name: cleaned[name] for name in ANALYSIS}
        )
        if self.is_for_later:
            return self.back_url()
        self.let_go()
        services.submit_assessment(
            draft, by=self.person, version=draft.version, proposed=cleaned["proposed"], reason=cleaned["reason"],
            difference_reason=cleaned["difference_reason"],
        )  # fmt: skip
        self.success_message = "The assessment is submitted. A manager decides the tier."
        return reverse("assessments", args=[self.case.pk])

    def let_go_after(self) -> None:
        if self.is_for_later:
            self.let_go()  # what is submitted was let go of before: nothing is written after


class Withdraw(ChildFormPage, AssessmentPage):
    action = Action.ASSESS
    form_class = forms.WithdrawForm
    title = "Stop this assessment"
    button = "Stop it"
    intro = "It will not be finished. What was written is kept."
    back_to = "assessments"

    def initial(self) -> dict[str, Any]:
        return {"version": self.assessment.version}

    def perform(self, form: Any) -> str:
        services.withdraw_assessment(self.assessment, by=self.person, version=form.cleaned_data["version"])
        return self.back_url()
