"""Says whether the ledger still is what was sealed. Needs nothing but Python: it is also run on another machine.

    python3 verifier.py lines.csv seals.csv [--head NUMBER:DIGEST]

The two files come from `manage.py verify_ledger --export FOLDER`, or from psql with LINES and SEALS below. It works
each hash out anew, by a way of its own: what the database says of itself is not believed. Ends with 1 at
the first fault.

Whoever may change the database as its superuser could make new lines and new seals for all of them. That is found by
what they cannot change: a head, "number:digest", as it was printed to the log at the time of sealing.
"""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

NOTHING = r"\N"  # how the export writes NULL; no column that may be NULL can hold it as its text
LINES = (
    "SELECT position, id, (extract(epoch FROM at) * 1000000)::bigint, principal_id, claimed_user, kind, action, "
    "case_id, array_to_string(case_ids, ' '), record, detail, request_id, host(address) "
    "FROM access_auditevent ORDER BY position, id"
)
SEALS = (
    "SELECT number, starts, ends, (extract(epoch FROM sealed_at) * 1000000)::bigint, lines, encode(digest, 'hex'), "
    "encode(leaves, 'hex') FROM access_ledgerseal ORDER BY number"
)
CSV = r"(FORMAT csv, NULL '\N')"
HASH_BYTES = 32
LARGEST_FIELD = 2**31 - 1  # a seal's leaves are one field


@dataclass(frozen=True, slots=True)
class Seal:
    number: int
    starts: int
    ends: int
    sealed_at: int  # microseconds since 1970, UTC
    lines: int
    digest: str
    leaves: bytes

    @property
    def head(self) -> str:
        return f"{self.number}:{self.digest}"

    def is_whole(self, before: "Seal | None") -> bool:
        """Its digest is that of itself and of the seal before."""
        written = json.dumps([str(n) for n in (self.number, self.starts, self.ends, self.sealed_at, self.lines)])
        previous = bytes.fromhex(before.digest) if before else b""
        return hashlib.sha256(previous + written.encode() + self.leaves).hexdigest() == self.digest


@dataclass(frozen=True, slots=True)
class Line:
    position: int
    id: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: nothing wrong (`fault` is empty), or the first thing that is."""

    seals: int
    sealed: int
    unsealed: int
    head: str
    fault: str = ""


class Broken(Exception):
    """The ledger is not what was sealed. The text says where."""


def read_lines(rows: Iterable[list[str]]) -> Iterator[Line]:
    for row in rows:
        texts = [None if value == NOTHING else value for value in row]
        leaf = hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).digest()
        yield Line(int(row[0]), row[1], leaf)


def read_seals(rows: Iterable[list[str]]) -> Iterator[Seal]:
    for number, starts, ends, sealed_at, lines, digest, leaves in rows:
        yield Seal(int(number), int(starts), int(ends), int(sealed_at), int(lines), digest, bytes.fromhex(leaves))


def check_seal(seal: Seal, before: Seal | None) -> None:
    """Raises `Broken` if the seal does not follow the one before, or is not whole."""
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        raise Broken(f"Seal {expected} is missing.")
    if seal.starts != (before.ends if before else 0) or not seal.is_whole(before):
        raise Broken(f"Seal {seal.number} was changed after it was made.")


def check_lines(seal: Seal, lines: list[Line]) -> None:
    """Raises `Broken` naming the first line that is not as it was when the seal was made."""
    sealed = [seal.leaves[start : start + HASH_BYTES] for start in range(0, len(seal.leaves), HASH_BYTES)]
    before = "the start of its seal"
    for was, line in zip_longest(sealed, lines):
        if line is None or was is None or was != line.leaf:
            raise Broken(_difference(seal, line, before, missing=len(sealed) - len(lines)))
        before = f"line {line.id}"


def _difference(seal: Seal, line: Line | None, before: str, *, missing: int) -> str:
    where = f"in seal {seal.number}, after {before}"
    if missing > 0:
        return f"{missing} line(s) of what was sealed are missing: the first difference is {where}."
    found = f"line {line.id}" if line else "nothing"
    if missing < 0:
        return f"{-missing} line(s) were added to what was sealed: the first difference is {where}, {found}."
    return f"{found.capitalize()} was changed after it was sealed ({where})."


def verify(lines: Iterable[Line], seals: Iterable[Seal], head: str = "") -> Verdict:
    """Goes through both from the first on. Holds the lines of one seal in memory at a time.

    Args:
        head: "number:digest" of a seal, kept where the database cannot reach; that seal must be there, and be that one.
    """
    waiting = iter(lines)
    line, before, sealed, heads = next(waiting, None), None, 0, set()
    try:
        for seal in seals:
            check_seal(seal, before)
            covered: list[Line] = []
            while line is not None and line.position < seal.ends:
                covered.append(line)
                line = next(waiting, None)
            check_lines(seal, covered)
            before, sealed = seal, sealed + len(covered)
            if head and int(head.split(":")[0]) == seal.number:
                heads.add(seal.head)
        if head and head not in heads:
            raise Broken(
                f"Seal {head.split(':')[0]} is not the one whose head was kept: the ledger was replaced or cut."
            )
    except Broken as broken:
        return Verdict(before.number if before else 0, sealed, 0, before.head if before else "", str(broken))
    unsealed = sum(1 for _ in waiting) + (line is not None)
    return Verdict(before.number if before else 0, sealed, unsealed, before.head if before else "")


def said(verdict: Verdict) -> str:
    """The verdict in a sentence."""
    if verdict.fault:
        return f"NOT as sealed. {verdict.fault} Before it, {verdict.sealed} lines in {verdict.seals} seals are whole."
    head = f" Head: {verdict.head}" if verdict.head else ""
    return f"{verdict.sealed} lines in {verdict.seals} seals are as sealed; {verdict.unsealed} wait for a seal.{head}"


def verify_files(lines: Path, seals: Path, head: str = "") -> Verdict:
    csv.field_size_limit(LARGEST_FIELD)
    with lines.open(encoding="utf-8", newline="") as line_rows, seals.open(encoding="utf-8", newline="") as seal_rows:
        return verify(read_lines(csv.reader(line_rows)), read_seals(csv.reader(seal_rows)), head)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path)
    parser.add_argument("seals", type=Path)
    parser.add_argument("--head", default="", help="number:digest of a seal, from a log that was kept elsewhere")
    asked = parser.parse_args(arguments)
    verdict = verify_files(asked.lines, asked.seals, asked.head)
    print(said(verdict))  # noqa: T201 -- a script's output
    return 1 if verdict.fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
