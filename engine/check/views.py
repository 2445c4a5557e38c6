"""What a formula reads: each name with the period at which it is looked at, and from where.

The functions that look at other periods are listed here once, for the tree of an explanation and
for the line with the numbers put in.
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.language.tree import FunctionCall
from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.ledger import ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE, PLAIN
from ddcheck.engine.model.periods import PeriodError, add_months, months_between

_KINDS = {"actual": ONLY_ACTUAL, "estimated": ONLY_ESTIMATE, "guided": ONLY_GUIDANCE}
#: Functions of a breakdown or a scope.
SPLITS = frozenset({"scoped", "share", "top_share", "hhi", "largest"})
_LONGEST_STREAK = 12


class View(NamedTuple):
    """A position from which something is read; -1 where there is none, `label` then names it."""

    frame: str
    place: int
    role: str = ""
    label: str | None = None


class Read(NamedTuple):
    """Something that a formula reads: `what` is name, split, parts, said, marks, rule or rate."""

    what: str
    name: str
    view: View
    kinds: str = PLAIN
    call: FunctionCall | None = None
    details: tuple[Any, ...] = ()


class Views:
    """Where the parts of formulas are looked at, for one company."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def cell(self, node: ast.expr, view: View, mode: str = BOUNDS) -> Cell:
        """The value of a part of a formula at `view`."""
        evaluator = self.context.evaluator(view.frame, mode)
        cells: list[Cell] = evaluator.a.cells(evaluator.evaluated(node))
        return cells[view.place]

    def label(self, view: View) -> str | None:
        """The period of `view`, as company files write it."""
        if view.place < 0:
            return view.label
        return self.context.axis(view.frame).periods[view.place].label

    def reads(self, node: ast.AST, view: View) -> list[Read]:
        """What `node` reads at `view`, in the order of the formula; the branch taken only."""
        if isinstance(node, ast.Name):
            return [Read("name", node.id, view)]
        if isinstance(node, ast.IfExp):
            found = self.reads(node.test, view)
            truth = self.cell(node.test, view).truth if view.place >= 0 else None
            if truth is not None:
                found += self.reads(node.body if truth else node.orelse, view)
            return found
        if isinstance(node, FunctionCall):
            return self._call(node, view)
        found = []
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found += self.reads(child, view)
        return found

    def _call(self, node: FunctionCall, view: View) -> list[Read]:
        name = called(node)
        first = node.plain[0] if node.plain else None
        if name in _KINDS and isinstance(first, ast.Name):
            return [Read("name", first.id, view, _KINDS[name])]
        if name in SPLITS and isinstance(first, ast.Name):
            return [Read("split", first.id, view, PLAIN, node, tuple(node.plain[1:]))]
        if name == "sum_of" and isinstance(first, ast.Name):
            return [Read("parts", first.id, view, PLAIN, node, tuple(node.plain[1:]))]
        if name == "said" and isinstance(first, ast.Name):
            return [Read("said", first.id, view, PLAIN, node, tuple(node.plain[1:]))]
        if name == "facts":
            names = tuple(value.id for value in node.plain[1:] if isinstance(value, ast.Name))
            return [Read("marks", str(first), view, PLAIN, node, names)]
        if name == "raised":
            return [Read("rule", str(first), view)]
        found = []
        for other in self.looks(node, view):
            if isinstance(first, ast.AST):
                found += self.reads(first, other)
        for argument in node.plain[1:]:
            if isinstance(argument, ast.AST):
                found += self.reads(argument, view)
        if name == "fx":
            money = "fx_average" if node.flow else "fx_closing"
            found.append(Read("rate", money, view, PLAIN, node, (str(node.plain[1]),)))
        return found

    def looks(self, node: FunctionCall, view: View) -> list[View]:
        """From where a call looks at its first argument."""
        name = called(node)
        if view.place < 0:
            return [view]
        axis = self.context.axis(view.frame)
        n = next((value for value in node.plain[1:] if isinstance(value, int)), 1)
        if name == "prev":
            return [self._opening(view) if node.opening else self._back(axis, view, n)]
        if name in ("growth", "delta", "flipped"):
            return [view, self._year_back(axis, view, 1)]
        if name == "growth_qoq":
            return [view] + ([self._back(axis, view, 1)] if view.frame == "quarter" else [])
        if name == "cagr":
            return [view, self._year_back(axis, view, n)]
        if name == "average":
            return [view, self._opening(view)]
        if name == "sum_over":
            step = axis.year if axis.frame == "ttm" else 1
            return [view, *(self._back(axis, view, i * step) for i in range(1, n))]
        if name in ("mean_over", "min_over", "max_over"):
            return [view, *(self._back(axis, view, i) for i in range(1, n))]
        if name in ("rising", "falling"):
            return [view, *(self._back(axis, view, i) for i in range(1, n + 1))]
        if name == "ttm":
            return [self._trailing(axis, view)]
        if name == "latest":
            return [self._latest(node, axis, view)]
        if name == "streak":
            return self._streak(node, axis, view)
        return [view]

    def _back(self, axis: Axis, view: View, steps: int) -> View:
        role = "the period before" if steps == 1 else f"{steps} periods before"
        place = axis.back(steps)[view.place]
        label = None if place >= 0 else self._earlier(axis, view.place, steps)
        return View(view.frame, place, role, label)

    def _year_back(self, axis: Axis, view: View, years: int) -> View:
        place = view.place
        for _ in range(years):
            place = axis.year_back()[place] if place >= 0 else -1
        role = "a year before" if years == 1 else f"{years} years before"
        label = None if place >= 0 else self._earlier(axis, view.place, years * axis.year, years)
        return View(view.frame, place, role, label)

    def _opening(self, view: View) -> View:
        axis = self.context.axis(view.frame)
        if view.frame in ("ttm", "date"):
            return self._year_back(axis, view, 1)._replace(role="opening")
        if view.frame != "to-date":
            return self._back(axis, view, 1)._replace(role="opening")
        start = axis.periods[view.place].start
        years = self.context.axis("year").periods
        place = next((i for i, p in enumerate(years) if p.start + p.months == start), -1)
        return View("year", place, "opening")

    def _earlier(self, axis: Axis, place: int, steps: int, years: int = 0) -> str | None:
        """The label of a period before the axis begins."""
        period = axis.periods[place]
        calendar = self.context.ledger.calendar
        if not period.months:
            return calendar.instant(add_months(period.end, -12 * max(years, 1))).label
        per_step = 12 // axis.year if axis.year and axis.frame != "to-date" else 12
        months = 12 * years if years else steps * per_step
        try:
            return calendar.view(period.frame, period.start - months, period.months).label
        except (ValueError, PeriodError):
            return None

    def _trailing(self, axis: Axis, view: View) -> View:
        if view.frame in ("date", "ttm", "year"):
            return view
        end = axis.periods[view.place].end
        periods = self.context.axis("ttm").periods
        place = next((i for i, period in enumerate(periods) if period.end == end), -1)
        return View("ttm", place, "trailing twelve months")

    def _latest(self, node: FunctionCall, axis: Axis, view: View) -> View:
        within = next((value for value in node.plain[1:] if isinstance(value, int)), 24)
        evaluator = self.context.evaluator(view.frame, BOUNDS)
        cells: list[Cell] = evaluator.a.cells(evaluator.evaluated(node.plain[0]))
        end = axis.periods[view.place].end
        for i in range(view.place, -1, -1):
            if months_between(axis.periods[i].end, end) > within + 0.05:
                break
            if cells[i].low is not None and cells[i].kind <= 0:
                return View(view.frame, i, "newest known")
        return view

    def _streak(self, node: FunctionCall, axis: Axis, view: View) -> list[View]:
        evaluator = self.context.evaluator(view.frame, BOUNDS)
        cells: list[Cell] = evaluator.a.cells(evaluator.evaluated(node.plain[0]))
        found = [view]
        place = view.place
        while cells[place].truth is True and len(found) < _LONGEST_STREAK:
            place = axis.back(1)[place]
            if place < 0:
                break
            found.append(View(view.frame, place, f"{len(found)} periods before"))
        return found


def called(node: FunctionCall) -> str:
    """The name of the function that is called."""
    assert isinstance(node.func, ast.Name)
    return node.func.id
