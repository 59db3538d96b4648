"""The kinds of multi-agency meeting (DOMAIN 8) and the outcomes of a threshold discussion (BR-05)."""

from enum import Enum


class MeetingKind(Enum):
    """The value is the name a screen shows."""

    TAF = "Team Around the Family"
    VCM = "Vulnerable Child Meeting"
    CIN = "Child in need meeting"
    STRATEGY = "Strategy discussion"
    ICPC = "Initial child protection conference"
    RCPC = "Review child protection conference"
    CORE_GROUP = "Core group"
    LAC_REVIEW = "Looked-after child review"
    CRE_MEETING = "CRE meeting"
    PROFESSIONALS = "Professionals or network meeting"
    TASKING = "Police and Partners Tasking Meeting"
    HIGH_RISK_MANAGEMENT = "High-risk management meeting"
    RAPID_REVIEW = "Rapid review"


class ThresholdOutcome(Enum):
    """CP opens a strategy discussion, not a conference. NONE_EARLY_HELP asks for a fresh tier decision (ruling Q13)."""

    CP = "Child protection: hold a strategy discussion"
    CIN = "Child in need meeting"
    LAC = "Looked-after child review"
    NONE_EARLY_HELP = "Threshold not met: early help"
