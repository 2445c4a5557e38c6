"""The finding of a verdict: its outcome now, and all that is worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.check.deciding import is_disputed
from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.resting import rests_on_command_line
from ddcheck.engine.check.scenario import Scenario
from ddcheck.engine.check.showing import figure_of, message_of
from ddcheck.engine.check.stability import find_stability
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.finding import (
    PASS,
    UNKNOWN,
    Finding,
    FindingDetails,
    Headroom,
    Stability,
)
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import Rule
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.once import Once


def finding_of(
    judge: Judge,
    verdict: Verdict,
    language: str,
    conflicts: Callable[[], tuple[Conflict, ...]],
    reported: Callable[[], Judge],
) -> Finding:
    """The finding of a verdict: its words, figures, evidence and what would change it.

    `reported` judges the same company without the facts that the command line assumes.
    """
    rule = verdict.rule
    definition = rule.definition
    assumed = judge.assumed(verdict)
    outcome, reason = verdict.outcome, verdict.reason
    grave = SEVERITIES.index(rule.gravest) <= SEVERITIES.index("high")
    if outcome == PASS and assumed and grave:
        outcome, reason = UNKNOWN, "assumed"
    scenario = Once(lambda: Scenario(judge, verdict))
    judged = outcome == verdict.outcome
    return Finding(
        rule.id,
        definition.title.text(language),
        definition.category or "",
        verdict.severity,
        outcome,
        verdict.period.label + kind_suffix(verdict.kind) if verdict.period is not None else None,
        verdict.frame,
        assumed,
        verdict.behind,
        verdict.last,
        verdict.worst if outcome == verdict.outcome else rule.gravest,
        judge.kind(verdict),
        Once(lambda: _details(judge, verdict, outcome, reason, language, conflicts, reported)),
        Once(lambda: find_stability(judge, verdict, scenario) if judged else Stability(None, ())),
        Once(lambda: _headroom(judge, verdict, scenario) if judged else ()),
    )


def _headroom(
    judge: Judge, verdict: Verdict, scenario: Callable[[], Scenario]
) -> tuple[Headroom, ...]:
    # Of no use to a run that shows none.
    from ddcheck.engine.check.headroom import find_headroom

    return find_headroom(judge, verdict, scenario)


def _details(
    judge: Judge,
    verdict: Verdict,
    outcome: str,
    reason: str | None,
    language: str,
    conflicts: Callable[[], tuple[Conflict, ...]],
    reported: Callable[[], Judge],
) -> FindingDetails:
    rule, frame = verdict.rule, verdict.frame
    place = verdict.place if verdict.place >= 0 else verdict.open_place
    unknown = outcome == UNKNOWN
    missing = judge.missing(verdict) if unknown or verdict.behind else ()
    if unknown and reason is None:
        reason = "bounded" if any(m.kind == "bounded" for m in missing) else "missing"
    evidence = judge.evidence(verdict)
    shown = rule.show if place >= 0 else ()
    return FindingDetails(
        reason,
        message_of(judge, verdict, language),
        tuple(figure_of(judge, name, frame, place, language) for name in shown),
        is_disputed(judge.context, rule, evidence, conflicts),
        missing,
        _bounds(judge, rule, frame, verdict.open_place) if unknown else None,
        judge.context.ledger.tier(evidence),
        evidence,
        _last_value(judge, verdict, language),
        rests_on_command_line(judge, verdict, missing, evidence, reported),
    )


def _last_value(judge: Judge, verdict: Verdict, language: str) -> str | None:
    """The first figure of a stale rule where it was last decided."""
    if verdict.last_place < 0 or not verdict.rule.show:
        return None
    name = verdict.rule.show[0]
    figure = figure_of(judge, name, verdict.last_frame, verdict.last_place, language)
    _, value, low, high = figure.values[-1]
    return value_text(value, figure.unit, figure.style, low, high, language)


def _bounds(
    judge: Judge, rule: Rule, frame: str, place: int
) -> tuple[str, float | None, float | None] | None:
    """The period and ends of a metric that is only known as a range."""
    metric = rule.definition.metric
    if metric is None or place < 0:
        return None
    context = judge.context
    evaluator = context.evaluator(frame, BOUNDS)
    cell: Cell = evaluator.a.cells(context.named(metric.text, evaluator))[place]
    if cell.low is None or cell.low == cell.high:
        return None
    return context.axis(frame).periods[place].label, cell.low, cell.high
