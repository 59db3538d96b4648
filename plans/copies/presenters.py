"""From what a recipient may hold to the sheet that is printed, and from copies to the rows of a page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import Team
from assessments.models import EffectiveTier
from children.models import ContactSafetyDecision, Person
from offer.ages import age_on
from plans.copies.family import PLACES, PROMISES, is_promised, may_have_a_copy
from plans.copies.selectors import Material
from plans.copies.sheets import MARK, Cell, Section, Sheet, list_section, table_section, text_section
from plans.models import ContextualRisk, Copy, PlanItem
from ui.dates import long_date, short_moment

TONES = {"planned": "waiting", "offered": "waiting", "in_progress": "going", "completed": "done"}
PHONE_UNKNOWN = "Ring the out-of-hours team of children’s social care."


# For professionals


def professional_sheet(copy: Copy, material: Material, holders: Iterable[tuple[int, str, str]], today: date) -> Sheet:
    """The whole plan for somebody in the work, or what of it a partner's team may hold."""
    child = material.child
    name = child.known_as or child.given_names if child else "this child"
    heading = str(child) if child else "Plan"
    version = _version(copy)
    return Sheet(
        title=f"CRE plan, {copy.case.reference}",
        heading=heading,
        caption=f"CRE plan, {version}" if copy.kind == Copy.Kind.PROFESSIONAL else f"CRE plan, shared part, {version}",
        mark=MARK,
        footer=f"{copy.case.reference}, {version}. {named(copy)}",
        facts=_facts(copy, material, today),
        sections=tuple(_professional_sections(copy, material, name, holders)),
    )


def _professional_sections(
    copy: Copy, material: Material, name: str, holders: Iterable[tuple[int, str, str]]
) -> Iterable[Section]:
    yield _emergency(material, name)
    if plan := material.safety_plan:
        yield from text_section(f"What {name} says", plan.child_words or plan.child_view, "quote")
    yield from table_section(
        "Where, from whom, who else",
        ["Where", "Risk", "From whom", "Who else is at risk", "What we will do"],
        [_risk_row(risk) for risk in material.risks],
    )
    title = "Actions" if material.agency is None else "Your agency’s actions"
    concerns = _concerns(material.risks)
    yield from table_section(
        title,
        ["Action", "Concern", "Who", "By", "Status"],
        [_action_row(item, concerns.get(item.pk, "")) for item in material.items],
    )
    yield from list_section("Actions of others", material.other_titles)
    if plan := material.safety_plan:
        yield from text_section(f"Places where {name} is safe", plan.safe_places)
        yield from text_section(f"People {name} trusts", plan.trusted_people)
        yield from text_section(f"If {name} goes missing", plan.if_missing)
    yield from table_section("Agreed by", ["What", "Who", "When"], _agreements(material))
    yield _who_has_a_copy(copy, holders)


def _facts(copy: Copy, material: Material, today: date) -> list[list[Cell]]:
    child, lead, tier, plan = material.child, material.lead, material.tier, material.safety_plan
    facts: list[list[Cell]] = [["Reference", copy.case.reference]]
    if child and child.date_of_birth:
        facts.insert(0, ["Age", str(age_on(child.date_of_birth, today))])
    if tier:
        facts.append(["Risk tier", {"text": tier_words(tier), "tone": f"tier-{tier.tier}"}])
        facts.append(["Agreed by", f"{tier.set_by.name}, {long_date(tier.from_at)}"])
    if plan and plan.review_on:
        facts.append(["Next review", long_date(plan.review_on)])
    if lead:
        facts.append(["Social worker", ", ".join(part for part in (lead.worker.name, lead.worker.phone) if part)])
    return facts


def tier_words(tier: EffectiveTier) -> str:
    """The tier in effect in words; a provisional one says what it waits for."""
    word = tier.get_tier_display()
    return f"{word}, provisional: awaiting a Child Protection Manager" if tier.provisional else word


