"""What a child's file holds: the contact, the child, the people around them, plans, visits and notes."""

from collections.abc import Callable
from functools import lru_cache

from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyReason,
    WorkerSafetyWarning,
)
from children.names import keys
from cre_case.demo import words
from cre_case.demo.access_rows import ALLOCATE_AFTER, RECEIVED, RECORDED
from cre_case.demo.desk import Folder
from cre_case.demo.identifiers import landline, mobile, postcode
from cre_case.demo.imagine import About
from cre_case.demo.names import ADULT_MEN, ADULT_WOMEN, STREETS
from cre_case.demo.place import Feature

DERBY = "Derby City Council"
OTHER_AUTHORITIES = ("Nottingham City Council", "Leicestershire County Council", "Sheffield City Council")
SOURCES = (
    (Contact.Source.SCHOOL, Contact.Method.PHONE, "Safeguarding lead"),
    (Contact.Source.POLICE, Contact.Method.POLICE_NOTIFICATION, "Duty sergeant"),
    (Contact.Source.HEALTH, Contact.Method.EMAIL, "School nurse"),
    (Contact.Source.FAMILY, Contact.Method.PHONE, "Grandmother"),
    (Contact.Source.VOLUNTARY, Contact.Method.FORM, "Youth worker"),
    (Contact.Source.ANONYMOUS, Contact.Method.PHONE, ""),
)
YES, NO = Person.YesNoUnknown.YES, Person.YesNoUnknown.NO
NOT_CONSIDERED = ContactSafetyDecision.Complicity.NOT_CONSIDERED


@lru_cache(maxsize=60_000)
def keys_of(name: str) -> frozenset[str]:
    return frozenset(keys(name))


def write_contact(
    folder: Folder, about: About, outcome: str, details: str, reason: str = "", *, days: int | None = None
) -> None:
    """A contact received `days` ago: when the file was opened, unless it is a later one."""
    place, clock, dice = folder.place, folder.clock, folder.dice
    days = place.days if days is None else days
    source, method, who = dice.choice(SOURCES)
    screened = outcome != Contact.Outcome.RECEIVED
    folder.add(
        Contact,
        received_at=clock.at(-days, *RECEIVED),
        method=method,
        source=source,
        from_name=who,
        from_agency="" if source in (Contact.Source.FAMILY, Contact.Source.ANONYMOUS) else about.school,
        from_phone=landline(dice) if who else "",
        child_given_names=about.given_names,
        child_family_name=about.family_name,
        child_date_of_birth=about.born,
        child_address="",
        details=details.format(child=about.called),
        recorded_by_id=folder.user(place.opened_by),
        recorded_at=clock.at(-days, *RECORDED),
        outcome=outcome,
        screening_reason=reason.format(child=about.called),
        screened_by_id=folder.manager if screened else None,
        screened_at=clock.at(1 - days, 9, 30) if screened else None,
    )


def write_child(folder: Folder, about: About) -> None:
    """Everything in the file of a child whose contact was accepted."""
    write_contact(
        folder, about, Contact.Outcome.ACCEPTED, folder.dice.choice(words.CONTACTS), words.ACCEPTED_REASON
    )  # fmt: skip
    _child(folder, about)
    _names(folder, about)
    _addresses(folder)
    _family(folder, about)
    _other_plans(folder, about)
    for feature, write in _BY_FEATURE.items():
        if feature in folder.place.features:
            write(folder, about)
    if folder.place.lead:
        _notes(folder, about)


def _child(folder: Folder, about: About) -> None:
    place, dice = folder.place, folder.dice
    away = dice.choice(OTHER_AUTHORITIES)
    folder.add(
        Child,
        given_names=about.given_names,
        family_name=about.family_name,
        known_as=about.known_as,
        date_of_birth=about.born,
        send_status=about.send,
        communication_needs=about.needs,
        home_authority=away if Feature.PLACED_HERE in place.features else DERBY,
        host_authority=away if Feature.PLACED_AWAY in place.features else DERBY,
        created_by_id=folder.user(place.opened_by),
        created_at=folder.clock.at(1 - place.days, 11),
    )
    folder.add(
        ChildProfile,
        nhs_number=about.nhs_number,
        upn=about.upn,
        external_id=str(dice.randrange(100_000, 1_000_000)),
        sex=about.sex,
        ethnicity=about.ethnicity,
        first_language=about.first_language,
        interpreter_needed=about.first_language != "English" and dice.random() < 0.3,
        school=about.school,
        disabilities=list(about.disabilities),
        send_basis=about.send_basis,
    )


def _names(folder: Folder, about: About) -> None:
    found = {*keys_of(about.given_names), *keys_of(about.family_name), *keys_of(about.known_as)}
    if Feature.ALIAS in folder.place.features:
        other = f"{about.called} {folder.dice.choice(('Fairmere', 'Brook', 'Linwood', 'Haile'))}"
        found |= keys_of(other)
        folder.add(
            Alias,
            name=other,
            note="The name at the previous school",
            added_by_id=folder.author,
            added_at=folder.clock.at(1 - folder.place.days, 11, 20),
        )
    for key in sorted(found):
        folder.add(NameKey, key=key)


