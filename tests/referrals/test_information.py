"""Information for the police (BR-13): locked when sent, read by its sender and the police, graded by the police."""

import pytest

from access.models import AuditEvent
from access.parts import Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from referrals.information import services
from referrals.models import InformationGrading, InformationReport
from referrals.selectors import number_sent, received, received_reports, reports_sent
from tests.children.database import execute, refused
from tests.children.factories import holding, partner
from tests.database import rows
from tests.factories import exclude, give
from tests.referrals.factories import TOLD

pytestmark = pytest.mark.django_db
TELLS = [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.EARLY_HELP,
         Role.HEALTH_PRACTITIONER, Role.VOLUNTARY_WORKER, Role.POLICE_OFFICER, Role.YOUTH_JUSTICE]  # fmt: skip


@pytest.fixture
def report(case, worker) -> InformationReport:
    return services.send_information(case, by=worker, **TOLD)


@pytest.mark.parametrize("role", TELLS)
def test_any_professional_who_holds_the_file_may_tell(case, role):
    sender = partner(case, role)
    sent = services.send_information(case, by=sender, **TOLD, opinion="He is grooming her.")
    assert (sent.author, sent.about, sent.opinion) == (sender, "Mia Fenwick", "He is grooming her.")
    with acting_as(sender.pk):
        assert [one.pk for one in reports_sent(case, sender)] == [sent.pk]


def test_nobody_tells_of_a_file_they_do_not_hold(case, officer):
    with pytest.raises(NotAllowed):
        services.send_information(case, by=officer, **TOLD)


def test_an_auditor_tells_nobody(case):
    with pytest.raises(NotAllowed):
        services.send_information(case, by=holding(case, Role.AUDITOR), **TOLD)


def test_a_sender_reads_only_their_own(case, worker, manager, report):
    for colleague in (
        manager,
        holding(case),
        holding(case, Role.CHILD_PROTECTION_MANAGER),
        partner(case, Role.EARLY_HELP),
    ):
        with acting_as(colleague.pk):
            assert reports_sent(case, colleague) == []
            assert list(InformationReport.objects.all()) == []


def test_no_label_opens_a_report(case, report):
    """Not even the one for police information, given to whoever."""
    trusted = holding(case)
    give(case, trusted, [*Label])
    with acting_as(trusted.pk):
        assert list(InformationReport.objects.all()) == []


def test_social_care_is_told_how_many_and_partners_nothing(case, worker, report):
    services.send_information(case, by=partner(case, Role.HEALTH_PRACTITIONER), **TOLD)
    nurse = partner(case, Role.HEALTH_PRACTITIONER)
    for user, expected in ((worker, 2), (nurse, 0)):
        with acting_as(user.pk):
            assert number_sent(case) == expected


def test_the_police_read_all_without_the_file(case, officer, report):
    with acting_as(officer.pk):
        assert [one.pk for one in received_reports(officer)] == [report.pk]
        assert execute("SELECT FROM children_child") == 0, "and nothing else of it"


def test_an_officer_to_whom_the_file_is_closed_reads_none(case, officer, report):
    exclude(case, officer)
    with acting_as(officer.pk):
        assert list(received_reports(officer)) == []
        assert execute("SELECT FROM referrals_informationreport") == 0
    with pytest.raises(NotAllowed):
        services.acknowledge_information(by=officer, report=report, police_reference="OP/1")


def test_it_is_locked_when_sent(worker, officer, report):
    for by in (worker, officer):
        with refused(by, "permission denied"):
            execute("UPDATE referrals_informationreport SET fact = 'Something else'")
        with refused(by, "permission denied"):
            execute("DELETE FROM referrals_informationreport")
    with acting_as(worker.pk):
        assert execute("UPDATE referrals_informationreport SET reply = 'x', police_reference = 'x'") == 0


def test_the_police_acknowledge_and_the_sender_sees_it(case, worker, officer, report):
    services.acknowledge_information(by=officer, report=report, police_reference="OP/1", reply="We know the car.")
    with acting_as(worker.pk):
        (seen,) = reports_sent(case, worker)
    assert (seen.police_reference, seen.reply, seen.acknowledged_at is not None) == ("OP/1", "We know the car.", True)
    with acting_as(officer.pk):
        assert list(received(officer, waiting=True)) == []
    again = services.acknowledge_information(by=officer, report=report, police_reference="OP/2", reply="Stopped.")
    assert (again.acknowledged_at, again.reply) == (seen.acknowledged_at, "Stopped.")
    with refused(officer, "acknowledged once"):
        execute("UPDATE referrals_informationreport SET acknowledged_by_id = %s", worker.pk)


