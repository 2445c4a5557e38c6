"""Conflicts of a stated metric with what the same company's figures make of it."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import PRINTED
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.ledger import Conflict
from ddcheck.engine.model.periods import ACTUAL
from ddcheck.engine.model.plan import Metric
from ddcheck.engine.model.wording import value_text


def computed_against_stated(judge: Judge) -> tuple[Conflict, ...]:
    """Every actual that a source states of a metric whose interval the computed one does not meet.

    The computed value counts; the stated one is the candidate that is shown.
    """
    plan, ledger = judge.context.plan, judge.context.ledger
    found = []
    for fact in ledger.facts:
        metric = plan.metrics.get(fact.concept)
        if metric is None or fact.scope is not None or fact.kind != ACTUAL:
            continue
        cell = _computed(judge, metric, fact) if ledger.is_chosen(fact) else None
        if cell is None or cell.low is None or cell.high is None:
            continue
        if cell.low > fact.high or cell.high < fact.low:
            words = value_text(None, metric.definition.unit_name, "percent", cell.low, cell.high)
            reason = f"computed from stated figures: {words}"
            found.append(
                Conflict(
                    "computed-vs-stated", metric.id, fact.period, None, (fact,), "computed", reason
                )
            )
    return tuple(found)


def _computed(judge: Judge, metric: Metric, fact: Fact) -> Cell | None:
    """What the metric's formulas give of actuals for the period of `fact`; None for nothing."""
    frame = fact.period.frame
    evaluator = judge.context.evaluator(frame, PRINTED)
    span = (fact.period.start, fact.period.months, fact.period.end)
    for i, period in enumerate(evaluator.axis.periods):
        if (period.start, period.months, period.end) == span:
            cells: list[Cell] = [evaluator.row(formula)[i] for formula in metric.formulas]
            known = (cell for cell in cells if cell.low is not None and cell.kind == ACTUAL)
            return next(known, None)
    return None
