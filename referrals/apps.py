from typing import Any

from django.apps import AppConfig


def closing_asked(case: Any, by: Any, **told: Any) -> list[str]:
    from referrals.selectors import still_open  # noqa: PLC0415 -- apps are not ready when this module loads

    return still_open(case, by)


def passages_asked(by: Any, **told: Any) -> list[Any]:
    from referrals.selectors import written_for_professionals  # noqa: PLC0415 -- the same

    return written_for_professionals(by)


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plans import signals  # noqa: PLC0415 -- the same

        signals.closing_asked.connect(closing_asked)
        signals.passages_asked.connect(passages_asked)
