"""What must be reported: opened by what was found, with its clocks; made by whoever must; closed only with a reason."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actions import case_action
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from accounts.roles import Role
from deadlines.models import Deadline
from duties import services
from duties.models import MandatoryReport
from offer.answers import Answer, Answered, Weight
from offer.exploitation_types import ExploitationType, TypeStatus
from tests.assessments.making import work
from tests.factories import give, person, team_of

pytestmark = pytest.mark.django_db
FOUND = datetime(2026, 11, 30, 15, tzinfo=UTC)


@case_action(Action.ADD_NOTE)
def _saving(case, *, by, types=None, answers=(), at=FOUND, about="assessment:1"):
    return services.open_for_answers(case, by=by, about=about, types=types or {}, answers=answers, discovered_at=at)


def item(code: str, answer: Answer = Answer.CURRENT) -> Answered:
    return Answered(code, code[0], Weight.CRITICAL, answer)


def clocks(case, worker) -> dict[str, date]:
    with acting_as(worker.pk):
        return {one.rule_id: one.limit_on for one in Deadline.objects.filter(case=case, about__startswith="report")}


@pytest.fixture
def child():
    return work(born=date(2011, 6, 14))


@pytest.mark.parametrize(
    ("types", "answers", "opened"),
    [
        ({}, [item("K02")], {"MR-01"}),
        ({}, [item("K02", Answer.NONE)], set()),
        ({}, [item("K03", Answer.SUSPECTED)], {"MR-01b"}),
        ({}, [item("K04")], {"MR-04"}),
        ({}, [item("D02", Answer.HISTORIC)], {"MR-02", "MR-02b", "MR-02c"}),
        ({ExploitationType.CCE_COUNTY_LINES: TypeStatus.SUSPECTED}, [], {"MR-02", "MR-02b", "MR-02c"}),
        ({ExploitationType.HONOUR_BASED: TypeStatus.CONFIRMED}, [], {"MR-09"}),
        ({ExploitationType.CSE: TypeStatus.CONFIRMED}, [], set()),
    ],
)
def test_answers_open_the_reports_they_call_for_once(child, types, answers, opened):
    made = _saving(child.case, by=child.worker, types=types, answers=answers)
    assert {one.rule_id for one in made} == {one for one in opened if services.DUTIES[one].timescale.has_limit}
    assert _saving(child.case, by=child.worker, types=types, answers=answers) == []


def test_known_fgm_has_two_limits_and_is_hidden_from_the_family(child):
    (report,) = _saving(child.case, by=child.worker, answers=[item("K02")])
    with acting_as(child.worker.pk):
        clock = Deadline.objects.get(case=child.case, rule_id="MR-01")
    assert (clock.limit_on, timezone.localdate(clock.soft_at)) == (date(2026, 12, 30), date(2026, 12, 1))
    assert (report.hidden_from_family, clock.owner) == (True, child.worker)


@pytest.mark.parametrize(
    ("profession", "how", "rule"),
    [
        ("social_care", "told_by_the_girl", "MR-01"),
        ("teacher", "saw_signs", "MR-01"),
        ("health", "told_by_another", "MR-01b"),
        ("teaching_assistant", "told_by_the_girl", "MR-01b"),
        ("police", "saw_signs", "MR-01b"),
    ],
)
def test_how_you_know_decides_the_route(child, profession, how, rule):
    (report,) = _saving(child.case, by=child.worker, answers=[item("K02")], at=timezone.now())
    answered = services.answer_how_known(
        report, by=child.worker, version=report.version, how_known=how, profession=profession
    )
    assert answered.rule_id == rule
    running = Deadline.objects.none()
    with acting_as(child.worker.pk):
        running = set(Deadline.objects.filter(case=child.case, state="open").values_list("rule_id", flat=True))
    assert running == {rule}


def test_nobody_reports_in_place_of_the_person_whose_duty_it_is(child):
    report = services.open_report(
        child.case, by=child.worker, rule_id="MR-01", trigger="She told me.", discovered_at=timezone.now(),
        how_known="told_by_the_girl", profession="social_care",
    )  # fmt: skip
    told = {"reported_at": timezone.now(), "recipient": "Police", "method": "101"}
    with pytest.raises(Refused, match="personal duty"):
        services.record_report(report, by=child.manager, version=report.version, **told)
    made = services.record_report(report, by=child.worker, version=report.version, reference="INC-1", **told)
    assert (made.state, made.reporter) == ("reported", child.worker)
    with acting_as(child.worker.pk):
        assert Deadline.objects.get(case=child.case, rule_id="MR-01").state == "met"


def test_an_nrm_referral_is_due_in_two_working_days(child):
    at = datetime(2026, 12, 23, 12, tzinfo=UTC)
    with child.on(date(2026, 12, 23)):
        _saving(child.case, by=child.worker, answers=[item("D02")], at=at)
    assert clocks(child.case, child.worker)["TG-NRM"] == date(2026, 12, 29)


def test_a_child_is_never_asked_for_consent_and_an_adult_is():
    asked = {"rule_id": "MR-02", "trigger": "x", "discovered_at": timezone.now()}
    adult, child = work(born=date(2006, 1, 1)), work(born=date(2011, 1, 1))
    with pytest.raises(Refused, match="consent"):
        services.open_report(adult.case, by=adult.worker, **asked)
    assert services.open_report(adult.case, by=adult.worker, consent=True, **asked).state == "open"
    assert services.open_report(child.case, by=child.worker, **asked).state == "open"


def test_a_report_is_closed_by_a_manager_and_with_a_reason_of_the_list(child):
    report = services.open_report(
        child.case, by=child.worker, rule_id="MR-02", trigger="x", discovered_at=timezone.now()
    )
    why = {"not_reported": "no_reasonable_grounds", "because": "Looked into with the police"}
    with pytest.raises(NotAllowed):
        services.close_report(report, by=child.worker, version=report.version, **why)
    with pytest.raises(Refused, match="Choose why"):
        services.close_report(report, by=child.manager, version=report.version, not_reported="consent_refused")
    with pytest.raises(Refused, match="reference"):
        services.close_report(
            report, by=child.manager, version=report.version, not_reported="already_referred", because="Yes"
        )
    closed = services.close_report(report, by=child.manager, version=report.version, **why)
    with acting_as(child.worker.pk):
        assert (closed.state, Deadline.objects.get(rule_id="TG-NRM").state) == ("closed", "ended")


def test_nothing_reaches_the_family_before_a_manager_decides_it_after_advice(child):
    (report,) = _saving(child.case, by=child.worker, answers=[item("K04")])
    with pytest.raises(Refused):
        services.decide_family_told(report, by=child.manager, version=report.version, because=" ")
    told = services.decide_family_told(report, by=child.manager, version=report.version, because="Legal advice")
    assert (told.hidden_from_family, told.family_decided_by) == (False, child.manager)


def test_a_nurse_opens_and_sees_her_own_report_and_no_other(child):
    nurse = person(Role.HEALTH_PRACTITIONER)
    give(child.case, team_of(nurse), [])
    _saving(child.case, by=child.worker, answers=[item("K04")])
    services.open_report(
        child.case, by=nurse, rule_id="MR-01", trigger="She told me.", discovered_at=timezone.now(),
        how_known="told_by_the_girl", profession="health",
    )  # fmt: skip
    client = Client()
    client.force_login(nurse)
    shown = client.get(reverse("reports", args=[child.case.pk])).content.decode()
    assert "She told me." in shown
    assert "Forced marriage" not in shown


def run(user, statement: str, *arguments):
    with acting_as(user.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def test_the_database_takes_no_report_back_and_rewords_none(child):
    (report,) = _saving(child.case, by=child.worker, answers=[item("K04")], at=timezone.now())
    services.record_report(
        report, by=child.worker, version=report.version, reported_at=timezone.now(), recipient="Police", method="101"
    )
    for statement in ("SET trigger = 'x'", "SET discovered_by_id = 1", "SET discovered_at = now()"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(child.manager, f"UPDATE duties_mandatoryreport {statement}")
    with pytest.raises(DatabaseError, match="not taken back"):
        run(child.manager, "UPDATE duties_mandatoryreport SET state = 'open'")
    with pytest.raises(DatabaseError, match="permission denied"):
        run(child.manager, "DELETE FROM duties_mandatoryreport")


def test_the_database_closes_nothing_for_a_worker(child):
    _saving(child.case, by=child.worker, answers=[item("K04")])
    with pytest.raises(DatabaseError, match="row-level security"):
        run(
            child.worker,
            "UPDATE duties_mandatoryreport SET state = 'closed', not_reported = 'outside_the_duty',"
            " not_reported_because = 'x', closed_at = now(), closed_by_id = %s", child.worker.pk,
        )  # fmt: skip
    with acting_as(child.worker.pk):
        assert MandatoryReport.objects.filter(state="closed").count() == 0


def test_the_page_says_what_is_due_to_whom(child):
    _saving(child.case, by=child.worker, answers=[item("K02")], at=timezone.now())
    client = Client()
    client.force_login(child.worker)
    shown = client.get(reverse("reports", args=[child.case.pk])).content.decode()
    for words in ("call 999", "Say how you know", "First limit", "101", "Hold"):
        assert words in shown
