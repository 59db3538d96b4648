"""The API of assessments, plans, referrals and deadlines: what each may read of whom, and the two things it writes."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import AuditEvent
from accounts.roles import Role
from assessments.services import Evidence
from plans import services as plans
from referrals import services as referrals
from tests.assessments import making
from tests.assessments.making import work
from tests.children.factories import partner
from tests.database import rows
from tests.deadlines.making import due_clock
from tests.factories import CaseFileFactory, give, lead, person, team_of
from tests.plans.test_plan import items
from tests.referrals.factories import ASKED, direct_worker, provider_team, received_here

pytestmark = pytest.mark.django_db
SECRET = "zqsecret"


@pytest.fixture
def maya():
    child = work(born=date(2011, 6, 14))
    lead(child.case, child.worker)
    child.decide(child.propose("medium", {"B02": "current"}))
    return child


@pytest.fixture
def school(maya):
    """A partner whose own action is L04, and who holds the plan."""
    user = partner(maya.case, Role.HEALTH_PRACTITIONER, ["plan"])
    (item,) = items(maya, code="L04")
    plans.assign_item(item, by=maya.worker, version=item.version, agency=team_of(user).agency, measure="Goes each day")
    return user


@pytest.fixture
def provider():
    return direct_worker(provider_team(), name="Jamal Renwick")


@pytest.fixture
def sent(maya, provider):
    service = received_here(team_of(provider), name="Safe Steps")
    return referrals.send_referral(maya.case, by=maya.worker, service=service, **{**ASKED, "necessity": SECRET})


def ask(client, name: str, *args, status: int = 200):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, answer.content
    return answer.json()


def send(client, name: str, *args, status: int = 200, **content):
    answer = client.post(reverse(name, args=args), json.dumps(content), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


# Assessments


def test_assessments_of_a_file_and_the_answers_of_one(maya, client_for):
    client = client_for(maya.worker)
    (one,) = ask(client, "api_assessments", maya.case.pk)["results"]
    assert (one["state"], one["proposed"], one["author"]) == ("submitted", "medium", maya.worker.name)
    whole = ask(client, "api_assessment", maya.case.pk, one["id"])
    given = {answer["code"]: answer["answer"] for answer in whole["answers"]}
    assert given["B02"] == "current"
    assert whole["child_words"] == "I want it to stop."


def test_an_answer_from_restricted_material_is_left_out(monkeypatch, client_for):
    monkeypatch.setattr(making, "HEARD", Evidence(text="From the police", source="police", restricted=True))
    child = work()
    child.propose("medium", {"B02": "current"})
    client = client_for(child.worker)
    (one,) = ask(client, "api_assessments", child.case.pk)["results"]
    given = {answer["code"] for answer in ask(client, "api_assessment", child.case.pk, one["id"])["answers"]}
    assert "B02" not in given
    assert "B01" in given


def test_the_police_read_no_assessment(maya, client_for):
    officer = partner(maya.case, Role.POLICE_OFFICER)
    assert "detail" in ask(client_for(officer), "api_assessments", maya.case.pk, status=403)


# The plan


def test_the_plan_with_its_items(maya, client_for):
    answer = ask(client_for(maya.worker), "api_plan", maya.case.pk)
    assert (answer["tier"], answer["provisional"], answer["state"], len(answer["items"])) == (
        "medium",
        False,
        "open",
        26,
    )
    assert {item["state"] for item in answer["items"]} == {"Not settled"}


def test_a_partner_reads_its_own_action_in_full_and_of_others_what_they_are(maya, school, client_for):
    (other,) = items(maya, code="L05")
    plans.settle_item(other, by=maya.worker, version=other.version, disposition="not_appropriate", reason=SECRET)
    answer = ask(client_for(school), "api_plan", maya.case.pk)
    of = {item["code"]: item for item in answer["items"]}
    assert of["L04"]["measure"] == "Goes each day"
    assert (of["L05"]["state"], of["L05"]["reason"], of["L05"]["version"]) == ("Not appropriate", None, None)
    assert SECRET not in json.dumps(answer)


def test_to_who_holds_only_the_file_the_plan_is_its_own_actions(maya, client_for):
    officer = partner(maya.case, Role.POLICE_OFFICER)
    answer = ask(client_for(officer), "api_plan", maya.case.pk)
    assert answer == {"tier": None, "provisional": None, "state": None, "items": []}


def test_a_partner_says_how_far_its_own_action_is_and_no_others(maya, school, client_for):
    client = client_for(school)
    (own,), (other,) = items(maya, code="L04"), items(maya, code="L05")
    done = send(client, "api_item", maya.case.pk, own.pk, version=own.version, disposition="offered")
    assert done["state"] == "Offered"
    assert items(maya, code="L04")[0].disposition == "offered"
    send(client, "api_item", maya.case.pk, other.pk, version=other.version, disposition="offered", status=404)


def test_a_change_of_an_older_version_is_a_conflict_and_a_refusal_a_sentence(maya, client_for):
    client = client_for(maya.worker)
    (item,) = items(maya, code="M08")
    address = ("api_item", maya.case.pk, item.pk)
    refused = send(client, *address, version=item.version, disposition="not_appropriate", status=400)
    assert refused["detail"].endswith(".")
    send(client, *address, version=item.version, disposition="planned")
    stale = send(client, *address, version=item.version, disposition="offered", status=409)
    assert "Read it again" in stale["detail"]
    assert "disposition" in send(client, *address, version=1, disposition="nonsense", status=400)


# Referrals


def test_the_receiving_team_reads_what_was_sent_and_nothing_of_the_sharing(maya, sent, provider, client_for):
    answer = ask(client_for(provider), "api_referrals")
    (one,) = answer["results"]
    assert (one["service"], one["what_they_need"]) == ("Safe Steps", "She trusts her form tutor.")
    assert SECRET not in json.dumps(answer)
    assert ask(client_for(provider), "api_case_referrals", maya.case.pk)["results"] == [one]
    stranger = direct_worker(provider_team())
    assert ask(client_for(stranger), "api_referrals")["results"] == []


def test_it_accepts_or_declines_with_a_reason(maya, sent, provider, client_for):
    client, address = client_for(provider), ("api_answer_referral", maya.case.pk, sent.pk)
    assert "detail" in send(client, *address, version=sent.version, accepted=False, status=400)
    assert send(client, *address, version=sent.version, accepted=True)["state"] == "accepted"
    assert ask(client_for(maya.worker), "api_case_referrals", maya.case.pk)["results"][0]["state"] == "accepted"


def test_who_declines_is_answered_and_then_sees_nothing_more(maya, sent, provider, client_for):
    client, address = client_for(provider), ("api_answer_referral", maya.case.pk, sent.pk)
    assert send(client, *address, version=sent.version, accepted=False, answer="Full")["answer"] == "Full"
    ask(client, "api_case_referrals", maya.case.pk, status=404)


# Deadlines


def test_what_is_due_for_me_and_on_a_file(maya, client_for):
    client = client_for(maya.worker)
    mine = ask(client, "api_deadlines")["results"]
    on_file = ask(client, "api_case_deadlines", maya.case.pk)["results"]
    assert {one["rule"] for one in mine} == {"RV-MEDIUM", "TG-GAP"}
    threshold = next(one for one in on_file if one["rule"] == "TG-THRESHOLD")
    assert threshold["owner"] == "A Child Protection Manager"
    assert threshold["source"].startswith("Local target, not law")


def test_a_partner_reads_no_deadline(maya, client_for):
    due_clock(maya.case, rule_id="MR-01")
    officer = partner(maya.case, Role.POLICE_OFFICER)
    ask(client_for(officer), "api_case_deadlines", maya.case.pk, status=403)
    ask(client_for(officer), "api_deadlines", status=403)


# What holds for all


@pytest.mark.parametrize("name", ["api_assessments", "api_plan", "api_case_referrals", "api_case_deadlines"])
def test_a_file_out_of_sight_is_absent_and_each_look_is_in_the_ledger(maya, client_for, name):
    stranger = person(Role.SOCIAL_WORKER)
    ask(client_for(stranger), name, maya.case.pk, status=404)
    ask(client_for(maya.worker), name, maya.case.pk)
    found = rows("SELECT kind FROM access_auditevent WHERE case_id = %s AND kind = %s", maya.case.pk, "read")
    assert found == [(AuditEvent.Kind.READ,)]


def test_lists_take_the_same_queries_for_one_and_three(maya, sent, client_for):
    client = client_for(maya.worker)
    names = ["api_referrals", "api_deadlines"]

    def costs() -> list[int]:
        found = []
        for name in names:
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            found.append(len(queries))
        return found

    first = costs()
    for _ in range(2):
        other = CaseFileFactory()
        give(other, maya.worker)
        lead(other, maya.worker)
        due_clock(other)
    assert costs() == first
    assert max(first) <= 15


def test_the_schema_is_sound():
    """Every address and field is described, without a warning."""
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
