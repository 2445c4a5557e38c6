"""A finding: the outcome of one rule for one company, with the facts that it rests on.

Numbers are in base units; absent ones are None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.waiver import Excuse

FLAG, PASS, UNKNOWN, NOT_APPLICABLE = "flag", "pass", "unknown", "not-applicable"


class Missing(NamedTuple):
    """Something that is not known: a fact (`kind` fact), a parameter, or a reason in words."""

    kind: str
    name: str
    period: str | None
    scope: str | None
    reason: str


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
    `becomes` is the severity that its rule will have, and from which day, where that is still to
    come.
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
    becomes: tuple[str, int] | None = None
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
