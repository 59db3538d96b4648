"""What is shown when something goes wrong.

All but "you cannot do this" are rendered without a request: a page that says "not found" is the same, byte for
byte, for every address and whatever is hidden there, and the page that says "something went wrong" cannot fail on
what failed before it (the database, the session, the navigation).
"""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Something went wrong</title></head><body>'
    "<h1>Something went wrong</h1><p>Try again in a few minutes.</p></body></html>"
)


def bare(name: str, status: int, **context: Any) -> HttpResponse:
    """An error page that depends on nothing."""
    page = engines["jinja"].env.get_template(f"errors/{name}.jinja").render(context)  # type: ignore[attr-defined]
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent makes no sense."""
    return bare("400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: in sight but not allowed, with the sentence that says why, and the navigation to go on with."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    try:
        response = render(request, "errors/403.jinja", {"reason": reason}, status=403, using="jinja")
    except Exception:
        logger.exception("The page about a refusal could not be shown with its navigation")
        return bare("403", 403, reason=reason)
    response["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent and hidden look the same."""
    return bare("404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: ours to mend."""
    try:
        return bare("500", 500)
    except Exception:
        logger.exception("The error page itself could not be shown")
        return HttpResponse(LAST_RESORT, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was opened before signing in, or long ago."""
    return bare("csrf", 403)
