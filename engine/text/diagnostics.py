"""Diagnostics: an author's mistake in a file, with a code and a place.

What belongs here: the type, the collector and the one printed form. The codes are in `text.codes`.
What does not: findings about a company, which are never mistakes of the person who wrote a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ddcheck.engine.text.suggest import Proposal, words_used

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from ddcheck.engine.text.source import Source

ERROR = "error"
WARNING = "warning"


class Diagnostic(NamedTuple):
    """A mistake in a file, and where it is; `line` and `column` count from 1.

    In a spreadsheet `sheet` is the sheet's name (empty in a file that has none), and line and
    column are those of the cell.
    """

    code: str
    severity: str
    path: str
    line: int
    column: int
    message: str
    help: str | None
    excerpt: str | None
    width: int
    sheet: str | None = None

    def heading(self) -> str:
        """The first line of the printed form: `path:line:col: CODE severity: message`.

        An argument of the command line, which stands in no file, has line 0 and no place. A cell
        is named as spreadsheets name it: `file.xlsx:Income!C7`.
        """
        if self.sheet is not None:
            cell = cell_name(self.sheet, self.line, self.column)
            return f"{self.path}:{cell}: {self.code} {self.severity}: {self.message}"
        if not self.line:
            return f"{self.path}: {self.code} {self.severity}: {self.message}"
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.severity}: {self.message}"


class Placed(Protocol):
    """Anything that stands somewhere in a source."""

    @property
    def source(self) -> Source: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def width(self) -> int: ...


class Report:
    """Collects diagnostics while files are read; a diagnostic is never raised."""

    __slots__ = ("_seen", "_shown", "_used", "items")

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []
        self._shown: dict[str, str] = {}
        self._seen: set[tuple[str, str, str | None, int, int]] = set()
        #: The words of the file last complained of, counted when words are equally near.
        self._used: tuple[Source, Counter[str]] | None = None

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.items)

    @property
    def failed(self) -> bool:
        """Whether any collected diagnostic is an error."""
        return any(item.severity == ERROR for item in self.items)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep `diagnostic`, unless one of its code stands at its place already."""
        if self._shown:
            diagnostic = diagnostic._replace(
                path=self.shown(diagnostic.path),
                message=self.shown(diagnostic.message),
                help=self.shown(diagnostic.help) if diagnostic.help else diagnostic.help,
            )
        key = _key(diagnostic)
        if key not in self._seen:
            self._seen.add(key)
            self.items.append(diagnostic)

    def show_as(self, folder: str, name: str) -> None:
        """From now on write `name` where the path of `folder` and a separator begin a path."""
        self._shown[folder] = name

    def shown(self, text: str) -> str:
        """`text` with every folder that `show_as` knows written by its name."""
        for folder, name in self._shown.items():
            text = text.replace(folder, name)
        return text

    def forget(self, kept: int) -> None:
        """Drop all but the first `kept` diagnostics, for a file that is read a second time."""
        for item in self.items[kept:]:
            self._seen.discard(_key(item))
        del self.items[kept:]

    def error(
        self,
        code: str,
        node: Placed,
        message: str,
        help: str | None = None,  # noqa: A002 - the word that readers of a diagnostic know
        *,
        severity: str = ERROR,
    ) -> None:
        """Report `code` at the place of `node`."""
        self.at(
            code, node.source, node.line, node.column, message, help, node.width, severity=severity
        )

    def warning(self, code: str, node: Placed, message: str, help: str | None = None) -> None:  # noqa: A002
        """Report `code` at the place of `node` as something that does not stop the run."""
        self.error(code, node, message, help, severity=WARNING)

    def at(
        self,
        code: str,
        source: Source,
        line: int,
        column: int,
        message: str,
        help: str | None = None,  # noqa: A002
        width: int = 1,
        *,
        severity: str = ERROR,
    ) -> None:
        """Report `code` at a line and column of `source`, both counted from 1."""
        excerpt = source.line(line)
        if isinstance(help, Proposal) and len(help.words) > 1:
            help = help.settled(self._words_of(source))  # noqa: A001
        self.add(
            Diagnostic(
                code, severity, source.path, line, column, message, help, excerpt, max(1, width)
            )
        )

    def _words_of(self, source: Source) -> Counter[str]:
        if self._used is None or self._used[0] is not source:
            self._used = source, words_used(source.text)
        return self._used[1]

    def cell(
        self,
        code: str,
        path: str,
        place: tuple[str, int, int],
        message: str,
        help: str | None = None,  # noqa: A002
        *,
        severity: str = ERROR,
    ) -> None:
        """Report `code` at a cell of the spreadsheet at `path`: sheet, row and column."""
        sheet, row, column = place
        self.add(Diagnostic(code, severity, path, row, column, message, help, None, 1, sheet))

    def usage(self, code: str, argument: str, message: str, help: str | None = None) -> None:  # noqa: A002
        """Report `code` on an argument of the command line."""
        self.add(Diagnostic(code, ERROR, argument, 0, 0, message, help, None, 1))

    def without_place(self, code: str, path: str, message: str, help: str | None = None) -> None:  # noqa: A002
        """Report `code` on a path of which no line could be read."""
        self.add(Diagnostic(code, ERROR, path, 1, 1, message, help, None, 1))


