"""Whether the program lives, is ready, and is looked after."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from access.roles import Action
from access.views import RoleView
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
