"""Where a request comes from, how long a session lasts, and what opens nothing yet: a one-time password, a password
without a second factor."""

import ipaddress
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.second_factor.proof import has_second_factor, passed_second_factor

WRITE_EVERY_SECONDS = 60  # the last activity is stored at most this often

Handler = Callable[[HttpRequest], HttpResponse]


class ClientAddress:
    """Makes the address of the browser the request's own, where proxies of ours stand in front.

    Only as many entries of X-Forwarded-For are believed as there are proxies (`TRUSTED_PROXIES`), from the right:
    those on the left are whatever the client wrote. Without proxies the header is not read at all.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = settings.TRUSTED_PROXIES
        claimed = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < count <= len(claimed) and is_address(claimed[-count].strip()):
            request.META["REMOTE_ADDR"] = claimed[-count].strip()
        return self.get_response(request)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def start_session(request: HttpRequest) -> None:
    """Begins to count how long the session has been open, and idle. Times are UTC seconds."""
    now = int(time.time())
    request.session.update({"started": now, "active": now})


class SessionLimits:
    """Signs out a session that has been idle or open too long.

    `request.session_ended_for` is then the id of the person, and also where the session ended for another reason:
    their account ended, or a role or password of theirs was changed.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        holder = request.session.get(SESSION_KEY)
        if request.user.is_authenticated:
            self.end_or_extend(request)
        if holder and not request.user.is_authenticated:
            request.session_ended_for = int(holder)  # type: ignore[attr-defined]
        return self.get_response(request)

    def end_or_extend(self, request: HttpRequest) -> None:
        if "started" not in request.session:
            start_session(request)
        now = int(time.time())
        idle, open_for = now - request.session["active"], now - request.session["started"]
        if idle > settings.SESSION_IDLE_MINUTES * 60 or open_for > settings.SESSION_LONGEST_HOURS * 3600:
            logout(request)
        elif idle >= WRITE_EVERY_SECONDS:
            request.session["active"] = now


class OneTimePassword:
    """Somebody with a password an administrator made gets no further than choosing their own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        allowed = [reverse(name) for name in ("account_change_password", "account_logout", "keep_alive")]
        if request.user.is_authenticated and request.user.must_change_password and request.path not in allowed:
            return redirect("account_change_password")
        return self.get_response(request)


class SecondFactor:
    """Whoever has only given a password gets no further than setting up a second factor (`SECOND_FACTOR`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR or not request.user.is_authenticated or passed_second_factor(request):
            return self.get_response(request)
        names = ("account_change_password", "account_logout", "keep_alive", "mfa_activate_totp", "prove_it")
        if request.path in [reverse(name) for name in names]:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "Sign in with your second factor first."}, status=403)
        if has_second_factor(request.user):
            logout(request)  # a session from before it was set up, or one that came past the code
            return redirect("account_login")
        return redirect("mfa_activate_totp")
