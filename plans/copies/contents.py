"""Puts a copy together: checks who it is for, and asks for nothing that they may not hold.

Used for the preview, when it is asked for, and again when it is made: what changed meanwhile counts.
"""

from collections.abc import Collection

from django.utils import timezone

from access.models import CaseFile
from access.parts import LABEL_NAMES, Label
from access.refusals import Refused
from access.roles import CASE_ACTIONS, Action
from accounts.models import Team, User
from accounts.roles import AgencyKind
from children.models import Child, Person
from plans.copies import presenters
from plans.copies.family import (
    BARRED,
    PLACES,
    PROMISES,
    household_warnings,
    may_have_a_copy,
    objection,
    repeated,
)
from plans.copies.names import names_in, withheld_names
from plans.copies.passages import written_for_professionals
from plans.copies.selectors import (
    FAMILY_LABELS,
    PROFESSIONAL_LABELS,
    Material,
    current_plan,
    family_is_held,
    holding_teams,
    own_actions,
    people_for_copies,
    plan_in_force,
    recipients,
)
from plans.copies.sheets import Sheet
from plans.models import Copy

NOT_HELD = "{team} does not hold this file. Share it with them first, then ask again."
CHANGED = "The plan has changed since this copy was asked for. Ask for a new one."


def new_copy(
    case: CaseFile, by: User, *, kind: str, recipient_name: str = "", recipient_person: Person | None = None,
    recipient_team: Team | None = None, items: Collection[int] = (),
) -> Copy:  # fmt: skip
    """A copy of today's plan that is not asked for yet: what a preview is made of.

    Raises:
        Refused: an unknown kind, or somebody of another file.
    """
    if kind not in Copy.PLAN_KINDS:
        raise Refused("Choose what kind of copy it is.")
    if recipient_person is not None and recipient_person.case_id != case.pk:
        raise Refused(BARRED)
    name, chosen = recipient_name, []
    if kind == Copy.Kind.FAMILY:
        child = Child.objects.allowing(by, Action.VIEW_FILE).filter(case=case).first()
        name = recipient_person.name if recipient_person else (child.known_as or child.given_names if child else "")
        chosen = list(own_actions(case, by).filter(pk__in=list(items)).values_list("pk", flat=True))
    plan, safety_plan = current_plan(case, by), plan_in_force(case, by)
    return Copy(
        case=case, kind=kind, author=by, recipient_name=" ".join(name.split())[:120],
        recipient_person=recipient_person, recipient_team=recipient_team,
        agency=recipient_team.agency if recipient_team and kind == Copy.Kind.PARTNER else None, items=chosen,
        plan_version=plan.version if plan else 0, safety_plan=safety_plan,
    )  # fmt: skip


def labels_for(copy: Copy) -> frozenset[Label]:
    """The parts of the file that the recipient of a copy may hold."""
    if copy.kind == Copy.Kind.FAMILY:
        return FAMILY_LABELS
    team = copy.recipient_team
    if team is None:
        return PROFESSIONAL_LABELS
    held = holding_teams(copy.case).get(team)
    if held is None:
        raise Refused(NOT_HELD.format(team=team))
    return held


def material_of(copy: Copy, by: User) -> Material:
    agency = copy.agency_id if copy.kind == Copy.Kind.PARTNER else None
    return Material(copy.case, by, labels_for(copy), agency)


def labels_given(copy: Copy, by: User) -> list[str]:
    """The parts a copy is made of, for the decision to disclose."""
    used = {CASE_ACTIONS[action].part.label for action in (
        Action.VIEW_FILE, Action.VIEW_TIER, Action.VIEW_PLAN, Action.VIEW_ITEMS, Action.VIEW_SAFETY_PLAN
    )}  # fmt: skip
    return sorted(str(label) for label in labels_for(copy) & used)


