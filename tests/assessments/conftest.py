"""A child, and an assessment of them that is being written."""

from datetime import date

import pytest

from access.principal import acting_as
from assessments import services
from assessments.models import Assessment
from tests.assessments.making import work
from tests.assessments.pages import A_DAY


@pytest.fixture
def child():
    return work(born=date(2011, 6, 14))


@pytest.fixture
def draft(child) -> Assessment:
    with acting_as(child.worker.pk):
        return services.start_assessment(
            child.case, by=child.worker, reason="new_concern", concern_on=A_DAY, sources_used="Visit"
        )


@pytest.fixture
def review(child) -> Assessment:
    """Of section B: B02 in the past, B03 suspected, the rest not present when it was last assessed."""
    child.propose("medium", {"B02": "historic", "B03": "suspected"}, difference_reason="Her aunt")
    with acting_as(child.worker.pk):
        return services.start_assessment(child.case, by=child.worker, reason="review", concern_on=A_DAY)
