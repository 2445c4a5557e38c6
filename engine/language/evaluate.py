"""Evaluating a checked tree on series, for one company, one frame and one algebra.

`simpleeval` walks the tree; the operators, names, functions and branches it meets are ours and
work on whole series. The same walk serves both algebras: points for all that is judged, evidence
for what is shown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simpleeval import SimpleEval

from ddcheck.engine.language.cells import Cause, Cell, because, constant
from ddcheck.engine.language.evidence import Evidence
from ddcheck.engine.language.functions import FRAME_MONTHS, FUNCTIONS
from ddcheck.engine.language.rates import rates_into
from ddcheck.engine.language.series import Points, Series
from ddcheck.engine.language.shares import breakdown_cells
from ddcheck.engine.language.shifts import Shifts
from ddcheck.engine.language.standing import count_marked
from ddcheck.engine.language.tree import Comparison, FunctionCall, Literal
from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.ledger import ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE, PLAIN
from ddcheck.engine.model.sums import Entry, Sum

if TYPE_CHECKING:
    from ddcheck.engine.language.context import Context
    from ddcheck.engine.model.formula import Formula

_COMPARISONS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
#: Points; evidence with points as they are printed; evidence with rounding intervals.
POINTS, BOUNDS, PRINTED = "points", "bounds", "printed"


class Evaluator(SimpleEval, Shifts):  # type: ignore[misc]  # simpleeval has no types
    """Evaluates trees along one axis in one mode."""

    def __init__(self, context: Context, axis: Axis, mode: str) -> None:
        self.context = context
        self.axis = axis
        self.mode = mode
        labels = tuple(period.label for period in axis.periods)
        self.a: Any = (
            Points(len(labels)) if mode == POINTS else Evidence(labels, rounding=mode == PRINTED)
        )
        self.step = 0.0
        self.flow = False
        self.yearly = False
        # In place of `super().__init__()`: its tables would be made for nothing, for every company.
        self.functions: dict[str, Any] = {}
        self.names: dict[str, Any] = {}
        self.allowed_attrs = None
        self.operators = {
            ast.Add: self.a.add,
            ast.Sub: self.a.sub,
            ast.Mult: self.a.mul,
            ast.Div: self.a.div,
            ast.USub: self.a.neg,
            ast.UAdd: self.a.plus,
            ast.Not: self.a.negate,
        }
        allowed: dict[type, Callable[[Any], Any]] = {
            ast.BinOp: self._eval_binop,
            ast.UnaryOp: self._eval_unaryop,
            Literal: self._number,
            ast.Name: self._name,
            ast.BoolOp: self._logic,
            Comparison: self._comparison,
            ast.IfExp: self._branch,
            FunctionCall: self._call,
        }
        self.nodes = allowed

    def row(self, formula: Formula) -> Any:
        """The formula's row along the whole axis: a `Series`, or a list of cells."""
        self.expr = formula.text
        found = self._eval(formula.tree)
        if self.mode == POINTS:
            return (
                found
                if isinstance(found, Series)
                else Series([found] * len(self.axis.periods), self.a.none)
            )
        return self.a.cells(found)

    def _eval(self, node: ast.AST) -> Any:
        """The value of `node`, which `simpleeval` need not search: all rows are our own."""
        return self.nodes[type(node)](node)

    def evaluated(self, node: ast.expr) -> Any:
        """The row of a part of a formula."""
        return self._eval(node)

    def number(self, value: float) -> Any:
        """A constant, as this algebra has it."""
        return value if self.mode == POINTS else constant(value)

    def _number(self, node: Literal) -> Any:
        return self.number(node.number)

    def _name(self, node: ast.Name) -> Any:
        return self.context.named(node.id, self)

    def _logic(self, node: ast.BoolOp) -> Any:
        join = self.a.both if isinstance(node.op, ast.And) else self.a.either
        result = self._eval(node.values[0])
        for value in node.values[1:]:
            result = join(result, self._eval(value))
        return result

    def _comparison(self, node: Comparison) -> Any:
        result = None
        left = self._eval(node.left)
        for op, comparator, step in zip(node.ops, node.comparators, node.steps, strict=True):
            right = self._eval(comparator)
            truth = self.a.compare(_COMPARISONS[type(op)], left, right, step)
            result = truth if result is None else self.a.both(result, truth)
            left = right
        return result

    def _branch(self, node: ast.IfExp) -> Any:
        return self.a.choose(self._eval(node.test), self._eval(node.body), self._eval(node.orelse))

    def _call(self, node: FunctionCall) -> Any:
        assert isinstance(node.func, ast.Name)
        function = FUNCTIONS[node.func.id]
        if node.opening:
            return self.opening(node.args[0])
        values = []
        for i, value in enumerate(node.plain):
            takes = function.parameters[min(i, len(function.parameters) - 1)].takes
            lazy = function.lazy or takes in ("name", "kinded", "facts")
            if not isinstance(value, ast.AST) or lazy:
                values.append(value)
            elif function.name == "agrees" and self.mode == BOUNDS:
                values.append(self.context.evaluator(self.axis.frame, PRINTED)._eval(value))
            else:
                values.append(self._eval(value))
        if function.parameters and function.parameters[-1].takes == "numbers":
            values = [value for value in values if value is not None]
        self.step = node.step
        self.flow = node.flow
        self.yearly = node.yearly
        return function.run(self, *values)

    # What functions ask of names.

    def only_actual(self, node: ast.Name) -> Any:
        return self.context.kinded(node.id, ONLY_ACTUAL, self)

    def only_estimate(self, node: ast.Name) -> Any:
        return self.a.neutral(self.context.kinded(node.id, ONLY_ESTIMATE, self))

    def only_guidance(self, node: ast.Name) -> Any:
        return self.a.neutral(self.context.kinded(node.id, ONLY_GUIDANCE, self))

    def low_end(self, node: ast.expr) -> Any:
        return self._end(node, "low")

    def high_end(self, node: ast.expr) -> Any:
        return self._end(node, "high")

    def _end(self, node: ast.expr, side: str) -> Any:
        mode = BOUNDS if self.mode == POINTS else self.mode
        frame = self.axis.frame
        cells = self.a_list(self.context.evaluator(frame, mode)._eval(node))
        points = self.a_list(self.context.evaluator(frame, BOUNDS)._eval(node))
        found = []
        for cell, point in zip(cells, points, strict=True):
            end = getattr(cell, side)
            if cell.low is None or (cell.low, cell.high) != (point.low, point.high):
                found.append(cell)  # no range but rounding, of which both ends may be the value
            elif end in (float("inf"), float("-inf")):
                causes = because("arithmetic", f"the {side} end is open")
                found.append(Cell(None, None, cell.kind, cell.entries, causes))
            else:
                found.append(cell.with_ends(end, end))
        return self.of_cells(found)

    def a_list(self, cells: Any) -> list[Cell]:
        """Cells for every position, a constant repeated."""
        return cells if isinstance(cells, list) else [cells] * len(self.axis.periods)

    def of_cells(self, cells: list[Cell]) -> Any:
        """Cells as this algebra has them."""
        if self.mode != POINTS:
            return cells
        return Series([cell.point for cell in cells], tuple(cell.kind for cell in cells))

    def of_truths(self, cells: list[Cell]) -> Any:
        """Truths as this algebra has them."""
        if self.mode != POINTS:
            return cells
        return Series([cell.truth for cell in cells], tuple(cell.kind for cell in cells))

    def of_entries(self, name: str, entries: list[Entry | None], kinds: str = PLAIN) -> Any:
        """Entries of `kinds` along the axis as this algebra has them; None is a missing fact."""
        if self.mode == POINTS:
            return Series(
                [None if entry is None else entry.value for entry in entries],
                self.a.shared(tuple([-1 if entry is None else entry.kind for entry in entries])),
            )
        return [
            self.cell_of(entry) if entry is not None else self.absent(name, i, kinds=kinds)
            for i, entry in enumerate(entries)
        ]

    def cell_of(self, entry: Entry) -> Cell:
        """One entry as a cell: its point, or its interval if none is printed or rounding counts."""
        low, high = entry.low, entry.high
        if self.mode == BOUNDS:
            if entry.value is not None:
                low = high = entry.value
            elif isinstance(entry, Sum):
                low, high = _stated_bounds(entry)
        return Cell(low, high, entry.kind, frozenset((entry,)))

    def absent(
        self, name: str, position: int, scope: str | None = None, *, kinds: str = PLAIN
    ) -> Cell:
        """The cell of a fact that is not stated; its period says which kind is (`FY2022G`)."""
        return Cell(
            None, None, causes=self.context.lacking(name, self.axis, position, scope, kinds)
        )

    def scoped(self, node: ast.Name, by: str, member: str) -> Any:
        entries = self.context.entries(node.id, self.axis.frame, "plain", (by, member))
        parts = self._breakdown(node, by, "member", member)
        if not any(entries):
            return parts
        if self.mode == POINTS:
            values, kinds = list(parts.values), list(parts.kinds)
            for i, entry in enumerate(entries):
                if entry is not None:
                    values[i], kinds[i] = entry.value, entry.kind
            return Series(values, tuple(kinds))
        return [
            self.cell_of(entry) if entry is not None else part
            for entry, part in zip(entries, parts, strict=True)
        ]

    def share(self, node: ast.Name, by: str, member: str) -> Any:
        return self._breakdown(node, by, "share", member)

    def top_share(self, node: ast.Name, by: str, n: int) -> Any:
        return self._breakdown(node, by, "top", n)

    def hhi(self, node: ast.Name, by: str) -> Any:
        return self._breakdown(node, by, "hhi", None)

    def largest(self, node: ast.Name, by: str) -> Any:
        return self._breakdown(node, by, "largest", None)

    def _breakdown(self, node: ast.Name, by: str, what: str, detail: Any) -> Any:
        mode = BOUNDS if self.mode == POINTS else self.mode
        evaluator = self.context.evaluator(self.axis.frame, mode)
        return self.of_cells(breakdown_cells(evaluator, node.id, by, what, detail))

    def sum_of(self, node: ast.Name, frame: str) -> Any:
        """The flow as the sum of its stated parts of length `frame`."""
        ledger = self.context.ledger
        entries: list[Entry | None] = []
        gaps: list[str | None] = []
        for period in self.axis.periods:
            length = FRAME_MONTHS[frame]
            if period.months <= length or period.months % length:
                entries.append(None)
                gaps.append(None)
                continue
            parts = ledger.parts(node.id, frame, period)
            known = [part for part in parts if part is not None]
            whole = len(known) == len(parts)
            entries.append(
                Sum(tuple((1, fact) for fact in known if not isinstance(fact, Sum)), period)
                if whole
                else None
            )
            labels = ledger.calendar
            gap = next((i for i, part in enumerate(parts) if part is None), None)
            gaps.append(
                None
                if gap is None
                else labels.view(frame, period.start + gap * length, length).label
            )
        row = self.of_entries(node.id, entries)
        if self.mode != POINTS:
            for i, gap_label in enumerate(gaps):
                if gap_label is not None:
                    cause = Cause("fact", node.id, gap_label, None, "")
                    row[i] = Cell(None, None, causes=frozenset((cause,)))
        return row

    def said(self, node: ast.Name, word: str) -> Any:
        ends = {
            (event.over.end, event.over.months)
            for event in self.context.ledger.said(node.id, word)
            if event.over is not None
        }
        return self.a.flags(
            [
                any(end == period.end and months >= period.months for end, months in ends)
                for period in self.axis.periods
            ]
        )

    def facts(self, mark: str, *nodes: ast.Name) -> Any:
        return count_marked(self, mark, tuple(node.id for node in nodes))

    def raised(self, rule: str) -> Any:
        return self.context.rule_truth(rule, self)

    def exchanged(self, row: Any, currency: str) -> Any:
        """Money in `currency`, by the rate facts of the company file."""
        if currency == self.context.ledger.company.currency:
            return row
        rates = rates_into(
            self.context.ledger, currency, self.axis, flow=self.flow, printed=self.mode == PRINTED
        )
        name = "fx_average" if self.flow else "fx_closing"
        if self.mode == POINTS:
            return self.a.mul(row, self.of_cells([cell or Cell(None, None) for cell in rates]))
        cells = [cell or self.absent(name, i) for i, cell in enumerate(rates)]
        return self.a.mul(row, cells)


def _stated_bounds(entry: Sum) -> tuple[float, float]:
    """The ends of a sum by its bounds and ranges alone, printed points taken as they are."""
    low = high = 0.0
    for sign, fact in entry.parts:
        ends = (fact.low, fact.high) if fact.value is None else (fact.value, fact.value)
        low += sign * ends[0 if sign > 0 else 1]
        high += sign * ends[1 if sign > 0 else 0]
    return low, high
