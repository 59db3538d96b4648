"""A request to see the record: written down, prepared chapter by chapter, read by a second person, given."""

from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse

from access.roles import Action
from accounts.second_factor.proof import ProvedFirst
from children.forms import ConfirmForm
from children.selectors import people_of
from children.views.base import ChildFormPage, ChildPage, facts
from offer.subject_access import release_objections
from subject_access import forms, services
from subject_access.answers import Draft, Line
from subject_access.kinds import CHAPTERS
from subject_access.models import SubjectAccessRequest
from subject_access.presenters import chapter_rows, kept_back_rows, request_card, request_rows, state_tag
from subject_access.selectors import kept_back, requests_of
from subject_access.sheets import record_sheet

State = SubjectAccessRequest.State
AT_ONCE = 20  # passages on one page


class Requests(ChildPage):
    """Everybody who asked to see this file, and how each request stands."""

    action = Action.VIEW_SUBJECT_ACCESS
    asks = (Action.PREPARE_SUBJECT_ACCESS,)
    template_name = "subject_access/requests.jinja"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": "Requests to see the record",
            "cards": [request_card(one) for one in requests_of(self.case, self.person)],
            "may_record": Action.PREPARE_SUBJECT_ACCESS in self.allowed,
        }


class RecordRequest(ChildFormPage):
    action = Action.PREPARE_SUBJECT_ACCESS
    form_class = forms.RequestForm
    title = "Somebody asks to see the record"
    button = "Record the request"
    intro = "Anybody may ask, in any words, to anybody here. One calendar month runs from the day it came."
    back_to = "subject_access"

    def form_options(self) -> dict[str, Any]:
        return {"people": [one for one in people_of(self.case, self.person) if one.is_adult and one.ended_at is None]}

    def perform(self, form: Any) -> str:
        asked = services.record_request(self.case, by=self.person, **facts(form))
        return reverse("access_request", args=[self.case.pk, asked.pk])


