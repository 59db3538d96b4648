"""What a copy is made of, read as whoever asks for it and only as far as its recipient may hold.

What a recipient does not hold is never asked for, so no template can print it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from access.models import Allocation, CaseFile, DisclosureDecision
from access.parts import Label
from access.permissions import may
from access.roles import CASE_ACTIONS, SHAREABLE_LABELS, Action
from access.selectors import grants_of, is_live
from accounts.models import Team, User
from accounts.roles import AgencyKind
from assessments.models import EffectiveTier
from children.models import Child, Person
from children.selectors import people_of
from duties.models import MandatoryReport
from plans.models import ContextualRisk, Copy, PlanItem, RiskAction, SafetyPlan, ServicePlan, TriggerPlan

# What a copy for a professional outside any team here holds, and one for the family.
PROFESSIONAL_LABELS = frozenset({Label.CORE, Label.PLAN, Label.SAFETY})
FAMILY_LABELS = frozenset({Label.CORE, Label.PLAN, Label.SAFETY})


def readable(copies: Any, case: CaseFile, user: User) -> Any:
    """Copies of one file that this person may read. A copy of the record may hold the confidential address."""
    return copies if may(user, Action.VIEW_LOCKED_LOCATION, case) else copies.exclude(kind=Copy.Kind.RECORD)


def copies_of(case: CaseFile, user: User) -> list[Copy]:
    """Copies of the file, newest first, without their bytes; for an agency outside social care those made for it.

    Each with `decision`: why it was given, or None for who may not see that. (Not joined: the wall would then hide the
    copy with its decision.)
    """
    own = readable(Copy.objects.allowing(user, Action.VIEW_COPIES).filter(case=case), case, user)
    known = own.select_related("author", "recipient_team__agency", "recipient_person", "safety_plan")
    found = list(known.defer("pdf", "content").order_by("-number"))
    decisions = DisclosureDecision.objects.allowing(user, Action.VIEW_COPIES).filter(case=case)
    of_copy = {one.pk: one for one in decisions.filter(pk__in=[copy.disclosure_id for copy in found])}
    for copy in found:
        copy.decision = of_copy.get(copy.disclosure_id)
    return found


def holding_teams(case: CaseFile) -> dict[Team, frozenset[Label]]:
    """Teams that hold the file today and the parts each may be given, by name; none unless the asker may see that."""
    now = timezone.now()
    held: dict[Team, set[Label]] = defaultdict(set)
    for grant in grants_of(case):
        team = grant.subject.team
        if grant.level and team is not None and team.ended_at is None and is_live(grant, now):
            held[team] |= {Label(label) for label in grant.labels}
    return {
        team: frozenset(held[team]) & SHAREABLE_LABELS[AgencyKind(team.agency.kind)]
        for team in sorted(held, key=lambda team: (team.agency.name, team.name))
    }


def current_plan(case: CaseFile, user: User) -> ServicePlan | None:
    found: ServicePlan | None = ServicePlan.objects.allowing(user, Action.VIEW_PLAN).filter(case=case).first()
    return found


def plan_in_force(case: CaseFile, user: User) -> SafetyPlan | None:
    """The safety plan that holds today. A draft is never copied."""
    plans = SafetyPlan.objects.allowing(user, Action.VIEW_SAFETY_PLAN).filter(case=case)
    found: SafetyPlan | None = plans.filter(state=SafetyPlan.State.IN_FORCE).select_related("approved_by").first()
    return found


def family_is_held(case: CaseFile, user: User) -> bool:
    """There is a report of which nothing reaches the family until a manager decides, after advice (ruling Q16)."""
    reports = MandatoryReport.objects.allowing(user, Action.VIEW_REPORTS)
    return reports.filter(case=case, hidden_from_family=True).exists()


def own_actions(case: CaseFile, user: User) -> Any:
    """Actions of the child's own, which nobody has put into words for a family yet: each is chosen by hand."""
    items = PlanItem.objects.allowing(user, Action.VIEW_ITEMS).filter(case=case, code="", ended_at__isnull=True)
    return items.order_by("due_on", "pk")


