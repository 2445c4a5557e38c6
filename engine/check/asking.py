"""Formulas from outside the packs over a plan: a memo's expression, a waiver's condition."""

from __future__ import annotations

from ddcheck.engine.language.check import check_formula
from ddcheck.engine.language.scope import Named, Scope
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.units import Measure, concept_measure
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean

_NOTHING: frozenset[str] = frozenset()


def formula_over(plan: Plan, node: Scalar, report: Report) -> Formula | None:
    """The formula that `node` writes with the names of `plan`, or None and a diagnostic."""
    return check_formula(node, scope_of(plan), report)


def scope_of(plan: Plan) -> Scope:
    """What formulas over `plan` may name: all that its packs define."""

    def resolve(name: str) -> Named | None:
        parameter = plan.parameters.get(name)
        if parameter is not None:
            return Named("parameter", Measure(parameter.unit), _NOTHING, _NOTHING, _NOTHING)
        metric = plan.metrics.get(name)
        if metric is not None:
            rules = _NOTHING.union(*(f.rules for f in (*metric.formulas, *metric.between)))
            return Named("metric", metric.measure, metric.leaves, metric.calls, rules)
        concept = plan.vocabulary.concepts.get(name)
        if concept is None:
            return None
        derived = plan.derived.get(name, ())
        leaves = frozenset({name}).union(*(formula.leaves for formula in derived))
        calls = _NOTHING.union(*(formula.calls for formula in derived))
        measure = concept_measure(concept.unit, concept.time)
        return Named("concept", measure, leaves, calls, _NOTHING)

    def rule(name: str) -> Named | None:
        found = plan.rules.get(name)
        if found is None:
            return None
        return Named("rule", Measure((), truth=True), found.leaves, found.calls, frozenset({name}))

    def known() -> list[str]:
        return [*plan.vocabulary.concepts, *plan.metrics, *plan.parameters]

    return Scope(resolve, known, rule, lambda: plan.rules, plan.vocabulary.dimensions)


def nearest_name(plan: Plan, name: str) -> str | None:
    """What was likely meant by `name`, in words, or None."""
    return did_you_mean(name, (*plan.vocabulary.concepts, *plan.metrics))
