"""What somebody had typed when their session ended, or before they proved again who they are. It travels, signed,
through sign-in; only between password and code does it lie in that browser's session, and is taken out with the code.

The signature keeps it whole, not secret: it goes back only to the browser that sent it.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.lockout import known_person

SALT = "typed before signing in again"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field
LONGEST = 500_000  # characters; half of what a request may be, so that it always fits into the next one


@dataclass(frozen=True, slots=True)
class Stash:
    """A form as it was sent: where to, what, and by whom if that is known."""

    path: str
    typed: QueryDict
    user_id: int | None


def seal(request: HttpRequest) -> str:
    """The form of a request that came after its session had ended, or "" for one that is not to be kept.

    A password is never kept, nor a form too big to be carried along. Files are not kept.
    """
    typed = request.POST.copy()
    typed.pop(TOKEN, None)
    if not typed or any("password" in name.lower() for name in typed):
        return ""
    signed_in = getattr(request, "user", None)
    owner = getattr(signed_in, "pk", None) or getattr(request, "session_ended_for", None) or known_person(request)
    content = {"path": request.get_full_path(), "typed": typed.urlencode(), "user": owner}
    sealed = signing.dumps(content, salt=SALT, compress=True)
    return sealed if len(sealed) <= LONGEST else ""


def unseal(sealed: str) -> Stash | None:
    """The form again, or None if it was changed, is older than an hour, or leads somewhere else."""
    try:
        content = signing.loads(sealed, salt=SALT, max_age=settings.STASH_MINUTES * 60)
    except signing.BadSignature:
        return None
    if not url_has_allowed_host_and_scheme(content["path"], allowed_hosts=None):
        return None
    return Stash(content["path"], QueryDict(content["typed"]), content["user"])
