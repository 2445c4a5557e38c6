"""A formula with its numbers put in: `net_income / revenue` as `-72.4 / 168.0`."""

from __future__ import annotations

import ast

from ddcheck.engine.check.evaluate import limit_text, unit_and_style
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.wording import value_text


class Substitute:
    """Puts the numbers of one company into formulas."""

    def __init__(self, plan: Plan, context: Context) -> None:
        self.plan = plan
        self.context = context

    def filled(self, formula: Formula, frame: str, place: int) -> str:
        """The formula with each plain name replaced by its number at the place."""
        pieces: list[tuple[int, int, str]] = []
        inside: set[int] = set()
        for node in ast.walk(formula.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                inside.add(id(node.func))
                pieces += self._shifted(node, frame, place, inside)
        for node in ast.walk(formula.tree):
            if isinstance(node, ast.Name) and id(node) not in inside:
                text = self._number(node.id, frame, place)
                if text is not None and isinstance(node.end_col_offset, int):
                    pieces.append((node.col_offset, node.end_col_offset, text))
        out = formula.text
        for start, end, text in sorted(pieces, reverse=True):
            signed = text.startswith("-") and out[:start].rstrip()[-1:] in ("+", "-", "*", "/")
            out = out[:start] + (f"({text})" if signed else text) + out[end:]
        out = " ".join(out.split())
        return out if pieces else ""

    def _shifted(
        self, node: ast.Call, frame: str, place: int, inside: set[int]
    ) -> list[tuple[int, int, str]]:
        """The calls that look back a period, with both numbers: `growth(40.2 from 35.6)`."""
        assert isinstance(node.func, ast.Name)
        axis = self.context.axis(frame)
        back = {
            "growth": axis.year_back(), "delta": axis.year_back(), "flipped": axis.year_back(),
            "growth_qoq": axis.back(1), "prev": axis.back(1), "rising": axis.back(1),
            "falling": axis.back(1), "average": axis.back(1),
        }.get(node.func.id)  # fmt: skip
        if back is None or not isinstance(node.args[0], ast.Name):
            return []
        name = node.args[0]
        inside.add(id(name))
        now = self._number(name.id, frame, place) or "?"
        before = self._number(name.id, frame, back[place]) if back[place] >= 0 else "?"
        end = name.end_col_offset or name.col_offset
        if node.func.id == "prev":
            return [(name.col_offset, end, before or "?")]
        return [(name.col_offset, end, f"{now} from {before}")]

    def _number(self, name: str, frame: str, place: int) -> str | None:
        parameter = self.plan.parameters.get(name)
        if parameter is not None:
            return limit_text(self.plan, f"${name}", self.context.day)
        if name not in self.plan.terms:
            return None
        cell = self._cell(name, frame, place)
        unit, style = unit_and_style(self.plan, name)
        if cell.low is None:
            return "missing"
        return value_text(cell.point, unit, style, cell.low, cell.high)

    def _cell(self, name: str, frame: str, place: int) -> Cell:
        evaluator = self.context.evaluator(frame, BOUNDS)
        cells: list[Cell] = evaluator.a.cells(self.context.named(name, evaluator))
        return cells[place]
