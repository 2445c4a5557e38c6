"""The names of a plan: what packs define, each name once, and what facts may be stated of."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.language.functions import FUNCTIONS
from ddcheck.engine.model.pack import MetricDefinition, Packs, Parameter, RuleDefinition
from ddcheck.engine.model.plan import Metric
from ddcheck.engine.model.vocabulary import Concept, Term
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar


class Defined(NamedTuple):
    """What all packs together define, by id."""

    parameters: dict[str, Parameter]
    metrics: dict[str, MetricDefinition]
    rules: dict[str, RuleDefinition]


def collect(packs: Packs, report: Report) -> Defined:
    """The definitions of every pack; a name that is taken already is DD210 or DD218."""
    taken = dict.fromkeys(packs.vocabulary.concepts, "a concept")
    taken.update(dict.fromkeys(FUNCTIONS, "a function"))
    defined = Defined({}, {}, {})
    for pack in packs.packs:
        for name, parameter in pack.parameters.items():
            if _free(name, parameter.node, taken, "a parameter", report):
                defined.parameters[name] = parameter
        for name, metric in pack.metrics.items():
            if _free(name, metric.node, taken, "a metric", report):
                defined.metrics[name] = metric
        for name, rule in pack.rules.items():
            if taken.get(name) == "a metric":
                report.error("DD218", rule.node, f"`{name}` is a metric already")
                continue
            first = defined.rules.setdefault(name, rule)
            if first is not rule:
                message = f"rule `{name}` is in pack `{first.pack}` already"
                report.error("DD218", rule.node, message)
    for name, concept in packs.vocabulary.concepts.items():
        if name in FUNCTIONS:
            report.error("DD210", concept.node, f"`{name}` is a function")
    return defined


def _free(name: str, node: Scalar, taken: dict[str, str], what: str, report: Report) -> bool:
    if name in taken:
        report.error(
            "DD210",
            node,
            f"`{name}` is {taken[name]} already",
            "choose another name; `set` and `overrides` change what an extended pack defines",
        )
        return False
    taken[name] = what
    return True


def list_terms(
    concepts: dict[str, Concept],
    definitions: dict[str, MetricDefinition],
    metrics: dict[str, Metric],
) -> dict[str, Term]:
    """Every concept and metric by id, with its unit and its relation to time.

    A metric made of stocks alone is a stock, any other holds for a period and is never summed. A
    metric whose formula is at fault may still be stated.
    """
    terms = {
        name: Term(
            name, concept.time, concept.unit, concept.label, False, concept.quoted, concept.positive
        )
        for name, concept in concepts.items()
    }
    for name, definition in definitions.items():
        metric = metrics.get(name)
        times = {f.measure.time for f in metric.formulas} if metric is not None else set()
        time = "stock" if times == {"stock"} else "average"
        terms[name] = Term(name, time, definition.unit, definition.title, True)
    return terms
