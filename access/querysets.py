"""The first wall: one rule, written once, as a queryset.

A file is included if, and only if, some live role of the person allows the action, and that role's team or
the person holds a live grant on the file with the record part's label at the action's level (or the team
has standing city-wide access with that label), and the person is not excluded from the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from access.parts import Label, Own
from access.roles import CASE_ACTIONS, Action, Level
from access.standing import Standing, standing_of

if TYPE_CHECKING:
    from accounts.models import User

NOTHING = Q(pk__in=[])


class _ExcludedCases(Func):
    """The database's own answer: the excluded person cannot read the exclusion itself."""

    function = "sec.excluded_cases"
    template = "(SELECT %(function)s())"
    output_field = ArrayField(models.UUIDField())


class _IsAny(models.Lookup):
    """One of an array's elements. The array is made once for the whole statement, whatever the planner expects."""

    lookup_name = "is_any"
    form = "{left} = ANY ({right}::uuid[])"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = compiler.compile(self.rhs)
        return self.form.format(left=left, right=right), (*left_params, *right_params)

    def get_prep_lookup(self) -> Any:
        return self.rhs


class _IsNotAny(_IsAny):
    lookup_name = "is_not_any"
    form = "{left} <> ALL ({right}::uuid[])"


REACHES = "g.subject_id = ANY (%s::bigint[]) AND g.labels @> %s::varchar[] AND g.level >= %s"
IN_FORCE = "g.valid_from <= now() AND (g.valid_until IS NULL OR g.valid_until > now())"
IS_LIVE = f"{REACHES} AND {IN_FORCE}"


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """What a grant must be to count: live, of one of the subjects, with the label, at the level or above."""

    subjects: tuple[int, ...]
    label: Label
    level: Level

    @property
    def params(self) -> tuple[Any, ...]:
        """What `REACHES` asks for."""
        return (list(self.subjects), [str(self.label)], int(self.level))


class _InLiveGrant(models.Lookup):
    """The id of a file with such a grant. Spelled as text: every page asks it several times."""

    lookup_name = "in_live_grant"
    form = "EXISTS (SELECT FROM access_caseaccess AS g WHERE g.case_id = {file} AND {is_live})"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return self.form.format(file=left, is_live=IS_LIVE), (*left_params, *self.rhs.params)


class _AmongHeld(_InLiveGrant):
    """The same, with all files of such grants read once, before anything else.

    For a search among very many rows. The planner takes everybody for somebody with one file, and would search
    anew for each file they hold.
    """

    lookup_name = "among_held"
    form = "{file} = ANY (ARRAY(SELECT g.case_id FROM access_caseaccess AS g WHERE {is_live}))"


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What lets a person do something on a file: standing access to every file, or any of these grants."""

    everywhere: bool = False
    grants: tuple[LiveGrant, ...] = ()


class _Hold(Func):
    """Which of several ways in hold of a file, in their order. One expression for all, as every page of a file asks it,
    and one look at the grants, as each has the second wall in it.
    """

    output_field = ArrayField(models.BooleanField())
    form = (
        "(SELECT ARRAY[{each}]::boolean[] FROM access_caseaccess AS g"
        " WHERE g.case_id = {file} AND {in_force} GROUP BY ())"
    )

    def __init__(self, file: Any, ways: tuple[WaysIn, ...]) -> None:
        super().__init__(file)
        self.ways = ways

    def as_sql(self, compiler: Any, *_: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        file, _ = compiler.compile(self.source_expressions[0])
        each = ", ".join(map(self._one, self.ways))
        params = [param for one in self.ways for grant in one.grants for param in grant.params]
        return self.form.format(each=each, file=file, in_force=IN_FORCE), tuple(params)

    @staticmethod
    def _one(way: WaysIn) -> str:
        if way.everywhere:
            return "true"
        reaches = " OR ".join([f"({REACHES})"] * len(way.grants)) or "false"
        return f"coalesce(bool_or({reaches}), false)"


for _field in (models.UUIDField, models.ForeignKey):
    for _lookup in (_IsAny, _IsNotAny, _InLiveGrant, _AmongHeld):
        _field.register_lookup(_lookup)


def granted(field: str, subjects: Iterable[int], label: Label, level: Level) -> Q:
    """One of the subjects holds a live grant with the label on the file whose id the field holds."""
    return Q(**{f"{field}__in_live_grant": LiveGrant(tuple(subjects), label, level)})


def allowed_cases(standing: Standing, action: Action, field: str) -> Q:
    """The rule as a condition on the field that holds the file's id."""
    needs = CASE_ACTIONS[action]
    if standing.city_wide(action):
        return Q(**{f"{field}__isnull": False})
    subjects = standing.subjects(action)
    if not subjects:
        return NOTHING
    return granted(field, subjects, needs.part.label, needs.level)


