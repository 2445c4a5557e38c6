"""How firmly a verdict stands, as lines: what would turn it, and how far each figure can be off."""

from __future__ import annotations

from ddcheck.engine.model.explanation import Evidence, Explanation, Turn
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line
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
            lines.append(line(f"  {_turn_name(turn, columns)} ", words))
    if item.headroom:
        if lines:
            lines.append(line())
        words = say(language, "HEADROOM: how far each figure can be off, alone, before it turns")
        lines.append(line(Piece(words, "title")))
        for turn in item.headroom:
            ends = []
            for sign, end in (("≤", turn.below), ("≥", turn.above)):
                if end is not None:
                    ends.append(f"{sign} {end.shown}{_percent(turn, end.value)}")
            words = say(language, " or ").join(ends) or say(language, "never")
            shown = fit(turn.shown.shown, 18, right=True)
            lines.append(line(f"  {_turn_name(turn, columns)} {shown}   ", Piece(words, "dim")))
    return lines


def _turn_name(turn: Turn, columns: int) -> str:
    return fit(
        cut(f"{turn.evidence.fact.concept} {turn.period}", columns // 2 - 12), columns // 2 - 12
    )


def _percent(turn: Turn, end: float | None) -> str:
    value = turn.shown.value
    if value is None or not value or end is None:
        return ""
    return f" ({(end - value) / abs(value) * 100:+.1f}%)"


def _quoted(evidence: Evidence) -> str:
    fact = evidence.fact
    return f"{fact.text} ({fact.period.label}{kind_suffix(fact.kind)}, {fact.source})"
