"""The file itself, and who may open it: the rows that the product writes through `access.services`."""

from datetime import datetime

from access.models import Allocation, CaseAccess, CaseFile, ConflictExclusion
from access.parts import SOCIAL_CARE_LABELS, Label
from access.roles import Level
from cre_case.demo.desk import Folder
from cre_case.demo.place import Share
from cre_case.demo.words import ALLOCATED

ALL_SOCIAL_CARE = sorted(str(label) for label in SOCIAL_CARE_LABELS)
RECEIVED = (10, 15)
RECORDED = (10, 40)
ALLOCATE_AFTER = 2  # days from the contact
RECEIVING_TEAM = "irt"


CHAIR_NAMED = -15  # days from today


def write_access(folder: Folder, name: str) -> None:
    """The file, its teams and workers, its shares and exclusions. `name` is what the child is called."""
    place, clock = folder.place, folder.clock
    opened = clock.at(-place.days, *RECORDED)
    folder.rows.append(
        CaseFile(
            id=folder.case,
            reference=folder.desk.next_reference(),
            opened_at=opened,
            opened_by_id=folder.user(place.opened_by),
        )
    )
    if place.lead:
        _team(folder, RECEIVING_TEAM, opened, until=clock.at(ALLOCATE_AFTER - place.days, 15))
        _team(folder, place.team, clock.at(ALLOCATE_AFTER - place.days, 15))
        _allocations(folder, name)
    else:
        _team(folder, place.team, opened)
    for share in place.shares:
        _share(folder, share)
    if place.chairs:
        oversee(folder, place.chairs, clock.at(CHAIR_NAMED, 12), "Chairs the review of the child’s plan")
    if place.excluded:
        _exclude(folder, place.excluded)
    if place.reason_stated_by:
        _stated_reason(folder, place.reason_stated_by)


def _grant(
    folder: Folder, subject: int, source: str, purpose: str, reason: str, since: datetime, *,
    labels: list[str] = ALL_SOCIAL_CARE, level: Level = Level.WORK, until: datetime | None = None, ended: bool = False,
    by: int | None = None,
) -> None:  # fmt: skip
    folder.add(
        CaseAccess,
        subject_id=subject,
        level=int(level),
        labels=labels,
        source=source,
        purpose=purpose,
        lawful_basis=CaseAccess.LawfulBasis.PUBLIC_TASK,
        reason=reason,
        valid_from=since,
        valid_until=until,
        granted_by_id=by or folder.manager,
        ended_by_id=folder.manager if ended else None,
    )


def _team(folder: Folder, team: str, since: datetime, until: datetime | None = None) -> None:
    subject = folder.desk.town.subject_of_team(team)
    reason = "The team that holds the file"
    _grant(folder, subject, "team", "Direct work", reason, since, until=until, ended=until is not None)


def _allocations(folder: Folder, name: str) -> None:
    place, clock = folder.place, folder.clock
    start = clock.at(ALLOCATE_AFTER - place.days, 15)
    if place.former:
        handed_over = clock.at(-(place.days // 2), 11)
        _allocate(folder, place.former, name, start, handed_over)
        start = handed_over
    _allocate(folder, place.lead or "", name, start, None)


def _allocate(folder: Folder, username: str, name: str, start: datetime, end: datetime | None) -> None:
    reason = folder.dice.choice(ALLOCATED).format(child=name)
    folder.add(
        Allocation,
        worker_id=folder.user(username),
        team_id=folder.desk.town.teams[folder.place.team],
        started_at=start,
        allocated_by_id=folder.manager,
        reason=reason,
        ended_at=end,
    )
    subject = folder.desk.town.subject_of_user(username)
    _grant(folder, subject, "allocation", "Allocated worker", reason, start, until=end, ended=end is not None)


def _share(folder: Folder, share: Share) -> None:
    past = share.until_day < 0
    _grant(
        folder,
        folder.desk.town.subject_of_team(share.team),
        "share",
        share.purpose,
        "Needed to keep the child safe; the family was told, where that was safe",
        folder.clock.at(share.from_day, 12),
        labels=sorted(str(label) for label in share.labels | {Label.CORE}),
        level=share.level,
        until=folder.clock.end_of(share.until_day),
        ended=past,
    )


def oversee(folder: Folder, team: str, since: datetime, reason: str) -> None:
    """Gives the file to a team of Child Protection Managers or reviewing officers, without an end."""
    _grant(folder, folder.desk.town.subject_of_team(team), "oversight", "Oversight", reason, since)


def _exclude(folder: Folder, username: str) -> None:
    folder.add(
        ConflictExclusion,
        user_id=folder.user(username),
        reason="A relative of the child, declared by the worker",
        declared_by_id=folder.manager,
        declared_at=folder.clock.at(ALLOCATE_AFTER - folder.place.days, 16),
        ended_at=None,
        ended_by_id=None,
    )


def _stated_reason(folder: Folder, username: str) -> None:
    since = folder.clock.at(-2, 2, 5)
    _grant(
        folder,
        folder.desk.town.subject_of_user(username),
        "stated_reason",
        "Standing city-wide access",
        "Police rang at two in the morning: the child was found, and needed a bed and a familiar voice.",
        since,
        until=folder.clock.at(-2, 14, 5),
        by=folder.user(username),
    )
