"""Children: those whose files a person holds, and one of them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.roles import Action
from children.models import Child
from children.views.notes import page_number
from cre_case.api.base import MOST, CaseApi, ListApi
from cre_case.selectors import held_files


class ChildAnswer(serializers.Serializer[Child]):
    """What every holder of the file may see of the child."""

    case = serializers.UUIDField(source="case_id")
    reference = serializers.CharField(source="case.reference")
    given_names = serializers.CharField()
    family_name = serializers.CharField()
    known_as = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    date_of_birth_estimated = serializers.BooleanField()
    send_status = serializers.CharField()
    communication_needs = serializers.CharField()


class ChildrenAnswer(serializers.Serializer[Any]):
    results = ChildAnswer(many=True)
    more = serializers.BooleanField()


class Children(ListApi):
    """The children whose files this person or their team holds, by reference, 100 at a time."""

    action = Action.LIST_CHILDREN

    @extend_schema(operation_id="children", responses=ChildrenAnswer)
    def get(self, request: Request) -> Response:
        page = page_number(request.query_params.get("page", ""))
        children = Child.objects.allowing(request.user, Action.VIEW_FILE).filter(case__in=held_files(request.user))
        ordered = children.select_related("case").order_by("case__reference")
        found = list(ordered[(page - 1) * MOST : page * MOST + 1])
        cases: list[UUID] = [child.case_id for child in found[:MOST]]
        return self.answer(ChildAnswer(found[:MOST], many=True).data, cases, more=len(found) > MOST)


class OneChild(CaseApi):
    """One child."""

    action = Action.VIEW_FILE

    @extend_schema(operation_id="child", responses=ChildAnswer)
    def get(self, request: Request, case: UUID) -> Response:
        child = Child.objects.allowing(request.user, self.action).filter(case=self.case).select_related("case").first()
        if child is None:
            return Response({"case": self.case.pk, "reference": self.case.reference})
        return Response(ChildAnswer(child).data)
