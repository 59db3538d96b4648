"""The demo's sixty children: who holds each file and what it shows. The rest of a file is invented."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from children.models import Child, ChildProfile, Person
from cre_case.demo.clock import Clock
from cre_case.demo.imagine import About, Relative
from cre_case.demo.place import Feature, Share, share_with
from cre_case.demo.staff import SCHOOL

MOTHER, FATHER = Person.Relationship.MOTHER, Person.Relationship.FATHER


@dataclass(frozen=True, slots=True)
class Group:
    """Files that one worker leads on, or that wait in a team for somebody to lead."""

    name: str
    team: str
    manager: str
    lead: str | None
    count: int


GROUPS = (
    Group("social.worker", "locality1", "team.manager", "social.worker", 14),
    Group("locality1.worker", "locality1", "team.manager", "locality1.worker", 6),
    Group("locality1 to assign", "locality1", "team.manager", None, 2),
    Group("social.worker2", "locality2", "locality2.manager", "social.worker2", 11),
    Group("locality2.worker", "locality2", "locality2.manager", "locality2.worker", 7),
    Group("locality2 to assign", "locality2", "locality2.manager", None, 1),
    Group("cre.worker", "cre", "cre.manager", "cre.worker", 11),
    Group("irt.worker", "irt", "irt.manager", "irt.worker", 4),
    Group("irt to assign", "irt", "irt.manager", None, 4),
)

Slot = tuple[str, int]

F = Feature
FEATURES: dict[Slot, frozenset[Feature]] = {
    ("social.worker", 1): frozenset({F.COMPLICIT_FATHER}),
    ("social.worker", 3): frozenset({F.UNSAFE_TOGETHER}),
    ("social.worker", 4): frozenset({F.FOSTERED}),
    ("social.worker", 5): frozenset({F.WARNING}),
    ("social.worker", 6): frozenset({F.FORMER_WORKER}),
    ("social.worker", 7): frozenset({F.CHILD_PROTECTION}),
    ("social.worker", 8): frozenset({F.PLACED_AWAY}),
    ("social.worker", 9): frozenset({F.ALIAS}),
    ("social.worker", 10): frozenset({F.NOT_SEEN_YET}),
    ("social.worker", 11): frozenset({F.LINKED_CONTACT}),
    ("social.worker", 12): frozenset({F.ENDED_WARNING, F.FORMER_WORKER}),
    ("locality1.worker", 0): frozenset({F.WARNING}),
    ("locality1.worker", 1): frozenset({F.FOSTERED}),
    ("locality1.worker", 3): frozenset({F.LINKED_CONTACT}),
    ("social.worker2", 1): frozenset({F.PLACED_HERE}),
    ("social.worker2", 2): frozenset({F.WARNING}),
    ("social.worker2", 3): frozenset({F.CHILD_PROTECTION}),
    ("social.worker2", 6): frozenset({F.ALIAS}),
    ("social.worker2", 7): frozenset({F.FORMER_WORKER}),
    ("social.worker2", 8): frozenset({F.FOSTERED}),
    ("cre.worker", 0): frozenset({F.COMPLICIT_FATHER}),
    ("cre.worker", 1): frozenset({F.WARNING}),
    ("cre.worker", 2): frozenset({F.CHILD_PROTECTION}),
    ("cre.worker", 4): frozenset({F.UNSAFE_TOGETHER}),
    ("cre.worker", 6): frozenset({F.PLACED_HERE}),
}
FORMER = {"social.worker": "locality1.worker", "social.worker2": "locality2.worker"}

_ENDED, _ENDING_SOON = -20, 4
SHARES: dict[Slot, tuple[Share, ...]] = {
    ("social.worker", 0): (share_with("school", -12),),
    ("social.worker", 1): (share_with("police", -12), share_with("school", -14)),
    ("social.worker", 2): (share_with("health", -10),),
    ("social.worker", 4): (share_with("police", -20, _ENDING_SOON),),
    ("social.worker", 5): (share_with("voluntary", -20, _ENDING_SOON),),
    ("social.worker", 6): (share_with("police", -24, _ENDED),),
    ("social.worker", 7): (share_with("school", -18),),
    ("social.worker", 8): (share_with("health", -24, _ENDED),),
    ("social.worker", 9): (share_with("voluntary", -16),),
    ("locality1.worker", 1): (share_with("health", -9),),
    ("locality1.worker", 2): (share_with("police", -9),),
    ("social.worker2", 0): (share_with("police", -15),),
    ("social.worker2", 3): (share_with("school", -11),),
    ("social.worker2", 4): (share_with("health", -11),),
    ("social.worker2", 5): (share_with("voluntary", -11),),
    ("cre.worker", 0): (share_with("police", -20),),
    ("cre.worker", 1): (share_with("health", -8),),
    ("cre.worker", 2): (share_with("voluntary", -8),),
    ("cre.worker", 3): (share_with("police", -17),),
    ("cre.worker", 4): (share_with("voluntary", -24, _ENDED),),
    ("cre.worker", 5): (share_with("police", -24, _ENDED),),
}
# Partners who wrote a note of their own in a file they were given.
PARTNER_NOTES: dict[Slot, tuple[tuple[str, str], ...]] = {
    ("social.worker", 0): (("school", "school"),),
    ("social.worker", 1): (("police", "police"), ("school", "school")),
    ("social.worker", 2): (("health", "health"),),
    ("social.worker", 9): (("voluntary", "voluntary"),),
    ("cre.worker", 0): (("police", "police"),),
}
EXCLUDED: dict[Slot, str] = {("locality2.worker", 0): "social.worker2"}
REASONS_STATED: dict[Slot, str] = {("social.worker", 4): "edt", ("cre.worker", 0): "edt"}
# Two files about one child, whose workers cannot see each other's: the receiving teams are told by reference.
TWICE: tuple[Slot, Slot] = ("locality2.worker", 1), ("irt to assign", 1)


def _told(clock: Clock, about: About, slot: Slot) -> About | None:
    """The worked cases of the specification, and those whose names the demo depends on."""
    female, male, no_send = ChildProfile.Sex.FEMALE, ChildProfile.Sex.MALE, Child.SendStatus.NONE
    plain = replace(about, send=no_send, needs="", disabilities=(), send_basis="", first_language="English")
    match slot:
        case ("social.worker", 0):
            return replace(
                plain, given_names="Amira", family_name="Solano-Field", sex=female, age=15, born=clock.born(15, 144),
                nhs_number="9990001006", upn="U831999921011", school=SCHOOL,
                relatives=(Relative("Lucia Solano", MOTHER), Relative("Martin Field", FATHER)),
            )  # fmt: skip
        case ("social.worker", 1):
            return replace(
                plain, given_names="Kofi", family_name="Brightwell", sex=male, age=14, born=clock.born(14, 294),
                nhs_number="9990001073", upn="H831999921012", school=SCHOOL,
                relatives=(Relative("Esi Brightwell", MOTHER), Relative("Dale Brightwell", FATHER, at_home=False)),
            )  # fmt: skip
        case ("social.worker", 2):
            return replace(
                plain, given_names="Theo", family_name="Haldane-Price", sex=male, age=12, born=clock.born(12, 339),
                nhs_number="9990001219", upn="L831999921014",
                relatives=(Relative("Joanna Haldane", MOTHER), Relative("Marcus Price", FATHER)),
            )  # fmt: skip
        case ("social.worker2", 0):
            return replace(
                plain, given_names="Callum", family_name="Dray", sex=male, age=17, born=clock.born(17, 2),
                nhs_number="9990001359", upn="P831999921016",
                relatives=(Relative("Sandra Dray", MOTHER),),
            )  # fmt: skip
        case ("locality2.worker", 0):
            return replace(about, given_names="Rosie", family_name="Whitcombe", sex=female)
        case ("locality2.worker", 1):
            return replace(about, given_names="Zuzanna", family_name="Kovalchyk", sex=female)
    return None


def cast(clock: Clock, invented: Iterator[About]) -> Iterator[tuple[Group, Slot, About]]:
    """Each of the sixty: the group it belongs to, its slot and who the child is."""
    twin: About | None = None
    for group in GROUPS:
        for number in range(group.count):
            slot = (group.name, number)
            about = next(invented)
            about = _told(clock, about, slot) or about
            if slot == TWICE[0]:
                twin = about
            if slot == TWICE[1] and twin:
                about = replace(twin, given_names="Susanna", family_name="Kovalchik", nhs_number="", upn="")
            if any(share.team == "school" for share in SHARES.get(slot, ())):
                about = replace(about, school=SCHOOL)
            yield group, slot, about
