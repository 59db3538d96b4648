"""Whether the program works: the parts that must, each with an answer in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from deadlines.models import Heartbeat
from deadlines.services import CLOCKS

LATE_AFTER = timedelta(minutes=5)  # a tick comes each minute
REDIS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the program: does it work, and what to say of it."""

    name: str
    works: bool
    sentence: str


def clocks(now: datetime) -> Part:
    """The clocks work if they were looked at in the last five minutes."""
    beat = Heartbeat.objects.filter(process=CLOCKS).first()
    if beat is None:
        return Part("clocks", works=False, sentence="The clocks have not run yet.")
    seconds = max(int((now - beat.at).total_seconds()), 0)
    ago = f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
    return Part("clocks", now - beat.at <= LATE_AFTER, f"The clocks last ran {ago} ago.")


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part("database", works=False, sentence="The database does not answer.")
    return Part("database", works=True, sentence="The database answers.")


def queue() -> Part:
    """Redis carries the work to the worker. Pages work without it."""
    try:
        url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
        redis.Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS).ping()
    except (redis.RedisError, OSError):
        return Part("queue", works=False, sentence="The queue (Redis) does not answer. Pages work; reminders wait.")
    return Part("queue", works=True, sentence="The queue (Redis) answers.")


def tables() -> Part:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Part("tables", works=False, sentence=f"{len(missing)} changes of the tables have not been made.")
    return Part("tables", works=True, sentence="The tables are as this version needs them.")


def second_wall() -> Part:
    """Row-level security is on, and forced, on the file table: the least that must hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'access_casefile'::regclass"
        )
        stands = bool(cursor.fetchone()[0])
    return Part("walls", stands, "Row-level security is on." if stands else "Row-level security is off.")


def all_parts() -> list[Part]:
    """Every part. If the database does not answer, nothing else is asked of it."""
    first = database()
    if not first.works:
        return [first, queue()]
    return [first, tables(), second_wall(), queue(), clocks(timezone.now())]
