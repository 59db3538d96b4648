"""Record parts of a child's file and the label each carries (DOMAIN 5.5, R1 to R24).

A grant names labels; a table's row-level policy names one. So what a grant does not name stays shut even
to a statement that forgot to ask.
"""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    CORE = "core"  # that the file exists, name, date of birth, lead worker, warnings for visitors
    PROFILE = "profile"  # identifiers and demographics
    LOCATION = "location"  # addresses and placements
    LOCKED_LOCATION = "locked_location"  # confidential addresses
    NETWORK = "network"  # family, carers and other people
    COMPLICITY = "complicity"  # who is considered complicit or unsafe to contact
    CASEWORK = "casework"  # contacts, notes, assessments, meetings, reports
    PLAN = "plan"  # the tier, and what the plan does
    SAFETY = "safety"  # the safety plan, and why the tier is what it is
    HEALTH = "health"  # sensitive health
    POLICE = "police"  # intelligence and trigger plans
    LEGAL = "legal"  # court and privileged advice


LABEL_NAMES: dict[Label, str] = {
    Label.CORE: "Name, age and who leads",
    Label.PROFILE: "Identifiers and demographics",
    Label.LOCATION: "Addresses",
    Label.LOCKED_LOCATION: "Confidential addresses",
    Label.NETWORK: "Family and connected people",
    Label.COMPLICITY: "Complicity and unsafe contact",
    Label.CASEWORK: "Contacts, notes, assessments and meetings",
    Label.PLAN: "Tier and plan",
    Label.SAFETY: "Safety plan and reasons for the tier",
    Label.HEALTH: "Sensitive health",
    Label.POLICE: "Police information",
    Label.LEGAL: "Court and legal advice",
}


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    name: str
    label: Label


SUMMARY = Part("R1", "Name, age and who leads", Label.CORE)
PROFILE = Part("R1", "Identifiers and demographics", Label.PROFILE)
LOCATION = Part("R2", "Addresses and placements", Label.LOCATION)
LOCKED_LOCATION = Part("R2", "Confidential addresses", Label.LOCKED_LOCATION)
NETWORK = Part("R10", "Family and connected people", Label.NETWORK)
COMPLICITY = Part("R15", "Complicity and unsafe contact", Label.COMPLICITY)
CASEWORK = Part("R17", "Chronology and case notes", Label.CASEWORK)
ASSESSMENT = Part("R3", "CRE assessment and supporting assessments", Label.CASEWORK)
TIER = Part("R4", "Tier in effect", Label.PLAN)
TIER_REASONS = Part("R4", "Tier decisions and their reasons", Label.SAFETY)
AGREEMENT = Part("R5", "Child Protection Manager’s agreement", Label.CASEWORK)
PLAN = Part("R6", "Service plan", Label.PLAN)
ITEM = Part("R7", "Actions of the plan", Label.PLAN)
SAFETY_PLAN = Part("R9", "Safety plan", Label.SAFETY)
MEETING = Part("R12", "Meetings and minutes", Label.CASEWORK)
REPORT = Part("R14", "Mandatory reports", Label.CASEWORK)
REFERRAL = Part("R7", "Referrals", Label.CASEWORK)
COPY = Part("R18", "Copies and documents", Label.CASEWORK)
LEDGER = Part("R19", "Who has looked, and who can", Label.CASEWORK)


class Own(StrEnum):
    """How a column makes a row somebody's own: the matrix's "a", own agency's items only."""

    PERSON = "person"  # it names the person
    AGENCY = "agency"  # it names an agency of theirs outside the council, whose early help, youth justice and
    AGENCIES = "agencies"  # adult workers are one agency with social care. An array of agencies, one of them theirs.
    TEAM = "team"  # it names a team of theirs


SOCIAL_CARE_LABELS = frozenset(Label) - {Label.POLICE, Label.HEALTH}
