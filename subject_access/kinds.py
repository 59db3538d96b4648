"""What of a file its subject may ask to see: every kind of record there is, or why one holds nothing of theirs.

A test holds that no case table is missing from the two lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from access.models import Allocation, DisclosureDecision, EmergencyReview
from access.roles import Action
from assessments.models import (
    Answer,
    Assessment,
    CarerView,
    ConsideredType,
    CPMAgreement,
    CPMMatter,
    EffectiveTier,
    ProtectiveFactor,
    SupportingAssessment,
    TierDecision,
    TierProposal,
)
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    OtherPlan,
    Person,
    WorkerSafetyReason,
    WorkerSafetyWarning,
)
from deadlines.models import Breach
from duties.models import MandatoryReport
from meetings.models import (
    AgencyConsultation,
    Dissent,
    Invitation,
    Meeting,
    MeetingDecision,
    StrategyOutcome,
    TaskingListing,
    ThresholdDiscussion,
)
from offer.subject_access import Ground
from plans.models import (
    CaseClosure,
    ContextualRisk,
    ItemSession,
    PlanItem,
    SafetyPlan,
    ServicePlan,
    TransitionConsideration,
    TriggerPlan,
)
from referrals.models import EscalationRoute, Referral

CHAPTERS: Mapping[str, str] = {
    "you": "Who you are",
    "home": "Where you have lived",
    "people": "Family and other people",
    "contacts": "How people told us about you",
    "notes": "Visits and notes",
    "assessments": "Assessments",
    "decisions": "Decisions about risk",
    "plan": "Your plan",
    "safety": "Keeping you safe",
    "meetings": "Meetings",
    "referrals": "Help from others",
    "reports": "Reports the law asks for",
    "sharing": "Who was told, and who worked with you",
}
EVERY = Q()
THIRD_PARTY, CRIME, HARM = Ground.THIRD_PARTY, Ground.CRIME, Ground.SERIOUS_HARM


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Args:
        chapter: a key of `CHAPTERS`. title: of each of its passages. action: without it the record is not read. dated:
            the column its passages are dated and ordered by. about: a column that names what a record is about.
        ground: on which it is proposed to be kept back, whoever asks. for_parent: the same, where a parent asks.
        only: which records of the table.
    """

    model: Any
    chapter: str
    title: str
    action: Action
    dated: str = ""
    about: str = ""
    ground: Ground | None = None
    for_parent: Ground | None = None
    only: Q = field(default=EVERY)


def _kinds(chapter: str, action: Action, *rows: tuple[Any, ...], **more: Any) -> list[Kind]:
    """Kinds that share a chapter and an action: model, title, dated, about."""
    return [Kind(row[0], chapter, row[1], action, *row[2:], **more) for row in rows]


KINDS: tuple[Kind, ...] = (
    *_kinds("you", Action.VIEW_PROFILE, (Child, "Your details"), (ChildProfile, "More about you"),
            (Alias, "Another name", "added_at")),
    Kind(Address, "home", "Address", Action.VIEW_LOCATION, "from_on", only=Q(confidential=False)),
    Kind(Address, "home", "Address kept confidential", Action.VIEW_LOCKED_LOCATION, "from_on", for_parent=HARM,
         only=Q(confidential=True)),
    Kind(Person, "people", "Somebody in your life", Action.VIEW_NETWORK, "recorded_at", ground=THIRD_PARTY),
    Kind(ContactSafetyDecision, "people", "Who is safe to speak to", Action.VIEW_COMPLICITY, "decided_at",
         ground=THIRD_PARTY),
    Kind(Contact, "contacts", "Somebody told us", Action.VIEW_CONTACTS, "received_at"),
    Kind(CaseNote, "notes", "Visit or note", Action.VIEW_NOTES, "happened_at"),
    Kind(WorkerSafetyWarning, "notes", "What visitors were told", Action.VIEW_NOTES, "raised_at"),
    Kind(WorkerSafetyReason, "notes", "Why visitors were told", Action.VIEW_NOTES, ground=THIRD_PARTY),
    *_kinds("assessments", Action.VIEW_ASSESSMENTS, (Assessment, "Assessment", "started_at"),
            (Answer, "Answer", "answered_at", "item"), (ProtectiveFactor, "Strength", "", "item"),
            (ConsideredType, "Kind of harm considered")),
    Kind(CarerView, "assessments", "What a parent or carer thinks", Action.VIEW_ASSESSMENTS, ground=THIRD_PARTY),
    Kind(SupportingAssessment, "assessments", "Another assessment", Action.VIEW_ASSESSMENTS, "started_at"),
    *_kinds("decisions", Action.VIEW_ASSESSMENTS, (TierProposal, "Proposal", "submitted_at"),
            (CPMMatter, "Put to the Child Protection Manager", "opened_at"),
            (CPMAgreement, "Answer of the Child Protection Manager", "decided_at")),
    *_kinds("decisions", Action.VIEW_TIER_REASONS, (TierDecision, "Decision", "decided_at"),
            (EffectiveTier, "Tier", "from_at")),
    *_kinds("plan", Action.VIEW_PLAN, (ServicePlan, "Plan", "opened_at")),
    *_kinds("plan", Action.VIEW_ITEMS, (PlanItem, "Action", "added_at"), (ItemSession, "Session", "on", "item")),
    *_kinds("plan", Action.VIEW_DEADLINES, (OtherPlan, "Another plan", "started_on"),
            (TransitionConsideration, "Moving to adult services", "considered_at"),
            (CaseClosure, "Closing the file", "proposed_at"), (Breach, "What was late", "approved_at")),
    *_kinds("safety", Action.VIEW_SAFETY_PLAN, (SafetyPlan, "Safety plan", "started_at"), (ContextualRisk, "Risk")),
    Kind(TriggerPlan, "safety", "Plan of the police for going missing", Action.VIEW_SAFETY_PLAN, "requested_at",
         ground=CRIME),
    *_kinds("meetings", Action.VIEW_MEETINGS, (Meeting, "Meeting", "starts_at"),
            (MeetingDecision, "Decision of a meeting", "recorded_at", "meeting"),
            (Invitation, "Who was invited", "invited_at", "meeting"), (Dissent, "Who did not agree", "recorded_at"),
            (AgencyConsultation, "What an agency said", "on"),
            (ThresholdDiscussion, "Discussion of the threshold", "held_at")),
    Kind(StrategyOutcome, "meetings", "Outcome of a strategy discussion", Action.VIEW_MEETINGS, "recorded_at",
         "meeting", ground=CRIME),
    Kind(TaskingListing, "meetings", "Tasking meeting", Action.VIEW_TIER_REASONS, "listed_at", ground=CRIME),
    *_kinds("referrals", Action.VIEW_REFERRALS, (Referral, "Referral", "sent_at", "service"),
            (EscalationRoute, "Escalation", "opened_at")),
    Kind(MandatoryReport, "reports", "Report", Action.VIEW_REPORTS, "opened_at"),
    *_kinds("sharing", Action.VIEW_ACCESS, (DisclosureDecision, "What was given, and to whom", "decided_at"),
            (EmergencyReview, "Review of an emergency", "reviewed_at")),
    Kind(Allocation, "sharing", "Who worked with you", Action.VIEW_FILE, "started_at", "worker"),
)  # fmt: skip

