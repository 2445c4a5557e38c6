"""Prose with places: the visible text of a memo, character by character, and what is tagged.

Blocks of visible text (a paragraph, a heading, a table's cell, a list's item) keep for each of
their characters where it stands in the source, so that whatever is found in the text has an exact
place. Types only; `memo.markdown` and `memo.word` make them.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from ddcheck.engine.model.memo import Span
from ddcheck.engine.text.source import Source

PARAGRAPH, HEADING, CELL, CODE = "paragraph", "heading", "cell", "code"


class Link(NamedTuple):
    """A link: the positions of its text in the block, where it leads, and where that stands.

    `spelling` is link, comment or docx; a comment's text is not known: `first` and `last` are
    both the position behind which it stands. `whole` is the extent in the source of all that
    makes the tag; `href` is what it writes, without escapes.
    """

    first: int
    last: int
    href: str
    start: int
    end: int
    spelling: str
    whole: tuple[int, int]


class Lead(NamedTuple):
    """What a table says of a cell: the row it stands in, its first cell, the head of its column."""

    row: int
    label: str
    head: str


class Block(NamedTuple):
    """A stretch of visible text; `text[i]` is written at `starts[i]` up to `ends[i]`.

    `code` are positions of code and footnote marks, which hold no claims; `level` is a heading's
    level, else 0; `lead` is of a cell.
    """

    kind: str
    level: int
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    links: tuple[Link, ...] = ()
    code: frozenset[int] = frozenset()
    lead: Lead | None = None


class Prose(NamedTuple):
    """A memo's text: the source, where its body begins, and the blocks in order."""

    source: Source
    body: int
    blocks: tuple[Block, ...]


class Places:
    """Offsets of a source as spans with lines and columns, without counting from its start."""

    def __init__(self, source: Source) -> None:
        self._starts = line_starts(source.text)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to but not including `end`."""
        return Span(start, end, *self.place(start), *self.place(end))

    def of(self, block: Block, first: int, last: int) -> Span:
        """The span of the positions `first` up to `last` of a block's text."""
        return self.span(block.starts[first], block.ends[last - 1])


def line_starts(text: str) -> list[int]:
    """The offset at which each line of `text` begins."""
    found, at = [0], text.find("\n")
    while at >= 0:
        found.append(at + 1)
        at = text.find("\n", at + 1)
    return found
