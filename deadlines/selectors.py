"""What is due, for whoever may know; and whether the program works: the parts that must, each in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now

from access.models import Allocation, CaseFile
from access.parts import CASEWORK
from access.querysets import granted
from access.roles import Action, Level
from access.standing import standing_of
from accounts.models import User
from deadlines.models import Breach, Deadline, Heartbeat
from deadlines.rules import DONE_BY
from deadlines.services import CLOCKS
from ui.dates import counted

LATE_AFTER = timedelta(minutes=5)  # a tick comes each minute
REDIS_SECONDS = 1.0
QUEUE = "celery"
WAITING_TOO_LONG = 2  # ticks that nobody takes, while one comes each minute

# Kinds of clocks, by the start of the rule's id.
KINDS = {"MR-": "Mandatory reports", "RV-": "Reviews of the risk", "TG-": "Local targets", "TS-": "Law and procedure"}
WITHIN = {"overdue": timedelta(0), "7": timedelta(days=7)}


def _running(user: User) -> QuerySet[Deadline]:
    found: QuerySet[Deadline] = Deadline.objects.allowing(user, Action.VIEW_DEADLINES)
    return found.filter(state__literally=Deadline.State.OPEN).select_related("owner").order_by("limit_at", "pk")


def due_of(case: CaseFile, user: User) -> QuerySet[Deadline]:
    """The clocks that run on a file, what is due first first."""
    return _running(user).filter(case=case)


def ended_of(case: CaseFile, user: User) -> QuerySet[Deadline]:
    """The clocks of a file that have ended, the last one first."""
    found: QuerySet[Deadline] = Deadline.objects.allowing(user, Action.VIEW_DEADLINES)
    ended = found.filter(case=case).exclude(state=Deadline.State.OPEN)
    return ended.select_related("owner", "ended_by").order_by("-ended_at", "-pk")


def breaches_of(case: CaseFile, user: User) -> dict[int, Breach]:
    """Why limits on a file were missed, by clock."""
    found = Breach.objects.allowing(user, Action.VIEW_DEADLINES).filter(case=case).select_related("approved_by")
    return {one.deadline_id: one for one in found}


def due_for(user: User) -> QuerySet[Deadline]:
    """What this person is to do: their own clocks, those of the files they lead on, and what is their role's part.

    A manager decides for the files that they or their team hold, a Child Protection Manager answers for those that
    they or their team were given.
    """
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(worker=user, ended_at__isnull=True)
    mine = Q(case__in=leads.values("case")) & ~Q(rule_id__in=DONE_BY)
    standing = standing_of(user)
    own = [standing.user_subject_id] if standing.user_subject_id else []
    for role in standing.roles & set(DONE_BY.values()):
        holders = [*own, *(post.team_subject_id for post in standing.posts if post.role == role)]
        rules = [rule for rule, doer in DONE_BY.items() if doer == role]
        mine |= Q(rule_id__in=rules) & granted("case", holders, CASEWORK.label, Level.WORK)
    return _running(user).filter(Q(owner=user) | Q(owner__isnull=True) & mine)


def due_of_team(user: User) -> QuerySet[Deadline]:
    """What is due on the files that this person's teams, or they by name, hold."""
    return _running(user).filter(granted("case", standing_of(user).every_subject, CASEWORK.label, Level.VIEW))


def narrowed(clocks: QuerySet[Deadline], *, within: str = "", kind: str = "") -> QuerySet[Deadline]:
    """Clocks that are overdue or run out within seven days (a key of WITHIN), of one kind (a key of KINDS)."""
    if within in WITHIN:
        clocks = clocks.filter(limit_at__lt=Now() + WITHIN[within])
    return clocks.filter(rule_id__startswith=kind) if kind in KINDS else clocks


def next_due_of(cases: Collection[UUID], user: User) -> dict[UUID, Deadline]:
    """For each of many files the clock that runs out first, in one query. A file without any is left out."""
    first = _running(user).filter(case__in=cases).order_by("case_id", "limit_at", "pk").distinct("case_id")
    return {one.case_id: one for one in first}


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


def seals() -> Part:
    """Every line of the ledger is sealed within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.unsealed_for()")
        waits: timedelta | None = cursor.fetchone()[0]
    if waits is not None and waits > LATE_AFTER:
        minutes = counted(int(waits.total_seconds()) // 60, "minute")
        sentence = f"Lines of the ledger have waited {minutes} for a seal. Tell whoever runs the worker."
        return Part("seals", "Seals", works=False, sentence=sentence)
    return Part("seals", "Seals", works=True, sentence="The ledger is sealed each minute.")


def all_parts() -> list[Part]:
    """For the people who look after it. Whoever reads this has the web process and the database before them."""
    waiting, tick = waiting_jobs(), clocks()
    web = Part("web", "Web", works=True, sentence="It shows you this page.")
    told = processes(waiting, clocks_run=tick.works)
    return [tick, web, *told, queue(waiting), database(), tables(), second_wall(), seals()]


def not_ready() -> list[str]:
    """One word for each part that does not work, for whoever asks."""
    if not database().works:
        return ["database"]
    checks: tuple[Callable[[], Part], ...] = (clocks, lambda: queue(waiting_jobs()))
    return sorted(part.word for part in (check() for check in checks) if not part.works)
