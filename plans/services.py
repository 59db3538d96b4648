"""The service plan: opened by the tier, filled in by workers and partners, approved by a manager."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.agency import agency_for
from access.models import CaseFile
from access.permissions import may
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import Agency, User
from assessments.decisions.guard import current_tier
from assessments.models import NO_CONCERN, EffectiveTier
from children.models import ContactSafetyDecision, Person
from deadlines.services import drop_clock, start_clock, stop_clock
from offer.catalogue import EXCEPTIONAL_ITEMS, ITEMS, Disposition, OfferItem, items_for, needs_name, needs_reason
from offer.levels import Tier
from plans.gaps import gaps_of, is_above
from plans.models import DISPOSITIONS, ItemSession, PlanItem, ServicePlan, TriggerPlan

AGREED_LOW = "Low agreed by the Child Protection Manager"
HIGH = Tier.HIGH.name.lower()
GAP_RULES = ("TG-GAP", "TG-GAP-HIGH")
HELD = (ContactSafetyDecision.Complicity.SUSPECTED, ContactSafetyDecision.Complicity.CONSIDERED_COMPLICIT)
EXCEPTIONAL = {item.code: item for item in EXCEPTIONAL_ITEMS}
# What must be written down before a secure placement is planned (BR-10); not where a court or emergency made one.
SECURE_STOPS = ("alternatives", "ground", "legal_test", "decision_maker", "legal_advice")


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _plan(case: CaseFile) -> ServicePlan:
    plan: ServicePlan | None = ServicePlan.objects.filter(case=case).first()
    if plan is None:
        raise Refused("There is no plan yet. It opens with the first tier.")
    return plan


# In step with the tier


@part_of_action
def keep_in_step(case: CaseFile, *, by: User, tier: EffectiveTier) -> ServicePlan | None:
    """Opens the plan with the first tier, and brings it in step with each later one (BR-03).

    Raising adds what is missing and keeps the rest; lowering deletes nothing: items above are gaps until somebody
    ends or continues them. While Low waits for a Child Protection Manager the items above Low are on hold, and they
    end once Low is agreed (ruling Q3). "No current concern" adds nothing.
    """
    plan: ServicePlan | None = ServicePlan.objects.filter(case=case).first()
    if tier.tier == NO_CONCERN:
        return plan
    if plan is None:
        plan = ServicePlan.objects.create(case=case, tier=tier.tier, opened_at=tier.from_at, opened_by=by)
    elif plan.tier != tier.tier or plan.state != ServicePlan.State.OPEN:
        plan = save_version(
            plan, plan.version, tier=tier.tier, state=ServicePlan.State.OPEN, approved_by=None, approved_at=None
        )
    level = Tier[tier.tier.upper()]
    _add_missing(plan, level, by, on_hold=tier.provisional)
    _settle_holds(plan, tier, level)
    if level is Tier.HIGH and not tier.provisional:
        _need_trigger_plan(plan, by, tier.from_at)
    _chase(plan, by)
    return plan


def _add_missing(plan: ServicePlan, level: Tier, by: User, *, on_hold: bool) -> None:
    there = set(
        PlanItem.objects.filter(plan=plan, ended_at__isnull=True).exclude(code="").values_list("code", flat=True)
    )
    wanted = [item for item in items_for(level) if item.code not in there]
    PlanItem.objects.bulk_create(
        _offered(plan, item, by, on_hold=on_hold and item.tier is not Tier.LOW) for item in wanted
    )


def _offered(plan: ServicePlan, item: OfferItem, by: User, *, on_hold: bool = False) -> PlanItem:
    return PlanItem(
        case_id=plan.case_id, plan=plan, code=item.code, title=item.title, source=PlanItem.Source.OFFER, added_by=by,
        on_hold=on_hold,
    )  # fmt: skip


def _settle_holds(plan: ServicePlan, tier: EffectiveTier, level: Tier) -> None:
    """Items on hold come off it, or end once Low is agreed; those of a floor for SEND go on hold."""
    if tier.provisional:
        return
    held = PlanItem.objects.filter(plan=plan, on_hold=True, ended_at__isnull=True)
    if level is Tier.LOW and tier.cause == EffectiveTier.Cause.AGREEMENT:
        held.update(on_hold=False, ended_at=tier.from_at, end_reason=AGREED_LOW)
    else:
        held.update(on_hold=False)


def _need_trigger_plan(plan: ServicePlan, by: User, at: datetime) -> None:
    trigger = TriggerPlan.objects.filter(case=plan.case_id).first()
    if trigger is None:
        TriggerPlan.objects.create(case_id=plan.case_id)
    elif trigger.status == TriggerPlan.Status.ENDED:
        save_version(trigger, trigger.version, status=TriggerPlan.Status.NEEDED)
    elif trigger.status != TriggerPlan.Status.NEEDED:
        return
    start_clock(plan.case, by=by, rule_id="TG-TRIGGER", started_at=at)


def _chase(plan: ServicePlan, by: User) -> None:
    """One clock for all gaps of a plan: it runs while there is one, and stops with the last."""
    current: ServicePlan = ServicePlan.objects.select_related("case").get(pk=plan.pk)
    items = list(PlanItem.objects.filter(plan=current))
    gaps = gaps_of(current, items, TriggerPlan.objects.filter(case=current.case_id).first())
    rule, other = reversed(GAP_RULES) if current.tier == HIGH else GAP_RULES
    drop_clock(current.case, by=by, rule_id=other, reason="The tier changed")
    if gaps:
        start_clock(current.case, by=by, rule_id=rule, started_at=timezone.now())
    else:
        stop_clock(current.case, by=by, rule_id=rule)


# One item


def _live(item: PlanItem) -> PlanItem:
    # Not joined with its plan, which a partner need not see: the join would hide the item from its owner.
    current: PlanItem = PlanItem.objects.select_related("case").get(pk=item.pk)
    if current.ended_at:
        raise Refused("This action has ended.")
    return current


def _check_disposition(item: PlanItem, disposition: str, reason: str, who: str) -> None:
    if disposition not in dict(DISPOSITIONS):
        raise Refused("Choose what happens with it.")
    chosen = Disposition[disposition.upper()]
    needs = needs_reason(ITEMS[item.code], chosen) if item.code in ITEMS else chosen in _ALWAYS_REASONED
    if needs and not reason:
        raise Refused("Say why.")
    if needs_name(chosen) and not who:
        raise Refused("Say who: who provides it already, or who declined.")


_ALWAYS_REASONED = {Disposition.DECLINED, Disposition.UNAVAILABLE, Disposition.NOT_APPROPRIATE}


@case_action(Action.WORK_ON_ITEM)
def settle_item(
    item: PlanItem, *, by: User, version: int, disposition: str, reason: str = "", who: str = "",
    offer_again_on: date | None = None,
) -> PlanItem:  # fmt: skip
    """Says what happens with an item: the worker for any, a partner for those of its own agency.

    Args:
        disposition: "planned", "offered", "in_progress", "completed", "already_provided", "not_appropriate",
            "declined" or "unavailable". `reason` is needed to set one aside (from Medium up), to decline and where
            nothing is available; `who` for what is already provided or declined.
        offer_again_on: for what was offered or declined, when to offer it again (ruling Q10).
    """
    current, reason, who = _live(item), _clean(reason), _clean(who)
    _check_disposition(current, disposition, reason, who)
    saved = save_version(
        current, version, disposition=disposition, reason=reason, who=who, offer_again_on=offer_again_on
    )
    _chase_as_far_as_seen(saved, by)
    return saved


def _chase_as_far_as_seen(item: PlanItem, by: User) -> None:
    """A partner sees only its own items, so it cannot say whether gaps are left: the next social care action does."""
    plan = ServicePlan.objects.filter(pk=item.plan_id).first()
    if plan and may(by, Action.EDIT_PLAN, item.case):
        _chase(plan, by)


def _may_own(person: Person | None) -> None:
    """Nobody who is considered complicit, or whose part is still being decided, is given a part of the plan (BR-08)."""
    if person is None:
        return
    latest = ContactSafetyDecision.objects.filter(person=person).order_by("-decided_at", "-pk").first()
    if latest and (latest.complicity in HELD or latest.unsafe_to_contact):
        raise Refused(f"{person.name} cannot be given a part of the plan: see the decision on contact.")


def _owner(owner: User | None, person: Person | None, name: str, agency: Agency | None) -> dict[str, Any]:
    _may_own(person)
    shown = _clean(name) or (owner.name if owner else person.name if person else agency.name if agency else "")
    return {"owner": owner, "owner_person": person, "owner_name": shown[:120], "agency": agency}


@case_action(Action.EDIT_PLAN)
def assign_item(
    item: PlanItem, *, by: User, version: int, owner: User | None = None, owner_person: Person | None = None,
    owner_name: str = "", agency: Agency | None = None, due_on: date | None = None, measure: str = "",
) -> PlanItem:  # fmt: skip
    """Says who does it, by when, and how we will know that it worked. A parent or relative may own one (ruling Q10)."""
    current = _live(item)
    if not (owner or owner_person or _clean(owner_name) or agency):
        raise Refused("Say who does it.")
    who = _owner(owner, owner_person, owner_name, agency)
    return save_version(current, version, due_on=due_on, measure=_clean(measure), **who)


@part_of_action
def add_action(
    case: CaseFile, *, by: User, title: str, source: str, agreed_at: str = "", owner: User | None = None,
    owner_person: Person | None = None, owner_name: str = "", agency: Agency | None = None,
    due_on: date | None = None, measure: str = "",
) -> PlanItem:  # fmt: skip
    """Adds an action of the child's own, as part of the meeting or safety plan that agreed it; it is planned at once.

    Args:
        source: "safety_plan", "meeting" or "worker". agreed_at: the meeting and decision that agreed it (ruling Q11).
    """
    if not _clean(title):
        raise Refused("Say what will be done.")
    plan = ServicePlan.objects.filter(case=case).first()
    if plan is None:
        tier = current_tier(case)
        level = tier.tier if tier and tier.tier != NO_CONCERN else Tier.LOW.name.lower()
        plan = ServicePlan.objects.create(case=case, tier=level, opened_at=timezone.now(), opened_by=by)
    added: PlanItem = PlanItem.objects.create(
        case=case, plan=plan, title=_clean(title), source=source, agreed_at=agreed_at, added_by=by, due_on=due_on,
        measure=_clean(measure), disposition=Disposition.PLANNED.name.lower(),
        **_owner(owner, owner_person, owner_name, agency),
    )  # fmt: skip
    return added


@case_action(Action.EDIT_PLAN)
def add_own_action(case: CaseFile, *, by: User, title: str, **given: Any) -> PlanItem:
    """Adds an action the worker thought of. Arguments as for `add_action`."""
    _plan(case)
    return add_action(case, by=by, title=title, source=PlanItem.Source.WORKER, **given)


@part_of_action
def note_progress(
    item: PlanItem, *, by: User, disposition: str, reason: str = "", who: str = "", agency: Agency | None = None
) -> PlanItem:
    """What a referral or a meeting does to an item, as part of it. `agency`: who has it from now; None leaves that."""
    current = _live(item)
    changes: dict[str, Any] = {"disposition": disposition, "reason": reason, "who": who}
    if agency is not None:
        changes |= {"agency": agency, "owner_name": agency.name}
    return save_version(current, current.version, **changes)


@case_action(Action.EDIT_PLAN)
def end_item(item: PlanItem, *, by: User, version: int, reason: str) -> PlanItem:
    """Ends an item above the tier, or an action of the child's own. What the offer gives at this tier does not end."""
    current = _live(item)
    if not _clean(reason):
        raise Refused("Say why it ends.")
    belongs = ITEMS[current.code].tier if current.code in ITEMS else None
    if belongs is not None and not is_above(current, Tier[current.plan.tier.upper()]):
        raise Refused("The offer gives this at the child’s tier. Say that it is not appropriate instead, and why.")
    saved = save_version(current, version, ended_at=timezone.now(), end_reason=_clean(reason), on_hold=False)
    _chase(current.plan, by)
    return saved