LEFT_OUT: Mapping[str, str] = {
    "access.CaseAccess": "who may open the file is in the decisions to share it",
    "access.ConflictExclusion": "it is about a worker",
    "access.Restriction": "why a file is restricted is known to those who may restrict it",
    "deadlines.Deadline": "a clock of the council’s own work; what it waits for has a record",
    "deadlines.Reminder": "a message to a worker",
    "children.NameKey": "worked out from the names, for searching",
    "assessments.UnsavedPart": "what somebody is still typing is no record yet",
    "plans.RiskAction": "joins a risk to an action; both are given",
    "plans.Copy": "a copy says what the records say; to whom it went is in the decisions to give",
    "meetings.ConsultedFor": "joins a discussion to what an agency said; both are given",
    "referrals.InformationReport": "sent to the police, who answer for it (Data Protection Act 2018, section 45)",
    "referrals.InformationGrading": "of the police, who answer for it (Data Protection Act 2018, section 45)",
    "subject_access.SubjectAccessRequest": "the request itself",
    "subject_access.PassageDecision": "the answer to the request",
}

# Columns that say nothing of anybody, whatever the table.
NO_WORDS = frozenset({
    "id", "version", "content_hash", "agencies", "safe_to_tell_family", "by_section", "names",
    "recorded_at", "answered_at", "invited_at", "hidden_from_family", "restricted", "code",
})  # fmt: skip

# What a column is called where its name in the program is no plain English.
CALLED: Mapping[str, str] = {
    "rule_id": "What the law asks for",
    "send_status": "Special educational needs",
    "send_basis": "What that rests on",
    "send_then": "Special educational needs at the time",
    "date_of_birth_then": "Date of birth as recorded at the time",
    "upn": "Unique pupil number",
    "external_id": "Number in the council’s system",
    "lines": "Address",
    "is_carer": "Cares for you",
    "is_adult": "Is an adult",
    "lives_with_child": "Lives with you",
    "from_on": "From",
    "until_on": "Until",
    "child_words": "What you said",
    "child_says": "What you said",
    "child_view": "What you think",
    "child_agrees": "Whether you agree",
    "child_took_part": "How you took part",
    "child_told": "Whether you were told",
    "voice": "How you were heard",
    "voice_on": "When you were heard",
    "voice_missing_because": "Why you were not heard, and what was planned",
    "no_protective_because": "Why no strength is written down",
    "would_make_worse": "What would make it worse",
    "not_known_because": "Why it is not known",
    "not_known_yet": "What is not known yet",
    "what": "What the risk is",
    "where": "Where",
    "from_whom": "From whom",
    "who_else": "Who else could be hurt",
    "no_risk_to_because": "Why there is no risk to you",
    "no_risk_from_because": "Why there is no risk from you",
    "nobody_else_because": "Why nobody else could be hurt",
    "of": "Invited as",
    "apart": "Met apart from others",
    "s47_met": "Whether the threshold of section 47 was met",
    "who_sees_child": "Who sees you",
    "on": "Day",
    "who": "Who does it",
    "labels": "Parts of the file",
    "method": "How",
    "unsafe_to_contact": "Unsafe to contact",
}
