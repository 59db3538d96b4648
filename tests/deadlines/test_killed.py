"""On real commits and with real processes: whatever is killed, and however many run, each is told once."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connections

from deadlines import reminders
from tests.database import admin_of
from tests.deadlines.thousand import ALL_TOLD_ONCE, CLOCKS, facts

ROOT = Path(__file__).resolve().parents[2]
IN_EACH = 50


def worker(name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.deadlines.ticking", name, str(IN_EACH)], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("after", [1, 7])
def test_a_worker_killed_in_the_middle_of_a_thousand_loses_none_and_repeats_none(due, after):
    first = worker(due)
    for line in first.stdout:
        if line.strip() == str(after):
            first.kill()  # SIGKILL, in the middle of a batch
            break
    first.wait(10)
    first.stdout.close()
    told, _, notices, waits = facts(due)
    assert told == notices < CLOCKS
    assert told + waits == CLOCKS
    second = worker(due)
    said, _ = second.communicate(timeout=60)
    assert (second.returncode, said.split()[-1]) == (0, "done"), said
    assert facts(due) == ALL_TOLD_ONCE


def test_two_ticks_at_once_tell_each_once(due, django_db_blocker):
    failed = []

    def tick() -> None:
        try:
            reminders.send_due()
        except BaseException as error:  # a thread's own error would otherwise be lost
            failed.append(error)
        finally:
            connections["clock"].close()

    ticks = [threading.Thread(target=tick) for _ in range(3)]
    for one in ticks:
        one.start()
    for one in ticks:
        one.join(60)
    reminders.send_due()  # what one skipped because another held it and went on
    assert failed == []
    assert facts(due) == ALL_TOLD_ONCE


def test_a_thousand_reminders_are_told_well_within_twenty_seconds(due):
    start = time.monotonic()
    assert reminders.send_due() == CLOCKS
    assert time.monotonic() - start < 10
    assert facts(due) == ALL_TOLD_ONCE
    start = time.monotonic()
    assert reminders.send_due() == 0
    assert time.monotonic() - start < 0.5


def test_a_tick_needs_no_redis(due):
    """The tests' Redis is at an address that leads nowhere. Without one beat's ticks come later, and lose nothing."""
    assert reminders.send_due() == CLOCKS


def test_a_clock_that_somebody_is_ending_is_left_for_the_next_tick(due):
    with admin_of(due) as connection, connection.transaction():
        connection.execute("SELECT 1 FROM deadlines_deadline WHERE about = 'x:1' FOR UPDATE")
        assert reminders.send_due() == CLOCKS - 20
    assert reminders.send_due() == 20
    assert facts(due) == ALL_TOLD_ONCE
