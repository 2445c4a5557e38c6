"""Markdown as prose with places.

A CommonMark parser decides what is text, link, comment and code; each of its rules is watched, so
that every visible character keeps its exact offset in the file. Tables are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ddcheck.engine.memo.prose import CELL, HEADING, PARAGRAPH, Block, Link, Prose
from ddcheck.engine.text.source import Source

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->\Z", re.DOTALL)
_WATCHED = (
    "backticks", "strikethrough", "emphasis", "link", "image", "autolink", "html_inline", "entity",
    "escape", "newline",
)  # fmt: skip
_MARKUP = ("strikethrough", "emphasis")

#: A rule that matched, and from where to where.
_Step = tuple[str, int, int]


def read_markdown(source: Source) -> Prose:
    """The prose of a Markdown text; total, any text is some Markdown."""
    body = _body(source.text)
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable(
        ["table", "strikethrough"]
    )
    steps: list[_Step] = []
    for name in _WATCHED:
        _watch(parser, name, steps)
    lines = _line_starts(source.text)
    first = source.text.count("\n", 0, body)
    blocks: list[Block] = []
    known: dict[str, Any] = {}  # the definitions of links by reference
    tokens = parser.parse(source.text[body:], known)
    for token, kind, level, at in _inlines(tokens, source, lines, first):
        steps.clear()
        parser.inline.parse(token.content, parser, known, [])
        blocks.append(_block(kind, level, token.content, at, steps))
    return Prose(source, body, tuple(blocks))


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


def _watch(parser: MarkdownIt, name: str, steps: list[_Step]) -> None:
    """Have the inline rule `name` note where it matched."""
    rules = parser.inline.ruler
    rule: Callable[[StateInline, bool], bool] = next(
        each.fn for each in rules.__rules__ if each.name == name
    )

    def watched(state: StateInline, silent: bool) -> bool:
        start = state.pos
        place = len(steps)
        found = rule(state, silent)
        if found and not silent:
            steps.insert(place, (name, start, state.pos))
        else:
            del steps[place:]
        return found

    rules.at(name, watched)


def _inlines(
    tokens: list[Token], source: Source, lines: list[int], first: int
) -> list[tuple[Token, str, int, list[int]]]:
    """Each token with text: its kind, its heading's level, and the offset of each character."""
    found = []
    row = 0
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            row = 0
        if token.type != "inline" or not token.content:
            continue
        before = tokens[i - 1]
        kind, level = PARAGRAPH, 0
        line = first + (token.map[0] if token.map else 0)
        if before.type == "heading_open":
            kind, level = HEADING, int(before.tag[1:])
        elif before.type in ("td_open", "th_open"):
            kind = CELL
            line = first + _row_line(tokens, i)
        offsets, row = _offsets(token.content, source.text, lines, line, row, kind)
        found.append((token, kind, level, offsets))
    return found


def _row_line(tokens: list[Token], place: int) -> int:
    """The line of the table row that the token at `place` belongs to."""
    for token in reversed(tokens[:place]):
        if token.type == "tr_open" and token.map:
            return token.map[0]
    return 0


def _offsets(
    content: str, text: str, lines: list[int], line: int, row: int, kind: str
) -> tuple[list[int], int]:
    """The offset of each character of `content`, which begins on `line`.

    The parser strips each line's indent, quote marks and list marks; a cell's bars are escaped.
    """
    found: list[int] = []
    cursor = row
    for k, part in enumerate(content.split("\n")):
        start = lines[line + k] if line + k < len(lines) else len(text)
        end = lines[line + k + 1] - 1 if line + k + 1 < len(lines) else len(text)
        whole = text[start:end]
        if k:
            found.append(start - 1)
        if kind == CELL:
            at = _find_cell(part, whole, cursor)
            found += [start + place for place in at]
            cursor = at[-1] + 1 if at else cursor
        else:
            place = max(whole.rfind(part), 0)
            found += range(start + place, start + place + len(part))
    return found, cursor


