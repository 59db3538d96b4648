"""Forms: Django's, with sentences a tired person understands, and fields for dates as people type them."""

import copy
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from ui.fields import PartsWidget, first_input, shown_value
from ui.words import LONDON, local

LONGEST_TEXT = 10_000
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
CONTROL = {"Cc", "Cs"}
UNREADABLE = "This contains a character that cannot be shown. Type it here instead of pasting it."


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: small first letter, unless it is an abbreviation or the word I."""
    label = label.strip().rstrip("?:")
    first = label.split(" ", 1)[0]
    if first.isupper():
        return label
    return label[:1].lower() + label[1:]


def readable(value: str) -> None:
    """Refuses characters that no keyboard types and no page shows. (NUL has its own validator in Django.)"""
    if any(unicodedata.category(character) in CONTROL and character not in "\0\n\t" for character in value):
        raise ValidationError(UNREADABLE, code="control")


class CharField(forms.CharField):
    """One line of text."""

    default_validators = [readable]

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text.replace("\t", " ") if text else text

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and ("\n" in value.strip() or "\r" in value.strip()):
            raise ValidationError("This must be one line.", code="lines")
        return super().clean(value)


class TextField(forms.CharField):
    """Text of several lines. A line break counts as one character, as the counter on the page counts it."""

    widget = forms.Textarea
    default_validators = [readable]

    def __init__(self, *, max_length: int = LONGEST_TEXT, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.rows = rows

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text


class IntegerField(forms.IntegerField):
    """A whole number."""


class EmailField(forms.EmailField):
    """An e-mail address."""


class RadioField(forms.ChoiceField):
    """One of a few. `inline` puts the answers side by side; `hints` explains single answers."""

    widget = forms.RadioSelect

    def __init__(self, *, inline: bool = False, hints: Mapping[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inline = inline
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}


class SelectField(forms.ChoiceField):
    """One of many."""

    widget = forms.Select


class CheckboxesField(forms.MultipleChoiceField):
    """Any number of a few."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, hints: Mapping[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}


class YesField(forms.BooleanField):
    """One box to tick."""


class OnceKey(forms.UUIDField):
    """The key of this very form: what is sent twice is done once. One that was tampered with is no key."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "initial": uuid4, **kwargs})

    def clean(self, value: Any) -> UUID | None:
        try:
            return super().clean(value) or None
        except ValidationError:
            return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class VersionField(forms.IntegerField):
    """The version of the record this form began from."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": "This page is out of date. Open it again; what you typed is still here to copy.",
        "invalid": "This page is out of date. Open it again; what you typed is still here to copy.",
    }

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def typed_month(text: str) -> int | None:
    """A month as a number or a name, whole or shortened to three letters or more."""
    if text.isascii() and text.isdigit():
        return int(text)
    word = text.lower().rstrip(".")
    if len(word) < 3:
        return None
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word)), None)


def whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


class DateField(forms.Field):
    """A day in three inputs. The month may be a name."""

    parts: ClassVar[Sequence[str]] = ("day", "month", "year")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PartsWidget(self.parts))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> list[str]:
        if isinstance(value, datetime):
            value = local(value).date()
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return list(value) if isinstance(value, (list, tuple)) else [""] * len(self.parts)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, date):
            return value
        typed = [part.strip() for part in value]
        if not any(typed):
            return None
        missing = [name for name, part in zip(self.parts, typed, strict=True) if not part]
        if missing:
            raise ValidationError(self.sentence(f"must include a {joined(missing)}"), code="incomplete")
        return self.made(typed)

    def made(self, typed: Sequence[str]) -> Any:
        return self.day(typed)

    def day(self, typed: Sequence[str]) -> date:
        day, month, year = whole(typed[0]), typed_month(typed[1]), whole(typed[2])
        if year is not None and len(typed[2]) != 4:
            raise ValidationError(self.sentence("must have a year of 4 numbers, like 2026"), code="year")
        if day is None or month is None or year is None:
            raise ValidationError(self.sentence("must be a real date, like 27 3 2026"), code="invalid")
        try:
            return date(year, month, day)
        except ValueError:
            raise ValidationError(self.sentence("must be a real date: there is no such day"), code="invalid") from None

    def sentence(self, rest: str) -> str:
        return f"{(self.label or 'The date').rstrip('?')} {rest}."

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)


