"""Whether the printed text of a fact says the value beside it."""

from __future__ import annotations

import math
from decimal import Decimal

from ddcheck.engine.copies.copies import even
from ddcheck.engine.copies.figures import spelled_out
from ddcheck.engine.copies.search import Wanted
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.verification import Remark
from ddcheck.engine.text.quantity import parse_quantity
from ddcheck.engine.text.words import CURRENCIES, QuantityError, UnitText


def value_remark(fact: Fact, wanted: list[Wanted]) -> Remark | None:
    """What is wrong between the printed text and the value beside it; None if nothing is."""
    if fact.text == fact.node.text or _same_interval(fact):
        return None
    if not wanted:
        number = spelled_out(even(fact.text))
        if number is None:
            return None
        wanted = [Wanted(str(number), "", number, Decimal(1), "", False)]
    ends = [
        abs(end) for end in (fact.value, fact.low, fact.high)
        if end is not None and math.isfinite(end)
    ]  # fmt: skip
    ends = [abs(fact.value)] if fact.value is not None else ends
    amounts = [abs(float(item.value)) for item in wanted]
    missing = [end for end in ends if not any(_equal(end, own) for own in amounts)]
    if fact.qualifier == "range":
        missing += [own for own in amounts if not any(_equal(end, own) for end in ends)]
    if missing:
        return Remark(
            "`text` says {text}, but the value is {value}",
            (("text", fact.text), ("value", fact.node.text)),
        )
    own = {part for part in fact.unit.split("/") if part in CURRENCIES}
    for item in wanted:
        printed = {part for part in item.unit.split("/") if part in CURRENCIES}
        if item.scaled and own and printed and not own & printed and not fact.labelled:
            return Remark(
                "`text` says {text}, but the value is in {unit}",
                (("text", fact.text), ("unit", fact.unit)),
            )
    if wanted[0].sign == "-" and fact.value is not None and fact.value > 0:
        return Remark(
            "`text` says {text}, but the value is {value}",
            (("text", fact.text), ("value", fact.node.text)),
        )
    return None


def _same_interval(fact: Fact) -> bool:
    """Whether the printed text, read as a quantity, is the fact's interval, the sign aside."""
    try:
        read = parse_quantity(even(fact.text), UnitText(Decimal(1), fact.unit))
    except QuantityError:
        return False
    if read.unit != fact.unit or read.low is None or read.high is None:
        return False
    if not math.isfinite(fact.low) or not math.isfinite(fact.high):
        return False
    low, high = float(read.low), float(read.high)
    turned = _equal(low, -fact.high) and _equal(high, -fact.low) and low >= 0
    return turned or (_equal(low, fact.low) and _equal(high, fact.high))


def _equal(left: float, right: float) -> bool:
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right))
