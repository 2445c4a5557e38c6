"""Parts of formulas: what a piece of a checked tree measures, and how its ratio is printed."""

from __future__ import annotations

import ast
from typing import Any

from ddcheck.engine.check.measure import metric_style
from ddcheck.engine.check.views import called
from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.language.measures import TRUTH, joined_time, together
from ddcheck.engine.language.tree import FunctionCall, Literal
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.units import Measure, concept_measure, times, unit_name

_COUNTING = frozenset({"streak", "facts"})


def part_measure(node: Any, plan: Plan) -> Measure:
    """The measure of `node`, a part of a formula of `plan` that has been checked."""
    match node:
        case Literal():
            return Measure(node.unit, bare=node.bare, zero=node.number == 0)
        case ast.Name():
            return _name(node.id, plan)
        case ast.UnaryOp():
            return TRUTH if isinstance(node.op, ast.Not) else part_measure(node.operand, plan)
        case ast.BinOp():
            return _arithmetic(node, plan)
        case ast.IfExp():
            yes, no = part_measure(node.body, plan), part_measure(node.orelse, plan)
            return TRUTH if yes.truth and no.truth else together(yes, no)
        case FunctionCall():
            bound = [
                part_measure(value, plan) if isinstance(value, ast.expr) else value
                for value in node.plain
            ]
            return FUNCTIONS[called(node)].measure(*bound)
    return TRUTH


def _name(name: str, plan: Plan) -> Measure:
    parameter = plan.parameters.get(name)
    if parameter is not None:
        return Measure(parameter.unit)
    metric = plan.metrics.get(name)
    if metric is not None:
        return metric.measure
    term = plan.terms[name]
    return concept_measure(term.unit, term.time)


def _arithmetic(node: ast.BinOp, plan: Plan) -> Measure:
    left, right = part_measure(node.left, plan), part_measure(node.right, plan)
    if isinstance(node.op, (ast.Add, ast.Sub)):
        change = any(
            isinstance(side, FunctionCall) and side.opening for side in (node.left, node.right)
        )
        if change:
            return Measure(left.unit, -1, left.per_year, "average")
        return together(left, right)
    sign = 1 if isinstance(node.op, ast.Mult) else -1
    return Measure(
        times(left.unit, right.unit, sign),
        left.per_period + sign * right.per_period,
        left.per_year + sign * right.per_year,
        joined_time(left.time, right.time),
        bare=left.bare and right.bare,
    )


def part_unit(node: Any, plan: Plan) -> str:
    """The name of the unit of `node`; what counts periods or figures is a count, not a ratio."""
    if isinstance(node, FunctionCall) and called(node) in _COUNTING:
        return "count"
    return unit_name(part_measure(node, plan).unit)


def part_style(node: ast.AST, plan: Plan, style: str) -> str:
    """How a ratio in `node` is printed: as its metrics are, as a plain multiple beside a bare
    number, else as `style`.
    """
    styles = {
        metric_style(plan.metrics[part.id])
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id in plan.metrics
    }
    if len(styles) == 1:
        return styles.pop()
    if isinstance(node, ast.Compare):
        sides = (node.left, *node.comparators)
        if any(isinstance(side, Literal) and side.bare and side.number for side in sides):
            return "times"
    return style


def is_compound(node: ast.AST) -> bool:
    """Whether `node` is worked out of something, rather than a name or a number, signed or not."""
    while isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        node = node.operand
    return not isinstance(node, (ast.Name, ast.Constant))
