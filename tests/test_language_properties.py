"""What must hold of every formula: Kleene's laws, sound intervals, engines that agree, no crash."""

from __future__ import annotations

import ast
import functools
import random
from typing import Any

import beside
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evidence import Evidence
from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.language.parse import parse_formula
from ddcheck.engine.language.series import Points, Series, beyond, compare_numbers
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.source import Source

cases = beside.module("conformance_cases", "conformance/cases.py")


@functools.cache
def plan() -> Plan:
    return cases.load_plan()


# Kleene logic, in both algebras.

TRUTHS = (False, None, True)
truths = st.sampled_from(TRUTHS)


class _InPoints:
    """Conditions of one position, as the fast pass has them."""

    a = Points(1)

    def put(self, truth: bool | None) -> Any:
        return Series([truth], (0,))

    def get(self, row: Any) -> bool | None:
        return row.values[0]


class _InEvidence:
    """Conditions of one position, as the explained pass has them."""

    a = Evidence(("FY2024",))

    def put(self, truth: bool | None) -> Any:
        ends = {False: (0.0, 0.0), True: (1.0, 1.0), None: (None, None)}[truth]
        return [Cell(*ends, 0)]

    def get(self, row: Any) -> bool | None:
        return row[0].truth


@pytest.mark.parametrize("algebra", [_InPoints(), _InEvidence()], ids=["points", "evidence"])
def test_kleene_laws(algebra: Any) -> None:
    put, get, a = algebra.put, algebra.get, algebra.a

    def both(x: Any, y: Any) -> bool | None:
        return get(a.both(put(x), put(y)))

    def either(x: Any, y: Any) -> bool | None:
        return get(a.either(put(x), put(y)))

    def negate(x: Any) -> bool | None:
        return get(a.negate(put(x)))

    order = {False: 0, None: 1, True: 2}
    for x in TRUTHS:
        assert negate(negate(x)) is x
        assert both(x, True) is x
        assert either(x, False) is x
        assert both(x, False) is False
        assert either(x, True) is True
        assert both(x, x) is x
        assert either(x, x) is x
        for y in TRUTHS:
            assert order[both(x, y)] == min(order[x], order[y])
            assert order[either(x, y)] == max(order[x], order[y])
            assert negate(both(x, y)) is either(negate(x), negate(y))
            assert both(x, y) is both(y, x)
            assert both(x, either(x, y)) is x
            for z in TRUTHS:
                assert both(x, both(y, z)) is both(both(x, y), z)
                assert both(x, either(y, z)) is either(both(x, y), both(x, z))


# Equality.

numbers = st.floats(-1e12, 1e12, allow_nan=False)
steps = st.sampled_from((0.0, 1e-12, 0.01))


@given(numbers, numbers, steps)
def test_one_of_less_equal_and_more(x: float, y: float, step: float) -> None:
    less, same, more = (compare_numbers(op, x, y, step) for op in ("<", "==", ">"))
    assert [less, same, more].count(True) == 1
    assert compare_numbers("<=", x, y, step) is (less or same)
    assert compare_numbers(">=", x, y, step) is (more or same)
    assert compare_numbers("!=", x, y, step) is not same
    assert compare_numbers("<", y, x, step) is more


@given(numbers, numbers, steps, st.floats(0, 1e12), st.floats(0, 1e12))
def test_moving_apart_never_brings_together(
    x: float, y: float, step: float, up: float, down: float
) -> None:
    assume(beyond(x, y, step))
    assert beyond(x + up, y - down, step)


# Random formulas over random sparse companies.

FLOWS = ("revenue", "cost", "profit", "net_income", "cash_flow")
STOCKS = ("cash", "debt", "assets", "equity")
RATIOS = ("retention", "churn", "margin")


