"""Where a file stands in the city: who holds it, who leads, who else was given it, what it holds besides."""

from dataclasses import dataclass
from enum import StrEnum

from access.parts import Label
from access.roles import SHAREABLE_LABELS, Level
from accounts.roles import AgencyKind


class Feature(StrEnum):
    """What some children's files have and others have not."""

    COMPLICIT_FATHER = "complicit_father"
    UNSAFE_TOGETHER = "unsafe_together"
    FOSTERED = "fostered"
    CHILD_PROTECTION = "child_protection"
    WARNING = "warning"
    ENDED_WARNING = "ended_warning"
    PLACED_HERE = "placed_here"
    PLACED_AWAY = "placed_away"
    FORMER_WORKER = "former_worker"
    LINKED_CONTACT = "linked_contact"
    ALIAS = "alias"
    NOT_SEEN_YET = "not_seen_yet"


@dataclass(frozen=True, slots=True)
class Share:
    """Access of another team from one day to another, as distances from today."""

    team: str
    from_day: int
    until_day: int
    labels: frozenset[Label]
    purpose: str
    level: Level = Level.WORK


@dataclass(frozen=True, slots=True)
class Place:
    team: str
    manager: str
    opened_by: str
    days: int  # since the contact was received
    lead: str | None = None
    former: str | None = None
    shares: tuple[Share, ...] = ()
    partners: tuple[tuple[str, str], ...] = ()  # (team, user name) of partners who wrote a note of their own
    overseers: str = "cpm"  # the team of Child Protection Managers who are given it when it needs them
    chairs: str | None = None  # the team of reviewing officers who chair its meetings
    features: frozenset[Feature] = frozenset()
    excluded: str | None = None
    reason_stated_by: str | None = None


_PARTNER_LABELS: dict[str, frozenset[Label]] = {
    "police": SHAREABLE_LABELS[AgencyKind.POLICE],
    "school": SHAREABLE_LABELS[AgencyKind.EDUCATION],
    "health": SHAREABLE_LABELS[AgencyKind.HEALTH] - {Label.HEALTH},
    "voluntary": SHAREABLE_LABELS[AgencyKind.VOLUNTARY],
}
_PURPOSES = {
    "school": "Support in school",
    "health": "Health of the child",
}
TOGETHER = "Working together to keep the child safe"
REVIEW_DAYS = 200


def share_with(team: str, from_day: int, until_day: int = REVIEW_DAYS, *, kind: str = "") -> Share:
    """What is usual for a kind of partner; `kind` where the team's key says more than that."""
    kind = kind or team
    labels = _PARTNER_LABELS[kind]
    if kind == "police":
        labels -= {Label.POLICE}
    return Share(team, from_day, until_day, labels, purpose=_PURPOSES.get(kind, TOGETHER))
