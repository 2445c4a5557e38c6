"""The facts of a company as sheets of a workbook: a list, and a statement as one is printed.

The statement has a row for each concept and a column for each period, figures with the decimals
that their sources print, so that `ddcheck import table` reads it back.
"""

from __future__ import annotations

import math
from decimal import Decimal

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.units import foreign_currency
from ddcheck.engine.report.workbook import Page
from ddcheck.engine.text.translate import say

_MILLION = 1_000_000
#: Figures of these units are shown in millions where they are that large.
_SCALED = frozenset({"shares", "ads", "votes", "minutes"})
_SCALES = (("", 1), ("thousand", 1_000), ("million", _MILLION), ("billion", 1_000_000_000))
_MAX_DECIMALS = 9

Value = str | float | int | bool | None


def fact_pages(
    plan: Plan, ledger: Ledger, columns: tuple[str, ...], rows: list[dict[str, Value]],
    language: str, concept: str | None,
) -> list[Page]:  # fmt: skip
    """The sheets `Facts`, which lists `rows`, and `Statement`, of the facts that count."""
    listed = tuple(tuple(row.get(name) for name in columns) for row in rows)
    heads = tuple(say(language, name) for name in columns)
    pages = [Page(say(language, "Facts"), heads, listed, {})]
    statement = _statement(plan, ledger, language, concept)
    return [*pages, statement] if statement is not None else pages


def _statement(plan: Plan, ledger: Ledger, language: str, concept: str | None) -> Page | None:
    own = ledger.company.currency
    facts = [
        fact
        for fact in ledger.facts
        if fact.scope is None and not fact.share and ledger.is_chosen(fact)
        and foreign_currency(fact.unit, own) is None and concept in (None, fact.concept)
        and (fact.period.frame != "range" and ".." not in fact.period.label)
    ]  # fmt: skip
    periods = {(f.period, f.kind): f.period.label + kind_suffix(f.kind) for f in facts}
    if not periods:
        return None
    ordered = sorted(periods, key=lambda key: (key[0].end, key[0].months, key[1]))
    labels = list(dict.fromkeys(periods[key] for key in ordered))
    by_concept: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        by_concept.setdefault(fact.concept, {})[periods[fact.period, fact.kind]] = fact
    rows, formats = [], {}
    for number, (name, stated) in enumerate(by_concept.items()):
        unit, factor = _unit(list(stated.values()))
        row: list[Value] = [name, plan.terms[name].label.text(language), unit]
        for place, label in enumerate(labels):
            found = stated.get(label)
            value, code = _cell(found, factor) if found is not None else (None, "")
            row.append(value)
            if code:
                formats[number, place + 3] = code
        rows.append(tuple(row))
    heads = (say(language, "concept"), say(language, "Label"), say(language, "Unit"), *labels)
    return Page(say(language, "Statement"), heads, tuple(rows), formats, frozen=3)


def _unit(facts: list[Fact]) -> tuple[str, float]:
    """The unit of a row in words, and what its figures are divided by."""
    unit = facts[0].unit
    if unit == "ratio":
        return "%", 1
    points = [fact for fact in facts if fact.value is not None and math.isfinite(fact.high)]
    size = max((abs(fact.value or 0) for fact in points), default=0)
    # No figure may show more digits than its source printed.
    step = max((fact.high - fact.low for fact in points), default=0)
    large = _MILLION if size >= _MILLION and (unit.isupper() or unit in _SCALED) else 1
    word, factor = next(
        ((word, factor) for word, factor in _SCALES if factor >= max(large, step * 0.999)),
        _SCALES[-1],
    )
    above, _, below = unit.partition("/")
    return f"{above} {word}".strip() + (f"/{below}" if below else ""), factor


def _cell(fact: Fact, factor: float) -> tuple[Value, str]:
    """A fact as a number with a format that shows its decimals; a bound or range as text."""
    if fact.value is None or fact.qualifier:
        return fact.node.text, ""
    scale = factor if fact.unit != "ratio" else 0.01
    decimals = _decimals((fact.high - fact.low) / scale)
    value = float(Decimal(repr(fact.value)) / Decimal(repr(factor)))
    shown = float(f"{value:.15g}")
    if decimals is None and fact.unit == "ratio":
        times = _decimals(fact.high - fact.low)
        return (shown, f'0.{"0" * times}"x"') if times else (f"{shown:g}x", "")
    if decimals is None:
        return shown, "General"
    places = f".{'0' * decimals}" if decimals else ""
    return shown, f"0{places}%" if fact.unit == "ratio" else f"#,##0{places}"


def _decimals(step: float) -> int | None:
    """To how many decimals a figure is printed whose interval is `step` wide."""
    if not math.isfinite(step) or step <= 0:
        return None
    places = -math.log10(step)
    nearest = round(places)
    if abs(places - nearest) > 1e-6 or not 0 <= nearest <= _MAX_DECIMALS:
        return None
    return nearest
