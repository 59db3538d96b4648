"""What must not be forgotten before real records are kept."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def second_factor(**kwargs: Any) -> list[checks.Warning]:
    if settings.SECOND_FACTOR:
        return []
    said = "SECOND_FACTOR is off: a password alone opens children’s files."
    return [checks.Warning(said, hint="Leave SECOND_FACTOR=1. Only a demonstration goes without.", id="accounts.W001")]
