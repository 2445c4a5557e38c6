"""Rows against rows: the same figures are taken once, different ones not at all, and what adds up
only with the opposite sign is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.draft import MAPPED, Left, Table, Taken
from ddcheck.engine.readers.labels import Meaning
from ddcheck.engine.text.diagnostics import WARNING, Report
from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.words import parse_unit

#: Concept, first month, months, last day, kind, unit: what one source may state once.
_Key: TypeAlias = tuple[str, int, int, int, int, str]


class _Stated(NamedTuple):
    table: int
    row: Taken
    low: Decimal | None
    high: Decimal | None


def agree(
    tables: list[Table],
    meanings: Mapping[str, Meaning],
    calendar: Calendar,
    path: str,
    report: Report,
) -> tuple[list[Table], list[Left]]:
    """The tables with each figure once, and the rows that are left out for it.

    Two rows that state different figures for one concept and period are DD506 and both left out,
    unless the map gives the concept to one of them.
    """
    stated: dict[_Key, list[_Stated]] = {}
    repeated: dict[int, set[int]] = {}
    against: dict[int, Taken] = {}
    rows = [(number, row) for number, table in enumerate(tables) for row in table.rows]
    rows.sort(key=lambda item: item[1].match.how != MAPPED)
    for number, row in rows:
        for index, value in enumerate(row.values):
            if value is None:
                continue
            key, low, high = _reading(row, index, value, meanings[row.concept], calendar)
            for other in stated.get(key, ()):
                if _meet(low, high, other):
                    repeated.setdefault(id(row), set()).add(index)
                elif other.row.match.how == MAPPED != row.match.how:
                    against[id(row)] = other.row
                else:
                    against[id(row)] = other.row
                    against.setdefault(id(other.row), row)
            stated.setdefault(key, []).append(_Stated(number, row, low, high))
    left: list[Left] = []
    kept_tables = []
    for table in tables:
        kept: list[Taken] = []
        for row in table.rows:
            rival = against.get(id(row))
            if rival is not None:
                left.append(_dropped(row, rival, path, report))
                continue
            values = tuple(
                None if index in repeated.get(id(row), ()) else value
                for index, value in enumerate(row.values)
            )
            if any(value is not None for value in values):
                kept.append(row._replace(values=values))
            else:
                same = _left(row, f"`{row.concept}` is taken from another row, the same")
                left.append(same._replace(concept=row.concept))
        if kept:
            kept_tables.append(table._replace(rows=tuple(kept)))
    return kept_tables, left


def _dropped(row: Taken, other: Taken, path: str, report: Report) -> Left:
    if other.match.how == MAPPED and row.match.how != MAPPED:
        return _left(row, f"the map gives `{row.concept}` to {other.cell}")
    column = 1
    report.cell(
        "DD506", path, (row.sheet, row.row, column),
        f"`{row.label[:40]}` and `{other.label[:40]}` ({other.cell}) both read as "
        f"`{row.concept}` and differ; neither is taken",
        "settle in the map which of them it is", severity=WARNING,
    )  # fmt: skip
    reason = f"{other.cell} reads as `{row.concept}` too, and differs"
    return _left(row, reason, waits=True, candidates=((row.concept, row.match.score),))


def _left(
    row: Taken,
    reason: str,
    *,
    waits: bool = False,
    candidates: tuple[tuple[str, float], ...] = (),
) -> Left:
    return Left(row.sheet, row.row, row.cell, row.label, row.section, reason, waits, candidates)


def _reading(
    row: Taken, index: int, value: str, meaning: Meaning, calendar: Calendar
) -> tuple[_Key, Decimal | None, Decimal | None]:
    period, kind = calendar.parse(row.periods[index])
    quantity = _signed(row, value)
    if meaning.time == "fixed" and period.months:
        period = calendar.instant(calendar.last_day(period.start - 1) + 1)
    if meaning.time == "stock":
        period = calendar.instant(calendar.close(period.end))
    key = (meaning.id, period.start, period.months, period.end, kind, quantity.unit)
    return key, quantity.low, quantity.high


def misprinted(taken: list[Taken], row: Taken, meanings: Mapping[str, Meaning]) -> str | None:
    """The concept that is another less `row` in some period only if `row` has the opposite sign.

    None where rows of `taken` add up with the sign that `row` has, within what is printed, and
    where they add up with neither.
    """
    for meaning in meanings.values():
        for first, second in meaning.differences:
            if second != row.concept:
                continue
            results = [other for other in taken if other.concept == meaning.id]
            wholes = [other for other in taken if other.concept == first]
            if any(
                _only_turned(
                    [(whole, row, result) for whole in wholes for result in results], index
                )
                for index in range(len(row.values))
            ):
                return meaning.id
    return None


def _only_turned(triples: list[tuple[Taken, Taken, Taken]], index: int) -> bool:
    """Whether in the column `index` no triple adds up, and one does if its part is negated."""
    straight = turned = False
    for triple in triples:
        whole, part, result = (_quantity(row, index) for row in triple)
        if whole is None or part is None or result is None:
            continue
        if len({whole.unit, part.unit, result.unit}) > 1:
            continue
        straight = straight or _is_difference(whole, part, result)
        turned = turned or _is_difference(whole, part.negated(), result)
    return turned and not straight


def _quantity(row: Taken, index: int) -> Quantity | None:
    """The figure of `row` in the column `index`; None where it has none."""
    value = row.values[index]
    return None if value is None else _signed(row, value)


def _signed(row: Taken, value: str) -> Quantity:
    """The figure `value` of `row` with the sign that it is taken with."""
    quantity = parse_quantity(value, parse_unit(row.unit) if row.unit is not None else None)
    return quantity.negated() if row.reversed else quantity


def _is_difference(whole: Quantity, part: Quantity, result: Quantity) -> bool:
    """Whether `whole` less `part` can be `result`, each as far as it is printed."""
    below = None if whole.low is None or part.high is None else whole.low - part.high
    above = None if whole.high is None or part.low is None else whole.high - part.low
    low_enough = below is None or result.high is None or below <= result.high
    return low_enough and (above is None or result.low is None or above >= result.low)


def _meet(low: Decimal | None, high: Decimal | None, other: _Stated) -> bool:
    above = low is None or other.high is None or low <= other.high
    below = high is None or other.low is None or high >= other.low
    return above and below
