"""An explanation: how one metric, rule or concept of one company comes to what it is.

A tree of nodes, from the result down to the figures that sources print, with the ladder it stands
on and its history. Numbers are in base units, absent ones None; texts are in the reader's
language and ready to be shown, so that every format says the same.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Document, Event, Fact
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import Finding, Missing
from ddcheck.engine.model.measured import MetricResult

#: What a node is made of.
NODE_KINDS = (
    "fact", "sum", "concept", "metric", "condition", "breakdown", "parameter", "rule", "event",
    "marks", "rate", "missing", "seen",
)  # fmt: skip
#: How a node comes to its value.
STATES = (
    "stated", "derived", "computed", "assumed", "parameter", "missing", "not-applicable",
)  # fmt: skip
#: What is explained.
SORTS = ("metric", "rule", "strength", "concept")


class Place(NamedTuple):
    """A place in a file, line and column counted from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Value(NamedTuple):
    """A number and how it is written.

    `value` is the point (None where only a range is known), `low` and `high` the ends of what is
    known, by the printed digits of everything behind it. `shown` is the value in words of its
    unit, `range` its interval in words, empty where there is none.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    style: str
    shown: str
    range: str


class Evidence(NamedTuple):
    """A stated fact: whether it counts, why, and whether it contradicts the one that does."""

    fact: Fact
    place: Place
    shown: str
    counts: bool
    reason: str
    disputed: bool


class Node(NamedTuple):
    """One name, or one condition, worked out.

    `formula` is as written, `steps` the same with numbers put in, then with its parts worked out.
    `role` says from where its parent looks at it ("a year before"), `sign` how it enters a sum.
    `truth` is that of a condition. `evidence` is the fact that it is and, behind it, the other
    statements of the same key; `notes` are sentences (why an earlier formula is not the one that
    counts, what a source states beside a computed value). A node of kind `seen` repeats one that
    stands above and has no children.
    """

    kind: str
    name: str
    title: str
    state: str
    period: str | None = None
    role: str = ""
    sign: str = ""
    value: Value | None = None
    truth: bool | None = None
    formula: str | None = None
    steps: tuple[str, ...] = ()
    place: Place | None = None
    actuality: str | None = None
    missing: tuple[Missing, ...] = ()
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    beside: tuple[Beside, ...] = ()
    event: Event | None = None
    children: tuple[Node, ...] = ()


class Beside(NamedTuple):
    """Another value of the same thing: what a source states beside what is computed, or the
    other way round; `difference` is it less the one that counts, `formula` what computes it.
    """

    state: str
    value: Value
    difference: Value | None
    evidence: Evidence | None
    meets: bool
    formula: str | None = None


class LadderStep(NamedTuple):
    """A limit of a ladder: where it is set, whether it is reached, and how far away it is.

    `distance` is the metric less the limit, `relative` that as a part of the limit.
    """

    name: str
    limit: str
    value: float | None
    parameter: str | None
    place: Place
    set_at: Place | None
    reached: bool | None
    distance: Value | None
    relative: float | None


class LadderPosition(NamedTuple):
    """A ladder, and where a company's metric stands on it.

    `words` say where it stands and how far the neighboring steps are.
    """

    metric: str
    direction: str
    better: str | None
    steps: tuple[LadderStep, ...]
    at: str | None
    value: Value | None
    period: str | None
    reference: str | None
    words: tuple[str, ...]


class Turn(NamedTuple):
    """Where a stated fact would turn the verdict: with its fellows `to` one value (a flip), or
    alone `below` and above what it is (headroom); None: it does not, however far it goes.
    """

    evidence: Evidence
    title: str
    period: str
    shown: Value
    to: Value | None
    below: Value | None
    above: Value | None


class Past(NamedTuple):
    """One period of the history; `outcome` is the outcome of a rule or the letter of a metric."""

    period: str
    frame: str
    value: Value | None
    kind: str | None
    state: str
    missing: tuple[Missing, ...]
    reason: str
    outcome: str
    here: bool


class Explanation(NamedTuple):
    """Everything that is said of one id; `roots` are its conditions, or the one value itself.

    `finding` and `metric` are the very objects of `evaluation`, which a report shows. `notes` are
    sentences about what was asked: a period without facts, an id that is not meant for this
    company. `needs` say what would decide an open verdict; `charted` names what the history shows.
    """

    sort: str
    id: str
    title: str
    pack: str | None
    category: str | None
    place: Place
    evaluation: Evaluation
    asked: str | None
    period: str | None
    frame: str
    notes: tuple[str, ...]
    needs: tuple[str, ...]
    finding: Finding | None
    flips: tuple[Turn, ...]
    headroom: tuple[Turn, ...]
    metric: MetricResult | None
    facts: tuple[tuple[str, str], ...]
    applies: Node | None
    roots: tuple[Node, ...]
    ladder: LadderPosition | None
    history: tuple[Past, ...]
    charted: str
    conflicts: tuple[Conflict, ...]
    why: str
    ask: str
    reference: str | None
    tests: int

    @property
    def language(self) -> str:
        """The language of its texts."""
        return self.evaluation.language

    def nodes(self) -> tuple[Node, ...]:
        """Every node of every tree, parents before their children."""
        found: list[Node] = []
        waiting = [*reversed(self.roots)]
        if self.applies is not None:
            waiting.append(self.applies)
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += reversed(node.children)
        return tuple(found)

    def evidence(self) -> tuple[Evidence, ...]:
        """Every stated fact of the trees once, in the order in which they are read; last what is
        stated beside computed values.
        """
        nodes = self.nodes()
        own = [item for node in nodes for item in node.evidence[:1]]
        beside = [item.evidence for node in nodes for item in node.beside]
        found: dict[int, Evidence] = {}
        for item in (*own, *(item for item in beside if item is not None)):
            found.setdefault(id(item.fact), item)
        return tuple(found.values())

    def sources(self) -> tuple[Document, ...]:
        """The documents behind the trees, as the company file declares them."""
        used = {item.fact.source for node in self.nodes() for item in node.evidence}
        used |= {item.fact.source for item in self.evidence()}
        return tuple(doc for name, doc in self.evaluation.ledger.sources.items() if name in used)
