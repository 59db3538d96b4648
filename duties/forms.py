"""The forms of mandatory reports."""

from typing import Any

from django.utils import timezone

from children.forms import past_day, past_moment
from duties.models import MandatoryReport
from offer.duties import DUTIES, HowKnown, Profession
from ui import forms

HOW_KNOWN = [(one.name.lower(), one.value) for one in HowKnown]
PROFESSIONS = [(one.name.lower(), one.value) for one in Profession]
FGM = ("MR-01", "MR-01b")
# What a worker chooses from: FGM is one choice, since "How do you know?" decides its route.
CHOICES = [
    ("MR-01", "Female genital mutilation (FGM)"),
    *((row.rule_id, row.title) for row in DUTIES.values() if row.rule_id not in FGM and row.timescale.has_limit),
]
HINTS = {key: DUTIES[key].trigger for key, _ in CHOICES}


class OpenReportForm(forms.Form):
    rule_id = forms.RadioField(label="What did you find?", choices=CHOICES, hints=HINTS)
    trigger = forms.TextField(label="What was seen or said?", help_text="By whom, when, and in whose words", rows=4)
    discovered_at = forms.MomentField(label="When did you find it?", validators=[past_moment])
    how_known = forms.RadioField(
        label="For FGM: how do you know?", choices=HOW_KNOWN, required=False, optional_mark=False
    )
    profession = forms.SelectField(
        label="For FGM: your profession", choices=[("", "Choose"), *PROFESSIONS], required=False, optional_mark=False
    )
    consent = forms.YesField(label="For somebody of 18 or over and modern slavery: they agree", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("rule_id") in FGM:
            for name, sentence in (("how_known", "Select how you know."), ("profession", "Select your profession.")):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned


class HowKnownForm(forms.Form):
    version = forms.VersionField()
    how_known = forms.RadioField(label="How do you know?", choices=HOW_KNOWN)
    profession = forms.SelectField(label="Your profession", choices=[("", "Choose"), *PROFESSIONS])


class RecordReportForm(forms.Form):
    version = forms.VersionField()
    recipient = forms.CharField(label="To whom did you report?", max_length=200)
    method = forms.CharField(label="How?", help_text="For example 101, an online form, email", max_length=60)
    reported_at = forms.MomentField(label="When?", validators=[past_moment])
    reference = forms.CharField(label="Reference you were given", max_length=60, required=False)
    safeguarding_lead_told = forms.YesField(label="The safeguarding lead knows", required=False)
    child_told = forms.YesField(label="The child knows, in a way they understand", required=False)
    helped_by = forms.CharField(label="Who helped you", max_length=300, required=False)
    consent = forms.YesField(label="For somebody of 18 or over and modern slavery: they agree", required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"reported_at": timezone.now(), **(kwargs.get("initial") or {})}
        super().__init__(data, **kwargs)


class OutcomeForm(forms.Form):
    version = forms.VersionField()
    outcome = forms.TextField(label="What came of the report?", rows=4)


class NotReportedForm(forms.Form):
    version = forms.VersionField()
    not_reported = forms.RadioField(label="Why was it not reported?", choices=MandatoryReport.NotReported.choices)
    because = forms.TextField(label="Say more", rows=4)
    reference = forms.CharField(
        label="Reference of the earlier referral", max_length=60, required=False, optional_mark=False
    )


class BecauseForm(forms.Form):
    version = forms.VersionField()
    because = forms.TextField(label="Why, and who advised it", rows=4)


class NRMDecisionForm(forms.Form):
    version = forms.VersionField()
    reasonable_grounds = forms.RadioField(
        label="Reasonable grounds", choices=MandatoryReport.Grounds.choices, required=False, inline=True
    )
    reasonable_on = forms.DateField(label="Decided on", required=False, validators=[past_day])
    conclusive_grounds = forms.RadioField(
        label="Conclusive grounds", choices=MandatoryReport.Grounds.choices, required=False, inline=True
    )
    conclusive_on = forms.DateField(label="Conclusive grounds decided on", required=False, validators=[past_day])


class ReturnForm(forms.Form):
    version = forms.VersionField()
    returned_at = forms.MomentField(label="When did the child come back?", validators=[past_moment])
    interviewed_at = forms.MomentField(
        label="When was the return home interview done?", required=False, validators=[past_moment],
        help_text="By somebody independent, within 72 hours of the return. Leave empty if it is still to be done.",
    )  # fmt: skip
