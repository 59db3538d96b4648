"""A form as it stands on a page: its boxes and what is in them, read from its HTML as a browser without script does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import tinyhtml5

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "once", "version"})
OFFERED_BY_A_CONFLICT = ("choose-", "theirs-", "opened-")
DAY = ("_day", "_month", "_year")


@dataclass
class Box:
    """One name that the form sends: `kind` as HTML has it, `choices` where one is chosen, `values` as they stand."""

    kind: str
    choices: list[str]
    values: list[str]

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "textarea", "email")


class FormOnPage:
    """The one form of a page that changes something (it carries a key), with what a browser would send."""

    def __init__(self, response: Any) -> None:
        page = tinyhtml5.parse(response.content.decode(), namespace_html_elements=False)
        self.page = page
        self.boxes: dict[str, Box] = {}
        for control in _controls(next(form for form in page.iter("form") if _has_key(form))):
            self._add(control)

    def _add(self, control: Element) -> None:
        name, value = control.get("name", ""), control.get("value", "")
        if not name or name.startswith(OFFERED_BY_A_CONFLICT):
            return
        kind = control.get("type", "text") if control.tag == "input" else control.tag
        box = self.boxes.setdefault(name, Box(kind, [], []))
        if kind in ("radio", "checkbox"):
            if "disabled" not in control.attrib:
                box.choices.append(value)
            box.values += [value] if "checked" in control.attrib else []
        elif kind == "select":
            options = [one for one in control.iter("option") if "disabled" not in one.attrib]
            box.choices = [one.get("value", one.text or "") for one in options]
            box.values = [one.get("value", "") for one in options if "selected" in one.attrib] or box.choices[:1]
        else:
            box.values = [value if control.tag == "input" else (control.text or "").removeprefix("\n")]

    @property
    def as_it_stands(self) -> dict[str, list[str]]:
        return {name: list(box.values) for name, box in self.boxes.items() if box.values}

    @property
    def typed(self) -> dict[str, Box]:
        """What a person fills in."""
        return {name: box for name, box in self.boxes.items() if name not in NOT_TYPED and box.kind != "hidden"}

    def texts(self) -> list[str]:
        """Boxes for words, without those of a day and a time."""
        return [name for name, box in self.typed.items() if box.is_text and not self._is_part(name)]

    def days(self) -> list[str]:
        """Answers that are a day, or a day and a time."""
        return [name.removesuffix("_day") for name in self.boxes if name.endswith("_day") and self._is_part(name)]

    def _is_part(self, name: str) -> bool:
        stem, _, last = name.rpartition("_")
        return last in ("day", "month", "year", "time") and all(f"{stem}{part}" in self.boxes for part in DAY)

    def has_time(self, day: str) -> bool:
        return f"{day}_time" in self.boxes

    def errors(self) -> list[tuple[str, str]]:
        """The error summary: each sentence, and the id of the box it leads to ("" if it is about the whole)."""
        return [
            (" ".join("".join(line.itertext()).split()), next((a.get("href", "")[1:] for a in line.iter("a")), ""))
            for summary in self.page.iter("div")
            if "govuk-error-summary" in summary.get("class", "").split()
            for line in summary.iter("li")
        ]

    def ids(self) -> set[str]:
        return {one.get("id", "") for one in self.page.iter()}


def _has_key(form: Element) -> bool:
    return form.get("method") == "post" and any(one.get("name") == "once" for one in form.iter("input"))


def _controls(form: Element) -> Iterator[Element]:
    return (one for one in form.iter() if one.tag in ("input", "textarea", "select"))
