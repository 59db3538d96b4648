"""Are children decided on alike?"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from access.roles import Action
from access.views import RoleView
from cre_case.fairness.presenters import table_of
from cre_case.fairness.selectors import GROUPS, decisions_by

DAYS_BACK = 365


class Fairness(RoleView):
    """Decisions of the last twelve months on files this person may read, by group."""

    action = Action.VIEW_FAIRNESS
    template_name = "cre_case/fairness.jinja"

    def context(self) -> dict[str, Any]:
        since = timezone.now() - timedelta(days=DAYS_BACK)
        return {
            "title": "Decisions by group",
            "smallest": settings.SMALLEST_COUNT,
            "tables": [table_of(name, decisions_by(self.person, key, since)) for key, (name, *_) in GROUPS.items()],
        }
