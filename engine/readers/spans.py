"""Which periods the columns of a statement stand for, on the fiscal calendar of the company.

A day or a month as a head is an instant to a balance sheet. To an income statement it is the end of
some span, and which one is said only by its distance to the others: ends a year apart, at the end
of the fiscal year, are fiscal years; anything else is asked.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.columns import Column
from ddcheck.engine.readers.heads import DAY, MONTH, period_of, year_end_of
from ddcheck.engine.readers.statements import Block
from ddcheck.engine.text.diagnostics import WARNING, Report


class Spans(NamedTuple):
    """Columns and their periods, as company files write them. `years` are the same for amounts over
    a period, where days a year apart end fiscal years; `days` are the columns headed by a day that
    such amounts cannot stand under.
    """

    columns: tuple[Column, ...]
    periods: tuple[str, ...]
    days: frozenset[int]
    years: tuple[str, ...] = ()


def calendar_of(
    blocks: list[Block], asked: tuple[int, int] | None, path: str, report: Report
) -> tuple[Calendar, bool] | None:
    """The fiscal calendar, and whether the heads say it; None and DD516 if they contradict."""
    said: dict[int, int] = {}
    places: dict[int, tuple[str, int, int]] = {}
    for block in blocks:
        for column in block.columns:
            end = year_end_of(column.head)
            if end is not None:
                said[end[0]] = max(end[1], said.get(end[0], 0))
                places.setdefault(end[0], (block.sheet.name, column.row, column.column))
    if asked is not None:
        wrong = next((month for month in said if month != asked[0]), None)
        if wrong is not None:
            report.cell(
                "DD516", path, places[wrong],
                f"this year ends on {wrong:02d}-{said[wrong]:02d}, not on "
                f"{asked[0]:02d}-{asked[1]:02d}",
                "correct `--fiscal-year-end`",
            )  # fmt: skip
            return None
        return Calendar(*asked), False
    if len(said) > 1:
        ends = " and ".join(f"{month:02d}-{day:02d}" for month, day in said.items())
        report.cell(
            "DD516", path, places[list(said)[1]], f"years that end on {ends}",
            "give `--fiscal-year-end`",
        )  # fmt: skip
        return None
    if said:
        return Calendar(*next(iter(said.items()))), True
    return Calendar(), False


def spans_of(
    block: Block, columns: list[Column], calendar: Calendar, path: str, report: Report
) -> Spans:
    """The periods of `columns`; those that stand twice, or are no day, are left out (DD510)."""
    found = []
    for column in columns:
        period = period_of(column.head, calendar)
        if period is None:
            _warn(block, column, path, f"`{column.text[:40]}` is no day that there is", report)
            continue
        found.append((column, period.label + column.head.kind))
    often = Counter(label for _, label in found)
    kept = []
    for column, label in found:
        if often[label] > 1:
            words = f"`{column.text[:40]}`: two columns are {label}; neither is taken"
            _warn(block, column, path, words, report)
        else:
            kept.append((column, label))
    ends = [column for column, _ in kept if column.head.form in (DAY, MONTH)]
    days: frozenset[int] = frozenset()
    over: tuple[str, ...] = ()
    spanned = len(ends) < len(kept)
    if spanned:  # beside years and quarters a month is a month
        ends = [column for column in ends if column.head.form == DAY]
    ends = [column for column in ends if not column.head.trailing]
    if ends:
        years = None if spanned else _years(ends, calendar)
        if years is not None:
            over = tuple(years.get(column.column, label) for column, label in kept)
        elif not _are_months(ends):
            days = frozenset(column.column for column in ends)
    return Spans(tuple(column for column, _ in kept), tuple(label for _, label in kept), days, over)


def _years(ends: list[Column], calendar: Calendar) -> dict[int, str] | None:
    """The fiscal years that end on days a year apart, by column; None if they are not that."""
    years = sorted(column.head.year or 0 for column in ends)
    steps = {after - before for before, after in pairwise(years)}
    if len(years) < 2 or 0 in steps or max(steps) > 5:
        return None
    if any(column.head.month != calendar.month for column in ends):
        return None
    return {
        column.column: calendar.span(calendar.year_start(column.head.year or 0), 12).label
        + column.head.kind
        for column in ends
    }


def _are_months(ends: list[Column]) -> bool:
    """Whether heads that name months follow one another month by month."""
    if any(column.head.form != MONTH for column in ends) or len(ends) < 2:
        return False
    months = sorted((column.head.year or 0) * 12 + column.head.month for column in ends)
    return months == list(range(months[0], months[0] + len(months)))


def _warn(block: Block, column: Column, path: str, words: str, report: Report) -> None:
    report.cell(
        "DD510", path, (block.sheet.name, column.row, column.column), words,
        "write the heads out, as FY2021 or 2021-03-31", severity=WARNING,
    )  # fmt: skip


def warn_of_days(block: Block, column: Column, path: str, report: Report) -> None:
    """Say that amounts over a period cannot stand under a day (DD511)."""
    report.cell(
        "DD511", path, (block.sheet.name, column.row, column.column),
        f"`{column.text[:40]}` is a day: amounts over a period cannot stand under it",
        "say the period (`Year ended …`, 2021Q1, 9M2021), or give `--fiscal-year-end`",
        severity=WARNING,
    )  # fmt: skip
