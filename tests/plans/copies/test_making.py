"""The documents worker: real PDFs, within limits, once each, and nothing lost whatever dies."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest
from django.db import connection

from access.models import CaseAccess
from access.principal import acting_as
from accounts.roles import Role
from plans.copies import making, services, tasks
from plans.copies.contents import new_copy, sheet_of
from plans.copies.family import BARRED
from plans.copies.making import make_one
from plans.copies.rendering import NO_PANGO, PROGRAM, CannotRender, Renderer, Unfinished, document
from plans.copies.rendering.process import BASE
from plans.copies.services import ask_for_copy
from plans.models import Copy, SafetyPlan
from tests.children.factories import SafetyFactory, ago
from tests.database import seeding
from tests.factories import give, person, subject_of
from tests.plans.copies.world import DECISION, canary, item, reread

pytestmark = pytest.mark.django_db

PAGE = "<html lang=en><title>A page</title><body><p>{}</p></body></html>"


def ask(file, **about) -> Copy:
    facts = {**DECISION, "kind": "family", "safe_to_tell_family": True, **about}
    return ask_for_copy(file.case, by=file.worker, **facts)


def long_ago(copy: Copy, **changes) -> None:
    """Its lease has run out."""
    with seeding(), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_copy SET taken_at = now() - interval '1 hour' WHERE id = %s", [copy.pk])


class Broken(Renderer):
    """Lays nothing out; says why as told."""

    def __init__(self, reason: Exception) -> None:
        super().__init__()
        self.reason, self.asked = reason, 0

    def pdf(self, html: str) -> bytes:
        self.asked += 1
        raise self.reason


# What is made


def test_a_copy_is_made_with_its_bytes_and_its_hash(file, renderer):
    copy = ask(file)
    assert make_one(copy.pk, renderer)
    made = reread(copy)
    assert (made.state, made.tries, made.problem) == ("ready", 1, "")
    assert bytes(made.pdf).startswith(b"%PDF-1.7")
    assert made.sha256 == hashlib.sha256(bytes(made.pdf)).hexdigest()
    assert canary("safety child_words") in str(made.content)


def streams(pdf: bytes) -> bytes:
    """Every stream of a PDF, unpacked."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return b"\n".join(found)


def test_the_pdf_says_what_it_is_in_which_language_and_is_tagged(file, renderer):
    copy = ask(file)
    make_one(copy.pk, renderer)
    pdf = bytes(reread(copy).pdf)
    everything = pdf + streams(pdf)
    assert b"/MarkInfo" in everything
    assert b"pdfuaid" in everything
    assert b"en-GB" in everything
    assert b"My plan" in everything
    assert b"/FontFile2" in everything  # its fonts are in it
    for withheld in ("Zqfather", file.case.reference, canary("risk what"), "High"):
        assert withheld.encode() not in everything
        assert withheld.encode("utf-16-be").hex().encode() not in everything.lower()


def test_the_same_document_gives_the_same_bytes(renderer):
    assert renderer.pdf(PAGE.format("Same")) == renderer.pdf(PAGE.format("Same"))


def test_the_ledger_has_the_wish_and_the_making(file, renderer):
    copy = ask(file)
    make_one(copy.pk, renderer)
    with acting_as(file.worker.pk):
        from access.selectors import ledger_of

        lines = [(line.kind, line.action, line.principal_id) for line in ledger_of(file.case, page=1)]
    assert lines == [("write", "make_copy", file.worker.pk)] * 2


# Meanwhile


def test_somebody_excluded_meanwhile_gets_nothing_and_nothing_is_laid_out(file):
    copy = ask(file, recipient_person=file.mother)
    SafetyFactory(case=file.case, person=file.mother)
    never = Broken(AssertionError("laid out"))
    assert make_one(copy.pk, never)
    made = reread(copy)
    assert (made.state, made.problem, made.pdf, made.content, never.asked) == ("failed", BARRED, None, None, 0)


def test_somebody_excluded_while_it_is_laid_out_gets_nothing_either(file):
    copy = ask(file, recipient_person=file.mother)

    class Slow(Renderer):
        def pdf(self, html: str) -> bytes:
            SafetyFactory(case=file.case, person=file.mother)
            return b"%PDF-"

    make_one(copy.pk, Slow())
    made = reread(copy)
    assert (made.state, made.problem, made.pdf, made.content) == ("failed", BARRED, None, None)


def test_a_team_that_lost_the_file_meanwhile_gets_nothing(file, police):
    copy = ask(file, kind="partner", recipient_team=police, recipient_name="PC Lane")
    with seeding():
        CaseAccess.objects.filter(subject=subject_of(police)).update(valid_until=ago(minutes=1))
    make_one(copy.pk, Broken(AssertionError("laid out")))
    assert (reread(copy).state, reread(copy).pdf) == ("failed", None)


