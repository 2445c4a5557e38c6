"""An evaluation: what a plan says of a company, complete enough for every format.

Numbers are in base units; absent ones are None. Every finding leads to the facts it rests on and
every fact to its line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.formula import EVERY_FACT
from ddcheck.engine.model.ledger import ROUNDING, Conflict, Ledger
from ddcheck.engine.model.pack import Category
from ddcheck.engine.model.periods import KIND_NAMES, Period, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.standing import Standing
from ddcheck.engine.model.variants import ASSUMED

if TYPE_CHECKING:
    from ddcheck.engine.model.decision import Excuse

FLAG, PASS, UNKNOWN, NOT_APPLICABLE = "flag", "pass", "unknown", "not-applicable"


class Missing(NamedTuple):
    """Something that is not known: a fact (`kind` fact), a parameter, or a reason in words."""

    kind: str
    name: str
    period: str | None
    scope: str | None
    reason: str


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


class Last(NamedTuple):
    """The last verdict of a rule that is stale now, or rests on too weak evidence."""

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


class Flip(NamedTuple):
    """A stated fact moved to `value` (base units) where, with its fellows, it turns a verdict."""

    fact: Fact
    value: float


class Headroom(NamedTuple):
    """How far one stated fact can move, all others as printed, before the verdict turns.

    `below` and `above` are the values (base units) at which it turns when the fact falls or
    rises; None: it does not, as far as the fact can go.
    """

    fact: Fact
    below: float | None
    above: float | None


class Stability(NamedTuple):
    """Whether a verdict is proven: True firm, False fragile (with a corner that flips it)."""

    firm: bool | None
    flips: tuple[Flip, ...]


class FindingDetails(NamedTuple):
    """What is worked out of a finding when somebody asks.

    `assumed_otherwise`: it rests on a parameter that the command line sets, or waits for a fact
    that the command line takes away.
    """

    reason: str | None
    message: str
    figures: tuple[Figure, ...]
    disputed: bool
    missing: tuple[Missing, ...]
    bounds: tuple[str, float | None, float | None] | None
    tier: str | None
    evidence: tuple[Fact, ...]
    last_value: str | None
    assumed_otherwise: bool = False


class Finding(NamedTuple):
    """The outcome of one rule (or strength) for one company.

    `worst` is the gravest severity that what is known does not rule out, None for none. The
    outcome is decided; words, figures and evidence are worked out when first asked for, since
    most findings of most runs are only counted. `waiver` is the project's waiver of it, if any.
    """

    id: str
    title: str
    category: str
    severity: str
    outcome: str
    period: str | None
    frame: str
    assumed: bool
    behind: bool
    last: Last | None
    worst: str | None
    kind: str | None
    details: Callable[[], FindingDetails]
    stability: Callable[[], Stability] = lambda: Stability(None, ())
    room: Callable[[], tuple[Headroom, ...]] = tuple
    waiver: Excuse | None = None

    @property
    def waived(self) -> bool:
        """Whether a waiver covers it."""
        return self.waiver is not None and self.waiver.holds

    @property
    def is_open(self) -> bool:
        """Whether it is unknown, or a pass on an older period than the newest."""
        return self.outcome == UNKNOWN or (self.outcome == PASS and self.behind)

    @property
    def reason(self) -> str | None:
        """Why an unknown is unknown: missing, bounded, stale, assumed or evidence (too weak)."""
        return self.details().reason

    @property
    def message(self) -> str:
        """The rule's message, filled in; empty where nothing was decided."""
        return self.details().message

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The values that the rule wants shown, over the last periods."""
        return self.details().figures

    @property
    def firm(self) -> bool | None:
        """True where intervals prove the verdict, False where a corner flips it, else None.

        What rests on an assumption is never firm.
        """
        firm = self.stability().firm
        return None if firm and self.on_assumptions else firm

    @property
    def flips(self) -> tuple[Flip, ...]:
        """The stated facts, and where they would have to be, that turn a fragile verdict."""
        return self.stability().flips

    @property
    def headroom(self) -> tuple[Headroom, ...]:
        """How far each stated fact can move before the verdict turns."""
        return self.room()

    @property
    def on_assumptions(self) -> bool:
        """Whether it rests on an assumption of the command line (`--set`)."""
        details = self.details()
        return details.assumed_otherwise or any(f.source == ASSUMED for f in details.evidence)

    @property
    def disputed(self) -> bool:
        """Whether some fact behind it is contradicted by another source."""
        return self.details().disputed

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would decide it, or decide it for a newer period."""
        return self.details().missing

    @property
    def bounds(self) -> tuple[str, float | None, float | None] | None:
        """Period and ends of what is known where a bound or range leaves the verdict open."""
        return self.details().bounds

    @property
    def tier(self) -> str | None:
        """The weakest tier among the facts behind it."""
        return self.details().tier

    @property
    def evidence(self) -> tuple[Fact, ...]:
        """The stated facts that it rests on; of a stale one those of its last verdict."""
        return self.details().evidence

    @property
    def last_value(self) -> str | None:
        """The figure behind the last verdict of a stale rule, in words."""
        return self.details().last_value


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
    """Everything a report needs about one company; findings stand in the order to show them."""

    company: Company
    plan: Plan
    ledger: Ledger
    language: str
    today: int
    evaluated_at: int
    grade: Grade
    metrics: tuple[MetricResult, ...]
    findings: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    must_know: tuple[str, ...]
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
