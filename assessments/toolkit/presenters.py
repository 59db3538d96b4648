"""Versions of the toolkit as rows and sections of a page."""

from typing import Any

from django.urls import reverse

from assessments.models import ToolkitVersion
from assessments.toolkit import thresholds_from
from assessments.toolkit.changes import WEIGHT_WORDS, thresholds_in_words
from ui.dates import long_date, short_moment

BY_THE_PROGRAM = "Came with the program"


def state_of(version: ToolkitVersion) -> dict[str, str]:
    if version.is_current:
        return {"text": "In use", "colour": "green"}
    return (
        {"text": "Replaced", "colour": "grey"}
        if version.published_at
        else {"text": "Not published", "colour": "yellow"}
    )


def version_line(version: Any) -> dict[str, Any]:
    """A version of the list."""
    return {
        "name": str(version),
        "href": reverse("toolkit", args=[version.pk]),
        "tag": state_of(version),
        "published": long_date(version.published_at) or "Not yet",
        "items": version.items,
    }


def version_rows(version: ToolkitVersion) -> list[dict[str, str]]:
    loaded = f"{version.loaded_by.name}, {short_moment(version.loaded_at)}" if version.loaded_by else BY_THE_PROGRAM
    published = short_moment(version.published_at) if version.published_at else ""
    by = f" by {version.published_by.name}" if version.published_by else ""
    rows = [
        ("Source", version.source),
        ("Loaded", loaded),
        ("Published", f"{published}{by}" if published else "Not yet: nobody assesses with it"),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def threshold_rows(version: ToolkitVersion) -> list[dict[str, str]]:
    words = thresholds_in_words(thresholds_from(version.thresholds))
    return [{"key": name, "value": value} for name, value in words.items()]


def as_file(version: ToolkitVersion) -> dict[str, Any]:
    """The version as the file it could be loaded from: to be changed, and loaded under the next number."""
    return {
        "name": version.name,
        "number": version.number,
        "source": version.source,
        "thresholds": version.thresholds,
        "sections": [
            {
                "code": section.code, "title": section.title, "kind": section.kind,
                "items": [
                    {"code": one.code, "label": one.label, "weight": one.weight, "definition": one.definition,
                     "types": one.types}
                    for one in section.items.all()
                ],
            }
            for section in version.sections.prefetch_related("items")
        ],
    }  # fmt: skip


def section_tables(version: ToolkitVersion) -> list[dict[str, Any]]:
    """Each section with its items, as rows of a table."""
    return [
        {
            "title": f"{section.code} {section.title}",
            "kind": section.get_kind_display(),
            "rows": [
                [item.code, item.label, item.definition, WEIGHT_WORDS[item.weight].capitalize(), " ".join(item.types)]
                for item in section.items.all()
            ],
        }
        for section in version.sections.prefetch_related("items")
    ]  # fmt: skip
