"""What names mean where a formula is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ddcheck.engine.model.units import Measure
from ddcheck.engine.model.vocabulary import Dimension


class Named(NamedTuple):
    """What a name stands for, and everything it reaches."""

    kind: str
    measure: Measure
    leaves: frozenset[str]
    calls: frozenset[str]
    rules: frozenset[str]


class Scope(NamedTuple):
    """What formulas may name; `resolve` gives None and reports where a definition is unusable."""

    resolve: Callable[[str], Named | None]
    known: Callable[[], Iterable[str]]
    rules: Callable[[str], Named | None]
    rule_ids: Callable[[], Iterable[str]]
    dimensions: dict[str, Dimension]
