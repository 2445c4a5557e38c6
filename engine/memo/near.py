"""What would have made a false claim true: another period, unit, scale, sign or name.

A near miss is an explanation, so it must be plausible: only a number written precisely enough to
be told from others has any, and a name comes last, where nothing nearer explains it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures, same_span
from ddcheck.engine.model.memo import Claim, NearMiss
from ddcheck.engine.model.periods import ACTUAL, kind_suffix
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text

#: Room for the arithmetic of binary fractions, not for anybody's rounding.
_ARITHMETIC = 1e-9
_SCALES = (
    (1e2, "a hundred, as between per cent and a fraction"), (1e3, "a thousand"),
    (1e4, "ten thousand (万)"), (1e6, "a million"), (1e8, "a hundred million (亿)"),
    (1e9, "a billion"), (10.0, "ten"), (1e5, "a hundred thousand"),
)  # fmt: skip
#: How wide a claim may be against its size, for other periods and scales and for other names.
_TELLING, _SHARP = 0.25, 0.06
_MOST, _MOST_NAMES = 3, 2


class Ends(NamedTuple):
    """What a claim's text allows, in base units, closed; infinite where a side is open."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether `value` lies within."""
        slack = _ARITHMETIC * max(abs(value), 1e-6)
        return self.low - slack <= value <= self.high + slack

    def meets(self, low: float, high: float) -> bool:
        """Whether the two intervals have values in common.

        A common end is enough only where one of them is a point or open: a stated 22 % and a
        claimed 23 % both allow 22.5 %, and do not say the same.
        """
        slack = _ARITHMETIC * max(min(abs(low), abs(high)), 1e-6)
        if (
            math.isfinite(self.width)
            and self.width > 0
            and math.isfinite(high - low)
            and high > low
        ):
            slack = -_ARITHMETIC * min(self.width, high - low)
        return self.low - slack <= high and low <= self.high + slack

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


def near_misses(claim: Claim, figure: Figure, ends: Ends, figures: Figures) -> tuple[NearMiss, ...]:
    """What explains a claim that the figure does not bear out, the likeliest first."""
    found = list(_near(claim, figure, ends, figures))
    if not found and _narrow(ends, _SHARP):
        found = list(_same_value(figure, ends, figures))[:_MOST_NAMES]
    return tuple(found[:_MOST])


def _narrow(ends: Ends, share: float) -> bool:
    """Whether a claim is written precisely enough to be told from others."""
    size = max(abs(ends.low), abs(ends.high))
    return math.isfinite(ends.width) and size > 0 and ends.width <= share * size


def _near(claim: Claim, figure: Figure, ends: Ends, figures: Figures) -> Iterator[NearMiss]:
    point = figure.point
    if point and ends.holds(-point) and not ends.holds(0):
        yield NearMiss("sign", f"the sign is the other way round: {figure_text(figure)}")
    if point and _cut_off(ends, point):
        yield NearMiss("rounding", "it is cut off, not rounded: `?as=trunc` would say so")
    if not _narrow(ends, _TELLING):
        return
    if claim.target.kind == "value":
        yield from _other_period(claim.target.name, figure, ends, figures)
    if point:
        yield from _other_scale(point, ends)


def _cut_off(ends: Ends, point: float) -> bool:
    """Whether cutting the figure off gives what was written."""
    if not math.isfinite(ends.width) or not ends.width:
        return False
    middle = (ends.low + ends.high) / 2
    return middle * point > 0 and 0 <= abs(point) - abs(middle) < ends.width * (1 - _ARITHMETIC)


def _other_period(name: str, figure: Figure, ends: Ends, figures: Figures) -> Iterator[NearMiss]:
    """The nearest period, and kind of fact, of which the claim is true."""
    others = []
    for other in figures.known_elsewhere(name):
        same = same_span(other.period, figure.period)
        if (same and other.kind == figure.kind) or other.point in (None, figure.point):
            continue
        assert other.point is not None
        if not ends.holds(other.point) and not (other.point and ends.holds(-other.point)):
            continue
        far = abs(other.period.end - figure.period.end)
        turned = not ends.holds(other.point)
        frame = other.period.frame != figure.period.frame
        others.append(((turned, frame, other.kind != figure.kind, far), other))
    if others:
        _, other = min(others, key=lambda item: item[0])
        label = other.period.label + kind_suffix(other.kind)
        yield NearMiss("period", f"it is the figure of {label} ({figure_text(other)})")


def _other_scale(point: float, ends: Ends) -> Iterator[NearMiss]:
    for factor, words in _SCALES:
        for scaled in (point * factor, point / factor):
            if ends.holds(scaled):
                yield NearMiss("scale", f"it is off by a factor of {words}")
                return
            if ends.holds(-scaled):
                yield NearMiss("scale", f"it is off by a factor of {words}, and by its sign")
                return


def _same_value(figure: Figure, ends: Ends, figures: Figures) -> Iterator[NearMiss]:
    """Other facts and metrics of the same unit and period that have the value."""
    for name, term in figures.plan.terms.items():
        if name == figure.name or unit_name(term.unit) != figure.unit:
            continue
        other = figures.named(name, figure.period, ACTUAL)
        if isinstance(other, Figure) and other.point and ends.holds(other.point):
            yield NearMiss("name", f"it is the figure of {name} ({figure_text(other)})")


def figure_text(figure: Figure) -> str:
    """The figure as reports write it: money in millions, a bound where no point is known."""
    return value_text(figure.point, figure.unit, figure.style, figure.low, figure.high)
