"""Where a person starts after signing in."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from cre_case.navigation import sections


def first_page(request: HttpRequest) -> HttpResponse:
    """To the first section open to their roles; help for somebody who has no role yet."""
    for _, address in sections(cast(User, request.user)):
        return redirect(address)
    return redirect("help")
