"""The arithmetic of the measurements. The measuring itself is `make bench`."""

import pytest

from bench import report
from bench.hiding import Hiding, chance_that_it_is_longer
from bench.modes import WITHOUT, Mode
from bench.pages import PAGES, Series
from bench.people import misspell
from bench.startup import StartUp
from children.names import keys, parts, sound


def series(children: int, mode: Mode, times: list[float], page: str = "worklist") -> Series:
    look = {"queries": 8, "kilobytes": 30.0, "gzip": 5.0, "statements": ["SELECT 1"]}
    return Series(children, mode, "social worker", page, times, sum(times), look)


@pytest.fixture
def measured() -> list[Series]:
    costs = {Mode.FULL: 20.0, Mode.NO_WALL_2: 17.0, Mode.NO_STAMP: 16.0, Mode.NO_LEDGER: 18.5, Mode.BARE: 14.0}
    small = [series(1000, Mode.FULL, [16.0] * 40)]
    return [*small, *(series(100_000, mode, [cost] * 40) for mode, cost in costs.items())]


def test_every_way_to_run_says_what_it_leaves_out():
    assert set(WITHOUT) == set(Mode)
    assert not any((WITHOUT[Mode.FULL].wall_2, WITHOUT[Mode.FULL].stamp, WITHOUT[Mode.FULL].ledger))


def test_growth_is_the_ratio_of_medians(measured):
    assert report.growth_rows(measured, 1000, 100_000) == [("worklist", "social worker", 1.25)]


def test_cost_of_each_part_is_what_goes_when_it_is_left_out(measured):
    (row,) = report.cost_rows(measured, 100_000)
    assert (row["wall_2"], row["stamp"], row["ledger"], row["all"], row["all_p95"]) == (3.0, 1.0, 1.5, 6.0, 6.0)
    assert report.cost_table(measured, 100_000).endswith("over")


def test_a_page_over_its_limit_is_marked(measured):
    assert "over" not in report.pages_table(measured, 1000)
    assert "over" in report.pages_table([series(1000, Mode.FULL, [26.0] * 40)], 1000)


def test_p95_is_near_the_slow_end():
    one = series(1000, Mode.FULL, [float(number) for number in range(1, 101)])
    assert (one.p50, round(one.p95)) == (50.5, 96)


@pytest.mark.parametrize(
    ("page", "most"), [("worklist", 12), ("search: misspelt", 12), ("case file", 12), ("plan", 15)]
)
def test_each_page_has_its_own_number_of_queries(page, most):
    assert report.queries_of(page) == most


def test_every_page_has_a_limit():
    assert all(report.limit_of(page) > 0 for page in PAGES)


def test_what_was_not_measured_is_said_plainly():
    assert report.start_up_text(None) == "not measured"
    assert "Pango" in report.start_up_text(StartUp(problem="Pango is missing"))


@pytest.mark.parametrize("name", ["Whitcombe", "Qureshi", "Kovalenko", "Sikora", "Brockley", "Haile", "Rowe"])
def test_a_misspelt_name_differs_and_sounds_the_same(name):
    wrong = misspell(name)
    assert parts(wrong) != parts(name)
    assert sound(parts(wrong)[0]) in keys(name)


def test_what_the_workers_do_stands_beside_the_least_it_could_be():
    clocks = {"open": 100_000, "due": 100, "told": 99, "statements": 12, "tick_ms": 30.0, "bare_ms": 20.0, "ratio": 1.5,
              "many": 1000, "many_seconds": 2.1}  # fmt: skip
    pdf = {"copy_ms": 400, "weasyprint_ms": 300, "ratio": 1.33, "kilobytes_html": 20.0}
    ledger = {"sealed": 100_000, "seal_seconds": 0.9, "verify_seconds": 20.0, "said": "1000000 lines are as sealed"}
    said = report.jobs_text({"clocks": clocks, "pdf": pdf, "ledger": ledger})
    assert "100 due of 100,000 open" in said
    assert "1.33 times WeasyPrint alone" in said
    assert "100,000 lines of the ledger sealed at once: 0.9 s" in said


@pytest.mark.parametrize(
    ("some", "others", "chance"),
    [([2, 3], [1], 1.0), ([1], [2, 3], 0.0), ([1, 2, 3], [1, 2, 3], 0.5), ([1, 3], [2], 0.5), ([2, 2], [2, 1], 0.75)],
)
def test_the_chance_that_one_time_is_longer_than_another(some, others, chance):
    assert chance_that_it_is_longer(some, others) == chance


def test_an_answer_that_tells_hidden_from_absent_is_marked():
    told = [Hiding("/cases/{}/", 2000, chance) for chance in (0.52, 0.44, 0.56)]
    assert [line.endswith("over") for line in report.hiding_text(told).splitlines()[1:]] == [False, True, True]
