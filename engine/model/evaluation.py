"""An evaluation: what a plan says of a company, complete enough for every format.

Numbers are in base units; absent ones are None. Every finding leads to the facts it rests on and
every fact to its line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.conflict import ROUNDING, Conflict
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Finding
from ddcheck.engine.model.formula import EVERY_FACT
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import Category
from ddcheck.engine.model.periods import Period
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.standing import Standing


class Assumption(NamedTuple):
    """What the command line assumes: a fact (or the value of a parameter) and what it displaces.

    `place` is the option as written; `fact` None for a parameter, whose value is then `value`
    (`before` without the assumption), and for a fact that is taken away.
    """

    name: str
    title: str
    period: str | None
    fact: Fact | None
    value: float | None
    unit: str
    place: str
    displaced: tuple[Fact, ...]
    before: float | None = None


class Request(NamedTuple):
    """A fact to ask the company for, or (`explains`) what only a flag that is up asks about.

    `period` is the newest of `periods`, `raised` marks what a flag in a graded category asks,
    `titles` stand beside `unblocks`, `needed_for` are the titles of metrics that wait for it. What
    is there so far is `known` in words: its newest fact `have`, where its rule was `last` decided
    (value and period) and how far it is bounded (period and range). `splits` are the dimensions
    that it is wanted by, `made_of` the facts that would do as well, `reported` says that it is a
    line of financial statements; `tier` is the weakest standing that would do, where the fact is
    known on weaker evidence.
    """

    name: str
    title: str
    period: str | None
    scope: str | None
    unblocks: tuple[str, ...]
    severity: str | None
    ask: str
    known: str | None
    raised: bool
    periods: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    needed_for: tuple[str, ...] = ()
    explains: bool = False
    must_know: bool = False
    category: str | None = None
    unit: str = ""
    style: str = ""
    time: str = ""
    splits: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    reported: bool = False
    have: Fact | None = None
    last: tuple[str, str] | None = None
    bounds: tuple[str, str] | None = None
    tier: str | None = None


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


class EvaluationDetails(NamedTuple):
    """What is worked out of an evaluation when somebody asks."""

    period: Period | None
    newest: dict[str, Period]
    requests: tuple[Request, ...]


class Evaluation(NamedTuple):
    """Everything a report needs about one company; findings stand in the order to show them.

    What a memo does not ask about is worked out when somebody does.
    """

    company: Company
    plan: Plan
    ledger: Ledger
    language: str
    today: int
    evaluated_at: int
    findings: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    must_know: tuple[str, ...]
    grading: Callable[[], Grade]
    measured: Callable[[], tuple[MetricResult, ...]]
    details: Callable[[], EvaluationDetails]
    conflicting: Callable[[], tuple[Conflict, ...]]
    assumptions: tuple[Assumption, ...] = ()
    standing: Callable[[], Standing] = lambda: Standing((), ())

    @property
    def undecided(self) -> bool:
        """Whether no rule says anything of the company: that its file is in order is not enough."""
        rules = self.plan.rules
        return all(
            f.outcome == UNKNOWN or (f.outcome != FLAG and rules[f.id].leaves == {EVERY_FACT})
            for f in self.findings
        )

    @property
    def grade(self) -> Grade:
        """The grade as a range, and those of the categories."""
        return self.grading()

    @property
    def metrics(self) -> tuple[MetricResult, ...]:
        """Every metric of the packs that are meant for the company, in their order."""
        return self.measured()

    @property
    def tiers(self) -> Standing:
        """On which evidence the letters and flags rest."""
        return self.standing()

    @property
    def period(self) -> Period | None:
        """The newest reported year, or the newest period there is."""
        return self.details().period

    @property
    def newest(self) -> dict[str, Period]:
        """The newest period with any actual, by frame."""
        return self.details().newest

    @property
    def requests(self) -> tuple[Request, ...]:
        """What to ask the company for, the most pressing first."""
        return self.details().requests

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Figures that cannot all be right; first those that decide something."""
        return tuple(c for c in self.conflicting() if c.type != ROUNDING)

    @property
    def roundings(self) -> tuple[Conflict, ...]:
        """Notes on figures that meet at nothing but the end of their last digit."""
        return tuple(c for c in self.conflicting() if c.type == ROUNDING)

    def counted(self, outcome: str) -> int:
        """How many rules came out as `outcome`."""
        return sum(finding.outcome == outcome for finding in self.findings)