@case_action(Action.EDIT_PLAN)
def continue_item(item: PlanItem, *, by: User, version: int, reason: str) -> PlanItem:
    """An item above the tier goes on, with a reason."""
    current = _live(item)
    if not is_above(current, Tier[current.plan.tier.upper()]):
        raise Refused("It belongs to the child’s tier and goes on anyway.")
    if not _clean(reason):
        raise Refused("Say why it continues.")
    saved = save_version(current, version, continued_because=_clean(reason))
    _chase(current.plan, by)
    return saved


@case_action(Action.WORK_ON_ITEM)
def record_session(item: PlanItem, *, by: User, on: date, note: str, attended: bool = True) -> ItemSession:
    """One session of work, by whoever did it. The first makes an item "in progress"."""
    current = _live(item)
    if on > timezone.localdate():
        raise Refused("A session in the future cannot be recorded. Check the date.")
    if not _clean(note):
        raise Refused("Say what was done.")
    session: ItemSession = ItemSession.objects.create(
        case_id=current.case_id, item=current, on=on, note=_clean(note), attended=attended, author=by,
        agency=agency_for(by, Action.WORK_ON_ITEM, current.case),
    )  # fmt: skip
    waiting = {"", *(one.name.lower() for one in (Disposition.PLANNED, Disposition.OFFERED))}
    if attended and current.disposition in waiting:
        save_version(current, current.version, disposition=Disposition.IN_PROGRESS.name.lower())
        _chase_as_far_as_seen(current, by)
    return session


