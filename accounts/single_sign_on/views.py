"""Going to the council's directory and coming back: to sign in, or to connect one's identity there."""

from typing import Any, cast

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.signals import social_account_removed
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.generic.edit import FormView

from accounts.lockout import remember_browser
from accounts.models import User
from accounts.second_factor.proof import ProvedFirst
from accounts.single_sign_on.adapter import OnlyTheIdentity
from accounts.single_sign_on.identity import identity_of
from accounts.views import FIELD, Ours, put_back
from ui.forms import PlainForm


class IfSetUp:
    """There is no such page where no issuer is set up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.SINGLE_SIGN_ON:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def go(request: HttpRequest, process: AuthProcess, next_url: str) -> HttpResponse:
    """To the issuer, with a state that only this browser's session knows, and a proof key."""
    provider = get_adapter().get_provider(request, settings.SINGLE_SIGN_ON_ID)
    answer: HttpResponse = provider.redirect(request, process=process, next_url=next_url)
    return answer


class SignOn(IfSetUp, View):
    """Only by a form, so that no link in a message signs anybody in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        request.session[FIELD] = request.POST.get(FIELD, "")  # what was typed waits for whoever comes back
        return go(request, AuthProcess.LOGIN, wanted if is_ours else "/")


class ComeBack(IfSetUp, View):
    """What the issuer sends the browser back with. allauth asks the issuer whether it is true."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        if provider_id != settings.SINGLE_SIGN_ON_ID:
            raise Http404
        was_in = request.user.is_authenticated
        response: HttpResponse = OAuth2CallbackView.adapter_view(OnlyTheIdentity(request, provider_id))(request)
        if was_in or not request.user.is_authenticated:
            return response
        response = put_back(request, response)
        remember_browser(response, request.user)
        return response


class Connect(IfSetUp, ProvedFirst, Ours, FormView):  # type: ignore[type-arg]
    """Connects one's identity at the issuer with the account one is signed in to."""

    template_name = "accounts/connect.jinja"
    form_class = PlainForm
    title = "Connect your account"

    def form_valid(self, form: Any) -> HttpResponse:
        return go(self.request, AuthProcess.CONNECT, reverse("mfa_index"))


class Disconnect(IfSetUp, ProvedFirst, Ours, FormView):  # type: ignore[type-arg]
    """After it, only the user name and the password open the account."""

    template_name = "accounts/disconnect.jinja"
    form_class = PlainForm
    title = "Disconnect your account"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and settings.SINGLE_SIGN_ON and identity_of(request.user) is None:
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        identity = identity_of(cast(User, self.request.user))
        if identity is not None:
            identity.delete()
            social_account_removed.send(SocialAccount, request=self.request, socialaccount=identity)
            messages.success(self.request, "It is no longer connected.")
        return super().form_valid(form)
