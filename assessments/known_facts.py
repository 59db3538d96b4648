"""What the file shows already of what an item asks: offered beside it, for a worker to confirm. Nothing is answered by
itself (ruling Q23).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from access.roles import Action
from accounts.models import User
from assessments.models import Assessment
from children.models import Child, OtherPlan
from duties.models import MandatoryReport
from offer.answers import Answer, answer_for
from ui.dates import long_date


@dataclass(frozen=True, slots=True)
class KnownFact:
    """`answer`: what is offered, a name of `offer.answers.Answer` in lower case. `words`: what the file shows."""

    answer: str
    words: str


def _missing(assessment: Assessment, user: User) -> KnownFact | None:
    found = MandatoryReport.objects.allowing(user, Action.VIEW_REPORTS).filter(case=assessment.case_id, rule_id="MR-08")
    days = [timezone.localdate(one.discovered_at) for one in found.order_by("discovered_at", "pk")]
    if assessment.reason == Assessment.Reason.MISSING:
        days.append(assessment.concern_on)
    return _happened("Reported missing", days)


def _arrested(assessment: Assessment, user: User) -> KnownFact | None:
    made = Assessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(
        case=assessment.case_id, reason=Assessment.Reason.ARREST
    )
    days = [one.concern_on for one in made.exclude(state=Assessment.State.WITHDRAWN)]
    return _happened("Arrest or investigation", days)


def _happened(what: str, days: list[date]) -> KnownFact | None:
    if not days:
        return None
    told = ", ".join(long_date(day) for day in sorted(set(days)))
    return KnownFact(_name(answer_for(max(days), timezone.localdate())), f"{what}: {told}.")


def _looked_after(assessment: Assessment, user: User) -> KnownFact | None:
    kinds = (OtherPlan.Kind.LOOKED_AFTER, OtherPlan.Kind.PATHWAY)
    plans = OtherPlan.objects.allowing(user, Action.VIEW_FILE).filter(
        case=assessment.case_id, kind__in=kinds, ended_on__isnull=True
    )
    first = plans.order_by("started_on", "pk").first()
    told = f"{first.get_kind_display()}, since {long_date(first.started_on)}." if first else ""
    return KnownFact(_name(Answer.CURRENT), told) if first else None


def _send(assessment: Assessment, user: User) -> KnownFact | None:
    child = Child.objects.allowing(user, Action.VIEW_FILE).filter(case=assessment.case_id).first()
    answers = {Child.SendStatus.RECORDED: Answer.CURRENT, Child.SendStatus.SUSPECTED: Answer.SUSPECTED}
    if child is None or child.send_status not in answers:
        return None
    return KnownFact(_name(answers[child.send_status]), f"{child.get_send_status_display()}.")


def _name(answer: Answer) -> str:
    return answer.name.lower()


# By the code of the item: codes are the same in each version of the toolkit (DOMAIN 1.4).
KNOWN: dict[str, Callable[[Assessment, User], KnownFact | None]] = {
    "A01": _missing,
    "D06": _arrested,
    "V04": _looked_after,
    "V05": _send,
}


def facts_on_record(assessment: Assessment, user: User, codes: Iterable[str]) -> dict[str, KnownFact]:
    """By code, what the file shows of these items to this person."""
    found = {code: KNOWN[code](assessment, user) for code in codes if code in KNOWN}
    return {code: fact for code, fact in found.items() if fact}
