"""`python3 -m launch run|test|check|prove|bench|demo-reset|prepare|backup|restore|audit`: what the Makefile calls."""

import fcntl
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import environment
from launch.environment import say
from launch.paths import LOCAL, PYTHON, ROOT, SetupError
from launch.processes import ignore_signals, stop_on_signals

READY = "CRE_LAUNCH_READY"  # set when the set-up is done and the virtual environment's Python goes on
DATA = LOCAL / "postgres"
INTERRUPTED = 130


def enter_venv() -> None:
    """Goes on in the virtual environment's Python, where the installed packages are."""
    os.chdir(ROOT)
    os.environ[READY] = "1"
    os.execv(PYTHON, [str(PYTHON), "-m", "launch", *sys.argv[1:]])


def chosen_port() -> int:
    """The port to serve on, known to be free.

    Raises:
        SetupError: it is no port, or is in use.
    """
    asked = os.environ.get("PORT") or "8000"
    if not asked.isdecimal() or not 0 < int(asked) < 65536:
        raise SetupError(f"PORT must be a number from 1 to 65535, not {asked!r}.")
    port = int(asked)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise SetupError(f"This user may not serve on port {port}. Choose one from 1024: PORT=8000") from error
        except OSError as error:
            raise SetupError(f"Port {port} is in use. Choose another, for example: PORT={port + 1} make run") from error
    return port


@contextmanager
def only_run(what: str) -> Iterator[None]:
    """The database and Redis belong to one run at a time."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SetupError(f"The program runs from this folder already (process {lock.read()}): {what}.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def run() -> int:
    from launch import postgres, program, redis  # noqa: PLC0415 -- only after the virtual environment exists
    from launch.processes import Supervisor  # noqa: PLC0415 -- the same

    own_database, redis_url = "DATABASE_URL" not in os.environ, os.environ.get("REDIS_URL")
    with only_run("stop it first"):
        port, supervisor = chosen_port(), Supervisor()
        try:
            if redis_url is None:
                supervisor.add("redis", redis.command(LOCAL / "redis"), dict(os.environ))
                redis.await_ready(LOCAL / "redis")
                redis_url = redis.url(LOCAL / "redis")
            urls = program.addresses(postgres.start(DATA) if own_database else None)
            settings = program.settings(urls, redis_url)
            program.make_tables(urls, settings)
            program.collect_static(settings)
            program.load_demo(urls, settings)
            program.start(supervisor, settings, port)
            program.announce(settings, port)
            return supervisor.watch(lambda: own_database and postgres.start(DATA))
        except KeyboardInterrupt:
            return 0
        finally:
            ignore_signals()
            say("Stopping ...")
            supervisor.stop()
            redis.forget(LOCAL / "redis")
            if own_database:
                postgres.stop(DATA)


def demo_reset() -> int:
    """Drops the demo database and loads it anew, tables and all."""
    from launch import database, postgres, program  # noqa: PLC0415 -- only after the virtual environment exists

    if "DATABASE_URL" in os.environ:
        raise SetupError("demo-reset works on the embedded database only: unset DATABASE_URL.")
    with only_run("stop it first"):
        try:
            database.drop(postgres.start(DATA), program.DATABASE)
            urls = program.addresses(postgres.admin_url(DATA))
            settings = program.settings(urls, "")
            program.make_tables(urls, settings)
            program.load_demo(urls, settings)
        finally:
            postgres.stop(DATA)
    say("The demo city is as new.")
    return 0


def prepare() -> int:
    """Roles, database and tables on the server of DATABASE_URL, and nothing started: for containers."""
    from launch import program  # noqa: PLC0415 -- only after the virtual environment exists

    if "DATABASE_URL" not in os.environ:
        raise SetupError("prepare needs DATABASE_URL: a server, as a role that may make roles.")
    urls = program.addresses(None)
    program.make_tables(urls, program.settings(urls, ""))
    return 0


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """The server, as a superuser, and the name of the program's database: ours, or that of DATABASE_URL."""
    from launch import postgres, program  # noqa: PLC0415 -- only after the virtual environment exists

    if given := os.environ.get("DATABASE_URL"):
        yield given, program.name_of(given)
        return
    started = postgres.running_pid(DATA) is None
    try:
        yield postgres.start(DATA), program.DATABASE
    finally:
        if started:
            postgres.stop(DATA)


def backups() -> Path:
    return Path(os.environ.get("BACKUP_FOLDER") or LOCAL / "backups")


