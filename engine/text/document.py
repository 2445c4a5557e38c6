"""YAML as nodes that keep their place.

A source is read as PyYAML's events (the C parser where libyaml is there, else the pure one, with
identical results) and built into our own nodes. Duplicate keys, tags, merge keys and alias bombs
are refused, and depth is bounded while streaming, so that no input can exhaust the stack. Nothing
here knows what a company or a rule is.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.nodes import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.source import HIDDEN, Source, hidden_name, read
from ddcheck.engine.text.syntax import report_syntax

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "parse", "read_document"]

MAX_DEPTH = 64
MAX_ALIASES = 100
MAX_NODES = 500_000
#: Values that aliases may repeat, taken together.
MAX_REPEATED = 10_000
#: A larger file that the C parser refuses is not read again by the pure one, which words it better.
_MAX_REREAD = 500_000
_TAB = re.compile(r"^ *\t(?=.*\S)", re.MULTILINE)
_PROPERTIES = re.compile(r"(?:(?:[&!][^\s,]*|#.*)(?:\s+|(?=[,\]}])|\Z))*")
_BLOCKS = ("|", ">")
_BAD_HEADER = re.compile(r"[|>][-+\d]*#")


#: An event of PyYAML; its stubs allow for marks that are absent, which none of a parser's are.
_Event: TypeAlias = Any


class _Refused(Exception):
    """A document that must not be read further; its diagnostic is already reported."""


def read_document(path: str, report: Report) -> Node | None:
    """The root node of the file at `path`, or None and the diagnostics of `read` and `parse`."""
    source = read(path, report)
    return parse(source, report) if source is not None else None


def parse(source: Source, report: Report, *, pure: bool = False) -> Node | None:
    """The root node of `source`, or None and a diagnostic (DD101, DD103, DD105, DD007, DD003).

    What a slip concerns is left out and the rest is read: a key that stands twice (DD102), a tag
    (DD106), a merge key (DD115), a key that is no text (DD110), a hidden character (DD116), a
    second document (DD109). `pure` forces PyYAML's pure parser, which is also used where libyaml
    is missing.
    """
    if "\t" in source.text and (tab := _TAB.search(source.text)):
        line, column = source.place(tab.end() - 1)
        report.at("DD101", source, line, column, "not YAML: a tab", "indent with spaces, not tabs")
        return None
    fast = not pure and yaml.__with_libyaml__
    already = len(report.items)
    node, error = _attempt(source, report, yaml.CSafeLoader if fast else yaml.SafeLoader)
    if error is None:
        return node
    if fast and len(source.text) <= _MAX_REREAD:
        report.forget(already)
        node, worded = _attempt(source, report, yaml.SafeLoader)
        if worded is None:
            return node
        # The pure parser stumbles over `?` in a flow, which libyaml reads: that is not the mistake.
        if not isinstance(worded, yaml.MarkedYAMLError) or "got '?'" not in (worded.problem or ""):
            error = worded
    report_syntax(source, report, error)
    return None


def _attempt(source: Source, report: Report, loader: type) -> tuple[Node | None, Exception | None]:
    """The root node of `source` and what stopped `loader`, if anything did."""
    try:
        return _Builder(source, report).build(loader), None
    except _Refused:
        return None, None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return None, error


def _begin(raw: str, index: int, *, empty: bool) -> int:
    """Where a scalar begins: behind its anchor and tag; nothing stands behind what is before it."""
    match = _PROPERTIES.match(raw, index)
    index = match.end() if match else index
    while empty and index and raw[index - 1].isspace():
        index -= 1
    return index


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
        source = self.source
        # The parsers differ on tabs, and one counts for as little as a space by now.
        parser = loader(source.text.replace("\t", " "))
        begun = False
        try:
            while (event := parser.get_event()) is not None:
                kind = type(event)
                if kind is ScalarEvent:
                    text = event.value
                    if text and not event.style and event.anchor is None and event.tag is None:
                        mark = event.start_mark  # most are plain, and need no closer look
                        self._put(
                            Scalar(source, text, None, mark.line + 1, mark.column + 1, mark.index)
                        )
                    else:
                        self._place(self._scalar(event), event.anchor, event.tag)
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

    def _here(self, event: _Event, text: str) -> Scalar:
        mark = event.start_mark
        return Scalar(self.source, text, None, mark.line + 1, mark.column + 1, mark.index)

    def _refuse(self, code: str, node: Node, message: str) -> NoReturn:
        self.report.error(code, node, message)
        raise _Refused

    def _scalar(self, event: _Event) -> Scalar:
        mark = event.start_mark
        text, style = event.value, event.style or None
        line, column, index = mark.line + 1, mark.column + 1, mark.index
        raw = self.source.text
        if not text or event.anchor is not None or event.tag is not None:
            index = _begin(raw, index, empty=not text and style is None)
            line, column = self.source.place(index)
        if style in _BLOCKS and _BAD_HEADER.match(raw, index):
            raise yaml.YAMLError("a comment without a space before it")  # libyaml lets it pass
        node = Scalar(self.source, text, style, line, column, index)
        if style == '"' and (found := HIDDEN.search(text)):
            self.report.error("DD116", node, hidden_name(found[0]), "remove the character")
            node.text = HIDDEN.sub("\ufffd", text)
        return node

    def _open(self, event: _Event) -> None:
        mark = event.start_mark
        cls = Mapping if type(event) is MappingStartEvent else Sequence
        node = cls(self.source, mark.line + 1, mark.column + 1)
        self._place(node, event.anchor, event.tag)
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("DD103", node, f"nested more than {MAX_DEPTH} deep")
        self.stack.append(node)
        self.keys.append(None)

    def _alias(self, event: _Event) -> None:
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
        self._place(found, None, None)

    def _place(self, node: Node, anchor: str | None, tag: str | None) -> None:
        """Remember the anchor of `node` and put it where it belongs."""
        if tag is not None:
            self.report.error("DD106", node, f"tag `{tag}` is not read")
        if anchor is not None:
            self.anchors[anchor] = node
        self._put(node)

    def _put(self, node: Node) -> None:
        """Count `node` and put it where it belongs."""
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse("DD007", node, f"more than {MAX_NODES:,} values")
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.size += 1
        if type(parent) is Sequence:
            parent.items.append(node)
            return
        assert type(parent) is Mapping
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = self._key(node, parent)
            return
        if key is not _SKIPPED:
            parent.keys[key.text] = key
            parent.entries[key.text] = node
        self.keys[-1] = None

    def _key(self, node: Node, parent: Mapping) -> Scalar:
        """`node` as a key of `parent`, or `_SKIPPED` and a diagnostic."""
        report = self.report
        if type(node) is not Scalar:
            report.error("DD110", node, "a key must be text, not a list or a mapping")
        elif node.text in parent.keys:
            first = parent.keys[node.text]
            report.error("DD102", node, f"key `{node.text}` stands already at line {first.line}")
        elif node.text == "<<" and not node.style:
            report.error("DD115", node, "merge keys are not read")
        else:
            return node
        parent.partial = True
        return _SKIPPED


_SKIPPED = Scalar(Source("", ""), "", None, 1, 1, 0)
