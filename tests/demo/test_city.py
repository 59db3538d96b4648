"""The generator by itself: no database."""

import re
from collections import Counter, defaultdict
from datetime import date

import pytest
from django.db import models
from stdnum.gb import nhs, upn

from access.models import Allocation, CaseAccess, CaseFile
from access.parts import Label
from accounts.models import Membership, Team, User
from accounts.roles import AGENCY_KINDS, AgencyKind, Role
from children.models import (
    Address,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    NameKey,
    Person,
    WorkerSafetyReason,
    WorkerSafetyWarning,
)
from children.names import keys
from cre_case.demo import words
from cre_case.demo.accounts_table import account_rows, accounts_as_markdown, accounts_as_text
from cre_case.demo.city import City
from cre_case.demo.clock import Clock
from cre_case.demo.desk import Desk
from cre_case.demo.identifiers import nhs_numbers
from cre_case.demo.town import Ids, staff_rows
from offer.ages import age_on

TODAY = date(2026, 11, 23)
# DOMAIN 1.3 and the language guide it names.
BLAME = re.compile(
    r"(puts?|putting) (him|her|them)sel(f|ves) at risk|risk[- ]taking|young (wo)?man|lifestyle|prostitut|promiscu"
    r"|money mule|drug runner|drug dealing|streetwise|boyfriend|girlfriend|attention[- ]seeking|manipulat|chooses? to"
    r"|makes? poor choices|absconds?|absconded|engag(es?|ing) in|sexual activity|recruited others|hard to reach"
    r"|refus(es?|ed) to engage|disengaged|placing (him|her|them)|troubled|challenging behaviour|won.t engage",
    re.IGNORECASE,
)


def generate(today: date = TODAY, children: int = 60, seed: str = "derby") -> list[models.Model]:
    """Every row of a city, as if its staff had been loaded into an empty database."""
    city, ids = City(Clock(today), children, seed), Ids()
    town, rows = staff_rows(city.staffing(), city.clock, ids, "!")
    subject = 0
    for made in [*town.teams.values()]:
        subject += 1
        town.team_subjects[made] = subject
    for made in town.users.values():
        subject += 1
        town.user_subjects[made] = subject
    desk = Desk(city.clock, town, ids, iter(range(1, city.files + 1)))
    return [*rows, *(row for file in city.rows(desk) for row in file)]


def values(rows: list[models.Model]) -> list[tuple]:
    return [(type(row).__name__, *(getattr(row, f.attname) for f in row._meta.concrete_fields)) for row in rows]


def of(kind: type, rows: list[models.Model]) -> list:
    return [row for row in rows if type(row) is kind]


@pytest.fixture(scope="module")
def city() -> list[models.Model]:
    return generate()


@pytest.fixture(scope="module")
def big_city() -> list[models.Model]:
    return generate(children=400)


def test_the_same_seed_and_day_make_the_same_rows(city):
    assert values(generate()) == values(city)


def test_another_seed_makes_another_city(city):
    assert values(generate(seed="other")) != values(city)


def test_a_bigger_city_begins_with_the_same_children(city, big_city):
    def names(rows):
        return [(child.given_names, child.family_name, child.date_of_birth) for child in of(Child, rows)]

    assert names(big_city)[:60] == names(city)
    assert len(names(big_city)) == 400


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 3, 1), date(2026, 1, 1), date(2032, 12, 31)])
def test_ages_stay_what_they_were_whenever_the_city_is_loaded(city, today):
    def ages(rows, on):
        return [age_on(child.date_of_birth, on) for child in of(Child, rows)]

    assert ages(generate(today), today) == ages(city, TODAY)


def test_there_are_sixty_children_of_seven_to_seventeen(city):
    ages = Counter(age_on(child.date_of_birth, TODAY) for child in of(Child, city))
    assert sum(ages.values()) == 60
    assert set(ages) <= set(range(7, 18))
    assert ages[17] >= 3
    assert sum(count for age, count in ages.items() if age < 13) >= 8
    assert {child.send_status for child in of(Child, city)} == set(Child.SendStatus.values)


