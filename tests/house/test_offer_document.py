"""Each line of the service offer can be pointed to: on a page, in a rule, by a test."""

import re
from pathlib import Path

from offer.catalogue import OFFER
from tests.matrix.test_matrix import addresses

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "offer.md").read_text().splitlines()
    if re.match(r"\| \d+ \|", line)
]
CODE = re.compile(r"`([^`]+)`")


def plain(text: str) -> str:
    return " ".join(text.split())


def test_there_are_49_lines_in_order():
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 50)]
    assert all(len(row) == 5 and all(row) for row in ROWS)


def test_every_passage_that_an_item_quotes_is_a_line():
    said = plain(" ".join(row[1] for row in ROWS))
    quotes = [quote for item in OFFER for quote in (item.quote, item.and_quote) if quote]
    assert [quote for quote in quotes if plain(quote) not in said] == []


def test_every_item_of_the_catalogue_is_named():
    named = " ".join(row[2] for row in ROWS)
    assert [item.code for item in OFFER if item.code not in named] == []


def test_every_page_is_one_of_the_program():
    known = {entry.name for entry in addresses()}
    named = {name for row in ROWS for name in CODE.findall(row[3])}
    assert named - known == set()


def test_every_test_is_there():
    for name in {name for row in ROWS for name in CODE.findall(row[4])}:
        path, test = name.split("::")
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(), re.MULTILINE), name
