"""A browser by the name that people know it by, not by what it calls itself."""

import pytest

from accounts.browsers import browser_named

pytestmark = pytest.mark.django_db  # as all tests of this folder

CHROMIUM = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile/15E148 Safari/604.1"
UNKNOWN = "A browser that does not say what it is"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROMIUM, "Chrome on Windows"),
        (f"{CHROMIUM} Edg/141.0.0.0", "Edge on Windows"),
        (IPHONE, "Mobile Safari on iOS"),
        ("", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
    ],
)
def test_a_browser_has_its_usual_name(said, named):
    assert browser_named(said) == named
