"""Evaluating a company under a plan: verdicts, measures, grade, requests, all in one object."""

from __future__ import annotations

from ddcheck.engine.check.conflicts import find_conflicts
from ddcheck.engine.check.deciding import deciding
from ddcheck.engine.check.findings import finding_of
from ddcheck.engine.check.grade import Mark, Weight, grade_company, standing_of
from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.measure import measure_metric
from ddcheck.engine.check.pending import pending
from ddcheck.engine.check.requests import list_requests
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Assumption, Evaluation, EvaluationDetails, Grade
from ddcheck.engine.model.finding import FLAG, PASS, UNKNOWN, Finding
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Pack
from ddcheck.engine.model.periods import FRAMES, Period
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.once import Once


def evaluate(
    plan: Plan,
    company: Company,
    *,
    today: int,
    as_of: int | None = None,
    period: Period | None = None,
    language: str = "en",
    assumptions: tuple[Assumption, ...] = (),
) -> Evaluation:
    """What `plan` says of `company`: total, never raises on anything a plan or company can hold.

    The evaluation date is the end of `period`, else `as_of`, else the newest publication among
    the sources; `as_of` hides what was published later. `assumptions` are what `assume` has put
    into plan and company already.
    """
    ledger = Ledger(company, as_of)
    limit = ledger.evaluated_at(period, today)
    context = Context(plan, ledger, limit)
    judge = Judge(context, limit)
    applied = {pack.id for pack in plan.packs.packs if pack_applies(pack, company)}
    verdicts = [
        judge.verdict(rule) for rule in plan.rules.values() if rule.definition.pack in applied
    ]
    conflicts = Once(lambda: find_conflicts(judge))
    reported = Once(lambda: Judge(Context(plan, ledger.reported, limit), limit))
    in_force = as_of if as_of is not None else today
    findings = tuple(
        pending(
            finding_of(judge, verdict, language, conflicts, reported),
            verdict.rule,
            in_force,
            language,
        )
        for verdict in verdicts
        if not verdict.rule.definition.strength
    )
    strengths = tuple(
        finding_of(judge, verdict, language, conflicts, reported)
        for verdict in verdicts
        if verdict.rule.definition.strength
    )
    grading = plan.grading
    graded = {
        category.id
        for category in (grading.categories.values() if grading else ())
        if category.graded
    }

    @Once
    def metrics() -> tuple[MetricResult, ...]:
        return tuple(
            measure_metric(
                metric, judge, graded=metric.definition.category in graded, language=language
            )
            for metric in plan.metrics.values()
            if metric.definition.pack in applied
        )

    @Once
    def details() -> EvaluationDetails:
        newest = _newest(judge)
        return EvaluationDetails(
            newest.get("year") or max(newest.values(), key=lambda p: p.end, default=None),
            newest,
            list_requests(context, findings, metrics(), language),
        )

    policy = plan.packs.policy
    must_know = policy.must_know if policy is not None else ()
    return Evaluation(
        company,
        plan,
        ledger,
        language,
        today,
        limit,
        _ordered(plan, findings),
        strengths,
        tuple(f.id for f in findings if f.id in must_know and f.is_open and f.becomes is None),
        Once(lambda: _grade(plan, metrics(), findings)),
        metrics,
        details,
        Once(lambda: deciding(judge, conflicts(), verdicts, metrics())),
        assumptions,
        standing=Once(lambda: standing_of(metrics(), findings)),
    )


def _newest(judge: Judge) -> dict[str, Period]:
    places = {frame: judge.newest(frame) for frame in FRAMES}
    axis = judge.context.axis
    return {frame: axis(frame).periods[i] for frame, i in places.items() if i >= 0}


def pack_applies(pack: Pack, company: Company) -> bool:
    """Whether a pack is meant for a company with these tags."""
    return not pack.applies_to or not pack.applies_to.isdisjoint(company.tags)


def _ordered(plan: Plan, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Flags first, the gravest before the milder, then what must be known, then by category."""
    outcomes = {FLAG: 0, UNKNOWN: 1, PASS: 2}
    severities = {severity: i for i, severity in enumerate(SEVERITIES)}
    must_know = plan.packs.policy.must_know if plan.packs.policy is not None else ()
    grading = plan.grading
    places = {name: i for i, name in enumerate(grading.categories)} if grading is not None else {}

    def order(finding: Finding) -> tuple[int, int, bool, int]:
        return (
            outcomes.get(finding.outcome, len(outcomes)),
            severities[finding.severity],
            finding.id not in must_know,
            places.get(finding.category, 99),
        )

    return tuple(sorted(findings, key=order))


def _grade(plan: Plan, metrics: tuple[MetricResult, ...], findings: tuple[Finding, ...]) -> Grade:
    if plan.grading is None:
        return Grade(None, None, None, None, None, 0.0, ())
    marks = []
    for metric in metrics:
        if not metric.graded or metric.category is None:
            continue
        if metric.state == "not-applicable" and metric.letters is None:
            if metric.behind:
                marks.append(Mark(metric.category, metric.weight, None, LETTERS[-1], LETTERS[0]))
            continue
        worst, best = metric.letters or (LETTERS[-1], LETTERS[0])
        if metric.behind or metric.state in ("unknown", "stale"):
            worst, best = LETTERS[-1], LETTERS[0]
        letter = metric.letter if metric.state in ("known", "not-applicable") else None
        marks.append(Mark(metric.category, metric.weight, letter, worst, best))
    weights = []
    for finding in findings:
        severity = finding.severity if finding.outcome == FLAG else None
        undecided = finding.is_open or finding.behind
        at_best = None if undecided else severity
        weights.append(Weight(finding.category, severity, finding.worst, at_best))
    return grade_company(plan.grading, marks, weights)
