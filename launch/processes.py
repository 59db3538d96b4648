"""Runs the program's processes and ends every one of them."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launch.commands import end_group, end_with_parent
from launch.environment import say
from launch.paths import LOCAL, ROOT, open_log

STOP_SECONDS = 15
LOOK_SECONDS = 0.5
RESTARTS = 5  # a process that dies more often than this in a row is left down, and the program stops
STEADY_SECONDS = 60  # one that has run so long has recovered


@dataclass
class Process:
    name: str
    command: list[str]
    environment: dict[str, str]
    restarts: int = 0
    started: float = 0.0
    handle: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.started = time.monotonic()
        with open_log(LOCAL / f"{self.name}.log") as log:
            self.handle = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=end_with_parent,
            )  # fmt: skip

    def exit_code(self) -> int | None:
        return self.handle.poll() if self.handle else None

    def ask_to_stop(self) -> None:
        """Only its first process is asked: each of ours ends its own children in good order."""
        if self.handle and self.exit_code() is None:
            self.handle.terminate()

    def finish(self, limit: float) -> None:
        """Waits for it until `limit`; then ends whatever is left."""
        if self.handle is None:
            return
        try:
            self.handle.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not stop; ending it.")
        end_group(self.handle.pid)
        self.handle.wait()


class Supervisor:
    """Keeps processes running until the program is told to stop."""

    def __init__(self) -> None:
        self.processes: list[Process] = []

    def add(self, name: str, command: list[str], environment: dict[str, str]) -> Process:
        process = Process(name, command, environment)
        self.processes.append(process)
        process.start()
        return process

    def watch(self, keep_up: Callable[[], object]) -> int:
        """Starts again what dies, until told to stop; returns an exit code when something stays down.

        Args:
            keep_up: called each time round, for what is not a child of ours.
        """
        while True:
            time.sleep(LOOK_SECONDS)
            keep_up()
            for process in self.processes:
                if process.exit_code() is not None and not self.restart(process):
                    return 1

    def restart(self, process: Process) -> bool:
        if time.monotonic() - process.started > STEADY_SECONDS:
            process.restarts = 0
        process.restarts += 1
        if process.restarts > RESTARTS:
            say(f"{process.name} keeps stopping; see .local/{process.name}.log.")
            return False
        say(f"{process.name} stopped (code {process.exit_code()}); starting it again.")
        process.finish(time.monotonic())
        time.sleep(process.restarts - 1)
        process.start()
        return True

    def stop(self) -> None:
        """Ends everything: all are asked at once, but Redis last, since the others talk to it."""
        servers = [process for process in self.processes if process.name == "redis"]
        for group in ([process for process in self.processes if process not in servers], servers):
            for process in group:
                process.ask_to_stop()
            limit = time.monotonic() + STOP_SECONDS
            for process in group:
                process.finish(limit)


def stop_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal all end the program in the same way: KeyboardInterrupt."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def ignore_signals() -> None:
    """While stopping: a second Ctrl-C must not leave anything behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
