"""The forms of a request to see the record."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from children.models import Person
from offer.subject_access import Asker, Ground, grounds_for
from plans.copies.names import Span
from subject_access.answers import Draft, Line
from subject_access.redaction import NotTheText, can_be_marked, marked, read_marks
from subject_access.services import Decided
from ui import forms

GIVE, KEEP = "give", "keep"


class RequestForm(forms.Form):
    asker = forms.RadioField(label="Who asks?", choices=[(one.name.lower(), one.value) for one in Asker])
    person = forms.SelectField(
        label="If a parent asks: which of the people of this file?", choices=[], required=False, optional_mark=False
    )
    asker_name = forms.CharField(label="Name of whoever asks", max_length=120)
    how_known = forms.CharField(
        label="How do we know that they are who they say, and may ask?",
        help_text="For example: known to the worker; a young person who understands what they ask for",
        max_length=300,
    )
    received_on = forms.DateField(label="The day it came", help_text="One month runs from this day")
    wanted = forms.TextField(
        label="What they ask to see", help_text="Leave it empty for everything", rows=3, max_length=2000, required=False
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["person"]
        field.choices = [("", "Nobody: no parent asks"), *((key, one.name) for key, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["person"] = self.people.get(cleaned.get("person") or "")
        is_parent = cleaned.get("asker") == Asker.PARENT.name.lower()
        if is_parent and cleaned["person"] is None:
            self.add_error("person", "Choose which parent asks. Add them to the people of this file first.")
        if not is_parent and cleaned["person"] is not None:
            self.add_error("person", "Choose nobody here: no parent asks.")
        if cleaned.get("received_on") and cleaned["received_on"] > timezone.localdate():
            self.add_error("received_on", "The day it came must be today or earlier")
        return cleaned


class PassagesForm(forms.Form):
    """Passages of one chapter: each is given, without what is marked, or kept back. What is proposed is chosen."""

    def __init__(self, *args: Any, draft: Draft, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        asker = Asker[draft.asked.asker.upper()]
        self.grounds = [(one.name.lower(), one.value) for one in grounds_for(asker)]
        for line in lines:
            self._add(line, draft)

    def _add(self, line: Line, draft: Draft) -> None:
        passage, decision, key = line.passage, line.decision, key_of(line)
        proposed = draft.proposal(passage)
        given = decision.given if decision else proposed.given
        spans = decision.kept_back if decision else proposed.kept_back
        ground = decision.ground if decision else proposed.ground.name.lower() if proposed.ground else ""
        self.fields[f"give_{key}"] = forms.RadioField(
            label="Is it given?", inline=True, small=True, initial=GIVE if given else KEEP,
            choices=[(GIVE, "Give it, without what is marked"), (KEEP, "Keep it back")],
        )  # fmt: skip
        if can_be_marked(passage.text):
            self.fields[f"text_{key}"] = text_field(passage.text, marked(passage.text, spans))
        self.fields[f"ground_{key}"] = forms.SelectField(
            label="Why words are kept back", required=False, optional_mark=False, initial=ground,
            choices=[("", "Nothing is kept back"), *self.grounds],
        )  # fmt: skip

    def passages(self) -> list[dict[str, Any]]:
        """Each passage with its fields, for the template."""
        return [
            {
                "line": line,
                "give": self[f"give_{key_of(line)}"],
                "text": self[f"text_{key_of(line)}"] if f"text_{key_of(line)}" in self.fields else None,
                "ground": self[f"ground_{key_of(line)}"],
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.decided = [one for line in self.lines if (one := self._decided(line, cleaned))]
        return cleaned

    def _decided(self, line: Line, cleaned: dict[str, Any]) -> Decided | None:
        passage, key = line.passage, key_of(line)
        given, typed = cleaned.get(f"give_{key}") == GIVE, cleaned.get(f"text_{key}")
        spans: list[Span] = []
        if given and typed is not None:
            try:
                spans = read_marks(typed, passage.text)
            except NotTheText as problem:
                self.add_error(f"text_{key}", f"{passage.title}: {problem}")
                return None
        keeps_back, chosen = bool(spans) or not given, cleaned.get(f"ground_{key}")
        if keeps_back and not chosen and f"give_{key}" in cleaned:
            self.add_error(f"ground_{key}", f"{passage.title}: choose why words are kept back")
            return None
        ground = Ground[chosen.upper()] if chosen and keeps_back else None
        return Decided(passage.source, passage.digest, given=given, kept_back=tuple(spans), ground=ground)


def key_of(line: Line) -> str:
    """The name of a passage in a form: another one as soon as it reads otherwise."""
    return f"{line.passage.source.replace('.', '_').replace(':', '_')}_{line.passage.digest[:8]}"


def text_field(text: str, shown: str) -> forms.TextField:
    """The words of a passage, to be marked. As long as they are, and twice that with marks."""
    field = forms.TextField(
        label="Its words", initial=shown, required=False, optional_mark=False, strip=False,
        rows=min(14, 2 + text.count("\n") + len(text) // 70),
    )  # fmt: skip
    field.longest = 2 * len(text) + 1000
    return field


class LongerForm(forms.Form):
    reason = forms.TextField(
        label="Why it takes longer", help_text="As they were told. They must be told within the first month.",
        rows=3, max_length=1000,
    )  # fmt: skip


class GiveForm(forms.Form):
    has_read = forms.YesField(label="I have read the whole answer below, as the person who asked will read it")
    answer = forms.TextField(
        label="How they get it, and who is beside them when they read it",
        help_text="For example: in person, with the worker they trust", rows=3, max_length=1000,
    )  # fmt: skip


class SendBackForm(forms.Form):
    question = forms.TextField(label="What is to be changed", rows=3, max_length=2000)


class EndForm(forms.Form):
    outcome = forms.RadioField(
        label="How does it end?",
        choices=[("refused", "It is refused"), ("withdrawn", "Whoever asked took it back")],
    )
    answer = forms.TextField(
        label="What they were told, or how they took it back",
        help_text="If it is refused: the reason, that they can ask us to look again, and that they can complain to the "
        "Information Commissioner",
        rows=4, max_length=2000,
    )  # fmt: skip
