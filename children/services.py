"""What is done on a child's file. Each function is a door: it authorises, locks, writes and records."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from access.actions import case_action, role_action
from access.ledger import Kind
from access.models import CaseFile
from access.permissions import NotAllowed, may, sentence
from access.refusals import Refused
from access.roles import Action
from access.services import open_case
from access.standing import standing_of
from access.versions import save_version
from accounts.models import Agency, Team, User
from accounts.roles import Role
from children.identifiers import normalise_nhs_number, normalise_upn
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

CLEAR = (ContactSafetyDecision.Complicity.NOT_CONSIDERED, ContactSafetyDecision.Complicity.CLEARED)


def _not_ahead(moment: datetime, what: str) -> None:
    if moment > timezone.now():
        raise Refused(f"{what} cannot be in the future. Check the date and time.")


def _checked_identifiers(facts: dict[str, Any]) -> dict[str, Any]:
    try:
        if "nhs_number" in facts:
            facts["nhs_number"] = normalise_nhs_number(facts["nhs_number"])
        if "upn" in facts:
            facts["upn"] = normalise_upn(facts["upn"])
    except ValueError as error:
        raise Refused(str(error)) from None
    return facts


# How a case begins


def _new_contact(case: CaseFile, by: User, received_at: datetime, facts: dict[str, Any]) -> Contact:
    _not_ahead(received_at, "The time the contact was received")
    return Contact.objects.create(
        case=case, recorded_by=by, recorded_at=timezone.now(), received_at=received_at, **facts
    )


@role_action(Action.OPEN_CASE)
def record_contact(*, by: User, team: Team, received_at: datetime, **facts: Any) -> Contact:
    """Records a contact about a child and opens a file for it, held by `team`.

    Args:
        received_at: when the council was told (aware, not in the future): the statutory clocks run from it.
        facts: the other fields of `Contact`.
    """
    case = open_case(by=by, team=team, reason="Contact received")
    return _new_contact(case, by, received_at, facts)


@case_action(Action.RECORD_CONTACT)
def add_contact(case: CaseFile, *, by: User, received_at: datetime, **facts: Any) -> Contact:
    """Records a further contact on a child's file. Arguments as for `record_contact`."""
    return _new_contact(case, by, received_at, facts)


def _screen(contact: Contact, by: User, outcome: str, reason: str, **moved: Any) -> Contact:
    changed = Contact.objects.filter(pk=contact.pk, outcome=Contact.Outcome.RECEIVED).update(
        outcome=outcome, screening_reason=reason, screened_by=by, screened_at=timezone.now(), **moved
    )
    if not changed:
        raise Refused("Somebody has already screened this contact. Open it again to see what was decided.")
    return Contact.objects.get(pk=contact.pk)


@case_action(Action.SCREEN_CONTACT)
def screen_contact(contact: Contact, *, by: User, accepted: bool, reason: str) -> Contact:
    """Decides what happens with a contact, once. Not accepting needs a reason, which is kept (ruling Q28)."""
    if not accepted and not reason.strip():
        raise Refused("Say why no further action is needed.")
    outcome = Contact.Outcome.ACCEPTED if accepted else Contact.Outcome.SCREENED_OUT
    return _screen(contact, by, outcome, reason)


@case_action(Action.SCREEN_CONTACT)
def link_contact(contact: Contact, *, by: User, to_case: CaseFile, reason: str = "") -> Contact:
    """Moves a contact to the file of a child already known. Needs the right to record contacts there too."""
    if to_case.pk == contact.case_id:
        raise Refused("The contact is already on this file.")
    if not may(by, Action.RECORD_CONTACT, to_case):
        raise NotAllowed(sentence(Action.RECORD_CONTACT))
    if not Child.objects.filter(case=to_case).exists():
        raise Refused("That file has no child on it yet. Choose the file of a known child.")
    return _screen(contact, by, Contact.Outcome.LINKED, reason, case=to_case)


# Who the child is


def _rebuild_name_keys(child: Child) -> None:
    aliases = Alias.objects.filter(case=child.case_id, ended_at__isnull=True).values_list("name", flat=True)
    wanted = keys(child.given_names, child.family_name, child.known_as, *aliases)
    known = set(NameKey.objects.filter(case=child.case_id).values_list("key", flat=True))
    NameKey.objects.filter(case=child.case_id, key__in=known - wanted).delete()
    NameKey.objects.bulk_create(NameKey(case_id=child.case_id, key=key) for key in sorted(wanted - known))