def _find_cell(part: str, whole: str, cursor: int) -> list[int]:
    r"""The places in a row of the characters of a cell; `\\|` in the row is `|` in the cell."""
    start = whole.find(part.replace("|", "\\|"), cursor)
    found, place = [], max(start, cursor)
    for char in part:
        if char == "|" and whole[place : place + 2] == "\\|":
            place += 1
        found.append(min(place, max(len(whole) - 1, 0)))
        place += 1
    return found


def _block(kind: str, level: int, content: str, at: list[int], steps: list[_Step]) -> Block:
    """The visible characters of `content`, its links and comments."""
    shown: list[str | None] = list(content)
    code: set[int] = set()
    raw: list[tuple[int, int, str, int, int, str]] = []
    for name, start, end in steps:
        _apply(name, start, end, content, shown, code, raw)
    places: list[int] = []
    text: list[str] = []
    index = [0] * (len(content) + 1)
    for i, char in enumerate(shown):
        index[i] = len(text)
        if char is not None:
            text.append(char)
            places.append(at[i])
    index[len(content)] = len(text)
    ends = [*at, at[-1] + 1 if at else 0]
    links = tuple(
        Link(index[first], index[last], href, ends[start], ends[end - 1] + 1, spelling)
        for first, last, href, start, end, spelling in raw
    )
    hidden = frozenset(index[i] for i in code if shown[i] is not None)
    return Block(kind, level, "".join(text), tuple(places), links, hidden)


def _apply(
    name: str,
    start: int,
    end: int,
    content: str,
    shown: list[str | None],
    code: set[int],
    raw: list[tuple[int, int, str, int, int, str]],
) -> None:
    """What one matched rule hides of the text, or says of it."""
    matched = content[start:end]
    if name in _MARKUP or name == "image":
        _hide(shown, start, end)
    elif name == "link":
        label = _label_end(content, start, end)
        _hide(shown, start, start + 1)
        _hide(shown, label, end)
        href, first, last = _destination(content, label, end)
        raw.append((start + 1, label, href, first, last, "link"))
    elif name == "html_inline":
        comment = _COMMENT.match(matched)
        if comment is not None:
            place = start + comment.start(1)
            raw.append(
                (start, start, comment[1], place, place + max(1, len(comment[1])), "comment")
            )
        _hide(shown, start, end)
    elif name == "backticks" or name == "autolink":
        code.update(range(start, end))
    elif name == "entity":
        _hide(shown, start + 1, end)
        shown[start] = _entity(matched)
    elif name == "escape":
        _hide(shown, start, start + 1)
    elif name == "newline":
        _hide(shown, start + 1, end)
        shown[start] = " "


def _hide(shown: list[str | None], start: int, end: int) -> None:
    for i in range(start, end):
        shown[i] = None


def _entity(matched: str) -> str:
    import html

    decoded = html.unescape(matched)
    return decoded if len(decoded) == 1 and decoded.isprintable() else " "


def _label_end(content: str, start: int, end: int) -> int:
    """Where the `]` that ends a link's text stands."""
    depth, i = 0, start
    while i < end:
        char = content[i]
        if char == "\\":
            i += 2
            continue
        if char == "`":
            fence = len(content[i:end]) - len(content[i:end].lstrip("`"))
            close = content.find("`" * fence, i + fence, end)
            i = close + fence if close >= 0 else i + fence
            continue
        depth += (char == "[") - (char == "]")
        if depth == 0:
            return i
        i += 1
    return end - 1


def _destination(content: str, label: int, end: int) -> tuple[str, int, int]:
    """Where a link leads, as written, and from where to where that stands."""
    if content[label + 1 : label + 2] != "(":
        return "", label, label + 1  # by reference: no claim is written so
    start = label + 2
    while start < end and content[start].isspace():
        start += 1
    if content[start : start + 1] == "<":
        close = content.find(">", start)
        close = close if close >= 0 else end - 1
        return content[start + 1 : close], start + 1, max(start + 2, close)
    depth, i = 0, start
    while i < end and not content[i].isspace():
        if content[i] == "(":
            depth += 1
        elif content[i] == ")":
            if depth == 0:
                break
            depth -= 1
        i += 2 if content[i] == "\\" else 1
    return content[start:i], start, max(start + 1, i)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    starts += [i + 1 for i, char in enumerate(text) if char == "\n"]
    return starts
