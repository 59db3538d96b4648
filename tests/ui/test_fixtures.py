"""The GOV.UK macros, rendered by our environment, say what the GOV.UK package says they should."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

COMPONENTS = Path(__file__).parents[2] / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
# Every component of the package that our templates use.
USED = {
    "back-link": "govukBackLink",
    "button": "govukButton",
    "character-count": "govukCharacterCount",
    "checkboxes": "govukCheckboxes",
    "date-input": "govukDateInput",
    "error-message": "govukErrorMessage",
    "error-summary": "govukErrorSummary",
    "fieldset": "govukFieldset",
    "hint": "govukHint",
    "input": "govukInput",
    "label": "govukLabel",
    "password-input": "govukPasswordInput",
    "radios": "govukRadios",
    "select": "govukSelect",
    "textarea": "govukTextarea",
}


class Outline(HTMLParser):
    """What a page is made of, whatever its blanks and the order of its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.parts.append((tag, sorted((name, " ".join((value or "").split())) for name, value in attrs)))

    def handle_endtag(self, tag):
        self.parts.append(f"/{tag}")

    def handle_data(self, data):
        if words := " ".join(data.split()):
            self.parts.append(words)


@pytest.mark.parametrize("component", sorted(USED))
def test_a_macro_says_what_the_package_says(component):
    path = COMPONENTS / component / "fixtures.json"
    assert path.exists(), "The npm packages are missing. `make test` installs them; so does `npm ci`."
    macro = engines["jinja"].env.from_string(
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {USED[component]} as macro %}}'
        "{{ macro(options) }}"
    )
    fixtures = json.loads(path.read_text())["fixtures"]
    assert fixtures
    differ = [
        fixture["name"]
        for fixture in fixtures
        if Outline(macro.render(options=fixture["options"])).parts != Outline(fixture["html"]).parts
    ]
    assert differ == []
