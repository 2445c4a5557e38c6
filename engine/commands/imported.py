"""What an import says: what was taken, how each doubtful row was read, what waits, what is next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.readers.company_text import Header
from ddcheck.engine.readers.draft import MAPPED, Draft, Left, Taken
from ddcheck.engine.readers.labels import EXACT
from ddcheck.engine.readers.sheets import Book
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import reworded, say

if TYPE_CHECKING:
    from ddcheck.engine.commands.importing import ImportOptions

_CELL, _LABEL = 16, 42
_WIDE = 110


class Imported(NamedTuple):
    """A finished import; `lacking` are lines that the map lacks and that could not be added to it;
    `unusable` counts the warnings about cells.
    """

    options: ImportOptions
    header: Header
    book: Book
    draft: Draft
    map_path: str
    lacking: str
    unusable: int


def imported_lines(found: Imported, language: str) -> list[Line]:
    """The report of an import."""
    draft, options = found.draft, found.options
    waiting = [row for row in draft.left if row.waits]
    lines: list[Line] = [
        line(
            Piece(options.out, "title"),
            say(
                language,
                ": rows of {file} taken {taken}, left out {left}, to be settled {open}",
                file=found.header.file,
                taken=len(draft.taken),
                left=len(draft.left) - len(waiting),
                open=len(waiting),
            ),
        )
    ]
    lines += _assumed(found, language)
    lines += _taken(draft, language)
    if waiting:
        lines += [line(""), _title(say(language, "TO BE SETTLED in {map}", map=found.map_path))]
        lines += [item for row in waiting for item in _left(row, language)]
    settled = [row for row in draft.left if not row.waits]
    if settled:
        lines += [line(""), _title(say(language, "LEFT OUT"))]
        lines += [item for row in settled for item in _left(row, language)]
    if found.unusable:
        words = say(language, "CELLS THAT COULD NOT BE USED: {count}, named as warnings below",
                    count=found.unusable)  # fmt: skip
        lines += [line(""), _title(words)]
    if found.lacking:
        lines += [
            line(""),
            _title(say(language, "ADD TO {map} under `labels:`", map=found.map_path)),
        ]
        lines += [line(text) for text in found.lacking.splitlines()]
    lines += [line(""), _title(say(language, "NEXT"))]
    lines += _next(found, language, waiting=bool(waiting))
    return lines


def _title(text: str) -> Line:
    return line(Piece(text, "title"))


def _assumed(found: Imported, language: str) -> list[Line]:
    """Company and source, and for each thing that was not given where it comes from."""
    header, options, book, draft = found.header, found.options, found.book, found.draft
    company = header.id
    if options.company is None:
        company += say(language, " (from the name of the file; `--company`)")
    name = header.name
    if options.name is None:
        name += say(language, " (the id; `--name`)")
    year_end = header.year_end
    if options.fiscal_year_end is None:
        year_end += (
            say(language, " (as the heads say)")
            if draft.said_year_end
            else say(language, " (not said, so the calendar year; `--fiscal-year-end`)")
        )
    currency = header.currency
    if options.currency is None and not (options.unit and header.currency in options.unit):
        currency += say(language, " (as the heads say)")
    tier = header.tier
    if options.tier is None:
        tier += say(language, " (not given, so the company's own account; `--tier`)")
    published = header.published
    if options.published is None:
        published += say(language, " (the day the workbook was saved; `--published`)")
    rows = [
        (say(language, "company"), company),
        (say(language, "name"), name),
        (say(language, "currency"), currency),
        (say(language, "year ends"), year_end),
        (say(language, "source"), header.source),
        (say(language, "tier"), tier),
        (say(language, "published"), published),
    ]
    for text in (*book.notes, *draft.notes):
        first, *more = wrap(reworded(language, text), _WIDE - 13)
        rows += [(say(language, "note"), first), *(("", part) for part in more)]
    return [line(Piece(f"  {fit(key, 11)}", "dim"), cut(text, _WIDE - 13)) for key, text in rows]


def _taken(draft: Draft, language: str) -> list[Line]:
    """The rows that were taken otherwise than by a name of the vocabulary."""
    near = [row for row in draft.taken if row.match.how not in (EXACT, MAPPED)]
    turned = [row for row in draft.taken if row.reversed and row.match.how != MAPPED]
    lines: list[Line] = []
    if near:
        lines += [line(""), _title(say(language, "TAKEN AS NEAR, so look at them"))]
        lines += [_row(row, f"{row.concept}  {row.match.score:.0f}/100") for row in near]
    if turned:
        lines += [line(""), _title(say(language, "PRINTED BELOW ZERO, kept as amounts above it"))]
        lines += [_row(row, row.concept) for row in turned]
    return lines


def _row(row: Taken, said: str) -> Line:
    label = fit(cut(row.label, _LABEL - 1), _LABEL)
    return line(f"  {fit(_place(row.cell), _CELL)}{label}", Piece(said, "key"))


def _place(cell: str) -> str:
    """A cell in the width of its column: the name of its sheet is cut, its address never."""
    if display_width(cell) < _CELL:
        return cell
    sheet, mark, address = cell.replace("'", "").rpartition("!")
    return cut(sheet, _CELL - 1 - len(mark + address)) + mark + address


def _left(row: Left, language: str) -> list[Line]:
    label = row.label or "-"
    if row.section:
        label = f"{row.section} > {label}"
    reason = reworded(language, row.reason)
    guesses = ", ".join(f"{name} {score:.0f}" for name, score in row.candidates)
    if row.waits and guesses:
        reason += say(language, " (perhaps {guesses})", guesses=guesses)
    head = f"  {fit(_place(row.cell), _CELL)}{fit(cut(label, _LABEL - 1), _LABEL)}"
    parts = wrap(reason, _WIDE - 2 - _CELL - _LABEL)
    blank = " " * (2 + _CELL + _LABEL)
    return [line(head if not i else blank, Piece(part, "dim")) for i, part in enumerate(parts)]


def _next(found: Imported, language: str, *, waiting: bool) -> list[Line]:
    lines = []
    if waiting:
        lines.append(
            line("  ", say(language, "settle `~` in {map}, then import again with `--force`",
                           map=found.map_path))
        )  # fmt: skip
    lines.append(line("  ddcheck ", _quoted(found.options.out)))
    lines.append(line("  ddcheck facts ", _quoted(found.options.out)))
    return lines


def _quoted(path: str) -> str:
    path = os.path.normpath(path)
    return f"'{path}'" if " " in path else path
