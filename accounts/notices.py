"""A person's own inbox. The second wall shows each only their own, and lets them do nothing but mark it read."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Notice, User

MOST_COUNTED = 100  # beyond that nobody needs the number


def inbox(user: User) -> QuerySet[Notice]:
    """Their notices, the newest first."""
    return Notice.objects.filter(recipient=user)


def unread(user: User) -> int:
    """How many of their notices they have not read; counting stops at a hundred."""
    return len(Notice.objects.filter(recipient=user, read_at=None).order_by()[:MOST_COUNTED].values_list("pk"))


def mark_read(user: User, notice: int | None = None) -> None:
    """Marks one of their notices read, or all. One that is not theirs is as absent as one that never was."""
    mine = inbox(user).filter(read_at=None)
    (mine if notice is None else mine.filter(pk=notice)).update(read_at=timezone.now())
