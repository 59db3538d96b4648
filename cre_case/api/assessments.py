"""Assessments of a file: what was made, by whom and when, and what each answers."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.roles import Action
from assessments.models import Answer, Assessment
from assessments.selectors import assessments_of
from cre_case.api.base import MOST, CaseApi


class AssessmentAnswer(serializers.Serializer[Assessment]):
    """An assessment without what it says of the child."""

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    state = serializers.CharField()
    reason = serializers.CharField()
    concern_on = serializers.DateField()
    author = serializers.CharField(source="author.name")
    agency = serializers.CharField(source="agency.name")
    toolkit = serializers.IntegerField(source="toolkit.number")
    started_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    proposed = serializers.SerializerMethodField()

    def get_proposed(self, assessment: Assessment) -> str:
        """The tier that was proposed: "low", "medium", "high" or "none"; empty before it is submitted."""
        proposal = getattr(assessment, "proposal", None)
        return proposal.proposed if proposal else ""


class AssessmentsAnswer(serializers.Serializer[Any]):
    results = AssessmentAnswer(many=True)
    more = serializers.BooleanField()


class ItemAnswered(serializers.Serializer[Answer]):
    code = serializers.CharField(source="item.code")
    label = serializers.CharField(source="item.label")
    answer = serializers.CharField()


class WholeAssessmentAnswer(AssessmentAnswer):
    """With the child's own words and each answer; what an answer rests on is read on its page."""

    child_words = serializers.CharField()
    voice = serializers.CharField()
    worried_about = serializers.CharField()
    working_well = serializers.CharField()
    threshold_level = serializers.CharField()
    answers = ItemAnswered(many=True, source="given")


class Assessments(CaseApi):
    """The CRE assessments of one child, the newest first."""

    action = Action.VIEW_ASSESSMENTS

    @extend_schema(operation_id="assessments", responses=AssessmentsAnswer)
    def get(self, request: Request, case: UUID) -> Response:
        found = list(assessments_of(self.case, request.user)[: MOST + 1])
        return Response({"results": AssessmentAnswer(found[:MOST], many=True).data, "more": len(found) > MOST})


class OneAssessment(CaseApi):
    """One assessment with its answers."""

    action = Action.VIEW_ASSESSMENTS

    @extend_schema(operation_id="assessment", responses=WholeAssessmentAnswer)
    def get(self, request: Request, case: UUID, assessment: int) -> Response:
        found = assessments_of(self.case, request.user).filter(pk=assessment).first()
        if found is None:
            raise Http404
        given = Answer.objects.allowing(request.user, self.action).filter(assessment=found, restricted=False)
        found.given = given.select_related("item").order_by("item__section__place", "item__place")
        return Response(WholeAssessmentAnswer(found).data)
