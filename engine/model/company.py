"""A company: who it is, its sources, and every fact that they state.

Types only; reading them from a file is in `model.facts`. Nothing here chooses between sources:
what is known at a date, and which of several statements counts, is the ledger's business.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ddcheck.engine.model.periods import Calendar, Period
from ddcheck.engine.text.document import Node, Scalar
from ddcheck.engine.text.quantity import Quantity
from ddcheck.engine.text.shape import Label

#: From the strongest standing to the weakest.
TIERS = ("audited", "filing", "release", "broker", "press", "management", "model")

Scope: TypeAlias = tuple[str, str] | None


class Document(NamedTuple):
    """A source of facts: a document with its standing and the day it was published.

    `file` names its local copy, `sha256` is where that copy's fingerprint stands, `dated` where the
    day of publication does.
    """

    id: str
    title: str
    publisher: str | None
    tier: str
    published: int
    url: str | None
    file: str | None
    node: Scalar
    sha256: Scalar | None = None
    dated: Node | None = None


class Fact:
    """A value that some source states for a concept (or metric) and a period.

    `value` is in base units, None where only a bound or a range is printed; `low` and `high` are
    the closed interval, infinite where a side is open. `scope` is `(dimension, member)`; `share`
    marks a member's share instead of its amount, `negated` that `text` is printed with the opposite
    sign of the value. `node` is where the value stands in the file, `at` where it stands in the
    source; `row` is the key of the table row that it is a cell of.
    """

    __slots__ = (
        "at",
        "concept",
        "high",
        "kind",
        "labelled",
        "low",
        "negated",
        "node",
        "period",
        "qualifier",
        "row",
        "scope",
        "share",
        "source",
        "text",
        "unit",
        "value",
    )

    def __init__(
        self,
        concept: str,
        period: Period,
        kind: int,
        quantity: Quantity,
        source: str,
        node: Scalar,
        text: str,
        at: str | None = None,
        scope: Scope = None,
        *,
        share: bool = False,
        labelled: str | None = None,
        negated: bool = False,
        row: Scalar | None = None,
    ) -> None:
        self.concept = concept
        self.period = period
        self.kind = kind
        value, low, high, unit, qualifier = quantity
        self.value = None if value is None else float(value)
        self.low = float("-inf") if low is None else float(low)
        self.high = float("inf") if high is None else float(high)
        self.unit = unit
        self.qualifier = qualifier
        self.source = source
        self.node = node
        self.text = text
        self.at = at
        self.scope = scope
        self.share = share
        self.labelled = labelled
        self.negated = negated
        self.row = row

    def __repr__(self) -> str:
        return f"Fact({self.concept} {self.period} {self.text} [{self.source}])"


class Breakdown(NamedTuple):
    """A concept split by a dimension at one period.

    `parts` are facts with a scope, as amounts or shares; `complete` says that nothing is left
    out, `ranked` that the parts are the largest members.
    """

    concept: str
    by: str
    period: Period
    kind: int
    source: str
    parts: tuple[Fact, ...]
    complete: bool
    ranked: bool


class Event(NamedTuple):
    """Something that happened, or a word that a source says of a concept over a span."""

    day: int | None
    what: Label | None
    said: str | None
    about: str | None
    over: Period | None
    source: str
    at: str | None
    text: str | None
    node: Scalar


class Company(NamedTuple):
    """A company file, read: every fact of every source, nothing chosen, nothing dropped.

    `displaced` are facts that assumptions of the command line took the place of: nothing is
    computed from them, but they still tell what the company has reported.
    """

    path: str
    id: str
    name: Label
    ticker: str | None
    currency: str
    calendar: Calendar
    tags: frozenset[str]
    founded: str | None
    business: Label | None
    sources: dict[str, Document]
    facts: tuple[Fact, ...]
    breakdowns: tuple[Breakdown, ...]
    events: tuple[Event, ...]
    displaced: tuple[Fact, ...] = ()
    tag_nodes: tuple[Scalar, ...] = ()
