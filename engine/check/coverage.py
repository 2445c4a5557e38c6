"""What the tests beside the rules reach: outcomes, limits from both sides, branches, operands.

Asked of an entry is what its own tests must show; a test counts only if it passes, and only at the
period that decides it. `docs/testing.md` says each point in words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from ddcheck.engine.check.cases import Case, asked_period
from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.measure import latest_place
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import POINTS
from ddcheck.engine.language.series import compare_numbers
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.limits import choose_ladder
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.model.plan import Metric, Plan, Rule, Step
from ddcheck.engine.model.trials import Coverage, Point
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Scalar

Key = tuple[str, str, str, int]


class _Ask(NamedTuple):
    """A point that is asked: its key among those of its entry, and where it stands."""

    key: Key
    node: Scalar
    offset: int = 0


class Tracker:
    """Gathers what tests reach; `observe` is called by the runner with each that passed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reached: set[tuple[str, Key]] = set()

    def coverage(self, packs: frozenset[str], names: frozenset[str] | None = None) -> Coverage:
        """Every point of the entries of `packs` (of `names` among them), reached or not."""
        points = []
        entries: list[Metric | Rule] = [*self.plan.metrics.values(), *self.plan.rules.values()]
        for entry in entries:
            if entry.definition.pack not in packs or (names is not None and entry.id not in names):
                continue
            asked = asked_of_rule(entry) if isinstance(entry, Rule) else asked_of_metric(entry)
            for ask in asked:
                kind, detail, _, _ = ask.key
                met = (entry.id, ask.key) in self.reached
                points.append(Point(entry.id, kind, detail, ask.node, ask.offset, met))
        return Coverage(tuple(points))

    def observe(self, case: Case, judge: Judge, found: Verdict | MetricResult) -> None:
        """Note what one test, which passed, has reached."""
        if isinstance(found, Verdict):
            keys = _by_rule(self.plan.rules[case.owner], judge, found)
        else:
            metric = self.plan.metrics[case.owner]
            place = _place(metric, case, judge, found)
            keys = _by_metric(metric, judge, found, place)
            if isinstance(case.wanted, Mapping) and "grade" in case.wanted.entries:
                keys = chain(keys, _by_grade(metric, judge, found, place))
        self.reached |= {(case.owner, key) for key in keys}


# What is asked.


def asked_of_rule(rule: Rule) -> Iterator[_Ask]:
    """The points of a rule or strength."""
    definition, node = rule.definition, rule.definition.node
    if definition.strength:
        yield _Ask(("holds", "", "", 0), node)
        yield _Ask(("does-not-hold", "", "", 0), node)
    else:
        for step in rule.steps:
            where = step.condition.node if definition.metric is not None else node
            yield _Ask(("flag", step.name, "", 0), _written(where))
        yield _Ask(("pass", "", "", 0), node)
    yield _Ask(("unknown", "", "", 0), node)
    if rule.applies_when is not None or definition.tags:
        yield _Ask(("not-applicable", "", "", 0), node)
    if definition.metric is not None:
        yield from _edges(rule.steps, "")
    else:
        yield from _branches("when", rule.steps[0].condition)
    if rule.applies_when is not None:
        yield from _branches("applies_when", rule.applies_when)


def asked_of_metric(metric: Metric) -> Iterator[_Ask]:
    """The points of a metric."""
    node = metric.definition.node
    for i, formula in enumerate(metric.formulas):
        yield _Ask(("formula", formula.text, "", i), formula.node)
    if not metric.formulas:
        yield _Ask(("value", "", "", 0), node)
    yield _Ask(("unknown", "", "", 0), node)
    if metric.between:
        yield _Ask(("bounds", "", "", 0), metric.between[0].node)
    if metric.applies_when is not None or metric.definition.tags:
        yield _Ask(("not-applicable", "", "", 0), node)
    for i, ladder in enumerate(metric.ladders):
        for step in ladder.steps:
            yield _Ask(("grade", step.name, "", i), _written(step.condition.node))
        yield _Ask(("grade", LETTERS[-1], "", i), _written(ladder.steps[-1].condition.node))
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