def _addresses(folder: Folder) -> None:
    dice, clock, features = folder.dice, folder.clock, folder.place.features
    moved = -(folder.place.days // 2)
    left = Feature.FOSTERED in features
    _address(folder, Address.Kind.HOME, -dice.randrange(900, 2500), moved if left else None)
    if left:
        _address(folder, Address.Kind.PLACEMENT, moved, None, confidential=True)
    elif Feature.PLACED_HERE in features or Feature.PLACED_AWAY in features:
        _address(folder, Address.Kind.PLACEMENT, -(folder.place.days + 100), None)
    elif dice.random() < 0.2:
        folder.add(
            Address,
            kind=Address.Kind.OTHER,
            lines=f"{dice.randrange(2, 90)} {dice.choice(STREETS)}, Derby (grandparents, most weekends)",
            postcode=postcode(dice),
            from_on=clock.day(-400),
            recorded_by_id=folder.author,
        )


def _address(folder: Folder, kind: str, since: int, until: int | None, *, confidential: bool = False) -> None:
    dice, clock = folder.dice, folder.clock
    folder.add(
        Address,
        kind=kind,
        lines=f"{dice.randrange(2, 140)} {dice.choice(STREETS)}, Derby",
        postcode=postcode(dice),
        confidential=confidential,
        from_on=clock.day(since),
        until_on=None if until is None else clock.day(until),
        recorded_by_id=folder.author,
    )


def _person(folder: Folder, name: str, relationship: str, **known: object) -> Person:
    return folder.add(
        Person,
        name=name,
        relationship=relationship,
        phone=mobile(folder.dice) if known.get("is_carer") else "",
        recorded_by_id=folder.author,
        recorded_at=folder.clock.at(1 - folder.place.days, 11, 30),
        **known,
    )


def _family(folder: Folder, about: About) -> None:
    """The parents, whoever cares for a child who cannot live with them, and sometimes a grandmother."""
    dice, features = folder.dice, folder.place.features
    if about.relatives:
        _told_family(folder, about)
        return
    with_carer = Feature.FOSTERED in features
    at_home = NO if with_carer else YES
    _person(
        folder, f"{dice.choice(ADULT_WOMEN)} {about.family_name}", Person.Relationship.MOTHER,
        is_carer=not with_carer, parental_responsibility=YES, lives_with_child=at_home,
        interpreter="" if about.first_language == "English" or dice.random() < 0.7 else about.first_language,
    )  # fmt: skip
    apart = Feature.COMPLICIT_FATHER in features or Feature.UNSAFE_TOGETHER in features
    if not apart and dice.random() < 0.6:
        lives = at_home if dice.random() < 0.6 else NO
        _person(
            folder, f"{dice.choice(ADULT_MEN)} {about.family_name}", Person.Relationship.FATHER,
            is_carer=lives == YES, parental_responsibility=YES, lives_with_child=lives,
        )  # fmt: skip
    if with_carer:
        _person(
            folder, f"{dice.choice(ADULT_WOMEN)} {dice.choice(('Larch', 'Penrose', 'Okafor-Dean', 'Sethi'))}",
            Person.Relationship.FOSTER_CARER, is_carer=True, parental_responsibility=NO, lives_with_child=YES,
        )  # fmt: skip
    if dice.random() < 0.3:
        _person(
            folder, f"{dice.choice(ADULT_WOMEN)} {about.family_name}", Person.Relationship.GRANDPARENT,
            parental_responsibility=NO, lives_with_child=NO,
        )  # fmt: skip


def _told_family(folder: Folder, about: About) -> None:
    for relative in about.relatives:
        _person(
            folder, relative.name, relative.relationship,
            is_carer=relative.at_home, parental_responsibility=YES, lives_with_child=YES if relative.at_home else NO,
        )  # fmt: skip


def _father_apart(folder: Folder, about: About) -> Person:
    """The father, who lives at another address."""
    for row in folder.rows:
        if isinstance(row, Person) and row.relationship == Person.Relationship.FATHER:
            return row
    dice = folder.dice
    return _person(
        folder, f"{dice.choice(ADULT_MEN)} {about.family_name}", Person.Relationship.FATHER,
        parental_responsibility=YES, lives_with_child=NO,
        address=f"{dice.randrange(2, 140)} {dice.choice(STREETS)}, Derby",
    )  # fmt: skip


def decide_contact_safety(folder: Folder, person: Person, reason: str, **found: object) -> None:
    folder.add(
        ContactSafetyDecision,
        person_id=person.pk,
        reason=reason,
        review_on=folder.clock.day(42),
        decided_by_id=folder.manager,
        decided_at=folder.clock.at(-max(1, folder.place.days - 4), 16),
        **found,
    )


def _complicit_father(folder: Folder, about: About) -> None:
    decide_contact_safety(
        folder, _father_apart(folder, about),
        "Messages seen by police show that he receives money from the adults exploiting the child.",
        complicity=ContactSafetyDecision.Complicity.CONSIDERED_COMPLICIT, legal_advice_taken=True,
    )  # fmt: skip


def _unsafe_together(folder: Folder, about: About) -> None:
    _father_apart(folder, about)
    mother = next(row for row in folder.rows if isinstance(row, Person))
    decide_contact_safety(
        folder, mother, "Her former partner hurt and controlled her. Invite and meet each of them apart.",
        complicity=NOT_CONSIDERED, unsafe_to_meet_together=True,
    )  # fmt: skip


def _other_plans(folder: Folder, about: About) -> None:
    features, kinds = folder.place.features, []
    if "EHC" in about.send_basis:
        kinds.append((OtherPlan.Kind.EHC_PLAN, "SEND officer"))
    if Feature.FOSTERED in features or Feature.PLACED_HERE in features or Feature.PLACED_AWAY in features:
        kinds.append((OtherPlan.Kind.LOOKED_AFTER, "Independent Reviewing Officer"))
    elif Feature.CHILD_PROTECTION in features:
        kinds.append((OtherPlan.Kind.CHILD_PROTECTION, "Conference chair"))
    elif folder.dice.random() < 0.3:
        kinds.append((OtherPlan.Kind.EARLY_HELP, "Family support worker"))
    for kind, lead in kinds:
        folder.add(
            OtherPlan,
            kind=kind,
            lead=lead,
            started_on=folder.clock.day(-folder.place.days // 2),
            recorded_by_id=folder.author,
        )


def _warning(folder: Folder, about: About) -> None:
    _warn(folder, ended=False)


def _ended_warning(folder: Folder, about: About) -> None:
    _warn(folder, ended=True)


def _warn(folder: Folder, *, ended: bool) -> None:
    advice, reason = folder.dice.choice(words.WARNINGS)
    warning = folder.add(
        WorkerSafetyWarning,
        advice=advice,
        raised_by_id=folder.author,
        raised_at=folder.clock.at(-max(2, folder.place.days - 3), 14),
        ended_at=folder.clock.at(-1, 9) if ended else None,
        ended_by_id=folder.manager if ended else None,
    )
    folder.add(WorkerSafetyReason, warning_id=warning.pk, reason=reason)


def _linked_contact(folder: Folder, about: About) -> None:
    write_contact(folder, about, Contact.Outcome.LINKED, words.LINKED, words.LINKED_REASON, days=3)


def _notes(folder: Folder, about: About) -> None:
    """A visit, a note and something else, spread over the time since the child was allocated."""
    dice = folder.dice
    span = max(1, folder.place.days - ALLOCATE_AFTER - 1)
    agency = folder.desk.town.agencies[folder.place.team]
    _visit(folder, about, -dice.randint(1, min(span, 28)), agency)
    note(folder, CaseNote.Kind.NOTE, -dice.randint(1, span), folder.author, agency, dice.choice(words.NOTES), about)
    if dice.random() < 0.55:
        note(
            folder,
            CaseNote.Kind.PHONE_CALL,
            -dice.randint(1, span),
            folder.author,
            agency,
            dice.choice(words.CALLS),
            about,
        )
    if dice.random() < 0.4:
        kind = CaseNote.Kind.MANAGER
        note(folder, kind, -dice.randint(1, span), folder.manager, agency, dice.choice(words.DECISIONS), about)
    for team, username in folder.place.partners:
        text = words.PARTNER_NOTES[team.rstrip("0123456789")]
        author = folder.user(username)
        note(folder, CaseNote.Kind.NOTE, -dice.randint(1, 6), author, folder.desk.town.agencies[team], text, about)


def note(
    folder: Folder, kind: str, day: int, author: int, agency: int, text: str, about: About, **seen: str
) -> CaseNote:
    hour = folder.dice.randrange(9, 17)
    return folder.add(
        CaseNote,
        kind=kind,
        happened_at=folder.clock.at(day, hour, 20),
        recorded_at=folder.clock.at(day, hour + folder.dice.randrange(1, 6), 5),
        author_id=author,
        agency_id=agency,
        text=text.format(child=about.called),
        **seen,
    )


def _visit(folder: Folder, about: About, day: int, agency: int) -> None:
    dice = folder.dice
    if Feature.NOT_SEEN_YET in folder.place.features:
        seen, text, said = CaseNote.Seen.NOT_SEEN, dice.choice(words.NOT_SEEN), ""
    else:
        seen = CaseNote.Seen.ALONE if dice.random() < 0.7 else CaseNote.Seen.WITH_OTHERS
        text, said = dice.choice(words.VISITS), dice.choice(words.CHILD_WORDS)
    note(folder, CaseNote.Kind.VISIT, day, folder.author, agency, text, about, seen=seen, child_words=said)


_BY_FEATURE: dict[Feature, Callable[[Folder, About], object]] = {
    Feature.COMPLICIT_FATHER: _complicit_father,
    Feature.UNSAFE_TOGETHER: _unsafe_together,
    Feature.WARNING: _warning,
    Feature.ENDED_WARNING: _ended_warning,
    Feature.LINKED_CONTACT: _linked_contact,
}
