"""Celery's own worker and beat, with a Redis and real commits: both are killed, both come back, each is told once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from launch import redis
from tests.database import admin_of
from tests.deadlines.thousand import ALL_TOLD_ONCE, CLOCKS, facts

pytestmark = pytest.mark.prove
ROOT = Path(__file__).resolve().parents[2]
CELERY = Path(sys.executable).parent / "celery"
WORKER = ("worker", "--concurrency", "1", "--without-gossip", "--without-mingle")
PATIENCE = 60  # seconds


@contextmanager
def process(command, env=None):
    """A process in a group of its own, which is gone at the end, with all its children."""
    started = subprocess.Popen(
        command, cwd=ROOT, env=env or dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield started
    finally:
        kill(started)


def kill(started: subprocess.Popen) -> None:
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait(10)


def as_role(role: str, name: str) -> str:
    server = os.environ["CRE_TEST_ADMIN_URL"].rsplit("/", 1)[0]
    return f"{server.replace('//postgres@', f'//{role}@')}/{name}"


@pytest.fixture
def celery(due, tmp_path):
    """Starts a worker and a beat on the test's database, as often as asked."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cre_case.settings",
        "DATABASE_URL": as_role("cre_app", due),
        "DATABASE_WORKER_URL": as_role("cre_worker", due),
        "REDIS_URL": redis.url(tmp_path),
    }
    with ExitStack() as stack:
        stack.callback(redis.forget, tmp_path)
        stack.enter_context(process(redis.command(tmp_path)))
        redis.await_ready(tmp_path)

        def start():
            base = [
                CELERY,
                "--app",
                "tests.deadlines.ticking_often",
            ]
            beat = [*base, "beat", "--schedule", tmp_path / "beat", "--pidfile", ""]
            return [stack.enter_context(process(command, env)) for command in ([*base, *WORKER], beat)]

        yield start


def wait_until(true):
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, "It did not come to pass."
        time.sleep(0.002)


def last_tick(name: str):
    with admin_of(name) as connection:
        return connection.execute("SELECT max(at) FROM deadlines_heartbeat").fetchone()[0]


def test_worker_and_beat_killed_in_the_middle_of_a_thousand_lose_none_and_repeat_none(due, celery):
    with admin_of(due) as connection:
        first = celery()
        wait_until(lambda: connection.execute("SELECT count(*) FROM deadlines_reminder").fetchone()[0])
        for one in first:
            kill(one)
    told, different, notices, waits = facts(due)
    assert 0 < told == different == notices < CLOCKS
    assert told + waits == CLOCKS
    celery()
    wait_until(lambda: facts(due) == ALL_TOLD_ONCE)
    before = last_tick(due)
    wait_until(lambda: last_tick(due) != before)  # a tick later nobody is told again
    assert facts(due) == ALL_TOLD_ONCE
