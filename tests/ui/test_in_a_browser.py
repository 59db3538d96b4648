"""The gallery in a real browser, at two widths, with and without the script, on paper and by keyboard."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pytest

from tests import axe
from tests.ui import gallery

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("socket_enabled")]
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "screenshots" / "ui"
NAMES = ("record", "list", "form", "form-errors", "form-stale", "panel", "403", "404", "500")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"
OUT_OF_PLACE = """() => [document.documentElement, ...document.body.querySelectorAll('*')]
    .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 2
        && !['INPUT', 'TEXTAREA', 'SELECT'].includes(part.tagName)
        && getComputedStyle(part).display !== 'inline'
        && !part.closest('.govuk-visually-hidden, .govuk-skip-link, .app-table thead'))
    .map(part => part.tagName + '.' + part.className)"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the gallery under the policy of the program, and counts what keeps a session alive."""

    told: list[str] = []

    def log_message(self, *args):
        pass

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self):
        self.told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    for name, page in gallery.pages().items():
        (folder / f"{name}.html").write_text(page)
    shutil.copytree(ROOT / "static" / "built", folder / "static")
    return folder


@pytest.fixture(scope="module")
def address(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser, address):
    contexts = []

    def opened(name: str, width: int = 1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{address}/{name}.html")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_out_of_place(open_page, name, width):
    page = open_page(name, width)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    assert page.evaluate(OUT_OF_PLACE) == []
    assert page.complaints == []
    assert axe.complaints(page) == ""


@pytest.mark.parametrize("name", NAMES)
def test_wider_spacing_of_text_hides_nothing(open_page, name):
    page = open_page(name, 320, bypass_csp=True)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_the_script_everything_is_there(open_page):
    page = open_page("form", java_script_enabled=False)
    assert page.get_by_label("Why?").is_visible()  # what an answer would open is open
    assert page.locator("#navigation").is_visible()
    assert page.get_by_role("button", name="Save").is_enabled()
    page = open_page("record", 320, java_script_enabled=False)
    page.get_by_text("Record something").click()
    assert page.get_by_role("link", name="A visit").is_visible()


def test_an_answer_opens_what_it_asks_for(open_page):
    page = open_page("form")
    assert page.get_by_label("Why?").is_hidden()
    page.get_by_label("Send back").check()
    assert page.get_by_label("Why?").is_visible()
    page.get_by_label("High", exact=True).check()
    assert page.get_by_label("Why?").is_hidden()


def test_the_keyboard_reaches_the_content_first(open_page):
    page = open_page("record")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "govuk-skip-link":
        page.locator(".govuk-skip-link").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_menu_closes_with_escape_and_gives_the_focus_back(open_page):
    page = open_page("record")
    menu = page.locator("details.app-menu")
    menu.locator("summary").press("Enter")
    assert menu.get_attribute("open") is not None
    menu.locator("a").first.focus()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_errors_and_stale_saves_are_read_first(open_page):
    assert open_page("form-errors").evaluate("document.activeElement.className") == "govuk-error-summary"


def test_an_error_link_goes_to_the_box(open_page):
    page = open_page("form-errors")
    page.get_by_role("link", name="Date of birth must be a real date").click()
    assert page.evaluate("document.activeElement.id") == "id_born_day"


def test_on_paper_everything_is_open_and_nothing_to_click(open_page):
    page = open_page("record", 794)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("It means this.").is_visible()
    for hidden in (".app-navigation", ".app-record__side", ".govuk-skip-link", ".app-menu", ".govuk-button"):
        assert all(not one.is_visible() for one in page.locator(hidden).all()), hidden
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.govuk-details").first.get_attribute("open") is None


def test_unsaved_text_is_not_left_without_a_question(open_page):
    page = open_page("form")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []
    page.get_by_label("Full name").fill("Alex")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_form_is_sent_once(open_page):
    page = open_page("panel")
    stopped = page.evaluate("""() => {
        const stopped = [];
        addEventListener('submit', event => { stopped.push(event.defaultPrevented); event.preventDefault(); });
        const form = document.querySelector('.app-post');
        form.requestSubmit();
        form.requestSubmit();
        return stopped;
    }""")
    assert stopped == [False, True]


def test_a_session_that_ends_is_announced_and_can_be_kept(open_page):
    page = open_page("form")
    page.clock.install()
    page.reload()
    dialog = page.locator("dialog")
    page.clock.run_for(11 * 60_000)
    assert not dialog.is_visible()
    page.clock.run_for(70_000)
    assert dialog.is_visible()
    assert "signed out" in dialog.inner_text()
    Quiet.told.clear()
    page.get_by_role("button", name="Stay signed in").click()
    dialog.wait_for(state="hidden")
    assert Quiet.told == ["csrfmiddlewaretoken=token"]
    page.clock.run_for(16 * 60_000)
    assert "You have been signed out" in dialog.inner_text()
    assert page.get_by_role("button", name="I have signed in again").is_visible()


def test_typing_keeps_a_session_at_most_once_a_minute(open_page):
    page = open_page("form")
    page.clock.install()
    page.reload()
    Quiet.told.clear()
    page.clock.run_for(61_000)
    name = page.get_by_label("Full name")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        name.press_sequentially("Alex")
    name.press_sequentially("andra")
    page.wait_for_timeout(200)
    assert len(Quiet.told) == 1
