"""What must not be forgotten before real records are kept."""

import os
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def second_factor(**kwargs: Any) -> list[checks.Warning]:
    if settings.SECOND_FACTOR:
        return []
    said = "SECOND_FACTOR is off: a password alone opens children’s files."
    return [checks.Warning(said, hint="Leave SECOND_FACTOR=1. Only a demonstration goes without.", id="accounts.W001")]


@checks.register(checks.Tags.security, deploy=True)
def breached_passwords(**kwargs: Any) -> list[checks.CheckMessage]:
    path = settings.BREACHED_PASSWORDS
    if not path:
        said = "BREACHED_PASSWORDS is not set: only the most common passwords are refused."
        hint = "Give the path of a list of passwords known from breaches, one a line."
        return [checks.Info(said, hint=hint, id="accounts.I001")]
    if not os.access(path, os.R_OK):
        return [checks.Error(f"The list of breached passwords, {path}, cannot be read.", id="accounts.E001")]
    return []
