"""YAML as nodes that keep their place.

A source is read as PyYAML's events (the C parser where libyaml is there, else the pure one, with
identical results) and built into our own nodes: every key and value knows its line and column,
scalars stay text until somebody types them with YAML 1.2 meanings, duplicate keys, tags, merge
keys and alias bombs are refused, and depth is bounded while streaming, so that no input can
exhaust the stack. Nothing here knows what a company or a rule is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import HIDDEN, Source, hidden_name
from ddcheck.engine.text.syntax import report_syntax

MAX_DEPTH = 64
MAX_ALIASES = 100
MAX_NODES = 500_000
#: Values that aliases may repeat, taken together.
MAX_REPEATED = 10_000
#: A larger file that the C parser refuses is not read again by the pure one, which words it better.
_MAX_REREAD = 500_000
#: Characters that follow `\\x`, `\\u` and `\\U` in double quotes.
_ESCAPES = {"x": 2, "u": 4, "U": 8}
_BLANK_ESCAPES = frozenset("nrt \t\n_NLPvf")

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class Scalar:
    """A piece of text in a YAML file; `line` and `column` count from 1."""

    __slots__ = ("column", "index", "line", "source", "style", "text")

    def __init__(
        self, source: Source, text: str, style: str | None, line: int, column: int, index: int
    ) -> None:
        self.source = source
        self.text = text
        self.style = style
        self.line = line
        self.column = column
        self.index = index

    def __repr__(self) -> str:
        return f"Scalar({self.text!r} at {self.line}:{self.column})"

    @property
    def width(self) -> int:
        """Characters to underline in a diagnostic."""
        return max(1, len(self.text) + (2 if self.style in ("'", '"') else 0))

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null: unquoted and empty, `~` or `null`."""
        return not self.style and self.text in _NULLS

    @property
    def truth(self) -> bool | None:
        """The YAML 1.2 boolean that it is, or None."""
        return None if self.style else _TRUTHS.get(self.text)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of the character at `offset` of the text.

        YAML folds white space, so the other characters are counted off one by one.
        """
        raw = self.source.text
        index = self.index
        if self.style in ("'", '"'):
            index += 1
        elif self.style in ("|", ">"):
            index = raw.find("\n", index) + 1 or len(raw)
        if raw.startswith(self.text[: offset + 1], index) and "\\" not in self.text[:offset]:
            return self.source.place(index + offset)
        left = sum(not char.isspace() for char in self.text[:offset])
        while index < len(raw):
            length, blank = _written(raw, index, self.style)
            if not blank:
                if not left:
                    break
                left -= 1
            index += length
        return self.source.place(index)


def _written(raw: str, index: int, style: str | None) -> tuple[int, bool]:
    """How many characters at `index` of a scalar in `style` write one, and whether it is blank."""
    char = raw[index]
    if style == "'" and char == "'":
        return 2, False
    if style == '"' and char == "\\":
        escaped = raw[index + 1 : index + 2]
        return 2 + _ESCAPES.get(escaped, 0), escaped in _BLANK_ESCAPES
    return 1, char.isspace()


class Sequence:
    """A list of nodes."""

    __slots__ = ("column", "items", "line", "size", "source")

    def __init__(self, source: Source, line: int, column: int) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.items: list[Node] = []
        self.size = 1

    width = 1

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


class Mapping:
    """Keys and nodes, in the order of the file."""

    __slots__ = ("column", "entries", "keys", "line", "size", "source")

    def __init__(self, source: Source, line: int, column: int) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.keys: dict[str, Scalar] = {}
        self.entries: dict[str, Node] = {}
        self.size = 1

    width = 1

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return self.entries.get(key)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Each key with its node."""
        return zip(self.keys.values(), self.entries.values(), strict=True)


Node: TypeAlias = Scalar | Sequence | Mapping


class _Refused(Exception):
    """A document that must not be read further; its diagnostic is already reported."""


def parse(source: Source, report: Report, *, pure: bool = False) -> Node | None:
    """The root node of `source`, or None and a diagnostic (DD101, DD103, DD105, DD007, DD003).

    What a slip concerns is left out and the rest is read: a key that stands twice (DD102), a tag
    (DD106), a merge key (DD115), a key that is no text (DD110), a hidden character (DD116), a
    second document (DD109). `pure` forces PyYAML's pure parser, which is also used where libyaml
    is missing.
    """
    fast = not pure and yaml.__with_libyaml__
    already = len(report.items)
    try:
        return _Builder(source, report).build(yaml.CSafeLoader if fast else yaml.SafeLoader)
    except _Refused:
        return None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The two parsers word the same mistake differently: the pure one is quoted.
        if fast and len(source.text) <= _MAX_REREAD:
            report.forget(already)
            return parse(source, report, pure=True)
        if isinstance(error, yaml.MarkedYAMLError):
            report_syntax(source, report, error.problem, error.problem_mark or error.context_mark)
        else:
            report_syntax(source, report, str(error).splitlines()[0], None)
    return None


