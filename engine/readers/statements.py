"""Statements in a sheet: heads of periods across, and under them rows with a label.

A sheet may hold several, one under another. What a row or a column means is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ddcheck.engine.readers.columns import Column, Heads, Known
from ddcheck.engine.readers.figures import figure
from ddcheck.engine.readers.heads import Head, read_head
from ddcheck.engine.readers.scales import NOTHING, Scale, unit_said, unit_word
from ddcheck.engine.readers.sheets import NUMBER, TEXT, Cell, Sheet


class Row(NamedTuple):
    """A row with figures: its label, other texts beside it, and the section it stands in."""

    row: int
    column: int
    label: str
    others: tuple[str, ...]
    section: str
    unit: Scale | None
    cells: Mapping[int, Cell]
    after: str


class Block(NamedTuple):
    """A statement: its columns and rows, and what is said of its units. `stray` are figures that
    stand under no head; `unclear` are heads that name no period, and `aside` those of columns that
    are not read, with their cells. `carried`: the unit is that of the statement above, since it
    says none.
    """

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: Scale
    stray: tuple[Cell, ...]
    unclear: tuple[Cell, ...]
    carried: bool = False
    aside: tuple[Cell, ...] = ()


_UNIT_HEAD = re.compile(r"units?|单位|currency", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal\b|合计|总计|小计", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def find_blocks(
    sheet: Sheet, is_label: Known, settled: Mapping[str, Head] | None = None
) -> list[Block]:
    """The statements of `sheet`, from top to bottom; none if no column has a head of a period.

    `is_label` tells labels that are known, so that figures such as 2021 are not taken for years;
    `settled` are heads whose period the map gives, by their text.
    """
    return _Finder(sheet, is_label, settled or {}).blocks()


class _Finder:
    def __init__(self, sheet: Sheet, is_label: Known, settled: Mapping[str, Head]) -> None:
        self.sheet = sheet
        self.heads = Heads(sheet, is_label, settled)
        self.rows = self.heads.rows

    def blocks(self) -> list[Block]:
        groups = self.heads.groups()
        found: list[Block] = []
        numbers = list(self.rows)
        title: list[Cell] = []
        begin = 0
        for index, group in enumerate(groups):
            title = self._titles(begin, group[0])
            end = groups[index + 1][0] if index + 1 < len(groups) else numbers[-1] + 1
            body = [row for row in numbers if group[-1] < row < end]
            for block in self._block(group, title, body):
                above = found[-1].unit if found else NOTHING
                if block.unit == NOTHING and above.word is None and above != NOTHING:
                    found.append(block._replace(unit=above, carried=True))
                else:
                    found.append(block)
            # A title of the next statement stands below the last figures of this one.
            figures = [row for row in body if self._has_figure(row)]
            begin = (figures[-1] if figures else group[-1]) + 1
        return found

    def _titles(self, begin: int, end: int) -> list[Cell]:
        rows = [self.rows[row] for row in self.rows if begin <= row < end]
        return [cell for cells in rows for cell in cells if cell.kind == TEXT]

    def _has_figure(self, row: int) -> bool:
        return any(
            cell.kind == NUMBER or (_DIGIT.search(cell.text) and cell.text[:1] in "(-0123456789$¥")
            for cell in self.rows[row][1:]
        )

    # --- rows

    def _block(self, group: list[int], title: list[Cell], body: list[int]) -> list[Block]:
        wanted = {cell.column for row in body for cell in self.rows[row] if cell.kind != TEXT}
        found = self.heads.columns(group, title, wanted)
        unclear, aside = found.unclear, found.aside
        columns = self._one_a_period(found.columns, body)
        if not columns:
            return [Block(self.sheet, (), (), NOTHING, (), unclear)] if unclear else []
        taken = {column.column for column in columns}
        first = min(taken)
        corner = [
            cell for row in group for cell in self.rows[row]
            if cell.column < first and not self.heads.head(cell)
        ]  # fmt: skip
        said = [scale for cell in (*title, *corner) if (scale := unit_said(cell.text)) is not None]
        unit = NOTHING
        for scale in said:
            unit = scale.over(unit)
        unit_column = next((c.column for c in corner if _UNIT_HEAD.fullmatch(c.text)), None)
        parts = self._parts(
            body, columns, unit, unit_column, frozenset(cell.column for cell in aside), unclear
        )
        filled = {cell.column for row in body for cell in self.rows[row]}
        full = tuple(cell for cell in aside if cell.column in filled)
        return [part._replace(aside=full) for part in parts]

    def _one_a_period(self, columns: tuple[Column, ...], body: list[int]) -> list[Column]:
        """The columns that hold figures: a merged head may span one with signs as well."""
        figures = {
            column.column: sum(self._is_figure(row, column.column) for row in body)
            for column in columns
        }
        merged: dict[tuple[str, int], list[Column]] = {}
        for column in columns:
            merged.setdefault((column.text, column.row), []).append(column)
        return [
            column
            for column in columns
            if figures[column.column]
            or not any(figures[other.column] for other in merged[column.text, column.row])
        ]

    def _is_figure(self, row: int, column: int) -> bool:
        cell = self.sheet.cells.get((row, column))
        return cell is not None and (cell.kind != TEXT or bool(_DIGIT.search(cell.text)))

    def _parts(
        self,
        body: list[int],
        columns: list[Column],
        unit: Scale,
        unit_column: int | None,
        aside: frozenset[int],
        unclear: tuple[Cell, ...],
    ) -> list[Block]:
        """The rows as blocks: a title that names another unit begins a new one."""
        parts: list[Block] = []
        rows: list[Row] = []
        stray: list[Cell] = []
        section: tuple[str, int] | None = None
        deeper = False
        after, last = "", body[0] if body else 0
        taken = {column.column for column in columns}
        first = min(taken)
        known = taken | aside

        def close() -> None:
            if rows or (unclear and not parts):
                parts.append(
                    Block(self.sheet, tuple(columns), tuple(rows), unit, tuple(stray),
                          unclear if not parts else ())
                )  # fmt: skip
            rows.clear()
            stray.clear()

        for number in body:
            cells = self.rows[number]
            beside = [
                c for c in cells if c.column < first and c.kind == TEXT and c.column != unit_column
            ]
            values = {c.column: c for c in cells if c.column in taken}
            strays = [
                c
                for c in cells
                if c.column > first and c.column not in known and figure(c).text is not None
            ]  # fmt: skip
            if not any(self._is_figure(number, column) for column in taken) and not strays:
                text = cells[0].text if cells[0].kind == TEXT else ""
                if len(cells) == 1 or not values:
                    said = unit_said(text)
                    if said is not None and said.word != "%":
                        close()
                        unit = said.over(unit)
                    section, deeper = (
                        ((text, beside[0].indent), False) if beside else (section, deeper)
                    )
                if values and beside:
                    rows.append(self._row(number, beside, section, values, unit_column, after))
                last = number
                continue
            if number - last > 1:
                section = None  # a blank row ends a section
            label = beside[0] if beside else None
            if section and label:
                deeper = deeper or label.indent > section[1]
                if label.indent < section[1] or (deeper and label.indent == section[1]):
                    section = None
            rows.append(self._row(number, beside, section, values, unit_column, after))
            stray += strays
            if label is not None:
                if section and _TOTAL.search(label.text):
                    section = None
                after = label.text
            last = number
        close()
        return parts

    def _row(
        self,
        number: int,
        beside: list[Cell],
        section: tuple[str, int] | None,
        values: dict[int, Cell],
        unit_column: int | None,
        after: str,
    ) -> Row:
        cell = self.sheet.cells.get((number, unit_column)) if unit_column else None
        unit = unit_word(cell.text) if cell is not None else None
        label = beside[0] if beside else None
        inside = section[0] if section and label and label.text != section[0] else ""
        return Row(
            number, label.column if label else 1, label.text if label else "",
            tuple(c.text for c in beside[1:]), inside, unit, values, after,
        )  # fmt: skip


def heads_down(sheet: Sheet) -> bool:
    """Whether periods stand one under another in the first column, as in a table lying down."""
    first = min((column for _, column in sheet.cells), default=1)
    found = [
        cell for (_, column), cell in sheet.cells.items()
        if column == first and (head := read_head(cell.text)) is not None and head.whole
    ]  # fmt: skip
    return len(found) > 1
