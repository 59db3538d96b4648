"""Words that blame a child are noticed, and what may be written instead is said."""

import pytest

from offer.language import INSTEAD, kinder_words


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("He puts himself at risk by going there.", "puts himself at risk"),
        ("They are PLACING THEMSELVES AT RISK.", "placing themselves at risk"),
        ("A mature young woman.", "young woman"),
        ("It is a lifestyle choice.", "lifestyle choice"),
        ("Involved in prostitution.", "prostitution"),
        ("Known to be promiscuous.", "promiscuous"),
        ("Used as a money mule.", "money mule"),
        ("Working as a drug runner.", "drug runner"),
        ("She is in a relationship with an older man.", "in a relationship with an older"),
        ("He is engaging in CCE.", "engaging in cce"),
        ("She is having sex with an adult.", "having sex with an adult"),
        ("Very streetwise.", "streetwise"),
        ("She won’t engage with us.", "won’t engage"),
        ("This is attention-seeking.", "attention-seeking"),
    ],
)
def test_each_phrase_of_the_guide_is_noticed_however_it_is_written(text, phrase):
    found = kinder_words(text)
    assert list(found) == [phrase]
    assert found[phrase] in INSTEAD.values()


@pytest.mark.parametrize(
    "text",
    [
        "He is being exploited by older men.", "She puts herself to bed early.", "The child is at risk.", "",
        "A young person of 15.", "We refused to close the case.", "His choice of school.",
    ],
)  # fmt: skip
def test_words_that_blame_nobody_are_left_alone(text):
    assert kinder_words(text) == {}


def test_a_phrase_is_told_of_once_however_often_it_is_written():
    assert list(kinder_words("Streetwise. Streetwise, and a money mule.")) == ["streetwise", "money mule"] or list(
        kinder_words("Streetwise. Streetwise, and a money mule.")
    ) == ["money mule", "streetwise"]
