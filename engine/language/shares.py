"""Breakdowns: members' amounts and shares, and how concentrated they are.

What a breakdown leaves out is the remainder, never a member. Where it could still hold a large
member, a share or index is a range; nothing is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddcheck.engine.language.evidence import Cell, because, constant
from ddcheck.engine.model.company import Breakdown

if TYPE_CHECKING:
    from ddcheck.engine.language.evaluate import Evaluator

#: A remainder smaller than this share is rounding.
_NOTHING_LEFT = 1e-9


def breakdown_cells(ev: Evaluator, name: str, by: str, what: str, detail: Any) -> list[Cell]:
    """For each period of `ev` the member, share, top share, index or largest member asked for.

    `ev` must be an evidence evaluator. A period without a breakdown is missing.
    """
    totals = ev.a.cells(ev.context.named(name, ev))
    found = []
    for i, period in enumerate(ev.axis.periods):
        breakdown = ev.context.breakdown(name, by, period)
        if breakdown is None:
            found.append(ev.absent(name, i, by))
        else:
            found.append(_measure(ev, breakdown, totals[i], what, detail, i))
    return found


def _measure(
    ev: Evaluator, breakdown: Breakdown, total: Cell, what: str, detail: Any, position: int
) -> Cell:
    parts = {fact.scope[1]: fact for fact in breakdown.parts if fact.scope}
    cells = {member: ev.cell_of(fact) for member, fact in parts.items()}
    as_shares = any(fact.share for fact in breakdown.parts)
    if not as_shares and breakdown.complete and total.low is None:
        total = constant(0.0)
        for cell in cells.values():
            total = ev.a.add(total, [cell] * len(ev.axis.periods))[0]
    if what == "member" and not as_shares:
        return cells.get(detail) or ev.absent(breakdown.concept, position, detail)
    shares = cells
    if not as_shares:
        shares = {member: _one(ev, "div", cell, total) for member, cell in cells.items()}
    if what == "share":
        return shares.get(detail) or ev.absent(breakdown.concept, position, detail)
    if what == "member":
        share = shares.get(detail)
        if share is None:
            return ev.absent(breakdown.concept, position, detail)
        return _one(ev, "mul", share, total)
    missing = next((cell for cell in shares.values() if cell.low is None), None)
    if missing is not None:
        return missing
    if what == "largest":
        top = _concentration(shares, breakdown, "top", 1)
        return top if top.low is None else _one(ev, "mul", top, total)
    return _concentration(shares, breakdown, what, detail)


def _one(ev: Evaluator, op: str, left: Cell, right: Cell) -> Cell:
    result: list[Cell] = getattr(type(ev.a)((ev.a.labels[0],)), op)([left], [right])
    return result[0]


def _concentration(shares: dict[str, Cell], breakdown: Breakdown, what: str, n: Any) -> Cell:
    ordered = sorted(shares.values(), key=lambda cell: -(cell.low or 0.0))
    kind = max(cell.kind for cell in ordered)
    entries = frozenset().union(*(cell.entries for cell in ordered))
    lows = [max(0.0, cell.low or 0.0) for cell in ordered]
    highs = [min(1.0, cell.high) if cell.high is not None else 1.0 for cell in ordered]
    if sum(lows) > 1 + _NOTHING_LEFT:
        causes = because("arithmetic", "the parts are more than the whole")
        return Cell(None, None, kind, entries, causes)
    # The remainder, at its largest, when every part is at its lowest.
    left = 0.0 if breakdown.complete else max(0.0, 1.0 - sum(lows))
    if left <= _NOTHING_LEFT or (1.0 - sum(highs) <= 0.0 < sum(highs) and _points(ordered)):
        left = 0.0 if abs(1.0 - sum(lows)) <= _NOTHING_LEFT or breakdown.complete else left
    member = min(left, min(highs)) if breakdown.ranked else left
    if what == "hhi":
        low = sum(x * x for x in lows)
        high = sum(x * x for x in highs) + _remainder_squares(left, member)
        return Cell(low, min(1.0, high), kind, entries)
    count = int(n)
    low = sum(sorted(lows, reverse=True)[:count])
    pool = sorted(highs, reverse=True)
    high = sum(pool[:count])
    if left > 0.0:
        if breakdown.ranked:
            extra = max(0, count - len(pool))
            high = sum(pool[:count]) + min(left, extra * member)
        else:
            high = sum(sorted([*pool, member], reverse=True)[:count])
    return Cell(low, max(low, min(1.0, high)), kind, entries)


def _points(cells: list[Cell]) -> bool:
    return all(cell.low == cell.high for cell in cells)


def _remainder_squares(left: float, member: float) -> float:
    """The most that a remainder adds to an index: as few members as large as they can be."""
    if left <= 0.0 or member <= 0.0:
        return 0.0
    whole, rest = divmod(left, member)
    return whole * member * member + rest * rest
