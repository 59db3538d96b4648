"""What is shown when something goes wrong. No page here needs a session, a database or a principal.

Templates are rendered without context processors: a page that says "not found" is the same, byte for byte, for
everybody and every address, and the page that says "something failed" cannot fail on what failed before.
"""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.html import escape

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Something went wrong</title></head><body><h1>'
    "Something went wrong</h1><p>{}</p></body></html>"
)


def page(name: str, status: int, **context: Any) -> HttpResponse:
    response = HttpResponse(engines["jinja"].env.get_template(f"errors/{name}.jinja").render(context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page("400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page("403", 403, reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page("404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return page("500", 500)
    except Exception:
        logger.exception("The error page itself could not be shown")
        return HttpResponse(LAST_RESORT.format(escape("Try again in a few minutes.")), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page("csrf", 403)
