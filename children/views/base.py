"""What every page about a child has: the identity bar and the side navigation."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from access.models import Allocation
from access.permissions import permitted_on
from access.roles import Action
from access.views import CaseFormView, CaseView
from accounts.models import User
from children.badges import BADGES
from children.models import Child, WorkerSafetyWarning
from children.presenters import RESTRICTED, SIDE_LINKS, identity, side_links, who_links


def of_each(model: Any, person: User) -> Any:
    """Records, for a subquery of the one that finds the file."""
    return model.objects.allowing(person, Action.VIEW_FILE).filter(case=OuterRef("pk"))


class ChildPage(CaseView):
    """A page of a child's file. `child` is None while the file holds only a contact.

    The query that finds the file also says who leads, what visitors must know, and which of `asks` this person
    may do (`allowed`).
    """

    asks: ClassVar[tuple[Action, ...]] = ()

    @classmethod
    def with_facts(cls, files: Any, person: User) -> Any:
        leads = of_each(Allocation, person).filter(ended_at__isnull=True)
        warnings = of_each(WorkerSafetyWarning, person).filter(ended_at__isnull=True).order_by("raised_at")
        return files.with_permissions(person, cls.questions()).annotate(
            lead=Subquery(leads.values(lead=JSONObject(name="worker__name", phone="worker__phone", team="team__name"))),
            warnings=ArraySubquery(warnings.values("advice")),
            **{f"badge_{name}": badge.read(person) for name, badge in BADGES.items()},
        )

    @classmethod
    def questions(cls) -> tuple[Action, ...]:
        return (*(action for _, _, action in SIDE_LINKS), *cls.asks)

    @cached_property
    def allowed(self) -> frozenset[Action]:
        """What this person may do on this file, of what its side navigation and this page ask."""
        return permitted_on(self.person, self.case, self.questions())

    @property
    def child(self) -> Child | None:
        if not hasattr(self, "_child"):
            self._child: Child | None = self.children().first()
        return self._child

    def children(self) -> Any:
        """The child of the file, as a queryset that a page may add to."""
        return self.records(Child, Action.VIEW_FILE)

    def records(self, model: Any, action: Action) -> Any:
        """Records of this file on which this person may do the action."""
        return model.objects.allowing(self.person, action).filter(case=self.case)

    def record(self, model: Any, action: Action, name: str, *joined: str) -> Any:
        """The one record the address names, or 404: one of another file is as absent as one that never was.

        `joined`: records it refers to, read with it. Only such as whoever may do the action sees too.
        """
        found = self.records(model, action).filter(pk=self.kwargs[name])
        found = (found.select_related(*joined) if joined else found).first()
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        today, known = timezone.localdate(), vars(self.case)
        tags = [badge.tag(known[f"badge_{name}"]) for name, badge in BADGES.items() if known[f"badge_{name}"]]
        return {
            **super().context(),
            "case": self.case,
            "child": self.child,
            "today": today,
            "identity": {
                **identity(self.case, self.child, known["lead"], known["warnings"], today),
                "tags": [RESTRICTED, *tags] if self.case.restricted_at else tags,
                "links": who_links(self.case, self.action, self.allowed),
            },
            "side_links": side_links(self.case, self.allowed, self.request.path),
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
