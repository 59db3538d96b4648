"""An assessment is typed for an hour, between telephone calls: tabs die, networks go, sessions end, windows are two.

What was typed more than five seconds before is there, whatever happened; what was typed when a session ended, whole.
"""

import random
import re
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.database import rows
from tests.journeys.steps import born, child_comes_to, in_days, types_day
from tests.journeys.walker import Walker

SAVED = re.compile(r"Saved \d{1,2}:\d\d[ap]m|Saved midday|Saved midnight")
HERE = "Not saved. Your text is still here."
OLDEST_LOST = 5.0  # seconds
BOX = '[name="worried_about"]'


@pytest.fixture
def analysis(walk) -> tuple[Walker, str]:
    """A worker and the last part of a draft of theirs."""
    file = child_comes_to(walk, "social.worker", given="Ilse", family="Zborowska", birth=born(15))
    worker = walk("social.worker")
    worker.goes_to(f"{file}/assessments/new/")
    worker.chooses("reason", "new_concern")
    types_day(worker, "concern_on", in_days(-3))
    worker.fills(sources_used="A visit")
    worker.sends()
    return worker, worker.page.url.replace("screening/", "analysis/")


def another_window(worker: Walker, page: str) -> Page:
    opened = worker.context.new_page()
    opened.on("response", worker._saw)
    opened.goto(page)
    return opened


def test_what_is_typed_is_kept_and_said_and_is_there_after_the_tab_is_closed(analysis):
    worker, page = analysis
    worker.goes_to(page)
    worker.fills(worried_about="A new phone, and nobody knows from where.")
    expect(worker.page.locator("[data-kept]")).to_have_text(SAVED)
    worker.looks("assessment-kept")
    worker.fills(working_well="Typed at the last moment")
    worker.page.close()
    worker.page = another_window(worker, page)
    expect(worker.page.locator(BOX)).to_have_value("A new phone, and nobody knows from where.")
    expect(worker.page.locator('[name="working_well"]')).to_have_value("Typed at the last moment")
    worker.sees("You typed this on")
    worker.looks("assessment-opened-again")
    worker.goes_to(page.replace("analysis/", ""))
    worker.sees("Not saved")
    worker.looks("assessment-tasks-not-saved")
    worker.goes_to(page)
    worker.presses("Leave out what I typed")
    expect(worker.page.locator(BOX)).to_have_value("")


def test_without_a_connection_the_text_stays_and_is_kept_when_it_is_back(analysis):
    worker, page = analysis
    worker.goes_to(page)
    worker.context.set_offline(True)
    worker.fills(worried_about="On the bus")
    expect(worker.page.locator("[data-kept]")).to_have_text(HERE, timeout=10_000)
    worker.context.set_offline(False)
    expect(worker.page.locator("[data-kept]")).to_have_text(SAVED, timeout=15_000)
    worker.errors.clear()  # the browser complains of the connection


def test_a_program_that_is_killed_and_comes_back_has_what_was_typed_meanwhile(analysis, server):
    worker, page = analysis
    worker.goes_to(page)
    worker.fills(worried_about="Before it went")
    expect(worker.page.locator("[data-kept]")).to_have_text(SAVED)
    server.kill()
    worker.fills(worried_about="While it was away")
    expect(worker.page.locator("[data-kept]")).to_have_text(HERE, timeout=10_000)
    server.start()
    expect(worker.page.locator("[data-kept]")).to_have_text(SAVED, timeout=15_000)
    worker.page.close()
    worker.page = another_window(worker, page)
    expect(worker.page.locator(BOX)).to_have_value("While it was away")
    worker.errors.clear()  # the browser complains of the connection


def test_a_second_window_is_told_and_neither_loses_its_words(analysis):
    worker, page = analysis
    worker.goes_to(page)
    other = another_window(worker, page)
    worker.fills(worried_about="In the first window")
    expect(worker.page.locator("[data-kept]")).to_have_text(SAVED)
    other.fill(BOX, "In the second window")
    expect(other.locator("[data-kept]")).to_contain_text("You are writing this part in another window too")
    other.close(run_before_unload=False)
    worker.goes_to(page)
    expect(worker.page.locator(BOX)).to_have_value("In the first window")


def test_a_session_that_ends_while_somebody_types_loses_no_letter(analysis):
    worker, page = analysis
    worker.goes_to(page)
    assert rows("DELETE FROM django_session RETURNING session_key")
    words = "Everything that was typed, to the last letter"
    worker.fills(worried_about=words)
    expect(worker.page.locator("[data-kept]")).to_have_text(HERE)
    worker.presses("Save and come back later")
    worker.page.get_by_label("User name").fill(worker.username)
    worker.page.get_by_label("Password", exact=True).fill("Derwent-demo-city")
    worker.presses("Sign in")
    worker.presses("Carry on")
    worker.sees("What you typed is kept for you.")
    worker.goes_to(page)
    expect(worker.page.locator(BOX)).to_have_value(words)


def killed(worker: Walker, server) -> None:
    """The tab's process dies, with no last word."""
    with suppress(Error):
        worker.page.goto("chrome://crash", timeout=2000)


def cut_off(worker: Walker, server) -> None:
    """No connection any more, and then the tab's process dies too."""
    worker.context.set_offline(True)
    time.sleep(0.2)
    killed(worker, server)


def server_killed(worker: Walker, server) -> None:
    """The program goes in the middle of whatever it does, and the tab's process too; it is started again."""
    server.kill()
    killed(worker, server)
    server.start()


def closed(worker: Walker, server) -> None:
    worker.page.close()


@pytest.mark.parametrize("moments", [6, pytest.param(100, marks=[pytest.mark.prove, pytest.mark.full])])
def test_whatever_happens_nothing_older_than_five_seconds_is_lost(analysis, server, moments):
    worker, page = analysis
    chance = random.Random(moments)
    for moment in range(moments):
        worker.goes_to(page)
        box = worker.page.locator(BOX)
        box.fill("")
        typed, until = [], time.monotonic() + chance.uniform(0.5, 9)
        while time.monotonic() < until:
            box.press_sequentially(f"{moment}.{len(typed)} ")
            typed.append(time.monotonic())
            time.sleep(chance.uniform(0, 0.4))
        how = chance.choice([killed, cut_off, server_killed, closed])
        happened = time.monotonic()
        how(worker, server)
        worker.page.close()
        worker.context.set_offline(False)
        worker.page = another_window(worker, page)
        there = worker.page.locator(BOX).input_value().split()
        must = [f"{moment}.{place}" for place, at in enumerate(typed) if happened - at > OLDEST_LOST]
        assert set(must) <= set(there), (how.__name__, must, there)
    worker.errors.clear()
