"""Rows that state the same: the same figures are taken once, different ones not at all."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.draft import MAPPED, Left, Table, Taken
from ddcheck.engine.readers.labels import Meaning
from ddcheck.engine.text.diagnostics import WARNING, Report
from ddcheck.engine.text.quantity import parse_quantity
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
    default = parse_unit(row.unit) if row.unit is not None else None
    quantity = parse_quantity(value, default)
    if row.reversed:
        quantity = quantity.negated()
    if meaning.time == "fixed" and period.months:
        period = calendar.instant(calendar.last_day(period.start - 1) + 1)
    if meaning.time == "stock":
        period = calendar.instant(calendar.close(period.end))
    key = (meaning.id, period.start, period.months, period.end, kind, quantity.unit)
    return key, quantity.low, quantity.high


def _meet(low: Decimal | None, high: Decimal | None, other: _Stated) -> bool:
    above = low is None or other.high is None or low <= other.high
    below = high is None or other.low is None or high >= other.low
    return above and below
