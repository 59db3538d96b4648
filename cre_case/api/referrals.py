"""Referrals: sent to one's team or by oneself, those of a file, and the answer of the team that receives one."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.roles import Action
from children.views.notes import page_number
from cre_case.api.base import MOST, CaseApi, ListApi
from referrals import services
from referrals.models import Referral
from referrals.selectors import referrals_of, referrals_to_me


class ReferralAnswer(serializers.Serializer[Referral]):
    """What both who sent it and who receives it may read. The reasons for sharing are the sender's alone."""

    id = serializers.IntegerField(source="pk")
    case = serializers.UUIDField(source="case_id")
    version = serializers.IntegerField()
    service = serializers.CharField(source="service.name")
    about = serializers.CharField()
    asked_for = serializers.CharField()
    what_they_need = serializers.CharField()
    contact = serializers.CharField()
    state = serializers.CharField()
    sent_at = serializers.DateTimeField()
    sent_by = serializers.CharField(source="author.name")
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()


class ReferralsAnswer(serializers.Serializer[Any]):
    results = ReferralAnswer(many=True)
    more = serializers.BooleanField()


class AnswerRequest(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    accepted = serializers.BooleanField()
    answer = serializers.CharField(required=False, allow_blank=True, default="")


class Referrals(ListApi):
    """Referrals sent to this person's teams, or by them; the waiting ones first, 100 at a time."""

    action = Action.VIEW_REFERRALS

    @extend_schema(operation_id="referrals", responses=ReferralsAnswer)
    def get(self, request: Request) -> Response:
        page = page_number(request.query_params.get("page", ""))
        found = list(referrals_to_me(request.user)[(page - 1) * MOST : page * MOST + 1])
        cases = [one.case_id for one in found[:MOST]]
        return self.answer(ReferralAnswer(found[:MOST], many=True).data, cases, more=len(found) > MOST)


class CaseReferrals(CaseApi):
    """The referrals of one child."""

    action = Action.VIEW_REFERRALS

    @extend_schema(operation_id="child_referrals", responses=ReferralsAnswer)
    def get(self, request: Request, case: UUID) -> Response:
        found = referrals_of(self.case, request.user)
        return Response({"results": ReferralAnswer(found[:MOST], many=True).data, "more": len(found) > MOST})


class AnswerReferral(CaseApi):
    """The receiving team accepts, or declines with a reason."""

    action = Action.ANSWER_REFERRAL

    @extend_schema(operation_id="answer_referral", request=AnswerRequest, responses=ReferralAnswer)
    def post(self, request: Request, case: UUID, referral: int) -> Response:
        """Declining ends this team's access to the file at once."""
        found = Referral.objects.allowing(request.user, self.action).filter(case=self.case, pk=referral)
        one = found.select_related("service", "author").first()
        if one is None:
            raise Http404
        asked = AnswerRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        saved = services.answer_referral(one, by=request.user, **asked.validated_data)
        return Response(ReferralAnswer(saved).data)
