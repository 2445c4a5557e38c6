"""From a spreadsheet to a draft: each row of each statement is taken, or left out with a reason."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.readers.agreement import agree
from ddcheck.engine.readers.columns import Column
from ddcheck.engine.readers.draft import Draft, Left, Table, Taken
from ddcheck.engine.readers.label_map import LabelMap
from ddcheck.engine.readers.labels import (
    Labels,
)
from ddcheck.engine.readers.scales import NOTHING, Scale
from ddcheck.engine.readers.sheets import Book
from ddcheck.engine.readers.spans import Spans, calendar_of, spans_of
from ddcheck.engine.readers.statements import Block, find_blocks, heads_down
from ddcheck.engine.readers.taking import NOTHING_STATED, Taking
from ddcheck.engine.text.diagnostics import WARNING, Report, cell_name


class Asked(NamedTuple):
    """What the command line says of the figures."""

    currency: str | None = None
    unit: Scale | None = None
    year_end: tuple[int, int] | None = None


def draft_tables(
    book: Book, labels: Labels, settled: LabelMap, asked: Asked, report: Report
) -> Draft | None:
    """The tables that `book` holds, or None and a diagnostic that says what is missing.

    Cells and rows that cannot be used are warnings (DD504 to DD506, DD510 to DD512, DD515), and an
    entry of the map that no row has is one (DD514); the rest is drafted without them.
    """
    blocks = [
        block
        for sheet in book.sheets
        for block in find_blocks(sheet, labels.is_known, settled.periods)
    ]
    if not any(block.columns for block in blocks):
        _no_periods(book, blocks, report)
        return None
    found = calendar_of(blocks, asked.year_end, book.path, report)
    if found is None:
        return None
    calendar, said = found
    currency = asked.currency or _currency(blocks, asked, book.path, report)
    if report.failed:
        return None
    drafting = _Drafting(book, labels, settled, asked, currency, calendar, report)
    tables, left, notes = drafting.run(blocks)
    return Draft(tables, left, notes, currency, calendar, said)


def _no_periods(book: Book, blocks: list[Block], report: Report) -> None:
    """Say of each sheet why it gives nothing (DD503)."""
    for sheet in book.sheets:
        if not sheet.cells:
            continue
        unclear = next(
            (cell for block in blocks if block.sheet is sheet for cell in block.unclear), None
        )
        row, column = (unclear.row, unclear.column) if unclear else min(sheet.cells)
        if unclear is not None:
            message = f"the head `{unclear.text[:40]}` does not say which year it is"
        elif heads_down(sheet):
            message = "periods stand in the first column, and labels across: turn the table"
        else:
            message = "no row of this sheet has periods for heads, such as 2021 or FY2021"
        report.cell(
            "DD503", book.path, (sheet.name, row, column), message,
            "write the year in the head of each column, or settle the heads in the map: "
            "`periods: {HEAD: FY2021}`",
        )  # fmt: skip
    if not any(sheet.cells for sheet in book.sheets):
        report.without_place("DD003", book.path, "no sheet holds anything")


def _currency(blocks: list[Block], asked: Asked, path: str, report: Report) -> str | None:
    """The one currency that the heads name; None, and DD507 if they name several."""
    named: dict[str, Block] = {}
    for block in blocks:
        scales = [block.unit, *(column.unit for column in block.columns[:1])]
        scales += [row.unit for row in block.rows if row.unit is not None]
        for scale in scales:
            if scale.currency and scale.currency not in named:
                named[scale.currency] = block
    if asked.unit is not None and asked.unit.currency and not named:
        return asked.unit.currency
    if len(named) > 1:
        block = named[list(named)[1]]
        place = (block.sheet.name, block.columns[0].row, block.columns[0].column)
        report.cell(
            "DD507", path, place, f"statements in several currencies: {', '.join(named)}",
            "say which is the company's own: `--currency`",
        )  # fmt: skip
    return next(iter(named), None)


class _Drafting:
    """What is decided once for all statements of one import."""

    def __init__(
        self,
        book: Book,
        labels: Labels,
        settled: LabelMap,
        asked: Asked,
        currency: str | None,
        calendar: Calendar,
        report: Report,
    ) -> None:
        self.book = book
        self.labels = labels
        self.settled = settled
        self.asked = asked
        self.currency = currency
        self.calendar = calendar
        self.report = report
        self.taking = Taking(book.path, labels, settled, currency, report)
        self.notes: list[str] = []

    def run(
        self, blocks: list[Block]
    ) -> tuple[tuple[Table, ...], tuple[Left, ...], tuple[str, ...]]:
        """The tables of all blocks, in order, what was left out and what should be known."""
        tables: list[Table] = []
        used = {block.sheet.name for block in blocks if block.columns}
        self.notes += [
            f"sheet `{sheet.name}` has no heads of periods, so nothing was taken from it"
            for sheet in self.book.sheets
            if sheet.cells and sheet.name not in used
        ]
        self.notes += [
            f"{cell_name(block.sheet.name, block.columns[0].row, 1)}: "
            "a statement without a unit of its own has that of the one above"
            for block in blocks
            if block.carried and block.columns
        ]
        self._aside(blocks)
        for block in blocks:
            self._strays(block)
            for columns, unit in _by_unit(block, self.asked.unit):
                spans = spans_of(block, columns, self.calendar, self.book.path, self.report)
                if spans.columns:
                    tables += self._tables(block, spans, unit)
        tables, dropped = agree(
            tables, self.labels.meanings, self.calendar, self.book.path, self.report
        )
        self._unused()
        # A row with columns in several units may state nothing in one of them.
        left_out = list(dict.fromkeys((*self.taking.left, *dropped)))
        some = {row.cell for table in tables for row in table.rows}
        some |= {row.cell for row in left_out if row.reason != NOTHING_STATED}
        order = {sheet.name: number for number, sheet in enumerate(self.book.sheets)}
        left = sorted(
            (row for row in left_out if row.reason != NOTHING_STATED or row.cell not in some),
            key=lambda row: (order[row.sheet], row.row),
        )
        return tuple(tables), tuple(left), tuple(dict.fromkeys(self.notes))

    def _warn(self, code: str, sheet: str, row: int, column: int, message: str, help_: str) -> None:
        place = (sheet, row, column)
        self.report.cell(code, self.book.path, place, message, help_, severity=WARNING)

    def _aside(self, blocks: list[Block]) -> None:
        """Say which columns are not read: of notes, of changes, of the parent company."""
        heads: dict[str, dict[str, None]] = {}
        for block in blocks:
            for cell in block.aside if block.columns else ():
                at = cell_name(block.sheet.name, cell.row, cell.column)
                heads.setdefault(cell.text, {})[at] = None
        for text, cells in heads.items():
            self.notes.append(f"columns headed `{text}` are left out: {', '.join(cells)}")

    def _strays(self, block: Block) -> None:
        for cell in block.unclear:
            self._warn(
                "DD510", block.sheet.name, cell.row, cell.column,
                f"the head `{cell.text[:40]}` names no one period; its column is left out",
                "write it out, as FY2021 or 2021-03-31, or settle it in the map under `periods:`",
            )  # fmt: skip
        for column, count in Counter(cell.column for cell in block.stray).items():
            cell = next(cell for cell in block.stray if cell.column == column)
            figures = "1 figure" if count == 1 else f"{count} figures"
            self._warn(
                "DD515", block.sheet.name, cell.row, cell.column,
                f"{figures} in this column under no period", "give the column a head",
            )  # fmt: skip

    def _tables(self, block: Block, spans: Spans, unit: Scale) -> list[Table]:
        rows = [self.taking.take(block, row, spans, unit) for row in block.rows]
        taken = [row for row in rows if isinstance(row, Taken)]
        self.taking.left += [row for row in rows if isinstance(row, Left)]
        taken = self.taking.signed(taken)
        if not taken:
            return []
        units = Counter(row.unit for row in taken if row.unit and "/" not in row.unit)
        common = units.most_common(1)[0][0] if units else None
        money = [name for name in units if name.split()[0] == self.currency]
        first, last = block.rows[0].row, block.rows[-1].row
        left = min(row.column for row in block.rows)
        right = max(column.column for column in spans.columns)
        at = cell_name(block.sheet.name, first, left) + ":" + cell_name("", last, right)
        tables: list[Table] = []
        if any(row.periods == spans.years for row in taken):
            self.notes.append(
                f"{len(spans.years)} columns headed by days a year apart are fiscal years "
                f"({', '.join(spans.years)})"
            )
        waiting = taken
        while waiting:  # a concept may stand once in a table
            periods = waiting[0].periods
            first_of = {row.concept: row for row in reversed(waiting) if row.periods == periods}
            now = [row for row in waiting if first_of.get(row.concept) is row]
            waiting = [row for row in waiting if first_of.get(row.concept) is not row]
            usual = money[0] if money else common
            tables.append(Table(block.sheet.name, at, usual, periods, tuple(now)))
        return tables

    def _unused(self) -> None:
        for key, entry in self.settled.labels.items():
            if key not in self.taking.used and entry.concept is not None:
                self.report.warning(
                    "DD514", entry.node, f"no row is labelled `{key}`", "correct it, or remove it"
                )


def _by_unit(block: Block, asked: Scale | None) -> list[tuple[list[Column], Scale]]:
    """The columns of `block` by the unit that their heads name, with that unit."""
    groups: dict[Scale, list[Column]] = {}
    for column in block.columns:
        groups.setdefault(column.unit, []).append(column)
    return [
        (columns, said.over(block.unit).over(asked or NOTHING)) for said, columns in groups.items()
    ]
