"""Makes one copy: as whoever asked for it, under the same walls, laid out by a process that knows nothing else."""

import logging
from typing import Any

from django.db import transaction

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from plans.copies import services
from plans.copies.contents import sheet_of
from plans.copies.rendering import RENDERER, CannotRender, Renderer, Unfinished, document
from plans.copies.services import Taken
from plans.models import Copy

Content = dict[str, Any]  # of a sheet

log = logging.getLogger(__name__)


def make_one(wanted: int | None = None, renderer: Renderer = RENDERER) -> bool:
    """Takes up a waiting copy and makes it. False: there was none to take.

    Whatever dies on the way, the copy waits on, and is taken up again once its lease has run out.
    """
    taken = services.take_up_copy(wanted)
    if taken is None:
        return False
    author = User.objects.get(pk=taken.asked_by)
    copy = _copy_of(author, taken)
    if copy is None:
        log.warning("Whoever asked for copy %s may no longer make it; it is given up in time.", taken.copy_id)
        return True
    content = copy.content
    try:
        if content is None:
            with acting_as(author.pk), transaction.atomic():
                content = sheet_of(copy, author).as_data()
        _keep(copy, author, taken, content, pdf=renderer.pdf(document(content)))
    except Unfinished:
        log.warning("Copy %s was not finished at try %s.", taken.copy_id, taken.this_try)
    except CannotRender as reason:
        _keep(copy, author, taken, content, problem=str(reason))
    except Refused as reason:
        _keep(copy, author, taken, None, problem=str(reason))
    return True


def _copy_of(author: User, taken: Taken) -> Copy | None:
    with acting_as(author.pk), transaction.atomic():
        copies = Copy.objects.allowing(author, Action.MAKE_COPY).filter(pk=taken.copy_id, author=author)
        related = ("case", "agency", "recipient_team__agency", "recipient_person", "author")
        found: Copy | None = copies.select_related(*related).defer("pdf").first()
        return found


def _keep(
    copy: Copy, author: User, taken: Taken, content: Content | None, *, pdf: bytes = b"", problem: str = ""
) -> None:
    try:
        services.keep_copy(copy, by=author, this_try=taken.this_try, content=content, pdf=pdf, problem=problem)
    except NotAllowed:
        log.warning("Whoever asked for copy %s lost the right to it meanwhile.", taken.copy_id)
