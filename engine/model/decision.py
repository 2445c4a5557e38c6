"""The decision of a gate: which findings fail it, which are waived or known, and why.

Types only; policy, waivers and baseline are read and applied in `gate`.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.evaluation import Evaluation, Finding
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.memo import Audit
from ddcheck.engine.text.document import Scalar

#: Why a finding does not fail, or does.
FAILS, WAIVED, KNOWN, BELOW = "fails", "waived", "in the baseline", "below the level"


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
    periods: tuple[str, ...]
    node: Scalar


class Settled(NamedTuple):
    """A finding and what the gate makes of it; `waiver` is the one that covers it."""

    finding: Finding
    status: str
    waiver: Waiver | None
    words: str


class Gated(NamedTuple):
    """One company at the gate."""

    evaluation: Evaluation
    settled: tuple[Settled, ...]

    @property
    def failing(self) -> tuple[Settled, ...]:
        """What fails it."""
        return tuple(item for item in self.settled if item.status == FAILS)


class Notice(NamedTuple):
    """Something about the gate itself: an expired or unused waiver, an entry that is gone."""

    id: str
    level: str
    node: Scalar | None
    path: str
    message: str


class Decision(NamedTuple):
    """What a run of the gate comes to; `level` is the severity from which a flag fails."""

    level: str
    companies: tuple[Gated, ...]
    memos: tuple[Audit, ...]
    notices: tuple[Notice, ...]

    @property
    def failed(self) -> bool:
        """Whether anything fails."""
        return (
            any(item.failing for item in self.companies)
            or any(memo.failed for memo in self.memos)
            or any(notice.level == "error" for notice in self.notices)
        )
