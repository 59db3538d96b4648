"""Invents a child: who they are, never what happens to them."""

import random
from dataclasses import dataclass, replace
from datetime import date

from children.models import Child, ChildProfile, Person
from cre_case.demo.clock import Clock
from cre_case.demo.identifiers import UniquePupilNumbers
from cre_case.demo.names import HERITAGES, PRIMARY_SCHOOLS, SCHOOLS, Heritage

AGES = range(7, 18)
AGE_WEIGHTS = (2, 2, 3, 4, 6, 9, 12, 15, 17, 17, 13)
SEND = Child.SendStatus
SENDS = (SEND.NONE, SEND.RECORDED, SEND.SUSPECTED, SEND.NOT_KNOWN)
SEND_WEIGHTS = (62, 20, 10, 8)
SEND_BASES: dict[str, tuple[str, ...]] = {
    SEND.RECORDED: ("EHC plan, speech and language", "SEN support, literacy", "EHC plan, autism", "EHC plan, hearing"),
    SEND.SUSPECTED: ("Waiting for an autism assessment", "School has asked for an assessment of learning needs"),
}
NEEDS = (
    "Short sentences, and time to answer",
    "Pictures help. One question at a time",
    "Sit on the left side: hears better there",
    "A quiet room, and somebody familiar nearby",
)
DISABILITIES = ("LD", "COMM", "AUT", "HEAR", "BEH", "CON")
SECONDARY_SCHOOL = 11
STARTS_SCHOOL = 5
_WEIGHTS = tuple(heritage.weight for heritage in HERITAGES)


@dataclass(frozen=True, slots=True)
class Relative:
    name: str
    relationship: Person.Relationship
    at_home: bool = True


@dataclass(frozen=True, slots=True)
class About:
    given_names: str
    family_name: str
    age: int
    born: date
    sex: str
    ethnicity: str
    first_language: str
    send: str
    nhs_number: str
    upn: str
    school: str
    known_as: str = ""
    needs: str = ""
    disabilities: tuple[str, ...] = ()
    send_basis: str = ""
    relatives: tuple[Relative, ...] = ()  # parents, where they are told rather than invented

    @property
    def called(self) -> str:
        return self.known_as or self.given_names.split()[0]

    @property
    def protected(self) -> bool:
        """Under 13, or SEND recorded or suspected (BR-01)."""
        return self.age < 13 or self.send in (SEND.RECORDED, SEND.SUSPECTED)


def imagine(dice: random.Random, clock: Clock, nhs_number: str, upns: UniquePupilNumbers) -> About:
    heritage = dice.choices(HERITAGES, _WEIGHTS)[0]
    age = dice.choices(AGES, AGE_WEIGHTS)[0]
    born = clock.born(age, dice.randrange(5, 360))
    girl = dice.random() < 0.5
    about = About(
        given_names=_given_names(dice, heritage, girl=girl),
        family_name=_family_name(dice, heritage),
        age=age,
        born=born,
        sex=ChildProfile.Sex.FEMALE if girl else ChildProfile.Sex.MALE,
        ethnicity=heritage.ethnicity if dice.random() < 0.9 else "NOBT",
        first_language=heritage.languages[0] if dice.random() < 0.6 else dice.choice(heritage.languages),
        send=dice.choices(SENDS, SEND_WEIGHTS)[0],
        nhs_number=nhs_number,
        upn=upns.next(born.year + STARTS_SCHOOL),
        school=dice.choice(SCHOOLS if age >= SECONDARY_SCHOOL else PRIMARY_SCHOOLS),
    )
    return _with_needs(dice, about)


def _given_names(dice: random.Random, heritage: Heritage, *, girl: bool) -> str:
    names = heritage.girls if girl else heritage.boys
    first = dice.choice(names)
    if dice.random() < 0.2:
        return f"{first} {dice.choice(tuple(name for name in names if name != first))}"
    return first


def _family_name(dice: random.Random, heritage: Heritage) -> str:
    family = dice.choice(heritage.families)
    if "-" not in family and dice.random() < 0.15:
        return f"{family}-{dice.choice(dice.choices(HERITAGES, _WEIGHTS)[0].families).split('-')[0]}"
    return family


def _with_needs(dice: random.Random, about: About) -> About:
    if about.send not in SEND_BASES:
        return about
    return replace(
        about,
        needs=dice.choice(NEEDS),
        disabilities=(dice.choice(DISABILITIES),) if about.send == SEND.RECORDED else (),
        send_basis=dice.choice(SEND_BASES[about.send]),
    )
