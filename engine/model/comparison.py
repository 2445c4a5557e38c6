"""A comparison: companies in columns, figures and rules in rows, ready for every format."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.periods import Period

KNOWN, STALE, UNKNOWN, NOT_APPLICABLE = "known", "stale", "unknown", "not-applicable"
BEST, WORST = "best", "worst"


class Figure(NamedTuple):
    """A concept or metric of one company.

    `state` is known, stale, unknown or not-applicable; only the last two have no value. `label`
    is the period as written, `letters` the worst and best letter that are possible, `currency`
    that of an amount of money. `rank` is best or worst where the row can be ranked.
    """

    state: str
    period: Period | None = None
    label: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    kind: str | None = None
    currency: str | None = None
    letters: tuple[str, str] | None = None
    derived: bool = False
    stated: bool = False
    assumed: bool = False
    disputed: bool = False
    behind: bool = False
    sources: tuple[str, ...] = ()
    rank: str | None = None

    @property
    def letter(self) -> str | None:
        """The letter, where it is a single one."""
        return self.letters[0] if self.letters and self.letters[0] == self.letters[1] else None


class FigureRow(NamedTuple):
    """A concept or metric (`kind`) across the companies; `better` is higher, lower or None."""

    kind: str
    id: str
    title: str
    category: str | None
    unit: str
    style: str
    better: str | None
    graded: bool
    figures: tuple[Figure, ...]

    @property
    def reached(self) -> int:
        """For how many companies there is a value."""
        return sum(figure.state in (KNOWN, STALE) for figure in self.figures)


class Verdict(NamedTuple):
    """What a rule comes to for one company; `outcome` None: its pack is not for the company."""

    outcome: str | None
    severity: str | None = None
    period: str | None = None
    reason: str | None = None
    firm: bool | None = None
    behind: bool = False
    assumed: bool = False
    disputed: bool = False


class RuleRow(NamedTuple):
    """A rule across the companies; `severity` is the gravest with which it is up anywhere."""

    id: str
    title: str
    category: str
    severity: str | None
    verdicts: tuple[Verdict, ...]


class Gate(NamedTuple):
    """Whether a company would be stopped: flags at `level` or above, and what must be known."""

    level: str
    outcome: str
    flags: int
    must_know: int


class Comparison(NamedTuple):
    """Companies side by side.

    `concepts` are what a company is introduced with, `metrics` stand by category, `rules` the
    gravest first; a gate's outcome is pass, fail or unknown. `left_out`
    counts metrics and rules that only a fuller page shows.
    """

    evaluations: tuple[Evaluation, ...]
    gates: tuple[Gate, ...]
    concepts: tuple[FigureRow, ...]
    metrics: tuple[FigureRow, ...]
    rules: tuple[RuleRow, ...]
    left_out: tuple[int, int]
    language: str
    today: int
