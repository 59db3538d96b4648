"""The access matrix of `access.roles` for people to read: what each role may do, with the part of a file it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from access.parts import LABEL_NAMES
from access.roles import CASE_ACTIONS, OWN_AGENCY_ACTIONS, ROLE_ACTIONS, Action
from accounts.roles import Role


class Extent(StrEnum):
    """How far a role may do something. Always: only on files it was given, with that part of the file."""

    YES = "Yes"
    OWN = "Own"  # its own agency's items only
    NO = "No"


GROUPS: Mapping[str, Mapping[Action, str]] = {
    "Look": {
        Action.VIEW_FILE: "See the child’s name, age and lead worker",
        Action.VIEW_PROFILE: "See identifiers and demographics",
        Action.VIEW_LOCATION: "See addresses",
        Action.VIEW_LOCKED_LOCATION: "See confidential addresses",
        Action.VIEW_NETWORK: "See family and connected people",
        Action.VIEW_COMPLICITY: "See who is considered complicit or unsafe to contact",
        Action.VIEW_CONTACTS: "See contacts",
        Action.VIEW_NOTES: "See visits and notes",
        Action.VIEW_ASSESSMENTS: "See assessments",
        Action.VIEW_TIER: "See the tier",
        Action.VIEW_TIER_REASONS: "See why the tier is what it is",
        Action.VIEW_PLAN: "See the plan",
        Action.VIEW_ITEMS: "See actions of the plan",
        Action.VIEW_SAFETY_PLAN: "See the safety plan",
        Action.VIEW_COPIES: "See copies and PDFs",
        Action.VIEW_SUBJECT_ACCESS: "See who asked to see the record",
        Action.VIEW_MEETINGS: "See meetings and their records",
        Action.VIEW_REFERRALS: "See referrals",
        Action.VIEW_REPORTS: "See mandatory reports",
        Action.VIEW_DEADLINES: "See what is due",
        Action.VIEW_TASKING: "See the tasking list",
        Action.VIEW_ACCESS: "See who can see the file",
        Action.VIEW_LEDGER: "See who has looked at the file",
    },
    "Add and change": {
        Action.RECORD_CONTACT: "Record a further contact",
        Action.EDIT_CHILD: "Change the child’s details",
        Action.EDIT_LOCATION: "Change addresses",
        Action.EDIT_NETWORK: "Change family and connected people",
        Action.RECORD_WARNING: "Record a warning for visitors",
        Action.ADD_NOTE: "Record a visit or note",
        Action.ASSESS: "Write an assessment and propose a tier",
        Action.EDIT_PLAN: "Change the plan",
        Action.WORK_ON_ITEM: "Work on an action of the plan",
        Action.EDIT_SAFETY_PLAN: "Write the safety plan",
        Action.ARRANGE_MEETING: "Arrange a meeting",
        Action.RECORD_MEETING: "Record a meeting",
        Action.REPLY_TO_INVITATION: "Reply to an invitation",
        Action.SEND_REFERRAL: "Refer to a service",
        Action.ANSWER_REFERRAL: "Answer a referral",
        Action.OPEN_REPORT: "Make a mandatory report",
        Action.ESCALATE: "Follow the escalation route",
        Action.CONSIDER_TRANSITION: "Consider the move to adult services",
        Action.PROPOSE_CLOSING: "Propose to close the file",
        Action.DECLARE_CONFLICT: "Close the file to oneself, because one knows the family",
    },
    "Decide": {
        Action.SCREEN_CONTACT: "Screen a contact",
        Action.ALLOCATE: "Allocate the file",
        Action.DECIDE_TIER: "Decide the tier",
        Action.ANSWER_LOW: "Agree that a child under 13 or with SEND is low",
        Action.AUTHORISE_ASSESSMENT: "Authorise a Single Assessment",
        Action.APPROVE_PLAN: "Approve the plan",
        Action.DECIDE_COMPLICITY: "Decide that somebody is complicit or unsafe to contact",
        Action.HOLD_THRESHOLD_DISCUSSION: "Record a threshold discussion",
        Action.RECORD_BREACH: "Record why a limit was missed",
        Action.CLOSE_REPORT: "Close a report that was not made",
        Action.EXCLUDE: "Close the file to a person",
        Action.RESTRICT: "Restrict the file to named people, and name them",
        Action.CLOSE_CASE: "Close the file",
        Action.REOPEN_CASE: "Open a closed file again",
    },
    "Give to others": {
        Action.SHARE: "Share parts of the file with a team",
        Action.MAKE_COPY: "Make a copy as a PDF",
        Action.SEND_INFORMATION: "Tell the police something",
        Action.PREPARE_SUBJECT_ACCESS: "Prepare the answer to somebody who asks to see the record",
        Action.RELEASE_SUBJECT_ACCESS: "Read such an answer as the second person, and give it",
    },
    "On no file in particular": {
        Action.LIST_CHILDREN: "Have a list of children, and search",
        Action.OPEN_CASE: "Record a new contact",
        Action.STATE_REASON: "Open any file for a stated reason",
        Action.BREAK_GLASS: "Open a restricted file they know of, in an emergency",
        Action.VIEW_DECISIONS: "See what waits for their decision",
        Action.VIEW_FAIRNESS: "Compare decisions on tiers by group of children",
        Action.RECEIVE_INFORMATION: "Receive what the police are told",
        Action.VIEW_DIRECTORY: "See the service directory",
        Action.MANAGE_DIRECTORY: "Change the service directory",
        Action.MANAGE_TOOLKIT: "Load and publish a version of the risk assessment toolkit",
        Action.MANAGE_STAFF: "Manage accounts, teams and roles",
        Action.VIEW_HEALTH: "See whether the program works",
        Action.SEARCH_LEDGER: "Search the whole ledger",
        Action.REVIEW_EMERGENCIES: "Review who opened files in an emergency",
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """An action in words, the part of the file it needs ("" on no file in particular), and each role's extent."""

    action: str
    needs: str
    extents: Mapping[Role, Extent]


