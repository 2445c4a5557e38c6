"""A waiver: an accepted flag or unknown, and what has become of it for one finding. Types only."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.formula import Formula
from ddcheck.engine.text.document import Scalar


class Waiver(NamedTuple):
    """An accepted flag or unknown of one rule for one company, for a time.

    Days are ordinals, `expires` is the last day on which it holds; `periods` limit it, none: all.
    """

    rule: str
    company: str
    reason: str
    owner: str
    approved_by: str
    created: int
    expires: int
    holds_while: Formula | None
    periods: tuple[Scalar, ...]
    node: Scalar


class Excuse(NamedTuple):
    """A waiver on a finding: whether it covers it, and in `words` why not where it does not."""

    waiver: Waiver
    holds: bool
    words: str
