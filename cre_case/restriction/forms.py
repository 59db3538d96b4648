"""Forms of restricted files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from access.models import CaseAccess, Restriction
from access.parts import LABEL_NAMES, Label
from access.roles import Level
from accounts.models import Membership, Team, User
from cre_case.forms import PURPOSES, end_of_share, offer, one_person
from cre_case.restriction.selectors import teams_of
from ui import forms

SHORTEST_EMERGENCY = 20  # SECURITY T20


class RestrictForm(forms.Form):
    """Why, who keeps it, and who may know of it."""

    ground = forms.RadioField(
        label="Ground", choices=Restriction.Ground.choices, error_messages={"required": "Select the ground"}
    )
    reason = forms.TextField(
        label="Why in this case", max_length=2000, rows=3,
        help_text="Only managers named on the file can read this. The file says that it is restricted, never why.",
        error_messages={"required": "Say why this file is restricted"},
    )  # fmt: skip
    named = forms.CheckboxesField(
        label="Who keeps access", choices=[], required=False, optional_mark=False,
        help_text="Everybody else who sees the file now loses it at once. You and the worker who leads keep it.",
    )  # fmt: skip
    aware = forms.CheckboxesField(
        label="Teams that may know that a file exists", choices=[], required=False, optional_mark=False,
        help_text="They find its reference and whom to ask, no name. Social care of these teams can open it in an "
        "emergency, and you hear of it at once.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, people: Iterable[Membership], teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(one.user_id): one.user for one in people}
        self.teams = {str(team.pk): team for team in teams}
        offer(self, "named", [(str(one.user_id), f"{one.user.name}, {one.team}") for one in people])
        offer(self, "aware", [(key, team.name) for key, team in self.teams.items()])

    def clean_named(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["named"]]

    def clean_aware(self) -> list[Team]:
        return [self.teams[key] for key in self.cleaned_data["aware"]]


class LiftForm(forms.Form):
    reason = forms.TextField(
        label="Why it is no longer restricted", max_length=2000, rows=3,
        error_messages={"required": "Say why it is no longer restricted"},
    )  # fmt: skip


class NamePersonForm(forms.Form):
    """One more person on a restricted file: which parts, why, until when."""

    person = forms.CharField(
        label="Name or sign-in name of the person", max_length=120,
        error_messages={"required": "Enter the name or sign-in name of the person"},
    )  # fmt: skip
    labels = forms.CheckboxesField(
        label="Parts of the file", help_text="The child’s name, age and lead worker are always part of it.",
        choices=[], required=False, optional_mark=False,
    )  # fmt: skip
    level = forms.RadioField(
        label="What they may do", choices=[(str(Level.VIEW.value), "Look"), (str(Level.WORK.value), "Look, and add")],
        error_messages={"required": "Select what they may do"},
    )  # fmt: skip
    purpose = forms.SelectField(
        label="Purpose", choices=[("", "Choose a purpose"), *((one, one) for one in PURPOSES)],
        error_messages={"required": "Select a purpose"},
    )  # fmt: skip
    lawful_basis = forms.RadioField(
        label="Lawful basis", choices=CaseAccess.LawfulBasis.choices, initial=CaseAccess.LawfulBasis.PUBLIC_TASK
    )
    reason = forms.TextField(
        label="Why this person must know, and no more than necessary", max_length=2000, rows=3,
        error_messages={"required": "Say why this person must know"},
    )  # fmt: skip
    until = forms.DateField(
        label="Until", required=False,
        help_text="Somebody of the council may be left without a day: then it lasts as long as the restriction.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, held: frozenset[Label], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        parts = [label for label in Label if label in held and label is not Label.CORE]
        offer(self, "labels", [(str(label), LABEL_NAMES[label]) for label in parts])

    def clean_person(self) -> User:
        person = one_person(self.cleaned_data["person"])
        teams = teams_of(person)
        if not teams:
            raise ValidationError("This person works in no team that sees children’s files")
        self.team = teams[0]
        return person

    def clean_until(self) -> datetime | None:
        return end_of_share(self.cleaned_data["until"]) if self.cleaned_data["until"] else None


class EmergencyForm(forms.Form):
    reason = forms.TextField(
        label="What is the emergency?", max_length=500, rows=3,
        help_text="Those who work with the child read it, and an auditor reviews it.",
        error_messages={"required": "Say what the emergency is"},
    )  # fmt: skip

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if len(reason) < SHORTEST_EMERGENCY:
            raise ValidationError(f"Say what the emergency is in {SHORTEST_EMERGENCY} letters or more")
        return reason


class ReviewForm(forms.Form):
    was_needed = forms.RadioField(
        label="Was it needed?", choices=[("yes", "Yes"), ("no", "No")], small=True,
        error_messages={"required": "Select whether it was needed"},
    )  # fmt: skip
    finding = forms.TextField(
        label="What you found, and what is done about it", max_length=2000, rows=4,
        error_messages={"required": "Say what you found"},
    )  # fmt: skip
