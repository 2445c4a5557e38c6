"""A difference: what changes between two states of packs and companies. Types only.

Everything has an old and a new side; None on one of them: it is not there. Numbers are in base
units, places are paths as people know them.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Fact
from ddcheck.engine.text.shape import Label

ADDED, REMOVED, CHANGED, RESTATED = "added", "removed", "changed", "restated"

#: What becomes of a verdict, in the order to read it: first what is judged more mildly, or no more.
LOST = "flag-becomes-unknown"
DROPPED = "flag-without-rule"
CLEARED = "flag-disappears"
MILDER = "flag-milder"
OPENED = "becomes-unknown"
UNRULED = "loses-rule"
APPEARS = "flag-appears"
GRAVER = "flag-graver"
DECIDED = "is-decided"
RULED = "gains-rule"
OTHER = "other"
MOVED = "same-verdict-other-figures"
KINDS = (
    LOST, DROPPED, CLEARED, MILDER, OPENED, UNRULED, APPEARS, GRAVER, DECIDED, RULED, OTHER, MOVED,
)  # fmt: skip
#: Those that a reviewer reads first: hiding must not pay.
WEAKER = (LOST, DROPPED, CLEARED, MILDER, OPENED, UNRULED)

#: Which side's change turned a verdict.
RULES, FACTS, EITHER, TOGETHER = "rules", "facts", "either", "together"

COMPARED, NEW, GONE = "compared", "new", "gone"


class Spot(NamedTuple):
    """A line of a file; line 0: the file as a whole."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class FieldChange(NamedTuple):
    """A field with another value; `looser` says whether it lets more pass, None: nobody can say.

    `words`: it is prose, which decides nothing.
    """

    name: str
    old: str | None
    new: str | None
    looser: bool | None = None
    words: bool = False


class DefinitionChange(NamedTuple):
    """A rule, metric, parameter and so on that is added, removed or changed."""

    kind: str
    id: str
    title: Label
    change: str
    fields: tuple[FieldChange, ...]
    old: Spot | None
    new: Spot | None
    looser: bool | None = None

    @property
    def is_words(self) -> bool:
        """Whether only prose or tests change, which decide nothing."""
        return self.change == CHANGED and all(field.words for field in self.fields)


class FactChange(NamedTuple):
    """A fact of one source that is added, removed or changed; restated: its source contradicts
    another that said it before, whose fact is `old`.
    """

    change: str
    old: Fact | None
    new: Fact | None
    old_at: Spot | None
    new_at: Spot | None

    @property
    def fact(self) -> Fact:
        """The fact as it is now, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found


class Cause(NamedTuple):
    """Something that changed and that a verdict rests on: a rule, a fact, a source, a date."""

    kind: str
    id: str
    change: str
    old: Spot | None
    new: Spot | None


class Seen(NamedTuple):
    """A verdict on one side: its figure at its period, and the limit that it was held against."""

    outcome: str
    severity: str | None
    period: str | None
    frame: str
    behind: bool
    reason: str | None
    message: str
    name: str | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    style: str
    limit: float | None
    limit_text: str | None


class VerdictChange(NamedTuple):
    """A rule whose verdict on a company changes; `by`: which side's change does it."""

    rule: str
    title: str
    category: str
    strength: bool
    kind: str
    old: Seen | None
    new: Seen | None
    by: str | None
    causes: tuple[Cause, ...]


class GradeSeen(NamedTuple):
    """A grade on one side: its range, and the letter on what is known."""

    known: str | None
    worst: str | None
    best: str | None


class GradeChange(NamedTuple):
    """A grade that changes, of a category or (None) the whole."""

    category: str | None
    title: str
    old: GradeSeen | None
    new: GradeSeen | None


class GateSeen(NamedTuple):
    """What the gate says on one side: pass, fail or unknown, and the rules that fail."""

    level: str
    outcome: str
    failing: tuple[str, ...]


class LetterChange(NamedTuple):
    """A metric whose letters or state change; values are those of the latest period."""

    id: str
    title: str
    unit: str
    style: str
    old: tuple[str, str | None, str | None, float | None] | None
    new: tuple[str, str | None, str | None, float | None] | None


class ConflictSeen(NamedTuple):
    """A contradiction that is there on one side only."""

    change: str
    type: str
    concept: str
    period: str
    sources: tuple[str, ...]


class CompanyChange(NamedTuple):
    """What becomes of one company; `same` counts verdicts and facts that do not change.

    `status` is compared, new or gone. `head` are fields of its head and sources.
    """

    id: str
    name: Label
    status: str
    currency: str
    old_path: str | None
    new_path: str | None
    verdicts: tuple[VerdictChange, ...]
    grades: tuple[GradeChange, ...]
    gates: tuple[GateSeen | None, GateSeen | None]
    head: tuple[DefinitionChange, ...]
    facts: tuple[FactChange, ...]
    conflicts: tuple[ConflictSeen, ...]
    must_know: tuple[tuple[str, ...], tuple[str, ...]]
    letters: tuple[LetterChange, ...]
    evaluated: tuple[int | None, int | None]
    same: tuple[int, int]

    @property
    def changes(self) -> bool:
        """Whether anything about it changes."""
        old, new = self.gates
        return bool(
            self.status != COMPARED
            or self.verdicts
            or self.grades
            or old != new
            or self.head
            or self.facts
            or self.conflicts
            or self.must_know[0] != self.must_know[1]
            or self.letters
        )

    @property
    def whole(self) -> GradeChange | None:
        """The change of the whole grade."""
        return next((grade for grade in self.grades if grade.category is None), None)

    def of(self, *kinds: str) -> tuple[VerdictChange, ...]:
        """The verdicts that change in one of these ways; strengths left out."""
        return tuple(v for v in self.verdicts if v.kind in kinds and not v.strength)


class Difference(NamedTuple):
    """Everything that changes from the old side to the new one.

    `same` counts the definitions that do not change; `unjudged` are the companies that could not
    be compared, `undecided` those that no rule decides on either side.
    """

    old: str
    new: str
    old_packs: tuple[tuple[str, str], ...]
    new_packs: tuple[tuple[str, str], ...]
    definitions: tuple[DefinitionChange, ...]
    same: int
    companies: tuple[CompanyChange, ...]
    unjudged: tuple[str, ...]
    undecided: tuple[str, ...]
    today: int
    language: str

    @property
    def changes(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.definitions) or any(company.changes for company in self.companies)

    def counted(self, *kinds: str) -> int:
        """How many verdicts change in one of these ways."""
        return sum(len(company.of(*kinds)) for company in self.companies)
