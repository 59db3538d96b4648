"""Every address of the program."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from access.declarations import for_signed_in
from cre_case.fairness.views import Fairness
from cre_case.restriction import views as restriction
from cre_case.views import case_file, due, lists, looking, roles, sharing, start

FILE = "cases/<uuid:case>"

urlpatterns = [
    path("", for_signed_in(login_required(start.first_page)), name="start"),
    path("children/", lists.MyChildren.as_view(), name="worklist"),
    path("search/", lists.Search.as_view(), name="search"),
    path(f"{FILE}/", case_file.CaseFilePage.as_view(), name="case_file"),
    path("fairness/", Fairness.as_view(), name="fairness"),
    path("ledger/", looking.LedgerSearch.as_view(), name="ledger"),
    path("unusual/", looking.UnusualReading.as_view(), name="unusual_reading"),
    path("unusual/<int:reading>/", looking.AnswerAlert.as_view(), name="answer_alert"),
    path("roles/", for_signed_in(login_required(roles.RolesPage.as_view())), name="roles"),
    path("due/", due.WhatIsDue.as_view(), name="due"),
    path(f"{FILE}/due/", due.CaseDue.as_view(), name="case_due"),
    path(f"{FILE}/due/<int:deadline>/missed/", due.RecordBreach.as_view(), name="record_breach"),
    path(f"{FILE}/allocate/", case_file.Allocate.as_view(), name="allocate"),
    path(f"{FILE}/access/", sharing.WhoCanSee.as_view(), name="who_can_see"),
    path(f"{FILE}/why/", sharing.WhyYouCanSee.as_view(), name="why_you_can_see"),
    path(f"{FILE}/share/", sharing.Share.as_view(), name="share"),
    path(f"{FILE}/not-shared/", sharing.NotShared.as_view(), name="not_shared"),
    path(f"{FILE}/conflict/", sharing.DeclareConflict.as_view(), name="declare_conflict"),
    path(f"{FILE}/access/<int:grant>/end/", sharing.EndShare.as_view(), name="end_share"),
    path(f"{FILE}/exclude/", sharing.Exclude.as_view(), name="exclude"),
    path(f"{FILE}/exclusions/<int:exclusion>/end/", sharing.EndExclusion.as_view(), name="end_exclusion"),
    path(f"{FILE}/restrict/", restriction.Restrict.as_view(), name="restrict"),
    path(f"{FILE}/restriction/lift/", restriction.LiftRestriction.as_view(), name="lift_restriction"),
    path(f"{FILE}/restriction/name/", restriction.NamePerson.as_view(), name="name_person"),
    path(f"{FILE}/restriction/<int:naming>/end/", restriction.EndNaming.as_view(), name="end_naming"),
    path(f"{FILE}/emergency/", restriction.BreakGlass.as_view(), name="break_glass"),
    path("emergencies/", restriction.Emergencies.as_view(), name="emergencies"),
    path("emergencies/<int:access>/", restriction.ReviewEmergency.as_view(), name="review_emergency"),
    path(f"{FILE}/looked/", looking.WhoHasLooked.as_view(), name="who_has_looked"),
    path(f"{FILE}/reason/", looking.StateReason.as_view(), name="state_reason"),
    path("", include("children.urls")),
    path("", include("referrals.urls")),
    path("", include("deadlines.urls")),
    path("", include("duties.urls")),
    path("", include("assessments.urls")),
    path("", include("plans.urls")),
    path("", include("meetings.urls")),
    path("", include("subject_access.urls")),
    path("api/v1/", include("cre_case.api.urls")),
    path("staff/", include("access.staff.urls")),
    path("accounts/", include("cre_case.sign_in_urls")),
    path("", include("cre_case.public_urls")),
]

handler400 = "ui.views.bad_request"
handler403 = "ui.views.forbidden"
handler404 = "ui.views.not_found"
handler429 = "accounts.views.too_many_requests"
handler500 = "ui.views.server_error"