@case_action(Action.EDIT_PLAN)
def open_exceptional(
    case: CaseFile,
    *,
    by: User,
    code: str,
    reason: str,
    stops: Mapping[str, str] | None = None,
    already_made: bool = False,
) -> PlanItem:
    """Opens X01 (coming into care) or X02 (secure placement), which stand in no tier's list (ruling Q12).

    Args:
        stops: for planning X02, what BR-10 asks first: every alternative and why it fails, the ground, the legal
            test, the decision maker (director level), the legal advice.
        already_made: a court, a remand or an emergency made the placement: it is recorded, not planned (ruling Q19).
    """
    if code not in EXCEPTIONAL:
        raise Refused("Choose coming into care, or a secure placement.")
    plan = _plan(case)
    if PlanItem.objects.filter(plan=plan, code=code, ended_at__isnull=True).exists():
        raise Refused("It is open already.")
    if not _clean(reason):
        raise Refused("Say why.")
    given = {name: _clean((stops or {}).get(name, "")) for name in SECURE_STOPS}
    if code == "X02" and not already_made and not all(given.values()):
        raise Refused(
            "A secure placement is the last option. Record every alternative and why it would fail, the ground, the "
            "legal test, who decides at director level, and the legal advice."
        )
    told = " ".join(f"{name.replace('_', ' ').capitalize()}: {text}" for name, text in given.items() if text)
    item = _offered(plan, EXCEPTIONAL[code], by)
    item.reason, item.disposition = f"{_clean(reason)} {told}".strip(), Disposition.PLANNED.name.lower()
    item.save()
    return item


