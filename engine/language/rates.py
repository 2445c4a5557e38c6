"""Rates of exchange that sources state, from the company's own currency into another."""

from __future__ import annotations

from ddcheck.engine.language.cells import Cell
from ddcheck.engine.model.axes import Axis
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.ledger import Ledger


def rates_into(
    ledger: Ledger, currency: str, axis: Axis, *, flow: bool, printed: bool
) -> list[Cell | None]:
    """For each period the rate from the company's own currency into `currency`.

    `flow` takes the average over a span, else the rate at its end; `printed` the ends of the last
    digit. None where no source states one.
    """
    name = "fx_average" if flow else "fx_closing"
    own = ledger.company.currency
    found: dict[tuple[int, int], Cell] = {}
    for stated in ledger.facts:
        if stated.concept != name:
            continue
        # The best of its key; other currencies have the same key.
        for fact in ledger.candidates(stated):
            rate = _rate(fact, own, currency, printed=printed)
            if rate is not None:
                key = (fact.period.start, fact.period.months) if flow else (fact.period.end, 0)
                if key not in found or fact.kind < found[key].kind:
                    found[key] = Cell(*rate, fact.kind, frozenset((fact,)))
                break
    return [
        found.get((period.start, period.months) if flow else (period.end, 0))
        for period in axis.periods
    ]


def _rate(fact: Fact, own: str, currency: str, *, printed: bool) -> tuple[float, float] | None:
    """How much `currency` one unit of `own` is worth by a rate that is stated either way."""
    if fact.value is None or fact.low <= 0:
        return None
    low, high = (fact.low, fact.high) if printed else (fact.value, fact.value)
    if fact.unit == f"{currency}/{own}":
        return low, high
    if fact.unit == f"{own}/{currency}":
        return 1 / high, 1 / low
    return None
