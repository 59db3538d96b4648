"""`python3 -m launch run|test|check|bench|demo-reset`: what the Makefile calls."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from launch import environment
from launch.paths import LOCAL, PYTHON, ROOT, SetupError

DATABASE = "cre_case"
READY_SECONDS = 60


def in_venv() -> bool:
    return os.path.realpath(sys.prefix) == os.path.realpath(PYTHON.parent.parent)


def enter_venv() -> None:
    """Goes on in the virtual environment's Python, where the installed packages are."""
    if not in_venv():
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), "-m", "launch", *sys.argv[1:]])


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetupError(f"Port {port} is in use. Choose another: PORT={port + 1} make run") from error


def await_web(port: int) -> None:
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SetupError("The web process does not answer; see .local/web.log.")


def run() -> int:
    from launch import postgres, program, redis  # noqa: PLC0415 -- only after the virtual environment exists
    from launch.processes import Supervisor  # noqa: PLC0415 -- the same

    port = int(os.environ.get("PORT", "8000"))
    check_port(port)
    LOCAL.mkdir(exist_ok=True)
    supervisor = Supervisor()
    own_postgres, own_redis = "DATABASE_URL" not in os.environ, None
    try:
        admin = postgres.start(LOCAL / "postgres") if own_postgres else os.environ["DATABASE_URL"]
        redis_url = os.environ.get("REDIS_URL")
        if redis_url is None:
            own_redis, redis_url = redis.start(LOCAL / "redis")
        settings = program.prepare(admin, DATABASE, redis_url)
        if not supervisor.asked_to_stop.is_set():
            program.start(supervisor, settings, port)
            await_web(port)
            program.announce(settings, port)
        return supervisor.watch()
    finally:
        environment.say("Stopping ...")
        supervisor.stop()
        if own_redis is not None:
            own_redis.terminate()
            own_redis.wait()
        if own_postgres:
            postgres.stop(LOCAL / "postgres")


def demo_reset() -> int:
    from launch import database, postgres  # noqa: PLC0415 -- only after the virtual environment exists

    if "DATABASE_URL" in os.environ:
        raise SetupError("demo-reset works on the embedded database only: unset DATABASE_URL.")
    database.drop(postgres.start(LOCAL / "postgres"), DATABASE)
    postgres.stop(LOCAL / "postgres")
    environment.say("The demo city is gone. The next `make run` makes it anew.")
    return 0


def in_test_environment(*commands: list[str]) -> int:
    """Runs each command with the tests' server and settings; the first that fails ends it."""
    from launch import postgres, testing  # noqa: PLC0415 -- only after the virtual environment exists

    started = postgres.running_pid(testing.TEST_DATA) is None
    env = {**os.environ, **testing.environment(), "PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
    try:
        for command in commands:
            environment.say(f"$ {' '.join(command)}")
            code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
            if code:
                return code
        return 0
    finally:
        if started:
            postgres.stop(testing.TEST_DATA)


def extra_arguments() -> list[str]:
    return os.environ.get("ARGS", "").split()


def test() -> int:
    return in_test_environment(["pytest", "-n", "2", "-m", "not browser", *extra_arguments()])


def check() -> int:
    environment.need_chromium()
    return in_test_environment(
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
        ["mypy", "."],
        ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
        ["env", "SECURE=1", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        ["pytest", "-m", "browser", "tests/journeys", *extra_arguments()],
    )


def bench() -> int:
    return in_test_environment(["python", "-m", "bench", *extra_arguments()])


COMMANDS = {"run": (run, "local"), "test": (test, "dev"), "check": (check, "dev"), "bench": (bench, "dev"),
            "demo-reset": (demo_reset, "local")}  # fmt: skip


def main() -> int:
    command, requirements = COMMANDS[sys.argv[1]]
    try:
        if not in_venv():
            environment.set_up(requirements)
            enter_venv()
        return command()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
