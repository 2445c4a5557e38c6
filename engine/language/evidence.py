"""Evidence: series of cells that know their interval, their facts and why they are missing.

The second pass, run for what is shown and for what points cannot decide: bounds, ranges and the
meeting of intervals. Numbers are closed intervals; truths are intervals over {0, 1}, so that an
undecided comparison is [0, 1] and Kleene logic is minimum and maximum.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ddcheck.engine.language.cells import NOTHING, Cause, Causes, Cell, Row, because, constant
from ddcheck.engine.language.intervals import product, quotient, truth
from ddcheck.engine.language.series import NO_KIND, beyond
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.sums import Entry, entry_facts

_INF = float("inf")


class Evidence:
    """The operations of `Points`, on cells; `labels` name the positions.

    `rounding` says that intervals hold what the printed digits leave open, not only what a source
    leaves open: then what is not decided here may well be known.
    """

    def __init__(self, labels: tuple[str, ...], *, rounding: bool = False) -> None:
        self.labels = labels
        self.rounding = rounding
        self.length = len(labels)

    def cells(self, row: Row) -> list[Cell]:
        """The cells of `row`, a constant repeated."""
        return row if isinstance(row, list) else [row] * self.length

    def missing(self, reason: str) -> list[Cell]:
        cell = Cell(None, None, causes=because("frame", reason))
        return [cell] * self.length

    def _two(
        self,
        left: Row,
        right: Row,
        op: Callable[[float, float, float, float], tuple[float, float] | str],
    ) -> list[Cell]:
        found = []
        # Here every operation on evidence passes: hence no call for what a comparison can say.
        for i, (x, y) in enumerate(zip(self.cells(left), self.cells(right), strict=True)):
            a, b, c, d = x.low, x.high, y.low, y.high
            kind = x.kind if x.kind >= y.kind else y.kind  # noqa: FURB136 - no call, see above
            entries = x.entries | y.entries if x.entries and y.entries else x.entries or y.entries
            assumed = x.assumed or y.assumed
            if a is None or b is None or c is None or d is None:
                causes = x.causes if a is None else y.causes
                if a is None and c is None and x.causes is not y.causes:
                    causes = x.causes | y.causes
                found.append(Cell(None, None, kind, entries, causes, assumed=assumed))
                continue
            result = op(a, b, c, d)
            if isinstance(result, str):
                causes = because("arithmetic", result, period=self.labels[i])
                found.append(Cell(None, None, kind, entries, causes, assumed=assumed))
            else:
                low, high = result
                partial = x.partial or y.partial or (low == -_INF and high == _INF)
                found.append(Cell(low, high, kind, entries, assumed=assumed, partial=partial))
        return found

    def _one(self, row: Row, op: Callable[[float, float], tuple[float, float] | str]) -> list[Cell]:
        return self._two(row, constant(0.0), lambda a, b, _c, _d: op(a, b))

    def add(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, lambda a, b, c, d: (a + c, b + d))

    def sub(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, lambda a, b, c, d: (a - d, b - c))

    def mul(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, product)

    def div(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, quotient)

    def neg(self, row: Row) -> Row:
        if isinstance(row, Cell) and row.low is not None and row.high is not None:
            return constant(-row.high)
        return self._one(row, lambda a, b: (-b, -a))

    def plus(self, row: Row) -> Row:
        return row

    def absolute(self, row: Row) -> list[Cell]:
        return self._one(
            row,
            lambda a, b: (0.0 if a <= 0 <= b else min(abs(a), abs(b)), max(abs(a), abs(b))),
        )

    def compare(self, op: str, left: Row, right: Row, step: float) -> list[Cell]:
        def decide(a: float, b: float, c: float, d: float) -> tuple[float, float]:
            if op == ">":
                return truth(beyond(a, d, step), not beyond(b, c, step))
            if op == "<":
                return truth(beyond(c, b, step), not beyond(d, a, step))
            if op == ">=":
                return truth(not beyond(d, a, step), beyond(c, b, step))
            if op == "<=":
                return truth(not beyond(b, c, step), beyond(a, d, step))
            apart = beyond(a, d, step) or beyond(c, b, step)
            same = not (beyond(b, c, step) or beyond(d, a, step))
            return truth(same, apart) if op == "==" else truth(apart, same)

        return self._undecided(self._two(left, right, decide), left, right)

    def _undecided(self, found: list[Cell], *rows: Row) -> list[Cell]:
        """`found` with the bounded facts named as causes where a truth is not decided."""
        for i, cell in enumerate(found):
            if cell.low is not None and cell.low != cell.high:
                names = {
                    Cause("bounded", fact.concept, str(fact.period), None, fact.text)
                    for entry in cell.entries
                    for fact in _bounded(entry)
                }
                gaps = NOTHING.union(*(self.cells(row)[i].causes for row in rows))
                cell.causes = (
                    frozenset(names)
                    or gaps
                    or because("bounded", self._bounds(i, *rows), period=self.labels[i])
                )
        return found

    def _bounds(self, position: int, *rows: Row) -> str:
        for row in rows:
            cell = self.cells(row)[position]
            if cell.low is not None and cell.low != cell.high:
                return f"between {cell.low:g} and {cell.high:g}"
        return "the range does not decide it"

    def agrees(self, left: Row, right: Row, step: float) -> list[Cell]:
        def meet(a: float, b: float, c: float, d: float) -> tuple[float, float]:
            apart = beyond(a, d, step) or beyond(c, b, step)
            return (0.0, 0.0) if apart else (1.0, 1.0)

        return self._two(left, right, meet)

    def both(self, left: Row, right: Row) -> list[Cell]:
        return self._logic(left, right, min)

    def either(self, left: Row, right: Row) -> list[Cell]:
        return self._logic(left, right, max)

    def _logic(self, left: Row, right: Row, pick: Callable[[float, float], float]) -> list[Cell]:
        found = []
        for x, y in zip(self.cells(left), self.cells(right), strict=True):
            (a, b), (c, d) = _truth_ends(x), _truth_ends(y)
            low, high = pick(a, c), pick(b, d)
            causes = NOTHING
            if low != high:
                causes = (x.causes if a != b else NOTHING) | (y.causes if c != d else NOTHING)
            decided = low == high
            entries, partial = x.entries | y.entries, x.partial or y.partial
            if decided and a == b and c != d:
                entries, partial = x.entries, x.partial
            elif decided and c == d and a != b:
                entries, partial = y.entries, y.partial
            found.append(
                Cell(low, high, max(x.kind, y.kind), entries, causes,
                     assumed=x.assumed or y.assumed, partial=partial)
            )  # fmt: skip
        return found

    def negate(self, row: Row) -> list[Cell]:
        found = []
        for x in self.cells(row):
            a, b = _truth_ends(x)
            found.append(x.with_ends(1 - b, 1 - a))
        return found

    def choose(self, test: Row, yes: Row, no: Row) -> list[Cell]:
        found = []
        rows = (self.cells(test), self.cells(yes), self.cells(no))
        for c, x, y in zip(*rows, strict=True):
            a, b = _truth_ends(c)
            if a != b:
                found.append(self._either_branch(c, x, y))
                continue
            branch = x if a == 1 else y
            found.append(
                Cell(branch.low, branch.high, max(c.kind, branch.kind), c.entries | branch.entries,
                     branch.causes, assumed=c.assumed or branch.assumed,
                     partial=c.partial or branch.partial)
            )  # fmt: skip
        return found

    def _either_branch(self, c: Cell, x: Cell, y: Cell) -> Cell:
        """Missing where the test is not known; where only rounding leaves it open, anything."""
        if not self.rounding or c.low is None or (x.low is None and y.low is None):
            return Cell(None, None, c.kind, c.entries, c.causes, assumed=c.assumed)
        return Cell(-_INF, _INF, max(c.kind, x.kind, y.kind), c.entries | x.entries | y.entries,
                    assumed=c.assumed or x.assumed or y.assumed, partial=True)  # fmt: skip

    def shift(self, row: Row, back: tuple[int, ...], before: Callable[[int], Causes]) -> Row:
        """As for points; `before` says what is lacking where `back` names no position."""
        if isinstance(row, Cell):
            return row
        found = []
        for i, place in enumerate(back):
            if place < 0:
                found.append(Cell(None, None, causes=before(i)))
                continue
            cell = row[place]
            kind = cell.kind if cell.kind > 0 else NO_KIND
            found.append(cell.with_ends(cell.low, cell.high, kind))
        return found

    def neutral(self, row: Row) -> Row:
        if isinstance(row, Cell):
            return row
        found = [x.with_ends(x.low, x.high, NO_KIND) for x in row]
        for cell, x in zip(found, row, strict=True):
            cell.stated = x.stated
        return found

    def positive(self, row: Row, reason: str) -> list[Cell]:
        def above_zero(a: float, b: float) -> tuple[float, float] | str:
            if a > 0:
                return a, b
            # Where the ends differ in sign nothing is claimed: it may be missing, too.
            return reason if b <= 0 else (-_INF, _INF)

        return self._one(row, above_zero)

    def known(self, row: Row) -> list[Cell]:
        found = []
        for i, x in enumerate(self.cells(row)):
            missing = x.low is None or (bool(x.causes) and x.low != x.high)
            least = 0.0 if missing or x.partial else 1.0
            cell = Cell(least, 1.0, x.kind, x.entries, assumed=x.assumed)
            if missing and not (self.rounding and any(c.kind == "bounded" for c in x.causes)):
                cell.high = 0.0
            elif missing:
                cell.causes = because("bounded", "rounding decides", period=self.labels[i])
            found.append(cell)
        return found

    def coalesce(self, first: Row, second: Row) -> list[Cell]:
        found = []
        for x, y in zip(self.cells(first), self.cells(second), strict=True):
            if x.low is not None:
                found.append(x)
            else:
                found.append(
                    Cell(y.low, y.high, max(x.kind, y.kind), x.entries | y.entries,
                         x.causes | y.causes if y.low is None else NOTHING, assumed=True)
                )  # fmt: skip
        return found

    def smaller(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, lambda a, b, c, d: (min(a, c), min(b, d)))

    def larger(self, left: Row, right: Row) -> list[Cell]:
        return self._two(left, right, lambda a, b, c, d: (max(a, c), max(b, d)))

    def rounded(self, row: Row, digits: int) -> list[Cell]:
        def op(x: float) -> float:
            return round(x, digits) if math.isfinite(x) else x

        return self._one(row, lambda a, b: (op(a), op(b)))

    def increasing(self, row: Row, op: Callable[[float], float | None], reason: str) -> list[Cell]:
        def apply(a: float, b: float) -> tuple[float, float] | str:
            low, high = op(a), op(b)
            if low is None or high is None:
                # Where one end has a value, others between the two may have one.
                return reason if low is None and high is None else (-_INF, _INF)
            return low, high

        return self._one(row, apply)

    def scaled(self, row: Row, factors: tuple[float | None, ...], reason: str) -> list[Cell]:
        cells = [
            Cell(f, f) if f is not None else Cell(None, None, causes=because("frame", reason))
            for f in factors
        ]
        return self.mul(row, cells)

    def counted(self, row: Row, back: tuple[int, ...]) -> list[Cell]:
        """As for points, a range without upper end where what came before is not known."""
        found: list[Cell] = []
        for i, x in enumerate(self.cells(row)):
            a, b = _truth_ends(x)
            run = found[back[i]] if back[i] >= 0 else Cell(None, None)
            if a == b == 0:
                found.append(Cell(0.0, 0.0, x.kind, x.entries, assumed=x.assumed))
            elif a != b and self.rounding and x.low is not None:
                found.append(Cell(-_INF, _INF, x.kind, x.entries, assumed=x.assumed, partial=True))
            elif a != b:
                found.append(Cell(None, None, x.kind, x.entries, x.causes, assumed=x.assumed))
            elif run.low is None or run.high is None:
                found.append(Cell(1.0, _INF, x.kind, x.entries, run.causes, assumed=x.assumed,
                                  partial=x.partial))  # fmt: skip
            else:
                found.append(Cell(run.low + 1, run.high + 1, x.kind, run.entries | x.entries,
                                  run.causes, assumed=run.assumed or x.assumed,
                                  partial=run.partial or x.partial))  # fmt: skip
        return found

    def carried(self, row: Row, sources: tuple[tuple[int, ...], ...]) -> list[Cell]:
        if isinstance(row, Cell):
            return [row] * self.length
        found = []
        for i, places in enumerate(sources):
            usable = (p for p in places if row[p].low is not None and row[p].kind <= 0)
            place = next(usable, None)
            if place is None:
                causes = row[i].causes or because("frame", "no actual value", period=self.labels[i])
                found.append(Cell(None, None, NO_KIND, row[i].entries, causes))
            else:
                cell = row[place]
                found.append(cell.with_ends(cell.low, cell.high, 0))
        return found

    def taken(self, row: Row, places: tuple[int, ...], why: str) -> Row:
        if isinstance(row, Cell):
            return row
        nowhere = Cell(None, None, causes=because("frame", why))
        return [row[i] if i >= 0 else nowhere for i in places]

    def only(self, row: Row, kind: int, cause: Callable[[int], Causes]) -> list[Cell]:
        return [
            cell if cell.kind == kind else Cell(None, None, causes=cause(i))
            for i, cell in enumerate(self.cells(row))
        ]

    def flags(self, truths: list[bool]) -> list[Cell]:
        return [constant(1.0 if truth else 0.0) for truth in truths]


def _bounded(entry: Entry) -> list[Fact]:
    return [fact for fact in entry_facts(entry) if fact.value is None]


def _truth_ends(cell: Cell) -> tuple[float, float]:
    if cell.low is None or cell.high is None:
        return 0.0, 1.0
    return cell.low, cell.high
