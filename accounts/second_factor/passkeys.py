"""Passkeys: a key of the device, or a small one in a pocket, instead of typing a code. Only beside an app, whose codes
work where a key, or JavaScript, is not at hand."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn import views
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy

from accounts.models import User
from accounts.second_factor.proof import SECOND, ForWhoHasOne, ProvedFirst
from accounts.views import Ours
from ui import forms

NOT_TAKEN = "The passkey was not accepted. Try again, or enter a code."
NOT_MADE = "No passkey was made. Try again. It needs JavaScript, and a device or key that this browser knows."
# What a wrong answer of a browser, or of somebody who only says to be one, ends in.
WRONG = (ValueError, TypeError, KeyError, AttributeError, ValidationError)


def has_passkey(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


class _Answered:
    """What the key answered, checked by the library; whatever is wrong with it is one sentence."""

    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": NOT_TAKEN, "invalid": NOT_TAKEN}

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except WRONG as error:
            raise ValidationError(NOT_TAKEN) from error


class PasskeyForm(_Answered, webauthn.AuthenticateWebAuthnForm):
    """In place of a code, at sign-in."""


class ProveByPasskeyForm(_Answered, webauthn.ReauthenticateWebAuthnForm):
    """In place of a code, when asked again."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name of this passkey", max_length=60, width=20, help_text="So that you know it again: work laptop",
            error_messages={"required": "Enter a name for this passkey"},
        )  # fmt: skip
        self.fields["credential"].required = False
        self.initial["name"] = ""

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except WRONG as error:
            raise ValidationError(NOT_MADE) from error
        if not cleaned.get("credential"):
            raise ValidationError(NOT_MADE)
        return cleaned


class Passkeys(ForWhoHasOne, Ours, views.ListWebAuthnView):
    template_name = "accounts/passkeys.jinja"
    title = "Your passkeys"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = super().get_context_data(**given)
        return {**found, "keys": [one.wrap() for one in found["authenticators"]]}


class AddPasskey(ForWhoHasOne, ProvedFirst, Ours, views.AddWebAuthnView):
    template_name = "accounts/add_passkey.jinja"
    title = "Add a passkey"

    def get_form_class(self) -> Any:
        return AddPasskeyForm

    def get_success_url(self) -> str:
        return reverse("mfa_list_webauthn")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, cast(User, self.request.user), method=SECOND, type="webauthn")
        messages.success(self.request, "The passkey is added.")
        return response


class RemovePasskey(ForWhoHasOne, ProvedFirst, Ours, views.RemoveWebAuthnView):
    template_name = "accounts/remove_passkey.jinja"
    title = "Remove this passkey"
    success_url = reverse_lazy("mfa_list_webauthn")

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "key": self.object.wrap()}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, "The passkey is removed.")
        return response
