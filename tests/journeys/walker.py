"""A person at a browser, in the words of a journey. Every page they look at must be right for everybody."""

import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import resolve
from playwright.sync_api import Browser, Locator, Page, Response, expect

from access.views import CaseView
from cre_case.demo import DEMO_PASSWORD
from referrals.views.information import OneReport
from tests import axe
from tests.database import rows

PICTURES = Path(__file__).resolve().parents[2] / "screenshots"
WIDTHS = (1280, 320)
IN_CI = "CI" in os.environ
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('main, nav, section, table, div, ul')]
    .filter(part => !part.matches('.app-scroll'))  // a wide table in a frame of its own
    .filter(part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible'
                    && getComputedStyle(part).overflowX !== 'hidden' || part === document.documentElement
                    && part.scrollWidth > part.clientWidth)
    .map(part => part.tagName + '.' + part.className)"""


def case_of_report(report: int) -> UUID:
    """The file an information report is about: its address does not say."""
    return rows("SELECT case_id FROM referrals_informationreport WHERE id = %s", report)[0][0]


class Walker:
    def __init__(self, browser: Browser, city: str, *, javascript: bool = True) -> None:
        self.city = city
        self.context = browser.new_context(
            base_url=city, java_script_enabled=javascript, viewport={"width": 1280, "height": 900}, locale="en-GB"
        )
        self.javascript = javascript
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)
        self.username = ""
        self.read: Counter[tuple[str, UUID, str]] = Counter()  # (who, which file, which page)
        self.reports: list[tuple[str, int, str]] = []  # the same, where the address names a report and not its file
        self.page.on("response", self._saw)

    def _saw(self, response: Response) -> None:
        """Keeps count of what a browser was shown of a child, to be compared with the ledger."""
        if response.request.resource_type != "document" or response.status not in (200, 409):
            return
        found = resolve(urlsplit(response.url).path)
        view = getattr(found.func, "view_class", None)
        if view and issubclass(view, CaseView):
            self.read[self.username, found.kwargs["case"], view.__name__] += 1
        elif view and issubclass(view, OneReport):
            self.reports.append((self.username, found.kwargs["information"], view.__name__))

    def _heard(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def leaves(self) -> None:
        self.page.wait_for_load_state()
        self.context.close()
        self.read.update((who, case_of_report(report), page) for who, report, page in self.reports)
        assert self.errors == [], "the browser complained"

    def signs_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        self.username = username
        self.goes_to("/accounts/login/")
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")

    def signs_out(self) -> None:
        self.presses("Sign out")

    def goes_to(self, address: str) -> int:
        response = self.page.goto(address)
        return response.status if response else 0

    def follows(self, text: str) -> None:
        """A link, or a button that is one, whose words begin so (more may be there for screen readers)."""
        self._clicks(self.page.locator("a:visible").filter(has_text=re.compile(rf"^\s*{re.escape(text)}")).first)

    def presses(self, text: str) -> None:
        self._clicks(self.page.get_by_role("button", name=text, exact=True).first)

    def sends(self) -> None:
        """Presses the button of the page's form."""
        self._clicks(self.page.locator("main form button[type=submit]").last)

    def _clicks(self, place: Locator) -> None:
        """Waits for the page that comes of it: Playwright's click returns as soon as that begins to arrive."""
        place.click()
        self.page.wait_for_load_state()

    def fills(self, **fields: str) -> None:
        """Types into fields by their name in the form."""
        for name, value in fields.items():
            self.page.locator(f'[name="{name}"]').fill(value)

    def chooses(self, name: str, value: str) -> None:
        """A radio button or tick box by field name and value, or an entry of a select."""
        field = self.page.locator(f'[name="{name}"]')
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            self.page.locator(f'[name="{name}"][value="{value}"]').check()

    def ticks(self, name: str) -> None:
        self.page.locator(f'[name="{name}"]').check()

    def picks(self, name: str, text: str) -> None:
        """The entry of a select whose text begins so."""
        options = self.page.locator(f'select[name="{name}"] option').all_inner_texts()
        (wanted,) = [option for option in options if option.strip().startswith(text)]
        self.page.locator(f'select[name="{name}"]').select_option(label=wanted.strip())

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)

    def is_refused(self, address: str) -> None:
        assert self.goes_to(address) == 404

    def looks(self, name: str) -> None:
        """At both widths axe must find nothing and nothing may scroll sideways. Takes a picture, where somebody may
        look at it."""
        PICTURES.mkdir(exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if not IN_CI:
                self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
            if self.javascript:
                assert self.page.evaluate(SIDEWAYS) == [], f"{name} scrolls sideways at {width}"
                found = axe.complaints(self.page)
                assert not found, f"{name} at {width}: {found}"
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
