"""Conflicts of a stated figure with what the same company's other figures make of it."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import PRINTED
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import Conflict
from ddcheck.engine.model.periods import ACTUAL
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text

#: Where a balance may be computed: at the end of one of these.
_ENDS = ("year", "half", "quarter", "month")


def computed_against_stated(judge: Judge) -> tuple[Conflict, ...]:
    """Every stated actual whose interval does not meet the one computed from actuals.

    Of a metric the computed value counts, of a concept the stated one.
    """
    plan, ledger = judge.context.plan, judge.context.ledger
    found = []
    for fact in ledger.reported.facts:
        metric = plan.metrics.get(fact.concept)
        formulas = metric.formulas if metric is not None else plan.derived.get(fact.concept, ())
        if not formulas or fact.scope is not None or fact.kind != ACTUAL:
            continue
        cell = _computed(judge, formulas, fact) if ledger.is_chosen(fact) else None
        if cell is None or cell.low is None or cell.high is None:
            continue
        if cell.low > fact.high or cell.high < fact.low:
            unit = unit_name(plan.terms[fact.concept].unit)
            words = value_text(cell.point, unit, "percent", cell.low, cell.high)
            chosen = "computed" if metric is not None else fact.source
            reason = f"other stated figures make it {words}"
            found.append(
                Conflict(
                    "computed-vs-stated", fact.concept, fact.period, None, (fact,), chosen, reason
                )
            )
    return tuple(found)


def _computed(judge: Judge, formulas: tuple[Formula, ...], fact: Fact) -> Cell | None:
    """What the formulas give of actuals for the period of `fact`; None for nothing."""
    frames = (fact.period.frame,) if fact.period.months else _ENDS
    for frame in frames:
        evaluator = judge.context.evaluator(frame, PRINTED)
        for i, period in enumerate(evaluator.axis.periods):
            same = (period.start, period.months) == (fact.period.start, fact.period.months)
            if period.end != fact.period.end or (fact.period.months and not same):
                continue
            cells: list[Cell] = [evaluator.row(formula)[i] for formula in formulas]
            known = (cell for cell in cells if cell.low is not None and cell.kind == ACTUAL)
            found = next(known, None)
            if found is not None:
                return found
    return None
