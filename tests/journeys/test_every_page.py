"""Every page, at both widths, as somebody who may open it: pictures, axe, no sideways scroll, no complaint."""

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import CaseFile, ReadingAlert, Restriction
from access.parts import Label
from access.roles import Level
from accounts.models import Membership, Team, User
from accounts.roles import Role
from assessments.models import Assessment, SupportingAssessment, TierDecision, TierProposal, ToolkitVersion
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    Contact,
    DuplicateAlert,
    OtherPlan,
    Person,
    WorkerSafetyWarning,
)
from plans.models import ContextualRisk, PlanItem, SafetyPlan, TriggerPlan
from referrals.models import Referral
from tests import factories
from tests.database import seeding
from tests.matrix import copies, deadlines, duties, meetings, referrals, subject_access
from tests.matrix.oracle import ORACLE
from tests.matrix.test_matrix import addresses, is_api
from tests.matrix.vocabulary import AnyoneSignedIn, ForRole, OnFile, Public, Shape

NO_PAGE = frozenset({"keep_alive", "toolkit_file"})  # an answer to a script, and a file to take away
ON_FILE = sorted(
    name for name, row in ORACLE.items() if isinstance(row, OnFile) and row.shape is not Shape.ACT and not is_api(name)
)
ELSEWHERE = sorted(
    name
    for name, row in ORACLE.items()
    if isinstance(row, ForRole | AnyoneSignedIn) and name not in NO_PAGE and not is_api(name)
)
FOR_ANYONE = ["accessibility", "privacy", "help", "account_login"]
# Who looks: each page by the first of these whose role may open it.
LOOKERS = {
    Role.TEAM_MANAGER: "team.manager",
    Role.SOCIAL_WORKER: "social.worker",
    Role.SYSTEM_ADMIN: "system.admin",
    Role.OUT_OF_HOURS_WORKER: "edt",
    Role.DIRECTORY_ADMIN: "directory.admin",
    Role.POLICE_OFFICER: "police",
    Role.CHILD_PROTECTION_MANAGER: "cpm",
    Role.AUDITOR: "auditor",
}


# These need a team that receives contacts as well.
BY_TEAM = {
    "duplicate_alerts": "irt.manager", "close_duplicate_alert": "irt.manager", "answer_referral": "voluntary",
    "record_attendance": "voluntary", "end_work": "voluntary", "reply_to_invitation": "voluntary",
    "send_meeting_report": "voluntary",
}  # fmt: skip


def looker(name: str) -> str:
    if name in BY_TEAM:
        return BY_TEAM[name]
    row = ORACLE[name]
    allowed = getattr(row, "allowed", frozenset(Role))
    return next(username for role, username in LOOKERS.items() if role in allowed)


@pytest.fixture
def full_file(city):
    """A file of the locality team with something in each table, and ids for every address."""
    worker = User.objects.get(username="social.worker")
    with seeding():
        child = Child.objects.filter(family_name="Brightwell").select_related("case").get()
        case: CaseFile = child.case
        other = CaseFile.objects.exclude(pk=case.pk).first()
        alias, _ = Alias.objects.get_or_create(case=case, name="Kay", added_by=worker)
        warning = WorkerSafetyWarning.objects.filter(case=case, ended_at=None).first() or (
            WorkerSafetyWarning.objects.create(case=case, advice="Visit in pairs", raised_by=worker)
        )
        plan = OtherPlan.objects.filter(case=case, ended_on=None).first() or OtherPlan.objects.create(
            case=case, kind="child_in_need", started_on="2026-01-05", recorded_by=worker
        )
        address = Address.objects.filter(case=case, confidential=False).first() or Address.objects.create(
            case=case, kind="home", lines="1 Example Row", from_on="2026-01-05", recorded_by=worker
        )
        alert = DuplicateAlert.objects.create(case=case, other_case=other)
        ids = {
            "case": case.pk, "alias": alias.pk, "warning": warning.pk, "plan": plan.pk, "address": address.pk,
            "person": first(Person, case), "note": first(CaseNote, case), "contact": first(Contact, case),
            "alert": alert.pk,
        }  # fmt: skip
        words = {label: f"Something of the {label} part" for label in Label}
        ids |= deadlines.fill(case, words, worker, factories.agency())
        ids |= duties.fill(case, words, worker, factories.agency())
        ids |= of_assessments(case, worker)
        ids |= of_plans(case, worker)
        ids |= copies.fill(case, words, worker, factories.agency())
        ids |= subject_access.fill(case, words, worker, factories.agency())
        provider = Membership.objects.get(user__username="voluntary", ended_at=None).team
        ids |= meetings.fill(case, words, worker, provider.agency)
        ids |= referrals.fill(case, words, worker, provider.agency)
        Referral.objects.filter(pk=ids["referral"]).update(team=provider)
        manager_team = Membership.objects.get(user__username="team.manager", ended_at=None).team
        manager = User.objects.get(username="team.manager")
    factories.give(case, manager_team)
    factories.give(case, Membership.objects.get(user__username="cpm", ended_at=None).team)
    factories.give(case, provider, [])
    ids["grant"] = factories.give(case, factories.TeamFactory(agency=factories.agency())).pk
    ids["exclusion"] = factories.exclude(case, User.objects.exclude(pk=manager.pk).last()).pk
    ids["naming"] = factories.give(case, User.objects.get(username="health"), source="named").pk
    restricted(case, manager)
    return ids


