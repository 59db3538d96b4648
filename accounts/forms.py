"""Signing in and changing one's password, in our words."""

from typing import Any

from allauth.account import forms as allauth_forms


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"login": "User name", "password": "Password"}
        for name, label in words.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].error_messages["required"] = f"Enter your {label.lower()}"
            self.fields[name].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"}
        for name, label in words.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"Enter your {label.lower()}"
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = "At least 12 characters. Three words that do not belong together are good."

    def save(self) -> None:
        """The new password ends the need to change a one-time one."""
        self.user.must_change_password = False
        super().save()
