"""The forms of meetings, invitations, threshold and strategy discussions, and the tasking list."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import Agency, Team
from children.forms import future_day, past_day, past_moment
from meetings.kinds import MeetingKind, ThresholdOutcome
from meetings.models import Invitation, MeetingDecision, StrategyOutcome
from meetings.rules import CONFERENCES
from meetings.threshold.services import LEVELS
from plans.forms import ActionForm
from ui import forms

KINDS = [(one.name.lower(), one.value) for one in MeetingKind if one is not MeetingKind.TASKING]
YES_NO = [("yes", "Yes"), ("no", "No")]
NOBODY = ("", "Somebody else, named below")
ANSWERS = [
    (Invitation.Reply.ACCEPTED, "Coming"), (Invitation.Reply.DEPUTY, "Sends a deputy"),
    (Invitation.Reply.APOLOGIES, "Apologies"),
]  # fmt: skip


class ArrangeForm(forms.Form):
    kind = forms.SelectField(label="Which meeting?", choices=KINDS)
    starts_at = forms.MomentField(label="When does it begin?")
    place = forms.CharField(label="Where?", help_text="A room, or how to join online", max_length=300)
    chair = forms.SelectField(label="Who chairs?", choices=[], required=False, optional_mark=False)
    chair_name = forms.CharField(label="Name of the chair, if not in the list", max_length=120, required=False)
    access_needs = forms.CharField(
        label="What people need to take part", help_text="Interpreter, step-free room, advocate", max_length=300,
        required=False,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, chairs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chair: Any = self.fields["chair"]
        chair.choices = [NOBODY, *chairs]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("chair"):
            if cleaned.get("kind") in CONFERENCES:
                self.add_error("chair", "Choose the chair: this meeting has an independent chair with an account here.")
            elif not cleaned.get("chair_name"):
                self.add_error("chair_name", "Choose who chairs, or enter their name.")
        return cleaned


class CancelForm(forms.Form):
    version = forms.VersionField()
    reason = forms.TextField(label="Why is it cancelled?", rows=3, max_length=1000)


class TeamForm(forms.PlainForm):
    """Which team somebody works in, chosen first so that the list of names stays short."""

    team = forms.SelectField(label="Team", choices=[], required=False, optional_mark=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        teams = Team.objects.filter(ended_at__isnull=True, agency__ended_at__isnull=True).select_related("agency")
        team: Any = self.fields["team"]
        team.choices = [("", "Choose"), *((str(one.pk), str(one)) for one in teams)]


class ProfessionalForm(forms.Form):
    user = forms.SelectField(label="Who?", choices=[], required=False, optional_mark=False)
    name = forms.CharField(label="Name, if they have no account here", max_length=120, required=False)
    agency_name = forms.CharField(label="Where they work", max_length=120, required=False)

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if people:
            user: Any = self.fields["user"]
            user.choices = [NOBODY, *people]
        else:
            del self.fields["user"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("user"):
            if not cleaned.get("name"):
                self.add_error("name", "Say whom you invite: choose somebody of a team, or enter a name.")
            if not cleaned.get("agency_name"):
                self.add_error("agency_name", "Say where they work.")
        return cleaned


class InviteChildForm(forms.Form):
    by_way_of = forms.CharField(
        label="How does the invitation reach the child safely?", help_text="By whom, and when", max_length=200
    )


class InviteFamilyForm(forms.Form):
    person = forms.RadioField(label="Whom do you invite?", choices=[])
    by_way_of = forms.CharField(
        label="How does the invitation reach them safely?", help_text="Needed where somebody must not see it",
        max_length=200, required=False,
    )  # fmt: skip
    shared_is_safe = forms.YesField(
        label="I made sure that it reaches nobody else",
        help_text="Asked where they share an address, phone or email with somebody who must not be reached",
        required=False,
    )

    def __init__(
        self, data: Any = None, *, people: list[tuple[str, str]], hints: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        person: Any = self.fields["person"]
        person.choices, person.hints = people, hints


class DecideInvitationForm(forms.Form):
    """`reasons`: why an answer cannot be given, by answer. Legal advice is asked after where the chair decides."""

    version = forms.VersionField()
    is_invited = forms.RadioField(label="Is this person invited?", choices=YES_NO)
    reason = forms.TextField(label="If not: why", rows=3, max_length=1000, required=False, optional_mark=False)
    legal_advice_taken = forms.RadioField(
        label="Was legal advice taken?", help_text="Asked where somebody with parental responsibility is left out",
        choices=YES_NO, required=False, optional_mark=False,
    )  # fmt: skip
    by_way_of = forms.CharField(label="If invited: how it reaches them safely", max_length=200, required=False)

    def __init__(self, data: Any = None, *, reasons: Mapping[str, str], asks_legal_advice: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        is_invited: Any = self.fields["is_invited"]
        is_invited.reasons = reasons
        if not asks_legal_advice:
            del self.fields["legal_advice_taken"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_invited") == "no":
            if not cleaned.get("reason"):
                self.add_error("reason", "Say why this person is not invited.")
            if "legal_advice_taken" in self.fields and not cleaned.get("legal_advice_taken"):
                self.add_error(
                    "legal_advice_taken", "This person has legal rights. Say whether legal advice was taken."
                )
        return cleaned


class ReplyForm(forms.Form):
    version = forms.VersionField()
    reply = forms.RadioField(label="What do they answer?", choices=ANSWERS)


class ReportForm(forms.Form):
    version = forms.VersionField()
    report = forms.TextField(label="Your report for the meeting", rows=12, max_length=20_000)


class RecordForm(forms.Form):
    """What happened: when, who came, what was discussed. Its decisions are added afterwards."""

    version = forms.VersionField()
    held_at = forms.MomentField(label="When was it held?", validators=[past_moment])
    summary = forms.TextField(label="What was discussed", rows=8, max_length=20_000)
    child_took_part = forms.TextField(label="How the child took part, or why not", rows=3, max_length=2000)
    counts_as_review = forms.YesField(label="It counts as the CRE review too", required=False)
    review_statement = forms.TextField(
        label="If nothing was assessed anew: why the risk has not changed", rows=3, max_length=2000, required=False,
        optional_mark=False,
    )  # fmt: skip
    next_on = forms.DateField(label="When is the next one?", required=False, validators=[future_day])

    def __init__(self, data: Any = None, *, invited: list[Invitation], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.invited = invited
        for one in invited:
            self.fields[self.name_of(one)] = forms.RadioField(
                label=one.name, choices=Invitation.Attendance.choices, help_text=one.agency_name, inline=True,
                small=True, error_messages={"required": f"Say whether {one.name} attended"},
            )  # fmt: skip
        self.order_fields(["version", "held_at", *map(self.name_of, invited)])

    @staticmethod
    def name_of(invitation: Invitation) -> str:
        return f"attended_{invitation.pk}"

    def attendance(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data[self.name_of(one)] for one in self.invited}


class DecisionRow(forms.PlainForm):
    """The fields of one decision among several: what it says, who does not agree, what follows from it."""

    text = forms.TextField(label="What was decided?", rows=2, max_length=2000, required=False, optional_mark=False)
    agreed = forms.RadioField(
        label="How was it agreed?", choices=MeetingDecision.Agreed.choices, small=True, inline=True, required=False,
        optional_mark=False,
    )  # fmt: skip
    dissent_who = forms.CharField(label="Who does not agree?", max_length=200, required=False, optional_mark=False)
    dissent_reason = forms.TextField(label="Why not?", rows=2, max_length=1000, required=False, optional_mark=False)
    escalation = forms.CharField(label="What they do about it", max_length=300, required=False)
    action = forms.CharField(label="What will be done?", max_length=300, required=False, optional_mark=False)
    owner_name = forms.CharField(label="Who does it: their name", max_length=120, required=False, optional_mark=False)
    agency = forms.SelectField(label="For which agency", choices=[], required=False)
    due_on = forms.DateField(label="By when?", required=False, validators=[future_day])
    measure = forms.CharField(label="How will we know that it worked?", max_length=300, required=False)


DISSENT = ("dissent_who", "dissent_reason", "escalation")
ACTION = ("action", "owner_name", "agency", "due_on", "measure")


class DecisionsForm(forms.Form):
    """The next decisions of a meeting, as many as there are rows. A row in which nothing was typed is no decision.

    Args:
        number: of the first of them. agencies: that may own an action.
    """

    ROWS = 3

    def __init__(self, data: Any = None, *, number: int, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.numbers = range(number, number + self.ROWS)
        self.agencies = {str(one.pk): one for one in agencies}
        choices = [("", "Nobody of these"), *((pk, one.name) for pk, one in self.agencies.items())]
        for row in self.rows:
            fields: Any = DecisionRow().fields
            fields["agency"].choices = choices
            self.fields.update({f"{name}_{row}": field for name, field in fields.items()})

    @property
    def rows(self) -> range:
        return range(1, self.ROWS + 1)

    def shown(self) -> list[dict[str, Any]]:
        """Each row for the template: its number in the minutes, its boxes, and which of its parts stand open."""
        return [
            {
                "number": number,
                "boxes": {name: self[f"{name}_{row}"] for name in DecisionRow.base_fields},
                "has_dissent": self._is_touched(row, DISSENT),
                "has_action": self._is_touched(row, ACTION),
            }
            for row, number in zip(self.rows, self.numbers, strict=True)
        ]

    def _is_touched(self, row: int, names: Iterable[str]) -> bool:
        values = [self[f"{name}_{row}"].value() for name in names]
        return any(any(value) if isinstance(value, list) else value for value in values)

    def decisions(self) -> list[dict[str, Any]]:
        """What was typed, row by row, as the service takes it."""
        typed = [self._typed(row) for row in self.rows]
        return [{**one, "agency": self.agencies.get(one["agency"])} for one in typed if any(one.values())]

    def _typed(self, row: int) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{name}_{row}") for name in DecisionRow.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for row, number in zip(self.rows, self.numbers, strict=True):
            if self._is_touched(row, DecisionRow.base_fields):
                for name, sentence in _missing(self._typed(row)):
                    if f"{name}_{row}" not in self.errors:
                        self.add_error(f"{name}_{row}", f"Decision {number}: {sentence}")
        if not self.errors and not self.decisions():
            self.add_error("text_1", "Write at least one decision.")
        return cleaned


def _missing(typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a decision that was begun still needs, as (box, sentence)."""
    asked = (
        ("text", True, "write what was decided."),
        ("agreed", True, "select how it was agreed."),
        ("dissent_who", typed["dissent_reason"] or typed["escalation"], "say who does not agree."),
        ("dissent_reason", typed["dissent_who"] or typed["escalation"], "say why they do not agree."),
        ("action", any(typed[name] for name in ACTION), "say what will be done."),
    )
    missing = [(name, sentence) for name, is_asked, sentence in asked if is_asked and not typed[name]]
    if typed["action"] and not (typed["owner_name"] or typed["agency"]):
        missing.append(("owner_name", "say who does it: enter a name, or choose an agency."))
    return missing


