"""The program itself: prepared once, then web, worker and beat as processes of their own."""

import os
import re
import subprocess

from launch import database, environment
from launch.paths import LOCAL, PYTHON, ROOT, SetupError
from launch.processes import Supervisor
from launch.secrets import kept

BIN = PYTHON.parent


def manage(*arguments: str, env: dict[str, str]) -> str:
    """Runs a management command and returns what it printed."""
    done = subprocess.run(
        [str(PYTHON), "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(f"manage.py {arguments[0]} did not work:\n{done.stderr.strip()[-3000:]}")
    return done.stdout


def prepare(admin_url: str, name: str, redis_url: str) -> dict[str, str]:
    """Database, tables, static files and the demo city; returns the environment of the runtime processes.

    When DATABASE_OWNER_URL is given, DATABASE_URL already is the runtime role's address and roles are not made.
    """
    owner, app = os.environ.get("DATABASE_OWNER_URL"), admin_url
    if owner is None:
        named = re.sub(r".*/", "", admin_url.split("?")[0])
        urls = database.prepare(admin_url, name if named in ("", "postgres") else named)
        owner, app = urls.owner, urls.app
    secrets = kept()
    settings = {
        "SECURE": "0",
        **os.environ,
        "SECRET_KEY": os.environ.get("SECRET_KEY", secrets["SECRET_KEY"]),
        "PRINCIPAL_KEY": os.environ.get("PRINCIPAL_KEY", secrets["PRINCIPAL_KEY"]),
        "DATABASE_URL": app,
        "REDIS_URL": redis_url,
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }
    as_owner = {**settings, "DATABASE_URL": owner}
    manage("migrate", "--verbosity=0", env=as_owner)
    collect_static(settings)
    print(manage("load_demo_city", "--if-empty", env=as_owner), end="", flush=True)
    return settings


def collect_static(settings: dict[str, str]) -> None:
    stamp = LOCAL / "assets.stamp"
    mark = stamp.read_text() if stamp.exists() else "none"
    if not environment.is_fresh("collected", mark):
        manage("collectstatic", "--noinput", "--clear", "--verbosity=0", env=settings)
        environment.leave_stamp("collected", mark)


def start(supervisor: Supervisor, settings: dict[str, str], port: int) -> None:
    supervisor.add(
        "web",
        [str(BIN / "gunicorn"), "cre_case.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2",
         "--worker-tmp-dir", str(LOCAL), "--no-control-socket", "--timeout", "60"],
        settings,
    )  # fmt: skip
    celery = [str(BIN / "celery"), "--app", "cre_case.celery", "--quiet"]
    supervisor.add(
        "worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip"], settings
    )
    supervisor.add(
        "beat",
        [*celery, "beat", "--loglevel", "INFO", "--schedule", str(LOCAL / "beat"), "--pidfile", ""],
        settings,
    )


def announce(settings: dict[str, str], port: int) -> None:
    print(manage("load_demo_city", "--print-accounts", env=settings), end="")
    environment.say(f"\nCRE casework is at http://127.0.0.1:{port}/   (Ctrl-C stops everything)")
