"""Under which keys a name is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from children.models import NameKey
from children.names import LONGEST_PART, keys, parts, sound

NAMES = st.text(max_size=120)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mia Fenwick", ["MIA", "FENWICK"]),
        ("O'Brien-Núñez", ["OBRIEN", "NUNEZ"]),
        ("O’Brien", ["OBRIEN"]),
        ("Łukasz Ødegård", ["LUKASZ", "ODEGARD"]),
        ("Weiß", ["WEISS"]),
        ("Þóra Ægisdóttir", ["THORA", "AEGISDOTTIR"]),
        ("Zo\u00eb and Zoe\u0308", ["ZOE", "AND", "ZOE"]),
        ("محمد علي", ["محمد", "علي"]),
        ("Иван", ["ИВАН"]),
        ("李小龙", ["李小龙"]),
        ("  \t ", []),
        ("%_~*;--", []),
        ("R2-D2", ["R", "D"]),
    ],
)
def test_a_name_is_taken_apart_into_plain_capitals(name, expected):
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        ("Smyth", "Smith"),
        ("Mohamed", "Muhammad"),
        ("Yousef", "Yusuf"),
        ("Cathryn", "Kathryn"),
        ("Jon", "John"),
        ("Ahmad", "Ahmed"),
    ],
)
def test_a_misspelt_name_sounds_like_the_right_one(typed, recorded):
    assert sound(parts(typed)[0]) in keys(recorded)


@pytest.mark.parametrize(("name", "other"), [("Smith", "Jones"), ("Amina", "Tyler")])
def test_different_names_share_no_key(name, other):
    assert keys(name).isdisjoint(keys(other))


@pytest.mark.parametrize("part", ["", "LI", "ИВАН", "李小龙"])
def test_what_is_too_short_or_of_another_script_has_no_sound(part):
    assert sound(part) is None


def test_a_short_first_part_is_also_found_in_one_word_with_the_next():
    assert "MCDONALD" in keys("Mc Donald")
    assert "OBRIEN" in keys("O Brien")
    assert "SMITHJONES" not in keys("Smith Jones")


def test_names_are_not_joined_across_each_other():
    assert "LIAMO" not in keys("Li", "Amo") | keys("Li") | keys("Amo")
    assert keys("Li", "Amo") == keys("Li") | keys("Amo")


@given(NAMES)
def test_no_key_of_any_text_is_empty_too_long_or_odd(text):
    longest = NameKey._meta.get_field("key").max_length
    for key in keys(text):
        assert 0 < len(key) <= longest
        assert "\x00" not in key
        assert key.strip("~")
        assert all(character.isalpha() or character == "~" or character in "0" for character in key)


@given(NAMES)
def test_taking_apart_twice_is_taking_apart_once(text):
    once = parts(text)
    assert parts(" ".join(once)) == once


@given(NAMES)
def test_capitals_make_no_difference(text):
    assert set(parts(text.lower())) == set(parts(text.lower().upper()))


@given(st.lists(NAMES, max_size=4))
def test_every_word_of_every_name_is_a_key(names):
    found = keys(*names)
    assert {part for name in names for part in parts(name)} <= found


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=200))
def test_letters_and_sounds_can_never_be_taken_for_each_other(word):
    assert all(key.startswith("~") == (key not in parts(word)) for key in keys(word))
    assert all(len(part) <= LONGEST_PART for part in parts(word))
