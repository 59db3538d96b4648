"""Invented services, plans and tiers, inserted by the seeding role."""

from datetime import date

import factory
from django.utils import timezone

from access.models import CaseFile
from accounts.models import Team, User
from accounts.roles import AgencyKind, Role
from assessments.models import EffectiveTier
from plans.models import PlanItem, ServicePlan
from referrals.models import Service
from tests.database import seeding
from tests.factories import Seeded, TeamFactory, agency, person


class ServiceFactory(Seeded):
    class Meta:
        model = Service

    name = factory.Sequence(lambda n: f"Service {n}")
    does = "Direct work"
    lowest_tier = "low"
    for_parents = True


def provider_team() -> Team:
    return TeamFactory(agency=agency(AgencyKind.VOLUNTARY))


def received_here(team: Team, **about) -> Service:
    """A service whose referrals that team receives."""
    return ServiceFactory(provider=team.agency, team=team, **about)


def direct_worker(team: Team, **about) -> User:
    return person(Role.VOLUNTARY_WORKER, team, **about)


def tier(case: CaseFile, name: str, by: User) -> EffectiveTier:
    """A tier in effect, past the rules of deciding one."""
    with seeding():
        return EffectiveTier.objects.create(case=case, tier=name, cause="send", set_by=by, from_at=timezone.now())


def plan_item(case: CaseFile, by: User, **about) -> PlanItem:
    with seeding():
        plan, _ = ServicePlan.objects.get_or_create(case=case, tier="low", opened_at=timezone.now(), opened_by=by)
        facts = {"code": "L10", "title": "Prevention work", "source": "offer", **about}
        return PlanItem.objects.create(case=case, plan=plan, added_by=by, **facts)


ASKED = {
    "asked_for": "Six sessions on healthy relationships",
    "what_they_need": "She trusts her form tutor.",
    "contact": "Ring the school, not home",
    "necessity": "They cannot help without knowing whom",
    "agreement": "agreed",
}
TOLD = {
    "happened": "Tuesday about 4pm",
    "how_known": "child",
    "fact": "A silver car waits at the gate.",
    "risk_to_source": "The driver knows her.",
    "urgency": "soon",
}
YESTERDAY = date(2026, 1, 2)
