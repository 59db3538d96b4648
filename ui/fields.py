"""From a field of a form to the library's macro that draws it, and to words where only its value is shown."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from ui.words import long_date, moment

# Attributes a widget may bring that are said otherwise, or that hinder: a placeholder vanishes while typing.
LEFT_OUT = {
    "class", "maxlength", "minlength", "required", "id", "type", "autocomplete", "placeholder", "autofocus", "cols",
    "rows", "aria-describedby", "aria-invalid", "step",
}  # fmt: skip
PARTS = {
    "day": ("Day", "govuk-input--width-2", "numeric"),
    "month": ("Month", "govuk-input--width-3", "text"),
    "year": ("Year", "govuk-input--width-4", "numeric"),
    "time": ("Time", "govuk-input--width-4", "text"),
}


class PartsWidget(forms.Widget):
    """A date in three inputs, and a time in a fourth. What was typed is kept as it was typed."""

    def __init__(self, parts: Sequence[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.parts = tuple(parts)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [(data.get(f"{name}_{number}") or "").strip() for number in range(len(self.parts))]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{number}" not in data for number in range(len(self.parts)))

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ else id_


def first_input(bound: BoundField) -> str:
    """The id of the input that an error's link leads to."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, PartsWidget) else str(bound.auto_id)


def specification(bound: BoundField) -> dict[str, Any]:
    """{"macro": ..., "params": ...}: which macro of the library draws the field, and with what."""
    widget = bound.field.widget
    for kind, draw in DRAWERS:
        if isinstance(widget, kind):
            return draw(bound)
    return text_input(bound)


def label_of(bound: BoundField) -> str:
    """The label; a field that may stay empty and has no hint to say so is marked."""
    optional = not bound.field.required and not bound.help_text
    return f"{bound.label} (optional)" if optional else str(bound.label)


def common(bound: BoundField, hint: str = "") -> dict[str, Any]:
    params: dict[str, Any] = {"id": bound.auto_id, "name": bound.html_name}
    if hint or bound.help_text:
        params["hint"] = {"text": str(bound.help_text or hint)}
    if bound.errors:
        params["errorMessage"] = {"text": " ".join(str(error) for error in bound.errors)}
    return params


def labelled(bound: BoundField) -> dict[str, Any]:
    label = {"text": label_of(bound), "classes": "govuk-label--s"}
    attributes = {name: value for name, value in bound.field.widget.attrs.items() if name not in LEFT_OUT}
    found = {**common(bound), "label": label, "attributes": attributes}
    autocomplete = bound.field.widget.attrs.get("autocomplete")
    return {**found, "autocomplete": autocomplete} if autocomplete else found


def grouped(bound: BoundField, hint: str = "") -> dict[str, Any]:
    legend = {"text": label_of(bound), "classes": "govuk-fieldset__legend--s"}
    return {**common(bound, hint), "fieldset": {"legend": legend}}


