"""From a plan to what its pages show. A partner sees of others' actions the title and how far they are."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from access.roles import Action
from children.models import Child
from offer.catalogue import ITEMS
from offer.closing import RE_REFERRAL_MONTHS, ClosingReason, is_re_referral, state_after
from offer.levels import Tier
from offer.transition import TransitionDates
from plans.gaps import Gap, is_above
from plans.models import (
    CaseClosure,
    ItemSession,
    PlanItem,
    SafetyPlan,
    ServicePlan,
    TransitionConsideration,
    TriggerPlan,
)
from ui.dates import counted, long_date, short_moment, time_left

DONE = frozenset({"completed", "already_provided", "not_appropriate"})
LAYERS = (
    ("low", "For every child at Low"),
    ("medium", "Added at Medium"),
    ("high", "Added at High"),
    ("", "This child’s own, and exceptional"),
)
HELD = "Waits for the Child Protection Manager"
SHADES = {"completed": "green", "in_progress": "blue", "offered": "turquoise", "planned": "grey", "": "red"}


def item_row(item: PlanItem, plan: ServicePlan | None, today: date, *, full: bool, opens: bool) -> dict[str, Any]:
    """One item. `full`: social care's view, or its owner's. `opens`: who looks may open it, to work on it."""
    above = bool(plan) and is_above(item, Tier[plan.tier.upper()])  # type: ignore[union-attr]
    state, why = state_of(item)
    return {
        "pk": item.pk,
        "href": reverse("plan_item", args=[item.case_id, item.pk]) if full and opens else "",
        "code": item.code,
        "title": item.title,
        "who": item.owner_name or (item.agency.name if item.agency else ""),
        "due": {"text": long_date(item.due_on), **_left(item.due_on, today)}
        if item.due_on and not item.ended_at
        else None,
        "state": state,
        "colour": "grey" if item.ended_at or item.on_hold else SHADES.get(item.disposition, "grey"),
        "note": why if full else "",
        "above": above and not item.ended_at and not item.on_hold and not item.continued_because,
        "sessions": getattr(item, "worked", 0),
        "ended": bool(item.ended_at),
    }


def state_of(item: PlanItem) -> tuple[str, str]:
    """How far an item is, in a word or two, and why: the second only for who sees it in full."""
    if item.ended_at:
        return "Ended", item.end_reason
    if item.on_hold:
        return "On hold", HELD
    return item.get_disposition_display() or "Not settled", item.reason


def _left(due: date, today: date) -> dict[str, str]:
    level = "overdue" if due < today else "soon" if (due - today).days <= 3 else "later"
    return {"words": time_left(due, today), "level": level}


def layers(
    items: Iterable[PlanItem], plan: ServicePlan | None, today: date, full: set[int], *, opens: bool
) -> list[dict[str, Any]]:
    """The items by the tier that gives them; the layer of the child's tier is open."""
    rows: dict[str, list[dict[str, Any]]] = {key: [] for key, _ in LAYERS}
    for item in items:
        belongs = ITEMS[item.code].tier if item.code in ITEMS else None
        rows[belongs.name.lower() if belongs else ""].append(
            item_row(item, plan, today, full=item.pk in full, opens=opens)
        )
    return [
        {
            "title": title,
            "rows": rows[key],
            "summary": f"{title}: {counted(len(rows[key]), 'action')}, {_done(rows[key])} done or not needed",
            "open": not plan or key in (plan.tier, ""),
        }
        for key, title in LAYERS
        if rows[key]
    ]


def _done(rows: list[dict[str, Any]]) -> int:
    words = {"Completed", "Already provided", "Not appropriate"}
    return sum(row["state"] in words or row["ended"] for row in rows)


def plan_rows(plan: ServicePlan) -> list[dict[str, str]]:
    """What is agreed of the plan as a whole."""
    approved = f"by {plan.approved_by.name}, {short_moment(plan.approved_at)}" if plan.approved_by else ""
    rows = [{"key": "State", "value": plan.get_state_display(), "note": approved}]
    if plan.child_agrees:
        rows.append({"key": "The child agrees", "value": plan.get_child_agrees_display(), "note": plan.child_says})
    if plan.parents_agree:
        rows.append({"key": "The parents agree", "value": plan.get_parents_agree_display(), "note": plan.parents_say})
    if plan.co_ordinator:
        rows.append({"key": "Co-ordinated by", "value": plan.co_ordinator})
    return rows


