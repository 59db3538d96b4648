"""Words kept back are marked in the text, no word is changed, and what is given holds none of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.copies.names import spans_of_names
from subject_access.redaction import (
    IN_PLACE,
    NotTheText,
    can_be_marked,
    marked,
    merged,
    read_marks,
)
from subject_access.redaction import (
    given as given_words,
)

TEXTS = st.text(st.characters(exclude_characters="[]"), max_size=80)


@st.composite
def text_and_spans(draw):
    text = draw(TEXTS)
    ends = st.integers(0, len(text))
    return text, draw(st.lists(st.tuples(ends, ends).map(sorted).map(tuple), max_size=5))


@given(text_and_spans())
def test_what_is_marked_reads_back_as_the_same_words(one):
    text, spans = one
    assert read_marks(marked(text, spans), text) == merged(spans)


@given(text_and_spans())
def test_what_is_given_is_the_original_less_what_is_marked(one):
    text, spans = one
    kept = [letter for at, letter in enumerate(text) if not any(start <= at < end for start, end in spans)]
    words = given_words(text, spans)
    assert words.replace(IN_PLACE, "") == "".join(kept)
    assert words.count(IN_PLACE) == len(merged(spans))


@given(text_and_spans())
def test_merged_spans_are_in_order_and_apart(one):
    _, spans = one
    found = merged(spans)
    assert all(start < end for start, end in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Met [[Kyle at the park", "Close each"),
        ("Met Kyle]] at the park", "Close each"),
        ("Met [[Kyle [[at]] the]] park", "Close each"),
        ("Met [[Carl]] at the park", "Change no word"),
        ("Met Kyle at the park today", "Change no word"),
        ("", "Change no word"),
    ],
)
def test_a_changed_word_or_a_loose_mark_is_no_marking(typed, sentence):
    with pytest.raises(NotTheText, match=sentence):
        read_marks(typed, "Met Kyle at the park")


def test_a_text_with_marks_of_its_own_cannot_be_marked():
    assert not can_be_marked("Wrote [[sic]]")
    assert can_be_marked("Wrote [sic]")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kyle was there. KYLE again, and Kyle’s car.", ["Kyle", "KYLE"]),
        ("She likes May, but may not go.", ["May"]),
        ("Lives at 4 Leaf Street now.", ["4 Leaf Street"]),
        ("Kylee is somebody else.", []),
    ],
)
def test_names_are_found_as_whole_words(text, found):
    spans = spans_of_names(text, ["Kyle", "May", "4 Leaf Street", ""])
    assert [text[start:end] for start, end in spans] == found
