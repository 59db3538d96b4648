"""Makes a PDF of a finished page, in a process of its own that has no key, no database and no network.

The first copy starts that process; it stays, so that the next need not load WeasyPrint again. Each page is laid out in
a child of it with limits of time and memory: nothing of one child's copy is in the memory of the next.
"""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from plans.copies.rendering.process import FAILED, HEADER, MADE, NO_LIBRARY, READY

SECONDS = 60  # the longest a document may take: a record of three thousand passages (local)
START_SECONDS = 60  # loading WeasyPrint, on a busy machine
PROGRAM = Path(__file__).with_name("process.py")
NO_PANGO = (
    "PDF copies need the library Pango, which is missing on this machine. On Debian: apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0. Until then, print the page instead."
)


class CannotRender(Exception):
    """This machine cannot make PDFs. The text is a sentence for whoever asked for one."""


class Unfinished(Exception):
    """The page took too long, needed too much memory, or its process died. It may be tried again."""


def document(content: object) -> str:
    """The whole HTML document of a copy. What people typed is escaped; it refers to one stylesheet and its fonts."""
    return render_to_string("plans/copies/document.jinja", {"sheet": content}, using="jinja")


class Renderer:
    """The one process that lays out pages. Safe to use from several threads: they take turns."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def pdf(self, html: str) -> bytes:
        """The page as a PDF.

        Raises:
            CannotRender: Pango is missing. Unfinished: it did not end well within the limits.
        """
        with self._turn:
            try:
                process = self._process if self._process and self._process.poll() is None else self._start()
                kind, answer = self._ask(process, html.encode())
            except (OSError, Unfinished):
                self._end()
                raise Unfinished("The page could not be laid out in time.") from None
        if kind != MADE:
            raise Unfinished(answer.decode(errors="replace"))
        return answer

    def close(self) -> None:
        with self._turn:
            self._end()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Starts the process with nothing of our environment: it needs none of our secrets."""
        self._end()
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": tempfile.gettempdir()}
        process = subprocess.Popen(  # noqa: S603 -- our own program, by its full path
            [sys.executable, "-I", str(PROGRAM), str(settings.STATICFILES_DIRS[0]), str(self.seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", env=environment, start_new_session=True,
        )  # fmt: skip
        self._process = process
        kind, _ = self._answer(process, time.monotonic() + START_SECONDS)
        if kind == NO_LIBRARY:
            self._end()
            raise CannotRender(NO_PANGO)
        if kind != READY:
            raise Unfinished
        return process

    def _ask(self, process: "subprocess.Popen[bytes]", html: bytes) -> tuple[bytes, bytes]:
        assert process.stdin is not None
        process.stdin.write(HEADER.pack(b"H", len(html)) + html)
        process.stdin.flush()
        # The child's own limit is a little earlier; this one is for a process that no longer keeps it.
        return self._answer(process, time.monotonic() + self.seconds + 2)

    def _answer(self, process: "subprocess.Popen[bytes]", limit: float) -> tuple[bytes, bytes]:
        kind, length = HEADER.unpack(self._read(process, HEADER.size, limit))
        return kind, self._read(process, length, limit)

    def _read(self, process: "subprocess.Popen[bytes]", length: int, limit: float) -> bytes:
        assert process.stdout is not None
        found = b""
        while len(found) < length:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, limit - time.monotonic()))
            chunk = os.read(process.stdout.fileno(), length - len(found)) if ready else b""
            if not chunk:
                raise Unfinished
            found += chunk
        return found

    def _end(self) -> None:
        """Ends the process and whatever it started. Its group is its own, so nothing else is met."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


RENDERER = Renderer()

__all__ = ["FAILED", "NO_PANGO", "RENDERER", "SECONDS", "CannotRender", "Renderer", "Unfinished", "document"]