# The plan as a whole


@case_action(Action.EDIT_PLAN)
def record_agreement(
    plan: ServicePlan, *, by: User, version: int, child_agrees: str, child_says: str, parents_agree: str,
    parents_say: str, co_ordinator: str = "",
) -> ServicePlan:  # fmt: skip
    """What the child and the parents think of the plan, and who co-ordinates it beside the child's other plans."""
    return save_version(
        plan, version, child_agrees=child_agrees, child_says=_clean(child_says), parents_agree=parents_agree,
        parents_say=_clean(parents_say), co_ordinator=_clean(co_ordinator),
    )  # fmt: skip


@case_action(Action.APPROVE_PLAN)
def approve_plan(plan: ServicePlan, *, by: User, version: int, complete: bool) -> ServicePlan:
    """A manager approves it: complete, or with gaps that go on being chased (ruling Q7).

    Raises:
        Refused: complete, while there is a gap (the first is named).
    """
    items = list(PlanItem.objects.filter(plan=plan))
    gaps = gaps_of(plan, items, TriggerPlan.objects.filter(case=plan.case_id).first())
    if complete and gaps:
        raise Refused(f"The plan is not complete: {len(gaps)} left. {gaps[0].sentence} You can approve it with gaps.")
    state = ServicePlan.State.WITH_GAPS if gaps else ServicePlan.State.COMPLETE
    return save_version(plan, version, state=state, approved_by=by, approved_at=timezone.now())


# The police trigger plan


@case_action(Action.EDIT_PLAN)
def request_trigger_plan(
    trigger_plan: TriggerPlan, *, by: User, version: int, officer: str = "", officer_phone: str = ""
) -> TriggerPlan:
    """It was requested from the police, and who the allocated officer is. Both stop the clock (BR-06)."""
    if trigger_plan.status == TriggerPlan.Status.ON_SYSTEM:
        raise Refused("It is on the police system already.")
    saved = save_version(
        trigger_plan, version, status=TriggerPlan.Status.REQUESTED, officer=_clean(officer),
        officer_phone=_clean(officer_phone), requested_at=trigger_plan.requested_at or timezone.now(),
    )  # fmt: skip
    _police_told(saved, by)
    return saved


@case_action(Action.EDIT_PLAN)
def record_on_system(
    trigger_plan: TriggerPlan, *, by: User, version: int, officer: str, police_reference: str, on: date,
    officer_phone: str = "",
) -> TriggerPlan:  # fmt: skip
    """The trigger plan stands on the police system, with its reference and officer."""
    if not (_clean(officer) and _clean(police_reference)):
        raise Refused("Give the officer’s name and the police reference.")
    if on > timezone.localdate():
        raise Refused("The date cannot be in the future.")
    saved = save_version(
        trigger_plan, version, status=TriggerPlan.Status.ON_SYSTEM, officer=_clean(officer), on_system_on=on,
        officer_phone=_clean(officer_phone), police_reference=_clean(police_reference),
    )  # fmt: skip
    _police_told(saved, by)
    return saved


def _police_told(trigger_plan: TriggerPlan, by: User) -> None:
    if trigger_plan.officer:
        stop_clock(trigger_plan.case, by=by, rule_id="TG-TRIGGER")
    plan = ServicePlan.objects.filter(case=trigger_plan.case_id).first()
    if plan:
        _chase(plan, by)


@case_action(Action.EDIT_PLAN)
def write_first_hour(
    trigger_plan: TriggerPlan, *, by: User, version: int, whom_to_ring: str, where_to_look: str, keeps_safe: str
) -> TriggerPlan:
    """The first-hour page: whom to ring, where to look, what keeps the child safe (ruling Q15)."""
    return save_version(
        trigger_plan, version, whom_to_ring=_clean(whom_to_ring), where_to_look=_clean(where_to_look),
        keeps_safe=_clean(keeps_safe),
    )  # fmt: skip
