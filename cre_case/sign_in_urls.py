"""Signing in and out. Only these pages of allauth have an address, and each is ours."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from access.declarations import for_everyone, for_signed_in
from accounts import views
from accounts.second_factor import passkeys as keys
from accounts.second_factor import views as second
from accounts.single_sign_on import views as single

urlpatterns = [
    path("login/", for_everyone(views.SignIn.as_view()), name="account_login"),
    path("logout/", for_everyone(views.SignOut.as_view()), name="account_logout"),
    path("password/", for_signed_in(login_required(views.ChangePassword.as_view())), name="account_change_password"),
    path("code/", for_everyone(second.EnterCode.as_view()), name="mfa_authenticate"),
    path("", for_signed_in(login_required(second.YourAccount.as_view())), name="mfa_index"),
    path("prove-it/", for_signed_in(login_required(second.ProveIt.as_view())), name="prove_it"),
    path("app/", for_signed_in(login_required(second.SetUpApp.as_view())), name="mfa_activate_totp"),
    path("app/change/", for_signed_in(second.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("recovery-codes/", for_signed_in(second.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", for_signed_in(second.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("single-sign-on/", for_everyone(single.SignOn.as_view()), name="single_sign_on"),
    path("from/<slug:provider_id>/", for_everyone(single.ComeBack.as_view()), name="openid_connect_callback"),
    path("identity/", for_signed_in(login_required(single.Connect.as_view())), name="connect_identity"),
    path("identity/end/", for_signed_in(login_required(single.Disconnect.as_view())), name="disconnect_identity"),
    path("passkeys/", for_signed_in(login_required(keys.Passkeys.as_view())), name="mfa_list_webauthn"),
    path("passkeys/new/", for_signed_in(login_required(keys.AddPasskey.as_view())), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", for_signed_in(login_required(keys.RemovePasskey.as_view())), name="mfa_remove_webauthn"),
    path("sessions/", for_signed_in(second.Sessions.as_view()), name="usersessions_list"),
    path("still-here/", for_signed_in(views.keep_alive), name="keep_alive"),
]
