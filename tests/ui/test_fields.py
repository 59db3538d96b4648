"""Fields as a page shows them: with what was typed, what is wrong, and a way there."""

import re
from datetime import date

import pytest
from django.http import QueryDict
from django.template import engines

from tests.ui import gallery
from ui import forms
from ui.rendering import conflict, hidden_inputs


def drawn(form, name: str, **options) -> str:
    source = '{% from "ui/fields.jinja" import field %}{{ field(bound, **options) }}'
    return engines["jinja"].env.from_string(source).render(bound=form[name], options=options)


def test_every_error_leads_to_the_first_box_that_is_wrong():
    form = gallery.every_field(gallery.WRONG)
    links = {item["href"]: item["text"] for item in form.error_summary}
    assert links["#id_born_day"] == "Date of birth must be a real date, like 27 3 2012"
    assert links["#id_happened_at_time"].startswith("The answer to “When did it happen?”")
    assert links["#id_decision"] == "A thorough assessment must be agreed first."
    page = gallery.pages()["form-errors"]
    assert all(f'id="{href[1:]}"' in page for href in links)


def test_what_was_typed_stays():
    form = gallery.every_field(gallery.WRONG)
    assert 'value="31"' in drawn(form, "born")
    assert 'value="feb"' in drawn(form, "born")
    assert 'value="1:30"' in drawn(form, "happened_at")
    assert "x" * 230 in drawn(form, "story")
    assert 'value="many"' in drawn(form, "visits")


def test_a_password_is_not_sent_back():
    form = gallery.every_field("password=secret")
    assert "secret" not in drawn(form, "password")


@pytest.mark.parametrize("opened", [False, True])
def test_lines_of_a_text_are_not_changed_by_drawing_it(opened):
    class Nested(forms.Form):
        kind = forms.RadioField(label="Kind", choices=[("a", "A")])
        text = forms.TextField(label="Text")

    form = Nested(QueryDict("kind=a&text=one%0D%0A  two%0D%0A%0D%0Athree"))
    page = drawn(form, "kind", conditional={"a": drawn(form, "text")}) if opened else drawn(form, "text")
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1]
    assert shown.split() == ["one", "two", "three"]
    assert shown.replace("\r\n", "\n") == "one\n  two\n\nthree"


def test_what_need_not_be_answered_says_so():
    form = gallery.every_field()
    assert "(optional)" in drawn(form, "notes")
    assert "(optional)" not in drawn(form, "story")
    assert "(optional)" not in drawn(form, "notes", optional=False)


def test_a_blocked_choice_is_shown_with_its_reason_and_refused():
    form = gallery.every_field("decision=low")
    assert re.search(r'value="low" checked disabled aria-describedby="[^"]+"', drawn(form, "decision"))
    assert form.errors["decision"] == ["A thorough assessment must be agreed first."]


def test_labels_and_hints_are_escaped():
    class Hostile(forms.Form):
        name = forms.CharField(label="<b>Name</b>", help_text="<i>hint</i>")
        kind = forms.RadioField(label="<b>Kind</b>", choices=[("<u>", "<u>x</u>")], hints={"<u>": "<s>"})

    form = Hostile(QueryDict("name=<script>&kind=<a>"))
    html = drawn(form, "name") + drawn(form, "kind")
    assert not re.search(r"<(b|i|u|s|script|a)>", html)


def test_a_field_of_any_django_form_is_drawn():
    from django import forms as django_forms

    class Theirs(django_forms.Form):
        login = django_forms.CharField(widget=django_forms.TextInput(attrs={"autocomplete": "username"}))
        secret = django_forms.CharField(widget=django_forms.PasswordInput)
        keep = django_forms.BooleanField(required=False)

    form = Theirs()
    assert 'autocomplete="username"' in drawn(form, "login")
    assert 'type="password"' in drawn(form, "secret")
    assert 'type="checkbox"' in drawn(form, "keep")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"born_day": "1", "born_month": "2"}, "Date of birth must include a year"),
        ({"born_year": "2012"}, "Date of birth must include a day and a month"),
        ({"born_day": "1", "born_month": "1", "born_year": "12"}, "Date of birth must have a year with 4 numbers"),
        ({"born_day": "1", "born_month": "1", "born_year": "0012"}, "Date of birth must have a year from 1900"),
        ({"born_day": "29", "born_month": "2", "born_year": "2011"}, "Date of birth must be a real date"),
        ({"born_day": "1", "born_month": "ju", "born_year": "2011"}, "Date of birth must be a real date"),
        ({"born_day": "1\x00", "born_month": "1", "born_year": "2011"}, "Date of birth must be a real date"),
        ({"born_day": "9" * 5000, "born_month": "1", "born_year": "9" * 5000}, "Date of birth must have a year with"),
        ({}, "Enter date of birth"),
    ],
)
def test_a_date_that_is_no_date_is_told_what_to_do(typed, error):
    form = gallery.every_field("&".join(f"{name}={value}" for name, value in typed.items()).replace("\x00", "%00"))
    assert str(form.errors["born"][0]).startswith(error)


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("14:30", "14:30"),
        ("9.05", "09:05"),
        ("2:30pm", "14:30"),
        ("12am", "00:00"),
        ("12:15pm", "12:15"),
        ("7 pm", "19:00"),
    ],
)
def test_a_time_as_people_write_it(time, read):
    form = gallery.every_field(f"happened_at_day=1&happened_at_month=7&happened_at_year=2026&happened_at_time={time}")
    assert f"{form.cleaned_data['happened_at']:%H:%M}" == read