def test_nhs_numbers_are_valid_unique_and_in_the_test_range(big_city):
    numbers = [profile.nhs_number for profile in of(ChildProfile, big_city) if profile.nhs_number]
    assert len(numbers) >= 399
    assert len(set(numbers)) == len(numbers)
    assert all(nhs.is_valid(number) and number.startswith("999") for number in numbers)


def test_the_supply_of_nhs_numbers_does_not_repeat():
    numbers = nhs_numbers()
    first = [next(numbers) for _ in range(50_000)]
    assert len(set(first)) == 50_000
    assert all(nhs.is_valid(number) for number in first[::97])


def test_pupil_numbers_are_valid_and_of_the_test_school(big_city):
    numbers = [profile.upn for profile in of(ChildProfile, big_city) if profile.upn]
    assert len(numbers) >= 399
    assert len(set(numbers)) == len(numbers)
    assert all(upn.is_valid(number) and number[4:8] == "9999" for number in numbers)


def test_postcodes_cannot_exist(big_city):
    postcodes = [address.postcode for address in of(Address, big_city)]
    assert all(re.fullmatch(r"DE9[1-9] [1-9][CIKMOV]{2}", postcode) for postcode in postcodes)


def test_telephone_numbers_are_kept_for_drama(big_city):
    phones = {row.phone for row in of(Person, big_city)} | {row.from_phone for row in of(Contact, big_city)}
    assert all(re.fullmatch(r"07700 900\d{3}|01632 960\d{3}", phone) for phone in phones - {""})


@pytest.mark.parametrize(
    ("family_name", "nhs_number", "upn_number", "age"),
    [
        ("Solano-Field", "9990001006", "U831999921011", 15),
        ("Brightwell", "9990001073", "H831999921012", 14),
        ("Haldane-Price", "9990001219", "L831999921014", 12),
        ("Dray", "9990001359", "P831999921016", 17),
    ],
)
def test_the_worked_cases_are_there_with_their_identifiers(city, family_name, nhs_number, upn_number, age):
    (child,) = (child for child in of(Child, city) if child.family_name == family_name)
    (profile,) = (profile for profile in of(ChildProfile, city) if profile.case_id == child.case_id)
    assert (profile.nhs_number, profile.upn) == (nhs_number, upn_number)
    assert age_on(child.date_of_birth, TODAY) == age


def test_kofis_father_is_considered_complicit_and_his_mother_is_not(city):
    (kofi,) = (child for child in of(Child, city) if child.given_names == "Kofi")
    people = {row.pk: row for row in of(Person, city) if row.case_id == kofi.case_id}
    (decision,) = (row for row in of(ContactSafetyDecision, city) if row.case_id == kofi.case_id)
    father = people[decision.person_id]
    assert decision.complicity == ContactSafetyDecision.Complicity.CONSIDERED_COMPLICIT
    assert (father.name, father.lives_with_child) == ("Dale Brightwell", "no")
    assert "Esi Brightwell" in {row.name for row in people.values()}


def test_one_mother_is_unsafe_to_meet_together_with_and_not_complicit(city):
    apart = [row for row in of(ContactSafetyDecision, city) if row.unsafe_to_meet_together]
    assert apart
    assert all(row.complicity == ContactSafetyDecision.Complicity.NOT_CONSIDERED for row in apart)


def test_every_warning_has_its_reason_apart(city):
    warnings = {row.pk: row for row in of(WorkerSafetyWarning, city)}
    reasons = {row.warning_id: row for row in of(WorkerSafetyReason, city)}
    assert warnings
    assert set(warnings) == set(reasons)
    assert all(reasons[key].reason not in warning.advice for key, warning in warnings.items())


def test_confidential_addresses_are_placements(city):
    hidden = [row for row in of(Address, city) if row.confidential]
    assert len(hidden) >= 3
    assert all(row.kind == Address.Kind.PLACEMENT for row in hidden)


