"""A contact starts its clocks when the council was told: TS-01 to decide, TS-02 to confirm a call in writing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access.refusals import Refused
from accounts.roles import Role
from children import services
from tests.children.factories import ago, child_on_file, council_team
from tests.database import rows
from tests.factories import give, person

pytestmark = pytest.mark.django_db

TOLD = {"source": "school", "details": "Went home with a new phone."}


@pytest.fixture
def team():
    return council_team(receives_contacts=True)


@pytest.fixture
def taker(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def screener(team):
    return person(Role.TEAM_MANAGER, team)


def told(taker, team, method="phone"):
    return services.record_contact(by=taker, team=team, received_at=ago(hours=5), method=method, **TOLD)


def clocks() -> dict[str, str]:
    return dict(rows("SELECT rule_id, state FROM deadlines_deadline ORDER BY id"))


@pytest.mark.parametrize(
    ("method", "started"), [("phone", {"TS-01": "open", "TS-02": "open"}), ("email", {"TS-01": "open"})]
)
def test_the_clocks_run_from_when_the_council_was_told(taker, team, method, started):
    contact = told(taker, team, method)
    assert clocks() == started
    moments = {row[0] for row in rows("SELECT started_at FROM deadlines_deadline")}
    assert moments == {contact.received_at}
    assert {row[0] for row in rows("SELECT about FROM deadlines_deadline")} == {f"contact:{contact.pk}"}
    assert all(step for (step,) in rows("SELECT next_step FROM deadlines_deadline"))


@pytest.mark.parametrize(("accepted", "writing"), [(True, "open"), (False, "ended")])
def test_screening_is_the_decision(taker, screener, team, accepted, writing):
    services.screen_contact(told(taker, team), by=screener, accepted=accepted, reason="Known to early help")
    assert clocks() == {"TS-01": "met", "TS-02": writing}


def test_a_call_is_confirmed_in_writing_once(taker, team):
    contact = told(taker, team)
    services.confirm_in_writing(contact, by=taker, confirmed_at=ago(hours=1))
    assert clocks() == {"TS-01": "open", "TS-02": "met"}
    with pytest.raises(Refused, match="waits for no confirmation"):
        services.confirm_in_writing(contact, by=taker, confirmed_at=ago(hours=1))


def test_a_confirmation_is_not_before_the_call_nor_ahead(taker, team):
    contact = told(taker, team)
    with pytest.raises(Refused, match="before the call"):
        services.confirm_in_writing(contact, by=taker, confirmed_at=ago(hours=6))
    with pytest.raises(Refused, match="future"):
        services.confirm_in_writing(contact, by=taker, confirmed_at=ago(hours=0) + timedelta(hours=1))


def test_a_contact_that_is_moved_takes_what_it_waits_for_along(taker, screener, team):
    known = child_on_file()
    give(known.case, team)
    contact = told(taker, team)
    services.link_contact(contact, by=screener, to_case=known.case)
    on_new = rows("SELECT rule_id, state FROM deadlines_deadline WHERE case_id = %s", known.case_id)
    on_old = dict(rows("SELECT rule_id, state FROM deadlines_deadline WHERE case_id = %s", contact.case_id))
    assert on_new == [("TS-02", "open")]
    assert on_old == {"TS-01": "met", "TS-02": "ended"}


def test_the_page_of_a_contact_says_what_is_due_and_takes_the_confirmation(client_for, taker, team):
    contact = told(taker, team)
    client, page = client_for(taker), reverse("contact", args=[contact.case_id, contact.pk])
    form = reverse("confirm_contact", args=[contact.case_id, contact.pk])
    shown = client.get(page).content.decode()
    assert "Social worker decides on a referral" in shown
    assert form in shown
    at = ago(hours=1).astimezone()
    sent = {"confirmed_at_day": at.day, "confirmed_at_month": at.month, "confirmed_at_year": at.year,
            "confirmed_at_time": f"{at:%H:%M}"}  # fmt: skip
    assert client.post(form, sent).status_code == 302
    assert form not in client.get(page).content.decode()
