"""Sums: flows over spans that no source states, added and subtracted from spans that some do."""

from __future__ import annotations

import heapq
from typing import TypeAlias

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.periods import Period

_FORWARD, _BACKWARD, _LIMIT = 1, 10, 45


class Sum:
    """A flow over a span that no source states: stated flows added and subtracted."""

    __slots__ = ("high", "kind", "low", "parts", "period", "value")

    def __init__(self, parts: tuple[tuple[int, Fact], ...], period: Period) -> None:
        self.parts = parts
        self.period = period
        self.kind = max(fact.kind for _, fact in parts)
        self.low = sum(fact.low if sign > 0 else -fact.high for sign, fact in parts)
        self.high = sum(fact.high if sign > 0 else -fact.low for sign, fact in parts)
        values = [fact.value for _, fact in parts]
        self.value: float | None = None
        if None not in values:
            self.value = sum(sign * fact.value for sign, fact in parts if fact.value is not None)


Entry: TypeAlias = Fact | Sum
#: Months from start, months long; an instant is its day and 0.
Key: TypeAlias = tuple[int, int]


def entry_facts(entry: Entry) -> tuple[Fact, ...]:
    """The stated facts that `entry` is made of."""
    return (entry,) if isinstance(entry, Fact) else tuple(fact for _, fact in entry.parts)


def key_of(period: Period) -> Key:
    """The key under which facts of `period` are kept."""
    return (period.start, period.months) if period.months else (period.end, 0)


def span_path(
    graph: dict[int, list[tuple[int, int, Fact]]], start: int, end: int
) -> tuple[tuple[int, Fact], ...] | None:
    """The cheapest chain of spans from `start` to `end`; going back over one subtracts it.

    Adding is far cheaper than subtracting, so four quarters come before a year plus a stretch
    less a stretch; ties go to the earliest spans.
    """
    queue: list[tuple[int, int, tuple[tuple[int, int, int], ...]]] = [(0, start, ())]
    best = {start: 0}
    while queue:
        cost, node, chain = heapq.heappop(queue)
        if node == end:
            facts = {(a, b): fact for a, steps in graph.items() for b, _, fact in steps}
            return tuple((sign, facts[(a, b)]) for a, b, sign in chain)
        if cost > best.get(node, cost):
            continue
        for other, sign, _ in graph[node]:
            price = cost + (_FORWARD if sign > 0 else _BACKWARD)
            if price <= _LIMIT and price < best.get(other, _LIMIT + 1):
                best[other] = price
                heapq.heappush(queue, (price, other, (*chain, (node, other, sign))))
    return None
