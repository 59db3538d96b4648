"""From a form's field to the plain data its template macro prints. Works for any Django form."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from ui import dates

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "tick"),
    (forms.Select, "select"),
    (forms.MultiWidget, "parts"),
)
BOX_WIDTHS = (2, 3, 4, 5, 10, 20, 30)
OPENED = "opened-"  # before the name of a box: what stood in it when the form was opened
PART_WIDTHS = {"month": 3, "year": 4, "time": 5}


def kind_of(bound: BoundField) -> str:
    """Which macro prints a field."""
    widget = bound.field.widget
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "text")


def box_width(field: Any) -> int | None:
    """How many characters a box is wide; None for the whole column."""
    if getattr(field, "width", None):
        return int(field.width)
    longest = getattr(field, "longest", None) or getattr(field, "max_length", None) or 1000
    return next((width for width in BOX_WIDTHS if longest <= width), None)


def described(bound: BoundField) -> dict[str, Any]:
    """Everything the macros need to know about a field."""
    field: Any = bound.field
    return {
        "kind": kind_of(bound),
        "name": bound.html_name,
        "id": bound.auto_id or bound.html_name,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": [str(error) for error in bound.errors],
        "optional": not field.required and getattr(field, "optional_mark", True),
        "value": "" if bound.value() is None else bound.value(),
        "type": getattr(field.widget, "input_type", "text"),
        "spellcheck": False if getattr(field.widget, "input_type", "") == "email" else None,
        "width": box_width(field),
        "numeric": hasattr(field, "biggest"),
        "autocomplete": getattr(field, "autocomplete", None) or field.widget.attrs.get("autocomplete"),
        "rows": getattr(field, "rows", 5),
        "limit": field.longest if getattr(field, "counted", False) else None,
        "inline": getattr(field, "inline", False),
        "small": getattr(field, "small", False),
        "choices": _choices(bound),
        "parts": _parts(bound),
    }


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    field: Any = bound.field
    if not hasattr(field, "choices"):
        return []
    value = bound.value()
    chosen = {str(one) for one in (value if isinstance(value, list | tuple | set) else [value]) if one is not None}
    reasons, hints = getattr(field, "reasons", {}), getattr(field, "hints", {})
    keeps_blank = kind_of(bound) == "select"
    return [
        {
            "value": str(key),
            "text": str(text),
            "chosen": str(key) in chosen,
            "hint": reasons.get(str(key)) or hints.get(str(key), ""),
            "disabled": str(key) in reasons,
        }
        for key, text in field.choices
        if keeps_blank or key not in (None, "")
    ]


def _suffixes(bound: BoundField) -> list[str]:
    """What the names of a field's boxes end in; one empty ending for a field with one box."""
    return list(getattr(bound.field.widget, "widgets_names", [""]))


def _parts(bound: BoundField) -> list[dict[str, Any]]:
    widget = bound.field.widget
    if not isinstance(widget, forms.MultiWidget):
        return []
    value = bound.value()
    values = value if isinstance(value, list) else list(widget.decompress(value) or [])
    wrong = wrong_parts(bound)
    return [
        {
            "name": f"{bound.html_name}{suffix}",
            "id": f"{bound.auto_id}{suffix}",
            "label": suffix.lstrip("_").capitalize(),
            "value": "" if part is None else part,
            "classes": _part_classes(suffix.lstrip("_"), wrong),
            "inputmode": "text" if suffix == "_time" else "numeric",
            "autocomplete": "off",
        }
        for suffix, part in zip(_suffixes(bound), values, strict=False)
    ]


def _part_classes(name: str, wrong: tuple[str, ...]) -> str:
    return f"govuk-input--width-{PART_WIDTHS.get(name, 2)}{' govuk-input--error' if name in wrong else ''}"


def wrong_parts(bound: BoundField) -> tuple[str, ...]:
    """The boxes an error is about; all of them unless it says otherwise."""
    errors = bound.form.errors.as_data().get(bound.name, []) if bound.form.is_bound else []
    if not errors:
        return ()
    named = (getattr(errors[0], "params", None) or {}).get("parts")
    return tuple(named or (suffix.lstrip("_") for suffix in _suffixes(bound)))


def first_input(bound: BoundField) -> str:
    """The id of the box an error's link goes to."""
    identifier = bound.auto_id or bound.html_name
    if kind_of(bound) != "parts":
        return str(identifier)
    wrong = wrong_parts(bound)
    suffixes = _suffixes(bound)
    return str(identifier) + next((suffix for suffix in suffixes if suffix.lstrip("_") in wrong), suffixes[0])


