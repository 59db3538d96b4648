"""What this session has shown of who is there: a password, a code, and how long ago."""

import time
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User

SECOND = "mfa"  # allauth's name for a code in a session's records


def has_second_factor(user: User) -> bool:
    """They have set one up. Recovery codes alone are none: they only come with another."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def passed_second_factor(request: HttpRequest) -> bool:
    """This session was opened with a second factor."""
    return any(record["method"] == SECOND for record in get_authentication_records(request, cast(User, request.user)))


def recently_proved(request: HttpRequest) -> bool:
    """In the last `STEP_UP_MINUTES` they gave the strongest proof they have: a code, or, without one, the password."""
    user = cast(User, request.user)
    records = get_authentication_records(request, user)
    if has_second_factor(user):
        records = [record for record in records if record["method"] == SECOND]
    newest = max((record["at"] for record in records), default=0)
    return bool(time.time() - newest < settings.STEP_UP_MINUTES * 60)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Leads to the page that asks again. What a form had sent goes with it and is put back."""
    from accounts.second_factor.views import ProveIt  # noqa: PLC0415 -- which asks this module

    if request.method == "POST":
        return ProveIt.ask_after(request)
    return redirect(f"{reverse('prove_it')}?{urlencode({'next': request.get_full_path()})}")


class ProvedFirst:
    """A page for somebody who showed in the last minutes that it is they who sit there. What they sent is put back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if recently_proved(request) else ask_for_proof(request)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().post(request, *args, **kwargs) if recently_proved(request) else ask_for_proof(request)  # type: ignore[misc]


class ForWhoHasOne:
    """A page for somebody who has a second factor; others are led to their account's page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not has_second_factor(request.user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
