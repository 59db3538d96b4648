"""Who is let in by single sign-on: whoever connected that very identity to their account here, and nobody else.

An identity is an issuer and the subject it names (`iss` and `sub`): never an e-mail address, which the issuer may give
to somebody else. Nobody signs up by it, and nothing connects itself.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

NOT_CONNECTED = (
    "No account here is connected with it. Sign in with your user name first, and connect it on your account’s page."
)
FAILED = "The sign-in did not come to an end. Try again, or sign in with your user name."
TAKEN = "It is connected with another account here. Ask your system administrator."


def explain(request: HttpRequest, sentence: str) -> HttpResponse:
    page = {"title": "You are not signed in", "why": sentence}
    return render(request, "accounts/not_signed_in.jinja", page, status=403)


class OnlyTheIdentity(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """What the issuer says besides, names and addresses, is not kept: the account here has them."""

    def complete_login(self, *args: Any, **kwargs: Any) -> Any:
        login = super().complete_login(*args, **kwargs)
        login.account.extra_data = {}
        return login


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def is_auto_signup_allowed(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def can_authenticate_by_email(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Before anything is done with an identity that the issuer has vouched for."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            if sociallogin.is_existing and sociallogin.user != request.user:
                messages.error(request, TAKEN)
            return
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            user_login_failed.send(__name__, credentials={"username": "(single sign-on)"}, request=request)
            raise ImmediateHttpResponse(explain(request, NOT_CONNECTED))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Cancelled there, answered twice, or answered by somebody else: whatever came back is not shown."""
        raise ImmediateHttpResponse(explain(request, FAILED))

    def get_connect_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return reverse("mfa_index")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The ledger says it; an e-mail of allauth's own words does not go out."""
