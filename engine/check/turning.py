"""Which of the things that changed turns a verdict, and on which side it stands.

Where packs and facts both change, each is tried alone: the new packs on the old facts, and the
other way round. What turned a verdict is measured, not guessed from what stands near it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ddcheck.engine.check.fact_changes import facts_of
from ddcheck.engine.model.difference import (
    ADDED,
    CHANGED,
    EITHER,
    FACTS,
    REMOVED,
    RULES,
    TOGETHER,
    Cause,
    DefinitionChange,
    FactChange,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.formula import EVERY_FACT
from ddcheck.engine.model.periods import day_text, kind_suffix
from ddcheck.engine.model.plan import Plan, Rule


class Changes(NamedTuple):
    """What changes between the two sides of a company: definitions, facts, and its head."""

    definitions: tuple[DefinitionChange, ...]
    facts: tuple[FactChange, ...]
    head: tuple[DefinitionChange, ...]


def by_id(evaluation: Evaluation) -> dict[str, Finding]:
    """The findings and strengths of an evaluation."""
    return {item.id: item for item in (*evaluation.findings, *evaluation.strengths)}


def state(finding: Finding | None) -> tuple[str, str | None, bool] | None:
    """What a verdict comes to: outcome, severity of a flag, whether a pass is open."""
    if finding is None:
        return None
    severity = finding.severity if finding.outcome == FLAG else None
    return finding.outcome, severity, finding.is_open


class Reasons:
    """Which of the things that changed turn a verdict."""

    def __init__(
        self,
        old: Evaluation,
        new: Evaluation,
        changes: Changes,
        crossed: Callable[[bool], Evaluation | None],
    ) -> None:
        self.old, self.new = old, new
        self.crossed = crossed
        self.definitions, self.facts, self.head = changes
        self.rules_change = any(not item.is_words for item in changes.definitions)
        self.facts_change = bool(changes.facts or changes.head)
        self._states: dict[bool, dict[str, object]] = {}

    def of(self, rule: str, was: object, now: object) -> tuple[str | None, tuple[Cause, ...]]:
        """Which side turned the verdict of `rule`, and what of that side it rests on."""
        by = self._by(rule, was, now)
        causes: list[Cause] = []
        if by != FACTS:
            causes += self._definitions(rule)
        if by != RULES:
            causes += self._of_facts(rule)
        return by, tuple(causes)

    def _by(self, rule: str, was: object, now: object) -> str | None:
        if not self.rules_change or not self.facts_change:
            return RULES if self.rules_change else (FACTS if self.facts_change else None)
        if was == now:
            # The same verdict on other figures: whose figures they are is plain from the causes.
            reach = bool(self._definitions(rule)), bool(self._of_facts(rule, stated=True))
            return {(True, False): RULES, (False, True): FACTS}.get(reach, TOGETHER)
        by_rules = self._state(rule, new_packs=True) == now
        by_facts = self._state(rule, new_packs=False) == now
        if by_rules and by_facts:
            return EITHER
        if by_rules or by_facts:
            return RULES if by_rules else FACTS
        return TOGETHER

    def _state(self, rule: str, *, new_packs: bool) -> object:
        if new_packs not in self._states:
            found = self.crossed(new_packs)
            self._states[new_packs] = (
                {} if found is None else {name: state(item) for name, item in by_id(found).items()}
            )
        return self._states[new_packs].get(rule)

    def _definitions(self, rule: str) -> list[Cause]:
        names = _reach(self.old.plan, rule) | _reach(self.new.plan, rule)
        return [
            Cause(item.kind, item.id, item.change, item.old, item.new)
            for item in self.definitions
            if not item.is_words
            if (item.kind, item.id) in names or (item.kind == "pack" and self._tags(item))
        ]

    def _tags(self, item: DefinitionChange) -> bool:
        return any(field.name == "applies_to" for field in item.fields)

    def _of_facts(self, rule: str, *, stated: bool = False) -> list[Cause]:
        leaves = _leaves(self.old.plan, rule) | _leaves(self.new.plan, rule)
        causes = [
            Cause("fact", _fact_name(item), item.change, item.old_at, item.new_at)
            for item in self.facts
            if item.fact.concept in leaves or EVERY_FACT in leaves
        ]
        sources = {
            fact.source
            for side in (self.old, self.new)
            for fact in facts_of(side.company)
            if fact.concept in leaves
        }
        causes += [
            Cause(item.kind, item.id, item.change, item.old, item.new)
            for item in self.head
            if item.kind == "company" or (item.kind == "source" and item.id in sources)
            if not item.is_words
            if item.change not in (ADDED, REMOVED)
        ]
        if causes or stated:
            return causes
        before, after = self.old.evaluated_at, self.new.evaluated_at
        if before != after:
            days = f"{day_text(before)} -> {day_text(after)}"
            return [Cause("date", days, CHANGED, None, None)]
        # Another fact moves the newest period, which a rule must not be older than.
        ends = [(item.fact.period.end, item) for item in self.facts]
        if not ends:
            head = (item for item in self.head if not item.is_words)
            return [Cause(item.kind, item.id, item.change, item.old, item.new) for item in head]
        item = max(ends, key=lambda entry: entry[0])[1]
        return [Cause("fact", _fact_name(item), item.change, item.old_at, item.new_at)]


def _fact_name(item: FactChange) -> str:
    fact = item.fact
    scope = f" {fact.scope[0]}:{fact.scope[1]}" if fact.scope else ""
    return f"{fact.concept}{scope} {fact.period.label}{kind_suffix(fact.kind)}"


def _leaves(plan: Plan, rule: str) -> frozenset[str]:
    found = plan.rules.get(rule)
    return found.leaves if found is not None else frozenset()


def _reach(plan: Plan, name: str) -> set[tuple[str, str]]:
    """The definitions that a rule rests on, itself included, by kind and id."""
    rule = plan.rules.get(name)
    if rule is None:
        return {("rule", name), ("strength", name)}
    found = {("strength" if rule.definition.strength else "rule", name)}
    names: set[str] = set()
    rules = _rule_names(rule, names)
    for leaf in rule.leaves:
        metric = plan.metrics.get(leaf)
        if metric is not None:
            found.add(("metric", leaf))
            for formula in (
                *metric.formulas,
                *metric.between,
                *filter(None, [metric.applies_when]),
            ):
                names |= formula.names
                rules |= formula.rules
        else:
            found.add(("concept", leaf))
            for formula in plan.derived.get(leaf, ()):
                names |= formula.names
    found |= {("parameter", item) for item in names if item in plan.parameters}
    for other in rules - {name}:
        found |= _reach(plan, other)
    return found


def _rule_names(rule: Rule, names: set[str]) -> set[str]:
    rules: set[str] = set()
    formulas = [step.condition for step in rule.steps]
    for formula in (*formulas, *filter(None, [rule.applies_when])):
        names |= formula.names
        rules |= formula.rules
    return rules