@st.composite
def ratios(draw: st.DrawFn, depth: int = 2) -> str:
    """A formula whose value is a ratio."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from((*RATIOS, "limit", "unset", "10%", "150%", "0")))
    sub = functools.partial(ratios, depth=depth - 1)
    kind = draw(st.integers(0, 11))
    if kind <= 2:
        op = draw(st.sampled_from("+-*/"))
        return f"({draw(sub())} {op} {draw(sub())})"
    if kind == 3:
        name = draw(st.sampled_from(("abs", "sqrt", "log", "exp", "-", "prev", "latest")))
        return f"{name}({draw(sub())})"
    if kind == 4:
        name = draw(st.sampled_from(("min", "max", "coalesce")))
        return f"{name}({draw(sub())}, {draw(sub())})"
    if kind == 5:
        return f"({draw(sub())} if {draw(conditions(depth - 1))} else {draw(sub())})"
    if kind == 6:
        return f"growth({draw(amounts(depth - 1))})"
    if kind == 7:
        return f"cagr({draw(amounts(depth - 1))}, {draw(st.integers(1, 3))})"
    if kind == 8:
        n = draw(st.integers(1, 3))
        name = draw(st.sampled_from(("mean_over", "min_over", "max_over", "power", "round")))
        return f"{name}({draw(sub())}, {n})"
    if kind == 9:
        return f"clamp({draw(sub())}, 0, 100%)"
    if kind == 10:
        return f"streak({draw(conditions(depth - 1))})"
    return f"({draw(amounts(depth - 1))} / {draw(st.sampled_from(FLOWS))})"


@st.composite
def amounts(draw: st.DrawFn, depth: int = 2) -> str:
    """A formula whose value is a flow of money."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from(FLOWS))
    sub = functools.partial(amounts, depth=depth - 1)
    kind = draw(st.integers(0, 5))
    if kind <= 1:
        return f"({draw(sub())} {draw(st.sampled_from('+-'))} {draw(sub())})"
    if kind == 2:
        stock = draw(st.sampled_from(STOCKS))
        return f"({stock} - prev({stock}))"
    if kind == 3:
        return f"({draw(sub())} * {draw(ratios(depth=depth - 1))})"
    if kind == 4:
        return f"coalesce({draw(sub())}, 0)"
    return f"{draw(st.sampled_from(('prev', 'delta', 'abs', 'latest')))}({draw(sub())})"


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    """A formula that is a condition."""
    kind = draw(st.integers(0, 5 if depth else 1))
    op = draw(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")))
    below = max(0, depth - 1)
    if kind == 0:
        return f"({draw(ratios(depth=below))} {op} {draw(ratios(depth=below))})"
    if kind == 1:
        return f"({draw(amounts(below))} {op} {draw(st.sampled_from((*FLOWS, '0')))})"
    if kind == 2:
        return f"(not {draw(conditions(below))})"
    if kind == 3:
        join = draw(st.sampled_from(("and", "or")))
        return f"({draw(conditions(below))} {join} {draw(conditions(below))})"
    if kind == 4:
        name = draw(st.sampled_from(("rising", "falling")))
        return f"{name}({draw(ratios(depth=below))}, {draw(st.integers(1, 3))})"
    return draw(
        st.sampled_from(("flipped(net_income)", 'raised("loss")', "known(margin)", "known(cash)"))
    )


YEARS = ("FY2021", "FY2022", "FY2023", "FY2024")
_NUMBER = st.sampled_from(("0", "1", "-1", "2", "7.5", "-0.3", "100", "12.34", "0.0", "40000000"))
_RATIO = st.sampled_from(("0%", "5%", "10%", "99.9%", "-20%", "110%", "150.5%"))
_BOUND = st.sampled_from(("over 3 USD", "under 5 USD", "-1..2 USD", "10..20 USD"))


@st.composite
def companies(draw: st.DrawFn, *, bounded: bool = False, quarters: bool = True) -> dict[str, Any]:
    """What is given of a company: most of it missing."""
    stated: dict[str, dict[str, str]] = {}
    for name in (*FLOWS, *STOCKS, *RATIOS):
        if draw(st.integers(0, 3)) == 0:
            continue
        values = _RATIO if name in RATIOS else _NUMBER
        if bounded and name not in RATIOS:
            values = st.one_of(values, _BOUND)
        for year in YEARS:
            kind = draw(st.sampled_from(("", "", "", "", "E", "~")))
            if kind != "~":
                stated.setdefault(name, {})[year + kind] = draw(values)
            elif quarters and name in FLOWS:
                for quarter in range(1, draw(st.integers(1, 5))):
                    stated.setdefault(name, {})[f"{year[2:]}Q{quarter}"] = draw(values)
    return stated


_MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def _case(formula: str, stated: dict[str, Any], frame: str = "year") -> Any:
    return cases.Case({"formula": formula, "given": stated, "frame": frame}, plan())


@_MANY
@given(
    st.one_of(ratios(), conditions(), amounts()),
    companies(),
    st.sampled_from(("year", "half", "quarter", "to-date", "ttm")),
)
def test_engines_agree(formula: str, stated: dict[str, Any], frame: str) -> None:
    """Points and evidence agree on values, kinds and what is missing, which has causes."""
    case = _case(formula, stated, frame)
    points, bounds = case.row("points"), case.row("bounds")
    truth = case.formula.measure.truth
    for value, kind, cell in zip(points.values, points.kinds, bounds, strict=True):
        exact = cell.truth if truth else cell.point
        if "streak" in case.formula.calls:  # open at its beginning, which points cannot say
            assert value is None or cases.near(value, exact)
            continue
        assert cases.near(value, exact), (formula, value, cell)
        assert kind == cell.kind, (formula, kind, cell)
        assert value is not None or cell.causes, (formula, cell)


@_MANY
@given(st.one_of(ratios(), conditions(), amounts()), companies(bounded=True), st.randoms())
def test_intervals_are_sound(formula: str, stated: dict[str, Any], chance: random.Random) -> None:
    """A formula at any point of the stated boxes lies within what evidence says of it."""
    case = _case(formula, stated)
    calls = case.formula.calls
    assume(not calls & {"known", "coalesce", "streak"})  # they ask what is known, not what is so
    truth = case.formula.measure.truth
    printed = case.row("printed")
    for _ in range(5):
        for fact in case.company.facts:
            low, high = max(fact.low, -1e9), min(fact.high, 1e9)
            fact.value = chance.choice((low, high, chance.uniform(low, high)))
        sampled = cases.Context(plan(), cases.Ledger(case.company), case.context.day)
        points = sampled.evaluator("year", "points").row(case.formula)
        for value, cell in zip(points.values, printed, strict=True):
            if value is None or cell.low is None:
                continue
            if truth:
                assert cell.truth in (None, value), (formula, stated, cell)
            else:
                room = 1e-9 * max(1.0, abs(value))
                assert cell.low - room <= value <= cell.high + room, (formula, stated, value, cell)


@_MANY
@given(st.one_of(ratios(3), conditions(3), amounts(3)), companies(bounded=True))
def test_evaluation_is_total(formula: str, stated: dict[str, Any]) -> None:
    """Whatever passes the checker can be worked out, in every frame and mode."""
    for frame in ("year", "half", "quarter", "month", "to-date", "ttm", "date", "range"):
        case = _case(formula, stated, frame)
        for mode in cases.MODES:
            row = case.row(mode)
            assert len(row.values if mode == "points" else row) == len(case.labels)


# Text that nobody wrote.

_PIECES = st.lists(
    st.one_of(
        st.sampled_from((*FLOWS, *FUNCTIONS, "and", "or", "not", "if", "else", "(", ")", ",", "=")),
        st.sampled_from(
            ("+", "-", "*", "/", "<", ">", "==", "10%", "3亿", "18 months", '"region"')
        ),
        st.sampled_from((" ", "  ", "\n", "5", "x", ".", "%", "**", "//", "_", "lambda", "'")),
        st.text(max_size=3),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=500)
@given(st.one_of(st.text(), _PIECES))
@example("(" * 100_000)
@example("5revenue")
@example("1if 2else 3")
@example("\x00")
@example("0" * 2000)
def test_reading_never_raises(text: str) -> None:
    """Any text gives a tree or exactly one diagnostic at a place within it."""
    report = Report()
    node = Scalar(Source("case", text), text, None, 1, 1, 0)
    parsed = parse_formula(node, report)
    assert (parsed is None) == bool(report.items)
    assert len(report.items) <= 1
    for item in report.items:
        assert 1 <= item.line <= text.count("\n") + 1
        assert item.column >= 1
    if parsed is not None:
        assert sum(1 for _ in ast.walk(parsed.tree)) < 1000


@settings(max_examples=300)
@given(_PIECES)
def test_checking_never_raises(text: str) -> None:
    """Any text is a checked formula or has diagnostics."""
    report = Report()
    formula = cases.compile_formula(text, plan(), report)
    assert (formula is None) == bool(report.items)
