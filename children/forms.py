"""The forms about a child. What cannot be is refused here with a sentence; what may not be, in the services."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.utils import timezone

from children.codes import DISABILITIES, ETHNICITIES, LANGUAGES_HINT
from children.identifiers import normalise_nhs_number, normalise_upn
from children.models import Address, CaseNote, Child, ChildProfile, Contact, ContactSafetyDecision, OtherPlan, Person
from ui import forms

OLDEST_YEARS = 25  # to 25 with SEND or as a care leaver (BR-02)


def born(day: date | None) -> None:
    """Refuses a date of birth that cannot be a child's."""
    if day is None:
        return
    today = timezone.localdate()
    if day > today:
        raise django_forms.ValidationError("Date of birth must be today or in the past.")
    if day < today - timedelta(days=366 * OLDEST_YEARS):
        raise django_forms.ValidationError(f"Date of birth must be in the last {OLDEST_YEARS} years.")


def past_day(day: date | None) -> None:
    if day and day > timezone.localdate():
        raise django_forms.ValidationError("The date must be today or in the past.")


def past_moment(moment: Any) -> None:
    if moment and moment > timezone.now():
        raise django_forms.ValidationError("The date and time must not be in the future.")


def future_day(day: date | None) -> None:
    if day and day <= timezone.localdate():
        raise django_forms.ValidationError("The date must be after today.")


def identifier(normalise: Callable[[str], str]) -> Callable[[str], None]:
    def check(typed: str) -> None:
        try:
            normalise(typed)
        except ValueError as error:
            raise django_forms.ValidationError(str(error)) from None

    return check


class ContactForm(forms.Form):
    """How somebody told us about a child."""

    received_at = forms.MomentField(
        label="When we were told", help_text="The date and time of the call or message, like 27 3 2026 at 14:30",
        validators=[past_moment],
    )  # fmt: skip
    method = forms.RadioField(label="How we were told", choices=Contact.Method.choices)
    source = forms.SelectField(label="Who told us", choices=Contact.Source.choices)
    from_name = forms.CharField(label="Their name", max_length=120, required=False)
    from_agency = forms.CharField(label="Their agency or relationship to the child", max_length=120, required=False)
    from_phone = forms.CharField(label="Their phone number", max_length=30, required=False)
    child_given_names = forms.CharField(label="Child’s first names", max_length=100, required=False)
    child_family_name = forms.CharField(label="Child’s family name", max_length=100, required=False)
    child_date_of_birth = forms.DateField(
        label="Child’s date of birth", help_text="Leave empty if not known", required=False, validators=[born]
    )
    child_address = forms.CharField(label="Child’s address", max_length=300, required=False)
    details = forms.TextField(
        label="What they told us", help_text="Facts first, in their words. Then what they are worried about."
    )


class NewContactForm(ContactForm):
    """A contact that opens a file, and the team that will hold it."""

    team = forms.SelectField(label="Team that takes it", choices=[])

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.choices = teams


