"""Periods: spans of months on a company's fiscal calendar, and instants.

Every period but an instant is a run of whole months, so that quarters, halves, years to date and
trailing years are the same kind of thing, and two names for one span (`3M2023`, `2023Q1`) are one
period. Fiscal years are named by the calendar year in which they end.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ddcheck.engine.text.shape import FIRST_YEAR, LAST_YEAR
from ddcheck.engine.text.suggest import likely

FRAMES = ("year", "half", "quarter", "month", "to-date", "ttm", "date", "range")
#: The frames that `frame: any` looks through; trailing years only repeat what others say.
ANY_FRAMES = ("year", "half", "quarter", "month", "to-date", "date", "range")

ACTUAL, ESTIMATE, GUIDANCE = 0, 1, 2
KIND_NAMES = ("actual", "estimate", "guidance")
_SUFFIXES = {"": ACTUAL, "A": ACTUAL, "E": ESTIMATE, "G": GUIDANCE}
_FORMS = re.compile(
    r"(?:FY(?P<fy>\d{4})"
    r"|(?P<hy>\d{4})H(?P<half>[12])"
    r"|(?P<qy>\d{4})Q(?P<quarter>[1-4])"
    r"|(?P<n>\d{1,2})M(?P<ny>\d{4})"
    r"|(?P<dy>\d{4})-(?P<dm>\d{2})-(?P<dd>\d{2})"
    r"|(?P<my>\d{4})-(?P<month>\d{2}))"
    r"(?P<suffix>[AEG]?)\Z",
    re.ASCII,
)
_FORMS_HELP = "write FY2021, 2021H1, 2021Q1, 2021-03, 9M2023, 2022Q3..2023Q1 or 2021-03-31"
#: As other people write it: `Q1 2021`.
_TURNED = re.compile(r"([QH][1-4])[ -/]?(\d{4})\Z", re.ASCII)
_MAX_MONTHS = 1200
_WEEK = 7
_LENGTHS = {12: "year", 6: "half", 3: "quarter", 1: "month"}


class Period(NamedTuple):
    """A span of `months` months from month number `start` (year * 12 + month - 1), or an instant.

    An instant has frame `date`, 0 months and its day in `end`; `end` is the ordinal of the last
    day. Two periods of one frame are equal if they span the same months.
    """

    frame: str
    start: int
    months: int
    end: int
    label: str

    def __str__(self) -> str:
        return self.label


def kind_suffix(kind: int) -> str:
    """The letter that a period's label takes for `kind`: none, `E` or `G`."""
    return ("", "E", "G")[max(kind, 0)]


