"""What every page about a child has: the identity bar and the side navigation."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from access.models import Allocation
from access.roles import Action
from access.views import CaseFormView, CaseView
from children.models import Child, WorkerSafetyWarning
from children.presenters import identity, side_links


class ChildPage(CaseView):
    """A page of a child's file. `child` is None while the file holds only a contact."""

    @property
    def child(self) -> Child | None:
        if not hasattr(self, "_child"):
            self._child: Child | None = self.records(Child, Action.VIEW_FILE).first()
        return self._child

    def records(self, model: Any, action: Action) -> Any:
        """Records of this file on which this person may do the action."""
        return model.objects.allowing(self.person, action).filter(case=self.case)

    def record(self, model: Any, action: Action, name: str) -> Any:
        """The one record the address names, or 404: one of another file is as absent as one that never was."""
        found = self.records(model, action).filter(pk=self.kwargs[name]).first()
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        leads = self.records(Allocation, Action.VIEW_FILE).filter(ended_at__isnull=True).select_related("worker")
        warnings = list(self.records(WorkerSafetyWarning, Action.VIEW_FILE).filter(ended_at__isnull=True))
        return {
            **super().context(),
            "case": self.case,
            "child": self.child,
            "today": today,
            "identity": identity(self.case, self.child, leads.first(), warnings, today),
            "side_links": side_links(self.person, self.case, self.request.path),
        }


class ChildFormPage(ChildPage, CaseFormView):
    """A form on a child's file: a title, a button, and the page it goes back to."""

    template_name = "children/form.jinja"
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    intro: ClassVar[str] = ""
    back_to: ClassVar[str] = "child_details"

    def back_url(self) -> str:
        return reverse(self.back_to, args=[self.case.pk])

    def context(self) -> dict[str, Any]:
        about = {"title": self.title, "button": self.button, "intro": self.intro, "back_url": self.back_url()}
        return {**super().context(), **about}


class EndPage(ChildFormPage):
    """Asks once more before something is ended; nothing is ended by following a link."""

    button = "End it"


def facts(form: Any, *leave_out: str) -> dict[str, Any]:
    """What was typed, without the fields that are about the form itself."""
    return {name: value for name, value in form.cleaned_data.items() if name not in {"once", "version", *leave_out}}


def values(record: Any, form_class: Any) -> dict[str, Any]:
    """A record's present values for the fields of a form."""
    return {name: getattr(record, name) for name in form_class.base_fields if hasattr(record, name)}
