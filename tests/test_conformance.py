"""The conformance cases: what a formula of the language means, the same in every engine."""

from __future__ import annotations

import functools
import math
from typing import Any

import beside
import pytest

from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report

cases = beside.module("conformance_cases", "conformance/cases.py")


@functools.cache
def plan() -> Plan:
    return cases.load_plan()


def _entries(key: str) -> list[Any]:
    found = []
    for file in cases.files():
        for entry in cases.read(file, key):
            name = entry.get("name") or entry["formula"][:40]
            found.append(pytest.param(entry, id=f"{file.removesuffix('.yaml')}: {name}"))
    return found


def _set(value: Any) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value)


def _expected(entry: Any) -> dict[str, Any]:
    """What a case expects at one period, with what it need not write filled in."""
    if isinstance(entry, str):
        entry = {"value": entry}
    keys = {"value", "kind", "between", "low", "high", "missing", "unknown", "assumed"}
    assert set(entry) <= keys, f"`expect` has no {set(entry) - keys}"
    value = entry.get("value")
    if value in ("true", "false"):
        value = value == "true"
    elif value is not None:
        value = cases.number(value)
    between = entry.get("between")
    low, high = (_end(entry.get(side)) for side in ("low", "high"))
    known = value is not None or between is not None
    return {
        "value": value,
        "kind": entry.get("kind", "actual" if known else None),
        "between": tuple(cases.number(end) for end in between) if between else None,
        "low": low,
        "high": high,
        "causes": _set(entry.get("missing", entry.get("unknown", ()))),
        "assumed": entry.get("assumed") == "true",
    }


def _end(text: str | None) -> float | None:
    return None if text is None else cases.number(text)


def _same(got: Any, wanted: dict[str, Any]) -> bool:
    if not cases.near(got.value, wanted["value"]) or got.causes != wanted["causes"]:
        return False
    if wanted["kind"] is not None and got.kind != wanted["kind"]:
        return False
    if (got.between is None) != (wanted["between"] is None):
        return False
    if got.between and not all(map(cases.near, got.between, wanted["between"])):
        return False
    for side in ("low", "high"):
        if wanted[side] is not None and not cases.near(getattr(got, side), wanted[side]):
            return False
    return got.value is None or got.assumed == wanted["assumed"]


@pytest.mark.parametrize("entry", _entries("cases"))
def test_case(entry: dict[str, Any]) -> None:
    case = cases.Case(entry, plan())
    if "exists" in entry:
        assert case.exists() == entry["exists"]
    expect = entry["expect"]
    if expect == "no periods":
        assert case.labels == []
    else:
        several = isinstance(expect, dict) and set(expect) <= set(case.labels)
        at = entry.get("at", cases.NOW)
        for label, item in expect.items() if several else [(at, expect)]:
            got, wanted = case.result(label), _expected(item)
            assert _same(got, wanted), f"at {label}: {got}, not {wanted}"
    _engines_agree(case)


def _engines_agree(case: Any) -> None:
    """Points say what evidence says, and the printed digits hold what points say."""
    points = case.row("points")
    bounds, printed = case.row("bounds"), case.row("printed")
    truth = case.formula.measure.truth
    alone = case.mode == "points"
    for i, label in enumerate(case.labels):
        cell, wide = bounds[i], printed[i]
        exact = cell.truth if truth else cell.point
        if alone:
            assert cases.near(points.values[i], exact), (label, points.values[i], cell)
            assert points.kinds[i] == cell.kind, (label, points.kinds[i], cell)
        elif points.values[i] is not None and not case.formula.calls & {"known", "coalesce"}:
            # points see no bounds, so that a bounded fact is not known to them
            assert cases.near(points.values[i], exact), (label, points.values[i], cell)
        assert cell.causes or cell.low is not None, f"{label}: missing without a cause"
        if exact is None:
            if cell.low is None and wide.low is None:
                assert wide.causes == cell.causes, (label, cell, wide)
            elif cell.low is None:  # only rounding hides it, and nothing is claimed of it
                assert (wide.low, wide.high) == (-math.inf, math.inf), (label, cell, wide)
            continue
        assert cell.kind == wide.kind, (label, cell, wide)
        if truth:
            assert wide.truth in (None, exact), (label, cell, wide)
        elif wide.low is not None:
            room = 1e-9 * max(1.0, abs(exact))
            assert wide.low - room <= exact <= wide.high + room, (label, cell, wide)


def test_every_function_has_cases() -> None:
    text = " ".join(
        entry["formula"] for file in cases.files() for entry in cases.read(file, "cases")
    )
    assert [name for name in FUNCTIONS if f"{name}(" not in text] == []


def test_names_are_used_once() -> None:
    names = [entry["name"] for file in cases.files() for entry in cases.read(file, "cases")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("entry", _entries("refused"))
def test_refused(entry: dict[str, Any]) -> None:
    """A formula that is refused: its code, where, in which words, and what is offered."""
    text = entry["formula"] * int(entry.get("times", 1))
    report = Report()
    assert cases.compile_formula(text, plan(), report) is None
    assert len(report.items) == 1, report.items
    found = report.items[0]
    line, _, column = entry["at"].partition(":")
    got = (found.code, found.line, found.column, found.message, found.help)
    assert got == (entry["code"], int(line), int(column), entry["says"], entry.get("help"))
