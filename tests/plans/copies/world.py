"""A file with a plan in which each field holds a word of its own, so that it can be seen where each of them goes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from access.models import CaseFile
from accounts.models import User
from assessments.models import EffectiveTier
from children.models import Person
from duties.models import MandatoryReport
from plans.models import (
    ContextualRisk,
    Copy,
    PlanItem,
    RiskAction,
    SafetyPlan,
    ServicePlan,
    TriggerPlan,
)
from tests.children.factories import (
    AddressFactory,
    NoteFactory,
    PersonFactory,
    SafetyFactory,
    child_on_file,
    days_from_today,
)
from tests.database import seeding
from tests.factories import agency, lead


def canary(name: str) -> str:
    """A word that stands in this field and nowhere else."""
    return "Zq" + name.replace("_", "").replace(" ", "")


@dataclass
class PlannedFile:
    case: CaseFile
    worker: User
    mother: Person
    father: Person
    friend: Person
    safety_plan: SafetyPlan
    plan: ServicePlan
    items: dict[str, PlanItem] = field(default_factory=dict)


SAFETY_TEXTS = (
    "whom_to_ring", "tonight", "child_words", "trusted_people", "safe_places", "signal_word", "if_missing",
    "no_risk_to_because", "no_risk_from_because", "nobody_else_because", "impact_practical", "impact_physical",
    "impact_psychological", "impact_behavioural", "child_view", "parents_view",
)  # fmt: skip
RISK_TEXTS = ("what", "where", "from_whom", "who_else", "source")
TRIGGER_TEXTS = ("officer", "police_reference", "whom_to_ring", "where_to_look", "keeps_safe")


def planned_file(worker: User, *, partner: Any = None) -> PlannedFile:
    """A high-risk child with a plan and a safety plan in force; the father is considered complicit."""
    child = child_on_file(given_names="Maya", family_name="Tansley", known_as="Maya", date_of_birth=date(2012, 3, 2))
    case, now = child.case, timezone.now()
    lead(case, worker)
    mother = PersonFactory(
        case=case, name="Esi Tansley", relationship="mother", address=canary("mother address"), lives_with_child="yes"
    )
    father = PersonFactory(
        case=case, name="Dale Zqfather", relationship="father", phone="01632 960111", address="5 Zqfatherhouse Road"
    )
    friend = PersonFactory(case=case, name="Zqfriend Other", relationship="friend", is_adult=False)
    SafetyFactory(case=case, person=father, complicity="considered_complicit", reason=canary("complicity"))
    AddressFactory(case=case, lines=canary("home address"))
    AddressFactory(case=case, kind="placement", confidential=True, lines=canary("locked address"))
    NoteFactory(case=case, text=canary("note"))
    with seeding():
        MandatoryReport.objects.create(
            case=case, rule_id="MR-02", trigger=canary("report"), discovered_by=worker, discovered_at=now,
            author=worker, agency=agency(), hidden_from_family=False,
        )  # fmt: skip
        EffectiveTier.objects.create(case=case, tier="high", cause="send", set_by=worker, from_at=now)
        plan = ServicePlan.objects.create(
            case=case, tier="high", opened_at=now, opened_by=worker, version=3, child_says=canary("plan child says"),
            parents_say=canary("plan parents say"), co_ordinator=canary("co ordinator"), state="complete",
            approved_by=worker, approved_at=now, child_agrees="yes",
        )  # fmt: skip
        safety = SafetyPlan.objects.create(
            case=case, kind="full", state="in_force", author=worker, approved_by=worker, approved_at=now,
            review_on=days_from_today(20), **{name: canary(f"safety {name}") for name in SAFETY_TEXTS},
        )  # fmt: skip
        SafetyPlan.objects.create(case=case, kind="full", state="draft", author=worker, child_words=canary("draft"))
        risk = ContextualRisk.objects.create(
            case=case, safety_plan=safety, direction="to", context="place", author=worker,
            **{name: canary(f"risk {name}") for name in RISK_TEXTS},
        )  # fmt: skip
        ContextualRisk.objects.create(
            case=case, safety_plan=safety, direction="to", context="home", author=worker, removed_at=now,
            what=canary("removed risk"), where="home", from_whom="x", source="x",
        )  # fmt: skip
        TriggerPlan.objects.create(
            case=case, status="on_system", on_system_on=now.date(), officer_phone="01632 960999",
            **{name: canary(f"trigger {name}") for name in TRIGGER_TEXTS},
        )  # fmt: skip
    found = PlannedFile(case, worker, mother, father, friend, safety, plan)
    found.items = {
        "school": item(found, code="L04", title=canary("offer school"), disposition="in_progress"),
        "police": item(found, code="H01", title=canary("offer trigger"), disposition="planned"),
        "aside": item(found, code="M08", title=canary("set aside"), disposition="declined", reason="x"),
        "own": item(found, title=canary("own action"), disposition="planned", source="safety_plan"),
        "ended": item(found, title=canary("ended action"), ended_at=now, end_reason=canary("end reason")),
    }
    if partner is not None:
        found.items["partner"] = item(
            found, title=canary("partner action"), disposition="planned", agency=partner, owner_name=canary("officer"),
            due_on=days_from_today(5),
        )  # fmt: skip
    with seeding():
        RiskAction.objects.create(case=case, risk=risk, item=found.items["own"])
    return found


def item(file: PlannedFile, **about: Any) -> PlanItem:
    facts = {
        "source": "offer" if about.get("code") else "worker", "measure": canary("measure"), "who": "",
        "agreed_at": canary("agreed at"), "owner_name": canary("owner"), **about,
    }  # fmt: skip
    with seeding():
        return PlanItem.objects.create(case=file.case, plan=file.plan, added_by=file.worker, **facts)


DECISION = {
    "purpose": "Keeping the child safe", "lawful_basis": "public_task", "agreement": "agreed",
    "necessity": "They keep the child safe each day.",
}  # fmt: skip


def reread(copy: Copy) -> Copy:
    """The copy as it is in the database, whoever may see it."""
    with seeding():
        return Copy.objects.select_related("disclosure").get(pk=copy.pk)
