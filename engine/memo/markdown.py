"""Markdown as prose with places: its blocks, and where the text of each stands in the file.

What is visible in a block is for `memo.inline` to say. Tables are read, and what is visible in a
block of HTML; code holds no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from ddcheck.engine.memo.inline import Reader
from ddcheck.engine.memo.prose import (
    CELL,
    CODE,
    HEADING,
    PARAGRAPH,
    Block,
    Lead,
    Link,
    Prose,
    line_starts,
)
from ddcheck.engine.text.source import Source

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
#: Characters of one paragraph; more is refused.
MAX_BLOCK = 20_000
_UNSEEN = re.compile(r"<(script|style|template)\b", re.IGNORECASE)


class TooLong(Exception):
    """A paragraph of more characters than are looked into; where it begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def read_markdown(source: Source) -> Prose:
    """The prose of a Markdown text; any text is some Markdown, but TooLong may be raised."""
    body = _body(source.text)
    reader = Reader()
    lines = _Lines(source.text, source.text.count("\n", 0, body))
    tokens = reader.blocks(source.text[body:])
    blocks: list[Block] = []
    kind, level = PARAGRAPH, 0
    i = 0
    while i < len(tokens):
        token = tokens[i]
        i += 1
        if token.type == "heading_open":
            kind, level = HEADING, int(token.tag[1:])
        elif token.type == "table_open":
            end = next(j for j in range(i, len(tokens)) if tokens[j].type == "table_close")
            blocks += _table(tokens[i:end], reader, lines, len(blocks))
            i = end
        elif token.type == "inline" and token.content:
            at = lines.offsets(token.content, token.map[0] if token.map else 0)
            _bound(token.content, at)
            blocks.append(reader.block(kind, level, token.content, at))
            kind, level = PARAGRAPH, 0
        elif token.type in ("fence", "code_block"):
            blocks.append(_code(token, lines))
        elif token.type == "html_block":
            blocks.append(_html(token, lines))
    return Prose(source, body, tuple(block for block in blocks if block.text or block.links))


def _bound(content: str, at: list[int]) -> None:
    if len(content) > MAX_BLOCK:
        raise TooLong(at[0])


def front_matter(text: str) -> tuple[int, int] | None:
    """Where the YAML between the two fences at the top of `text` starts and ends."""
    opening = _FENCE.match(text)
    if opening is None:
        return None
    closing = _FENCE_END.search(text, opening.end())
    return (opening.end(), closing.start()) if closing is not None else None


def _body(text: str) -> int:
    """Where the text below the front matter begins."""
    head = front_matter(text)
    if head is None:
        return 0
    end = text.find("\n", head[1])
    return end + 1 if end >= 0 else len(text)


class _Lines:
    """The lines of a text, counted from the one on which its body begins."""

    def __init__(self, text: str, first: int) -> None:
        self._text = text
        self._starts = line_starts(text)
        self._first = first

    def extent(self, line: int) -> tuple[int, int]:
        """Where a line of the body starts and ends, its line break left out."""
        line += self._first
        if line >= len(self._starts):
            return len(self._text), len(self._text)
        last = line + 1 == len(self._starts)
        return self._starts[line], len(self._text) if last else self._starts[line + 1] - 1

    def line(self, line: int) -> str:
        """The text of a line of the body."""
        return self.text(*self.extent(line))

    def text(self, start: int, end: int) -> str:
        """The text from one offset to another."""
        return self._text[start:end]

    def offsets(self, content: str, line: int) -> list[int]:
        """The offset of each character of `content`, which begins on `line` of the body.

        The parser takes each line's indent, quote marks and list marks away, and white space at
        either end; a tab of which it takes a part comes back as spaces.
        """
        found: list[int] = []
        for k, part in enumerate(content.split("\n")):
            start, end = self.extent(line + k)
            if k:
                found.append(start - 1)
            bare = part.lstrip()
            place = max(self._text.rfind(bare, start, end), start)
            lead = len(part) - len(bare)
            if place - start >= lead and self._text[place - lead : place] == part[:lead]:
                found += range(place - lead, place)
            else:
                found += [max(place - 1, start)] * lead
            found += range(place, place + len(bare))
        return found


