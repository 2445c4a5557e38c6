"""Cells: one value of a series with its interval, its facts, and why it is missing."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ddcheck.engine.language.series import NO_KIND
from ddcheck.engine.model.sums import Entry


class Cause(NamedTuple):
    """Why a value is missing: `kind` is fact, parameter, bounded, or a reason of arithmetic.

    For a fact `name`, `period` and `scope` say which; for the others `reason` says it in words.
    """

    kind: str
    name: str
    period: str | None
    scope: str | None
    reason: str


Causes: TypeAlias = frozenset[Cause]
NOTHING: Causes = frozenset()
_NO_ENTRIES: frozenset[Entry] = frozenset()


class Cell:
    """A value at one position: its interval (None: missing), kind, entries and causes.

    `assumed` marks what rests on an assumption, `stated` a metric taken as a source states it,
    `partial` what may be missing for some of the values that its facts may have.
    """

    __slots__ = ("assumed", "causes", "entries", "high", "kind", "low", "partial", "stated")

    def __init__(
        self,
        low: float | None,
        high: float | None,
        kind: int = NO_KIND,
        entries: frozenset[Entry] = _NO_ENTRIES,
        causes: Causes = NOTHING,
        *,
        assumed: bool = False,
        stated: bool = False,
        partial: bool = False,
    ) -> None:
        self.low = low
        self.high = high
        self.kind = kind
        self.entries = entries
        self.causes = causes
        self.assumed = assumed
        self.stated = stated
        self.partial = partial

    def __repr__(self) -> str:
        return f"Cell({self.low}, {self.high}, kind={self.kind}, causes={sorted(self.causes)})"

    def with_ends(self, low: float | None, high: float | None, kind: int | None = None) -> Cell:
        """What this cell is but for its ends (and kind): its facts, causes and marks."""
        return Cell(
            low, high, self.kind if kind is None else kind, self.entries, self.causes,
            assumed=self.assumed, partial=self.partial,
        )  # fmt: skip

    @property
    def point(self) -> float | None:
        """The value, where the interval is a single point."""
        return self.low if self.low == self.high else None

    @property
    def truth(self) -> bool | None:
        """The truth, where it is decided."""
        if self.low is None or self.low != self.high:
            return None
        return self.low == 1


Row: TypeAlias = "list[Cell] | Cell"


def constant(value: float) -> Cell:
    """The cell of a number that no fact stands behind."""
    return Cell(value, value)


def because(kind: str, reason: str, name: str = "", period: str | None = None) -> Causes:
    """A single cause."""
    return frozenset((Cause(kind, name, period, None, reason),))
