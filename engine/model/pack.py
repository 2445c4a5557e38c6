"""Packs: concepts, metrics, rules and strengths as they are written, before anything is checked.

A pack is a folder; its `pack.yaml` says what it is and every other file holds definitions. Here
they become typed definitions that keep the place of every formula; whether names, units and tests
make sense is decided when the packs are compiled into a plan.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.layered import OFF, Change, Entry, Layer, Written
from ddcheck.engine.model.units import Unit
from ddcheck.engine.model.vocabulary import Vocabulary
from ddcheck.engine.text.document import Mapping, Node, Scalar
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.source import Source

SEVERITIES = ("critical", "high", "medium", "low", "info")
LETTERS = ("A", "B", "C", "D", "F")
#: Which way a ladder of severities goes, with the comparison that each limit then stands for.
OPERATORS = {"above": ">", "at-least": ">=", "below": "<", "at-most": "<="}
DIRECTIONS = tuple(OPERATORS)
#: Those in which a higher value is the worse one.
RISING = ("above", "at-least")
#: How much of a memo's numbers must be tagged.
COVERAGES = ("none", "warn", "strict")


def severity_rank(severity: str | None) -> int:
    """The place of a severity, the gravest 0; None comes after all."""
    return SEVERITIES.index(severity) if severity is not None else len(SEVERITIES)


class Parameter(NamedTuple):
    """A number that definitions share; `values` are `(from day, value)`, oldest first.

    Without values whatever needs the parameter is unknown, naming it. `node` is the place of the
    value that holds, `written` what each layer made of it, its own pack first; `reviewed` is the
    day on which somebody last looked at it, written at `reviewed_node`; `dated` are the places of
    the days of its values. `newest` is the newest value of its own pack as it is written there.
    """

    id: str
    title: Label
    unit: Unit
    unit_name: str
    values: tuple[tuple[int, float], ...]
    bounds: tuple[float | None, float | None]
    reference: str | None
    node: Scalar
    reviewed: int | None = None
    reviewed_node: Scalar | None = None
    written: tuple[Written, ...] = ()
    dated: tuple[Scalar, ...] = ()
    newest: str | None = None

    def at(self, day: int) -> float | None:
        """The value on `day`; None where there is none yet."""
        known = [value for since, value in self.values if since <= day]
        return known[-1] if known else None

    def after(self, day: int) -> tuple[int, float] | None:
        """The next other value that holds from a day after `day`, with that day."""
        now = self.at(day)
        return next((item for item in self.values if item[0] > day and item[1] != now), None)


class Ladder(NamedTuple):
    """Limits that turn a metric into a letter; each step is at least as good as its limit."""

    steps: tuple[tuple[str, Scalar], ...]
    tags: frozenset[str]
    dated: str | None
    reference: str | None
    node: Scalar | Mapping


class Equivalent(NamedTuple):
    """A change of a definition that no test can notice, and why; `becomes` is what it turns to."""

    becomes: Scalar
    why: Label


class MetricDefinition(NamedTuple):
    """A named formula, as written."""

    id: str
    pack: str
    title: Label
    formulas: tuple[Scalar, ...]
    between: tuple[Scalar, ...]
    unit: Unit
    unit_name: str
    better: str | None
    ladders: tuple[Ladder, ...]
    applies_when: Scalar | None
    otherwise: tuple[str | None, Label | None] | None
    weight: float
    frame: str
    kinds: frozenset[int]
    stale_after: int
    category: str | None
    why: Label | None
    ask: Label | None
    reference: str | None
    tests: tuple[Mapping, ...]
    tags: frozenset[str]
    style: str | None
    node: Scalar
    equivalent: tuple[Equivalent, ...] = ()
    category_node: Scalar | None = None


class RuleDefinition(NamedTuple):
    """A condition with a severity, or a metric with a ladder of severities, as written.

    A strength is the same with `strength` True: its condition speaks for the company. What rests
    on a weaker tier than `min_evidence` is not decided. Before the day `since` its flag is shown
    and does not count.
    """

    id: str
    pack: str
    title: Label
    strength: bool
    when: Scalar | None
    severity: str | None
    metric: Scalar | None
    direction: str | None
    limits: tuple[tuple[str, Scalar], ...]
    applies_when: Scalar | None
    frame: str
    kinds: frozenset[int]
    stale_after: int
    category: str | None
    message: Label | None
    message_node: Mapping | Scalar | None
    show: tuple[Scalar, ...]
    why: Label | None
    ask: Label | None
    ask_on: frozenset[str]
    reference: str | None
    tests: tuple[Mapping, ...]
    tags: frozenset[str]
    implied_by: tuple[Scalar, ...]
    min_evidence: str | None
    node: Scalar
    equivalent: tuple[Equivalent, ...] = ()
    since: int | None = None
    category_node: Scalar | None = None


class Category(NamedTuple):
    """A part of the grade, or of what is only shown."""

    id: str
    title: Label
    weight: float
    graded: bool


class Grading(NamedTuple):
    """How letters become categories and categories the grade."""

    points: dict[str, float]
    letters: tuple[tuple[str, float], ...]
    categories: dict[str, Category]
    category_caps: dict[str, str]
    whole_caps: dict[str, str]
    single_letter_span: int


class RequiredSection(NamedTuple):
    """A section that a memo must have, under any of its titles."""

    id: str
    titles: tuple[str, ...]


class MemoPolicy(NamedTuple):
    """What a memo must hold: sections, where flags are answered and in how many characters, how
    much of its numbers is tagged, and which recommendations each letter allows.
    """

    coverage: str
    sections: tuple[RequiredSection, ...]
    answer_in: tuple[str, ...]
    answer_length: int
    recommendations: dict[str, tuple[str, ...]]


class Policy(NamedTuple):
    """A flag of `fail_on` or graver fails; so does an unknown among `must_know`.

    `max_days` is how long a waiver may live; rules among `unwaivable` cannot be waived. The rest
    is what a project's own file says: packs, values of parameters, where companies, memos, waivers
    and the baseline are. `root` is the file, for the places of what it says.
    """

    fail_on: str
    must_know: tuple[str, ...]
    memos: MemoPolicy | None = None
    waivers: tuple[Scalar, ...] = ()
    baseline: Scalar | None = None
    max_days: int = 180
    unwaivable: tuple[str, ...] = ()
    packs: tuple[Scalar, ...] = ()
    parameters: tuple[tuple[Scalar, Node], ...] = ()
    company_folders: tuple[Scalar, ...] = ()
    memo_folders: tuple[Scalar, ...] = ()
    root: Mapping | None = None
    overrides: tuple[tuple[Scalar, Mapping], ...] = ()


class Trend(NamedTuple):
    """A word for how a figure moved, as a condition over `x`, `steps` and `periods`."""

    id: str
    title: Label
    when: Scalar
    why: Label | None


class Pack(NamedTuple):
    """A folder of definitions, versioned together.

    `reach` are the ids of the packs that it extends, however far; `entries` its metrics and rules
    as they stand in their files, `roots` the manifest and the files of these; `sources` are the
    texts of all its other files, the manifest's among them.
    """

    id: str
    version: str
    title: Label
    extends: tuple[str, ...]
    applies_to: frozenset[str]
    path: str
    parameters: dict[str, Parameter]
    metrics: dict[str, MetricDefinition]
    rules: dict[str, RuleDefinition]
    reach: frozenset[str]
    entries: dict[str, Entry]
    roots: tuple[Mapping, ...] = ()
    sources: tuple[Source, ...] = ()


class Packs(NamedTuple):
    """All packs of a run, in order of extension, with what they share.

    `layers` are what packs and project say about what is beneath them, nearest last; `changes`
    what that came to. `bare` are the packs without it.
    """

    packs: tuple[Pack, ...]
    vocabulary: Vocabulary
    grading: Grading | None
    policy: Policy | None = None
    trends: tuple[Trend, ...] = ()
    layers: tuple[Layer, ...] = ()
    changes: tuple[Change, ...] = ()
    bare: tuple[Pack, ...] = ()

    def off(self, name: str) -> str | None:
        """That a layer switches the rule `name` off, and where, in words; None if none does."""
        for change in self.changes:
            if change.id == name and change.field == OFF:
                return f"`{name}` is switched off at {change.key.source.path}:{change.key.line}"
        return None