def gap_items(gaps: Iterable[Gap], case: Any, *, opens: bool) -> list[dict[str, Any]]:
    """Gaps as a task list, each with where to fill it for whoever may (`opens`)."""
    return [
        {
            "text": gap.sentence,
            "href": _where(gap, case) if opens else "",
            "tag": {"text": "Gap", "colour": "red"},
        }
        for gap in gaps
    ]


def _where(gap: Gap, case: Any) -> str:
    return reverse("plan_item", args=[case.pk, gap.item]) if gap.item else reverse("trigger_plan", args=[case.pk])


def item_facts(item: PlanItem) -> list[dict[str, str]]:
    rows = [
        ("What happens with it", item.get_disposition_display() or "Not settled", item.reason),
        ("Who", item.owner_name or (item.agency.name if item.agency else "Nobody yet"), item.who),
        ("By when", long_date(item.due_on) or "No date", ""),
        ("How we will know that it worked", item.measure, ""),
        ("Agreed at", item.agreed_at, ""),
        ("Offer it again", long_date(item.offer_again_on), ""),
        ("Continues because", item.continued_because, ""),
        ("Ended", long_date(item.ended_at), item.end_reason),
    ]
    return [{"key": key, "value": value, "note": note} for key, value, note in rows if value]


def session_item(session: ItemSession) -> dict[str, Any]:
    took = "Session" if session.attended else "Session missed or cancelled"
    return {
        "title": took,
        "by": f"{session.author.name}, {session.agency.name}",
        "at": long_date(session.on),
        "text": session.note,
    }


def item_links(item: PlanItem, allowed: frozenset[Action], plan: ServicePlan | None) -> list[dict[str, Any]]:
    """What may be done with an item now."""
    above = bool(plan) and is_above(item, Tier[plan.tier.upper()])  # type: ignore[union-attr]
    own = item.code not in ITEMS or above or ITEMS[item.code].tier is None
    offered = (
        ("Say what happens with it", "settle_item", Action.WORK_ON_ITEM, True),
        ("Record a session", "record_session", Action.WORK_ON_ITEM, True),
        ("Refer to a service", "choose_service", Action.SEND_REFERRAL, not item.on_hold),
        ("Say who does it and by when", "assign_item", Action.EDIT_PLAN, True),
        ("It continues", "continue_item", Action.EDIT_PLAN, above),
        ("End it", "end_item", Action.EDIT_PLAN, own),
    )
    if item.ended_at:
        return []
    return [
        {"text": text, "href": _link(name, item)} for text, name, action, fits in offered if fits and action in allowed
    ]


def _link(name: str, item: PlanItem) -> str:
    if name == "choose_service":  # a page of the file, told which item asks for it
        return f"{reverse(name, args=[item.case_id])}?item={item.pk}"
    return reverse(name, args=[item.case_id, item.pk])


def own_item_row(item: PlanItem, child: Child | None, today: date) -> dict[str, Any]:
    """An agency's action in its list."""
    return {
        "child": str(child) if child else "A child",
        "reference": item.case.reference,
        "href": reverse("settle_item", args=[item.case_id, item.pk]),
        "title": item.title,
        "state": item.get_disposition_display() or "Not settled",
        "due": {"text": long_date(item.due_on), **_left(item.due_on, today)} if item.due_on else None,
    }


# The trigger plan, the safety plan, transition


def trigger_rows(trigger: TriggerPlan) -> list[dict[str, str]]:
    rows = [
        ("State", trigger.get_status_display(), long_date(trigger.on_system_on or trigger.requested_at)),
        ("Police reference", trigger.police_reference, ""),
        ("Allocated officer", trigger.officer or "Not recorded", trigger.officer_phone),
        ("Whom to ring in the first hour", trigger.whom_to_ring, ""),
        ("Where to look", trigger.where_to_look, ""),
        ("What keeps the child safe", trigger.keeps_safe, ""),
    ]
    return [{"key": key, "value": value, "note": note} for key, value, note in rows if value]


