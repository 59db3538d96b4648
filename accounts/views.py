"""Signing in and out. allauth does the work; the pages and words are ours.

Who each page is for is declared where it gets its address (`cre_case.sign_in_urls`).
"""

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import stash
from accounts.forms import ChangePasswordForm, SignInForm


class SignIn(allauth_views.LoginView):
    template_name = "accounts/login.jinja"
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sealed = self.request.POST.get("stash", "")
        return {**super().get_context_data(**kwargs), "title": "Sign in", "stash": sealed}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        kept = stash.unseal(self.request.POST.get("stash", ""))
        if kept is None or response.status_code != 302:
            return response
        if kept.user_id not in (None, self.request.user.pk):
            return render(self.request, "accounts/not_yours.jinja", {"title": "You are signed in"})
        return render(self.request, "accounts/carry_on.jinja", {"title": "Carry on", "kept": kept})


class SignOut(allauth_views.LogoutView):
    template_name = "accounts/logout.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "title": "Sign out"}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class ChangePassword(allauth_views.PasswordChangeView):
    template_name = "accounts/password.jinja"
    form_class = ChangePasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        must = self.request.user.must_change_password
        return {**super().get_context_data(**kwargs), "title": "Change your password", "must_change": must}

    def get_default_success_url(self) -> str:
        return reverse("worklist") if not self.request.user.must_change_password else reverse("account_change_password")


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """The answer to somebody whose session ended: sign in, and what was typed is put back."""
    next_url = request.get_full_path()
    if request.method != "POST":
        return redirect(f"{reverse('account_login')}?next={next_url}")
    form = SignInForm(request=request)
    sealed = stash.seal(request)
    return render(
        request, "accounts/login.jinja", {"title": "Sign in again", "form": form, "stash": sealed, "again": True}
    )


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Typing counts as activity: the script calls this now and then while somebody types (ruling Q25)."""
    return HttpResponse(status=204)
