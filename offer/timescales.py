"""Every clock: what is due, how long after what, and by whose rule.

TS-  law, statutory guidance and local procedure (England)
TG-  local targets: proposed, and shown as "local target", never as law
RV-  review of the risk of exploitation, by tier
MR-  mandatory and expected reports (who must make them: `offer.duties`)

Each row is one length counted from one event. Where the source has a first and a later interval, the later one is its
own row (`-LATER`), named by `followed_by`. TS-31 is MR-01 under its number in the table of timescales.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from offer.counting import (
    LONDON,
    REMIND_HOURS_BEFORE,
    REMIND_WORKING_DAYS_BEFORE,
    SERVICE_MANAGER_TOLD_AFTER,
    TEAM_MANAGER_TOLD_AFTER,
    Due,
    FixedByLawError,
    Length,
    MomentNeededError,
    NoFixedLimitError,
    Timescale,
    Unit,
    london_date,
)
from offer.sources import Status, cite

__all__ = [
    "LONDON",
    "SERVICE_MANAGER_TOLD_AFTER",
    "TEAM_MANAGER_TOLD_AFTER",
    "TIMESCALES",
    "Due",
    "FixedByLawError",
    "Length",
    "MomentNeededError",
    "NoFixedLimitError",
    "Timescale",
    "Unit",
    "london_date",
]

STATUTE, GUIDANCE = Status.STATUTE, Status.STATUTORY_GUIDANCE
LOCAL, PROPOSED = Status.LOCAL, Status.PROPOSED
HOURS, MONTHS = Unit.HOURS, Unit.MONTHS
WORKING_DAYS, CALENDAR_DAYS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS
AT_ONCE, NOT_FIXED = Unit.AT_ONCE, Unit.NOT_FIXED
WEEK = 7

CHILDREN_ACT_1989_IN_FORCE = date(1991, 10, 14)
CARE_PLANNING_IN_FORCE = date(2011, 4, 1)
TWENTY_SIX_WEEKS_IN_FORCE = date(2014, 4, 22)
HOMES_REGULATIONS_IN_FORCE = date(2015, 4, 1)
FGM_DUTY_IN_FORCE = date(2015, 10, 31)
DUTY_TO_NOTIFY_IN_FORCE = date(2015, 11, 1)
DATA_PROTECTION_IN_FORCE = date(2018, 5, 25)
WORKING_TOGETHER_2018 = date(2018, 7, 4)

READ_AGAINST_2026 = "Check against chapter 3 of Working Together 2026."
READ_THE_TEXT = "Check against the text before live use."

SAFEGUARDING = (
    Timescale(
        rule_id="TS-01",
        label="Social worker decides on a referral and tells the referrer",
        counted_from="receipt of the referral",
        offset=1,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-02",
        label="Telephone referral to the Initial Response Team confirmed in writing",
        counted_from="the telephone referral",
        offset=48,
        unit=HOURS,
        source=cite("DERBY_IRT"),
        status=LOCAL,
    ),
    Timescale(
        rule_id="TS-03",
        label="Single Assessment complete",
        counted_from="the point of referral; for an allocated child, the manager's decision to assess or reassess",
        offset=45,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        note="An outer limit: the assessment takes as long as this child needs, and no longer than this.",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-04",
        label="Manager's checkpoint in the Single Assessment",
        counted_from="the referral",
        offset=10,
        unit=WORKING_DAYS,
        source=cite("PROJECT", "as many local protocols have it"),
        status=PROPOSED,
    ),
    Timescale(
        rule_id="TS-05",
        label="Strategy discussion held",
        counted_from="the section 47 threshold being suspected",
        offset=1,
        unit=WORKING_DAYS,
        soft=Length(0, WORKING_DAYS),
        soft_label="the same day",
        source=cite("PROJECT", "because Working Together sets no number of hours"),
        status=PROPOSED,
        note="As soon as there is reasonable cause to suspect significant harm; at latest the next working day.",
    ),
    Timescale(
        rule_id="TS-06",
        label="Initial child protection conference",
        counted_from="the strategy discussion at which the section 47 enquiry was started",
        offset=15,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        note="Where there were several strategy discussions, the one that started the enquiry.",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-07",
        label="Core group, first meeting",
        counted_from="the initial child protection conference",
        offset=10,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        followed_by="TS-07-LATER",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-07-LATER",
        label="Core group, later meetings",
        counted_from="the last core group",
        offset=6 * WEEK,
        unit=CALENDAR_DAYS,
        source=cite("CONVENTION", "every 4 to 6 weeks"),
        status=LOCAL,
        followed_by="TS-07-LATER",
    ),
    Timescale(
        rule_id="TS-08",
        label="First review child protection conference",
        counted_from="the initial child protection conference",
        offset=3,
        unit=MONTHS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        followed_by="TS-09",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-09",
        label="Later review child protection conferences",
        counted_from="the last review conference",
        offset=6,
        unit=MONTHS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        followed_by="TS-09",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-10",
        label="Child protection visit",
        counted_from="the last visit",
        offset=10,
        unit=WORKING_DAYS,
        source=cite("CONVENTION", "commonly every 10 working days"),
        status=LOCAL,
        followed_by="TS-10",
    ),
    Timescale(
        rule_id="TS-11",
        label="First review of the child in need plan",
        counted_from="the child in need meeting",
        offset=6 * WEEK,
        unit=CALENDAR_DAYS,
        source=cite("PROJECT", "because nothing is fixed nationally"),
        status=PROPOSED,
        followed_by="TS-11-LATER",
    ),
    Timescale(
        rule_id="TS-11-LATER",
        label="Later reviews of the child in need plan, where there is a risk of exploitation",
        counted_from="the last review",
        offset=3,
        unit=MONTHS,
        source=cite("PROJECT", "because nothing is fixed nationally"),
        status=PROPOSED,
        followed_by="TS-11-LATER",
    ),
)

LOOKED_AFTER = (
    Timescale(
        rule_id="TS-12",
        label="Looked-after child: first review",
        counted_from="the day the child became looked after",
        offset=20,
        unit=WORKING_DAYS,
        source=cite("CARE_PLANNING", "regulation 33(1)"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        followed_by="TS-13",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-13",
        label="Looked-after child: second review",
        counted_from="the first review",
        offset=3,
        unit=MONTHS,
        source=cite("CARE_PLANNING", "regulation 33(2)"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        followed_by="TS-14",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-14",
        label="Looked-after child: later reviews",
        counted_from="the last review",
        offset=6,
        unit=MONTHS,
        source=cite("CARE_PLANNING", "regulation 33(2)"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        followed_by="TS-14",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-15",
        label="Looked-after child: care plan",
        counted_from="the start of the first placement",
        offset=10,
        unit=WORKING_DAYS,
        source=cite("CARE_PLANNING", "regulation 4"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        note="Before the placement where possible. The placement plan is TS-15-PLACEMENT.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-15-PLACEMENT",
        label="Looked-after child: placement plan",
        counted_from="the start of the placement",
        offset=5,
        unit=WORKING_DAYS,
        source=cite("CARE_PLANNING", "regulation 9"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        note="Before the placement where possible.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-16",
        label="Looked-after child: report of the first health assessment",
        counted_from="the day the child became looked after",
        offset=20,
        unit=WORKING_DAYS,
        source=cite("CARE_PLANNING", "regulation 7"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        note="In time for the first review.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-17",
        label="Looked-after child: first visit",
        counted_from="the start of the placement",
        offset=WEEK,
        unit=CALENDAR_DAYS,
        source=cite("CARE_PLANNING", "regulation 28"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        followed_by="TS-17-LATER",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-17-LATER",
        label="Looked-after child: later visits in the first year of the placement",
        counted_from="the last visit",
        offset=6 * WEEK,
        unit=CALENDAR_DAYS,
        source=cite("CARE_PLANNING", "regulation 28"),
        status=STATUTE,
        effective_from=CARE_PLANNING_IN_FORCE,
        followed_by="TS-17-LATER",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-18",
        label="Independent Reviewing Officer allocated",
        counted_from="the day the child became looked after",
        offset=5,
        unit=WORKING_DAYS,
        source=cite("IRO"),
        status=GUIDANCE,
        note="Some areas work to 48 hours.",
        to_check=READ_THE_TEXT,
    ),
)

MISSING_AND_INCIDENTS = (
    Timescale(
        rule_id="TS-19",
        label="Return home interview offered and done",
        counted_from="the child's return to home or care",
        offset=72,
        unit=HOURS,
        source=cite("MISSING_2014"),
        status=GUIDANCE,
        effective_from=date(2014, 1, 16),
        note="By an independent person. A refusal is offered, not done, and is offered again. 72 clock hours.",
    ),
    Timescale(
        rule_id="TS-20",
        label="Police prevention (safe and well) check",
        counted_from="the child being found",
        unit=AT_ONCE,
        source=cite("MISSING_2014"),
        status=GUIDANCE,
        effective_from=date(2014, 1, 16),
        in_words="as soon as the child is found",
    ),
    Timescale(
        rule_id="TS-21",
        label="Serious incident notified to the national Panel",
        counted_from="the council becoming aware",
        offset=5,
        unit=WORKING_DAYS,
        source=cite("WT", "with the Children Act 2004, section 16C"),
        status=GUIDANCE,
        effective_from=date(2018, 6, 29),
        note="The duty is statute; the five days are guidance.",
    ),
    Timescale(
        rule_id="TS-22",
        label="Rapid review",
        counted_from="the notification to the national Panel",
        offset=15,
        unit=WORKING_DAYS,
        source=cite("PANEL"),
        status=GUIDANCE,
        effective_from=date(2018, 6, 29),
    ),
)

SLAVERY_COURT_AND_CARE = (
    Timescale(
        rule_id="TS-23",
        label="National Referral Mechanism: reasonable grounds decision by the Home Office",
        counted_from="the referral",
        offset=5,
        unit=WORKING_DAYS,
        source=cite("NRM"),
        status=GUIDANCE,
        note="Where possible. In a pilot authority the local panel decides: TS-23-DEVOLVED.",
    ),
    Timescale(
        rule_id="TS-23-DEVOLVED",
        label="National Referral Mechanism: decision by a devolved panel",
        counted_from="the referral",
        offset=45,
        unit=CALENDAR_DAYS,
        source=cite("NRM", "devolved decision pilot"),
        status=GUIDANCE,
        to_check="Whether Derby takes part in the pilot is not known.",
    ),
    Timescale(
        rule_id="TS-24",
        label="National Referral Mechanism: conclusive grounds decision",
        counted_from="the positive reasonable grounds decision",
        unit=NOT_FIXED,
        earliest=Length(30, CALENDAR_DAYS),
        in_words="not before 30 calendar days after positive reasonable grounds; there is no upper target.",
        source=cite("NRM"),
        status=GUIDANCE,
        note="Never stops the recording of an earlier decision by a devolved panel.",
    ),
    Timescale(
        rule_id="TS-25",
        label="Secure accommodation without a court order",
        counted_from="the child being placed in secure accommodation",
        offset=72,
        unit=HOURS,
        source=cite("SECURE_1991", "regulation 10, under the Children Act 1989, section 25"),
        status=STATUTE,
        effective_from=CHILDREN_ACT_1989_IN_FORCE,
        note="72 hours in all in any 28 days: hours of earlier placements in those days count too.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-26",
        label="Police protection ends",
        counted_from="the child being taken into police protection",
        offset=72,
        unit=HOURS,
        source=cite("CA1989", "section 46(6)"),
        status=STATUTE,
        effective_from=CHILDREN_ACT_1989_IN_FORCE,
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-26-EPO",
        label="Emergency protection order ends",
        counted_from="the order",
        offset=8,
        unit=CALENDAR_DAYS,
        source=cite("CA1989", "sections 44 and 45(1)"),
        status=STATUTE,
        effective_from=CHILDREN_ACT_1989_IN_FORCE,
        followed_by="TS-26-EPO-EXTENDED",
        note="The longest the order may run; the order itself states its end, which is the date to keep.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-26-EPO-EXTENDED",
        label="Emergency protection order, extended once, ends",
        counted_from="the end of the order as first made",
        offset=7,
        unit=CALENDAR_DAYS,
        source=cite("CA1989", "section 45(5) and (6)"),
        status=STATUTE,
        effective_from=CHILDREN_ACT_1989_IN_FORCE,
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-27",
        label="Care proceedings concluded",
        counted_from="the issue of the application",
        offset=26 * WEEK,
        unit=CALENDAR_DAYS,
        first_day_counts=True,
        source=cite("CA1989", "section 32(1)(a)(ii)"),
        status=STATUTE,
        effective_from=TWENTY_SIX_WEEKS_IN_FORCE,
        note='"Beginning with the day on which the application was issued": the day of issue is day 1. '
        "The court keeps the timetable and may extend it.",
    ),
    Timescale(
        rule_id="TS-28",
        label="Pre-proceedings (Public Law Outline) concluded",
        counted_from="the start of pre-proceedings",
        offset=16 * WEEK,
        unit=CALENDAR_DAYS,
        source=cite("PLWG"),
        status=LOCAL,
        note="A recommended practice, kept here as a local one; not law.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-29",
        label="Allegation against a person who works with children: told to the LADO",
        counted_from="the allegation coming to notice",
        offset=1,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="TS-30",
        label="Children's home notifies Ofsted and the placing authority of suspected child sexual exploitation",
        counted_from="the event",
        unit=NOT_FIXED,
        in_words="without delay; the regulation sets no number of days.",
        source=cite("HOMES_2015", "regulation 40(4)(a)"),
        status=STATUTE,
        effective_from=HOMES_REGULATIONS_IN_FORCE,
    ),
)

INFORMATION = (
    Timescale(
        rule_id="TS-32",
        label="Subject access request answered",
        counted_from="receipt of the request",
        offset=1,
        unit=MONTHS,
        source=cite("UKGDPR", "article 12(3)"),
        status=STATUTE,
        effective_from=DATA_PROTECTION_IN_FORCE,
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-32-COMPLEX",
        label="Complex subject access request answered",
        counted_from="receipt of the request",
        offset=3,
        unit=MONTHS,
        source=cite("UKGDPR", "article 12(3)"),
        status=STATUTE,
        effective_from=DATA_PROTECTION_IN_FORCE,
        note="One month and two more; the person is told within the first month, with the reason.",
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-33",
        label="Personal data breach reported to the Information Commissioner",
        counted_from="the council becoming aware of the breach",
        offset=72,
        unit=HOURS,
        source=cite("UKGDPR", "article 33(1)"),
        status=STATUTE,
        effective_from=DATA_PROTECTION_IN_FORCE,
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-34",
        label="Child Protection Information Sharing flag held",
        counted_from="the child protection plan or the child becoming looked after",
        unit=NOT_FIXED,
        in_words="not a time limit: a flag held while the plan or the care lasts, set by the council's case system.",
        source=cite("CPIS"),
        status=LOCAL,
        to_check=READ_THE_TEXT,
    ),
    Timescale(
        rule_id="TS-35",
        label="Child missing from education: enquiries; long absence",
        counted_from="the absence",
        unit=NOT_FIXED,
        in_words="set by local procedure, which the partnership has still to supply.",
        source=cite("CONVENTION"),
        status=LOCAL,
    ),
)


def _target(
    rule_id: str,
    label: str,
    offset: int,
    unit: Unit,
    counted_from: str,
    *,
    soft: Length | None = None,
    soft_label: str = "",
    ceiling_months: int | None = None,
    effective_from: date | None = None,
    followed_by: str = "",
    note: str = "",
) -> Timescale:
    """A row that nobody publishes a length for: a target proposed here, which local settings may change."""
    return Timescale(
        rule_id=rule_id,
        label=label,
        counted_from=counted_from,
        offset=offset,
        unit=unit,
        source=cite("PROJECT"),
        status=PROPOSED,
        soft=soft,
        soft_label=soft_label,
        ceiling_months=ceiling_months,
        effective_from=effective_from,
        followed_by=followed_by,
        note=note,
    )


LOCAL_TARGETS = (
    _target("TG-MANAGER", "Manager decides a proposed tier", 2, WORKING_DAYS, "the proposal being submitted"),
    _target("TG-MANAGER-HIGH", "Manager decides a proposed High", 0, WORKING_DAYS, "the proposal being submitted"),
    _target(
        "TG-CPM",
        "Child Protection Manager answers a Low proposal for a protected child",
        5,
        WORKING_DAYS,
        "the manager's decision, or SEND being recorded for a child who is Low",
    ),
    _target("TG-THRESHOLD", "CPM threshold discussion", 5, WORKING_DAYS, "the decision of Medium or High"),
    _target(
        "TG-MEETING",
        "The meeting agreed in the threshold discussion (child in need, looked after)",
        15,
        WORKING_DAYS,
        "the threshold discussion",
        note="A child protection conference follows TS-06 instead.",
    ),
    _target("TG-TAF", "Team Around the Family meeting", 15, WORKING_DAYS, "the decision of Low"),
    _target(
        "TG-TRIGGER",
        "Trigger plan requested and police officer allocated",
        1,
        WORKING_DAYS,
        "the decision of High",
    ),
    _target(
        "TG-STRATEGY",
        "Strategy meeting held, or refused with a reason",
        1,
        WORKING_DAYS,
        "the decision of High, or the section 47 threshold being suspected",
    ),
    _target(
        "TG-GAP",
        "Gaps of the plan filled",
        5,
        WORKING_DAYS,
        "the first gap",
        note="A plan may be approved with gaps; each is chased.",
    ),
    _target("TG-GAP-HIGH", "Gaps of the plan filled, at High", 1, WORKING_DAYS, "the first gap"),
    _target("TG-TASKING", "Next Police and Partners Tasking Meeting", 21, CALENDAR_DAYS, "the last tasking meeting"),
    _target(
        "TG-NRM",
        "NRM referral made, or the reason recorded",
        2,
        WORKING_DAYS,
        "trafficking or county lines being recorded",
    ),
    _target(
        "TG-EVENT",
        "Review after an event: does this change the tier or the plan?",
        2,
        WORKING_DAYS,
        "the event",
        note="Events within the window make one review.",
    ),
    _target("TG-CLOSING", "Manager decides on a proposed closing", 5, WORKING_DAYS, "the closing being proposed"),
    _target(
        "TG-SECOND-READER",
        "Answer to a subject access request read by a second person",
        5,
        WORKING_DAYS,
        "the answer being prepared",
    ),
    _target(
        "TG-TRANSITION",
        "Transition considered",
        20,
        WORKING_DAYS,
        "the 17th birthday, or the first assessment if already 17",
    ),
)

REVIEWS = (
    _target(
        "RV-LOW",
        "Review at Low",
        3,
        MONTHS,
        "the decision on the effective tier",
        ceiling_months=3,
        followed_by="RV-LOW",
    ),
    _target(
        "RV-MEDIUM",
        "Review at Medium",
        6 * WEEK,
        CALENDAR_DAYS,
        "the decision on the effective tier",
        ceiling_months=3,
        followed_by="RV-MEDIUM",
    ),
    _target(
        "RV-HIGH",
        "Review at High",
        4 * WEEK,
        CALENDAR_DAYS,
        "the decision on the effective tier",
        ceiling_months=3,
        followed_by="RV-HIGH",
        note="And on the agenda of every tasking meeting.",
    ),
)

FGM_NOTIFICATION = Timescale(
    rule_id="MR-01",
    label="Female genital mutilation notified to the police",
    counted_from="the discovery, by the person who made it",
    offset=1,
    unit=MONTHS,
    soft=Length(1, WORKING_DAYS),
    soft_label="close of the next working day after the discovery",
    source=cite("FGM2003", "section 5B(5)(c)"),
    status=STATUTE,
    effective_from=FGM_DUTY_IN_FORCE,
    note='"Before the end of one month from the time when the person first discovers": the day of discovery is left '
    "out, so the month ends with the same day number of the next month (its last day, if shorter). A notification made "
    "on that day is in time. The earlier limit is the Home Office's procedural information; waiting past it is "
    "exceptional, and only after consulting the safeguarding lead.",
    to_check='Legal advice on "from the time when": a stricter reading ends the month at the hour of the discovery.',
)

REPORTS = (
    FGM_NOTIFICATION,
    replace(FGM_NOTIFICATION, rule_id="TS-31"),
    _target("MR-01b", "FGM suspected or at risk: referral to social care", 0, WORKING_DAYS, "the concern"),
    _target(
        "MR-02",
        "Modern slavery: referral to the National Referral Mechanism submitted",
        2,
        WORKING_DAYS,
        "reasonable suspicion of slavery, servitude, forced labour or trafficking",
        soft=Length(0, WORKING_DAYS),
        soft_label="started the same day",
        note="Safeguard first, then refer as soon as possible; the guidance sets no number of days.",
    ),
    _target(
        "MR-02b",
        "Modern slavery: Home Office notified",
        2,
        WORKING_DAYS,
        "reasonable suspicion of slavery, servitude, forced labour or trafficking",
        effective_from=DUTY_TO_NOTIFY_IN_FORCE,
        note="The duty is statute (Modern Slavery Act 2015, section 52) and sets no number of days; it is met by the "
        "NRM referral, so it runs with MR-02.",
    ),
    _target(
        "MR-02c",
        "Independent Child Trafficking Guardian service told",
        0,
        WORKING_DAYS,
        "reasonable suspicion of slavery, servitude, forced labour or trafficking",
    ),
    Timescale(
        rule_id="MR-03",
        label="Child sexual abuse reported to the police or the local authority",
        counted_from="being given reason to suspect a child sex offence",
        offset=7,
        unit=CALENDAR_DAYS,
        source=cite("CPA2026", "duty to report child sexual abuse"),
        status=STATUTE,
        commenced=False,
        in_words="as soon as practicable",
        note="As soon as practicable; up to seven days only where reporting sooner would put the child at risk.",
        to_check="Section number, start date and how the seven days are counted.",
    ),
    _target(
        "MR-04",
        "Forced marriage: social care and police told",
        0,
        WORKING_DAYS,
        "the first sign",
        note="Travel imminent: 999. One chance: never contact or tell the family or community.",
    ),
    Timescale(
        rule_id="MR-05",
        label="Serious incident notified to the national Panel",
        counted_from="the council becoming aware",
        offset=5,
        unit=WORKING_DAYS,
        source=cite("WT", "with the Children Act 2004, section 16C"),
        status=GUIDANCE,
        effective_from=date(2018, 6, 29),
        followed_by="TS-22",
        note="As TS-21; the rapid review (TS-22) runs from the notification.",
    ),
    _target("MR-06", "Prevent: referral to the police Prevent team", 0, WORKING_DAYS, "the concern"),
    Timescale(
        rule_id="MR-07",
        label="Suspected person works with children: told to the LADO",
        counted_from="the suspicion",
        offset=1,
        unit=WORKING_DAYS,
        source=cite("WT"),
        status=GUIDANCE,
        effective_from=WORKING_TOGETHER_2018,
        note="Licensing is told too where the person is licensed, for example a taxi driver.",
        to_check=READ_AGAINST_2026,
    ),
    Timescale(
        rule_id="MR-08",
        label="Missing child reported to the police, then to social care",
        counted_from="the child's whereabouts not being known",
        unit=AT_ONCE,
        in_words="immediately",
        source=cite("MISSING_2014"),
        status=GUIDANCE,
        effective_from=date(2014, 1, 16),
        followed_by="TS-19",
        note="Each episode is separate. The return home interview (TS-19) runs from the return.",
    ),
    _target("MR-09", "Honour-based abuse: social care and police told", 0, WORKING_DAYS, "the disclosure or suspicion"),
)


def _table(rows: Iterable[Timescale]) -> Mapping[str, Timescale]:
    table: dict[str, Timescale] = {}
    for row in rows:
        if row.rule_id in table:
            raise ValueError(f"Two rows are called {row.rule_id}.")
        table[row.rule_id] = replace(row, warn_offsets=_steps(row.unit))
    return MappingProxyType(table)


def _steps(unit: Unit) -> tuple[int, ...]:
    if unit is NOT_FIXED or unit is AT_ONCE:
        return ()
    return REMIND_HOURS_BEFORE if unit is HOURS else REMIND_WORKING_DAYS_BEFORE


TIMESCALES: Mapping[str, Timescale] = _table(
    (
        *SAFEGUARDING,
        *LOOKED_AFTER,
        *MISSING_AND_INCIDENTS,
        *SLAVERY_COURT_AND_CARE,
        *INFORMATION,
        *LOCAL_TARGETS,
        *REVIEWS,
        *REPORTS,
    )
)
"""Every rule about time by its id. `TIMESCALES["TS-03"].due(started)` gives a `Due`."""
