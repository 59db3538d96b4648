"""The program itself: prepared once, then web, worker and beat as processes of their own."""

import os
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from launch import database
from launch.commands import run
from launch.environment import is_fresh, leave_stamp, say
from launch.paths import LOCAL, PYTHON, ROOT, SetupError
from launch.processes import Process, Supervisor
from launch.secrets import kept

BIN = PYTHON.parent
DATABASE = "cre_case"
CACHE = "cache"
READY_SECONDS = 60
CLOCK = "DATABASE_WORKER_URL"  # the clock's role; no other process knows its address


def manage(*arguments: str, env: dict[str, str]) -> str:
    """Runs a management command and returns what it printed."""
    return run([str(PYTHON), "manage.py", *arguments], f"manage.py {arguments[0]}", env)


def addresses(embedded: str | None) -> database.Urls:
    """The database as each role: ours, or on the server that the environment names.

    With DATABASE_OWNER_URL, roles and database are there already and DATABASE_URL is the runtime role's.
    """
    if embedded:
        return database.prepare(embedded, DATABASE)
    given = os.environ["DATABASE_URL"]
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        return database.Urls(owner, given, os.environ.get("DATABASE_WORKER_URL", given))
    return database.prepare(given, name_of(given), kept())


def name_of(url: str) -> str:
    """The database that an address names."""
    return urlsplit(url).path.lstrip("/") or DATABASE


def verify_ledger(server: str, name: str) -> str:
    """What the verifier says of the ledger of a database, read as a superuser.

    Raises:
        SetupError: a line is not as it was sealed; the text names the first.
    """
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    return manage("verify_ledger", env=settings(database.Urls(url, url, url), ""))


def settings(urls: database.Urls, redis_url: str) -> dict[str, str]:
    """The environment of the runtime processes. What the caller's environment says goes first."""
    secrets = kept()
    return {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "PRINCIPAL_KEY": secrets["PRINCIPAL_KEY"],
        "SECURE": "0",
        "SECOND_FACTOR": "0" if demo_wanted() else "1",  # the demo's accounts are one printed password
        "EMAIL_FOLDER": str(LOCAL / "mail"),  # messages are files here, unless a mail server is named
        "SITE_URL": f"http://127.0.0.1:{os.environ.get('PORT') or 8000}",
        **os.environ,
        "DATABASE_URL": urls.app,
        CLOCK: urls.worker,
        "REDIS_URL": redis_url,
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }


def make_tables(urls: database.Urls, env: dict[str, str]) -> None:
    """Brings the tables up to date, as their owner."""
    as_owner = {**env, "DATABASE_URL": urls.owner}
    manage("migrate", "--skip-checks", "--verbosity=0", env=as_owner)
    if database.is_empty(urls.owner, "referrals_service"):
        manage("load_directory", env=as_owner)
    if not database.has_table(urls.owner, CACHE):
        manage("createcachetable", env=as_owner)
    database.allow(urls.owner, "SELECT, INSERT, UPDATE, DELETE", CACHE, "cre_app")


def load_demo(urls: database.Urls, env: dict[str, str]) -> None:
    """Loads the demo city where nobody has an account yet."""
    if demo_wanted() and database.is_empty(urls.owner, "accounts_user"):
        say("Loading the demo city ...")
        manage("load_demo_city", env={**env, "DATABASE_URL": urls.owner})


def demo_wanted() -> bool:
    return os.environ.get("DEMO", "1") == "1"


def collect_static(env: dict[str, str]) -> None:
    built = LOCAL / "assets.stamp"
    mark, stamp = built.read_text() if built.exists() else "", LOCAL / "collected.stamp"
    if not is_fresh(stamp, mark) or not (ROOT / "staticfiles").is_dir():
        manage("collectstatic", "--noinput", "--clear", "--verbosity=0", env=env)
        leave_stamp(stamp, mark)


def start(supervisor: Supervisor, env: dict[str, str], port: int) -> None:
    """Starts the four kinds of process, and waits until the first page can be had."""
    clock, env = env, {name: value for name, value in env.items() if name != CLOCK}
    web = supervisor.add(
        "web",
        [str(BIN / "gunicorn"), "cre_case.wsgi", "--bind", f"127.0.0.1:{port}", "--preload", "--workers", "2",
         "--threads", "2", "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket"],
        env,
    )  # fmt: skip
    celery = [str(BIN / "celery"), "--app", "cre_case.celery", "--quiet"]
    supervisor.add(
        "worker",
        [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
        clock,
    )
    # Makes PDFs. One process, not a parent with a child: what lays out pages is a process of its own anyway.
    supervisor.add(
        "documents",
        [*celery, "worker", "--pool", "solo", "--queues", "documents", "--hostname", "documents@%h", "--loglevel",
         "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env,
    )  # fmt: skip
    supervisor.add(
        "beat", [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(LOCAL / "beat"), "--pidfile", ""], env
    )
    await_web(web, port)


def await_web(web: Process, port: int) -> None:
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and web.exit_code() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except urllib.error.HTTPError as answer:
            raise SetupError(f"The web process answers with an error ({answer.code}); see .local/web.log.") from answer
        except OSError:
            time.sleep(0.05)
    raise SetupError("The web process does not answer; see .local/web.log.")


def announce(env: dict[str, str], port: int) -> None:
    if demo_wanted():
        say(manage("load_demo_city", "--print-accounts", env=env))
    say(f"CRE casework is at http://127.0.0.1:{port}/   (Ctrl-C stops everything)")
