"""The one template environment of the pages.

Our own templates are strict: a name that is missing is an error, not an empty string. The GOV.UK macros ask
for options that were not given, so they are loaded into an overlay of the same environment that is lenient.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from ui import dates, rendering

GOVUK = "govuk_frontend_jinja"

FILTERS: dict[str, Callable[..., Any]] = {
    "clock": dates.clock,
    "days_ago": dates.days_ago,
    "long_date": dates.long_date,
    "relative_day": dates.relative_day,
    "short_date": dates.short_date,
    "short_moment": dates.short_moment,
    "time_left": dates.time_left,
    "weekday_date": dates.weekday_date,
    "counted": dates.counted,
}


class Environment(jinja2.Environment):
    """Strict for our templates, lenient for the GOV.UK macros."""

    lenient: "Environment | None" = None

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> jinja2.Template:  # noqa: A002
        if self.lenient and isinstance(name, str) and name.startswith(f"{GOVUK}/"):
            return self.lenient.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def make_globals(self, d: Any) -> Any:
        """What every template knows, as the plain dict it is: Jinja chains two maps, which each import of a macro walks
        through in Python. No template is given names of its own when it is loaded, so there is nothing to chain.
        """
        return super().make_globals(d) if d else self.globals


def environment(**options: Any) -> Environment:
    """The environment, for the option of that name of Django's Jinja2 backend, which makes it once and keeps it."""
    govuk = jinja2.PrefixLoader({GOVUK: jinja2.PackageLoader(GOVUK)})
    own = options.pop("loader")
    options |= {"loader": jinja2.ChoiceLoader([own, govuk]), "undefined": jinja2.StrictUndefined, "autoescape": True}
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    made.filters.update(FILTERS)
    made.globals.update(_globals())
    made.lenient = made.overlay(undefined=jinja2.Undefined)
    # Their indentation of finished HTML would put spaces into the lines of a text somebody typed.
    made.lenient.filters = {**made.filters, "indent": lambda text, *_: text}
    return made


def _globals() -> dict[str, Any]:
    return {
        "PROTECTIVE_MARK": "OFFICIAL-SENSITIVE",
        "SERVICE_NAME": getattr(settings, "SERVICE_NAME", "CRE casework"),
        "single_sign_on": lambda: getattr(settings, "SINGLE_SIGN_ON", ""),
        "SESSION_IDLE_MINUTES": getattr(settings, "SESSION_IDLE_MINUTES", 15),
        "choice_items": rendering.choice_items,
        "conflict": rendering.conflict,
        "described": rendering.described,
        "error_items": rendering.error_items,
        "hidden_inputs": rendering.hidden_inputs,
        "option_items": rendering.option_items,
        "optional_url": optional_url,
        "query_string": query_string,
        "remembered": Remembered(),
        "shown": rendering.shown,
        "static": static,
        "url": url,
    }


class Remembered:
    """Prints with a macro, and keeps what came of it for the next page that has the same to print.

    Call it with a key that says all that the macro's output depends on, and holds nothing personal; with None nothing
    is kept. What has a name, an address or anything typed in it is never kept.
    """

    most = 2000  # pieces; all are let go of beyond it

    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], Any] = {}

    def __call__(self, key: tuple[Any, ...] | None, macro: Callable[..., Any], *args: Any) -> Any:
        if key is None:
            return macro(*args)
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= self.most:
                self.kept.clear()
            found = self.kept[key] = macro(*args)
        return found


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page: `url("case", case.pk)` or `url("case", case=case.pk)`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def optional_url(name: str) -> str:
    """The address of a named page that takes no argument, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def query_string(kept: Mapping[str, Any] | str, **changes: Any) -> str:
    """ "?page=2&q=smith": what the address keeps, with changes; empty values are left out."""
    if isinstance(kept, str):
        changed = urlencode({key: value for key, value in changes.items() if value not in (None, "")}, doseq=True)
        return "?" + "&".join(part for part in (kept.lstrip("?"), changed) if part)
    merged = {**dict(kept), **changes}
    return "?" + urlencode({key: value for key, value in merged.items() if value not in (None, "")}, doseq=True)
