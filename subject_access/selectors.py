"""Requests of a file."""

from django.db.models import QuerySet

from access.models import CaseFile
from access.roles import Action
from accounts.models import User
from subject_access.models import PassageDecision, SubjectAccessRequest


def requests_of(case: CaseFile, user: User) -> "QuerySet[SubjectAccessRequest]":
    """Requests to see this file, the newest first."""
    found = SubjectAccessRequest.objects.allowing(user, Action.VIEW_SUBJECT_ACCESS).filter(case=case)
    people = ("person", "recorded_by", "prepared_by", "decided_by")
    ordered: QuerySet[SubjectAccessRequest] = found.select_related(*people).order_by("-received_on", "-pk")
    return ordered


def decisions_of(asked: SubjectAccessRequest, user: User) -> "QuerySet[PassageDecision]":
    """What was decided on passages, in the order in which it was first decided."""
    found = PassageDecision.objects.allowing(user, Action.VIEW_SUBJECT_ACCESS)
    ordered: QuerySet[PassageDecision] = found.filter(case=asked.case_id, request=asked).order_by("pk")
    return ordered


def kept_back(asked: SubjectAccessRequest, user: User) -> "QuerySet[PassageDecision]":
    """The log of what is kept back, with the ground. It stays as it was when the answer was given."""
    return decisions_of(asked, user).exclude(ground="")


def still_open(case: CaseFile, user: User) -> list[str]:
    """What of requests stands in the way of closing a file, as sentences: their clocks would end with it."""
    waiting = requests_of(case, user).filter(state__in=SubjectAccessRequest.OPEN)
    return [f"The request of {one.asker_name} to see the record is not answered." for one in waiting]
