"""The work of the documents worker. Messages carry ids only; if all are lost, the sweep finds the rows."""

import logging

from celery import shared_task

from plans.copies import services
from plans.copies.making import make_one

log = logging.getLogger(__name__)

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


def publish(copy_id: int) -> None:
    """Tells the documents worker of a copy. If nobody hears it, the next sweep finds the copy."""
    try:
        make_copy.apply_async(args=(copy_id,), retry=False, ignore_result=True)
    except Exception:  # whatever the broker's client raises: the copy is in the database
        log.warning("The documents worker could not be told of a copy; the sweep will find it.")
