"""How people sign in: with an account an administrator made; nobody signs themselves up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import lockout
from accounts.middleware import start_session

WRONG = "The user name or password is not right. Check both, and that Caps Lock is off."
RUN_OUT = "This one-time password has run out. Ask your system administrator for a new one."


def end_oldest_sessions(user: Any) -> None:
    """Nobody is signed in in more browsers than `MOST_SESSIONS`: whoever signs in once more is signed out where they
    signed in first. Source: security rules, local.
    """
    newest_first = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    for one in newest_first[settings.MOST_SESSIONS :]:
        one.end()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "enter_current_password": "Current password is not right. Type it again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own pages ask again, in words of ours (`second_factor.views.ProvedFirst`)."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what there is to say; allauth's own messages are templates of its own."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt before the password is looked at. A right one takes its own count back."""
        count = lockout.count_for(request, credentials.get("username", ""))
        self._login_failed_rl_usage = ratelimit.consume(
            request, app=lockout.APP, action=lockout.ACTION, key=count.key, config=count.rates
        )
        if not self._login_failed_rl_usage:
            user_login_failed.send(__name__, credentials={"username": credentials.get("username", "")}, request=request)
            raise ValidationError(lockout.sentence(request, count))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user and user.one_time_password_has_run_out:
            raise ValidationError(RUN_OUT)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        start_session(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        response = super().post_login(request, user, **kwargs)
        end_oldest_sessions(user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        user.set_own_password(password)
        user.save(update_fields=["password", "must_change_password", "one_time_password_until"])
