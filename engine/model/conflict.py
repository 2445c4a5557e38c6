"""A conflict: figures of one company that cannot all be right. Types only; `check` finds them."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import Fact, Scope
from ddcheck.engine.model.periods import Period

#: The type of a note on figures that only touch: no conflict.
ROUNDING = "rounding"


class Conflict(NamedTuple):
    """What cannot all be right; `chosen` is the source that counts, or `computed`.

    `type` is one of value, definition, unit, period, computed-vs-stated, restatement and
    guidance-vs-actual; `rounding` is a note: figures that only touch at their last digit. The
    candidate that counts stands first; `computed` are the ends of what other figures come to, if
    that is a side of it, and `basis` those figures. `reason` says why the chosen one counts,
    `detail` what shows the type. `decides` are the rules whose verdict, and the metrics whose
    letter, another candidate would change.
    """

    type: str
    concept: str
    period: Period
    scope: Scope
    candidates: tuple[Fact, ...]
    chosen: str
    reason: str
    decides: tuple[str, ...] = ()
    detail: str = ""
    computed: tuple[float, float] | None = None
    basis: tuple[Fact, ...] = ()