def error_items(form: Any) -> list[dict[str, Any]]:
    """A form's errors for the error summary, in the order of its fields."""
    if form is None or not form.is_bound:
        return []
    items = [{"text": str(error)} for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            item = {"text": str(error)}
            if not bound.is_hidden:
                item["href"] = f"#{first_input(bound)}"
            items.append(item)
    return items


def shown(bound: BoundField, value: Any) -> str:
    """A field's value in words, as a reader would say it."""
    if value is None or value == "":
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return dates.short_moment(value)
    if isinstance(value, date):
        return dates.long_date(value)
    choices = {str(key): str(text) for key, text in getattr(bound.field, "choices", [])}
    if isinstance(value, list | tuple | set):
        return ", ".join(choices.get(str(one), str(one)) for one in value) or "Nothing"
    return choices.get(str(value), str(value))


def choice_items(choices: list[dict[str, Any]], conditional: dict[str, Any]) -> list[dict[str, Any]]:
    """Choices as the radios and checkboxes macros want them; `conditional` holds what a choice opens."""
    opened = {str(value): {"html": html} for value, html in conditional.items()}
    return [
        {
            "value": choice["value"],
            "text": choice["text"],
            "checked": choice["chosen"],
            "disabled": choice["disabled"],
            "hint": {"text": choice["hint"]} if choice["hint"] else None,
            "conditional": opened.get(choice["value"]),
        }
        for choice in choices
    ]


def option_items(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choices as the select macro wants them."""
    return [
        {
            key: choice[own]
            for key, own in (("value", "value"), ("text", "text"), ("selected", "chosen"), ("disabled", "disabled"))
        }
        for choice in choices
    ]


def input_names(bound: BoundField) -> list[str]:
    """The names of a field's boxes, as a browser sends them."""
    return [f"{bound.html_name}{suffix}" for suffix in _suffixes(bound)]


def _inputs(bound: BoundField, value: Any) -> list[tuple[str, str]]:
    """Names and values a browser would send if `value` were the answer."""
    widget = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        return list(zip(input_names(bound), map(str, widget.decompress(value) or []), strict=True))
    if isinstance(widget, forms.CheckboxInput):
        return [(bound.html_name, "on")] if value else []
    if isinstance(value, list | tuple | set):
        return [(bound.html_name, str(one)) for one in value]
    return [(bound.html_name, "" if value is None else str(value))]


def conflict(form: Any, theirs: Any) -> list[dict[str, Any]]:
    """The answers that differ between what was typed and what somebody else saved meanwhile."""
    rows = []
    for bound in form.visible_fields():
        if not hasattr(theirs, bound.name) or bound.name not in form.cleaned_data:
            continue
        mine, other = form.cleaned_data[bound.name], getattr(theirs, bound.name)
        if shown(bound, mine) != shown(bound, other):
            rows.append(
                {
                    "name": bound.name,
                    "label": bound.label,
                    "mine": shown(bound, mine),
                    "theirs": shown(bound, other),
                    "kept": "mine" if _touched(bound) else "theirs",
                    "inputs": _inputs(bound, other),
                }
            )
    return rows


def _touched(bound: BoundField) -> bool:
    """Whether an answer was changed since the form was opened, so that one nobody touched does not undo a save."""
    data: Any = bound.form.data
    typed, opened = (
        [value.replace("\r\n", "\n") for name in input_names(bound) for value in data.getlist(before + name) if value]
        for before in ("", OPENED)
    )
    return typed != opened


def _as_opened(form: Any) -> list[tuple[str, str]]:
    """The answers a form about a versioned record was opened with, to be sent along."""
    if "version" not in form.fields:
        return []
    if form.is_bound:
        return [(name, value) for name in form.data if name.startswith(OPENED) for value in form.data.getlist(name)]
    return [(OPENED + name, value) for bound in form.visible_fields() for name, value in _inputs(bound, bound.initial)]


def hidden_inputs(form: Any, theirs: Any = None) -> list[tuple[str, Any]]:
    """Names and values of a form's hidden fields; after a stale save the version is the one now in force."""
    found = [(bound.html_name, bound.value()) for bound in form.hidden_fields()]
    if theirs is not None:
        found = [(name, theirs.version if name == "version" else value) for name, value in found]
    found += _as_opened(form)
    return [(name, "" if value is None else value) for name, value in found]
