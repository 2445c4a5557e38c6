"""Single changes of a formula's text: limits nudged, comparisons flipped, terms dropped.

Each is what a slip of the hand could leave behind. They are made on the text, so that they can be
shown and read again like anything an analyst writes; what the checker then refuses is no mutant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ddcheck.engine.language.parse import parse_formula
from ddcheck.engine.language.tree import Comparison, FunctionCall, Literal
from ddcheck.engine.model.pack import Parameter
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar

_FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?!\d)")
_OPERATOR = re.compile(r"==|!=|<=|>=|[-+*/<>]")
_WORD = re.compile(r"\b(?:and|or|if|else)\b")
#: What a comparison is flipped to: its edge moved, and its direction turned.
_FLIPS = {
    "<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",),
    "!=": ("==",),
}  # fmt: skip
_SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*"}
#: Functions that are taken for each other.
_TWINS = {
    "rising": ("falling",), "falling": ("rising",), "min": ("max",), "max": ("min",),
    "min_over": ("max_over",), "max_over": ("min_over",), "mean_over": ("max_over",),
    "low": ("high",), "high": ("low",), "growth": ("growth_qoq",), "growth_qoq": ("growth",),
}  # fmt: skip
#: Functions that may be left away, their first argument standing in their place.
_BARE = frozenset(
    {"prev", "delta", "abs", "average", "coalesce", "min", "max", "min_over", "max_over",
     "mean_over", "latest", "low", "high", "actual", "round", "clamp"}
)  # fmt: skip


class Change(NamedTuple):
    """`text` in place of the characters from `start` to `end` of a formula."""

    kind: str
    start: int
    end: int
    text: str


def nudged(text: str) -> list[str]:
    """`text` with its figure one unit of its last printed digit higher, and lower."""
    match = _FIGURE.search(text)
    if match is None or re.match(r"[eE][-+]?\d", text[match.end() :]):
        return []
    number = Decimal(match[0].replace(",", ""))
    digits = match[0].partition(".")[2]
    step = Decimal(1).scaleb(-len(digits))
    found = []
    for moved in (number + step, number - step):
        written = f"{moved:.{len(digits)}f}"
        found.append(text[: match.start()] + written + text[match.end() :])
    return found


def nudged_parameter(parameter: Parameter) -> list[str]:
    """The newest value of `parameter` one unit of its last digit higher, and lower, with unit."""
    if parameter.newest is None:
        return []
    bare = re.fullmatch(_FIGURE, parameter.newest.strip()) is not None
    unit = f" {parameter.unit_name}" if bare and parameter.unit_name != "ratio" else ""
    return [text + unit for text in nudged(parameter.newest.strip())]


def changed_formulas(
    node: Scalar, parameters: dict[str, Parameter]
) -> Iterator[tuple[str, int, Scalar]]:
    """Each change of the formula in `node`: its kind, where it is, and the formula it makes."""
    text = node.text.replace("\n", " ")
    clean = Scalar(node.source, text, node.style, node.line, node.column, node.index)
    parsed = parse_formula(clean, Report())
    if parsed is None:
        return
    seen = {_squeezed(text)}
    for change in _changes(parsed.tree, text, parameters):
        made = text[: change.start] + change.text + text[change.end :]
        if _squeezed(made) in seen:
            continue
        seen.add(_squeezed(made))
        scalar = Scalar(node.source, made, node.style, node.line, node.column, node.index)
        yield change.kind, change.start, scalar


def _squeezed(text: str) -> str:
    return re.sub(r"[\s()]+", " ", text).strip()


def _changes(tree: ast.expr, text: str, parameters: dict[str, Parameter]) -> Iterator[Change]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr):
            continue
        start, end = node.col_offset, node.end_col_offset or node.col_offset
        match node:
            case Literal():
                for moved in nudged(text[start:end]):
                    yield Change("limit", start, end, moved)
            case ast.Name() if node.id in parameters:
                for moved in nudged_parameter(parameters[node.id]):
                    yield Change("limit", start, end, moved)
            case Comparison():
                parts = [node.left, *node.comparators]
                for left, right in pairwise(parts):
                    at, after = _between(text, left, right, _OPERATOR)
                    for other in _FLIPS[text[at:after]]:
                        yield Change("comparison", at, after, other)
            case ast.BoolOp():
                yield from _connectives(node, text)
            case ast.BinOp():
                at, after = _between(text, node.left, node.right, _OPERATOR)
                sign = text[at:after]
                yield Change("sign", at, after, _SIGNS[sign])
                first, second = text[start:at].rstrip(), text[after:end].lstrip()
                yield Change("term", start, end, first)
                yield Change("term", start, end, f"-{second}" if sign == "-" else second)
            case ast.UnaryOp():
                kind = "negation" if isinstance(node.op, ast.Not) else "sign"
                word = 3 if isinstance(node.op, ast.Not) else 1
                yield Change(kind, start, end, text[start + word : end].lstrip())
            case ast.IfExp():
                stop, _ = _between(text, node.body, node.test, _WORD)
                _, after = _between(text, node.test, node.orelse, _WORD)
                yield Change("term", start, end, text[start:stop].rstrip())
                yield Change("term", start, end, text[after:end].lstrip())
            case FunctionCall():
                yield from _calls(node, text, start, end)


def _between(
    text: str, left: ast.expr, right: ast.expr, pattern: re.Pattern[str]
) -> tuple[int, int]:
    """Where the operator between two parts of a formula begins and ends."""
    match = pattern.search(text, left.end_col_offset or 0, right.col_offset)
    assert match is not None, text
    return match.span()


def _connectives(node: ast.BoolOp, text: str) -> Iterator[Change]:
    """`and` and `or` exchanged, one at a time; each operand dropped."""
    start, end = node.col_offset, node.end_col_offset or node.col_offset
    parts, begin = [], start
    for left, right in pairwise(node.values):
        at, after = _between(text, left, right, _WORD)
        yield Change("connective", at, after, "or" if text[at:after] == "and" else "and")
        parts.append(text[begin:at].strip())
        begin = after
    parts.append(text[begin:end].strip())
    word = " and " if isinstance(node.op, ast.And) else " or "
    for i in range(len(parts)):
        yield Change("term", start, end, word.join(parts[:i] + parts[i + 1 :]))


def _calls(node: FunctionCall, text: str, start: int, end: int) -> Iterator[Change]:
    """Periods shifted, functions taken for their twins, calls left away."""
    assert isinstance(node.func, ast.Name)
    name = node.func.id
    for twin in _TWINS.get(name, ()):
        yield Change("function", start, start + len(name), twin)
    arguments = [text[item.col_offset : item.end_col_offset] for item in node.args]
    if name == "prev" and len(arguments) == 1 and not node.keywords:
        yield Change("period", start, end, f"prev({arguments[0]}, 2)")
    if name in ("rising", "falling") and len(arguments) == 1 and not node.keywords:
        yield Change("period", start, end, f"{name}({arguments[0]}, 2)")
    if name == "agrees" and arguments[1] != "0":  # with nothing, both come to the same
        yield Change("comparison", start, end, f"({arguments[0]} == {arguments[1]})")
    if name in _BARE:
        kind = "period" if name in ("prev", "delta") else "function"
        yield Change(kind, start, end, f"({arguments[0]})")
    if name == "coalesce":
        yield Change("term", start, end, f"({arguments[1]})")
    if name in ("min", "max"):
        for i in range(len(arguments)):
            kept = arguments[:i] + arguments[i + 1 :]
            whole = f"{name}({', '.join(kept)})" if len(kept) > 1 else f"({kept[0]})"
            yield Change("term", start, end, whole)
