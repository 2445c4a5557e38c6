"""Whether a changed definition lets more pass: which way limits, severities and policies moved."""

from __future__ import annotations

import math

from ddcheck.engine.check.written_fields import ladder_fields
from ddcheck.engine.model.difference import ADDED, REMOVED
from ddcheck.engine.model.limits import limit_value
from ddcheck.engine.model.pack import LETTERS, RISING, SEVERITIES, Parameter
from ddcheck.engine.model.plan import Metric, Plan, Step


class Looser:
    """Which way a change of a field moves what passes, where that can be told."""

    def __init__(self, old: Plan, new: Plan, today: int) -> None:
        self.old = old
        self.new = new
        self.today = today

    def whole(self, kind: str, change: str) -> bool | None:
        """Of a definition that comes or goes as a whole."""
        ways = {"rule": change == REMOVED, "waiver": change == ADDED}
        return ways.get(kind)

    def field(
        self, kind: str, ident: str, name: str, old: str | None, new: str | None
    ) -> bool | None:
        """Of one field; None where that depends on more than the field."""
        first, _, step = name.partition(" ")
        if kind == "rule" and first == "limit":
            return self._limit(ident, step)
        if name in ("severity", "fail_on") and old in SEVERITIES and new in SEVERITIES:
            milder = SEVERITIES.index(new) > SEVERITIES.index(old)
            # A gate that fails at a milder severity fails more often.
            return milder if name == "severity" else not milder
        if kind == "metric" and first == "ladder":
            return self._letter(ident, name)
        if kind == "parameter" and first == "value":
            return self.parameter(ident)
        if kind == "policy" and name in ("must_know", "cannot_be_waived"):
            before, after = _items(old), _items(new)
            return bool(before - after)
        if kind == "policy" and name == "max_days" and old and new:
            return int(new) > int(old)
        if kind == "grading" and first in ("category_caps", "whole_caps"):
            if new is None:
                return True
            if old is None:
                return False
            if old in LETTERS and new in LETTERS:
                return LETTERS.index(new) < LETTERS.index(old)
        return None

    def _limit(self, rule: str, severity: str) -> bool | None:
        before, after = self.old.rules.get(rule), self.new.rules.get(rule)
        if before is None or after is None:
            return None
        directions = before.definition.direction, after.definition.direction
        left = next((step for step in before.steps if step.name == severity), None)
        right = next((step for step in after.steps if step.name == severity), None)
        if left is None or right is None:
            # A step less lets more pass, or passes it more mildly.
            return right is None
        if directions[0] != directions[1]:
            return None
        return self._moved(left, right, rising=directions[0] in RISING)

    def _letter(self, metric: str, name: str) -> bool | None:
        before, after = self.old.metrics.get(metric), self.new.metrics.get(metric)
        if before is None or after is None:
            return None
        left, right = _letters(before).get(name), _letters(after).get(name)
        if left is None or right is None or before.definition.better != after.definition.better:
            return None
        return self._moved(left, right, rising=after.definition.better == "lower")

    def _moved(self, left: Step, right: Step, *, rising: bool) -> bool | None:
        was = limit_value(left, self.old.parameters)
        now = limit_value(right, self.new.parameters)
        if was is None or now is None or math.isclose(was, now, rel_tol=1e-12):
            return None
        return (now > was) == rising

    def parameter(self, name: str) -> bool | None:
        """Of a parameter, by every limit that names it; None where they disagree or none does."""
        before, after = self.old.parameters.get(name), self.new.parameters.get(name)
        if before is None or after is None:
            return None
        was, now = _value(before, self.today), _value(after, self.today)
        if was is None or now is None or was == now:
            return None
        ways = set()
        for rule in self.new.rules.values():
            if (
                any(step.limit == f"${name}" for step in rule.steps)
                and not rule.definition.strength
            ):
                rising = rule.definition.direction in RISING
                ways.add((now > was) == rising)
        for metric in self.new.metrics.values():
            limits = {step.limit for ladder in metric.ladders for step in ladder.steps}
            if f"${name}" in limits and metric.definition.better is not None:
                ways.add((now > was) == (metric.definition.better == "lower"))
        return ways.pop() if len(ways) == 1 else None


def _letters(metric: Metric) -> dict[str, Step]:
    """The steps of a metric's ladders, by the name of their field."""
    found: dict[str, Step] = {}
    ladders = metric.definition.ladders
    if len(ladders) == len(metric.ladders):
        for ladder, compiled in zip(ladders, metric.ladders, strict=True):
            found.update(
                zip((name for name, _ in ladder_fields(ladder)), compiled.steps, strict=False)
            )
    return found


def _items(text: str | None) -> set[str]:
    return set(filter(None, (text or "").split(", ")))


def _value(parameter: Parameter, day: int) -> float | None:
    values = [value for start, value in parameter.values if start <= day]
    return values[-1] if values else None
