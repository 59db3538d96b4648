"""The chain: each package leans only on those to its right, in imports, in foreign keys and in signals."""

import subprocess
import sys
import tomllib
from pathlib import Path
from weakref import ReferenceType

import pytest
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.signals import got_request_exception, request_finished, request_started, setting_changed
from django.db.models import signals as model_signals

from assessments.signals import tier_took_effect
from children.signals import child_changed
from plans.signals import case_closing, closing_asked

ROOT = Path(__file__).resolve().parents[2]
CHAIN = (
    "cre_case", "subject_access", "referrals", "meetings", "plans", "assessments", "duties", "children",
    "deadlines", "access", "accounts", "ui", "offer",
)  # fmt: skip
OURS = frozenset(CHAIN)


def foreign_keys():
    for model in apps.get_models():
        for field in model._meta.get_fields(include_hidden=True):
            if field.is_relation and field.concrete and field.related_model is not None:
                yield model, field


def points_up(package: str, target: str) -> bool:
    return target in OURS and package in OURS and CHAIN.index(target) < CHAIN.index(package)


def test_no_package_imports_one_to_its_left():
    """Asked in a process of its own: the linter turns off every logger there is, and tests listen to them."""
    linter = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    told = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_import_contract_names_the_same_chain():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    named = [package.strip() for layer in contract["layers"] for package in layer.split("|")]
    assert tuple(named) == CHAIN


def test_no_foreign_key_points_to_a_package_on_the_left():
    """Import-linter does not see ForeignKey("app.Model"), so this looks at the models themselves."""
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model, field in foreign_keys()
        if points_up(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []


def test_the_foreign_key_test_sees_our_models():
    ours = {model._meta.app_label for model, _ in foreign_keys() if model._meta.app_label in OURS}
    assert {"accounts", "access", "children"} <= ours
    assert points_up("access", "children")
    assert not points_up("children", "access")


# Every pair of a signal and a receiver of ours. A signal is an import that no linter sees, so each is written down.
SIGNAL_PAIRS = {
    ("user_logged_in", "access.sign_in_events.signed_in"),
    ("user_logged_out", "access.sign_in_events.signed_out"),
    ("user_login_failed", "access.sign_in_events.sign_in_failed"),
    ("post_migrate", "access.apps.mirror_into_database"),
    ("child_changed", "assessments.apps.child_changed"),
    ("tier_took_effect", "plans.apps.tier_took_effect"),
    ("tier_took_effect", "meetings.apps.tier_took_effect"),
    ("closing_asked", "meetings.apps.closing_asked"),
    ("closing_asked", "referrals.apps.closing_asked"),
    ("closing_asked", "subject_access.apps.closing_asked"),
    ("case_closing", "meetings.apps.case_closing"),
}
SIGNALS = {
    "user_logged_in": user_logged_in,
    "user_logged_out": user_logged_out,
    "user_login_failed": user_login_failed,
    "request_started": request_started,
    "request_finished": request_finished,
    "got_request_exception": got_request_exception,
    "setting_changed": setting_changed,
    "child_changed": child_changed,
    "tier_took_effect": tier_took_effect,
    "closing_asked": closing_asked,
    "case_closing": case_closing,
    **{name: getattr(model_signals, name) for name in (
        "pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed",
        "pre_migrate", "post_migrate", "class_prepared",
    )},
}  # fmt: skip


def connected():
    for name, signal in SIGNALS.items():
        for _, receiver, *_ in signal.receivers:
            function = receiver() if isinstance(receiver, ReferenceType) else receiver
            if function is None:  # its owner is gone: the signal forgets it at its next sending
                continue
            path = f"{function.__module__}.{getattr(function, '__qualname__', '')}"
            if path.split(".")[0] in OURS:
                yield name, path


def test_the_signals_we_listen_to_are_exactly_those_written_down():
    assert set(connected()) == SIGNAL_PAIRS


@pytest.mark.parametrize("package", sorted(OURS))
def test_each_package_says_in_its_first_line_what_it_holds(package):
    assert (ROOT / package / "__init__.py").read_text().startswith('"""')
