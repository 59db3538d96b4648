"""The table of who can do what: printed when the demo starts, and the README's."""

from cre_case.demo import DEMO_PASSWORD
from cre_case.demo.staff import TEAMS, WORKERS, Worker

HEADINGS = ("User name", "Who", "Files", "Sees and does")


def account_rows() -> list[tuple[str, str, str, str]]:
    """One row for each account that a visitor is meant to try."""
    teams = {team.key: team for team in TEAMS}

    def who(worker: Worker) -> str:
        return f"{worker.job_title}, {teams[worker.team].agency}"

    return [(worker.username, who(worker), str(worker.sees), worker.can) for worker in WORKERS if worker.can]


def accounts_as_text() -> str:
    """For a terminal."""
    rows = [HEADINGS, *account_rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}" for row in rows]
    return "\n".join([*lines, "", f"  The password of each is  {DEMO_PASSWORD}"])


def accounts_as_markdown() -> str:
    """For the README."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *((f"`{row[0]}`", *row[1:]) for row in account_rows())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
