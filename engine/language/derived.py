"""Derived values: what formulas of the vocabulary put where no source states a concept."""

from __future__ import annotations

from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.series import Series
from ddcheck.engine.model.periods import ACTUAL


def fill_points(row: Series, derived: Series, places: list[int], wanted: int | None) -> None:
    """Put what is derived into `places` of `row`, as fill_cells does."""
    kinds = list(row.kinds)
    for i in places:
        value, kind = derived.values[i], derived.kinds[i]
        better = row.values[i] is None or (kind == ACTUAL and kinds[i] != ACTUAL)
        if value is not None and better and (wanted is None or kind == wanted):
            row.values[i], kinds[i] = value, kind
    row.kinds = tuple(kinds)


def fill_cells(row: list[Cell], derived: list[Cell], places: list[int], wanted: int | None) -> None:
    """Put what is derived into `places` of `row` where it is better than what stands there.

    Anything is better than nothing, an actual better than an estimate; only cells of the kind
    `wanted` count, if one is. Where both are missing, the nearer one to being known says why.
    """
    for i in places:
        cell = derived[i]
        if cell.low is None:
            if row[i].low is None and _nearer(cell, row[i]):
                row[i] = Cell(None, None, entries=cell.entries, causes=cell.causes)
            continue
        better = row[i].low is None or (cell.kind == ACTUAL and row[i].kind != ACTUAL)
        if better and (wanted is None or cell.kind == wanted):
            row[i] = cell


def _nearer(cell: Cell, other: Cell) -> bool:
    """Whether a missing `cell` is nearer to being known: begun, and with fewer facts to go."""
    if cell.low is not None or not cell.entries:
        return False
    return not other.entries or len(cell.causes) < len(other.causes)
