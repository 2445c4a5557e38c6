"""Whether the facts bear a claim out, and what would explain it where they do not.

The claim's number is an interval of its last written digit, the figure's that of the digits its
facts are printed with; no percentage is tolerated. `13%` is [12.5 %, 13.5 %], closed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ddcheck.engine.memo.figures import Figure, Figures, Lacking, currency_of, same_span
from ddcheck.engine.model.memo import (
    MATCH,
    MISMATCH,
    OVERPRECISE,
    ROUNDED,
    UNRESOLVED,
    Claim,
    Judged,
    NearMiss,
)
from ddcheck.engine.model.periods import ACTUAL, Period, kind_suffix
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.quantity import Quantity

#: Room for the arithmetic of binary fractions, not for anybody's rounding.
_ARITHMETIC = 1e-9
_SCALES = (
    (1e2, "per cent or a fraction"), (1e3, "a thousand"), (1e4, "万"), (1e6, "a million"),
    (1e8, "亿"), (1e9, "a billion"), (10.0, "ten"), (1e5, "a hundred thousand"),
)  # fmt: skip
_MOST_NEAR = 4


class Ends(NamedTuple):
    """What a claim's text allows, in base units, closed; infinite where a side is open."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether `value` lies within."""
        slack = _ARITHMETIC * max(abs(value), 1e-6)
        return self.low - slack <= value <= self.high + slack

    def meets(self, low: float, high: float) -> bool:
        """Whether the two intervals have a value in common."""
        slack = _ARITHMETIC * max(min(abs(low), abs(high)), 1e-6)
        return self.low - slack <= high and low <= self.high + slack

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


def judge_number(claim: Claim, figures: Figures) -> Judged:
    """The verdict on a claim that puts a number on a fact, a metric or an expression."""
    target = claim.target
    quantity = claim.number.quantity if claim.number is not None else None
    if quantity is None:
        return _unresolved(claim, "this number cannot be read")
    where = _period(claim, figures)
    if isinstance(where, Lacking):
        return _unresolved(claim, where.words, where.help)
    period, kind = where
    figure = figures.at(target, period, kind)
    if isinstance(figure, Lacking):
        return _unresolved(claim, figure.words, figure.help, _other_kinds(claim, period, figures))
    ends = claim_ends(quantity, target.mode)
    base = Judged(
        claim, MATCH, period, figure.point, _finite(figure.low), _finite(figure.high),
        _finite(ends.low), _finite(ends.high), (), "",
    )  # fmt: skip
    if not same_unit(quantity.unit, figure):
        near = NearMiss("unit", f"{figure.name} is in {currency_of(figure)}")
        words = f"`{claim.text.strip()}` is in {quantity.unit}: {_is(figure)}"
        return base._replace(verdict=MISMATCH, near=(near,), message=words)
    return _compared(base, claim, figure, ends, quantity, figures)


def _compared(
    base: Judged, claim: Claim, figure: Figure, ends: Ends, quantity: Quantity, figures: Figures
) -> Judged:
    text = claim.text.strip() or (claim.number.text if claim.number is not None else "")
    width = figure.high - figure.low
    fine = math.isfinite(ends.width) and ends.width < width * (1 - 1e-6)
    within = ends.low <= figure.low and figure.high <= ends.high
    if figure.point is None:
        if within:
            return base._replace(message=_is(figure))
        if ends.meets(figure.low, figure.high):
            words = f"`{text}` says more than is known: {_is(figure)}"
            return base._replace(verdict=OVERPRECISE, message=words)
    elif ends.meets(figure.low, figure.high):
        if fine:
            words = f"`{text}` has more digits than the facts bear: {_is(figure)}"
            return base._replace(verdict=OVERPRECISE, message=words)
        if ends.holds(figure.point):
            return base._replace(message=_is(figure))
        words = f"`{text}` holds only within the rounding of the facts: {_is(figure)}"
        return base._replace(verdict=ROUNDED, message=words)
    near = tuple(_near(claim, figure, ends, figures))[:_MOST_NEAR]
    rounds = _rounded(figure, quantity, claim)
    words = f"`{text}` is not {_is(figure)}"
    if rounds is not None:
        words += f", which rounds to {rounds}"
    return base._replace(verdict=MISMATCH, near=near, message=words)


def claim_ends(quantity: Quantity, mode: str | None) -> Ends:
    """What a number allows as it is written, or as its tag says it is meant.

    `trunc`: cut off and not rounded; `approx`: one unit of the last digit either side; `min` and
    `max`: at least, at most.
    """
    low = float(quantity.low) if quantity.low is not None else -math.inf
    high = float(quantity.high) if quantity.high is not None else math.inf
    if quantity.value is None or mode is None:
        return Ends(low, high)
    value = float(quantity.value)
    step = high - low
    if mode == "approx":
        return Ends(value - step, value + step)
    if mode == "min":
        return Ends(value, math.inf)
    if mode == "max":
        return Ends(-math.inf, value)
    # Cut towards zero: 13.9 % is written 13 %; the open end is the next number below.
    if value >= 0:
        return Ends(value, math.nextafter(value + step, 0))
    return Ends(math.nextafter(value - step, 0), value)