class MomentField(DateField):
    """A day and a time on the clock in London. An hour that comes twice in autumn is the first of the two."""

    parts = ("day", "month", "year", "time")

    def prepare_value(self, value: Any) -> list[str]:
        if isinstance(value, datetime):
            there = local(value)
            return [*super().prepare_value(there), f"{there:%H:%M}"]
        if isinstance(value, date):
            return [*super().prepare_value(value), ""]
        return super().prepare_value(value)

    def made(self, typed: Sequence[str]) -> datetime:
        naive = datetime.combine(self.day(typed), self.hour(typed[3]))
        aware = naive.replace(tzinfo=LONDON)
        if aware.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != naive:
            raise ValidationError(
                self.sentence("must be a real time: the clocks went forward and skipped it"), code="skipped"
            )
        return aware

    def hour(self, text: str) -> time:
        hours, _, minutes = text.replace(".", ":").partition(":")
        hour, minute = whole(hours.strip()), whole(minutes.strip())
        if hour is None or minute is None or hour > 23 or minute > 59:
            raise ValidationError(self.sentence("must have a time like 14:30"), code="time")
        return time(hour, minute)


class Form(forms.Form):
    """Every form. Has its key, speaks in whole sentences, and knows which input an error belongs to."""

    once = OnceKey()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            give_sentences(field, field.label or name.replace("_", " ").capitalize())
        super().full_clean()

    @property
    def error_list(self) -> list[dict[str, str]]:
        """For the error summary: in the order of the page, each linked to the first input of its field."""
        order = [None, *self.fields]
        found = []
        for name in sorted(self.errors, key=lambda name: order.index(None if name == "__all__" else name)):
            hidden = name == "__all__" or self[name].is_hidden
            href = "" if hidden else f"#{first_input(self[name])}"
            found += [{"text": str(text), "href": href} for text in self.errors[name]]
        return found

    def hidden_errors(self) -> list[str]:
        """Errors without a place on the page: of the form as a whole, and of hidden fields."""
        return [error["text"] for error in self.error_list if not error["href"]]

    def differences(self, theirs: Any) -> list[dict[str, str]]:
        """Where what was typed and what somebody else saved meanwhile are not the same."""
        found = []
        for bound in self.visible_fields():
            if not has_value(theirs, bound.name):
                continue
            mine = shown_value(bound.field, self.cleaned_data.get(bound.name, bound.value()))
            saved = shown_value(bound.field, value_of(theirs, bound.name))
            if mine != saved:
                found.append({"name": bound.name, "id": first_input(bound), "label": str(bound.label),
                              "mine": mine, "theirs": saved})  # fmt: skip
        return found

    def taking(self, theirs: Any) -> "Form":
        """The same form filled with what was saved meanwhile, so that sending it undoes nobody's work."""
        other = copy.copy(self)
        other.is_bound = False
        other._errors = None
        other._bound_fields_cache = {}
        saved = {name: value_of(theirs, name) for name in self.fields if has_value(theirs, name)}
        other.initial = {**self.initial, **self.typed_elsewhere(saved), **saved}
        return other

    def typed_elsewhere(self, saved: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed in fields that the record does not have, such as a reason."""
        return {name: self[name].value() for name in self.fields if name not in saved}


def has_value(record: Any, name: str) -> bool:
    return name in record if isinstance(record, Mapping) else hasattr(record, name)


def value_of(record: Any, name: str) -> Any:
    value = record[name] if isinstance(record, Mapping) else getattr(record, name)
    return getattr(value, "pk", value)


def give_sentences(field: forms.Field, label: str) -> None:
    """Replaces Django's own messages, and only those, with sentences that name the field."""
    chooses = isinstance(field, (forms.ChoiceField, forms.BooleanField))
    asks = in_sentence(label)
    verb = "Select" if chooses else "Enter"
    required = f"Answer: {label}" if label.endswith("?") else f"{verb} {asks}"
    limit = getattr(field, "max_length", None)
    sentences = {
        "required": required,
        "max_length": f"{label.rstrip('?')} must be {limit:,} characters or fewer" if limit else "",
        "invalid_choice": required,
        "null_characters_not_allowed": UNREADABLE,
    }
    if isinstance(field, forms.EmailField):
        sentences["invalid"] = f"Enter {asks} like name@example.com"
    elif isinstance(field, forms.IntegerField) and not isinstance(field, VersionField):
        sentences["invalid"] = f"{label.rstrip('?')} must be a whole number"
    for code, sentence in sentences.items():
        if sentence and is_default(field, code):
            field.error_messages[code] = sentence


def is_default(field: forms.Field, code: str) -> bool:
    """Whether the message is still the one Django brings, or there is none."""
    present = field.error_messages.get(code)
    brought = [vars(kind).get("default_error_messages", {}).get(code) for kind in type(field).__mro__
               if kind.__module__.startswith("django.")]  # fmt: skip
    return present is None or str(present) in {str(message) for message in brought if message}
