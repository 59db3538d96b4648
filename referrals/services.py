"""The directory, referrals, the escalation route and information for the police: each function is a door."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NoReturn, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from access import ledger
from access.actions import case_action, role_action
from access.models import CaseFile, DisclosureDecision
from access.parts import Label
from access.permissions import NotAllowed, may, sentence
from access.refusals import Refused
from access.roles import Action
from access.services import end_by_referral, give_by_referral
from access.standing import standing_of
from access.versions import save_version
from accounts.models import Agency, User
from children.models import Child, Person
from deadlines.services import drop_clock, start_clock, stop_clock
from offer.catalogue import Disposition
from plans.models import PlanItem
from plans.services import note_progress
from referrals.fit import closed, outside
from referrals.maintainers import give, maintained_by, take
from referrals.models import EscalationRoute, InformationGrading, InformationReport, Referral, Service
from referrals.selectors import (
    age_of,
    complicity_of,
    described,
    may_not_be_referred,
    open_referral,
    received_reports,
    route_objection,
    tier_of,
)
from referrals.states import NEXT
from ui.dates import long_date

State = Referral.State

LASTS = timedelta(days=365)  # how long what a referral gives lasts, where nobody ends it before
WRITTEN_CONFIRMATION = "TS-02"

# What a provider may change of its own entry. The rest is the directory administrator's.
PROVIDER_FACTS = frozenset(
    {"does", "youngest", "oldest", "types", "for_parents", "how_to_refer", "phone", "email", "replies_within"}
)
SERVICE_FACTS = PROVIDER_FACTS | {"name", "provider", "team", "items", "lowest_tier"}

STILL_WITH_SERVICE = frozenset({"offered", "in_progress"})


class InformationFacts(TypedDict, total=False):
    """What an information report says besides its required parts."""

    people: str
    places: str
    vehicles: str
    phones_and_online: str
    opinion: str
    child_may_be_named: bool


def _clean(model: type[Model], name: str, value: Any) -> Any:
    field: Any = model._meta.get_field(name)
    if isinstance(value, str):
        value = value.replace("\x00", "").strip()
    if field.is_relation:
        return value
    if (value is None and field.null) or (value in ("", []) and (field.blank or isinstance(value, list))):
        return value
    try:
        return field.clean(value, None)
    except ValidationError as error:
        label = str(field.verbose_name)
        raise Refused(f"{label[0].upper()}{label[1:]}: {error.messages[0]}") from None


def _cleaned(model: type[Model], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without surrounding spaces. Refused where one is missing, too long or not on its list."""
    return {name: _clean(model, name, value) for name, value in typed.items()}


def _not_ahead(moment: datetime) -> None:
    if moment > timezone.now():
        raise Refused("The date and time cannot be in the future.")


# The directory


def _ages_in_order(facts: Mapping[str, Any]) -> None:
    youngest, oldest = facts.get("youngest"), facts.get("oldest")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise Refused("The oldest age must not be below the youngest.")


def _name_is_free(facts: Mapping[str, Any], service: Service | None = None) -> None:
    taken = Service.objects.filter(name__iexact=facts.get("name", ""))
    if (taken.exclude(pk=service.pk) if service else taken).exists():
        raise Refused("There is an entry with this name. Change that one, or choose another name.")


def _team_of_provider(facts: Mapping[str, Any]) -> None:
    team, provider = facts.get("team"), facts.get("provider")
    if team is not None and (provider is None or team.agency_id != provider.pk):
        raise Refused("The team that receives referrals must be a team of the provider.")


@role_action(Action.MANAGE_DIRECTORY)
def add_service(*, by: User, **facts: Any) -> Service:
    """Adds an entry. `facts`: fields of `SERVICE_FACTS`; `team` must be the provider's.

    Raises:
        Refused: the name is taken, or the facts do not go together.
    """
    _only(facts, SERVICE_FACTS)
    _name_is_free(facts)
    _ages_in_order(facts)
    _team_of_provider(facts)
    added: Service = Service.objects.create(checked_on=timezone.localdate(), **_cleaned(Service, facts))
    return added


def _only(facts: Mapping[str, Any], known: frozenset[str]) -> None:
    strangers = sorted(facts.keys() - known)
    if strangers:
        raise TypeError(f"An entry has nothing to change called {', '.join(strangers)}.")


