"""Forms that say in plain words what is wrong and what to do, and keep what was typed.

Fields are named by what they look like on the page. Every message starts with the name of its field.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from ui import dates
from ui.rendering import error_items, input_names

MONTHS = tuple(f"{date(2000, month, 1):%B}".lower() for month in range(1, 13))
DAY_PARTS = ("day", "month", "year")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
LONGEST_TEXT = 10_000
TOO_BIG = 2**31 - 1
TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?")


def name_in_sentence(label: Any) -> str:
    """A label in the middle of a sentence: "Date of birth" -> "date of birth", "NHS number" as it is."""
    words = str(label)
    if words.endswith("?"):
        return f"an answer to “{words}”"
    first = words.split(" ")[0]
    keeps_capital = first == "I" or (len(first) > 1 and first[:2].isupper())
    return words if keeps_capital else words[:1].lower() + words[1:]


def name_at_start(label: Any) -> str:
    """A label as the first words of a message."""
    return f"The answer to “{label}”" if str(label).endswith("?") else str(label)


def listed(words: Iterable[str]) -> str:
    """ "a day", "a day and a month", "a day, a month and a year"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def has_control_characters(text: str, allowed: str = "") -> bool:
    """Whether a text holds characters that are no text, like those a damaged file leaves."""
    return any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in allowed for letter in text)


class Plain(forms.Field):
    """What all our fields share: default sentences made from the label."""

    verb = "Enter"

    def __init__(self, *, label: str, optional_mark: bool = True, error_messages: Any = None, **kwargs: Any) -> None:
        self.optional_mark = optional_mark
        sentences = {**self.sentences(label), **(error_messages or {})}
        super().__init__(label=label, error_messages=sentences, **kwargs)

    def sentences(self, label: str) -> dict[str, str]:
        """The field's own messages."""
        return {"required": f"{self.verb} {name_in_sentence(label)}"}


