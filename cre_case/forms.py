"""Forms of the pages that look across packages."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import CaseAccess
from access.parts import LABEL_NAMES, Label
from access.roles import SHAREABLE_LABELS, Level
from accounts.models import Team, User
from accounts.roles import AgencyKind
from ui import forms

PURPOSES = (
    "Keeping the child safe now",
    "Direct work with the child or family",
    "Multi-agency meeting or plan",
    "Looking for a missing child",
    "Police investigation or disruption",
    "Health or therapeutic support",
    "Support in education",
)


class AllocateForm(forms.Form):
    """One choice: a person in a team."""

    worker = forms.SelectField(label="Social worker", choices=[])
    reason = forms.CharField(label="Why this worker", max_length=500)

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [("", "Choose a social worker"), *workers]


class ShareForm(forms.Form):
    """What is shared with which team, why and until when: never without (DOMAIN 5.2)."""

    team = forms.SelectField(label="Team", choices=[])
    labels = forms.CheckboxesField(
        label="Parts of the file", help_text="The child’s name, age and lead worker are always part of it.",
        choices=[(str(label), name) for label, name in LABEL_NAMES.items() if label is not Label.CORE],
        required=False,
    )  # fmt: skip
    level = forms.RadioField(
        label="What they may do", choices=[(Level.VIEW, "Look"), (Level.WORK, "Look, and add notes of their own")]
    )
    purpose = forms.SelectField(label="Purpose", choices=[("", "Choose a purpose"), *((one, one) for one in PURPOSES)])
    lawful_basis = forms.RadioField(
        label="Lawful basis", choices=CaseAccess.LawfulBasis.choices, initial=CaseAccess.LawfulBasis.PUBLIC_TASK
    )
    reason = forms.TextField(
        label="Why this is necessary, and no more than necessary", max_length=2000,
        help_text="A child’s safety outranks privacy. Consent is not needed where a child is at risk.",
    )  # fmt: skip
    until = forms.DateField(label="Until", help_text="The share ends at the end of this day. At most a year ahead.")

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [("", "Choose a team"), *((key, str(team)) for key, team in self.teams.items())]

    def clean_until(self) -> datetime:
        day = self.cleaned_data["until"]
        if not timezone.localdate() <= day <= timezone.localdate() + timedelta(days=364):
            raise ValidationError("Until must be today or later, and within a year.")
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        team = self.teams.get(cleaned.get("team", ""))
        if team:
            wanted = {Label(label) for label in cleaned.get("labels", [])}
            refused = wanted - SHAREABLE_LABELS[AgencyKind(team.agency.kind)]
            if refused:
                named = ", ".join(sorted(LABEL_NAMES[label].lower() for label in refused))
                self.add_error("labels", f"{team.agency.name} may not be given: {named}.")
        return cleaned


class ExcludeForm(forms.Form):
    person = forms.SelectField(label="Person", choices=[])
    reason = forms.CharField(
        label="What the conflict is", help_text="The person is not told that this file exists.", max_length=500
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [
            ("", "Choose a person"), *((str(user.pk), f"{user.name}, {user.job_title}") for user in people)
        ]  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.TextField(label="Why do you need to open this file?", max_length=500)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if len(reason.strip()) < 10:
            raise ValidationError("Say in a sentence why you need to open this file.")
        return reason


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""