def _refuse_entry() -> NoReturn:
    ledger.record_denial(ledger.Kind.DENIED, action=Action.MANAGE_DIRECTORY)
    raise NotAllowed(sentence(Action.MANAGE_DIRECTORY))


def _entry(by: User, service: Service, facts: Mapping[str, Any] | None = None) -> None:
    """Refuses whoever does not keep this entry up to date, and what they may not change of it."""
    if not may(by, Action.MANAGE_DIRECTORY) and (
        service.pk not in maintained_by(by) or (facts or {}).keys() - PROVIDER_FACTS
    ):
        _refuse_entry()
    if service.ended_at is not None:
        raise Refused(f"{service.name} has ended and stays as it was.")


@role_action(Action.VIEW_DIRECTORY)
def update_service(*, by: User, service: Service, version: int, **facts: Any) -> Service:
    """Changes an entry: the directory administrator all of it, its provider's people `PROVIDER_FACTS`.

    It counts as checked today. The version before is kept by the database.

    Raises:
        NotAllowed: neither. Refused: the entry has ended, or the facts do not go together. StaleRecord: somebody
            saved it meanwhile.
    """
    _only(facts, SERVICE_FACTS)
    _entry(by, service, facts)
    together = {**{name: getattr(service, name) for name in SERVICE_FACTS}, **facts}
    _name_is_free(together, service)
    _ages_in_order(together)
    _team_of_provider(together)
    return save_version(service, version, checked_on=timezone.localdate(), **_cleaned(Service, facts))


@role_action(Action.VIEW_DIRECTORY)
def check_service(*, by: User, service: Service, version: int) -> Service:
    """Says that everything in the entry is right today. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, checked_on=timezone.localdate())


@role_action(Action.VIEW_DIRECTORY)
def pause_service(*, by: User, service: Service, version: int, until: date, reason: str) -> Service:
    """The service takes no new referrals up to and including `until`. What was sent before goes on.

    Raises as `update_service`; Refused also where the day has passed or no reason is given.
    """
    _entry(by, service)
    if until < timezone.localdate():
        raise Refused("The last day of the pause must be today or later.")
    if not reason.strip():
        raise Refused("Say why the service takes no referrals: workers see it beside the entry.")
    return save_version(service, version, **_cleaned(Service, {"paused_until": until, "pause_reason": reason}))


@role_action(Action.VIEW_DIRECTORY)
def reopen_service(*, by: User, service: Service, version: int) -> Service:
    """The service takes referrals again. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, paused_until=None, pause_reason="")


@role_action(Action.VIEW_DIRECTORY)
def end_service(*, by: User, service: Service, version: int) -> Service:
    """Ends an entry for good; nothing is ever deleted. Referrals that were sent go on. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, ended_at=timezone.now())


@role_action(Action.MANAGE_DIRECTORY)
def let_maintain(*, by: User, service: Service, person: User) -> Service:
    """Lets somebody of the provider keep the entry up to date.

    Raises:
        Refused: the entry has no provider with accounts here, or the person does not work for it.
    """
    live = person.memberships.filter(ended_at__isnull=True, team__agency=service.provider_id, user__is_active=True)
    if service.provider_id is None or not live.exists():
        raise Refused("Only somebody who works for the provider can keep its entry up to date.")
    give(service, person)
    return service


@role_action(Action.MANAGE_DIRECTORY)
def stop_maintaining(*, by: User, service: Service, person: User) -> Service:
    """Takes that right away, at once."""
    take(service, person)
    return service


# Referrals


def _takes_referrals(service: Service) -> None:
    reason = closed(service, timezone.localdate())
    if reason:
        raise Refused(reason)


def _child_of(case: CaseFile, by: User) -> Child:
    child: Child | None = Child.objects.allowing(by, Action.VIEW_FILE).filter(case=case).first()
    if child is None:
        raise Refused("Add the child to this file first.")
    return child


def _fits(case: CaseFile, by: User, service: Service, child: Child, because: str) -> None:
    """The child's age and tier fit, or somebody says why the service is asked all the same."""
    objections = outside(service, age_of(child, timezone.localdate()), tier_of(case, by))
    if objections and not because.strip():
        raise Refused(f"{' '.join(objections)} Say why you ask them all the same, or choose another service.")


