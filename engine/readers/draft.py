"""A draft of a company's tables: what was taken of a spreadsheet, what was left out, and why.

Types only; `drafting` makes them, `company_text` writes them out.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.labels import Match

#: Taken because the map says so.
MAPPED = "map"


class Taken(NamedTuple):
    """A row that is taken: what it states, in which unit, as printed, one figure a column.

    `at` names its cells, `cell` that of its label. `unit` is None where the figures say their own.
    """

    sheet: str
    row: int
    cell: str
    at: str
    label: str
    section: str
    concept: str
    unit: str | None
    periods: tuple[str, ...]
    values: tuple[str | None, ...]
    reversed: bool
    match: Match


class Left(NamedTuple):
    """A row that is left out. `waits`: it waits for the map. `rule`: it states something else than
    its label says, so that a map ignores it. `concept` is what its label means all the same.
    """

    sheet: str
    row: int
    cell: str
    label: str
    section: str
    reason: str
    waits: bool
    candidates: tuple[tuple[str, float], ...] = ()
    rule: bool = False
    concept: str | None = None


class Table(NamedTuple):
    """Rows with the same periods and the unit that most of them have."""

    sheet: str
    at: str
    unit: str | None
    periods: tuple[str, ...]
    rows: tuple[Taken, ...]


class Draft(NamedTuple):
    """All of it. `said_year_end`: whether the heads say when the fiscal year ends."""

    tables: tuple[Table, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]
    currency: str | None
    calendar: Calendar
    said_year_end: bool

    @property
    def taken(self) -> tuple[Taken, ...]:
        """The rows that are taken, in order."""
        return tuple(row for table in self.tables for row in table.rows)
