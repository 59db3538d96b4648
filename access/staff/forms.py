"""Forms of the system administrator."""

from typing import Any

from django.core.validators import RegexValidator

from accounts.models import Agency, Team
from accounts.roles import AgencyKind, Role
from ui import forms

USER_NAME = RegexValidator(r"^[a-z0-9][a-z0-9.\-]*$", "User name must be small letters, digits, dots and hyphens.")


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    job_title = forms.CharField(label="Job title", max_length=120)
    email = forms.EmailField(label="Email", required=False)
    phone = forms.CharField(label="Phone", max_length=30, required=False)


class NewPersonForm(PersonForm):
    username = forms.CharField(label="User name", help_text="Like jo.smith", max_length=60, validators=[USER_NAME])
    field_order = ["username", "name", "job_title", "email", "phone"]


class JoinTeamForm(forms.Form):
    team = forms.SelectField(label="Team", choices=[])
    role = forms.SelectField(label="Role", choices=[("", "Choose a role"), *Role.choices])

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", "Choose a team"), *((str(team.pk), str(team)) for team in teams)]


class AgencyForm(forms.Form):
    name = forms.CharField(label="Name of the agency", max_length=120)
    kind = forms.RadioField(label="Kind", choices=AgencyKind.choices)


class TeamForm(forms.Form):
    agency = forms.SelectField(label="Agency", choices=[])
    name = forms.CharField(label="Name of the team", max_length=120)
    receives_contacts = forms.YesField(label="Receives new contacts about children", required=False)

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(agency.pk), agency.name) for agency in agencies]
        self.fields["agency"].choices = [("", "Choose an agency"), *choices]


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""