def _may_be_referred(case: CaseFile, by: User, service: Service, person: Person) -> None:
    if person.case_id != case.pk or person.ended_at is not None:
        raise Refused("That person is not on this file.")
    if not service.for_parents:
        raise Refused(f"{service.name} works with children only. Choose a service for parents and carers.")
    found = complicity_of(case, [person]).get(person.pk, "")
    refusal = may_not_be_referred(found, person.name, decides=may(by, Action.DECIDE_COMPLICITY, case))
    if refusal:
        raise Refused(refusal)


def _none_open(case: CaseFile, by: User, service: Service, person: Person | None) -> None:
    found = open_referral(case, by, service, person)
    if found:
        raise Refused(
            f"{found.about} was referred to {service.name} on {long_date(found.sent_at)} by {found.author.name}: "
            f"{found.get_state_display().lower()}. Withdraw that referral first, or wait for its end."
        )


def _on_plan(case: CaseFile, item: PlanItem | None) -> None:
    if item is not None and (item.case_id != case.pk or item.ended_at is not None):
        raise Refused("That action is not on this child’s plan any more.")


@case_action(Action.SEND_REFERRAL)
def send_referral(
    case: CaseFile, *, by: User, service: Service, asked_for: str, what_they_need: str, contact: str, necessity: str,
    agreement: str, safe_to_tell_family: bool = False, item: PlanItem | None = None, person: Person | None = None,
    unusual_because: str = "",
) -> Referral:  # fmt: skip
    """Refers the child, or a parent or carer (`person`), to a service of the directory.

    What the provider is told is the referral and, for a team with accounts here, name, age, who leads and warnings for
    visitors: a grant on the file itself for a year. The disclosure is recorded. An action of the plan (`item`)
    becomes the provider's, offered.

    Args:
        what_they_need: exactly what the provider reads.
        contact: how to reach the child or parent safely.
        necessity: why it is necessary and proportionate to tell them (DOMAIN 5.2).
        unusual_because: why they are asked although the child's age or tier is outside what they take.

    Raises:
        Refused: the service is paused or has ended, does not fit and nobody says why, was asked before and has not
            finished (BR-14), or the person may not be referred (BR-08).
    """
    service = Service.objects.select_related("team__agency", "team__subject", "provider").get(pk=service.pk)
    child = _child_of(case, by)
    _takes_referrals(service)
    _on_plan(case, item)
    if person is not None:
        _may_be_referred(case, by, service, person)
    else:
        _fits(case, by, service, child, unusual_because)
    _none_open(case, by, service, person)
    typed = _cleaned(Referral, {
        "asked_for": asked_for, "what_they_need": what_they_need, "contact": contact,
        "unusual_because": unusual_because,
    })  # fmt: skip
    until = timezone.now() + LASTS
    disclosure = _disclosed(case, by, service, necessity, agreement, safe_to_tell_family, until)
    grant = None
    if service.team is not None:
        grant = give_by_referral(case, by=by, team=service.team, reason=f"Referred to {service.name}", until=until)
    about = described(child, person, timezone.localdate())
    sent: Referral = Referral.objects.create(
        case=case, service=service, item=item, person=person, team=service.team, about=about, disclosure=disclosure,
        author=by, grant=grant, **typed,
    )  # fmt: skip
    if item is not None:
        agency = service.team.agency if service.team else service.provider
        note_progress(item, by=by, disposition=_stored(Disposition.OFFERED), who=service.name, agency=agency)
    return sent


def _disclosed(
    case: CaseFile, by: User, service: Service, necessity: str, agreement: str, safe_to_tell_family: bool,  # noqa: FBT001 -- all of one decision
    until: datetime,
) -> DisclosureDecision:  # fmt: skip
    if not necessity.strip():
        raise Refused("Say why it is necessary to tell them.")
    made: DisclosureDecision = DisclosureDecision.objects.create(
        case=case, labels=[str(Label.CORE)], recipient=str(service.team or service.name)[:200],
        purpose=f"Referral to {service.name}", lawful_basis="public_task", safe_to_tell_family=safe_to_tell_family,
        method="In this system" if service.team else "Outside this system", expires_at=until if service.team else None,
        decided_by=by, **_cleaned(DisclosureDecision, {"necessity": necessity, "agreement": agreement}),
    )  # fmt: skip
    return made