def backup() -> int:
    """Makes a backup that only the holder of the key of BACKUP_RECIPIENT can read."""
    from launch import backup as backing_up  # noqa: PLC0415 -- only after the virtual environment exists

    with server() as (url, name):
        say(f"Backed up: {backing_up.make(url, name, os.environ.get('BACKUP_RECIPIENT', ''), backups())}")
    return 0


def restore() -> int:
    """Restores a backup into a database of a new name. Without a name it is a drill: what was restored goes again."""
    from launch import backup as backing_up  # noqa: PLC0415 -- only after the virtual environment exists
    from launch import database, program  # noqa: PLC0415 -- the same

    key, kept_as = os.environ.get("BACKUP_KEY"), os.environ.get("RESTORE_INTO")
    if not key:
        raise SetupError("Set BACKUP_KEY to the file of the secret key, brought here for this alone.")
    made = Path(os.environ["BACKUP"]) if "BACKUP" in os.environ else backing_up.newest(backups())
    name = kept_as or f"drill_{os.getpid()}"
    with server() as (url, _):
        found = backing_up.restore(url, made, Path(key), name)
        try:
            say(program.verify_ledger(url, name).strip())
        finally:
            if not kept_as:
                database.drop(url, name)
    rows = sum(count for count, _ in found.values())
    kept = f"It is database {kept_as}." if kept_as else "This was a drill: the database is gone again."
    say(f"{made}: {len(found)} tables and {rows:,} rows, each as it was backed up. {kept}")
    return 0


def in_test_environment(*commands: list[str]) -> int:
    """Runs each command with the tests' server and settings; the first that fails ends it."""
    from launch import postgres, testing  # noqa: PLC0415 -- only after the virtual environment exists

    started = postgres.running_pid(testing.TEST_DATA) is None
    try:
        env = {**os.environ, **testing.environment(), "PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
        for command in commands:
            say(f"$ {shlex.join(command)}")
            code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
            if code:
                return code
        return 0
    finally:
        ignore_signals()
        if started:
            postgres.stop(testing.TEST_DATA)


def extra_arguments() -> list[str]:
    return shlex.split(os.environ.get("ARGS", ""))


def test() -> int:
    return suite("not browser and not prove")


def prove() -> int:
    environment.need_chromium()
    return suite("prove")


def suite(marked: str) -> int:
    return in_test_environment(tests(marked))


def tests(marked: str) -> list[str]:
    return ["pytest", "-n", "2", "--dist", "worksteal", "-m", marked, *extra_arguments()]


def check() -> int:
    environment.need_chromium()
    return in_test_environment(
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
        ["mypy", "."],
        ["bash", "-c", "git ls-files '*.py' | xargs django-upgrade --check --target-version 5.2"],
        # The models are compared with the files; the database, which has no tables yet, need not answer.
        ["python", "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
        ["env", "SECURE=1", "SECOND_FACTOR=1", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        tests("browser and not prove"),
    )


def bench() -> int:
    return subprocess.run([PYTHON, "-m", "bench", *extra_arguments()], cwd=ROOT, check=False).returncode


def audit() -> int:
    """Asks both package indexes for known weaknesses; what they do not know of is an error too, not silence."""
    asked = ["pip-audit", "--strict", "--require-hashes", "--disable-pip", "--requirement", "requirements/base.txt"]
    command = [*asked, "--format", "cyclonedx-json", "--output", str(LOCAL / "sbom.json")]
    of_python = subprocess.run([PYTHON.parent / command[0], *command[1:]], cwd=ROOT, check=False).returncode
    npm, env = environment.npm_command()
    of_npm = subprocess.run([*npm, "audit"], cwd=ROOT, env=env, check=False).returncode
    return of_python or of_npm


COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "run": (run, "local"),
    "test": (test, "dev"),
    "check": (check, "dev"),
    "prove": (prove, "dev"),
    "bench": (bench, "dev"),
    "demo-reset": (demo_reset, "local"),
    "prepare": (prepare, "base"),
    "backup": (backup, "base"),
    "restore": (restore, "base"),
    "audit": (audit, "dev"),
}


def main(name: str) -> int:
    command, requirements = COMMANDS[name]
    stop_on_signals()
    try:
        if os.environ.pop(READY, None) is None:
            if name == "run":
                chosen_port()  # said before minutes of installing, not after
            environment.set_up(requirements)
            enter_venv()
        return command()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SetupError as error:
        print(error, file=sys.stderr)
    except PermissionError as error:
        print(f"{error.filename or ROOT} belongs to another user. Start as the user who made it.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Usage: python3 -m launch {'|'.join(COMMANDS)}")
    sys.exit(main(sys.argv[1]))