def _emergency(material: Material, name: str) -> Section:
    lines = [f"If {name} is missing or in danger now, call 999."]
    trigger, plan, lead = material.trigger_plan, material.safety_plan, material.lead
    if trigger and trigger.police_reference:
        lines[0] += f" Quote the trigger plan reference {trigger.police_reference}."
    ring = [plan.whom_to_ring if plan else "", trigger.whom_to_ring if trigger else ""]
    lines += [f"Whom to ring: {' '.join(text.split())}" for text in ring if text.strip()]
    if trigger and trigger.where_to_look:
        lines.append(f"Where to look: {' '.join(trigger.where_to_look.split())}")
    if trigger and trigger.keeps_safe:
        lines.append(f"What keeps {name} safe: {' '.join(trigger.keeps_safe.split())}")
    if plan and plan.tonight:
        lines.append(f"Tonight: {' '.join(plan.tonight.split())}")
    if len(lines) == 1:
        lines.append(f"{lead.worker.name}: {lead.worker.phone}" if lead and lead.worker.phone else PHONE_UNKNOWN)
    return Section("In an emergency", "alert", lines=lines)


def _risk_row(risk: ContextualRisk) -> list[Cell]:
    where = f"{risk.get_context_display()}: {risk.where}"
    done = "; ".join(action.item.title for action in risk.actions.all()) or "No action yet"
    what = risk.what if risk.direction == ContextualRisk.Direction.TO else f"Risk from the child: {risk.what}"
    return [where, what, risk.from_whom, risk.who_else or "None identified", done]


def _concerns(risks: Iterable[ContextualRisk]) -> dict[int, str]:
    """For each action the places of the risks it reduces."""
    found: dict[int, list[str]] = {}
    for risk in risks:
        for action in risk.actions.all():
            found.setdefault(action.item_id, []).append(risk.where)
    return {item: "; ".join(dict.fromkeys(places)) for item, places in found.items()}


def _action_row(item: PlanItem, concern: str) -> list[Cell]:
    who = item.owner_name or (item.owner.name if item.owner else "") or (item.owner_person or item.who)
    agency = item.agency.name if item.agency else ""
    status = item.get_disposition_display() if item.disposition else "Not settled yet"
    if item.on_hold:
        status = "On hold"
    return [
        item.title,
        concern,
        ", ".join(str(part) for part in (who, agency) if part) or "Nobody yet",
        long_date(item.due_on) or "No date yet",
        {"text": status, "tone": TONES.get(item.disposition, "open")},
    ]


def _agreements(material: Material) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    if (safety := material.safety_plan) and safety.approved_by:
        rows.append([safety.get_kind_display(), safety.approved_by.name, long_date(safety.approved_at)])
    if (plan := material.plan) and plan.approved_by:
        rows.append(["Service plan", plan.approved_by.name, long_date(plan.approved_at)])
    if plan and plan.child_agrees:
        rows.append(["The child agrees", plan.get_child_agrees_display(), ""])
    return rows


def _who_has_a_copy(copy: Copy, holders: Iterable[tuple[int, str, str]]) -> Section:
    if copy.kind == Copy.Kind.PROFESSIONAL:
        lines = [f"Copy {number}: {recipient}" for number, recipient, _ in holders]
    else:
        lines = [named(copy)]
    lines.append(f"Made for {copy.recipient_name} alone. Do not copy it further; keep it locked away.")
    return Section("Who has a copy", "list", lines=lines, last=True)


def named(copy: Copy) -> str:
    return f"Copy {copy.number}: {copy.recipient_name}" if copy.number else f"For {copy.recipient_name}"


def _version(copy: Copy) -> str:
    return f"version {copy.plan_version}" if copy.plan_version else "safety plan only"


# For the child and the family


def family_sheet(copy: Copy, material: Material, chosen: Iterable[str]) -> Sheet:
    """My plan: for the child, or for somebody of the family who keeps the child safe.

    It can name nothing but what stands here: no address, no network, no tier, no reference is ever asked for.
    """
    child, plan = material.child, material.safety_plan
    name = (child.known_as or child.given_names) if child else "this child"
    mine = copy.recipient_person_id is None
    title = "My plan" if mine else f"Plan for {name}"
    sections = [
        *text_section("What matters to me" if mine else f"What {name} says", plan.child_words if plan else "", "quote"),
        # Before all that may be long: it is on the first page.
        Section("In danger now?", "alert", lines=["Call 999. You will never be in trouble for calling."]),
        *text_section("Places where I feel safe" if mine else "Safe places", plan.safe_places if plan else ""),
        *text_section("People I can trust and call" if mine else "People to call", _people_to_call(material)),
        *list_section("What adults will do", [*_promises(material), *chosen]),
        *list_section("Where we will help to keep you safer" if mine else "Where help is given", _places(material)),
        *text_section("If I feel unsafe, or go missing" if mine else f"If {name} is missing", _if_unsafe(material)),
    ]
    if mine and plan and plan.signal_word:
        sections += text_section("My code word", plan.signal_word)
    return Sheet(
        title=title,
        heading=title,
        caption="",
        mark="Private",
        footer=named(copy),
        sections=tuple(sections),
        large=True,
    )