def _progress(referral: Referral, by: User, disposition: Disposition, reason: str = "") -> None:
    """Tells the action of the plan what came of it, while it is still with the service.

    An action that has ended, was given to somebody else since, or is not its receiver's to see (a team of the council
    has no items of its agency's own) stays as it is: the worker sees the answer and says what follows.
    """
    if referral.item_id is None:
        return
    agency = referral.team.agency_id if referral.team else referral.service.provider_id
    item = PlanItem.objects.filter(pk=referral.item_id, agency=agency, ended_at__isnull=True).first()
    if item is not None and item.disposition in STILL_WITH_SERVICE:
        note_progress(item, by=by, disposition=_stored(disposition), reason=reason, who=referral.service.name)


def _stored(disposition: Disposition) -> str:
    return disposition.name.lower()


def _moved(referral: Referral, version: int, to: str, **changes: Any) -> Referral:
    if to not in NEXT[referral.state]:
        raise Refused(f"This referral is {referral.get_state_display().lower()}. Open it again to see what was done.")
    return save_version(referral, version, state=to, **changes)


def _received_by(by: User, referral: Referral) -> None:
    if referral.team_id is None or referral.team_id not in standing_of(by).team_ids:
        raise Refused("Only the service that received this referral can answer it.")


def _answered(referral: Referral, by: User, version: int, accepted: bool, answer: str) -> Referral:  # noqa: FBT001
    if not accepted and not answer.strip():
        raise Refused("Say why it is declined: the worker reads it.")
    to = State.ACCEPTED if accepted else State.DECLINED
    facts = _cleaned(Referral, {"answer": answer})
    return _moved(referral, version, to, answered_by=by, answered_at=timezone.now(), **facts)


def _after_answer(referral: Referral, by: User) -> None:
    if referral.state == State.ACCEPTED:
        _progress(referral, by, Disposition.IN_PROGRESS)
    else:
        _progress(referral, by, Disposition.UNAVAILABLE, reason=f"{referral.service}: {referral.answer}")


@case_action(Action.ANSWER_REFERRAL)
def answer_referral(referral: Referral, *, by: User, version: int, accepted: bool, answer: str = "") -> Referral:
    """The receiving team accepts, or declines with a reason. Declining ends its access to the file at once.

    Raises:
        Refused: not their referral, answered already, or declined without a reason. StaleRecord.
    """
    _received_by(by, referral)
    answered = _answered(referral, by, version, accepted, answer)
    _after_answer(answered, by)
    if not accepted:
        _close_to_receiver(answered, by)
    return answered


def _close_to_receiver(referral: Referral, by: User) -> None:
    if referral.grant is not None:
        end_by_referral(referral, by=by, grant=referral.grant)  # type: ignore[arg-type]


def _attended(referral: Referral, version: int, on: date) -> Referral:
    if referral.state != State.ACCEPTED:
        raise Refused("Only a referral that was accepted has a first attendance.")
    if on > timezone.localdate():
        raise Refused("The day of the first attendance cannot be in the future.")
    return save_version(referral, version, first_attended_on=on)


def _ended(referral: Referral, by: User, version: int, to: str, outcome: str) -> Referral:
    if not outcome.strip():
        raise Refused("Say what came of it." if to == State.ENDED else "Say why it is withdrawn.")
    facts = _cleaned(Referral, {"outcome": outcome})
    return _moved(referral, version, to, ended_by=by, ended_at=timezone.now(), **facts)


@case_action(Action.ANSWER_REFERRAL)
def record_attendance(referral: Referral, *, by: User, version: int, first_attended_on: date) -> Referral:
    """The day on which the child or parent first came (ruling Q10). Raises as `answer_referral`."""
    _received_by(by, referral)
    return _attended(referral, version, first_attended_on)