class DissentForm(forms.Form):
    who = forms.CharField(label="Who does not agree?", max_length=200)
    reason = forms.TextField(label="Why not?", rows=3, max_length=1000)
    escalation = forms.CharField(label="What they do about it", max_length=300, required=False)


class MeetingActionForm(ActionForm):
    """An action that a decision agreed."""


class StrategyForm(forms.Form):
    s47_met = forms.RadioField(
        label="Is the test for a section 47 enquiry met?", choices=YES_NO,
        help_text="Reasonable cause to suspect that the child suffers, or is likely to suffer, significant harm",
    )  # fmt: skip
    enquiry = forms.RadioField(
        label="If it is met: by whom", choices=StrategyOutcome.Enquiry.choices, required=False, optional_mark=False
    )
    who_sees_child = forms.CharField(label="Who sees the child, and when?", max_length=300)
    immediate_safety = forms.TextField(label="What keeps the child safe now?", rows=3, max_length=2000)
    medical = forms.CharField(label="Medical examination", max_length=300, required=False)
    others_at_risk = forms.TextField(label="Other children at risk", rows=2, max_length=2000, required=False)
    disruption = forms.TextField(label="Disruption of those who exploit", rows=2, max_length=2000, required=False)
    reason = forms.TextField(label="Reason", rows=3, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("s47_met") == "yes" and not cleaned.get("enquiry"):
            self.add_error("enquiry", "Select whether social care enquires alone or with the police.")
        return cleaned


class ConsultForm(forms.Form):
    agency_name = forms.CharField(label="Which agency?", max_length=120)
    person_name = forms.CharField(label="Whom did you ask?", max_length=120)
    on = forms.DateField(label="When?", validators=[past_day])
    view = forms.TextField(label="What do they think?", rows=4, max_length=2000)


class ThresholdForm(forms.Form):
    """The discussion of a team manager and a Child Protection Manager. Whoever writes it is one of them."""

    other = forms.SelectField(label="With whom?", choices=[])
    consulted = forms.CheckboxesField(label="It rests on what these agencies said", choices=[])
    held_at = forms.MomentField(label="When was it held?", validators=[past_moment])
    level = forms.RadioField(label="Which level of the threshold document is met?", choices=LEVELS)
    outcome = forms.RadioField(label="Outcome", choices=[(one.name.lower(), one.value) for one in ThresholdOutcome])
    about_to_be_looked_after = forms.YesField(label="The child is about to be looked after", required=False)
    reason = forms.TextField(label="Reason", rows=4, max_length=2000)

    def __init__(
        self, data: Any = None, *, others: list[tuple[str, str]], consulted: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        fields["other"].choices, fields["consulted"].choices = [("", "Choose"), *others], consulted


class RefuseForm(forms.Form):
    reason = forms.TextField(label="Why is no strategy discussion held?", rows=3, max_length=280)


class EndEnquiryForm(forms.Form):
    outcome = forms.RadioField(
        label="How did the enquiry end?",
        choices=[
            ("not_substantiated", "Not substantiated"),
            ("no_continuing_risk", "Substantiated, and no continuing risk: a child in need meeting follows"),
        ],
    )
    reason = forms.TextField(label="Reason", rows=3, max_length=230)


class TaskingForm(forms.Form):
    version = forms.VersionField()
    discussed_on = forms.DateField(label="Day of the tasking meeting", validators=[past_day])
    outcome = forms.TextField(label="What was agreed, and who does it", rows=5, max_length=5000)
    next_on = forms.DateField(
        label="Day of the next tasking meeting", required=False, validators=[future_day],
        help_text="Leave it empty for three weeks later.",
    )  # fmt: skip