def test_an_acknowledgement_has_a_reference(officer, report):
    with pytest.raises(Refused, match="reference"):
        services.acknowledge_information(by=officer, report=report, police_reference=" ")


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.POLICE_OFFICER])
def test_nobody_but_the_police_acknowledges_or_grades(case, report, role):
    somebody = holding(case, role)
    with pytest.raises(NotAllowed):
        services.acknowledge_information(by=somebody, report=report, police_reference="OP/1")
    with pytest.raises(NotAllowed):
        services.grade_information(by=somebody, report=report, source="1", assessment="A", handling="P")


def test_a_grading_is_the_polices_alone(case, worker, officer, report):
    """DOMAIN 5.4: 3x5x2, conditions with C, each grading kept."""
    with pytest.raises(Refused, match="under which conditions"):
        services.grade_information(by=officer, report=report, source="1", assessment="B", handling="C")
    services.grade_information(by=officer, report=report, source="3", assessment="D", handling="P")
    graded = services.grade_information(
        by=officer, report=report, source="1", assessment="B", handling="C", conditions="Not to the family"
    )
    assert str(graded) == "1BC"
    assert rows("SELECT count(*) FROM referrals_informationgrading") == [(2,)]
    with acting_as(worker.pk):
        assert list(InformationGrading.objects.all()) == []
    insert = "INSERT INTO referrals_informationgrading (case_id, report_id, source, assessment, handling, conditions,"
    insert += " graded_by_id) VALUES (%s, %s, '1', 'A', 'P', '', %s)"
    with refused(worker, "row-level security"):
        execute(insert, case.pk, report.pk, worker.pk)
    with refused(officer, "permission denied"):
        execute("UPDATE referrals_informationgrading SET source = '1'")


@pytest.mark.parametrize(("source", "assessment", "handling"), [("4", "A", "P"), ("1", "F", "P"), ("1", "A", "X")])
def test_a_grading_is_3x5x2(officer, report, source, assessment, handling):
    with pytest.raises(Refused):
        services.grade_information(by=officer, report=report, source=source, assessment=assessment, handling=handling)


@pytest.mark.parametrize("missing", sorted(TOLD))
def test_each_part_must_be_said(case, worker, missing):
    with pytest.raises(Refused):
        services.send_information(case, by=worker, **{**TOLD, missing: " "})


def test_nobody_tells_in_another_name(case, worker, manager, report):
    copy = "INSERT INTO referrals_informationreport (case_id, about, happened, how_known, people, places, vehicles,"
    copy += " phones_and_online, fact, opinion, risk_to_source, child_may_be_named, urgency, author_id, agency_id,"
    copy += " police_reference, reply) SELECT case_id, about, happened, how_known, people, places, vehicles,"
    copy += " phones_and_online, fact, opinion, risk_to_source, child_may_be_named, urgency, %s, agency_id, '', ''"
    with refused(worker, "row-level security"):
        execute(f"{copy} FROM referrals_informationreport", manager.pk)


def test_the_most_urgent_comes_first(case, worker, officer, report):
    today = services.send_information(case, by=worker, **{**TOLD, "urgency": "today"})
    with acting_as(officer.pk):
        assert [one.pk for one in received(officer, waiting=True)] == [today.pk, report.pk]


def test_each_look_of_the_police_is_in_the_ledger_of_the_file(client_for, case, officer, report):
    client = client_for(officer)
    assert client.get("/information/").status_code == 200
    assert client.get(f"/information/{report.pk}/").status_code == 200
    kinds = [str(AuditEvent.Kind.LIST), str(AuditEvent.Kind.READ)]
    found = "SELECT kind, coalesce(case_id, case_ids[1]) FROM access_auditevent"
    found += " WHERE principal_id = %s AND kind = ANY(%s) ORDER BY id"
    assert rows(found, officer.pk, kinds) == [("list", case.pk), ("read", case.pk)]
