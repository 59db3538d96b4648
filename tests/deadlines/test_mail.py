"""The outbox: a message is sent once, says nothing of a case, and no bad address holds up the others (T24)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from accounts.models import Notice
from deadlines import outbox
from tests.database import rows, seeding
from tests.deadlines.making import as_the_clock
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

CASE = "/cases/0c7e9f6e-1111-4222-8333-444455556666/due/"


def notice(user, mail="at_once", **about) -> Notice:
    with seeding():
        return Notice.objects.create(
            recipient=user, kind=about.pop("kind", "due"), reference=about.pop("reference", "CRE-000042"), path=CASE,
            mail=mail, try_after=timezone.now() - timedelta(hours=1), **about,
        )  # fmt: skip


@pytest.fixture
def send(monkeypatch):
    def go(at: datetime | None = None) -> int:
        if at is not None:
            monkeypatch.setattr(outbox, "_now", lambda: at)
        with as_the_clock(monkeypatch):
            return outbox.send_mail()

    return go


@pytest.fixture
def ada():
    return UserFactory(name="Ada Quill", email="ada@example.org")


NOON, DAWN = (datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in (12, 5))


def test_a_message_has_a_sentence_a_reference_and_a_link(send, ada, settings):
    settings.SITE_URL = "https://casework.example.org"
    notice(ada)
    assert send() == 1
    (message,) = django_mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "CRE casework: something needs your attention"
    assert f"https://casework.example.org{CASE}" in message.body
    assert "CRE-000042" in message.body
    assert "Ada" not in message.body
    assert "CRE-000042" not in message.subject + str(message.extra_headers)


def test_what_was_sent_is_not_sent_again(send, ada):
    notice(ada)
    assert (send(), send(), len(django_mail.outbox)) == (1, 0, 1)
    assert rows("SELECT count(*) FROM accounts_notice WHERE mailed_at IS NOT NULL") == [(1,)]


def test_killed_before_the_mark_it_is_sent_again_with_the_same_id_when_the_lease_ends(send, ada, monkeypatch):
    one = notice(ada)
    monkeypatch.setattr(outbox, "_mark", lambda notices: None)
    send()
    assert send() == 0  # the lease holds
    with seeding():
        Notice.objects.filter(pk=one.pk).update(try_after=timezone.now() - timedelta(seconds=1))
    send()
    first, second = (message.extra_headers["Message-ID"] for message in django_mail.outbox)
    assert first == second


def test_an_address_that_fails_is_tried_later_and_holds_up_nobody(send, ada, monkeypatch, caplog):
    broken = notice(UserFactory(email="broken@example.org"))
    notice(ada)
    real = django_mail.EmailMessage.send

    def fails(self, *args, **kwargs):
        if self.to == ["broken@example.org"]:
            raise OSError("550 no such mailbox")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(outbox.EmailMessage, "send", fails)
    assert send() == 1
    ((attempts, pause),) = rows("SELECT attempts, try_after - now() FROM accounts_notice WHERE id = %s", broken.pk)
    assert attempts == 1
    assert timedelta(seconds=50) < pause <= timedelta(seconds=61)


def test_the_rest_comes_in_one_message_a_day(send, ada):
    for number in range(3):
        notice(ada, "digest", reference=f"CRE-00000{number}")
    assert send(NOON) == 1
    (message,) = django_mail.outbox
    assert "You have 3 new notices." in message.body
    assert message.body.count("CRE-00000") == 3
    notice(ada, "digest")
    assert send(NOON) == 0
    with seeding():
        Notice.objects.filter(mailed_at__isnull=False).update(mailed_at=NOON - timedelta(days=1))
    assert send(NOON) == 1


def test_the_digest_waits_for_its_hour_and_what_is_urgent_does_not(send, ada):
    notice(ada, "digest")
    notice(ada)
    assert send(DAWN) == 1
    assert django_mail.outbox[0].subject == outbox.SUBJECT


@pytest.mark.parametrize("about", [{"email": ""}, {"email": "gone@example.org", "is_active": False}])
def test_nobody_without_an_address_or_an_account_is_written_to(send, about):
    if "is_active" in about:
        about["ended_at"] = timezone.now()
    notice(UserFactory(**about))
    assert send() == 0


def test_no_sentence_and_no_subject_holds_a_word_of_a_case():
    forbidden = ("child", "abuse", "exploit", "missing", "police", "health", "school", "review", "risk", "refer")
    said = " ".join([*Notice.Kind.labels, outbox.SUBJECT, outbox.DIGEST_SUBJECT, outbox.FOOTER]).lower()
    assert [word for word in forbidden if word in said] == []


def test_what_waits_is_found_by_its_index(ada):
    notice(ada)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cre_worker")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM accounts_notice WHERE mailed_at IS NULL AND NOT mail = 'none' "
                       "AND try_after <= now()")  # fmt: skip
        plan = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL ROLE cre_app")
    assert "notice_to_mail" in plan
