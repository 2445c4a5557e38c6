"""Syntax mistakes of YAML in words: which character YAML stumbled over, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml import Mark

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
_HELP = (
    ("mapping values are not allowed", "quote a text that contains `: `"),
    ("\\t", "indent with spaces, not tabs"),
    ("expected ',' or", "close the bracket, or quote a text that contains `[`, `{` or `,`"),
    ("could not find expected ':'", "write `key: value`, with a space after the colon"),
    ("expected <block end>", "indent the entries of one list or mapping alike"),
)


def report_syntax(source: Source, report: Report, problem: str | None, mark: Mark | None) -> None:
    """Report what stopped the parser at `mark`: DD114 for a character to quote, else DD101."""
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for number in (line, line - 1):
        text = source.line(number) or ""
        start = _value_start(text)
        if start is not None and (
            text[start + 1 : start + 2].strip() or text[start:].strip(" ,}]") == "%"
        ):
            report.at("DD114", source, number, start + 1, STARTERS[text[start]])
            return
    words = (problem or "it breaks off").strip()
    if source.line(line) is None:
        line = source.text.count("\n") + 1
        column = len(source.line(line) or "") + 1
    hint = next((hint for part, hint in _HELP if part in words), None)
    report.at("DD101", source, line, column, f"not YAML: {words}", hint)


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
