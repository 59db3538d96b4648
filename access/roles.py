"""The access matrix of DOMAIN 5.5 as code a manager can read: what each role may do.

Holding a role is never enough: each action on a file also needs a live grant with the label of the record
part, and no conflict exclusion (see `access.querysets`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from access.parts import (
    AGREEMENT,
    ASSESSMENT,
    CASEWORK,
    COMPLICITY,
    COPY,
    ITEM,
    LEDGER,
    LOCATION,
    LOCKED_LOCATION,
    MEETING,
    NETWORK,
    PLAN,
    PROFILE,
    REFERRAL,
    REPORT,
    SAFETY_PLAN,
    SUMMARY,
    TIER,
    TIER_REASONS,
    Label,
    Part,
)
from accounts.roles import AgencyKind, Role


class Level(IntEnum):
    """How far a grant reaches: know that there is a file and whom to ask, look, or look and add."""

    EXISTENCE = 0
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
    RESTRICT = "restrict"
    DECLARE_CONFLICT = "declare_conflict"
    VIEW_ACCESS = "view_access"
    VIEW_LEDGER = "view_ledger"
    VIEW_DEADLINES = "view_deadlines"
    RECORD_BREACH = "record_breach"
    VIEW_REPORTS = "view_reports"
    OPEN_REPORT = "open_report"
    CLOSE_REPORT = "close_report"
    VIEW_ASSESSMENTS = "view_assessments"
    ASSESS = "assess"
    AUTHORISE_ASSESSMENT = "authorise_assessment"
    VIEW_TIER = "view_tier"
    VIEW_TIER_REASONS = "view_tier_reasons"
    DECIDE_TIER = "decide_tier"
    ANSWER_LOW = "answer_low"
    VIEW_PLAN = "view_plan"
    EDIT_PLAN = "edit_plan"
    APPROVE_PLAN = "approve_plan"
    VIEW_ITEMS = "view_items"
    WORK_ON_ITEM = "work_on_item"
    VIEW_SAFETY_PLAN = "view_safety_plan"
    EDIT_SAFETY_PLAN = "edit_safety_plan"
    VIEW_COPIES = "view_copies"
    MAKE_COPY = "make_copy"
    VIEW_SUBJECT_ACCESS = "view_subject_access"
    PREPARE_SUBJECT_ACCESS = "prepare_subject_access"
    RELEASE_SUBJECT_ACCESS = "release_subject_access"
    CONSIDER_TRANSITION = "consider_transition"
    PROPOSE_CLOSING = "propose_closing"
    CLOSE_CASE = "close_case"
    REOPEN_CASE = "reopen_case"
    VIEW_MEETINGS = "view_meetings"
    ARRANGE_MEETING = "arrange_meeting"
    RECORD_MEETING = "record_meeting"
    REPLY_TO_INVITATION = "reply_to_invitation"
    HOLD_THRESHOLD_DISCUSSION = "hold_threshold_discussion"
    VIEW_TASKING = "view_tasking"
    VIEW_REFERRALS = "view_referrals"
    SEND_REFERRAL = "send_referral"
    ANSWER_REFERRAL = "answer_referral"
    ESCALATE = "escalate"
    SEND_INFORMATION = "send_information"
    # On no file in particular
    OPEN_CASE = "open_case"
    LIST_CHILDREN = "list_children"
    STATE_REASON = "state_reason"
    BREAK_GLASS = "break_glass"
    REVIEW_EMERGENCIES = "review_emergencies"
    VIEW_HEALTH = "view_health"
    MANAGE_STAFF = "manage_staff"
    VIEW_DIRECTORY = "view_directory"
    MANAGE_DIRECTORY = "manage_directory"
    MANAGE_TOOLKIT = "manage_toolkit"
    RECEIVE_INFORMATION = "receive_information"
    VIEW_DECISIONS = "view_decisions"
    VIEW_FAIRNESS = "view_fairness"
    SEARCH_LEDGER = "search_ledger"


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
    Action.RESTRICT: Needs(CASEWORK, Level.WORK),
    Action.DECLARE_CONFLICT: Needs(SUMMARY),
    Action.VIEW_ACCESS: Needs(LEDGER),
    Action.VIEW_LEDGER: Needs(LEDGER),
    Action.VIEW_DEADLINES: Needs(CASEWORK),
    Action.RECORD_BREACH: Needs(CASEWORK, Level.WORK),
    Action.VIEW_REPORTS: Needs(REPORT),
    Action.OPEN_REPORT: Needs(REPORT, Level.WORK),
    Action.CLOSE_REPORT: Needs(REPORT, Level.WORK),
    Action.VIEW_ASSESSMENTS: Needs(ASSESSMENT),
    Action.ASSESS: Needs(ASSESSMENT, Level.WORK),
    Action.AUTHORISE_ASSESSMENT: Needs(ASSESSMENT, Level.WORK),
    Action.VIEW_TIER: Needs(TIER),
    Action.VIEW_TIER_REASONS: Needs(TIER_REASONS),
    Action.DECIDE_TIER: Needs(ASSESSMENT, Level.WORK),
    Action.ANSWER_LOW: Needs(AGREEMENT, Level.WORK),
    Action.VIEW_PLAN: Needs(PLAN),
    Action.EDIT_PLAN: Needs(CASEWORK, Level.WORK),
    Action.APPROVE_PLAN: Needs(CASEWORK, Level.WORK),
    Action.VIEW_ITEMS: Needs(ITEM),
    Action.WORK_ON_ITEM: Needs(CASEWORK, Level.WORK),
    Action.VIEW_SAFETY_PLAN: Needs(SAFETY_PLAN),
    Action.EDIT_SAFETY_PLAN: Needs(CASEWORK, Level.WORK),
    Action.VIEW_COPIES: Needs(COPY),
    Action.MAKE_COPY: Needs(COPY, Level.WORK),
    Action.VIEW_SUBJECT_ACCESS: Needs(COPY),
    Action.PREPARE_SUBJECT_ACCESS: Needs(COPY, Level.WORK),
    Action.RELEASE_SUBJECT_ACCESS: Needs(COPY, Level.WORK),
    Action.CONSIDER_TRANSITION: Needs(CASEWORK, Level.WORK),
    Action.PROPOSE_CLOSING: Needs(CASEWORK, Level.WORK),
    Action.CLOSE_CASE: Needs(CASEWORK, Level.WORK),
    Action.REOPEN_CASE: Needs(CASEWORK),  # a closed file is one that its team may only read
    Action.VIEW_MEETINGS: Needs(MEETING),
    Action.ARRANGE_MEETING: Needs(MEETING, Level.WORK),
    Action.RECORD_MEETING: Needs(MEETING, Level.WORK),
    Action.REPLY_TO_INVITATION: Needs(MEETING, Level.WORK),
    Action.HOLD_THRESHOLD_DISCUSSION: Needs(MEETING, Level.WORK),
    Action.VIEW_TASKING: Needs(TIER_REASONS),
    Action.VIEW_REFERRALS: Needs(REFERRAL),
    Action.SEND_REFERRAL: Needs(REFERRAL, Level.WORK),
    Action.ANSWER_REFERRAL: Needs(REFERRAL, Level.WORK),
    Action.ESCALATE: Needs(CASEWORK, Level.WORK),
    Action.SEND_INFORMATION: Needs(SUMMARY, Level.WORK),
}

_VIEW_ALL = frozenset(
    {
        Action.LIST_CHILDREN,
        Action.VIEW_FILE,
        Action.DECLARE_CONFLICT,
        Action.VIEW_PROFILE,
        Action.VIEW_LOCATION,
        Action.VIEW_LOCKED_LOCATION,
        Action.VIEW_NETWORK,
        Action.VIEW_COMPLICITY,
        Action.VIEW_NOTES,
        Action.VIEW_CONTACTS,
        Action.VIEW_ACCESS,
        Action.VIEW_LEDGER,
        Action.VIEW_DEADLINES,
        Action.VIEW_REPORTS,
        Action.VIEW_ASSESSMENTS,
        Action.VIEW_TIER,
        Action.VIEW_TIER_REASONS,
        Action.VIEW_PLAN,
        Action.VIEW_ITEMS,
        Action.VIEW_SAFETY_PLAN,
        Action.VIEW_COPIES,
        Action.VIEW_SUBJECT_ACCESS,
        Action.VIEW_MEETINGS,
        Action.VIEW_REFERRALS,
        Action.VIEW_DIRECTORY,
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
    Action.OPEN_REPORT,
    Action.ASSESS,
    Action.EDIT_PLAN,
    Action.WORK_ON_ITEM,
    Action.EDIT_SAFETY_PLAN,
    Action.MAKE_COPY,
    Action.PREPARE_SUBJECT_ACCESS,
    Action.CONSIDER_TRANSITION,
    Action.PROPOSE_CLOSING,
    Action.ARRANGE_MEETING,
    Action.RECORD_MEETING,
    Action.SEND_REFERRAL,
    Action.ESCALATE,
    Action.SEND_INFORMATION,
}
_CHAIR = _VIEW_ALL | {
    Action.ADD_NOTE,
    Action.DECIDE_COMPLICITY,
    Action.MAKE_COPY,
    Action.ARRANGE_MEETING,
    Action.RECORD_MEETING,
    Action.SEND_INFORMATION,
    Action.BREAK_GLASS,
    Action.VIEW_FAIRNESS,
}
_PARTNER = frozenset(
    {Action.LIST_CHILDREN, Action.VIEW_FILE, Action.DECLARE_CONFLICT, Action.VIEW_PLAN, Action.VIEW_TIER,
     Action.SEND_INFORMATION, Action.VIEW_ITEMS, Action.VIEW_DIRECTORY}
)  # fmt: skip
_TRUSTED_PARTNER = _PARTNER | {Action.VIEW_PROFILE, Action.VIEW_TIER_REASONS, Action.VIEW_SAFETY_PLAN}

ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = {
    Role.SOCIAL_WORKER: _CASEWORK | {Action.BREAK_GLASS},
    # Who decides a tier writes no assessment, and who gives out a record prepared no answer: a manager never decides
    # their own.
    Role.TEAM_MANAGER: (_CASEWORK - {Action.OPEN_CASE, Action.ASSESS, Action.PREPARE_SUBJECT_ACCESS})
    | {
        Action.SCREEN_CONTACT,
        Action.ALLOCATE,
        Action.EXCLUDE,
        Action.RESTRICT,
        Action.BREAK_GLASS,
        Action.DECIDE_COMPLICITY,
        Action.VIEW_HEALTH,
        Action.RECORD_BREACH,
        Action.CLOSE_REPORT,
        Action.AUTHORISE_ASSESSMENT,
        Action.DECIDE_TIER,
        Action.APPROVE_PLAN,
        Action.CLOSE_CASE,
        Action.REOPEN_CASE,
        Action.RELEASE_SUBJECT_ACCESS,
        Action.HOLD_THRESHOLD_DISCUSSION,
        Action.VIEW_TASKING,
        Action.VIEW_DECISIONS,
        Action.VIEW_FAIRNESS,
    },
    Role.CHILD_PROTECTION_MANAGER: _CHAIR
    | {Action.ANSWER_LOW, Action.HOLD_THRESHOLD_DISCUSSION, Action.VIEW_DECISIONS, Action.VIEW_TASKING},
    Role.REVIEWING_OFFICER: _CHAIR,
    Role.OUT_OF_HOURS_WORKER: (_CASEWORK - {Action.PREPARE_SUBJECT_ACCESS})
    | {Action.SCREEN_CONTACT, Action.STATE_REASON},
    Role.EARLY_HELP: _TRUSTED_PARTNER | {Action.VIEW_LOCATION},
    Role.POLICE_OFFICER: _TRUSTED_PARTNER
    | {Action.VIEW_LOCATION, Action.VIEW_NETWORK, Action.RECEIVE_INFORMATION, Action.VIEW_TASKING},
    Role.HEALTH_PRACTITIONER: _TRUSTED_PARTNER | {Action.VIEW_LOCATION},
    Role.VOLUNTARY_WORKER: _PARTNER,
    Role.YOUTH_JUSTICE: _TRUSTED_PARTNER | {Action.VIEW_LOCATION},
    Role.ADULT_SOCIAL_CARE: _TRUSTED_PARTNER,
    Role.DIRECTORY_ADMIN: frozenset({Action.VIEW_DIRECTORY, Action.MANAGE_DIRECTORY, Action.MANAGE_TOOLKIT}),
    Role.AUDITOR: _VIEW_ALL
    | {Action.STATE_REASON, Action.SEARCH_LEDGER, Action.REVIEW_EMERGENCIES, Action.VIEW_FAIRNESS},
    Role.SYSTEM_ADMIN: frozenset({Action.MANAGE_STAFF, Action.VIEW_HEALTH, Action.VIEW_DIRECTORY}),
}

# The matrix's "a": own agency's items only. These need no casework label, only the file itself.
_OWN_ITEMS = frozenset(
    {
        Action.VIEW_NOTES,
        Action.ADD_NOTE,
        Action.VIEW_REPORTS,
        Action.OPEN_REPORT,
        Action.VIEW_ITEMS,
        Action.WORK_ON_ITEM,
        Action.VIEW_COPIES,
        Action.VIEW_MEETINGS,
        Action.REPLY_TO_INVITATION,
        Action.VIEW_REFERRALS,
        Action.ANSWER_REFERRAL,
    }
)
OWN_AGENCY_ACTIONS: Mapping[Role, frozenset[Action]] = {
    Role.EARLY_HELP: _OWN_ITEMS | {Action.VIEW_ASSESSMENTS, Action.ASSESS},
    Role.POLICE_OFFICER: _OWN_ITEMS,
    Role.HEALTH_PRACTITIONER: _OWN_ITEMS,
    Role.VOLUNTARY_WORKER: _OWN_ITEMS,
    Role.YOUTH_JUSTICE: _OWN_ITEMS,
    Role.ADULT_SOCIAL_CARE: _OWN_ITEMS,
}

_SHARED_PLAN = frozenset({Label.CORE, Label.PROFILE, Label.LOCATION, Label.PLAN, Label.SAFETY})

# The most that may be shared with a team of each kind of agency, whoever shares it (matrix columns).
SHAREABLE_LABELS: Mapping[AgencyKind, frozenset[Label]] = {
    AgencyKind.COUNCIL: frozenset(Label) - {Label.POLICE, Label.HEALTH},
    AgencyKind.POLICE: _SHARED_PLAN | {Label.NETWORK, Label.POLICE},
    AgencyKind.EDUCATION: _SHARED_PLAN,
    AgencyKind.HEALTH: _SHARED_PLAN | {Label.HEALTH},
    AgencyKind.VOLUNTARY: frozenset({Label.CORE, Label.PLAN}),
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
