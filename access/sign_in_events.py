"""Signing in and out, and failing to, are lines of the ledger. These are the package's only signal receivers."""

from typing import Any

from allauth.mfa import signals as second_factor
from allauth.socialaccount import signals as single_sign_on
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from access import ledger
from access.principal import acting_as
from accounts.single_sign_on.identity import came_by_single_sign_on


@receiver(user_logged_in)
def signed_in(user: Any, request: Any, **kwargs: Any) -> None:
    by = "By single sign-on" if request is not None and came_by_single_sign_on(request, user) else ""
    with acting_as(user.pk):
        ledger.record(ledger.Kind.SIGN_IN, claimed_user=user.username, detail=by)


@receiver(user_logged_out)
def signed_out(user: Any, **kwargs: Any) -> None:
    if user is not None:
        ledger.record(ledger.Kind.SIGN_OUT, claimed_user=user.username)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    ledger.record(ledger.Kind.SIGN_IN_FAILED, claimed_user=str(credentials.get("username", "")), using="ledger")


@receiver(second_factor.authentication_failed)
def code_failed(user: Any, **kwargs: Any) -> None:
    """The password was right, the code was not: somebody may have the password."""
    said = "The password was right, the code was not"
    ledger.record(ledger.Kind.SIGN_IN_FAILED, claimed_user=user.username, detail=said, using="ledger")


@receiver(second_factor.authenticator_added)
def second_factor_added(user: Any, **kwargs: Any) -> None:
    ledger.record(ledger.Kind.STAFF, detail="Set up a second factor", claimed_user=user.username, using="ledger")


@receiver(second_factor.authenticator_removed)
def second_factor_removed(user: Any, **kwargs: Any) -> None:
    ledger.record(ledger.Kind.STAFF, detail="Took off a second factor", claimed_user=user.username, using="ledger")


@receiver(second_factor.authenticator_reset)
def recovery_codes_made(user: Any, **kwargs: Any) -> None:
    ledger.record(ledger.Kind.STAFF, detail="Made new recovery codes", claimed_user=user.username, using="ledger")


@receiver(second_factor.authenticator_used)
def proved_again(user: Any, *, reauthenticated: bool, **kwargs: Any) -> None:
    if reauthenticated:
        ledger.record(ledger.Kind.SIGN_IN, detail="Gave a code again", claimed_user=user.username)


@receiver(single_sign_on.social_account_added)
def identity_connected(request: Any, **kwargs: Any) -> None:
    said = "Connected an identity of single sign-on"
    ledger.record(ledger.Kind.STAFF, detail=said, claimed_user=request.user.username, using="ledger")


@receiver(single_sign_on.social_account_removed)
def identity_disconnected(request: Any, **kwargs: Any) -> None:
    said = "Disconnected an identity of single sign-on"
    ledger.record(ledger.Kind.STAFF, detail=said, claimed_user=request.user.username, using="ledger")
