"""What the tests beside the rules reach, and what they would let pass."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.text.document import Mapping, Scalar
from ddcheck.engine.text.shape import Label

#: What may have become of a mutant; `REFUSED` by the checker before any test was run.
NOTICED, UNNOTICED, EXCUSED, REFUSED = "noticed", "unnoticed", "equivalent", "refused"


class Point(NamedTuple):
    """Something that a test of `owner` should reach: `kind` with its `detail`, at `node`.

    Kinds: `flag` (detail a severity), `pass`, `unknown`, `not-applicable`, `value`, `formula`,
    `bounds`, `grade` (a letter), `at` and `beyond` (a limit), `chosen` (a branch), `together` and
    `alone` (operands of `and` or `or`).
    """

    owner: str
    kind: str
    detail: str
    node: Scalar
    offset: int

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of what is meant."""
        return self.node.place(self.offset)


class Coverage(NamedTuple):
    """How many points are asked of all metrics, rules and strengths, and which no test reaches."""

    asked: int
    unreached: tuple[Point, ...]

    @property
    def reached(self) -> int:
        """How many points a test reaches."""
        return self.asked - len(self.unreached)

    @property
    def percent(self) -> float:
        """The share of points that are reached, never rounded up."""
        return _share(self.reached, self.asked)


class Record(NamedTuple):
    """What the tests of one entry came to, where all passed: how many they are, how many points
    are asked of them (None where nobody asked), and which of these no test reaches, by order.
    """

    passed: int
    asked: int | None = None
    unreached: tuple[int, ...] = ()


class Mutant(NamedTuple):
    """One change of one definition: `was` became `becomes`, at `node`; and what came of it.

    `kind` is `limit`, `comparison`, `connective`, `negation`, `term`, `sign`, `period`, `function`,
    `severity`, `letter` or `frame`; `why` the reason that an equivalent one is excused with.
    """

    owner: str
    kind: str
    was: str
    becomes: str
    node: Scalar
    offset: int
    fate: str
    why: Label | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of what was changed."""
        return self.node.place(self.offset)


class Mutation(NamedTuple):
    """Every mutant that was tried, in the order of the packs."""

    mutants: tuple[Mutant, ...]

    def count(self, fate: str) -> int:
        """How many mutants came to `fate`."""
        return sum(mutant.fate == fate for mutant in self.mutants)

    @property
    def asked(self) -> int:
        """The mutants that a test should notice: neither refused nor equivalent."""
        return self.count(NOTICED) + self.count(UNNOTICED)

    @property
    def percent(self) -> float:
        """The share of mutants that are noticed, never rounded up."""
        return _share(self.count(NOTICED), self.asked)

    @property
    def unnoticed(self) -> tuple[Mutant, ...]:
        """The mutants that no test notices."""
        return tuple(mutant for mutant in self.mutants if mutant.fate == UNNOTICED)


class Failure(NamedTuple):
    """A test that came to something else than it expects."""

    id: str
    node: Mapping
    wanted: str
    got: str


class Trial(NamedTuple):
    """A run of the tests; `least` is the share in percent below which the run fails.

    `untested` are entries without a test; `coverage` and `mutation` are None where nobody asked.
    """

    passed: int
    failures: tuple[Failure, ...]
    untested: tuple[str, ...]
    coverage: Coverage | None
    mutation: Mutation | None
    least: float

    @property
    def failed(self) -> bool:
        """Whether a test failed, or too little is reached or noticed."""
        shares = []
        if self.coverage is not None:
            shares.append((self.coverage.reached, self.coverage.asked))
        if self.mutation is not None:
            shares.append((self.mutation.count(NOTICED), self.mutation.asked))
        return bool(self.failures) or any(part * 100 < self.least * whole for part, whole in shares)


def _share(part: int, whole: int) -> float:
    """`part` of `whole` in percent with one decimal, never rounded up; 100 of nothing."""
    return part * 1000 // whole / 10 if whole else 100.0
