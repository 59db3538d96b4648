"""Signing in and out. Only these pages of allauth have an address, and each is ours."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from access.declarations import for_everyone, for_signed_in
from accounts import views

urlpatterns = [
    path("login/", for_everyone(views.SignIn.as_view()), name="account_login"),
    path("logout/", for_everyone(views.SignOut.as_view()), name="account_logout"),
    path("password/", for_signed_in(login_required(views.ChangePassword.as_view())), name="account_change_password"),
    path("still-here/", for_signed_in(views.keep_alive), name="keep_alive"),
]
