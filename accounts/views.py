"""Signing in and out. allauth does the work; the pages and words are ours.

Who each page is for is declared where it gets its address (`cre_case.sign_in_urls`).
"""

import time
from typing import Any, cast

from allauth.account import views as allauth_views
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import stash
from accounts.forms import ChangePasswordForm, SignInForm
from accounts.lockout import remember_browser
from accounts.models import User

FIELD = "stash"


class Ours:
    """A page of allauth in our template, rendered at once."""

    template_name: str
    title: str
    request: HttpRequest

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**given)  # type: ignore[misc]
        return {**context, "title": self.title, "stash": self.request.POST.get(FIELD, "")}

    def render_to_response(self, context: dict[str, Any], **given: Any) -> HttpResponse:
        return render(self.request, self.template_name, context)


class SignIn(Ours, allauth_views.LoginView):
    template_name = "accounts/login.jinja"
    form_class = SignInForm
    title = "Sign in"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if not self.request.user.is_authenticated:  # a code is asked for next, and what was typed waits for that
            self.request.session[FIELD] = self.request.POST.get(FIELD, "")
            return response
        response = put_back(self.request, response)
        remember_browser(response, self.request.user)
        return response


class SignOut(allauth_views.LogoutView):
    """Only by a form: a link in a message must not be able to sign anybody out."""

    http_method_names = ["post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        self.logout()
        messages.success(self.request, "You are signed out.")
        response = redirect("account_login")
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ChangePassword(Ours, allauth_views.PasswordChangeView):
    template_name = "accounts/password.jinja"
    form_class = ChangePasswordForm
    title = "Change your password"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(User, request.user).has_usable_password():
            return render(request, "accounts/no_password.jinja", {"title": self.title})
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "must_change": cast(User, self.request.user).must_change_password}

    def get_success_url(self) -> str:
        return "/"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, "Your password has been changed.")
        return put_back(self.request, response)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """The answer to somebody who is not, or no longer, signed in. What they had typed is put back once they are."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if request.path == reverse("keep_alive"):
        return HttpResponse(status=401)
    sealed = stash.seal(request)
    page = {"title": "Sign in again", "form": SignInForm(request=request), FIELD: sealed, "again": True}
    response = render(request, "accounts/login.jinja", page, status=401)
    response["Cache-Control"] = "no-store"
    return response


def put_back(request: HttpRequest, otherwise: HttpResponse) -> HttpResponse:
    """After signing in: the page that sends once more what was typed before, if there is something to send."""
    sealed = request.POST.get(FIELD) or request.session.pop(FIELD, "")
    if not sealed or not request.user.is_authenticated:
        return otherwise
    kept = stash.unseal(sealed)
    if kept is None:
        messages.warning(request, "What you typed before could not be put back: that was more than an hour ago.")
        return redirect("/")
    if kept.user_id not in (None, request.user.pk):
        messages.warning(request, "What was typed before was somebody else’s, so it was not put back.")
        return redirect("/")
    if request.user.must_change_password:
        page = {"title": ChangePassword.title, "form": ChangePasswordForm(user=request.user), "must_change": True}
        return render(request, "accounts/password.jinja", {**page, FIELD: sealed})
    return render(request, "accounts/carry_on.jinja", {"title": "What you typed is still here", "kept": kept})


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Typing counts as activity: the script calls this now and then while somebody types (ruling Q25)."""
    request.session["active"] = int(time.time())
    return HttpResponse(status=204)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody changes their password, or tries to, more often than anybody needs to."""
    return render(request, "accounts/too_many.jinja", {"title": "Wait a minute"}, status=429)
