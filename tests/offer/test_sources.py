"""The package keeps its own rules: no framework, no clock, no input or output, a source for everything."""

import ast
import importlib
import subprocess
import sys
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import offer
from offer import OFFER_VERSION, SOURCES, Status
from offer.sources import cite

FOLDER = Path(offer.__file__).parent
MODULES = [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.py"))]
ALLOWED = {
    *("calendar", "collections", "dataclasses", "datetime", "enum", "functools", "re", "types", "zoneinfo"),
    *("holidays", "offer"),
}


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES)
def test_a_module_imports_only_the_language_the_bank_holidays_and_this_package(path):
    imported = {alias.name for node in ast.walk(tree(path)) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= ALLOWED


@pytest.mark.parametrize("path", MODULES)
def test_what_the_rules_read_and_say_cannot_be_changed_afterwards(path):
    held = vars(importlib.import_module(f"offer.{path.stem}" if path.stem != "__init__" else "offer")).values()
    kept = [one for one in held if isinstance(one, type) and is_dataclass(one)]
    assert [one for one in kept if not (one.__dataclass_params__.frozen and "__slots__" in vars(one))] == []


@pytest.mark.parametrize("path", MODULES)
def test_a_module_never_asks_what_day_it_is_and_never_reads_or_writes(path):
    names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
    assert names & {"today", "now", "utcnow", "time", "open", "print", "input", "environ", "read_text"} == set()


@pytest.mark.parametrize("path", MODULES)
def test_every_public_name_says_what_it_means(path):
    undocumented = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert undocumented == []
    assert ast.get_docstring(tree(path))


def test_the_package_does_not_bring_in_django():
    names = [path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__"]
    program = f"import sys, {', '.join(f'offer.{name}' for name in names)}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=FOLDER.parent, check=False).returncode == 0


def test_a_citation_names_a_registered_source():
    assert cite("CA1989", "section 47") == "Children Act 1989, section 47"
    assert cite("WT") == SOURCES["WT"].title
    with pytest.raises(KeyError):
        cite("HEARSAY")


@pytest.mark.parametrize("key", list(SOURCES))
def test_a_source_can_be_found(key):
    assert SOURCES[key].title
    assert SOURCES[key].where


def test_sources_cannot_be_changed():
    with pytest.raises(TypeError):
        SOURCES["OFFER"] = None


def test_the_version_is_the_day_the_law_is_stated_to():
    assert OFFER_VERSION == "2026-11-23"


def test_only_law_and_statutory_guidance_are_fixed_nationally():
    assert {status.name for status in Status if status.is_fixed_nationally} == {"STATUTE", "STATUTORY_GUIDANCE"}
