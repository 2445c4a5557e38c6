"""Points: whole series of plain numbers, the first and fast pass.

A series holds one value for each position of an axis (None where it is missing) and the kind of
each (-1 where no fact stands behind it). Causes, intervals and sources are not kept here: the
evidence algebra works them out for what is shown, and a differential test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

NO_KIND = -1
_MOST = 1e300
_INFINITE = float("inf")
#: Relative difference within which two numbers are equal.
RELATIVE = 1e-9
# What subtraction in floating point may add to a difference: 100.01 - 100 is a cent and a little.
_NOISE = 1e-15


class Series:
    """Values along an axis and the kind of each."""

    __slots__ = ("kinds", "values")

    def __init__(self, values: list[Any], kinds: tuple[int, ...]) -> None:
        self.values = values
        self.kinds = kinds

    def __repr__(self) -> str:
        return f"Series({self.values})"


Row: TypeAlias = "Series | float"


def beyond(left: float, right: float, step: float) -> bool:
    """Whether `left` is greater than `right` by more than numbers that are equal may differ."""
    gap = left - right
    scale = max(abs(left), abs(right))
    if scale == _INFINITE:
        return left > right
    return gap - step > _NOISE * scale and gap > RELATIVE * scale


def compare_numbers(op: str, left: float, right: float, step: float) -> bool:
    """`left` op `right`, where op is one of < <= > >= == !=, with the language's equality."""
    if op == ">":
        return beyond(left, right, step)
    if op == "<":
        return beyond(right, left, step)
    if op == ">=":
        return not beyond(right, left, step)
    if op == "<=":
        return not beyond(left, right, step)
    same = not beyond(left, right, step) and not beyond(right, left, step)
    return same if op == "==" else not same


