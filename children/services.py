"""What is done on a child's file. Each function is a door: it authorises, locks, writes and records."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Required, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Model
from django.utils import timezone

from access.actions import case_action, role_action
from access.agency import agency_for
from access.models import CaseFile
from access.permissions import NotAllowed, may, sentence
from access.refusals import Refused
from access.roles import Action
from access.services import open_case
from access.standing import standing_of
from access.versions import save_version
from accounts.models import Team, User
from accounts.roles import Role
from children.identifiers import normalise_nhs_number, normalise_postcode, normalise_upn
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    DuplicateAlert,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyReason,
    WorkerSafetyWarning,
)
from children.names import keys
from children.signals import child_changed
from deadlines.models import Deadline
from deadlines.services import drop_clock, start_clock, stop_clock

DECIDE, CONFIRM = "TS-01", "TS-02"  # of a contact: decided on, and a telephone call confirmed in writing

CLEAR = (ContactSafetyDecision.Complicity.NOT_CONSIDERED, ContactSafetyDecision.Complicity.CLEARED)

# What may be changed of each record. Its file, its author and its version never may.
CHILD_FACTS = frozenset(
    {
        "given_names", "family_name", "known_as", "date_of_birth", "date_of_birth_estimated", "send_status",
        "communication_needs", "home_authority", "host_authority",
    }
)  # fmt: skip
PROFILE_FACTS = frozenset(
    {
        "nhs_number", "upn", "external_id", "sex", "gender_identity", "ethnicity", "first_language",
        "interpreter_needed", "school", "disabilities", "send_basis",
    }
)  # fmt: skip
ADDRESS_FACTS = frozenset({"kind", "lines", "postcode", "confidential", "from_on", "until_on"})
PERSON_FACTS = frozenset(
    {
        "name", "relationship", "is_carer", "parental_responsibility", "lives_with_child", "is_adult", "phone", "email",
        "address", "interpreter",
    }
)  # fmt: skip

V = TypeVar("V", bound=Model)


class ContactFacts(TypedDict, total=False):
    """What was told, by whom and how."""

    method: Required[str]
    source: Required[str]
    details: Required[str]
    from_name: str
    from_agency: str
    from_phone: str
    child_given_names: str
    child_family_name: str
    child_date_of_birth: date | None
    child_address: str


# What is typed


def _checked_value(field: Any, value: Any) -> Any:
    if field.is_relation:
        return value
    if isinstance(value, str):
        value = value.replace("\x00", "").strip()
    try:
        return field.clean(value, None)
    except ValidationError as error:
        label = str(field.verbose_name)
        raise Refused(f"{label[0].upper()}{label[1:]}: {error.messages[0]}") from None


def _checked(model: type[Model], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without surrounding spaces. Refused where one is missing, too long or not on its list."""
    return {name: _checked_value(model._meta.get_field(name), value) for name, value in facts.items()}


def _added(model: type[V], **facts: Any) -> V:
    return model._default_manager.create(**_checked(model, facts))


def _saved(record: V, started_from: int, changes: Mapping[str, Any], editable: frozenset[str]) -> V:
    """Saves changes of the editable fields only (see `access.versions`)."""
    strangers = sorted(changes.keys() - editable)
    if strangers:
        raise TypeError(f"{type(record).__name__} has nothing to change called {', '.join(strangers)}.")
    return save_version(record, started_from, **_checked(type(record), changes))


def _not_ahead(moment: datetime, what: str) -> None:
    if moment > timezone.now():
        raise Refused(f"{what} cannot be in the future. Check the date and time.")


