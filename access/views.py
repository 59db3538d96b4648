"""The base classes of every page. A view that names no action is not served.

`CaseView` is the only way to a page about a file: it fetches through the first wall, renders before it
returns (the principal is gone once the transaction ends), and writes the ledger in the same transaction.
"""

import json
import logging
from functools import lru_cache
from http import HTTPStatus
from typing import Any, ClassVar, cast
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Func, IntegerField, When
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from access import ledger
from access.declarations import Declared
from access.models import CaseFile, Submission
from access.permissions import NotAllowed, sentence
from access.querysets import granted
from access.refusals import Refused
from access.roles import CASE_ACTIONS, Action
from access.standing import Standing, standing_of
from access.versions import StaleRecord
from accounts.models import User
from accounts.second_factor.proof import ask_for_proof, recently_proved

logger = logging.getLogger(__name__)
AT_THE_SAME_MOMENT = (
    "It was not saved: somebody else may have done this at the same moment. "
    "Look at the page in another window, then send this again if it is still needed."
)


class Page(View):
    """A page with a template, rendered at once."""

    template_name: str

    @property
    def person(self) -> User:
        """Who is asking. Nobody reaches a page that is not public without signing in."""
        return cast(User, self.request.user)

    def context(self) -> dict[str, Any]:
        """What the template needs besides what every page has."""
        return {}

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        return render(self.request, self.template_name, {**self.context(), **extra}, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()


class RoleView(Page):
    """A page for whoever has a role that allows `action`, about no file in particular."""

    action: ClassVar[Action]
    declared_access: ClassVar[Declared]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "action" in cls.__dict__ and "declared_access" not in cls.__dict__:
            cls.declared_access = Declared(cls.action)


class CaseListView(RoleView):
    """A list of files. One line of the ledger names every file the page shows."""

    def listed(self) -> list[UUID]:
        """The ids of the files on the page just shown."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.show()
        ledger.record(ledger.Kind.LIST, action=self.action, cases=self.listed())
        return response


@lru_cache(maxsize=1024)
def files_for(page: type["FindsCase"], person: User, standing: Standing) -> Any:
    """The files that a page may be about, as a question not yet asked: to put it together takes longer than to ask it.

    It holds no row. `standing` is what the person holds now: who gains or loses a role has another question.
    """
    files = page.with_facts(CaseFile.objects.allowing_own(person, page.action), person)
    files = files.annotate(opened_beside=Func(F("pk"), function="sec.files_opened_beside", output_field=IntegerField()))
    if standing.city_wide(page.action):
        needs = CASE_ACTIONS[page.action]
        held = granted("pk", standing.subjects(page.action), needs.part.label, needs.level)
        files = files.annotate(is_held=Case(When(held, then=True), default=False))
    return files


class FindsCase:
    """How a page, or an answer of the API, comes by its file: through the first wall, for whoever may do `action`.

    Out of sight is 404, the same as if it did not exist; in sight but not allowed is 403 with the reason. Both are
    written into the ledger.
    """

    action: ClassVar[Action]
    declared_access: ClassVar[Declared]
    case: CaseFile

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "action" in cls.__dict__:
            cls.declared_access = Declared(cls.action, on_a_file=True)

    @classmethod
    def with_facts(cls, files: Any, person: User) -> Any:
        """The file with what the page wants to know of it besides, in the same query.

        It is put together once for a page, a person and what they hold (see `files_for`), so no value of one request
        and no clock of ours may stand in it: only what follows from these, and the database's own `now()`.
        """
        return files

    def find_case(self, person: User, wanted: UUID) -> CaseFile:
        files = files_for(type(self), person, standing_of(person))  # type: ignore[arg-type]
        found: CaseFile | None = files.filter(pk=wanted).first()
        if found:
            return found
        if CaseFile.objects.allowing(person, Action.VIEW_FILE).filter(pk=wanted).exists():
            ledger.record_denial(ledger.Kind.DENIED, action=self.action, case=wanted)
            raise NotAllowed(sentence(self.action))
        raise Http404

    def needs_reason(self) -> bool:
        """Their only way in is standing city-wide access, and they have not said why they open this file."""
        return not getattr(self.case, "is_held", True)

    def needs_proof(self, request: HttpRequest) -> bool:
        """They opened as many different files in this hour as work asks for, and want one more."""
        return vars(self.case)["opened_beside"] >= settings.READING_BUDGET and not recently_proved(request)

    def record_absence(self, wanted: UUID, path: str) -> None:
        ledger.record_denial(ledger.Kind.NOT_FOUND, action=self.action, case=wanted, detail=path)

    def record_look(self) -> None:
        ledger.record(ledger.Kind.READ, action=self.action, case=self.case.pk, record=type(self).__name__)


class CaseView(FindsCase, Page):
    """A page about one file."""

    def sent_before(self) -> str:
        """Where a form of this page led when it was sent before. A page without a form has none."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.case = self.find_case(self.person, kwargs["case"])
            if self.needs_reason():
                return redirect(f"{reverse('state_reason', args=[self.case.pk])}?next={request.path}")
            if self.needs_proof(request):
                return ask_for_proof(request)
            response = super().dispatch(request, *args, **kwargs)
        except Http404:
            if earlier := self.sent_before():
                return redirect(earlier)  # it is what closed the file to whoever sent it
            self.record_absence(kwargs["case"], request.path)
            raise
        if response.status_code in (HTTPStatus.OK, HTTPStatus.CONFLICT):  # a stale save's page shows the file too
            self.record_look()
        return response


class FormPage(Page):
    """A page with one form. What was typed is never lost; what is sent twice as it was is done once."""

    form_class: ClassVar[type[Any]]
    success_message = ""

    def initial(self) -> dict[str, Any]:
        return {}

    def form_options(self) -> dict[str, Any]:
        """Arguments for the form besides its data."""
        return {}

    def make_form(self, data: Any = None) -> Any:
        return self.form_class(data, initial=self.initial(), **self.form_options())

    def perform(self, form: Any) -> str:
        """Does what the form asks, through a service, and returns the address to go to."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if form.is_valid():
            try:
                return redirect(self.perform_once(form))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except IntegrityError as error:
                # Two people at the same moment pass the service's check together; the database lets one of them in.
                # Its own message has the row in it, so only the name of the rule is written down.
                rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
                logger.error("%s: the database refused what was sent by %s.", type(self).__name__, rule)
                form.add_error(None, AT_THE_SAME_MOMENT)
            except StaleRecord as stale:
                return self.show(form=form, theirs=self.as_saved(stale.current), status=409)
        elif earlier := self.sent_before():
            return redirect(earlier)  # what it chose from is no longer offered, because it was chosen
        return self.show(form=form)

    def sent_before(self) -> str:
        """Where what was sent now led when it was sent before; "" if it was not."""
        key = key_of(self.request.POST) if self.request.method == "POST" else None
        sent = Submission.objects.filter(key=key, user_id=self.person.pk).first() if key else None
        return sent.location if sent else ""

    def as_saved(self, current: Any) -> Any:
        """After a stale save, what somebody else saved: an attribute for each field of the form that it answers."""
        return current

    def perform_once(self, form: Any) -> str:
        """Performs, unless this very form was sent before: then only says where that led."""
        key = key_of(self.request.POST)
        with transaction.atomic():
            if key and not first_send(key, self.person.pk):
                return Submission.objects.get(key=key, user_id=self.person.pk).location
            location = self.perform(form)
            if key:
                Submission.objects.filter(key=key).update(location=location)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return location


def key_of(sent: QueryDict) -> UUID | None:
    """The key of what was sent: this form with these very words. Somebody who goes back, changes a word and sends the
    page again sends something else, and that is not lost."""
    try:
        once = UUID(sent.get("once", ""))
    except ValueError:
        return None
    typed = sorted((name, values) for name, values in sent.lists() if name != "csrfmiddlewaretoken")
    return uuid5(once, json.dumps(typed))


def first_send(key: UUID, user_id: int) -> bool:
    """Claims a form's key. A second send waits here until the first has committed, and finds it taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_submission (key, user_id, location) VALUES (%s, %s, '/') ON CONFLICT DO NOTHING",
            [key, user_id],
        )
        return bool(cursor.rowcount == 1)


class RoleFormView(FormPage, RoleView):
    """A form for a role, about no file yet."""


class CaseFormView(FormPage, CaseView):
    """A form on a file."""
