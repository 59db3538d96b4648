"""Addresses that tell whether the program works."""

from django.urls import path

from access.declarations import for_everyone
from deadlines import views

urlpatterns = [
    path("healthz", for_everyone(views.alive), name="healthz"),
    path("readyz", for_everyone(views.ready), name="readyz"),
    path("health/", views.Health.as_view(), name="health"),
]
