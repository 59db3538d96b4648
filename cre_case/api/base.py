"""What every answer of the API has: the walls, the ledger, and refusals in a sentence."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from access import ledger
from access.declarations import Declared
from access.permissions import NotAllowed
from access.refusals import Refused
from access.roles import Action
from access.versions import StaleRecord
from access.views import FindsCase

MOST = 100  # rows in one answer


class SaidNo(APIException):
    """A service refused, or somebody else saved first. The sentence says what to do."""

    def __init__(self, sentence: str, status: HTTPStatus) -> None:
        super().__init__(sentence)
        self.status_code = status


def in_words(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal is {"detail": a sentence}. What is not a refusal is not answered here, but as an error page."""
    if isinstance(error, Refused):
        error = SaidNo(str(error), HTTPStatus.BAD_REQUEST)
    elif isinstance(error, StaleRecord):
        error = SaidNo("Somebody else changed this. Read it again, then send your change.", HTTPStatus.CONFLICT)
    return exception_handler(error, context)


class ListApi(APIView):
    """An answer about many files. One line of the ledger names each of them."""

    action: ClassVar[Action]
    declared_access: ClassVar[Declared]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "action" in cls.__dict__:
            cls.declared_access = Declared(cls.action)

    def answer(self, rows: list[Any], cases: list[UUID], *, more: bool) -> Response:
        ledger.record(ledger.Kind.LIST, action=self.action, cases=cases, record=type(self).__name__)
        return Response({"results": rows, "more": more})


class CaseApi(FindsCase, APIView):
    """An answer about one file."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.case = self.find_case(request.user, kwargs["case"])
        if self.needs_reason():
            ledger.record_denial(ledger.Kind.DENIED, action=self.action, case=self.case.pk, detail="No reason stated")
            raise NotAllowed("Say on the child’s page why you open this file, then ask again.")
        if self.needs_proof(request):
            ledger.record_denial(
                ledger.Kind.DENIED, action=self.action, case=self.case.pk, detail="Many files in an hour"
            )
            raise NotAllowed("You have opened many files in this hour. Open this one on its page, then ask again.")

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Http404):  # the file, or a record of it
            self.record_absence(self.kwargs["case"], self.request.path)
        return super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if final.status_code == HTTPStatus.OK:
            self.record_look()
        return final.render()  # while the principal is still there
