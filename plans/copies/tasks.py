"""The work of the documents worker. Messages carry ids only; if all are lost, the sweep finds the rows."""

from celery import shared_task

from plans.copies import services
from plans.copies.making import make_one

MOST_AT_ONCE = 20  # copies a sweep makes before it lets others have a turn


@shared_task(ignore_result=True)
def make_copy(copy_id: int) -> None:
    """Makes this copy, unless it is made or somebody is making it."""
    make_one(copy_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Each minute: makes what still waits, the longest waiting first, and ends the waiting for what cannot be made."""
    services.give_up_copies()
    for _ in range(MOST_AT_ONCE):
        if not make_one():
            return
