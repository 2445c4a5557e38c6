"""Headroom: how far each stated fact can move, all others as printed, before the verdict turns.

A turn is another outcome or severity, at the verdict's own period; unknown is another outcome, so
a base that falls to zero counts. A value at which the verdict is lost for that single point only
(a denominator of exactly zero) is none. The value given is the nearest turn below and above the
printed one: a grain before it the verdict holds, a grain beyond it it has turned, a grain being
two billionths of the larger of the two values; at the value itself the language's equality decides.

Facts are moved up to REACH times the largest figure of their unit behind the verdict; those of a
concept that is always positive down to the REACHth part of what is printed. In most rules a
comparison is a fraction of two linear functions of each single fact, so that five evaluations tell
where it turns; where they do not fit, the line is searched on a grid, which may miss a turn that is
undone before its next point, and turns are closed in on by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.scenario import Ruling, Scenario
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.finding import FLAG, PASS, Headroom

#: How far facts are moved, in times the largest figure of their unit.
REACH = 1000.0
#: What of the larger value lies between holding and having turned.
GRAIN = 2e-9
_STEP = 0.1
_FIT = 1e-6
_POINTS = 4
_GRID = (0.01, 0.1, 0.3, 0.6, 0.9, 1.1, 2.0, 5.0)
_FARTHER = 5.0


def find_headroom(
    judge: Judge, verdict: Verdict, moving: Callable[[], Scenario]
) -> tuple[Headroom, ...]:
    """The headroom of each stated fact behind a flag or a pass, in order; else nothing."""
    if verdict.place < 0 or verdict.outcome not in (FLAG, PASS):
        return ()
    plan, scenario = judge.context.plan, moving()
    found = []
    for fact in scenario.facts:
        scale = max(abs(f.value or 0.0) for f in scenario.facts if f.unit == fact.unit)
        positive = fact.concept in plan.terms and plan.terms[fact.concept].positive
        line = _Line(scenario, fact, scale or 1.0, positive=positive)
        found.append(Headroom(fact, line.turn(line.low), line.turn(line.high)))
    return tuple(found)


class _Line:
    """The verdict along the values of one fact, from `low` to `high`."""

    def __init__(self, scenario: Scenario, fact: Fact, scale: float, *, positive: bool) -> None:
        assert fact.value is not None
        self.scenario = scenario
        self.fact = fact
        self.value = fact.value
        self.scale = scale
        self.low = self.value - REACH * scale
        self.high = self.value + REACH * scale
        if positive:
            self.low = min(self.value, self.value / REACH)
        self._gridded = False
        self._seen: dict[float, Ruling] = {}
        scenario.at({})
        self.here = self.at(self.value)

    def at(self, value: float) -> Ruling:
        """The ruling with the fact at `value`."""
        found = self._seen.get(value)
        if found is None:
            found = self._seen[value] = self.scenario.at({self.fact: value})
        return found

    def holds(self, value: float) -> bool:
        """Whether the verdict is still the same with the fact at `value`."""
        return self.at(value).same(self.here)

    def turn(self, end: float) -> float | None:
        """The value between the printed one and `end` nearest to it at which the verdict turns."""
        if end == self.value:
            return None
        sign = 1.0 if end > self.value else -1.0
        breaks = [self.value]
        for value in sorted(self._breaks(end), key=lambda value: sign * value):
            inside = sign * (end - value) > self.grain(value)
            if inside and sign * (value - breaks[-1]) > 2 * self.grain(value):
                breaks.append(value)
        held = self.value
        for value, following in zip(breaks, [*breaks[1:], end], strict=True):
            middle = (value + following) / 2
            for probe in (middle, following) if self._gridded or following == end else (middle,):
                found = None if self.holds(probe) else self._turn_between(held, probe, value, sign)
                if found is not None:
                    return found
                if self.holds(probe):
                    held = probe
        return None

    def grain(self, value: float) -> float:
        """What is just before and just beyond `value`."""
        return GRAIN * (max(abs(value), abs(self.value)) or self.scale)

    def _turn_between(self, held: float, turned: float, guess: float, sign: float) -> float | None:
        """The first turn found from `held` to `turned` that is more than a single point."""
        for _ in range(_POINTS):
            found = self._closed_in(held, turned, guess, sign)
            beyond = found + 2 * sign * self.grain(found)
            if sign * (turned - beyond) < 0.0:
                beyond = turned + sign * self.grain(found)
            if not self.holds(beyond):
                return found
            if sign * (turned - beyond) <= 0.0:
                return None
            held = guess = beyond
        return None

    def _closed_in(self, held: float, turned: float, guess: float, sign: float) -> float:
        """The turn between `held` and `turned`, which is likely to be at `guess`."""
        for width in (self.grain(guess) * 16**i for i in range(6)):
            before, beyond = guess - sign * width, guess + sign * width
            if sign * (before - held) > 0.0:
                if self.holds(before):
                    held = before
                else:
                    turned = before
            if sign * (turned - beyond) > 0.0:
                if self.holds(beyond):
                    held = beyond
                else:
                    turned = beyond
            if abs(turned - held) <= 2 * width:
                break
        if abs(turned - held) <= 2 * self.grain(guess):
            return guess
        while abs(turned - held) > self.grain(turned):
            middle = (held + turned) / 2
            if middle in (held, turned):
                break
            if self.holds(middle):
                held = middle
            else:
                turned = middle
        return (held + turned) / 2

    def _breaks(self, end: float) -> Iterator[float]:
        """Values at which some comparison may turn between the printed one and `end`."""
        step = _STEP * (abs(self.value) or self.scale)
        near = [self.value, self.value + step, max(self.value - step, self.low)]
        if near[2] == near[0]:
            near[2] = self.value + 2 * step
        rows = [_margins(self.at(value)) for value in near]
        last = _margins(self.at(end))
        fits = len({len(row) for row in (*rows, last)}) == 1
        for i, margin in enumerate(last):
            if fits and margin is None and all(row[i] is None for row in rows):
                continue  # a side is missing wherever the fact stands
            fraction = _fraction(near, [row[i] for row in rows]) if fits else None
            if fraction is None or margin is None:
                fits = False
                continue
            slope, bend = fraction
            start = rows[0][i] or 0.0
            away = end - self.value
            whole = 1.0 + bend * away
            expected = (start + slope * away) / whole if whole else float("inf")
            fits = fits and abs(expected - margin) <= _FIT * max(abs(start), abs(margin))
            if slope:
                yield self.value - start / slope
            if bend:
                yield self.value - 1.0 / bend
        self._gridded = not fits
        if not fits:
            yield 0.0
            sign = 1.0 if end > self.value else -1.0
            size, reach = abs(self.value) or self.scale, abs(end - self.value)
            for factor in _GRID:
                yield self.value + sign * factor * size
            far = _FARTHER * _GRID[-1] * size
            while far < reach:
                yield self.value + sign * far
                far *= _FARTHER


def _margins(ruling: Ruling) -> tuple[float | None, ...]:
    return ruling.margins + ruling.inner


def _fraction(places: list[float], margins: list[float | None]) -> tuple[float, float] | None:
    """The (b, c) of (m + b u) / (1 + c u), u from the first place, through the three margins.

    None where there is no such function.
    """
    first, second, third = margins
    if first is None or second is None or third is None:
        return None
    if first == second == third:
        return 0.0, 0.0
    if second == third:
        return None
    rise = (second - first) / (places[1] - places[0])
    fall = (third - first) / (places[2] - places[0])
    bend = (rise - fall) / (third - second)
    return rise + bend * second, bend