def _born(day: date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise Refused("The date of birth cannot be in the future.")


def _in_order(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise Refused("The last day must be on or after the first day.")


def _with_identifiers(facts: Mapping[str, Any]) -> dict[str, Any]:
    normal = {"nhs_number": normalise_nhs_number, "upn": normalise_upn}
    try:
        return {name: normal[name](value) if name in normal else value for name, value in facts.items()}
    except ValueError as error:
        raise Refused(str(error)) from None


# How a case begins


def _new_contact(case: CaseFile, by: User, received_at: datetime, facts: ContactFacts) -> Contact:
    _not_ahead(received_at, "The time the contact was received")
    _born(facts.get("child_date_of_birth"))
    return _added(Contact, case=case, recorded_by=by, recorded_at=timezone.now(), received_at=received_at, **facts)


@role_action(Action.OPEN_CASE)
def record_contact(*, by: User, team: Team, received_at: datetime, **facts: Unpack[ContactFacts]) -> Contact:
    """Records a contact about a child and opens a file for it, held by `team`.

    Args:
        received_at: when the council was told (aware, not in the future): the statutory clocks run from it.
        facts: the other fields of `Contact`.
    """
    case = open_case(by=by, team=team, reason="Contact received")
    return add_contact(case, by=by, received_at=received_at, **facts)


@case_action(Action.RECORD_CONTACT)
def add_contact(case: CaseFile, *, by: User, received_at: datetime, **facts: Unpack[ContactFacts]) -> Contact:
    """Records a further contact on a child's file. Arguments as for `record_contact`.

    From then on it is to be decided on in one working day (TS-01) and, told by telephone, confirmed in writing in
    48 hours (TS-02).
    """
    contact = _new_contact(case, by, received_at, facts)
    start_clock(case, by=by, rule_id=DECIDE, started_at=received_at, about=_about(contact))
    if contact.method == Contact.Method.PHONE:
        start_clock(case, by=by, rule_id=CONFIRM, started_at=received_at, about=_about(contact))
    return contact


def _about(contact: Contact) -> str:
    return f"contact:{contact.pk}"


def _waits_for_writing(contact: Contact) -> bool:
    running = Deadline.objects.filter(case=contact.case_id, rule_id=CONFIRM, about=_about(contact))
    return bool(running.filter(state=Deadline.State.OPEN).exists())


@case_action(Action.RECORD_CONTACT)
def confirm_in_writing(contact: Contact, *, by: User, confirmed_at: datetime) -> Contact:
    """What was told by telephone has come in writing too, at `confirmed_at` (aware, not in the future).

    Raises:
        Refused: no confirmation is waited for, or it came before the call or in the future.
    """
    _not_ahead(confirmed_at, "The time it came in writing")
    if confirmed_at < contact.received_at:
        raise Refused("The confirmation cannot have come before the call.")
    if not stop_clock(contact.case, by=by, rule_id=CONFIRM, about=_about(contact), done_at=confirmed_at):
        raise Refused("This contact waits for no confirmation in writing.")
    return contact


def _screen(contact: Contact, by: User, outcome: str, reason: str, **moved: CaseFile) -> Contact:
    changes = _checked(Contact, {"screening_reason": reason})
    changed = Contact.objects.filter(pk=contact.pk, outcome=Contact.Outcome.RECEIVED).update(
        outcome=outcome, screened_by=by, screened_at=timezone.now(), **changes, **moved
    )
    if not changed:
        raise Refused("Somebody has already screened this contact. Open it again to see what was decided.")
    screened: Contact = Contact.objects.select_related("case").get(pk=contact.pk)
    return screened


@case_action(Action.SCREEN_CONTACT)
def screen_contact(contact: Contact, *, by: User, accepted: bool, reason: str) -> Contact:
    """Decides what happens with a contact, once. Not accepting needs a reason, which is kept (ruling Q28)."""
    if not accepted and not reason.strip():
        raise Refused("Say why no further action is needed.")
    outcome = Contact.Outcome.ACCEPTED if accepted else Contact.Outcome.SCREENED_OUT
    screened = _screen(contact, by, outcome, reason)
    stop_clock(screened.case, by=by, rule_id=DECIDE, about=_about(screened), done_at=screened.screened_at)
    if not accepted:
        why = "No further action was taken on the contact."
        drop_clock(screened.case, by=by, rule_id=CONFIRM, about=_about(screened), reason=why)
    return screened


@case_action(Action.SCREEN_CONTACT)
def link_contact(contact: Contact, *, by: User, to_case: CaseFile, reason: str = "") -> Contact:
    """Moves a contact to the file of a child already known. Needs the right to record contacts there too."""
    if to_case.pk == contact.case_id:
        raise Refused("The contact is already on this file.")
    before, waits = contact.case, _waits_for_writing(contact)
    moved = _receive_linked(to_case, by=by, contact=contact, reason=reason, waits_for_writing=waits)
    stop_clock(before, by=by, rule_id=DECIDE, about=_about(moved), done_at=moved.screened_at)
    drop_clock(before, by=by, rule_id=CONFIRM, about=_about(moved), reason="The contact was moved to another file.")
    return moved


@case_action(Action.RECORD_CONTACT)
def _receive_linked(case: CaseFile, *, by: User, contact: Contact, reason: str, waits_for_writing: bool) -> Contact:
    """The other file's own door, so that it is locked and its ledger says what came in."""
    if not Child.objects.filter(case=case).exists():
        raise Refused("That file has no child on it yet. Choose the file of a known child.")
    moved = _screen(contact, by, Contact.Outcome.LINKED, reason, case=case)
    if waits_for_writing:
        start_clock(case, by=by, rule_id=CONFIRM, started_at=moved.received_at, about=_about(moved))
    return moved


# Who the child is


def _child_of(case: CaseFile) -> Child:
    child: Child | None = Child.objects.filter(case=case).first()
    if child is None:
        raise Refused("Add the child to this file first.")
    return child


def _names_changed(child: Child) -> None:
    """Makes the child found under the names of today, and looks for files that may be of the same child."""
    aliases = Alias.objects.filter(case=child.case_id, ended_at__isnull=True).values_list("name", flat=True)
    wanted = keys(child.given_names, child.family_name, child.known_as, *aliases)
    known = set(NameKey.objects.filter(case=child.case_id).values_list("key", flat=True))
    NameKey.objects.filter(case=child.case_id, key__in=known - wanted).delete()
    NameKey.objects.bulk_create(NameKey(case_id=child.case_id, key=key) for key in sorted(wanted - known))
    _flag_hidden_duplicates(child)


def _flag_hidden_duplicates(record: Child | ChildProfile) -> None:
    """Tells the contact team, and nobody here, of files this person may not see that match (ruling Q20)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.flag_hidden_duplicates(%s)", [record.case_id])


@case_action(Action.EDIT_CHILD)
def create_child(
    case: CaseFile, *, by: User, given_names: str, family_name: str, known_as: str = "",
    date_of_birth: date | None = None, date_of_birth_estimated: bool = False, nhs_number: str = "", upn: str = "",
    sex: str = ChildProfile.Sex.NOT_KNOWN, send_status: str = Child.SendStatus.NOT_KNOWN,
) -> Child:  # fmt: skip
    """Puts the child on a file whose contact was accepted. One child a file.

    Raises:
        Refused: no contact has been accepted, there is a child already, or a fact is impossible.
    """
    if Child.objects.filter(case=case).exists():
        raise Refused("This file already has a child. Open a new contact for another child.")
    if not Contact.objects.filter(case=case, outcome=Contact.Outcome.ACCEPTED).exists():
        raise Refused("A manager must accept the contact before a child is added.")
    _born(date_of_birth)
    identifiers = _with_identifiers({"nhs_number": nhs_number, "upn": upn})
    child = _added(
        Child, case=case, created_by=by, given_names=given_names, family_name=family_name, known_as=known_as,
        date_of_birth=date_of_birth, date_of_birth_estimated=date_of_birth_estimated, send_status=send_status,
    )  # fmt: skip
    _added(ChildProfile, case=case, sex=sex, **identifiers)
    _names_changed(child)
    return child


@case_action(Action.EDIT_CHILD)
def update_child(child: Child, *, by: User, version: int, **changes: Any) -> Child:
    """Corrects what every holder of the file sees. Packages to the left are told (`signals.child_changed`).

    Raises:
        StaleRecord: somebody changed it after `version` was read.
        Refused: a fact is impossible.
    """
    _born(changes.get("date_of_birth"))
    before = Child.objects.get(pk=child.pk)
    saved = _saved(child, version, changes, CHILD_FACTS)
    _names_changed(saved)
    child_changed.send(sender=Child, child=saved, before=before, by=by)
    return saved


@case_action(Action.EDIT_CHILD)
def update_profile(profile: ChildProfile, *, by: User, version: int, **changes: Any) -> ChildProfile:
    """Corrects identifiers and demographics. Raises as `update_child`."""
    saved = _saved(profile, version, _with_identifiers(changes), PROFILE_FACTS)
    _flag_hidden_duplicates(saved)
    return saved


@case_action(Action.EDIT_CHILD)
def add_alias(case: CaseFile, *, by: User, name: str, note: str = "") -> Alias:
    """Another name the child is known by; the child is found under it from now."""
    child = _child_of(case)
    alias = _added(Alias, case=case, name=name, note=note, added_by=by)
    _names_changed(child)
    return alias


@case_action(Action.EDIT_CHILD)
def end_alias(alias: Alias, *, by: User) -> Alias:
    """The name is no longer searched; that it was once used is kept."""
    Alias.objects.filter(pk=alias.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    _names_changed(_child_of(alias.case))
    return Alias.objects.get(pk=alias.pk)


def _may_hold(by: User, case: CaseFile, *, confidential: bool) -> None:
    """Nobody writes a confidential address that they could not read."""
    if confidential and not may(by, Action.VIEW_LOCKED_LOCATION, case):
        raise NotAllowed(sentence(Action.VIEW_LOCKED_LOCATION))


@case_action(Action.EDIT_LOCATION)
def add_address(
    case: CaseFile, *, by: User, kind: str, lines: str, from_on: date, postcode: str = "",
    confidential: bool = False, until_on: date | None = None,
) -> Address:  # fmt: skip
    """An address of the child.

    Earlier ones, homes too, stay until somebody ends them: a child may live with each parent in turn, and
    nothing of a case is ever changed by itself.
    """
    _may_hold(by, case, confidential=confidential)
    _in_order(from_on, until_on)
    return _added(
        Address, case=case, recorded_by=by, kind=kind, lines=lines, postcode=normalise_postcode(postcode),
        confidential=confidential, from_on=from_on, until_on=until_on,
    )  # fmt: skip


@case_action(Action.EDIT_LOCATION)
def update_address(address: Address, *, by: User, version: int, **changes: Any) -> Address:
    """Corrects, locks, unlocks or ends an address. Raises as `update_child`."""
    _may_hold(by, address.case, confidential=address.confidential or bool(changes.get("confidential")))
    _in_order(changes.get("from_on", address.from_on), changes.get("until_on", address.until_on))
    if "postcode" in changes:
        changes["postcode"] = normalise_postcode(changes["postcode"])
    return _saved(address, version, changes, ADDRESS_FACTS)


# Who is around the child


@case_action(Action.EDIT_NETWORK)
def add_person(
    case: CaseFile, *, by: User, name: str, relationship: str, is_carer: bool = False,
    parental_responsibility: str = Person.YesNoUnknown.NOT_KNOWN,
    lives_with_child: str = Person.YesNoUnknown.NOT_KNOWN, is_adult: bool = True, phone: str = "", email: str = "",
    address: str = "", interpreter: str = "",
) -> Person:  # fmt: skip
    """A carer, relative or other person around the child, known on this file only."""
    return _added(
        Person, case=case, recorded_by=by, name=name, relationship=relationship, is_carer=is_carer,
        parental_responsibility=parental_responsibility, lives_with_child=lives_with_child, is_adult=is_adult,
        phone=phone, email=email, address=address, interpreter=interpreter,
    )  # fmt: skip


@case_action(Action.EDIT_NETWORK)
def update_person(person: Person, *, by: User, version: int, **changes: Any) -> Person:
    """Corrects what is known of a person. Raises as `update_child`."""
    return _saved(person, version, changes, PERSON_FACTS)


@case_action(Action.EDIT_NETWORK)
def end_person(person: Person, *, by: User) -> Person:
    """The person no longer matters to the child's life; the record and its decisions are kept."""
    current = Person.objects.filter(pk=person.pk, ended_at__isnull=True)
    current.update(ended_at=timezone.now(), version=F("version") + 1)
    return Person.objects.get(pk=person.pk)


@case_action(Action.DECIDE_COMPLICITY)
def decide_contact_safety(
    person: Person, *, by: User, complicity: str, reason: str, unsafe_to_contact: bool = False,
    unsafe_to_meet_together: bool = False, legal_advice_taken: bool = False, review_on: date | None = None,
) -> ContactSafetyDecision:  # fmt: skip
    """Decides, for one adult, whether they may be contacted, told and invited (BR-08, ruling Q5). A new row each time.

    Raises:
        Refused: no reason, or no review date ahead for anything but a clear answer.
    """
    if not reason.strip():
        raise Refused("Say what the decision rests on.")
    is_clear = complicity in CLEAR and not unsafe_to_contact and not unsafe_to_meet_together
    if not is_clear and review_on is None:
        raise Refused("Say when this will be reviewed.")
    if review_on is not None and review_on <= timezone.localdate():
        raise Refused("The date of the review must be after today.")
    return _added(
        ContactSafetyDecision, case=person.case, person=person, complicity=complicity, reason=reason,
        unsafe_to_contact=unsafe_to_contact, unsafe_to_meet_together=unsafe_to_meet_together,
        legal_advice_taken=legal_advice_taken, review_on=review_on, decided_by=by,
    )  # fmt: skip


# What else is under way


@case_action(Action.EDIT_CHILD)
def add_other_plan(
    case: CaseFile, *, by: User, kind: str, started_on: date, lead: str = "", ended_on: date | None = None
) -> OtherPlan:
    """Another plan the child has, which the work on exploitation must fit (BR-14)."""
    _in_order(started_on, ended_on)
    return _added(OtherPlan, case=case, recorded_by=by, kind=kind, started_on=started_on, lead=lead, ended_on=ended_on)


@case_action(Action.EDIT_CHILD)
def end_other_plan(plan: OtherPlan, *, by: User, version: int, ended_on: date) -> OtherPlan:
    """Ends another plan. Raises as `update_child`."""
    _in_order(plan.started_on, ended_on)
    return _saved(plan, version, {"ended_on": ended_on}, frozenset({"ended_on"}))


@case_action(Action.RECORD_WARNING)
def raise_warning(case: CaseFile, *, by: User, advice: str, reason: str) -> WorkerSafetyWarning:
    """Warns whoever visits (ruling Q26). `advice` is shown to all of them; `reason` to social care alone."""
    warning = _added(WorkerSafetyWarning, case=case, advice=advice, raised_by=by)
    _added(WorkerSafetyReason, case=case, warning=warning, reason=reason)
    return warning


@case_action(Action.RECORD_WARNING)
def end_warning(warning: WorkerSafetyWarning, *, by: User) -> WorkerSafetyWarning:
    """Takes a warning away; that it stood is kept."""
    live = WorkerSafetyWarning.objects.filter(pk=warning.pk, ended_at__isnull=True)
    live.update(ended_at=timezone.now(), ended_by=by)
    return WorkerSafetyWarning.objects.get(pk=warning.pk)


# What has happened


@case_action(Action.ADD_NOTE)
def add_note(
    case: CaseFile, *, by: User, kind: str, happened_at: datetime, text: str, seen: str = "", child_words: str = "",
    corrects: CaseNote | None = None,
) -> CaseNote:  # fmt: skip
    """Writes down what happened, for good: a mistake is corrected by a new note that names the old one.

    The note is of the agency through which `by` may write here; outside social care only that agency and
    social care read it.

    Args:
        happened_at: when it happened (aware, not in the future); when it was written down is set here.
        seen: for a visit, whether the child was seen and seen alone; otherwise empty.
        corrects: a note of this file that `by` can read.
    """
    _not_ahead(happened_at, "When it happened")
    if (kind == CaseNote.Kind.VISIT) != bool(seen):
        raise Refused("For a visit, say whether the child was seen; for anything else, leave that empty.")
    if kind == CaseNote.Kind.MANAGER and Role.TEAM_MANAGER not in standing_of(by).roles:
        raise Refused("Only a team manager can record a management decision.")
    if corrects and not CaseNote.objects.allowing(by, Action.VIEW_NOTES).filter(case=case, pk=corrects.pk).exists():
        raise Refused("The note to correct is not on this file.")
    return _added(
        CaseNote, case=case, author=by, agency=agency_for(by, Action.ADD_NOTE, case), kind=kind,
        happened_at=happened_at, recorded_at=timezone.now(), text=text, seen=seen, child_words=child_words,
        corrects=corrects,
    )  # fmt: skip


# Two files about one child


@role_action(Action.SCREEN_CONTACT)
def close_duplicate_alert(*, by: User, alert: DuplicateAlert, outcome: str) -> DuplicateAlert:
    """Closes a hint that two files may be about one child, saying what was found."""
    if not outcome.strip():
        raise Refused("Say what you found.")
    found = _checked(DuplicateAlert, {"outcome": outcome})
    changed = DuplicateAlert.objects.filter(pk=alert.pk, closed_at__isnull=True).update(
        closed_at=timezone.now(), closed_by=by, **found
    )
    if not changed:
        raise Refused("Somebody has already closed this, or your team does not receive contacts.")
    return DuplicateAlert.objects.get(pk=alert.pk)
