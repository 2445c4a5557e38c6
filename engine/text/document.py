"""YAML as nodes that keep their place.

A source is read as PyYAML's events (the C parser where libyaml is there, else the pure one, with
identical results) and built into our own nodes: every key and value knows its line and column,
scalars stay text until somebody types them with YAML 1.2 meanings, duplicate keys, tags, merge
keys and alias bombs are refused, and depth is bounded while streaming, so that no input can
exhaust the stack. Nothing here knows what a company or a rule is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source

MAX_DEPTH = 64
MAX_ALIASES = 100
MAX_NODES = 500_000

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

        White space is folded by YAML, so characters other than white space are counted off one by
        one; this holds for plain, quoted (without escapes) and block scalars alike.
        """
        raw = self.source.text
        index = self.index
        if self.style in ("'", '"'):
            index += 1
        elif self.style in ("|", ">"):
            index = raw.find("\n", index) + 1 or index
        if raw.startswith(self.text[: offset + 1], index):
            return self.source.place(index + offset)
        for char in self.text[:offset]:
            if char.isspace():
                continue
            index = raw.find(char, index) + 1 or index
        while index < len(raw) and raw[index].isspace():
            index += 1
        return self.source.place(index)


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
    """The root node of `source`, or None and a diagnostic (DD101 to DD109, DD114, DD115).

    `pure` forces PyYAML's pure parser, which is also used where libyaml is missing.
    """
    fast = not pure and yaml.__with_libyaml__
    try:
        return _build(source, report, yaml.CSafeLoader if fast else yaml.SafeLoader)
    except _Refused:
        return None
    except yaml.YAMLError as error:
        if fast:  # the two parsers word the same mistake differently: the pure one is quoted
            return parse(source, report, pure=True)
        if isinstance(error, yaml.MarkedYAMLError):
            _syntax(source, report, error)
        else:
            report.at("DD101", source, 1, 1, f"not YAML: {str(error).splitlines()[0]}")
    return None


def _build(source: Source, report: Report, loader: type) -> Node | None:
    root: Node | None = None
    anchors: dict[str, Node] = {}
    stack: list[Mapping | Sequence] = []
    keys: list[Scalar | None] = []
    count = aliases = documents = 0
    parser = loader(source.text)
    try:
        while parser.check_event():
            event = parser.get_event()
            kind = type(event)
            if kind is ScalarEvent:
                mark = event.start_mark
                node: Node = Scalar(
                    source, event.value, event.style, mark.line + 1, mark.column + 1, mark.index
                )
                if event.tag is not None:
                    _refuse(report, "DD106", node, f"tag {event.tag!r} is not read")
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                mark = event.start_mark
                cls = Mapping if kind is MappingStartEvent else Sequence
                node = cls(source, mark.line + 1, mark.column + 1)
                if event.tag is not None:
                    _refuse(report, "DD106", node, f"tag {event.tag!r} is not read")
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                done = stack.pop()
                keys.pop()
                if stack:
                    stack[-1].size += done.size
                continue
            elif kind is AliasEvent:
                mark = event.start_mark
                here = Scalar(source, "*" + event.anchor, None, mark.line + 1, mark.column + 1, 0)
                found = anchors.get(event.anchor)
                aliases += 1
                if found is None:
                    _refuse(report, "DD101", here, f"alias {here.text} has no anchor before it")
                if found in stack:
                    _refuse(report, "DD105", here, f"alias {here.text} contains itself")
                node = found
                count += node.size if not isinstance(node, Scalar) else 1
                if aliases > MAX_ALIASES or count > MAX_NODES:
                    _refuse(report, "DD105", here, "too many aliases, or they grow too large")
                if stack and not isinstance(node, Scalar):
                    stack[-1].size += node.size
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    mark = event.start_mark
                    here = Scalar(source, "---", None, mark.line + 1, mark.column + 1, 0)
                    _refuse(report, "DD109", here, "a second document begins here")
                continue
            elif kind is DocumentEndEvent:
                continue
            else:
                continue

            count += 1
            if count > MAX_NODES:
                _refuse(report, "DD007", node, f"more than {MAX_NODES:,} values")
            if kind is not AliasEvent and event.anchor is not None:
                anchors[event.anchor] = node
            if not stack:
                root = node
            else:
                parent = stack[-1]
                parent.size += 1
                if type(parent) is Sequence:
                    parent.items.append(node)
                else:
                    key = keys[-1]
                    if key is None:
                        keys[-1] = _key(node, parent, report)
                    else:
                        parent.entries[key.text] = node  # type: ignore[union-attr]
                        keys[-1] = None
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(stack) >= MAX_DEPTH:
                    _refuse(report, "DD103", node, f"nested more than {MAX_DEPTH} deep")
                stack.append(node)  # type: ignore[arg-type]
                keys.append(None)
    finally:
        parser.dispose()
    if root is None:
        report.without_place("DD003", source.path, "the file holds no value")
    return root


def _key(node: Node, parent: Mapping | Sequence, report: Report) -> Scalar:
    assert isinstance(parent, Mapping)
    if not isinstance(node, Scalar):
        _refuse(report, "DD110", node, "a key must be text, not a list or a mapping")
    if node.text == "<<" and not node.style:
        _refuse(report, "DD115", node, "merge keys are not read")
    if node.text in parent.keys:
        first = parent.keys[node.text]
        _refuse(report, "DD102", node, f"key `{node.text}` stands already at line {first.line}")
    parent.keys[node.text] = node
    return node


def _refuse(report: Report, code: str, node: Node, message: str) -> None:
    report.error(code, node, message)
    raise _Refused


_STARTERS = {
    ">": "text that begins with `>` must be quoted; in quantities write `over 99%`",
    "|": "text that begins with `|` must be quoted",
    "%": 'a bare `%` must be quoted: "%"',
    "@": "text that begins with `@` must be quoted",
    "`": "text that begins with a backtick must be quoted",
    "*": "text that begins with `*` must be quoted",
    "&": "text that begins with `&` must be quoted",
    "!": "text that begins with `!` must be quoted",
}


def _syntax(source: Source, report: Report, error: yaml.MarkedYAMLError) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for number in (line, line - 1):
        text = source.line(number) or ""
        start = _value_start(text)
        if start is not None and text[start] in _STARTERS and text[start + 1 : start + 2].strip():
            report.at("DD114", source, number, start + 1, _STARTERS[text[start]])
            return
        if start is not None and text[start:].strip(" ,}]") == "%":
            report.at("DD114", source, number, start + 1, _STARTERS["%"])
            return
    problem = (error.problem or "it breaks off").strip()
    if line > source.text.count("\n") + 1 or source.line(line) is None:
        line = source.text.count("\n") + 1
        column = len(source.line(line) or "") + 1
    report.at("DD101", source, line, column, f"not YAML: {problem}")


def _value_start(line: str) -> int | None:
    """Where the first value that YAML would stumble over begins in `line`."""
    for lead in (": ", "- ", "[", ", ", "{"):
        at = line.find(lead)
        while at >= 0:
            start = at + len(lead)
            while start < len(line) and line[start] == " ":
                start += 1
            if start < len(line) and line[start] in _STARTERS:
                return start
            at = line.find(lead, at + 1)
    return None
