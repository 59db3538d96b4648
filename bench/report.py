"""The figures as tables to read, beside what they are to reach."""

from statistics import median
from typing import Any

from bench.hiding import Hiding
from bench.modes import Mode
from bench.pages import PAGES, Series
from bench.startup import StartUp

# What each page is to stay within: server milliseconds at the median, by how its name begins.
LIMITS = {
    "worklist": 25, "search": 15, "case file": 30, "plan": 40, "shared plan": 25, "assessment section: save": 30,
    "assessment section: keep": 15, "assessment section": 30, "assessments compared": 40,
}  # fmt: skip
QUERIES = {"worklist": 12, "search": 12, "case file": 12}  # and of every other page
MOST_QUERIES, GROWTH, SAFETY = 15, 1.3, 5.0
TELLS = 0.55  # the chance of telling hidden from absent by the time to answer, where one half is a coin

PARTS = ("wall_2", "stamp", "ledger", "all", "all_p95")

Key = tuple[str, str]


def table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    cells = [headings, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)


def by_key(series: list[Series], children: int, mode: Mode) -> dict[Key, Series]:
    return {(one.person, one.page): one for one in series if one.children == children and one.mode == mode}


def limit_of(page: str) -> int:
    return next(limit for beginning, limit in LIMITS.items() if page.startswith(beginning))


def queries_of(page: str) -> int:
    return next((most for beginning, most in QUERIES.items() if page.startswith(beginning)), MOST_QUERIES)


def pages_table(series: list[Series], children: int) -> str:
    rows = []
    for (person, page), one in by_key(series, children, Mode.FULL).items():
        over = "" if one.p50 <= limit_of(page) and one.look["queries"] <= queries_of(page) else "over"
        look = one.look
        rows.append(
            (
                page,
                person,
                f"{one.p50:.1f}",
                f"{one.p95:.1f}",
                f"{one.work:.1f}",
                look["queries"],
                look["kilobytes"],
                look["gzip"],
                over,
            )
        )
    headings = ("page", "person", "p50 ms", "p95 ms", "work ms", "queries", "kB", "gzip kB", "")
    return table(headings, sorted(rows, key=lambda row: PAGES.index(row[0])))


def growth_rows(series: list[Series], small: int, big: int) -> list[tuple[str, str, float]]:
    """How many times longer a page takes on the big city, at the median."""
    before, after = by_key(series, small, Mode.FULL), by_key(series, big, Mode.FULL)
    return [(page, person, after[person, page].p50 / one.p50) for (person, page), one in before.items()]


def growth_table(series: list[Series], small: int, big: int) -> str:
    rows = [
        (page, person, f"{ratio:.2f}", "" if ratio <= GROWTH else "over")
        for page, person, ratio in growth_rows(series, small, big)
    ]
    return table(("page", "person", "times longer", ""), rows)


def cost_rows(series: list[Series], children: int) -> list[dict[str, Any]]:
    """For each page: what each part of the safety adds, in milliseconds."""
    full = by_key(series, children, Mode.FULL)
    others = {mode: by_key(series, children, mode) for mode in Mode if mode != Mode.FULL}
    rows = []
    for key, one in full.items():
        less = {mode: found[key] for mode, found in others.items()}
        rows.append(
            {
                "page": one.page,
                "person": one.person,
                "wall_2": one.p50 - less[Mode.NO_WALL_2].p50,
                "stamp": less[Mode.NO_WALL_2].p50 - less[Mode.NO_STAMP].p50,
                "ledger": one.p50 - less[Mode.NO_LEDGER].p50,
                "all": one.p50 - less[Mode.BARE].p50,
                "all_p95": one.p95 - less[Mode.BARE].p95,
            }
        )
    return rows


def cost_table(series: list[Series], children: int) -> str:
    rows = [
        (
            row["page"], row["person"], *(f"{row[part]:+.1f}" for part in PARTS),
            "" if row["all_p95"] <= SAFETY else "over",
        )
        for row in cost_rows(series, children)
    ]  # fmt: skip
    headings = ("page", "person", "wall 2", "stamp", "ledger", "all, p50", "all, p95", "")
    return table(headings, sorted(rows, key=lambda row: PAGES.index(row[0])))


def hiding_text(found: list[Hiding]) -> str:
    rows = [
        (one.address, one.asked, f"{one.chance:.3f}", "" if abs(one.chance - 0.5) <= TELLS - 0.5 else "over")
        for one in found
    ]
    return table(("address", "of each", "chance that hidden took longer", ""), rows)


def jobs_text(found: dict[str, Any]) -> str:
    """What the workers do, each beside the least it could be."""
    clocks, pdf, ledger = found["clocks"], found["pdf"], found["ledger"]
    return (
        f"tick: {clocks['tick_ms']} ms with {clocks['due']} due of {clocks['open']:,} open, {clocks['told']} people "
        f"told, {clocks['ratio']} times its {clocks['statements']} statements sent bare ({clocks['bare_ms']} ms)\n"
        f"{clocks['many']:,} reminders: {clocks['many_seconds']} s\n"
        f"a copy: {pdf['copy_ms']} ms from taking it up to its bytes, {pdf['ratio']} times WeasyPrint alone "
        f"({pdf['weasyprint_ms']} ms for {pdf['kilobytes_html']} kB of HTML)\n"
        f"{ledger['sealed']:,} lines of the ledger sealed at once: {ledger['seal_seconds']} s; verified, with the "
        f"start of the command: {ledger['verify_seconds']} s ({ledger['said']})"
    )


def start_up_text(found: StartUp | None) -> str:
    if found is None:
        return "not measured"
    if found.problem:
        return f"not measured: {found.problem}"
    lines = [
        f"first start {found.first:.0f} s, second start {found.second:.1f} s",
        f"first visit {found.first_visit:.0f} kB gzip",
    ]
    lines += [f"{one.process}: {one.rss} MB resident, {one.pss} MB of its own share" for one in found.memory]
    return "\n".join(lines)


def summary(series: list[Series], small: int, big: int) -> str:
    ratios = [ratio for _, _, ratio in growth_rows(series, small, big)]
    costs = [row["all_p95"] for row in cost_rows(series, big)]
    return (
        f"growth {small} to {big} children: median {median(ratios):.2f}, worst {max(ratios):.2f}\n"
        f"walls, stamp and ledger at p95: median {median(costs):+.1f} ms, worst {max(costs):+.1f} ms"
    )
