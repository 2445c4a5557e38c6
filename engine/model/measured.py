"""A metric as it came out for one company: its values, its letter, why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.periods import KIND_NAMES, Period, kind_suffix


class MetricValue(NamedTuple):
    """A metric at one period; `missing` says why there is no value.

    `tier` is the weakest among the facts it rests on.
    """

    period: Period
    value: float | None
    low: float | None
    high: float | None
    kind: str | None
    derived: bool
    stated: bool
    missing: str | None
    sources: tuple[str, ...]
    tier: str | None = None

    @property
    def label(self) -> str:
        """The period as company files write it, with its kind: `FY2021`, `FY2023E`."""
        kind = KIND_NAMES.index(self.kind) if self.kind is not None else -1
        return self.period.label + kind_suffix(kind)


class MetricDetails(NamedTuple):
    """What is worked out of a metric when somebody asks for its values."""

    values: tuple[MetricValue, ...]
    latest: MetricValue | None


class MetricResult(NamedTuple):
    """A metric of one company over its frame.

    `state` is known, unknown, stale or not-applicable; `letters` are the worst and best letter
    that what is known allows, `letter` the letter itself where it is a single one. `behind` marks
    a value older than the newest period with any actual.
    """

    id: str
    title: str
    category: str | None
    unit: str
    style: str
    better: str | None
    weight: float
    graded: bool
    frame: str
    state: str
    letter: str | None
    letters: tuple[str, str] | None
    behind: bool
    ladder: str | None
    details: Callable[[], MetricDetails]
    basis: Callable[[], frozenset[str]] = frozenset
    lacking: Callable[[], tuple[Missing, ...]] = tuple
    standing: Callable[[], str | None] = lambda: None

    @property
    def sources(self) -> frozenset[str]:
        """The sources that its latest value rests on; cheaper than `latest`."""
        return self.basis()

    @property
    def tier(self) -> str | None:
        """The weakest tier among the facts behind the latest value; None where there is none."""
        return self.standing()

    @property
    def values(self) -> tuple[MetricValue, ...]:
        """The metric at every period: first of its own frame, then what is known in others."""
        return self.details().values

    @property
    def own_values(self) -> tuple[MetricValue, ...]:
        """The metric at every period of its own frame."""
        return tuple(value for value in self.values if value.period.frame == self.frame)

    @property
    def latest(self) -> MetricValue | None:
        """The value that the letter stands for; None if there is none."""
        return self.details().latest

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Why there is no newer or no value at all."""
        return self.lacking()
