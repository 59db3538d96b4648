"""Setting up a second factor, using it, and proving again who one is. allauth does the work; the pages are ours."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
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
from accounts.lockout import remember_browser
from accounts.models import Membership, User
from accounts.second_factor import forms
from accounts.second_factor.proof import SECOND, ProvedFirst, has_second_factor
from accounts.single_sign_on.identity import identity_of
from accounts.views import FIELD, Ours, put_back


class EnterCode(Ours, AuthenticateView):
    """The second step of signing in."""

    template_name = "accounts/code.jinja"
    title = "Enter your code"

    def _build_forms(self) -> Any:
        """One form, whatever was sent: allauth's second one is for kinds of second factor that are not offered here."""
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form, self.webauthn_form = forms.CodeForm(user=self.stage.login.user, data=data), None
        return self.auth_form

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
        page = {"title": cls.title, "form": cls.form_for(user), FIELD: stash.seal(request)}
        return render(request, cls.template_name, page, status=401)

    @staticmethod
    def form_for(user: User, data: Any = None) -> Any:
        kind: Any = forms.ProveByCodeForm if has_second_factor(user) else forms.ProveByPasswordForm
        return kind(data, user=user)

    def get_form(self, form_class: Any = None) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return self.form_for(cast(User, self.request.user), data)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "next": self.request.GET.get("next", "")}

    def form_valid(self, form: Any) -> HttpResponse:
        if isinstance(form, forms.ProveByCodeForm):
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


class ForWhoHasOne:
    """A page for somebody who has a second factor; others are led to their account's page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not has_second_factor(request.user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


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

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, "You are signed out everywhere else.")
        return response
