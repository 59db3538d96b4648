"""One file from its first contact to its end and back: at each step the state of the work is what was recorded."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.urls import reverse

from access.principal import acting_as
from accounts.roles import AgencyKind, Role
from assessments import services
from assessments.decisions.services import send_back
from cre_case.case_state import state_of_work
from deadlines.models import Deadline
from offer.case_states import MOVES, CaseState
from tests.children.factories import ContactFactory, ago
from tests.database import seeding
from tests.factories import TeamFactory, agency, give, person, team_of
from tests.plans.test_closing import close, held, propose, reopen
from tests.plans.test_plan import HIGH, LOW, MEDIUM

pytestmark = pytest.mark.django_db


class Watched:
    """A child's file, whose state is asked after each step."""

    def __init__(self, **about) -> None:
        self.child = held(**about)
        self.at = self.now()

    def now(self) -> CaseState:
        with acting_as(self.child.manager.pk):
            return state_of_work(self.child.case, self.child.manager)

    @contextmanager
    def becomes(self, state: CaseState):
        yield
        now = self.now()
        assert now is state
        assert now is self.at or now in MOVES[self.at], f"{self.at} became {now}"
        self.at = now


def test_from_a_contact_to_the_end_and_open_again():
    watched = Watched()
    child = watched.child
    with watched.becomes(CaseState.NEW):
        contact = ContactFactory(case=child.case)
    with watched.becomes(CaseState.SCREENING), seeding():
        contact.outcome, contact.screened_by, contact.screened_at = "accepted", child.manager, ago(hours=1)
        contact.save()
    with watched.becomes(CaseState.ASSESSMENT), acting_as(child.worker.pk):
        draft = services.start_assessment(
            child.case, by=child.worker, reason="new_concern", concern_on=date(2020, 1, 1)
        )
    with watched.becomes(CaseState.SCREENING), acting_as(child.worker.pk):
        services.withdraw_assessment(draft, by=child.worker, version=draft.version)
    with watched.becomes(CaseState.TIER_PROPOSED):
        watched.at = CaseState.ASSESSMENT  # written and submitted in one
        first = child.propose("medium", MEDIUM)
    with watched.becomes(CaseState.ASSESSMENT), acting_as(child.manager.pk):
        send_back(first, by=child.manager, question="What of school?")
    with watched.becomes(CaseState.TIER_PROPOSED):
        second = child.propose("medium", MEDIUM)
    with watched.becomes(CaseState.ACTIVE):
        child.decide(second)
    with watched.becomes(CaseState.REVIEW_DUE), seeding():
        Deadline.objects.filter(case=child.case, rule_id="RV-MEDIUM").update(
            started_at=ago(days=50), limit_at=ago(hours=1)
        )
    with watched.becomes(CaseState.STEP_UP_PENDING):
        higher = child.propose("high", HIGH)
    with watched.becomes(CaseState.ACTIVE):
        child.decide(higher)
    with watched.becomes(CaseState.STEP_DOWN_PENDING):
        lower = child.propose("low", LOW)
    with watched.becomes(CaseState.ACTIVE):
        child.decide(lower, second_decider=child.cpm)
    with watched.becomes(CaseState.CLOSURE_PROPOSED):
        propose(child)
    with watched.becomes(CaseState.CLOSED):
        close(child)
    with watched.becomes(CaseState.REOPENED):
        reopen(child)
    with watched.becomes(CaseState.ASSESSMENT), acting_as(child.manager.pk):
        give(child.case, team_of(child.worker), source="team", until=None)
        services.start_assessment(child.case, by=child.worker, reason="review", concern_on=date(2020, 1, 1))


def test_low_for_a_child_of_12_waits_for_a_child_protection_manager():
    watched = Watched(born=date(2016, 6, 14))
    proposal = watched.child.propose("low", LOW)
    watched.at = CaseState.TIER_PROPOSED
    with watched.becomes(CaseState.CPM_PENDING):
        watched.child.decide(proposal)


@pytest.mark.parametrize(
    ("reason", "state"),
    [("moved", CaseState.TRANSFERRED), ("died", CaseState.CLOSED)],
)
def test_how_a_file_ended_is_part_of_its_state(reason, state):
    watched = Watched()
    watched.child.decide(watched.child.propose("low", LOW))
    propose(watched.child, reason=reason, receiver="Nottingham, who accepted" if reason == "moved" else "")
    watched.at = CaseState.CLOSURE_PROPOSED
    with watched.becomes(state):
        close(watched.child)


def test_the_overview_says_it_to_whoever_sees_all_it_is_read_from_and_to_nobody_else(client_for):
    child = held()
    page = reverse("case_file", args=[child.case.pk])
    assert "State of the work" in client_for(child.worker).get(page).content.decode()
    for role, kind in ((Role.POLICE_OFFICER, AgencyKind.POLICE), (Role.EARLY_HELP, AgencyKind.EDUCATION)):
        partner = person(role, TeamFactory(agency=agency(kind)))
        give(child.case, team_of(partner), labels=("core", "plan"))
        shown = client_for(partner).get(page)
        assert shown.status_code == 200
        assert "State of the work" not in shown.content.decode(), role
