"""Copies that are tables of text: CSV, with commas, semicolons, tabs or bars between cells."""

from __future__ import annotations

import csv
import io

from ddcheck.engine.copies.copies import MAX_VALUES, ROW, Builder, Copy, CopyError, too_large

_DELIMITERS = ",;\t|"
_PROBED = 50


def csv_copy(text: str) -> Copy:
    """The copy in a table of text, a block for each row. Raises CopyError: DD525, DD526."""
    out = Builder("csv")
    out.sheets.append("")
    values = 0
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for number, cells in enumerate(rows, 1):
            filled = [(i, cell.strip()) for i, cell in enumerate(cells, 1) if cell.strip()]
            values += len(filled)
            if values > MAX_VALUES:
                raise too_large(f"more than {MAX_VALUES // 1_000_000} million cells")
            if filled:
                columns = tuple(column for column, _ in filled)
                shown = [cell for _, cell in filled]
                out.add(shown, ROW, line=number, glue="\t", sheet="", columns=columns, raw=False)
    except csv.Error as error:
        raise CopyError(
            "DD525", f"the copy is no table that can be read: {error}", "save it as CSV again"
        ) from None
    return out.finish()


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells, the comma first."""
    lines = [line for line in text.splitlines()[:_PROBED] if line.strip()]
    best, most = ",", 0
    for sign in _DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        wide = max(counts, default=1)
        agreeing = counts.count(wide) * (wide > 1)
        if agreeing > most:
            best, most = sign, agreeing
    return best
