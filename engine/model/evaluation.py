"""An evaluation: what a plan says of a company, complete enough for every format.

Numbers are in base units; absent ones are None. Every finding leads to the facts it rests on and
every fact to its line.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.ledger import Conflict, Ledger
from ddcheck.engine.model.pack import Category
from ddcheck.engine.model.periods import KIND_NAMES, Period, kind_suffix
from ddcheck.engine.model.plan import Plan

FLAG, PASS, UNKNOWN, NOT_APPLICABLE = "flag", "pass", "unknown", "not-applicable"


class Missing(NamedTuple):
    """Something that is not known: a fact (`kind` fact), a parameter, or a reason in words."""

    kind: str
    name: str
    period: str | None
    scope: str | None
    reason: str


class MetricValue(NamedTuple):
    """A metric at one period; `missing` says why there is no value."""

    period: Period
    value: float | None
    low: float | None
    high: float | None
    kind: str
    derived: bool
    stated: bool
    missing: str | None
    sources: tuple[str, ...]

    @property
    def label(self) -> str:
        """The period as company files write it, with its kind: `FY2021`, `FY2023E`."""
        return self.period.label + kind_suffix(KIND_NAMES.index(self.kind))


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
    values: tuple[MetricValue, ...]
    latest: MetricValue | None
    state: str
    letter: str | None
    letters: tuple[str, str] | None
    behind: bool
    ladder: str | None
    missing: tuple[Missing, ...]


class Last(NamedTuple):
    """The last verdict of a rule that is stale now."""

    outcome: str
    severity: str | None
    period: str


class Figure(NamedTuple):
    """A name's values over the last periods, for showing beside a finding."""

    name: str
    title: str
    unit: str
    style: str
    values: tuple[tuple[str, float | None, float | None, float | None], ...]


class Finding(NamedTuple):
    """The outcome of one rule (or strength) for one company.

    `firm` is True where intervals prove the verdict, else None: not shown. `bounds` are what is
    known of the value where a bound or range leaves the verdict open.
    """

    id: str
    title: str
    category: str
    severity: str
    outcome: str
    reason: str | None
    period: str | None
    frame: str
    message: str
    figures: tuple[Figure, ...]
    firm: bool | None
    assumed: bool
    disputed: bool
    behind: bool
    last: Last | None
    missing: tuple[Missing, ...]
    bounds: tuple[str, float | None, float | None] | None
    kind: str | None
    tier: str | None
    evidence: tuple[Fact, ...]


class Request(NamedTuple):
    """A fact to ask the company for, and what it would decide; `raised`: a flag that is up asks."""

    name: str
    title: str
    period: str | None
    scope: str | None
    unblocks: tuple[str, ...]
    severity: str | None
    ask: str
    known: str | None
    raised: bool


class CategoryGrade(NamedTuple):
    """A category's letter on what is known, and the letters if every unknown came in."""

    category: Category
    letter: str | None
    score: float | None
    worst: str | None
    best: str | None
    known: int
    total: int


class Grade(NamedTuple):
    """The grade as a range; `letter` is None where the range is too wide for a single one."""

    letter: str | None
    known_letter: str | None
    score: float | None
    worst: str | None
    best: str | None
    known: float
    categories: tuple[CategoryGrade, ...]


class Evaluation(NamedTuple):
    """Everything a report needs about one company."""

    company: Company
    plan: Plan
    ledger: Ledger
    language: str
    today: int
    evaluated_at: int
    period: Period | None
    newest: dict[str, Period]
    grade: Grade
    metrics: tuple[MetricResult, ...]
    findings: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    requests: tuple[Request, ...]
    conflicts: tuple[Conflict, ...]
    must_know: tuple[str, ...]

    def counted(self, outcome: str) -> int:
        """How many rules came out as `outcome`."""
        return sum(finding.outcome == outcome for finding in self.findings)
