"""How a database without anybody gets its first administrator."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import User
from accounts.roles import Role
from tests.database import seeding

pytestmark = pytest.mark.django_db


def create(username="beth") -> str:
    said = StringIO()
    call_command("create_first_administrator", username, "Beth Farrow", stdout=said)
    return said.getvalue()


def test_the_first_administrator_has_a_one_time_password_and_that_role():
    with seeding():
        password = create("Beth").strip().rsplit(" ", 1)[-1]
    person = User.objects.get(username="beth")
    assert person.check_password(password)
    assert person.must_change_password
    assert [one.role for one in person.memberships.all()] == [Role.SYSTEM_ADMIN]


def test_there_is_only_one_first():
    with seeding():
        create()
        with pytest.raises(CommandError, match="already"):
            create("sam")


def test_the_program_itself_cannot_do_it():
    with pytest.raises(DatabaseError, match="Only a system administrator"), transaction.atomic():
        create()
