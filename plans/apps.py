from typing import Any

from django.apps import AppConfig


def tier_took_effect(tier: Any, by: Any, **told: Any) -> None:
    from plans.services import keep_in_step  # noqa: PLC0415 -- apps are not ready when this module loads
    from plans.transition.services import watch_transition  # noqa: PLC0415 -- the same

    keep_in_step(tier.case, by=by, tier=tier)
    watch_transition(tier.case, by=by, tier=tier)


class PlansConfig(AppConfig):
    name = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments import signals  # noqa: PLC0415 -- the same

        signals.tier_took_effect.connect(tier_took_effect)
