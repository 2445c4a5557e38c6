"""A run of `check` as the formats of the gate take it: by the level asked for, without a baseline.

Findings carry their waivers already.
"""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.commands.judging import Excused
from ddcheck.engine.commands.levels import Level
from ddcheck.engine.gate.baseline import entry_of
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.model.decision import (
    BELOW,
    FAILS,
    WAIVED,
    Decision,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.memo import Audit
from ddcheck.engine.text.diagnostics import Report


class Manner(NamedTuple):
    """How a run was asked for; `policy` names the file asked for, None without one."""

    level: Level | None
    fail_on: str | None
    policy: str | None
    today: int
    version: str
    language: str
    everything: bool


def result_of(
    companies: tuple[Excused, ...],
    memos: tuple[Audit, ...],
    manner: Manner,
    report: Report,
    *,
    by_policy: bool = False,
) -> GateResult:
    """What the run came to; nothing where nothing was judged.

    Without a level nothing fails; what is up is told all the same. With `by_policy` a run without
    a level is held to the policy's, and what must be known must be.
    """
    decision = None
    if companies or memos:
        level = manner.level
        asked = f"--fail-on {manner.fail_on}" if level is not None else "none: nothing fails"
        found = companies[0].evaluation.plan.packs.policy if by_policy and companies else None
        by_policy = level is None and found is not None
        if by_policy and found is not None:
            level, asked = Level(found.fail_on, unknown=False), manner.policy or "of the packs"
        decision = Decision(
            level.severity if level is not None else "none",
            level is not None and level.unknown,
            asked,
            tuple(_gated(item.evaluation, level, by_policy=by_policy) for item in companies),
            memos,
            tuple(notice for item in companies for notice in item.notices),
        )
    judged = decision is not None and not report.failed
    return GateResult(
        decision, judged, tuple(report), manner.today, manner.version, manner.language,
        manner.everything,
    )  # fmt: skip


def _gated(evaluation: Evaluation, level: Level | None, *, by_policy: bool) -> Gated:
    figures = Figures(evaluation)
    settled = []
    for finding in evaluation.findings:
        counts = level is not None and level.counts(finding)
        counts = counts or (by_policy and finding.id in evaluation.must_know)
        if finding.outcome != FLAG and not counts:
            continue
        excuse = finding.waiver
        status = WAIVED if finding.waived else FAILS if counts else BELOW
        waiver, words = (excuse.waiver, excuse.words) if excuse is not None else (None, "")
        settled.append(Settled(finding, status, waiver, words, entry_of(finding, figures)))
    return Gated(evaluation, tuple(settled))
