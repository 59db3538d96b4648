"""What is due and by when, and the proof that the clocks are being watched."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A local target that would change the law stops the program before it counts anything by it."""
        from deadlines.rules import check_local_targets  # noqa: PLC0415 -- settings are read when apps are ready

        try:
            check_local_targets()
        except (ValueError, ArithmeticError) as error:
            raise ImproperlyConfigured(str(error)) from error
