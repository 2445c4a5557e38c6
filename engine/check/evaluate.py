"""Evaluating a company under a plan: verdicts, measures, grade, requests, all in one object."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ddcheck.engine.check.conflicts import find_conflicts
from ddcheck.engine.check.deciding import deciding, is_disputed
from ddcheck.engine.check.grade import Mark, Weight, grade_company, standing_of
from ddcheck.engine.check.headroom import find_headroom
from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.measure import measure_metric, metric_style
from ddcheck.engine.check.messages import facts_text, shown_places
from ddcheck.engine.check.requests import list_requests, title_of
from ddcheck.engine.check.resting import rests_on_command_line
from ddcheck.engine.check.scenario import Scenario
from ddcheck.engine.check.stability import find_stability
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import (
    FLAG,
    PASS,
    UNKNOWN,
    Assumption,
    Evaluation,
    EvaluationDetails,
    Figure,
    Finding,
    FindingDetails,
    Grade,
    MetricResult,
    Stability,
)
from ddcheck.engine.model.ledger import Conflict, Ledger
from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Pack
from ddcheck.engine.model.periods import FRAMES, Period, kind_suffix
from ddcheck.engine.model.plan import MessagePart, Plan, Rule
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text


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
    conflicts = cache(lambda: find_conflicts(judge))
    reported = cache(lambda: Judge(Context(plan, ledger.reported, limit), limit))
    findings = tuple(
        describe(judge, verdict, language, conflicts, reported)
        for verdict in verdicts
        if not verdict.rule.definition.strength
    )
    strengths = tuple(
        describe(judge, verdict, language, conflicts, reported)
        for verdict in verdicts
        if verdict.rule.definition.strength
    )
    grading = plan.grading
    graded = {
        category.id
        for category in (grading.categories.values() if grading else ())
        if category.graded
    }
    metrics = tuple(
        measure_metric(
            metric, judge, graded=metric.definition.category in graded, language=language
        )
        for metric in plan.metrics.values()
        if metric.definition.pack in applied
    )

    def details() -> EvaluationDetails:
        newest = _newest(judge)
        return EvaluationDetails(
            newest.get("year") or max(newest.values(), key=lambda p: p.end, default=None),
            newest,
            list_requests(context, findings, metrics, language),
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
        _grade(plan, metrics, findings),
        metrics,
        _ordered(plan, findings),
        strengths,
        tuple(f.id for f in findings if f.id in must_know and f.is_open),
        cache(details),
        cache(lambda: deciding(judge, conflicts(), verdicts, metrics)),
        assumptions,
        standing=cache(lambda: standing_of(metrics, findings)),
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


def describe(
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
    scenario = cache(lambda: Scenario(judge, verdict))
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
        cache(lambda: _details(judge, verdict, outcome, reason, language, conflicts, reported)),
        cache(lambda: find_stability(judge, verdict, scenario) if judged else Stability(None, ())),
        cache(lambda: find_headroom(judge, verdict, scenario) if judged else ()),
    )


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
        _message(judge, verdict, language),
        tuple(_figure(judge, name, frame, place, language) for name in shown),
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
    figure = _figure(judge, name, verdict.last_frame, verdict.last_place, language)
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


def _figure(judge: Judge, name: str, frame: str, place: int, language: str) -> Figure:
    context = judge.context
    bounds = context.evaluator(frame, BOUNDS)
    printed = context.evaluator(frame, PRINTED)
    points: list[Cell] = bounds.a.cells(context.named(name, bounds))
    ranges: list[Cell] = printed.a.cells(context.named(name, printed))
    labels = context.axis(frame).periods
    values = tuple(
        (
            labels[i].label + kind_suffix(points[i].kind),
            points[i].point,
            *((points[i].low, points[i].high) if points[i].point is None
              else (ranges[i].low, ranges[i].high)),
        )
        for i in shown_places(context.axis(frame), place)
    )  # fmt: skip
    unit, style = unit_and_style(context.plan, name)
    return Figure(name, title_of(context.plan, name, language), unit, style, values)


def unit_and_style(plan: Plan, name: str) -> tuple[str, str]:
    """The unit of a name and how a ratio of it is printed."""
    metric = plan.metrics.get(name)
    if metric is not None:
        return metric.definition.unit_name, metric_style(metric)
    term = plan.terms.get(name)
    if term is not None:
        return unit_name(term.unit), "percent"
    return plan.parameters[name].unit_name, "percent"


def _message(judge: Judge, verdict: Verdict, language: str) -> str:
    rule = verdict.rule
    parts = rule.message.get(language) or rule.message.get("en") or ()
    if not parts or verdict.place < 0:
        return ""
    return "".join(_filled(judge, verdict, part, language) for part in parts)


def _filled(judge: Judge, verdict: Verdict, part: MessagePart, language: str) -> str:
    name = part.name
    if name is None:
        return part.text
    context = judge.context
    axis = context.axis(verdict.frame)
    if name == "period":
        return verdict.period.label if verdict.period is not None else "-"
    if name == "prior":
        before = axis.year_back()[verdict.place]
        return axis.periods[before].label if before >= 0 else "-"
    if name == "limit":
        step = verdict.rule.steps[max(0, verdict.step)]
        return limit_text(context.plan, step.limit, context.day, language)
    if name == "facts":
        return facts_text(
            judge.evidence(verdict), lambda c: title_of(context.plan, c, language), language
        )
    if name == "basis":
        shown = verdict.rule.show[0] if verdict.rule.show else verdict.rule.id
        return title_of(context.plan, shown, language)
    parameter = context.plan.parameters.get(name)
    if parameter is not None:
        values = [value for day, value in parameter.values if day <= context.day]
        value = values[-1] if values else None
        return value_text(value, parameter.unit_name, language=language)
    figure = _figure(judge, name, verdict.frame, verdict.place, language)
    shown_values = figure.values if part.history else figure.values[-1:]
    texts = [
        value_text(value, figure.unit, figure.style, low, high, language)
        for _, value, low, high in shown_values
    ]
    between, nothing = ("、", "-") if language == "zh" else (", ", "n/a")
    return between.join(nothing if text == "-" else text for text in texts)


def limit_text(plan: Plan, limit: str, day: int, language: str = "en") -> str:
    """A limit as written; of a parameter its value on `day`."""
    if not limit.startswith("$"):
        number, _, unit = limit.partition(" ")
        if language == "en" or unit not in ("months", "days"):
            return limit
        return value_text(float(number), unit, language=language)
    parameter = plan.parameters[limit[1:]]
    values = [value for start, value in parameter.values if start <= day]
    if values and parameter.unit_name == "ratio":
        return f"{values[-1] * 100:g}%"
    return value_text(values[-1] if values else None, parameter.unit_name, language=language)
