"""Lines on a terminal, by Rich: colors where they help, nothing where they do not."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ddcheck.engine.report.lines import Line, encodable

STYLES = {
    "title": "bold",
    "name": "bold cyan",
    "bad": "bold red",
    "warn": "yellow",
    "good": "green",
    "dim": "dim",
    "key": "cyan",
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "blue",
    "info": "dim",
    "letter-A": "bold green",
    "letter-B": "green",
    "letter-C": "yellow",
    "letter-D": "red",
    "letter-F": "bold red",
}


def render_terminal(lines: list[Line], *, width: int, color: bool, encoding: str) -> str:
    """The lines with terminal styles, folded to `width`; without styles unless `color`."""
    console = Console(
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        width=width,
        record=False,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for item in lines:
            text = Text(no_wrap=True)
            for piece in item:
                text.append(encodable(piece.text, encoding), style=STYLES.get(piece.style, ""))
            text.rstrip()
            console.print(text, soft_wrap=True)
    return capture.get()
