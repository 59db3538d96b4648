"""What pages of an assessment cost: few queries, and as many for one answer as for all."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.principal import acting_as
from assessments import services
from tests.assessments.making import work
from tests.cre_case.makers import queries

pytestmark = pytest.mark.django_db
SECTION = "F"
MOST = 15


@pytest.fixture
def child():
    return work(born=date(2014, 9, 14))


def test_a_section_is_read_and_saved_in_few_queries(child, client_for):
    with acting_as(child.worker.pk):
        draft = services.start_assessment(
            child.case, by=child.worker, reason="new_concern", concern_on=date(2020, 1, 1), sources_used="Visit"
        )
    page, client = reverse("assess_items", args=[child.case.pk, draft.pk, SECTION]), client_for(child.worker)
    empty = queries(client, page)
    shown = client.get(page).content.decode()
    asked = set(re.findall(r'name="(answer_\w+)"', shown))
    sent = {"version": draft.version, "once": uuid4(), "rest_none": "on", **dict.fromkeys(asked, "none")}
    with CaptureQueriesContext(connection) as captured:
        assert client.post(page, sent).status_code == 302
    saving = [one for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert (queries(client, page), empty <= MOST) == (empty, True), empty
    assert len(saving) <= MOST, len(saving)


def test_deciding_and_answering_are_read_in_few_queries(child, client_for):
    proposal = child.propose("low", {"F02": "current"})
    page = reverse("decide_tier", args=[child.case.pk, proposal.pk])
    deciding = queries(client_for(child.manager), page)
    decision = child.decide(proposal)
    page = reverse("answer_low", args=[child.case.pk, decision.pk])
    answering = queries(client_for(child.cpm), page)
    assert max(deciding, answering) <= MOST, (deciding, answering)
