"""Addresses of the API. Each is in the matrix as every page is."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from access.declarations import for_signed_in
from cre_case.api import assessments, children, deadlines, plans, referrals

FILE = "children/<uuid:case>"

urlpatterns = [
    path("schema/", for_signed_in(SpectacularJSONAPIView.as_view()), name="api_schema"),
    path("children/", children.Children.as_view(), name="api_children"),
    path(f"{FILE}/", children.OneChild.as_view(), name="api_child"),
    path(f"{FILE}/assessments/", assessments.Assessments.as_view(), name="api_assessments"),
    path(f"{FILE}/assessments/<int:assessment>/", assessments.OneAssessment.as_view(), name="api_assessment"),
    path(f"{FILE}/plan/", plans.Plan.as_view(), name="api_plan"),
    path(f"{FILE}/plan/<int:item>/", plans.OneItem.as_view(), name="api_item"),
    path(f"{FILE}/referrals/", referrals.CaseReferrals.as_view(), name="api_case_referrals"),
    path(f"{FILE}/referrals/<int:referral>/answer/", referrals.AnswerReferral.as_view(), name="api_answer_referral"),
    path(f"{FILE}/deadlines/", deadlines.CaseDeadlines.as_view(), name="api_case_deadlines"),
    path("referrals/", referrals.Referrals.as_view(), name="api_referrals"),
    path("deadlines/", deadlines.Deadlines.as_view(), name="api_deadlines"),
]
