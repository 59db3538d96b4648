"""The documents speak of this program as it is."""

import re
from pathlib import Path

import pytest

from cre_case.demo import DEMO_PASSWORD
from cre_case.demo.accounts_table import accounts_as_markdown
from cre_case.management.commands import draw_states

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "GLOSSARY.md", *ROOT.glob("docs/**/*.md")])


def test_the_readme_has_the_table_of_accounts_and_the_password():
    readme = (ROOT / "README.md").read_text()
    assert accounts_as_markdown() in readme
    assert DEMO_PASSWORD in readme


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_place_the_glossary_names_exists():
    named = re.findall(r"\| `([a-z_.]+)\.([A-Z]\w+)[^`]*` \|", (ROOT / "GLOSSARY.md").read_text())
    assert len(named) >= 15
    for module, name in named:
        assert hasattr(__import__(module, fromlist=[name]), name), f"{module}.{name}"


def test_decisions_are_numbered_once_each_and_fit_a_page():
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [record.name for record in records if len(record.read_text().splitlines()) > 70] == []


@pytest.mark.parametrize(("document", "letter", "count"), [("threats.md", "T", 30), ("incidents.md", "R", 10)])
def test_every_threat_and_incident_has_its_line_and_every_test_it_names_exists(document, letter, count):
    lines = [line for line in (ROOT / "docs" / document).read_text().splitlines() if line.startswith(f"| {letter}")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    assert [row[0] for row in cells] == [f"{letter}{number}" for number in range(1, count + 1)]
    for number, _, state, *_, shown in cells:
        named = re.findall(r"`(tests/[^`:]+)::(\w+)`", shown)
        assert state.split(":")[0] in ("there", "partly", "not yet"), number
        assert bool(named) is (state != "not yet"), f"{number} names no test"
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(), f"{number}: {path}::{name}"


def test_the_diagrams_are_what_the_tables_draw():
    assert draw_states.PAGE.read_text() == draw_states.page(), "run manage.py draw_states"
