"""A process that answers requests as gunicorn's would, and times them: one for each city and mode.

`python -m bench.worker`: reads one JSON question a line, writes one JSON answer a line.
"""

import io
import json
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench import modes
from bench.people import KEEP, SAVE

Environ = dict[str, Any]
OTHER_STATEMENTS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


class FormReader(HTMLParser):
    """What the form of a page holds already, and the names of the questions that are answered by radio buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.questions: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and given.get("type") == "hidden":
            self.values.setdefault(name, value)
        elif tag == "input" and name.startswith("answer_"):
            self.questions.add(name)


class Server:
    """The program's WSGI application, real commits and all, with one signed-in session for each person."""

    def __init__(self) -> None:
        import django  # noqa: PLC0415 -- the environment decides which database it is set up for

        django.setup()
        modes.apply(modes.Mode(os.environ["BENCH_MODE"]))
        from django.conf import settings  # noqa: PLC0415 -- after the switches
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- the same
        from django.db import connections  # noqa: PLC0415 -- the same

        for alias in connections:
            connections[alias].settings_dict["CONN_MAX_AGE"] = None  # the same backends all along, to count their work
        self.application: Callable[..., Iterable[bytes]] = get_wsgi_application()
        self.cookies: dict[str, str] = {}
        self.csrf_cookie = settings.CSRF_COOKIE_NAME

    def sign_in(self, username: str) -> None:
        from django.conf import settings  # noqa: PLC0415 -- after Django is set up
        from django.test import Client  # noqa: PLC0415 -- the same

        from accounts.models import User  # noqa: PLC0415 -- the same

        client = Client()
        client.force_login(User.objects.get(username=username))
        self.cookies[username] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def state_reasons(self, username: str, files: list[str]) -> None:
        """Opens files to somebody who must say why, as they would."""
        from access.models import CaseFile  # noqa: PLC0415 -- after Django is set up
        from access.principal import acting_as  # noqa: PLC0415 -- the same
        from access.services import state_reason  # noqa: PLC0415 -- the same
        from accounts.models import User  # noqa: PLC0415 -- the same

        person = User.objects.get(username=username)
        with acting_as(person.pk):
            for file in files:
                state_reason(by=person, case=CaseFile(pk=file), reason="Measuring how quickly the page is served")

    def drafts(self, username: str, files: list[str], count: int) -> list[tuple[str, int]]:
        """A review being written on so many of these files that were assessed before: the one that is, or a new one."""
        from django.db import transaction  # noqa: PLC0415 -- after Django is set up
        from django.utils import timezone  # noqa: PLC0415 -- the same

        from access.models import CaseFile  # noqa: PLC0415 -- the same
        from access.principal import acting_as  # noqa: PLC0415 -- the same
        from accounts.models import User  # noqa: PLC0415 -- the same
        from assessments.models import Assessment  # noqa: PLC0415 -- the same
        from assessments.services import start_assessment  # noqa: PLC0415 -- the same

        person, found = User.objects.get(username=username), []
        with acting_as(person.pk), transaction.atomic():
            submitted = Assessment.objects.filter(case__in=map(UUID, files), state="submitted")
            for case in CaseFile.objects.filter(pk__in=submitted.values("case")).order_by("pk")[:count]:
                draft = Assessment.objects.filter(case=case, state="draft").first() or start_assessment(
                    case, by=person, reason="review", concern_on=timezone.localdate(), sources_used="Visit"
                )
                found.append((str(case.pk), draft.pk))
        return found

    def get(self, username: str, path: str) -> tuple[int, bytes, float]:
        """Status, body and milliseconds from the first byte in to the last byte out."""
        environ = self._environ(username, path)
        status: list[str] = []
        start = time.perf_counter()
        response = self.application(environ, lambda given, headers, *rest: status.append(given))
        body = b"".join(response)
        response.close()  # type: ignore[attr-defined]  # every Django response has it
        return int(status[0][:3]), body, (time.perf_counter() - start) * 1000

    def send(self, username: str, path: str, **more: str) -> tuple[int, bytes, float]:
        """Reads the form of a page and sends it back, each question answered "not present". The sending is timed."""
        _, body, _ = self.get(username, path)
        form = FormReader()
        form.feed(body.decode())
        answers = dict.fromkeys(form.questions, "none")
        sent = urlencode({**form.values, **answers, "rest_none": "on", **more}).encode()
        status: list[str] = []
        environ = self._environ(username, path) | {
            "REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent),
        }  # fmt: skip
        environ["HTTP_COOKIE"] += f"; {self.csrf_cookie}={form.values['csrfmiddlewaretoken']}"
        start = time.perf_counter()
        response = self.application(environ, lambda given, headers, *rest: status.append(given))
        body = b"".join(response)
        response.close()  # type: ignore[attr-defined]  # every Django response has it
        return int(status[0][:3]), body, (time.perf_counter() - start) * 1000

    def ask(self, username: str, path: str) -> tuple[int, bytes, float]:
        if path.startswith(KEEP):
            return self.send(username, path.removeprefix(KEEP), keep="yes", kept="yes")
        return self.send(username, path.removeprefix(SAVE)) if path.startswith(SAVE) else self.get(username, path)

    def _environ(self, username: str, path: str) -> Environ:
        from django.conf import settings  # noqa: PLC0415 -- after Django is set up

        place, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={self.cookies[username]}",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def times(self, username: str, paths: list[str], count: int, start: int, status: int = 200) -> dict[str, Any]:
        """Milliseconds of so many requests, taking turns through the paths; processor time of all together.

        A page answers with `status`, and a form that was sent with another page.
        """
        found, before = [], self.processor_time()
        for number in range(start, start + count):
            path = paths[number % len(paths)]
            answered, _, spent = self.ask(username, path)
            if answered != (302 if path.startswith(SAVE) else 202 if path.startswith(KEEP) else status):
                raise RuntimeError(f"{path} answered {answered} to {username}")
            found.append(spent)
        return {"times": found, "processor": self.processor_time() - before}

    def processor_time(self) -> float:
        """Milliseconds that this process and its database backends have worked, other programs' share left out."""
        from django.db import connections  # noqa: PLC0415 -- after Django is set up

        backends = [one.connection.info.backend_pid for one in connections.all() if one.connection]
        return time.process_time() * 1000 + sum(map(worked, backends))

    def look(self, username: str, path: str) -> dict[str, Any]:
        """What one request is made of: statements, bytes."""
        from django.db import connections  # noqa: PLC0415 -- after Django is set up

        for alias in connections:
            connections[alias].force_debug_cursor = True
            connections[alias].queries_log.clear()
        status, body, _ = self.ask(username, path)
        queries = [query["sql"] for alias in connections for query in connections[alias].queries_log]
        for alias in connections:
            connections[alias].force_debug_cursor = False
        counted = [query for query in queries if not query.startswith(OTHER_STATEMENTS)]
        return {
            "status": status,
            "queries": len(counted),
            "kilobytes": round(len(body) / 1000, 1),
            "gzip": round(len(zlib.compress(body, 6)) / 1000, 1),
            "statements": counted,
        }


def worked(pid: int) -> float:
    """Milliseconds that a process of this machine has worked; 0 where the system does not say."""
    try:
        nanoseconds = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    except OSError:
        return 0.0
    return int(nanoseconds) / 1_000_000


def main() -> None:
    server = Server()
    answers: dict[str, Callable[..., Any]] = {
        "sign_in": server.sign_in,
        "times": server.times,
        "look": server.look,
        "reasons": server.state_reasons,
        "drafts": server.drafts,
    }
    for line in sys.stdin:
        question = json.loads(line)
        answer = answers[question.pop("do")](**question)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
