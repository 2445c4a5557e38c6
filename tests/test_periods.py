"""Periods: what is written, which months it spans, and which names mean the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddcheck.engine.model.periods import (
    ACTUAL,
    ESTIMATE,
    GUIDANCE,
    Calendar,
    Period,
    PeriodError,
    add_months,
    kind_suffix,
    months_between,
)

DECEMBER = Calendar()
JANUARY = Calendar(1, 31)
JUNE = Calendar(6, 30)
WEEKS = Calendar(9, 28)  # 52 or 53 weeks, to a Saturday near the end of September
CALENDARS = {"12-31": DECEMBER, "01-31": JANUARY, "06-30": JUNE, "09-28": WEEKS}


def _period(text: str, calendar: Calendar = DECEMBER) -> Period:
    return calendar.parse(text)[0]


def _span(period: Period) -> tuple[str, str]:
    """The first month of a period and its last day."""
    year, month = divmod(period.start, 12)
    return f"{year}-{month + 1:02d}", date.fromordinal(period.end).isoformat()


@pytest.mark.parametrize(
    ("text", "frame", "first", "last"),
    [
        ("FY2021", "year", "2021-01", "2021-12-31"),
        ("2021H1", "half", "2021-01", "2021-06-30"),
        ("2021H2", "half", "2021-07", "2021-12-31"),
        ("2021Q1", "quarter", "2021-01", "2021-03-31"),
        ("2021Q4", "quarter", "2021-10", "2021-12-31"),
        ("2021-02", "month", "2021-02", "2021-02-28"),
        ("2024-02", "month", "2024-02", "2024-02-29"),
        ("9M2023", "to-date", "2023-01", "2023-09-30"),
        ("10M2023", "to-date", "2023-01", "2023-10-31"),
        ("TTM2021Q1", "ttm", "2020-04", "2021-03-31"),
        ("TTM2021H1", "ttm", "2020-07", "2021-06-30"),
        ("TTM2021-04", "range", "2020-05", "2021-04-30"),
        ("2022Q3..2023Q1", "range", "2022-07", "2023-03-31"),
        ("2021-02..2021-04", "range", "2021-02", "2021-04-30"),
        ("FY2020..FY2022", "range", "2020-01", "2022-12-31"),
        ("2021Q1 .. 2021Q3", "to-date", "2021-01", "2021-09-30"),
    ],
)
def test_what_is_written(text: str, frame: str, first: str, last: str) -> None:
    period = _period(text)
    assert period.frame == frame
    assert _span(period) == (first, last)


def test_an_instant_is_a_day() -> None:
    assert _period("2021-03-31") == ("date", 0, 0, date(2021, 3, 31).toordinal(), "2021-03-31")
    assert _period("2024-02-29").end == date(2024, 2, 29).toordinal()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("FY2021", ACTUAL),
        ("FY2021A", ACTUAL),
        ("FY2023E", ESTIMATE),
        ("FY2022G", GUIDANCE),
        ("2021Q1E", ESTIMATE),
        ("9M2023G", GUIDANCE),
        ("2021-03E", ESTIMATE),
        ("2021-03-31E", ESTIMATE),
        ("TTM2021Q1E", ESTIMATE),
        ("FY2022..FY2023E", ESTIMATE),
        ("FY2022G..FY2023", GUIDANCE),
    ],
)
def test_a_suffix_is_the_kind(text: str, kind: int) -> None:
    assert DECEMBER.parse(text)[1] == kind


def test_suffixes() -> None:
    assert [kind_suffix(kind) for kind in (ACTUAL, ESTIMATE, GUIDANCE)] == ["", "E", "G"]


SAME = [
    ("3M2023", "2023Q1"),
    ("6M2023", "2023H1"),
    ("12M2023", "FY2023"),
    ("TTM2021Q4", "FY2021"),
    ("TTM2021H2", "FY2021"),
    ("2023Q1..2023Q4", "FY2023"),
    ("2023H1..2023H2", "FY2023"),
    ("2023Q1..2023Q2", "2023H1"),
    ("2023Q1..2023Q3", "9M2023"),
    ("2023Q1..2023Q1", "2023Q1"),
    ("2020Q2..2021Q1", "TTM2021Q1"),
    ("FY2023..FY2023", "FY2023"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("end", ["12-31", "06-30", "09-28"])
def test_two_names_for_one_span(one: str, other: str, end: str) -> None:
    assert _period(one, CALENDARS[end]) == _period(other, CALENDARS[end])


def test_months_are_named_by_the_calendar() -> None:
    assert _period("1M2023") == _period("2023-01")
    assert _period("1M2023", JUNE) == _period("2022-07", JUNE)


@pytest.mark.parametrize(
    ("end", "text", "first", "last"),
    [
        # a fiscal year is named by the calendar year in which it ends
        ("01-31", "FY2021", "2020-02", "2021-01-31"),
        ("01-31", "2021Q1", "2020-02", "2020-04-30"),
        ("01-31", "2021Q4", "2020-11", "2021-01-31"),
        ("01-31", "2021H1", "2020-02", "2020-07-31"),
        ("01-31", "9M2021", "2020-02", "2020-10-31"),
        ("01-31", "2021-01", "2021-01", "2021-01-31"),
        ("01-31", "TTM2021Q1", "2019-05", "2020-04-30"),
        ("06-30", "FY2021", "2020-07", "2021-06-30"),
        ("06-30", "2021Q1", "2020-07", "2020-09-30"),
        ("06-30", "2021H2", "2021-01", "2021-06-30"),
        ("06-30", "TTM2021Q2", "2020-01", "2020-12-31"),
        ("09-28", "FY2021", "2020-10", "2021-09-28"),
        ("09-28", "2021Q1", "2020-10", "2020-12-28"),
        ("09-28", "2021Q2", "2021-01", "2021-03-28"),
    ],
)
def test_fiscal_years_that_do_not_end_in_december(
    end: str, text: str, first: str, last: str
) -> None:
    assert _span(_period(text, CALENDARS[end])) == (first, last)


@pytest.mark.parametrize(
    ("calendar", "day", "close"),
    [
        (DECEMBER, "2021-12-30", "2021-12-30"),
        (JANUARY, "2021-01-30", "2021-01-30"),
        (WEEKS, "2021-09-28", "2021-09-28"),
        (WEEKS, "2021-09-25", "2021-09-28"),
        (WEEKS, "2021-10-02", "2021-09-28"),
        (WEEKS, "2020-12-26", "2020-12-28"),
        (WEEKS, "2021-01-02", "2020-12-28"),
        (WEEKS, "2021-09-15", "2021-09-15"),
        (Calendar(1, 2), "2021-12-31", "2022-01-02"),
        (Calendar(2, 29), "2021-02-27", "2021-02-27"),
    ],
)
def test_a_52_week_year_closes_within_a_week(calendar: Calendar, day: str, close: str) -> None:
    found = calendar.close(date.fromisoformat(day).toordinal())
    assert date.fromordinal(found).isoformat() == close


@pytest.mark.parametrize(
    "text",
    [
        "", "2021", "FY21", "fy2021", "FY 2021", "2021FY", "2021Q5", "2021Q0", "2021H3", "Q1 2021",
        "0M2021", "13M2021", "2021-13", "2021-00", "2021-3", "2021-02-30", "2021-3-1", "20210331",
        "FY2021X", "FY2021EG", "FY1799", "FY2201", "TTM", "TTM2021-03-31", "TTMTTM2021Q1", "..",
        "FY2021..", "..FY2021", "FY2021..FY2020", "2021-01-01..2021-02-01", "FY2021..2021-12-31",
        "FY2019..FY2020..FY2021", "2021Q1..TTM2021Q1", "TTM2020Q1..2021Q1",
        "FY1900..FY2100", "FY٢٠٢١", "FY2021\n",
        "2021H1..2021Q1",
    ],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(PeriodError) as error:
        DECEMBER.parse(text)
    assert error.value.help


@pytest.mark.parametrize("text", ["TTM" * 5000 + "2021Q1", "FY2021.." * 5000, "9" * 10_000])
def test_long_text_is_no_period(text: str) -> None:
    with pytest.raises(PeriodError):
        DECEMBER.parse(text)


# --- properties


calendars = st.sampled_from([*CALENDARS.values(), Calendar(2, 29), Calendar(1, 2), Calendar(3, 31)])
starts = st.integers(1900 * 12, 2100 * 12)


@settings(max_examples=500)
@given(calendars, starts, st.integers(1, 60))
def test_a_label_names_its_period(calendar: Calendar, start: int, months: int) -> None:
    period = calendar.span(start, months)
    found, kind = calendar.parse(period.label)
    assert (found, kind) == (period, ACTUAL)
    assert calendar.parse(f"{period.label}E") == (period, ESTIMATE)


@given(calendars, starts, st.integers(1, 60))
def test_spans_that_meet_leave_no_day_out(calendar: Calendar, start: int, months: int) -> None:
    one, next_one = calendar.span(start, months), calendar.span(start + months, 1)
    assert 28 <= next_one.end - one.end <= 31


@given(calendars, starts)
def test_a_year_is_its_quarters(calendar: Calendar, month: int) -> None:
    year = calendar.fiscal_year(month)
    begin = calendar.year_start(year)
    assert begin <= month < begin + 12
    whole = calendar.parse(f"FY{year}")[0]
    assert (whole.start, whole.months) == (begin, 12)
    assert date.fromordinal(whole.end).year == year
    assert calendar.parse(f"{year}Q4")[0].end == whole.end


@given(st.text(max_size=20))
def test_nothing_but_a_period_error(text: str) -> None:
    try:
        DECEMBER.parse(text)
    except PeriodError:
        return


@given(
    st.dates(date(1801, 1, 1), date(2199, 12, 31)).map(lambda day: day.toordinal()),
    st.integers(-600, 600),
)
def test_months_go_by_the_calendar(day: int, months: int) -> None:
    moved = date.fromordinal(add_months(day, months))
    start = date.fromordinal(day)
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months
    assert abs(months_between(day, moved.toordinal()) - months) < 1.2


def test_the_end_of_a_month_stays_one() -> None:
    day = date(2024, 2, 29).toordinal()
    assert date.fromordinal(add_months(day, 1)) == date(2024, 3, 31)
    assert date.fromordinal(add_months(day, -12)) == date(2023, 2, 28)
    assert date.fromordinal(add_months(date(2024, 1, 30).toordinal(), 1)) == date(2024, 2, 29)
