"""What has happened, across the packages: every kind, newest first, each event only for whoever may see its record."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.parts import SOCIAL_CARE_LABELS, Label
from access.principal import acting_as
from accounts.roles import Role
from children.selectors import TIMELINE_KINDS
from cre_case.history import KINDS, SORTS, history
from duties.services import open_report, record_report
from plans.copies.services import ask_for_copy
from plans.models import CaseClosure
from plans.safety import services as safety
from referrals import services as referrals
from tests.assessments.making import work
from tests.children.factories import ago, partner
from tests.database import seeding
from tests.factories import give, lead, person
from tests.meetings.conftest import arrange, hold
from tests.plans.copies.world import DECISION
from tests.referrals.factories import ASKED, direct_worker, provider_team, received_here

pytestmark = pytest.mark.django_db
LATER = tuple(kind for kind in KINDS if kind not in TIMELINE_KINDS)


@pytest.fixture
def maya():
    """A child to whom something of every kind has happened, through the services."""
    child, team = work(given_names="Maya", known_as="Maya"), provider_team()
    case, worker, provider = child.case, child.worker, direct_worker(team, name="Jamal Renwick")
    lead(case, worker)
    child.decide(child.propose("high", {"D01": "current"}))
    hold(arrange(case, worker, "cin", chair_name="Priya Nand"), worker)
    with acting_as(worker.pk):
        report = open_report(case, by=worker, rule_id="MR-02", trigger="Seen at the flat", discovered_at=ago(hours=1))
        record_report(
            report, by=worker, version=report.version, reported_at=timezone.now(), recipient="NRM", method="Online"
        )
        plan = safety.start_safety_plan(case, by=worker, kind="interim")
        plan = safety.write_safety_plan(plan, by=worker, version=plan.version, whom_to_ring="Aunt", tonight="At home")
        safety.bring_into_force(plan, by=worker, version=plan.version)
        ask_for_copy(case, by=worker, kind="family", recipient_name="Maya", safe_to_tell_family=True, **DECISION)
        sent = referrals.send_referral(case, by=worker, service=received_here(team, name="Safe Steps"), **ASKED)
    with acting_as(provider.pk):
        referrals.answer_referral(sent, by=provider, version=sent.version, accepted=True, answer="We start Monday.")
    with seeding():  # an earlier time, before what is told above
        CaseClosure.objects.create(
            case=case, state="reopened", reason="moved", summary="Moved", receiver="Nottingham", proposed_by=worker,
            answer="They have accepted", decided_by=child.manager, decided_at=ago(days=90),
            reopened_because="Back in Derby", reopened_by=child.manager, reopened_at=ago(days=30),
        )  # fmt: skip
    return child


def events(child, user, **options) -> list:
    with acting_as(user.pk):
        return history(child.case, user, limit=50, **options)


def test_each_sort_of_event_is_there_newest_first_and_in_words(maya):
    found = events(maya, maya.worker)
    assert [item.at for item in found] == sorted((item.at for item in found), reverse=True)
    titles = {item.title: item.by for item in found}
    expected = {
        "Risk assessment submitted": maya.worker.name,
        "Tier: High": maya.manager.name,
        "Child in need meeting held": "Priya Nand",
        "Interim safety plan in force": maya.worker.name,
        "Copy of the plan for Maya": maya.worker.name,
        "Referred to Safe Steps": maya.worker.name,
        "Safe Steps answered the referral": "Jamal Renwick",
        "File closed: Another authority is responsible now": maya.manager.name,
        "File opened again": maya.manager.name,
    }
    assert {title: titles.get(title) for title in expected} == expected
    assert {title.split(":")[0] for title in titles} >= {"To report", "Reported"}
    assert {item.kind for item in found} >= set(LATER)


@pytest.mark.parametrize("kind", LATER)
def test_one_kind_alone(maya, kind):
    assert {item.kind for item in events(maya, maya.worker, kind=kind)} == {kind}


def test_only_the_newest_are_read(maya):
    everything = events(maya, maya.worker)
    with acting_as(maya.worker.pk):
        assert history(maya.case, maya.worker, limit=3) == everything[:3]


@pytest.mark.parametrize(
    ("missing", "hidden"),
    [
        (
            Label.CASEWORK,
            {"Risk assessment submitted", "Child in need meeting held", "Copy of the plan for Maya",
             "Referred to Safe Steps", "Safe Steps answered the referral"},
        ),
        (Label.SAFETY, {"Tier: High", "Interim safety plan in force"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("walls", ["both", "the first alone"])
def test_what_somebody_may_not_see_is_no_event_for_them(maya, missing, hidden, walls):
    user = person(Role.SOCIAL_WORKER)
    give(maya.case, user, SOCIAL_CARE_LABELS - {missing})
    if walls == "both":
        found = events(maya, user)
    else:
        with acting_as(user.pk), seeding():
            found = history(maya.case, user, limit=50)
    assert hidden <= {item.title for item in events(maya, maya.worker)}
    assert hidden.isdisjoint(item.title for item in found)
    assert found


def test_a_partner_finds_nothing_of_what_others_did(maya):
    officer = partner(maya.case, Role.POLICE_OFFICER)
    assert {item.kind for item in events(maya, officer)} <= {"allocations", "warnings", "plans"}


def test_two_queries_however_much_has_happened(maya):
    with acting_as(maya.worker.pk), CaptureQueriesContext(connection) as queries:
        history(maya.case, maya.worker, limit=50)
    assert len(queries) <= 2 + 1  # and, the first time, the person's standing


def test_each_source_names_a_kind_that_can_be_asked_for():
    assert {sort.kind for sort in SORTS.values()} == set(LATER)