def _flag_hidden_duplicates(case: CaseFile) -> None:
    """Tells the contact team, and nobody here, of files this person may not see that match (ruling Q20)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.flag_hidden_duplicates(%s)", [case.pk])


@case_action(Action.EDIT_CHILD)
def create_child(
    case: CaseFile, *, by: User, given_names: str, family_name: str, nhs_number: str = "", upn: str = "",
    sex: str = "U", **about: Any,
) -> Child:  # fmt: skip
    """Puts the child on a file whose contact was accepted. One child a file.

    Raises:
        Refused: no contact has been accepted, there is a child already, or an identifier is impossible.
    """
    if Child.objects.filter(case=case).exists():
        raise Refused("This file already has a child. Open a new contact for another child.")
    if not Contact.objects.filter(case=case, outcome=Contact.Outcome.ACCEPTED).exists():
        raise Refused("A manager must accept the contact before a child is added.")
    identifiers = _checked_identifiers({"nhs_number": nhs_number, "upn": upn})
    child = Child.objects.create(case=case, created_by=by, given_names=given_names, family_name=family_name, **about)
    ChildProfile.objects.create(case=case, sex=sex, **identifiers)
    _rebuild_name_keys(child)
    _flag_hidden_duplicates(case)
    return child


@case_action(Action.EDIT_CHILD)
def update_child(child: Child, *, by: User, version: int, **changes: Any) -> Child:
    """Corrects what every holder of the file sees.

    Raises:
        StaleRecord: somebody changed it after `version` was read.
    """
    saved = save_version(child, version, **changes)
    _rebuild_name_keys(saved)
    _flag_hidden_duplicates(saved.case)
    return saved


@case_action(Action.EDIT_CHILD)
def update_profile(profile: ChildProfile, *, by: User, version: int, **changes: Any) -> ChildProfile:
    """Corrects identifiers and demographics. Raises as `update_child`, and Refused for an impossible identifier."""
    saved = save_version(profile, version, **_checked_identifiers(changes))
    _flag_hidden_duplicates(saved.case)
    return saved


@case_action(Action.EDIT_CHILD)
def add_alias(case: CaseFile, *, by: User, name: str, note: str = "") -> Alias:
    """Another name the child is known by; the child is found under it from now."""
    alias = Alias.objects.create(case=case, name=name, note=note, added_by=by)
    _rebuild_name_keys(_child_of(case))
    return alias


@case_action(Action.EDIT_CHILD)
def end_alias(alias: Alias, *, by: User) -> Alias:
    """The name is no longer searched; that it was once used is kept."""
    Alias.objects.filter(pk=alias.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    _rebuild_name_keys(_child_of(alias.case))
    return Alias.objects.get(pk=alias.pk)


def _child_of(case: CaseFile) -> Child:
    child: Child | None = Child.objects.filter(case=case).first()
    if child is None:
        raise Refused("Add the child to this file first.")
    return child


@case_action(Action.EDIT_LOCATION)
def add_address(
    case: CaseFile, *, by: User, kind: str, lines: str, from_on: date, postcode: str = "",
    confidential: bool = False, until_on: date | None = None,
) -> Address:  # fmt: skip
    """An address of the child. Earlier ones stay until somebody ends them: a child may live in two homes."""
    return Address.objects.create(
        case=case, recorded_by=by, kind=kind, lines=lines, postcode=postcode.upper(), confidential=confidential,
        from_on=from_on, until_on=until_on,
    )  # fmt: skip


@case_action(Action.EDIT_LOCATION)
def update_address(address: Address, *, by: User, version: int, **changes: Any) -> Address:
    """Corrects or ends an address. Raises StaleRecord as `update_child`."""
    return save_version(address, version, **changes)


# Who is around the child


@case_action(Action.EDIT_NETWORK)
def add_person(case: CaseFile, *, by: User, name: str, relationship: str, **about: Any) -> Person:
    """A carer, relative or other person around the child, known on this file only."""
    return Person.objects.create(case=case, recorded_by=by, name=name, relationship=relationship, **about)


@case_action(Action.EDIT_NETWORK)
def update_person(person: Person, *, by: User, version: int, **changes: Any) -> Person:
    """Corrects what is known of a person. Raises StaleRecord as `update_child`."""
    return save_version(person, version, **changes)


@case_action(Action.EDIT_NETWORK)
def end_person(person: Person, *, by: User) -> Person:
    """The person no longer matters to the child's life; the record is kept."""
    Person.objects.filter(pk=person.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    return Person.objects.get(pk=person.pk)


@case_action(Action.DECIDE_COMPLICITY)
def decide_contact_safety(
    person: Person, *, by: User, complicity: str, reason: str, unsafe_to_contact: bool = False,
    unsafe_to_meet_together: bool = False, legal_advice_taken: bool = False, review_on: date | None = None,
) -> ContactSafetyDecision:  # fmt: skip
    """Decides, for one adult, whether they may be contacted, told and invited (BR-08, ruling Q5). A new row each time.

    Raises:
        Refused: no reason, or no review date for anything but a clear answer.
    """
    if not reason.strip():
        raise Refused("Say what the decision rests on.")
    is_clear = complicity in CLEAR and not unsafe_to_contact and not unsafe_to_meet_together
    if not is_clear and review_on is None:
        raise Refused("Say when this will be reviewed.")
    return ContactSafetyDecision.objects.create(
        case=person.case, person=person, complicity=complicity, reason=reason, unsafe_to_contact=unsafe_to_contact,
        unsafe_to_meet_together=unsafe_to_meet_together, legal_advice_taken=legal_advice_taken, review_on=review_on,
        decided_by=by,
    )  # fmt: skip


@case_action(Action.EDIT_CHILD)
def add_other_plan(
    case: CaseFile, *, by: User, kind: str, started_on: date, lead: str = "", ended_on: date | None = None
) -> OtherPlan:
    """Another plan the child has, which the work on exploitation must fit (BR-14)."""
    return OtherPlan.objects.create(
        case=case, recorded_by=by, kind=kind, started_on=started_on, lead=lead, ended_on=ended_on
    )


@case_action(Action.EDIT_CHILD)
def end_other_plan(plan: OtherPlan, *, by: User, version: int, ended_on: date) -> OtherPlan:
    """Ends another plan. Raises StaleRecord as `update_child`."""
    if ended_on < plan.started_on:
        raise Refused("The plan cannot end before it started.")
    return save_version(plan, version, ended_on=ended_on)


# What has happened


@case_action(Action.RECORD_WARNING)
def raise_warning(case: CaseFile, *, by: User, advice: str, reason: str) -> WorkerSafetyWarning:
    """Warns whoever visits (ruling Q26). `advice` is shown to all of them; `reason` to social care alone."""
    warning = WorkerSafetyWarning.objects.create(case=case, advice=advice, raised_by=by)
    WorkerSafetyReason.objects.create(case=case, warning=warning, reason=reason)
    return warning


@case_action(Action.RECORD_WARNING)
def end_warning(warning: WorkerSafetyWarning, *, by: User) -> WorkerSafetyWarning:
    """Takes a warning away; that it stood is kept."""
    live = WorkerSafetyWarning.objects.filter(pk=warning.pk, ended_at__isnull=True)
    live.update(ended_at=timezone.now(), ended_by=by)
    return WorkerSafetyWarning.objects.get(pk=warning.pk)


@case_action(Action.ADD_NOTE)
def add_note(
    case: CaseFile, *, by: User, kind: str, happened_at: datetime, text: str, seen: str = "", child_words: str = "",
    corrects: CaseNote | None = None,
) -> CaseNote:  # fmt: skip
    """Writes down what happened, for good: a mistake is corrected by a new note that names the old one.

    Args:
        happened_at: when it happened (aware, not in the future); when it was written down is set here.
        seen: for a visit, whether the child was seen and seen alone; otherwise empty.
    """
    _not_ahead(happened_at, "When it happened")
    if (kind == CaseNote.Kind.VISIT) != bool(seen):
        raise Refused("For a visit, say whether the child was seen; for anything else, leave that empty.")
    if kind == CaseNote.Kind.MANAGER and Role.TEAM_MANAGER not in standing_of(by).roles:
        raise Refused("Only a team manager can record a management decision.")
    return CaseNote.objects.create(
        case=case, author=by, agency=_agency_of(by), kind=kind, happened_at=happened_at,
        recorded_at=timezone.now(), text=text, seen=seen, child_words=child_words, corrects=corrects,
    )  # fmt: skip


def _agency_of(by: User) -> Agency:
    """The agency a person writes for: theirs; of several, the first they joined."""
    return Agency.objects.get(pk=standing_of(by).posts[0].agency_id)


@role_action(Action.SCREEN_CONTACT, kind=Kind.WRITE)
def close_duplicate_alert(*, by: User, alert: DuplicateAlert, outcome: str) -> DuplicateAlert:
    """Closes a hint that two files may be about one child, saying what was found."""
    changed = DuplicateAlert.objects.filter(pk=alert.pk, closed_at__isnull=True).update(
        closed_at=timezone.now(), closed_by=by, outcome=outcome
    )
    if not changed:
        raise Refused("Somebody has already closed this.")
    return DuplicateAlert.objects.get(pk=alert.pk)
