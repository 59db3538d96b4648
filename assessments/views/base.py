"""What the pages of one assessment share."""

from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse

from access.roles import Action
from assessments.content import Content
from assessments.models import Assessment
from assessments.presenters import task_list
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

    @cached_property
    def tasks(self) -> list[dict[str, Any]]:
        return task_list(self.content)

    @property
    def place(self) -> str:
        """The section this page shows, as `assessments.presenters` names it."""
        return self.section

    def next_url(self) -> str:
        """The section after this one; after the last, the list of all."""
        addresses = {task["key"]: task["href"] for task in self.tasks}
        keys = list(addresses)
        following = keys[keys.index(self.place) + 1 :]
        return str(addresses[following[0]]) if following and "later" not in self.request.POST else self.back_url()

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.assessment, name) for name in names if hasattr(self.assessment, name)}

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        number = [task["key"] for task in self.tasks].index(self.place) + 1
        caption = f"CRE assessment, part {number} of {len(self.tasks)}"
        return super().show(status=status, caption=caption, **extra)
