"""The process that lays out pages. Run by its path with `python -I`; it imports nothing of this program.

It reads one HTML document after the other from its input and answers with a PDF or with what went wrong. Each is laid
out in a child of its own, under limits. The only addresses it can read are those of a fixed map of files that were in
memory before the first document came.
"""

import ctypes
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

HEADER = struct.Struct(">cI")  # what kind of message, and how long
READY, NO_LIBRARY, MADE, FAILED = b"R", b"N", b"P", b"F"

BASE = "https://copies.invalid/"  # a name that no machine can have
STYLE = "copy.css"
MEMORY = 1 << 30  # bytes of address space: a plan of forty pages needs a third of it
LONGEST = 5_000_000  # bytes of a document: what is longer is no plan
WARM = b"<html lang=en><title>x</title><link rel=stylesheet href=copy.css><div class=copy>x <b>x</b></div></html>"
PR_SET_PDEATHSIG = 1


def say(kind: bytes, answer: bytes, out: int) -> None:
    message = HEADER.pack(kind, len(answer)) + answer
    while message:
        message = message[os.write(out, message) :]


def end_with_parent() -> None:
    """Asks Linux to end this process when the one that started it dies without a word."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def no_network(*_: object, **__: object) -> None:
    raise OSError("There is no network here.")


def allowed_files(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Every address that a document may refer to, with its type and bytes."""
    fonts = {f"fonts/{path.name}": path for path in (folder / "fonts").glob("*.woff2")}
    found = {BASE + name: ("font/woff2", path.read_bytes()) for name, path in fonts.items()}
    found[BASE + STYLE] = ("text/css", (folder / STYLE).read_bytes())
    return found


def fetcher(files: dict[str, tuple[str, bytes]]) -> Any:
    """A fetcher that knows these addresses. Any other ends the document: nothing people type becomes an address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- needs Pango

    class Locked(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in files:
                raise FatalURLFetchingError("An address outside the fixed map.")
            kind, content = files[url]
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return Locked()


def limit(seconds: float) -> None:
    """No more than this of memory and time; the alarm ends a child that waits instead of working."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def lay_out(html: bytes, files: dict[str, tuple[str, bytes]]) -> bytes:
    import weasyprint  # noqa: PLC0415 -- loaded already

    page = weasyprint.HTML(string=html.decode(), base_url=BASE, url_fetcher=fetcher(files))
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made


def in_a_child(html: bytes, files: dict[str, tuple[str, bytes]], seconds: float) -> bytes:
    """Lays a document out in a child; nothing where the child did not end well."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.close(reading)
            end_with_parent()
            limit(seconds)
            with os.fdopen(writing, "wb") as out:
                out.write(lay_out(html, files))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        made = answer.read()
    _, status = os.waitpid(child, 0)
    return made if status == 0 else b""


def read(length: int) -> bytes:
    return sys.stdin.buffer.read(length)


def main(folder: Path, seconds: float) -> None:
    end_with_parent()
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    try:
        import weasyprint  # noqa: F401, PLC0415 -- only here: without Pango it cannot be imported
    except OSError:
        say(NO_LIBRARY, b"", out)
        return
    files = allowed_files(folder)
    socket.socket.connect = no_network  # type: ignore[method-assign]
    lay_out(WARM, files)  # what is loaded on first use is now there for every child
    say(READY, b"", out)
    while len(header := read(HEADER.size)) == HEADER.size:
        _, length = HEADER.unpack(header)
        html = read(length)
        made = in_a_child(html, files, seconds) if length <= LONGEST else b""
        say(MADE if made.startswith(b"%PDF") else FAILED, made or b"The page could not be laid out.", out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