class ScreenForm(forms.Form):
    decision = forms.RadioField(
        label="What happens with this contact",
        choices=[("accept", "Accept: this child needs a file"), ("no", "No further action")],
    )
    reason = forms.TextField(
        label="Reason", help_text="Needed when no further action is taken", max_length=2000, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "no" and not cleaned.get("reason"):
            self.add_error("reason", "Say why no further action is needed.")
        return cleaned


class WrittenForm(forms.Form):
    confirmed_at = forms.MomentField(
        label="When it came in writing",
        help_text="The date and time, like 27 3 2026 at 14:30",
        validators=[past_moment],
    )


class LinkForm(forms.Form):
    reference = forms.CharField(label="Reference of the child’s file", help_text="Like CRE-000042", max_length=20)
    reason = forms.TextField(label="How we know it is this child", max_length=2000, required=False)


class ChildFactsForm(forms.Form):
    given_names = forms.CharField(label="First names", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    known_as = forms.CharField(label="Name the child likes to be called", max_length=100, required=False)
    date_of_birth = forms.DateField(
        label="Date of birth", help_text="For example, 27 3 2012. Leave empty if not known.", required=False,
        validators=[born],
    )  # fmt: skip
    date_of_birth_estimated = forms.YesField(label="The date of birth is an estimate", required=False)
    send_status = forms.RadioField(
        label="Special educational needs or disability", choices=Child.SendStatus.choices,
        help_text="Suspected counts: a child with SEND is protected from being thought low risk too early.",
    )  # fmt: skip


class CreateChildForm(ChildFactsForm):
    sex = forms.RadioField(label="Sex", choices=ChildProfile.Sex.choices)
    nhs_number = forms.CharField(
        label="NHS number", help_text="10 digits, like 999 000 0018", max_length=20, required=False,
        validators=[identifier(normalise_nhs_number)],
    )  # fmt: skip
    upn = forms.CharField(
        label="Unique pupil number (UPN)", max_length=20, required=False, validators=[identifier(normalise_upn)]
    )
    different_child = forms.YesField(label="I have checked: this is a different child", required=False)


class EditChildForm(ChildFactsForm):
    version = forms.VersionField()
    communication_needs = forms.CharField(
        label="What helps the child to understand and be understood", max_length=500, required=False
    )
    home_authority = forms.CharField(label="Home authority (responsible council)", max_length=80)
    host_authority = forms.CharField(label="Host authority (where the child lives)", max_length=80)


class ProfileForm(forms.Form):
    version = forms.VersionField()
    nhs_number = forms.CharField(
        label="NHS number", max_length=20, required=False, validators=[identifier(normalise_nhs_number)]
    )
    upn = forms.CharField(
        label="Unique pupil number (UPN)", max_length=20, required=False, validators=[identifier(normalise_upn)]
    )
    external_id = forms.CharField(label="Number in the council’s case system", max_length=40, required=False)
    sex = forms.RadioField(label="Sex", choices=ChildProfile.Sex.choices)
    gender_identity = forms.CharField(label="Gender identity, in the child’s words", max_length=80, required=False)
    ethnicity = forms.SelectField(label="Ethnicity", choices=[("", "Choose"), *ETHNICITIES], required=False)
    first_language = forms.CharField(label="First language", help_text=LANGUAGES_HINT, max_length=60, required=False)
    interpreter_needed = forms.YesField(label="An interpreter is needed", required=False)
    school = forms.CharField(label="School or college", max_length=120, required=False)
    disabilities = forms.CheckboxesField(label="Disability", choices=DISABILITIES, required=False)
    send_basis = forms.CharField(
        label="What SEND rests on", help_text="EHC plan, SEN support, diagnosis, or why it is suspected",
        max_length=300, required=False,
    )  # fmt: skip


class AliasForm(forms.Form):
    name = forms.CharField(label="Other name", max_length=120)
    note = forms.CharField(label="Where it is used", max_length=200, required=False)


class AddressForm(forms.Form):
    kind = forms.RadioField(label="Kind of address", choices=Address.Kind.choices)
    lines = forms.CharField(label="Address", max_length=300)
    postcode = forms.CharField(label="Postcode", max_length=8, required=False)
    confidential = forms.YesField(label="Confidential: never shown to family or partner agencies", required=False)
    from_on = forms.DateField(label="Lived there from")
    until_on = forms.DateField(label="Lived there until", help_text="Leave empty if still there", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("from_on"), cleaned.get("until_on")
        if start and end and end < start:
            self.add_error("until_on", "The last day must be on or after the first day.")
        return cleaned


class EditAddressForm(AddressForm):
    version = forms.VersionField()


class OtherPlanForm(forms.Form):
    kind = forms.SelectField(label="Plan", choices=OtherPlan.Kind.choices)
    lead = forms.CharField(label="Who leads it", max_length=120, required=False)
    started_on = forms.DateField(label="Started on", validators=[past_day])


class EndPlanForm(forms.Form):
    version = forms.VersionField()
    ended_on = forms.DateField(label="Ended on", validators=[past_day])


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    relationship = forms.SelectField(label="Relationship to the child", choices=Person.Relationship.choices)
    is_adult = forms.YesField(label="An adult (18 or over)", required=False, initial=True)
    is_carer = forms.YesField(label="Looks after the child", required=False)
    parental_responsibility = forms.RadioField(
        label="Parental responsibility", choices=Person.YesNoUnknown.choices, initial=Person.YesNoUnknown.NOT_KNOWN
    )
    lives_with_child = forms.RadioField(
        label="Lives with the child", choices=Person.YesNoUnknown.choices, initial=Person.YesNoUnknown.NOT_KNOWN
    )
    phone = forms.CharField(label="Phone", max_length=30, required=False)
    email = forms.EmailField(label="Email", max_length=254, required=False)
    address = forms.CharField(label="Address, if different", max_length=300, required=False)
    interpreter = forms.CharField(label="Interpreter needed for", max_length=60, required=False)


class EditPersonForm(PersonForm):
    version = forms.VersionField()


class ContactSafetyForm(forms.Form):
    complicity = forms.RadioField(label="Complicity", choices=ContactSafetyDecision.Complicity.choices)
    unsafe_to_contact = forms.YesField(label="Unsafe to contact", required=False)
    unsafe_to_meet_together = forms.YesField(label="Unsafe to meet together with other family", required=False)
    reason = forms.TextField(label="What this rests on", help_text="Evidence, from whom and when.")
    legal_advice_taken = forms.YesField(label="Legal advice has been taken", required=False)
    review_on = forms.DateField(label="To be reviewed on", required=False, validators=[future_day])


class WarningForm(forms.Form):
    advice = forms.CharField(
        label="What a visitor must know", help_text="For example: Visit in pairs. Everyone who visits sees this.",
        max_length=300,
    )  # fmt: skip
    reason = forms.TextField(label="What it comes from", help_text="Only social care sees this.")


class NoteForm(forms.Form):
    kind = forms.RadioField(label="What are you recording?", choices=CaseNote.Kind.choices)
    happened_at = forms.MomentField(label="When it happened", validators=[past_moment])
    seen = forms.RadioField(
        label="Was the child seen?", help_text="For a visit only", choices=CaseNote.Seen.choices, required=False
    )
    child_words = forms.TextField(label="The child’s own words", max_length=2000, required=False)
    text = forms.TextField(label="What happened", help_text="Facts first, then what you think they mean.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_visit = cleaned.get("kind") == CaseNote.Kind.VISIT
        if is_visit and not cleaned.get("seen"):
            self.add_error("seen", "Select whether the child was seen.")
        if not is_visit:
            cleaned["seen"] = ""
        return cleaned


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""


class CloseAlertForm(forms.Form):
    outcome = forms.CharField(label="What you found", max_length=300)
