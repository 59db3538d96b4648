"""The forms of an assessment. Items come from the toolkit, so a section's form is made from its rows."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms as django_forms
from django.utils import timezone

from assessments.known_facts import KnownFact
from assessments.models import (
    NO_CONCERN,
    TIERS,
    TIERS_OR_NONE,
    Answer,
    Assessment,
    CarerView,
    ProtectiveFactor,
    TierDecision,
    ToolkitItem,
)
from assessments.services import POSITIVE, AnswerGiven, Evidence
from children.forms import past_day
from children.models import Person
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.low_tier import AssessmentKind, CPMOutcome
from ui import forms

ANSWERS = [
    ("current", "Present now"),
    ("historic", "In the past"),
    ("suspected", "Suspected"),
    ("none", "Not present"),
    ("not_known", "Not known yet"),
]
ANSWER_WORDS = dict(ANSWERS)
THRESHOLDS = [
    ("universal", "Universal"),
    ("emerging", "Emerging needs"),
    ("intensive", "Intensive"),
    ("specialist", "Specialist"),
]
PROPOSAL = ("proposed", "reason", "difference_reason")
ABOUT_WHEN = "A date, or about when: “summer 2026”"
EVIDENCE_NEEDED = "Say what this rests on, here or below for several answers at once."


class StartForm(forms.Form):
    reason = forms.SelectField(label="Reason for this assessment", choices=Assessment.Reason.choices)
    concern_on = forms.DateField(label="Date of the concern", validators=[past_day])
    sources_used = forms.TextField(label="Sources you use", help_text="Visits, conversations, records", required=False)
    agencies_consulted = forms.TextField(label="Agencies you asked", required=False)


class EditStartForm(StartForm):
    version = forms.VersionField()


class VoiceForm(forms.Form):
    version = forms.VersionField()
    child_words = forms.TextField(
        label="The child’s own words", help_text="What the child says about their life, in their words", required=False
    )
    voice = forms.RadioField(label="How did you hear the child?", choices=Assessment.Voice.choices)
    voice_on = forms.DateField(label="On which day?", required=False, validators=[past_day])
    voice_missing_because = forms.TextField(
        label="If not heard: why, and how you will hear them", rows=3, required=False, max_length=2000
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("voice") == Assessment.Voice.NOT_SEEN:
            if not cleaned.get("voice_missing_because"):
                self.add_error("voice_missing_because", "Say why the child was not heard, and how you will hear them.")
        elif cleaned.get("voice"):
            if not cleaned.get("child_words"):
                self.add_error("child_words", "Enter the child’s own words.")
            if not cleaned.get("voice_on") and "voice_on" not in self.errors:
                self.add_error("voice_on", "Enter the day on which you heard the child.")
        return cleaned


class TypesForm(forms.Form):
    """Every type is considered: those found are chosen, one button answers the others and saves."""

    version = forms.VersionField()

    def __init__(self, data: Any = None, *, is_for_later: bool, **kwargs: Any) -> None:
        """`is_for_later`: what is sent does not say yet that the other types were considered."""
        super().__init__(data, **kwargs)
        self.is_for_later = is_for_later
        statuses = [("", "Not found"), *((one.name.lower(), one.value) for one in TypeStatus if one.is_recorded)]
        for kind in ExploitationType:
            name = kind.name.lower()
            self.fields[f"type_{name}"] = forms.SelectField(
                label=kind.value, choices=statuses, required=False, optional_mark=False
            )
        self.fields["evidence"] = forms.TextField(
            label="What this rests on", help_text="Needed for each type that was found", rows=4, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.found() and not cleaned.get("evidence"):
            self.add_error("evidence", "Say what the types you chose rest on.")
        if self.is_for_later:
            self.add_error(None, "The types are saved once every one of them is considered.")
        return cleaned

    def found(self) -> dict[str, tuple[str, str]]:
        evidence = self.cleaned_data.get("evidence", "")
        chosen = {name.removeprefix("type_"): value for name, value in self.cleaned_data.items() if value}
        return {kind: (status, evidence) for kind, status in chosen.items() if f"type_{kind}" in self.fields}


class SectionForm(forms.Form):
    """The items of one section. Critical ones are asked one by one; one tick answers what is left (ruling Q23)."""

    version = forms.VersionField()

    def __init__(
        self,
        data: Any = None,
        *,
        items: Iterable[ToolkitItem],
        known: dict[int, Answer],
        shown: Mapping[str, KnownFact] = MappingProxyType({}),
        is_review: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.items, self.known, self.shown = list(items), known, shown
        for item in self.items:
            self._add(item)
        if any(item.weight != "critical" for item in self.items):
            # Buttons, not boxes: each says what is so of the rest of the section, and saves.
            self.fields["rest_none"] = forms.YesField(label="Nothing else known", required=False)
            if is_review:
                self.fields["rest_same"] = forms.YesField(label="Rest as last time", required=False)
        self.fields["evidence"] = forms.TextField(
            label="What your answers rest on", rows=3, required=False, optional_mark=False,
            help_text="What was seen or said. It serves every answer above that has none of its own.",
        )  # fmt: skip
        self.fields["source"] = forms.SelectField(
            label="Who told you?", choices=[("", "Choose"), *Answer.Source.choices], required=False, optional_mark=False
        )
        self.fields["source_detail"] = forms.CharField(label="Name or reference", max_length=200, required=False)
        self.fields["basis"] = forms.RadioField(
            label="Is it fact or opinion?", choices=Answer.Basis.choices, inline=True, required=False
        )
        self.fields["first_seen"] = forms.CharField(
            label="First seen", max_length=40, required=False, optional_mark=False, help_text=ABOUT_WHEN
        )
        self.fields["last_seen"] = forms.CharField(
            label="Last seen", max_length=40, required=False, optional_mark=False, help_text=ABOUT_WHEN
        )
        self.fields["restricted"] = forms.YesField(
            label="It tells of somebody else, or is intelligence: not for the family", required=False
        )

    def _add(self, item: ToolkitItem) -> None:
        known = self.known.get(item.pk)
        self.fields[f"answer_{item.code}"] = forms.RadioField(
            label=item.label, choices=ANSWERS, help_text=item.definition, inline=True, small=True, optional_mark=False,
            required=item.weight == "critical", initial=known.answer if known else None,
            error_messages={"required": f"{item.code}: choose an answer"},
        )  # fmt: skip
        self.fields[f"evidence_{item.code}"] = forms.TextField(
            label=f"What this rests on ({item.code})", rows=2, required=False, initial=known.evidence if known else "",
            optional_mark=False,
        )  # fmt: skip
        if item.code in self.shown and known is None:
            said = ANSWER_WORDS[self.shown[item.code].answer].lower()
            self.fields[f"confirm_{item.code}"] = forms.YesField(
                label=f"Confirm: {said}, as this file shows ({item.code})", required=False
            )
        if known and known.source:
            self.fields[f"again_{item.code}"] = forms.YesField(
                label=f"The source below is for this one too ({item.code})", required=False
            )
        if item.weight == "critical":
            self.fields[f"why_{item.code}"] = forms.CharField(
                label=f"If not known yet: why ({item.code})", max_length=300, required=False, optional_mark=False,
                initial=known.not_known_because if known else "",
            )  # fmt: skip

    def questions(self) -> list[dict[str, Any]]:
        """Each item with its fields, for the template."""
        return [
            {
                "item": item,
                "answer": self[f"answer_{item.code}"],
                "evidence": self[f"evidence_{item.code}"],
                **{
                    name: self[f"{name}_{item.code}"] if f"{name}_{item.code}" in self.fields else None
                    for name in ("why", "again", "confirm")
                },
                "open": bool(self[f"evidence_{item.code}"].value() or self[f"evidence_{item.code}"].errors),
                "same_as": self._same_as(item),
            }
            for item in self.items
        ]

    def _same_as(self, item: ToolkitItem) -> tuple[str, ...] | None:
        """All that a question's boxes depend on, where nobody has written into them: the same for every child."""
        answer = self[f"answer_{item.code}"].value() or ""
        written = any(
            self[name].value() for name in (f"evidence_{item.code}", f"why_{item.code}") if name in self.fields
        )
        if self.is_bound or written or f"again_{item.code}" in self.fields or answer not in ("", *ANSWER_WORDS):
            return None
        return (item.code, item.label, item.definition, item.weight, answer)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        positive = [item for item in self.items if cleaned.get(f"answer_{item.code}") in POSITIVE]
        for item in positive:
            if not (cleaned.get(f"evidence_{item.code}") or cleaned.get("evidence")):
                self.add_error(f"evidence_{item.code}", EVIDENCE_NEEDED)
        for code in self._confirmed():
            if cleaned.get(f"answer_{code}"):
                self.add_error(f"confirm_{code}", "Choose an answer or confirm what the file shows, not both.")
        if cleaned.get("rest_none") and cleaned.get("rest_same"):
            self.add_error(None, "Choose either that nothing else is known, or that it is as it was last time.")
        known = all(self.known.get(item.pk) and self.known[item.pk].source for item in positive)
        if positive and not cleaned.get("source") and not known:
            self.add_error("source", "Select who told you.")
        return cleaned

    def answers(self) -> dict[str, AnswerGiven]:
        """What was answered, by code."""
        cleaned = self.cleaned_data
        confirmed = {code: _as_shown(self.shown[code]) for code in self._confirmed()}
        return confirmed | {
            item.code: AnswerGiven(
                answer=cleaned[f"answer_{item.code}"],
                evidence=self._evidence(item),
                not_known_because=cleaned.get(f"why_{item.code}", ""),
            )
            for item in self.items
            if cleaned.get(f"answer_{item.code}")
        }

    def _confirmed(self) -> list[str]:
        return [code for code in self.shown if self.cleaned_data.get(f"confirm_{code}")]

    def _evidence(self, item: ToolkitItem) -> Evidence:
        """An answer that stands as it was keeps its source; what is filled in below serves those that are new."""
        cleaned, known = self.cleaned_data, self.known.get(item.pk)
        text = cleaned.get(f"evidence_{item.code}") or cleaned.get("evidence", "")
        as_it_was = known and known.source and known.answer == cleaned[f"answer_{item.code}"]
        if known and (not cleaned.get("source") or (as_it_was and not cleaned.get(f"again_{item.code}"))):
            return Evidence(
                text=text, source=known.source, detail=known.source_detail, basis=known.basis,
                first_seen=known.first_seen, last_seen=known.last_seen, restricted=known.restricted,
            )  # fmt: skip
        return Evidence(
            text=text, source=cleaned.get("source", ""), detail=cleaned.get("source_detail", ""),
            basis=cleaned.get("basis", ""), first_seen=cleaned.get("first_seen", ""),
            last_seen=cleaned.get("last_seen", ""), restricted=bool(cleaned.get("restricted")),
        )  # fmt: skip


