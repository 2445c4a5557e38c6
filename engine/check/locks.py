"""Locks: what a pack keeps the layers above it from changing, and what that takes with it.

A locked rule would be loosened as well by the parameter that is its limit, or by the formula of the
metric that it reads: both are locked with it. Words and the ladder of such a metric are not, since
the rule does not read them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.layered import Change, Lock
from ddcheck.engine.model.plan import Metric, Plan, Rule
from ddcheck.engine.text.diagnostics import Report

#: Fields of a metric on which the rules that read it do not rest.
_APART = frozenset(
    {
        "title", "ladder", "ladders", "ladder_reference", "better", "weight", "otherwise",
        "category", "why", "ask", "reference", "tests", "style",
    }
)  # fmt: skip


def locks_of(plan: Plan) -> dict[str, tuple[Lock, ...]]:
    """Everything that is locked, by id: what is named, and what that rests on."""
    found: dict[str, tuple[Lock, ...]] = {}
    for layer in plan.packs.layers:
        for node in layer.locked:
            lock = Lock(node.text, layer.name, node)
            for ident in _with_it(plan, node.text):
                found[ident] = (*found.get(ident, ()), lock)
    return found


def check_locks(plan: Plan, report: Report) -> None:
    """Report DD224 for every change of what a lock keeps from the layer that makes it."""
    for change, lock in refused(plan).items():
        report.error("DD224", change.key, words_of(change.id, lock), help_of(lock))


def refused(plan: Plan) -> dict[Change, Lock]:
    """The changes that a lock does not allow, the first of each layer to an entry, with the lock.

    The pack that locks, and what it extends, may still change what it locks.
    """
    locks = locks_of(plan)
    reach = {layer.name: layer.reach for layer in plan.packs.layers}
    found: dict[tuple[str, str], tuple[Change, Lock]] = {}
    for change in plan.packs.changes if locks else ():
        for lock in locks.get(change.id, ()):
            if change.layer == lock.layer or change.layer in reach.get(lock.layer, ()):
                continue
            if lock.ident != change.id and change.field in _APART:
                continue
            found.setdefault((change.layer, change.id), (change, lock))
    return dict(found.values())


def words_of(ident: str, lock: Lock) -> str:
    """What is locked, and where."""
    place = f"{lock.node.source.path}:{lock.node.line}"
    if ident == lock.ident:
        return f"`{ident}` is locked at {place}"
    return f"`{ident}` may not change: `{lock.ident}`, which rests on it, is locked at {place}"


def help_of(lock: Lock) -> str:
    """What can be done about it."""
    return f"only pack `{lock.layer}` and what it extends may change it"


def _with_it(plan: Plan, ident: str) -> set[str]:
    """`ident` and every parameter and metric that it rests on."""
    found = {ident}
    rule, metric = plan.rules.get(ident), plan.metrics.get(ident)
    waiting = [*_used(_rule_formulas(rule))] if rule is not None else []
    if metric is not None:
        steps = (step.condition for ladder in metric.ladders for step in ladder.steps)
        waiting += _used((*_metric_formulas(metric), *steps))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        below = plan.metrics.get(name)
        asked = plan.rules.get(name)
        if name in plan.parameters or below is not None or asked is not None:
            found.add(name)
        if below is not None:
            waiting += _used(_metric_formulas(below))
        if asked is not None:
            waiting += _used(_rule_formulas(asked))
    return found


def _used(formulas: Iterable[Formula]) -> set[str]:
    return {name for formula in formulas for name in formula.names | formula.rules}


def _rule_formulas(rule: Rule) -> list[Formula]:
    found = [step.condition for step in rule.steps]
    return [*found, rule.applies_when] if rule.applies_when is not None else found


def _metric_formulas(metric: Metric) -> list[Formula]:
    found = [*metric.formulas, *metric.between]
    return [*found, metric.applies_when] if metric.applies_when is not None else found
