"""What layers make of packs: which changes loosen, and in which layer each test runs.

The direction of a change comes from where it is used: a limit that a rule is `above:` raises fewer
flags when it rises. Where uses disagree, or a formula uses it, nothing is guessed: it is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.model.layered import CHANGED, LOOSER, OFF, TIGHTER, Change, Layer
from ddcheck.engine.model.layers import with_layers
from ddcheck.engine.model.limits import limit_value
from ddcheck.engine.model.pack import (
    DIRECTIONS,
    RISING,
    Packs,
    Parameter,
    RuleDefinition,
    severity_rank,
)
from ddcheck.engine.model.plan import Metric, MetricLadder, Plan, Rule, Step
from ddcheck.engine.model.settled import Shift
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar

#: Fields that are words alone: no verdict and no grade rests on them.
WORDS = frozenset(
    {
        "title", "message", "why", "ask", "ask_on", "reference", "ladder_reference", "show",
        "tests", "style",
    }
)  # fmt: skip
_LADDERS = ("ladder", "ladders")


def shifts_of(plan: Plan, day: int) -> tuple[Shift, ...]:
    """What the layers of `plan` change, as it is with all of them, against the packs as written.

    Limits are compared as they are on `day`; a change that comes to the same is left out. The place
    is that of the layer whose word holds.
    """
    packs = plan.packs
    if not packs.changes:
        return ()
    last = {(change.id, change.field): change for change in packs.changes}
    off = {change.id for change in last.values() if change.field == OFF}
    base = _compiled(packs, ())
    found = []
    for change in last.values():
        if change.id in off and change.field != OFF:
            continue
        if change.field is None:
            kind = _parameter(plan, change.id, day)
        elif change.field in DIRECTIONS and not _holds(plan, change):
            continue
        else:
            kind = _field(plan, base, change, day)
        if kind is not None:
            found.append(Shift(change, kind))
    return tuple(found)


def _holds(plan: Plan, change: Change) -> bool:
    """Whether the ladder of severities that `change` wrote is the one that holds."""
    rule = plan.rules.get(change.id)
    return rule is None or rule.definition.direction == change.field


def parameter_way(plan: Plan, name: str) -> int:
    """1 if a higher value of the parameter raises fewer flags and worse letters, -1 if a lower one.

    0 where its uses disagree, where a formula uses it, and where nothing does.
    """
    ways = set(_ways(plan, name))
    return ways.pop() if len(ways) == 1 else 0


def _ways(plan: Plan, name: str) -> Iterator[int]:
    word = re.compile(rf"\b{re.escape(name)}\b", re.ASCII)
    for rule in plan.rules.values():
        way = 1 if rule.definition.direction in RISING else -1
        yield from _step_ways(rule.steps, name, way)
        if rule.applies_when is not None and name in rule.applies_when.names:
            yield 0
    for metric in plan.metrics.values():
        way = 1 if metric.definition.better == "lower" else -1
        for ladder in metric.ladders:
            yield from _step_ways(ladder.steps, name, way)
        formulas = [*metric.formulas, *metric.between]
        formulas += [metric.applies_when] if metric.applies_when is not None else []
        if any(name in formula.names for formula in formulas):
            yield 0
    for derived in plan.derived.values():
        if any(name in formula.names for formula in derived):
            yield 0
    for trend in plan.packs.trends:
        if word.search(trend.when.text):
            yield 0


def _step_ways(steps: tuple[Step, ...], name: str, way: int) -> Iterator[int]:
    for step in steps:
        if step.limit == f"${name}":
            yield way
        elif name in step.condition.names:
            yield 0


def shift_of_value(plan: Plan, name: str, before: float | None, now: float | None) -> str | None:
    """What it does to flags and letters that a parameter is `now` what it was not `before`."""
    if before == now:
        return None
    way = parameter_way(plan, name)
    if not way or before is None or now is None:
        return CHANGED
    return LOOSER if (now > before) == (way > 0) else TIGHTER


def _parameter(plan: Plan, name: str, day: int) -> str | None:
    """The shift of a parameter on `day`, else of the first day on which it is another."""
    parameter = plan.parameters.get(name)
    if parameter is None:
        return CHANGED
    own = parameter._replace(values=parameter.written[0].values)
    for when in sorted({day, *(d for d, _ in (*own.values, *parameter.values) if d > day)}):
        kind = shift_of_value(plan, name, own.at(when), parameter.at(when))
        if kind is not None:
            return kind
    return None


def _field(plan: Plan, base: Plan, change: Change, day: int) -> str | None:
    field = change.field or ""
    if field in WORDS:
        return None
    old, new = base.rules.get(change.id), plan.rules.get(change.id)
    if field == OFF:
        return CHANGED if old is not None and old.definition.strength else LOOSER
    if field == "severity" and old is not None and new is not None:
        return _severity(old.definition, new.definition)
    if field in DIRECTIONS and old is not None and new is not None:
        return _limits(old, new, plan.parameters, day)
    if field == "from":
        since = new.definition.since if new is not None else None
        return LOOSER if since is not None and since > day else CHANGED
    before, now = base.metrics.get(change.id), plan.metrics.get(change.id)
    if field in _LADDERS and before is not None and now is not None:
        return _ladders(before, now, plan.parameters, day)
    return None if isinstance(change.node, Scalar) and _same(base, change) else CHANGED


def _same(base: Plan, change: Change) -> bool:
    """Whether the field is written as it was."""
    for pack in base.packs.bare:
        entry = pack.entries.get(change.id)
        if entry is not None and change.field is not None:
            was = entry.mapping.get(change.field)
            assert isinstance(change.node, Scalar)
            return isinstance(was, Scalar) and was.text == change.node.text
    return False


def _severity(old: RuleDefinition, new: RuleDefinition) -> str | None:
    before, now = severity_rank(old.severity), severity_rank(new.severity)
    return None if before == now else LOOSER if now > before else TIGHTER


def _limits(old: Rule, new: Rule, parameters: dict[str, Parameter], day: int) -> str | None:
    """Looser if any flag comes later or is milder, whatever else is tighter."""
    if old.definition.direction != new.definition.direction:
        return CHANGED
    up = old.definition.direction in RISING
    return _steps(old.steps, new.steps, parameters, day, up=up, dropped=LOOSER)


def _ladders(old: Metric, new: Metric, parameters: dict[str, Parameter], day: int) -> str | None:
    """Looser if any value gets a better letter than before."""
    before, now = _by_tags(old), _by_tags(new)
    if set(before) != set(now) or old.definition.better != new.definition.better:
        return CHANGED
    up = old.definition.better == "lower"
    kinds = [
        _steps(before[key].steps, now[key].steps, parameters, day, up=up, dropped=TIGHTER)
        for key in before
    ]
    return next((kind for kind in (LOOSER, CHANGED, TIGHTER) if kind in kinds), None)


def _by_tags(metric: Metric) -> dict[tuple[frozenset[str], str | None], MetricLadder]:
    return {(ladder.tags, ladder.dated): ladder for ladder in metric.ladders}


def _steps(
    old: tuple[Step, ...],
    new: tuple[Step, ...],
    parameters: dict[str, Parameter],
    day: int,
    *,
    up: bool,
    dropped: str,
) -> str | None:
    """What new limits do; `dropped` is what it does to leave a step out."""
    on_day = {name: item._replace(values=((0, value),) if (value := item.at(day)) is not None
              else ()) for name, item in parameters.items()}  # fmt: skip
    before = {step.name: limit_value(step, on_day) for step in old}
    now = {step.name: limit_value(step, on_day) for step in new}
    kinds = set()
    for name in {*before, *now}:
        if name not in now:
            kinds.add(dropped)
        elif name not in before:
            kinds.add(TIGHTER if dropped == LOOSER else LOOSER)
        else:
            was, limit = before[name], now[name]
            if was is None or limit is None:
                kinds.add(CHANGED)
            elif was != limit:
                kinds.add(LOOSER if (limit > was) == up else TIGHTER)
    return next((kind for kind in (LOOSER, CHANGED, TIGHTER) if kind in kinds), None)


# --- tests, each in its own layer


def _compiled(packs: Packs, layers: tuple[Layer, ...]) -> Plan:
    """The plan of `packs` with some of their layers; what is wrong is said of the whole plan."""
    return compile_packs(with_layers(packs, layers, Report()), Report())


def plans_of_tests(plan: Plan) -> tuple[Plan, ...]:
    """The plans in which tests run, each holding those that were written for it.

    A test runs with its own pack and what that extends, without what later layers set or override.
    Without layers that change anything it is `plan` itself.
    """
    packs = plan.packs
    layers = tuple(layer for layer in packs.layers if layer.changes_anything)
    if not layers:
        return (plan,)
    names = tuple(layer.name for layer in layers)
    below = {pack.id: {pack.id, *pack.reach} for pack in packs.bare}
    below |= {layer.name: {layer.name, *layer.reach} for layer in layers}

    def state(home: str) -> frozenset[str]:
        return frozenset(name for name in names if name in below[home])

    states = {state(home) for home in below}
    whole = frozenset(names)
    found = []
    for wanted in sorted(states, key=lambda item: (len(item), sorted(item))):
        own = tuple(layer for layer in packs.layers if layer.name in wanted)
        made = plan if wanted == whole else _compiled(packs, own)
        writers = {
            change.id: change.layer for change in made.packs.changes if change.field == "tests"
        }
        metrics = {
            name: item if state(writers.get(name, item.definition.pack)) == wanted else
            item._replace(definition=item.definition._replace(tests=()))
            for name, item in made.metrics.items()
        }  # fmt: skip
        rules = {
            name: item if state(writers.get(name, item.definition.pack)) == wanted else
            item._replace(definition=item.definition._replace(tests=()))
            for name, item in made.rules.items()
        }  # fmt: skip
        found.append(made._replace(metrics=metrics, rules=rules))
    return tuple(found)


def untested_changes(plan: Plan) -> tuple[Change, ...]:
    """The first field that each layer changes of an entry to which it brings no tests."""
    brought = {(c.layer, c.id) for c in plan.packs.changes if c.field in ("tests", OFF)}
    found: dict[tuple[str, str], Change] = {}
    for change in plan.packs.changes:
        key = (change.layer, change.id)
        if change.field is not None and change.field not in WORDS and key not in brought:
            found.setdefault(key, change)
    return tuple(found.values())
