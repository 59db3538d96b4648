"""Every address of the program."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("accounts.urls")),
]

handler400 = "ui.views.bad_request"
handler403 = "ui.views.forbidden"
handler404 = "ui.views.not_found"
handler500 = "ui.views.server_error"
