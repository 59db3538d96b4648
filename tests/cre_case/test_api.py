"""The API: the same walls as the pages, refusals in a sentence, and a schema that describes each answer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import AuditEvent
from access.roles import Action
from accounts.roles import Role
from tests.children.factories import ChildFactory
from tests.database import rows
from tests.factories import CaseFileFactory, give, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return person(Role.SOCIAL_WORKER)


@pytest.fixture
def case(worker):
    case = CaseFileFactory()
    give(case, worker)
    ChildFactory(case=case, given_names="Ada")
    return case


@pytest.fixture
def client(worker):
    client = Client()
    client.force_login(worker)
    return client


def test_a_child_is_answered_to_whoever_holds_the_file(client, case):
    answer = client.get(reverse("api_child", args=[case.pk])).json()
    assert (answer["reference"], answer["given_names"]) == (case.reference, "Ada")


def test_the_list_holds_the_children_of_held_files_and_names_each_in_the_ledger(client, case):
    ChildFactory()
    answer = client.get(reverse("api_children")).json()
    assert ([one["case"] for one in answer["results"]], answer["more"]) == ([str(case.pk)], False)
    ((named,),) = rows("SELECT case_ids FROM access_auditevent WHERE kind = %s", AuditEvent.Kind.LIST)
    assert named == [case.pk]


def test_a_list_takes_the_same_queries_for_one_child_and_three(client, case, worker):
    client.get(reverse("api_children"))  # the first request of a session writes when it began
    with CaptureQueriesContext(connection) as for_one:
        client.get(reverse("api_children"))
    for _ in range(2):
        give(ChildFactory().case, worker)
    with CaptureQueriesContext(connection) as for_three:
        client.get(reverse("api_children"))
    assert len(for_three) == len(for_one) <= 15


def test_refusals_are_a_sentence(case):
    answer = Client().get(reverse("api_child", args=[case.pk]))
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})


def test_there_is_no_page_to_browse_it_with(client, case):
    answer = client.get(reverse("api_child", args=[case.pk]), headers={"accept": "text/html"})
    assert answer["Content-Type"] == "application/json"


def test_the_schema_describes_every_address(client):
    described = client.get(reverse("api_schema")).json()["paths"]
    assert described.keys() >= {"/api/v1/children/", "/api/v1/children/{case}/"}


def test_the_actions_of_the_api_are_those_of_the_pages():
    from cre_case.api.children import Children, OneChild

    assert (Children.action, OneChild.action) == (Action.LIST_CHILDREN, Action.VIEW_FILE)
