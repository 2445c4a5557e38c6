"""Ladders: limits as conditions, their order, and the ratios they may stand on."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import NamedTuple

from ddcheck.engine.language.check import check_formula
from ddcheck.engine.language.scope import Scope
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.limits import limit_value
from ddcheck.engine.model.pack import MetricDefinition, Parameter
from ddcheck.engine.model.plan import Metric, Step
from ddcheck.engine.model.vocabulary import Concept
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean

#: Functions that give something above zero (or missing) of arguments above zero.
_KEEP_SIGN = frozenset(
    {
        "prev", "average", "ttm", "annualised", "sum_over", "mean_over", "min_over", "actual",
        "estimated", "latest", "min", "in_months", "fx",
    }
)  # fmt: skip


class Limit(Scalar):
    """A limit read as part of the condition `metric op limit`; places point at the limit."""

    __slots__ = ("limit_node", "prefix")

    def __init__(self, node: Scalar, prefix: str, text: str) -> None:
        super().__init__(node.source, prefix + text, node.style, node.line, node.column, node.index)
        self.limit_node = node
        self.prefix = prefix

    def place(self, offset: int) -> tuple[int, int]:
        """The place of the limit, whatever part of the condition is meant."""
        skipped = 1 if self.limit_node.text.startswith("$") else 0
        return self.limit_node.place(max(0, offset - len(self.prefix)) + skipped)


def read_steps(
    metric: str,
    op: str,
    limits: tuple[tuple[str, Scalar], ...],
    parameters: dict[str, Parameter],
    scope: Scope,
    report: Report,
) -> tuple[Step, ...] | None:
    """Each limit as the condition `metric op limit`; None and a diagnostic if one is unusable.

    A limit is a literal or `$name`, a parameter.
    """
    found = []
    for name, node in limits:
        text = node.text
        if text.startswith("$"):
            text = text[1:]
            if text not in parameters:
                report.error(
                    "DD203", node, f"no parameter `{text}`", did_you_mean(text, parameters)
                )
                return None
        formula = check_formula(Limit(node, f"{metric} {op} ", text), scope, report)
        if formula is None:
            return None
        found.append(Step(name, formula, node.text))
    return tuple(found) if found else None


def check_order(
    limits: tuple[tuple[str, Scalar], ...],
    steps: tuple[Step, ...],
    parameters: dict[str, Parameter],
    report: Report,
    *,
    rising: bool,
) -> None:
    """Report DD213 where the limits do not rise (or fall) from step to step."""
    values = [limit_value(step, parameters) for step in steps]
    known = [(value, node) for value, (_, node) in zip(values, limits, strict=True)]
    for (left, before), (right, node) in pairwise(known):
        if left is None or right is None:
            continue
        if left == right or (right > left) != rising:
            order = "rise" if rising else "fall"
            place = _set_by_layer(node, parameters) or _set_by_layer(before, parameters)
            what = "this ladder" if place is None else f"the ladder at {_where(node)}"
            message = f"the steps of {what} must {order}: {node.text} is out of order"
            report.error("DD213", place or node, message)
            return


def _where(node: Scalar) -> str:
    return f"{node.source.path}:{node.line}"


def _set_by_layer(node: Scalar, parameters: dict[str, Parameter]) -> Scalar | None:
    """Where a layer set the parameter that a limit names; None where its own pack did."""
    parameter = parameters.get(node.text[1:]) if node.text.startswith("$") else None
    return parameter.node if parameter is not None and len(parameter.written) > 1 else None


class Signs(NamedTuple):
    """What is known of the sign of names."""

    concepts: dict[str, Concept]
    parameters: dict[str, Parameter]
    metrics: dict[str, Metric]

    def safe(self, tree: ast.expr) -> bool:
        """Whether nothing in `tree` is divided by what could be zero or less."""
        return all(
            self.positive(node.right)
            for node in ast.walk(tree)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        )

    def positive(self, node: ast.expr) -> bool:
        """Whether `node` can be told to be above zero wherever it is known."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, float) and node.value > 0
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult, ast.Div)):
            return self.positive(node.left) and self.positive(node.right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in _KEEP_SIGN and all(
                self.positive(item) for item in node.args if not isinstance(item, ast.Constant)
            )
        return False

    def _name(self, name: str) -> bool:
        concept = self.concepts.get(name)
        if concept is not None:
            return concept.positive
        parameter = self.parameters.get(name)
        if parameter is not None:
            return parameter.bounds[0] is not None and parameter.bounds[0] > 0
        metric = self.metrics.get(name)
        if metric is None or not metric.formulas:
            return False
        return all(self.positive(formula.tree) for formula in metric.formulas)


def check_denominators(
    definition: MetricDefinition, formulas: tuple[Formula, ...], signs: Signs, report: Report
) -> None:
    """Report a ladder on a formula that divides by what can be zero or less (DD214)."""
    if not all(signs.safe(formula.tree) for formula in formulas):
        report.error(
            "DD214",
            definition.formulas[0],
            f"the ladder of `{definition.id}` stands on a denominator that can be zero or less",
            "say with `applies_when:` when the metric means something",
        )
