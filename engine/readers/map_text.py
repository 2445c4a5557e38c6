"""Writing a map: every label of an import with what it was taken to mean, open ones first."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ddcheck.engine.readers.draft import MAPPED, Draft, Left, Taken
from ddcheck.engine.readers.label_map import IGNORE, LabelMap, keys_of
from ddcheck.engine.readers.labels import EXACT
from ddcheck.engine.text.written import remark, scalar

_Row: TypeAlias = Taken | Left


class _Entry(NamedTuple):
    """A line of the map: its key, its value, what is said beside it, and the group it stands in."""

    key: str
    value: str
    said: str
    group: int


_GROUPS = (
    "Not settled: write a concept or metric in place of ~, or `ignore`. Behind # is only a guess.",
    "Taken, although only near to a name of the vocabulary: correct what is wrong.",
    "Printed with the opposite sign of what the concept means.",
    "Left out.",
    "As the vocabulary has them.",
)


def map_text(draft: Draft, name: str) -> str:
    """A new map for `draft`, which came of the spreadsheet `name`."""
    lines = [
        "ddcheck: map/1",
        f"# What the labels of {remark(name)} mean: read at every import, never written over.",
        "# A label may have its section or its sheet in front, or be named by its cell:",
        "#   Cost of revenue > Services: ignore",
        "#   Summary!Revenue: ignore",
        "#   Income!A12: {concept: net_income, unit: USD million, reversed: true}",
        "# Heads of columns that do not say their period go under `periods:`, {本期金额: FY2021}.",
    ]
    return "\n".join([*lines, *_labels(_entries(draft))]) + "\n"


def added_lines(draft: Draft, settled: LabelMap) -> str:
    """Lines for the labels of `draft` that a map does not have yet; empty if it has them all."""
    entries = [entry for entry in _entries(draft) if entry.key not in settled.labels]
    return "\n".join(_labels(entries)[1:]) + "\n" if entries else ""


def _labels(entries: list[_Entry]) -> list[str]:
    lines = ["labels:" if entries else "labels: {}"]
    for number, title in enumerate(_GROUPS):
        group = [entry for entry in entries if entry.group == number]
        if not group:
            continue
        lines.append(f"  # {title}")
        for entry in group:
            said = f"  # {remark(entry.said)}" if entry.said else ""
            lines.append(f"  {scalar(entry.key)}: {entry.value}{said}")
    return lines


def _entries(draft: Draft) -> list[_Entry]:
    """An entry for each row that the map has not settled, once for rows of one key."""
    # A row with columns in several units is taken once for each: what waits of it comes first.
    waiting = {row.cell for row in draft.left if row.waits}
    taken = sorted(draft.taken, key=lambda row: not row.reversed)
    taken = [row for row in taken if row.cell not in waiting]
    left = [row for row in draft.left if row.waits or row.cell not in waiting]
    rows: list[_Row] = [*taken, *left]
    keys = _keys(rows)
    found: dict[str, _Entry] = {}
    for row, key in zip(rows, keys, strict=True):
        entry = _entry(row, key)
        if entry is not None:
            found.setdefault(key, entry)
    return list(found.values())


def _keys(rows: list[_Row]) -> list[str]:
    """For each row the shortest key that no row of another meaning has."""
    meanings: dict[str, set[tuple[str, bool]]] = {}
    for row in rows:
        for key in _short_first(row):
            meanings.setdefault(key, set()).add(_meaning(row))
    return [
        next((key for key in _short_first(row) if len(meanings[key]) == 1), row.cell)
        for row in rows
    ]


def _short_first(row: _Row) -> tuple[str, ...]:
    keys = keys_of(row.sheet, row.section, row.label, row.cell)[::-1]
    return keys if row.label else (row.cell,)


def _meaning(row: _Row) -> tuple[str, bool]:
    """What tells rows of one label apart; open ones differ from all others, each by its cell."""
    if isinstance(row, Taken):
        return row.concept, row.reversed
    if row.waits:
        return row.cell, True
    return row.concept or IGNORE, False


def _entry(row: _Row, key: str) -> _Entry | None:
    if isinstance(row, Taken):
        if row.match.how == MAPPED:
            return None
        if row.reversed:
            return _Entry(key, f"{{concept: {row.concept}, reversed: true}}", row.cell, 2)
        if row.match.how == EXACT:
            return _Entry(key, row.concept, "", 4)
        return _Entry(key, row.concept, f"{row.cell}, {row.match.score:.0f} of 100", 1)
    if row.waits:
        guesses = ", ".join(f"{name} {score:.0f}" for name, score in row.candidates)
        said = f"{row.cell}: {row.reason}" + (f"; {guesses}" if guesses else "")
        return _Entry(key, "~", said, 0)
    if row.concept is not None:
        return _Entry(key, row.concept, "", 4)
    return _Entry(key, IGNORE, f"{row.cell}: {row.reason}", 3) if row.rule else None
