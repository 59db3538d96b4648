"""Real processes: what dies is started again, and at the end none is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launch import processes
from launch.paths import ROOT

FAMILY = (
    "import pathlib, subprocess, time; subprocess.Popen(['sleep', '600']); {first}"
    "pathlib.Path({done!r}).touch(); time.sleep(600)"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"


@pytest.fixture
def supervisor(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOCAL", tmp_path)
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(processes, "STOP_SECONDS", 1)
    made = processes.Supervisor()
    yield made
    made.stop()


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition, seconds=10.0):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("first", ["", STUBBORN])
def test_stopping_ends_a_process_and_its_children_even_a_stubborn_one(supervisor, tmp_path, first):
    code = FAMILY.format(first=first, done=str(tmp_path / "listening"))
    process = supervisor.add("family", [sys.executable, "-c", code], dict(os.environ))
    (child,) = until(lambda: children(process.handle.pid))
    until((tmp_path / "listening").exists)
    supervisor.stop()
    assert process.handle.poll() is not None
    until(lambda: not alive(child))


def test_redis_ends_after_those_that_talk_to_it(supervisor):
    redis = supervisor.add("redis", ["sleep", "600"], dict(os.environ))
    worker = supervisor.add("worker", ["sleep", "600"], dict(os.environ))
    seen = []
    redis.ask_to_stop = lambda: seen.append(worker.exit_code())
    supervisor.stop()
    assert seen == [-signal.SIGTERM]


def test_what_dies_is_started_again_and_the_log_says_so(supervisor, capsys):
    process = supervisor.add("web", ["sleep", "600"], dict(os.environ))
    first = process.handle.pid
    os.kill(first, signal.SIGKILL)
    assert until(lambda: process.exit_code()) == -signal.SIGKILL
    assert supervisor.restart(process)
    assert process.handle.pid != first
    assert process.exit_code() is None
    assert "web stopped (code -9); starting it again." in capsys.readouterr().out


def test_what_keeps_dying_ends_the_program(supervisor, monkeypatch, capsys):
    monkeypatch.setattr(processes, "RESTARTS", 1)
    supervisor.add("web", ["false"], dict(os.environ))
    assert supervisor.watch(lambda: None) == 1
    assert "web keeps stopping; see .local/web.log." in capsys.readouterr().out


def test_one_that_ran_long_has_its_restarts_forgiven(supervisor, monkeypatch):
    process = supervisor.add("web", ["true"], dict(os.environ))
    until(lambda: process.exit_code() is not None)
    process.restarts, process.started = processes.RESTARTS, time.monotonic() - processes.STEADY_SECONDS - 1
    assert supervisor.restart(process)
    assert process.restarts == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_the_starter_is_ended_nothing_stays(tmp_path, number):
    code = f"""
from pathlib import Path
from launch import processes
processes.LOCAL = Path({str(tmp_path)!r})
processes.stop_on_signals()
supervisor = processes.Supervisor()
try:
    print(supervisor.add("web", ["sleep", "600"], {{}}).handle.pid, flush=True)
    supervisor.watch(lambda: None)
except KeyboardInterrupt:
    supervisor.stop()
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        child = int(starter.stdout.readline())
        assert alive(child)
        starter.send_signal(number)
        assert starter.wait(20) == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    until(lambda: not alive(child))
