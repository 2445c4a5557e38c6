"""What a command comes to: text for the two streams, files to write, an exit code.

Exit codes, frozen: 0 all asked was judged and nothing reached the gate, 1 something did, 2 could
not judge, 3 a bug in ddcheck. The highest wins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.text.diagnostics import Report, render

OK, REACHED, UNJUDGED, BUG = 0, 1, 2, 3


class Outcome(NamedTuple):
    """A finished command; `files` are `(path, content)` pairs, written whole or not at all.

    A path that ends in a slash is a folder to make.
    """

    stdout: str
    stderr: str
    code: int
    files: tuple[tuple[str, str | bytes], ...] = ()


class Screen(NamedTuple):
    """What the text goes to: whether it is a terminal, its width, color and encoding."""

    terminal: bool = False
    width: int = 110
    color: bool = False
    encoding: str = "utf-8"


def in_folders(files: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """`files` with the folders that they stand in, to be made before them."""
    found = tuple(files)
    folders = dict.fromkeys(os.path.dirname(path) for path, _ in found)
    return (*((f"{folder}/", "") for folder in folders if folder), *found)


def finish(stdout: str, report: Report, code: int = OK) -> Outcome:
    """The outcome of a command with its diagnostics; an error among them makes it 2."""
    text = render(report)
    return Outcome(
        stdout, text + "\n" if text else "", max(code, UNJUDGED if report.failed else OK)
    )
