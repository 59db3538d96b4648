"""Contacts: how a case begins."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView, RoleFormView, RoleView
from accounts.models import Team
from children import forms, services
from children.models import Contact
from children.selectors import (
    clocks_of_contact,
    contacts_of,
    open_duplicate_alerts,
    possible_duplicates,
    waiting_contacts,
)
from children.views.base import ChildFormPage, ChildPage, facts
from deadlines.presenters import due_row

PER_PAGE = 50


class WaitingContacts(CaseListView):
    """Contacts nobody has screened yet, the longest waiting first."""

    action = Action.VIEW_CONTACTS
    template_name = "children/contacts.jinja"

    def context(self) -> dict[str, Any]:
        self.contacts = list(waiting_contacts(self.person)[:PER_PAGE])
        allowed = standing_of(self.person)
        return {
            "contacts": self.contacts,
            "now": timezone.now(),
            "may_record": allowed.allows(Action.OPEN_CASE),
            "may_screen": allowed.allows(Action.SCREEN_CONTACT),
        }

    def listed(self) -> list[UUID]:
        return [contact.case_id for contact in self.contacts]


class RecordContact(RoleFormView):
    """A phone call, message or visit about a child: opens a file."""

    action = Action.OPEN_CASE
    form_class = forms.NewContactForm
    template_name = "children/record_contact.jinja"

    def teams(self) -> Any:
        own = Q(pk__in=standing_of(self.person).team_ids)
        return Team.objects.filter(own | Q(receives_contacts=True), ended_at__isnull=True)

    def form_options(self) -> dict[str, Any]:
        return {"teams": [(team.pk, team.name) for team in self.teams()]}

    def initial(self) -> dict[str, Any]:
        return {"received_at": timezone.now()}

    def perform(self, form: Any) -> str:
        team = self.teams().get(pk=form.cleaned_data["team"])
        contact = services.record_contact(by=self.person, team=team, **facts(form, "team"))
        return reverse("contact", args=[contact.case_id, contact.pk])


class ContactPage(ChildPage):
    """One contact, the children it may be about, and what was decided."""

    action = Action.VIEW_CONTACTS
    asks = (Action.SCREEN_CONTACT, Action.EDIT_CHILD, Action.RECORD_CONTACT)
    template_name = "children/contact.jinja"

    def context(self) -> dict[str, Any]:
        contact = self.record(Contact, Action.VIEW_CONTACTS, "contact")
        clocks = clocks_of_contact(contact, self.person)
        waits_for_writing = any(clock.rule_id == services.CONFIRM for clock in clocks)
        return {
            **super().context(),
            "contact": contact,
            "clocks": [due_row(clock, timezone.now()) for clock in clocks],
            "may_confirm": waits_for_writing and Action.RECORD_CONTACT in self.allowed,
            "duplicates": duplicates_of(contact, self.person),
            "may_screen": Action.SCREEN_CONTACT in self.allowed,
            "may_create": Action.EDIT_CHILD in self.allowed,
        }


def duplicates_of(contact: Contact, user: Any) -> list[Any]:
    if contact.outcome in (Contact.Outcome.LINKED, Contact.Outcome.SCREENED_OUT):
        return []
    return possible_duplicates(
        user, given_names=contact.child_given_names, family_name=contact.child_family_name,
        date_of_birth=contact.child_date_of_birth, not_case=contact.case,
    )  # fmt: skip


class CaseContacts(ChildPage):
    """Every contact about this child."""

    action = Action.VIEW_CONTACTS
    asks = (Action.RECORD_CONTACT,)
    template_name = "children/case_contacts.jinja"

    def context(self) -> dict[str, Any]:
        may_add = Action.RECORD_CONTACT in self.allowed
        return {**super().context(), "contacts": contacts_of(self.case, self.person), "may_add": may_add}


class AddContact(ChildFormPage):
    action = Action.RECORD_CONTACT
    form_class = forms.ContactForm
    title = "Record another contact"
    back_to = "case_contacts"

    def initial(self) -> dict[str, Any]:
        return {"received_at": timezone.now()}

    def perform(self, form: Any) -> str:
        contact = services.add_contact(self.case, by=self.person, **facts(form))
        return reverse("contact", args=[contact.case_id, contact.pk])


class ScreenContact(ChildFormPage):
    action = Action.SCREEN_CONTACT
    form_class: ClassVar[type[Any]] = forms.ScreenForm
    title = "Decide what happens with this contact"
    button = "Record decision"

    def back_url(self) -> str:
        return reverse("contact", args=[self.case.pk, self.kwargs["contact"]])

    def context(self) -> dict[str, Any]:
        self.record(Contact, Action.VIEW_CONTACTS, "contact")
        return super().context()

    def perform(self, form: Any) -> str:
        contact = self.record(Contact, Action.SCREEN_CONTACT, "contact")
        accepted = form.cleaned_data["decision"] == "accept"
        services.screen_contact(contact, by=self.person, accepted=accepted, reason=form.cleaned_data["reason"])
        return self.back_url()


class ConfirmInWriting(ScreenContact):
    """The caller has written too."""

    action = Action.RECORD_CONTACT
    form_class = forms.WrittenForm
    title = "This contact has come in writing too"
    button = "Record"

    def initial(self) -> dict[str, Any]:
        return {"confirmed_at": timezone.now()}

    def perform(self, form: Any) -> str:
        contact = self.record(Contact, Action.RECORD_CONTACT, "contact")
        services.confirm_in_writing(contact, by=self.person, confirmed_at=form.cleaned_data["confirmed_at"])
        return self.back_url()


class LinkContact(ScreenContact):
    action = Action.SCREEN_CONTACT
    form_class = forms.LinkForm
    title = "Add this contact to the file of a child we know"
    button = "Add to that file"

    def initial(self) -> dict[str, Any]:
        return {"reference": self.request.GET.get("reference", "")}

    def perform(self, form: Any) -> str:
        contact = self.record(Contact, Action.SCREEN_CONTACT, "contact")
        wanted = form.cleaned_data["reference"].strip().upper()
        known = CaseFile.objects.allowing(self.person, Action.RECORD_CONTACT).filter(reference=wanted).first()
        if known is None:
            raise Refused("There is no file with that reference that you can add to. Check the reference.")
        moved = services.link_contact(contact, by=self.person, to_case=known, reason=form.cleaned_data["reason"])
        return reverse("contact", args=[moved.case_id, moved.pk])


class DuplicateAlerts(RoleView):
    """Pairs of files that may be about one child, by reference only (ruling Q20)."""

    action = Action.SCREEN_CONTACT
    template_name = "children/duplicates.jinja"

    def context(self) -> dict[str, Any]:
        return {"alerts": open_duplicate_alerts(self.person)}


class CloseDuplicateAlert(RoleFormView):
    action = Action.SCREEN_CONTACT
    form_class = forms.CloseAlertForm
    template_name = "children/close_duplicate.jinja"

    def alert(self) -> Any:
        return get_object_or_404(open_duplicate_alerts(self.person), pk=self.kwargs["alert"])

    def context(self) -> dict[str, Any]:
        alert = self.alert()
        return {"caption": f"{alert.reference} and {alert.other_reference}"}

    def perform(self, form: Any) -> str:
        services.close_duplicate_alert(by=self.person, alert=self.alert(), outcome=form.cleaned_data["outcome"])
        return reverse("duplicate_alerts")
