"""Codes, in our words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError

from ui import forms

CODE_MISSING = {"required": "Enter the code"}


def code_field(help_text: str) -> Any:
    return forms.CharField(
        label="Code", max_length=20, width=10, autocomplete="one-time-code", help_text=help_text,
        error_messages=CODE_MISSING,
    )  # fmt: skip


class CodeForm(base.AuthenticateForm):
    """The second step of signing in."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Six numbers from the app on your telephone, or one of your recovery codes")


class ProveByCodeForm(base.ReauthenticateForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Six numbers from the app on your telephone")


class ProveByPasswordForm(forms.PlainForm):
    """For who has no second factor yet."""

    password = forms.PasswordField(label="Password", width=20, error_messages={"required": "Enter your password"})

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        forget_tries = check_rate_limit(self.user)
        if not self.user.check_password(typed):
            raise ValidationError("Password is not right. Type it again.")
        forget_tries()
        return typed


class ActivateForm(totp.ActivateTOTPForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("The six numbers that the app shows now")
