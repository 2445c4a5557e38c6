"""One block's Markdown as visible characters, links and comments, each with its place.

A CommonMark parser decides what is text, link, comment and code; each of its rules is watched, so
that every visible character keeps its exact offset.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ddcheck.engine.memo.prose import Block, Lead, Link

_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->\Z", re.DOTALL)
_MARKUP = re.compile(r"[\\`*_\[\]!<>&~\n]")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_NOTE = re.compile(r"<(/?)sup\b", re.IGNORECASE)
_WATCHED = (
    "backticks", "strikethrough", "emphasis", "link", "image", "autolink", "html_inline", "entity",
    "escape", "newline",
)  # fmt: skip
_MARKS = ("strikethrough", "emphasis")
#: Deeper nesting is read as text.
_MAX_NESTING = 40


class _Step(NamedTuple):
    """A rule that matched `start` up to `end`.

    Of a link: where its text ends and where it leads; of marks: the tokens made of them, whose
    text the parser takes away where they are not to be read literally.
    """

    name: str
    start: int
    end: int
    label: int = 0
    href: str = ""
    marks: tuple[Token, ...] = ()


class _Watched(ParserInline):
    """The parser's inline rules, which note what they match."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[_Step] = []
        #: Where each stretch ends that was handed to `tokenize`; a link hands over its text.
        self.stretches: list[int] = []

    def tokenize(self, state: StateInline) -> None:
        self.stretches.append(state.posMax)
        super().tokenize(state)

    def watch(self, name: str) -> None:
        """Have the rule `name` note where it matched."""
        rule: Callable[[StateInline, bool], bool] = next(
            each.fn for each in self.ruler.__rules__ if each.name == name
        )

        def watched(state: StateInline, silent: bool) -> bool:
            start, place, begun = state.pos, len(self.steps), len(self.stretches)
            before = len(state.tokens)
            found = rule(state, silent)
            if silent or not found:
                return found
            step = _Step(name, start, state.pos)
            if name == "image":
                del self.steps[place:]  # its text was parsed apart and is not shown
            elif name == "link":
                opened = next(t for t in state.tokens[before:] if t.type == "link_open")
                step = step._replace(
                    label=self.stretches[begun], href=str(opened.attrs.get("href", ""))
                )
            elif name in _MARKS:
                length = state.pos - start
                # `~~` is one token, `*` is one, and an odd `~` stands before the pairs.
                count = length if name == "emphasis" else (length + 1) // 2
                step = step._replace(marks=tuple(state.tokens[-count:]))
            self.steps.insert(place, step)
            return found

        self.ruler.at(name, watched)


class Reader:
    """Reads the blocks of one memo; `known` are the definitions of links by reference."""

    def __init__(self) -> None:
        self.parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
        self.parser.enable(["table", "strikethrough"])
        self._inline = _Watched()
        self._inline.ruler = self.parser.inline.ruler
        self._inline.ruler2 = self.parser.inline.ruler2
        # Joining pieces of text would move what is left of marks into the text behind them.
        self._inline.ruler2.enableOnly(["balance_pairs", "strikethrough", "emphasis"])
        self.parser.inline = self._inline
        for name in _WATCHED:
            self._inline.watch(name)
        self.parser.core.ruler.enableOnly(["normalize", "block"])
        self.known: dict[str, Any] = {}

    def blocks(self, text: str) -> list[Token]:
        """The block tokens of a text; the text in them is not looked into yet."""
        return self.parser.parse(text, self.known)

    def block(
        self, kind: str, level: int, content: str, at: list[int], lead: Lead | None = None
    ) -> Block:
        """What is visible of `content`, whose characters stand at the offsets `at`."""
        if _MARKUP.search(content) is None:
            ends = tuple(place + 1 for place in at)
            return Block(kind, level, content, tuple(at), ends, (), frozenset(), lead)
        self._inline.steps.clear()
        self._inline.stretches.clear()
        self._inline.parse(content, self.parser, self.known, [])
        shown = _Shown(content)
        for step in self._inline.steps:
            shown.apply(step, self.parser)
        return shown.block(kind, level, at, lead)


