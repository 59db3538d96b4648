"""Addresses of assessments, and what stands on their pages."""

from datetime import date

from django.urls import reverse

from assessments.models import ToolkitItem
from assessments.services import Evidence
from tests.matrix.form_on_page import FormOnPage

SECTION, A_DAY = "D", date(2020, 1, 1)
SEEN = Evidence(text="Seen by her form tutor.", source="school")
ANALYSIS = {
    "worried_about": "New friends", "working_well": "Her aunt", "would_make_worse": "Leaving school",
    "not_known_yet": "Who they are", "threshold_level": "intensive",
}  # fmt: skip
START = {"reason": "new_concern", "concern_on_day": "1", "concern_on_month": "1", "concern_on_year": "2020"}


def address(name: str, child, *more) -> str:
    return reverse(name, args=[child.case.pk, *more])


def section(child, draft) -> str:
    return address("assess_items", child, draft.pk, SECTION)


def errors(response) -> list[str]:
    return [sentence for sentence, _ in FormOnPage(response).errors()]


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def codes(weight: str) -> list[str]:
    return list(ToolkitItem.objects.filter(section__code=SECTION, weight=weight).values_list("code", flat=True))
