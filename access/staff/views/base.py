"""What the administrator's pages share."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import Http404

from access.roles import Action
from access.views import RoleFormView, RoleView

PER_PAGE = 50
BIGGEST_ID = 2**63 - 1


class StaffPage(RoleView):
    action = Action.MANAGE_STAFF


class StaffForm(RoleFormView):
    """A form with a title, a button and the page it goes back to."""

    action = Action.MANAGE_STAFF
    template_name = "staff/form.jinja"
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    is_warning: ClassVar[bool] = False

    def intro(self) -> str:
        """What to know before filling in the form."""
        return ""

    def back_url(self) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        about = {"title": self.title, "button_text": self.button, "is_warning": self.is_warning}
        return {**about, "intro": self.intro(), "back_url": self.back_url()}


def found(rows: Any, number: int) -> Any:
    """The one row with this id, or 404."""
    row = rows.filter(pk=number).first() if 0 < number <= BIGGEST_ID else None
    if row is None:
        raise Http404
    return row


def typed(form: Any) -> dict[str, Any]:
    """What was typed, without the key of the form itself."""
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


def number_of(text: str, otherwise: int | None = None) -> int | None:
    """A number from the address; `otherwise` for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 18 else otherwise


def one_page(rows: Any, page: int) -> tuple[list[Any], bool]:
    """The rows of a page, and whether there is another."""
    start = (min(page, 10_000) - 1) * PER_PAGE
    several = list(rows[start : start + PER_PAGE + 1])
    return several[:PER_PAGE], len(several) > PER_PAGE


def kept(**parameters: Any) -> str:
    """What the address of a list keeps while its pages are turned."""
    return urlencode({name: value for name, value in parameters.items() if value})
