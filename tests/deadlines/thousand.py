"""A thousand clocks that are due (the fixture `due`), and what came of them."""

from tests.database import admin_of

CLOCKS = 1000


def facts(name: str) -> tuple[int, int, int, int]:
    """Reminders, different ones of them, notices, and clocks that still wait."""
    with admin_of(name) as connection:
        return connection.execute(
            "SELECT (SELECT count(*) FROM deadlines_reminder), "
            "(SELECT count(DISTINCT (deadline_id, step, recipient_id)) FROM deadlines_reminder), "
            "(SELECT count(*) FROM accounts_notice), "
            "(SELECT count(*) FROM deadlines_deadline WHERE next_step_at <= now())"
        ).fetchone()


ALL_TOLD_ONCE = (CLOCKS, CLOCKS, CLOCKS, 0)