def extent(role: Role, action: Action) -> Extent:
    if action in ROLE_ACTIONS[role]:
        return Extent.YES
    return Extent.OWN if action in OWN_AGENCY_ACTIONS.get(role, ()) else Extent.NO


def matrix() -> dict[str, list[Row]]:
    """The whole matrix, by kinds of action."""
    return {
        group: [
            Row(
                words,
                LABEL_NAMES[CASE_ACTIONS[action].part.label] if action in CASE_ACTIONS else "",
                {role: extent(role, action) for role in Role},
            )
            for action, words in actions.items()
        ]
        for group, actions in GROUPS.items()
    }


class Letter(StrEnum):
    """What may be done with a part of the record, in the letters of DOMAIN 5.5."""

    VIEW = "V"
    CREATE = "C"
    EDIT = "E"
    DECIDE = "A"
    GIVE = "S"


@dataclass(frozen=True, slots=True)
class RecordPart:
    """One of the 24 parts of the record of DOMAIN 5.5, and the actions that each letter means. None: not here yet."""

    code: str
    name: str
    actions: Mapping[Letter, tuple[Action, ...]]


def _part(code: str, name: str, **actions: str) -> RecordPart:
    """A letter for each kind of doing, with the actions it means."""
    return RecordPart(code, name, {Letter(key): tuple(map(Action, words.split())) for key, words in actions.items()})


RECORD_PARTS: tuple[RecordPart, ...] = (
    _part("R1", "Identity, demographics", V="view_profile", C="open_case", E="edit_child"),
    _part("R2", "Address or placement", V="view_location", E="edit_location"),
    _part(
        "R3", "CRE assessment", V="view_assessments", C="assess", E="assess",
        A="authorise_assessment decide_tier answer_low",
    ),
    _part("R4", "Tier decision and history", V="view_tier_reasons", A="decide_tier answer_low"),
    _part("R5", "Child Protection Manager’s agreement", V="view_assessments", A="answer_low"),
    _part("R6", "Service plan, all items", V="view_plan", C="edit_plan", E="edit_plan", A="approve_plan", S="share"),
    _part(
        "R7", "Own agency’s action or referral", V="view_items view_referrals", C="answer_referral", E="work_on_item"
    ),
    _part("R8", "Safety plan, family copy", V="view_copies", C="make_copy", S="make_copy"),
    _part(
        "R9", "Safety plan, professional copy", V="view_safety_plan", C="edit_safety_plan", E="edit_safety_plan",
        A="approve_plan",
    ),
    _part("R10", "Connected persons", V="view_network", C="edit_network", E="edit_network"),
    _part("R11", "Intelligence, trigger plan", C="send_information", A="receive_information"),
    _part(
        "R12", "Meeting: invitation, attendance, report", V="view_meetings", C="arrange_meeting reply_to_invitation"
    ),
    _part("R13", "Minutes and decisions", V="view_meetings", C="record_meeting"),
    _part("R14", "Mandatory reports", V="view_reports", C="open_report", A="close_report"),
    _part("R15", "Complicity, exclusions", V="view_complicity", A="decide_complicity exclude"),
    _part("R16", "Missing episodes, return interviews"),
    _part("R17", "Chronology, case notes", V="view_notes", C="add_note"),
    _part(
        "R18", "Documents, PDF", V="view_copies view_subject_access", C="prepare_subject_access",
        A="release_subject_access", S="make_copy",
    ),
    _part("R19", "Who has looked", V="view_ledger search_ledger"),
    _part(
        "R20", "Service directory", V="view_directory", C="manage_directory", E="manage_directory",
        A="manage_directory",
    ),
    _part("R21", "Users, roles, teams", V="manage_staff", C="manage_staff", E="manage_staff"),
    _part("R22", "Management information"),
    _part("R23", "Court, legal advice"),
    _part("R24", "Sensitive health"),
)  # fmt: skip


def letters(role: Role, part: RecordPart) -> str:
    """What the role may do with the part: "VE"; "VCa" where a letter is for its own agency's items only."""
    extents = {letter: max((extent(role, one) for one in actions), key=_REACH.index)
               for letter, actions in part.actions.items()}  # fmt: skip
    return "".join(letter + ("a" if extents[letter] is Extent.OWN else "")
                   for letter in Letter if extents.get(letter, Extent.NO) is not Extent.NO)  # fmt: skip


_REACH = (Extent.NO, Extent.OWN, Extent.YES)
