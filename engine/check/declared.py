"""What definitions declare of themselves: a category there is, and the unit that formulas give."""

from __future__ import annotations

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.pack import Grading, MetricDefinition, RuleDefinition
from ddcheck.engine.model.units import Measure, unit_name
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean


def check_category(
    definition: MetricDefinition | RuleDefinition, grading: Grading | None, report: Report
) -> None:
    """Report a definition without a category (DD219) or with one that `grading` has not (DD113)."""
    if definition.category is None:
        report.error(
            "DD219", definition.node, f"`{definition.id}` has no category",
            "write `category:` at the head of the file or on the entry",
        )  # fmt: skip
    elif grading is not None and definition.category not in grading.categories:
        report.error(
            "DD113",
            definition.category_node or definition.node,
            f"`{definition.id}` has the unknown category `{definition.category}`",
            did_you_mean(definition.category, grading.categories),
        )


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
