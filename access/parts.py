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
    CASEWORK = "casework"  # contacts, notes, assessments, decisions
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
    Label.CASEWORK: "Contacts, notes and decisions",
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
LEDGER = Part("R19", "Who has looked, and who can", Label.CASEWORK)

SOCIAL_CARE_LABELS = frozenset(Label) - {Label.POLICE, Label.HEALTH}
