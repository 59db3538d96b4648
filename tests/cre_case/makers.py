"""Invented children on invented files, as lists and pages show them."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.models import CaseFile
from accounts.models import Team, User
from accounts.roles import Role
from children.models import CaseNote, Child, ChildProfile, Contact, NameKey, OtherPlan
from children.names import keys
from tests.database import rows, seeding
from tests.factories import CaseFileFactory, TeamFactory, agency, give, lead, person, team_of


def council_team(**about) -> Team:
    return TeamFactory(agency=agency(), **about)


def social_worker(team: Team | None = None, **about) -> User:
    return person(Role.SOCIAL_WORKER, team or council_team(), **about)


def manager(team: Team, **about) -> User:
    return person(Role.TEAM_MANAGER, team, **about)


def child_on(case: CaseFile, given: str = "Maya", family: str = "Thorne", **about) -> Child:
    about.setdefault("date_of_birth", date(2012, 3, 2))
    nhs_number = about.pop("nhs_number", "")
    with seeding():
        child = Child.objects.create(
            case=case, given_names=given, family_name=family, created_by=case.opened_by, **about
        )
        ChildProfile.objects.create(case=case, nhs_number=nhs_number)
        for key in keys(given, family):
            NameKey.objects.create(case=case, key=key)
    return child


def led_child(worker: User, given: str = "Maya", family: str = "Thorne", **about) -> Child:
    """A child whom this worker leads on, held by their team as well."""
    case = CaseFileFactory()
    give(case, team_of(worker), source="team", until=None)
    lead(case, worker)
    return child_on(case, given, family, **about)


def seen(child: Child, *, days_ago: int, by: User, **about) -> CaseNote:
    happened = timezone.now() - timedelta(days=days_ago, minutes=1)
    with seeding():
        return CaseNote.objects.create(
            case=child.case, kind="visit", seen=about.pop("seen", "alone"), happened_at=happened, author=by,
            agency=team_of(by).agency, text="Seen at school", **about,
        )  # fmt: skip


def plan(child: Child, kind: str = OtherPlan.Kind.CHILD_IN_NEED) -> OtherPlan:
    with seeding():
        return OtherPlan.objects.create(
            case=child.case, kind=kind, started_on=date(2026, 1, 5), recorded_by=child.created_by
        )


def contact(case: CaseFile, outcome: str = "received", **about) -> Contact:
    now: datetime = timezone.now()
    screened = {} if outcome == "received" else {"screened_by": case.opened_by, "screened_at": now}
    with seeding():
        return Contact.objects.create(
            case=case, received_at=now - timedelta(hours=2), method="phone", source="school", details="Not in school",
            recorded_by=case.opened_by, outcome=outcome, **screened, **about,
        )  # fmt: skip


def queries(client, address: str) -> int:
    """How many queries a page costs, once the session is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    own = [one["sql"] for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return len(own)  # a real request is one transaction, so the test's own savepoints are not its cost


def lines(**wanted) -> list[tuple]:
    """Lines of the ledger: kind, action, the file, the files listed."""
    conditions = " AND ".join(f"{name} = %s" for name in wanted) or "true"
    return rows(
        f"SELECT kind, action, case_id, case_ids FROM access_auditevent WHERE {conditions} ORDER BY id",
        *wanted.values(),
    )


def text(response) -> str:
    """A page's words, with single spaces."""
    return " ".join(response.content.decode().split())
