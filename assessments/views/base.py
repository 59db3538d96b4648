"""What the pages of one assessment share."""

import hashlib
import json
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from access.refusals import Refused
from access.roles import Action
from assessments.content import Content, discussion_reasons
from assessments.models import Assessment
from assessments.presenters import language_hint, parts_of
from assessments.unsaved.selectors import unsaved_part
from assessments.unsaved.services import end_unsaved, forget_unsaved, keep_unsaved
from children.views.base import ChildFormPage, ChildPage
from ui.dates import clock

NOT_TYPED = ("csrfmiddlewaretoken", "once", "continues", "kept", "keep", "later")
QUOTED = ("child_words", "view_")  # what somebody said, in their words
KEPT_FOR_LATER = "What you typed is kept for you. That part is not finished yet."


class AssessmentPage(ChildPage):
    """A page about one assessment of the file: 404 for one of another file, or of another agency."""

    action = Action.VIEW_ASSESSMENTS
    asks = (Action.ARRANGE_MEETING,)

    @cached_property
    def assessment(self) -> Assessment:
        found: Assessment = self.record(Assessment, self.action, "assessment")
        return found

    @cached_property
    def content(self) -> Content:
        return Content(self.assessment)


def discussion(page: ChildPage, content: Content) -> dict[str, Any]:
    """For a page of a file that asks whether a meeting may be arranged: why a strategy discussion cannot wait."""
    born = page.child.date_of_birth if page.child else None
    may_arrange = Action.ARRANGE_MEETING in page.allowed
    arrange = f"{reverse('arrange_meeting', args=[page.case.pk])}?kind=strategy" if may_arrange else ""
    return {"discussion": discussion_reasons(content, born, timezone.localdate()), "arrange": arrange}


class SectionPage(ChildFormPage, AssessmentPage):
    """One section of a draft: saved, then the next one. What is typed is kept for its author until it is saved."""

    action = Action.ASSESS
    template_name = "assessments/section.jinja"
    button = "Save and continue"
    section: ClassVar[str]

    def back_url(self) -> str:
        return reverse("assessment", args=[self.case.pk, self.assessment.pk])

    @property
    def is_for_later(self) -> bool:
        return "later" in self.request.POST

    @property
    def place(self) -> str:
        """The section this page shows, as `assessments.presenters` names it."""
        return self.section

    def next_url(self) -> str:
        """The section after this one; after the last, the list of all."""
        addresses = {key: href for key, _, href in parts_of(self.content)}
        keys = list(addresses)
        following = keys[keys.index(self.place) + 1 :]
        return addresses[following[0]] if following and not self.is_for_later else self.back_url()

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.assessment, name) for name in names if hasattr(self.assessment, name)}

    def make_form(self, data: Any = None) -> Any:
        """A save of another part of this assessment counts its version up too, and is no conflict with this one."""
        if data is not None and self.only_others_changed(data):
            data = data.copy()
            data["version"] = str(self.assessment.version)
        return super().make_form(data)

    def only_others_changed(self, sent: QueryDict) -> bool:
        version = sent.get("version", "")
        is_stale = version.isdecimal() and version != str(self.assessment.version)
        return is_stale and sent.get("began") == self.digest(super().make_form())

    def held(self, form: Any) -> Any:
        """All that a save of this part could change, as it is now: what its form opens with."""
        return {one.name: str(one.initial) for one in form.visible_fields()}

    def digest(self, form: Any) -> str:
        """Of what this part holds. Not the one that the page began with: somebody saved this part meanwhile."""
        return hashlib.sha256(json.dumps(self.held(form), sort_keys=True).encode()).hexdigest()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = unsaved_part(self.assessment, self.person, self.place)
        form = self.make_form()
        if kept is None:
            return self.show(form=form, began=self.digest(form))
        typed = QueryDict(kept.typed)
        fill_in(form, typed)
        return self.show(form=form, kept=kept, began=typed.get("began", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "keep" in request.POST:
            return self.keep_typed()
        if "forget" in request.POST:
            forget_unsaved(self.assessment, by=self.person, part=self.place)
            return redirect(request.path)
        response = super().post(request, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and self.kept_unsaved() and self.is_for_later:
            messages.info(request, KEPT_FOR_LATER)
            return redirect(self.back_url())
        return response

    def kept_unsaved(self) -> bool:
        """Keeps what could not be saved as it was sent, unless nothing more is written in this assessment."""
        try:
            return self.keep() is not None
        except Refused:
            return False

    def keep_typed(self) -> HttpResponse:
        """The answer to the page's script, which sends what was typed every few seconds."""
        try:
            at = self.keep()
        except Refused as refusal:
            return JsonResponse({"said": str(refusal)}, status=HTTPStatus.PRECONDITION_FAILED)
        said = f"Saved {clock(at)}" if at else ""
        return JsonResponse({"said": said, "hint": self.language_hint()}, status=HTTPStatus.ACCEPTED)

    def language_hint(self) -> str:
        sent = self.request.POST
        return language_hint(sent[name] for name in sent if not name.startswith(QUOTED))

    def keep(self) -> datetime | None:
        sent = self.request.POST.copy()
        for name in NOT_TYPED:
            sent.pop(name, None)
        return keep_unsaved(self.assessment, by=self.person, part=self.place, typed=sent.urlencode(), **self.which())

    def which(self) -> dict[str, Any]:
        """Which form it is, and which other one it began with the words of."""
        form_key, continues = (_key(self.request.POST.get(name, "")) for name in ("once", "continues"))
        return {"form_key": form_key or uuid4(), "continues": [continues] if continues else []}

    def perform_once(self, form: Any) -> str:
        with transaction.atomic():
            location = super().perform_once(form)
            self.let_go_after()
        hint = self.language_hint()
        if hint:
            messages.info(self.request, hint)
        return location

    def let_go(self) -> None:
        """Of what was kept of this form: it is saved."""
        if self.request.POST.get("kept"):
            end_unsaved(self.assessment, by=self.person, part=self.place, **self.which())

    def let_go_after(self) -> None:
        self.let_go()

    def as_saved(self, current: Any) -> Any:
        """Answers are rows of their own, so theirs is what the form would open with now."""
        for read in ("assessment", "content"):
            vars(self).pop(read, None)
        opened = self.make_form().visible_fields()
        return SimpleNamespace(version=current.version, **{one.name: one.initial for one in opened if one.initial})

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        keys = [key for key, _, _ in parts_of(self.content)]
        caption = f"CRE assessment, part {keys.index(self.place) + 1} of {len(keys)}"
        # The form these words go on from: the one that was kept, or the one that came back with an error.
        kept = extra.get("kept")
        continues = kept.form_key if kept else _key(self.request.POST.get("continues", ""))
        began = self.request.POST.get("began", "")
        return super().show(status=status, caption=caption, **{"continues": continues, "began": began} | extra)


def fill_in(form: Any, typed: QueryDict) -> None:
    """Puts back what was typed, and judges none of it: it was not sent to be saved."""
    for name, field in form.fields.items():
        if name != "once":
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
