"""What tests beside the rules must reach: outcomes, limits from both sides, branches, operands.

Asked of an entry is what its own tests must show; a test counts only if it passes, and only at the
period that decides it. `docs/testing.md` says each point in words.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from collections.abc import Mapping as ByName
from types import MappingProxyType
from typing import NamedTuple

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.model.plan import Metric, Plan, Rule, Step
from ddcheck.engine.model.trials import Coverage, Point, Record
from ddcheck.engine.text.document import Scalar

Key = tuple[str, str, str, int]


class Ask(NamedTuple):
    """A point that is asked: its key among those of its entry, and where it stands."""

    key: Key
    node: Scalar
    offset: int = 0


def coverage_of(
    plan: Plan,
    packs: frozenset[str],
    reached: ByName[str, Collection[Key]],
    names: frozenset[str] | None = None,
    known: ByName[str, Record] = MappingProxyType({}),
) -> Coverage:
    """What is asked of the entries of `packs` (of `names` among them), and what is not reached.

    `known` says of entries what came of it before.
    """
    asked, open_ = 0, list[Point]()
    entries: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    for entry in entries:
        if entry.definition.pack not in packs or (names is not None and entry.id not in names):
            continue
        record = known.get(entry.id)
        if record is None or record.asked is None:
            record = record_of(entry, reached.get(entry.id, ()))
        asked += record.asked or 0
        if record.unreached:
            asks = list(asked_of(entry))
            open_ += [_point(entry, asks[place]) for place in record.unreached]
    return Coverage(asked, tuple(open_))


def record_of(entry: Metric | Rule, reached: Collection[Key]) -> Record:
    """How many points are asked of `entry`, and which are not among those `reached`."""
    keys = [ask.key for ask in asked_of(entry)]
    open_ = tuple(place for place, key in enumerate(keys) if key not in reached)
    return Record(len(entry.definition.tests), len(keys), open_)


def _point(entry: Metric | Rule, ask: Ask) -> Point:
    kind, detail, _, _ = ask.key
    return Point(entry.id, kind, detail, ask.node, ask.offset)


def asked_of(entry: Metric | Rule) -> Iterator[Ask]:
    """The points of a metric, rule or strength, in order."""
    return asked_of_rule(entry) if isinstance(entry, Rule) else asked_of_metric(entry)


def asked_of_rule(rule: Rule) -> Iterator[Ask]:
    """The points of a rule or strength."""
    definition, node = rule.definition, rule.definition.node
    if definition.strength:
        yield Ask(("holds", "", "", 0), node)
        yield Ask(("does-not-hold", "", "", 0), node)
    else:
        for step in rule.steps:
            where = step.condition.node if definition.metric is not None else node
            yield Ask(("flag", step.name, "", 0), _written(where))
        yield Ask(("pass", "", "", 0), node)
    yield Ask(("unknown", "", "", 0), node)
    if rule.applies_when is not None or definition.tags:
        yield Ask(("not-applicable", "", "", 0), node)
    if definition.metric is not None:
        yield from _edges(rule.steps, "")
    else:
        yield from _branches("when", rule.steps[0].condition)
    if rule.applies_when is not None:
        yield from _branches("applies_when", rule.applies_when)


def asked_of_metric(metric: Metric) -> Iterator[Ask]:
    """The points of a metric."""
    node = metric.definition.node
    for i, formula in enumerate(metric.formulas):
        yield Ask(("formula", formula.text, "", i), formula.node)
    if not metric.formulas:
        yield Ask(("value", "", "", 0), node)
    yield Ask(("unknown", "", "", 0), node)
    if metric.between:
        yield Ask(("bounds", "", "", 0), metric.between[0].node)
    if metric.applies_when is not None or metric.definition.tags:
        yield Ask(("not-applicable", "", "", 0), node)
    for i, ladder in enumerate(metric.ladders):
        for step in ladder.steps:
            yield Ask(("grade", step.name, "", i), _written(step.condition.node))
        yield Ask(("grade", LETTERS[-1], "", i), _written(ladder.steps[-1].condition.node))
        yield from _edges(ladder.steps, str(i))
    for name, formulas in _parts(metric):
        for formula in formulas:
            yield from _branches(name, formula)


def _parts(metric: Metric) -> list[tuple[str, tuple[Formula, ...]]]:
    applies = (metric.applies_when,) if metric.applies_when is not None else ()
    return [("formula", metric.formulas), ("between", metric.between), ("applies_when", applies)]


def _written(node: Scalar) -> Scalar:
    """What stands in the file: of a limit the limit, not the condition that it is read as."""
    found = getattr(node, "limit_node", node)
    assert isinstance(found, Scalar)
    return found


def _edges(steps: tuple[Step, ...], group: str) -> Iterator[Ask]:
    for i, step in enumerate(steps):
        for side in ("at", "beyond"):
            yield Ask((side, f"{step.name} {step.limit}", group, i), _written(step.condition.node))


def _branches(part: str, formula: Formula) -> Iterator[Ask]:
    """The branches of `if` and the operands of `and` and `or` in a formula."""
    for node in ast.walk(formula.tree):
        if isinstance(node, ast.IfExp):
            for branch in (node.body, node.orelse):
                yield Ask(key_of("chosen", formula, part, branch), formula.node, branch.col_offset)
        elif isinstance(node, ast.BoolOp):
            yield Ask(key_of("together", formula, part, node), formula.node, node.col_offset)
            for value in node.values:
                yield Ask(key_of("alone", formula, part, value), formula.node, value.col_offset)


def key_of(kind: str, formula: Formula, part: str, node: ast.expr) -> Key:
    """The key of a part of a formula."""
    text = formula.text[node.col_offset : node.end_col_offset]
    return kind, " ".join(text.split()), f"{part} {formula.text}", node.col_offset
