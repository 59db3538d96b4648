"""The database believes a signed principal, and nothing else."""

import random
import time

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from access.principal import TOKEN_SECONDS, acting_as, current_principal, sign
from accounts.roles import Role
from tests.counted import COUNTED
from tests.factories import CaseFileFactory, give, person

pytestmark = pytest.mark.django_db


def believed(token: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.principal', %s, true)", [token])
        cursor.execute("SELECT sec.principal()")
        return cursor.fetchone()[0]


def good(user_id: int = 42, *, seconds: int = 60, secret: str | None = None) -> str:
    return sign(user_id, int(time.time()) + seconds, secret or settings.PRINCIPAL_KEY)


def test_a_signed_token_is_believed():
    assert believed(good()) == 42


@pytest.mark.parametrize(
    "token",
    ["", "42", "42.", "42..", "42.9999999999.", "42.9999999999." + "0" * 64, "null", "-1.9999999999." + "a" * 64,
     "042.9999999999." + "a" * 64, "42.9999999999." + "g" * 64, " 42.9999999999." + "a" * 64],
)  # fmt: skip
def test_anything_else_is_nobody(token):
    assert believed(token) is None


def test_a_token_of_another_key_is_nobody():
    assert believed(good(secret="another key")) is None


def test_an_expired_token_is_nobody():
    assert believed(good(seconds=-1)) is None


def test_a_token_cannot_be_moved_to_another_person_or_a_later_moment():
    user, expires, signature = good().split(".")
    assert believed(f"43.{expires}.{signature}") is None
    assert believed(f"{user}.{int(expires) + 1}.{signature}") is None


def test_a_token_does_not_outlive_ten_minutes():
    assert TOKEN_SECONDS <= 600


@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=120))
def test_no_text_is_believed(text):
    assert believed(text) is None


def test_three_thousand_damaged_tokens_are_nobody():
    chance = random.Random(20261123)
    token = good()
    for _ in range(3000):
        place = chance.randrange(len(token))
        COUNTED["damaged tokens"] += 1
        damaged = token[:place] + chance.choice("0123456789abcdef.") + token[place + 1 :]
        assert damaged == token or believed(damaged) is None


def test_a_bare_id_set_by_an_injected_statement_shows_nothing():
    worker = person(Role.SOCIAL_WORKER)
    give(CaseFileFactory(), worker)
    assert believed(str(worker.pk)) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_casefile")
        assert cursor.fetchone() == (0,)


def test_acting_as_holds_inside_an_open_transaction_and_gives_back_what_was():
    with acting_as(1), transaction.atomic():
        with acting_as(2):
            assert current_principal() == 2
            with connection.cursor() as cursor:
                cursor.execute("SELECT sec.principal()")
                assert cursor.fetchone() == (2,)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sec.principal()")
            assert cursor.fetchone() == (1,)
    assert current_principal() is None
