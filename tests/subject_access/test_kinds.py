"""Nothing on a file is forgotten when somebody asks to see it."""

import pytest
from django.apps import apps

from access.models import CaseRecord
from access.roles import CASE_ACTIONS
from subject_access.kinds import CALLED, CHAPTERS, KINDS, LEFT_OUT, NO_WORDS

TABLES = {model._meta.label for model in apps.get_models() if issubclass(model, CaseRecord)}
GIVEN = {kind.model._meta.label for kind in KINDS}


def test_every_case_table_is_gathered_or_says_why_not():
    assert TABLES - GIVEN - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - TABLES == set()
    assert set(LEFT_OUT) & GIVEN == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.model.__name__}-{kind.title}")
def test_each_kind_names_columns_that_there_are(kind):
    names = {field.name for field in kind.model._meta.concrete_fields}
    assert {kind.dated, kind.about} - {""} <= names
    assert kind.chapter in CHAPTERS
    assert kind.action in CASE_ACTIONS


def test_words_for_columns_are_for_columns_that_there_are():
    names = {field.name for kind in KINDS for field in kind.model._meta.concrete_fields}
    assert set(CALLED) - names == set()
    assert NO_WORDS - names == set()
