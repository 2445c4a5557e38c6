"""The nodes of a formula's tree that are our own: literals with units, what the checker found."""

from __future__ import annotations

import ast
from typing import Any

from ddcheck.engine.model.units import Unit


class Literal(ast.Constant):
    """A number literal with its unit; `bare` if it has none."""

    number: float
    unit: Unit
    bare: bool


class Comparison(ast.Compare):
    """A comparison; `steps` are what its sides may differ by and still be equal."""

    steps: list[float]


class FunctionCall(ast.Call):
    """A call; the checker says how its arguments stand and what its first one is.

    `plain` holds for each parameter the tree to evaluate or the literal itself; `step` is what two
    values of the first argument's unit may differ by, `flow` and `yearly` whether it is per period
    or counted in years, `opening` whether `x - prev(x)` asks for an opening balance.
    """

    plain: list[Any]
    step = 0.0
    flow = False
    yearly = False
    opening = False


def opening_call(node: ast.BinOp) -> FunctionCall | None:
    """The `prev(x)` of `x - prev(x)` or `prev(x) - x`: a stock's change over one period."""
    for call, other in ((node.right, node.left), (node.left, node.right)):
        if (
            isinstance(call, FunctionCall)
            and isinstance(call.func, ast.Name)
            and call.func.id == "prev"
            and len(call.args) == 1
            and not call.keywords
            and ast.dump(other) == ast.dump(call.args[0])
        ):
            return call
    return None
