"""What must be reported: opened by what was found, with its clocks; made by whoever must; closed only with a reason."""

from datetime import UTC, date, datetime, timedelta

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


def opened(child, rule_id: str, **about) -> MandatoryReport:
    given = {"trigger": "Told at school.", "discovered_at": timezone.now(), **about}
    return services.open_report(child.case, by=child.worker, rule_id=rule_id, **given)


def reported(report, by, **about) -> MandatoryReport:
    told = {"reported_at": timezone.now(), "recipient": "Police", "method": "101", **about}
    return services.record_report(report, by=by, version=report.version, **told)


def states(child) -> dict[str, str]:
    with acting_as(child.worker.pk):
        return dict(Deadline.objects.filter(case=child.case).values_list("rule_id", "state"))


def test_a_suspicion_recorded_before_never_stands_in_for_what_she_then_says(child):
    """K03 opens MR-01b; K02 on the same assessment still opens MR-01, with its personal duty and its limits."""
    _saving(child.case, by=child.worker, answers=[item("K03")])
    (later,) = _saving(child.case, by=child.worker, answers=[item("K02"), item("K03")])
    assert later.rule_id == "MR-01"


def test_a_report_that_its_question_turned_into_the_local_route_is_not_opened_again(child):
    (report,) = _saving(child.case, by=child.worker, answers=[item("K02")], at=timezone.now())
    services.answer_how_known(
        report, by=child.worker, version=report.version, how_known="told_by_another", profession="social_care"
    )
    assert _saving(child.case, by=child.worker, answers=[item("K02")]) == []


def test_where_no_report_follows_it_is_chased_until_a_manager_closes_it():
    woman = work(born=date(2006, 1, 1))
    (report,) = _saving(woman.case, by=woman.worker, answers=[item("K02")], at=timezone.now())
    answered = services.answer_how_known(
        report, by=woman.worker, version=report.version, how_known="told_by_the_girl", profession="social_care"
    )
    assert (answered.state, "18 or over" in answered.outcome, states(woman)["MR-01"]) == ("open", True, "open")


@pytest.mark.parametrize(
    ("found", "soft", "hard"),
    [
        ((2026, 11, 30), (2026, 12, 1), (2026, 12, 30)),
        ((2027, 1, 31), (2027, 2, 1), (2027, 2, 28)),  # a shorter month ends it
        ((2026, 12, 24), (2026, 12, 29), (2027, 1, 24)),  # Christmas Day, the weekend, the substitute day
        ((2026, 12, 31), (2027, 1, 4), (2027, 1, 31)),  # New Year's Day
        ((2027, 3, 25), (2027, 3, 30), (2027, 4, 25)),  # Good Friday and Easter Monday
    ],
)
def test_both_limits_of_known_fgm_across_holidays_and_month_ends(child, found, soft, hard):
    _saving(child.case, by=child.worker, answers=[item("K02")], at=datetime(*found, 15, tzinfo=UTC))
    with acting_as(child.worker.pk):
        clock = Deadline.objects.get(case=child.case, rule_id="MR-01")
    assert (timezone.localdate(clock.soft_at), clock.limit_on) == (date(*soft), date(*hard))


def test_the_duties_that_go_with_the_nrm_come_with_it_and_the_referral_satisfies_the_one_to_notify(child):
    report = opened(child, "MR-02")
    with acting_as(child.worker.pk):
        assert set(MandatoryReport.objects.values_list("rule_id", flat=True)) == {"MR-02", "MR-02b", "MR-02c"}
    reported(report, child.worker, reference="NRM-1")
    with acting_as(child.worker.pk):
        made = dict(MandatoryReport.objects.values_list("rule_id", "state"))
    assert made == {"MR-02": "reported", "MR-02b": "reported", "MR-02c": "open"}
    assert (states(child)["TG-NRM"], states(child)["TS-23"]) == ("met", "open")


def test_an_early_decision_on_conclusive_grounds_is_recorded_all_the_same(child):
    report, today = reported(opened(child, "MR-02"), child.worker), timezone.localdate()
    with pytest.raises(Refused, match="with the day"):
        services.record_nrm_decision(report, by=child.worker, version=report.version, reasonable_grounds="positive")
    decided = services.record_nrm_decision(
        report, by=child.worker, version=report.version, reasonable_grounds="positive", reasonable_on=today,
        conclusive_grounds="positive", conclusive_on=today,
    )  # fmt: skip
    assert (decided.conclusive_grounds, states(child)["TS-23"]) == ("positive", "met")


