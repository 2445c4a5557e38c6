"""The cells of a comparison: what a figure or verdict looks like in its column."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.comparison import (
    BEST,
    NOT_APPLICABLE,
    STALE,
    UNKNOWN,
    WORST,
    Comparison,
    Figure,
    FigureRow,
    RuleRow,
    Verdict,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say

_MARKS = {BEST: Piece("▲", "good"), WORST: Piece("▼", "bad")}
#: What is to be known of a figure: in a word where there is room, else as a sign.
NOTES = {
    "assumed": "=", "disputed": "!", "stated": "s", "behind": "<", "stale": "~", "estimate": "e"
}  # fmt: skip


class Block(NamedTuple):
    """Some of the companies: the first and the one behind the last, and how wide columns are."""

    comparison: Comparison
    first: int
    stop: int
    title: int
    column: int

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """The companies of the block."""
        return self.comparison.evaluations[self.first : self.stop]

    @property
    def wordy(self) -> bool:
        """Whether notes are words."""
        return self.column >= 24

    def say(self, template: str, /, **values: object) -> str:
        """`template` in the language of the report."""
        return say(self.comparison.language, template, **values)


class Cell(NamedTuple):
    """A cell: text with its style, a letter, a mark, and notes."""

    text: str
    style: str = ""
    letter: str = ""
    mark: Piece = Piece(" ")
    notes: tuple[str, ...] = ()


def range_text(worst: str | None, best: str | None) -> str:
    """A range of letters: `F..C`, one where both ends are the same, `?` for none."""
    if worst is None or best is None:
        return "?"
    return worst if worst == best else f"{worst}..{best}"


def figure_cell(block: Block, row: FigureRow, figure: Figure, item: Evaluation) -> Cell:
    """A figure of the company `item`, with the period where it is not the company's own."""
    letters = figure.letters
    letter = figure.letter or ""
    wide = (range_text(*letters),) if letters is not None and not letter else ()
    if figure.state == UNKNOWN:
        return Cell(block.say("unknown"), "dim")
    if figure.state == NOT_APPLICABLE:
        return Cell(block.say("n/a"), "dim", letter, notes=wide)
    unit, language = row.unit, block.comparison.language
    text = value_text(figure.value, unit, row.style, figure.low, figure.high, language)
    notes = list(wide)
    if figure.label is not None and (item.period is None or figure.label != item.period.label):
        notes.append(figure.label)
    states = {
        "assumed": figure.assumed, "disputed": figure.disputed, "stated": figure.stated,
        "behind": figure.behind, "stale": figure.state == STALE,
        "estimate": figure.kind not in (None, "actual"),
    }  # fmt: skip
    notes += [
        name
        for name, holds in states.items()
        if holds and not (name == "stated" and figure.assumed)
    ]
    style = "dim" if figure.state == STALE else ""
    return Cell(text, style, letter, _MARKS.get(figure.rank or "", Piece(" ")), tuple(notes))


def verdict_cells(block: Block, rule: RuleRow) -> list[Cell]:
    """What the rule comes to for each company of the block."""
    shown = rule.verdicts[block.first : block.stop]
    return [_verdict(block, v, item) for v, item in zip(shown, block.evaluations, strict=True)]


def _verdict(block: Block, verdict: Verdict, item: Evaluation) -> Cell:
    if verdict.outcome in (None, NOT_APPLICABLE):
        return Cell(block.say("n/a"), "dim")
    notes = []
    if verdict.period is not None and (item.period is None or verdict.period != item.period.label):
        notes.append(verdict.period)
    states = {
        "assumed": verdict.assumed, "disputed": verdict.disputed,
        "behind": verdict.behind and verdict.outcome != UNKNOWN,
        "stale": verdict.reason == "stale",
    }  # fmt: skip
    notes += [name for name, holds in states.items() if holds]
    if verdict.outcome == FLAG:
        word = verdict.severity or FLAG
        return Cell(block.say(word), verdict.severity or "", notes=tuple(notes))
    if verdict.outcome == UNKNOWN:
        notes = [note for note in notes if note != verdict.period]
    return Cell(block.say(verdict.outcome or ""), "dim", notes=tuple(notes))


def print_row(block: Block, title: str, cells: list[Cell], signs: set[str]) -> list[Line]:
    """A row of cells; notes that do not fit behind their figures go into a line below."""
    room = block.column
    slot = room - 4
    notes = [_noted(block, cell.notes, signs) for cell in cells]
    beside = [
        not note or display_width(cell.text) + display_width(note) + 1 < slot
        for cell, note in zip(cells, notes, strict=True)
    ]
    pieces: list[Piece | str] = [fit(f"  {cut(title, block.title - 3)}", block.title)]
    below: list[Piece | str] = [" " * block.title]
    for cell, note, fits in zip(cells, notes, beside, strict=True):
        behind = f"{note} " if note and fits else ""
        text = cell.text
        under = "" if fits else note
        if display_width(text) >= slot:  # a range too wide for its column goes on below
            first, dots, last = text.partition("..")
            text, under = (f"{first}{dots}", f"{last} {under}".rstrip()) if dots else (text, under)
        gap = " " * max(1, slot - display_width(behind) - display_width(text))
        pieces += [gap, Piece(behind, "dim"), Piece(text, cell.style)]
        pieces += [" ", Piece(cell.letter or " ", f"letter-{cell.letter}"), cell.mark, " "]
        below.append(Piece(f"{fit(cut(under, room - 4), room - 3, right=True)}   ", "dim"))
    lines = [line(*pieces)]
    if any(piece.strip() for piece in (p if isinstance(p, str) else p.text for p in below)):
        lines.append(line(*below))
    return lines


def _noted(block: Block, notes: tuple[str, ...], signs: set[str]) -> str:
    """Notes as words or, in narrow columns, as signs behind the period."""
    if block.wordy:
        return " ".join(block.say(note) for note in notes)
    words = [note for note in notes if note not in NOTES]
    used = [note for note in notes if note in NOTES]
    signs.update(used)
    return " ".join([*words, "".join(NOTES[note] for note in used)]).strip()