def _edges(steps: tuple[Step, ...], group: str) -> Iterator[_Ask]:
    for i, step in enumerate(steps):
        for side in ("at", "beyond"):
            yield _Ask((side, f"{step.name} {step.limit}", group, i), _written(step.condition.node))


def _branches(part: str, formula: Formula) -> Iterator[_Ask]:
    """The branches of `if` and the operands of `and` and `or` in a formula."""
    for node in ast.walk(formula.tree):
        if isinstance(node, ast.IfExp):
            for branch in (node.body, node.orelse):
                yield _Ask(_key("chosen", formula, part, branch), formula.node, branch.col_offset)
        elif isinstance(node, ast.BoolOp):
            yield _Ask(_key("together", formula, part, node), formula.node, node.col_offset)
            for value in node.values:
                yield _Ask(_key("alone", formula, part, value), formula.node, value.col_offset)


def _key(kind: str, formula: Formula, part: str, node: ast.expr) -> Key:
    text = formula.text[node.col_offset : node.end_col_offset]
    return kind, " ".join(text.split()), f"{part} {formula.text}", node.col_offset


# What a test reaches.


def _by_rule(rule: Rule, judge: Judge, verdict: Verdict) -> Iterator[Key]:
    strength = rule.definition.strength
    if verdict.outcome == FLAG:
        yield ("holds", "", "", 0) if strength else ("flag", verdict.severity, "", 0)
    elif verdict.outcome == PASS:
        yield ("does-not-hold" if strength else "pass", "", "", 0)
    elif verdict.outcome == UNKNOWN:
        yield "unknown", "", "", 0
    elif verdict.outcome == NOT_APPLICABLE:
        yield "not-applicable", "", "", 0
    if verdict.place < 0:
        return
    mode = judge.evidence_mode(rule.leaves, rule.calls)
    here = _Here(judge, verdict.frame, verdict.place, mode)
    if rule.applies_when is not None:
        yield from _taken(here, "applies_when", rule.applies_when)
    if verdict.outcome == NOT_APPLICABLE:
        return
    if rule.definition.metric is not None:
        yield from _sides(here, rule.steps, "")
    else:
        yield from _taken(here, "when", rule.steps[0].condition)


def _place(metric: Metric, case: Case, judge: Judge, result: MetricResult) -> int:
    """Where the value stands that a test asks for; -1 where nothing is known."""
    asked = asked_period(judge.context.plan, case.wanted, Report())
    if asked is not None:
        periods = judge.context.axis(metric.definition.frame).periods
        return periods.index(asked) if asked in periods else -1
    return latest_place(metric, judge)[0] if result.state in ("known", "not-applicable") else -1


def _by_metric(metric: Metric, judge: Judge, result: MetricResult, place: int) -> Iterator[Key]:
    frame = metric.definition.frame
    if result.state == "not-applicable":
        yield "not-applicable", "", "", 0
    elif result.state == "unknown":
        yield "unknown", "", "", 0
    if place < 0:
        return
    mode = judge.evidence_mode(metric.leaves, metric.calls)
    here = _Here(judge, frame, place, mode)
    if metric.applies_when is not None:
        yield from _taken(here, "applies_when", metric.applies_when)
    if result.state == "not-applicable":
        return
    used = here.computed(metric.formulas)
    if used is not None:
        yield "formula", metric.formulas[used].text, "", used
        yield from _taken(here, "formula", metric.formulas[used])
    elif here.named(metric.id) is not None:
        yield "value", "", "", 0
    elif metric.between:
        yield "bounds", "", "", 0
        for formula in metric.between:
            yield from _taken(here, "between", formula)