def _people_to_call(material: Material) -> str:
    plan = material.safety_plan
    return f"{plan.trusted_people}\n{plan.whom_to_ring}" if plan else ""


def _if_unsafe(material: Material) -> str:
    return material.safety_plan.if_missing if material.safety_plan else ""


def _promises(material: Material) -> list[str]:
    codes = {item.code for item in material.items if is_promised(item)}
    return [words for code, words in PROMISES.items() if code in codes]


def _places(material: Material) -> list[str]:
    contexts = {risk.context for risk in material.risks if risk.direction == ContextualRisk.Direction.TO}
    return [words for context, words in PLACES.items() if context in contexts]


# The pages


def copy_card(copy: Copy, *, may_read_again: bool) -> dict[str, Any]:
    """A copy of the list: for whom, how it stands, and what can be done with it."""
    decision = copy.decision
    rows = [
        ("For", recipient_words(copy)),
        ("Kind", copy.get_kind_display()),
        ("Of", _of_what(copy)),
        ("Asked for by", f"{copy.author.name}, {short_moment(copy.asked_at)}"),
        ("Why", decision.purpose if decision else ""),
        ("Lawful basis", decision.get_lawful_basis_display() if decision else ""),
        ("Agreement", decision.get_agreement_display() if decision else ""),
        ("Made", short_moment(copy.made_at)),
        ("Could not be made", copy.problem),
    ]
    return {
        "title": f"Copy {copy.number}",
        "rows": [{"key": key, "value": value} for key, value in rows if value],
        "state": copy.get_state_display(),
        "colour": {"ready": "green", "failed": "red"}.get(copy.state, "yellow"),
        "download": reverse("download_copy", args=[copy.case_id, copy.pk]) if copy.state == Copy.State.READY else "",
        "print": reverse("print_copy", args=[copy.case_id, copy.pk]) if may_read_again else "",
    }


def recipient_words(copy: Copy) -> str:
    if copy.kind == Copy.Kind.FAMILY and copy.recipient_person is None:
        return f"{copy.recipient_name} (the child)"
    if copy.recipient_person:
        return f"{copy.recipient_name} ({copy.recipient_person.get_relationship_display().lower()})"
    return f"{copy.recipient_name}, {copy.recipient_team}" if copy.recipient_team else copy.recipient_name


def _of_what(copy: Copy) -> str:
    safety = copy.safety_plan
    words = [f"service plan, version {copy.plan_version}"] if copy.plan_version else []
    if safety:
        words.append(f"{safety.get_kind_display().lower()} in force since {long_date(safety.approved_at)}")
    return "; ".join(words).capitalize()


def person_choice(person: Person, *, is_held: bool) -> dict[str, str]:
    """Somebody of the family whom a copy could be for, or the reason why not."""
    href = reverse("copy_for_person", args=[person.case_id, person.pk])
    reason = barred_because(person.safety) if not may_have_a_copy(person) else ""
    if not reason and is_held:
        reason = "Nothing of this file is given to family before advice has been taken. Ask the team manager."
    text = f"{person.name}, {person.get_relationship_display().lower()}"
    return {"text": text, "href": "" if reason else href, "reason": reason}


def barred_because(decision: ContactSafetyDecision | None) -> str:
    if decision is None:
        return ""
    what = "Unsafe to contact" if decision.unsafe_to_contact else decision.get_complicity_display()
    return f"{what}. Decided by {decision.decided_by.name}, {long_date(decision.decided_at)}."


def team_choice(team: Team, case_id: Any) -> dict[str, str]:
    return {"text": str(team), "href": reverse("copy_for_team", args=[case_id, team.pk]), "reason": ""}
