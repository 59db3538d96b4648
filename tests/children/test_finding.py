"""Finding a child: by name however spelt, by reference, by NHS number; and children who may be the same one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.parts import Label
from access.principal import acting_as
from accounts.roles import Role
from children.selectors import MOST_DUPLICATES, children_named, possible_duplicates
from tests.children.factories import CaseFileFactory, child_on_file, partner
from tests.database import seeding
from tests.factories import exclude, give, person

pytestmark = pytest.mark.django_db

BORN = date(2012, 3, 27)


@pytest.fixture
def searcher():
    return person(Role.SOCIAL_WORKER)


@pytest.fixture
def known(searcher):
    """Makes a child whose file the searcher may see."""

    def make(reference="", **about):
        case = CaseFileFactory(reference=reference) if reference else None
        child = child_on_file(case, **about)
        give(child.case, searcher)
        return child

    return make


def found(user, query) -> list[str]:
    with acting_as(user.pk):
        return [str(child) for child in children_named(user, query)]


@pytest.mark.parametrize(
    "query",
    [
        "siobhan", "SIOBHÁN", "O'Brien", "o’brien", "obrien", "o brien", "obr", "Siobhan O'Brien", "obrian siobhan",
        "nuala", "shiv",
    ],
)  # fmt: skip
def test_a_child_is_found_by_any_name_begun_or_sounding_so(known, searcher, query):
    known(given_names="Siobhán", family_name="O’Brien", known_as="Shiv", aliases=["Nuala"])
    known(given_names="Noah", family_name="Brook")
    assert found(searcher, query) == ["Shiv O’Brien"]


@pytest.mark.parametrize("query", ["Mc Donald", "McDonald", "mcdonald", "mcdon", "mc don"])
@pytest.mark.parametrize("recorded", ["McDonald", "Mc Donald"])
def test_a_name_of_two_parts_is_found_in_one_and_the_other_way_round(known, searcher, recorded, query):
    known(given_names="Ewan", family_name=recorded)
    known(given_names="Mac", family_name="Donaldson")
    assert f"Ewan {recorded}" in found(searcher, query)


def test_a_name_of_two_letters_is_found_whole_and_is_no_beginning(known, searcher):
    known(given_names="Bo", family_name="Li")
    known(given_names="Bobby", family_name="Lingard")
    assert found(searcher, "bo li") == found(searcher, "li") == ["Bo Li"]


def test_a_name_in_another_script_is_found(known, searcher):
    known(given_names="محمد", family_name="علي")
    assert found(searcher, "محمد") == ["محمد علي"]


def test_each_word_must_match(known, searcher):
    known(given_names="Mia", family_name="Fenwick")
    assert found(searcher, "mia brook") == []


@pytest.mark.parametrize(
    "query",
    ["", " ", "m", "%", "___", "mi%", "*", "'", "\\", "';--", "\x00", "~", "~M", "(", "🙂", "a" * 5000, "-" * 99],
)
def test_wildcards_and_hostile_text_find_nothing_and_break_nothing(known, searcher, query):
    known(given_names="Mia", family_name="Fenwick")
    assert found(searcher, query) == []


def test_names_as_typed_stand_before_those_that_sound_so(known, searcher):
    known(given_names="Amy", family_name="Smith")
    known(given_names="Zoe", family_name="Smyth")
    assert found(searcher, "smyth") == ["Zoe Smyth", "Amy Smith"]


@pytest.mark.parametrize("query", ["CRE-000042", "cre 42", "cre42", " 42 ", "000042"])
def test_a_file_is_found_by_its_exact_reference(known, searcher, query):
    known(reference="CRE-000042", given_names="Mia")
    known(reference="CRE-000421", given_names="Noah")
    assert found(searcher, query) == ["Mia Fenwick"]


@pytest.mark.parametrize("query", ["999 000 0018", "9990000018", "999-000-0018"])
def test_a_child_is_found_by_nhs_number(known, searcher, query):
    known(nhs_number="9990000018")
    known(nhs_number="9990000026", given_names="Noah")
    assert found(searcher, query) == ["Mia Fenwick"]


def test_an_nhs_number_finds_nobody_whose_identifiers_one_may_not_see():
    child = child_on_file(nhs_number="9990000018")
    assert found(partner(child.case, Role.VOLUNTARY_WORKER), "9990000018") == []
    assert found(partner(child.case, Role.POLICE_OFFICER), "9990000018") == []
    assert found(partner(child.case, Role.POLICE_OFFICER, {Label.PROFILE}), "9990000018") == ["Mia Fenwick"]


@pytest.mark.parametrize("query", ["fenwick", "CRE-000042", "9990000018"])
def test_a_hidden_file_is_found_by_nothing(searcher, query):
    child = child_on_file(CaseFileFactory(reference="CRE-000042"), nhs_number="9990000018")
    assert found(searcher, query) == []
    give(child.case, searcher)
    assert found(searcher, query) == ["Mia Fenwick"]
    exclude(child.case, searcher)
    assert found(searcher, query) == []


@pytest.mark.parametrize("query", ["fenwick", "CRE-000042", "9990000018"])
def test_the_first_wall_hides_a_file_without_the_second(searcher, query):
    child_on_file(CaseFileFactory(reference="CRE-000042"), nhs_number="9990000018")
    with acting_as(searcher.pk), seeding():
        assert list(children_named(searcher, query)) == []


def test_a_search_takes_one_query_and_compares_no_patterns(known, searcher):
    for number in range(3):
        known(given_names="Mia", family_name=f"Fen{'abc'[number]}")
    with acting_as(searcher.pk):
        found(searcher, "warm up")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(list(children_named(searcher, "mia fen"))) == 3
    assert len(queries) == 1
    sql = queries[0]["sql"].upper()
    assert not any(f" {word} " in sql for word in ("LIKE", "ILIKE", "~", "~*", "SIMILAR"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=60))
def test_any_text_can_be_searched_for(known, searcher, query):
    with acting_as(searcher.pk):
        assert list(children_named(searcher, query)) == []


# Children who may be the same one


def likely(user, **about) -> list[tuple[str, tuple[str, ...]]]:
    asked = {"given_names": "Mia", "family_name": "Fenwick", **about}
    with acting_as(user.pk):
        return [(str(one.child), one.reasons) for one in possible_duplicates(user, **asked)]


def test_the_same_nhs_number_is_a_reason_whatever_the_name(known, searcher):
    known(given_names="Noah", family_name="Brook", nhs_number="9990000018")
    assert likely(searcher, nhs_number="999 000 0018") == [("Noah Brook", ("Same NHS number",))]


def test_an_nhs_number_one_may_not_see_is_no_reason():
    child = child_on_file(given_names="Noah", family_name="Brook", nhs_number="9990000018")
    assert likely(partner(child.case, Role.POLICE_OFFICER), nhs_number="9990000018") == []


def test_the_same_birthday_and_one_name_in_common_are_reason_enough(known, searcher):
    known(given_names="Mia", family_name="Brook")
    known(given_names="Noah", family_name="Brook")
    reasons = ("Same date of birth", "Part of the name is the same or similar")
    assert likely(searcher, date_of_birth=BORN) == [("Mia Brook", reasons)]


def test_the_same_name_and_another_birthday_are_not(known, searcher):
    known(date_of_birth=date(2010, 1, 1))
    assert likely(searcher, date_of_birth=BORN) == []


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ({"date_of_birth": None}, {"date_of_birth": BORN}),
        ({"date_of_birth": BORN}, {}),
        ({"date_of_birth": None}, {}),
        ({"date_of_birth": date(2012, 1, 1), "date_of_birth_estimated": True}, {"date_of_birth": BORN}),
    ],
)
def test_without_two_certain_birthdays_first_and_family_name_are_compared(known, searcher, recorded, asked):
    known(**recorded)
    known(given_names="Noah", family_name="Fenwick", **recorded)
    known(given_names="Mia", family_name="Brook", **recorded)
    assert likely(searcher, **asked) == [("Mia Fenwick", ("Same first and family name",))]


def test_names_are_compared_by_sound_too(known, searcher):
    known(given_names="Miah", family_name="Fennwick", date_of_birth=None)
    assert likely(searcher) == [("Miah Fennwick", ("Similar first and family name",))]


def test_another_name_the_child_is_known_by_counts(known, searcher):
    known(given_names="Emilia", family_name="Brook", aliases=["Mia Fenwick"])
    assert [name for name, _ in likely(searcher)] == ["Emilia Brook"]


def test_the_likeliest_comes_first_and_there_are_at_most_ten(known, searcher):
    for number in range(MOST_DUPLICATES + 2):
        known(given_names="Mia", family_name=f"Brook{'abcdefghijkl'[number]}")
    known(nhs_number="9990000018")
    matches = likely(searcher, date_of_birth=BORN, nhs_number="9990000018")
    assert len(matches) == MOST_DUPLICATES
    assert matches[0] == ("Mia Fenwick", ("Same NHS number", "Same date of birth", "Same first and family name"))


def test_the_file_at_hand_is_not_its_own_duplicate(known, searcher):
    child = known()
    assert likely(searcher, date_of_birth=BORN, not_case=child.case) == []


def test_hidden_files_play_no_part(searcher):
    child_on_file(nhs_number="9990000018")
    assert likely(searcher, date_of_birth=BORN, nhs_number="9990000018") == []


@pytest.mark.parametrize("about", [{"given_names": ""}, {"given_names": "", "family_name": ""}])
def test_too_little_to_go_by_matches_nobody(known, searcher, about):
    known(date_of_birth=None)
    assert likely(searcher, **about) == []


def test_one_match_or_many_take_the_same_queries(known, searcher):
    def counted() -> int:
        with acting_as(searcher.pk), CaptureQueriesContext(connection) as queries:
            likely(searcher, date_of_birth=BORN, nhs_number="9990000018")
        return len([query for query in queries if "children_" in query["sql"]])

    known(nhs_number="9990000018")
    one = counted()
    for _ in range(4):
        known()
        known(date_of_birth=None)
    assert counted() == one <= 5
