"""Closing a case: proposed by who works on it, decided by a manager who is somebody else; and opening it again.

A closed file is one that the team that held it may read, and nobody may add to: every other access ends with it.
"""

from django.db import DatabaseError, connection
from django.utils import timezone

from access.actions import case_action, part_of_action
from access.models import Allocation, CaseFile
from access.permissions import NotAllowed
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import User
from assessments.models import EffectiveTier
from deadlines.services import end_clocks, start_clock, stop_clock
from offer.closing import ClosingReason, closing_objections
from plans.closing.facts import closing_facts
from plans.models import CaseClosure, PlanItem, TriggerPlan
from plans.signals import case_closing

RULE = "TG-CLOSING"
ENDED_BECAUSE = "The file was closed"


def _check(case: CaseFile, by: User, reason: str, receiver: str) -> None:
    objections = closing_objections(ClosingReason[reason.upper()], closing_facts(case, by=by, receiver=receiver))
    if objections:
        raise Refused(objections[0])


def _proposed(closure: CaseClosure) -> CaseClosure:
    current: CaseClosure = CaseClosure.objects.select_related("case").get(pk=closure.pk)
    if current.state != CaseClosure.State.PROPOSED:
        raise Refused("Somebody has already decided on this closing. Open the page again to see what was decided.")
    return current


@case_action(Action.PROPOSE_CLOSING)
def propose_closing(case: CaseFile, *, by: User, reason: str, summary: str, receiver: str = "") -> CaseClosure:
    """Proposes that the file be closed. A manager who is somebody else decides.

    Args:
        reason: a name of `offer.closing.ClosingReason` in lower case. summary: what was done, and whom the child can
            turn to now. receiver: who takes over, and who there has accepted.

    Raises:
        Refused: a rule of `offer.closing` objects, something is missing, or a closing is proposed already.
    """
    if not summary.strip():
        raise Refused("Say what was done, and whom the child can turn to now.")
    if CaseClosure.objects.filter(case=case, state=CaseClosure.State.PROPOSED).exists():
        raise Refused("Closing is proposed already. A manager decides on it.")
    _check(case, by, reason, receiver)
    now = timezone.now()
    closure: CaseClosure = CaseClosure.objects.create(
        case=case, reason=reason, summary=summary.strip(), receiver=receiver.strip(), proposed_by=by, proposed_at=now
    )
    start_clock(case, by=by, rule_id=RULE, started_at=now)
    return closure


@case_action(Action.CLOSE_CASE)
def send_closing_back(closure: CaseClosure, *, by: User, answer: str) -> CaseClosure:
    """A manager does not close the file, and says why. Work goes on.

    Raises:
        Refused: it is decided already, the manager proposed it, or no reason is given.
    """
    waiting = _proposed(closure)
    _check_decider(waiting, by, answer)
    now = timezone.now()
    CaseClosure.objects.filter(pk=waiting.pk).update(
        state=CaseClosure.State.SENT_BACK, answer=answer.strip(), decided_by=by, decided_at=now
    )
    stop_clock(waiting.case, by=by, rule_id=RULE, done_at=now)
    return CaseClosure.objects.get(pk=waiting.pk)


def _check_decider(closure: CaseClosure, by: User, answer: str) -> None:
    if closure.proposed_by_id == by.pk:
        raise Refused("You proposed this closing; another manager must decide on it.")
    if not answer.strip():
        raise Refused("Give the reason for your decision.")


@case_action(Action.CLOSE_CASE)
def close_case(closure: CaseClosure, *, by: User, answer: str) -> CaseClosure:
    """A manager closes the file as proposed: the tier, the plan and every clock end, and all access to it but that of
    the team that held it, which may only read from now on.

    Raises:
        Refused: it is decided already, the manager proposed it, no reason is given, or a rule of `offer.closing`
            objects today, whatever it said when the closing was proposed.
    """
    waiting = _proposed(closure)
    _check_decider(waiting, by, answer)
    _check(waiting.case, by, waiting.reason, waiting.receiver)
    _end_work(waiting.case, by=by)
    _call("sec.close_case", waiting.pk, answer.strip())
    return CaseClosure.objects.get(pk=waiting.pk)


@part_of_action
def _end_work(case: CaseFile, *, by: User) -> None:
    now = timezone.now()
    stop_clock(case, by=by, rule_id=RULE, done_at=now)
    case_closing.send(sender=CaseFile, case=case, by=by)
    PlanItem.objects.filter(case=case, ended_at__isnull=True).update(
        ended_at=now, end_reason=ENDED_BECAUSE, on_hold=False
    )
    for trigger in TriggerPlan.objects.filter(case=case).exclude(status=TriggerPlan.Status.ENDED):
        save_version(trigger, trigger.version, status=TriggerPlan.Status.ENDED)
    EffectiveTier.objects.filter(case=case, until_at__isnull=True).update(until_at=now)
    Allocation.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now)
    end_clocks(case, by=by, reason=ENDED_BECAUSE)


@case_action(Action.REOPEN_CASE)
def reopen_case(case: CaseFile, *, by: User, reason: str) -> CaseClosure:
    """Opens a closed file again to the team that held it. It has no tier, no worker and no plan in force: it is
    screened, allocated and assessed anew, with its history there.

    Raises:
        Refused: the file is not closed, or no reason is given.
    """
    closure: CaseClosure | None = CaseClosure.objects.filter(case=case, state=CaseClosure.State.CLOSED).first()
    if closure is None:
        raise Refused("This file is not closed.")
    if not reason.strip():
        raise Refused("Say why the file is opened again.")
    _call("sec.reopen_case", closure.pk, reason.strip())
    return CaseClosure.objects.get(pk=closure.pk)


def _call(function: str, closure: int, words: str) -> None:
    """The two functions of the second wall that end and give back access. A refusal of theirs becomes ours."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [closure, words])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == "42501":
            raise NotAllowed(str(error.__cause__.diag.message_primary)) from error  # type: ignore[union-attr]
        raise
