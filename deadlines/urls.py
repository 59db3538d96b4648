"""Addresses that tell whether the program works, and each person what they were told."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from access.declarations import for_everyone, for_signed_in
from deadlines import views

urlpatterns = [
    path("healthz", for_everyone(views.alive), name="healthz"),
    path("readyz", for_everyone(views.ready), name="readyz"),
    path("notices/", for_signed_in(login_required(views.Notices.as_view())), name="notices"),
    path("health/", views.Health.as_view(), name="health"),
]
