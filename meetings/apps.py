from typing import Any

from django.apps import AppConfig


def tier_took_effect(tier: Any, before: Any, by: Any, **told: Any) -> None:
    from meetings.tasking.services import follow_tier  # noqa: PLC0415 -- apps are not ready when this module loads

    follow_tier(tier.case, by=by, tier=tier, before=before)


def closing_asked(case: Any, by: Any, **told: Any) -> list[str]:
    from meetings.selectors import still_open  # noqa: PLC0415 -- the same

    return still_open(case, by)


def case_closing(case: Any, by: Any, **told: Any) -> None:
    from meetings.tasking.services import take_off  # noqa: PLC0415 -- the same

    take_off(case, by=by, reason="The file was closed")


def passages_asked(by: Any, **told: Any) -> list[Any]:
    from meetings.selectors import written_for_professionals  # noqa: PLC0415 -- the same

    return written_for_professionals(by)


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments import signals  # noqa: PLC0415 -- the same
        from plans import signals as closing  # noqa: PLC0415 -- the same

        signals.tier_took_effect.connect(tier_took_effect)
        closing.closing_asked.connect(closing_asked)
        closing.passages_asked.connect(passages_asked)
        closing.case_closing.connect(case_closing)
