"""What a conflict touches: findings that are disputed, verdicts and letters that would change.

Each other candidate is tried in a variant of the company that shares all rows which the concept
does not reach; only rules and metrics that it reaches are judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.likeness import GUIDED
from ddcheck.engine.check.measure import measure_metric
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.conflict import ROUNDING, Conflict
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.marks import apart
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.plan import Rule


def deciding(
    judge: Judge,
    conflicts: Sequence[Conflict],
    verdicts: Sequence[Verdict],
    metrics: Sequence[MetricResult],
) -> tuple[Conflict, ...]:
    """`conflicts` with what each decides; those that decide something first, the gravest first.

    Rules that hold figures against each other (`agrees`) are how a contradiction shows; which of
    its sides counts is not theirs to say.
    """
    known = {verdict.rule.id: verdict for verdict in verdicts}
    plan = judge.context.plan
    found = []
    for conflict in conflicts:
        rules = [
            verdict
            for verdict in verdicts
            if conflict.concept in verdict.rule.leaves and "agrees" not in verdict.rule.calls
        ]
        measured = [m for m in metrics if conflict.concept in plan.metrics[m.id].leaves]
        decides: dict[str, None] = {}
        for other in _variants(judge, conflict) if rules or measured else ():
            for verdict in rules:
                if _outcome(other.verdict(verdict.rule)) != _outcome(verdict):
                    decides[verdict.rule.id] = None
            for metric in measured:
                again = measure_metric(plan.metrics[metric.id], other, graded=metric.graded)
                if _letters(again) != _letters(metric):
                    decides[metric.id] = None
        found.append(conflict._replace(decides=tuple(decides)))

    def order(conflict: Conflict) -> tuple[bool, int, int]:
        grave = [
            SEVERITIES.index(known[name].rule.gravest) for name in conflict.decides if name in known
        ]
        worst = min(grave, default=len(SEVERITIES))
        return not conflict.decides, worst, -conflict.period.end

    return tuple(sorted(found, key=order))


def is_disputed(
    context: Context,
    rule: Rule,
    evidence: tuple[Fact, ...],
    conflicts: Callable[[], tuple[Conflict, ...]],
) -> bool:
    """Whether a fact behind a verdict of `rule` is contradicted: by a source, or by other figures.

    A metric is contradicted where a source states it otherwise than the evidence makes it.
    """
    if any(
        apart(fact, other)
        for fact in evidence
        for other in context.ledger.candidates(fact)
        if other.unit == fact.unit
    ):
        return True
    facts = set(evidence)
    for conflict in conflicts() if facts else ():
        if conflict.computed is None or conflict.type in (GUIDED, ROUNDING):
            continue
        if not facts.isdisjoint(conflict.candidates):
            return True
        uses = conflict.concept in context.plan.metrics and conflict.concept in rule.leaves
        if uses and conflict.basis and facts.issuperset(conflict.basis):
            return True
    return False


def _outcome(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.outcome, verdict.severity if verdict.outcome == FLAG else None


def _letters(metric: MetricResult) -> tuple[str, tuple[str, str] | None]:
    return metric.state, metric.letters


def _variants(judge: Judge, conflict: Conflict) -> Iterator[Judge]:
    """The judges of the company in which another side of `conflict` counts.

    Guidance never counts for an actual, and without the whole nothing can be said of its parts:
    there no other choice exists.
    """
    context, ledger = judge.context, judge.context.ledger
    first, *others = conflict.candidates
    if conflict.type in (GUIDED, ROUNDING) or first.scope != conflict.scope:
        return
    if conflict.computed is None or others:
        sides = [
            other
            for other in others
            if other.unit == first.unit or other.share != first.share
            if (other.scope, other.kind) == (first.scope, first.kind)
        ]
        for other in sides:
            yield judge.among(context.variant(ledger.choosing(first, other), conflict.concept))
    elif conflict.concept in context.plan.metrics:
        yield judge.among(context.variant(ledger, conflict.concept, insist=first))
    else:
        yield judge.among(context.variant(ledger.choosing(first, None), conflict.concept))