def _key(item: Diagnostic) -> tuple[str, str, str | None, int, int]:
    return item.code, item.path, item.sheet, item.line, item.column


_PLAIN_SHEET = re.compile(r"\w+\Z")


def column_letters(column: int) -> str:
    """The letters of column number `column`, from 1: A, B, … Z, AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(sheet: str, row: int, column: int, last: int | None = None) -> str:
    """A cell as spreadsheets name it, or the cells of a row up to column `last`: `Income!B7:E7`.

    A sheet's name that is no single word stands in quotes; a file without sheets has none.
    """
    name = f"{column_letters(column)}{row}"
    if last is not None and last != column:
        name += f":{column_letters(last)}{row}"
    if not sheet:
        return name
    quoted = sheet if _PLAIN_SHEET.match(sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{quoted}!{name}"


def clean(text: str) -> str:
    """`text` with characters that could steer a terminal or hide text made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == " " else f"\\u{ord(char):04x}" for char in text
    )


_COMMAND = re.compile(r"^([ \t]*):(?=:)|##(?=\[)", re.MULTILINE)


def tame(text: str) -> str:
    """`text` in which nothing is a command to the build that prints it.

    GitHub's runner takes a line that begins with `::word` and the words `##[word]` anywhere as
    commands, from whatever a program prints.
    """
    if "::" not in text and "##[" not in text:
        return text
    return _COMMAND.sub(lambda found: "# #" if found[1] is None else f"{found[1]}: ", text)


def display_width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a wide East Asian character."""
    if text.isascii():
        return len(text)
    import unicodedata

    total = 0
    for char in text:
        if unicodedata.combining(char):
            continue
        total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total


_EXCERPT_COLUMNS = 110


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Every diagnostic in the printed form, ordered by path, line and column."""
    blocks = []
    for item in sorted(
        diagnostics, key=lambda d: (d.path, d.sheet or "", d.line, d.column, d.code)
    ):
        lines = [clean(item.heading())]
        if item.excerpt is not None and item.excerpt.strip():
            number = str(item.line)
            start = max(0, item.column - 1 - _EXCERPT_COLUMNS + 30)
            shown = item.excerpt[start : start + _EXCERPT_COLUMNS].replace("\t", " ")
            lead = display_width(shown[: item.column - 1 - start])
            body = shown[item.column - 1 - start : item.column - 1 - start + item.width]
            carets = "^" * max(1, display_width(body))
            lines.append(f"  {number} | {clean(shown)}")
            tail = f" {clean(item.help)}" if item.help else ""
            lines.append(f"  {' ' * len(number)} | {' ' * lead}{carets}{tail}")
        elif item.help:
            lines.append(f"    {clean(item.help)}")
        blocks.append("\n".join(lines))
    return tame("\n".join(blocks))
