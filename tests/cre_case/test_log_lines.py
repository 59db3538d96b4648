"""No line of the log holds a word of a case (T25)."""

import logging

import pytest
from celery import shared_task
from celery.signals import setup_logging
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cre_case.celery import app
from cre_case.log_lines import WithoutWords, kind_of
from cre_case.views.case_file import CaseFilePage
from tests.cre_case.makers import led_child, social_worker

WORD = "zqlogzq"


@pytest.fixture
def refused(db):
    """An error of the database that names what was typed."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid", [WORD])
    assert WORD in str(caught.value)
    return caught.value


def test_an_error_is_logged_by_its_kind_its_code_and_its_place(heard, refused):
    try:
        raise ValueError(WORD) from refused
    except ValueError:
        logging.getLogger("any").exception("It could not be done")
    assert WORD not in heard.text
    assert "It could not be done" in heard.text
    assert "django.db.utils.DataError" in heard.text
    assert "psycopg.errors.InvalidTextRepresentation (22P02)" in heard.text
    assert "builtins.ValueError" in heard.text
    assert "test_log_lines.py:" in heard.text


def test_an_error_that_is_part_of_a_line_is_its_kind(heard):
    logging.getLogger("any").error("Not sent: %s", ValueError(WORD))
    assert heard.lines[-1].endswith("any Not sent: builtins.ValueError")


def test_the_rule_that_was_broken_is_named():
    class Refusal(Exception):
        sqlstate = "23514"

        class diag:  # noqa: N801 -- psycopg's name
            constraint_name = "access_has_a_reason"

    assert kind_of(Refusal(WORD)).endswith("Refusal (23514, access_has_a_reason)")


def test_a_page_that_fails_says_nothing_of_the_child(heard, db, client_for, monkeypatch):
    worker = social_worker()
    child = led_child(worker, family=WORD)

    def fails(page):
        raise RuntimeError(f"{page.child} could not be shown")

    monkeypatch.setattr(CaseFilePage, "context", fails)
    client = client_for(worker)
    client.raise_request_exception = False
    answer = client.get(f"/cases/{child.case_id}/")
    assert answer.status_code == 500
    assert WORD not in answer.content.decode()
    assert "builtins.RuntimeError" in heard.text
    assert WORD not in heard.text


def test_a_search_is_not_logged_with_its_words(heard, db, client_for):
    client_for(social_worker()).get("/search/", {"q": WORD})
    client_for(social_worker()).get(f"/nowhere/?q={WORD}")
    assert WORD not in heard.text


def test_a_task_that_fails_is_logged_without_its_arguments_or_words(heard):
    @shared_task(name="tests.fails")
    def fails(word):
        raise ValueError(word)

    fails.apply(args=[WORD])
    app.tasks.pop("tests.fails", None)
    assert "tests.fails" in heard.text
    assert "builtins.ValueError" in heard.text
    assert WORD not in heard.text


def test_the_worker_logs_as_the_web_does(monkeypatch):
    """Asked without doing it: it would take the handlers away that other tests listen with."""
    configured = []
    monkeypatch.setattr("cre_case.celery.dictConfig", configured.append)
    setup_logging.send(sender=None)
    assert configured == [settings.LOGGING]
    assert settings.LOGGING["formatters"]["line"]["()"] == f"{WithoutWords.__module__}.{WithoutWords.__name__}"