def _by_grade(metric: Metric, judge: Judge, result: MetricResult, place: int) -> Iterator[Key]:
    """The letter that a test expects, and the limits that its value stands at."""
    ladder = choose_ladder(metric, judge.context.ledger.company.tags)
    if ladder is None or result.state != "known" or place < 0:
        return
    i = next(i for i, own in enumerate(metric.ladders) if own is ladder)
    if result.letter is not None:
        yield "grade", result.letter, "", i
    mode = judge.evidence_mode(metric.leaves, metric.calls)
    here = _Here(judge, metric.definition.frame, place, mode)
    yield from _sides(here, ladder.steps, str(i))


class _Here:
    """The position at which a test is decided."""

    def __init__(self, judge: Judge, frame: str, place: int, mode: str) -> None:
        self.judge = judge
        self.place = place
        self.exact = judge.context.evaluator(frame, mode)
        self.points = judge.context.evaluator(frame, POINTS)

    def truth(self, node: ast.expr) -> bool | None:
        """Whether a part of a condition holds here."""
        found = self.exact.evaluated(node)
        if isinstance(found, list):
            found = found[self.place]
        if isinstance(found, Cell):
            return found.truth
        value: bool | None = getattr(found, "values", (found,) * (self.place + 1))[self.place]
        return value

    def point(self, node: ast.expr) -> float | None:
        """The value of a part of a formula here, as a point."""
        return self._at(self.points.evaluated(node))

    def named(self, name: str) -> float | None:
        """The value of a metric here, as a point."""
        return self._at(self.judge.context.named(name, self.points))

    def computed(self, formulas: tuple[Formula, ...]) -> int | None:
        """Which of a metric's formulas gives its value here; None if none does."""
        for i, formula in enumerate(formulas):
            if self.point(formula.tree) is not None:
                return i
        return None

    def _at(self, row: Any) -> float | None:
        value: float | None = row.values[self.place] if hasattr(row, "values") else row
        return value


def _sides(here: _Here, steps: tuple[Step, ...], group: str) -> Iterator[Key]:
    """On which limits of a ladder the value stands, and beyond which the next is not reached.

    Beyond a limit is where the step's condition turns: above `above 10%`, below `at-least 10%`.
    """
    limits = [here.point(_comparison(step).comparators[0]) for step in steps]
    value = here.point(_comparison(steps[0]).left)
    if value is None:
        return
    for i, (step, limit) in enumerate(zip(steps, limits, strict=True)):
        if limit is None:
            continue
        tree = _comparison(step)
        name = f"{step.name} {step.limit}"
        if compare_numbers("==", value, limit, tree.steps[0]):
            yield "at", name, group, i
            continue
        low, high = sorted((value, limit))
        between = any(other is not None and low < other < high for other in limits)
        strict = isinstance(tree.ops[0], (ast.Gt, ast.Lt))
        if not between and here.truth(tree) is strict:
            yield "beyond", name, group, i


def _comparison(step: Step) -> Any:
    assert isinstance(step.condition.tree, ast.Compare)
    return step.condition.tree


def _taken(here: _Here, part: str, formula: Formula) -> Iterator[Key]:
    """Which branches are taken here, and which operands decide."""
    for node in ast.walk(formula.tree):
        if isinstance(node, ast.IfExp):
            chosen = here.truth(node.test)
            if chosen is not None:
                yield _key("chosen", formula, part, node.body if chosen else node.orelse)
        elif isinstance(node, ast.BoolOp):
            neutral = isinstance(node.op, ast.And)
            truths = [here.truth(value) for value in node.values]
            deciding = [
                value
                for value, truth in zip(node.values, truths, strict=True)
                if truth is not None and truth is not neutral
            ]
            if all(truth is neutral for truth in truths):
                yield _key("together", formula, part, node)
            elif len(deciding) == 1:
                yield _key("alone", formula, part, deciding[0])
