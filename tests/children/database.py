"""Trying what the services refuse straight on the database, as the runtime role."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from access.principal import acting_as
from accounts.models import User

BY_A_POLICY = "row-level security"
BY_A_PRIVILEGE = "permission denied"


@contextmanager
def refused(by: User, because: str):
    """The block, done as this person, meets a refusal of the database that says `because`."""
    with acting_as(by.pk), pytest.raises(DatabaseError, match=because), transaction.atomic():
        yield


def execute(statement: str, *arguments: object) -> int:
    """Runs one statement and says how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.rowcount
