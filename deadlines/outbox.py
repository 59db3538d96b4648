"""Notices by e-mail: one by one, or all of a day in one message. Also the work of the clock's own role.

A message is claimed for some minutes (a lease), sent, and marked. Killed in between it is sent again when the lease
has run out, under the same Message-ID, so that a mail server that knows the first one drops the second. An address that
fails is tried later and later and holds up no other. Messages hold a sentence, a reference and a link.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from access.principal import acting_as
from accounts.models import Notice
from deadlines.reminders import CLOCK
from deadlines.steps import morning
from offer.counting import london_date
from ui.dates import counted

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
CLAIMED = 200  # notices at a time
SECONDS = 40.0  # the tick shares this worker, and is never kept waiting for long
SUBJECT = "CRE casework: something needs your attention"
DIGEST_SUBJECT = "CRE casework: your tasks today"
FOOTER = "Sign in to see what it is. This message was sent by a machine; nobody reads an answer."


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, and the notices it is about."""

    key: str
    address: str
    subject: str
    text: str
    notices: tuple[int, ...]

    def message(self) -> EmailMessage:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{uuid5(NAMESPACE_URL, self.key)}@{domain}>", "Auto-Submitted": "auto-generated"}
        return EmailMessage(self.subject, self.text, to=[self.address], headers=headers)


def send_mail() -> int:
    """Sends what waits. Returns how many messages went out."""
    end, sent = time.monotonic() + SECONDS, 0
    with acting_as(None):
        connection = None
        for one in _claim():
            if time.monotonic() > end:
                break  # their lease runs out, and the next run sends them
            if connection is None:
                connection = get_connection()
            try:
                message = one.message()
                message.connection = connection
                message.send()
            except Exception:  # whatever a mail server says: this message is tried again, the others go on
                logger.exception("A message could not be sent")
                _put_off(one.notices)
                connection = None
            else:
                _mark(one.notices)
                sent += 1
    return sent


def _waiting(now: datetime) -> Q:
    """What is to be sent now: at once, or, from the hour of the digest, for those who had none today yet."""
    today = morning(london_date(now), settings.DIGEST_HOUR)
    wanted = Q(mail=Notice.Mail.AT_ONCE)
    if now >= today:
        had = Notice.objects.using(CLOCK).filter(
            recipient=OuterRef("recipient"), mail__literally=Notice.Mail.DIGEST, mailed_at__gte=today
        )
        wanted |= Q(~Exists(had), mail=Notice.Mail.DIGEST)
    return wanted


def _claim() -> list[Outgoing]:
    with transaction.atomic(using=CLOCK):
        notices = Notice.objects.using(CLOCK)
        now = _now()
        due = notices.filter(_waiting(now), mailed_at__isnull=True, try_after__lte=Now(), recipient__is_active=True)
        due = due.exclude(mail__literally=Notice.Mail.NONE).exclude(recipient__email="")
        claimed = due.select_for_update(skip_locked=True, of=("self",)).order_by("try_after", "pk")[:CLAIMED]
        found = list(claimed.values_list("pk", "mail", "kind", "reference", "path", "recipient_id", "recipient__email"))
        notices.filter(pk__in=[one[0] for one in found]).update(try_after=Now() + LEASE)
    return _messages(found, now)


def _now() -> datetime:
    """The database's own clock: no machine's wrong one sends a digest early, or twice."""
    with connections[CLOCK].cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
    return found


def _messages(found: Sequence[tuple[int, str, str, str, str, int, str]], now: datetime) -> list[Outgoing]:
    at_once, digests = [], defaultdict(list)
    for pk, mail, kind, reference, path, user, address in found:
        if mail == Notice.Mail.DIGEST:
            digests[user, address].append((pk, kind, reference))
            continue
        text = f"{Notice.Kind(kind).label}\n\nReference: {reference}\n{settings.SITE_URL}{path}\n\n{FOOTER}\n"
        at_once.append(Outgoing(f"notice:{pk}", address, SUBJECT, text, (pk,)))
    day = london_date(now).isoformat()
    return at_once + [_digest(f"digest:{user}:{day}", address, rows) for (user, address), rows in digests.items()]


def _digest(key: str, address: str, rows: Sequence[tuple[int, str, str]]) -> Outgoing:
    lines = [f"{reference}: {Notice.Kind(kind).label}" for _, kind, reference in rows]
    text = "\n".join([f"You have {counted(len(rows), 'new notice')}.", "", *lines, "", f"{settings.SITE_URL}/notices/",
                      "", FOOTER, ""])  # fmt: skip
    return Outgoing(key, address, DIGEST_SUBJECT, text, tuple(pk for pk, *_ in rows))


def _mark(notices: Sequence[int]) -> None:
    Notice.objects.using(CLOCK).filter(pk__in=notices).update(mailed_at=Now())


def _put_off(notices: Sequence[int]) -> None:
    """The first pause is a minute, each later one twice as long, up to an hour."""
    for pk, attempts in Notice.objects.using(CLOCK).filter(pk__in=notices).values_list("pk", "attempts"):
        pause = min(PAUSE * 2 ** min(attempts, 10), LONGEST_PAUSE)
        Notice.objects.using(CLOCK).filter(pk=pk).update(attempts=F("attempts") + 1, try_after=Now() + pause)
