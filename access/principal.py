"""Who is asking, for both walls.

The principal lives in a context variable. The database backend signs it into each transaction, and
`acting_as` changes it, inside an open transaction too.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections

TOKEN_SECONDS = 600  # outlives the longest request or task (300 s), and no more

_principal: ContextVar[int | None] = ContextVar("principal", default=None)


def key_bytes(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def sign(user_id: int, expires: int, secret: str) -> str:
    """The token the database believes: "id.expiry.signature"; `expires` in UTC seconds since 1970."""
    key, message = key_bytes(secret), f"{user_id}.{expires}"
    inner = hashlib.sha256(key + message.encode()).digest()
    return f"{message}.{hashlib.sha256(key + inner).hexdigest()}"


def current_principal() -> int | None:
    return _principal.get()


def current_token() -> str:
    user_id = _principal.get()
    return "" if user_id is None else sign(user_id, int(time.time()) + TOKEN_SECONDS, settings.PRINCIPAL_KEY)


def _restamp() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.stamp_principal()  # type: ignore[attr-defined]  # our own backend


@contextmanager
def acting_as(user_id: int | None) -> Iterator[None]:
    """Does the block as this person (None: as nobody), whatever transaction is open around it."""
    if _principal.get() == user_id:
        yield
        return
    mark = _principal.set(user_id)
    _restamp()
    try:
        yield
    finally:
        _principal.reset(mark)
        _restamp()