class OfRequest(ChildPage):
    """A page about one request of the file."""

    action = Action.VIEW_SUBJECT_ACCESS

    @cached_property
    def asked(self) -> SubjectAccessRequest:
        found = requests_of(self.case, self.person).filter(pk=self.kwargs["asked"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def draft(self) -> Draft:
        return Draft(self.asked, self.person)


class RequestPage(OfRequest):
    """The request, how far its answer is, and the log of what is kept back."""

    action = Action.VIEW_SUBJECT_ACCESS
    asks = (Action.PREPARE_SUBJECT_ACCESS, Action.RELEASE_SUBJECT_ACCESS)
    template_name = "subject_access/request.jinja"

    def context(self) -> dict[str, Any]:
        state, is_open = self.asked.state, self.asked.state in SubjectAccessRequest.OPEN
        may_prepare = Action.PREPARE_SUBJECT_ACCESS in self.allowed
        may_give = Action.RELEASE_SUBJECT_ACCESS in self.allowed
        preparing = state == State.PREPARING
        return {
            **super().context(),
            "title": f"Request of {self.asked.asker_name}",
            "asked": self.asked,
            "tag_words": state_tag(self.asked),
            "rows": request_rows(self.asked),
            "chapters": chapter_rows(self.draft, may_prepare=may_prepare and preparing) if is_open else [],
            "objections": release_objections(self.draft.facts()) if preparing else (),
            "kept_back": kept_back_rows(kept_back(self.asked, self.person)),
            "may_prepare": may_prepare and preparing,
            "may_take_longer": may_prepare and preparing and not self.asked.longer_because,
            "may_give": may_give and state == State.PREPARED,
            "may_end": may_give and is_open,
        }


class OfRequestForm(ChildFormPage, OfRequest):
    """A form about one request; it leads back to its page."""

    action = Action.PREPARE_SUBJECT_ACCESS

    def back_url(self) -> str:
        return reverse("access_request", args=[self.case.pk, self.asked.pk])

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self.asked  # noqa: B018 -- a request of another file is absent before anything is shown
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        self.asked  # noqa: B018 -- the same
        return super().post(*args, **kwargs)


class Chapter(OfRequestForm):
    """Some passages of one chapter, with what is proposed for each. Saved as they stand by one button."""

    action = Action.PREPARE_SUBJECT_ACCESS
    form_class: ClassVar[type[Any]] = forms.PassagesForm
    template_name = "subject_access/chapter.jinja"
    title = "One chapter of the answer"
    button = "Save these and go on"

    @property
    def chapter(self) -> str:
        chapter: str = self.kwargs["chapter"]
        if chapter not in CHAPTERS:
            raise Http404
        return chapter

    @cached_property
    def draft(self) -> Draft:
        return Draft(self.asked, self.person, self.chapter)

    @property
    def number(self) -> int:
        asked = self.request.GET.get("page", "1")
        return int(asked) if asked.isdecimal() and 0 < int(asked) < AT_ONCE**3 else 1

    def shown(self) -> list[Line]:
        begin = (self.number - 1) * AT_ONCE
        return self.draft.lines[begin : begin + AT_ONCE]

    def form_options(self) -> dict[str, Any]:
        return {"draft": self.draft, "lines": self.shown()}

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": CHAPTERS[self.chapter],
            "caption": f"Request of {self.asked.asker_name}",
            "number": self.number,
            "pages": max(1, -(-len(self.draft.lines) // AT_ONCE)),
        }

    def perform(self, form: Any) -> str:
        services.decide_passages(self.asked, by=self.person, chapter=self.chapter, decided=form.decided)
        if self.number * AT_ONCE < len(self.draft.lines):
            return f"{self.request.path}?page={self.number + 1}"
        return self.back_url()


class TakeLonger(OfRequestForm):
    action = Action.PREPARE_SUBJECT_ACCESS
    form_class = forms.LongerForm
    title = "Take two months more"
    intro = "Only where the request is complex. They must be told within the first month, with the reason."

    def perform(self, form: Any) -> str:
        services.take_longer(self.asked, by=self.person, **facts(form))
        return self.back_url()


class Ready(OfRequestForm):
    action = Action.PREPARE_SUBJECT_ACCESS
    form_class = ConfirmForm
    title = "Put the answer to a second reader"
    button = "It is ready to be read"
    intro = "A manager reads the whole answer before it is given. You can change nothing while they read."

    def perform(self, form: Any) -> str:
        services.finish_preparing(self.asked, by=self.person)
        return self.back_url()


class Give(ProvedFirst, OfRequestForm):
    """The whole answer, as whoever asked will read it; what the law keeps back, and why."""

    action = Action.RELEASE_SUBJECT_ACCESS
    form_class = forms.GiveForm
    template_name = "subject_access/give.jinja"
    title = "Read the answer, and give it"
    button = "Give it"
    success_message = "The copy is being made. It will be among the copies of this file in a few seconds."

    def context(self) -> dict[str, Any]:
        waits = self.asked.state == State.PREPARED
        return {
            **super().context(),
            "caption": f"For {self.asked.asker_name}",
            "objections": release_objections(self.draft.facts(self.person)) if waits else [services.NOT_PREPARED],
            "kept_back": kept_back_rows(kept_back(self.asked, self.person)),
            "sheet": record_sheet(self.draft).as_data(),
        }

    def perform(self, form: Any) -> str:
        services.give_record(self.asked, by=self.person, answer=form.cleaned_data["answer"])
        return reverse("copies", args=[self.case.pk])


class SendBack(OfRequestForm):
    action = Action.RELEASE_SUBJECT_ACCESS
    form_class = forms.SendBackForm
    title = "Send the answer back"
    button = "Send it back"

    def perform(self, form: Any) -> str:
        services.send_answer_back(self.asked, by=self.person, **facts(form))
        return self.back_url()


class End(OfRequestForm):
    action = Action.RELEASE_SUBJECT_ACCESS
    form_class = forms.EndForm
    title = "End the request without giving anything"
    button = "End the request"

    def perform(self, form: Any) -> str:
        services.end_request(self.asked, by=self.person, **facts(form))
        return self.back_url()
