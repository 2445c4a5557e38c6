"""Compiling packs into a plan: names resolved, units checked, cycles and slips found.

Everything that can be known without a company is decided here. Definitions are compiled on first
use, so that order in files does not matter; one that is at fault is left out with all that rests
on it, and reported once.
"""

from __future__ import annotations

from ddcheck.engine.check.declared import check_category, fits, is_declared
from ddcheck.engine.check.ladders import Signs, check_denominators, check_order, read_steps
from ddcheck.engine.check.locks import check_locks
from ddcheck.engine.check.messages import compile_message, compile_show
from ddcheck.engine.check.terms import collect, list_terms
from ddcheck.engine.language.check import check_formula
from ddcheck.engine.language.scope import Named, Scope
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.pack import (
    OPERATORS,
    RISING,
    Ladder,
    MetricDefinition,
    Packs,
    RuleDefinition,
)
from ddcheck.engine.model.plan import Metric, MetricLadder, Plan, Rule, Step
from ddcheck.engine.model.units import Measure, concept_measure
from ddcheck.engine.model.vocabulary import Term
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean

_EMPTY: frozenset[str] = frozenset()


def compile_packs(packs: Packs, report: Report) -> Plan:
    """The plan of `packs`; mistakes (DD2xx) are reported at their places."""
    plan = Compiler(packs, report).plan()
    check_locks(plan, report)
    return plan


def plan_of(packs: Packs, shipped: Packs | None, report: Report) -> Plan:
    """The plan of `packs`; metrics of `shipped` that are not applied stay stated facts."""
    plan = compile_packs(packs, report)
    if shipped is None or not plan.rules:
        return plan
    applied = {pack.path for pack in packs.packs}
    if all(pack.path in applied for pack in shipped.packs):
        return plan
    return plan._replace(terms={**Compiler(shipped, Report()).terms(), **plan.terms})


