"""HTML and SVG put together from typed pieces: what is not `Html` is text, and is escaped.

There is no template and no string that is filled in: an element is made of its name, its
attributes and its children, so that a text of a company cannot become markup by being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from ddcheck.engine.text.diagnostics import clean

#: Elements without an end tag.
_VOID = frozenset({"br", "hr", "meta", "col"})


class Html(str):
    """Markup that is in order: made by the functions of this module only."""

    __slots__ = ()


Child: TypeAlias = "Html | str | None"
Attribute: TypeAlias = "str | float | None"


def text(words: str) -> Html:
    """`words` as text: nothing in it is markup, steers the direction of writing or is hidden."""
    return Html(escape(clean(words.replace("\n", " ").replace("\t", " ")), quote=True))


def joined(children: Iterable[Child], between: Child = None) -> Html:
    """Children one after the other; None is left out."""
    parts = [_html(child) for child in children if child is not None]
    return Html(_html(between).join(parts))


def el(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """An element; an attribute that is None is left out, `_` in its name stands for `-`.

    A `_` at the end only keeps a name from being a word of Python: `class_`, `for_`.
    """
    words = [name]
    for key, value in attributes.items():
        if value is not None:
            written = number(value) if isinstance(value, (int, float)) else value
            words.append(f'{_attribute(key)}="{text(written)}"')
    start = f"<{' '.join(words)}>"
    if name in _VOID:
        return Html(start)
    return Html(f"{start}{joined(children)}</{name}>")


def number(value: float) -> str:
    """A number as SVG writes it, in tenths at most."""
    written = f"{value:.1f}"
    return "0" if written == "-0.0" else written.removesuffix(".0")


def _attribute(key: str) -> str:
    name = key.removesuffix("_")
    if name in ("viewBox", "preserveAspectRatio"):
        return name
    return name.replace("_", "-")


def _html(child: Child) -> Html:
    if child is None:
        return Html("")
    return child if isinstance(child, Html) else text(child)
