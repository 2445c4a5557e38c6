"""Whether a formula gives what is declared of its metric or concept."""

from __future__ import annotations

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.pack import MetricDefinition
from ddcheck.engine.model.units import Measure, unit_name
from ddcheck.engine.text.diagnostics import Report


def is_declared(definition: MetricDefinition, formula: Formula, report: Report) -> bool:
    """Whether `formula` gives the unit that its metric declares; DD209 if not."""
    got = formula.measure
    if got.zero:
        return True
    fits = not got.truth and got.unit == definition.unit and got.per_year in (0, -1)
    if fits and got.per_period in (0, -1):
        return True
    report.error(
        "DD209",
        formula.node,
        f"`{definition.id}` is declared {unit_name(definition.unit)}; "
        f"this formula gives {got.name()}",
        "turn a duration into numbers with in_months() or in_days()"
        if got.per_period > 0 or got.per_year > 0
        else None,
    )
    return False


def fits(got: Measure, wanted: Measure) -> bool:
    """Whether a derived formula gives what its concept is; a bare ratio fits a ratio."""
    if got.truth or got.unit != wanted.unit:
        return False
    if got.per_period == wanted.per_period and got.per_year == wanted.per_year:
        return True
    return wanted.per_period == 0 and wanted.time == "average" and got.per_period == -1
