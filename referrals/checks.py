"""What typed facts and moments must be before anything of this package is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from children.models import Child


def _clean(model: type[Model], name: str, value: Any) -> Any:
    field: Any = model._meta.get_field(name)
    if isinstance(value, str):
        value = value.replace("\x00", "").strip()
    if field.is_relation:
        return value
    if (value is None and field.null) or (value in ("", []) and (field.blank or isinstance(value, list))):
        return value
    try:
        return field.clean(value, None)
    except ValidationError as error:
        label = str(field.verbose_name)
        raise Refused(f"{label[0].upper()}{label[1:]}: {error.messages[0]}") from None


def cleaned(model: type[Model], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without surrounding spaces. Refused where one is missing, too long or not on its list."""
    return {name: _clean(model, name, value) for name, value in typed.items()}


def not_ahead(moment: datetime) -> None:
    if moment > timezone.now():
        raise Refused("The date and time cannot be in the future.")


def child_of(case: CaseFile, by: User) -> Child:
    child: Child | None = Child.objects.allowing(by, Action.VIEW_FILE).filter(case=case).first()
    if child is None:
        raise Refused("Add the child to this file first.")
    return child
