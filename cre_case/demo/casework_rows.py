"""How far a child's case has come: an assessment under way, waiting, decided; the plan; the clocks that run."""

import random
from datetime import datetime, timedelta
from enum import Enum

from assessments.models import (
    Answer,
    Assessment,
    ConsideredType,
    CPMMatter,
    EffectiveTier,
    ProtectiveFactor,
    TierDecision,
    TierProposal,
)
from cre_case.demo.access_rows import oversee
from cre_case.demo.desk import Folder, Toolkit
from cre_case.demo.imagine import About
from deadlines.models import Deadline
from deadlines.services import LAST_MOMENT
from meetings.models import Invitation, Meeting, TaskingListing
from offer.catalogue import items_for
from offer.exploitation_types import ExploitationType
from offer.levels import Tier
from offer.timescales import LONDON, TIMESCALES
from plans.models import ContextualRisk, PlanItem, RiskAction, SafetyPlan, ServicePlan, TriggerPlan


class Story(Enum):
    """How far a case has come."""

    NOTHING = "nothing"  # not assessed yet
    DRAFT = "draft"
    TO_DECIDE = "to decide"
    AWAITING_CPM = "awaiting the Child Protection Manager"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# The cast's own stories; everybody else's are invented. Days since the assessment was submitted.
TOLD: dict[tuple[str, str], tuple[Story, int]] = {
    ("Amira", "Solano-Field"): (Story.LOW, 19),
    ("Kofi", "Brightwell"): (Story.MEDIUM, 41),
    ("Theo", "Haldane-Price"): (Story.AWAITING_CPM, 10),
    ("Callum", "Dray"): (Story.MEDIUM, 29),
}
FREE = (Story.LOW, Story.MEDIUM, Story.HIGH, Story.TO_DECIDE, Story.DRAFT, Story.NOTHING)
FREE_WEIGHTS = (24, 34, 10, 8, 8, 16)
PROTECTED = (Story.AWAITING_CPM, Story.MEDIUM, Story.HIGH, Story.TO_DECIDE, Story.DRAFT, Story.NOTHING)
PROTECTED_WEIGHTS = (10, 42, 10, 10, 10, 18)
SIGNS = {
    Story.LOW: {"F02": "current", "E04": "suspected"},
    Story.AWAITING_CPM: {"F02": "current", "E04": "suspected"},
    Story.MEDIUM: {"B02": "current", "E01": "current", "A01": "historic"},
    Story.HIGH: {"D01": "current", "B01": "suspected", "A01": "current"},
    Story.TO_DECIDE: {"B03": "current", "F01": "suspected"},
}
EVIDENCE = {
    "F02": "Hides a second phone and checks it all the time.",
    "E04": "Game currency arrives from somebody nobody knows.",
    "B02": "Seen twice with a man whom the police know.",
    "E01": "New trainers and a phone; says a friend gave them.",
    "A01": "Reported missing three times since the summer.",
    "D01": "Stopped with two phones and cash that is not explained.",
    "B01": "An older man decides where they may go.",
    "B03": "Old friends have been dropped since September.",
    "F01": "Messages from people unknown, at night.",
}
SUGGESTED = {Story.LOW: "low", Story.AWAITING_CPM: "low", Story.MEDIUM: "medium", Story.HIGH: "high",
             Story.TO_DECIDE: "medium"}  # fmt: skip
FIRST_FREE_AGE = 13
LONGEST = 34  # days since an invented assessment


def story_of(folder: Folder, about: About, dice: random.Random) -> tuple[Story, int]:
    """The story of a file, and how many days ago its assessment was submitted."""
    told = TOLD.get((about.given_names, about.family_name))
    if told:
        return told
    if not folder.place.lead:
        return Story.NOTHING, 0
    # SEND that nobody has asked about protects, as the offer has it; so does having been 12 when it was submitted.
    free = not about.protected and about.send == "none" and about.age > FIRST_FREE_AGE
    story = dice.choices(FREE if free else PROTECTED, FREE_WEIGHTS if free else PROTECTED_WEIGHTS)[0]
    return story, dice.randrange(2, max(3, min(LONGEST, folder.place.days - 20)))


def write_casework(folder: Folder, about: About, *, whole: bool) -> None:
    """Everything of the case. Not `whole`: the tier and its review alone, as most of a big city need no more.

    Nothing for a city that is only imagined, without a database and so without a toolkit.
    """
    if folder.desk.toolkit is None:
        return
    dice = random.Random(f"casework:{folder.case}")  # noqa: S311 -- invents, does not protect
    story, days = story_of(folder, about, dice)
    if story is Story.NOTHING:
        return
    submitted = folder.clock.at(-days, 15, dice.randrange(60))
    assessment = _assessment(folder, about, story, submitted) if whole or story is not Story.DRAFT else None
    if assessment is None or story is Story.DRAFT:
        return
    if whole:
        _answers(folder, story, assessment)
    proposal = _proposal(folder, story, assessment, submitted)
    if story is Story.TO_DECIDE:
        _clock(folder, "TG-MANAGER", submitted, about=f"proposal:{proposal.pk}")
        return
    decided = submitted + timedelta(hours=20)
    decision = _decision(folder, story, proposal, assessment, about, decided)
    _tier(folder, story, decision, decided)
    if whole:
        _plan(folder, story, dice, decided)


