"""Runs the program's processes and ends every one of them."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

from launch.environment import say
from launch.paths import LOCAL, ROOT

STOP_SECONDS = 15
RESTARTS = 5  # a process that dies more often than this is left down, and the program stops


@dataclass
class Process:
    name: str
    command: list[str]
    environment: dict[str, str]
    restarts: int = 0
    handle: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        log = (LOCAL / f"{self.name}.log").open("ab")
        self.handle = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def stop(self) -> None:
        """Asks it to end, with everything it started; insists after a while."""
        if self.handle is None or self.handle.poll() is not None:
            return
        os.killpg(self.handle.pid, signal.SIGTERM)
        try:
            self.handle.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.handle.pid, signal.SIGKILL)
            self.handle.wait()


class Supervisor:
    """Keeps processes running until told to stop (Ctrl-C or SIGTERM)."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.asked_to_stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked_to_stop.set())

    def add(self, name: str, command: list[str], environment: dict[str, str]) -> Process:
        process = Process(name, command, environment)
        process.start()
        self.processes.append(process)
        return process

    def watch(self) -> int:
        """Waits for the signal, starting again what dies. Returns the exit code."""
        while not self.asked_to_stop.wait(0.5):
            for process in self.processes:
                if process.handle and process.handle.poll() is not None and not self.restart(process):
                    return 1
        return 0

    def restart(self, process: Process) -> bool:
        code = process.handle.poll() if process.handle else None
        process.restarts += 1
        if process.restarts > RESTARTS:
            say(f"{process.name} keeps stopping; see .local/{process.name}.log.")
            return False
        say(f"{process.name} stopped (code {code}); starting it again.")
        time.sleep(min(process.restarts, 3))
        process.start()
        return True

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
