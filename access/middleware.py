"""From a request to a principal; no declaration, no page; nothing kept by browsers."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from access import ledger
from access.declarations import declared_access
from access.permissions import NotAllowed, may, sentence
from access.principal import acting_as
from accounts.views import sign_in_again

API = "/api/"
Handler = Callable[[HttpRequest], HttpResponse]


def refused_by_api(sentence: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


class Principal:
    """Makes the signed-in person the principal of everything the request does."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = ledger.current_origin.set(ledger.Origin(uuid4(), request.META.get("REMOTE_ADDR") or None))
        try:
            with acting_as(request.user.pk):
                return self.get_response(request)
        finally:
            ledger.current_origin.reset(mark)


class DeclaredAccess:
    """Refuses what a view has not declared, and whoever it is not for, before the view runs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        declared = declared_access(view)
        if declared is None:
            raise NotAllowed("This page does not say who it is for, so it is not served.")
        if declared.public:
            return None
        if not request.user.is_authenticated:
            if request.path.startswith(API):
                return refused_by_api("Sign in first.", HTTPStatus.UNAUTHORIZED)
            return sign_in_again(request)
        if declared.action and not declared.on_a_file and not may(request.user, declared.action):
            ledger.record_denial(ledger.Kind.DENIED, action=declared.action, detail=request.path)
            if request.path.startswith(API):
                return refused_by_api(sentence(declared.action), HTTPStatus.FORBIDDEN)
            raise NotAllowed(sentence(declared.action))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ledger.LedgerUnavailable):
            return render(request, "errors/ledger.jinja", status=503)
        return None


class NotFoundInEqualTime:
    """What is not found takes the same time whether it is hidden or was never there: it waits for the next whole step.

    The statements are the same, but the database looks a hidden row over before it leaves it out. A step is
    `NOT_FOUND_MILLISECONDS`, longer than either takes.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        step = settings.NOT_FOUND_MILLISECONDS / 1000
        if response.status_code == HTTPStatus.NOT_FOUND and step:
            time.sleep(step - (time.monotonic() - began) % step)
        return response


class NoStore:
    """A page seen by somebody signed in is never kept by a browser or proxy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response
