"""Every component says what it was given, in words, escaped, and nothing runs by itself."""

import re

import jinja2
import pytest
from django.template import engines

from tests.ui import gallery


@pytest.fixture(scope="module")
def pages():
    return gallery.pages()


def words(html: str) -> str:
    """The text of a page as it is read aloud, blanks collapsed."""
    without = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", "", without).split())


def macro(name: str, call: str, **context) -> str:
    return engines["jinja"].env.from_string(f'{{% from "ui/components.jinja" import {name} %}}{call}').render(context)


def test_a_timeline_has_blanks_where_a_reader_needs_them(pages):
    assert "Level agreed: high by S. Khan, manager" in words(pages["record"])
    assert "20 November 2026 at 3:12pm" in words(pages["record"])


@pytest.mark.parametrize("said", ["1 day left", "4 days overdue", "Not started", "Completed", "8 days left"])
def test_a_status_is_always_words(pages, said):
    assert said in words(pages["record"] + pages["list"])


def test_what_was_typed_is_never_markup(pages):
    assert "<script>alert" not in pages["record"]
    assert "&lt;script&gt;alert(1)" in pages["record"]
    hostile = macro("identity_bar", "{{ identity_bar(who, [{'label': who, 'text': who}], [], [who]) }}", who="<b>x")
    assert "<b>" not in hostile


@pytest.mark.parametrize("name", ["record", "list", "form", "form-errors", "form-stale", "panel", "403", "404", "500"])
def test_a_page_runs_nothing_of_its_own(pages, name):
    page = pages[name]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/static/app.js">']


@pytest.mark.parametrize("name", ["record", "list", "form", "form-errors", "form-stale", "panel", "403", "404", "500"])
def test_an_id_is_used_once_and_every_reference_leads_somewhere(pages, name):
    ids = re.findall(r'\sid="([^"]+)"', pages[name])
    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
        for value in re.findall(rf'\s{attribute}="([^"]+)"', pages[name]):
            assert set(value.split()) <= set(ids), attribute
    assert {link[1:] for link in re.findall(r'href="(#[^"]+)"', pages[name])} <= set(ids)


def test_a_page_has_one_main_heading_a_language_and_a_title(pages):
    for name, page in pages.items():
        assert len(re.findall(r"<h1\b", page)) == 1, name
        assert '<html lang="en"' in page
        assert re.search(r"<title>[^<]+ - CRE casework</title>", page), name
        assert "OFFICIAL-SENSITIVE" in page
    assert "<title>Error: Record something" in pages["form-errors"]


def test_the_current_page_is_marked_in_words_for_readers(pages):
    assert pages["record"].count('aria-current="page"') == 2
    assert re.search(r'aria-current="page">Mine', pages["list"])


def test_signing_out_is_a_form_with_the_token(pages):
    form = re.search(r'<form method="post" action="/out/".*?</form>', pages["record"], re.S)[0]
    assert "csrfmiddlewaretoken" in form
    assert "Sign out" in form


def test_pages_without_a_person_have_no_token_and_no_navigation(pages):
    for name in ("404", "500"):
        assert "csrfmiddlewaretoken" not in pages[name]
        assert "<nav" not in pages[name]
        assert "<dialog" not in pages[name]


def test_a_blocked_button_says_why_and_leads_nowhere(pages):
    page = pages["record"]
    assert 'aria-disabled="true" aria-describedby="low-reason"' in page
    assert "Only a child protection manager can agree this." in words(page)


def test_pages_of_a_list_keep_its_filter(pages):
    assert 'href="?tab=mine&amp;q=smith&amp;page=3"' in pages["list"]
    assert 'href="?tab=mine&amp;q=smith&amp;page=1"' in pages["list"]


def test_pagination_is_absent_where_there_is_one_page():
    assert macro("pagination", "{{ pagination(1) }}").strip() == ""


def test_a_filter_stays_open_and_keeps_the_tab(pages):
    assert '<details class="govuk-details app-filter" open>' in pages["list"]
    assert '<input type="hidden" name="tab" value="mine">' in pages["list"]
    assert '<option value="7" selected>' in pages["list"]


def test_a_table_says_its_columns_again_for_a_narrow_screen(pages):
    assert pages["list"].count('<span class="app-table__label" aria-hidden="true">Next thing due</span>') == 3


def test_nothing_is_said_where_there_is_nothing():
    said = macro(
        "timeline, task_list, simple_table", "{{ timeline([]) }}{{ task_list([]) }}{{ simple_table('A', ['B'], []) }}"
    )
    assert words(said) == "Nothing has been recorded yet. Nothing is due. Nothing to show."


def test_a_missing_name_is_an_error_not_an_empty_place():
    with pytest.raises(jinja2.UndefinedError):
        engines["jinja"].env.from_string("{{ absent }}").render()
    with pytest.raises(jinja2.UndefinedError):
        engines["jinja"].env.from_string("{{ one.absent }}").render(one={"there": 1})


@pytest.mark.parametrize("name", engines["jinja"].env.list_templates(extensions=["jinja"]))
def test_every_template_compiles(name):
    assert engines["jinja"].env.get_template(name)


def test_macros_of_the_package_are_compiled_once():
    env = engines["jinja"].env
    name = "govuk_frontend_jinja/components/button/macro.html"
    assert env.get_template(name) is env.get_template(name)
