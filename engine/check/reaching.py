"""What the tests beside the rules reach of what `coverage` asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ddcheck.engine.check.cases import Case, asked_period
from ddcheck.engine.check.coverage import Key, key_of
from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.measure import latest_place
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import POINTS
from ddcheck.engine.language.series import compare_numbers
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.limits import choose_ladder
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.plan import Metric, Plan, Rule, Step
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping

#: What chooses in each formula, by the identity of its tree; whoever keeps it keeps the plan.
Choices = dict[int, list[ast.IfExp | ast.BoolOp]]


class Tracker:
    """Gathers what tests reach; `observe` is called by the runner with each that passed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reached: dict[str, set[Key]] = {}
        self._choices: Choices = {}

    def observe(self, case: Case, judge: Judge, found: Verdict | MetricResult) -> None:
        """Note what one test, which passed, has reached."""
        if isinstance(found, Verdict):
            keys = _by_rule(self.plan.rules[case.owner], judge, found, self._choices)
        else:
            metric = self.plan.metrics[case.owner]
            place = _place(metric, case, judge, found)
            keys = _by_metric(metric, judge, found, place, self._choices)
            if isinstance(case.wanted, Mapping) and "grade" in case.wanted.entries:
                keys = chain(keys, _by_grade(metric, judge, found, place, self._choices))
        self.reached.setdefault(case.owner, set()).update(keys)


def _by_rule(rule: Rule, judge: Judge, verdict: Verdict, choices: Choices) -> Iterator[Key]:
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
    here = _Here(judge, verdict.frame, verdict.place, mode, choices)
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


def _by_metric(
    metric: Metric, judge: Judge, result: MetricResult, place: int, choices: Choices
) -> Iterator[Key]:
    frame = metric.definition.frame
    if result.state == "not-applicable":
        yield "not-applicable", "", "", 0
    elif result.state == "unknown":
        yield "unknown", "", "", 0
    if place < 0:
        return
    mode = judge.evidence_mode(metric.leaves, metric.calls)
    here = _Here(judge, frame, place, mode, choices)
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


def _by_grade(
    metric: Metric, judge: Judge, result: MetricResult, place: int, choices: Choices
) -> Iterator[Key]:
    """The letter that a test expects, and the limits that its value stands at."""
    ladder = choose_ladder(metric, judge.context.ledger.company.tags)
    if ladder is None or result.state != "known" or place < 0:
        return
    i = next(i for i, own in enumerate(metric.ladders) if own is ladder)
    if result.letter is not None:
        yield "grade", result.letter, "", i
    mode = judge.evidence_mode(metric.leaves, metric.calls)
    here = _Here(judge, metric.definition.frame, place, mode, choices)
    yield from _sides(here, ladder.steps, str(i))


class _Here:
    """The position at which a test is decided."""

    def __init__(self, judge: Judge, frame: str, place: int, mode: str, choices: Choices) -> None:
        self.judge = judge
        self.place = place
        self._choices = choices
        self.exact = judge.context.evaluator(frame, mode)
        self.points = judge.context.evaluator(frame, POINTS)

    def choices(self, formula: Formula) -> list[ast.IfExp | ast.BoolOp]:
        """Every `if`, `and` and `or` in a formula."""
        found = self._choices.get(id(formula.tree))
        if found is None:
            nodes = ast.walk(formula.tree)
            found = [node for node in nodes if isinstance(node, (ast.IfExp, ast.BoolOp))]
            self._choices[id(formula.tree)] = found
        return found

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
    for node in here.choices(formula):
        if isinstance(node, ast.IfExp):
            chosen = here.truth(node.test)
            if chosen is not None:
                yield key_of("chosen", formula, part, node.body if chosen else node.orelse)
        else:
            neutral = isinstance(node.op, ast.And)
            truths = [here.truth(value) for value in node.values]
            deciding = [
                value
                for value, truth in zip(node.values, truths, strict=True)
                if truth is not None and truth is not neutral
            ]
            if all(truth is neutral for truth in truths):
                yield key_of("together", formula, part, node)
            elif len(deciding) == 1:
                yield key_of("alone", formula, part, deciding[0])
