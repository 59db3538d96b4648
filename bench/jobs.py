"""`python -m bench.jobs OWNER_URL`: times what the workers do: the tick, a thousand reminders, the PDF of a copy, and
sealing and verifying the ledger.

Prints one line of JSON. What is measured is the program's own code on a city that was built; each figure has beside it
the least it could be: the same statements sent bare, and WeasyPrint alone on the same page.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

DUE, MANY, TURNS = 100, 1000, 5
SEALED_AT_ONCE, VERIFIED = 100_000, 1_000_000

_FORGET = "DELETE FROM deadlines_reminder; DELETE FROM accounts_notice"
_NOT_DUE = "UPDATE deadlines_deadline SET next_step_at = now() + interval '30 days' WHERE next_step_at <= now()"
_DUE = """
UPDATE deadlines_deadline SET next_step = 'due', next_step_at = now() - interval '1 minute', limit_on = current_date,
    limit_at = date_trunc('day', now()) + interval '1 day' - interval '1 second'
WHERE id IN (SELECT id FROM deadlines_deadline WHERE state = 'open' ORDER BY id LIMIT %s)
"""


class Clocks:
    """The city's clocks, so many of them due; and the statements of a tick, to be sent again without the program."""

    def __init__(self, owner_url: str) -> None:
        import psycopg  # noqa: PLC0415 -- beside Django, once it is set up

        self.connect: Callable[[], Any] = lambda: psycopg.connect(owner_url, autocommit=True)

    def open(self) -> int:
        with self.connect() as connection:
            return int(connection.execute("SELECT count(*) FROM deadlines_deadline WHERE state = 'open'").fetchone()[0])

    def make_due(self, number: int) -> None:
        with self.connect() as connection:
            for statement in _FORGET.split("; "):
                connection.execute(statement)
            connection.execute(_NOT_DUE)
            connection.execute(_DUE, [number])
            connection.execute("ANALYZE deadlines_deadline")

    def tick(self, number: int) -> tuple[float, int, list[tuple[str, Any]]]:
        """Milliseconds of one tick with so many due, how many people were told, and its statements."""
        from django.db import connections  # noqa: PLC0415 -- after Django is set up

        from deadlines import reminders  # noqa: PLC0415 -- the same

        self.make_due(number)
        sent: list[tuple[str, Any]] = []

        def listen(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
            sent.append((sql, params))
            return execute(sql, params, *rest)

        connections[reminders.CLOCK].ensure_connection()
        with connections[reminders.CLOCK].execute_wrapper(listen):
            start = time.perf_counter()
            told = reminders.send_due()
            return (time.perf_counter() - start) * 1000, told, sent

    def bare(self, number: int, statements: list[tuple[str, Any]]) -> float:
        """Milliseconds of the same statements, sent one after the other over the same connection."""
        from django.db import connections, transaction  # noqa: PLC0415 -- after Django is set up

        from access.principal import acting_as  # noqa: PLC0415 -- the same
        from deadlines import reminders  # noqa: PLC0415 -- the same

        self.make_due(number)
        start = time.perf_counter()
        with acting_as(None), transaction.atomic(using=reminders.CLOCK):
            cursor = connections[reminders.CLOCK].connection.cursor()
            for sql, params in statements:
                if not sql.startswith(("SAVEPOINT", "RELEASE")):
                    cursor.execute(sql, params)
                    if cursor.description:
                        cursor.fetchall()
        return (time.perf_counter() - start) * 1000


def clocks(owner_url: str) -> dict[str, Any]:
    made = Clocks(owner_url)
    made.tick(DUE)
    pairs = []
    for _ in range(TURNS):
        spent, told, statements = made.tick(DUE)
        pairs.append((spent, made.bare(DUE, statements), told, len(statements)))
    many, told, _ = made.tick(MANY)
    return {
        "open": made.open(),
        "due": DUE,
        "told": pairs[-1][2],
        "statements": pairs[-1][3],
        "tick_ms": round(median(pair[0] for pair in pairs), 1),
        "bare_ms": round(median(pair[1] for pair in pairs), 1),
        "ratio": round(median(pair[0] / pair[1] for pair in pairs), 2),
        "many": told,
        "many_seconds": round(many / 1000, 2),
    }


@contextmanager
def one_copy(owner_url: str) -> Iterator[Callable[[], int]]:
    """Asks for a professional copy of a plan of the city, as its worker, as often as wanted."""
    import psycopg  # noqa: PLC0415 -- beside Django, once it is set up

    from access.models import CaseFile  # noqa: PLC0415 -- after Django is set up
    from access.principal import acting_as  # noqa: PLC0415 -- the same
    from accounts.models import User  # noqa: PLC0415 -- the same
    from plans.copies.services import ask_for_copy  # noqa: PLC0415 -- the same

    with psycopg.connect(owner_url) as connection:
        case, worker = connection.execute(
            "SELECT a.case_id, a.worker_id FROM access_allocation a JOIN plans_serviceplan p USING (case_id) "
            "JOIN plans_safetyplan s USING (case_id) WHERE a.ended_at IS NULL AND s.state = 'in_force' LIMIT 1"
        ).fetchone() or (None, None)
    author = User.objects.get(pk=worker)

    def ask() -> int:
        with acting_as(author.pk):
            return ask_for_copy(
                CaseFile(pk=case), by=author, kind="professional", recipient_name="HHJ Reed", purpose="Measuring",
                lawful_basis="public_task", necessity="To know how long it takes", agreement="not_asked",
            ).pk  # fmt: skip

    yield ask


def pdf(owner_url: str) -> dict[str, Any]:
    """A copy from its wish to its bytes, beside WeasyPrint alone on the same page with the same files."""
    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from plans.copies.making import make_one  # noqa: PLC0415 -- the same
    from plans.copies.rendering import Renderer  # noqa: PLC0415 -- the same
    from plans.copies.rendering.process import allowed_files, lay_out  # noqa: PLC0415 -- the same

    class Kept(Renderer):
        html = ""

        def pdf(self, html: str) -> bytes:
            self.html = html
            return super().pdf(html)

    renderer, files = Kept(), allowed_files(Path(settings.STATICFILES_DIRS[0]))
    ours, alone = [], []
    with one_copy(owner_url) as ask:
        make_one(ask(), renderer)
        lay_out(renderer.html.encode(), files)
        for _ in range(TURNS):
            number = ask()
            start = time.perf_counter()
            make_one(number, renderer)
            ours.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            lay_out(renderer.html.encode(), files)
            alone.append((time.perf_counter() - start) * 1000)
    renderer.close()
    pairs = zip(ours, alone, strict=True)
    return {
        "copy_ms": round(median(ours)),
        "weasyprint_ms": round(median(alone)),
        "ratio": round(median(one / other for one, other in pairs), 2),
        "kilobytes_html": round(len(renderer.html) / 1000, 1),
    }


_LINES = """
INSERT INTO access_auditevent (id, kind, action, case_id, record, detail, claimed_user, request_id, address)
SELECT gen_random_uuid(), 'read', 'view_file', gen_random_uuid(), 'CaseFilePage', '', '', gen_random_uuid(), '10.0.0.1'
FROM generate_series(1, %s)
"""


def ledger(owner_url: str) -> dict[str, Any]:
    """Sealing many new lines at once, and verifying a whole ledger by the command. The city's own lines go too."""
    import psycopg  # noqa: PLC0415 -- beside Django, once it is set up

    with psycopg.connect(owner_url, autocommit=True) as connection:
        for _ in range(VERIFIED // SEALED_AT_ONCE):
            connection.execute(_LINES, [SEALED_AT_ONCE])
            start = time.perf_counter()
            connection.execute("SELECT count(*) FROM sec.seal_ledger(%s)", [VERIFIED])
            sealing = time.perf_counter() - start
        start = time.perf_counter()
        env = {**os.environ, "DATABASE_URL": owner_url}
        verified = subprocess.run(
            [sys.executable, "manage.py", "verify_ledger"], env=env, check=True, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        verifying = time.perf_counter() - start
        connection.execute("TRUNCATE access_auditevent, access_ledgerseal")
    return {
        "sealed": SEALED_AT_ONCE,
        "seal_seconds": round(sealing, 2),
        "verify_seconds": round(verifying, 1),
        "said": verified.stdout.split(". ")[0],
    }


def main() -> None:
    import django  # noqa: PLC0415 -- the environment decides which database it is set up for

    django.setup()
    owner_url = sys.argv[1]
    sys.stdout.write(
        json.dumps({"clocks": clocks(owner_url), "pdf": pdf(owner_url), "ledger": ledger(owner_url)}) + "\n"
    )


if __name__ == "__main__":
    main()
