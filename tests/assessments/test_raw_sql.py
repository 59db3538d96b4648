"""What the services refuse, the database refuses too: to a manager who writes SQL."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from access.principal import acting_as
from accounts.roles import Role
from assessments.models import CPMMatter, EffectiveTier, TierDecision
from children.models import Child
from tests.assessments.making import work
from tests.database import seeding
from tests.factories import MembershipFactory, team_of

pytestmark = pytest.mark.django_db


def run(user, statement: str, *arguments) -> int:
    with acting_as(user.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.rowcount


TIER = (
    "INSERT INTO assessments_effectivetier (case_id, tier, provisional, cause, decision_id, agreement_id, set_by_id,"
    " from_at) VALUES (%s, %s, false, %s, %s, NULL, %s, now())"
)  # fmt: skip


@pytest.fixture
def theo():
    return work(born=date(2014, 9, 14))


@pytest.fixture
def decision(theo):
    return theo.decide(theo.propose("low", {"F02": "current"}))


def test_low_for_a_protected_child_without_agreement(theo, decision):
    run(theo.manager, "UPDATE assessments_effectivetier SET until_at = from_at WHERE case_id = %s", theo.case.pk)
    with pytest.raises(DatabaseError, match="until a Child Protection Manager agrees"):
        run(theo.manager, TIER, theo.case.pk, "low", "decision", decision.pk, theo.manager.pk)


TWELVE, FIFTEEN = date(2014, 9, 14), date(2010, 9, 14)


@pytest.mark.parametrize(
    ("when_assessed", "now", "is_open"),
    [
        pytest.param({"born": TWELVE}, {"date_of_birth": FIFTEEN}, False, id="made older since"),
        pytest.param({"born": FIFTEEN}, {"date_of_birth": TWELVE}, False, id="found to be younger since"),
        pytest.param({"born": None}, {"date_of_birth": FIFTEEN}, False, id="the date of birth was not known then"),
        pytest.param({"send": "recorded"}, {"send_status": "none"}, False, id="SEND removed since"),
        pytest.param({"send": "none"}, {"send_status": "suspected"}, False, id="SEND suspected since"),
        pytest.param({}, {}, True, id="nothing but an open matter"),
    ],
)
def test_each_ground_alone_asks_for_an_agreement(when_assessed, now, is_open):
    child = work(**when_assessed)
    decision = child.decide(child.propose("low", {"F02": "current"}))
    with seeding():
        Child.objects.filter(case=child.case).update(**now)
        CPMMatter.objects.filter(case=child.case).update(closed_at=timezone.now())
        EffectiveTier.objects.filter(case=child.case).update(until_at=F("from_at"))
        if is_open:
            CPMMatter.objects.create(case=child.case, opened_because="send_recorded", opened_at=timezone.now())
    with pytest.raises(DatabaseError, match="until a Child Protection Manager agrees"):
        run(child.manager, TIER, child.case.pk, "low", "decision", decision.pk, child.manager.pk)


def test_no_current_concern_is_no_way_round(theo, decision):
    with pytest.raises(DatabaseError, match="rests on a decision"):
        run(theo.manager, TIER, theo.case.pk, "none", "decision", decision.pk, theo.manager.pk)


def test_low_without_any_decision(theo):
    with pytest.raises(DatabaseError, match="rests on a decision"):
        run(theo.manager, TIER, theo.case.pk, "low", "send", None, theo.manager.pk)


def test_a_tier_set_by_a_worker(theo):
    with pytest.raises(DatabaseError, match="row-level security"):
        run(theo.worker, TIER, theo.case.pk, "high", "decision", None, theo.worker.pk)


def test_a_tier_set_in_anothers_name(theo, decision):
    with pytest.raises(DatabaseError, match="row-level security"):
        run(theo.manager, TIER, theo.case.pk, "high", "decision", decision.pk, theo.cpm.pk)


def test_history_is_not_rewritten(theo, decision):
    for column in ("tier", "provisional", "cause", "from_at", "decision_id"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(theo.manager, f"UPDATE assessments_effectivetier SET {column} = {column}")
    with pytest.raises(DatabaseError, match="permission denied"):
        run(theo.manager, "DELETE FROM assessments_effectivetier")
    with pytest.raises(DatabaseError, match="permission denied"):
        run(theo.manager, "UPDATE assessments_tierdecision SET decided = 'low'")
    with acting_as(theo.worker.pk):
        assert EffectiveTier.objects.filter(case=theo.case, tier="medium", provisional=True).count() == 1


def test_a_manager_agrees_as_child_protection_manager(theo, decision):
    answer = (
        "INSERT INTO assessments_cpmagreement (case_id, decision_id, assessment_id, content_hash, outcome,"
        " required_tier, names, supporting, sufficient_because, more_needed, reason, decided_by_id, decided_at)"
        " VALUES (%s, %s, %s, 'x', 'agreed', '', '{cre}', '{}', '', '', 'x', %s, now())"
    )
    values = (theo.case.pk, decision.pk, decision.assessment_id)
    with pytest.raises(DatabaseError, match=r"row-level security|Who decided"):
        run(theo.manager, answer, *values, theo.manager.pk)
    with pytest.raises(DatabaseError, match="row-level security"):
        run(theo.manager, answer, *values, theo.cpm.pk)


def test_a_submitted_assessment_and_its_answers_stay(theo, decision):
    for statement in (
        "UPDATE assessments_assessment SET worried_about = 'x'",
        "UPDATE assessments_answer SET answer = 'none'",
        "UPDATE assessments_consideredtype SET status = 'none'",
    ):
        with pytest.raises(DatabaseError, match=r"not changed|Only a draft"):
            run(theo.worker, statement)


def test_an_author_who_is_a_manager_too_does_not_decide(theo):
    MembershipFactory(user=theo.worker, team=team_of(theo.manager), role=Role.TEAM_MANAGER)
    proposal = theo.propose("medium", {"B02": "current"})
    values = (theo.case.pk, proposal.pk, proposal.assessment_id, theo.worker.pk)
    with pytest.raises(DatabaseError, match="does not decide"):
        run(
            theo.worker,
            "INSERT INTO assessments_tierdecision (case_id, proposal_id, assessment_id, decided, reason, override,"
            " waits_for_cpm, grounds, decided_by_id, decided_at)"
            " VALUES (%s, %s, %s, 'medium', 'x', '', false, '[]', %s, now())",
            *values,
        )
    with acting_as(theo.worker.pk):
        assert not TierDecision.objects.exists()
