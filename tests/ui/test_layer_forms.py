"""The promises of ui.forms that the pages rest on."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.http import QueryDict

from ui import forms


class Everything(forms.Form):
    name = forms.CharField(label="First name", max_length=10)
    story = forms.TextField(label="What happened", max_length=20, required=False)
    born = forms.DateField(label="Date of birth", required=False)
    seen = forms.MomentField(label="Seen at", required=False)
    kind = forms.RadioField(label="Kind", choices=[("a", "First"), ("b", "Second")], required=False)


def sent(**values):
    data = QueryDict(mutable=True)
    data.update({"name": "Ann", **values})
    return Everything(data)


def moment(day, month, year, time):
    return {"seen_day": day, "seen_month": month, "seen_year": year, "seen_time": time}


def born(day, month, year):
    return {"born_day": day, "born_month": month, "born_year": year}


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march"])
def test_a_month_is_a_number_or_a_name(month):
    form = sent(**born("27", month, "2012"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(2012, 3, 27)


@pytest.mark.parametrize(
    "parts", [("31", "2", "2012"), ("", "2", "2012"), ("1", "x", "2012"), ("1", "1", "12"), ("٣", "²", "2012")]
)
def test_an_impossible_or_unfinished_date_is_refused_and_stays_as_typed(parts):
    form = sent(**born(*parts))
    if form.is_valid():
        assert form.cleaned_data["born"].year == 2012  # digits of another script may be read, never misread
        return
    assert str(form.errors["born"][0]).startswith("Date of birth")
    assert list(form["born"].value()) == list(parts)


def test_an_hour_that_the_clocks_skip_is_refused():
    assert "seen" in sent(**moment("29", "3", "2026", "01:30")).errors


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    form = sent(**moment("25", "10", "2026", "01:30"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["seen"].astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_text_as_long_as_allowed_passes_and_one_more_is_refused():
    assert sent(story="x" * 20).is_valid()
    assert "story" in sent(story="x" * 21).errors


def test_a_line_break_counts_as_one_character():
    form = sent(story="a\r\n" * 9 + "bb")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["story"] == "a\n" * 9 + "bb"


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b"])
@pytest.mark.parametrize("field", ["name", "story"])
def test_control_characters_are_refused_with_one_sentence(field, bad):
    assert len(sent(**{field: bad}).errors[field]) == 1


def test_a_choice_that_is_not_offered_is_refused_in_words():
    assert str(sent(kind="<script>").errors["kind"][0]) == "Select kind from the list"


def test_every_form_has_a_fresh_key_and_keeps_the_one_it_was_sent_with():
    assert Everything()["once"].value() != Everything()["once"].value()
    key = "8c8f7a0e-5f0e-4c0c-9a57-2e7d1c0a5b11"
    form = sent(once=key, name="")
    assert not form.is_valid()
    assert str(form["once"].value()) == key
    assert form.cleaned_data["once"] == UUID(key)


def test_a_key_that_was_tampered_with_is_no_key():
    form = sent(once="nonsense")
    assert form.is_valid()
    assert form.cleaned_data["once"] is None
