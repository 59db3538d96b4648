"""Referrals, from sending to the end of the work: each function is a door."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from access.actions import case_action
from access.models import CaseFile, DisclosureDecision
from access.parts import Label
from access.permissions import may
from access.refusals import Refused
from access.roles import Action
from access.services import end_by_referral, give_by_referral
from access.standing import standing_of
from access.versions import save_version
from accounts.models import User
from children.models import Child, Person
from offer.catalogue import Disposition
from plans.models import PlanItem
from plans.services import note_progress
from referrals.checks import child_of, cleaned
from referrals.fit import closed, outside
from referrals.models import Referral, Service
from referrals.selectors import (
    age_of,
    complicity_of,
    described,
    may_not_be_referred,
    open_referral,
    tier_of,
)
from referrals.states import NEXT
from ui.dates import long_date

State = Referral.State

LASTS = timedelta(days=365)  # how long what a referral gives lasts, where nobody ends it before

STILL_WITH_SERVICE = frozenset({"offered", "in_progress"})


def _takes_referrals(service: Service) -> None:
    reason = closed(service, timezone.localdate())
    if reason:
        raise Refused(reason)


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
    child = child_of(case, by)
    _takes_referrals(service)
    _on_plan(case, item)
    if person is not None:
        _may_be_referred(case, by, service, person)
    else:
        _fits(case, by, service, child, unusual_because)
    _none_open(case, by, service, person)
    typed = cleaned(Referral, {
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
        decided_by=by, **cleaned(DisclosureDecision, {"necessity": necessity, "agreement": agreement}),
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
    facts = cleaned(Referral, {"answer": answer})
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
    facts = cleaned(Referral, {"outcome": outcome})
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
