"""Every write goes through a declared door, and every page says who it is for."""

import importlib
import inspect
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path

from access.declarations import declared_access
from access.middleware import DeclaredAccess
from access.permissions import NotAllowed

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "accounts", "access", "deadlines", "children", "duties", "assessments", "plans", "meetings", "referrals",
    "subject_access", "cre_case",
)  # fmt: skip


def service_modules() -> list[str]:
    found = [module for package in PACKAGES for module in (ROOT / package).rglob("services.py")]
    return sorted(".".join(module.relative_to(ROOT).with_suffix("").parts) for module in found)


def public_functions(module):
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if not name.startswith("_") and function.__module__ == module.__name__:
            yield name, function


def undeclared(module) -> list[str]:
    return [name for name, function in public_functions(module) if not hasattr(function, "declared_action")]


@pytest.mark.parametrize("name", service_modules())
def test_every_service_function_is_a_declared_door(name):
    assert undeclared(importlib.import_module(name)) == []


def test_an_undeclared_service_would_be_noticed(tmp_path, monkeypatch):
    (tmp_path / "stray_services.py").write_text("def write_without_asking(case):\n    return case\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert undeclared(importlib.import_module("stray_services")) == ["write_without_asking"]


def test_the_services_of_each_package_are_looked_at():
    assert {"access.services", "children.services"} <= set(service_modules())


def test_services_take_the_record_first_and_everything_else_by_keyword():
    for name in service_modules():
        for title, function in public_functions(importlib.import_module(name)):
            parameters = list(inspect.signature(inspect.unwrap(function)).parameters.values())
            loose = [p.name for p in parameters[1:] if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
            assert loose == [], f"{name}.{title}"


def views(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def test_every_address_has_a_name_and_says_who_it_is_for():
    silent = [address for address, entry in views() if declared_access(entry.callback) is None]
    unnamed = [address for address, entry in views() if not entry.name]
    assert (silent, unnamed) == ([], [])


def test_a_view_that_says_nothing_is_not_served():
    def says_nothing(request):
        raise AssertionError("served")

    request = RequestFactory().get("/")
    with pytest.raises(NotAllowed):
        DeclaredAccess(says_nothing).process_view(request, path("", says_nothing).callback, (), {})