class PeriodError(Exception):
    """Text that is not a period; `help` says what would be."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = _FORMS_HELP


class Calendar:
    """A fiscal calendar: the month and day on which fiscal years end."""

    __slots__ = ("_views", "day", "month", "month_end")

    def __init__(self, month: int = 12, day: int = 31) -> None:
        self.month = month
        self.day = day
        self.month_end = day >= _month_length(2023, month)
        self._views: dict[tuple[str, int, int], Period] = {}

    def year_start(self, year: int) -> int:
        """The number of the first month of fiscal year `year`."""
        return year * 12 + self.month - 12

    def fiscal_year(self, month: int) -> int:
        """The fiscal year in which month number `month` lies."""
        return (month - self.month) // 12 + 1

    def last_day(self, month: int) -> int:
        """The ordinal of the day on which month number `month` closes on this calendar."""
        year, index = divmod(month, 12)
        length = _month_length(year, index + 1)
        return date(
            year, index + 1, length if self.month_end else min(self.day, length)
        ).toordinal()

    def span(self, start: int, months: int) -> Period:
        """The period of `months` months from month number `start`, in the frame that fits it."""
        frame = _LENGTHS.get(months)
        into = (start - self.month) % 12
        if frame == "half" and into % 6:
            frame = None
        if frame == "quarter" and into % 3:
            frame = None
        if frame == "year" and into:
            frame = "ttm" if into % 3 == 0 else None
        if frame is None and into == 0 and months < 12:
            frame = "to-date"
        return self.view(frame or "range", start, months)

    def view(self, frame: str, start: int, months: int) -> Period:
        """The span as a period of `frame`."""
        found = self._views.get((frame, start, months))
        if found is None:
            end = self.last_day(start + months - 1)
            found = Period(frame, start, months, end, self._label(frame, start, months))
            self._views[frame, start, months] = found
        return found

    def close(self, day: int) -> int:
        """`day`, or on a 52/53-week calendar the close of a fiscal month within a week of it."""
        if self.month_end:
            return day
        when = date.fromordinal(day)
        month = when.year * 12 + when.month - 1
        ends = (self.last_day(month + shift) for shift in (-1, 0, 1))
        return next((end for end in ends if abs(end - day) <= _WEEK), day)

    def instant(self, day: int) -> Period:
        """The instant at the end of the day with ordinal `day`."""
        return Period("date", 0, 0, day, date.fromordinal(day).isoformat())

    def _label(self, frame: str, start: int, months: int) -> str:
        year = self.fiscal_year(start)
        into = start - self.year_start(year)
        if frame == "year":
            return f"FY{year}"
        if frame == "half":
            return f"{year}H{into // 6 + 1}"
        if frame == "quarter":
            return f"{year}Q{into // 3 + 1}"
        if frame == "to-date":
            return f"{months}M{year}"
        if frame == "month":
            return f"{start // 12:04d}-{start % 12 + 1:02d}"
        if frame == "ttm":
            end = start + 12
            year = self.fiscal_year(end - 1)
            return f"TTM{year}Q{(end - self.year_start(year)) // 3}"
        if months % 12 == 0 and into == 0:
            return f"FY{year}..FY{year + months // 12 - 1}"
        if months % 3 == 0 and into % 3 == 0:
            first = self._label("quarter", start, 3)
            return f"{first}..{self._label('quarter', start + months - 3, 3)}"
        first = self._label("month", start, 1)
        return f"{first}..{self._label('month', start + months - 1, 1)}"

    def parse(self, text: str) -> tuple[Period, int]:
        """The period that `text` names and its kind (actual, estimate, guidance).

        Raises PeriodError.
        """
        if ".." in text:
            left, right = text.split("..", 1)
            first, kind = self._word(left.strip(), text)
            last, other = self._word(right.strip(), text)
            if not first.months or not last.months:
                raise PeriodError(f"`{text}` is a range of instants")
            end = last.start + last.months
            if last.start < first.start or end < first.start + first.months:
                raise PeriodError(f"`{text}` ends before it begins")
            if end - first.start > _MAX_MONTHS:
                raise PeriodError(f"`{text}` is longer than {_MAX_MONTHS // 12} years")
            return self.span(first.start, end - first.start), max(kind, other)
        return self._one(text, text)

    def _one(self, text: str, whole: str) -> tuple[Period, int]:
        """A period that is written as one word, a piece of `whole`."""
        if not text.startswith("TTM"):
            return self._word(text, whole)
        period, kind = self._word(text[3:], whole)
        if not period.months:
            raise PeriodError(f"`{text}` is not a period")
        return self.span(period.start + period.months - 12, 12), kind

    def _word(self, text: str, whole: str) -> tuple[Period, int]:
        match = _FORMS.match(text)
        if match is None:
            raise PeriodError(f"`{whole[:40]}` is not a period")
        kind = _SUFFIXES[match["suffix"]]
        if match["fy"]:
            return self.span(self.year_start(_year(match["fy"])), 12), kind
        if match["hy"]:
            start = self.year_start(_year(match["hy"])) + 6 * (int(match["half"]) - 1)
            return self.span(start, 6), kind
        if match["qy"]:
            start = self.year_start(_year(match["qy"])) + 3 * (int(match["quarter"]) - 1)
            return self.span(start, 3), kind
        if match["ny"]:
            months = int(match["n"])
            if not 1 <= months <= 12:
                raise PeriodError(f"`{text}` is not 1 to 12 months")
            return self.span(self.year_start(_year(match["ny"])), months), kind
        if match["my"]:
            month = int(match["month"])
            if not 1 <= month <= 12:
                raise PeriodError(f"`{text}` has no such month")
            return self.span(_year(match["my"]) * 12 + month - 1, 1), kind
        try:
            day = date(_year(match["dy"]), int(match["dm"]), int(match["dd"])).toordinal()
        except ValueError:
            raise PeriodError(f"`{text}` has no such day") from None
        return self.instant(day), kind


def likely_period(text: str, calendar: Calendar) -> str:
    """What helps somebody who wrote `text` for a period: the likely one, or the forms there are."""

    def reads(written: str) -> bool:
        try:
            calendar.parse(written)
        except PeriodError:
            return False
        return True

    turned = _TURNED.match(text.upper())
    if turned is not None and reads(f"{turned[2]}{turned[1]}"):
        return f"did you mean `{turned[2]}{turned[1]}`?"
    match = _FORMS.match(text)
    if match is not None and match["dy"] and FIRST_YEAR <= int(match["dy"]) <= LAST_YEAR:
        return _FORMS_HELP  # the form is right, so it is no slip of the hand
    return likely(text, "0123456789AEFGHMQTY-.", reads, _FORMS_HELP)


def _year(digits: str) -> int:
    year = int(digits)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(f"`{digits}` is not a year between {FIRST_YEAR} and {LAST_YEAR}")
    return year


def _month_length(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def months_between(earlier: int, later: int) -> float:
    """Months from one day's ordinal to another's, a month being a twelfth of 365.2425 days."""
    return (later - earlier) / (365.2425 / 12)


def day_text(day: int) -> str:
    """An ordinal as the date that files write, `2024-02-06`; the number where it is no day."""
    return date.fromordinal(day).isoformat() if day > 0 else str(day)


def add_months(day: int, months: int) -> int:
    """The ordinal of the day `months` months after (before, if negative) the day `day`."""
    start = date.fromordinal(day)
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = _month_length(year, index + 1)
    keep_end = start.day == _month_length(start.year, start.month)
    return date(year, index + 1, last if keep_end else min(start.day, last)).toordinal()
