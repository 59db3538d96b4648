"""Whether the program lives, is ready, and is looked after; and each person's inbox."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from access.roles import Action
from access.views import Page, RoleView
from accounts.notices import inbox, mark_read
from deadlines.selectors import all_parts, not_ready


@transaction.non_atomic_requests
def alive(request: HttpRequest) -> HttpResponse:
    """For what watches processes: this one answers, whatever else does not. Says nothing more."""
    return HttpResponse("ok\n", content_type="text/plain")


@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """For what sends requests here: 200, or 503 with a word for each part that does not work."""
    broken = not_ready()
    return HttpResponse("\n".join(broken or ["ok"]) + "\n", status=503 if broken else 200, content_type="text/plain")


class Health(RoleView):
    """For managers and system administrators, in words."""

    action = Action.VIEW_HEALTH
    template_name = "deadlines/health.jinja"

    def context(self) -> dict[str, Any]:
        parts = all_parts()
        return {"title": "System health", "parts": parts, "clocks": parts[0]}


PER_PAGE = 50


class Notices(Page):
    """What this person was told, the newest first. About themselves alone."""

    template_name = "deadlines/notices.jinja"

    def context(self) -> dict[str, Any]:
        asked = self.request.GET.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 else 1
        start = (max(number, 1) - 1) * PER_PAGE
        found = list(inbox(self.person)[start : start + PER_PAGE + 1])
        return {
            "title": "Notices",
            "notices": found[:PER_PAGE],
            "any_unread": any(one.read_at is None for one in found),
            "pages": {"number": max(number, 1), "more": len(found) > PER_PAGE},
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Marks one notice read, or all. Sent twice it does no more."""
        wanted = request.POST.get("notice", "")
        if wanted == "all":
            mark_read(self.person)
        elif wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
            mark_read(self.person, int(wanted))
        return redirect("notices")