def ways_in(standing: Standing, action: Action) -> WaysIn:
    """The rule on a file itself, where an action on the own agency's items is enough."""
    if standing.city_wide(action):
        return WaysIn(everywhere=True)
    needs = CASE_ACTIONS[action]
    wanted = (
        (standing.subjects(action), needs.part.label),
        (standing.subjects(action, own_agency=True), Label.CORE),
    )
    return WaysIn(grants=tuple(LiveGrant(tuple(whose), label, needs.level) for whose, label in wanted if whose))


def allowed_at_least_own(standing: Standing, action: Action) -> Q:
    """The same as a condition on files."""
    ways = ways_in(standing, action)
    if ways.everywhere:
        return Q(pk__isnull=False)
    return reduce(or_, (Q(pk__in_live_grant=grant) for grant in ways.grants), NOTHING)


def different_ways(user: User, actions: Iterable[Action]) -> tuple[WaysIn, ...]:
    """The ways in of these actions, each once, in the order of the actions."""
    standing = standing_of(user)
    return tuple(dict.fromkeys(ways_in(standing, action) for action in actions))


def not_excluded(field: str) -> Q:
    return Q(**{f"{field}__is_not_any": _ExcludedCases()})


def allowed_files(user: User, action: Action) -> Q:
    """The rule on files themselves, by its full extent (not only their own agency's items)."""
    return allowed_cases(standing_of(user), action, "pk") & not_excluded("pk")


class CaseQuerySet(models.QuerySet[Any]):
    def allowing(self, user: User, action: Action) -> Self:
        """Files on which this person may do this action, by `allowed_files`."""
        return self.filter(allowed_files(user, action))

    def allowing_own(self, user: User, action: Action) -> Self:
        """Files on which this person may do the action at least for their own agency's items."""
        return self.filter(allowed_at_least_own(standing_of(user), action), not_excluded("pk"))

    def with_permissions(self, user: User, actions: Iterable[Action]) -> Self:
        """Each file with what `access.permissions.permitted_on` reads, by the rule of `allowing_own`, in one query."""
        return self.filter(not_excluded("pk")).annotate(hold=_Hold(F("pk"), different_ways(user, actions)))


def _own_items(own_by: Mapping[str, Own], standing: Standing, user: User) -> Q:
    """Rows that are this person's own, by what the model's `own_by` says of its columns."""
    mine = {
        Own.PERSON: ("", user),
        Own.AGENCY: ("__in", standing.partner_agency_ids),
        Own.AGENCIES: ("__overlap", sorted(standing.partner_agency_ids)),
        Own.TEAM: ("__in", standing.team_ids),
    }
    return reduce(or_, (Q(**{f"{field}{mine[how][0]}": mine[how][1]}) for field, how in own_by.items()), NOTHING)


def allowed_records(model: Any, user: User, action: Action) -> Q:
    """The rule on records of files, exclusions left out.

    Where a role has the action for its own agency's items only, just those records (`own_by` of the model).
    """
    standing = standing_of(user)
    allowed = allowed_cases(standing, action, "case")
    own = standing.subjects(action, own_agency=True)
    if own:
        mine = granted("case", own, Label.CORE, CASE_ACTIONS[action].level)
        allowed |= mine & _own_items(model.own_by, standing, user)
    return allowed


class CaseRecordQuerySet(models.QuerySet[Any]):
    def allowing(self, user: User, action: Action) -> Self:
        """Records of files on which this person may do this action, by `allowed_records`."""
        return self.filter(allowed_records(self.model, user, action), not_excluded("case"))

    def allowing_each(self, user: User, actions: Mapping[str, Sequence[Action]]) -> Self:
        """Records of many kinds in one table: of each kind (its `kind`) those on which all its actions are allowed."""
        kinds: dict[Q, list[str]] = defaultdict(list)  # by their rule, so that one is asked once
        for kind, needed in actions.items():
            kinds[reduce(and_, (allowed_records(self.model, user, action) for action in needed))].append(kind)
        allowed = reduce(or_, (Q(kind__in=same) & rule for rule, same in kinds.items()), NOTHING)
        return self.filter(allowed, not_excluded("case"))

    def allowing_in_search(self, user: User, action: Action) -> Self:
        """The same, own agency's items apart, spelled to be quick where very many records are searched."""
        standing, needs = standing_of(user), CASE_ACTIONS[action]
        if standing.city_wide(action):
            return self.allowing(user, action)
        held = LiveGrant(tuple(standing.subjects(action)), needs.part.label, needs.level)
        return self.filter(not_excluded("case"), case__among_held=held)

    def of(self, case: models.Model) -> Self:
        return self.filter(case=case)
