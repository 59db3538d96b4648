"""Work that Celery starts. Each may run any number of times at once and does no harm twice."""

from celery import shared_task

from deadlines import outbox, reminders, services


@shared_task(ignore_result=True)
def tick() -> None:
    """Each minute: people are told of what is due. The heartbeat comes last: a tick that fails is no sign of life."""
    reminders.send_due()
    services.beat()


@shared_task(ignore_result=True)
def mail() -> None:
    """Each minute: notices that wait are sent by e-mail."""
    outbox.send_mail()