@dataclass(frozen=True)
class Material:
    """The records of one file that one copy may be made of.

    Args:
        by: whoever asked for the copy: nothing beyond what they may see.
        labels: the parts the recipient may hold: nothing beyond these either.
        agency: the recipient's agency, where only its own actions are told in full; None where all are.
    """

    case: CaseFile
    by: User
    labels: frozenset[Label]
    agency: int | None = None

    def records(self, model: Any, action: Action) -> Any:
        """Records for an action whose part the recipient holds; none of any other."""
        if CASE_ACTIONS[action].part.label not in self.labels:
            return model.objects.none()
        return model.objects.allowing(self.by, action).filter(case=self.case)

    @cached_property
    def child(self) -> Child | None:
        found: Child | None = self.records(Child, Action.VIEW_FILE).first()
        return found

    @cached_property
    def lead(self) -> Allocation | None:
        leads = self.records(Allocation, Action.VIEW_FILE).filter(ended_at__isnull=True)
        found: Allocation | None = leads.select_related("worker").first()
        return found

    @cached_property
    def tier(self) -> EffectiveTier | None:
        tiers = self.records(EffectiveTier, Action.VIEW_TIER).filter(until_at__isnull=True)
        found: EffectiveTier | None = tiers.select_related("set_by").first()
        return found

    @cached_property
    def plan(self) -> ServicePlan | None:
        found: ServicePlan | None = self.records(ServicePlan, Action.VIEW_PLAN).select_related("approved_by").first()
        return found

    @cached_property
    def safety_plan(self) -> SafetyPlan | None:
        plans = self.records(SafetyPlan, Action.VIEW_SAFETY_PLAN).filter(state=SafetyPlan.State.IN_FORCE)
        found: SafetyPlan | None = plans.select_related("approved_by").first()
        return found

    @cached_property
    def trigger_plan(self) -> TriggerPlan | None:
        plans = self.records(TriggerPlan, Action.VIEW_SAFETY_PLAN).exclude(status=TriggerPlan.Status.ENDED)
        found: TriggerPlan | None = plans.first()
        return found

    @cached_property
    def risks(self) -> list[ContextualRisk]:
        """Risks of the safety plan in force, each with the actions that reduce it."""
        if self.safety_plan is None:
            return []
        actions = self.records(RiskAction, Action.VIEW_SAFETY_PLAN).select_related("item").order_by("item")
        risks = self.records(ContextualRisk, Action.VIEW_SAFETY_PLAN)
        current = risks.filter(safety_plan=self.safety_plan, removed_at__isnull=True).order_by("-direction", "pk")
        return list(current.prefetch_related(Prefetch("actions", queryset=actions)))

    @cached_property
    def items(self) -> list[PlanItem]:
        """Actions told in full: all, or those of the recipient's own agency."""
        mine = self._items.filter(agency=self.agency) if self.agency is not None else self._items
        return list(mine.select_related("owner", "owner_person", "agency"))

    @cached_property
    def other_titles(self) -> list[str]:
        """Actions of other agencies, by their title and nothing else."""
        if self.agency is None:
            return []
        others = self._items.exclude(Q(agency=self.agency) & Q(agency__isnull=False))
        return list(others.values_list("title", flat=True))

    @property
    def _items(self) -> Any:
        """What goes on or was done. What was set aside is not in a copy."""
        items = self.records(PlanItem, Action.VIEW_ITEMS).filter(ended_at__isnull=True)
        aside = ("not_appropriate", "declined", "unavailable")
        return items.exclude(disposition__in=aside).order_by("code", "due_on", "pk")


def people_for_copies(case: CaseFile, user: User) -> list[Person]:
    """People of today, each with the latest decision on contact."""
    return [person for person in people_of(case, user) if person.ended_at is None]


def recipients(case: CaseFile, user: User) -> Iterable[tuple[int, str, str]]:
    """Who has a copy, or will: what each professional copy ends with."""
    given = Copy.objects.allowing(user, Action.VIEW_COPIES).filter(case=case).exclude(state=Copy.State.FAILED)
    return given.order_by("number").values_list("number", "recipient_name", "kind")


def may_make(user: User, case: CaseFile) -> bool:
    return may(user, Action.MAKE_COPY, case)
