"""Checking a formula before any company is read: its names, its arguments and its units."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from ddcheck.engine.language.functions import FUNCTIONS, Function, Parameter
from ddcheck.engine.language.measures import TRUTH, UnitMismatch, joined_time, together
from ddcheck.engine.language.parse import Parsed, at, parse_formula
from ddcheck.engine.language.scope import Scope
from ddcheck.engine.language.tree import Comparison, FunctionCall, Literal, opening_call
from ddcheck.engine.model.breakdowns import WORDS
from ddcheck.engine.model.formula import EVERY_FACT, Formula
from ddcheck.engine.model.marks import MARKS
from ddcheck.engine.model.units import Measure, Unit, smallest_step, times, unit_name
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import CURRENCIES


class _Refused(Exception):
    """A formula that cannot be used; its diagnostic is already reported."""


def check_formula(node: Scalar, scope: Scope, report: Report) -> Formula | None:
    """The formula that `node` writes, read and checked, or None and a diagnostic (DD20x, DD21x)."""
    parsed = parse_formula(node, report)
    return check_parsed(parsed, scope, report) if parsed is not None else None


def check_parsed(parsed: Parsed, scope: Scope, report: Report) -> Formula | None:
    """`parsed` with its names resolved and its units worked out, or None and a diagnostic."""
    checker = _Checker(parsed.node, scope, report)
    try:
        measure = checker.measure(parsed.tree)
    except _Refused:
        return None
    return Formula(
        parsed.text,
        parsed.node,
        parsed.tree,
        frozenset(checker.names),
        frozenset(checker.leaves),
        frozenset(checker.calls),
        frozenset(checker.rules),
        measure,
    )


def _exchange(left: Measure, right: Measure) -> str | None:
    """How two amounts that differ in nothing but their currency can be brought together."""
    if _as_money(left.unit) != _as_money(right.unit):
        return None
    to = next((base for base, _ in (*right.unit, *left.unit) if base in CURRENCIES), None)
    if to is None:
        return None
    own = ", or write the number in `money`, the company's own currency"
    both = all("money" not in dict(side.unit) for side in (left, right))
    return f'bring it into {to} with fx(…, "{to}"){"" if both else own}'


def _as_money(unit: Unit) -> Unit:
    """`unit` with every currency in it written as money."""
    return tuple(sorted(("money" if base in CURRENCIES else base, power) for base, power in unit))


class _Checker:
    def __init__(self, node: Scalar, scope: Scope, report: Report) -> None:
        self.node = node
        self.scope = scope
        self.report = report
        self.names: set[str] = set()
        self.leaves: set[str] = set()
        self.calls: set[str] = set()
        self.rules: set[str] = set()

    def refuse(self, code: str, part: ast.AST, message: str, hint: str | None = None) -> _Refused:
        self.report.error(code, at(self.node, part), message, hint)
        return _Refused()

    def measure(self, node: ast.expr) -> Measure:
        match node:
            case Literal():
                return Measure(node.unit, bare=node.bare, zero=node.number == 0)
            case ast.Constant():
                raise self.refuse(
                    "DD205", node, "quoted text stands only where a function takes it"
                )
            case ast.Name():
                return self.name(node)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.UnaryOp():
                inner = self.measure(node.operand)
                if isinstance(node.op, ast.Not):
                    return self.truth(node.operand, inner)
                if inner.truth:
                    raise self.refuse("DD207", node.operand, "a condition is not a number")
                return inner
            case ast.BoolOp():
                for value in node.values:
                    self.truth(value, self.measure(value))
                return TRUTH
            case Comparison():
                return self.comparison(node)
            case ast.IfExp():
                self.truth(node.test, self.measure(node.test))
                yes, no = self.measure(node.body), self.measure(node.orelse)
                if yes.truth and no.truth:
                    return TRUTH
                return self.together(node, yes, no, "gives")
            case FunctionCall():
                return self.call(node)
        raise self.refuse("DD205", node, "this has no meaning here")

    def truth(self, node: ast.expr, measure: Measure) -> Measure:
        if not measure.truth:
            raise self.refuse("DD207", node, f"a condition is needed, not {measure.name()}")
        return TRUTH

    def together(self, node: ast.AST, left: Measure, right: Measure, verb: str) -> Measure:
        if left.truth or right.truth:
            raise self.refuse("DD207", node, f"{verb} a condition, which is not a number")
        try:
            return together(left, right)
        except UnitMismatch as error:
            raise self.refuse("DD207", node, f"{verb} {error}", _exchange(left, right)) from None

    def name(self, node: ast.Name) -> Measure:
        found = self.scope.resolve(node.id)
        if found is None:
            if node.id in self.scope.known():
                raise _Refused  # its own definition is at fault and has been reported
            raise self.refuse(
                "DD203",
                node,
                f"no fact, metric or parameter `{node.id}`",
                did_you_mean(node.id, self.scope.known()),
            )
        self.names.add(node.id)
        self.leaves |= found.leaves
        self.calls |= found.calls
        self.rules |= found.rules
        return found.measure

    def arithmetic(self, node: ast.BinOp) -> Measure:
        left, right = self.measure(node.left), self.measure(node.right)
        if left.truth or right.truth:
            part = node.left if left.truth else node.right
            raise self.refuse("DD207", part, "a condition is not a number")
        if isinstance(node.op, (ast.Add, ast.Sub)):
            verb = "adds" if isinstance(node.op, ast.Add) else "subtracts"
            result = self.together(node, left, right, verb)
            if isinstance(node.op, ast.Sub) and left.time == "stock" and left.unit:
                opening = opening_call(node)
                if opening is not None:
                    opening.opening = True
                    return Measure(left.unit, -1, left.per_year, "average")
            return result
        sign = 1 if isinstance(node.op, ast.Mult) else -1
        return Measure(
            times(left.unit, right.unit, sign),
            left.per_period + sign * right.per_period,
            left.per_year + sign * right.per_year,
            joined_time(left.time, right.time),
            bare=left.bare and right.bare,
        )

    def comparison(self, node: Comparison) -> Measure:
        left_node, left = node.left, self.measure(node.left)
        steps = []
        for right_node in node.comparators:
            right = self.measure(right_node)
            span = ast.Tuple(
                elts=[],
                col_offset=left_node.col_offset,
                end_col_offset=right_node.end_col_offset or right_node.col_offset + 1,
            )
            joined = self.together(span, left, right, "compares")
            steps.append(smallest_step(joined.unit))
            left_node, left = right_node, right
        node.steps = steps
        return TRUTH

    def call(self, node: FunctionCall) -> Measure:
        assert isinstance(node.func, ast.Name)
        function = FUNCTIONS[node.func.id]
        self.calls.add(function.name)
        arguments = self.arguments(node, function)
        bound: list[Any] = []
        plain: list[Any] = []
        for parameter, value in arguments:
            measure, literal = self.argument(node, function, parameter, value)
            bound.append(measure if measure is not None else literal)
            plain.append(value if measure is not None else literal)
        node.plain = plain
        first = bound[0] if bound and isinstance(bound[0], Measure) else None
        node.step = smallest_step(first.unit) if first is not None else 0.0
        node.flow = first is not None and first.per_period < 0
        node.yearly = first is not None and first.per_year > 0
        try:
            return function.measure(*bound)
        except UnitMismatch as error:
            raise self.refuse("DD207", node, f"`{function.name}`: {error}") from None

    def arguments(
        self, node: FunctionCall, function: Function
    ) -> list[tuple[Parameter, ast.expr | None]]:
        """The function's parameters with the expressions given for them."""
        known = list(function.parameters)
        several = {"numbers": "number", "facts": "fact"}.get(known[-1].takes if known else "")
        if several is not None:
            known.pop()
        given: dict[str, ast.expr] = {}
        extra: list[ast.expr] = []
        for i, value in enumerate(node.args):
            if i < len(known):
                given[known[i].name] = value
            else:
                extra.append(value)
        for keyword in node.keywords:
            names = [p.name for p in known if p.optional]
            if keyword.arg in given:
                raise self.refuse(
                    "DD206", keyword, f"`{function.name}` is given `{keyword.arg}` twice"
                )
            if keyword.arg not in names:
                raise self.refuse(
                    "DD206",
                    keyword,
                    f"`{function.name}` takes no argument `{keyword.arg}` here",
                    did_you_mean(keyword.arg or "", names) or f"write {function.signature}",
                )
            given[keyword.arg] = keyword.value
        absent = [p.name for p in known if p.name not in given and not p.optional]
        if absent or (extra and several is None):
            raise self.refuse("DD206", node, f"write {function.signature}")
        pairs: list[tuple[Parameter, ast.expr | None]] = [(p, given.get(p.name)) for p in known]
        if several == "fact":
            self.leaves.add(EVERY_FACT)
        return pairs + [(Parameter("more", several or ""), value) for value in extra]

    def argument(
        self, call: FunctionCall, function: Function, parameter: Parameter, value: ast.expr | None
    ) -> tuple[Measure | None, Any]:
        """The measure of an argument that is evaluated, or the literal it stands for."""
        if value is None:
            return None, parameter.default
        takes = parameter.takes
        where = f"`{parameter.name}` of `{function.name}`"
        if takes in ("number", "any", "truth"):
            measure = self.measure(value)
            if takes == "truth":
                self.truth(value, measure)
            elif takes == "number" and measure.truth:
                raise self.refuse("DD207", value, f"{where} is a number, not a condition")
            return measure, None
        if takes == "name":
            return self.plain_name(value, where), None
        if takes == "kinded":
            called = value.func if isinstance(value, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in ("actual", "estimated", "guided"):
                return self.measure(value), None
            return self.plain_name(value, where), None
        if takes == "fact":
            return self.stated_name(value, where), None
        if takes in ("integer", "months"):
            return None, self.count(value, parameter, where)
        return None, self.quoted(call, value, takes, where)

    def plain_name(self, value: ast.expr, where: str) -> Measure:
        if not isinstance(value, ast.Name):
            raise self.refuse("DD206", value, f"{where} must be a plain name")
        measure = self.name(value)
        found = self.scope.resolve(value.id)
        if found is not None and found.kind == "parameter":
            raise self.refuse("DD206", value, f"{where} must be a concept or metric")
        return measure

    def stated_name(self, value: ast.expr, where: str) -> Measure:
        """A name of which only what is stated counts: nothing that it is worked out from."""
        leaves, calls, rules = set(self.leaves), set(self.calls), set(self.rules)
        measure = self.plain_name(value, where)
        self.leaves, self.calls, self.rules = leaves, calls, rules
        return measure

    def count(self, value: ast.expr, parameter: Parameter, where: str) -> int:
        unit = "months" if parameter.takes == "months" else "ratio"
        least, most = parameter.least, parameter.most
        if isinstance(value, Literal) and unit_name(value.unit) == unit:
            number = value.number
            whole = number == int(number) and (value.bare or unit == "months")
            if whole and least <= number <= most:
                return int(number)
        example = f"a whole number from {least} to {most}"
        if unit == "months":
            example = f"`24 months`, up to {most}"
        raise self.refuse("DD206", value, f"{where} must be {example}")

    def quoted(self, call: FunctionCall, value: ast.expr, takes: str, where: str) -> str:
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            raise self.refuse("DD206", value, f"{where} must be a quoted {takes}")
        word = value.value
        known: Iterable[str] = ()
        if takes == "dimension":
            known = self.scope.dimensions
        elif takes == "member":
            by = call.args[1]
            name = by.value if isinstance(by, ast.Constant) else None
            dimension = self.scope.dimensions.get(name) if isinstance(name, str) else None
            if dimension is None or not dimension.members:
                return word
            known = dimension.members
        elif takes == "frame":
            known = ("half", "quarter", "month")
        elif takes == "word":
            known = WORDS
        elif takes == "mark":
            known = MARKS
        elif takes == "currency":
            known = CURRENCIES
        elif takes == "rule":
            found = self.scope.rules(word)
            if found is not None:
                self.rules |= {word} | found.rules
                self.leaves |= found.leaves
                self.calls |= found.calls
                return word
            known = set(self.scope.rule_ids())
            if word in known:
                raise _Refused
        if word not in known:
            code = {"dimension": "DD212", "member": "DD212", "rule": "DD211"}.get(takes, "DD206")
            raise self.refuse(
                code,
                value,
                f"no {takes} `{word}`",
                did_you_mean(word, known) or f"known: {', '.join(sorted(known)[:8])}",
            )
        return word
