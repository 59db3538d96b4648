"""The access matrix, written a second time and by hand.

Nothing here is worked out from the program: it is DOMAIN 5.5 and ruling Q21 read again, address by address,
so that a slip in `access/roles.py` is not copied into its own test. An address without a row fails the tests.
"""

from dataclasses import dataclass
from enum import Enum

from access.parts import Label
from accounts.roles import Role

SW, TM, CPM, IRO, EDT = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.CHILD_PROTECTION_MANAGER,
    Role.REVIEWING_OFFICER,
    Role.OUT_OF_HOURS_WORKER,
)
EHP, PO, HE, VS = Role.EARLY_HELP, Role.POLICE_OFFICER, Role.HEALTH_PRACTITIONER, Role.VOLUNTARY_WORKER
YJ, ASC, SD, QA, SA = (
    Role.YOUTH_JUSTICE,
    Role.ADULT_SOCIAL_CARE,
    Role.DIRECTORY_ADMIN,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
)

EVERY_ROLE = frozenset(Role)
SOCIAL_CARE = frozenset({SW, TM, CPM, IRO, EDT, QA})  # R17 V in full
SEES_FILES = EVERY_ROLE - {SD, SA}  # R1, at least in summary
SEES_PROFILE = SEES_FILES - {VS}  # R1 Vs: summary only
SEES_PEOPLE = SOCIAL_CARE | {PO}  # R10: the police; others a summary, not built yet
CASEWORKERS = frozenset({SW, TM, EDT})  # R1 E, R10 E, R18 S
DECIDES_COMPLICITY = frozenset({TM, CPM, IRO})  # R15 A
WRITES_NOTES = SEES_FILES - {QA}  # R17 C, own agency's items for partners
STANDING = frozenset({EDT, QA})  # Q21: city-wide, with a reason

# What each role's grant names when it holds a file: the most its agency may hold.
_CARE = frozenset(Label) - {Label.POLICE, Label.HEALTH}
HOLDS: dict[Role, frozenset[Label]] = {
    **dict.fromkeys((SW, TM, CPM, IRO, EDT, QA, SD, SA), _CARE),
    PO: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION, Label.NETWORK}),
    EHP: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION}),
    HE: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION}),
    YJ: frozenset({Label.CORE, Label.PROFILE, Label.LOCATION}),
    ASC: frozenset({Label.CORE, Label.PROFILE}),
    VS: frozenset({Label.CORE}),
}


class Shape(Enum):
    PAGE = "page"  # GET shows it; nothing to send
    FORM = "form"  # GET shows a form; POST sends it
    ACT = "act"  # POST only


@dataclass(frozen=True)
class OnFile:
    """An address about one file: the roles that get it when they hold the file."""

    allowed: frozenset[Role]
    shape: Shape = Shape.PAGE
    not_theirs: frozenset[Role] = frozenset()  # see the file, but the record named is another agency's: 404


@dataclass(frozen=True)
class ForRole:
    """An address about no file in particular: the roles that get it."""

    allowed: frozenset[Role]
    shape: Shape = Shape.PAGE
    hidden: bool = False  # others are told it does not exist


@dataclass(frozen=True)
class Public:
    """An address anyone may open, signed in or not."""


@dataclass(frozen=True)
class AnyoneSignedIn:
    """An address for whoever is signed in, about themselves alone."""


