"""What `memo suggest` proposes, and what it leaves to the author."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ddcheck.engine.report.lines import Line, Piece, cut, fit, line
from ddcheck.engine.text.translate import say


class Place(Protocol):
    """Where a number stands."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Proposed(Protocol):
    """A target that a number may want and what it comes to."""

    @property
    def target(self) -> str: ...
    @property
    def shown(self) -> str: ...


class Proposal(Protocol):
    """A number without a tag and what it may be about, the likeliest first."""

    @property
    def span(self) -> Place: ...
    @property
    def text(self) -> str: ...
    @property
    def clear(self) -> bool: ...
    @property
    def candidates(self) -> Sequence[Proposed]: ...


def proposals_report(
    path: str, found: Sequence[Proposal], untagged: int, language: str
) -> list[Line]:
    """What is clear and what is doubtful, and how many numbers nothing was found for."""
    lines: list[Line] = []
    clear = [item for item in found if item.clear]
    doubtful = [item for item in found if not item.clear]
    for title, items, style in (("PROPOSED", clear, "good"), ("DOUBTFUL", doubtful, "warn")):
        if items:
            lines.append(line(Piece(f"{say(language, title)} ({len(items)})", "title")))
            lines += [row for item in items for row in _rows(item, style)]
    text = say(
        language,
        (
            "{clear} proposed, {doubtful} doubtful, {rest} of {all} numbers without a tag match "
            "nothing"
        ),
        clear=len(clear),
        doubtful=len(doubtful),
        rest=untagged - len(found),
        all=untagged,
    )
    return [*lines, line(Piece(path, "name"), f"  {text}")]


def _rows(item: Proposal, style: str) -> list[Line]:
    place = f"{item.span.line}:{item.span.column}"
    shown = item.candidates[:1] if item.clear else item.candidates
    rows = []
    for i, candidate in enumerate(shown):
        front = (
            f"  {fit('' if i else place, 8)} ",
            Piece(fit("" if i else cut(item.text, 20), 21), style),
        )
        rows.append(line(*front, f" {candidate.target}  ", Piece(candidate.shown, "dim")))
    return rows
