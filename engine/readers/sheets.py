"""Sheets of cells, as they are shown: what every reader of a spreadsheet gives.

Whether a sheet came from a workbook or from a text file makes no difference from here on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.text.source import HIDDEN

#: What a cell holds. The text of a `TROUBLE` says why its value cannot be relied on.
NUMBER, TEXT, DAY, TROUBLE = "number", "text", "day", "trouble"

_BLANKS = re.compile(r"[\s\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")


class Cell(NamedTuple):
    """A cell that is not empty; `text` is what a reader of the sheet sees, dates as 2021-12-31."""

    row: int
    column: int
    text: str
    kind: str
    indent: int = 0


class Area(NamedTuple):
    """Cells that were merged into one; rows and columns count from 1, the ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """A sheet: its cells by row and column. A text file is one sheet without a name."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: tuple[Area, ...] = ()

    def rows(self) -> dict[int, list[Cell]]:
        """The cells of each row that has any, from left to right, the rows from top to bottom."""
        found: dict[int, list[Cell]] = {}
        for place in sorted(self.cells):
            found.setdefault(place[0], []).append(self.cells[place])
        return found


class Book(NamedTuple):
    """A spreadsheet: its visible sheets, and what it says of itself.

    `modified` is the day on which it was last saved, by its own account. `notes` are what a person
    should know of how it was read, in English.
    """

    path: str
    sheets: tuple[Sheet, ...]
    sha256: str
    modified: int | None = None
    title: str | None = None
    notes: tuple[str, ...] = ()


def clean_text(text: str) -> str:
    """`text` on one line, without blanks at its ends and without characters that hide."""
    return HIDDEN.sub("", _BLANKS.sub(" ", text)).strip()
