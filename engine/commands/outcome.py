"""What a command comes to: text for the two streams, files to write, an exit code.

Exit codes, frozen: 0 all asked was judged and nothing reached the gate, 1 something did, 2 could
not judge, 3 a bug in ddcheck. The highest wins.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.text.diagnostics import Report, render

OK, REACHED, UNJUDGED, BUG = 0, 1, 2, 3


class Outcome(NamedTuple):
    """A finished command; `files` are `(path, content)` pairs, written whole or not at all.

    `make_folders` says that folders which are not there are made for them: where a command lays
    something down. A report into a folder that is not there is more likely a slip. `kept` is for
    the next run alone: whether it can be written changes nothing.
    """

    stdout: str
    stderr: str
    code: int
    files: tuple[tuple[str, str | bytes], ...] = ()
    make_folders: bool = False
    kept: tuple[tuple[str, str], ...] = ()


class Screen(NamedTuple):
    """What the text goes to: whether it is a terminal, its width, color and encoding."""

    terminal: bool = False
    width: int = 110
    color: bool = False
    encoding: str = "utf-8"


def finish(stdout: str, report: Report, code: int = OK) -> Outcome:
    """The outcome of a command with its diagnostics; an error among them makes it 2."""
    text = render(report)
    return Outcome(
        stdout, text + "\n" if text else "", max(code, UNJUDGED if report.failed else OK)
    )