def test_children_are_found_by_every_name_they_have(city):
    found = defaultdict(set)
    for row in of(NameKey, city):
        found[row.case_id].add(row.key)
    for child in of(Child, city):
        assert keys(child.given_names, child.family_name, child.known_as) <= found[child.case_id]


def test_contacts_wait_are_screened_out_with_reasons_and_are_accepted(city):
    outcomes = Counter(row.outcome for row in of(Contact, city))
    assert outcomes == {"accepted": 60, "received": 5, "screened_out": 4, "linked": 2}
    assert all(row.screening_reason for row in of(Contact, city) if row.outcome == "screened_out")


def test_every_led_file_has_one_leader_and_some_had_another_before(city):
    current = Counter(row.case_id for row in of(Allocation, city) if row.ended_at is None)
    assert set(current.values()) == {1}
    assert len(current) == 53
    assert any(row.ended_at for row in of(Allocation, city))


def test_shares_give_no_more_than_the_kind_of_agency_may_hold(big_city):
    from access.roles import SHAREABLE_LABELS
    from accounts.models import Agency

    agencies = {row.pk: row for row in of(Agency, big_city)}
    teams = of(Team, big_city)
    kind_of_subject = {number: AgencyKind(agencies[team.agency_id].kind) for number, team in enumerate(teams, start=1)}
    shares = [row for row in of(CaseAccess, big_city) if row.source == "share"]
    assert len(shares) > 100
    for share in shares:
        assert {Label(label) for label in share.labels} <= SHAREABLE_LABELS[kind_of_subject[share.subject_id]]


def test_roles_are_held_in_the_right_kind_of_agency(big_city):
    from accounts.models import Agency

    agencies = {row.pk: AgencyKind(row.kind) for row in of(Agency, big_city)}
    teams = {row.pk: agencies[row.agency_id] for row in of(Team, big_city)}
    for membership in of(Membership, big_city):
        assert teams[membership.team_id] in AGENCY_KINDS[Role(membership.role)]


def test_references_are_in_the_order_in_which_files_were_opened(city):
    files = sorted(of(CaseFile, city), key=lambda row: row.reference)
    assert [row.opened_at for row in files] == sorted(row.opened_at for row in files)


def texts(rows: list[models.Model]) -> set[str]:
    fields = (models.CharField, models.TextField)
    return {getattr(row, f.attname) for row in rows for f in row._meta.concrete_fields if isinstance(f, fields)}


def test_no_text_blames_a_child(big_city):
    written = {text for text in texts(big_city) if isinstance(text, str)}
    pools = {text for name in vars(words) if name.isupper() for text in _strings(getattr(words, name))}
    assert len(pools) > 40
    assert not [text for text in written | pools if BLAME.search(text)]


def test_the_search_for_blame_finds_it():
    assert BLAME.search("Kofi puts himself at risk")
    assert BLAME.search("a lifestyle choice")


def _strings(value) -> set[str]:
    if isinstance(value, str):
        return {value}
    found = value.values() if isinstance(value, dict) else value
    return {text for one in found for text in _strings(one)}


def test_nothing_is_left_to_fill_in(big_city):
    assert not [text for text in texts(big_city) if isinstance(text, str) and "{" in text]


def test_the_accounts_of_the_readme_are_the_users(city):
    named = {row[0] for row in account_rows()}
    assert named >= {
        "social.worker", "social.worker2", "team.manager", "cpm", "iro", "edt", "police", "school", "health",
        "voluntary", "directory.admin", "auditor", "system.admin",
    }  # fmt: skip
    assert named <= {user.username for user in of(User, city)}
    assert all(name in accounts_as_text() and f"`{name}`" in accounts_as_markdown() for name in named)


def test_a_worker_of_a_grown_city_leads_on_eighteen_children(big_city):
    leads = Counter(row.worker_id for row in of(Allocation, big_city) if row.ended_at is None)
    names = {row.pk: row.username for row in of(User, big_city)}
    by_name = {names[worker]: count for worker, count in leads.items()}
    assert by_name["area1.worker1"] in (17, 18)
    assert by_name["area2.worker1"] in (17, 18)
