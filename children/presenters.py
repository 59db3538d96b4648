"""From records to what a page shows. Templates contain no rule and no query."""

from datetime import date
from typing import Any

from django.urls import reverse

from access.models import CaseFile
from access.roles import Action
from children.codes import DISABILITIES, ETHNICITIES
from children.identifiers import shown_nhs_number
from children.models import Child, ChildProfile
from offer.ages import age_on

# (text, URL name, the action without which the link is not shown)
SIDE_LINKS = (
    ("Overview", "case_file", Action.VIEW_FILE),
    ("Details", "child_details", Action.VIEW_PROFILE),
    ("Family and people", "people", Action.VIEW_NETWORK),
    ("Visits and notes", "notes", Action.VIEW_NOTES),
    ("Contacts", "case_contacts", Action.VIEW_CONTACTS),
    ("Who can see this file", "who_can_see", Action.VIEW_ACCESS),
    ("Who has looked", "who_has_looked", Action.VIEW_LEDGER),
)


def side_links(case: CaseFile, allowed: frozenset[Action], path: str) -> list[dict[str, Any]]:
    """The pages of a file that this person may open."""
    addresses = [(text, reverse(name, args=[case.pk])) for text, name, action in SIDE_LINKS if action in allowed]
    return [{"text": text, "href": href, "current": path == href} for text, href in addresses]


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
    facts.append({"label": "Social worker", "text": lead["name"] if lead else "not allocated"})
    if child and child.send_status in (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED):
        facts.append({"label": "Needs", "text": child.get_send_status_display()})
    return {
        "name": str(child) if child else "New contact",
        "href": reverse("case_file", args=[case.pk]),
        "facts": facts,
        "warnings": warnings,
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
