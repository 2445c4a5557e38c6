"""What layers come to: each parameter as it is, each change, and what it does to flags."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.layered import Change, Lock
from ddcheck.engine.model.pack import Pack, Parameter, RuleDefinition
from ddcheck.engine.text.shape import Label


class Shift(NamedTuple):
    """A change that holds, and what it does: `kind` is looser, tighter or changed."""

    change: Change
    kind: str


class ParameterState(NamedTuple):
    """A parameter on the day judged.

    `default` is its own pack's value on that day; `kind` what the difference does, None for none;
    `uses` are the metrics and rules that rest on it; `overdue` says that nobody has looked at it
    for a year.
    """

    parameter: Parameter
    pack: str
    value: float | None
    default: float | None
    kind: str | None
    following: tuple[int, float] | None
    lock: Lock | None
    overdue: bool
    uses: tuple[str, ...]


class FieldState(NamedTuple):
    """A field of a metric or rule that a layer replaced; `title` is that of the entry.

    `now` and `before` are what stands there and in the entry's own pack, on one line each.
    """

    change: Change
    kind: str | None
    title: Label
    now: str
    before: str


class ParametersPage(NamedTuple):
    """All that `ddcheck params` shows; days are ordinals.

    `company` is id and name, None for the packs alone; `assumed` are the names that the command
    line sets, `pending` rules that count only later.
    """

    company: tuple[str, str] | None
    day: int
    today: int
    packs: tuple[Pack, ...]
    policy: str | None
    states: tuple[ParameterState, ...]
    fields: tuple[FieldState, ...]
    locks: tuple[Lock, ...]
    pending: tuple[RuleDefinition, ...]
    assumed: frozenset[str]
    language: str
    everything: bool
    version: str
