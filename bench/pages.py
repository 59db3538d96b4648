"""Times every page for every person on every city and mode, turn by turn, so that noise hits all alike."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from bench import databases
from bench.modes import WITHOUT, Mode
from bench.people import Person, people, sections
from launch.database import Urls
from launch.paths import ROOT

ROUNDS = 10
REQUESTS = 20  # a round
WARM_UP = 20
DRAFTS = 3
PAGES = (
    "worklist", "search: exact name", "search: misspelt", "search: NHS number", "search: reference", "case file",
    "plan", "shared plan", "assessment section", "assessment section: save",
    "assessment section: keep", "assessments compared",
)  # fmt: skip


class Process:
    """One measuring process, spoken to in lines of JSON."""

    def __init__(self, urls: Urls, mode: Mode) -> None:
        url = databases.bypass_url(urls) if WITHOUT[mode].wall_2 else urls.app
        env = {**databases.environment(url), "BENCH_MODE": mode, "PYTHONWARNINGS": "ignore"}
        self.handle = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, do: str, **question: Any) -> Any:
        if self.handle.stdin is None or self.handle.stdout is None:
            raise RuntimeError("The measuring process has no pipes.")
        self.handle.stdin.write(json.dumps({"do": do, **question}) + "\n")
        self.handle.stdin.flush()
        line = self.handle.stdout.readline()
        if not line:
            raise RuntimeError(f"The measuring process ended over: {do} {question}")
        return json.loads(line)

    def stop(self) -> None:
        if self.handle.stdin:
            self.handle.stdin.close()
        self.handle.wait(10)


@dataclass(slots=True)
class Series:
    """The times of one page for one person, on one city and in one mode."""

    children: int
    mode: Mode
    person: str
    page: str
    times: list[float] = field(default_factory=list)
    processor: float = 0.0  # milliseconds of all of them together
    look: dict[str, Any] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[18]

    @property
    def work(self) -> float:
        """Processor milliseconds a request, of program and database: what a busy machine does not change."""
        return self.processor / len(self.times)

    def as_dict(self) -> dict[str, Any]:
        about = {"children": self.children, "mode": self.mode, "person": self.person, "page": self.page}
        look = {name: value for name, value in self.look.items() if name != "statements"}
        figures = {"p50": round(self.p50, 2), "p95": round(self.p95, 2), "processor": round(self.work, 2)}
        return {**about, "n": len(self.times), **figures, **look}


@dataclass(slots=True)
class Runner:
    """A measuring process, the people of its city, and what is found."""

    children: int
    mode: Mode
    process: Process
    people: list[Person]
    found: dict[tuple[str, str], Series] = field(default_factory=dict)

    def prepare(self) -> None:
        for person in self.people:
            self.process.ask("sign_in", username=person.username)
            for page in person.paths:
                series = Series(self.children, self.mode, person.key, page)
                self.found[person.key, page] = series
                self._times(person, page, WARM_UP, 0)
                series.look = self.process.ask("look", username=person.username, path=person.paths[page][0])

    def measure(self, person: Person, page: str, turn: int, requests: int) -> None:
        answer = self._times(person, page, requests, turn * requests)
        series = self.found[person.key, page]
        series.times += answer["times"]
        series.processor += answer["processor"]

    def _times(self, person: Person, page: str, count: int, start: int) -> dict[str, Any]:
        asked = {"username": person.username, "paths": person.paths[page], "count": count, "start": start}
        answer: dict[str, Any] = self.process.ask("times", **asked)
        return answer


def measure_pages(cities: dict[int, Urls], rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Series]:
    """Every series: the full program on each city, and each other mode on the biggest."""
    biggest = max(cities)
    plan = [(children, Mode.FULL) for children in cities]
    plan += [(biggest, mode) for mode in Mode if mode != Mode.FULL]
    who = {children: people(urls.owner) for children, urls in cities.items()}
    runners = [Runner(n, mode, Process(cities[n], mode), who[n]) for n, mode in plan]
    try:
        for runner in runners[: len(cities)]:
            _state_reasons(runner)
            _start_assessments(runner)
        for runner in runners:
            runner.prepare()
        for turn in range(rounds):
            _round(runners, turn, requests)
    finally:
        for runner in runners:
            runner.process.stop()
    return [series for runner in runners for series in runner.found.values()]


def _state_reasons(runner: Runner) -> None:
    auditor = next(person for person in runner.people if person.key == "auditor")
    runner.process.ask("reasons", username=auditor.username, files=auditor.files)


def _start_assessments(runner: Runner) -> None:
    worker = next(person for person in runner.people if person.key == "social worker")
    drafts = runner.process.ask("drafts", username=worker.username, files=worker.files, count=DRAFTS)
    worker.paths.update(sections(drafts))


def _round(runners: list[Runner], turn: int, requests: int) -> None:
    for number in range(len(runners[0].people)):
        for page in runners[0].people[number].paths:
            # Whoever goes first finds colder caches, so another goes first each turn.
            shift = (turn + number) % len(runners)
            for runner in runners[shift:] + runners[:shift]:
                runner.measure(runner.people[number], page, turn, requests)
