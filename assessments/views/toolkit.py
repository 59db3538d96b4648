"""The versions of the risk assessment toolkit: what is in each, and loading and publishing the next."""

import json
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from access.roles import Action
from access.views import RoleFormView, RoleView
from assessments.models import ToolkitVersion
from assessments.toolkit import forms, services
from assessments.toolkit.changes import changes
from assessments.toolkit.presenters import as_file, section_tables, state_of, threshold_rows, version_line, version_rows

BIGGEST_ID = 2**63 - 1


class Toolkits(RoleView):
    """Every version there has been, the newest first."""

    action = Action.MANAGE_TOOLKIT
    template_name = "assessments/toolkit/versions.jinja"

    def context(self) -> dict[str, Any]:
        versions = ToolkitVersion.objects.annotate(items=Count("sections__items")).order_by("-number")
        return {"title": "Risk assessment toolkit", "lines": [version_line(one) for one in versions]}


class OfVersion(RoleView):
    action = Action.MANAGE_TOOLKIT

    @cached_property
    def version(self) -> ToolkitVersion:
        number = self.kwargs["toolkit"]
        people = ToolkitVersion.objects.select_related("loaded_by", "published_by")
        found = people.filter(pk=number).first() if number <= BIGGEST_ID else None
        if found is None:
            raise Http404
        return found

    def differences(self) -> list[Any]:
        """What publishing this version would change."""
        current = ToolkitVersion.objects.filter(is_current=True).exclude(pk=self.version.pk).first()
        return changes(current, self.version) if current and self.version.published_at is None else []


class ToolkitPage(OfVersion):
    """One version, whole: as a worker will meet it, and what it changes before it is published."""

    action = Action.MANAGE_TOOLKIT
    template_name = "assessments/toolkit/version.jinja"

    def context(self) -> dict[str, Any]:
        return {
            "title": str(self.version),
            "version": self.version,
            "tag_words": state_of(self.version),
            "rows": version_rows(self.version),
            "thresholds": threshold_rows(self.version),
            "differences": self.differences(),
            "sections": section_tables(self.version),
        }


class ToolkitFile(OfVersion):
    """The file of a version, to be changed and loaded again."""

    action = Action.MANAGE_TOOLKIT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = json.dumps(as_file(self.version), ensure_ascii=False, indent=1)
        response = HttpResponse(content, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="toolkit-version-{self.version.number}.json"'
        return response


class LoadToolkit(RoleFormView):
    """A file is checked whole; with one mistake nothing of it is loaded."""

    action = Action.MANAGE_TOOLKIT
    form_class: ClassVar[type[Any]] = forms.LoadForm
    template_name = "assessments/toolkit/load.jinja"

    def make_form(self, data: Any = None) -> Any:
        return self.form_class(data, None if data is None else self.request.FILES)

    def context(self) -> dict[str, Any]:
        about = {"title": "Load a version of the toolkit", "button": "Check and load"}
        return {**about, "back_url": reverse("toolkits")}

    def perform(self, form: Any) -> str:
        version = services.load_toolkit(by=self.person, text=form.cleaned_data["file"])
        return reverse("toolkit", args=[version.pk])


class PublishToolkit(RoleFormView, OfVersion):
    action = Action.MANAGE_TOOLKIT
    form_class: ClassVar[type[Any]] = forms.PublishForm
    template_name = "assessments/toolkit/publish.jinja"

    def context(self) -> dict[str, Any]:
        return {
            "title": "Publish this version",
            "caption": str(self.version),
            "button": "Publish",
            "back_url": reverse("toolkit", args=[self.version.pk]),
            "differences": self.differences(),
        }

    def perform(self, form: Any) -> str:
        services.publish_toolkit(by=self.person, toolkit=self.version)
        return reverse("toolkit", args=[self.version.pk])
