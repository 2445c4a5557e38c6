"""Limits of ladders as numbers, and which ladder is a company's."""

from __future__ import annotations

import ast

from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.model.plan import Metric, MetricLadder, Step


def choose_ladder(metric: Metric, tags: frozenset[str]) -> MetricLadder | None:
    """The most specific ladder that fits a company with `tags`; among equals the newest."""
    fitting = [ladder for ladder in metric.ladders if ladder.tags <= tags]
    return max(fitting, key=lambda ladder: (len(ladder.tags), ladder.dated or ""), default=None)


def limit_value(step: Step, parameters: dict[str, Parameter]) -> float | None:
    """The number that a step compares with, a parameter at its newest value; None for none."""
    tree = step.condition.tree
    assert isinstance(tree, ast.Compare)
    right = tree.comparators[0]
    sign = 1.0
    if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
        sign, right = -1.0, right.operand
    if isinstance(right, ast.Constant) and isinstance(right.value, float):
        return sign * right.value
    if isinstance(right, ast.Name) and right.id in parameters:
        values = parameters[right.id].values
        return sign * values[-1][1] if values else None
    return None


def limit_on(step: Step, parameters: dict[str, Parameter], day: int) -> float | None:
    """The number that a step compares with, a parameter as it is on the day; None for none."""
    if step.limit.startswith("$"):
        known = parameters[step.limit[1:]]
        values = tuple(item for item in known.values if item[0] <= day)
        parameters = {known.id: known._replace(values=values)}
    return limit_value(step, parameters)
