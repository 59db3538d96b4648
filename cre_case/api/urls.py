"""Addresses of the API. Each is in the matrix as every page is."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from access.declarations import for_signed_in
from cre_case.api import children

FILE = "children/<uuid:case>"

urlpatterns = [
    path("schema/", for_signed_in(SpectacularJSONAPIView.as_view()), name="api_schema"),
    path("children/", children.Children.as_view(), name="api_children"),
    path(f"{FILE}/", children.OneChild.as_view(), name="api_child"),
]
