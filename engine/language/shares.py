"""Breakdowns: members' amounts and shares, and how concentrated they are.

What a breakdown leaves out is the remainder, never a member: nothing, if the printed digits let it
be nothing; else a share or index that it could change is a range. Nothing is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ddcheck.engine.language.cells import Cell, because, constant
from ddcheck.engine.model.company import Breakdown

if TYPE_CHECKING:
    from ddcheck.engine.language.evaluate import Evaluator

#: A remainder smaller than this share is nothing.
_NOTHING_LEFT = 1e-9


def breakdown_cells(ev: Evaluator, name: str, by: str, what: str, detail: Any) -> list[Cell]:
    """For each period of `ev` the `member`, `share`, `top` share, `hhi` or `largest` asked for.

    `ev` must be an evidence evaluator. A period without a breakdown is missing.
    """
    printed = ev.context.evaluator(ev.axis.frame, "printed")
    totals = ev.a.cells(ev.context.named(name, ev))
    printed_totals = printed.a.cells(ev.context.named(name, printed))
    found = []
    for i, period in enumerate(ev.axis.periods):
        breakdown = ev.context.breakdown(name, by, period)
        if breakdown is None:
            scope = f"{by} {detail}" if what in ("member", "share") else by
            found.append(ev.absent(name, i, scope))
            continue
        split = _Split(ev, breakdown, totals[i], period.label)
        if what in ("member", "share"):
            cells = split.amounts() if what == "member" else split.shares()
            found.append(cells.get(detail) or ev.absent(name, i, f"{by} {detail}"))
            continue
        digits = _Split(printed, breakdown, printed_totals[i], period.label)
        found.append(
            split.largest(digits)
            if what == "largest"
            else split.concentration(digits, what, detail)
        )
    return found


class _Split:
    """A breakdown at one period, its parts as cells of one evaluator."""

    def __init__(self, ev: Evaluator, breakdown: Breakdown, total: Cell, label: str) -> None:
        self.a = type(ev.a)((label,), rounding=ev.a.rounding)
        self.breakdown = breakdown
        self.cells = {fact.scope[1]: ev.cell_of(fact) for fact in breakdown.parts if fact.scope}
        self.as_shares = any(fact.share for fact in breakdown.parts)
        if not self.as_shares and breakdown.complete and total.low is None:
            total = constant(0.0)
            for cell in self.cells.values():
                total = self._one("add", total, cell)
        self.total = total

    def _one(self, op: str, left: Cell, right: Cell) -> Cell:
        result: list[Cell] = getattr(self.a, op)([left], [right])
        return result[0]

    def shares(self) -> dict[str, Cell]:
        """Each member's share."""
        if self.as_shares:
            return self.cells
        return {member: self._one("div", cell, self.total) for member, cell in self.cells.items()}

    def amounts(self) -> dict[str, Cell]:
        """Each member's amount."""
        if not self.as_shares:
            return self.cells
        return {member: self._one("mul", cell, self.total) for member, cell in self.cells.items()}

    def remainder(self) -> float | str:
        """The share left for others at most, or why the parts cannot be parts of the whole."""
        if not self.as_shares and self.total.high is not None and self.total.high <= 0.0:
            return "the whole is not above zero"
        if any(cell.high is not None and cell.high < 0.0 for cell in self.shares().values()):
            return "a part is below zero"
        lows, highs = _ends(self.shares())
        if sum(lows) > 1 + _NOTHING_LEFT:
            return "the parts are more than the whole"
        if sum(highs) >= 1 - _NOTHING_LEFT:
            return 0.0
        if self.breakdown.complete:
            return "the parts are said to be all, but are less than the whole"
        return 1.0 - sum(lows)

    def largest(self, printed: _Split) -> Cell:
        """The largest member's amount."""
        whole = self.breakdown.complete or (
            self.total.low is not None and printed.remainder() == 0.0
        )
        if self.as_shares or not (self.breakdown.ranked or whole):
            top = self.concentration(printed, "top", 1)
            return top if top.low is None else self._one("mul", top, self.total)
        found, *others = self.cells.values()
        for cell in others:
            found = self._one("larger", found, cell)
        return found

    def concentration(self, printed: _Split, what: str, n: Any) -> Cell:
        """The share of the `n` largest (`top`), or the sum of squared shares (`hhi`)."""
        shares = self.shares()
        missing = next((cell for cell in shares.values() if cell.low is None), None)
        if missing is not None:
            return missing
        kind = max(cell.kind for cell in shares.values())
        entries = frozenset().union(*(cell.entries for cell in shares.values()))
        lows, highs = _ends(shares)
        left = printed.remainder()
        partial = any(cell.partial for cell in shares.values())
        if isinstance(left, str):
            return Cell(None, None, kind, entries, because("arithmetic", left))
        if left > 0.0:
            left = max(0.0, 1.0 - sum(lows))
        member = min(left, *highs) if self.breakdown.ranked else left
        if what == "hhi":
            low = min(1.0, sum(x * x for x in lows))
            high = sum(x * x for x in highs) + _remainder_squares(left, member)
            return Cell(low, max(low, min(1.0, high)), kind, entries, partial=partial)
        count = int(n)
        low = min(1.0, sum(sorted(lows, reverse=True)[:count]))
        pool = sorted(highs, reverse=True)
        high = sum(pool[:count])
        if left > 0.0 and self.breakdown.ranked:
            high += min(left, max(0, count - len(pool)) * member)
        elif left > 0.0:
            high = sum(sorted([*pool, member], reverse=True)[:count])
        return Cell(low, max(low, min(1.0, high)), kind, entries, partial=partial)


def _ends(shares: dict[str, Cell]) -> tuple[list[float], list[float]]:
    lows = [max(0.0, cell.low or 0.0) for cell in shares.values()]
    return lows, [1.0 if cell.high is None else min(1.0, cell.high) for cell in shares.values()]


def _remainder_squares(left: float, member: float) -> float:
    """The most that a remainder adds to an index: as few members as large as they can be."""
    if left <= 0.0 or member <= 0.0:
        return 0.0
    whole, rest = divmod(left, member)
    return whole * member * member + rest * rest
