"""A plan: packs compiled. Every name resolved, every unit checked, nothing that can fail left.

A definition with a mistake is left out, and so is all that rests on it; the mistake has been
reported once, at its place.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.pack import Grading, MetricDefinition, Packs, Parameter, RuleDefinition
from ddcheck.engine.model.units import Measure
from ddcheck.engine.model.vocabulary import Term, Vocabulary


class Step(NamedTuple):
    """One limit of a ladder: the letter or severity it leads to, and the condition."""

    name: str
    condition: Formula
    limit: str


class MetricLadder(NamedTuple):
    """A metric's limits as conditions, best letter first; for companies with all of `tags`."""

    steps: tuple[Step, ...]
    tags: frozenset[str]
    dated: str | None
    reference: str | None


class Metric(NamedTuple):
    """A metric ready to evaluate."""

    id: str
    definition: MetricDefinition
    formulas: tuple[Formula, ...]
    between: tuple[Formula, ...]
    applies_when: Formula | None
    ladders: tuple[MetricLadder, ...]
    measure: Measure
    leaves: frozenset[str]
    calls: frozenset[str]


class MessagePart(NamedTuple):
    """A piece of a message: text, or a name (or `period`, `prior`, `limit`, `basis`) to fill in."""

    text: str
    name: str | None
    history: bool


class Rule(NamedTuple):
    """A rule (or strength) ready to evaluate: steps from the mildest severity to the gravest."""

    id: str
    definition: RuleDefinition
    steps: tuple[Step, ...]
    applies_when: Formula | None
    message: dict[str, tuple[MessagePart, ...]]
    show: tuple[str, ...]
    leaves: frozenset[str]
    calls: frozenset[str]

    @property
    def gravest(self) -> str:
        """The gravest severity that the rule can raise."""
        return self.steps[-1].name


class Plan(NamedTuple):
    """Everything that is applied to a company."""

    packs: Packs
    vocabulary: Vocabulary
    grading: Grading | None
    parameters: dict[str, Parameter]
    metrics: dict[str, Metric]
    rules: dict[str, Rule]
    derived: dict[str, tuple[Formula, ...]]
    reach: dict[str, frozenset[str]]
    terms: dict[str, Term]
