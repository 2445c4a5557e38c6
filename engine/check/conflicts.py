"""Conflicts: figures of one company that cannot all be right, each with its type.

Sources against each other, what is stated against what other figures come to, guidance against
what came in, members' shares against their amounts. Figures that the last printed digit allows to
be the same are no conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ddcheck.engine.check.judge import Judge, in_order
from ddcheck.engine.check.likeness import (
    COMPUTED,
    GUIDED,
    RESTATEMENT,
    UNIT,
    VALUE,
    key_of,
    side_of,
    type_of,
    unit_slip,
)
from ddcheck.engine.check.rivals import between_currencies, between_sources
from ddcheck.engine.check.splits import of_breakdowns
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import POINTS, PRINTED
from ddcheck.engine.model.axes import positions
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import ONLY_ACTUAL
from ddcheck.engine.model.marks import apart
from ddcheck.engine.model.periods import ACTUAL, GUIDANCE
from ddcheck.engine.model.sums import entry_facts
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text


def find_conflicts(judge: Judge) -> tuple[Conflict, ...]:
    """Every conflict and every note on rounding; what they decide is not worked out here."""
    plan, ledger = judge.context.plan, judge.context.ledger
    return (
        *between_sources(plan, ledger),
        *between_currencies(ledger),
        *_against_computed(judge),
        *_against_parts(judge),
        *_against_guidance(judge),
        *of_breakdowns(judge),
    )


# What is stated against what other figures come to.


def _against_computed(judge: Judge) -> Iterator[Conflict]:
    """Every stated actual whose interval does not meet the one computed from actuals.

    Of a metric the computed value counts, of a concept the stated one.
    """
    plan, ledger = judge.context.plan, judge.context.ledger
    rows: dict[tuple[int, str, str], Any] = {}
    for fact in ledger.reported.facts:
        metric = plan.metrics.get(fact.concept)
        formulas = metric.formulas if metric is not None else plan.derived.get(fact.concept, ())
        # A formula that leaves out a term of one before it only comes near.
        formulas = tuple(
            formula
            for i, formula in enumerate(formulas)
            if not any(before.names > formula.names for before in formulas[:i])
        )
        if not formulas or fact.scope is not None or fact.kind != ACTUAL:
            continue
        cell = _computed(judge, formulas, fact, rows) if ledger.is_chosen(fact) else None
        if cell is not None and cell.low is not None and cell.high is not None:
            chosen = "computed" if metric is not None else fact.source
            basis = in_order({part for entry in cell.entries for part in entry_facts(entry)})
            yield from _against(judge, fact, cell.low, cell.high, chosen, basis)


def _against(
    judge: Judge, fact: Fact, low: float, high: float, chosen: str, basis: tuple[Fact, ...]
) -> Iterator[Conflict]:
    """The conflict of a stated fact with what is computed to lie from `low` to `high`, if any."""
    plan, ledger = judge.context.plan, judge.context.ledger
    side = side_of(fact, low, high)
    if not apart(fact, side):
        return
    unit = unit_name(plan.terms[fact.concept].unit)
    side.text = value_text(low if low == high else None, unit, "percent", low, high)
    kind, detail = type_of(plan, ledger, fact, side)
    yield Conflict(
        COMPUTED if kind in (VALUE, RESTATEMENT) else kind,
        fact.concept,
        fact.period,
        fact.scope,
        (fact,),
        chosen,
        f"other stated figures make it {side.text}",
        detail=detail,
        computed=(low, high),
        basis=basis,
    )


def _computed(
    judge: Judge, formulas: tuple[Formula, ...], fact: Fact, rows: dict[tuple[int, str, str], Any]
) -> Cell | None:
    """What the formulas give of actuals for the period of `fact`, where it is not the same.

    `rows` keeps what was worked out for other facts of the same name.
    """

    def row(formula: Formula, frame: str, mode: str) -> Any:
        key = (id(formula), frame, mode)
        if key not in rows:
            rows[key] = judge.context.evaluator(frame, mode).row(formula)
        return rows[key]

    for frame, i in positions(fact.period, judge.context.axis):
        for formula in formulas:
            points = row(formula, frame, POINTS)
            value = points.values[i]
            if value is None and judge.evidence_mode(formula.leaves, formula.calls) == POINTS:
                continue
            if value is not None and points.kinds[i] == ACTUAL and fact.low <= value <= fact.high:
                return None  # its rounding holds it as well
            cell: Cell = row(formula, frame, PRINTED)[i]
            if cell.low is not None and cell.kind == ACTUAL and not cell.assumed:
                return cell
    return None


def _against_parts(judge: Judge) -> Iterator[Conflict]:
    """Stated flows over a span that the stated flows of its parts do not add up to."""
    ledger, terms = judge.context.ledger, judge.context.plan.terms
    lengths: dict[tuple[str, object], set[int]] = {}
    flows = [
        fact
        for fact in ledger.facts
        if fact.kind == ACTUAL and fact.period.months and not fact.share
        if terms[fact.concept].time == "flow"
    ]
    for fact in flows:
        lengths.setdefault((fact.concept, fact.scope), set()).add(fact.period.months)
    for fact in flows:
        if fact.period.months > min(lengths[fact.concept, fact.scope]) and ledger.is_chosen(fact):
            total = ledger.summed(fact)
            if total is not None:
                basis = in_order(entry_facts(total))
                yield from _against(judge, fact, total.low, total.high, fact.source, basis)


# Guidance against what came in.


def _against_guidance(judge: Judge) -> Iterator[Conflict]:
    """Every guided range that the actual figure lies outside of."""
    context, ledger = judge.context, judge.context.ledger
    for fact in ledger.facts:
        if fact.kind != GUIDANCE or fact.scope is not None or not ledger.is_chosen(fact):
            continue
        unit = unit_name(context.plan.terms[fact.concept].unit)
        for frame, i in positions(fact.period, judge.context.axis):
            evaluator = context.evaluator(frame, PRINTED)
            cells = evaluator.a.cells(context.kinded(fact.concept, ONLY_ACTUAL, evaluator))
            cell: Cell = cells[i]
            if cell.low is None or cell.high is None or cell.assumed:
                continue
            actual = side_of(fact, cell.low, cell.high)
            if not apart(fact, actual):
                break
            basis = in_order({part for entry in cell.entries for part in entry_facts(entry)})
            stated = tuple(f for f in basis if key_of(f, kind=False) == key_of(fact, kind=False))
            guided, came = (
                value_text(None, unit, "percent", f.low, f.high) for f in (fact, actual)
            )
            factor = unit_slip(ledger, fact, actual)
            yield Conflict(
                GUIDED if factor is None else UNIT,
                fact.concept,
                fact.period,
                None,
                (*stated, fact),
                stated[0].source if stated else "computed",
                "what came in counts",
                detail=factor or f"guided {guided}, came in at {came}",
                computed=None if stated else (cell.low, cell.high),
                basis=basis,
            )
            break
