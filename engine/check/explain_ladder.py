"""Where a metric stands on a ladder: the step reached, and how far the neighboring ones are."""

from __future__ import annotations

from ddcheck.engine.check.explain_evidence import place_of
from ddcheck.engine.check.explain_tree import Tree
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.check.views import View
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.explanation import LadderPosition, LadderStep, Place, Value
from ddcheck.engine.model.limits import limit_on
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.model.plan import Metric, MetricLadder, Rule, Step
from ddcheck.engine.text.translate import say


def metric_ladder(tree: Tree, metric: Metric, ladder: MetricLadder, view: View) -> LadderPosition:
    """The letters of a metric and where its value at `view` stands among them."""
    better = metric.definition.better
    value, steps = _steps(tree, metric.id, ladder.steps, view)
    at = None
    truths = [step.reached for step in steps]
    if value is not None:
        first = next((i for i, truth in enumerate(truths) if truth is not False), None)
        if first is None:
            at = LETTERS[-1]
        elif truths[first] is True:
            at = steps[first].name
    words = _letter_words(tree.language, at, steps, value)
    return LadderPosition(
        metric.id, "at-least" if better == "higher" else "at-most", better, steps, at, value,
        tree.views.label(view), ladder.reference, words,
    )  # fmt: skip


def rule_ladder(tree: Tree, rule: Rule, view: View) -> LadderPosition | None:
    """The severities of a rule on a metric and which is reached; None for a rule with `when`."""
    definition = rule.definition
    if definition.metric is None:
        return None
    value, steps = _steps(tree, definition.metric.text, rule.steps, view)
    reached = [step.name for step in steps if step.reached]
    at = reached[-1] if reached else None
    words = _severity_words(tree.language, steps, value)
    return LadderPosition(
        definition.metric.text, definition.direction or "", None, steps, at, value,
        tree.views.label(view), None, words,
    )  # fmt: skip


def _steps(
    tree: Tree, name: str, steps: tuple[Step, ...], view: View
) -> tuple[Value | None, tuple[LadderStep, ...]]:
    value = tree.substitute.named(name, view)
    unit, style = unit_and_style(tree.plan, name)
    found = []
    for step in steps:
        limit = limit_on(step, tree.plan.parameters, tree.context.day)
        cells: list[Cell] = tree.context.evaluator(view.frame, BOUNDS).row(step.condition)
        reached = cells[view.place].truth if view.place >= 0 and value is not None else None
        distance = relative = None
        if value is not None and value.value is not None and limit is not None:
            gap = value.value - limit
            distance = tree.figures.difference(gap, value, unit, style)
            relative = gap / abs(limit) if limit else None
        parameter = step.limit[1:] if step.limit.startswith("$") else None
        found.append(
            LadderStep(
                step.name,
                tree.limit(step.limit),
                limit,
                parameter,
                place_of(step.condition.node),
                _set_at(tree, parameter),
                reached,
                distance,
                relative,
            )
        )
    return value, tuple(found)


def _set_at(tree: Tree, parameter: str | None) -> Place | None:
    """Where a parameter has its value; nowhere, if the command line assumes it."""
    if parameter is None or parameter in tree.assumed:
        return None
    return place_of(tree.plan.parameters[parameter].node)


def _letter_words(
    language: str, at: str | None, steps: tuple[LadderStep, ...], value: Value | None
) -> tuple[str, ...]:
    """Where a value stands among letters; the limit of a letter belongs to it."""
    if value is None:
        return ()
    if at is None:
        names = ", ".join(step.name for step in steps if step.reached is None)
        return (say(language, "the range {range} leaves {names} open", range=value.shown,
                    names=names),)  # fmt: skip
    words = []
    place = next((i for i, step in enumerate(steps) if step.name == at), len(steps))
    if place < len(steps) and steps[place].distance is not None:
        words.append(
            say(language, "{letter}: inside its limit of {limit} by {distance}", letter=at,
                distance=_amount(language, steps[place]), limit=steps[place].limit)
        )  # fmt: skip
    elif steps and steps[-1].distance is not None:
        words.append(
            say(language, "{letter}: beyond the limit of {last}, {limit}, by {distance}", letter=at,
                distance=_amount(language, steps[-1]), last=steps[-1].name, limit=steps[-1].limit)
        )  # fmt: skip
    if 0 < place < len(steps) and steps[place - 1].distance is not None:
        words.append(_away(language, steps[place - 1]))
    elif place == len(steps) > 1:
        pass  # the last limit is the next letter, said above
    return tuple(words)


def _severity_words(
    language: str, steps: tuple[LadderStep, ...], value: Value | None
) -> tuple[str, ...]:
    """Which severities are reached, and how far the next is."""
    if value is None:
        return ()
    words = []
    reached = [step for step in steps if step.reached]
    if reached and reached[-1].distance is not None:
        words.append(
            say(language, "{severity}: past its limit of {limit} by {distance}",
                severity=say(language, reached[-1].name), distance=_amount(language, reached[-1]),
                limit=reached[-1].limit)
        )  # fmt: skip
    following = next((step for step in steps if step.reached is False), None)
    if following is not None and following.distance is not None:
        words.append(_away(language, following))
    open_ = [say(language, step.name) for step in steps if step.reached is None]
    if open_:
        words.append(
            say(language, "the range {range} leaves {names} open", range=value.shown,
                names=", ".join(open_))
        )  # fmt: skip
    return tuple(words)


def _away(language: str, step: LadderStep) -> str:
    words = "the limit of {step}, {limit}, is {distance} away"
    name = say(language, step.name)
    return say(language, words, step=name, limit=step.limit, distance=_amount(language, step))


def _amount(language: str, step: LadderStep) -> str:
    """A distance without its sign, and what part of the limit it is."""
    assert step.distance is not None
    text = step.distance.shown.removeprefix("-")
    if step.relative is None:
        return text
    part = f"{abs(step.relative) * 100:.0f}%"
    return say(language, "{distance} ({part} of it)", distance=text, part=part)