def same_unit(unit: str, figure: Figure) -> bool:
    """Whether a number in `unit` can say what `figure` is; a bare number says any."""
    own = currency_of(figure)
    return unit in ("", own, figure.unit, own.split("/")[0], figure.unit.split("/")[0])


def _period(claim: Claim, figures: Figures) -> tuple[Period, int] | Lacking:
    target = claim.target
    if target.periods:
        return figures.period("..".join(target.periods))
    if target.kind == "expression":
        return Lacking("an expression needs a period", "write it behind `@`")
    if target.name not in figures.plan.terms:
        found = figures.named(target.name, figures.company.calendar.parse("FY2000")[0])
        assert isinstance(found, Lacking)
        return found
    return figures.newest(target.name) or Lacking(f"nothing is known of {target.name}", None)


def _unresolved(
    claim: Claim, words: str, help_: str | None = None, near: tuple[NearMiss, ...] = ()
) -> Judged:
    message = f"{words} ({help_})" if help_ else words
    return Judged(claim, UNRESOLVED, None, None, None, None, None, None, near, message)


def _other_kinds(claim: Claim, period: Period, figures: Figures) -> tuple[NearMiss, ...]:
    """The same name at the same period, known as an estimate or guidance."""
    if claim.target.kind != "value":
        return ()
    found = []
    for figure in figures.known_elsewhere(claim.target.name):
        if same_span(figure.period, period):
            label = figure.period.label + kind_suffix(figure.kind)
            found.append(NearMiss("kind", f"known as @{label}: {_value(figure)}"))
    return tuple(found)


def _near(claim: Claim, figure: Figure, ends: Ends, figures: Figures) -> Iterator[NearMiss]:
    """What would have made the claim true, the likeliest first."""
    point = figure.point
    target = claim.target
    if target.kind == "value":
        for other in figures.known_elsewhere(target.name):
            same = same_span(other.period, figure.period) and other.kind == figure.kind
            if not same and other.point is not None and ends.holds(other.point):
                label = other.period.label + kind_suffix(other.kind)
                yield NearMiss("period", f"it is the figure of {label} ({_value(other)})")
                break
    if point is not None and point != 0:
        if ends.holds(-point):
            yield NearMiss("sign", f"the sign is the other way round: {_value(figure)}")
        for factor, words in _SCALES:
            for sign in (1, -1):
                if ends.holds(sign * point * factor) or ends.holds(sign * point / factor):
                    yield NearMiss("scale", f"it is off by a factor of {words}")
                    break
            else:
                continue
            break
    yield from _same_value(figure, ends, figures)


def _same_value(figure: Figure, ends: Ends, figures: Figures) -> Iterator[NearMiss]:
    """Other facts and metrics of the same unit and period that have the value."""
    if not math.isfinite(ends.width):
        return
    for name in figures.plan.terms:
        if name == figure.name or not _alike(name, figure, figures):
            continue
        other = figures.named(name, figure.period, ACTUAL)
        if isinstance(other, Figure) and other.point and ends.holds(other.point):
            yield NearMiss("name", f"it is the figure of {name} ({_value(other)})")


def _alike(name: str, figure: Figure, figures: Figures) -> bool:
    from ddcheck.engine.model.units import unit_name

    return unit_name(figures.plan.terms[name].unit) == figure.unit


def _value(figure: Figure) -> str:
    return value_text(figure.point, figure.unit, figure.style, figure.low, figure.high)


def _is(figure: Figure) -> str:
    """The figure in words: `revenue_growth FY2021 21.3%`."""
    label = figure.period.label + kind_suffix(figure.kind)
    money = f" {figure.currency} m" if figure.unit == "money" else ""
    return f"{figure.name} {label}: {_value(figure)}{money}"


def _rounded(figure: Figure, quantity: Quantity, claim: Claim) -> str | None:
    """The figure at the precision that the claim is written with, in the claim's own form."""
    value, low, high = quantity.value, quantity.low, quantity.high
    if figure.point is None or claim.number is None:
        return None
    if value is None or low is None or high is None or high == low:
        return None
    step = high - low
    units = (Decimal(repr(figure.point)) / step).to_integral_value()
    written = value / step
    if units == written:
        return None
    shown = units * step
    if quantity.unit == "ratio" and "%" in claim.number.text.replace("％", "%"):
        percent = shown * 100
        digits = max(0, -int((step * 100).normalize().as_tuple().exponent))  # type: ignore[arg-type]
        return f"{percent:.{digits}f}%"
    return value_text(float(shown), figure.unit, figure.style)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
