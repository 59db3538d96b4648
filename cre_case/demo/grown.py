"""Where a child of a grown city stands: areas alike, each a team of workers with partners of its own."""

import random
from collections.abc import Iterator

from cre_case.demo.place import Feature, Place, Share, share_with
from cre_case.demo.staff import AREA_CHILDREN, CHILDREN_OF_A_WORKER, chair_team

# Of a hundred children, to how many files of an area each partner is given.
PARTNERS = (("police", 0.16), ("school", 0.12), ("health", 0.08), ("voluntary", 0.06))
LIVE = 0.87  # of shares ever made
FEATURES = (
    (Feature.FOSTERED, 0.08),
    (Feature.CHILD_PROTECTION, 0.10),
    (Feature.COMPLICIT_FATHER, 0.03),
    (Feature.UNSAFE_TOGETHER, 0.05),
    (Feature.WARNING, 0.10),
    (Feature.ALIAS, 0.10),
    (Feature.FORMER_WORKER, 0.25),
    (Feature.LINKED_CONTACT, 0.15),
    (Feature.NOT_SEEN_YET, 0.04),
)
TO_ASSIGN = 0.01
CHAIRED = frozenset({Feature.FOSTERED, Feature.CHILD_PROTECTION})


def grown_place(dice: random.Random, number: int) -> Place:
    """Where the child stands who is the `number`th beyond the demo's."""
    area, within = divmod(number, AREA_CHILDREN)
    worker = within // CHILDREN_OF_A_WORKER + 1
    features = frozenset(feature for feature, share in FEATURES if dice.random() < share)
    waits = within > 0 and dice.random() < TO_ASSIGN
    partners = [key for key, share in PARTNERS if dice.random() < share]
    return Place(
        team=f"area{area}",
        manager=f"area{area + 1}.manager",
        opened_by="irt.worker",
        days=dice.randrange(3, 6) if waits else dice.randrange(30, 500),
        lead=None if waits else f"area{area + 1}.worker{worker}",
        former=f"area{area + 1}.worker{worker % 8 + 1}" if Feature.FORMER_WORKER in features and not waits else None,
        shares=() if waits else tuple(_shares(dice, area, partners)),
        overseers=chair_team("cpm", area),
        chairs=chair_team("iro", area) if features & CHAIRED and not waits else None,
        partners=tuple((f"{key}{area}", f"area{area + 1}.{key}") for key in partners if dice.random() < 0.5),
        features=features,
    )


def _shares(dice: random.Random, area: int, partners: list[str]) -> Iterator[Share]:
    for kind in partners:
        until = dice.randrange(5, 250) if dice.random() < LIVE else -dice.randrange(1, 20)
        yield share_with(f"{kind}{area}", -24, until, kind=kind)
