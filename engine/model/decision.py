"""The decision of a gate: which findings fail it, which are waived or known, and why.

Types only; policy, waivers and baseline are read and applied in `gate`.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.memo import Audit
from ddcheck.engine.model.waiver import Waiver
from ddcheck.engine.text.diagnostics import Diagnostic
from ddcheck.engine.text.document import Scalar

#: Why a finding does not fail, or does.
FAILS, WAIVED, ANSWERED, KNOWN, BELOW = "fails", "waived", "answered", "known", "below"
STATUSES = (FAILS, WAIVED, ANSWERED, KNOWN, BELOW)
#: How grave a notice is.
ERROR, WARNING, NOTE = "error", "warning", "note"


class Entry(NamedTuple):
    """A finding as a baseline keeps it: its key, and what was seen (`value` in base units)."""

    company: str
    rule: str
    frame: str
    period: str | None
    outcome: str
    severity: str
    value: float | None
    node: Scalar | None

    @property
    def key(self) -> tuple[str, str, str, str | None]:
        """What makes it the same finding: never a line."""
        return self.company, self.rule, self.frame, self.period


class Settled(NamedTuple):
    """A finding and what the gate makes of it.

    `waiver` covers it, or would if it still did; `words` say why it fails or does not where that
    is not plain; `entry` is what a baseline would keep of it.
    """

    finding: Finding
    status: str
    waiver: Waiver | None
    words: str
    entry: Entry


class Gated(NamedTuple):
    """One company at the gate."""

    evaluation: Evaluation
    settled: tuple[Settled, ...]

    @property
    def failing(self) -> tuple[Settled, ...]:
        """What fails it."""
        return self.of(FAILS)

    def of(self, status: str) -> tuple[Settled, ...]:
        """What has the status."""
        return tuple(item for item in self.settled if item.status == status)


class Notice(NamedTuple):
    """Something about the gate itself: an expired or unused waiver, an entry that is gone.

    `path` and `line` say where it is written, as people know the file; line 0: nowhere.
    """

    id: str
    level: str
    path: str
    line: int
    column: int
    message: str


class Decision(NamedTuple):
    """What a run of the gate comes to; `level` is the severity from which a flag fails.

    `unknowns`: whether an unknown at that level fails as well. `policy` names the policy that
    decided, with the commit it is from.
    """

    level: str
    unknowns: bool
    policy: str
    companies: tuple[Gated, ...]
    memos: tuple[Audit, ...]
    notices: tuple[Notice, ...]

    @property
    def failed(self) -> bool:
        """Whether anything fails."""
        return (
            any(item.failing for item in self.companies)
            or any(memo.failed for memo in self.memos)
            or any(notice.level == ERROR for notice in self.notices)
        )

    def counted(self, status: str) -> int:
        """How many findings of all companies have the status."""
        return sum(len(item.of(status)) for item in self.companies)


def is_flag(settled: Settled) -> bool:
    """Whether a flag is settled, not an unknown."""
    return settled.finding.outcome == FLAG


class GateResult(NamedTuple):
    """A run of the gate: what every format of its report is made from.

    `decision` is None where nothing could be measured; `judged` False where something asked for
    could not be. `today` is an ordinal, `everything` asks for what is below the level as well.
    """

    decision: Decision | None
    judged: bool
    diagnostics: tuple[Diagnostic, ...]
    today: int
    version: str
    language: str
    everything: bool = False