def _toolkit(folder: Folder) -> Toolkit:
    if folder.desk.toolkit is None:
        raise LookupError("There is no toolkit to assess with.")
    return folder.desk.toolkit


def _assessment(folder: Folder, about: About, story: Story, submitted: datetime) -> Assessment:
    draft = story is Story.DRAFT
    return folder.add(
        Assessment,
        toolkit_id=_toolkit(folder).version,
        state="draft" if draft else "submitted",
        author_id=folder.author,
        agency_id=folder.desk.town.agencies[folder.place.team],
        reason="new_concern",
        concern_on=(submitted - timedelta(days=6)).date(),
        started_at=submitted - timedelta(days=2),
        sources_used="Home visit, school, health",
        agencies_consulted="School, police",
        child_words="" if draft else "I want people to stop messaging me.",
        voice="" if draft else "alone",
        voice_on=None if draft else (submitted - timedelta(days=2)).date(),
        people_and_places="" if draft else "The bus station after school.",
        worried_about="" if draft else f"{about.called} is being drawn in by people who are older.",
        working_well="" if draft else "Talks to an aunt, who acts on it.",
        would_make_worse="" if draft else "Losing the place in school.",
        not_known_yet="" if draft else "Who sends the messages. The police are asked.",
        threshold_level="" if draft else "intensive",
        submitted_at=None if draft else submitted,
        content_hash="" if draft else f"demo-{folder.case}",
        date_of_birth_then=None if draft else about.born,
        send_then="" if draft else about.send,
    )


def _answers(folder: Folder, story: Story, assessment: Assessment) -> None:
    signs = SIGNS[story]
    own = {"assessment_id": assessment.pk, "author_id": folder.author, "agency_id": assessment.agency_id}
    toolkit = _toolkit(folder)
    for pk, code, weight in toolkit.items:
        answer = signs.get(code, "none")
        told = answer != "none"
        folder.add(
            Answer,
            **own,
            item_id=pk,
            answer=answer,
            evidence=EVIDENCE[code] if told else "",
            source="observed" if told else "",
            basis="fact" if told else "",
            by_section=not told and weight != "critical",
            answered_at=assessment.submitted_at,
        )
    folder.add(ProtectiveFactor, **own, item_id=toolkit.factor, strength="strong", evidence="An aunt, seen each week.")
    for kind in ExploitationType:
        found = kind is (ExploitationType.CCE_GENERAL if story is Story.HIGH else ExploitationType.ONLINE)
        status, evidence = ("suspected", "See the answers.") if found else ("none", "")
        folder.add(ConsideredType, **own, type=kind.name.lower(), status=status, evidence=evidence)


def _proposal(folder: Folder, story: Story, assessment: Assessment, submitted: datetime) -> TierProposal:
    tier = SUGGESTED[story]
    return folder.add(
        TierProposal,
        assessment_id=assessment.pk,
        suggested=tier,
        suggestion=Tier[tier.upper()].value,
        reasons=[f"Recorded: {', '.join(SIGNS[story])}."],
        proposed=tier,
        reason="What we see, and what the school says.",
        author_id=folder.author,
        agency_id=assessment.agency_id,
        submitted_at=submitted,
        state="waiting" if story is Story.TO_DECIDE else "decided",
    )


def _decision(
    folder: Folder, story: Story, proposal: TierProposal, assessment: Assessment, about: About, decided: datetime
) -> TierDecision:
    waits = story is Story.AWAITING_CPM
    decision = folder.add(
        TierDecision,
        proposal_id=proposal.pk,
        assessment_id=assessment.pk,
        decided=proposal.proposed,
        reason="I agree with the worker’s judgement.",
        waits_for_cpm=waits,
        grounds=["The child is under 13, or has or may have special educational needs."] if waits else [],
        decided_by_id=folder.manager,
        decided_at=decided,
    )
    if waits:
        matter = folder.add(CPMMatter, decision_id=decision.pk, opened_because="low_decided", opened_at=decided)
        _clock(folder, "TG-CPM", decided, about=f"matter:{matter.pk}")
    return decision


def _tier(folder: Folder, story: Story, decision: TierDecision, decided: datetime) -> None:
    waits = story is Story.AWAITING_CPM
    tier = "medium" if waits else decision.decided
    folder.add(
        EffectiveTier,
        tier=tier,
        provisional=waits,
        cause="floor" if waits else "decision",
        decision_id=decision.pk,
        set_by_id=folder.manager,
        from_at=decided,
    )
    _clock(folder, f"RV-{tier.upper()}", decided)
    if tier != "low":
        reason = "The tier waits for an answer" if waits else "The tier calls for a threshold discussion"
        oversee(folder, folder.place.overseers, decided, reason)


