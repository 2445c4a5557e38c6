"""How firmly a verdict stands, as lines: what would turn it, and how far each figure can be off."""

from __future__ import annotations

from ddcheck.engine.model.explanation import Evidence, Explanation, Turn
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.report.lines import Line, Piece, fit, line, width, wrap
from ddcheck.engine.text.diagnostics import display_width
from ddcheck.engine.text.translate import say


def stability_lines(item: Explanation, columns: int) -> list[Line]:
    """The flips of a fragile verdict, and the headroom of each figure behind it."""
    language = item.language
    lines: list[Line] = []
    if item.flips:
        words = say(language, "IT TURNS IF, within the printed digits, all of these were")
        lines.append(line(Piece(words, "title")))
        for turn in item.flips:
            to = turn.to.shown if turn.to is not None else "-"
            words = say(
                language, "printed {text}, at {value}", text=_quoted(turn.evidence), value=to
            )
            lines += [line("  ", text) for text in wrap(f"{_name(turn)}   {words}", columns - 2)]
    if any(turn.below or turn.above for turn in item.headroom):
        if lines:
            lines.append(line())
        words = say(language, "HEADROOM: how far each figure can be off, alone, before it turns")
        lines.append(line(Piece(words, "title")))
        names = max(display_width(_name(turn)) for turn in item.headroom)
        values = max(display_width(turn.shown.shown) for turn in item.headroom)
        for turn in item.headroom:
            ends = [
                f"{sign} {end.shown}{_percent(turn, end.value)}"
                for sign, end in (("≤", turn.below), ("≥", turn.above))
                if end is not None
            ]
            words = say(language, " or ").join(ends) or say(language, "never")
            shown = fit(turn.shown.shown, values, right=True)
            head = line(f"  {fit(_name(turn), names)}  {shown}")
            if width(head) + display_width(words) + 3 <= columns:
                lines.append(line(*head, "   ", Piece(words, "dim")))
            else:
                lines += [
                    head,
                    *(line("      ", Piece(t, "dim")) for t in wrap(words, columns - 6)),
                ]
    return lines


def _name(turn: Turn) -> str:
    return f"{turn.evidence.fact.concept} {turn.period}"


def _percent(turn: Turn, end: float | None) -> str:
    value = turn.shown.value
    if value is None or not value or end is None:
        return ""
    return f" ({(end - value) / abs(value) * 100:+.1f}%)"


def _quoted(evidence: Evidence) -> str:
    fact = evidence.fact
    return f"{fact.text} ({fact.period.label}{kind_suffix(fact.kind)}, {fact.source})"
