"""Syntax mistakes of YAML in words: what YAML stumbled over, and what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml import MarkedYAMLError, YAMLError

if TYPE_CHECKING:
    from ddcheck.engine.text.diagnostics import Report
    from ddcheck.engine.text.source import Source

#: Characters that a plain value cannot begin with, and what to do instead.
STARTERS = {
    ">": "text that begins with `>` must be quoted; in quantities write `over 99%`",
    "|": "text that begins with `|` must be quoted",
    "%": 'a bare `%` must be quoted: "%"',
    "@": "text that begins with `@` must be quoted",
    "`": "text that begins with a backtick must be quoted",
    "*": "text that begins with `*` must be quoted",
    "&": "text that begins with `&` must be quoted",
    "!": "text that begins with `!` must be quoted",
}
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_HELP = (
    ("mapping values are not allowed", "quote a text that contains `: `"),
    ("\\t", "indent with spaces, not tabs"),
    ("expected ',' or", "close the bracket, or quote a text that contains `[`, `{` or `,`"),
    ("could not find expected ':'", "write `key: value`, with a space after the colon"),
    ("expected <block end>", "indent the entries of one list or mapping alike"),
)


def report_syntax(source: Source, report: Report, error: Exception) -> None:
    """Report what stopped the parser: DD114 for a character to quote, else DD101."""
    line, column = _place(source, error)
    for number in (line, line - 1):
        text = source.line(number) or ""
        start = _value_start(text)
        if start is not None and (
            text[start + 1 : start + 2].strip() or text[start:].strip(" ,}]") == "%"
        ):
            report.at("DD114", source, number, start + 1, STARTERS[text[start]])
            return
    words = "a character code that there is none of"
    if isinstance(error, MarkedYAMLError):
        words = error.problem or "it breaks off"
    elif isinstance(error, YAMLError):
        words = str(error).splitlines()[0]
    hint = next((hint for part, hint in _HELP if part in words), None)
    report.at("DD101", source, line, column, f"not YAML: {words.strip()}", hint)


def _place(source: Source, error: Exception) -> tuple[int, int]:
    """Where `error` is; what breaks off at the end of the file is where it was opened."""
    if not isinstance(error, MarkedYAMLError):
        match = _NO_CHARACTER.search(source.text)
        return source.place(match.start()) if match else (1, 1)
    mark, opened = error.problem_mark, error.context_mark
    if mark is None or (opened is not None and mark.index >= len(source.text.rstrip())):
        mark = opened
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _value_start(line: str) -> int | None:
    """Where the first value that YAML would stumble over begins in `line`."""
    for lead in (": ", "- ", "[", ", ", "{"):
        at = line.find(lead)
        while at >= 0:
            start = at + len(lead)
            while start < len(line) and line[start] == " ":
                start += 1
            if start < len(line) and line[start] in STARTERS:
                return start
            at = line.find(lead, at + 1)
    return None
