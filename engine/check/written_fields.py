"""Definitions as fields in words, to be compared as they are written.

Every field is taken, so that one that is added later is compared too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ddcheck.engine.model.pack import Ladder, Parameter
from ddcheck.engine.model.periods import KIND_NAMES, day_text
from ddcheck.engine.model.vocabulary import Concept
from ddcheck.engine.model.wording import exact_text
from ddcheck.engine.text.document import Mapping as Node
from ddcheck.engine.text.document import Scalar, Sequence
from ddcheck.engine.text.shape import Label

#: Fields that say where something stands, or repeat another.
_PLACES = frozenset(
    {"node", "message_node", "pack", "unit", "path", "root", "written", "reviewed_node",
     "category_node", "roots", "dated", "newest", "reach", "entries"}
)  # fmt: skip
#: Fields that people read and no verdict rests on.
_WORDS = frozenset(
    {"title", "why", "ask", "ask_on", "reference", "message", "tests", "show", "label", "tags",
     "aliases", "dated", "reason", "created", "owner", "approved_by", "headline", "version",
     "id", "name", "business", "ticker", "founded", "url", "equivalent", "reviewed"}
)  # fmt: skip


def is_words(name: str) -> bool:
    """Whether a field is read by people and decides nothing."""
    return name.partition(" ")[0] in _WORDS


def fields_of(item: Any) -> dict[str, str]:
    """The fields of a definition in words, those that say where it stands left out."""
    found: dict[str, str] = {}
    for name, value in zip(item._fields, item, strict=True):
        if name in _PLACES or name == "id":
            continue
        if isinstance(item, Parameter) and name in ("values", "bounds"):
            found.update(_numbers(item, name))
        elif name == "limits":
            found.update({f"limit {step}": node.text for step, node in value})
        elif name == "ladders":
            for ladder in value:
                found.update(ladder_fields(ladder))
        elif isinstance(value, dict):
            found.update({f"{name} {key}": text for key, text in _texts(value)})
        else:
            text = _text(value, name)
            decides = name == "tags" and not isinstance(item, Concept)
            if text:
                found["for tags" if decides else name] = text
    return found


def _numbers(item: Parameter, name: str) -> Iterator[tuple[str, str]]:
    def written(value: float) -> str:
        return exact_text(value, item.unit_name)

    if name == "values":
        for day, value in item.values:
            yield ("value" if not day else f"value from {day_text(day)}"), written(value)
        return
    for side, value_ in zip(("at_least", "at_most"), item.bounds, strict=True):
        if value_ is not None:
            yield side, written(value_)


def ladder_fields(ladder: Ladder) -> Iterator[tuple[str, str]]:
    """The steps of a ladder, each under a name that no other ladder of the metric has."""
    head = " ".join(["ladder", *sorted(ladder.tags), *([ladder.dated] if ladder.dated else [])])
    for step, node in ladder.steps:
        yield f"{head} {step}", node.text
    if ladder.reference:
        yield f"reference of {head}", ladder.reference


def _texts(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        text = _text(item, "")
        if text:
            yield key, text


def _text(value: Any, name: str) -> str:
    """A field in one line of words; empty for none."""
    if value is None or value == ():
        return ""
    if isinstance(value, Label):
        return value.en if value.en == value.zh else f"{value.en} / {value.zh}"
    if isinstance(value, Scalar):
        return " ".join(value.text.split())
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Node):
        inner = (f"{key.text}: {_text(item, '')}" for key, item in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, frozenset):
        if name == "kinds":
            return ", ".join(KIND_NAMES[kind] for kind in sorted(value))
        return ", ".join(sorted(str(item) for item in value))
    if isinstance(value, Sequence):
        return ", ".join(_text(item, "") for item in value.items)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return ", ".join(f"{key} {text}" for key, text in fields_of(value).items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_text(item, "") for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
