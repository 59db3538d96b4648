"""Addresses of assessments and tiers."""

from django.urls import path

from assessments.views import deciding, reading, toolkit, writing

FILE = "cases/<uuid:case>"
ONE = f"{FILE}/assessments/<int:assessment>"
SUPPORTING = f"{FILE}/supporting/<int:supporting>"

urlpatterns = [
    path("toolkit/", toolkit.Toolkits.as_view(), name="toolkits"),
    path("toolkit/new/", toolkit.LoadToolkit.as_view(), name="load_toolkit"),
    path("toolkit/<int:toolkit>/", toolkit.ToolkitPage.as_view(), name="toolkit"),
    path("toolkit/<int:toolkit>/file/", toolkit.ToolkitFile.as_view(), name="toolkit_file"),
    path("toolkit/<int:toolkit>/publish/", toolkit.PublishToolkit.as_view(), name="publish_toolkit"),
    path("decisions/", deciding.DecisionsWaiting.as_view(), name="decisions_waiting"),
    path(f"{FILE}/assessments/", reading.Assessments.as_view(), name="assessments"),
    path(f"{FILE}/assessments/new/", writing.StartAssessment.as_view(), name="start_assessment"),
    path(f"{ONE}/", writing.TaskList.as_view(), name="assessment"),
    path(f"{ONE}/read/", reading.ReadAssessment.as_view(), name="read_assessment"),
    path(f"{ONE}/compare/", reading.CompareAssessments.as_view(), name="compare_assessments"),
    path(f"{ONE}/screening/", writing.Screening.as_view(), name="assess_screening"),
    path(f"{ONE}/start/", writing.Start.as_view(), name="assess_start"),
    path(f"{ONE}/voice/", writing.Voice.as_view(), name="assess_voice"),
    path(f"{ONE}/types/", writing.Types.as_view(), name="assess_types"),
    path(f"{ONE}/items/<str:section>/", writing.Items.as_view(), name="assess_items"),
    path(f"{ONE}/protective/", writing.Protective.as_view(), name="assess_protective"),
    path(f"{ONE}/people/", writing.Around.as_view(), name="assess_people"),
    path(f"{ONE}/analysis/", writing.Analysis.as_view(), name="assess_analysis"),
    path(f"{ONE}/stop/", writing.Withdraw.as_view(), name="withdraw_assessment"),
    path(f"{FILE}/supporting/new/", reading.StartSupporting.as_view(), name="start_supporting"),
    path(f"{SUPPORTING}/complete/", reading.CompleteSupporting.as_view(), name="complete_supporting"),
    path(f"{SUPPORTING}/authorise/", reading.AuthoriseSupporting.as_view(), name="authorise_supporting"),
    path(f"{SUPPORTING}/end/", reading.EndSupporting.as_view(), name="end_supporting"),
    path(f"{FILE}/proposals/<int:proposal>/", deciding.DecideTier.as_view(), name="decide_tier"),
    path(f"{FILE}/decisions/<int:decision>/agree/", deciding.AnswerLow.as_view(), name="answer_low"),
]
