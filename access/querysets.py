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
from django.db.models import Case, Func, Q, When

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


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """What a grant must be to count: live, of one of the subjects, with the label, at the level or above."""

    subjects: tuple[int, ...]
    label: Label
    level: Level


class _InLiveGrant(models.Lookup):
    """The id of a file with such a grant. Spelled as text: every page asks it several times."""

    lookup_name = "in_live_grant"
    form = "EXISTS (SELECT FROM access_caseaccess AS g WHERE g.case_id = {file} AND {is_wanted})"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        wanted: LiveGrant = self.rhs
        is_wanted = (
            "g.subject_id = ANY (%s::bigint[]) AND g.labels @> %s::varchar[] AND g.level >= %s"
            " AND g.valid_from <= now() AND (g.valid_until IS NULL OR g.valid_until > now())"
        )
        params = (list(wanted.subjects), [str(wanted.label)], int(wanted.level))
        return self.form.format(file=left, is_wanted=is_wanted), (*left_params, *params)


class _AmongHeld(_InLiveGrant):
    """The same, with all files of such grants read once, before anything else.

    For a search among very many rows. The planner takes everybody for somebody with one file, and would search
    anew for each file they hold.
    """

    lookup_name = "among_held"
    form = "{file} = ANY (ARRAY(SELECT g.case_id FROM access_caseaccess AS g WHERE {is_wanted}))"


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


def allowed_at_least_own(standing: Standing, action: Action) -> Q:
    """The rule on a file itself, where an action on the own agency's items is enough."""
    allowed = allowed_cases(standing, action, "pk")
    own = standing.subjects(action, own_agency=True)
    if own:
        allowed |= granted("pk", own, Label.CORE, CASE_ACTIONS[action].level)
    return allowed


def alike(standing: Standing, actions: Iterable[Action]) -> dict[Action, Action]:
    """For each action the first of those that ask the very same of a file, so that it is asked once."""
    first: dict[Q, Action] = {}
    return {action: first.setdefault(allowed_at_least_own(standing, action), action) for action in actions}


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
        standing = standing_of(user)
        return self.filter(not_excluded("pk")).annotate(
            **{
                f"may_{action}": Case(When(allowed_at_least_own(standing, action), then=True), default=False)
                for action in set(alike(standing, actions).values())
            }
        )


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
        kinds: dict[Sequence[Action], list[str]] = defaultdict(list)
        for kind, needed in actions.items():
            kinds[needed].append(kind)
        allowed = NOTHING
        for needed, same in kinds.items():
            allowed |= reduce(and_, (allowed_records(self.model, user, action) for action in needed), Q(kind__in=same))
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
