"""Forms of the system administrator."""

from typing import Any

from django.core.validators import RegexValidator

from accounts.models import Agency, Team
from accounts.roles import AgencyKind, Role
from ui import forms

USER_NAME = RegexValidator(
    r"\A[a-z0-9][a-z0-9.\-]*\Z", "User name must be small letters, digits, dots and hyphens, like jo.smith"
)
RECEIVES = "New contacts about children go to this team"


class DetailsForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    job_title = forms.CharField(label="Job title", max_length=120)
    email = forms.EmailField(label="Email address", required=False)
    phone = forms.CharField(label="Phone number", max_length=30, required=False)


class PersonForm(DetailsForm):
    version = forms.VersionField()


class NewPersonForm(DetailsForm):
    username = forms.CharField(
        label="User name", help_text="They sign in with it. Like jo.smith", max_length=60, width=20,
        validators=[USER_NAME],
    )  # fmt: skip
    field_order = ["username", "name", "job_title", "email", "phone"]


class JoinTeamForm(forms.Form):
    team = forms.SelectField(label="Team", choices=[])
    role = forms.SelectField(label="Role", choices=[("", "Choose a role"), *Role.choices])

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["team"]
        offered.choices = [("", "Choose a team"), *((str(team.pk), str(team)) for team in teams)]


class RenameAgencyForm(forms.Form):
    name = forms.CharField(label="Name of the agency", max_length=120)


class AgencyForm(RenameAgencyForm):
    kind = forms.RadioField(
        label="Kind of agency", choices=AgencyKind.choices,
        help_text="Decides which roles its people can have and what may be shared with them. It cannot be changed.",
    )  # fmt: skip


class TeamForm(forms.Form):
    name = forms.CharField(label="Name of the team", max_length=120)
    receives_contacts = forms.YesField(label=RECEIVES, required=False, optional_mark=False)


class NewTeamForm(TeamForm):
    agency = forms.SelectField(label="Agency", choices=[])
    field_order = ["agency", "name", "receives_contacts"]

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["agency"]
        offered.choices = [("", "Choose an agency"), *((str(agency.pk), agency.name) for agency in agencies)]


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""
