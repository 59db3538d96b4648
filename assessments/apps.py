from typing import Any

from django.apps import AppConfig


def child_changed(child: Any, before: Any, by: Any, **told: Any) -> None:
    from assessments.decisions.services import protect_low_child  # noqa: PLC0415 -- apps are not ready yet

    protect_low_child(child, by=by, before=before)


class AssessmentsConfig(AppConfig):
    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments.badges import TIER  # noqa: PLC0415 -- the same
        from children import signals  # noqa: PLC0415 -- the same
        from children.badges import BADGES  # noqa: PLC0415 -- the same

        BADGES["tier"] = TIER
        signals.child_changed.connect(child_changed)
