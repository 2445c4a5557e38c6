"""Nodes: what a YAML file holds, every key and value with its line and column.

Scalars stay text until somebody types them, with the meanings of YAML 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ddcheck.engine.text.source import Source

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
#: Characters that follow `\x`, `\u` and `\U` in double quotes.
_ESCAPES = {"x": 2, "u": 4, "U": 8}
_BLANK_ESCAPES = frozenset("nrt \t\n_NLPvf")


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
    """Keys and nodes, in the order of the file; `partial` if a key of it was refused."""

    __slots__ = ("column", "entries", "keys", "line", "partial", "size", "source")

    def __init__(self, source: Source, line: int, column: int) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.keys: dict[str, Scalar] = {}
        self.entries: dict[str, Node] = {}
        self.partial = False
        self.size = 1

    width = 1

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return self.entries.get(key)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Each key with its node."""
        return zip(self.keys.values(), self.entries.values(), strict=True)


Node: TypeAlias = Scalar | Sequence | Mapping
