"""Somebody asks to see what the file says of them: whose words may be kept back, and what is never given.

A subject access request is answered in one calendar month (TS-32), or three where it is complex and the person was told
so within the first. What is kept back has a ground in law; a person who did not prepare the answer reads it and gives
it. Nobody is given the details of another child of the file, nor of somebody considered complicit or unsafe.

Sources: UK GDPR articles 12 and 15; Data Protection Act 2018, schedules 2 and 3; DOMAIN 6.3. The second reader
is local.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from offer.sources import cite


class Asker(Enum):
    """Who asks. The value is the label a screen shows."""

    CHILD = "The child or young person"
    PARENT = "Somebody with parental responsibility, for the child"
    REPRESENTATIVE = "Somebody the child has asked to act for them"

    @property
    def is_for_the_child(self) -> bool:
        """Whether the answer is the child's own: theirs, or that of whom they sent."""
        return self is not Asker.PARENT


class Ground(Enum):
    """Why words may be kept back. The value is the label a screen shows."""

    THIRD_PARTY = "It is about somebody else, who has not agreed"
    CRIME = "It would make it harder to prevent or detect a crime"
    SERIOUS_HARM = "It would be likely to cause serious harm to somebody"
    CHILD_ABUSE = "It is about abuse of a child, and giving it to this person would not be in the child's interests"
    PRIVILEGE = "It is legal advice"

    @property
    def source(self) -> str:
        """Where the ground is in the law, as the log of what is kept back cites it."""
        return _SOURCES[self]


_SOURCES = {
    Ground.THIRD_PARTY: cite("DPA2018", "schedule 2, paragraph 16"),
    Ground.CRIME: cite("DPA2018", "schedule 2, paragraph 2"),
    Ground.SERIOUS_HARM: cite("DPA2018", "schedule 3, part 3"),
    Ground.CHILD_ABUSE: cite("DPA2018", "schedule 3, part 5"),
    Ground.PRIVILEGE: cite("DPA2018", "schedule 2, paragraph 19"),
}


def grounds_for(asker: Asker) -> tuple[Ground, ...]:
    """The grounds that may be given to this asker. That of child abuse data is only for a parent who asks."""
    return tuple(ground for ground in Ground if ground is not Ground.CHILD_ABUSE or not asker.is_for_the_child)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of an answer on the day on which somebody would give it.

    Args:
        undecided: how many passages nobody has decided on as they read today. unseen: how many that were decided on
            whoever would give it may not read, or are gone. named: titles of passages whose given words name somebody
            who is never named, or an address that is never given. barred: whoever asks is considered complicit or
            unsafe, belongs to the file no longer, or nothing reaches its family. prepared_by_same: whoever would give
            it prepared it.
    """

    undecided: int
    unseen: int
    named: Collection[str]
    barred: bool
    prepared_by_same: bool


def release_objections(answer: Answer) -> tuple[str, ...]:
    """Why an answer may not be given today, as sentences; none if it may."""
    return tuple(_objections(answer))


def _objections(answer: Answer) -> Iterator[str]:
    if answer.barred:
        yield (
            "Nothing of this file may be given to this person: they are considered complicit or unsafe, they belong to "
            "it no longer, or nothing reaches the family yet. Refuse the request, with the reason."
        )
    if answer.undecided == 1:
        yield "One passage is not decided on as it reads today. Decide on it first."
    elif answer.undecided:
        yield f"{answer.undecided} passages are not decided on as they read today. Decide on each first."
    if answer.unseen:
        yield (
            "Not every passage that was decided on is there to read: some are gone, or in parts of the file that you "
            "do not see. Send it back, or ask a manager who sees the whole file."
        )
    for title in answer.named:
        yield f"“{title}” names somebody, or an address, that is never given. Keep those words back."
    if answer.prepared_by_same:
        yield "You prepared this answer; somebody else must read it and give it."