def sheet_of(copy: Copy, by: User) -> Sheet:
    """What the copy says today.

    Raises:
        Refused: it may not be made for this recipient, there is nothing to copy, or a text names what it must not.
    """
    check(copy, by)
    material = material_of(copy, by)
    if copy.kind == Copy.Kind.FAMILY:
        chosen = list(own_actions(copy.case, by).filter(pk__in=copy.items).values_list("title", flat=True))
        sheet = presenters.family_sheet(copy, material, chosen)
        _check_texts(copy, by, material, sheet)
        return sheet
    holders = recipients(copy.case, by) if copy.kind == Copy.Kind.PROFESSIONAL else ()
    return presenters.professional_sheet(copy, material, holders, timezone.localdate())


def check(copy: Copy, by: User) -> None:
    """Refuses a copy that may not be, in a sentence."""
    safety_plan, plan = plan_in_force(copy.case, by), current_plan(copy.case, by)
    if copy.kind == Copy.Kind.FAMILY and safety_plan is None:
        raise Refused("There is no safety plan in force yet. A family copy is made of one.")
    if safety_plan is None and plan is None:
        raise Refused("There is no plan to copy yet.")
    if copy.pk and (copy.safety_plan_id, copy.plan_version) != (
        safety_plan.pk if safety_plan else None, plan.version if plan else 0,
    ):  # fmt: skip
        raise Refused(CHANGED)
    if copy.kind == Copy.Kind.FAMILY and copy.recipient_person_id is not None:
        _check_person(copy, by)
    if copy.kind == Copy.Kind.PARTNER:
        _check_partner(copy)
    if copy.kind == Copy.Kind.PROFESSIONAL:
        _check_professional(copy, by)


def _check_person(copy: Copy, by: User) -> None:
    found = next((one for one in people_for_copies(copy.case, by) if one.pk == copy.recipient_person_id), None)
    if found is None or not may_have_a_copy(found) or family_is_held(copy.case, by):
        raise Refused(BARRED)


def _check_partner(copy: Copy) -> None:
    if copy.recipient_team is None or copy.recipient_team.agency.kind == AgencyKind.COUNCIL:
        raise Refused("A partner copy is for a team of another agency. Choose one that holds this file.")


def _check_professional(copy: Copy, by: User) -> None:
    if copy.recipient_team is not None and copy.recipient_team.agency.kind != AgencyKind.COUNCIL:
        raise Refused("A team of another agency gets a partner copy, with what it may hold.")
    name = " ".join(copy.recipient_name.casefold().split())
    if any(name == " ".join(person.name.casefold().split()) for person in people_for_copies(copy.case, by)):
        raise Refused(f"{copy.recipient_name} is a person of this file. Ask for a family copy for them instead.")


def _check_texts(copy: Copy, by: User, material: Material, sheet: Sheet) -> None:
    """No typed text of a family copy names another child, an adult who may have no copy, or whom a risk comes from; and
    none repeats what was written for professionals, here or in another file.
    """
    people, child = people_for_copies(copy.case, by), material.child
    bears = f"{child.given_names} {child.family_name} {child.known_as}" if child else ""
    names = withheld_names(people, copy.recipient_person, bears, may_be_named=may_have_a_copy)
    for risk in material.risks:
        names += [*names_in(risk.from_whom), *names_in(risk.who_else)]
    addresses = [person.address for person in people if len(person.address.split()) > 1]
    ours = {*PROMISES.values(), *PLACES.values()}
    lines = {
        line: section.title for section in sheet.sections if section.kind != "alert"
        for line in section.lines if line not in ours
    }  # fmt: skip
    for line, title in lines.items():
        if sentence := objection(title, line, [*names, *addresses]):
            raise Refused(sentence)
    if sentence := repeated(lines, written_for_professionals(by)):
        raise Refused(sentence)


def warnings_for(copy: Copy, by: User) -> list[str]:
    """What whoever asks should think of before they make the copy."""
    if copy.kind != Copy.Kind.FAMILY:
        return []
    recipient: Person | None = copy.recipient_person
    return household_warnings(recipient, people_for_copies(copy.case, by))


def parts_in_words(labels: list[str]) -> str:
    return "; ".join(LABEL_NAMES[Label(label)] for label in labels)