class _Shown:
    """The characters of a content as they are shown; None where one is hidden."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.chars: list[str | None] = list(content)
        #: How many characters of the content write the one shown there.
        self.lengths: dict[int, int] = {}
        self.code: set[int] = set()
        self.links: list[tuple[int, int, str, int, int, str, int, int]] = []
        self._note = -1

    def apply(self, step: _Step, parser: MarkdownIt) -> None:
        """Hide what a matched rule hides, and keep what it says."""
        start, end = step.start, step.end
        matched = self.content[start:end]
        if step.name in _MARKS:
            self._marks(step)
        elif step.name == "image":
            self._hide(start, end)
        elif step.name == "link":
            self._link(step, parser)
        elif step.name == "html_inline":
            self._html(matched, start, end)
        elif step.name in ("backticks", "autolink"):
            self.code.update(range(start, end))
        elif step.name == "entity":
            self._one(start, end, _entity(matched))
        elif step.name == "escape":
            self._hide(start, start + 1)
        elif step.name == "newline":
            self._one(start, end, " ")
            self.lengths.pop(start)

    def _marks(self, step: _Step) -> None:
        at = step.start
        for token in step.marks:
            width = len(token.content) or (2 if step.name == "strikethrough" else 1)
            if not token.content:  # a mark that was used
                self._hide(at, at + width)
            at += width

    def _link(self, step: _Step, parser: MarkdownIt) -> None:
        self._hide(step.start, step.start + 1)
        self._hide(step.label, step.end)
        href, first, last = step.href, step.label, step.end
        place = step.label + 2
        if self.content[step.label + 1 : place] == "(":
            while place < step.end and self.content[place].isspace():
                place += 1
            found = parser.helpers.parseLinkDestination(self.content, place, step.end)
            if found.ok and found.pos < step.end:
                pointed = self.content[place : place + 1] == "<"
                href, first, last = found.str, place + pointed, found.pos - pointed
        text = (step.start + 1, step.label)
        self.links.append((*text, href, first, max(last, first + 1), "link", step.start, step.end))

    def _html(self, matched: str, start: int, end: int) -> None:
        comment = _COMMENT.match(matched)
        note = _NOTE.match(matched)
        if comment is not None and comment[1]:
            first = start + comment.start(1)
            self.links.append(
                (start, start, comment[1], first, first + len(comment[1]), "comment", start, end)
            )
        self._hide(start, end)
        if _BREAK.match(matched) or note is not None:
            self.chars[start] = " "
        if note is not None and not note[1]:
            self._note = start
        elif note is not None and self._note >= 0:
            self.code.update(range(self._note, end))
            self._note = -1

    def _hide(self, start: int, end: int) -> None:
        for i in range(start, end):
            self.chars[i] = None

    def _one(self, start: int, end: int, char: str) -> None:
        """One character stands for `start` up to `end`."""
        self._hide(start, end)
        self.chars[start] = char
        self.lengths[start] = end - start

    def block(self, kind: str, level: int, at: list[int], lead: Lead | None) -> Block:
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        index = [0] * (len(self.content) + 1)
        for i, char in enumerate(self.chars):
            index[i] = len(text)
            if char is not None:
                text.append(char)
                starts.append(at[i])
                ends.append(at[i + self.lengths.get(i, 1) - 1] + 1)
        index[len(self.content)] = len(text)
        bounds = [*at, at[-1] + 1 if at else 0]
        links = tuple(
            Link(
                index[first], index[last], href, bounds[start], bounds[end - 1] + 1, spelling,
                (bounds[left], bounds[right - 1] + 1),
            )
            for first, last, href, start, end, spelling, left, right in self.links
        )  # fmt: skip
        code = frozenset(index[i] for i in self.code if self.chars[i] is not None)
        return Block(kind, level, "".join(text), tuple(starts), tuple(ends), links, code, lead)


def _entity(matched: str) -> str:
    decoded = html.unescape(matched)
    return decoded if len(decoded) == 1 and decoded.isprintable() else " "
