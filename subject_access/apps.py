from typing import Any

from django.apps import AppConfig


def closing_asked(case: Any, by: Any, **told: Any) -> list[str]:
    from subject_access.selectors import still_open  # noqa: PLC0415 -- apps are not ready when this module loads

    return still_open(case, by)


class SubjectAccessConfig(AppConfig):
    name = "subject_access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plans import signals  # noqa: PLC0415 -- the same

        signals.closing_asked.connect(closing_asked)
