"""Axes: the periods of one frame over which a company's series stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.periods import Period, add_months

_STEP = {"year": 12, "half": 6, "quarter": 3, "month": 1, "ttm": 3}
#: The frames whose periods close on a day at which a balance stands.
_CLOSING = ("year", "half", "quarter", "month")
_LENGTH = {"year": 12, "half": 6, "quarter": 3, "month": 1, "ttm": 12}


class Axis(NamedTuple):
    """Periods of a frame in order of time.

    `step` positions lie between a period and the one before it, `year` between it and the same
    one a year earlier; 0 where position does not tell (dates go by the calendar, ranges have no
    earlier period).
    """

    frame: str
    periods: tuple[Period, ...]
    step: int
    year: int

    def back(self, steps: int) -> tuple[int, ...]:
        """For each position the position `steps` periods earlier, -1 where there is none."""
        if self.frame == "range":
            return (-1,) * len(self.periods)
        shift = steps * (self.step or 1)
        return tuple(i - shift if i >= shift else -1 for i in range(len(self.periods)))

    def year_back(self) -> tuple[int, ...]:
        """For each position the position of the same period a year earlier, -1 for none."""
        if self.year:
            return tuple(i - self.year if i >= self.year else -1 for i in range(len(self.periods)))
        if self.frame == "date":
            days = {period.end: i for i, period in enumerate(self.periods)}
            return tuple(days.get(add_months(period.end, -12), -1) for period in self.periods)
        return (-1,) * len(self.periods)


def build_axis(ledger: Ledger, frame: str) -> Axis:
    """The axis of `frame` from the first to the last month that some fact of `ledger` touches.

    What a source reports counts even where the command line takes it away.
    """
    calendar = ledger.calendar
    if frame == "date":
        days = sorted(ledger.days)
        return Axis(frame, tuple(calendar.instant(day) for day in days), 0, 0)
    if frame == "range":
        found = sorted(
            (calendar.span(start, months) for start, months in ledger.spans),
            key=lambda p: (p.end, p.start),
        )
        return Axis(frame, tuple(p for p in found if p.frame in ("range", "ttm")), 0, 0)
    starts = [start for start, _ in ledger.spans]
    ends = [start + months for start, months in ledger.spans]
    for day in ledger.days:
        month = _month_of(day)
        starts.append(month)
        ends.append(month + 1)
    if not starts:
        return Axis(frame, (), 1, 1)
    # One empty year in front, so that what has no earlier period can name the one it lacks.
    first, last = calendar.fiscal_year(min(starts)) - 1, calendar.fiscal_year(max(ends) - 1)
    begin, stop = calendar.year_start(first), calendar.year_start(last + 1)
    if frame == "to-date":
        periods = tuple(
            calendar.view(frame, calendar.year_start(year), months)
            for year in range(first, last + 1)
            for months in range(1, 12)
        )
        return Axis(frame, periods, 11, 11)
    step, length = _STEP[frame], _LENGTH[frame]
    if frame == "ttm":
        periods = tuple(
            calendar.view(frame, end - 12, 12) for end in range(begin + 3, stop + 1, step)
        )
    else:
        periods = tuple(calendar.view(frame, start, length) for start in range(begin, stop, step))
    return Axis(frame, periods, 1, 12 // step)


def positions(period: Period, axis: Callable[[str], Axis]) -> Iterator[tuple[str, int]]:
    """Where `period` stands: on the axis of its frame; an instant where a period closes on it."""
    for frame in (period.frame,) if period.months else _CLOSING:
        for i, place in enumerate(axis(frame).periods):
            same = (place.start, place.months) == (period.start, period.months)
            if place.end == period.end and (same or not period.months):
                yield frame, i


def _month_of(day: int) -> int:
    from datetime import date

    when = date.fromordinal(day)
    return when.year * 12 + when.month - 1
