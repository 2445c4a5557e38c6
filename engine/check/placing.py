"""Where an assumption stands: the period and kind written, or those natural to its name."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.setting import Setting
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.periods import ACTUAL, ANY_FRAMES, Period
from ddcheck.engine.model.reader import Reader
from ddcheck.engine.model.vocabulary import Term


class Placing:
    """Finds periods in the company as its file has it, actuals to the day `limit`."""

    def __init__(self, company: Company, judge: Judge, reader: Reader, limit: int) -> None:
        self.company = company
        self.judge = judge
        self.reader = reader
        self.limit = limit

    def of(self, option: Setting, term: Term) -> tuple[Period, int] | None:
        """Period (as facts of `term` are kept) and kind: those written, or the natural ones."""
        if option.period is not None:
            found = self.reader.period(option.period)
            if found is None:
                return None
            if term.time == "flow" and not found[0].months:
                self.reader.report.error(
                    "DD532", option.period,
                    f"`{term.id}` runs over a span; `{option.period.text}` is a day",
                    "write FY2021, 2021Q1 or 9M2023",
                )  # fmt: skip
                return None
            return self.reader.placed(term, found[0]), found[1]
        period = self._natural(term)
        if period is None:
            self.reader.report.error(
                "DD532", option.name,
                f"nothing is reported of `{self.company.id}`, so `{term.id}` needs a period",
                f"write for example `{term.id}@FY2023={option.value.text}`",
            )  # fmt: skip
            return None
        return self.reader.placed(term, period), ACTUAL

    def _natural(self, term: Term) -> Period | None:
        """Where a name without a period stands: its frame's newest period with any actual."""
        metric = self.judge.context.plan.metrics.get(term.id)
        frame = metric.definition.frame if metric is not None else "year"
        if term.quoted or frame == "date":
            return self._priced()
        newest = self._newest(frame) or self._newest("any")
        if term.time == "fixed" and newest is not None:
            holding = self.judge.context.ledger.holding(term.id, newest.end)
            return holding.period if holding is not None else newest
        return newest

    def _newest(self, frame: str) -> Period | None:
        frames = ANY_FRAMES if frame == "any" else (frame,)
        places = ((name, self.judge.newest(name)) for name in frames)
        periods = [self.judge.context.axis(name).periods[i] for name, i in places if i >= 0]
        return max(periods, key=lambda period: (period.end, period.months), default=None)

    def _priced(self) -> Period:
        """The newest day of a price or market value, else the day of judging."""
        terms = self.judge.context.plan.terms
        days = [
            fact.period.end
            for fact in self.judge.context.ledger.facts
            if terms[fact.concept].quoted and fact.kind == ACTUAL and fact.period.end <= self.limit
        ]
        return self.company.calendar.instant(max(days, default=self.limit))
