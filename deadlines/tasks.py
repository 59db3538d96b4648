"""Work that Celery starts. A tick may run any number of times at once and does no harm twice."""

from celery import shared_task

from deadlines import services


@shared_task(ignore_result=True)
def tick() -> None:
    """Each minute: what is due is looked at. For now it only proves that the clocks are watched."""
    services.beat()
