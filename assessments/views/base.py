"""What the pages of one assessment share."""

from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse

from access.roles import Action
from assessments.content import Content
from assessments.models import Assessment
from assessments.presenters import parts_of
from children.views.base import ChildFormPage, ChildPage


class AssessmentPage(ChildPage):
    """A page about one assessment of the file: 404 for one of another file, or of another agency."""

    action = Action.VIEW_ASSESSMENTS

    @cached_property
    def assessment(self) -> Assessment:
        found: Assessment = self.record(Assessment, self.action, "assessment")
        return found

    @cached_property
    def content(self) -> Content:
        return Content(self.assessment)


class SectionPage(ChildFormPage, AssessmentPage):
    """One section of a draft: saved, then the next one."""

    action = Action.ASSESS
    template_name = "assessments/section.jinja"
    button = "Save and continue"
    section: ClassVar[str]

    def back_url(self) -> str:
        return reverse("assessment", args=[self.case.pk, self.assessment.pk])

    @property
    def place(self) -> str:
        """The section this page shows, as `assessments.presenters` names it."""
        return self.section

    def next_url(self) -> str:
        """The section after this one; after the last, the list of all."""
        addresses = {key: href for key, _, href in parts_of(self.content)}
        keys = list(addresses)
        following = keys[keys.index(self.place) + 1 :]
        return addresses[following[0]] if following and "later" not in self.request.POST else self.back_url()

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.assessment, name) for name in names if hasattr(self.assessment, name)}

    def as_saved(self, current: Any) -> Any:
        """Answers are rows of their own, so theirs is what the form would open with now."""
        for read in ("assessment", "content"):
            vars(self).pop(read, None)
        opened = self.make_form().visible_fields()
        return SimpleNamespace(version=current.version, **{one.name: one.initial for one in opened if one.initial})

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        keys = [key for key, _, _ in parts_of(self.content)]
        caption = f"CRE assessment, part {keys.index(self.place) + 1} of {len(keys)}"
        return super().show(status=status, caption=caption, **extra)
