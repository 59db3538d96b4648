"""Signing in and changing one's password, in our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError

from ui import forms

NEW_PASSWORD_HINT = "At least 12 characters. Three words that do not belong together are good."  # noqa: S105 -- a hint


class SignInForm(allauth_forms.LoginForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="User name", max_length=60, width=20, autocomplete="username",
            error_messages={"required": "Enter your user name"},
        )  # fmt: skip
        self.fields["password"] = forms.PasswordField(
            label="Password", width=20, error_messages={"required": "Enter your password"}
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """User names are small letters; a telephone likes to begin with a capital."""
        return str(super().clean_login()).lower()


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = "One-time password" if self.user.must_change_password else "Current password"
        self.fields["oldpassword"] = forms.PasswordField(label=current, width=20)
        self.fields["password1"] = forms.PasswordField(
            label="New password", width=20, autocomplete="new-password", help_text=NEW_PASSWORD_HINT
        )
        self.fields["password2"] = forms.PasswordField(
            label="New password again", width=20, autocomplete="new-password"
        )

    def clean_password1(self) -> str:
        new: str = get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)
        if self.user.check_password(new):
            raise ValidationError("New password must be different from the one you have now.")
        return new

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        new, again = cleaned.get("password1"), cleaned.get("password2")
        if new and again and new != again:
            self.add_error("password2", "New password again must be the same as the new password.")
        return cleaned
