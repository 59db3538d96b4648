"""What several services of meetings ask before they write. Each refuses with its sentence."""

from datetime import datetime

from django.utils import timezone

from access.refusals import Refused
from meetings.models import Invitation, Meeting

COMES = frozenset({Invitation.Reply.INVITED, Invitation.Reply.ACCEPTED, Invitation.Reply.APOLOGIES,
                   Invitation.Reply.DEPUTY})  # fmt: skip


def said(text: str, sentence: str) -> str:
    """The text without what surrounds it; refused if there is none."""
    if not text.strip():
        raise Refused(sentence)
    return text.strip()


def not_to_come(at: datetime, what: str) -> None:
    if at > timezone.now():
        raise Refused(f"{what} must not be in the future.")


def still_arranged(meeting: Meeting) -> Meeting:
    """The meeting as it is now; refused once it was held or cancelled."""
    current = Meeting.objects.get(pk=meeting.pk)
    if current.state == Meeting.State.HELD:
        raise Refused("This meeting has been recorded; what was recorded is not changed.")
    if current.state == Meeting.State.CANCELLED:
        raise Refused("This meeting was cancelled. Arrange another one.")
    return current
