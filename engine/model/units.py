"""Units and what they make when formulas combine them.

A `Unit` is a product of bases with whole exponents: money per ADS is `(("ads", -1), ("money", 1))`,
a ratio is `()`. A `Measure` adds time: how often "per period" or "per year" stands in it, and
whether the value stands at an instant or over a period. Currencies other than the company's own
are bases of their own, so that they never meet unnoticed.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ddcheck.engine.text.words import CURRENCIES

Unit: TypeAlias = tuple[tuple[str, int], ...]

RATIO: Unit = ()
MONEY: Unit = (("money", 1),)
COUNT: Unit = (("count", 1),)
MONTHS: Unit = (("months", 1),)
DAYS: Unit = (("days", 1),)

BASES = frozenset(
    {"money", "count", "shares", "ads", "votes", "minutes", "months", "days", *CURRENCIES}
)


def unit_named(name: str) -> Unit | None:
    """The unit that a name such as `money/ads`, `ratio` or `USD` stands for, or None."""
    exponents: dict[str, int] = {}
    for position, part in enumerate(name.split("/")):
        base = part.strip()
        if base == "ratio":
            continue
        if base not in BASES:
            return None
        exponents[base] = exponents.get(base, 0) + (-1 if position else 1)
    return _ordered(exponents)


def unit_name(unit: Unit) -> str:
    """The name of `unit`: `ratio`, `money`, `money/ads`."""
    above = [base if power == 1 else f"{base}^{power}" for base, power in unit if power > 0]
    below = [base if power == -1 else f"{base}^{-power}" for base, power in unit if power < 0]
    if not above and not below:
        return "ratio"
    return "/".join(["·".join(above) or "1", *below])


def _ordered(exponents: dict[str, int]) -> Unit:
    return tuple(sorted((base, power) for base, power in exponents.items() if power))


def times(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """The unit of a product; of a quotient with `sign` -1."""
    exponents = dict(left)
    for base, power in right:
        exponents[base] = exponents.get(base, 0) + sign * power
    return _ordered(exponents)


def in_currency(unit: Unit, currency: str) -> Unit:
    """`unit` with `money` written as the company's own `currency`."""
    return _ordered({currency if base == "money" else base: power for base, power in unit})


def foreign_currency(name: str, currency: str) -> str | None:
    """The currency in the unit `name` if it is another than `currency`; None for a rate of both."""
    bases = name.split("/")
    if currency in bases:
        return None
    return next((base for base in bases if base in CURRENCIES), None)


def smallest_step(unit: Unit) -> float:
    """What two numbers of `unit` may differ by and still be equal.

    0.01 for money and counts in base units, 0 for quotients of them, 1e-12 for ratios.
    """
    if not unit:
        return 1e-12
    return 0.01 if len(unit) == 1 and unit[0][1] == 1 else 0.0


class Measure(NamedTuple):
    """What a formula's value is: its unit, its relation to time, and where it stands.

    `per_period` and `per_year` are exponents: a flow has `per_period` -1, a stock divided by a
    flow +1. `time` is `flow`, `stock`, `average`, `fixed`, or `none` for a constant. `truth` marks
    a condition, `bare` a number literal without a unit, `zero` the literal 0.
    """

    unit: Unit
    per_period: int = 0
    per_year: int = 0
    time: str = "none"
    truth: bool = False
    bare: bool = False
    zero: bool = False

    def name(self) -> str:
        """The measure in words, for messages: `money per period`, `ratio`, `a condition`."""
        if self.truth:
            return "a condition"
        words = unit_name(self.unit)
        for exponent, span in ((self.per_period, "period"), (self.per_year, "year")):
            if exponent < 0:
                words += f" per {span}" * -exponent
            elif exponent > 0:
                words = f"{span}s" if words == "ratio" else f"{words} · {span}"
        return words


def concept_measure(unit: Unit, time: str) -> Measure:
    """The measure of a fact of `unit` whose `time` is flow, stock, average or fixed."""
    return Measure(unit, -1 if time == "flow" else 0, 0, time)
