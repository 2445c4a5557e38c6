"""Prose with places: the visible text of a memo, character by character, and what is tagged.

Blocks of visible text (a paragraph, a heading, a table's cell, a list's item) keep for each of
their characters its offset in the source, so that whatever is found in the text has an exact
place. Types only; `memo.markdown` and `memo.word` make them.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from ddcheck.engine.model.memo import Span
from ddcheck.engine.text.source import Source

PARAGRAPH, HEADING, CELL = "paragraph", "heading", "cell"


class Link(NamedTuple):
    """A link: the positions of its text in the block, where it leads, and where that stands.

    `spelling` is link, comment or docx; a comment's text is not known: `first` and `last` are
    both the position behind which it stands.
    """

    first: int
    last: int
    href: str
    start: int
    end: int
    spelling: str


class Block(NamedTuple):
    """A stretch of visible text; `offsets[i]` is where `text[i]` stands in the source.

    `code` are positions of code, which holds no claims; `level` is a heading's level, else 0.
    """

    kind: str
    level: int
    text: str
    offsets: tuple[int, ...]
    links: tuple[Link, ...]
    code: frozenset[int]


class Prose(NamedTuple):
    """A memo's text: the source, the head's extent in it, and the blocks in order."""

    source: Source
    body: int
    blocks: tuple[Block, ...]


class Places:
    """Offsets of a source as spans with lines and columns, without counting from its start."""

    def __init__(self, source: Source) -> None:
        starts = [0]
        for i, char in enumerate(source.text):
            if char == "\n":
                starts.append(i + 1)
        self._starts = starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to but not including `end`."""
        return Span(start, end, *self.place(start), *self.place(end))

    def of(self, block: Block, first: int, last: int) -> Span:
        """The span of the positions `first` up to `last` of a block's text."""
        return self.span(block.offsets[first], block.offsets[last - 1] + 1)
