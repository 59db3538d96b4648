"""What a tier starts of meetings, and the list of the tasking meeting (BR-06)."""

from datetime import date, datetime, time

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import User
from assessments.decisions.guard import current_tier
from assessments.models import EffectiveTier
from deadlines.services import drop_clock, start_clock, stop_clock
from meetings.checks import said
from meetings.models import TaskingListing
from offer.levels import Tier
from offer.timescales import LONDON, TIMESCALES

HIGH, MEDIUM, LOW = (tier.name.lower() for tier in (Tier.HIGH, Tier.MEDIUM, Tier.LOW))
State = TaskingListing.State


@part_of_action
def follow_tier(case: CaseFile, *, by: User, tier: EffectiveTier, before: EffectiveTier | None) -> None:
    """Starts and ends what a tier that took effect asks for. A provisional floor starts nothing (ruling Q3)."""
    stop_clock(case, by=by, rule_id="TG-EVENT", about="threshold", done_at=tier.from_at)
    was = before.tier if before and not before.provisional else ""
    if tier.provisional or tier.tier == was:
        return
    at = tier.from_at
    if tier.tier in (MEDIUM, HIGH):
        drop_clock(case, by=by, rule_id="TG-TAF", reason="The tier rose: the threshold discussion chooses the meeting")
        start_clock(case, by=by, rule_id="TG-THRESHOLD", started_at=at)
    else:
        drop_clock(case, by=by, rule_id="TG-THRESHOLD", reason="The tier is no longer medium or high")
    if tier.tier == LOW:
        start_clock(case, by=by, rule_id="TG-TAF", started_at=at)
    if tier.tier == HIGH:
        start_clock(case, by=by, rule_id="TG-STRATEGY", started_at=at)
        start_clock(case, by=by, rule_id="TG-TASKING", started_at=at)
        _list(case, by=by, at=at, why="The tier is high")
    else:
        take_off(case, by=by, reason="The tier is no longer high")


@part_of_action
def _list(case: CaseFile, *, by: User, at: datetime, why: str, next_on: date | None = None) -> None:
    if TaskingListing.objects.filter(case=case, state=State.LISTED).exists():
        return
    TaskingListing.objects.create(case=case, listed_at=at, why=why, author=by, next_on=next_on)


@part_of_action
def take_off(case: CaseFile, *, by: User, reason: str) -> None:
    """Takes the child off the list of the Police and Partners Tasking Meeting, if they are on it."""
    drop_clock(case, by=by, rule_id="TG-TASKING", reason=reason)
    for listing in TaskingListing.objects.filter(case=case, state=State.LISTED):
        save_version(listing, listing.version, state=State.TAKEN_OFF, outcome=reason)


@case_action(Action.RECORD_MEETING)
def record_tasking(
    listing: TaskingListing, *, by: User, version: int, discussed_on: date, outcome: str, next_on: date | None = None
) -> TaskingListing:
    """Records what a tasking meeting agreed about this child. While the tier is high the next one is due by TG-TASKING.

    Args:
        discussed_on: a day in London, not to come. next_on: the day of the next meeting; by default the last it may be.
    """
    current = TaskingListing.objects.get(pk=listing.pk)
    if current.state != State.LISTED:
        raise Refused("This was recorded already, or the child was taken off the list.")
    if discussed_on > timezone.localdate():
        raise Refused("The day of the tasking meeting must not be in the future.")
    if discussed_on < timezone.localdate(current.listed_at):
        raise Refused("The child was put on the list after that day. Check the date.")
    agreed = said(outcome, "Write what was agreed, and who does it.")
    at = max(datetime.combine(discussed_on, time(12), tzinfo=LONDON), current.listed_at)
    following = next_on or TIMESCALES["TG-TASKING"].due(discussed_on).limit
    if following <= discussed_on:
        raise Refused("The next tasking meeting is on a later day.")
    done = save_version(
        current, version, state=State.DISCUSSED, discussed_on=discussed_on, outcome=agreed, next_on=following
    )
    stop_clock(current.case, by=by, rule_id="TG-TASKING", done_at=at)
    tier = current_tier(current.case)
    if tier and tier.tier == HIGH:
        start_clock(current.case, by=by, rule_id="TG-TASKING", started_at=at)
        _list(current.case, by=by, at=at, why="The tier is high; discussed before", next_on=following)
    return done
