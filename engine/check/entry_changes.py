"""Changes of entries: a metric, rule or strength with one thing other than it is written.

Formulas are changed in `formula_changes`; here are limits, ladders, severities, frames and what an
entry may do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias, TypeVar

from ddcheck.engine.check.compile import Compiler
from ddcheck.engine.check.formula_changes import changed_formulas, nudged, nudged_parameter
from ddcheck.engine.model.pack import (
    LETTERS,
    OPERATORS,
    SEVERITIES,
    Ladder,
    MetricDefinition,
    Parameter,
    RuleDefinition,
)
from ddcheck.engine.model.plan import Metric, MetricLadder, Plan, Rule, Step
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar

_EDGES = {"above": "at-least", "at-least": "above", "below": "at-most", "at-most": "below"}
_T = TypeVar("_T")
_FRAMES = {"any": "year", "year": "quarter", "date": "year"}


_Build: TypeAlias = Callable[[], "Metric | Rule | None"]


class EntryChange(NamedTuple):
    """A change of an entry; `build` compiles it, giving None where the compiler refuses it."""

    kind: str
    was: str
    becomes: str
    node: Scalar
    offset: int
    build: _Build


class Maker:
    """Makes the mutants of single entries of `plan`."""

    def __init__(self, plan: Plan) -> None:
        self.parameters: dict[str, Parameter] = plan.parameters
        self.compiler = Compiler(plan.packs, Report())
        self.compiler.plan()

    def mutants(self, entry: Metric | Rule) -> Iterator[EntryChange]:
        """Each change of `entry`, not yet compiled."""
        return self._of_rule(entry) if isinstance(entry, Rule) else self._of_metric(entry)

    def _again(self, definition: MetricDefinition | RuleDefinition) -> _Build:
        return lambda: self.compiler.again(definition)

    # Rules.

    def _of_rule(self, rule: Rule) -> Iterator[EntryChange]:
        old = rule.definition
        if old.when is not None:
            for kind, at, text in changed_formulas(old.when, self.parameters):
                new = self._again(old._replace(when=text))
                yield EntryChange(kind, old.when.text, text.text, old.when, at, new)
        if old.metric is not None:
            yield from self._limits(rule)
        if old.applies_when is not None:
            yield from self._applies(old, old.applies_when)
        if old.when is not None and old.severity is not None:
            for name in _beside(old.severity, SEVERITIES):
                again = self._again(old._replace(severity=name))
                yield EntryChange("severity", old.severity, name, old.node, 0, again)
        if old.min_evidence is not None:
            again = self._again(old._replace(min_evidence=None))
            was = f"min_evidence {old.min_evidence}"
            yield EntryChange("term", was, "no min_evidence", old.node, 0, again)
        yield from self._surroundings(old)

    def _limits(self, rule: Rule) -> Iterator[EntryChange]:
        """The ladder of a rule: limits nudged, edges moved, steps dropped, severities exchanged."""
        old = rule.definition
        way = old.direction or "above"
        for i, (name, node) in enumerate(old.limits):
            was = f"{way} {name} {node.text}"
            for text in self._nudged(node):
                limits = _set(old.limits, i, (name, _scalar(node, text)))
                new = self._again(old._replace(limits=limits))
                yield EntryChange("limit", was, f"{way} {name} {text}", node, 0, new)
            other = _EDGES[way]
            build = self._edge(rule, i, OPERATORS[other])
            yield EntryChange("comparison", was, f"{other} {name} {node.text}", node, 0, build)
            for beside in _beside(name, SEVERITIES):
                step = rule.steps[i]._replace(name=beside)
                build = _ready(rule._replace(steps=_set(rule.steps, i, step)))
                yield EntryChange("severity", was, f"{way} {beside} {node.text}", node, 0, build)
            if len(old.limits) > 1:
                new = self._again(old._replace(limits=old.limits[:i] + old.limits[i + 1 :]))
                yield EntryChange("term", was, f"{way}: no {name}", node, 0, new)

    def _edge(self, rule: Rule, i: int, op: str) -> _Build:
        def build() -> Rule | None:
            metric = rule.definition.metric
            assert metric is not None
            steps = self.compiler.steps(metric.text, op, rule.definition.limits)
            return rule._replace(steps=_set(rule.steps, i, steps[i])) if steps else None

        return build

    # Metrics.

    def _of_metric(self, metric: Metric) -> Iterator[EntryChange]:
        old = metric.definition
        for i, node in enumerate(old.formulas):
            for kind, at, text in changed_formulas(node, self.parameters):
                new = self._again(old._replace(formulas=_set(old.formulas, i, text)))
                yield EntryChange(kind, node.text, text.text, node, at, new)
            if len(old.formulas) > 1:
                fewer = old.formulas[:i] + old.formulas[i + 1 :]
                new = self._again(old._replace(formulas=fewer))
                yield EntryChange("term", node.text, f"no {node.text}", node, 0, new)
        for i, node in enumerate(old.between):
            for kind, at, text in changed_formulas(node, self.parameters):
                new = self._again(old._replace(between=_set(old.between, i, text)))
                yield EntryChange(kind, node.text, text.text, node, at, new)
        if old.between:
            new = self._again(old._replace(between=()))
            yield EntryChange("term", "between", "no between", old.between[0], 0, new)
        if old.applies_when is not None:
            yield from self._applies(old, old.applies_when)
        if old.otherwise is not None and old.otherwise[0] is not None:
            for letter in _beside(old.otherwise[0], LETTERS):
                new = self._again(old._replace(otherwise=(letter, old.otherwise[1])))
                was = f"otherwise {old.otherwise[0]}"
                yield EntryChange("letter", was, f"otherwise {letter}", old.node, 0, new)
        for i in range(len(metric.ladders)):
            yield from self._ladder(metric, i)
        yield from self._surroundings(old)

    def _ladder(self, metric: Metric, i: int) -> Iterator[EntryChange]:
        """A metric's ladder: limits nudged, edges moved, steps dropped, letters exchanged."""
        old, ladder, steps = (
            metric.definition,
            metric.definition.ladders[i],
            metric.ladders[i].steps,
        )
        higher = old.better == "higher"
        way, strict = ("at least", "above") if higher else ("at most", "below")
        tags = " ".join(sorted(ladder.tags))
        group = f"{tags}: " if tags else ""
        for j, (letter, node) in enumerate(ladder.steps):
            was = f"{group}{letter} {way} {node.text}"
            for text in self._nudged(node):
                moved = _set(ladder.steps, j, (letter, _scalar(node, text)))
                new = self._again(_with_ladder(old, i, ladder._replace(steps=moved)))
                yield EntryChange("limit", was, f"{group}{letter} {way} {text}", node, 0, new)
            build = self._metric_edge(metric, i, j, ">" if higher else "<")
            becomes = f"{group}{letter} {strict} {node.text}"
            yield EntryChange("comparison", was, becomes, node, 0, build)
            for beside in _beside(letter, LETTERS):
                step = steps[j]._replace(name=beside)
                build = _ready(_with_steps(metric, i, _set(steps, j, step)))
                becomes = f"{group}{beside} {way} {node.text}"
                yield EntryChange("letter", was, becomes, node, 0, build)
            if len(ladder.steps) > 1:
                less = ladder._replace(steps=ladder.steps[:j] + ladder.steps[j + 1 :])
                new = self._again(_with_ladder(old, i, less))
                yield EntryChange("term", was, f"{group}no {letter}", node, 0, new)
        if len(old.ladders) > 1:
            fewer = old._replace(ladders=old.ladders[:i] + old.ladders[i + 1 :])
            node = ladder.steps[0][1]
            was = f"ladder {tags}".strip()
            yield EntryChange("term", was, f"no {was}", node, 0, self._again(fewer))

    def _metric_edge(self, metric: Metric, i: int, j: int, op: str) -> _Build:
        def build() -> Metric | None:
            limits = metric.definition.ladders[i].steps
            steps = self.compiler.steps(metric.id, op, limits)
            if steps is None:
                return None
            return _with_steps(metric, i, _set(metric.ladders[i].steps, j, steps[j]))

        return build

    # Both.

    def _applies(
        self, old: MetricDefinition | RuleDefinition, node: Scalar
    ) -> Iterator[EntryChange]:
        for kind, at, text in changed_formulas(node, self.parameters):
            yield EntryChange(
                kind, node.text, text.text, node, at, self._again(old._replace(applies_when=text))
            )
        again = self._again(old._replace(applies_when=None))
        yield EntryChange("term", f"applies_when {node.text}", "no applies_when", node, 0, again)

    def _surroundings(self, old: MetricDefinition | RuleDefinition) -> Iterator[EntryChange]:
        """What an entry looks at: its frame, its kinds of fact, the companies it is meant for."""
        if old.frame in _FRAMES:
            frame = _FRAMES[old.frame]
            again = self._again(old._replace(frame=frame))
            yield EntryChange("frame", f"frame {old.frame}", f"frame {frame}", old.node, 0, again)
        if len(old.kinds) > 1:
            for kind in sorted(old.kinds):
                again = self._again(old._replace(kinds=old.kinds - {kind}))
                name = ("actual", "estimate", "guidance")[kind]
                yield EntryChange("frame", f"kind {name}", f"no kind {name}", old.node, 0, again)
        if old.tags:
            again = self._again(old._replace(tags=frozenset()))
            yield EntryChange(
                "term", f"tags {' '.join(sorted(old.tags))}", "no tags", old.node, 0, again
            )

    def _nudged(self, node: Scalar) -> list[str]:
        if not node.text.startswith("$"):
            return nudged(node.text)
        return nudged_parameter(self.parameters[node.text[1:]])


def _ready(entry: Metric | Rule) -> _Build:
    return lambda: entry


def _scalar(node: Scalar, text: str) -> Scalar:
    return Scalar(node.source, text, node.style, node.line, node.column, node.index)


def _beside(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The neighbors of `name`."""
    i = names.index(name)
    return (*names[max(0, i - 1) : i], *names[i + 1 : i + 2])


def _set(items: tuple[_T, ...], i: int, item: _T) -> tuple[_T, ...]:
    return (*items[:i], item, *items[i + 1 :])


def _with_ladder(old: MetricDefinition, i: int, ladder: Ladder) -> MetricDefinition:
    return old._replace(ladders=_set(old.ladders, i, ladder))


def _with_steps(metric: Metric, i: int, steps: tuple[Step, ...]) -> Metric:
    ladder: MetricLadder = metric.ladders[i]._replace(steps=steps)
    return metric._replace(ladders=_set(metric.ladders, i, ladder))