def _table(tokens: list[Token], reader: Reader, lines: _Lines, row: int) -> Iterator[Block]:
    """The cells of a table, each with its row's first cell and its column's head."""
    heads: list[str] = []
    cells: list[str] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open":
            line, cells, row = token.map[0] if token.map else 0, [], row + 1
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            label = ""
            for i, (content, at) in enumerate(
                zip(cells, _cells(cells, *lines.extent(line), lines.line(line)), strict=True)
            ):
                head = heads[i] if i < len(heads) else ""
                _bound(content, at)
                block = reader.block(CELL, 0, content, at, Lead(row, label, head))
                label = block.text if not i else label
                yield block
            heads = heads or cells


def _cells(cells: list[str], start: int, end: int, line: str) -> list[list[int]]:
    r"""The offset of each character of the cells of a row, written from `start` to `end`.

    `\\|` in the row is `|` in a cell. A bar may stand before the first cell or not.
    """
    pieces, place = [], start
    for bar in [*(match.start() for match in _BAR.finditer(line)), end - start]:
        pieces.append((place, start + bar))
        place = start + bar + 1
    texts = [line[a - start : b - start].replace("\\|", "|").strip() for a, b in pieces]
    lead = 0
    if not (texts[0].endswith(cells[0]) and texts[1 : len(cells)] == cells[1 : len(texts)]):
        lead = 1
    found = []
    for i, content in enumerate(cells):
        left, right = pieces[i + lead] if i + lead < len(pieces) else (end, end)
        at: list[int] = []
        place = right
        for char in reversed(content):  # from the end: what stands before may be a list's mark
            place -= 1
            while place > left and line[place - start] != char:
                place -= 1
            at.append(max(place, left))
            if char == "|" and place > left:
                place -= 1
        found.append(at[::-1])
    return found


def _code(token: Token, lines: _Lines) -> Block:
    """A block of code; whatever its numbers are, they claim nothing."""
    first, last = token.map or (0, 0)
    start, end = lines.extent(first)[0], lines.extent(max(last - 1, first))[1]
    text = lines.text(start, end)
    return _plain(CODE, text, start, code=True)


def _plain(kind: str, text: str, start: int, *, code: bool) -> Block:
    places = tuple(range(start, start + len(text)))
    ends = tuple(place + 1 for place in places)
    hidden = frozenset(range(len(text))) if code else frozenset[int]()
    return Block(kind, 0, text, places, ends, (), hidden)


def _html(token: Token, lines: _Lines) -> Block:
    """What is visible in a block of HTML, and the comments in it."""
    first, last = token.map or (0, 0)
    start, end = lines.extent(first)[0], lines.extent(max(last - 1, first))[1]
    text = lines.text(start, end)
    lowered = text.lower()
    _bound(text, [start])
    shown: list[str] = []
    places: list[int] = []
    links: list[Link] = []
    at = 0
    while at < len(text):
        if text.startswith("<!--", at):
            close = text.find("-->", at + 4)
            stop = close + 3 if close >= 0 else len(text)
            inside = text[at + 4 : close if close >= 0 else len(text)]
            if inside.strip():
                left = start + at + 4 + len(inside) - len(inside.lstrip())
                right = left + len(inside.strip())
                whole = (start + at, start + stop)
                here = len(shown)
                links.append(Link(here, here, inside.strip(), left, right, "comment", whole))
            at = stop
            continue
        unseen = _UNSEEN.match(text, at)
        if unseen is not None:
            close = lowered.find(f"</{unseen[1].lower()}", at)
            at = close if close >= 0 else len(text)
        tag = _TAG.match(text, at)
        if at < len(text):
            shown.append(" " if tag is not None or text[at].isspace() else text[at])
            places.append(start + at)
        at = tag.end() if tag is not None else at + 1
    ends = tuple(place + 1 for place in places)
    return Block(PARAGRAPH, 0, "".join(shown), tuple(places), ends, tuple(links))
