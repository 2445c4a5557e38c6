"""Memos for the commands that judge them: which files are memos, and reading one of either kind."""

from __future__ import annotations

import os

from ddcheck.engine.commands.loading import WORD, is_memo
from ddcheck.engine.memo.reading import read_memo, read_word_memo
from ddcheck.engine.model.memo import Memo
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import files_in, read, read_data

_README = "readme.md"
#: What Word lays beside a document while it is open: who has it open, and no document.
_OPEN = "~$"


def is_word(path: str) -> bool:
    """Whether the name of a file is that of a Word document."""
    return path.lower().endswith(WORD)


def memo_files(folder: str, *, headed: bool = False) -> list[str]:
    """The memos below `folder`: every file with the name of one, but for a README without a head.

    A memo must not escape the gate by dropping its head. `headed` leaves out all Markdown without
    one, for reports on folders that hold other pages as well.
    """
    found = []
    for path in files_in(folder, ("",)):
        name = os.path.basename(path)
        if (
            not is_memo(name)
            or name.startswith(_OPEN)
            or (
                (headed or name.casefold() == _README) and not is_word(name) and not _has_head(path)
            )
        ):
            continue
        found.append(path)
    return found


def _has_head(path: str) -> bool:
    source = read(path, Report())
    return source is not None and source.text.startswith("---\n")


def load_memo(path: str, coverage: str, report: Report) -> Memo | None:
    """The memo at `path`, Markdown or `.docx`, or None and diagnostics."""
    if is_word(path):
        from ddcheck.engine.memo.word import MAX_FILE

        data = read_data(path, MAX_FILE, report)
        return read_word_memo(path, data, coverage, report) if data is not None else None
    source = read(path, report)
    return read_memo(source, coverage, report) if source is not None else None