FORM = Shape.FORM
ORACLE: dict[str, OnFile | ForRole | Public | AnyoneSignedIn] = {
    # Lists
    "worklist": ForRole(SEES_FILES),
    "search": ForRole(SEES_FILES),
    "contacts": ForRole(SOCIAL_CARE),
    "record_contact": ForRole(frozenset({SW, EDT}), FORM),
    "duplicate_alerts": ForRole(frozenset({TM, EDT})),
    "close_duplicate_alert": ForRole(frozenset({TM, EDT}), FORM),
    # Why somebody with standing access opens a file
    "state_reason": ForRole(STANDING, FORM, hidden=True),
    # Signing in, and pages for anyone
    "account_login": Public(),
    "account_logout": Public(),
    "account_change_password": AnyoneSignedIn(),
    "keep_alive": AnyoneSignedIn(),
    "start": AnyoneSignedIn(),
    "accessibility": Public(),
    "privacy": Public(),
    "help": Public(),
    "healthz": Public(),
    "readyz": Public(),
    "health": ForRole(frozenset({TM, SA})),
    # Accounts
    "staff": ForRole(frozenset({SA})),
    "staff_person": ForRole(frozenset({SA})),
    "staff_create_person": ForRole(frozenset({SA}), FORM),
    "staff_edit_person": ForRole(frozenset({SA}), FORM),
    "staff_one_time_password": ForRole(frozenset({SA}), FORM),
    "staff_end_person": ForRole(frozenset({SA}), FORM),
    "staff_join_team": ForRole(frozenset({SA}), FORM),
    "staff_end_membership": ForRole(frozenset({SA}), FORM),
    "staff_teams": ForRole(frozenset({SA})),
    "staff_create_team": ForRole(frozenset({SA}), FORM),
    "staff_end_team": ForRole(frozenset({SA}), FORM),
    "staff_team": ForRole(frozenset({SA})),
    "staff_edit_team": ForRole(frozenset({SA}), FORM),
    "staff_create_agency": ForRole(frozenset({SA}), FORM),
    "staff_rename_agency": ForRole(frozenset({SA}), FORM),
    "staff_end_agency": ForRole(frozenset({SA}), FORM),
    # The file
    "case_file": OnFile(SEES_FILES),
    "allocate": OnFile(frozenset({TM}), FORM),
    "who_can_see": OnFile(SOCIAL_CARE),
    "who_has_looked": OnFile(SOCIAL_CARE),
    "share": OnFile(CASEWORKERS, FORM),
    "end_share": OnFile(CASEWORKERS, FORM),
    "exclude": OnFile(frozenset({TM}), FORM),
    "end_exclusion": OnFile(frozenset({TM}), FORM),
    # Contacts
    "case_contacts": OnFile(SOCIAL_CARE),
    "contact": OnFile(SOCIAL_CARE),
    "add_contact": OnFile(CASEWORKERS, FORM),
    "screen_contact": OnFile(frozenset({TM, EDT}), FORM),
    "link_contact": OnFile(frozenset({TM, EDT}), FORM),
    # The child
    "create_child": OnFile(CASEWORKERS, FORM),
    "child_details": OnFile(SEES_PROFILE),
    "edit_child": OnFile(CASEWORKERS, FORM),
    "edit_profile": OnFile(CASEWORKERS, FORM),
    "add_alias": OnFile(CASEWORKERS, FORM),
    "end_alias": OnFile(CASEWORKERS, FORM),
    "add_address": OnFile(CASEWORKERS, FORM),
    "edit_address": OnFile(CASEWORKERS, FORM),
    "add_other_plan": OnFile(CASEWORKERS, FORM),
    "end_other_plan": OnFile(CASEWORKERS, FORM),
    "raise_warning": OnFile(CASEWORKERS, FORM),
    "end_warning": OnFile(CASEWORKERS, FORM),
    "people": OnFile(SEES_PEOPLE),
    "add_person": OnFile(CASEWORKERS, FORM),
    "edit_person": OnFile(CASEWORKERS, FORM),
    "end_person": OnFile(CASEWORKERS, FORM),
    "decide_contact_safety": OnFile(DECIDES_COMPLICITY, FORM),
    "notes": OnFile(SEES_FILES),
    "add_note": OnFile(WRITES_NOTES, FORM),
    "correct_note": OnFile(SOCIAL_CARE - {QA}, FORM, not_theirs=SEES_FILES - SOCIAL_CARE),
}
