"""Carers, relatives and other people around the child."""

from typing import Any

from access.roles import Action
from children import forms, services
from children.models import Person
from children.presenters import person_card
from children.selectors import people_of
from children.views.base import ChildFormPage, ChildPage, EndPage, facts, values


class People(ChildPage):
    """Carers and others, each with what this person may know of them."""

    action = Action.VIEW_NETWORK
    asks = (Action.EDIT_NETWORK, Action.VIEW_COMPLICITY, Action.DECIDE_COMPLICITY)
    template_name = "children/people.jinja"

    def context(self) -> dict[str, Any]:
        people = people_of(self.case, self.person)
        return {
            **super().context(),
            "cards": [person_card(person, self.allowed) for person in people],
            "may": {"edit": Action.EDIT_NETWORK in self.allowed},
        }


class AddPerson(ChildFormPage):
    action = Action.EDIT_NETWORK
    form_class = forms.PersonForm
    title = "Add a person"
    back_to = "people"

    def perform(self, form: Any) -> str:
        services.add_person(self.case, by=self.person, **facts(form))
        return self.back_url()


class EditPerson(ChildFormPage):
    action = Action.EDIT_NETWORK
    form_class = forms.EditPersonForm
    title = "Change what is known of a person"
    back_to = "people"

    def one(self) -> Any:
        return self.record(Person, Action.VIEW_NETWORK, "person")

    def initial(self) -> dict[str, Any]:
        return values(self.one(), self.form_class)

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.update_person(self.one(), by=self.person, version=version, **facts(form))
        return self.back_url()


class EndPerson(EndPage):
    action = Action.EDIT_NETWORK
    form_class = forms.ConfirmForm
    title = "Take a person off the list"
    back_to = "people"

    def one(self) -> Any:
        return self.record(Person, Action.VIEW_NETWORK, "person")

    def context(self) -> dict[str, Any]:
        intro = f"{self.one().name} is no longer part of the child’s life. The record is kept."
        return {**super().context(), "intro": intro}

    def perform(self, form: Any) -> str:
        services.end_person(self.one(), by=self.person)
        return self.back_url()


class DecideContactSafety(ChildFormPage):
    action = Action.DECIDE_COMPLICITY
    form_class = forms.ContactSafetyForm
    template_name = "children/contact_safety.jinja"
    title = "Decide whether this person may be contacted and invited"
    button = "Record decision"
    back_to = "people"

    def one(self) -> Any:
        return self.record(Person, Action.VIEW_NETWORK, "person")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "about": self.one()}

    def perform(self, form: Any) -> str:
        services.decide_contact_safety(self.one(), by=self.person, **facts(form))
        return self.back_url()
