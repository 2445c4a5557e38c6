"""What a contradiction looks like: which slip would make two figures that differ the same.

A type is claimed only where the likeness is more than chance: figures are held against other
periods and concepts only with three digits or more, and against related concepts only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.conflict import ROUNDING
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.marks import apart, restates
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.variants import at_value
from ddcheck.engine.text.words import CURRENCIES

VALUE, DEFINITION, UNIT, PERIOD = "value", "definition", "unit", "period"
RESTATEMENT, COMPUTED, GUIDED = "restatement", "computed-vs-stated", "guidance-vs-actual"
#: Every type, and the note on figures that only touch.
TYPES = (VALUE, DEFINITION, UNIT, PERIOD, COMPUTED, RESTATEMENT, GUIDED, ROUNDING)
#: What a wrong scale makes of a figure: thousand, ten thousand, million, hundred million.
_FACTORS = (1e3, 1e4, 1e6, 1e8)
#: A percentage read as a number is a hundred times as much.
_PERCENT = 1e2
#: The widest interval, for its size, that counts as three digits.
_NARROW = 0.01
_RATES = ("fx_average", "fx_closing")


def key_of(fact: Fact, *, kind: bool = True) -> tuple[object, ...]:
    """What facts have in common that state the same thing, in whatever currency."""
    period = fact.period
    of = fact.kind if kind else None
    return fact.concept, fact.scope, fact.share, of, period.end, period.months


def side_of(fact: Fact, low: float, high: float) -> Fact:
    """What is computed for the key of `fact`, as a fact that no source states."""
    side = at_value(fact, low)
    side.high = high
    side.source, side.labelled = "", None
    return side


def type_of(plan: Plan, ledger: Ledger, left: Fact, right: Fact) -> tuple[str, str]:
    """The type of the contradiction between two facts of one key that do not meet, and its sign."""
    factor = unit_slip(ledger, left, right)
    if factor is not None:
        return UNIT, factor
    for one, other in ((left, right), (right, left)):
        period = _other_period(ledger, one, other)
        if period is not None:
            return PERIOD, f"{one.text} is the figure of {period}"
    for one in (left, right):
        concept = _other_concept(plan, ledger, one)
        if concept is not None:
            return DEFINITION, f"{one.text} is the figure of {concept}"
    if left.labelled != right.labelled:
        labels = [fact.labelled for fact in (left, right) if fact.labelled is not None]
        return DEFINITION, f"labelled {', '.join(labels)}"
    if restates(ledger, left, right):
        return RESTATEMENT, ""
    return VALUE, ""


def unit_slip(ledger: Ledger, left: Fact, right: Fact) -> str | None:
    """The factor or exchange rate after which the two agree, in words; None for none."""
    if _spans_zero(left) or _spans_zero(right):
        return None
    factors = (*_FACTORS, _PERCENT) if left.unit == right.unit == "ratio" else _FACTORS
    for factor in factors:
        if _meets_scaled(left, right, factor) or _meets_scaled(right, left, factor):
            return f"equal after a factor of {factor:,.0f}"
    if left.unit != right.unit or left.unit.partition("/")[0] not in CURRENCIES:
        return None
    for rate in _rates(ledger, left):
        if all(map(_narrow, (left, right, rate))) and (
            _meets_scaled(left, right, rate.low, rate.high)
            or _meets_scaled(right, left, rate.low, rate.high)
        ):
            return f"equal after the exchange rate {rate.text}"
    return None


def _meets_scaled(small: Fact, large: Fact, low: float, high: float | None = None) -> bool:
    """Whether `small`, times a factor between `low` and `high`, meets `large`."""
    ends = [end * f for end in (small.low, small.high) for f in (low, high or low)]
    return min(ends) <= large.high and large.low <= max(ends)


def _rates(ledger: Ledger, fact: Fact) -> Iterator[Fact]:
    """The exchange rates that are stated for the end of the period of `fact`."""
    for rate in ledger.facts:
        if rate.concept in _RATES and rate.period.end == fact.period.end and rate.low > 0:
            yield rate


def _spans_zero(fact: Fact) -> bool:
    return fact.low <= 0 <= fact.high


def _narrow(fact: Fact) -> bool:
    """Whether the figure has three digits or more."""
    middle = abs(fact.low + fact.high) / 2
    return not _spans_zero(fact) and fact.high - fact.low <= _NARROW * middle


def _other_period(ledger: Ledger, one: Fact, other: Fact) -> str | None:
    """The period for which the source of `other` states the figure of `one`."""
    if not _narrow(one):
        return None
    for fact in ledger.facts:
        if (
            fact.concept == one.concept
            and fact.source == other.source
            and (fact.scope, fact.share, fact.kind) == (one.scope, one.share, one.kind)
            and fact.unit == one.unit
            and fact.period.months == one.period.months
            and fact.period.end != one.period.end
            and _narrow(fact)
            and not apart(fact, one)
        ):
            return fact.period.label
    return None


def _other_concept(plan: Plan, ledger: Ledger, one: Fact) -> str | None:
    """The related concept whose figure, as somebody else states it, is that of `one`."""
    if not _narrow(one):
        return None
    for fact in ledger.facts:
        if (
            fact.concept != one.concept
            and fact.source != one.source
            and (fact.scope, fact.share, fact.kind) == (one.scope, one.share, one.kind)
            and fact.unit == one.unit
            and fact.period.end == one.period.end
            and fact.period.months == one.period.months
            and _narrow(fact)
            and not apart(fact, one)
            and _related(plan, fact.concept, one.concept)
        ):
            return fact.concept
    return None


def _related(plan: Plan, left: str, right: str) -> bool:
    """Whether two concepts are bases of one thing: one name holds the other, or derives it."""
    if right in plan.reach.get(left, ()) or left in plan.reach.get(right, ()):
        return True
    return any(
        re.search(rf"(?:\A|_){re.escape(short)}(?:_|\Z)", long) is not None
        for short, long in ((left, right), (right, left))
    )
