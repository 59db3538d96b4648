"""Seals the ledger, and writes it out to be verified. The hashes are made in the database (access/sql/seals.sql)."""

import logging
from pathlib import Path

from django.db import connection, connections

from access import verifier

logger = logging.getLogger(__name__)

MOST_LINES = 100_000  # in one seal


def seal_ledger() -> int:
    """Seals every line that is there to stay, over the clock's own connection, and logs each seal's head.

    The log is what makes a seal worth having: kept on another machine, it shows whether all seals were made anew.

    Returns:
        How many lines were sealed.
    """
    total = 0
    while True:
        with connections["clock"].cursor() as cursor:
            cursor.execute("SELECT number, lines, encode(digest, 'hex') FROM sec.seal_ledger(%s)", [MOST_LINES])
            made = cursor.fetchone()
        if made is None:
            return total
        number, lines, digest = made
        logger.info("Ledger sealed: %s lines, head %s:%s", lines, number, digest)
        total += lines


def export(folder: Path) -> tuple[Path, Path]:
    """Writes what the verifier reads: each line and each seal. As the owner of the tables; nobody else may read them.

    Seals come first: what they cover is there when the lines are written out, whatever is sealed meanwhile.
    """
    lines, seals = folder / "lines.csv", folder / "seals.csv"
    with connection.cursor() as cursor:
        for path, query in ((seals, verifier.SEALS), (lines, verifier.LINES)):
            with path.open("wb") as file, cursor.copy(f"COPY ({query}) TO STDOUT {verifier.CSV}") as copied:
                for block in copied:
                    file.write(block)
    return lines, seals
