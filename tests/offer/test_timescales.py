"""Every clock: each row against a table typed from the domain text, and against the slow calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offer import SOURCES, Status
from offer.timescales import (
    LONDON,
    TIMESCALES,
    Due,
    FixedByLawError,
    MomentNeededError,
    NoFixedLimitError,
    Unit,
)
from tests.offer import calendar_oracle as oracle

# rule: (number, unit), typed from the tables of the domain text
LENGTHS = {
    "TS-01": (1, "wd"),
    "TS-02": (48, "h"),
    "TS-03": (45, "wd"),
    "TS-04": (10, "wd"),
    "TS-05": (1, "wd"),
    "TS-06": (15, "wd"),
    "TS-07": (10, "wd"),
    "TS-07-LATER": (42, "days"),
    "TS-08": (3, "months"),
    "TS-09": (6, "months"),
    "TS-10": (10, "wd"),
    "TS-11": (42, "days"),
    "TS-11-LATER": (3, "months"),
    "TS-12": (20, "wd"),
    "TS-13": (3, "months"),
    "TS-14": (6, "months"),
    "TS-15": (10, "wd"),
    "TS-15-PLACEMENT": (5, "wd"),
    "TS-16": (20, "wd"),
    "TS-17": (7, "days"),
    "TS-17-LATER": (42, "days"),
    "TS-18": (5, "wd"),
    "TS-19": (72, "h"),
    "TS-20": None,
    "TS-21": (5, "wd"),
    "TS-22": (15, "wd"),
    "TS-23": (5, "wd"),
    "TS-23-DEVOLVED": (45, "days"),
    "TS-24": None,
    "TS-25": (72, "h"),
    "TS-26": (72, "h"),
    "TS-26-EPO": (8, "days"),
    "TS-26-EPO-EXTENDED": (7, "days"),
    "TS-27": (181, "days"),  # 26 weeks that begin with the day of issue
    "TS-28": (112, "days"),
    "TS-29": (1, "wd"),
    "TS-30": None,
    "TS-31": (1, "months"),
    "TS-32": (1, "months"),
    "TS-32-COMPLEX": (3, "months"),
    "TS-33": (72, "h"),
    "TS-34": None,
    "TS-35": None,
    "TG-MANAGER": (2, "wd"),
    "TG-MANAGER-HIGH": (0, "wd"),
    "TG-CPM": (5, "wd"),
    "TG-THRESHOLD": (5, "wd"),
    "TG-MEETING": (15, "wd"),
    "TG-TAF": (15, "wd"),
    "TG-TRIGGER": (1, "wd"),
    "TG-STRATEGY": (1, "wd"),
    "TG-TASKING": (21, "days"),
    "TG-GAP": (5, "wd"),
    "TG-GAP-HIGH": (1, "wd"),
    "TG-NRM": (2, "wd"),
    "TG-EVENT": (2, "wd"),
    "TG-TRANSITION": (20, "wd"),
    "TG-CLOSING": (5, "wd"),
    "TG-SECOND-READER": (5, "wd"),
    "RV-LOW": (3, "months"),
    "RV-MEDIUM": (42, "days"),
    "RV-HIGH": (28, "days"),
    "MR-01": (1, "months"),
    "MR-01b": (0, "wd"),
    "MR-02": (2, "wd"),
    "MR-02b": (2, "wd"),
    "MR-02c": (0, "wd"),
    "MR-03": (7, "days"),
    "MR-04": (0, "wd"),
    "MR-05": (5, "wd"),
    "MR-06": (0, "wd"),
    "MR-07": (1, "wd"),
    "MR-08": None,
    "MR-09": (0, "wd"),
}
DOMAIN_IDS = {
    *(f"TS-{n:02}" for n in range(1, 36)),
    *(
        f"TG-{name}"
        for name in [
            "MANAGER",
            "CPM",
            "THRESHOLD",
            "MEETING",
            "TAF",
            "TRIGGER",
            "STRATEGY",
            "TASKING",
            "NRM",
            "EVENT",
            "TRANSITION",
        ]
    ),
    *("RV-LOW", "RV-MEDIUM", "RV-HIGH"),
    *(f"MR-{name}" for name in ["01", "01b", "02", "02b", "02c", "03", "04", "05", "06", "07", "08", "09"]),
}
WALK = {"wd": oracle.working_days_after, "days": oracle.calendar_days_after, "months": oracle.months_after}
DAY_RULES = [rule for rule, length in LENGTHS.items() if length and length[1] != "h"]
HOUR_RULES = [rule for rule, length in LENGTHS.items() if length and length[1] == "h"]
MOMENTS = st.integers(0, 9 * 365 * 24 * 60).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
ROWS = [pytest.param(row, id=row.rule_id) for row in TIMESCALES.values()]


def due(rule_id, started):
    return TIMESCALES[rule_id].due(started)


# The table


def test_every_rule_of_the_domain_text_is_a_row():
    assert set(TIMESCALES) >= DOMAIN_IDS


def test_there_is_no_row_that_this_test_has_not_typed_out():
    assert set(TIMESCALES) == set(LENGTHS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_says_what_from_when_by_whom_and_how_it_binds(row):
    assert TIMESCALES[row.rule_id] is row
    assert row.label
    assert row.counted_from
    assert row.version
    assert isinstance(row.status, Status)
    assert any(row.source.startswith(source.title) for source in SOURCES.values()), row.source


@pytest.mark.parametrize("row", ROWS)
def test_a_rule_without_a_number_says_so_in_words(row):
    if row.offset is None:
        assert row.in_words
        assert row.unit in {Unit.NOT_FIXED, Unit.AT_ONCE}
    else:
        assert row.unit not in {Unit.NOT_FIXED, Unit.AT_ONCE}


@pytest.mark.parametrize("row", ROWS)
def test_the_rule_that_follows_exists(row):
    assert row.followed_by == "" or row.followed_by in TIMESCALES


@pytest.mark.parametrize("row", ROWS)
def test_only_proposed_rows_cite_the_makers_of_the_system(row):
    assert row.source.startswith(SOURCES["PROJECT"].title) == (row.status is Status.PROPOSED)


@pytest.mark.parametrize("rule_id", [rule for rule in LENGTHS if rule.startswith(("TG-", "RV-"))])
def test_local_targets_are_never_shown_as_law(rule_id):
    assert TIMESCALES[rule_id].status is Status.PROPOSED
    assert TIMESCALES[rule_id].status_text == "Local target (proposed)"


@pytest.mark.parametrize("rule_id", ["TS-12", "TS-13", "TS-14", "TS-25", "TS-26", "TS-27", "TS-32", "TS-33", "MR-01"])
def test_statute_is_shown_as_statute(rule_id):
    assert TIMESCALES[rule_id].status is Status.STATUTE


# Against the slow calendar, every day from 2024 to 2032


@pytest.mark.parametrize("rule_id", DAY_RULES)
def test_every_start_day_of_2024_to_2032_agrees_with_the_slow_calendar(rule_id):
    number, unit = LENGTHS[rule_id]
    rule = TIMESCALES[rule_id]
    for start in oracle.every_day(date(2024, 1, 1), date(2032, 12, 31)):
        limit = WALK[unit](start, number)
        found = rule.due(start)
        assert (found.limit, found.book_by) == (limit, oracle.book_by(limit, start)), start


@given(
    rule_id=st.sampled_from(DAY_RULES),
    moment=MOMENTS,
)
@settings(max_examples=200, deadline=None)
def test_a_moment_counts_from_its_london_date(rule_id, moment):
    year, month, day, _, _ = oracle.london_wall_time(moment)
    assert due(rule_id, moment) == due(rule_id, date(year, month, day))


@given(
    rule_id=st.sampled_from(HOUR_RULES),
    moment=MOMENTS,
)
@settings(max_examples=200, deadline=None)
def test_hours_are_elapsed_hours_shown_as_london_wall_time(rule_id, moment):
    expected = moment + timedelta(hours=LENGTHS[rule_id][0])
    limit = due(rule_id, moment).limit
    assert limit.astimezone(UTC) == expected
    assert limit.tzinfo is LONDON
    assert (limit.year, limit.month, limit.day, limit.hour, limit.minute) == oracle.london_wall_time(expected)


# Hours across the nights on which the clocks change


def london(*parts, fold=0):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/London"), fold=fold)


def shown(moment):
    return moment.strftime("%a %d %b %Y %H:%M %Z")


@pytest.mark.parametrize(
    ("rule_id", "started", "limit"),
    [
        pytest.param("TS-02", london(2026, 3, 28, 10), "Mon 30 Mar 2026 11:00 BST", id="48h over the spring night"),
        pytest.param("TS-02", london(2026, 10, 24, 10), "Mon 26 Oct 2026 09:00 GMT", id="48h over the autumn night"),
        pytest.param("TS-19", london(2026, 3, 27, 0, 30), "Mon 30 Mar 2026 01:30 BST", id="72h over the spring night"),
        pytest.param("TS-19", london(2026, 10, 24, 0, 30), "Mon 26 Oct 2026 23:30 GMT", id="72h over the autumn night"),
        pytest.param("TS-02", london(2026, 3, 27, 1, 30), "Sun 29 Mar 2026 02:30 BST", id="would end in the lost hour"),
        pytest.param("TS-02", london(2026, 10, 23, 1, 30), "Sun 25 Oct 2026 01:30 BST", id="ends in the first 01:30"),
        pytest.param("TS-02", london(2026, 10, 23, 2, 30), "Sun 25 Oct 2026 01:30 GMT", id="ends in the second 01:30"),
        pytest.param("TS-02", london(2026, 3, 29, 1, 30), "Tue 31 Mar 2026 02:30 BST", id="starts in the lost hour"),
        pytest.param("TS-02", london(2026, 10, 25, 1, 30), "Tue 27 Oct 2026 00:30 GMT", id="starts in the first 01:30"),
        pytest.param(
            "TS-02", london(2026, 10, 25, 1, 30, fold=1), "Tue 27 Oct 2026 01:30 GMT", id="starts in the second 01:30"
        ),
        pytest.param("TS-19", london(2026, 12, 24, 16), "Sun 27 Dec 2026 16:00 GMT", id="no pause for Christmas"),
        pytest.param("TS-02", london(2026, 12, 21, 10, 15), "Wed 23 Dec 2026 10:15 GMT", id="Kofi: written follow-up"),
    ],
)
def test_hour_limits(rule_id, started, limit):
    found = due(rule_id, started)
    assert shown(found.limit) == limit
    assert found.book_by == found.limit
    assert found.soft is None


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("rule_id", HOUR_RULES)
def test_every_minute_around_the_change_of_the_clocks(rule_id, night):
    first = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=4)
    for minute in range(0, 5 * 24 * 60, 7):
        start = first + timedelta(minutes=minute)
        end = due(rule_id, start).limit
        assert end.astimezone(UTC) - start == timedelta(hours=LENGTHS[rule_id][0])
        assert (end.year, end.month, end.day, end.hour, end.minute) == oracle.london_wall_time(end.astimezone(UTC))


@pytest.mark.parametrize("rule_id", HOUR_RULES)
def test_an_hour_rule_refuses_a_bare_date(rule_id):
    with pytest.raises(ValueError, match="counted in hours: give the time"):
        due(rule_id, date(2026, 11, 23))


@pytest.mark.parametrize("rule_id", ["TS-19", "TS-03", "MR-01", "MR-08"])
def test_every_rule_refuses_a_time_without_a_zone(rule_id):
    with pytest.raises(MomentNeededError, match="no time zone"):
        due(rule_id, datetime(2026, 11, 23, 10))  # noqa: DTZ001 - this is what must be refused


def test_the_refusals_of_a_start_are_value_errors():
    assert issubclass(MomentNeededError, ValueError)


@pytest.mark.parametrize(
    ("moment", "limit"),
    [
        pytest.param(datetime(2026, 7, 3, 22, 59, tzinfo=UTC), date(2026, 7, 6), id="Friday 23:59 in London"),
        pytest.param(datetime(2026, 7, 3, 23, 1, tzinfo=UTC), date(2026, 7, 6), id="Saturday 00:01 in London"),
        pytest.param(datetime(2026, 7, 2, 22, 59, tzinfo=UTC), date(2026, 7, 3), id="Thursday 23:59 in London"),
        pytest.param(datetime(2026, 7, 2, 23, 1, tzinfo=UTC), date(2026, 7, 6), id="Friday 00:01 in London"),
        pytest.param(datetime(2026, 11, 27, 16, 59, tzinfo=UTC), date(2026, 11, 30), id="Friday 16:59"),
        pytest.param(
            datetime(2026, 11, 27, 17, 1, tzinfo=UTC), date(2026, 11, 30), id="Friday 17:01 is the same day 0"
        ),
    ],
)
def test_one_working_day_from_a_moment(moment, limit):
    assert due("TS-01", moment).limit == limit


# Rules with something of their own


@pytest.mark.parametrize(
    ("found", "soft", "limit"),
    [
        pytest.param(date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 23), id="a Monday"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 29), date(2027, 1, 24), id="Christmas Eve"),
        pytest.param(date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 27), id="a Friday"),
        pytest.param(date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 28), id="a Saturday"),
        pytest.param(date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28), id="month clamped"),
        pytest.param(date(2028, 1, 31), date(2028, 2, 1), date(2028, 2, 29), id="month clamped, leap year"),
    ],
)
def test_fgm_has_two_limits(found, soft, limit):
    answer = due("MR-01", found)
    assert (answer.soft, answer.limit) == (soft, limit)
    assert due("TS-31", found) == answer


def test_the_earlier_fgm_limit_agrees_with_the_slow_calendar_every_day():
    for start in oracle.every_day(date(2024, 1, 1), date(2032, 12, 31)):
        assert due("MR-01", start).soft == oracle.working_days_after(start, 1)


def test_only_rules_with_two_limits_have_a_soft_one():
    assert {rule for rule, row in TIMESCALES.items() if row.soft} == {"MR-01", "TS-31", "MR-02", "TS-05"}
    assert due("MR-02", date(2026, 12, 23)) == Due(date(2026, 12, 29), date(2026, 12, 29), soft=date(2026, 12, 23))


def test_the_abuse_reporting_duty_does_not_bind_yet_and_says_so():
    duty = TIMESCALES["MR-03"]
    assert duty.effective_from is None
    assert not duty.binds_on(date(2099, 1, 1))
    assert duty.status_text == "Statute; not yet in force, start date not known"
    assert duty.due(date(2026, 11, 23)) == Due(date(2026, 11, 30), date(2026, 11, 30), binding=False)


def test_once_its_start_is_known_the_duty_binds_from_that_day():
    duty = TIMESCALES["MR-03"].commencing(date(2027, 4, 1))
    assert not duty.binds_on(date(2027, 3, 31))
    assert duty.binds_on(date(2027, 4, 1))
    assert duty.due(date(2027, 4, 1)).binding
    assert duty.version != TIMESCALES["MR-03"].version
    assert not TIMESCALES["MR-03"].binds_on(date(2027, 4, 1))


def test_the_abuse_reporting_duty_is_the_only_one_that_does_not_bind():
    assert {rule for rule, row in TIMESCALES.items() if not row.binds_on(date(2026, 11, 23))} == {"MR-03"}


def test_fgm_did_not_bind_before_it_was_law():
    assert not due("MR-01", date(2015, 10, 30)).binding
    assert due("MR-01", date(2015, 10, 31)).binding
    assert TIMESCALES["MR-01"].status_text == "Statute, in force since 31 October 2015"


def test_a_rule_that_ended_binds_to_its_last_day():
    ended = replace(TIMESCALES["TS-01"], effective_to=date(2026, 12, 31))
    assert ended.binds_on(date(2026, 12, 31))
    assert not ended.binds_on(date(2027, 1, 1))


@pytest.mark.parametrize("rule_id", ["TS-24", "TS-30", "TS-34", "TS-35"])
def test_a_rule_with_no_fixed_limit_says_what_it_sets_instead(rule_id):
    row = TIMESCALES[rule_id]
    assert not row.has_limit
    with pytest.raises(NoFixedLimitError) as raised:
        row.due(date(2026, 11, 23))
    assert row.in_words in str(raised.value)
    assert rule_id in str(raised.value)


def test_conclusive_grounds_have_an_earliest_day_and_no_limit():
    assert TIMESCALES["TS-24"].not_before(date(2026, 11, 23)) == date(2026, 12, 23)
    assert TIMESCALES["TS-03"].not_before(date(2026, 11, 23)) is None


@pytest.mark.parametrize("rule_id", ["MR-08", "TS-20"])
def test_at_once_means_at_the_moment_of_the_event(rule_id):
    moment = london(2026, 11, 23, 22, 40)
    assert due(rule_id, moment) == Due(moment, moment)
    assert due(rule_id, date(2026, 11, 22)) == Due(date(2026, 11, 22), date(2026, 11, 22))


def test_care_proceedings_count_the_day_of_issue_as_day_one():
    assert due("TS-27", date(2026, 11, 23)).limit == date(2027, 5, 23)
    assert due("TS-27", date(2026, 11, 23)).book_by == date(2027, 5, 21)


@pytest.mark.parametrize("rule_id", ["MR-01b", "MR-04", "MR-06", "MR-09", "MR-02c", "TG-MANAGER-HIGH"])
def test_same_day_on_a_saturday_is_that_saturday_and_nothing_is_booked_before_the_event(rule_id):
    saturday = date(2026, 11, 28)
    assert due(rule_id, saturday) == Due(saturday, saturday)


@pytest.mark.parametrize(
    ("rule_id", "started", "limit", "book_by"),
    [
        pytest.param("TS-08", date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 26), id="Sunday 28 February"),
        pytest.param("TS-09", date(2026, 11, 30), date(2027, 5, 30), date(2027, 5, 28), id="bank holiday weekend"),
        pytest.param("RV-LOW", date(2026, 9, 28), date(2026, 12, 28), date(2026, 12, 24), id="substitute day"),
        pytest.param("TS-13", date(2026, 11, 5), date(2027, 2, 5), date(2027, 2, 5), id="a working day"),
        pytest.param("TS-26-EPO", date(2027, 3, 19), date(2027, 3, 27), date(2027, 3, 25), id="Easter Saturday"),
    ],
)
def test_meetings_are_booked_before_a_limit_that_is_no_working_day(rule_id, started, limit, book_by):
    assert due(rule_id, started) == Due(limit, book_by)


def test_a_limit_on_saturday_may_be_booked_for_the_friday_of_the_event():
    next_day = TIMESCALES["TG-TASKING"].with_offset(1)
    assert next_day.due(date(2026, 11, 27)) == Due(date(2026, 11, 28), book_by=date(2026, 11, 27))
    assert next_day.due(date(2026, 11, 28)) == Due(date(2026, 11, 29), book_by=date(2026, 11, 29))


def test_a_one_off_holiday_moves_working_days_and_the_day_to_book_by_but_no_month_limit():
    proclaimed = date(2027, 2, 5)
    assert TIMESCALES["TS-01"].due(date(2027, 2, 4), extra_holidays={proclaimed}).limit == date(2027, 2, 8)
    found = TIMESCALES["TS-13"].due(date(2026, 11, 5), extra_holidays={proclaimed})
    assert (found.limit, found.book_by) == (proclaimed, date(2027, 2, 4))


# Local settings


def test_a_local_setting_gives_the_same_rule_another_length():
    shorter = TIMESCALES["TG-CPM"].with_offset(3)
    assert shorter.due(date(2027, 1, 27)).limit == date(2027, 2, 1)
    assert shorter.version == "1, local setting 3 working days"
    assert TIMESCALES["TG-CPM"].due(date(2027, 1, 27)).limit == date(2027, 2, 3)


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r.rule_id) for r in TIMESCALES.values() if r.status.is_fixed_nationally]
)
def test_law_and_statutory_guidance_cannot_be_changed_by_a_setting(row):
    with pytest.raises(FixedByLawError, match="cannot be changed"):
        row.with_offset(1)


@pytest.mark.parametrize(("rule_id", "offset"), [("RV-LOW", 4), ("RV-MEDIUM", 100), ("RV-HIGH", 365)])
def test_no_review_is_set_past_three_months(rule_id, offset):
    with pytest.raises(ValueError, match="3 calendar months"):
        TIMESCALES[rule_id].with_offset(offset)


def test_a_review_that_would_pass_three_months_is_cut_short():
    longest = TIMESCALES["RV-MEDIUM"].with_offset(92)
    assert longest.due(date(2026, 11, 30)).limit == date(2027, 2, 28)


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError, match="before its event"):
        TIMESCALES["TG-CPM"].with_offset(-1)


def test_a_rule_without_a_length_has_none_to_change():
    with pytest.raises(NoFixedLimitError):
        TIMESCALES["TS-35"].with_offset(5)


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        TIMESCALES["TS-01"] = None
    with pytest.raises(AttributeError):
        TIMESCALES["TS-01"].offset = 2


# Reminders


def test_reminders_of_a_long_day_limit():
    steps = TIMESCALES["TS-03"].reminders(date(2026, 12, 21))
    assert steps == (
        date(2027, 2, 11),
        date(2027, 2, 18),
        date(2027, 2, 23),
        date(2027, 2, 24),
        date(2027, 2, 25),
    )


def test_reminders_do_not_come_before_the_event():
    assert TIMESCALES["TG-MANAGER"].reminders(date(2026, 11, 5)) == (date(2026, 11, 6), date(2026, 11, 9))
    assert TIMESCALES["MR-04"].reminders(date(2026, 11, 28)) == (date(2026, 11, 28),)


def test_reminders_of_a_limit_on_a_sunday_end_on_that_sunday():
    assert TIMESCALES["TS-08"].reminders(date(2026, 11, 30))[-2:] == (date(2027, 2, 26), date(2027, 2, 28))


def test_reminders_of_an_hour_limit_are_elapsed_hours_before_it():
    steps = TIMESCALES["TS-19"].reminders(london(2026, 10, 24, 0, 30))
    assert [shown(step) for step in steps] == [
        "Sun 25 Oct 2026 00:30 BST",
        "Sun 25 Oct 2026 23:30 GMT",
        "Mon 26 Oct 2026 11:30 GMT",
        "Mon 26 Oct 2026 19:30 GMT",
        "Mon 26 Oct 2026 23:30 GMT",
    ]


# The worked cases


@pytest.mark.parametrize(
    ("rule_id", "started", "limit"),
    [
        pytest.param("TG-MANAGER", date(2026, 11, 5), date(2026, 11, 9), id="A: manager decides"),
        pytest.param("TG-TAF", date(2026, 11, 9), date(2026, 11, 30), id="A: Team Around the Family"),
        pytest.param("RV-LOW", date(2026, 11, 9), date(2027, 2, 9), id="A: review"),
        pytest.param("TS-01", date(2026, 12, 21), date(2026, 12, 22), id="B: referral decision"),
        pytest.param("TS-04", date(2026, 12, 21), date(2027, 1, 7), id="B: assessment checkpoint"),
        pytest.param("TS-03", date(2026, 12, 21), date(2027, 2, 25), id="B: Single Assessment"),
        pytest.param("RV-MEDIUM", date(2026, 12, 23), date(2027, 2, 3), id="B: review"),
        pytest.param("TG-THRESHOLD", date(2026, 12, 23), date(2027, 1, 4), id="B: threshold discussion"),
        pytest.param("TG-MEETING", date(2026, 12, 31), date(2027, 1, 22), id="B: child in need meeting"),
        pytest.param("TS-11", date(2027, 1, 15), date(2027, 2, 26), id="B: child in need review"),
        pytest.param("TG-NRM", date(2026, 12, 23), date(2026, 12, 29), id="B: NRM by target"),
        pytest.param("MR-02", date(2026, 12, 23), date(2026, 12, 29), id="B: NRM by duty"),
        pytest.param("TS-01", date(2027, 1, 19), date(2027, 1, 20), id="D: referral decision"),
        pytest.param("TG-CPM", date(2027, 1, 27), date(2027, 2, 3), id="D: CPM"),
        pytest.param("RV-MEDIUM", date(2027, 1, 27), date(2027, 3, 10), id="D: review while provisional"),
        pytest.param("TG-EVENT", date(2027, 2, 14), date(2027, 2, 16), id="D: review after the 13th birthday"),
        pytest.param("TS-03", date(2027, 1, 19), date(2027, 3, 23), id="D: Single Assessment"),
        pytest.param("RV-LOW", date(2027, 3, 23), date(2027, 6, 23), id="D: review once Low"),
        pytest.param("RV-MEDIUM", date(2026, 10, 19), date(2026, 11, 30), id="F: review"),
        pytest.param("TG-TRANSITION", date(2026, 11, 30), date(2026, 12, 30), id="F: transition considered"),
        pytest.param("TG-EVENT", date(2026, 11, 30), date(2026, 12, 2), id="F: review after the 17th birthday"),
        pytest.param("TS-01", date(2026, 12, 24), date(2026, 12, 29), id="Christmas Eve and 1"),
        pytest.param("TG-CPM", date(2026, 12, 24), date(2027, 1, 5), id="Christmas Eve and 5"),
        pytest.param("TS-03", date(2026, 11, 23), date(2027, 1, 28), id="23 November and 45"),
        pytest.param("TS-08", date(2026, 11, 30), date(2027, 2, 28), id="30 November and three months"),
    ],
)
def test_worked_cases(rule_id, started, limit):
    assert due(rule_id, started).limit == limit


def test_theo_s_single_assessment_was_authorised_on_working_day_43():
    assert oracle.working_days_after(date(2027, 1, 19), 43) == date(2027, 3, 19)
    assert TIMESCALES["TS-03"].due(date(2027, 1, 19)).limit > date(2027, 3, 19)
