"""The newest reported period of a frame: the last one of which anything actual is known."""

from __future__ import annotations

from ddcheck.engine.language.context import Context
from ddcheck.engine.model.ledger import ONLY_ACTUAL
from ddcheck.engine.model.periods import ACTUAL, Period


def newest_place(context: Context, limit: int, frame: str) -> int:
    """The position of the newest period of `frame` with any actual fact by `limit`; -1 for none.

    A balance on a year's last day does not make that year reported: instants count only in a frame
    of which no span is stated, or follows from spans that are. What is assumed reports nothing.
    """
    periods = context.axis(frame).periods
    spans: set[tuple[int, int]] = set()
    days: set[int] = set()
    edges: set[int] = set()  # where a sum of stated flows can begin and end
    for fact in context.ledger.reported.facts:
        start, months = fact.period.start, fact.period.months
        if fact.kind != ACTUAL:
            continue
        if months:
            edges |= {start, start + months}
        if fact.period.end > limit:
            continue
        if months:
            spans.add((start, months))
        else:
            days.add(fact.period.end)
    found = max(
        (i for i, p in enumerate(periods) if p.months and (p.start, p.months) in spans),
        default=-1,
    )
    later = (
        i
        for i in range(len(periods) - 1, found, -1)
        if {periods[i].start, periods[i].start + periods[i].months} <= edges
        if periods[i].end <= limit and _summed(context, periods[i])
    )
    found = next(later, found)
    if found < 0:
        found = max((i for i, p in enumerate(periods) if p.end in days), default=-1)
    return found


def _summed(context: Context, period: Period) -> bool:
    """Whether some flow over `period` follows from actual flows that are stated."""
    ledger, terms = context.ledger.reported, context.plan.terms
    return bool(period.months) and any(
        terms[name].time == "flow" and ledger.flow(name, period, ONLY_ACTUAL) is not None
        for name in ledger.names()
    )