class Compiler:
    """Compiles `packs`; afterwards single definitions anew, each as if it had stood there."""

    def __init__(self, packs: Packs, report: Report) -> None:
        self.packs = packs
        self.report = report
        self.concepts = packs.vocabulary.concepts
        defined = collect(packs, report)
        self.parameters = defined.parameters
        self.metric_definitions = defined.metrics
        self.rule_definitions = defined.rules
        self.metrics: dict[str, Metric | None] = {}
        self.rules: dict[str, Rule | None] = {}
        self.derived: dict[str, tuple[Formula, ...]] = {}
        self.named: dict[str, Named | None] = {}
        self.open: list[str] = []
        self.scope = Scope(
            self.resolve,
            self.known,
            self.resolve_rule,
            lambda: self.rule_definitions,
            packs.vocabulary.dimensions,
        )

    def terms(self) -> dict[str, Term]:
        """Every concept and metric by id, as facts may be stated of them."""
        for name in self._measurable():
            self.resolve(name)
        return list_terms(self.concepts, self.metric_definitions, self._sound())

    def _sound(self) -> dict[str, Metric]:
        return {name: metric for name, metric in self.metrics.items() if metric is not None}

    def plan(self) -> Plan:
        """The plan of all definitions."""
        terms = self.terms()
        for rule in self.rule_definitions:
            self.resolve_rule(rule)
        metrics = self._sound()
        rules = {name: rule for name, rule in self.rules.items() if rule is not None}
        reach = {name: named.leaves for name, named in self.named.items() if named is not None}
        return Plan(
            self.packs,
            self.packs.vocabulary,
            self.packs.grading,
            self.parameters,
            metrics,
            {name: rules[name] for name in self.rule_definitions if name in rules},
            self.derived,
            reach,
            terms,
        )

    def again(self, definition: MetricDefinition | RuleDefinition) -> Metric | Rule | None:
        """`definition` in place of the one with its id, all else as it is; None if at fault."""
        self.report = Report()
        if isinstance(definition, RuleDefinition):
            return self._rule(definition)
        kept = self.named[definition.id]
        found = self._metric(definition)
        self.named[definition.id] = kept
        return found

    def known(self) -> list[str]:
        """Every name that formulas may use."""
        return [*self.concepts, *self.metric_definitions, *self.parameters]

    def _measurable(self) -> list[str]:
        """The names of facts and metrics."""
        return [*self.concepts, *self.metric_definitions]

    def _is_measurable(self, name: str) -> bool:
        named = name in self.concepts or name in self.metric_definitions
        return named and self.resolve(name) is not None

    def resolve(self, name: str) -> Named | None:
        """What `name` stands for; None if there is no such name or its definition is at fault."""
        if name in self.named:
            return self.named[name]
        parameter = self.parameters.get(name)
        if parameter is not None:
            found = Named("parameter", Measure(parameter.unit), _EMPTY, _EMPTY, _EMPTY)
            self.named[name] = found
            return found
        if name not in self.concepts and name not in self.metric_definitions:
            return None
        if self._circular(name):
            return None
        self.open.append(name)
        if name in self.concepts:
            self.named[name] = self._concept(name)
        else:
            metric = self._metric(self.metric_definitions[name])
            self.metrics[name] = metric
            self.named[name] = None
            if metric is not None:
                rules = (
                    frozenset().union(*(f.rules for f in (*metric.formulas, *metric.between)))
                    or _EMPTY
                )
                self.named[name] = Named(
                    "metric", metric.measure, metric.leaves, metric.calls, rules
                )
        self.open.pop()
        return self.named[name]

    def _circular(self, name: str) -> bool:
        if name not in self.open:
            return False
        chain = " -> ".join([*self.open[self.open.index(name) :], name])
        if name in self.concepts:
            node = self.concepts[name].derive[0]
        elif name in self.metric_definitions:
            definition = self.metric_definitions[name]
            node = definition.formulas[0] if definition.formulas else definition.node
        else:
            node = self.rule_definitions[name].node
        self.report.error("DD208", node, f"a cycle: {chain}")
        return True

    def _concept(self, name: str) -> Named:
        concept = self.concepts[name]
        measure = concept_measure(concept.unit, concept.time)
        leaves, calls, rules = frozenset({name}), _EMPTY, _EMPTY
        formulas = []
        for node in concept.derive:
            formula = check_formula(node, self.scope, self.report)
            if formula is None:
                continue
            if not fits(formula.measure, measure):
                self.report.error(
                    "DD209",
                    node,
                    f"`{name}` is {measure.name()}; this formula gives {formula.measure.name()}",
                )
                continue
            formulas.append(formula)
            leaves |= formula.leaves
            calls |= formula.calls
            rules |= formula.rules
        if formulas:
            self.derived[name] = tuple(formulas)
        return Named("concept", measure, leaves, calls, rules)

    def _metric(self, definition: MetricDefinition) -> Metric | None:
        check_category(definition, self.packs.grading, self.report)
        formulas = self._formulas(definition.formulas)
        between = self._formulas(definition.between)
        applies = self._condition(definition.applies_when)
        if len(formulas) < len(definition.formulas) or len(between) < len(definition.between):
            return None
        if definition.applies_when is not None and applies is None:
            return None
        measure = Measure(definition.unit, time="average")
        for formula in (*formulas, *between):
            if not is_declared(definition, formula, self.report):
                return None
        if formulas:
            measure = formulas[0].measure._replace(bare=False, zero=False)
        used = [*formulas, *between, *([applies] if applies else [])]
        leaves = frozenset({definition.id}).union(*(f.leaves for f in used))
        calls = _EMPTY.union(*(f.calls for f in used))
        if between:
            calls |= {"top_share"}  # a range may stand where every fact is a point
        metric = Metric(
            definition.id, definition, formulas, between, applies, (), measure, leaves, calls
        )
        self.named[definition.id] = Named("metric", measure, leaves, calls, _EMPTY)
        ladders = tuple(
            ladder
            for ladder in (self._ladder(definition, item) for item in definition.ladders)
            if ladder is not None
        )
        if ladders and applies is None and formulas:
            signs = Signs(self.concepts, self.parameters, self._sound())
            check_denominators(definition, formulas, signs, self.report)
        return metric._replace(ladders=ladders)

    def _formulas(self, nodes: tuple[Scalar, ...]) -> tuple[Formula, ...]:
        found = (check_formula(node, self.scope, self.report) for node in nodes)
        return tuple(formula for formula in found if formula is not None)

    def _condition(self, node: Scalar | None) -> Formula | None:
        """The formula that `node` writes, which must be a condition."""
        formula = check_formula(node, self.scope, self.report) if node is not None else None
        if formula is not None and not formula.measure.truth:
            self.report.error(
                "DD207", formula.node, f"a condition is needed, not {formula.measure.name()}"
            )
            return None
        return formula

    def _ladder(self, definition: MetricDefinition, ladder: Ladder) -> MetricLadder | None:
        op = ">=" if definition.better == "higher" else "<="
        steps = self.steps(definition.id, op, ladder.steps)
        if steps is None:
            return None
        check_order(
            ladder.steps, steps, self.parameters, self.report, rising=definition.better == "lower"
        )
        return MetricLadder(steps, ladder.tags, ladder.dated, ladder.reference)

    def steps(
        self, metric: str, op: str, limits: tuple[tuple[str, Scalar], ...]
    ) -> tuple[Step, ...] | None:
        return read_steps(metric, op, limits, self.parameters, self.scope, self.report)

    def resolve_rule(self, name: str) -> Named | None:
        """What the rule `name` reaches; None if there is none or it is at fault."""
        definition = self.rule_definitions.get(name)
        if definition is None:
            return None
        if name not in self.rules:
            if self._circular(name):
                return None
            self.open.append(name)
            self.rules[name] = self._rule(definition)
            self.open.pop()
        rule = self.rules[name]
        if rule is None:
            return None
        return Named("rule", Measure((), truth=True), rule.leaves, rule.calls, _EMPTY)

    def _rule(self, definition: RuleDefinition) -> Rule | None:
        check_category(definition, self.packs.grading, self.report)
        if definition.metric is not None:
            metric = definition.metric.text
            if metric not in self.metric_definitions and metric not in self.concepts:
                self.report.error(
                    "DD203",
                    definition.metric,
                    f"no metric `{metric}`",
                    did_you_mean(metric, [*self.metric_definitions, *self.concepts]),
                )
                return None
            op = OPERATORS[definition.direction or "above"]
            steps = self.steps(metric, op, definition.limits)
            if steps is not None:
                rising = definition.direction in RISING
                check_order(definition.limits, steps, self.parameters, self.report, rising=rising)
        else:
            formula = self._condition(definition.when)
            severity = definition.severity or "info"
            steps = (
                (Step(severity, formula, definition.when.text),)
                if formula is not None and definition.when is not None
                else None
            )
        applies = self._condition(definition.applies_when)
        if steps is None or (definition.applies_when is not None and applies is None):
            return None
        used = [step.condition for step in steps] + ([applies] if applies else [])
        names = frozenset().union(*(f.names for f in used))
        for other in definition.implied_by:
            if other.text not in self.rule_definitions and self.packs.off(other.text) is None:
                self.report.error(
                    "DD211",
                    other,
                    f"no rule `{other.text}`",
                    did_you_mean(other.text, self.rule_definitions),
                )
        show = compile_show(
            definition, steps, self.parameters, self._is_measurable, self._measurable, self.report
        )
        message = compile_message(definition, names, self.known(), self.report)
        return Rule(
            definition.id,
            definition,
            steps,
            applies,
            message,
            show,
            frozenset().union(*(f.leaves for f in used)),
            frozenset().union(*(f.calls for f in used)),
        )
