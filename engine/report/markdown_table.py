"""Tables of a Markdown comment, of which whole rows can be left out."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.text.translate import say


class Part(NamedTuple):
    """A table under a title: whole rows can be left out of it. `folded` closes it at first."""

    title: str
    head: tuple[str, ...]
    rows: tuple[str, ...]
    folded: bool = False


def fitted(part: Part, room: int) -> tuple[str, int]:
    """As many rows of a part as there is room for, and how many are left out."""
    rows = part.rows
    whole = _written(part, rows)
    if len(whole) <= room:
        return whole, 0
    size = len(_written(part, ()))
    kept = 0
    for row in rows:
        size += len(row) + 1
        if size > room:
            break
        kept += 1
    return (_written(part, rows[:kept]) if kept else ""), len(rows) - kept


def _written(part: Part, rows: tuple[str, ...]) -> str:
    line = f"| {' | '.join(part.head)} |\n|{' --- |' * len(part.head)}\n"
    table = line + "".join(f"{row}\n" for row in rows)
    title = f"{part.title} ({len(part.rows)})"
    if part.folded:
        return f"\n<details><summary>{title}</summary>\n\n{table}\n</details>\n"
    return f"\n#### {title}\n\n{table}"


def left_out(left: list[int], language: str) -> str:
    """How many rows there was no room for, in words."""
    words = say(
        language,
        "Rows left out because a comment has no room for more: {n}. `ddcheck gate --output "
        "html:FILE` has all of them.",
        n=sum(left),
    )
    return f"\n{words}\n"


def row_of(*cells: str) -> str:
    """A row of a table."""
    return f"| {' | '.join(cell or '–' for cell in cells)} |"
