from typing import Any

from django.apps import AppConfig


def tier_took_effect(tier: Any, before: Any, by: Any, **told: Any) -> None:
    from meetings.tasking.services import follow_tier  # noqa: PLC0415 -- apps are not ready when this module loads

    follow_tier(tier.case, by=by, tier=tier, before=before)


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments import signals  # noqa: PLC0415 -- the same

        signals.tier_took_effect.connect(tier_took_effect)