def test_no_decision_is_recorded_before_the_referral(child):
    with pytest.raises(Refused, match="referral to the NRM first"):
        services.record_nrm_decision(opened(child, "MR-02"), by=child.worker, version=1, reasonable_grounds="positive")


@pytest.mark.parametrize("reason", ["outside_the_duty", "other_route"])
def test_a_child_is_referred_to_the_nrm_unless_for_one_of_two_reasons(child, reason):
    with pytest.raises(Refused, match="no reasonable grounds"):
        services.close_report(
            opened(child, "MR-02"), by=child.manager, version=1, not_reported=reason, because="Carer refused"
        )


def test_an_adult_who_has_not_agreed_is_not_referred():
    adult = work(born=date(2006, 1, 1))
    _saving(adult.case, by=adult.worker, answers=[item("D02")], at=timezone.now())
    with acting_as(adult.worker.pk):
        report = MandatoryReport.objects.get(rule_id="MR-02")
    with pytest.raises(Refused, match="consent"):
        reported(report, adult.worker)
    assert reported(report, adult.worker, consent=True).consent


def test_a_serious_incident_is_followed_by_its_rapid_review(child):
    reported(opened(child, "MR-05"), child.worker)
    assert (states(child)["MR-05"], states(child)["TS-22"]) == ("met", "open")


def test_each_missing_episode_is_separate_and_the_interview_counts_from_the_return(child):
    first, second = opened(child, "MR-08"), opened(child, "MR-08")
    assert first.pk != second.pk
    back = services.record_return(first, by=child.worker, version=first.version, returned_at=timezone.now())
    assert states(child)["TS-19"] == "open"
    services.record_return(
        back, by=child.worker, version=back.version, returned_at=back.returned_at, interviewed_at=timezone.now()
    )
    assert states(child)["TS-19"] == "met"
    with pytest.raises(Refused, match="missing child"):
        services.record_return(opened(child, "MR-07"), by=child.worker, version=1, returned_at=timezone.now())


def test_the_duty_that_is_not_in_force_cannot_be_started(child):
    with pytest.raises(Refused, match="not yet in force"):
        opened(child, "MR-03")


def test_a_teaching_assistants_account_takes_the_local_route(child):
    report = opened(child, "MR-01", how_known="told_by_the_girl", profession="teaching_assistant")
    assert (report.rule_id, report.hidden_from_family) == ("MR-01b", True)


def test_only_known_fgm_is_extended_and_only_by_a_manager_with_a_reason(child):
    report = opened(child, "MR-01", how_known="told_by_the_girl", profession="social_care")
    with pytest.raises(NotAllowed):
        services.extend(report, by=child.worker, version=report.version, because="Ill")
    with pytest.raises(Refused, match="exceptionally"):
        services.extend(report, by=child.manager, version=report.version, because=" ")
    with pytest.raises(Refused, match="known FGM"):
        services.extend(opened(child, "MR-07"), by=child.manager, version=1, because="Ill")
    extended = services.extend(report, by=child.manager, version=report.version, because="In hospital")
    assert extended.extension_approved_by == child.manager
    with acting_as(child.worker.pk):
        assert Deadline.objects.get(rule_id="MR-01").limit_on is not None


MADE = "state = 'reported', reported_at = now(), recipient = 'x', method = 'x'"
FAMILY = "hidden_from_family = false, family_decision = 'x'"


