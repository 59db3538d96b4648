"""Where a person starts after signing in."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.cre_case.makers import council_team
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.SOCIAL_WORKER, "worklist"),
        (Role.POLICE_OFFICER, "worklist"),
        (Role.AUDITOR, "worklist"),
        (Role.SYSTEM_ADMIN, "staff"),
        (Role.DIRECTORY_ADMIN, "services"),
    ],
)
def test_everybody_starts_on_a_page_of_theirs(role, address, client_for):
    response = client_for(person(role, council_team())).get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [(reverse(address), 302)]
