"""The worked cases of DOMAIN section 10, as far as assessment and tier go, with every date."""

from datetime import UTC, date, datetime

import pytest

from access.principal import acting_as
from access.refusals import Refused
from assessments import services
from assessments.models import CPMMatter, EffectiveTier
from children.models import Child
from children.services import update_child
from deadlines.models import Deadline
from offer.exploitation_types import ExploitationType
from tests.assessments.making import moment, work

pytestmark = pytest.mark.django_db


def clock(case, rule_id: str) -> Deadline | None:
    return Deadline.objects.filter(case=case, rule_id=rule_id).order_by("-pk").first()


def tier(case) -> tuple[str, bool]:
    row = EffectiveTier.objects.get(case=case, until_at__isnull=True)
    return row.tier, row.provisional


def test_case_a_a_girl_of_15_is_low_without_a_child_protection_manager():
    amira = work(born=date(2011, 6, 14))
    with amira.on(date(2026, 11, 5)):
        proposal = amira.propose("low", {"F02": "current", "E04": "suspected"})
        assert (proposal.suggested, proposal.suggestion) == ("low", "Low")
        with acting_as(amira.worker.pk):
            assert clock(amira.case, "TG-MANAGER").limit_on == date(2026, 11, 9)
    with amira.on(date(2026, 11, 9)):
        decision = amira.decide(proposal)
    with acting_as(amira.worker.pk):
        assert (decision.waits_for_cpm, tier(amira.case)) == (False, ("low", False))
        assert clock(amira.case, "TG-MANAGER").state == "met"
        assert clock(amira.case, "RV-LOW").limit_on == date(2027, 2, 9)
        assert clock(amira.case, "TG-CPM") is None
        assert clock(amira.case, "TS-03") is None


def test_case_a_the_author_does_not_decide():
    amira = work()
    proposal = amira.propose("low", {"F02": "current"})
    with pytest.raises(Exception, match="Only a team manager"):
        amira.decide(proposal, by=amira.worker)


def test_case_b_a_boy_of_14_is_medium_and_the_nrm_is_asked_for():
    kofi = work(born=date(2012, 3, 2))
    with kofi.on(date(2026, 12, 23)):
        proposal = kofi.propose(
            "medium", {"B02": "current", "E01": "current", "D02": "suspected"},
            types={ExploitationType.CCE_COUNTY_LINES: "suspected"},
        )  # fmt: skip
        assert proposal.suggested == "medium"
        kofi.decide(proposal)
        with acting_as(kofi.worker.pk):
            assert tier(kofi.case) == ("medium", False)
            assert clock(kofi.case, "RV-MEDIUM").limit_on == date(2027, 2, 3)
            assert clock(kofi.case, "TG-NRM").limit_on == date(2026, 12, 29)


@pytest.fixture
def theo():
    return work(born=date(2014, 2, 14))


def low_for_theo(theo):
    with theo.on(date(2027, 1, 26)):
        proposal = theo.propose("low", {"F02": "current", "E04": "suspected"})
    with theo.on(date(2027, 1, 27)):
        return theo.decide(proposal)