@pytest.mark.parametrize(
    ("who", "named", "change", "refusal"),
    [
        ("manager", "worker", MADE + ", reporter_id = %s", "another's name"),
        ("manager", "manager", MADE + ", reporter_id = %s", "row-level security"),  # the duty is the discoverer's
        ("manager", "manager", "rule_id = 'MR-01b', recipient = %s", "Only who found it"),
        ("worker", "worker", "rule_id = 'MR-07', recipient = %s", "stays the report of its duty"),
        ("worker", "worker", FAMILY + ", family_decided_by_id = %s", "A manager decides"),
        ("worker", "manager", FAMILY + ", family_decided_by_id = %s", "A manager decides"),
        ("worker", "manager", "extension_reason = 'x', extension_approved_by_id = %s", "A manager approves"),
        ("manager", "manager", "opened_as = 'MR-07', recipient = %s", "permission denied"),
    ],
)
def test_the_database_lets_nobody_act_in_anothers_name(child, who, named, change, refusal):
    opened(child, "MR-01", how_known="told_by_the_girl", profession="social_care")
    with pytest.raises(DatabaseError, match=refusal):
        run(getattr(child, who), f"UPDATE duties_mandatoryreport SET {change}", getattr(child, named).pk)


@pytest.mark.parametrize("column", ["author_id", "discovered_by_id"])
def test_the_database_opens_nothing_in_anothers_name(child, column):
    people = {"author_id": child.worker.pk, "discovered_by_id": child.worker.pk, column: child.manager.pk}
    with acting_as(child.worker.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        MandatoryReport.objects.create(
            case=child.case, rule_id="MR-07", opened_as="MR-07", trigger="x", discovered_at=timezone.now(),
            agency=team_of(child.worker).agency, hidden_from_family=False, **people,
        )  # fmt: skip


def test_the_database_knows_no_refusal_of_consent_as_a_reason(child):
    opened(child, "MR-02")
    with pytest.raises(DatabaseError, match="report_reason_of_the_list"):
        run(
            child.manager, "UPDATE duties_mandatoryreport SET state = 'closed', not_reported = 'consent_refused',"
            " not_reported_because = 'x', closed_at = now(), closed_by_id = %s", child.manager.pk,
        )  # fmt: skip


def test_the_most_urgent_report_is_on_top_and_what_is_done_is_below(child):
    reported(opened(child, "MR-09"), child.worker)
    opened(child, "MR-07")
    opened(child, "MR-04", discovered_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    client = Client()
    client.force_login(child.worker)
    shown = client.get(reverse("reports", args=[child.case.pk])).content.decode()
    places = [shown.index(f"{services.DUTIES[one].title}: ") for one in ("MR-04", "MR-07", "MR-09")]
    assert places == sorted(places)
    assert "overdue" in shown
    assert "One chance" in shown


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_three_reports_as_for_one(child, number, django_assert_max_num_queries):
    for rule in ("MR-04", "MR-07", "MR-09")[:number]:
        opened(child, rule)
    client = Client()
    client.force_login(child.worker)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("reports", args=[child.case.pk])).status_code == 200


def test_what_was_found_and_reported_in_one_minute_is_recorded_as_it_is_typed(child):
    """A time is typed to the minute; what is found is recorded to the second."""
    found = timezone.now() - timedelta(hours=1)
    found = found.replace(second=40, microsecond=5)
    typed = found.replace(second=0, microsecond=0)
    report = reported(opened(child, "MR-07", discovered_at=found), child.worker, reported_at=typed)
    assert report.reported_at == found
    earlier = opened(child, "MR-09", discovered_at=found)
    with pytest.raises(Refused, match="lies between"):
        reported(earlier, child.worker, reported_at=typed - timedelta(minutes=1))
    missing = opened(child, "MR-08", discovered_at=found)
    back = services.record_return(missing, by=child.worker, version=missing.version, returned_at=typed)
    assert back.returned_at == found


def test_a_report_is_recorded_from_its_page(child):
    found = timezone.now() - timedelta(hours=1)
    report, now = opened(child, "MR-07", discovered_at=found), timezone.localtime()
    client = Client()
    client.force_login(child.worker)
    address = reverse("record_report", args=[child.case.pk, report.pk])
    assert "LADO" in client.get(address).content.decode()  # to whom is filled in
    typed = {"version": 1, "recipient": "LADO", "method": "Telephone", "reported_at_time": f"{now:%H:%M}"}
    typed |= {"reported_at_day": now.day, "reported_at_month": now.month, "reported_at_year": now.year}
    early = client.post(address, {**typed, "reported_at_year": now.year - 1})
    assert "lies between the discovery and now" in early.content.decode()
    shown = client.post(address, typed, follow=True).content.decode()
    assert "LADO, Telephone" in shown
