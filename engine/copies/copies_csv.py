"""Copies that are tables as text: each row by its cells, as they are printed."""

from __future__ import annotations

import csv

from ddcheck.engine.copies.copies import ROW, Builder, Copy, CopyError

_DELIMITERS = ",;\t|"
#: The name by which blocks know that they are rows of a sheet; a table as text has no other.
SHEET = "csv"


def csv_copy(text: str) -> Copy:
    """The copy in a table as text, a block for each row. Raises CopyError: DD525, DD526."""
    out = Builder("csv")
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    try:
        if len(said) == 5 and said.startswith("sep=") and said[-1] in _DELIMITERS:
            rows = [[], *_rows(rest, said[-1])]
        else:
            rows = max((_rows(text, delimiter) for delimiter in _DELIMITERS), key=_agreement)
    except csv.Error as error:
        raise CopyError(
            "DD525", f"the copy is not a table that can be read: {error}", "save it as CSV in UTF-8"
        ) from None
    for number, row in enumerate(rows, 1):
        filled = [(i, cell) for i, cell in enumerate(row, 1) if cell.strip()]
        if filled:
            columns = tuple(i for i, _ in filled)
            cells = [cell for _, cell in filled]
            out.add(cells, ROW, line=number, glue="\t", sheet=SHEET, columns=columns)
    return out.finish()


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))


def _agreement(rows: list[list[str]]) -> int:
    """How many rows have the commonest number of cells, of those that have more than one."""
    widths = [len(row) for row in rows if len(row) > 1]
    return max((widths.count(width) for width in set(widths)), default=0)
