"""What axe-core finds wrong with a page in a browser."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

_LOADED = "typeof axe === 'object'"
_VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => ({violations: found.violations}))"


def complaints(page: Page) -> str:
    """A report of what is wrong, blank where nothing is.

    The script is loaded once a page, and only what is wrong comes back out of the browser: the rest of axe's answer is
    many times as long, and carrying it took a third of the time of a look.
    """
    if not page.evaluate(_LOADED):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(_VIOLATIONS))
    return found.generate_report() if found.violations_count else ""
