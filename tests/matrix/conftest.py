import pytest
from django.db import transaction

from tests import database
from tests.matrix import world as worlds
from tests.matrix.test_matrix import signed_in


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One city of files and people for all tests of a module, with everybody signed in. Each request is taken back."""
    with django_db_blocker.unblock(), transaction.atomic(), transaction.atomic(using="ledger"):
        built = worlds.build()
        built.clients = signed_in(built.users)
        yield built
        for alias in ("default", "ledger"):
            transaction.set_rollback(True, using=alias)
    with django_db_blocker.unblock():
        database.close()
