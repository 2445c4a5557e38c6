"""Lines for a notebook, by Rich: a block of preformatted text with colors, everything escaped."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from ddcheck.engine.report.lines import WIDTH, Line
from ddcheck.engine.report.terminal import STYLES

_BLOCK = (
    '<pre style="line-height:1.25;overflow-x:auto;white-space:pre;'
    "font-family:Menlo,'DejaVu Sans Mono',Consolas,monospace\">{code}</pre>"
)


def render_notebook(lines: list[Line]) -> str:
    """The lines as one HTML element that stands alone."""
    console = Console(
        file=io.StringIO(), record=True, width=WIDTH, color_system="truecolor", force_terminal=True,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for item in lines:
        text = Text(no_wrap=True)
        for piece in item:
            text.append(piece.text, style=STYLES.get(piece.style, ""))
        text.rstrip()
        console.print(text, soft_wrap=True)
    return console.export_html(code_format=_BLOCK, inline_styles=True)
