"""Whether the program works: the parts that must, each with an answer in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from deadlines.models import Heartbeat
from deadlines.services import CLOCKS
from ui.dates import counted

LATE_AFTER = timedelta(minutes=5)  # a tick comes each minute
REDIS_SECONDS = 1.0
QUEUE = "celery"
WAITING_TOO_LONG = 2  # ticks that nobody takes, while one comes each minute


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the program: does it work, and what to say of it. `word` is all that the public hears."""

    word: str
    name: str
    works: bool
    sentence: str


def since_the_last_tick() -> timedelta | None:
    """By the database's clock alone, so that no machine's wrong clock makes it look late, or well."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    return Heartbeat.objects.filter(process=CLOCKS).annotate(age=age).values_list("age", flat=True).first()


def clocks() -> Part:
    """The clocks work if they were looked at in the last five minutes."""
    age = since_the_last_tick()
    if age is None:
        return Part("clock", "Clocks", works=False, sentence="The clocks have not run yet.")
    seconds = max(int(age.total_seconds()), 0)
    ago = counted(seconds, "second") if seconds < 120 else counted(seconds // 60, "minute")
    late = "" if age <= LATE_AFTER else " That is too long: nothing that falls due is noticed. Tell whoever runs it."
    return Part("clock", "Clocks", age <= LATE_AFTER, f"The clocks last ran {ago} ago.{late}")


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part("database", "Database", works=False, sentence="The database does not answer.")
    return Part("database", "Database", works=True, sentence="The database answers.")


def connect_to_redis() -> Any:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    return redis.Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


def waiting_jobs() -> int | None:
    """How many jobs nobody has taken yet; None if Redis does not answer."""
    try:
        with connect_to_redis() as server:
            return int(server.llen(QUEUE))
    except (redis.RedisError, OSError):
        return None


def queue(waiting: int | None) -> Part:
    if waiting is None:
        sentence = "Redis does not answer. Pages work; the clocks stand still until it is back. Nothing is lost."
        return Part("redis", "Redis", works=False, sentence=sentence)
    return Part("redis", "Redis", works=True, sentence=f"Redis answers; {counted(waiting, 'job')} waiting.")


def processes(waiting: int | None, *, clocks_run: bool) -> list[Part]:
    """Beat sends a tick each minute and the worker takes it, so the queue tells which of them stands still."""
    if clocks_run:
        return [
            Part("beat", "Beat", works=True, sentence="It sends a tick each minute."),
            Part("worker", "Worker", works=True, sentence="It takes the ticks."),
        ]
    if waiting is None:
        unknown = "Not known while Redis does not answer."
        return [Part(name.lower(), name, works=False, sentence=unknown) for name in ("Beat", "Worker")]
    piles_up = waiting >= WAITING_TOO_LONG
    beat = "It sends ticks." if piles_up else "It sends no ticks, or the worker fails at each. See the logs of both."
    worker = "It does not take the ticks that wait." if piles_up else "There is nothing for it to take."
    return [Part("beat", "Beat", piles_up, beat), Part("worker", "Worker", not piles_up, worker)]


def tables() -> Part:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        sentence = f"{counted(len(missing), 'change')} of the tables not made yet."
        return Part("tables", "Tables", works=False, sentence=sentence)
    return Part("tables", "Tables", works=True, sentence="The tables are as this version needs them.")


UNPROTECTED = """
SELECT count(*) FROM pg_class AS c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
  AND (c.relname = 'access_casefile' OR EXISTS (
       SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped))
"""
PAST_THE_WALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def second_wall() -> Part:
    """Row security is on, and forced, on every table that speaks of a file, and binds the role the program runs as."""
    with connection.cursor() as cursor:
        cursor.execute(UNPROTECTED)
        open_tables = cursor.fetchone()[0]
        cursor.execute(PAST_THE_WALL)
        is_past = cursor.fetchone()[0]
    if is_past:
        sentence = "The program runs as a role that row security does not bind. Stop it."
    elif open_tables:
        sentence = f"{counted(open_tables, 'table')} without row security. Stop the program."
    else:
        sentence = "Row security is on for every table that speaks of a child."
    return Part("walls", "Row security", not (is_past or open_tables), sentence)


def all_parts() -> list[Part]:
    """For the people who look after it. Whoever reads this has the web process and the database before them."""
    waiting, tick = waiting_jobs(), clocks()
    web = Part("web", "Web", works=True, sentence="It shows you this page.")
    told = processes(waiting, clocks_run=tick.works)
    return [tick, web, *told, queue(waiting), database(), tables(), second_wall()]


def not_ready() -> list[str]:
    """One word for each part that does not work, for whoever asks."""
    if not database().works:
        return ["database"]
    checks: tuple[Callable[[], Part], ...] = (clocks, lambda: queue(waiting_jobs()))
    return sorted(part.word for part in (check() for check in checks) if not part.works)
