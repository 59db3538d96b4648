"""What every page about a child has: the identity bar and the side navigation."""

from typing import Any

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
            self._child = Child.objects.allowing(self.person, Action.VIEW_FILE).filter(case=self.case).first()
        return self._child

    def context(self) -> dict[str, Any]:
        user, today = self.person, timezone.localdate()
        lead = (
            Allocation.objects.allowing(user, Action.VIEW_FILE)
            .filter(case=self.case, ended_at__isnull=True)
            .select_related("worker")
            .first()
        )
        warnings = list(
            WorkerSafetyWarning.objects.allowing(user, Action.VIEW_FILE).filter(case=self.case, ended_at__isnull=True)
        )
        return {
            **super().context(),
            "case": self.case,
            "child": self.child,
            "today": today,
            "identity": identity(self.case, self.child, lead, warnings, today),
            "side_links": side_links(user, self.case, self.request.path),
        }


class ChildFormPage(ChildPage, CaseFormView):
    """A form on a child's file."""
