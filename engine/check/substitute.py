"""A formula with its numbers put in: `net_income / revenue` as `-72.36 USD m / 167.98 USD m`."""

from __future__ import annotations

import ast

from ddcheck.engine.check.figures import Figures
from ddcheck.engine.check.parts import is_compound, part_measure, part_style, part_unit
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.check.views import SPLITS, View, Views, called
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.language.tree import FunctionCall
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.explanation import Value
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import PLAIN
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.translate import say

#: Calls whose own value says more than their argument does.
_WORKED_OUT = frozenset({"scoped", "share", "sum_of", "raised", "known", "said", "facts"})
_FROM = frozenset({"growth", "growth_qoq", "delta", "flipped", "cagr", "average"})
#: Calls of several numbers at one period.
_CHOOSE = frozenset({"min", "max", "coalesce", "clamp"})
_Piece = tuple[int, int, str]


class Substitute:
    """Puts the numbers of one company into formulas."""

    def __init__(self, plan: Plan, views: Views, figures: Figures) -> None:
        self.plan = plan
        self.views = views
        self.context = views.context
        self.figures = figures
        self.language = figures.language

    def steps(self, formula: Formula, view: View, style: str) -> tuple[str, ...]:
        """The formula with each name replaced by its number, then with its parts worked out."""
        written = " ".join(formula.text.split())
        filled = self._filled(formula, formula.tree, view, style)
        worked = self._worked_out(formula, view, style)
        found: list[str] = []
        for text in (filled, worked):
            if text not in (written, *found):
                found.append(text)
        return tuple(found)

    def value(self, cell: Cell, unit: str, style: str, printed: Cell | None) -> Value | None:
        """The value of a cell with its interval by the printed digits; None where it is missing."""
        if cell.low is None:
            return None
        low, high = (printed.low, printed.high) if printed is not None else (None, None)
        return self.figures.computed(cell.point, low, high, unit, style, (cell.low, cell.high))

    def named(self, name: str, view: View, kinds: str = PLAIN) -> Value | None:
        """The value of a concept, metric or parameter at `view`; None where it is missing."""
        if view.place < 0:
            return None
        if name in self.plan.parameters:
            return self.parameter(name)
        unit, style = unit_and_style(self.plan, name)
        cell = self.cell(name, view, kinds, BOUNDS)
        if cell.low is None:
            return None
        entry = self.context.entries(name, view.frame, kinds)[view.place]
        if isinstance(entry, Fact) and cell.entries == {entry} and cell.point == entry.value:
            return self.figures.stated(entry, unit, style)
        return self.value(cell, unit, style, self.cell(name, view, kinds, PRINTED))

    def parameter(self, name: str) -> Value | None:
        """The value of a parameter on the day; None where it has none."""
        parameter = self.plan.parameters[name]
        values = [value for day, value in parameter.values if day <= self.context.day]
        if not values:
            return None
        ends = (values[-1], values[-1])
        return self.figures.computed(values[-1], *ends, parameter.unit_name, "percent")

    def margins(self, formula: Formula, view: View, style: str) -> tuple[str, ...]:
        """For each comparison of two numbers in a condition, how far apart they are."""
        found = []
        for node in ast.walk(formula.tree):
            if isinstance(node, ast.Compare) and len(node.comparators) == 1:
                words = self._margin(formula, node, view, part_style(node, self.plan, style))
                found += [words] if words else []
        return tuple(found)

    def _margin(self, formula: Formula, node: ast.Compare, view: View, style: str) -> str:
        (right,) = node.comparators
        measure = part_measure(node.left, self.plan)
        known = right if measure.zero or measure.bare else node.left
        cells = self.views.cell(node.left, view), self.views.cell(right, view)
        if cells[0].point is None or cells[1].point is None:
            return ""
        gap = cells[0].point - cells[1].point
        unit = part_unit(known, self.plan)
        like = self.value(cells[0], unit, style, self.views.cell(node.left, view, PRINTED))
        if like is None:
            return ""
        amount = self.figures.difference(abs(gap), like, unit, style).shown
        words = (
            "{left} is {amount} above {right}" if gap > 0 else "{left} is {amount} below {right}"
        )
        if not gap:
            words = "{left} equals {right}"
        left = _put(formula.text, node.left, [], whole=False)
        other = _put(formula.text, right, [], whole=False)
        return say(self.language, words, left=left, amount=amount, right=other)

    def cell(self, name: str, view: View, kinds: str, mode: str) -> Cell:
        """The cell of a name of one kind at `view`."""
        evaluator = self.context.evaluator(view.frame, mode)
        cells: list[Cell] = evaluator.a.cells(self.context.kinded(name, kinds, evaluator))
        return cells[view.place]

    # Texts.

    def _filled(self, formula: Formula, node: ast.AST, view: View, style: str) -> str:
        return _put(
            formula.text,
            node,
            self._pieces(formula, node, view, style),
            whole=node is formula.tree,
        )

    def _pieces(self, formula: Formula, node: ast.AST, view: View, style: str) -> list[_Piece]:
        """Where numbers go in the text of `node`."""
        if isinstance(node, ast.Name):
            value = self.named(node.id, view)
            return [_piece(node, value.shown if value is not None else self._missing())]
        if isinstance(node, FunctionCall):
            return self._call(formula, node, view, style)
        pieces = []
        inner = part_style(node, self.plan, style) if isinstance(node, ast.Compare) else style
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                pieces += self._pieces(formula, child, view, inner)
        return pieces

    def _call(self, formula: Formula, node: FunctionCall, view: View, style: str) -> list[_Piece]:
        name = called(node)
        first = node.plain[0] if node.plain else None
        if name in _WORKED_OUT:
            return [_piece(node, self._part(node, view, style))]
        if name in SPLITS:
            return []
        if name in ("actual", "estimated", "guided") and isinstance(first, ast.Name):
            (read,) = self.views.reads(node, view)
            value = self.named(first.id, view, read.kinds)
            return [_piece(first, value.shown if value is not None else self._missing())]
        pieces = []
        if isinstance(first, ast.expr):
            looks = self.views.looks(node, view)
            if len(looks) == 1 and looks[0] == view:
                pieces += self._pieces(formula, first, view, style)
            else:
                texts = [self._looked(formula, first, other, style) for other in looks]
                between = say(self.language, " from " if name in _FROM else ", ")
                pieces.append(_piece(first, between.join(texts)))
        for argument in node.plain[1:]:
            if isinstance(argument, ast.expr):
                pieces += self._pieces(formula, argument, view, style)
        return pieces

    def _looked(self, formula: Formula, node: ast.expr, view: View, style: str) -> str:
        """An argument as it is seen from another period."""
        if view.place < 0:
            return self._missing()
        if is_compound(node):
            return self._part(node, view, style)
        return self._filled(formula, node, view, style)

    def _worked_out(self, formula: Formula, view: View, style: str) -> str:
        """The formula with the parts that it is made of worked out.

        Of a condition these are the numbers that it compares, of a number the operands of the last
        operation.
        """
        parts: list[ast.expr] = []
        if formula.measure.truth:
            self._numbers(formula.tree, parts)
        else:
            parts = _operands(formula.tree)
        pieces = []
        for part in parts:
            if is_compound(part):
                inner = part_style(part, self.plan, style)
                pieces.append(_piece(part, self._part(part, view, inner)))
            else:
                pieces += self._pieces(formula, part, view, style)
        return _put(formula.text, formula.tree, pieces, whole=True)

    def _numbers(self, node: ast.expr, found: list[ast.expr]) -> None:
        """The largest parts of a condition that are numbers, or questions of their own."""
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                self._numbers(value, found)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._numbers(node.operand, found)
        elif isinstance(node, ast.Compare):
            found += [node.left, *node.comparators]
        elif isinstance(node, FunctionCall) and called(node) == "agrees":
            found += [value for value in node.plain if isinstance(value, ast.expr)]
        else:
            found.append(node)

    def _part(self, node: ast.expr, view: View, style: str) -> str:
        """A part of a formula, worked out."""
        cell = self.views.cell(node, view)
        measure = part_measure(node, self.plan)
        if measure.truth:
            words = {True: "true", False: "false", None: "unknown"}
            return say(self.language, words[cell.truth])
        printed = self.views.cell(node, view, PRINTED)
        style = part_style(node, self.plan, style)
        unit = part_unit(node, self.plan)
        value = self.value(cell, unit, style, printed)
        if value is None:
            return self._missing()
        if value.value is not None and unit == "ratio" and _is_difference(node):
            return self.figures.difference(value.value, value, unit, style).shown
        return value.shown

    def _missing(self) -> str:
        return say(self.language, "missing")


