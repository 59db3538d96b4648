"""What is due: for the person who asks, and on one file."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.roles import Action
from children.views.notes import page_number
from cre_case.api.base import MOST, CaseApi, ListApi
from deadlines.models import Deadline
from deadlines.presenters import by_whose_rule, what_is_due, who_does_it
from deadlines.selectors import due_for, due_of


class DeadlineAnswer(serializers.Serializer[Deadline]):
    """A clock that runs. Moments are UTC; `limit_on` is the day in London of a limit that is a day."""

    id = serializers.IntegerField(source="pk")
    case = serializers.UUIDField(source="case_id")
    rule = serializers.CharField(source="rule_id")
    what = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField()
    limit_at = serializers.DateTimeField()
    limit_on = serializers.DateField(allow_null=True)
    first_limit_at = serializers.DateTimeField(source="soft_at", allow_null=True)
    owner = serializers.SerializerMethodField()

    def get_what(self, clock: Deadline) -> str:
        """What has to be done, in the rule's words."""
        return what_is_due(clock)

    def get_source(self, clock: Deadline) -> str:
        """Law, guidance or only a local target, and where it is written."""
        return by_whose_rule(clock)

    def get_owner(self, clock: Deadline) -> str:
        """Whose it is to do."""
        return who_does_it(clock)


class DeadlinesAnswer(serializers.Serializer[Any]):
    results = DeadlineAnswer(many=True)
    more = serializers.BooleanField()


class Deadlines(ListApi):
    """What this person is to do, what runs out first first, 100 at a time."""

    action = Action.VIEW_DEADLINES

    @extend_schema(operation_id="deadlines", responses=DeadlinesAnswer)
    def get(self, request: Request) -> Response:
        page = page_number(request.query_params.get("page", ""))
        found = list(due_for(request.user)[(page - 1) * MOST : page * MOST + 1])
        cases = list(dict.fromkeys(one.case_id for one in found[:MOST]))
        return self.answer(DeadlineAnswer(found[:MOST], many=True).data, cases, more=len(found) > MOST)


class CaseDeadlines(CaseApi):
    """What is due on one file."""

    action = Action.VIEW_DEADLINES

    @extend_schema(operation_id="child_deadlines", responses=DeadlinesAnswer)
    def get(self, request: Request, case: UUID) -> Response:
        found = list(due_of(self.case, request.user)[: MOST + 1])
        return Response({"results": DeadlineAnswer(found[:MOST], many=True).data, "more": len(found) > MOST})
