"""The forms of plans."""

from typing import Any

from children.forms import future_day, past_day
from offer.catalogue import EXCEPTIONAL_ITEMS
from offer.closing import ClosingReason
from offer.transition import TransitionOutcome
from plans.models import DISPOSITIONS, ContextualRisk, SafetyPlan, ServicePlan
from ui import forms


class SettleForm(forms.Form):
    version = forms.VersionField()
    disposition = forms.RadioField(label="What happens with it?", choices=DISPOSITIONS)
    who = forms.CharField(label="Who provides it already, or who declined", max_length=200, required=False)
    reason = forms.TextField(label="Why", rows=3, required=False)
    offer_again_on = forms.DateField(label="Offer it again on", required=False, validators=[future_day])


class AssignForm(forms.Form):
    version = forms.VersionField()
    person = forms.SelectField(label="A parent or relative", choices=[], required=False, optional_mark=False)
    agency = forms.SelectField(label="Or an agency", choices=[], required=False, optional_mark=False)
    owner_name = forms.CharField(label="Or somebody else: their name", max_length=120, required=False)
    due_on = forms.DateField(label="By when?", required=False, validators=[future_day])
    measure = forms.CharField(label="How will we know that it worked?", max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, people: list[tuple[str, str]], agencies: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (("person", people), ("agency", agencies)):
            field: Any = self.fields[name]
            field.choices = [("", "Nobody of these"), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("person", "agency", "owner_name")):
            self.add_error("owner_name", "Say who does it: choose somebody, or enter a name.")
        return cleaned


class ActionForm(AssignForm):
    title = forms.CharField(label="What will be done?", max_length=300)

    field_order = ("title",)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["version"]


class RiskActionForm(ActionForm):
    """An action against a risk always has its day and its measure."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, sentence in (("due_on", "Enter by when."), ("measure", "Say how we will know that it worked.")):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence


class SessionForm(forms.Form):
    on = forms.DateField(label="When?", validators=[past_day])
    attended = forms.RadioField(label="Did it take place?", choices=[("yes", "Yes"), ("no", "No, missed or cancelled")])
    note = forms.TextField(label="What was done", rows=3)


class ReasonForm(forms.Form):
    version = forms.VersionField()
    reason = forms.TextField(label="Why?", rows=3)


class AgreementForm(forms.Form):
    version = forms.VersionField()
    child_agrees = forms.RadioField(label="Does the child agree?", choices=ServicePlan.Agreement.choices, inline=True)
    child_says = forms.TextField(label="What the child says", rows=3, required=False)
    parents_agree = forms.RadioField(label="Do the parents agree?", choices=ServicePlan.Agreement.choices, inline=True)
    parents_say = forms.TextField(label="What they say, or why they could not be asked", rows=3, required=False)
    co_ordinator = forms.CharField(
        label="Who co-ordinates this beside the child’s other plans?", max_length=120, required=False
    )


class ApproveForm(forms.Form):
    version = forms.VersionField()
    complete = forms.RadioField(
        label="Approve the plan", choices=[("yes", "It is complete"), ("no", "With gaps, which go on being chased")]
    )


class ExceptionalForm(forms.Form):
    code = forms.RadioField(label="Which?", choices=[(item.code, item.title) for item in EXCEPTIONAL_ITEMS])
    already_made = forms.YesField(label="A court, a remand or an emergency has made the placement", required=False)
    reason = forms.TextField(label="Why", rows=3)
    alternatives = forms.TextField(
        label="For a secure placement: every alternative, and why it failed or would fail", rows=4, required=False,
        optional_mark=False,
    )  # fmt: skip
    ground = forms.TextField(label="The ground", rows=2, required=False, optional_mark=False)
    legal_test = forms.TextField(
        label="The legal test (Children Act 1989, section 25)", rows=2, required=False, optional_mark=False
    )
    decision_maker = forms.CharField(
        label="Who decides, at director level", max_length=120, required=False, optional_mark=False
    )
    legal_advice = forms.CharField(label="Legal advice", max_length=300, required=False, optional_mark=False)


class RequestTriggerForm(forms.Form):
    version = forms.VersionField()
    officer = forms.CharField(label="Allocated police officer, if known", max_length=120, required=False)
    officer_phone = forms.CharField(label="Their phone", max_length=30, required=False)


class OnSystemForm(forms.Form):
    version = forms.VersionField()
    officer = forms.CharField(label="Allocated police officer", max_length=120)
    officer_phone = forms.CharField(label="Their phone", max_length=30, required=False)
    police_reference = forms.CharField(label="Police reference", max_length=60)
    on = forms.DateField(label="On the system since", validators=[past_day])


class FirstHourForm(forms.Form):
    version = forms.VersionField()
    whom_to_ring = forms.TextField(label="Whom to ring", rows=3)
    where_to_look = forms.TextField(label="Where to look", rows=3)
    keeps_safe = forms.TextField(label="What keeps the child safe", rows=3)


class StartSafetyForm(forms.Form):
    kind = forms.RadioField(
        label="Which plan?", choices=SafetyPlan.Kind.choices,
        hints={"interim": "In force tonight: where, from whom, whom to ring", "full": "Everything the offer asks for"},
    )  # fmt: skip


class TonightForm(forms.Form):
    version = forms.VersionField()
    whom_to_ring = forms.TextField(label="Whom to ring", rows=3)
    tonight = forms.TextField(label="What is done tonight, and by whom", rows=5)


class ChildsPartForm(forms.Form):
    version = forms.VersionField()
    child_words = forms.TextField(label="What keeps me safe, in the child’s own words", rows=5, required=False)
    trusted_people = forms.TextField(label="People the child trusts", rows=3, required=False)
    safe_places = forms.TextField(label="Safe places", rows=3, required=False)
    signal_word = forms.CharField(label="Signal or code word", max_length=60, required=False)
    if_missing = forms.TextField(label="What happens if the child is missing", rows=3, required=False)
    child_view = forms.TextField(label="Does the child agree? Their view", rows=3, required=False)
    parents_view = forms.TextField(label="The parents’ view, or why they were not asked", rows=3, required=False)


class WholeForm(forms.Form):
    version = forms.VersionField()
    contexts_considered = forms.CheckboxesField(
        label="Contexts considered", choices=ContextualRisk.Context.choices, required=False
    )
    impact_practical = forms.TextField(label="Practical impact on the child", rows=2, required=False)
    impact_physical = forms.TextField(label="Physical impact", rows=2, required=False)
    impact_psychological = forms.TextField(label="Psychological impact", rows=2, required=False)
    impact_behavioural = forms.TextField(label="Behavioural impact", rows=2, required=False)
    no_risk_to_because = forms.TextField(label="If no risk to the child is identified: why", rows=2, required=False)
    no_risk_from_because = forms.TextField(label="If no risk from the child is identified: why", rows=2, required=False)
    nobody_else_because = forms.TextField(label="If nobody else is at risk: why", rows=2, required=False)
    review_on = forms.DateField(label="To be reviewed on", required=False, validators=[future_day])


class RiskForm(forms.Form):
    direction = forms.RadioField(label="Which risk?", choices=ContextualRisk.Direction.choices)
    context = forms.SelectField(label="Context", choices=ContextualRisk.Context.choices)
    what = forms.TextField(label="What is the risk?", rows=3)
    where = forms.CharField(label="Where and when?", help_text="“Not known” is an answer", max_length=300)
    from_whom = forms.CharField(label="From whom?", help_text="“Not known” is an answer", max_length=300)
    who_else = forms.CharField(label="Who else is at risk?", max_length=300, required=False)
    source = forms.CharField(label="Who says so, and how sure is it?", max_length=300)


class InForceForm(forms.Form):
    version = forms.VersionField()
    dual_status = forms.YesField(label="The child may also be causing harm to others", required=False)


class TransitionForm(forms.Form):
    outcome = forms.RadioField(
        label="What is decided?", choices=[(one.name.lower(), one.value) for one in TransitionOutcome]
    )
    reason = forms.TextField(label="Why", rows=3, required=False)
    deferred_until = forms.DateField(label="If deferred: until", required=False, validators=[future_day])


class ProposeClosingForm(forms.Form):
    """`reasons`: what stands in the way of each reason, blank where nothing does."""

    reason = forms.RadioField(
        label="Why is the file closed?", choices=[(one.name.lower(), one.value) for one in ClosingReason]
    )
    receiver = forms.CharField(
        label="If others take over: who, and who there has accepted",
        help_text="For example: Nottingham City Council, J Okafor, duty manager",
        max_length=200, required=False,
    )  # fmt: skip
    summary = forms.TextField(
        label="What was done, and whom the child can turn to now",
        max_length=5000,
        help_text="In plain words: the child may read it.",
    )

    def __init__(self, *args: Any, reasons: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.reasons = {one: why for one, why in reasons.items() if why}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = cleaned.get("reason")
        if chosen and ClosingReason[chosen.upper()].needs_receiver and not cleaned.get("receiver"):
            self.add_error("receiver", "Enter who takes over, and who there has accepted")
        return cleaned


class DecideClosingForm(forms.Form):
    """`closure`: which closing the manager read, so that no later one is decided on unseen."""

    closure = forms.VersionField()
    decision = forms.RadioField(
        label="Your decision", choices=[("close", "Close the file"), ("send_back", "Do not close it: work goes on")]
    )
    answer = forms.TextField(label="Reason", max_length=2000, rows=3)


class ReopenForm(forms.Form):
    reason = forms.TextField(label="Why is it opened again?", max_length=2000, rows=3)


class RemoveForm(forms.Form):
    """Nothing to fill in: one button."""