def _is_difference(node: ast.expr) -> bool:
    """Whether `node` is how much one number is more than another."""
    if isinstance(node, FunctionCall):
        return called(node) == "delta"
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)


def _operands(node: ast.expr) -> list[ast.expr]:
    """What the last operation of a formula works on."""
    if isinstance(node, FunctionCall):
        plain = node.plain if called(node) in _CHOOSE else ()
        return [value for value in plain if isinstance(value, ast.expr)]
    if isinstance(node, ast.BinOp):
        # A chain of sums is one operation: a + b - c.
        sums = (ast.Add, ast.Sub)
        left = node.left
        if isinstance(node.op, sums) and isinstance(left, ast.BinOp) and isinstance(left.op, sums):
            return [*_operands(left), node.right]
        return [node.left, node.right]
    return []


def _piece(node: ast.expr, text: str) -> _Piece:
    return node.col_offset, node.end_col_offset or node.col_offset, text


def _put(text: str, node: ast.AST, pieces: list[_Piece], *, whole: bool) -> str:
    """The text of `node` with `pieces` in their places; a negative number after a sign in ()."""
    start = 0 if whole else getattr(node, "col_offset", 0)
    end = len(text) if whole else getattr(node, "end_col_offset", len(text))
    out = text[start:end]
    for first, last, piece in sorted(pieces, reverse=True):
        before, after = out[: first - start], out[last - start :]
        signed = piece.startswith("-") and before.rstrip()[-1:] in ("+", "-", "*", "/")
        out = before + (f"({piece})" if signed else piece) + after
    return " ".join(out.split())
