"""Failed sign-ins are counted, and after too many the next has to wait some minutes. Nobody is shut out for good.

A stranger's attempts on a name are counted together, wherever they come from, and so are those from one address.
A browser that this person has signed in from before has a count of its own, so that a stranger who tries name
after name cannot keep the people away whose names they are. What to count is in `ACCOUNT_RATE_LIMITS`.
"""

import math
import time
from dataclasses import dataclass

from allauth.account import app_settings
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from accounts.models import User

APP, ACTION = "allauth.account", "login_failed"
SALT = "browser somebody has signed in from"
REMEMBERED_SECONDS = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Count:
    """What a failed sign-in is counted under, and how many are too many."""

    key: str
    rates: dict[str, str]


def count_for(request: HttpRequest, username: str) -> Count:
    name = username.strip().lower()
    known = known_person(request)
    if known is not None and User.objects.filter(pk=known, username=name).exists():
        return Count(f"browser {request.COOKIES[settings.KNOWN_BROWSER_COOKIE]}", settings.KNOWN_BROWSER_RATES)
    return Count(f"name {name}", app_settings.RATE_LIMITS)


def seconds_to_wait(request: HttpRequest, count: Count) -> float:
    """Until another attempt is taken."""
    left = [1.0]
    for rate in get_rates(app=APP, action=ACTION, config=count.rates):
        attempts = cache.get(get_cache_key(request, app=APP, action=ACTION, rate=rate, key=count.key), [])
        if len(attempts) >= rate.amount:  # the newest stands first
            left.append(attempts[rate.amount - 1] + rate.duration - time.time())
    return max(left)


def sentence(request: HttpRequest, count: Count) -> str:
    """The same for a name that exists and one that does not."""
    minutes = math.ceil(seconds_to_wait(request, count) / 60)
    return f"Too many attempts to sign in. Wait {minutes} minute{'' if minutes == 1 else 's'}, then try again."


def forget(username: str) -> None:
    """Nobody waits who was just given a new password."""
    for rate in get_rates(app=APP, action=ACTION):
        if rate.per == "key":
            cache.delete(get_cache_key(None, app=APP, action=ACTION, rate=rate, key=f"name {username}"))


def remember_browser(response: HttpResponse, user: User) -> None:
    """Lets this browser have a count of its own when this person signs in the next time."""
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE, signing.dumps(user.pk, salt=SALT), max_age=REMEMBERED_SECONDS,
        secure=settings.SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def known_person(request: HttpRequest) -> int | None:
    """The id of who signed in last from this browser, if that is known."""
    kept = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, "")
    try:
        return int(signing.loads(kept, salt=SALT, max_age=REMEMBERED_SECONDS))
    except (signing.BadSignature, TypeError, ValueError):
        return None
