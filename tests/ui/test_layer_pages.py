"""Error pages tell nothing, and no template needs what the Content Security Policy forbids."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import path

from ui import views

TEMPLATES = sorted((Path(__file__).parents[2] / "templates").rglob("*.jinja"))


def nothing(request):
    return HttpResponse()


# What the skeleton of a page links to, so that these tests need no page of the program.
urlpatterns = [
    path(f"{name}/", nothing, name=name)
    for name in ("account_login", "account_logout", "accessibility", "privacy", "help", "keep_alive")
]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_template_holds_inline_style_script_or_handler(template):
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=|<style|javascript:|\son(click|load|submit|change|error)\s*=", text, re.I)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_not_found_is_the_same_byte_for_byte():
    asked = [
        (RequestFactory().get("/cases/1/"), Http404("no such file")),
        (RequestFactory().post("/somewhere/else/?next=secret", {"x": "1"}), None),
    ]
    pages = {views.not_found(request, exception).content for request, exception in asked}
    assert len(pages) == 1
    page = pages.pop()
    assert b"csrfmiddlewaretoken" not in page
    assert b"secret" not in page
    assert b"Sign out" not in page


def test_something_went_wrong_needs_no_database():
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"main-content" in response.content  # the page, not the last resort


@pytest.mark.parametrize(("view", "status"), [(views.bad_request, 400), (views.csrf_failure, 403)])
def test_other_errors_have_their_page(view, status):
    response = view(RequestFactory().get("/"))
    assert response.status_code == status
    assert b"<h1" in response.content


def test_a_refusal_says_why_and_escapes_it():
    response = views.forbidden(RequestFactory().get("/"), PermissionDenied("Ask <b>your</b> manager."))
    assert response.status_code == 403
    assert b"Ask &lt;b&gt;your&lt;/b&gt; manager." in response.content


def test_errors_are_never_kept_by_a_browser():
    assert views.not_found(RequestFactory().get("/"))["Cache-Control"] == "no-store"