def test_whoever_lost_the_file_makes_no_copy_and_it_is_given_up(file, renderer):
    copy = ask(file)
    with seeding():
        CaseAccess.objects.filter(case=file.case).update(valid_until=ago(minutes=1))
    for _ in range(services.MOST_TRIES):
        assert make_one(copy.pk, renderer)
        long_ago(copy)
    assert services.give_up_copies() == 1
    assert (reread(copy).state, reread(copy).problem, reread(copy).pdf) == ("failed", services.GIVEN_UP, None)


# Once, and never lost


def test_a_copy_taken_up_is_left_to_whoever_took_it(file, renderer):
    copy = ask(file)
    assert services.take_up_copy(copy.pk).this_try == 1
    assert services.take_up_copy(copy.pk) is None
    assert services.take_up_copy() is None
    assert not make_one(copy.pk, renderer)


def test_what_died_on_the_way_is_taken_up_again_and_the_late_one_counts_for_nothing(file, renderer):
    copy = ask(file)
    first = services.take_up_copy(copy.pk)
    long_ago(copy)
    assert make_one(None, renderer)
    made = reread(copy)
    assert (made.state, made.tries) == ("ready", 2)
    with acting_as(file.worker.pk):
        late = services.keep_copy(copy, by=file.worker, this_try=first.this_try, content={}, pdf=b"%PDF-late")
    assert late is None
    assert reread(copy).sha256 == made.sha256


def test_a_made_copy_is_not_made_again(file, renderer):
    copy = ask(file)
    make_one(copy.pk, renderer)
    before = reread(copy).made_at
    assert not make_one(copy.pk, renderer)
    assert reread(copy).made_at == before


def test_a_page_that_is_never_finished_waits_then_is_given_up(file):
    copy, hung = ask(file), Broken(Unfinished("killed"))
    for _ in range(services.MOST_TRIES):
        assert make_one(None, hung)
        assert reread(copy).state == "waiting"
        long_ago(copy)
    assert not make_one(None, hung)
    tasks.sweep()
    assert (reread(copy).state, reread(copy).problem) == ("failed", services.GIVEN_UP)


def test_without_pango_the_page_can_still_be_printed(file):
    copy = ask(file)
    make_one(copy.pk, Broken(CannotRender(NO_PANGO)))
    made = reread(copy)
    assert (made.state, made.problem, made.pdf) == ("failed", NO_PANGO, None)
    assert "libpango-1.0-0" in made.problem
    assert canary("safety child_words") in str(made.content)


def test_the_sweep_makes_all_that_waits_the_longest_waiting_first(file, renderer, monkeypatch):
    copies = [ask(file) for _ in range(3)]
    order = []
    keep = services.keep_copy
    monkeypatch.setattr(services, "keep_copy", lambda copy, **given: order.append(copy.pk) or keep(copy, **given))
    monkeypatch.setattr(making, "RENDERER", renderer)
    monkeypatch.setattr(tasks, "make_one", lambda: make_one(None, renderer))
    tasks.sweep()
    assert order == [copy.pk for copy in copies]
    assert {reread(copy).state for copy in copies} == {"ready"}


def test_a_broker_that_is_away_is_harmless(file, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True) as told:
        copy = ask(file)
    assert len(told) == 1
    assert reread(copy).state == "waiting"


def test_the_message_carries_the_id_alone(file, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.make_copy, "apply_async", lambda *args, **kwargs: sent.append(kwargs["args"]))
    with django_capture_on_commit_callbacks(execute=True):
        copy = ask(file)
    assert sent == [(copy.pk,)]


def test_the_work_has_a_queue_of_its_own(settings):
    from cre_case.celery import app

    app.loader.import_default_modules()
    assert {"plans.copies.tasks.make_copy", "plans.copies.tasks.sweep"} <= set(app.tasks)
    assert app.amqp.router.route({}, "plans.copies.tasks.sweep")["queue"].name == "documents"


