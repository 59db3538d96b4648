"""`python -m bench`: builds the cities, measures, prints tables, writes JSON."""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import databases, report
from bench.hiding import Hiding, measure_hiding
from bench.pages import REQUESTS, ROUNDS, Series, measure_pages
from bench.startup import StartUp, measure_start_up
from launch import program
from launch.database import Urls
from launch.environment import say
from launch.paths import LOCAL, ROOT


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=[1000, 100_000], help="the sizes of the cities")
    parser.add_argument("--json", type=Path, default=LOCAL / "bench.json", help="where the figures go")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of one page in one round")
    parser.add_argument("--no-start-up", action="store_true", help="leave out the two starts in a new clone")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    admin_url, started = databases.start_server()
    try:
        cities = {children: databases.build(admin_url, children) for children in sorted(asked.children)}
        program.collect_static(databases.environment(cities[max(cities)].app))
        series = measure_pages(cities, asked.rounds, asked.requests)
        hiding = measure_hiding(cities[max(cities)])
        jobs = measure_jobs(cities[max(cities)])
        sizes = {n: databases.size_in_megabytes(admin_url, f"bench_{n}") for n in cities}
        version = databases.server_version(admin_url)
    finally:
        if started:
            databases.stop_server()
    start_up = None if asked.no_start_up else measure_start_up()
    show(series, sorted(cities), start_up)
    say(f"\nHidden or absent, by the time to answer, at {max(cities):,} children\n{report.hiding_text(hiding)}")
    say(f"\nWorkers, at {max(cities):,} children\n{report.jobs_text(jobs)}")
    write(asked.json, series, sizes, version, start_up, hiding, jobs)


def measure_jobs(urls: Urls) -> dict[str, Any]:
    env = {**databases.environment(urls.app), "DATABASE_WORKER_URL": urls.worker}
    command = [sys.executable, "-m", "bench.jobs", urls.owner]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(series: list[Series], sizes: list[int], start_up: StartUp | None) -> None:
    small, big = sizes[0], sizes[-1]
    for children in sizes:
        say(f"\n{children:,} children\n{report.pages_table(series, children)}")
    say(f"\nWhat safety costs at {big:,} children, ms\n{report.cost_table(series, big)}")
    if small != big:
        say(f"\nFrom {small:,} to {big:,} children\n{report.growth_table(series, small, big)}")
    say(f"\n{report.summary(series, small, big)}\n\nStart\n{report.start_up_text(start_up)}")


def write(
    path: Path, series: list[Series], sizes: dict[int, int], version: str, start_up: StartUp | None,
    hiding: list[Hiding], jobs: dict[str, Any],
) -> None:  # fmt: skip
    machine = {
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "postgresql": version,
    }
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "database_megabytes": sizes,
        "pages": [one.as_dict() for one in series],
        "safety": report.cost_rows(series, max(sizes)),
        "start_up": start_up.as_dict() if start_up else None,
        "hiding": [one.as_dict() for one in hiding],
        "jobs": jobs,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
