"""The hunt for words of a child where none belongs: addresses, logs, messages of the queue, notices, mail.

Pages themselves are searched cell by cell in `test_addresses_on_a_file`, copies in `tests/plans/copies`.
"""

import logging
import re

import pytest
from celery.app.task import Task
from django.core import mail

from tests.database import rows
from tests.matrix.oracle import ORACLE
from tests.matrix.test_matrix import address_of, ids_for, of_kind, undone
from tests.matrix.test_whatever_is_typed import FORMS, Asked, in_turn, who
from tests.matrix.vocabulary import ForRole, OnFile, Shape

TYPED = "zqtypedzq"
CANARY = re.compile(r"zq[a-z]+zq", re.IGNORECASE)
ADDRESSES = re.compile(r"(?:href|action|src|formaction)=[\"']([^\"']*)[\"']")
PAGES = [
    name for name in of_kind(OnFile, ForRole) if ORACLE[name].shape in (Shape.PAGE, Shape.FORM) and who(name)
]  # fmt: skip


@pytest.fixture
def queued(monkeypatch):
    """What would be put into Redis."""
    messages: list[str] = []
    monkeypatch.setattr(Task, "apply_async", lambda task, *args, **more: messages.append(f"{task.name} {args} {more}"))
    return messages


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_word_of_a_child_in_an_address_or_writes_one_into_the_log(world, heard, name):
    row = ORACLE[name]
    address = address_of(name, ids_for(name, world), world.cases[getattr(row, "relation", "holding")])
    with undone():
        page = world.clients[who(name)].get(address)
    assert page.status_code == 200
    assert [found for found in ADDRESSES.findall(page.content.decode()) if CANARY.search(found)] == []
    assert not CANARY.search(heard.text)


@in_turn(FORMS, 2)
def test_what_is_typed_goes_into_no_address_log_message_notice_or_mail(world, heard, queued, asked):
    notices = rows("SELECT count(*) FROM accounts_notice")
    answer = asked.send(asked.filled(TYPED))
    assert answer.status_code in (200, 302)
    told = rows("SELECT kind, reference, path FROM accounts_notice ORDER BY id OFFSET %s", notices[0][0])
    elsewhere = [answer.headers.get("Location", ""), heard.text, str(queued), str(told), str(mail.outbox)]
    assert [text for text in elsewhere if CANARY.search(text)] == []
    sent = rows("SELECT location FROM access_submission")
    assert not CANARY.search(str(sent))


@pytest.fixture
def asked(request, world):
    with undone():
        yield Asked(world, request.param)


def test_the_hunt_would_find_one(heard):
    logging.getLogger("any").error("zqholdingcorezq")
    assert CANARY.search(heard.text)
    assert ADDRESSES.findall('<a href="/search/?q=zqholdingcorezq">') == ["/search/?q=zqholdingcorezq"]