def _plan(folder: Folder, story: Story, dice: random.Random, decided: datetime) -> None:
    tier = Tier.LOW if story is Story.LOW else Tier.HIGH if story is Story.HIGH else Tier.MEDIUM
    plan = folder.add(
        ServicePlan, tier=tier.name.lower(), opened_at=decided, opened_by_id=folder.manager, child_agrees="yes",
        child_says="It is all right if school does not ask every day.", parents_agree="yes",
    )  # fmt: skip
    held = story is Story.AWAITING_CPM
    items = [
        folder.add(
            PlanItem,
            plan_id=plan.pk,
            code=item.code,
            title=item.title,
            source="offer",
            disposition="" if dice.random() < 0.2 else dice.choice(("planned", "offered", "in_progress", "completed")),
            owner_id=folder.author,
            owner_name="Social worker",
            due_on=folder.clock.day(dice.randrange(-6, 40)),
            on_hold=held and item.tier is not Tier.LOW,
            added_by_id=folder.manager,
            added_at=decided,
        )
        for item in items_for(tier)
    ]
    _clock(folder, "TG-GAP-HIGH" if tier is Tier.HIGH else "TG-GAP", decided)
    if held:
        return
    _clock(folder, "TG-TAF" if tier is Tier.LOW else "TG-THRESHOLD", decided)
    _safety_plan(folder, items[4], decided)
    _meeting(folder, tier, dice)
    if tier is Tier.HIGH:
        folder.add(TriggerPlan, status="needed")
        _clock(folder, "TG-TRIGGER", decided)
        _clock(folder, "TG-STRATEGY", decided)
        _clock(folder, "TG-TASKING", decided)
        folder.add(TaskingListing, listed_at=decided, why="The tier is High", author_id=folder.manager)


def _safety_plan(folder: Folder, item: PlanItem, decided: datetime) -> None:
    plan = folder.add(
        SafetyPlan,
        kind="full",
        state="in_force",
        author_id=folder.author,
        started_at=decided,
        whom_to_ring="The aunt; 101, or 999 in danger.",
        child_words="I text my aunt a star and she rings me.",
        trusted_people="An aunt. The mentor in school.",
        safe_places="School library. The aunt’s home.",
        signal_word="A star",
        if_missing="Ring the police at once. Look at the bus station first.",
        contexts_considered=[context.value for context in ContextualRisk.Context],
        no_risk_from_because="No harm to others is known.",
        impact_practical="Gets home late and misses meals.",
        impact_physical="Sleeps badly.",
        impact_psychological="Frightened of a person they do not name.",
        impact_behavioural="Angry when asked about the phone.",
        child_view="Agrees.",
        parents_view="Agree.",
        review_on=folder.clock.day(20),
        approved_by_id=folder.author,
        approved_at=decided,
    )
    risk = folder.add(
        ContextualRisk,
        safety_plan_id=plan.pk,
        direction="to",
        context="place",
        what="Approached by people in cars",
        where="Bus station, weekdays after school",
        from_whom="Not known; the police are asked",
        who_else="Two friends from the same year",
        source="The child, and a teacher; fairly sure",
        author_id=folder.author,
    )
    folder.add(RiskAction, risk_id=risk.pk, item_id=item.pk)


def _meeting(folder: Folder, tier: Tier, dice: random.Random) -> None:
    """A meeting in the week to come, or one that was held."""
    coming = dice.random() < 0.6
    starts = folder.clock.at(dice.randrange(1, 8) if coming else -dice.randrange(2, 15), dice.randrange(9, 16))
    meeting = folder.add(
        Meeting,
        kind="taf" if tier is Tier.LOW else "cin",
        state="arranged" if coming else "held",
        starts_at=starts,
        place="Council House, room 4, or by video",
        chair_name="Team manager",
        chair_id=folder.manager,
        author_id=folder.author,
        held_at=None if coming else starts,
        summary="" if coming else "What works goes on; the plan was gone through.",
    )
    for of, name, user in (("professional", "Social worker", folder.author), ("child", "The child", None)):
        folder.add(
            Invitation, meeting_id=meeting.pk, of=of, name=name, user_id=user, by_way_of="By the social worker",
            invited_by_id=folder.author, invited_at=starts - timedelta(days=20), reply="accepted",
            attendance="" if coming else "present",
        )  # fmt: skip


def _clock(folder: Folder, rule_id: str, started: datetime, *, about: str = "") -> None:
    rule = TIMESCALES[rule_id]
    due = rule.due(started)
    by_day = not isinstance(due.limit, datetime)
    folder.add(
        Deadline,
        rule_id=rule_id,
        rule_version=rule.version,
        about=about,
        started_at=started,
        limit_at=datetime.combine(due.limit, LAST_MOMENT, LONDON) if by_day else due.limit,
        limit_on=due.limit if by_day else None,
        book_by=due.book_by if by_day else None,
        binding=due.binding,
        started_by_id=folder.manager,
    )