def restricted(case: CaseFile, by: User) -> CaseFile:
    """The file with its banner; who holds it still does."""
    with seeding():
        Restriction.objects.create(case=case, ground="staff", reason="Her aunt works here", restricted_by=by, held=[])
        CaseFile.objects.filter(pk=case.pk).update(restricted_at=timezone.now())
    return case


def known_to(team: Team, by: User) -> CaseFile:
    """A restricted file that a team only knows to exist."""
    case = factories.CaseFileFactory(opened_by=by)
    factories.give(case, team, (), level=Level.EXISTENCE, source="existence", until=None)
    return restricted(case, by)


def of_assessments(case, worker) -> dict[str, object]:
    """Beside what the demo holds: an assessment being written, a proposal that waits, an Early Help Assessment."""
    own = {"case": case, "author": worker, "agency": factories.agency()}
    toolkit, now = ToolkitVersion.objects.get(is_current=True), timezone.now()
    about = {"toolkit": toolkit, "reason": "new_concern", "concern_on": now.date(), "sources_used": "Visit"}
    draft = Assessment.objects.create(**own, **about)
    made = Assessment.objects.create(**own, **about, state="submitted", submitted_at=now, content_hash="x")
    proposal = TierProposal.objects.create(
        **own, assessment=made, suggested="medium", suggestion="Medium", proposed="medium", reason="As before",
        submitted_at=now,
    )  # fmt: skip
    supporting = SupportingAssessment.objects.create(**own, kind="eha", started_at=now)
    return {
        "assessment": draft.pk, "section": "A", "proposal": proposal.pk, "supporting": supporting.pk,
        "toolkit": toolkit.pk, "decision": first(TierDecision, case),
    }  # fmt: skip


def of_plans(case, worker) -> dict[str, object]:
    """A safety plan being written, with a risk, and an item of the plan; a trigger plan."""
    draft = SafetyPlan.objects.create(case=case, kind="full", author=worker, safe_places="School")
    risk = ContextualRisk.objects.create(
        case=case, safety_plan=draft, direction="to", context="place", what="Approached by people in cars",
        where="Bus station", from_whom="Not known", source="The child", author=worker,
    )  # fmt: skip
    TriggerPlan.objects.get_or_create(case=case)
    return {"item": first(PlanItem, case), "safety_plan": draft.pk, "risk": risk.pk}


def first(model, case) -> int:
    return model.objects.filter(case=case).first().pk


def address(name: str, ids: dict[str, object]) -> str:
    (entry,) = [entry for entry in addresses() if entry.name == name]
    return reverse(name, kwargs={key: ids[key] for key in entry.pattern.converters})


def test_every_page_of_a_file(walk, full_file):
    people = {username: walk(username) for username in {looker(name) for name in ON_FILE}}
    for name in ON_FILE:
        person = people[looker(name)]
        assert person.goes_to(address(name, full_file)) == 200, name
        person.looks(f"page-{name}")


def test_every_page_of_no_file(walk, full_file):
    post = Membership.objects.filter(user__username="locality2.worker", ended_at=None).get()
    ids = {
        **full_file,
        "person": post.user_id,
        "membership": post.pk,
        "team": post.team_id,
        "agency": post.team.agency_id,
        "pk": 0,
    }
    with seeding():
        now = timezone.now()
        ids["reading"] = ReadingAlert.objects.create(
            person=post.user, pattern="files", day=now.date(), amount=75, first_at=now, last_at=now
        ).pk
    asker = Membership.objects.select_related("team", "user").get(user__username="team.manager", ended_at=None)
    known = known_to(asker.team, asker.user)
    ids["access"] = factories.give(known, post.user, source="stated_reason").pk
    people = {username: walk(username) for username in {looker(name) for name in ELSEWHERE}}
    for name in ELSEWHERE:
        person = people[looker(name)]
        of_file = {"case": known.pk} if name == "break_glass" else {}
        assert person.goes_to(address(name, ids | of_file)) == 200, name
        person.looks(f"page-{name}")


def test_every_page_for_anyone_and_the_pages_of_refusal(walk):
    assert all(isinstance(ORACLE[name], Public) for name in FOR_ANYONE)
    anyone = walk()
    for name in FOR_ANYONE:
        assert anyone.goes_to(reverse(name)) == 200
        anyone.looks(f"page-{name}")
    worker = walk("social.worker")
    worker.is_refused("/nowhere/")
    worker.looks("page-404")
    assert worker.goes_to("/staff/") == 403
    worker.looks("page-403")