def safety_rows(plan: SafetyPlan) -> list[dict[str, str]]:
    considered = ", ".join(plan.contexts_considered).replace("_", " ")
    rows = [
        ("Whom to ring", plan.whom_to_ring),
        ("Tonight", plan.tonight),
        ("People the child trusts", plan.trusted_people),
        ("Safe places", plan.safe_places),
        ("Signal or code word", plan.signal_word),
        ("If the child is missing", plan.if_missing),
        ("Contexts considered", considered),
        ("Practical impact", plan.impact_practical),
        ("Physical impact", plan.impact_physical),
        ("Psychological impact", plan.impact_psychological),
        ("Behavioural impact", plan.impact_behavioural),
        ("No risk to the child", plan.no_risk_to_because),
        ("No risk from the child", plan.no_risk_from_because),
        ("Nobody else at risk", plan.nobody_else_because),
        ("The child’s view", plan.child_view),
        ("The parents’ view", plan.parents_view),
        ("To be reviewed", long_date(plan.review_on)),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def safety_caption(plan: SafetyPlan) -> str:
    if plan.approved_by:
        return f"{plan.get_state_display()} since {short_moment(plan.approved_at)}, by {plan.approved_by.name}"
    return f"{plan.get_state_display()}, started by {plan.author.name}"


def transition_rows(dates: TransitionDates) -> list[dict[str, str]]:
    rows = [
        ("Advance notice", dates.notice, "three months before"),
        ("17th birthday: the consideration opens", dates.opens, ""),
        ("To be considered by", dates.due, "local target"),
        ("Looked at again, at 17 and a half", dates.again, f"book by {long_date(dates.again_book_by)}"),
        ("18th birthday", dates.adult, "not closed by age without an outcome"),
    ]
    return [{"key": key, "value": long_date(day), "note": note} for key, day, note in rows]


def consideration_item(one: TransitionConsideration) -> dict[str, Any]:
    until = f" Until {long_date(one.deferred_until)}." if one.deferred_until else ""
    at: datetime = one.considered_at
    return {"title": one.get_outcome_display(), "by": one.considered_by.name, "at": at, "text": f"{one.reason}{until}"}


def closure_rows(one: CaseClosure) -> list[dict[str, str]]:
    """A closing that is proposed, or by which the file is closed."""
    closed = one.state == CaseClosure.State.CLOSED
    state = state_after(ClosingReason[one.reason.upper()]).value if closed else one.get_state_display()
    rows = [
        ("State", state, ""),
        ("Why", one.get_reason_display(), ""),
        ("Who takes over", one.receiver, ""),
        ("What was done", one.summary, f"{one.proposed_by.name}, {short_moment(one.proposed_at)}"),
    ]
    if one.decided_by:
        rows.append(("Manager", one.answer, f"{one.decided_by.name}, {short_moment(one.decided_at)}"))
    return [{"key": key, "value": value, "note": note} for key, value, note in rows if value]


def closure_items(one: CaseClosure) -> list[dict[str, Any]]:
    """What became of a proposed closing, the last thing first."""
    why = one.get_reason_display()
    events = [
        ("Opened again", one.reopened_by, one.reopened_at, one.reopened_because),
        (
            "Not closed" if one.state == CaseClosure.State.SENT_BACK else "Closed",
            one.decided_by,
            one.decided_at,
            one.answer,
        ),
        (f"Closing proposed: {why}", one.proposed_by, one.proposed_at, one.summary),
    ]
    items: list[dict[str, Any]] = [
        {"title": title, "by": by.name, "at": at, "text": text} for title, by, at, text in events if by
    ]
    if one.reopened_at and one.decided_at and is_re_referral(localdate(one.decided_at), localdate(one.reopened_at)):
        items[0]["tags"] = [{"text": f"Within {RE_REFERRAL_MONTHS} months of closing", "colour": "yellow"}]
    return items
