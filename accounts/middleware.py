"""Sessions end: after some minutes without activity, and after some hours whatever happens."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

WRITE_EVERY_SECONDS = 60  # the last activity is stored at most this often


class SessionLimits:
    """Signs out a session that has been idle or open too long. Times are UTC seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.end_or_extend(request)
        return self.get_response(request)

    def end_or_extend(self, request: HttpRequest) -> None:
        now = int(time.time())
        started = request.session.setdefault("started", now)
        active = request.session.setdefault("active", now)
        idle_limit, longest = settings.SESSION_IDLE_MINUTES * 60, settings.SESSION_LONGEST_HOURS * 3600
        if now - active > idle_limit or now - started > longest:
            request.session_ended_for = request.user.pk  # type: ignore[attr-defined]
            logout(request)
        elif now - active >= WRITE_EVERY_SECONDS:
            request.session["active"] = now


class OneTimePassword:
    """Somebody with a password an administrator made gets no further than making their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        allowed = (reverse("account_change_password"), reverse("account_logout"), reverse("keep_alive"))
        if request.user.is_authenticated and request.user.must_change_password and request.path not in allowed:
            return redirect("account_change_password")
        return self.get_response(request)