class CharField(Plain, forms.CharField):
    """One line of text. `width` is the number of characters the box is wide; it is worked out from `max_length`."""

    allowed_controls = ""

    def __init__(
        self, *, label: str, max_length: int = 255, width: int | None = None, autocomplete: str = "off", **kwargs: Any
    ) -> None:
        self.width = width
        self.autocomplete = autocomplete
        self.longest = max_length
        super().__init__(label=label, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(str(value).replace("\r\n", "\n") if value is not None else value)
        return typed or ""

    def run_validators(self, value: str) -> None:
        if has_control_characters(value, self.allowed_controls):
            raise ValidationError(
                f"{name_at_start(self.label)} must not contain hidden control characters. Type it in by hand.",
                code="control_characters",
            )
        if len(value) > self.longest:
            raise ValidationError(
                f"{name_at_start(self.label)} must be {self.longest:,} characters or fewer. It has {len(value):,}.",
                code="max_length",
            )
        super().run_validators(value)


class TextField(CharField):
    """Several lines of text. With `max_length` the page counts what is left once it gets short."""

    allowed_controls = "\n\t"
    widget = forms.Textarea

    def __init__(self, *, label: str, max_length: int | None = None, rows: int = 5, **kwargs: Any) -> None:
        self.rows = rows
        self.counted = max_length is not None
        super().__init__(label=label, max_length=max_length or LONGEST_TEXT, **kwargs)


class EmailField(CharField):
    """An email address."""

    widget = forms.EmailInput

    def __init__(self, *, label: str, max_length: int = 254, **kwargs: Any) -> None:
        message = f"{label} must be an address like name@example.org"
        super().__init__(label=label, max_length=max_length, **kwargs)
        self.validators.append(EmailValidator(message))


class PasswordField(CharField):
    """A password: shown on request, never kept in the page."""

    widget = forms.PasswordInput

    def __init__(self, *, label: str, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(label=label, autocomplete=autocomplete, strip=False, **kwargs)


class NumberField(Plain):
    """A whole number."""

    def __init__(self, *, label: str, smallest: int = 0, biggest: int = TOO_BIG, **kwargs: Any) -> None:
        self.smallest, self.biggest = smallest, biggest
        self.width = min(10, max(3, len(str(biggest))))
        super().__init__(label=label, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = str(value if value is not None else "").strip().replace(",", "")
        if not typed:
            self.validate(None)
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}", typed):
            raise ValidationError(f"{name_at_start(self.label)} must be a whole number, like 12")
        number = int(typed)
        if not self.smallest <= number <= self.biggest:
            limits = f"{self.smallest:,} and {self.biggest:,}"
            raise ValidationError(f"{name_at_start(self.label)} must be a number between {limits}")
        self.run_validators(number)
        return number


class Choosing(Plain):
    """A choice from a list. `hints` and `reasons` are by value; a choice with a reason is shown but cannot be made."""

    verb = "Select"

    def __init__(
        self, *, label: str, hints: Mapping[Any, str] | None = None, reasons: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        self.reasons = {str(value): reason for value, reason in (reasons or {}).items()}
        super().__init__(label=label, **kwargs)

    def sentences(self, label: str) -> dict[str, str]:
        unknown = " ".join(("Select", name_in_sentence(label), "from the list"))
        return {**super().sentences(label), "invalid_choice": unknown, "invalid_list": unknown}

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else [value]:
            if str(one) in self.reasons:
                raise ValidationError(self.reasons[str(one)], code="blocked")
        return super().clean(value)


class RadioField(Choosing, forms.ChoiceField):
    """One of a few. `inline` puts short answers side by side, `small` makes them smaller."""

    widget = forms.RadioSelect

    def __init__(self, *, label: str, inline: bool = False, small: bool = False, **kwargs: Any) -> None:
        self.inline, self.small = inline, small
        super().__init__(label=label, **kwargs)


class SelectField(Choosing, forms.ChoiceField):
    """One of many."""

    widget = forms.Select


class CheckboxesField(Choosing, forms.MultipleChoiceField):
    """Any number of a few."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, label: str, small: bool = False, **kwargs: Any) -> None:
        self.small = small
        super().__init__(label=label, **kwargs)


class YesField(Plain, forms.BooleanField):
    """One box to tick: the label is what is true when it is ticked."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)

    def sentences(self, label: str) -> dict[str, str]:
        return {"required": f"Tick “{label}” to go on"}


class Parts(forms.MultiWidget):
    """Several boxes for one answer. Their names end in `_day`, `_month`, `_year` and `_time`."""

    names: tuple[str, ...] = DAY_PARTS

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({name: forms.TextInput() for name in self.names}, attrs)

    def decompress(self, value: Any) -> list[str]:
        if not isinstance(value, date):
            return [""] * len(self.names)
        at = dates.local(value) if isinstance(value, datetime) else value
        parts = [str(at.day), str(at.month), str(at.year)]
        if len(self.names) > len(DAY_PARTS):
            parts.append(f"{at:%H:%M}" if isinstance(at, datetime) else "")
        return parts

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{self.names[0]}" if id_ else id_


class MomentParts(Parts):
    names = (*DAY_PARTS, "time")


class PartsField(Plain):
    """An answer given in several boxes. An error names the boxes it is about in `params["parts"]`."""

    part_names: tuple[str, ...] = DAY_PARTS

    def clean(self, value: Any) -> Any:
        typed = [unicodedata.normalize("NFKC", str(part or "")).strip() for part in value or []]
        typed += [""] * (len(self.part_names) - len(typed))
        if not any(typed):
            self.validate(None)
            return None
        self._refuse_missing(typed)
        found = self.put_together(typed)
        self.run_validators(found)
        return found

    def put_together(self, typed: list[str]) -> Any:
        """The value, or a sentence about what to do."""
        raise NotImplementedError

    def refuse(self, rest: str, *parts: str) -> ValidationError:
        """A message that starts with the field's name."""
        return ValidationError(
            f"{name_at_start(self.label)} {rest}", code="parts", params={"parts": parts or self.part_names}
        )

    def _refuse_missing(self, typed: list[str]) -> None:
        missing = [name for name, part in zip(self.part_names, typed, strict=False) if not part]
        if missing:
            raise self.refuse(f"must include {listed(f'a {name}' for name in missing)}", *missing)

    def _day(self, day: str, month: str, year: str) -> date:
        if re.fullmatch(r"[0-9]+", year) and len(year) != len("2026"):
            raise self.refuse("must have a year with 4 numbers, like 2012", "year")
        numbers = (_number(year, 4), _month(month), _number(day, 2))
        try:
            found = date(*numbers)
        except ValueError:
            wrong = _wrong_parts(*numbers)
            raise self.refuse("must be a real date, like 27 3 2012", *wrong) from None
        if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            raise self.refuse(f"must have a year from {EARLIEST_YEAR} to {LATEST_YEAR}", "year")
        return found


def _number(typed: str, longest: int) -> int:
    return int(typed) if re.fullmatch(rf"[0-9]{{1,{longest}}}", typed) else 0


def _month(typed: str) -> int:
    """3 for "3", "03", "Mar" or "March"; 0 for what is no month."""
    if len(typed) >= 3 and typed.isalpha():
        return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(typed.lower())), 0)
    return _number(typed, 2)


def _wrong_parts(year: int, month: int, day: int) -> tuple[str, ...]:
    """Which boxes cannot be right on their own; all of them where only the whole is impossible."""
    wrong = (("day", not 1 <= day <= 31), ("month", not 1 <= month <= 12), ("year", year < 1))
    return tuple(name for name, is_wrong in wrong if is_wrong)


class DateField(PartsField):
    """A day, in three boxes. The month may be a number or a name."""

    widget = Parts

    def put_together(self, typed: list[str]) -> date:
        day, month, year = typed[:3]
        return self._day(day, month, year)


class MomentField(PartsField):
    """A day and a time on a clock in England; the value is an aware datetime.

    A time that the clocks skipped is refused; of a time that happened twice the earlier is meant.
    """

    part_names = (*DAY_PARTS, "time")
    widget = MomentParts

    def put_together(self, typed: list[str]) -> datetime:
        day, month, year, time = typed[:4]
        found = self._day(day, month, year)
        moment = datetime.combine(found, self._time(time), dates.LONDON)
        if moment.astimezone(UTC).astimezone(dates.LONDON).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise self.refuse(
                "must be a time that happened. The clocks went forward from 1:00 to 2:00 that night.", "time"
            )
        return moment

    def _time(self, typed: str) -> clock_time:
        found = TIME.fullmatch(typed.lower())
        if found is None or not (found[2] or found[3]):
            raise self.refuse("must include a time like 14:30", "time")
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            if not 1 <= hour <= 12:
                raise self.refuse("must include a real time, like 2:30pm or 14:30", "time")
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        if hour > 23 or minute > 59:
            raise self.refuse("must include a real time, like 14:30", "time")
        return clock_time(hour, minute)


class VersionField(Plain):
    """Which version of a record this edit began from; hidden. Give it as the initial value."""

    widget = forms.HiddenInput

    def __init__(self, *, label: str = "Version", **kwargs: Any) -> None:
        lost = "We cannot tell which version you changed. Open the page again, then make your change and save."
        super().__init__(label=label, error_messages={"required": lost, "invalid": lost}, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(value)


class OnceKey(forms.Field):
    """A key of this very form, so that a form sent twice is done once; hidden."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4)

    def to_python(self, value: Any) -> UUID | None:
        try:
            return UUID(str(value))
        except ValueError:
            return None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if self.to_python(data) else initial


class PlainForm(forms.Form):
    """A form without a key: for filters and searches, which may be sent any number of times."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """As Django's; by then every field is there, also those a form makes for itself."""
        if self.is_bound:
            self.data = self._with_choices_made(self.data)
        super().full_clean()

    @property
    def error_summary(self) -> list[dict[str, Any]]:
        """What is wrong, each with a link to its first box."""
        return error_items(self)

    def _with_choices_made(self, data: Any) -> Any:
        """After a stale save, puts the other person's answer where that was chosen (see `rendering.conflict`)."""
        chosen = [name for name in self.fields if data.get(f"choose-{name}") == "theirs"]
        if not chosen:
            return data
        changed = data.copy()
        for name in [one for field in chosen for one in input_names(self[field])]:
            changed.setlist(name, data.getlist(f"theirs-{name}"))
        return changed


class Form(PlainForm):
    """A form that changes something."""

    once = OnceKey()
