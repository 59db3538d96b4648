"""What somebody has typed into a draft and not saved: theirs alone."""

from access.roles import Action
from accounts.models import User
from assessments.models import Assessment, UnsavedPart


def unsaved_parts(assessment: Assessment, user: User) -> dict[str, UnsavedPart]:
    """By part, what this person has typed into it and not saved."""
    own = UnsavedPart.objects.allowing(user, Action.ASSESS).filter(assessment=assessment, author=user)
    return {one.part: one for one in own.exclude(typed="")}


def unsaved_part(assessment: Assessment, user: User, part: str) -> UnsavedPart | None:
    own = UnsavedPart.objects.allowing(user, Action.ASSESS).filter(assessment=assessment, author=user, part=part)
    found: UnsavedPart | None = own.exclude(typed="").first()
    return found
