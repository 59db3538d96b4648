"""The Jinja environment of every page: strict about our own templates, lenient about the library's.

The library's macros ask for attributes that were not passed (`params.hint.html`) and expect nothing back. Ours must
never: a misspelt name in a template is an error in a test, not an empty place on a page.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)

from ui import words
from ui.fields import specification

LIBRARY = "govuk_frontend_jinja"
SERVICE_NAME = "CRE casework"


class OptionalUndefined(ChainableUndefined):
    """What was not passed is an empty text."""

    def __html__(self) -> str:
        return ""


class DesignEnvironment(Environment):
    """Serves the library's templates from an environment of their own, made once."""

    library: Environment

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: Any = None,  # noqa: A002 (Jinja's own name)
    ) -> Template:
        if isinstance(name, str) and name.startswith(f"{LIBRARY}/"):
            return self.library.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args, kwargs=kwargs)


def filters() -> Mapping[str, Any]:
    return {
        "long_date": words.long_date,
        "moment": words.moment,
        "days_ago": words.days_ago,
        "paragraphs": words.paragraphs,
    }


def environment(*, loader: BaseLoader, **options: Any) -> DesignEnvironment:
    """What settings.TEMPLATES names. Called once; templates are compiled once and kept."""
    del options  # Django's defaults follow DEBUG; ours are the same everywhere.
    library_loader = PackageLoader(LIBRARY)
    made = DesignEnvironment(
        loader=ChoiceLoader([loader, PrefixLoader({LIBRARY: library_loader})]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.library = Environment(
        loader=PrefixLoader({LIBRARY: library_loader}), autoescape=True, undefined=OptionalUndefined, auto_reload=False
    )
    made.globals.update(
        static=static,
        url=url,
        specification=specification,
        SERVICE_NAME=SERVICE_NAME,
        SESSION_IDLE_SECONDS=settings.SESSION_IDLE_MINUTES * 60,
    )
    made.filters.update(filters())
    return made
