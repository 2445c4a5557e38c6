"""Mutants: every entry of a plan with one thing changed, and whether a test notices.

A change is compiled in memory and the tests that can reach it are run: those of the entry first,
then those of entries that rest on it. The first test that fails has noticed it. What the compiler
refuses was noticed before any test; it is counted apart, and so is what the entry calls equivalent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as ByName
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar

from ddcheck.engine.check.cases import Case, judge_case, read_cases
from ddcheck.engine.check.compile import Compiler
from ddcheck.engine.check.formula_changes import changed_formulas, nudged, nudged_parameter
from ddcheck.engine.model.pack import (
    LETTERS,
    SEVERITIES,
    Ladder,
    MetricDefinition,
    Parameter,
    RuleDefinition,
)
from ddcheck.engine.model.plan import Metric, MetricLadder, Plan, Rule, Step
from ddcheck.engine.model.trials import EXCUSED, NOTICED, REFUSED, UNNOTICED, Mutant, Mutation
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar

_EDGES = {"above": "at-least", "at-least": "above", "below": "at-most", "at-most": "below"}
_OPERATORS = {"above": ">", "at-least": ">=", "below": "<", "at-most": "<="}
_T = TypeVar("_T")
_FRAMES = {"any": "year", "year": "quarter", "date": "year"}


_Build: TypeAlias = Callable[[], "Metric | Rule | None"]


class _Made(NamedTuple):
    """A change of an entry; `build` compiles it, giving None where the compiler refuses it."""

    kind: str
    was: str
    becomes: str
    node: Scalar
    offset: int
    build: _Build


def run_mutants(
    plan: Plan,
    packs: frozenset[str],
    report: Report,
    names: frozenset[str] | None = None,
    known: ByName[str, tuple[str, ...]] = MappingProxyType({}),
) -> Mutation:
    """Every mutant of every metric, rule and strength of `packs`, and what came of it.

    `names` are the entries that are asked; all without it. `known` are the fates of the mutants of
    entries, in order, that need not be tried again. Tests that cannot be read are DD401; an
    `equivalent:` that is no mutant, or one that a test does notice, is a warning (DD551).
    """
    entries: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    asked = [
        entry
        for entry in entries
        if entry.definition.pack in packs and (names is None or entry.id in names)
    ]
    cases: dict[str, list[Case]] = {}
    if any(entry.id not in known for entry in asked):
        for case in read_cases(plan, report):
            cases.setdefault(case.owner, []).append(case)
    maker = Maker(plan)
    found: list[Mutant] = []
    for entry in asked:
        changes = list(maker.mutants(entry))
        fates = known.get(entry.id)
        if fates is None or len(fates) != len(changes):
            others = [case for name in resting_on(plan, entry) for case in cases.get(name, ())]
            ordered = [*cases.get(entry.id, ()), *others]
            fates = tuple(_fate(plan, made, ordered) for made in changes)
        own = [_mutant(entry, made, fate) for made, fate in zip(changes, fates, strict=True)]
        found += _excused(entry, own, report)
    return Mutation(tuple(found))


def _fate(plan: Plan, made: _Made, cases: list[Case]) -> str:
    changed = made.build()
    if changed is None:
        return REFUSED
    return NOTICED if _noticed(_with(plan, changed), cases) else UNNOTICED


def _mutant(entry: Metric | Rule, made: _Made, fate: str) -> Mutant:
    return Mutant(entry.id, made.kind, made.was, made.becomes, made.node, made.offset, fate)


def _with(plan: Plan, changed: Metric | Rule) -> Plan:
    if isinstance(changed, Rule):
        return plan._replace(rules={**plan.rules, changed.id: changed})
    return plan._replace(metrics={**plan.metrics, changed.id: changed})


def _noticed(plan: Plan, cases: list[Case]) -> bool:
    for case in cases:
        outcome = judge_case(plan, case, Report())
        if outcome is not None and not outcome.passed:
            return True
    return False


def resting_on(plan: Plan, entry: Metric | Rule) -> Iterator[str]:
    """The other metrics and rules that reach `entry`."""
    others: list[Metric | Rule] = [*plan.metrics.values(), *plan.rules.values()]
    for other in others:
        if other.id == entry.id:
            continue
        if isinstance(entry, Metric) and entry.id in other.leaves:
            yield other.id
        elif isinstance(entry, Rule) and isinstance(other, Rule):
            asked = (*(step.condition for step in other.steps), other.applies_when)
            if any(formula is not None and entry.id in formula.rules for formula in asked):
                yield other.id


def _excused(entry: Metric | Rule, mutants: list[Mutant], report: Report) -> Iterator[Mutant]:
    """`mutants`, those that the entry calls equivalent with the reason; DD551 for stale ones."""
    reasons = {_plain(item.becomes.text): item for item in entry.definition.equivalent}
    for mutant in mutants:
        item = reasons.get(_plain(mutant.becomes))
        if item is None or mutant.fate == REFUSED:
            yield mutant
            continue
        del reasons[_plain(mutant.becomes)]
        if mutant.fate == NOTICED:
            report.warning(
                "DD551", item.becomes, f"a test of `{entry.id}` does notice this change",
                "remove the entry",
            )  # fmt: skip
            yield mutant
        else:
            yield mutant._replace(fate=EXCUSED, why=item.why)
    for item in reasons.values():
        report.warning(
            "DD551", item.becomes, f"`{item.becomes.text}` is no change of `{entry.id}`",
            "write what follows the `+` in the list of `ddcheck test --mutate`",
        )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())


class Maker:
    """Makes the mutants of single entries of `plan`."""

    def __init__(self, plan: Plan) -> None:
        self.parameters: dict[str, Parameter] = plan.parameters
        self.compiler = Compiler(plan.packs, Report())
        self.compiler.plan()

    def mutants(self, entry: Metric | Rule) -> Iterator[_Made]:
        """Each change of `entry`, not yet compiled."""
        return self._of_rule(entry) if isinstance(entry, Rule) else self._of_metric(entry)

    def _again(self, definition: MetricDefinition | RuleDefinition) -> _Build:
        return lambda: self.compiler.again(definition)

    # Rules.

    def _of_rule(self, rule: Rule) -> Iterator[_Made]:
        old = rule.definition
        if old.when is not None:
            for kind, at, text in changed_formulas(old.when, self.parameters):
                new = self._again(old._replace(when=text))
                yield _Made(kind, old.when.text, text.text, old.when, at, new)
        if old.metric is not None:
            yield from self._limits(rule)
        if old.applies_when is not None:
            yield from self._applies(old, old.applies_when)
        if old.when is not None and old.severity is not None:
            for name in _beside(old.severity, SEVERITIES):
                again = self._again(old._replace(severity=name))
                yield _Made("severity", old.severity, name, old.node, 0, again)
        if old.min_evidence is not None:
            again = self._again(old._replace(min_evidence=None))
            was = f"min_evidence {old.min_evidence}"
            yield _Made("term", was, "no min_evidence", old.node, 0, again)
        yield from self._surroundings(old)

    def _limits(self, rule: Rule) -> Iterator[_Made]:
        """The ladder of a rule: limits nudged, edges moved, steps dropped, severities exchanged."""
        old = rule.definition
        way = old.direction or "above"
        for i, (name, node) in enumerate(old.limits):
            was = f"{way} {name} {node.text}"
            for text in self._nudged(node):
                limits = _set(old.limits, i, (name, _scalar(node, text)))
                new = self._again(old._replace(limits=limits))
                yield _Made("limit", was, f"{way} {name} {text}", node, 0, new)
            other = _EDGES[way]
            build = self._edge(rule, i, _OPERATORS[other])
            yield _Made("comparison", was, f"{other} {name} {node.text}", node, 0, build)
            for beside in _beside(name, SEVERITIES):
                step = rule.steps[i]._replace(name=beside)
                build = _ready(rule._replace(steps=_set(rule.steps, i, step)))
                yield _Made("severity", was, f"{way} {beside} {node.text}", node, 0, build)
            if len(old.limits) > 1:
                new = self._again(old._replace(limits=old.limits[:i] + old.limits[i + 1 :]))
                yield _Made("term", was, f"{way}: no {name}", node, 0, new)

    def _edge(self, rule: Rule, i: int, op: str) -> _Build:
        def build() -> Rule | None:
            metric = rule.definition.metric
            assert metric is not None
            steps = self.compiler.steps(metric.text, op, rule.definition.limits)
            return rule._replace(steps=_set(rule.steps, i, steps[i])) if steps else None

        return build

    # Metrics.

    def _of_metric(self, metric: Metric) -> Iterator[_Made]:
        old = metric.definition
        for i, node in enumerate(old.formulas):
            for kind, at, text in changed_formulas(node, self.parameters):
                new = self._again(old._replace(formulas=_set(old.formulas, i, text)))
                yield _Made(kind, node.text, text.text, node, at, new)
            if len(old.formulas) > 1:
                fewer = old.formulas[:i] + old.formulas[i + 1 :]
                new = self._again(old._replace(formulas=fewer))
                yield _Made("term", node.text, f"no {node.text}", node, 0, new)
        for i, node in enumerate(old.between):
            for kind, at, text in changed_formulas(node, self.parameters):
                new = self._again(old._replace(between=_set(old.between, i, text)))
                yield _Made(kind, node.text, text.text, node, at, new)
        if old.between:
            new = self._again(old._replace(between=()))
            yield _Made("term", "between", "no between", old.between[0], 0, new)
        if old.applies_when is not None:
            yield from self._applies(old, old.applies_when)
        if old.otherwise is not None and old.otherwise[0] is not None:
            for letter in _beside(old.otherwise[0], LETTERS):
                new = self._again(old._replace(otherwise=(letter, old.otherwise[1])))
                was = f"otherwise {old.otherwise[0]}"
                yield _Made("letter", was, f"otherwise {letter}", old.node, 0, new)
        for i in range(len(metric.ladders)):
            yield from self._ladder(metric, i)
        yield from self._surroundings(old)

    def _ladder(self, metric: Metric, i: int) -> Iterator[_Made]:
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
                yield _Made("limit", was, f"{group}{letter} {way} {text}", node, 0, new)
            build = self._metric_edge(metric, i, j, ">" if higher else "<")
            becomes = f"{group}{letter} {strict} {node.text}"
            yield _Made("comparison", was, becomes, node, 0, build)
            for beside in _beside(letter, LETTERS):
                step = steps[j]._replace(name=beside)
                build = _ready(_with_steps(metric, i, _set(steps, j, step)))
                becomes = f"{group}{beside} {way} {node.text}"
                yield _Made("letter", was, becomes, node, 0, build)
            if len(ladder.steps) > 1:
                less = ladder._replace(steps=ladder.steps[:j] + ladder.steps[j + 1 :])
                new = self._again(_with_ladder(old, i, less))
                yield _Made("term", was, f"{group}no {letter}", node, 0, new)
        if len(old.ladders) > 1:
            fewer = old._replace(ladders=old.ladders[:i] + old.ladders[i + 1 :])
            node = ladder.steps[0][1]
            was = f"ladder {tags}".strip()
            yield _Made("term", was, f"no {was}", node, 0, self._again(fewer))

    def _metric_edge(self, metric: Metric, i: int, j: int, op: str) -> _Build:
        def build() -> Metric | None:
            limits = metric.definition.ladders[i].steps
            steps = self.compiler.steps(metric.id, op, limits)
            if steps is None:
                return None
            return _with_steps(metric, i, _set(metric.ladders[i].steps, j, steps[j]))

        return build

    # Both.

    def _applies(self, old: MetricDefinition | RuleDefinition, node: Scalar) -> Iterator[_Made]:
        for kind, at, text in changed_formulas(node, self.parameters):
            yield _Made(
                kind, node.text, text.text, node, at, self._again(old._replace(applies_when=text))
            )
        again = self._again(old._replace(applies_when=None))
        yield _Made("term", f"applies_when {node.text}", "no applies_when", node, 0, again)

    def _surroundings(self, old: MetricDefinition | RuleDefinition) -> Iterator[_Made]:
        """What an entry looks at: its frame, its kinds of fact, the companies it is meant for."""
        if old.frame in _FRAMES:
            frame = _FRAMES[old.frame]
            again = self._again(old._replace(frame=frame))
            yield _Made("frame", f"frame {old.frame}", f"frame {frame}", old.node, 0, again)
        if len(old.kinds) > 1:
            for kind in sorted(old.kinds):
                again = self._again(old._replace(kinds=old.kinds - {kind}))
                name = ("actual", "estimate", "guidance")[kind]
                yield _Made("frame", f"kind {name}", f"no kind {name}", old.node, 0, again)
        if old.tags:
            again = self._again(old._replace(tags=frozenset()))
            yield _Made("term", f"tags {' '.join(sorted(old.tags))}", "no tags", old.node, 0, again)

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
