"""The access matrix of DOMAIN 5.5 as code a manager can read: what each role may do.

Holding a role is never enough: each action on a file also needs a live grant with the label of the record
part, and no conflict exclusion (see `access.querysets`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from access.parts import CASEWORK, COMPLICITY, LEDGER, LOCATION, LOCKED_LOCATION, NETWORK, PROFILE, SUMMARY, Label, Part
from accounts.roles import AgencyKind, Role


class Level(IntEnum):
    """How far a grant reaches: look, or look and add."""

    VIEW = 1
    WORK = 2


class Action(StrEnum):
    # On one file
    VIEW_FILE = "view_file"
    VIEW_PROFILE = "view_profile"
    EDIT_CHILD = "edit_child"
    VIEW_LOCATION = "view_location"
    VIEW_LOCKED_LOCATION = "view_locked_location"
    EDIT_LOCATION = "edit_location"
    VIEW_NETWORK = "view_network"
    EDIT_NETWORK = "edit_network"
    VIEW_COMPLICITY = "view_complicity"
    DECIDE_COMPLICITY = "decide_complicity"
    VIEW_NOTES = "view_notes"
    ADD_NOTE = "add_note"
    VIEW_CONTACTS = "view_contacts"
    RECORD_CONTACT = "record_contact"
    SCREEN_CONTACT = "screen_contact"
    RECORD_WARNING = "record_warning"
    ALLOCATE = "allocate"
    SHARE = "share"
    EXCLUDE = "exclude"
    VIEW_ACCESS = "view_access"
    VIEW_LEDGER = "view_ledger"
    # On no file in particular
    OPEN_CASE = "open_case"
    LIST_CHILDREN = "list_children"
    STATE_REASON = "state_reason"
    VIEW_HEALTH = "view_health"
    MANAGE_STAFF = "manage_staff"


@dataclass(frozen=True, slots=True)
class Needs:
    """What an action asks of a grant: the record part it touches and the least level."""

    part: Part
    level: Level = Level.VIEW


CASE_ACTIONS: Mapping[Action, Needs] = {
    Action.VIEW_FILE: Needs(SUMMARY),
    Action.VIEW_PROFILE: Needs(PROFILE),
    Action.EDIT_CHILD: Needs(CASEWORK, Level.WORK),
    Action.VIEW_LOCATION: Needs(LOCATION),
    Action.VIEW_LOCKED_LOCATION: Needs(LOCKED_LOCATION),
    Action.EDIT_LOCATION: Needs(CASEWORK, Level.WORK),
    Action.VIEW_NETWORK: Needs(NETWORK),
    Action.EDIT_NETWORK: Needs(CASEWORK, Level.WORK),
    Action.VIEW_COMPLICITY: Needs(COMPLICITY),
    Action.DECIDE_COMPLICITY: Needs(COMPLICITY, Level.WORK),
    Action.VIEW_NOTES: Needs(CASEWORK),
    Action.ADD_NOTE: Needs(CASEWORK, Level.WORK),
    Action.VIEW_CONTACTS: Needs(CASEWORK),
    Action.RECORD_CONTACT: Needs(CASEWORK, Level.WORK),
    Action.SCREEN_CONTACT: Needs(CASEWORK, Level.WORK),
    Action.RECORD_WARNING: Needs(CASEWORK, Level.WORK),
    Action.ALLOCATE: Needs(CASEWORK, Level.WORK),
    Action.SHARE: Needs(CASEWORK, Level.WORK),
    Action.EXCLUDE: Needs(CASEWORK, Level.WORK),
    Action.VIEW_ACCESS: Needs(LEDGER),
    Action.VIEW_LEDGER: Needs(LEDGER),
}

_VIEW_ALL = frozenset(
    {
        Action.LIST_CHILDREN,
        Action.VIEW_FILE,
        Action.VIEW_PROFILE,
        Action.VIEW_LOCATION,
        Action.VIEW_LOCKED_LOCATION,
        Action.VIEW_NETWORK,
        Action.VIEW_COMPLICITY,
        Action.VIEW_NOTES,
        Action.VIEW_CONTACTS,
        Action.VIEW_ACCESS,
        Action.VIEW_LEDGER,
    }
)
_CASEWORK = _VIEW_ALL | {
    Action.OPEN_CASE,
    Action.EDIT_CHILD,
    Action.EDIT_LOCATION,
    Action.EDIT_NETWORK,
    Action.ADD_NOTE,
    Action.RECORD_CONTACT,
    Action.RECORD_WARNING,
    Action.SHARE,
}
_PARTNER = frozenset({Action.LIST_CHILDREN, Action.VIEW_FILE})

ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = {
    Role.SOCIAL_WORKER: _CASEWORK,
    Role.TEAM_MANAGER: (_CASEWORK - {Action.OPEN_CASE})
    | {Action.SCREEN_CONTACT, Action.ALLOCATE, Action.EXCLUDE, Action.DECIDE_COMPLICITY, Action.VIEW_HEALTH},
    Role.CHILD_PROTECTION_MANAGER: _VIEW_ALL | {Action.ADD_NOTE, Action.DECIDE_COMPLICITY},
    Role.REVIEWING_OFFICER: _VIEW_ALL | {Action.ADD_NOTE, Action.DECIDE_COMPLICITY},
    Role.OUT_OF_HOURS_WORKER: _CASEWORK | {Action.SCREEN_CONTACT, Action.STATE_REASON},
    Role.EARLY_HELP: _PARTNER | {Action.VIEW_PROFILE, Action.VIEW_LOCATION},
    Role.POLICE_OFFICER: _PARTNER | {Action.VIEW_PROFILE, Action.VIEW_LOCATION, Action.VIEW_NETWORK},
    Role.HEALTH_PRACTITIONER: _PARTNER | {Action.VIEW_PROFILE, Action.VIEW_LOCATION},
    Role.VOLUNTARY_WORKER: _PARTNER,
    Role.YOUTH_JUSTICE: _PARTNER | {Action.VIEW_PROFILE, Action.VIEW_LOCATION},
    Role.ADULT_SOCIAL_CARE: _PARTNER | {Action.VIEW_PROFILE},
    Role.DIRECTORY_ADMIN: frozenset(),
    Role.AUDITOR: _VIEW_ALL | {Action.STATE_REASON},
    Role.SYSTEM_ADMIN: frozenset({Action.MANAGE_STAFF, Action.VIEW_HEALTH}),
}

# The matrix's "a": own agency's items only. These need no casework label, only the file itself.
_OWN_NOTES = frozenset({Action.VIEW_NOTES, Action.ADD_NOTE})
OWN_AGENCY_ACTIONS: Mapping[Role, frozenset[Action]] = {
    Role.EARLY_HELP: _OWN_NOTES,
    Role.POLICE_OFFICER: _OWN_NOTES,
    Role.HEALTH_PRACTITIONER: _OWN_NOTES,
    Role.VOLUNTARY_WORKER: _OWN_NOTES,
    Role.YOUTH_JUSTICE: _OWN_NOTES,
    Role.ADULT_SOCIAL_CARE: _OWN_NOTES,
}

# The most that may be shared with a team of each kind of agency, whoever shares it (matrix columns).
SHAREABLE_LABELS: Mapping[AgencyKind, frozenset[Label]] = {
    AgencyKind.COUNCIL: frozenset(Label) - {Label.POLICE, Label.HEALTH},
    AgencyKind.POLICE: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION, Label.NETWORK, Label.POLICE}),
    AgencyKind.EDUCATION: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION}),
    AgencyKind.HEALTH: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION, Label.HEALTH}),
    AgencyKind.VOLUNTARY: frozenset({Label.CORE}),
}


def role_action_rows() -> list[tuple[str, str, str, int, bool]]:
    """The matrix as rows (role, action, label, level, own agency only), mirrored into the database."""
    rows = []
    for scope, own_agency in ((ROLE_ACTIONS, False), (OWN_AGENCY_ACTIONS, True)):
        for role, actions in scope.items():
            for action in sorted(actions):
                needs = CASE_ACTIONS.get(action, Needs(SUMMARY))
                label = Label.CORE if own_agency else needs.part.label
                rows.append((str(role), str(action), str(label), int(needs.level), own_agency))
    return rows
