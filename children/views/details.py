"""Who the child is: names, identifiers, addresses, other plans, warnings."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from access.refusals import Refused
from access.roles import Action
from children import forms, services
from children.models import Alias, Child, ChildProfile, Contact, OtherPlan, WorkerSafetyWarning
from children.presenters import profile_rows
from children.selectors import addresses_of, aliases_of, live_warnings, other_plans_of, possible_duplicates
from children.views.base import ChildFormPage, ChildPage, EndPage, facts, values


class Details(ChildPage):
    """Who the child is, where they live, their other plans, and warnings for visitors."""

    action = Action.VIEW_PROFILE
    asks = (Action.EDIT_CHILD, Action.VIEW_LOCATION, Action.EDIT_LOCATION, Action.RECORD_WARNING)
    template_name = "children/details.jinja"

    def context(self) -> dict[str, Any]:
        profile = self.records(ChildProfile, Action.VIEW_PROFILE).first()
        return {
            **super().context(),
            "rows": profile_rows(self.child, profile),
            "may": {
                "edit": Action.EDIT_CHILD in self.allowed,
                "see_addresses": Action.VIEW_LOCATION in self.allowed,
                "edit_addresses": Action.EDIT_LOCATION in self.allowed,
                "warn": Action.RECORD_WARNING in self.allowed,
            },
            "aliases": aliases_of(self.case, self.person),
            "addresses": addresses_of(self.case, self.person),
            "plans": other_plans_of(self.case, self.person),
            "warnings": live_warnings(self.case, self.person),
        }


class CreateChild(ChildFormPage):
    """Puts the child on the file. Children who may be the same one are shown first."""

    action = Action.EDIT_CHILD
    form_class = forms.CreateChildForm
    template_name = "children/create_child.jinja"
    title = "Add the child to this file"
    button = "Add the child"
    back_to = "case_contacts"
    duplicates: tuple[Any, ...] = ()

    def initial(self) -> dict[str, Any]:
        contact = self.records(Contact, Action.VIEW_CONTACTS).order_by("received_at").first()
        if contact is None:
            return {}
        return {
            "given_names": contact.child_given_names,
            "family_name": contact.child_family_name,
            "date_of_birth": contact.child_date_of_birth,
            "send_status": Child.SendStatus.NOT_KNOWN,
            "sex": ChildProfile.Sex.NOT_KNOWN,
        }

    def context(self) -> dict[str, Any]:
        return {**super().context(), "duplicates": self.duplicates}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        names = {key: typed[key] for key in ("given_names", "family_name", "date_of_birth", "nhs_number")}
        self.duplicates = tuple(possible_duplicates(self.person, **names, not_case=self.case))
        if self.duplicates and not typed["different_child"]:
            raise Refused("These children may be the same one. Look at them, then say if this is another child.")
        services.create_child(self.case, by=self.person, **facts(form, "different_child"))
        return reverse("case_file", args=[self.case.pk])


class EditChild(ChildFormPage):
    action = Action.EDIT_CHILD
    form_class: ClassVar[type[Any]] = forms.EditChildForm
    title = "Change the child’s details"

    def initial(self) -> dict[str, Any]:
        return values(self.record_to_edit(), self.form_class)

    def record_to_edit(self) -> Any:
        return self.one(Child, Action.EDIT_CHILD)

    def one(self, model: Any, action: Action) -> Any:
        return get_object_or_404(self.records(model, action))

    def perform(self, form: Any) -> str:
        services.update_child(
            self.record_to_edit(), by=self.person, version=form.cleaned_data["version"], **facts(form)
        )
        return self.back_url()


class EditProfile(EditChild):
    action = Action.EDIT_CHILD
    form_class = forms.ProfileForm
    title = "Change identifiers and background"

    def record_to_edit(self) -> Any:
        return self.one(ChildProfile, Action.VIEW_PROFILE)

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.update_profile(self.record_to_edit(), by=self.person, version=version, **facts(form))
        return self.back_url()


class AddAlias(ChildFormPage):
    action = Action.EDIT_CHILD
    form_class = forms.AliasForm
    title = "Add another name"

    def perform(self, form: Any) -> str:
        services.add_alias(self.case, by=self.person, **facts(form))
        return self.back_url()


class EndAlias(EndPage):
    action = Action.EDIT_CHILD
    form_class = forms.ConfirmForm
    title = "Stop using this other name"

    def context(self) -> dict[str, Any]:
        alias = self.record(Alias, Action.EDIT_CHILD, "alias")
        return {
            **super().context(),
            "intro": f"{alias.name} will no longer be found by search. It stays in the history.",
        }

    def perform(self, form: Any) -> str:
        services.end_alias(self.record(Alias, Action.EDIT_CHILD, "alias"), by=self.person)
        return self.back_url()


class AddAddress(ChildFormPage):
    action = Action.EDIT_LOCATION
    form_class = forms.AddressForm
    title = "Add an address"

    def perform(self, form: Any) -> str:
        services.add_address(self.case, by=self.person, **facts(form))
        return self.back_url()


class EditAddress(ChildFormPage):
    action = Action.EDIT_LOCATION
    form_class = forms.EditAddressForm
    title = "Change or end an address"

    def address(self) -> Any:
        return get_object_or_404(addresses_of(self.case, self.person), pk=self.kwargs["address"])

    def initial(self) -> dict[str, Any]:
        return values(self.address(), self.form_class)

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.update_address(self.address(), by=self.person, version=version, **facts(form))
        return self.back_url()


class AddOtherPlan(ChildFormPage):
    action = Action.EDIT_CHILD
    form_class = forms.OtherPlanForm
    title = "Add another plan the child has"

    def perform(self, form: Any) -> str:
        services.add_other_plan(self.case, by=self.person, **facts(form))
        return self.back_url()


class EndOtherPlan(EndPage):
    action = Action.EDIT_CHILD
    form_class = forms.EndPlanForm
    title = "End a plan"

    def plan(self) -> Any:
        return self.record(OtherPlan, Action.EDIT_CHILD, "plan")

    def initial(self) -> dict[str, Any]:
        return {"version": self.plan().version, "ended_on": timezone.localdate()}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.end_other_plan(self.plan(), by=self.person, version=typed["version"], ended_on=typed["ended_on"])
        return self.back_url()


class RaiseWarning(ChildFormPage):
    action = Action.RECORD_WARNING
    form_class = forms.WarningForm
    title = "Warn whoever visits"

    def perform(self, form: Any) -> str:
        services.raise_warning(self.case, by=self.person, **facts(form))
        return self.back_url()


class EndWarning(EndPage):
    action = Action.RECORD_WARNING
    form_class = forms.ConfirmForm
    title = "Take this warning away"

    def warning(self) -> Any:
        return self.record(WorkerSafetyWarning, Action.RECORD_WARNING, "warning")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "intro": self.warning().advice}

    def perform(self, form: Any) -> str:
        services.end_warning(self.warning(), by=self.person)
        return self.back_url()