@case_action(Action.ANSWER_REFERRAL)
def end_work(referral: Referral, *, by: User, version: int, outcome: str) -> Referral:
    """The service has finished, with what came of it; its access to the file ends. Raises as `answer_referral`.

    Whether the action of the plan is done by that, the worker says.
    """
    _received_by(by, referral)
    ended = _ended(referral, by, version, State.ENDED, outcome)
    _close_to_receiver(ended, by)
    return ended


@case_action(Action.SEND_REFERRAL)
def withdraw_referral(referral: Referral, *, by: User, version: int, reason: str) -> Referral:
    """Takes a referral back; what it gave ends at once.

    Raises:
        Refused: it is over already, or there is no reason. StaleRecord.
    """
    withdrawn = _ended(referral, by, version, State.WITHDRAWN, reason)
    _progress(withdrawn, by, Disposition.PLANNED)
    _close_to_receiver(withdrawn, by)
    return withdrawn


def _is_outside(referral: Referral) -> None:
    if referral.team_id is not None:
        raise Refused("The service answers this referral itself, in this system.")


@case_action(Action.SEND_REFERRAL)
def record_answer(referral: Referral, *, by: User, version: int, accepted: bool, answer: str = "") -> Referral:
    """What a service without a team here answered, as the worker was told. Raises as `answer_referral`."""
    _is_outside(referral)
    answered = _answered(referral, by, version, accepted, answer)
    _after_answer(answered, by)
    return answered


@case_action(Action.SEND_REFERRAL)
def record_outside_work(
    referral: Referral, *, by: User, version: int, first_attended_on: date | None = None, outcome: str = ""
) -> Referral:
    """First attendance at, and outcome of, a service without a team here; an outcome ends it. Raises as the others."""
    _is_outside(referral)
    if first_attended_on is None and not outcome.strip():
        raise Refused("Give the day of the first attendance, or say what came of it.")
    if first_attended_on is not None:
        referral = _attended(referral, version, first_attended_on)
        version = referral.version
    if outcome.strip():
        referral = _ended(referral, by, version, State.ENDED, outcome)
    return referral


# The escalation route


def _about(route: EscalationRoute) -> str:
    return f"route:{route.pk}"


@case_action(Action.ESCALATE)
def open_route(
    case: CaseFile, *, by: User, route: str, opened_at: datetime, by_telephone: bool = False, note: str = ""
) -> EscalationRoute:
    """Opens the one route by which the child is taken to social care (BR-04, ruling Q9).

    A telephone referral to the Initial Response Team starts the 48 elapsed hours of TS-02 at `opened_at` (aware).

    Raises:
        Refused: one is open, a section 47 enquiry is recorded, or the route does not fit who leads on the file.
    """
    _not_ahead(opened_at)
    objection = route_objection(case, by, route)
    if objection:
        raise Refused(objection)
    if by_telephone and route != EscalationRoute.Route.IRT:
        raise Refused("Only a referral to the Initial Response Team is made by telephone and confirmed in writing.")
    opened: EscalationRoute = EscalationRoute.objects.create(
        case=case, author=by, opened_at=opened_at, by_telephone=by_telephone,
        **_cleaned(EscalationRoute, {"route": route, "note": note}),
    )  # fmt: skip
    if by_telephone:
        start_clock(case, by=by, rule_id=WRITTEN_CONFIRMATION, started_at=opened_at, about=_about(opened), owner=by)
    return opened


@case_action(Action.ESCALATE)
def confirm_in_writing(route: EscalationRoute, *, by: User, confirmed_at: datetime) -> EscalationRoute:
    """The telephone referral was confirmed in writing at `confirmed_at` (aware): TS-02 stops.

    Raises:
        Refused: there is nothing to confirm, or the time cannot be.
    """
    _not_ahead(confirmed_at)
    if confirmed_at < route.opened_at:
        raise Refused("It cannot have been confirmed before it was made.")
    waiting = EscalationRoute.objects.filter(
        pk=route.pk, by_telephone=True, confirmed_at__isnull=True, closed_at__isnull=True
    )
    if not waiting.update(confirmed_at=confirmed_at):
        raise Refused("There is no telephone referral here that waits to be confirmed.")
    stop_clock(
        CaseFile(pk=route.case_id), by=by, rule_id=WRITTEN_CONFIRMATION, about=_about(route), done_at=confirmed_at
    )
    confirmed: EscalationRoute = EscalationRoute.objects.get(pk=route.pk)
    return confirmed


