"""The city in the database: every constraint holds, and each account sees what the table of accounts says."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from access.models import Allocation, CaseAccess, CaseFile
from access.principal import acting_as
from access.roles import Action
from accounts.models import User
from children.models import Address, CaseNote, Child, ChildProfile, Contact, OtherPlan, Person
from cre_case.demo.accounts_table import account_rows
from cre_case.demo.city import City
from cre_case.demo.clock import Clock
from cre_case.demo.load import NotADemo, empty_demo, is_demo, load_city
from tests.database import rows, seeding
from tests.factories import CaseFileFactory

pytestmark = pytest.mark.django_db


def load(children: int = 60) -> None:
    with seeding():
        load_city(City(Clock(timezone.localdate()), children))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def city(db) -> None:
    load()


def seen_by(username: str, action: Action = Action.VIEW_FILE) -> int:
    user = User.objects.get(username=username)
    with acting_as(user.pk):
        return CaseFile.objects.allowing(user, action).count()


SEEN = {
    "social.worker": 22,
    "social.worker2": 18,
    "team.manager": 22,
    "cpm": 32,
    "iro": 9,
    "edt": 69,
    "police": 6,
    "school": 4,
    "health": 4,
    "voluntary": 4,
    "directory.admin": 0,
    "auditor": 69,
    "system.admin": 0,
    "irt.manager": 17,
}


def test_the_table_of_accounts_says_how_many_files_each_sees():
    assert {row[0]: int(row[2]) for row in account_rows()} == SEEN


def test_each_account_sees_what_the_table_says(city):
    assert {name: seen_by(name) for name in SEEN} == SEEN


def test_both_walls_agree_on_what_each_account_sees(city):
    for name, files in SEEN.items():
        user = User.objects.get(username=name)
        with acting_as(user.pk):
            assert CaseFile.objects.count() == files, name


def test_nobody_sees_anything_without_a_principal(city):
    assert CaseFile.objects.count() == 0
    assert rows("SELECT count(*) FROM access_casefile") == [(69,)]


def test_the_social_worker_leads_on_fourteen(city):
    user = User.objects.get(username="social.worker")
    with acting_as(user.pk):
        assert Allocation.objects.filter(worker=user, ended_at__isnull=True).count() == 14


def test_the_excluded_worker_does_not_see_the_relative(city):
    worker, colleague = (User.objects.get(username=name) for name in ("social.worker2", "locality2.worker"))
    with acting_as(colleague.pk):
        assert Child.objects.filter(family_name="Whitcombe").exists()
    with acting_as(worker.pk):
        assert not Child.objects.filter(family_name="Whitcombe").exists()
    assert worker.name.endswith("Whitcombe")


def test_a_share_that_ended_shows_nothing(city):
    user = User.objects.get(username="police")
    with acting_as(user.pk):
        ended = CaseAccess.objects.filter(valid_until__lt=timezone.now()).values_list("case", flat=True)
        assert len(ended) == 2
        assert not CaseFile.objects.filter(pk__in=list(ended)).exists()


def test_confidential_addresses_are_hidden_from_partners_and_quality_assurance_but_not_out_of_hours(city):
    def confidential(name):
        user = User.objects.get(username=name)
        with acting_as(user.pk):
            return Address.objects.filter(confidential=True).count()

    assert confidential("edt") == confidential("social.worker") + 1
    assert confidential("social.worker") == 2
    assert confidential("police") == confidential("auditor") == 0


def test_partners_read_their_own_notes_only(city):
    user = User.objects.get(username="police")
    with acting_as(user.pk):
        notes = list(CaseNote.objects.select_related("agency"))
    assert len(notes) == 2
    assert {note.agency.name for note in notes} == {"Derbyshire Constabulary"}


def test_every_table_of_children_has_rows(city):
    for model in apps.get_app_config("children").get_models():
        ((found,),) = rows(f"SELECT count(*) FROM {model._meta.db_table}")
        assert found > 0, model


def test_every_row_has_only_values_that_its_choices_and_lengths_allow(city):
    with seeding():
        for model in (CaseFile, CaseAccess, Contact, Child, ChildProfile, Address, Person, CaseNote, OtherPlan):
            empty_allowed = [field.name for field in model._meta.fields if field.null]
            for row in model._base_manager.all():
                row.clean_fields(exclude=empty_allowed)


def test_the_next_real_row_and_reference_are_free(city):
    rows("INSERT INTO accounts_agency (name, kind) VALUES ('Another agency', 'council') RETURNING id")
    ((reference,),) = rows("SELECT 'CRE-' || lpad(nextval('sec.case_reference')::text, 6, '0')")
    assert not rows("SELECT 1 FROM access_casefile WHERE reference = %s", reference)


def test_history_is_kept_of_a_loaded_city(city):
    ((files,),) = rows("SELECT count(*) FROM access_rowhistory WHERE table_name = 'access_casefile'")
    assert files == 69


def test_a_constraint_would_have_been_noticed(city):
    with pytest.raises(IntegrityError), transaction.atomic(), seeding():
        Contact._base_manager.update(screening_reason="")


def test_five_hundred_children_load_and_every_link_holds(db):
    load(500)
    assert rows("SELECT count(*) FROM children_child") == [(500,)]
    assert seen_by("area1.manager") in range(140, 146)
    assert seen_by("social.worker") == SEEN["social.worker"]
    assert 10 <= seen_by("area1.police") <= 35


def test_a_city_is_not_loaded_over_files(db):
    CaseFileFactory()
    with pytest.raises(NotADemo), seeding():
        load_city(City(Clock(date(2026, 11, 23))))


def test_a_database_without_the_mark_is_not_emptied(db):
    CaseFileFactory()
    with seeding():
        assert not is_demo()
        with pytest.raises(NotADemo):
            empty_demo()
    assert rows("SELECT count(*) FROM access_casefile") == [(1,)]
