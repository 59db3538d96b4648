"""One check, two voices: `may` answers, `authorise` refuses with a sentence that can be shown."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from access.models import CaseFile
from access.querysets import different_ways, ways_in
from access.roles import CASE_ACTIONS, Action
from access.standing import standing_of
from accounts.models import User

SENTENCES: dict[Action, str] = {
    Action.ALLOCATE: "Only a team manager of the team that holds this file can allocate it.",
    Action.SHARE: "Only the social worker or team manager can share this file.",
    Action.EXCLUDE: "Only a team manager can close this file to a person.",
    Action.RESTRICT: "Only a team manager can restrict this file to named people.",
    Action.BREAK_GLASS: "Only social care can open a restricted file in an emergency.",
    Action.REVIEW_EMERGENCIES: "Only an auditor reviews who opened files in an emergency.",
    Action.SCREEN_CONTACT: "Only a team manager or the out-of-hours team can screen a contact.",
    Action.DECIDE_COMPLICITY: "Only a team manager, Child Protection Manager or chair can decide this.",
    Action.OPEN_CASE: "Only social workers and the out-of-hours team can record a new contact.",
    Action.DECIDE_TIER: "Only a team manager can decide the tier.",
    Action.ANSWER_LOW: "Only a Child Protection Manager can agree that a child under 13 or with SEND is low.",
    Action.AUTHORISE_ASSESSMENT: "Only a team manager can authorise a Single Assessment.",
    Action.APPROVE_PLAN: "Only a team manager can approve the plan.",
    Action.CLOSE_CASE: "Only a team manager can close a file.",
    Action.REOPEN_CASE: "Only a team manager can open a closed file again.",
    Action.ASSESS: "Only social workers, and early help workers for their own assessments, can assess.",
    Action.CLOSE_REPORT: "Only a team manager can close a report that was not made.",
    Action.RECORD_BREACH: "Only a team manager can record why a limit was missed.",
    Action.HOLD_THRESHOLD_DISCUSSION: "Only a team manager or Child Protection Manager can record this.",
    Action.PREPARE_SUBJECT_ACCESS: "Only social workers prepare the answer to somebody who asks to see the record.",
    Action.RELEASE_SUBJECT_ACCESS: "Only a team manager gives the record to somebody who asks to see it.",
    Action.MANAGE_TOOLKIT: "Only a directory administrator can change the toolkit.",
    Action.MANAGE_DIRECTORY: "Only a directory administrator can change the service directory.",
    Action.RECEIVE_INFORMATION: "Only the police receive information reports.",
    Action.MANAGE_STAFF: "Only a system administrator can manage accounts.",
}


class NotAllowed(PermissionDenied):
    """Refused. The text is a sentence for the person who was refused."""


def sentence(action: Action) -> str:
    return SENTENCES.get(action, "Your role does not allow this.")


def may(user: User, action: Action, record: Any = None) -> bool:
    """Whether the person may do the action: on a file or a record of one, or, with none, at all.

    Asks the same queryset that lists are made with, so a list and a page cannot disagree.
    """
    if not user.is_authenticated:
        return False
    if record is None:
        return standing_of(user).allows(action)
    if action not in CASE_ACTIONS:
        return False
    if isinstance(record, CaseFile):
        return CaseFile.objects.allowing_own(user, action).filter(pk=record.pk).exists()
    return bool(type(record).objects.allowing(user, action).filter(pk=record.pk).exists())


def permitted(user: User, case: CaseFile, actions: Iterable[Action]) -> frozenset[Action]:
    """Which of these actions the person may do on the file: `may` for each, in one query."""
    wanted = tuple(actions)
    found = CaseFile.objects.with_permissions(user, wanted).filter(pk=case.pk).first()
    return permitted_on(user, found, wanted) if found else frozenset()


def permitted_on(user: User, found: CaseFile, actions: Iterable[Action]) -> frozenset[Action]:
    """The same for a file read `with_permissions` of exactly these actions: no query."""
    standing, wanted = standing_of(user), tuple(actions)
    holds = dict(zip(different_ways(user, wanted), vars(found)["hold"], strict=True))
    return frozenset(action for action in wanted if holds[ways_in(standing, action)])


def authorise(user: User, action: Action, record: Any = None) -> None:
    """Raises `NotAllowed` with its sentence unless `may`."""
    if not may(user, action, record):
        raise NotAllowed(sentence(action))
