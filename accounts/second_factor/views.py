"""Setting up a second factor, using it, and proving again who one is. allauth does the work; the pages are ours."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from accounts import stash
from accounts.browsers import browser_named
from accounts.lockout import remember_browser
from accounts.models import Membership, User
from accounts.second_factor import forms
from accounts.second_factor.passkeys import NOT_TAKEN, PasskeyForm, ProveByPasskeyForm, has_passkey
from accounts.second_factor.proof import SECOND, ForWhoHasOne, ProvedFirst, has_second_factor
from accounts.single_sign_on.identity import identity_of
from accounts.views import FIELD, Ours, put_back


class EnterCode(Ours, AuthenticateView):
    """The second step of signing in."""

    template_name = "accounts/code.jinja"
    title = "Enter your code"

    def _build_forms(self) -> Any:
        """A code or, where they have one, a passkey."""
        user, data = self.stage.login.user, self.request.POST if self.request.method == "POST" else None
        by_key = has_passkey(user) and data is not None and "credential" in data
        self.auth_form = forms.CodeForm(user=user, data=None if by_key else data)
        self.webauthn_form = PasskeyForm(user=user, data=data if by_key else None) if has_passkey(user) else None
        return self.webauthn_form if by_key else self.auth_form

    def form_invalid(self, form: Any) -> HttpResponse:
        if form is self.webauthn_form:
            messages.error(self.request, NOT_TAKEN)
        response: HttpResponse = super().form_invalid(form)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response = put_back(self.request, super().form_valid(form))
        remember_browser(response, cast(User, self.request.user))
        return response


class ProveIt(Ours, FormView):  # type: ignore[type-arg]
    """Asks for a code, or for the password of who has no second factor, and goes on with what was wanted."""

    template_name = "accounts/prove_it.jinja"
    title = "Show that it is you"

    @classmethod
    def ask_after(cls, request: HttpRequest) -> HttpResponse:
        """The page in answer to a form that came too long after the last proof. The form goes with it."""
        user = cast(User, request.user)
        page = {"title": cls.title, "form": cls.form_for(user), FIELD: stash.seal(request), **cls.key_for(user)}
        return render(request, cls.template_name, page, status=401)

    @staticmethod
    def form_for(user: User, data: Any = None) -> Any:
        kind: Any = forms.ProveByCodeForm if has_second_factor(user) else forms.ProveByPasswordForm
        return kind(data, user=user)

    @staticmethod
    def key_for(user: User) -> dict[str, Any]:
        """What a passkey is asked, for who has one."""
        return {"js_data": {"request_options": begin_authentication(user)}} if has_passkey(user) else {}

    def get_form(self, form_class: Any = None) -> Any:
        user, data = cast(User, self.request.user), self.request.POST if self.request.method == "POST" else None
        if data is not None and "credential" in data and has_passkey(user):
            return ProveByPasskeyForm(data, user=user)
        return self.form_for(user, data)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        key = self.key_for(cast(User, self.request.user))
        return {**super().get_context_data(**given), **key, "next": self.request.GET.get("next", "")}

    def form_invalid(self, form: Any) -> HttpResponse:
        if isinstance(form, ProveByPasskeyForm):
            messages.error(self.request, NOT_TAKEN)
            form = self.form_for(cast(User, self.request.user))
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        if isinstance(form, forms.ProveByCodeForm | ProveByPasskeyForm):
            form.save()
        else:
            record_authentication(self.request, cast(User, self.request.user), method="password", reauthenticated=True)
        wanted = self.request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return put_back(self.request, redirect(wanted if is_ours else "/"))


class YourAccount(Ours, TemplateView):
    """What somebody can see and change of their own account."""

    template_name = "accounts/your_account.jinja"
    title = "Your account"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        held = Membership.objects.filter(user=user, ended_at__isnull=True).select_related("team__agency")
        codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
        return {
            **super().get_context_data(**given),
            "held": held,
            "has_second_factor": has_second_factor(user),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "is_required": settings.SECOND_FACTOR,
            "passkeys": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count(),
            "is_connected": settings.SINGLE_SIGN_ON and identity_of(user) is not None,
        }


class SetUpApp(ProvedFirst, Ours, ActivateTOTPView):
    template_name = "accounts/set_up_app.jinja"
    title = "Set up a second factor"

    def get_form_class(self) -> Any:
        return forms.ActivateForm

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = super().get_context_data(**given)
        return {**found, "is_required": settings.SECOND_FACTOR, "key": found["form"].secret}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, cast(User, self.request.user), method=SECOND, type="totp")
        messages.success(self.request, "Your second factor is set up.")
        return response


class RemoveApp(ForWhoHasOne, ProvedFirst, Ours, DeactivateTOTPView):
    """For a new telephone: the old one's codes no longer work, and a new one is set up next."""

    template_name = "accounts/remove_app.jinja"
    title = "Use another telephone"
    success_url = reverse_lazy("mfa_activate_totp")


class RecoveryCodes(ForWhoHasOne, Ours, ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.jinja"
    title = "Your recovery codes"


class NewRecoveryCodes(ForWhoHasOne, ProvedFirst, Ours, GenerateRecoveryCodesView):
    template_name = "accounts/new_recovery_codes.jinja"
    title = "Make new recovery codes"


class Sessions(Ours, ListUserSessionsView):
    template_name = "accounts/sessions.jinja"
    title = "Where you are signed in"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["browsers"] = [(browser_named(one.user_agent), one) for one in context["sessions"]]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, "You are signed out everywhere else.")
        return response
