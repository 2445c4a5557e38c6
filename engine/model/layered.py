"""Layers: what one pack, or the file of a project, says about definitions that stand beneath it.

Types only; `model.layers` applies them. Every value keeps the file, line and column where it was
written, so that whatever is said of it leads to the layer that wrote it.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.text.document import Mapping, Node, Scalar

#: The field of an override that takes a rule out, and says why.
OFF = "off"
#: What a change does to the flags that it touches; CHANGED where that cannot be told.
LOOSER, TIGHTER, CHANGED = "looser", "tighter", "changed"


class Entry(NamedTuple):
    """A metric, rule or strength as it stands in its file; `section` is the key above it."""

    section: str
    key: Scalar
    mapping: Mapping
    category: Node | None


class Layer(NamedTuple):
    """What a pack (or a project, `name` then being its file) says about what is beneath it.

    `reach` are the packs that it may change: those it extends, however far; of a project all.
    """

    name: str
    reach: frozenset[str]
    sets: tuple[tuple[Scalar, Node], ...]
    overrides: tuple[tuple[Scalar, Mapping], ...]
    locked: tuple[Scalar, ...]
    is_project: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether anything beneath it is another with this layer than without."""
        return bool(self.sets or self.overrides)


class Written(NamedTuple):
    """The value of a parameter after one layer: `values` are `(from day, value)`, oldest first."""

    layer: str
    node: Scalar
    values: tuple[tuple[int, float], ...]


class Change(NamedTuple):
    """A field of a metric or rule that a layer replaces; `field` is None for a parameter's value.

    `key` is the place of it, `node` what is written there.
    """

    id: str
    field: str | None
    layer: str
    key: Scalar
    node: Node


class Lock(NamedTuple):
    """What keeps later layers from a definition.

    `ident` is what was locked by name: the definition itself, or what reads it.
    """

    ident: str
    layer: str
    node: Scalar
