"""What each kind of meeting asks for: whom to invite, who may chair, which clocks it stops and starts. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from meetings.kinds import MeetingKind


def _key(kind: MeetingKind) -> str:
    return kind.name.lower()


TAF, CIN, STRATEGY, ICPC, RCPC, CORE_GROUP, LAC_REVIEW = (
    _key(one)
    for one in (
        MeetingKind.TAF, MeetingKind.CIN, MeetingKind.STRATEGY, MeetingKind.ICPC, MeetingKind.RCPC,
        MeetingKind.CORE_GROUP, MeetingKind.LAC_REVIEW,
    )
)  # fmt: skip

# Chaired by somebody who does not manage the case; whoever holds parental responsibility is left out by the chair
# alone (DOMAIN 8, ruling Q5).
CONFERENCES = frozenset({ICPC, RCPC, LAC_REVIEW})
ACCESS_AFTER = timedelta(days=14)  # local: how long after a meeting whoever was invited may still open the file

_CARE, _POLICE, _HEALTH, _SCHOOL = "Social care", "Police", "Health", "School or college"
_EVERYBODY = (_CARE, _POLICE, _HEALTH, _SCHOOL)
# Who belongs at each kind; a strategy discussion needs the first three (Working Together, BR-07).
EXPECTED: Mapping[str, tuple[str, ...]] = {
    TAF: (_SCHOOL, _HEALTH, "Early help"),
    CIN: (_CARE, _SCHOOL, _HEALTH),
    STRATEGY: (_CARE, _POLICE, _HEALTH),
    ICPC: _EVERYBODY,
    RCPC: _EVERYBODY,
    CORE_GROUP: (_CARE, _SCHOOL, _HEALTH),
    LAC_REVIEW: (_CARE, _SCHOOL, _HEALTH),
    _key(MeetingKind.TASKING): (_CARE, _POLICE),
    _key(MeetingKind.HIGH_RISK_MANAGEMENT): (_CARE, _POLICE, _HEALTH),
    _key(MeetingKind.RAPID_REVIEW): (_CARE, _POLICE, _HEALTH),
}

# (rule, what of the file it is about) of the clocks that holding a meeting of the kind stops.
STOPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    TAF: (("TG-TAF", ""),),
    CIN: (("TG-MEETING", CIN),),
    LAC_REVIEW: (("TG-MEETING", LAC_REVIEW),),
    ICPC: (("TS-06", ""),),
}
# What runs from a meeting of the kind. Of a row of rules the running one is stopped and the next begins.
STARTS: Mapping[str, tuple[str, ...]] = {ICPC: ("TS-07", "TS-08")}
ROWS: Mapping[str, tuple[str, ...]] = {
    CIN: ("TS-11", "TS-11-LATER"),
    CORE_GROUP: ("TS-07", "TS-07-LATER"),
    RCPC: ("TS-08", "TS-09"),
    LAC_REVIEW: ("TS-12", "TS-13", "TS-14"),
}
# Where none of the row runs, a meeting of the kind starts this one: the child in need plan begins at its meeting.
FROM_NOTHING: Mapping[str, str] = {CIN: "TS-11", CORE_GROUP: "TS-07-LATER", RCPC: "TS-09", LAC_REVIEW: "TS-13"}

# Clocks that wait for a meeting, and the kind each waits for: what must be arranged by when.
WAIT_FOR: Mapping[str, str] = {
    "TG-TAF": TAF,
    "TG-STRATEGY": STRATEGY,
    "TS-06": ICPC,
    "TS-07": CORE_GROUP, "TS-07-LATER": CORE_GROUP,
    "TS-08": RCPC, "TS-09": RCPC,
    "TS-11": CIN, "TS-11-LATER": CIN,
    "TS-12": LAC_REVIEW, "TS-13": LAC_REVIEW, "TS-14": LAC_REVIEW,
}  # fmt: skip
MEETING_RULES = frozenset({*WAIT_FOR, "TG-THRESHOLD", "TG-MEETING", "TG-TASKING"})
