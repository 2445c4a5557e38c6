"""Diagnostics: an author's mistake in a file, with a code and a place.

What belongs here: the type, the one table of codes, the collector and the one printed form.
What does not: findings about a company, which are never mistakes of the person who wrote a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ddcheck.engine.text.source import Source

ERROR = "error"
WARNING = "warning"

#: Every code with what it means and how it is mended. A code is never reused.
CODES: dict[str, tuple[str, str]] = {
    "DD001": ("a path that cannot be read", "check the path and its permissions"),
    "DD002": ("a file that is not UTF-8 text", "save the file as UTF-8"),
    "DD003": ("an empty file", "write the file, or remove it"),
    "DD004": ("nothing to check", "name a company file, or a folder that holds one"),
    "DD005": ("a file that does not say its kind", "begin the file with `ddcheck: company/1`"),
    "DD006": ("a file of another kind", "name a file of the kind that the command takes"),
    "DD007": ("a file that is too large", "split the file"),
    "DD101": ("YAML that cannot be read", "mend the syntax at the place named"),
    "DD102": ("a key that stands twice", "remove one of the two"),
    "DD103": ("nesting that is too deep", "flatten the file"),
    "DD105": ("too many aliases, or aliases that grow too large", "write the values out"),
    "DD106": ("a YAML tag", "remove the tag; values are typed by what they are used for"),
    "DD107": ("an ambiguous number", "write it without leading zeros, or quote it as text"),
    "DD108": ("a number that is not finite", "leave the value out if it is not known"),
    "DD109": ("more than one document in a file", "keep one document a file"),
    "DD110": ("a value of the wrong type", "write what the message asks for"),
    "DD111": ("an unknown key", "correct the key, or remove it"),
    "DD112": ("a missing key", "add the key"),
    "DD113": ("a value that is not one of those allowed", "choose one of those listed"),
    "DD114": ("a character that YAML reads as something else", "quote the value"),
    "DD115": ("a merge key", "write the keys out"),
    "DD116": ("a control or bidirectional character", "remove the character"),
    "DD201": ("a formula that cannot be read", "mend the formula at the place named"),
    "DD202": ("a formula that is too long or too deep", "split it into metrics"),
    "DD203": ("an unknown name in a formula", "correct the name, or add it to the vocabulary"),
    "DD204": ("an unknown function", "use a function of the language"),
    "DD205": ("something the language does not have", "use what the language has"),
    "DD206": ("wrong arguments of a function", "give the arguments that the message names"),
    "DD207": ("units that do not go together", "compare or add like with like"),
    "DD208": ("a cycle of definitions", "break the cycle"),
    "DD209": ("a declared unit that the formula does not have", "correct the unit or the formula"),
    "DD210": ("a name that is already taken", "choose another name"),
    "DD211": ("an unknown rule", "correct the id"),
    "DD212": ("an unknown dimension or member", "declare it in the vocabulary, or correct it"),
    "DD213": ("a ladder whose steps are out of order", "order the steps"),
    "DD214": ("a ladder on a ratio whose denominator can be zero or less", "add `applies_when:`"),
    "DD215": ("a rule whose tests are not enough", "test a flag, a pass and an unknown"),
    "DD216": ("an unknown placeholder in a message", "use a name of the rule"),
    "DD217": ("an unknown pack", "name a shipped pack, or the path of a pack's folder"),
    "DD218": ("an id that is defined twice", "keep one of the two"),
    "DD219": ("a definition that cannot be used", "complete the definition"),
    "DD301": ("an unknown concept or metric", "correct the name, or add it to the vocabulary"),
    "DD302": ("a period that cannot be read", "write it as in the message"),
    "DD303": ("a quantity that cannot be read", "write number, scale and unit"),
    "DD304": ("a unit that the concept does not have", "write the unit that the concept has"),
    "DD305": ("an unknown source", "declare the source, or correct its name"),
    "DD306": ("a row with too many or too few numbers", "one value for each period"),
    "DD307": ("a fact that stands twice from one source", "remove one of the two"),
    "DD308": ("a date that cannot be read", "write it as 2024-02-06"),
    "DD309": ("a breakdown that cannot be used", "mend the parts"),
    "DD310": ("a company that no rule can decide", "add facts"),
    "DD311": ("a company that is not there", "correct the name or path"),
    "DD312": ("an unknown id", "correct the id"),
    "DD313": ("an unusable option", "correct the option"),
    "DD314": ("a value below zero where none can be", "correct the sign"),
    "DD401": ("a test that cannot be read", "mend the test"),
    "DD620": ("a path that leaves the project's folder", "keep it inside, or name it as an option"),
    "DD621": ("a value that a parameter cannot take", "keep to the unit and bounds of its pack"),
    "DD622": ("a waiver without a real reason", "write what was weighed, in 20 characters or more"),
    "DD623": ("a waiver approved by its own owner", "have somebody else approve it"),
    "DD624": ("a waiver that lives too long, or not at all", "let it expire sooner"),
    "DD625": ("a waiver from the future", "correct `created`"),
    "DD626": ("a rule that cannot be waived", "answer the flag, or change the policy"),
    "DD627": ("a condition that is none", "write a comparison"),
    "DD630": ("a revision that git does not give", "name a commit that is there"),
    "DD632": ("an entry of a baseline that cannot be used", "write the baseline anew"),
    "DD633": ("a baseline that is not there", "write it with `--write-baseline`"),
    "DD530": ("a --set that cannot be read", "write NAME[@PERIOD]=VALUE"),
    "DD531": ("an unknown name in --set", "correct the name"),
    "DD532": ("an assumption that cannot be used", "correct period or value"),
    "DD533": ("two --set for one thing", "keep one of the two"),
    "DD534": ("a bare number where a percentage is meant", "write the unit"),
    "DD501": ("a spreadsheet that cannot be read", "save it as .xlsx, or as .csv in UTF-8"),
    "DD502": ("a workbook that unpacks too large", "keep only the sheets with the statements"),
    "DD503": ("a sheet without periods", "write the year in the head of each column"),
    "DD504": ("text where a figure should stand", "write a number, or leave the cell empty"),
    "DD505": ("a cell whose value cannot be relied on", "replace the formula by its value"),
    "DD506": ("two rows for one concept", "settle in the map which of them it is"),
    "DD507": ("figures without a currency or a unit", "give `--currency` or `--unit`"),
    "DD508": ("a file that is there already", "name another file, or give `--force`"),
    "DD509": ("nothing to import", "settle the labels in the map, or name another sheet"),
    "DD510": ("a head that could mean several periods", "write the period out"),
    "DD511": ("an amount over a period, headed by a day", "say what the period is"),
    "DD512": ("a figure whose sign is not clear", "settle the sign in the map"),
    "DD513": ("a source without a date", "give `--published`"),
    "DD514": ("an entry of a map that nothing is labelled by", "correct it, or remove it"),
    "DD515": ("a figure that stands under no period", "give its column a head"),
    "DD516": ("a year end that contradicts the heads", "correct `--fiscal-year-end`"),
    "DD520": ("a source without a copy", "add `file:` with the name of its copy"),
    "DD521": ("a copy that is not there", "put the document into the folder of copies"),
    "DD522": ("a copy outside the folder of copies", "name a file inside the folder"),
    "DD523": ("a copy that has changed", "fetch the document that the facts were taken from"),
    "DD524": ("a PDF without text", "run it through text recognition (OCR)"),
    "DD525": ("a copy that cannot be read", "save it as text, HTML, PDF or .xlsx"),
    "DD526": ("a copy that is too large", "keep a copy of the pages that count"),
    "DD527": ("a copy that is encrypted", "save it without a password"),
    "DD528": ("a fingerprint that is none", "write the 64 digits that sha256sum prints"),
    "DD529": ("a folder of copies that is not there", "name the folder that holds the copies"),
    "DD601": ("a memo whose head cannot be used", "name the company in the head"),
    "DD602": ("a tag that cannot be read", "write it as the message says"),
    "DD603": ("a tag that has not just one number", "tag the number alone"),
    "DD604": ("a document that cannot be read", "save it as .docx anew"),
    "DD605": ("a document that unpacks too large", "keep only the memo in it"),
    "DD606": ("a memo that cannot be written to", "tag it by hand"),
    "DD901": ("a bug in ddcheck", "report it"),
}


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

    __slots__ = ("_seen", "_shown", "items")

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []
        self._shown: dict[str, str] = {}
        self._seen: set[tuple[str, str, str | None, int, int]] = set()

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
        self.add(
            Diagnostic(
                code, severity, source.path, line, column, message, help, excerpt, max(1, width)
            )
        )

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
    return "\n".join(blocks)
