"""Lines of styled text with terminal widths: what the text report is made of.

A line is a tuple of pieces; each piece is text and the name of a style. Nothing here knows a
terminal: `plain` writes the lines bare, `terminal` hands them to Rich.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ddcheck.engine.text.diagnostics import clean, display_width, tame


class Piece(NamedTuple):
    """Text in one style: a severity, `title`, `bad`, `good`, `dim`, `key`, `letter-A` and so on."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Piece, ...]

#: Columns of the report.
WIDTH = 110
_BARS = "▁▂▃▄▅▆▇█"
#: Plainer characters for terminals that cannot show the others.
_PLAINER = {
    "·": "|", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "-", "▆": "=", "▇": "=", "█": "#",
    "…": "...", "–": "-", "—": "-", "×": "x", "→": "->", "’": "'", "“": '"', "”": '"',
    "▲": "^", "▼": "v",
    "│": "|", "├": "|", "└": "`", "─": "-", "↑": "^", "−": "-",
}  # fmt: skip


def line(*pieces: Piece | str) -> Line:
    """A line of pieces; bare text has no style."""
    return tuple(
        Piece(clean(piece), "") if isinstance(piece, str) else Piece(clean(piece.text), piece.style)
        for piece in pieces
    )


def width(line_: Line) -> int:
    """Columns that the line takes."""
    return sum(display_width(piece.text) for piece in line_)


def fit(text: str, columns: int, *, right: bool = False) -> str:
    """`text` in exactly `columns` columns: padded, or cut with an ellipsis."""
    text = cut(text, columns)
    gap = " " * (columns - display_width(text))
    return gap + text if right else text + gap


def cut(text: str, columns: int) -> str:
    """`text` in at most `columns` columns, cut with an ellipsis."""
    if display_width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if display_width(kept + char) > columns - 1:
            break
        kept += char
    return kept.rstrip() + "…"


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns` columns, broken at spaces or between Chinese signs."""
    lines, current = [], ""
    for word in _words(text):
        if current and display_width(current + word.rstrip()) > columns:
            lines.append(current.rstrip())
            current = word.lstrip()
        else:
            current += word
    if current.strip():
        lines.append(current.rstrip())
    return lines or [""]


def _words(text: str) -> list[str]:
    words, current = [], ""
    for char in text:
        current += char
        if char == " " or ord(char) > 0x2E7F:
            words.append(current)
            current = ""
    return [*words, current] if current else words


def bullet(sign: Piece, words: str, tail: str, columns: int, *, fold: bool = False) -> list[Line]:
    """`sign   words tail` in one line, the words cut to fit; folded onto more lines if `fold`."""
    lead, room = 7, columns - 8 - display_width(tail)
    if not fold or display_width(words) <= room:
        return [line("   ", sign, f"   {cut(words, max(room, 20))} ", Piece(tail, "dim"))]
    full = wrap(f"{words} {tail}", columns - lead)
    first = line("   ", sign, f"   {full[0]}")
    return [first, *(line(" " * lead, text) for text in full[1:])]


def flow(chunks: list[Line], columns: int, *, between: str = " · ", indent: str = "") -> list[Line]:
    """Chunks in lines of at most `columns` columns, `between` two on one line.

    Lines after the first begin with `indent`; a chunk that is wider than a line is wrapped.
    """
    lines: list[Line] = []
    current: Line = ()
    for chunk in chunks:
        joined = (*current, Piece(between), *chunk)
        if current and width(joined) <= columns:
            current = joined
            continue
        lead = indent if current else ""
        if current:
            lines.append(current)
        current = (Piece(lead), *chunk) if lead else chunk
        if width(current) > columns:
            style = max(chunk, key=lambda piece: len(piece.text)).style
            text = "".join(piece.text for piece in chunk)
            *full, last = wrap(text, columns - len(lead))
            lines += [(Piece(lead), Piece(part, style)) for part in full]
            current = (Piece(lead), Piece(last, style))
    return [*lines, current] if current else lines


def spark(values: list[float | None]) -> str:
    """The values as a row of small bars, a blank where one is missing."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if high == low:
        return "".join(" " if value is None else _BARS[3] for value in values)
    scale = (len(_BARS) - 1) / (high - low)
    return "".join(
        " " if value is None else _BARS[round((value - low) * scale)] for value in values
    )


def plain(lines: list[Line], encoding: str = "utf-8") -> str:
    """The lines as bare text, in plainer characters where `encoding` lacks one."""
    text = "\n".join("".join(piece.text for piece in item).rstrip() for item in lines) + "\n"
    return encodable(tame(text), encoding)


def encodable(text: str, encoding: str) -> str:
    """`text` with every character that `encoding` lacks replaced by a plainer one."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        pass
    else:
        return text
    out = []
    for char in text:
        try:
            char.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            out.append(_PLAINER.get(char, "?" * display_width(char)))
        else:
            out.append(char)
    return "".join(out)
