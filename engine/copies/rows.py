"""Looking for a table's row in a copy: its figures in order, near one another, under its name.

One figure of a table proves little among thousands of digits; a row of them proves itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.copies.figures import UNIT, Number, numbers, plain_digits, sign, slip
from ddcheck.engine.copies.labels import Names, label_pieces
from ddcheck.engine.copies.search import Finder

#: A copy of more characters is not cut into rows as a whole, only where a place is.
_MAX_WHOLE = 3_000_000
_BETWEEN = re.compile(r"[\s|$¥€£%()\-+,*/:]*\Z")
_NOTHING = re.compile(r"\b(?:n\.?[am]\.?|n/a|nil)(?![A-Za-z])|不适用|无", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]")
_LABEL = 120
#: A run of more numbers is cut: no printed row is that long.
_MAX_RUN = 60
#: Of the runs that share a figure or the name with a row, how many are laid beside it.
_MAX_TRIED = 60
_EQUAL, _NEAR, _OTHER, _SKIP_PRINTED, _SKIP_SOUGHT = 6, 1, -2, -2, -4


class Run(NamedTuple):
    """Numbers that follow one another without words between, and the words before them."""

    label: str
    numbers: tuple[Number, ...]


class Aligned(NamedTuple):
    """A run beside a sought row: for each sought figure the printed one, or None."""

    run: Run
    cells: tuple[Number | None, ...]
    equal: int
    label: int

    @property
    def start(self) -> int:
        """Where the first figure stands."""
        return next(cell.start for cell in self.cells if cell is not None)


def _breaks(between: str) -> bool:
    """Whether words stand between two numbers: others than units and signs of nothing."""
    if _BETWEEN.match(between):
        return False
    return bool(_WORD.search(_NOTHING.sub("", UNIT.sub("", between))))


def runs_in(text: str, start: int, end: int) -> list[Run]:
    """The runs of numbers in a piece of `text`."""
    found: list[Run] = []
    current: list[Number] = []
    label, last = "", start
    for number in numbers(text, start, end):
        between = text[last : number.start]
        if not current or len(current) >= _MAX_RUN or _breaks(between):
            if current:
                found.append(Run(label, tuple(current)))
            current, label = [], between[-_LABEL:]
        current.append(number)
        last = number.end
    if current:
        found.append(Run(label, tuple(current)))
    return found


class Rows:
    """The runs of a copy, and which of them hold a number."""

    def __init__(self, finder: Finder, names: Names) -> None:
        self.finder = finder
        self.names = names
        self.runs: list[Run] = []
        self.holding: dict[str, list[int]] = {}
        self.labelled: dict[str, list[int]] = {}
        self._cut: set[tuple[int, int]] = set()

    def cut(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Cut these ranges into runs, the whole text at once if it is not too long."""
        text = self.finder.text
        spans = [(0, len(text))] if len(text) <= _MAX_WHOLE else list(ranges)
        for start, end in spans:
            span = (start, min(end, start + _MAX_WHOLE))
            if span in self._cut:
                continue
            self._cut.add(span)
            for run in runs_in(text, *span):
                for each in {number.digits for number in run.numbers}:
                    self.holding.setdefault(each, []).append(len(self.runs))
                for piece in label_pieces(run.label):
                    self.labelled.setdefault(piece, []).append(len(self.runs))
                self.runs.append(run)

    def candidates(
        self,
        digits: tuple[str, ...],
        concept: str,
        labelled: str | None,
        ranges: tuple[tuple[int, int], ...],
    ) -> list[Aligned]:
        """Runs in `ranges` that share a figure with the row or bear its name, the best first."""
        wanted = set(digits)
        if self.finder.copy.kind == "xlsx":
            wanted |= {plain_digits(each) for each in digits}
        shared: dict[int, int] = {}
        for each in wanted:
            for i in self.holding.get(each, ()):
                shared[i] = shared.get(i, 0) + 1
        for name in self.names.bearing(concept, labelled):
            for i in self.labelled.get(name, ()):
                shared[i] = shared.get(i, 0) + 2
        likely = sorted(shared, key=lambda i: (-shared[i], i))[:_MAX_TRIED]
        found = []
        for i in likely:
            run = self.runs[i]
            # A run may reach beyond its place: the cells of a range, the lines of a page.
            inside = tuple(
                number for number in run.numbers
                if any(a <= number.start and number.end <= b for a, b in ranges)
            )  # fmt: skip
            if not inside:
                continue
            cells, equal = self.align(digits, inside)
            if any(cells):
                label = self.names.match(concept, labelled, run.label)
                found.append(Aligned(Run(run.label, inside), cells, equal, label))
        found.sort(key=lambda item: (-item.equal, -item.label, item.start))
        return found

    def align(
        self, digits: tuple[str, ...], printed: tuple[Number, ...]
    ) -> tuple[tuple[Number | None, ...], int]:
        """The best way to lay the row beside the printed numbers, and how many are equal."""
        raw = [self._is_raw(number) for number in printed]

        def equal(i: int, j: int) -> bool:
            if digits[i] == printed[j].digits:
                return True
            return raw[j] and plain_digits(digits[i]) == plain_digits(printed[j].digits)

        n, m = len(digits), len(printed)
        best = [[0] * (m + 1) for _ in range(n + 1)]
        step = [[""] * (m + 1) for _ in range(n + 1)]
        for i in range(1, n + 1):
            best[i][0], step[i][0] = best[i - 1][0] + _SKIP_SOUGHT, "up"
        for i in range(1, n + 1):
            for j in range(1, m + 1):
                if equal(i - 1, j - 1):
                    gain = _EQUAL
                else:
                    gain = _NEAR if slip(digits[i - 1], printed[j - 1].digits) else _OTHER
                left = best[i][j - 1] + (_SKIP_PRINTED if i < n else 0)
                best[i][j], step[i][j] = max(
                    (best[i - 1][j - 1] + gain, "pair"),
                    (left, "left"),
                    (best[i - 1][j] + _SKIP_SOUGHT, "up"),
                    key=lambda choice: choice[0],
                )
        cells: list[Number | None] = [None] * n
        i, j, same = n, m, 0
        while i and j:
            if step[i][j] == "pair":
                i, j = i - 1, j - 1
                cells[i] = printed[j]
                same += equal(i, j)
            elif step[i][j] == "left":
                j -= 1
            else:
                i -= 1
        return tuple(cells), same

    def _is_raw(self, number: Number) -> bool:
        if self.finder.copy.kind != "xlsx":
            return False
        atlas = self.finder.atlas
        block = atlas.blocks[atlas.block_at(number.start)]
        return block.raw

    def same(self, digits: str, number: Number) -> bool:
        """Whether a printed number is the sought one."""
        return digits == number.digits or (
            self._is_raw(number) and plain_digits(digits) == plain_digits(number.digits)
        )

    def shown(self, number: Number) -> str:
        """A printed number with its sign."""
        text = self.finder.text
        return sign(text, number) + text[number.start : number.end]