def test_case_d_a_boy_of_12_is_medium_until_the_child_protection_manager_agrees(theo):
    with theo.on(date(2027, 1, 19)), acting_as(theo.worker.pk):
        single = services.start_supporting(
            theo.case, by=theo.worker, kind="single_assessment", started_at=moment(date(2027, 1, 19), 10)
        )
        assert clock(theo.case, "TS-03").limit_on == date(2027, 3, 23)
    decision = low_for_theo(theo)
    assert decision.waits_for_cpm
    with acting_as(theo.worker.pk):
        assert tier(theo.case) == ("medium", True)
        assert clock(theo.case, "TG-CPM").limit_on == date(2027, 2, 3)
        assert clock(theo.case, "RV-MEDIUM").limit_on == date(2027, 3, 10)
        birthday = Deadline.objects.get(case=theo.case, about="turned_13")
        assert (birthday.started_at.date(), birthday.limit_on) == (date(2027, 2, 14), date(2027, 2, 16))
    with theo.on(date(2027, 2, 1)):
        theo.agree(decision, outcome="more_assessment_needed", more_needed="A Single Assessment", names=())
        with acting_as(theo.worker.pk):
            assert (tier(theo.case), clock(theo.case, "TG-CPM").state) == (("medium", True), "met")
    with theo.on(date(2027, 2, 15)), pytest.raises(Refused, match="must be authorised"):
        theo.agree(decision)
    with theo.on(date(2027, 3, 18)), acting_as(theo.worker.pk):
        single = services.complete_supporting(
            single, by=theo.worker, version=single.version, completed_on=date(2027, 3, 18), summary="All of it."
        )
    with theo.on(date(2027, 3, 18)), pytest.raises(Refused, match="must be authorised"):
        theo.agree(decision)
    with theo.on(date(2027, 3, 19)), acting_as(theo.manager.pk):
        services.authorise_supporting(single, by=theo.manager, version=single.version)
        assert clock(theo.case, "TS-03").state == "met"
        assert clock(theo.case, "TG-CPM").limit_on == date(2027, 3, 30)  # two bank holidays on the way
    with theo.on(date(2027, 3, 23)):
        theo.agree(decision, supporting=[single])
    with acting_as(theo.worker.pk):
        assert tier(theo.case) == ("low", False)
        assert EffectiveTier.objects.get(case=theo.case, until_at=None).from_at.date() == date(2027, 3, 23)
        assert clock(theo.case, "RV-LOW").limit_on == date(2027, 6, 23)
        assert not CPMMatter.objects.filter(case=theo.case, closed_at=None).exists()


def test_case_d_turning_13_changes_nothing_by_itself(theo):
    decision = low_for_theo(theo)
    with theo.on(date(2027, 2, 20)):
        with acting_as(theo.worker.pk):
            assert tier(theo.case) == ("medium", True)
        theo.eha(day=date(2027, 2, 19))
        theo.agree(decision, names=("cre", "eha"))
        with acting_as(theo.worker.pk):
            assert tier(theo.case) == ("low", False)


def test_case_f_from_16_to_17_the_birthday_asks_for_a_look():
    callum = work(born=date(2009, 11, 30))
    with callum.on(date(2026, 10, 19)):
        callum.decide(callum.propose("medium", {"B02": "current"}))
        with acting_as(callum.worker.pk):
            assert clock(callum.case, "RV-MEDIUM").limit_on == date(2026, 11, 30)
            event = Deadline.objects.get(case=callum.case, about="turned_17")
            assert (event.started_at.date(), event.limit_on) == (date(2026, 11, 30), date(2026, 12, 2))


def test_send_recorded_for_a_child_who_is_low_is_never_left_at_low():
    amira = work()
    with amira.on(date(2026, 11, 9)):
        decision = amira.decide(amira.propose("low", {"F02": "current"}))
    with amira.on(date(2026, 11, 16)):
        with acting_as(amira.worker.pk):
            child = Child.objects.get(case=amira.case)
            update_child(child, by=amira.worker, version=child.version, send_status="recorded")
            assert tier(amira.case) == ("medium", True)
            assert clock(amira.case, "TG-CPM").limit_on == date(2026, 11, 23)
            assert clock(amira.case, "RV-LOW").state == "ended"
        amira.eha(day=date(2026, 11, 16))
        amira.agree(decision, names=("cre", "eha"))
        with acting_as(amira.worker.pk):
            assert tier(amira.case) == ("low", False)


def test_the_moment_of_the_clock_of_a_proposal_of_high_is_the_same_day():
    maya = work()
    with maya.on(date(2026, 11, 20)):
        maya.propose("high", {"D01": "current"})
        with acting_as(maya.worker.pk):
            limit = clock(maya.case, "TG-MANAGER-HIGH").limit_at
    assert limit == datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
