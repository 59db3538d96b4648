"""What each role may do, for whoever wonders: the rule itself, not a description of it."""

from typing import Any

from access.matrix import RECORD_PARTS, letters, matrix
from access.standing import standing_of
from access.views import Page
from accounts.roles import Role


class RolesPage(Page):
    """The access matrix. The same for everybody; whoever looks finds their own roles marked."""

    template_name = "cre_case/roles.jinja"

    def context(self) -> dict[str, Any]:
        return {
            "title": "What each role may do",
            "groups": matrix(),
            "parts": [(part, [letters(role, part) for role in Role] if part.actions else []) for part in RECORD_PARTS],
            "roles": list(Role),
            "own": standing_of(self.person).roles,
        }
