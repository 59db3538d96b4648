"""What of a plan may stand in a copy for the child or family, and what keeps a text out of one (BR-09, last paragraph).

Pure rules. Of the offer's items only those here are named, in words of ours; everything else of the plan is for
professionals. A text somebody typed goes in only if it repeats nothing that is withheld.
"""

from collections.abc import Iterable, Iterator, Mapping

from children.models import ContactSafetyDecision, Person
from plans.copies.names import WORD, spans_of_names
from plans.models import ContextualRisk, PlanItem

# What adults will do. Not here: assessments, escalation, intelligence, police, monitoring, connected people, court.
PROMISES: Mapping[str, str] = {
    "L03": "Meet together to agree what help is needed",
    "L04": "Help with going to school or college",
    "L05": "Help to stay safe and to feel less alone",
    "L06": "Talk about good relationships and about rights",
    "L07": "Things to do with other people",
    "L08": "New activities and new friendships",
    "L10": "Somebody from Safe and Sound to talk to",
    "L11": "Work together with the adults at home who keep you safe",
    "M04": "Invite you to the meetings and listen to you",
    "M06": "Somebody who knows a lot about this and is there for you",
    "M08": "Somebody to help with feelings and bad memories, if you want that",
    "M09": "A mentor, and activities you choose",
    "H04": "More support, as often as you need it",
}
KEPT = frozenset({"planned", "offered", "in_progress", "completed", "already_provided"})

# Where, in general words. Not here: home, peers and adults, which could tell a reader whom it is about.
PLACES: Mapping[str, str] = {
    ContextualRisk.Context.PLACE: "When you are out",
    ContextualRisk.Context.ENVIRONMENT: "At school, on the way there and on buses and trains",
    ContextualRisk.Context.ONLINE: "Online and on your phone",
}

CLEAR = frozenset({ContactSafetyDecision.Complicity.NOT_CONSIDERED, ContactSafetyDecision.Complicity.CLEARED})
BARRED = "No copy of the plan may be made for this person. Ask the team manager."
LONGEST_REPEAT = 7  # words in a row that a text may have in common with what is withheld (local)


def is_clear(person: Person) -> bool:
    """Whether the latest decision on contact, if any, lets a person be given something (BR-08, ruling Q5)."""
    decision = person.safety
    return decision is None or (decision.complicity in CLEAR and not decision.unsafe_to_contact)


def may_have_a_copy(person: Person) -> bool:
    """The same of somebody who belongs to the file today."""
    return person.ended_at is None and is_clear(person)


def is_promised(item: PlanItem) -> bool:
    """An item of the offer that a family copy names, in the words of `PROMISES`."""
    return item.code in PROMISES and item.disposition in KEPT and not item.on_hold


def objection(title: str, text: str, names: Iterable[str]) -> str:
    """Why a text may not stand in a family copy, as a sentence; nothing if it may."""
    if spans_of_names(text, names):
        return f"“{title}” names somebody who may not be named in a copy for the family. Take the name out first."
    return ""


def repeated(lines: Mapping[str, str], withheld: Iterable[str]) -> str:
    """Which line, if any, repeats a passage of more than `LONGEST_REPEAT` words that is withheld, as a sentence.

    Args:
        lines: by the text, under which title it stands.
        withheld: texts that are not for a family.
    """
    runs = {run: title for text, title in lines.items() for run in _runs(text)}
    if runs:
        for text in withheld:
            for run in _runs(text):
                if run in runs:
                    return f"“{runs[run]}” repeats a passage that is not for the family. Write it in other words first."
    return ""


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of so many words that it is no chance when two texts share it."""
    words = [word.casefold() for word in WORD.findall(text)]
    length = LONGEST_REPEAT + 1
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def household_warnings(recipient: Person | None, people: Iterable[Person]) -> list[str]:
    """Sentences about people who may have no copy but could come across this one: they live or are reached there."""
    found = []
    for person in people:
        if person.ended_at is not None or may_have_a_copy(person) or person == recipient:
            continue
        with_child = person.lives_with_child == Person.YesNoUnknown.YES
        shared = recipient is not None and any(
            getattr(person, field) and getattr(person, field).casefold() == getattr(recipient, field).casefold()
            for field in ("address", "phone", "email")
        )
        if shared or (with_child and (recipient is None or recipient.lives_with_child == Person.YesNoUnknown.YES)):
            found.append(f"{person.name} may have no copy, and could see this one: they share a home, phone or email.")
    return found