def _as_shown(fact: KnownFact) -> AnswerGiven:
    shown = Evidence(text=fact.words, source=Answer.Source.RECORD, basis=Answer.Basis.FACT)
    return AnswerGiven(answer=fact.answer, evidence=shown)


class ScreeningForm(SectionForm):
    """The critical items of every section, on one page."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["worried_about"] = forms.TextField(
            label="What are we worried about?", rows=3, help_text="A sentence or two. You can add to it later."
        )


class ProtectiveForm(forms.Form):
    version = forms.VersionField()

    def __init__(
        self, data: Any = None, *, items: Iterable[ToolkitItem], known: dict[int, ProtectiveFactor], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.items = list(items)
        strengths = [("", "Not considered yet"), *ProtectiveFactor.Strength.choices]
        for item in self.items:
            one = known.get(item.pk)
            self.fields[f"factor_{item.code}"] = forms.SelectField(
                label=item.label, choices=strengths, required=False, optional_mark=False,
                initial=one.strength if one else "",
            )  # fmt: skip
        self.fields["evidence"] = forms.TextField(
            label="What this rests on",
            rows=4,
            required=False,
            initial=next((one.evidence for one in known.values()), ""),
        )
        self.fields["none_because"] = forms.CharField(
            label="If there is none: why", max_length=500, required=False, optional_mark=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.factors() and not cleaned.get("none_because"):
            self.add_error("none_because", "Choose at least one protective factor, or say why there is none.")
        return cleaned

    def factors(self) -> dict[str, tuple[str, str]]:
        evidence = self.cleaned_data.get("evidence", "")
        chosen = {item.code: self.cleaned_data.get(f"factor_{item.code}") for item in self.items}
        return {code: (strength, evidence) for code, strength in chosen.items() if strength}


class AroundForm(forms.Form):
    """Who is around the child: one entry for each parent and carer, and whoever and whatever else plays a part."""

    version = forms.VersionField()

    def __init__(
        self, data: Any = None, *, carers: Iterable[Person], known: dict[int, CarerView], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.carers = list(carers)
        for person in self.carers:
            one = known.get(person.pk)
            self.fields[f"view_{person.pk}"] = forms.TextField(
                label=f"What {person.name} thinks", help_text=person.get_relationship_display(), rows=3, required=False,
                optional_mark=False, initial=one.view if one else "",
            )  # fmt: skip
            self.fields[f"not_asked_{person.pk}"] = forms.SelectField(
                label=f"If {person.name} was not asked: why", choices=[("", "Was asked"), *CarerView.NotAsked.choices],
                required=False, optional_mark=False, initial=one.not_asked if one else "",
            )  # fmt: skip
        self.fields["people_and_places"] = forms.TextField(
            label="People, places, groups and online contacts that play a part",
            help_text="Say who told you and how sure it is. If none are known, write “None known”.",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for person in self.carers:
            if not cleaned.get(f"view_{person.pk}") and not cleaned.get(f"not_asked_{person.pk}"):
                self.add_error(f"view_{person.pk}", f"Enter the view of {person.name}, or say why they were not asked.")
        return cleaned

    def views(self) -> dict[int, tuple[str, str]]:
        cleaned = self.cleaned_data
        return {one.pk: (cleaned[f"view_{one.pk}"], cleaned[f"not_asked_{one.pk}"]) for one in self.carers}


class AnalysisForm(forms.Form):
    """What the author makes of it, and the tier they propose when it is submitted."""

    version = forms.VersionField()
    worried_about = forms.TextField(label="What are we worried about?", rows=4)
    working_well = forms.TextField(label="What is working well?", rows=4)
    would_make_worse = forms.TextField(label="What would make it worse?", rows=3)
    not_known_yet = forms.TextField(label="What do we not know yet, and how will we find out?", rows=3)
    threshold_level = forms.RadioField(
        label="Which level of the threshold document is met?", choices=THRESHOLDS,
        help_text="Derby and Derbyshire Safeguarding Children Partnership",
    )  # fmt: skip
    proposed = forms.RadioField(label="Which tier do you propose?", choices=TIERS_OR_NONE)
    reason = forms.TextField(label="Why this tier?", rows=4)
    difference_reason = forms.TextField(
        label="If it is not what the answers suggest: why", rows=3, required=False, optional_mark=False
    )

    def __init__(self, data: Any = None, *, suggested: str, label: str, is_for_later: bool, **kwargs: Any) -> None:
        """`suggested`: a tier or "", and its `label`. `is_for_later`: the analysis alone is saved."""
        super().__init__(data, **kwargs)
        self.suggested, self.suggestion, self.is_for_later = suggested, label, is_for_later
        self.fields["proposed"].required = self.fields["reason"].required = not is_for_later

    def analysis(self) -> list[Any]:
        """The fields that are saved without a proposal too."""
        return [bound for bound in self.visible_fields() if bound.name not in PROPOSAL]

    def proposal(self) -> list[Any]:
        return [self[name] for name in PROPOSAL]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        proposed = cleaned.get("proposed")
        if self.is_for_later and any(cleaned.get(name) for name in PROPOSAL):
            self.add_error("proposed", "A proposal is saved when you submit. Until then it is kept as you typed it.")
        agrees = proposed == self.suggested or (proposed == NO_CONCERN and not self.suggested)
        if proposed and not agrees and not cleaned.get("difference_reason"):
            self.add_error("difference_reason", f"The answers suggest {self.suggestion}. Say why you propose another.")
        return cleaned


class DecideForm(forms.Form):
    decided = forms.RadioField(label="Your decision", choices=[])
    override = forms.SelectField(
        label="If it is not what was proposed: on what grounds",
        choices=[("", "As proposed"), *TierDecision.Override.choices], required=False, optional_mark=False,
    )  # fmt: skip
    reason = forms.TextField(
        label="Reason", help_text="The author sees it, and it is printed. To send it back, write your question.", rows=4
    )
    second_decider = forms.SelectField(
        label="Who agrees with you (to lower from High)", choices=[], required=False, optional_mark=False
    )
    protective_only = forms.YesField(label="Nothing but protective factors speaks for a lower tier", required=False)
    override_reason = forms.TextField(
        label="Then why it may be lowered all the same", rows=3, required=False, optional_mark=False
    )

    def __init__(
        self, data: Any = None, *, choices: list[tuple[str, str]], second: list[tuple[str, str]], proposed: str,
        critical: list[str], hints: dict[str, str], closed: dict[str, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        """`critical`: the critical items that are present now, where a tier may be lowered. `closed`: why a decision
        cannot be made, by its value."""
        super().__init__(data, **kwargs)
        decided: Any = self.fields["decided"]
        decided.choices, decided.hints, decided.reasons = choices, hints, closed
        others: Any = self.fields["second_decider"]
        others.choices = [("", "Nobody"), *second]
        self.proposed = proposed
        if not second:
            del self.fields["second_decider"]
        if critical:
            self.fields["protective_only"].help_text = f"Critical and present now: {', '.join(critical)}"
        else:
            del self.fields["protective_only"], self.fields["override_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        decided = cleaned.get("decided")
        if decided and decided not in (self.proposed, SEND_BACK) and not cleaned.get("override"):
            self.add_error("override", "Select on what grounds you decide something other than what was proposed.")
        return cleaned


SEND_BACK = "send_back"


class AnswerLowForm(forms.Form):
    outcome = forms.RadioField(label="Your answer", choices=[(one.name.lower(), one.value) for one in CPMOutcome])
    names = forms.CheckboxesField(
        label="Assessments you agree", choices=[(one.name.lower(), one.value) for one in AssessmentKind], required=False
    )
    sufficient_because = forms.TextField(
        label="If an Early Help Assessment was declined and the threshold of a Single Assessment is not met: why "
        "the others suffice", rows=3, required=False,
    )  # fmt: skip
    required_tier = forms.SelectField(
        label="If you do not agree: the tier the child needs",
        choices=[("", "Choose"), *(one for one in TIERS if one[0] != "low")], required=False, optional_mark=False,
    )  # fmt: skip
    more_needed = forms.TextField(
        label="If more assessment is needed: what", rows=3, required=False, optional_mark=False
    )
    reason = forms.TextField(label="Reason", rows=4)

    def __init__(self, data: Any = None, *, closed: dict[str, str], **kwargs: Any) -> None:
        """`closed`: why an answer cannot be given, by its value."""
        super().__init__(data, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.reasons = closed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = {
            "agreed": ("names", "Select each assessment you agree."),
            "not_agreed": ("required_tier", "Select the tier the child needs."),
            "more_assessment_needed": ("more_needed", "Say what else must be assessed."),
        }
        name, sentence = needed.get(cleaned.get("outcome", ""), ("", ""))
        if name and not cleaned.get(name):
            self.add_error(name, sentence)
        return cleaned


class StartSupportingForm(forms.Form):
    kind = forms.RadioField(
        label="Which assessment?",
        choices=[(one.name.lower(), one.value) for one in AssessmentKind if one is not AssessmentKind.CRE],
    )
    started_at = forms.MomentField(
        label="When was the child referred for it?",
        help_text="Or, for an allocated child, when the manager decided to assess. Its limit runs from then.",
    )

    def clean_started_at(self) -> Any:
        at = self.cleaned_data["started_at"]
        if at > timezone.now():
            raise django_forms.ValidationError("The date and time must not be in the future.")
        return at


class CompleteSupportingForm(forms.Form):
    version = forms.VersionField()
    completed_on = forms.DateField(label="Completed on", validators=[past_day])
    summary = forms.TextField(label="What it found", rows=6)


class AuthoriseForm(forms.Form):
    version = forms.VersionField()
    authorised_on = forms.DateField(label="Authorised on", validators=[past_day])


class EndSupportingForm(forms.Form):
    version = forms.VersionField()
    declined = forms.RadioField(
        label="Why will it not be completed?",
        choices=[("yes", "The family declined it"), ("no", "Its threshold is not met")],
    )
    reason = forms.TextField(label="Say more", rows=3)


class WithdrawForm(forms.Form):
    """Nothing to fill in: one button."""

    version = forms.VersionField()
