"""Pages for anyone: how to use the program, what it does with information, where to get help."""

from django.urls import path
from django.views.generic import TemplateView

from access.declarations import for_everyone

TITLES = {"accessibility": "Accessibility", "privacy": "Privacy", "help": "Get help"}

urlpatterns = [
    path(
        f"{name}/",
        for_everyone(TemplateView.as_view(template_name=f"pages/{name}.jinja", extra_context={"title": title})),
        name=name,
    )
    for name, title in TITLES.items()
]
