"""Whether the program lives, is ready, and is looked after."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from access.roles import Action
from access.views import RoleView
from deadlines.selectors import all_parts


def alive(request: HttpRequest) -> HttpResponse:
    """For what watches processes: this one answers. Says nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """For what sends requests here: 200, or 503 with the names of the parts that do not work."""
    broken = [part.name for part in all_parts() if not part.works]
    return HttpResponse("\n".join(broken) or "ok", status=503 if broken else 200, content_type="text/plain")


class Health(RoleView):
    """For managers and system administrators, in words."""

    action = Action.VIEW_HEALTH
    template_name = "deadlines/health.jinja"

    def context(self) -> dict[str, Any]:
        return {"title": "System health", "parts": all_parts()}
