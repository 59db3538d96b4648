"""The plan of a child: its items, each as far as the person who asks may know it, and how far their own are."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.permissions import may
from access.roles import Action
from assessments.selectors import tier_history
from cre_case.api.base import CaseApi
from offer.catalogue import Disposition
from plans import services
from plans.models import PlanItem, ServicePlan
from plans.presenters import state_of
from plans.selectors import items_of, plan_of

DISPOSITIONS = [one.name.lower() for one in Disposition]


class ItemAnswer(serializers.Serializer[PlanItem]):
    """An item. What stands in `IN_FULL` is null for a person who sees of it only what it is and how far it is."""

    IN_FULL = ("version", "reason", "who", "measure")

    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner_name")
    agency = serializers.CharField(source="agency.name", default=None, allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    who = serializers.CharField(allow_null=True)
    measure = serializers.CharField(allow_null=True)

    def get_state(self, item: PlanItem) -> str:
        """In words, as on the page: "Planned", "On hold", "Ended", "Not settled" ..."""
        return state_of(item)[0]

    def to_representation(self, instance: PlanItem) -> dict[str, Any]:
        answer: dict[str, Any] = super().to_representation(instance)
        in_full: set[int] | None = self.context.get("in_full")
        if in_full is not None and instance.pk not in in_full:
            answer |= dict.fromkeys(self.IN_FULL)
        return answer


class PlanAnswer(serializers.Serializer[ServicePlan]):
    """Of a plan that was not shared, `tier` and `state` are null and the items are those of one's own agency."""

    tier = serializers.CharField(allow_null=True)
    provisional = serializers.BooleanField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    items = ItemAnswer(many=True)


class SettleRequest(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    disposition = serializers.ChoiceField(choices=DISPOSITIONS)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    who = serializers.CharField(required=False, allow_blank=True, default="")


class Plan(CaseApi):
    """The plan of one child."""

    action = Action.VIEW_ITEMS

    @extend_schema(operation_id="plan", responses=PlanAnswer)
    def get(self, request: Request, case: UUID) -> Response:
        plan, items = plan_of(self.case, request.user), list(items_of(self.case, request.user))
        tier = tier_history(self.case, request.user).filter(until_at__isnull=True).first()
        own = PlanItem.objects.allowing(request.user, Action.WORK_ON_ITEM).filter(case=self.case)
        sees_all = may(request.user, Action.VIEW_DEADLINES, self.case)
        context = {"in_full": None if sees_all else set(own.values_list("pk", flat=True))}
        return Response(
            {
                "tier": tier.tier if tier else None,
                "provisional": tier.provisional if tier else None,
                "state": plan.state if plan else None,
                "items": ItemAnswer(items, many=True, context=context).data,
            }
        )


class OneItem(CaseApi):
    """An item that this person may work on: social care any, a partner those of its own agency."""

    action = Action.WORK_ON_ITEM

    @extend_schema(operation_id="settle_item", request=SettleRequest, responses=ItemAnswer)
    def post(self, request: Request, case: UUID, item: int) -> Response:
        """Says what happens with it. An older `version` is a conflict: somebody changed it meanwhile."""
        found = PlanItem.objects.allowing(request.user, self.action).filter(case=self.case, pk=item).first()
        if found is None:
            raise Http404
        asked = SettleRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        saved = services.settle_item(found, by=request.user, **asked.validated_data)
        return Response(ItemAnswer(saved).data)
