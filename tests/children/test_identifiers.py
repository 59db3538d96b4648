"""What counts as an NHS number, a UPN or a postcode (DOMAIN 7.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from children.identifiers import normalise_nhs_number, normalise_postcode, normalise_upn, shown_nhs_number

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def check_digit(nine: str) -> int | None:
    """DOMAIN 7.1, by hand: 11 - (sum of digit times 11 - position) mod 11; 11 is 0 and 10 is none."""
    rest = 11 - sum(int(digit) * (11 - place) for place, digit in enumerate(nine, 1)) % 11
    return {11: 0, 10: None}.get(rest, rest)


def check_letter(twelve: str) -> str:
    values = CHECK_LETTERS + "0123456789"
    weighed = sum((int(c) if c.isdigit() else values.index(c)) * place for place, c in enumerate(twelve, 2))
    return CHECK_LETTERS[weighed % 23]


@pytest.mark.parametrize("typed", ["9990000018", "999 000 0018", "999-000-0018", "  999 000 0018 "])
def test_an_nhs_number_is_kept_as_ten_digits(typed):
    assert normalise_nhs_number(typed) == "9990000018"


@pytest.mark.parametrize("normalise", [normalise_nhs_number, normalise_upn])
@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_nothing_kept(normalise, typed):
    assert normalise(typed) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("999 000 001", "has 10 digits.*This has 9"),
        ("99900000181", "has 10 digits.*This has 11"),
        ("999 000 00I8", "digits only"),
        ("12", "has 10 digits.*This has 2"),
        ("999 000 0019", "not a possible NHS number"),
        ("000 000 0000", "fills the place"),
        ("4444444444", "fills the place"),
        ("'; DROP --", "digits only"),
    ],
)
def test_each_way_an_nhs_number_is_wrong_has_its_sentence(typed, words):
    with pytest.raises(ValueError, match=words):
        normalise_nhs_number(typed)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_exactly_one_last_digit_makes_an_nhs_number(nine):
    def possible(number: str) -> bool:
        try:
            return normalise_nhs_number(number) == number
        except ValueError:
            return False

    expected = check_digit(nine)
    fits = [last for last in range(10) if possible(f"{nine}{last}")]
    if expected is None or set(nine) == {str(expected)}:
        assert fits == []
    else:
        assert fits == [expected]


def answer(normalise, typed: str) -> str:
    try:
        return normalise(typed)
    except ValueError as error:
        return f"refused: {error}"


@pytest.mark.parametrize(("normalise", "length"), [(normalise_nhs_number, 10), (normalise_upn, 13)])
@given(text=st.text(max_size=30))
def test_whatever_is_typed_is_kept_whole_or_refused_with_a_sentence(normalise, length, text):
    said = answer(normalise, text)
    assert len(said) in (0, length) or (said.startswith("refused: ") and said.endswith("."))


def test_an_nhs_number_is_shown_three_three_four():
    assert shown_nhs_number("9990000018") == "999 000 0018"
    assert shown_nhs_number("") == ""


@pytest.mark.parametrize("typed", ["B801200005001", "b801 2000 05001", "P207000016049"])
def test_a_upn_is_kept_in_capitals_without_spaces(typed):
    assert normalise_upn(typed) == typed.upper().replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("B80120000500", "has 13 characters.*This has 12"),
        ("B8012000X5001", "a letter, then 12 digits"),
        ("B801200005O0I", "a letter, then 12 digits"),
        ("E000200005001", "those of a council"),
        ("A801200005001", "not a possible UPN"),
        ("Q207000016049", "not a possible UPN"),  # the slip printed on several help sites
        ("1801200005001", "not a possible UPN"),
    ],
)
def test_each_way_a_upn_is_wrong_has_its_sentence(typed, words):
    with pytest.raises(ValueError, match=words):
        normalise_upn(typed)


@pytest.mark.parametrize("authority", ["831", "830", "838", "839", "940", "941", "942", "943", "660", "681"])
def test_a_upn_of_every_authority_that_issues_them_is_accepted(authority):
    twelve = f"{authority}200005001"
    assert normalise_upn(check_letter(twelve) + twelve) == check_letter(twelve) + twelve


def test_a_later_authority_does_not_excuse_a_wrong_letter():
    twelve = "940200005001"
    wrong = next(letter for letter in CHECK_LETTERS if letter != check_letter(twelve))
    with pytest.raises(ValueError, match="not a possible UPN"):
        normalise_upn(wrong + twelve)


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99), st.sampled_from(CHECK_LETTERS + "0123456789"))
def test_exactly_one_letter_makes_a_upn_permanent_or_temporary(school, year, serial, last):
    twelve = f"831{school:04d}{year:02d}{serial:02d}{last}"
    fits = []
    for letter in CHECK_LETTERS:
        try:
            fits.append(normalise_upn(letter + twelve))
        except ValueError:
            continue
    assert fits == [check_letter(twelve) + twelve]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("de12fs", "DE1 2FS"), ("DE1  2FS", "DE1 2FS"), ("w1a 0ax", "W1A 0AX"), ("d02 x285", "D02 X285"), ("", "")],
)
def test_a_british_postcode_is_kept_in_its_usual_shape_and_any_other_as_it_is(typed, kept):
    assert normalise_postcode(typed) == kept