class _Builder:
    """The nodes of one document while its events come in."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.root: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.stack: list[Mapping | Sequence] = []
        #: For each open mapping the key that waits for its value; `_SKIPPED` if it is left out.
        self.keys: list[Scalar | None] = []
        self.count = self.aliases = self.repeated = 0

    def build(self, loader: type) -> Node | None:
        parser = loader(self.source.text)
        begun = False
        try:
            while parser.check_event():
                event = parser.get_event()
                kind = type(event)
                if kind is ScalarEvent:
                    self._place(self._scalar(event), event)
                elif kind is MappingStartEvent or kind is SequenceStartEvent:
                    self._open(event)
                elif kind is MappingEndEvent or kind is SequenceEndEvent:
                    done = self.stack.pop()
                    self.keys.pop()
                    if self.stack:
                        self.stack[-1].size += done.size
                elif kind is AliasEvent:
                    self._alias(event)
                elif kind is DocumentStartEvent:
                    if begun:
                        here = self._here(event, "---")
                        self.report.error("DD109", here, "a second document begins here")
                        break
                    begun = True
        finally:
            parser.dispose()
        if self.root is None:
            self.report.without_place("DD003", self.source.path, "the file holds no value")
        return self.root

    def _here(self, event: Event, text: str) -> Scalar:
        mark = event.start_mark
        return Scalar(self.source, text, None, mark.line + 1, mark.column + 1, mark.index)

    def _refuse(self, code: str, node: Node, message: str) -> NoReturn:
        self.report.error(code, node, message)
        raise _Refused

    def _scalar(self, event: ScalarEvent) -> Scalar:
        mark = event.start_mark
        text = event.value
        node = Scalar(self.source, text, event.style, mark.line + 1, mark.column + 1, mark.index)
        if event.style == '"' and (found := HIDDEN.search(text)):
            self.report.error("DD116", node, hidden_name(found[0]), "remove the character")
            node.text = HIDDEN.sub("\ufffd", text)
        return node

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        mark = event.start_mark
        cls = Mapping if type(event) is MappingStartEvent else Sequence
        node = cls(self.source, mark.line + 1, mark.column + 1)
        self._place(node, event)
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("DD103", node, f"nested more than {MAX_DEPTH} deep")
        self.stack.append(node)
        self.keys.append(None)

    def _alias(self, event: AliasEvent) -> None:
        here = self._here(event, f"*{event.anchor}")
        found = self.anchors.get(event.anchor)
        self.aliases += 1
        if found is None:
            self._refuse("DD101", here, f"alias {here.text} has no anchor before it")
        if found in self.stack:
            self._refuse("DD105", here, f"alias {here.text} contains itself")
        size = 1 if isinstance(found, Scalar) else found.size
        self.repeated += size
        if self.aliases > MAX_ALIASES or self.repeated > MAX_REPEATED:
            self._refuse("DD105", here, "too many aliases, or they grow too large")
        if self.stack:
            self.stack[-1].size += size - 1
        self._attach(found)

    def _place(self, node: Node, event: NodeEvent) -> None:
        """Count `node`, remember its anchor and put it where it belongs."""
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse("DD007", node, f"more than {MAX_NODES:,} values")
        if event.tag is not None:
            self.report.error("DD106", node, f"tag `{event.tag}` is not read")
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self._attach(node)

    def _attach(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.size += 1
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = self._key(node, parent)
        else:
            if key is not _SKIPPED:
                parent.keys[key.text] = key
                parent.entries[key.text] = node
            self.keys[-1] = None

    def _key(self, node: Node, parent: Mapping) -> Scalar:
        """`node` as a key of `parent`, or `_SKIPPED` and a diagnostic."""
        report = self.report
        if not isinstance(node, Scalar):
            report.error("DD110", node, "a key must be text, not a list or a mapping")
        elif node.text == "<<" and not node.style:
            report.error("DD115", node, "merge keys are not read")
        elif node.text in parent.keys:
            first = parent.keys[node.text]
            report.error("DD102", node, f"key `{node.text}` stands already at line {first.line}")
        else:
            return node
        return _SKIPPED


_SKIPPED = Scalar(Source("", ""), "", None, 1, 1, 0)
