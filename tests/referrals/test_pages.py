"""The pages: what each shows to whom, what is typed is kept, and as many queries with three rows as with one."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from referrals import services
from referrals.entries import services as entries
from referrals.escalation import services as escalation
from referrals.information import services as information
from referrals.models import Referral
from tests.children.factories import PersonFactory, SafetyFactory, ago, child_on_file, partner
from tests.database import rows
from tests.factories import give
from tests.referrals.factories import ASKED, TOLD, ServiceFactory, received_here, tier

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def text(response) -> str:
    return response.content.decode()


def queries(client, address: str) -> int:
    client.get(address)  # once before: what is read once for a process
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.get(address)
    assert response.status_code == 200, address
    return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])


def on_file(name: str, case, *more) -> str:
    return reverse(name, args=[case.pk, *more])


def form(**changed) -> dict[str, str]:
    return {"who": "child", **ASKED, "once": str(uuid4()), **changed}


# Choosing and sending


def test_services_that_fit_are_shown_and_the_closed_ones_last(client_for, case, worker, service, team):
    tier(case, "medium", worker)
    received_here(team, name="Only High", lowest_tier="high")
    received_here(team, name="Full House", paused_until=timezone.localdate(), pause_reason="No places.")
    client, address = client_for(worker), on_file("choose_service", case)
    fitting = text(client.get(address))
    assert "Safe Steps" in fitting
    assert "Only High" not in fitting
    every = text(client.get(f"{address}?all=1"))
    assert every.index("Safe Steps") < every.index("Only High") < every.index("Full House")
    assert "Only High is offered from High; the child’s tier is Medium." in every
    assert "No places." in every
    assert reverse("send_referral", args=[case.pk, service.pk]) in every
    assert every.count("Choose<span") == 2, "a paused service cannot be chosen"


def test_a_referral_is_shown_as_it_will_be_read_before_it_is_sent(client_for, case, worker, service):
    client, address = client_for(worker), on_file("send_referral", case, service.pk)
    assert "Enter what you ask for" in text(client.post(address, form(asked_for="")))
    typed = form()
    preview = text(client.post(address, typed))
    assert "What they will read" in preview
    assert ASKED["what_they_need"] in preview
    assert not Referral.objects.exists()
    changed = text(client.post(address, {**typed, "step": "change"}))
    assert ASKED["what_they_need"] in changed
    sent = client.post(address, {**typed, "step": "send"})
    assert rows("SELECT state, asked_for FROM referrals_referral") == [("sent", ASKED["asked_for"])]
    again = client.post(address, {**typed, "step": "send"})
    assert again.url == sent.url
    assert rows("SELECT count(*) FROM referrals_referral") == [(1,)]


def test_a_complicit_parent_is_shown_as_a_choice_that_cannot_be_made(client_for, case, worker, service):
    father = PersonFactory(case=case, name="Dale Fenwick")
    SafetyFactory(case=case, person=father, complicity="considered_complicit")
    client, address = client_for(worker), on_file("send_referral", case, service.pk)
    assert "Dale Fenwick cannot be referred" in text(client.get(address))
    assert "Dale Fenwick cannot be referred" in text(client.post(address, form(who=str(father.pk), step="send")))
    assert rows("SELECT count(*) FROM referrals_referral") == [(0,)]


def test_somebody_of_another_file_is_no_choice(client_for, case, worker, service):
    stranger = PersonFactory(case=child_on_file().case)
    address = on_file("send_referral", case, service.pk)
    assert "from the list" in text(client_for(worker).post(address, form(who=str(stranger.pk), step="send")))


@pytest.mark.parametrize("item", ["x", "0", "999999999"])
def test_an_action_that_is_not_on_the_plan_is_nothing(client_for, case, worker, item):
    assert client_for(worker).get(f"{on_file('choose_service', case)}?item={item}").status_code == 404


def test_hostile_text_comes_back_as_text(client_for, case, worker, service):
    address = on_file("send_referral", case, service.pk)
    preview = text(client_for(worker).post(address, form(asked_for="<script>alert(1)</script>")))
    assert "<script>alert(1)" not in preview
    assert "&lt;script&gt;alert(1)" in preview


# What the provider sees


def test_the_provider_reads_what_was_sent_and_nothing_of_the_sharing(client_for, case, worker, provider, service):
    sent = services.send_referral(case, by=worker, service=service, **ASKED)
    page = on_file("referral", case, sent.pk)
    theirs, ours = text(client_for(provider).get(page)), text(client_for(worker).get(page))
    assert ASKED["what_they_need"] in theirs
    assert ASKED["necessity"] in ours
    assert ASKED["necessity"] not in theirs
    assert "Fenwick" in theirs
    for name in ("child_details", "people", "case_contacts", "who_can_see"):
        assert client_for(provider).get(on_file(name, case)).status_code == 403, name


def test_declining_closes_the_page_on_the_next_click(client_for, case, worker, provider, service):
    sent = services.send_referral(case, by=worker, service=service, **ASKED)
    client, address = client_for(provider), on_file("answer_referral", case, sent.pk)
    assert "Enter why you decline" in text(client.post(address, {"version": 1, "decision": "decline"}))
    done = client.post(address, {"version": 1, "decision": "decline", "answer": "No places"}, follow=True)
    assert done.redirect_chain[-1] == ("/referrals/", 302)
    assert client.get(on_file("referral", case, sent.pk)).status_code == 404
    assert "No places" in text(client_for(worker).get(on_file("case_referrals", case)))


def test_a_partner_sees_no_route_and_no_count(client_for, case, worker):
    escalation.open_route(case, by=worker, route="existing_mat", opened_at=ago(hours=1))
    information.send_information(case, by=worker, **TOLD)
    shown = text(client_for(partner(case, Role.HEALTH_PRACTITIONER)).get(on_file("case_referrals", case)))
    assert "Existing MAT worker" not in shown
    assert "report sent" not in shown


# Information


def test_the_form_for_the_police_says_what_it_is_not(client_for, case, worker):
    shown = text(client_for(worker).get(on_file("send_information", case)))
    assert "If a child is in danger now, call 999" in shown
    assert "does not replace a referral to social care" in shown


def test_a_receipt_is_for_its_sender_alone(client_for, case, worker, manager):
    information.send_information(case, by=worker, **TOLD)
    page = on_file("case_information", case)
    assert TOLD["fact"] in text(client_for(worker).get(page))
    assert TOLD["fact"] not in text(client_for(manager).get(page))


@pytest.mark.parametrize("report", [0, 2**70])
def test_a_report_that_is_none_is_absent(client_for, officer, report):
    assert client_for(officer).get(f"/information/{report}/").status_code == 404


# The directory


def test_a_stale_save_of_an_entry_shows_both_texts(client_for, admin, service):
    first = entries.update_service(by=admin, service=service, version=1, does="Theirs")
    typed = {"version": 1, "name": service.name, "does": "Mine", "lowest_tier": "low", "provider": first.provider_id,
             "team": first.team_id}  # fmt: skip
    shown = client_for(admin).post(reverse("edit_service", args=[service.pk]), typed)
    assert shown.status_code == 409
    assert "Theirs" in text(shown)
    assert "Mine" in text(shown)


def test_a_provider_changes_its_entry_on_its_page(client_for, admin, provider, service):
    entries.let_maintain(by=admin, service=service, person=provider)
    client = client_for(provider)
    assert "Items of the offer it serves" not in text(client.get(reverse("edit_service", args=[service.pk])))
    typed = {"version": 1, "does": "Group work", "youngest": "9", "oldest": "8"}
    assert "must not be below" in text(client.post(reverse("edit_service", args=[service.pk]), typed))
    assert client.post(reverse("edit_service", args=[service.pk]), {**typed, "oldest": "18"}).status_code == 302
    other = ServiceFactory()
    assert client.get(reverse("edit_service", args=[other.pk])).status_code == 403


def test_ending_a_service_in_use_says_how_many_and_not_whose(client_for, admin, case, worker, service):
    services.send_referral(case, by=worker, service=service, **ASKED)
    shown = text(client_for(admin).get(reverse("end_service", args=[service.pk])))
    assert "1 child has an open referral" in shown
    assert "Fenwick" not in shown


# As many queries whatever the rows


def test_lists_take_the_same_queries_with_one_row_and_with_three(
    client_for, case, worker, provider, officer, admin, service, team
):
    def more() -> None:
        other = received_here(team)
        services.send_referral(case, by=worker, service=other, **ASKED)
        information.send_information(case, by=worker, **TOLD)

    pages = [
        (worker, on_file("case_referrals", case)), (worker, on_file("choose_service", case)), (worker, "/referrals/"),
        (worker, on_file("case_information", case)), (worker, on_file("send_referral", case, service.pk)),
        (provider, "/referrals/"), (officer, "/information/"), (admin, "/services/"),
    ]  # fmt: skip
    more()
    one = [queries(client_for(user), address) for user, address in pages]
    more()
    more()
    assert [queries(client_for(user), address) for user, address in pages] == one
    assert max(one) <= MOST_QUERIES, one


def test_a_team_lists_only_files_it_holds(client_for, case, worker, provider, service):
    sent = services.send_referral(case, by=worker, service=service, **ASKED)
    assert "Fenwick" in text(client_for(provider).get("/referrals/"))
    services.withdraw_referral(sent, by=worker, version=1, reason="Moved")
    assert "Fenwick" not in text(client_for(provider).get("/referrals/"))
    give(case, provider, [])
    assert "Withdrawn" in text(client_for(provider).get("/referrals/?state=withdrawn"))
