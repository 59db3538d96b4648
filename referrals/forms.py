"""The forms of the directory, of referrals, routes and information for the police."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from access.models import DisclosureDecision
from accounts.models import Agency, Team, User
from assessments.models import TIERS
from children.forms import past_day, past_moment
from offer.catalogue import OFFER
from referrals.models import TYPES, EscalationRoute, InformationGrading, InformationReport
from ui import forms

CHILD = "child"
ITEMS = [(item.code, f"{item.code} {item.title}") for item in OFFER]
ANY = ("", "Any")


# The directory


class FilterForm(forms.PlainForm):
    item = forms.SelectField(label="Item of the offer", choices=[ANY, *ITEMS], required=False, optional_mark=False)
    tier = forms.SelectField(label="Child’s tier", choices=[ANY, *TIERS], required=False, optional_mark=False)
    age = forms.NumberField(label="Child’s age", biggest=30, required=False, optional_mark=False)
    type = forms.SelectField(label="Kind of exploitation", choices=[ANY, *TYPES], required=False, optional_mark=False)
    state = forms.SelectField(
        label="State", choices=[ANY, ("open", "Open"), ("paused", "Paused"), ("ended", "Ended")], required=False,
        optional_mark=False,
    )  # fmt: skip
    unchecked = forms.YesField(label="Last checked more than 6 months ago", required=False, optional_mark=False)


class EntryForm(forms.Form):
    """What a provider may change of its own entry."""

    version = forms.VersionField()
    does = forms.TextField(label="What it does", max_length=2000)
    youngest = forms.NumberField(label="Youngest age", biggest=25, required=False)
    oldest = forms.NumberField(label="Oldest age", biggest=25, required=False)
    types = forms.CheckboxesField(
        label="Kinds of exploitation", help_text="Leave empty where it takes all.", choices=TYPES, required=False,
        small=True,
    )  # fmt: skip
    for_parents = forms.YesField(label="Works with parents and carers too", required=False)
    how_to_refer = forms.TextField(label="How to refer", max_length=1000, rows=3, required=False)
    phone = forms.CharField(label="Phone", max_length=30, required=False)
    email = forms.EmailField(label="Email", required=False)
    replies_within = forms.NumberField(
        label="Usually replies within", help_text="In working days", smallest=1, biggest=60, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        youngest, oldest = cleaned.get("youngest"), cleaned.get("oldest")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("oldest", "Oldest age must not be below the youngest.")
        return cleaned


class WholeEntryForm(EntryForm):
    """All of an entry, for the directory administrator."""

    name = forms.CharField(label="Name", max_length=120)
    provider = forms.SelectField(label="Provider", choices=[], required=False)
    team = forms.SelectField(
        label="Team that receives referrals here",
        help_text="A team of the provider. Without one, referrals are sent outside this system.", choices=[],
        required=False,
    )  # fmt: skip
    items = forms.CheckboxesField(label="Items of the offer it serves", choices=ITEMS, required=False, small=True)
    lowest_tier = forms.RadioField(label="Offered from", choices=TIERS)

    field_order = [
        "name", "does", "provider", "team", "items", "lowest_tier", "youngest", "oldest", "types", "for_parents",
        "how_to_refer", "phone", "email", "replies_within", "version",
    ]  # fmt: skip

    def __init__(self, *args: Any, agencies: Iterable[Agency], teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(one.pk): one for one in agencies}
        self.teams = {str(one.pk): one for one in teams}
        fields: dict[str, Any] = self.fields
        fields["provider"].choices = [
            ("", "Nobody with accounts here"),
            *((pk, one.name) for pk, one in self.agencies.items()),
        ]
        fields["team"].choices = [("", "None"), *((pk, str(one)) for pk, one in self.teams.items())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["provider"] = self.agencies.get(cleaned.get("provider") or "")
        cleaned["team"] = self.teams.get(cleaned.get("team") or "")
        return cleaned


class NewEntryForm(WholeEntryForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]


class PauseForm(forms.Form):
    version = forms.VersionField()
    state = forms.RadioField(
        label="New referrals", choices=[("open", "Open: it takes referrals"), ("paused", "Paused: it takes none")]
    )
    until = forms.DateField(label="Last day of the pause", required=False, optional_mark=False)
    reason = forms.CharField(
        label="Why", help_text="Workers see this, for example: No places before the new year.", max_length=300,
        required=False, optional_mark=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") == "paused":
            if not cleaned.get("until") and "until" not in self.errors:
                self.add_error("until", "Enter the last day of the pause")
            elif cleaned.get("until") and cleaned["until"] < timezone.localdate():
                self.add_error("until", "Last day of the pause must be today or later")
            if not cleaned.get("reason"):
                self.add_error("reason", "Enter why")
        return cleaned


class VersionedConfirmForm(forms.Form):
    """Nothing to fill in: one button, on what was read."""

    version = forms.VersionField()


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""


class MaintainerForm(forms.Form):
    person = forms.SelectField(label="Person", choices=[])

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        fields: dict[str, Any] = self.fields
        fields["person"].choices = [("", "Choose"), *((pk, one.name) for pk, one in self.people.items())]


# Referrals


class ReferralForm(forms.Form):
    """`people`: (value, name, why they cannot be referred or nothing) for each parent or carer."""

    who = forms.RadioField(label="Who is referred?", choices=[], initial=CHILD)
    asked_for = forms.TextField(label="What you ask for", max_length=2000, rows=3)
    what_they_need = forms.TextField(
        label="What the service needs to know",
        help_text="They read exactly this. Facts they need to help, and no more. No other child’s name.",
        max_length=5000,
    )  # fmt: skip
    contact = forms.CharField(
        label="How to reach them safely", help_text="For example: ring after school on the school’s number.",
        max_length=200,
    )  # fmt: skip
    necessity = forms.TextField(
        label="Why it is necessary to tell them", help_text="Kept with the record of what was shared.",
        max_length=2000, rows=3,
    )  # fmt: skip
    agreement = forms.RadioField(label="Do the child and family agree?", choices=DisclosureDecision.Agreement.choices)
    safe_to_tell_family = forms.YesField(label="It is safe to tell the family about this referral", required=False)
    unusual_because = forms.TextField(
        label="Why you ask them all the same", max_length=1000, rows=3, required=False, optional_mark=False
    )

    def __init__(
        self, *args: Any, child: str, people: Iterable[tuple[str, str, str]], outside: tuple[str, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        who: Any = self.fields["who"]
        who.choices = [(CHILD, child), *((pk, name) for pk, name, _ in people)]
        who.reasons = {pk: reason for pk, _, reason in people if reason}
        self.outside = outside
        if outside:
            self.fields["unusual_because"].help_text = " ".join(outside)
        else:
            del self.fields["unusual_because"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.outside and cleaned.get("who") == CHILD and not cleaned.get("unusual_because"):
            self.add_error("unusual_because", "Enter why you ask them all the same, or choose another service")
        return cleaned


class AnswerForm(forms.Form):
    version = forms.VersionField()
    decision = forms.RadioField(
        label="Your answer", choices=[("accept", "Accept"), ("decline", "Decline")],
        hints={"decline": "Your access to this child’s file ends at once."},
    )  # fmt: skip
    answer = forms.TextField(
        label="What the worker should know", help_text="When you decline, say why.", max_length=2000, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "decline" and not cleaned.get("answer"):
            self.add_error("answer", "Enter why you decline")
        return cleaned


class AttendanceForm(forms.Form):
    version = forms.VersionField()
    first_attended_on = forms.DateField(label="Day they first came", validators=[past_day])


class OutcomeForm(forms.Form):
    version = forms.VersionField()
    outcome = forms.TextField(label="What came of the work", max_length=4000)


class OutsideForm(forms.Form):
    """What a service without accounts here told the worker."""

    version = forms.VersionField()
    decision = forms.RadioField(
        label="What they answered", choices=[("accept", "Accepted"), ("decline", "Declined")], required=False,
        optional_mark=False,
    )  # fmt: skip
    answer = forms.TextField(
        label="What they said", help_text="Needed when they declined", max_length=2000, rows=3, required=False
    )
    first_attended_on = forms.DateField(label="Day they first came", required=False, validators=[past_day])
    outcome = forms.TextField(
        label="What came of the work", help_text="Only once the work has ended", max_length=4000, rows=3, required=False
    )

    def __init__(self, *args: Any, is_answered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("decision", "answer") if is_answered else ("first_attended_on", "outcome"):
            del self.fields[name]
        self.is_answered = is_answered

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_answered:
            if not cleaned.get("first_attended_on") and not cleaned.get("outcome") and not self.errors:
                self.add_error("first_attended_on", "Enter the day they first came, or what came of the work")
        elif not cleaned.get("decision"):
            self.add_error("decision", "Select what they answered")
        elif cleaned["decision"] == "decline" and not cleaned.get("answer"):
            self.add_error("answer", "Enter what they said")
        return cleaned


class WithdrawForm(forms.Form):
    version = forms.VersionField()
    reason = forms.TextField(label="Why it is withdrawn", max_length=1000, rows=3)


# The escalation route


class RouteForm(forms.Form):
    route = forms.RadioField(label="How the child is taken to social care", choices=EscalationRoute.Route.choices)
    opened_at = forms.MomentField(label="When it was done", validators=[past_moment])
    by_telephone = forms.YesField(
        label="It was a telephone referral to the Initial Response Team", required=False,
        help_text="It must then be confirmed in writing within 48 hours.",
    )  # fmt: skip
    note = forms.TextField(label="Note", max_length=2000, rows=3, required=False)

    def __init__(self, *args: Any, reasons: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        route: Any = self.fields["route"]
        route.reasons = reasons

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("by_telephone") and cleaned.get("route") not in (None, EscalationRoute.Route.IRT):
            self.add_error("by_telephone", "Only a referral to the Initial Response Team is made by telephone")
        return cleaned


class ConfirmedForm(forms.Form):
    confirmed_at = forms.MomentField(label="When it was confirmed in writing", validators=[past_moment])


class CloseRouteForm(forms.Form):
    reason = forms.TextField(label="Why this route is closed", max_length=1000, rows=3)


# Information for the police


class InformationForm(forms.Form):
    """The fields of an Operation Liberty form (BR-13): fact and opinion apart."""

    happened = forms.CharField(
        label="When it happened", help_text="As near as you know, for example: Tuesday 24 November, about 4pm",
        max_length=120,
    )  # fmt: skip
    how_known = forms.RadioField(label="How do you know?", choices=InformationReport.HowKnown.choices)
    fact = forms.TextField(label="What was seen or said", help_text="Facts only, in their words where you can.")
    opinion = forms.TextField(label="What you think it means", rows=3, required=False)
    people = forms.TextField(label="People", help_text="Names, nicknames, what they look like", rows=2, required=False)
    places = forms.TextField(label="Places", rows=2, required=False)
    vehicles = forms.TextField(label="Vehicles", help_text="Make, colour, registration", rows=2, required=False)
    phones_and_online = forms.TextField(label="Phones and online names", rows=2, required=False)
    risk_to_source = forms.TextField(
        label="What could happen if it became known who told?", help_text="Say “nothing known” if that is so.", rows=3
    )
    child_may_be_named = forms.YesField(label="The child may be named as the source", required=False)
    urgency = forms.RadioField(
        label="How soon must the police read it?", choices=InformationReport.Urgency.choices,
        help_text="If a child is in danger now, call 999.",
    )  # fmt: skip


class AcknowledgeForm(forms.Form):
    police_reference = forms.CharField(label="Reference on the police system", max_length=60)
    reply = forms.TextField(
        label="What the sender may know",
        help_text="Only the sender reads this.",
        max_length=2000,
        rows=3,
        required=False,
    )


class GradeForm(forms.Form):
    source = forms.RadioField(label="Source", choices=InformationGrading.Source.choices)
    assessment = forms.RadioField(label="Information", choices=InformationGrading.Assessment.choices)
    handling = forms.RadioField(label="Handling", choices=InformationGrading.Handling.choices)
    conditions = forms.TextField(
        label="Conditions", help_text="Needed with C: under which conditions it may be shared", rows=3, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("handling") == InformationGrading.Handling.CONDITIONS and not cleaned.get("conditions"):
            self.add_error("conditions", "Enter the conditions")
        return cleaned
