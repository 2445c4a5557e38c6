"""Measures of functions: what each makes of the units and the time of its arguments.

The rules only; which function has which stands in `functions`. A rule gets the measures of the
arguments that are evaluated and the literals of the others, and raises UnitMismatch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ddcheck.engine.model.units import COUNT, MONEY, RATIO, Measure, Unit, times


class UnitMismatch(Exception):
    """Arguments whose measures a function does not take; the message says which."""


#: What a condition is.
TRUTH = Measure((), truth=True)


def same(x: Measure, *_rest: Any) -> Measure:
    """The measure of the first argument."""
    return x._replace(bare=False, zero=False)


def like(x: Measure, *others: Any) -> Measure:
    """The measure that all arguments share."""
    for other in others:
        if isinstance(other, Measure):
            x = together(x, other)
    return x._replace(bare=False, zero=False)


def truth(*_args: Any) -> Measure:
    """A condition."""
    return TRUTH


def together(left: Measure, right: Measure) -> Measure:
    """The measure of two numbers that are added or compared; raises UnitMismatch.

    0 takes any unit; a bare number goes with ratios and counts, but not with a duration.
    """
    if left.truth or right.truth:
        raise UnitMismatch("a condition is not a number")
    if left.zero:
        return right
    if right.zero:
        return left
    if left.bare or right.bare:
        other = left if right.bare else right
        lasts = other.per_period > 0 or other.per_year > 0
        if other.bare or (other.unit in (RATIO, COUNT) and not lasts):
            return other
        raise UnitMismatch(f"{other.name()} and a bare number")
    for constant, other in ((left, right), (right, left)):
        # A literal or parameter is read as what it is held against: `revenue > 20 million` means
        # "in a period", `customers_lost / customers > 20%` "of them a period". Never a duration.
        timeless = constant.time == "none" and not constant.per_period
        lasts = other.per_period > 0 or other.per_year > 0
        if timeless and constant.unit == other.unit and not lasts:
            return other
    same = (left.unit, left.per_period, left.per_year) == (
        right.unit,
        right.per_period,
        right.per_year,
    )
    if not same:
        raise UnitMismatch(f"{left.name()} and {right.name()}")
    return left._replace(time=joined_time(left.time, right.time))


def joined_time(left: str, right: str) -> str:
    """How a value made of two relates to time: stocks stay stocks, anything mixed is an average."""
    if left == right or right == "none":
        return left
    if left == "none":
        return right
    return "stock" if {left, right} <= {"stock", "fixed"} else "average"


def ratio(x: Measure, *_rest: Any) -> Measure:
    """A ratio of any number to itself."""
    if x.truth:
        raise UnitMismatch("a condition is not a number")
    return Measure(RATIO, time="average")


def plain_ratio(x: Measure, *_rest: Any) -> Measure:
    """A ratio of a ratio."""
    if x.truth or x.unit or x.per_period or x.per_year:
        raise UnitMismatch(f"a ratio is needed, not {x.name()}")
    return Measure(RATIO, time=x.time)


def amount(x: Measure, *_rest: Any) -> Measure:
    """A flow summed over time: an amount, no longer per period."""
    if x.per_period != -1:
        raise UnitMismatch(f"a flow is needed, not {x.name()}")
    return Measure(x.unit, 0, x.per_year, "average")


def mean_stock(x: Measure, *_rest: Any) -> Measure:
    """A stock."""
    if x.time not in ("stock", "fixed"):
        raise UnitMismatch(f"a stock is needed, not {x.name()}: a flow has no opening and closing")
    return x


def change(x: Measure, *_rest: Any) -> Measure:
    """The change of a number within a year; of a stock it is per year."""
    if x.truth:
        raise UnitMismatch("a condition is not a number")
    if x.time == "stock" and x.unit:
        return Measure(x.unit, 0, -1, "average")
    return x._replace(bare=False, zero=False, time="average" if x.time == "stock" else x.time)


def duration(unit: Unit) -> Callable[..., Measure]:
    """A duration turned into numbers of `unit`."""

    def measure(x: Measure, *_rest: Any) -> Measure:
        if x.unit or x.per_period + x.per_year != 1 or x.per_period < 0 or x.per_year < 0:
            raise UnitMismatch(f"a duration is needed (a stock divided by a flow), not {x.name()}")
        return Measure(unit, time="average")

    return measure


def exchanged(x: Measure, currency: str, *_rest: Any) -> Measure:
    """Money with `currency` in place of the company's own."""
    money = [power for base, power in x.unit if base == "money"]
    if money != [1]:
        raise UnitMismatch(f"money is needed, not {x.name()}")
    unit = times(times(x.unit, MONEY, -1), ((currency, 1),))
    return x._replace(unit=unit)


def meeting(x: Measure, y: Measure) -> Measure:
    """A condition on two numbers that can be compared."""
    together(x, y)
    return TRUTH


def plain_number(*_args: Any) -> Measure:
    """A plain number."""
    return Measure(RATIO)
