"""What the clocks do by themselves."""

from django.db.models.functions import Now

from access.actions import machine_work
from deadlines.models import Heartbeat

CLOCKS = "clocks"


@machine_work
def beat() -> None:
    """Says that the clocks were looked at now, by the database's own clock."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=CLOCKS, at=Now())],
        update_conflicts=True, unique_fields=["process"], update_fields=["at"],
    )  # fmt: skip
