"""Intervals: the ends of what two closed intervals make.

What has no value is a reason in words. Ends may be infinite where a side is open.
"""

from __future__ import annotations

import math
from typing import TypeAlias

Ends: TypeAlias = tuple[float, float]
_INF = float("inf")


def product(a: float, b: float, c: float, d: float) -> Ends | str:
    """The interval of a product of [a, b] and [c, d], or why there is none."""
    ends = [0.0 if x == 0 or y == 0 else x * y for x in (a, b) for y in (c, d)]
    return checked(min(ends), max(ends), a, b, c, d)


def quotient(a: float, b: float, c: float, d: float) -> Ends | str:
    """The interval of [a, b] over [c, d], or why there is none."""
    if c == d == 0:
        return "the denominator is zero"
    if c <= 0 <= d:
        return -_INF, _INF
    ends = [ratio(x, y) for x in (a, b) for y in (c, d)]
    return checked(min(ends), max(ends), a, b, c, d)


def truth(yes: bool, no: bool) -> Ends:
    """A truth as an interval over {0, 1}: certainly so, certainly not, or open."""
    return (1.0 if yes else 0.0), (0.0 if no else 1.0)


def ratio(x: float, y: float) -> float:
    """One end over another; an open end below the line makes nothing of it."""
    if math.isinf(y):
        return 0.0 if not math.isinf(x) else math.copysign(_INF, x) * math.copysign(1, y)
    return x / y


def checked(low: float, high: float, *ends: float) -> Ends | str:
    """The interval, or a reason where finite inputs left the range of numbers."""
    if math.isnan(low) or math.isnan(high):
        return "the result is not a number"
    if all(map(math.isfinite, ends)) and not (abs(low) < 1e300 and abs(high) < 1e300):
        return "the result is not finite"
    return low, high
