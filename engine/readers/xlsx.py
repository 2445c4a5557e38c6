"""Workbooks: the cells of an .xlsx file as they are shown.

Macros are never run, links never followed, formulas never computed: a cell has the value that was
saved with it. The package is looked into first (`package`), so that what is opened here is small.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ddcheck.engine.readers.package import look_into
from ddcheck.engine.readers.sheets import DAY, NUMBER, TEXT, TROUBLE, Area, Book, Cell, Sheet
from ddcheck.engine.readers.sheets import clean_text as clean
from ddcheck.engine.readers.shown import shown_day, shown_number
from ddcheck.engine.text.shape import parse_day

if TYPE_CHECKING:
    from ddcheck.engine.text.diagnostics import Report

#: Errors that say that there is no figure; every other one is a mistake of the workbook.
_ABSENT = ("#N/A",)


def read_xlsx(path: str, data: bytes, wanted: tuple[str, ...], report: Report) -> Book | None:
    """The visible sheets of the workbook in `data`, or those in `wanted`.

    None and DD501 or DD502 if it cannot be read; a sheet in `wanted` that is not there is DD509.
    """
    package = look_into(path, data, report)
    if package is None:
        return None
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that it does not read, none of which we do
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (
        LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError, EOFError,
        AssertionError, OverflowError, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        report.without_place(
            "DD501", path, f"not a workbook that can be read: {type(error).__name__}",
            "open it in a spreadsheet program and save it as .xlsx",
        )  # fmt: skip
        return None
    names = [sheet.title for sheet in book.worksheets]
    if not _are_there(path, wanted, names, report):
        return None
    notes = [
        f"sheet `{name}` is hidden and was left out; `--sheet` takes it"
        for name in package.hidden
        if name in names and name not in wanted
    ]
    if package.macros:
        notes.append("the workbook has macros; they were not run")
    sheets = tuple(
        _sheet(sheet, package.troubles.get(sheet.title, {}))
        for sheet in book.worksheets
        if (sheet.title in wanted if wanted else sheet.title not in package.hidden)
    )
    saved = parse_day((package.modified or "")[:10])
    title = clean(str(book.properties.title or "")) or None
    digest = hashlib.sha256(data).hexdigest()
    return Book(path, sheets, digest, saved, title, tuple(notes))


def _are_there(path: str, wanted: tuple[str, ...], names: list[str], report: Report) -> bool:
    missing = [name for name in wanted if name not in names]
    for name in missing:
        report.usage(
            "DD509", "--sheet", f"`{path}` has no sheet `{name}`", f"sheets: {', '.join(names)}"
        )
    return not missing


def _sheet(sheet: Any, troubles: dict[tuple[int, int], str]) -> Sheet:
    """A sheet of openpyxl, whose types do not say which cells there are, as ours."""
    cells: dict[tuple[int, int], Cell] = {}
    for (row, column), item in sheet._cells.items():
        why = troubles.get((row, column))
        if why is not None:
            cells[row, column] = Cell(row, column, why, TROUBLE)
            continue
        found = _cell(item, row, column)
        if found is not None:
            cells[row, column] = found
    merged = tuple(
        Area(area.min_row, area.min_col, area.max_row, area.max_col)
        for area in sheet.merged_cells.ranges
    )
    return Sheet(sheet.title, cells, merged)


def _cell(item: Any, row: int, column: int) -> Cell | None:
    value, code = item.value, item.number_format or "General"
    if value is None:
        return None
    if isinstance(value, bool):
        return Cell(row, column, "TRUE" if value else "FALSE", TEXT)
    if isinstance(value, int | float):
        return Cell(row, column, shown_number(Decimal(repr(value)), code), NUMBER)
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(row, column, shown_day(day, code), DAY)
    text = str(value)
    if item.data_type == "e" and text not in _ABSENT:
        return Cell(row, column, f"the error {text}", TROUBLE)
    indent = int(getattr(item.alignment, "indent", 0) or 0)
    indent = indent or len(text) - len(text.lstrip(" \u3000\u00a0"))
    return Cell(row, column, clean(text), TEXT, indent) if clean(text) else None