class Points:
    """Arithmetic, comparison and logic on series of numbers."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.none: tuple[int, ...] = (NO_KIND,) * length
        self._shared = {self.none: self.none}
        self._joined: dict[tuple[int, int], tuple[int, ...]] = {}
        self._kept: list[tuple[int, ...]] = []

    def kinds(self, row: Row) -> tuple[int, ...]:
        """The kinds of `row`; a constant has none."""
        return row.kinds if type(row) is Series else self.none

    def values(self, row: Row) -> list[Any]:
        """The values of `row`, a constant repeated."""
        return row.values if type(row) is Series else [row] * self.length

    def join(self, left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
        """The weaker kind at each position."""
        if left is right or right is self.none:
            return left
        if left is self.none:
            return right
        key = (id(left), id(right))
        found = self._joined.get(key)
        if found is None:
            found = self._joined[key] = self.shared(tuple(map(max, left, right)))
            self._kept += [left, right]
        return found

    def shared(self, kinds: tuple[int, ...]) -> tuple[int, ...]:
        """The one tuple equal to `kinds`, so that most rows have the very same kinds."""
        return self._shared.setdefault(kinds, kinds)

    def missing(self, _reason: str) -> Series:
        """A series of which every value is missing."""
        return Series([None] * self.length, self.none)

    def _two(self, left: Row, right: Row, op: Callable[[Any, Any], Any]) -> Series:
        values = [
            None if x is None or y is None else op(x, y)
            for x, y in zip(self.values(left), self.values(right), strict=True)
        ]
        return Series(values, self.join(self.kinds(left), self.kinds(right)))

    def _one(self, row: Row, op: Callable[[Any], Any]) -> Series:
        return Series([None if x is None else op(x) for x in self.values(row)], self.kinds(row))

    def add(self, left: Row, right: Row) -> Series:
        return Series(
            [
                None if x is None or y is None else x + y
                for x, y in zip(self.values(left), self.values(right), strict=True)
            ],
            self.join(self.kinds(left), self.kinds(right)),
        )

    def sub(self, left: Row, right: Row) -> Series:
        return Series(
            [
                None if x is None or y is None else x - y
                for x, y in zip(self.values(left), self.values(right), strict=True)
            ],
            self.join(self.kinds(left), self.kinds(right)),
        )

    def mul(self, left: Row, right: Row) -> Series:
        return Series(
            [
                None if x is None or y is None or not -_MOST < (r := x * y) < _MOST else r
                for x, y in zip(self.values(left), self.values(right), strict=True)
            ],
            self.join(self.kinds(left), self.kinds(right)),
        )

    def div(self, left: Row, right: Row) -> Series:
        return Series(
            [
                None if x is None or not y or not -_MOST < (r := x / y) < _MOST else r
                for x, y in zip(self.values(left), self.values(right), strict=True)
            ],
            self.join(self.kinds(left), self.kinds(right)),
        )

    def neg(self, row: Row) -> Row:
        return -row if isinstance(row, float) else self._one(row, lambda x: -x)

    def plus(self, row: Row) -> Row:
        return row

    def absolute(self, row: Row) -> Series:
        return self._one(row, abs)

    def compare(self, op: str, left: Row, right: Row, step: float) -> Series:
        """`compare_numbers` at each position; `beyond` is asked only of gaps that exceed `step`."""
        if op in ("==", "!="):
            return self._two(left, right, lambda x, y: compare_numbers(op, x, y, step))
        kinds = self.join(self.kinds(left), self.kinds(right))
        if op in ("<", ">="):
            left, right = right, left
        pairs = zip(self.values(left), self.values(right), strict=True)
        strict = op in ("<", ">")
        return Series(
            [
                None if x is None or y is None else (x - y > step and beyond(x, y, step)) is strict
                for x, y in pairs
            ],
            kinds,
        )

    def agrees(self, left: Row, right: Row, step: float) -> Series:
        """Points cannot tell whether intervals meet: equal points do, others are left open."""
        return self._two(left, right, lambda x, y: compare_numbers("==", x, y, step) or None)

    def both(self, left: Row, right: Row) -> Series:
        values = [
            False if x is False or y is False else (None if x is None or y is None else True)
            for x, y in zip(self.values(left), self.values(right), strict=True)
        ]
        return Series(values, self.join(self.kinds(left), self.kinds(right)))

    def either(self, left: Row, right: Row) -> Series:
        values = [
            True if x is True or y is True else (None if x is None or y is None else False)
            for x, y in zip(self.values(left), self.values(right), strict=True)
        ]
        return Series(values, self.join(self.kinds(left), self.kinds(right)))

    def negate(self, row: Row) -> Series:
        return self._one(row, lambda x: not x)

    def choose(self, test: Row, yes: Row, no: Row) -> Series:
        kinds = self.kinds(test)
        yes_kinds, no_kinds = self.kinds(yes), self.kinds(no)
        values, chosen = [], []
        for i, (c, x, y) in enumerate(
            zip(self.values(test), self.values(yes), self.values(no), strict=True)
        ):
            values.append(None if c is None else x if c else y)
            branch = NO_KIND if c is None else yes_kinds[i] if c else no_kinds[i]
            chosen.append(max(kinds[i], branch))
        return Series(values, tuple(chosen))

    def shift(self, row: Row, back: tuple[int, ...], _before: Any) -> Row:
        """`row` moved so that each position sees the one that `back` names.

        A shifted actual says nothing about the period it is moved to, so its kind is dropped;
        an estimate stays one.
        """
        if type(row) is not Series:
            return row
        values, kinds = row.values, row.kinds
        return Series(
            [values[i] if i >= 0 else None for i in back],
            self.shared(tuple([kinds[i] if i >= 0 and kinds[i] > 0 else NO_KIND for i in back])),
        )

    def neutral(self, row: Row) -> Row:
        """`row` without its kinds, as `estimated()` and `guided()` give it."""
        return Series(row.values, self.none) if type(row) is Series else row

    def positive(self, row: Row, _reason: str) -> Series:
        """`row` where it is above zero, else missing."""
        return self._one(row, lambda x: x if x > 0 else None)

    def known(self, row: Row) -> Series:
        return Series([x is not None for x in self.values(row)], self.kinds(row))

    def coalesce(self, first: Row, second: Row) -> Series:
        firsts, first_kinds = self.values(first), self.kinds(first)
        both = self.join(first_kinds, self.kinds(second))
        values = [y if x is None else x for x, y in zip(firsts, self.values(second), strict=True)]
        kinds = zip(firsts, first_kinds, both, strict=True)
        return Series(values, tuple(joined if x is None else own for x, own, joined in kinds))

    def smaller(self, left: Row, right: Row) -> Series:
        return self._two(left, right, min)

    def larger(self, left: Row, right: Row) -> Series:
        return self._two(left, right, max)

    def rounded(self, row: Row, digits: int) -> Series:
        return self._one(row, lambda x: round(x, digits))

    def increasing(self, row: Row, op: Callable[[float], float | None], _reason: str) -> Series:
        """`op`, which must not fall as its argument rises, applied to each value."""
        return self._one(row, lambda x: _finite(op(x)))

    def scaled(self, row: Row, factors: tuple[float | None, ...], _reason: str) -> Series:
        """Each value times the factor of its position; missing where that is None."""
        return Series(
            [
                None if x is None or f is None else _finite(x * f)
                for x, f in zip(self.values(row), factors, strict=True)
            ],
            self.kinds(row),
        )

    def counted(self, row: Row, back: tuple[int, ...]) -> Series:
        """How many periods in a row, up to each, `row` has been true.

        Missing where that is not known to have begun within the series.
        """
        counts: list[float | None] = []
        for x, place in zip(self.values(row), back, strict=True):
            run = counts[place] if place >= 0 else None
            counts.append(0.0 if x is False else None if x is None or run is None else run + 1)
        return Series(counts, self.kinds(row))

    def carried(self, row: Row, sources: tuple[tuple[int, ...], ...]) -> Series:
        """For each position the first actual value among the positions that `sources` lists."""
        if type(row) is not Series:
            return Series([row] * self.length, self.none)
        values = []
        for places in sources:
            found = (i for i in places if row.values[i] is not None and row.kinds[i] <= 0)
            place = next(found, None)
            values.append(None if place is None else row.values[place])
        return Series(values, tuple(NO_KIND if v is None else 0 for v in values))

    def taken(self, row: Row, places: tuple[int, ...], _why: str) -> Row:
        """`row` of another axis, read at `places` (-1: nowhere), its kinds kept."""
        if type(row) is not Series:
            return row
        return Series(
            [row.values[i] if i >= 0 else None for i in places],
            tuple(row.kinds[i] if i >= 0 else NO_KIND for i in places),
        )

    def only(self, row: Row, kind: int, _cause: Any) -> Series:
        """`row` where it is of `kind`, else missing."""
        values, kinds = self.values(row), self.kinds(row)
        kept = [x if k == kind else None for x, k in zip(values, kinds, strict=True)]
        return Series(kept, tuple(k if k == kind else NO_KIND for k in kinds))

    def flags(self, truths: list[bool]) -> Series:
        """Truths that no fact stands behind."""
        return Series(list(truths), self.none)


def _finite(value: float | None) -> float | None:
    return value if value is not None and -_MOST < value < _MOST else None
