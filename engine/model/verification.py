"""What became of the facts of a company when they were looked up in copies of their sources."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Company, Document, Fact

#: Verdicts on a fact, the good ones first.
FOUND, ELSEWHERE, DIFFERS, NOT_FOUND = "found", "found-elsewhere", "differs", "not-found"
VERDICTS = (FOUND, ELSEWHERE, DIFFERS, NOT_FOUND)
#: How much of a fact's place the copy could tell; `NONE`: the fact names no place.
WHOLE, PARTLY, NOT, NONE = "whole", "partly", "not", "none"
PLACES = (WHOLE, PARTLY, NOT, NONE)
#: What shows that a figure stands there, the strongest first: the printed words to the letter; a
#: table's row, figure by figure, under a name of the concept; the amount in other words (40.23
#: million for 4023万); a row's figures without such a name; the number alone.
TEXT, NAMED_ROW, AMOUNT, ROW, NUMBER = "text", "named-row", "amount", "row", "number"
PROOFS = (TEXT, NAMED_ROW, AMOUNT, ROW, NUMBER)
#: Whether a copy's fingerprint is the one written in the company file.
SAME, CHANGED, UNFIXED = "same", "changed", "none"
FINGERPRINTS = (SAME, CHANGED, UNFIXED)


class Spot(NamedTuple):
    """Where something stands in a copy, as far as the copy tells; 0 and "" where it does not."""

    page: int = 0
    section: str = ""
    paragraph: int = 0
    line: int = 0
    cell: str = ""


class Remark(NamedTuple):
    """A sentence about a fact: a template of `text.translate` and what fills it."""

    template: str
    values: tuple[tuple[str, str], ...] = ()


class Verified(NamedTuple):
    """One fact, looked up.

    `verdict` is None where there was no copy to look in. `spot` is where the figure stands, or
    where the copy prints another one; `printed` is what is printed there, `around` with the words
    around it; `untold` is the part of the fact's place that the copy does not tell.
    """

    fact: Fact
    verdict: str | None
    place: str = NONE
    proof: str = ""
    spot: Spot | None = None
    printed: str = ""
    around: str = ""
    remarks: tuple[Remark, ...] = ()
    untold: str = ""

    @property
    def at_place(self) -> bool:
        """Whether the figure was found, and at its place."""
        return self.verdict == FOUND and self.place == WHOLE

    @property
    def failed(self) -> bool:
        """Whether the figure is not in the copy, or is another one there."""
        return self.verdict in (DIFFERS, NOT_FOUND)


class Searched(NamedTuple):
    """One source: its copy, what it is, and its facts in the order of the file.

    `path` is None for a source without a copy, `kind` None where the copy could not be read;
    `sha256` is the fingerprint of the copy as it is now.
    """

    document: Document
    path: str | None
    kind: str | None
    fingerprint: str | None
    sha256: str | None
    facts: tuple[Verified, ...]
    remarks: tuple[Remark, ...] = ()

    def count(self, verdict: str | None, place: tuple[str, ...] = PLACES) -> int:
        """How many facts have `verdict`, with a place of one of these kinds."""
        return sum(item.verdict == verdict and item.place in place for item in self.facts)


class Verification(NamedTuple):
    """Every source of a company that was asked for, searched in the copies of `folder`."""

    company: Company
    folder: str
    sources: tuple[Searched, ...]

    @property
    def failed(self) -> bool:
        """Whether any figure was not found, or differs."""
        return any(item.failed for source in self.sources for item in source.facts)