def typed(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def text_input(bound: BoundField) -> dict[str, Any]:
    widget = bound.field.widget
    params = {**labelled(bound), "value": typed(bound)}
    kind = getattr(widget, "input_type", None) or "text"
    if kind == "number":
        params |= {"inputmode": "numeric", "classes": "govuk-input--width-5"}
    elif kind in {"email", "tel", "url", "search"}:
        params |= {"type": kind, "spellcheck": False}
    limit = getattr(bound.field, "max_length", None)
    if limit and limit <= 30:
        params["classes"] = "govuk-input--width-10" if limit <= 12 else "govuk-input--width-20"
    return {"macro": "input", "params": params}


def password(bound: BoundField) -> dict[str, Any]:
    return {"macro": "password", "params": {"autocomplete": "current-password", **labelled(bound)}}


def textarea(bound: BoundField) -> dict[str, Any]:
    params = {**labelled(bound), "value": typed(bound), "rows": str(getattr(bound.field, "rows", 5))}
    limit = getattr(bound.field, "max_length", None)
    if limit:
        return {"macro": "character_count", "params": {**params, "maxlength": limit, "threshold": "75"}}
    return {"macro": "textarea", "params": params}


def choices_of(bound: BoundField) -> Iterator[tuple[str, str]]:
    for value, text in bound.field.choices:
        if isinstance(text, (list, tuple)):
            yield from ((str(inner), str(inner_text)) for inner, inner_text in text)
        else:
            yield "" if value is None else str(value), str(text)


def items(bound: BoundField, mark: str) -> list[dict[str, Any]]:
    value = bound.value()
    many = value if isinstance(value, (list, tuple, set)) else [value]
    chosen = {"" if one is None else str(getattr(one, "value", one)) for one in many}
    hints = getattr(bound.field, "hints", {})
    return [
        {
            "value": value,
            "text": text,
            mark: value in chosen,
            **({"hint": {"text": hints[value]}} if value in hints else {}),
        }
        for value, text in choices_of(bound)
    ]


def select(bound: BoundField) -> dict[str, Any]:
    options = items(bound, "selected")
    if options and all(option["value"] for option in options):
        options.insert(0, {"value": "", "text": "Choose one", "selected": not any(o["selected"] for o in options)})
    return {"macro": "select", "params": {**labelled(bound), "items": options}}


def radios(bound: BoundField) -> dict[str, Any]:
    options = [item for item in items(bound, "checked") if item["value"] or not bound.field.required]
    inline = "govuk-radios--inline" if getattr(bound.field, "inline", False) else ""
    params = {**grouped(bound), "idPrefix": bound.auto_id, "items": options, "classes": inline}
    return {"macro": "radios", "params": params}


def checkboxes(bound: BoundField) -> dict[str, Any]:
    params = {**grouped(bound), "idPrefix": bound.auto_id, "items": items(bound, "checked")}
    return {"macro": "checkboxes", "params": params}


def single_box(bound: BoundField) -> dict[str, Any]:
    params = common(bound)
    item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
    if "hint" in params:
        item["hint"] = params.pop("hint")
    return {"macro": "checkboxes", "params": {**params, "idPrefix": bound.auto_id, "items": [item]}}


def date_parts(bound: BoundField) -> dict[str, Any]:
    parts = bound.field.widget.parts
    example = "For example, 27 3 2026 at 14:30" if "time" in parts else "For example, 27 3 2026"
    wrong = " govuk-input--error" if bound.errors else ""
    values = bound.value() or [""] * len(parts)
    inputs = [
        {"name": f"{bound.html_name}_{number}", "id": f"{bound.auto_id}_{number}", "label": PARTS[part][0],
         "classes": PARTS[part][1] + wrong, "inputmode": PARTS[part][2], "value": value}
        for number, (part, value) in enumerate(zip(parts, values, strict=True))
    ]  # fmt: skip
    return {"macro": "date", "params": {**grouped(bound, example), "items": inputs}}


DRAWERS = (
    (forms.PasswordInput, password),
    (forms.Textarea, textarea),
    (forms.CheckboxSelectMultiple, checkboxes),
    (forms.RadioSelect, radios),
    (forms.Select, select),
    (forms.CheckboxInput, single_box),
    (PartsWidget, date_parts),
)


def shown_value(field: forms.Field, value: Any) -> str:
    """A value in words, as a page shows it that is not a form."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, (list, tuple, set)):
        shown = [shown_value(field, one) for one in value]
        return " ".join(shown) if isinstance(field.widget, PartsWidget) else ", ".join(shown)
    if isinstance(field, forms.ChoiceField):
        return chosen_text(field, value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def chosen_text(field: forms.ChoiceField, value: Any) -> str:
    wanted = "" if value is None else str(getattr(value, "pk", value))
    for key, text in field.choices:
        options = text if isinstance(text, (list, tuple)) else [(key, text)]
        for inner, inner_text in options:
            if str(inner) == wanted:
                return str(inner_text)
    return wanted