@pytest.mark.parametrize("time", ["25:00", "12:60", "13pm", "half two", "1430", "12", "", "\u0662:30"])
def test_a_time_that_is_no_time_is_told_what_to_do(time):
    form = gallery.every_field(f"happened_at_day=1&happened_at_month=7&happened_at_year=2026&happened_at_time={time}")
    assert "time" in str(form.errors["happened_at"][0])


@pytest.mark.parametrize("typed", ["", "abc", "-1", "99999999999999", "1.5"])
def test_a_version_that_makes_no_sense_is_a_sentence(typed):
    form = gallery.every_field(f"version={typed}")
    assert "Open the page again" in str(form.errors["version"][0])


@pytest.mark.parametrize("typed", ["0", "100", "9" * 400, "two", "1e3", "-5"])
def test_a_number_out_of_bounds_is_a_sentence(typed):
    form = gallery.every_field(f"visits={typed}")
    assert str(form.errors["visits"][0]).startswith("The answer to “How many visits?” must be")


def test_after_a_stale_save_both_texts_are_shown():
    rows = {row["name"]: row for row in conflict(gallery.every_field(gallery.TYPED), gallery.theirs())}
    assert set(rows) == {"name", "born", "answer", "story"}
    assert (rows["born"]["mine"], rows["born"]["theirs"]) == ("2 March 2012", "3 March 2012")
    assert (rows["answer"]["mine"], rows["answer"]["theirs"]) == ("Present now", "In the past")
    page = gallery.pages()["form-stale"]
    assert '<input type="hidden" name="version" value="4">' in page
    assert 'value="Alex Typed"' in page


def test_the_choice_after_a_stale_save_is_taken_by_the_form():
    data = QueryDict(gallery.TYPED + "&choose-born=theirs&choose-name=mine&choose-story=theirs").copy()
    for row in conflict(gallery.every_field(gallery.TYPED), gallery.theirs()):
        for name, value in row["inputs"]:
            data.appendlist(f"theirs-{name}", value)
    form = gallery.EveryField(data)
    form.is_valid()
    assert form.cleaned_data["name"] == "Alex Typed"
    assert f"{form.cleaned_data['born']:%Y-%m-%d}" == "2012-03-03"
    assert form.cleaned_data["story"] == "Theirs"
    assert form.cleaned_data["answer"] == "now"


@pytest.mark.parametrize(
    ("opened", "kept"), [("Alex Typed", "theirs"), ("Alex", "mine"), ("", "mine")], ids=["left alone", "changed", "new"]
)
def test_an_answer_nobody_touched_gives_way_to_what_was_saved_meanwhile(opened, kept):
    form = gallery.every_field(f"{gallery.TYPED}&opened-name={opened}")
    rows = {row["name"]: row for row in conflict(form, gallery.theirs())}
    assert rows["name"]["kept"] == kept
    assert [value for name, value in hidden_inputs(form) if name == "opened-name"] == [opened]


def test_a_form_about_a_versioned_record_sends_along_what_it_was_opened_with():
    class Versioned(forms.Form):
        born = forms.DateField(label="Born")
        kinds = forms.CheckboxesField(label="Kinds", choices=[("a", "A"), ("b", "B")], required=False)
        version = forms.VersionField()

    opened = dict(hidden_inputs(Versioned(initial={"born": date(2012, 3, 4), "kinds": ["b"], "version": 2})))
    assert {name: value for name, value in opened.items() if name.startswith("opened-")} == {
        "opened-born_day": "4", "opened-born_month": "3", "opened-born_year": "2012", "opened-kinds": "b",
    }  # fmt: skip


def test_a_field_whose_name_begins_like_another_keeps_its_answer():
    class Alike(forms.Form):
        born = forms.DateField(label="Born")
        born_estimated = forms.YesField(label="An estimate", required=False)

    data = QueryDict(
        "born_day=1&born_month=1&born_year=2012&born_estimated=on&choose-born=theirs"
        "&theirs-born_day=2&theirs-born_month=1&theirs-born_year=2012"
    )
    form = Alike(data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"].day == 2
    assert form.cleaned_data["born_estimated"] is True
