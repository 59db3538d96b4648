from typing import Any

from django.apps import AppConfig


def child_changed(child: Any, by: Any, **told: Any) -> None:
    from assessments.decisions.services import send_recorded  # noqa: PLC0415 -- apps are not ready when this module loads

    send_recorded(child, by=by)


class AssessmentsConfig(AppConfig):
    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments.badges import TIER  # noqa: PLC0415 -- the same
        from children import signals  # noqa: PLC0415 -- the same
        from children.badges import BADGES  # noqa: PLC0415 -- the same

        BADGES["tier"] = TIER
        signals.child_changed.connect(child_changed)
