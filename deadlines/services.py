"""What the clocks do by themselves."""

from django.utils import timezone

from access.actions import machine_work
from deadlines.models import Heartbeat

CLOCKS = "clocks"


@machine_work
def beat() -> None:
    """Says that the clocks were looked at now."""
    Heartbeat.objects.update_or_create(process=CLOCKS, defaults={"at": timezone.now()})