@case_action(Action.ESCALATE)
def close_route(route: EscalationRoute, *, by: User, reason: str) -> EscalationRoute:
    """Closes a route with its reason, so that another may be opened (a VCM may pass a child to IRT). Its row stays.

    Raises:
        Refused: no reason, or it is closed already.
    """
    if not reason.strip():
        raise Refused("Say why this route is closed.")
    still_open = EscalationRoute.objects.filter(pk=route.pk, closed_at__isnull=True)
    facts = _cleaned(EscalationRoute, {"close_reason": reason})
    if not still_open.update(closed_at=timezone.now(), closed_by=by, **facts):
        raise Refused("Somebody has already closed this route.")
    case = CaseFile(pk=route.case_id)
    drop_clock(case, by=by, rule_id=WRITTEN_CONFIRMATION, about=_about(route), reason=reason)
    closed_route: EscalationRoute = EscalationRoute.objects.get(pk=route.pk)
    return closed_route


# Information for the police


def _agency_of(by: User) -> Agency:
    return Agency.objects.get(pk=standing_of(by).posts[0].agency_id)


@case_action(Action.SEND_INFORMATION)
def send_information(
    case: CaseFile, *, by: User, happened: str, how_known: str, fact: str, risk_to_source: str, urgency: str,
    **more: Unpack[InformationFacts],
) -> InformationReport:  # fmt: skip
    """Tells the police something of concern (Operation Liberty, BR-13). It is locked from now on.

    Not for emergencies, and it replaces no referral to social care. Its sender reads it and what the police reply;
    nobody else but the police who receive information does.

    Args:
        fact: what was seen or said; `opinion` is kept apart.
        risk_to_source: what could happen if it became known who told.
    """
    if not fact.strip() or not risk_to_source.strip():
        raise Refused("Say what was seen or said, and what could happen if it became known who told.")
    about = str(_child_of(case, by))[:120]
    typed = {
        "happened": happened, "how_known": how_known, "fact": fact, "risk_to_source": risk_to_source,
        "urgency": urgency, **more,
    }  # fmt: skip
    sent: InformationReport = InformationReport.objects.create(
        case=case, about=about, author=by, agency=_agency_of(by), **_cleaned(InformationReport, typed)
    )
    return sent


def _received(by: User, report: InformationReport) -> InformationReport:
    found: InformationReport | None = received_reports(by).filter(pk=report.pk).first()
    if found is None:
        raise NotAllowed(sentence(Action.RECEIVE_INFORMATION))
    return found


@role_action(Action.RECEIVE_INFORMATION)
def acknowledge_information(
    *, by: User, report: InformationReport, police_reference: str, reply: str = ""
) -> InformationReport:
    """The police say they have it, with their reference, and what the sender may know. The reply may be changed later;
    who acknowledged it first, and when, stays.

    Raises:
        Refused: there is no reference.
    """
    if not police_reference.strip():
        raise Refused("Give the reference on the police system.")
    found = _received(by, report)
    changes = _cleaned(InformationReport, {"police_reference": police_reference, "reply": reply})
    if found.acknowledged_at is None:
        changes |= {"acknowledged_by": by, "acknowledged_at": timezone.now()}
    InformationReport.objects.filter(pk=report.pk).update(**changes)
    return _received(by, report)


@role_action(Action.RECEIVE_INFORMATION)
def grade_information(
    *, by: User, report: InformationReport, source: str, assessment: str, handling: str, conditions: str = ""
) -> InformationGrading:
    """The police grade a report, 3x5x2 (DOMAIN 5.4). A new row each time; nobody else reads it.

    Raises:
        Refused: sharing with conditions without saying which.
    """
    if handling == InformationGrading.Handling.CONDITIONS and not conditions.strip():
        raise Refused("Say under which conditions it may be shared.")
    found = _received(by, report)
    typed = {"source": source, "assessment": assessment, "handling": handling, "conditions": conditions}
    graded: InformationGrading = InformationGrading.objects.create(
        case_id=found.case_id, report=found, graded_by=by, **_cleaned(InformationGrading, typed)
    )
    return graded
