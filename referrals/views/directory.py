"""The service directory: read by everybody, kept by its administrator and by each entry's own provider."""

from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from access import ledger
from access.permissions import NotAllowed, may, sentence
from access.roles import Action
from access.views import RoleFormView, RoleView
from referrals import forms
from referrals.entries import services
from referrals.maintainers import maintained_by, maintainers_of, may_maintain
from referrals.models import Service
from referrals.presenters import history_items, service_line, service_rows, service_tag
from referrals.selectors import (
    Wanted,
    directory,
    entries,
    files_by_service,
    live_agencies,
    live_teams,
    people_of_provider,
    versions_of,
)
from ui.dates import counted

BIGGEST_ID = 2**63 - 1


def entry_or_404(number: int) -> Service:
    found: Service | None = entries().filter(pk=number).first() if number <= BIGGEST_ID else None
    if found is None:
        raise Http404
    return found


class Services(RoleView):
    """Every entry in use, filtered by what is wanted."""

    action = Action.VIEW_DIRECTORY
    template_name = "referrals/services.jinja"

    def context(self) -> dict[str, Any]:
        form, today = forms.FilterForm(self.request.GET or None), timezone.localdate()
        typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
        found = directory(Wanted(**typed), today)
        use, mine = files_by_service(), maintained_by(self.person)
        admin = may(self.person, Action.MANAGE_DIRECTORY)
        return {
            "form": form,
            "lines": [service_line(one, today, use, mine, admin=admin) for one in found],
            "may_add": admin,
            "may_pause": admin or bool(mine),
            "is_filtered": any(typed.values()),
        }


class EntryPage(RoleView):
    """A page about one entry."""

    action = Action.VIEW_DIRECTORY

    @cached_property
    def service(self) -> Service:
        return entry_or_404(self.kwargs["service"])

    def context(self) -> dict[str, Any]:
        return {"service": self.service, "back_url": self.back_url()}

    def back_url(self) -> str:
        return reverse("service", args=[self.service.pk])


class ServicePage(EntryPage):
    action = Action.VIEW_DIRECTORY
    template_name = "referrals/service.jinja"

    def context(self) -> dict[str, Any]:
        service, today = self.service, timezone.localdate()
        keeps = may_maintain(self.person, service) and service.ended_at is None
        return {
            **super().context(),
            "tag_shown": service_tag(service, today),
            "rows": service_rows(service, today, files_by_service()),
            "keeps": keeps,
            "may_give": may(self.person, Action.MANAGE_DIRECTORY),
            "maintainers": [person.name for person in maintainers_of(service)],
        }


class ServiceHistory(EntryPage):
    action = Action.VIEW_DIRECTORY
    template_name = "referrals/service_history.jinja"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "items": history_items(versions_of(self.service))}


class EntryForm(RoleFormView, EntryPage):
    """A form on an entry, for whoever keeps it up to date."""

    action = Action.VIEW_DIRECTORY
    template_name = "children/form.jinja"
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    intro: ClassVar[str] = ""
    is_warning: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_maintain(self.person, self.service):
            ledger.record_denial(ledger.Kind.DENIED, action=Action.MANAGE_DIRECTORY, detail=request.path)
            raise NotAllowed(sentence(Action.MANAGE_DIRECTORY))
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        about = {"title": self.title, "button": self.button, "is_warning": self.is_warning}
        return {**super().context(), **about, "intro": self.words(), "caption": self.service.name}

    def words(self) -> str:
        return self.intro

    def initial(self) -> dict[str, Any]:
        return {"version": self.service.version}


class EditService(EntryForm):
    """All of an entry for the directory administrator; what a provider may change for its people."""

    action = Action.VIEW_DIRECTORY
    title = "Change this entry"

    @property
    def is_admin(self) -> bool:
        return may(self.person, Action.MANAGE_DIRECTORY)

    def make_form(self, data: Any = None) -> Any:
        if not self.is_admin:
            return forms.EntryForm(data, initial=self.initial())
        return forms.WholeEntryForm(data, initial=self.initial(), agencies=live_agencies(), teams=live_teams())

    def initial(self) -> dict[str, Any]:
        names = forms.WholeEntryForm.base_fields if self.is_admin else forms.EntryForm.base_fields
        values = {name: getattr(self.service, name) for name in names if name not in ("once", "provider", "team")}
        return {**values, "provider": self.service.provider_id, "team": self.service.team_id}

    def perform(self, form: Any) -> str:
        services.update_service(by=self.person, service=self.service, **typed(form))
        return self.back_url()


