"""From records to what a page shows. Templates contain no rule and no query."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from access.models import CaseFile
from access.roles import CASE_ACTIONS, Action
from children.codes import DISABILITIES, ETHNICITIES
from children.identifiers import shown_nhs_number
from children.models import CaseNote, Child, ChildProfile, ContactSafetyDecision, Person
from offer.ages import age_on
from ui.dates import long_date, short_moment

# (text, URL name, the action without which the link is not shown)
SIDE_LINKS = (
    ("Overview", "case_file", Action.VIEW_FILE),
    ("What is due", "case_due", Action.VIEW_DEADLINES),
    ("Assessments and tier", "assessments", Action.VIEW_ASSESSMENTS),
    ("Plan", "plan", Action.VIEW_ITEMS),
    ("Safety plan", "safety_plan", Action.VIEW_SAFETY_PLAN),
    ("Transition at 17", "transition", Action.VIEW_DEADLINES),
    ("Mandatory reports", "reports", Action.VIEW_REPORTS),
    ("Details", "child_details", Action.VIEW_PROFILE),
    ("Family and people", "people", Action.VIEW_NETWORK),
    ("Referrals", "case_referrals", Action.VIEW_REFERRALS),
    ("Meetings", "case_meetings", Action.VIEW_MEETINGS),
    ("Visits and notes", "notes", Action.VIEW_NOTES),
    ("Contacts", "case_contacts", Action.VIEW_CONTACTS),
    ("Copies", "copies", Action.VIEW_COPIES),
    ("Requests to see the record", "subject_access", Action.VIEW_SUBJECT_ACCESS),
    ("Closing", "closing", Action.VIEW_DEADLINES),
    ("Who can see this file", "who_can_see", Action.VIEW_ACCESS),
    ("Who has looked", "who_has_looked", Action.VIEW_LEDGER),
)


def side_links(case: CaseFile, allowed: frozenset[Action], path: str) -> list[dict[str, Any]]:
    """The pages of a file that this person may open."""
    addresses = [(text, reverse(name, args=[case.pk])) for text, name, action in SIDE_LINKS if action in allowed]
    return [{"text": text, "href": href, "current": path == href} for text, href in addresses]


def who_links(case: CaseFile, action: Action, allowed: frozenset[Action]) -> list[dict[str, str]]:
    """On every page of a file: why whoever reads it may, and for social care who else sees that part of it."""
    links = [{"text": "Why you can see this", "href": reverse("why_you_can_see", args=[case.pk])}]
    if Action.VIEW_ACCESS in allowed:
        part = urlencode({"part": CASE_ACTIONS[action].part.label})
        links.append({"text": "Who can see this", "href": f"{reverse('who_can_see', args=[case.pk])}?{part}"})
    return links


ONLY_NAMED = "This file is restricted to people named on it. Speak of it to nobody else."
RESTRICTED = {"text": "Restricted", "colour": "red"}


def identity(
    case: CaseFile, child: Child | None, lead: dict[str, str] | None, warnings: list[str], today: date
) -> dict[str, Any]:
    """The identity bar: who this is, always visible, and what a visitor must know."""
    facts = [{"label": "Ref", "text": case.reference}]
    if child and child.date_of_birth:
        about = "about " if child.date_of_birth_estimated else ""
        facts.insert(0, {"label": "Age", "text": f"{about}{age_on(child.date_of_birth, today)}"})
    elif child:
        facts.insert(0, {"label": "Age", "text": "not known"})
    if case.closed_at:
        facts.append({"label": "Closed", "text": long_date(case.closed_at)})
    else:
        facts.append({"label": "Social worker", "text": lead["name"] if lead else "not allocated"})
    if child and child.send_status in (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED):
        facts.append({"label": "Needs", "text": child.get_send_status_display()})
    return {
        "name": str(child) if child else "New contact",
        "href": reverse("case_file", args=[case.pk]),
        "facts": facts,
        "warnings": [ONLY_NAMED, *warnings] if case.restricted_at else warnings,
    }


def profile_rows(child: Child | None, profile: ChildProfile | None) -> list[dict[str, str]]:
    """Identifiers and background as rows of a summary list; what is not recorded says so."""
    if child is None or profile is None:
        return []
    ethnicities, disabilities = dict(ETHNICITIES), dict(DISABILITIES)
    facts = [
        ("First names", child.given_names),
        ("Family name", child.family_name),
        ("Likes to be called", child.known_as),
        ("Date of birth", child.date_of_birth and f"{child.date_of_birth:%-d %B %Y}"),
        ("Sex", profile.get_sex_display()),
        ("Gender identity", profile.gender_identity),
        ("NHS number", shown_nhs_number(profile.nhs_number)),
        ("UPN", profile.upn),
        ("Council system number", profile.external_id),
        ("Ethnicity", ethnicities.get(profile.ethnicity, "")),
        ("First language", profile.first_language + (", interpreter needed" if profile.interpreter_needed else "")),
        ("School or college", profile.school),
        ("SEND", child.get_send_status_display()),
        ("SEND rests on", profile.send_basis),
        ("Disability", ", ".join(disabilities.get(code, code) for code in profile.disabilities)),
        ("Understanding and being understood", child.communication_needs),
        ("Home authority", child.home_authority),
        ("Host authority", child.host_authority),
    ]
    return [{"key": key, "value": value or "Not recorded"} for key, value in facts]


def person_card(person: Person, allowed: frozenset[Action]) -> dict[str, Any]:
    """A person around the child as a card: facts, the latest safety decision if it may be seen, what can be done."""
    facts = [
        ("Relationship", person.get_relationship_display()),
        ("Looks after the child", "Yes" if person.is_carer else "No"),
        ("Parental responsibility", person.get_parental_responsibility_display()),
        ("Lives with the child", person.get_lives_with_child_display()),
        ("Adult", "Yes" if person.is_adult else "No, under 18"),
        ("Phone", person.phone),
        ("Email", person.email),
        ("Address", person.address),
        ("Interpreter for", person.interpreter),
    ]
    rows = [{"key": key, "value": value} for key, value in facts if value]
    if Action.VIEW_COMPLICITY in allowed:
        rows += safety_rows(getattr(person, "safety", None))
    if person.ended_at:
        rows.append({"key": "No longer part of the child’s life since", "value": f"{person.ended_at:%-d %B %Y}"})
    return {"name": person.name, "rows": rows, "actions": [] if person.ended_at else person_actions(person, allowed)}


def safety_rows(decision: ContactSafetyDecision | None) -> list[dict[str, str]]:
    if decision is None:
        return [{"key": "Complicity", "value": "Not considered yet"}]
    unsafe = [
        words
        for words, is_so in (
            ("Unsafe to contact", decision.unsafe_to_contact),
            ("Unsafe to meet together with other family", decision.unsafe_to_meet_together),
        )
        if is_so
    ]
    review = f"To be reviewed by {decision.review_on:%-d %B %Y}" if decision.review_on else ""
    decided = f"Decided by {decision.decided_by.name}, {decision.decided_at:%-d %B %Y}"
    rows = [
        {"key": "Complicity", "value": decision.get_complicity_display(), "note": decided},
        {"key": "What it rests on", "value": decision.reason, "note": review},
    ]
    return [*rows, {"key": "Safety", "value": ". ".join(unsafe)}] if unsafe else rows


def person_actions(person: Person, allowed: frozenset[Action]) -> list[dict[str, str]]:
    offered = (
        ("Change", "edit_person", Action.EDIT_NETWORK),
        ("Decide on contact", "decide_contact_safety", Action.DECIDE_COMPLICITY),
        ("Take off the list", "end_person", Action.EDIT_NETWORK),
    )
    return [
        {"text": text, "href": reverse(name, args=[person.case_id, person.pk])}
        for text, name, action in offered
        if action in allowed
    ]


def note_item(note: CaseNote, *, may_add: bool) -> dict[str, Any]:
    """A note for the timeline: when it happened, when it was written down, by whom."""
    title = note.get_kind_display() + (f", {note.get_seen_display().lower()}" if note.seen else "")
    if note.corrects_id:
        title = f"Correction of a {note.get_kind_display().lower()}"
    written = f"Written down {short_moment(note.recorded_at)}."
    return {
        "title": title,
        "by": f"{note.author.name}, {note.agency.name}",
        "at": note.happened_at,
        "text": f"{note.text}\n\n{written}",
        "words": note.child_words,
        "href": reverse("correct_note", args=[note.case_id, note.pk]) if may_add else "",
        "link": "Correct this" if may_add else "",
    }
