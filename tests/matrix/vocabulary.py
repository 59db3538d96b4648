"""The words the access matrix is written in a second time, by hand.

Nothing here is worked out from the program: it is DOMAIN 5.5 and ruling Q21 read again, address by address,
so that a slip in `access/roles.py` is not copied into its own test.
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
PARTNERS = SEES_FILES - SOCIAL_CARE  # R7 VCEa: their own items
SEES_PLAN = SEES_FILES  # R6: partners a summary of what is shared
SEES_SAFETY_PLAN = SEES_FILES - {VS}  # R9: not the voluntary sector
CHAIRS = frozenset({SW, TM, CPM, IRO, EDT})  # R12 C, R13 C

# What each role's grant names when it holds a file: the most its agency may hold.
_CARE = frozenset(Label) - {Label.POLICE, Label.HEALTH}
_SHARED = frozenset({Label.CORE, Label.PROFILE, Label.LOCATION, Label.PLAN, Label.SAFETY})
HOLDS: dict[Role, frozenset[Label]] = {
    **dict.fromkeys((SW, TM, CPM, IRO, EDT, QA, SD, SA), _CARE),
    PO: _SHARED | {Label.NETWORK},
    EHP: _SHARED,
    HE: _SHARED,
    YJ: _SHARED,
    ASC: _SHARED - {Label.LOCATION},
    VS: frozenset({Label.CORE, Label.PLAN}),
}


class Shape(Enum):
    PAGE = "page"  # GET shows it; nothing to send
    FORM = "form"  # GET shows a form; POST sends it
    ACT = "act"  # POST only
    SEND = "send"  # POST only, of the API: what is sent without content is not taken


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
    relation: str = "holding"  # to the file, where the address names one


@dataclass(frozen=True)
class Public:
    """An address anyone may open, signed in or not."""


@dataclass(frozen=True)
class AnyoneSignedIn:
    """An address for whoever is signed in, about themselves alone."""


FORM, ACT, SEND = Shape.FORM, Shape.ACT, Shape.SEND
Rows = dict[str, OnFile | ForRole | Public | AnyoneSignedIn]
