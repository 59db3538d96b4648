"""What a person brings to a question of access: their live roles, teams and agencies."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from access.roles import CASE_ACTIONS, OWN_AGENCY_ACTIONS, ROLE_ACTIONS, Action
from accounts.models import Membership, Team, User
from accounts.roles import AgencyKind, Role


@dataclass(frozen=True, slots=True)
class Post:
    """One live membership, flattened."""

    role: Role
    team_id: int
    team_subject_id: int
    agency_id: int
    in_council: bool
    city_wide_level: int
    city_wide_labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    user_subject_id: int | None
    posts: tuple[Post, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def agency_ids(self) -> frozenset[int]:
        return frozenset(post.agency_id for post in self.posts)

    @property
    def partner_agency_ids(self) -> frozenset[int]:
        """Their agencies outside the council, whose own items they share."""
        return frozenset(post.agency_id for post in self.posts if not post.in_council)

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(post.team_id for post in self.posts)

    @property
    def every_subject(self) -> list[int]:
        """What access may be granted to for them: each of their teams, and themselves."""
        teams = [post.team_subject_id for post in self.posts]
        return [*teams, self.user_subject_id] if teams and self.user_subject_id is not None else teams

    def allows(self, action: Action) -> bool:
        """Some role of theirs allows the action at all."""
        return any(action in ROLE_ACTIONS[role] or action in OWN_AGENCY_ACTIONS.get(role, ()) for role in self.roles)

    def subjects(self, action: Action, *, own_agency: bool = False) -> list[int]:
        """The subjects whose grants carry the action: teams where their role allows it, and themselves."""
        table = OWN_AGENCY_ACTIONS if own_agency else ROLE_ACTIONS
        posts = [post for post in self.posts if action in table.get(post.role, ())]
        subjects = [post.team_subject_id for post in posts]
        if posts and self.user_subject_id is not None:
            subjects.append(self.user_subject_id)
        return subjects

    def city_wide(self, action: Action) -> bool:
        """They may do the action on every file, by the standing access of a team."""
        needs = CASE_ACTIONS[action]
        return any(
            action in ROLE_ACTIONS[post.role]
            and post.city_wide_level >= needs.level
            and needs.part.label in post.city_wide_labels
            for post in self.posts
        )


def standing_of(user: User) -> Standing:
    """The person's live standing, read from the database once per loaded user.

    A request loads its user afresh, so a role that ended stops working at the next request.
    """
    cached = getattr(user, "_standing", None)
    if cached is None:
        cached = user._standing = read_standing(user)  # type: ignore[attr-defined]
    return cached


def teams_with(role: Role) -> QuerySet[Team]:
    """The teams where somebody has the role today, each with its subject."""
    live = Membership.objects.filter(role=role, ended_at__isnull=True, user__is_active=True)
    return Team.objects.filter(pk__in=live.values("team"), ended_at__isnull=True).select_related("subject")


# As text: every request asks it, and putting it together anew would take several times as long as asking.
LIVE_POSTS = """
SELECT own.id, m.role, t.id, s.id, a.id, a.kind, t.city_wide_level, t.city_wide_labels
FROM accounts_membership AS m
JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
JOIN accounts_team AS t ON t.id = m.team_id AND t.ended_at IS NULL
JOIN accounts_agency AS a ON a.id = t.agency_id AND a.ended_at IS NULL
LEFT JOIN accounts_subject AS s ON s.team_id = t.id
LEFT JOIN accounts_subject AS own ON own.user_id = u.id
WHERE m.user_id = %s AND m.ended_at IS NULL ORDER BY m.id
"""


def read_standing(user: User) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(LIVE_POSTS, [user.pk])
        held = cursor.fetchall()
    posts = tuple(
        Post(
            role=Role(role),
            team_id=team,
            team_subject_id=subject,
            agency_id=agency,
            in_council=kind == AgencyKind.COUNCIL,
            city_wide_level=level,
            city_wide_labels=frozenset(labels),
        )
        for _, role, team, subject, agency, kind, level, labels in held
    )
    return Standing(held[0][0] if held else None, posts)
