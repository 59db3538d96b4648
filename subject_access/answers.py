"""An answer as it stands: each passage beside what was decided on it, and what may never be given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from access.roles import CASE_ACTIONS, Action
from accounts.models import User
from children.models import Address, Child, Contact, Person
from children.selectors import people_of
from offer.subject_access import Answer, Asker, Ground
from plans.copies.family import is_clear, may_have_a_copy
from plans.copies.names import names_in, spans_of_names, withheld_names
from plans.copies.selectors import family_is_held
from plans.models import ContextualRisk
from subject_access import redaction
from subject_access.gathering import Passage, passages_of
from subject_access.kinds import CHAPTERS, KINDS
from subject_access.models import PassageDecision, SubjectAccessRequest
from subject_access.selectors import decisions_of


@dataclass(frozen=True)
class Line:
    """A passage, and the decision on it as it reads today; None where nobody decided on that."""

    passage: Passage
    decision: PassageDecision | None

    @property
    def given(self) -> str:
        """Its words as they are given; nothing where it is kept back or nobody decided."""
        if self.decision is None or not self.decision.given:
            return ""
        return redaction.given(self.passage.text, self.decision.kept_back)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a passage before anybody decided: whether it is given, without which words, and why."""

    given: bool
    kept_back: Sequence[Sequence[int]]
    ground: Ground | None


class Draft:
    """An answer as one person may read it today. Nothing of it is kept: each question reads the file again."""

    def __init__(self, asked: SubjectAccessRequest, user: User, chapter: str = "") -> None:
        self.asked, self.user, self.chapter = asked, user, chapter

    @cached_property
    def lines(self) -> list[Line]:
        decided = self._decided
        found = []
        for passage in passages_of(self.asked, self.user, self.chapter):
            decision = decided.get(passage.source)
            found.append(Line(passage, decision if decision and decision.digest == passage.digest else None))
        return found

    @cached_property
    def _decided(self) -> dict[str, PassageDecision]:
        return {one.source: one for one in decisions_of(self.asked, self.user)}

    def by_chapter(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {chapter: [] for chapter in CHAPTERS}
        for line in self.lines:
            found[line.passage.chapter].append(line)
        return {chapter: lines for chapter, lines in found.items() if lines}

    @property
    def undecided(self) -> int:
        return sum(line.decision is None for line in self.lines)

    @property
    def named(self) -> list[str]:
        """Titles of passages whose given words hold a name or an address that is never given."""
        return [line.passage.title for line in self.lines if line.given and spans_of_names(line.given, self.never)]

    @property
    def labels(self) -> list[str]:
        """The parts of the file that something is given of."""
        actions = {kind.model._meta.label_lower: kind.action for kind in KINDS}
        used = {actions[line.passage.source.split(":")[0]] for line in self.lines if line.given}
        return sorted({str(CASE_ACTIONS[action].part.label) for action in used})

    def title_of(self, line: Line) -> str:
        """The title of a passage as it is given: what names it may be the words of somebody who named another."""
        title = line.passage.title
        return redaction.given(title, spans_of_names(title, [*self.never, *self.perhaps]))

    @cached_property
    def people(self) -> list[Person]:
        return list(people_of(self.asked.case, self.user))

    @cached_property
    def never(self) -> list[str]:
        """Names, addresses, numbers that are never given: of other children, and of whoever is complicit or unsafe; and
        from a parent where the child is, if that is kept confidential."""
        child = Child.objects.allowing(self.user, Action.VIEW_FILE).filter(case=self.asked.case_id).first()
        bears = f"{child.given_names} {child.family_name} {child.known_as}" if child else ""
        names = withheld_names(self.people, self.asked.person, bears, may_be_named=is_clear)
        for person in self.people:
            if person != self.asked.person and not (person.is_adult and is_clear(person)):
                names += filter(None, (person.address, person.phone, person.email))
        return names + self._locked_addresses()

    def _locked_addresses(self) -> list[str]:
        if Asker[self.asked.asker.upper()].is_for_the_child:
            return []
        locked = Address.objects.allowing(self.user, Action.VIEW_LOCKED_LOCATION)
        found = locked.filter(case=self.asked.case_id, confidential=True)
        return [words for one in found for words in (one.lines, one.postcode) if words]

    @cached_property
    def perhaps(self) -> list[str]:
        """Whom a contact came from, and what looks like a name in who a risk comes from: proposed to be kept back, for
        somebody to judge."""
        contacts = Contact.objects.allowing(self.user, Action.VIEW_CONTACTS).filter(case=self.asked.case_id)
        risks = ContextualRisk.objects.allowing(self.user, Action.VIEW_SAFETY_PLAN).filter(case=self.asked.case_id)
        from_whom = [words for both in contacts.values_list("from_name", "from_phone") for words in both if words]
        told = risks.values_list("from_whom", "who_else")
        return from_whom + [name for both in told for text in both for name in names_in(text)]

    def proposal(self, passage: Passage) -> Proposal:
        """What is proposed for a passage: nobody is bound by it, and only what is never given is asked again."""
        if passage.ground:
            return Proposal(given=False, kept_back=[], ground=passage.ground)
        spans = redaction.merged(spans_of_names(passage.text, [*self.never, *self.perhaps]))
        if spans and not redaction.can_be_marked(passage.text):
            return Proposal(given=False, kept_back=[], ground=Ground.THIRD_PARTY)
        return Proposal(given=True, kept_back=spans, ground=Ground.THIRD_PARTY if spans else None)

    @property
    def is_barred(self) -> bool:
        """Nothing may reach whoever asks: they are considered complicit or unsafe, or nothing reaches this family."""
        if Asker[self.asked.asker.upper()].is_for_the_child:
            return False
        asker = next((person for person in self.people if person.pk == self.asked.person_id), None)
        return asker is None or not may_have_a_copy(asker) or family_is_held(self.asked.case, self.user)

    def facts(self, giver: User | None = None) -> Answer:
        """What `offer.subject_access.release_objections` asks."""
        same = giver is not None and self.asked.prepared_by_id == giver.pk
        unseen = len(self._decided.keys() - {line.passage.source for line in self.lines})
        return Answer(
            undecided=self.undecided, unseen=unseen, named=self.named, barred=self.is_barred, prepared_by_same=same
        )