def typed(form: Any) -> dict[str, Any]:
    """What was typed, without the key of the form itself."""
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


class PauseService(EntryForm):
    """Open or paused: one choice (J9)."""

    action = Action.VIEW_DIRECTORY
    form_class = forms.PauseForm
    title = "Pause or open this service"
    intro = "Referrals that were sent before go on. A paused service is shown last to workers, with the reason."

    def initial(self) -> dict[str, Any]:
        return self.answers(self.service)

    def as_saved(self, current: Any) -> Any:
        return SimpleNamespace(**self.answers(current))

    @staticmethod
    def answers(service: Service) -> dict[str, Any]:
        return {
            "version": service.version, "state": "paused" if service.paused_until else "open",
            "until": service.paused_until, "reason": service.pause_reason,
        }  # fmt: skip

    def perform(self, form: Any) -> str:
        answer = form.cleaned_data
        about = {"by": self.person, "service": self.service, "version": answer["version"]}
        if answer["state"] == "paused":
            services.pause_service(**about, until=answer["until"], reason=answer["reason"])
        else:
            services.reopen_service(**about)
        return self.back_url()


class CheckService(EntryForm):
    action = Action.VIEW_DIRECTORY
    form_class = forms.VersionedConfirmForm
    title = "Is everything in this entry right today?"
    button = "Yes, checked today"
    intro = "If something is wrong, change the entry instead."
    success_message = "Checked today."

    def perform(self, form: Any) -> str:
        services.check_service(by=self.person, service=self.service, **typed(form))
        return self.back_url()


class EndService(EntryForm):
    action = Action.VIEW_DIRECTORY
    form_class = forms.VersionedConfirmForm
    title = "End this entry"
    button = "End this entry now"
    is_warning = True
    success_message = "The entry has ended."

    def words(self) -> str:
        used = files_by_service().get(self.service.pk, 0)
        children = counted(used, "child has", "children have")
        open_ones = f"{children} an open referral to it. These go on." if used else "Nobody has an open referral to it."
        return f"{open_ones} Nobody can be referred to it any more. The entry and its history are kept."

    def perform(self, form: Any) -> str:
        services.end_service(by=self.person, service=self.service, **typed(form))
        return self.back_url()


class AddService(RoleFormView):
    action = Action.MANAGE_DIRECTORY
    form_class = forms.NewEntryForm
    template_name = "children/form.jinja"

    def context(self) -> dict[str, Any]:
        return {"title": "Add a service", "button": "Add the service", "back_url": reverse("services"), "intro": ""}

    def form_options(self) -> dict[str, Any]:
        return {"agencies": live_agencies(), "teams": live_teams()}

    def perform(self, form: Any) -> str:
        return reverse("service", args=[services.add_service(by=self.person, **typed(form)).pk])


class Maintainers(RoleFormView, EntryPage):
    """Who of the provider keeps the entry up to date, and giving one more that right."""

    action = Action.MANAGE_DIRECTORY
    form_class = forms.MaintainerForm
    template_name = "referrals/maintainers.jinja"

    def form_options(self) -> dict[str, Any]:
        return {"people": people_of_provider(self.service)}

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": "Who keeps this entry up to date",
            "button": "Give the right",
            "caption": self.service.name,
            "held": maintainers_of(self.service),
            "has_provider": self.service.provider is not None,
        }

    def perform(self, form: Any) -> str:
        person = form.people[form.cleaned_data["person"]]
        services.let_maintain(by=self.person, service=self.service, person=person)
        return reverse("maintainers", args=[self.service.pk])


class StopMaintaining(RoleFormView, EntryPage):
    action = Action.MANAGE_DIRECTORY
    form_class = forms.ConfirmForm
    template_name = "children/form.jinja"

    def holder(self) -> Any:
        found = [one for one in maintainers_of(self.service) if one.pk == self.kwargs["maintainer"]]
        if not found:
            raise Http404
        return found[0]

    def back_url(self) -> str:
        return reverse("maintainers", args=[self.service.pk])

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": "Take this right away",
            "button": "Take it away now",
            "caption": self.service.name,
            "intro": f"{self.holder().name} will no longer be able to change this entry.",
        }

    def perform(self, form: Any) -> str:
        services.stop_maintaining(by=self.person, service=self.service, person=self.holder())
        return self.back_url()