# The process that lays out pages


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src='file:///etc/passwd'>", "<img src='http://127.0.0.1:1/x.png'>", "<img src='ftp://a.invalid/x'>",
        "<img src='data:image/png;base64,iVBORw0KGgo='>", "<link rel=stylesheet href='file:///etc/hosts'>",
        "<style>@import url(https://a.invalid/x.css);</style>", "<style>p{background:url(file:///etc/passwd)}</style>",
        "<link rel=attachment href='file:///etc/passwd'>", "<object data='file:///etc/passwd'></object>",
        "<style>@font-face{font-family:x;src:url(file:///etc/passwd)} p{font-family:x}</style>",
        f"<img src='{BASE}../../etc/passwd'>", "<link rel=stylesheet href='copy.css/../../x'>",
    ],
)  # fmt: skip
def test_no_address_outside_the_map_is_read(renderer, hostile):
    """The document fails as a whole: what people type never becomes an address, so one that does is a fault of ours."""
    try:
        made = renderer.pdf(PAGE.format(hostile))
    except Unfinished:
        return
    assert b"root:" not in made + streams(made)
    assert b"/EmbeddedFile" not in made + streams(made)


def test_the_map_itself_is_read(renderer):
    plain = renderer.pdf("<div class=copy>x</div>")
    styled = renderer.pdf("<link rel=stylesheet href=copy.css><div class=copy>x</div>")
    assert plain != styled


def test_the_process_knows_none_of_our_secrets(renderer):
    renderer.pdf(PAGE.format("x"))
    environment = Path(f"/proc/{renderer._process.pid}/environ").read_bytes()
    assert not [
        name for name in (b"SECRET_KEY", b"PRINCIPAL_KEY", b"DATABASE_URL", b"REDIS_URL") if name in environment
    ]


HEAVY = "<p>" + "wörd " * 400_000 + "</p>"


def test_a_page_that_takes_too_long_is_ended_and_the_next_is_made():
    quick = Renderer(seconds=1)
    try:
        started = time.monotonic()
        with pytest.raises(Unfinished):
            quick.pdf(PAGE.format(HEAVY))
        assert time.monotonic() - started < 60
        assert quick.pdf(PAGE.format("x")).startswith(b"%PDF")
    finally:
        quick.close()


def test_a_page_that_is_no_plan_is_not_even_begun(renderer):
    with pytest.raises(Unfinished):
        renderer.pdf(PAGE.format("x" * 5_000_001))


def test_killed_in_the_middle_the_copy_waits_and_is_made_at_the_next_try(file, renderer):
    """kill -9 of the process while it lays out: the copy waits, and a later sweep makes it."""
    copy, doomed = ask(file), Renderer()
    doomed.pdf(PAGE.format("warm"))

    class Killed(Renderer):
        def pdf(self, html: str) -> bytes:
            pid = doomed._process.pid
            threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
            return doomed.pdf(PAGE.format(HEAVY))

    make_one(copy.pk, Killed())
    assert (reread(copy).state, reread(copy).pdf, reread(copy).tries) == ("waiting", None, 1)
    long_ago(copy)
    make_one(None, renderer)
    assert (reread(copy).state, reread(copy).tries) == ("ready", 2)
    doomed.close()


def test_without_the_library_it_says_so(tmp_path, monkeypatch):
    (tmp_path / "program.py").write_text(
        "import sys\nsys.modules.pop('weasyprint', None)\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library')\n"
        "sys.meta_path.insert(0, Missing())\n"
        f"sys.argv[0] = {str(PROGRAM)!r}\n"
        f"exec(compile(open({str(PROGRAM)!r}).read(), {str(PROGRAM)!r}, 'exec'))\n"
    )
    monkeypatch.setattr("plans.copies.rendering.PROGRAM", tmp_path / "program.py")
    with pytest.raises(CannotRender, match="libpango"):
        Renderer().pdf(PAGE.format("x"))


def test_when_the_worker_dies_the_process_goes_with_it():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "from plans.copies.rendering import Renderer\n"
        "made = Renderer(); made.pdf('<p>x'); print(made._process.pid, flush=True); import time; time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    worker.stdout.close()
    limit = time.monotonic() + 10
    while time.monotonic() < limit and Path(f"/proc/{pid}/stat").exists():
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_long_and_foreign_text_is_laid_out(file, renderer):
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(
            child_words="Łukasz Żółć, Đorđe, مرحبا بالعالم, Привет, 你好 " * 50, safe_places="x" * 5000
        )
    for number in range(40):
        item(file, title=f"Action {number} " + "long " * 40, disposition="planned")
    with acting_as(file.worker.pk):
        copy = new_copy(file.case, file.worker, kind="professional", recipient_name="HHJ Reed")
        assert renderer.pdf(document(sheet_of(copy, file.worker).as_data())).startswith(b"%PDF")


def test_a_colleague_may_not_make_the_copy_of_another(file, renderer):
    copy = ask(file)
    manager = person(Role.TEAM_MANAGER)
    give(file.case, manager)
    with acting_as(manager.pk):
        assert services.keep_copy(copy, by=manager, this_try=0, content={}, pdf=b"%PDF-x") is None
    assert reread(copy).state == "waiting"
