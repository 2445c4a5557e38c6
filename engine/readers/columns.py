"""Heads of a sheet: which rows hold them, and the period of each column below.

Heads may stand in several rows (a year over its quarters), may be merged, and may be said once for
all (`Year ended December 31,` over `2021 2022`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from ddcheck.engine.readers.heads import DAY, ENDED, YEAR, Head, read_head
from ddcheck.engine.readers.scales import NOTHING, Scale, unit_leads, unit_said, unit_word
from ddcheck.engine.readers.sheets import DAY as DATED
from ddcheck.engine.readers.sheets import NUMBER, TEXT, Cell, Sheet


class Column(NamedTuple):
    """A column with its head: what is printed, what that says, and the unit if it names one."""

    column: int
    row: int
    text: str
    head: Head
    unit: Scale


class Columns(NamedTuple):
    """The columns under a group of heads; heads that name no period; columns set aside, such as
    those of notes and changes, each with its head.
    """

    columns: tuple[Column, ...]
    unclear: tuple[Cell, ...]
    aside: tuple[Cell, ...]


_ASIDE = re.compile(
    r"notes?|附注号?|units?|单位|currency|yoy|y/y|qoq|q/q|%|同比.*|环比.*|本.*比上.*增减.*|变动.*|增减.*|增长.*|增速|cagr.*|"
    r"(?:% |\$ )?(?:change|chg|growth|variance|var)\.?(?: ?[%(].*)?|change \(.*\)|"
    r"\(?(?:un)?audited\)?|\(?restated\)?|[(（]?(?:未经?审计|经审计|已重述)[)）]?|actuals?|source|来源|comments?|备注|"
    r"(?:the )?(?:parent(?: company)?|company)|(?:母公司|本公司)(?:数|金额)?|"
    r"(?:the )?group|consolidated|(?:合并|本集团)(?:数|金额)?|"
    r"item|line item|label|项目|科目|指标|名称",
    re.IGNORECASE,
)
#: Heads of columns that are read, but state nothing of a period: labels and units.
_READ = re.compile(r"units?|单位|currency|item|line item|label|项目|科目|指标|名称", re.IGNORECASE)
_MONTH_NAMES = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
#: A remark on a head, beside which the head still counts.
_REMARK = re.compile(
    r"\(?(?:un)?audited|\(?restated|actual|[(（]?(?:未|经|已)|"
    r"(?:the )?group|consolidated|合并|本集团",
    re.IGNORECASE,
)
_IN_TITLE = re.compile(
    r"(?:as of|as at|at|years?|quarters?|(?:three|six|nine|twelve)[- ]months?)"
    rf"(?: periods?)?(?: ended)? (?:{_MONTH_NAMES}) \d{{1,2}}\b",
    re.IGNORECASE,
)
#: How many rows may lie between two rows of heads.
_GAP = 2
#: How many years apart the heads of two statements on a sheet may be.
_FAR = 5

Known = Callable[[str], bool]


class Heads:
    """The heads of one sheet.

    `is_label` tells labels that are known, so that figures such as 2021 are not taken for years;
    `settled` are heads whose period the map gives, by their text.
    """

    def __init__(self, sheet: Sheet, is_label: Known, settled: Mapping[str, Head]) -> None:
        self.sheet = sheet
        self.rows = sheet.rows()
        self.is_label = is_label
        self.settled = settled

    def head(self, cell: Cell) -> Head | None:
        """The head in `cell`; a figure is one only if it is a bare year."""
        if cell.text in self.settled:
            return self.settled[cell.text]
        if cell.kind == NUMBER and not re.fullmatch(r"(?:19|20)\d\d", cell.text):
            return None
        if cell.kind not in (NUMBER, TEXT, DATED):
            return None
        return read_head(cell.text)

    def groups(self) -> list[list[int]]:
        """Rows of heads that belong together, from top to bottom."""
        groups: list[list[int]] = []
        strong: list[bool] = []
        above: frozenset[int] = frozenset()
        for row, cells in self.rows.items():
            kind = self._row_kind(cells)
            if kind == 2 and self._are_figures(row, cells, above):
                kind = 0
            if not kind or (kind == 1 and self._is_unit_line(cells)):
                continue
            if kind == 2:
                above = self._years(cells)
            previous = groups[-1] if groups else None
            if (
                previous is not None
                and row - previous[-1] <= _GAP
                and not self._between(previous[-1], row)
            ):
                previous.append(row)
                strong[-1] = strong[-1] or kind == 2
            else:
                groups.append([row])
                strong.append(kind == 2)
        return [group for group, real in zip(groups, strong, strict=True) if real]

    def _is_unit_line(self, cells: list[Cell]) -> bool:
        """Whether one cell says the unit of the whole statement, wherever it stands: `单位：万元`
        at the right-hand end of the line above the heads.
        """
        *before, last = cells
        return (
            unit_said(last.text) is not None
            and unit_leads(last.text)
            and not any(unit_said(cell.text) or self._is_aside(cell) for cell in before)
        )

    def _years(self, cells: list[Cell]) -> frozenset[int]:
        return frozenset(head.year for cell in cells if (head := self.head(cell)) and head.year)

    def _are_figures(self, row: int, cells: list[Cell], above: frozenset[int]) -> bool:
        """Whether what looks like years behind a label is figures, such as a share capital of 2001
        and 2000: the heads above have other years, and no new statement begins here.
        """
        label, *rest = cells
        if not above or label.kind != TEXT or self.head(label) or self._is_aside(label):
            return False
        bare = [int(cell.text) for cell in rest if re.fullmatch(r"\d{4}", cell.text)]
        if len(bare) < len(rest) or (len(bare) == len(set(bare)) and above & set(bare)):
            return False
        far = min(abs(year - other) for year in bare for other in above) > _FAR
        return far or len(bare) > len(set(bare)) or row - 1 in self.rows

    def _between(self, above: int, below: int) -> bool:
        """Whether something other than heads stands between two rows."""
        return any(row in self.rows for row in range(above + 1, below))

    def _row_kind(self, cells: list[Cell]) -> int:
        """2 for a row of heads, 1 for one of units and remarks on heads, 0 for any other."""
        first = cells[0]
        heads = [self.head(cell) for cell in cells]
        rest = list(zip(cells, heads, strict=True))
        if heads[0] is None or (first.column == 1 and len(cells) > 1):
            rest = rest[1:]
        elif first.column == 1:
            return 0
        if not rest:
            return 0
        if any(head is None and not self._is_aside(cell) for cell, head in rest):
            return 0
        found = [(cell, head) for cell, head in rest if head is not None]
        if not found:
            return 1
        bare = [head.year or 0 for cell, head in found if re.fullmatch(r"\d{4}", cell.text)]
        if len(bare) == len(found) and first not in [cell for cell, _ in found]:
            steps = {after - before for before, after in pairwise(bare)}
            if self.is_label(first.text) or (any(abs(step) > 5 for step in steps) and first.text):
                return 0
        return 2

    def _is_aside(self, cell: Cell) -> bool:
        if cell.kind != TEXT:
            return False
        return (
            _ASIDE.fullmatch(cell.text) is not None
            or unit_said(cell.text) is not None
            or unit_word(cell.text) is not None
        )

    def columns(self, group: list[int], title: list[Cell], wanted: set[int]) -> Columns:
        """The columns under the rows of heads in `group`, as far as any of `wanted` has one."""
        grid = {row: self._head_cells(row) for row in group}
        leftmost = min(
            (c for cells in grid.values() for c, cell in cells.items() if self.head(cell)),
            default=1,
        )
        shared = self._said_for_all(group, title, leftmost)
        columns, unclear, aside = [], [], []
        for column in sorted(wanted | {c for cells in grid.values() for c in cells if c > 1}):
            own = [grid[row][column] for row in group if column in grid[row]]
            without = next((cell for cell in own if self._is_without_period(cell)), None)
            if without is not None and (column >= leftmost or not _READ.fullmatch(without.text)):
                aside.append(without._replace(column=column))
            if column < leftmost or without is not None:
                continue
            units = [cell for cell in own if self.head(cell) is None and cell.kind == TEXT]
            unit = next((said for cell in units if (said := unit_said(cell.text))), NOTHING)
            printed = [cell for cell in own if self.head(cell) is not None]
            head = self._joined(printed, shared)
            if head is not None and head.whole and head.form in (YEAR, DAY):
                # `Three months ended March 31,` stands over the first of its years only.
                spanned = self._spanned(group, grid, column)
                longer = self._joined(spanned, shared)
                if longer is not None and longer.whole:
                    head, printed = longer, spanned
            if printed and (head is None or not head.whole):
                filled = self._filled(group, grid, column)
                head = self._joined(filled, shared) or head
                printed = filled if head is not None and head.whole else printed
            if head is not None and head.whole:
                text = " ".join(cell.text for cell in printed)
                columns.append(Column(column, printed[-1].row, text, head, unit))
            elif printed:
                unclear.append(printed[-1])
        return Columns(tuple(columns), tuple(unclear), tuple(aside))

    def _is_without_period(self, cell: Cell) -> bool:
        """Whether the column under `cell` states no figures of a period for this company."""
        aside = _ASIDE.fullmatch(cell.text) and not _REMARK.match(cell.text)
        return bool(aside) and self.head(cell) is None

    def _head_cells(self, row: int) -> dict[int, Cell]:
        """The cells of a row of heads, merged ones in each column that they span."""
        cells = {cell.column: cell for cell in self.rows[row]}
        for area in self.sheet.merged:
            cell = self.sheet.cells.get((area.top, area.left))
            if cell is not None and area.top <= row <= area.bottom:
                for column in range(area.left, area.right + 1):
                    cells.setdefault(column, cell)
        return cells

    def _said_for_all(self, group: list[int], title: list[Cell], leftmost: int) -> list[Cell]:
        """What a title or the corner of the heads says of all periods: `Year ended June 30,`."""
        corner = [
            cell
            for row in group
            for cell in self.rows[row]
            if cell.column < leftmost and (head := self.head(cell)) and not head.whole
        ]
        if corner:
            return corner
        for cell in reversed(title):
            match = _IN_TITLE.search(cell.text)
            if match is not None:
                return [cell._replace(text=match[0])]
        return []

    def _joined(self, cells: list[Cell], shared: list[Cell]) -> Head | None:
        """The head that cells of one column say together."""
        if not cells:
            return None
        if len(cells) == 1 and cells[0].text in self.settled:
            return self.settled[cells[0].text]
        texts = list(dict.fromkeys(cell.text for cell in cells))
        head = read_head(" ".join(texts)) or read_head(" ".join(reversed(texts)))
        if head is None or not shared or head.form not in (YEAR, DAY):
            return head
        if head.form == DAY and head.whole:
            text = re.sub(r"\d{1,2}$", "", shared[0].text)  # the span alone: the day is here
            spanned = read_head(f"{_span(text)} {cells[-1].text}")
            return spanned if spanned is not None and spanned.whole else head
        whole = read_head(f"{shared[0].text}, {' '.join(texts)}")
        return whole if whole is not None and whole.form in (ENDED, DAY) else head

    def _spanned(
        self, group: list[int], grid: dict[int, dict[int, Cell]], column: int
    ) -> list[Cell]:
        """The heads of a column, and in rows where it has none the nearest to the left of those
        that are no period by themselves.
        """
        found = []
        for row in group:
            heads = {c: head for c, cell in grid[row].items() if (head := self.head(cell))}
            left = [c for c in heads if c < column]
            if column in heads:
                found.append(grid[row][column])
            elif left and not heads[max(left)].whole:
                found.append(grid[row][max(left)])
        return found

    def _filled(
        self, group: list[int], grid: dict[int, dict[int, Cell]], column: int
    ) -> list[Cell]:
        """The heads of a column with what stands to the left of it in rows where it is empty.

        A row with a single head means it for all columns.
        """
        found = []
        for row in group:
            heads = {c: cell for c, cell in grid[row].items() if self.head(cell) is not None}
            left = [c for c in heads if c <= column]
            if column in heads:
                found.append(heads[column])
            elif left:
                found.append(heads[max(left)])
            elif len(heads) == 1:
                found += heads.values()
        return found


def _span(text: str) -> str:
    """`Year ended December ` without its date: `year ended`."""
    return re.sub(rf"\b(?:{_MONTH_NAMES})\b.*", "", text, flags=re.IGNORECASE).strip()
