"""Pages of the plan: what a line says and to whom, and where an action leads."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from plans.presenters import HELD
from tests.assessments.making import work
from tests.children.factories import partner
from tests.meetings.conftest import arrange
from tests.plans.test_plan import LOW, items

pytestmark = pytest.mark.django_db


@pytest.fixture
def theo():
    """Twelve years old, low decided: the items of MEDIUM wait for a Child Protection Manager."""
    child = work(born=date(2014, 9, 14))
    child.decide(child.propose("low", LOW))
    return child


def text(client, name, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_plan_says_what_is_on_hold_and_why_to_who_sees_it_in_full(theo, client_for):
    shown = text(client_for(theo.worker), "plan", theo.case.pk)
    assert (shown.count("On hold"), shown.count(HELD)) == (14, 14)
    partners = text(client_for(partner(theo.case, Role.POLICE_OFFICER, ["plan"])), "plan", theo.case.pk)
    assert (partners.count("On hold"), HELD in partners) == (14, False)


def test_an_action_leads_to_a_referral_that_knows_it(theo, client_for):
    (item,) = items(theo, code="L10")
    address = f"{reverse('choose_service', args=[theo.case.pk])}?item={item.pk}"
    client = client_for(theo.worker)
    assert f'href="{address}"' in text(client, "plan_item", theo.case.pk, item.pk)
    assert client.get(address).status_code == 200


def test_nothing_is_referred_for_an_item_on_hold_nor_by_who_may_not(theo, client_for):
    (held,) = items(theo, code="M08")
    assert "Refer to a service" not in text(client_for(theo.worker), "plan_item", theo.case.pk, held.pk)
    (item,) = items(theo, code="L10")
    assert client_for(theo.cpm).get(reverse("plan_item", args=[theo.case.pk, item.pk])).status_code == 403


def test_what_stands_in_the_way_of_closing_is_shown_beside_each_reason(client_for):
    child = work()
    child.decide(child.propose("medium", {"B02": "current"}))
    form = text(client_for(child.worker), "propose_closing", child.case.pk)
    for sentence in ("not low or “no current concern”", "not 18 yet", "Transition was not considered"):
        assert sentence in form
    arrange(child.case, child.worker)
    page = text(client_for(child.worker), "closing", child.case.pk)
    assert "A meeting is arranged." in page
    assert "Propose to close the file" not in page


@pytest.mark.parametrize(("page", "most"), [("closing", 15), ("propose_closing", 20)])
def test_what_the_pages_of_closing_ask(client_for, page, most):
    """The form asks the guard on low anew, which reads the assessment it rests on."""
    child = work()
    child.decide(child.propose("low", LOW))
    client = client_for(child.worker)
    text(client, page, child.case.pk)
    with CaptureQueriesContext(connection) as asked:
        text(client, page, child.case.pk)
    assert len(asked) <= most, len(asked)
