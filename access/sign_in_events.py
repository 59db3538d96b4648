"""Signing in and out, and failing to, are lines of the ledger. These are the package's only signal receivers."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from access import ledger
from access.principal import acting_as


@receiver(user_logged_in)
def signed_in(user: Any, **kwargs: Any) -> None:
    with acting_as(user.pk):
        ledger.record(ledger.Kind.SIGN_IN, claimed_user=user.username)


@receiver(user_logged_out)
def signed_out(user: Any, **kwargs: Any) -> None:
    if user is not None:
        ledger.record(ledger.Kind.SIGN_OUT, claimed_user=user.username)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    ledger.record(ledger.Kind.SIGN_IN_FAILED, claimed_user=str(credentials.get("username", "")), using="ledger")
