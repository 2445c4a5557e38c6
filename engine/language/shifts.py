"""What functions ask of time: earlier periods, openings, trailing months, lengths.

The part of the evaluator that knows its axis; the working out is the algebra's.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ddcheck.engine.language.cells import NOTHING, Causes, because
from ddcheck.engine.language.functions import AXIS_STEP, FRAME_MONTHS
from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.periods import PeriodError, kind_suffix, months_between

if TYPE_CHECKING:
    from ddcheck.engine.language.context import Context

_NO_EARLIER = "there is no earlier period"


class Shifts(ABC):
    """Rows seen from other periods, along the axis of an evaluator."""

    context: Context
    axis: Axis
    mode: str
    a: Any
    yearly: bool

    @abstractmethod
    def evaluated(self, node: ast.expr) -> Any:
        """The row of a part of a formula."""

    def earlier(self, row: Any, steps: int) -> Any:
        """`row` seen from `steps` periods later."""
        if steps == 0:
            return row
        back = self.axis.back(steps)
        return self.a.shift(row, back, self._before(row, steps * self.axis.step, _NO_EARLIER))

    def year_earlier(self, row: Any) -> Any:
        """`row` seen from a year later."""
        before = self._before(row, self.axis.year, "there is no period a year earlier")
        return self.a.shift(row, self.axis.year_back(), before)

    def adjoining(self, row: Any, steps: int) -> Any:
        """`row` seen from `steps` periods later, periods that do not overlap."""
        if self.axis.frame != "ttm":
            return self.earlier(row, steps)
        return self.earlier(row, steps * self.axis.year)

    def opening(self, node: ast.expr) -> Any:
        """The stock `node` as each period begins."""
        if self.axis.frame in ("ttm", "date"):
            return self.year_earlier(self.evaluated(node))
        if self.axis.frame != "to-date":
            return self.earlier(self.evaluated(node), 1)
        years = self.context.evaluator("year", self.mode)
        places = {period.start + period.months: i for i, period in enumerate(years.axis.periods)}
        back = tuple(places.get(period.start, -1) for period in self.axis.periods)
        row = years.evaluated(node)
        causes = [because("frame", _NO_EARLIER, period=p.label) for p in self.axis.periods]
        return self.a.shift(row, back, lambda i: years.lacking(row, -1) or causes[i])

    def _before(self, row: Any, shift: int, why: str) -> Callable[[int], Causes]:
        """What is lacking at position `i`, which looks `shift` positions back."""

        def before(i: int) -> Causes:
            # Dates and ranges have no position to look at.
            found = self.lacking(row, i - shift) if shift else NOTHING
            return found or because("frame", why, period=self.axis.periods[i].label)

        return before

    def lacking(self, row: Any, place: int) -> Causes:
        """The facts that `row` lacks at `place`, before the axis begins.

        The axis begins with an empty year, so its first periods tell what a row rests on.
        """
        if place >= 0 or not isinstance(row, list):
            return NOTHING
        step, unit = (12, 11) if self.axis.frame == "to-date" else (AXIS_STEP[self.axis.frame], 1)
        steps, first = divmod(place, unit)
        return frozenset(
            cause._replace(period=self._moved(cause.period, steps * step))
            for cause in row[first].causes
            if cause.kind == "fact"
        )

    def _moved(self, label: str | None, months: int) -> str | None:
        """The label of the period `months` later (earlier, if negative)."""
        if label is None:
            return None
        calendar = self.context.ledger.calendar
        try:
            period, kind = calendar.parse(label)
        except PeriodError:
            return None  # before the first year that a label can name
        moved = calendar.view(period.frame, period.start + months, period.months)
        return moved.label + kind_suffix(kind)

    def counted(self, row: Any) -> Any:
        """How many periods in a row a condition has held."""
        return self.a.counted(row, self.axis.back(1))

    def span_months(self) -> tuple[float | None, ...]:
        """How many months each period lasts; None for a range."""
        if self.axis.frame == "range":
            return (None,) * len(self.axis.periods)
        fixed = FRAME_MONTHS.get(self.axis.frame)
        return tuple(float(fixed or period.months) for period in self.axis.periods)

    def duration_months(self) -> tuple[float | None, ...]:
        """How many months a duration counts in: years, or periods of the frame."""
        return (12.0,) * len(self.axis.periods) if self.yearly else self.span_months()

    def per_year(self) -> tuple[float | None, ...]:
        """How often each period goes into a year."""
        return tuple(None if m is None else 12.0 / m for m in self.span_months())

    def ttm(self, node: ast.expr) -> Any:
        """The expression over the trailing twelve months at the end of each period."""
        if self.axis.frame in ("date", "ttm", "year"):
            return self.evaluated(node)
        other = self.context.evaluator("ttm", self.mode)
        ends = {period.end: i for i, period in enumerate(other.axis.periods)}
        places = tuple(ends.get(period.end, -1) for period in self.axis.periods)
        return self.a.taken(other.evaluated(node), places, "no trailing twelve months end here")

    def latest(self, row: Any, within: int) -> Any:
        """The newest actual value of `row` on or before each position."""
        ends = [period.end for period in self.axis.periods]
        places = tuple(
            tuple(j for j in range(i, -1, -1) if months_between(ends[j], ends[i]) <= within + 0.05)
            for i in range(len(ends))
        )
        return self.a.carried(row, places)
