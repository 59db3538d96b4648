"""The identity that somebody connected, and whether a session was opened with it."""

from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def identity_of(user: User) -> SocialAccount | None:
    """With the issuer that is set up now; None if they connected none."""
    found: SocialAccount | None = SocialAccount.objects.filter(user=user, provider=settings.SINGLE_SIGN_ON_ID).first()
    return found


def came_by_single_sign_on(request: HttpRequest, user: User) -> bool:
    """The newest proof that this session has of the person came from the issuer."""
    records = get_authentication_records(request, user)
    return bool(records) and records[-1]["method"] == "socialaccount"
