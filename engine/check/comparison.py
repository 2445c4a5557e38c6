"""Comparing companies: what each is known to be, row by row, and which rules are up where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.check.likeness import GUIDED
from ddcheck.engine.check.ranking import ranked
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.comparison import (
    KNOWN,
    NOT_APPLICABLE,
    STALE,
    UNKNOWN,
    Comparison,
    Figure,
    FigureRow,
    Gate,
    RuleRow,
    Verdict,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, Finding
from ddcheck.engine.model.measured import MetricResult, MetricValue
from ddcheck.engine.model.pack import severity_rank
from ddcheck.engine.model.periods import (
    ACTUAL,
    ANY_FRAMES,
    KIND_NAMES,
    Period,
    kind_suffix,
    months_between,
)
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import entry_facts
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.model.vocabulary import Term

#: Months after which a concept's figure is stale, as for rules.
_STALE_AFTER = 24
#: The mildest severity that the page shows without being asked for more.
_SHOWN = "medium"


def compare(
    evaluations: Sequence[Evaluation],
    plan: Plan,
    *,
    selected: Sequence[str] = (),
    everything: bool = False,
    periods: Sequence[Period | None] = (),
    language: str = "en",
    today: int = 1,
) -> Comparison:
    """The companies of `evaluations` side by side, in their order.

    `selected` are ids of concepts, metrics and rules, and then the only rows, in that order;
    without it rows are the headline concepts, the metrics that are graded or known of two
    companies, and the rules that are up at medium or above. `everything` adds the rest. `periods`
    are the period asked for on each company's calendar: where a figure is known at it in another
    frame than its own, that is shown.
    """
    views = [
        _View(evaluation, periods[i] if periods else None)
        for i, evaluation in enumerate(evaluations)
    ]
    concepts = selected or [c.id for c in plan.vocabulary.concepts.values() if c.headline]
    rows = [_concept(plan, name, views, language) for name in concepts if _is_concept(plan, name)]
    metrics = [
        _metric(plan, name, views) for name in selected or plan.metrics if name in plan.metrics
    ]
    rules = [
        _rule(name, views, plan, language) for name in selected or plan.rules if name in plan.rules
    ]
    left_out = (0, 0)
    if not selected:
        rows = [row for row in rows if row.reached or everything]
        applied = [row for row in metrics if any(f.state != NOT_APPLICABLE for f in row.figures)]
        shown = [row for row in applied if row.reached >= (1 if row.graded else min(2, len(views)))]
        up = [row for row in rules if row.severity is not None]
        grave = [row for row in up if severity_rank(row.severity) <= severity_rank(_SHOWN)]
        known = [row for row in metrics if row.reached]
        left_out = (len(known) - len(shown), len(up) - len(grave))
        if everything:
            left_out, shown, grave = (0, 0), metrics, rules
        order = list(plan.grading.categories) if plan.grading is not None else []
        metrics = sorted(shown, key=lambda row: _place(row.category, order))
        rules = sorted(grave, key=lambda row: (severity_rank(row.severity), -_times_up(row)))
    gates = tuple(_gate(evaluation, plan) for evaluation in evaluations)
    return Comparison(
        tuple(evaluations),
        gates,
        tuple(rows),
        tuple(metrics),
        tuple(rules),
        left_out,
        language,
        today,
    )


def _gate(evaluation: Evaluation, plan: Plan) -> Gate:
    """The gate of the policy: a flag at its level, or an unknown that must be known."""
    policy = plan.packs.policy
    level = policy.fail_on if policy is not None else "high"
    flags = sum(
        finding.outcome == FLAG
        and not finding.waived
        and severity_rank(finding.severity) <= severity_rank(level)
        for finding in evaluation.findings
    )
    outcome = "fail" if flags or evaluation.must_know else "pass"
    if all(finding.outcome == UNKNOWN for finding in evaluation.findings):
        outcome = "unknown"
    return Gate(level, outcome, flags, len(evaluation.must_know))


def _is_concept(plan: Plan, name: str) -> bool:
    return name in plan.vocabulary.concepts


def _place(category: str | None, order: list[str]) -> int:
    return order.index(category) if category in order else len(order)


def _times_up(row: RuleRow) -> int:
    return sum(verdict.outcome == FLAG for verdict in row.verdicts)


class _View:
    """One company's evaluation, and what it takes to look a figure up in it."""

    def __init__(self, evaluation: Evaluation, period: Period | None) -> None:
        self.evaluation = evaluation
        self.period = period
        self.metrics = {metric.id: metric for metric in evaluation.metrics}
        self.findings = {
            finding.id: finding for finding in (*evaluation.findings, *evaluation.strengths)
        }
        context = Context(evaluation.plan, evaluation.ledger, evaluation.evaluated_at)
        self.judge = Judge(context, evaluation.evaluated_at)
        # A missed forecast does not put the figure in doubt.
        against = (found for found in evaluation.conflicts if found.type != GUIDED)
        self.disputed = {fact for found in against for fact in found.candidates}

    def cell(self, name: str, frame: str, place: int, mode: str = BOUNDS) -> Cell:
        context = self.judge.context
        evaluator = context.evaluator(frame, mode)
        cells: list[Cell] = evaluator.a.cells(context.named(name, evaluator))
        return cells[place]

    def facts(self, name: str, period: Period) -> list[Fact]:
        """The stated facts behind the figure of `name` at `period`."""
        place = self.judge.context.axis(period.frame).periods.index(period)
        entries = self.cell(name, period.frame, place).entries
        return [fact for entry in entries for fact in entry_facts(entry)]

    def place(self, period: Period) -> int:
        """The position of `period` on the axis of its frame; -1 if it is not there."""
        periods = self.judge.context.axis(period.frame).periods
        return periods.index(period) if period in periods else -1


def _concept(plan: Plan, name: str, views: Iterable[_View], language: str) -> FigureRow:
    term = plan.terms[name]
    unit, style = unit_and_style(plan, name)
    figures = tuple(_stated(term, view) for view in views)
    title = title_of(plan, name, language)
    return FigureRow("concept", name, title, None, unit, style, None, False, figures)


def _stated(term: Term, view: _View) -> Figure:
    """The newest actual of a concept: of the year, else of whatever is reported."""
    judge, wanted = view.judge, view.period
    if wanted is not None:
        place = view.place(wanted)
        if place >= 0 and view.cell(term.id, wanted.frame, place).low is not None:
            return _at(term, view, wanted.frame, place)
    own = "date" if term.quoted else "year"
    found: tuple[Period, int] | None = None
    for frame in (own, *(frame for frame in ANY_FRAMES if frame != own)):
        axis = judge.context.axis(frame)
        evaluator = judge.context.evaluator(frame, BOUNDS)
        cells: list[Cell] = evaluator.a.cells(judge.context.named(term.id, evaluator))
        for i in range(len(cells) - 1, -1, -1):
            period = axis.periods[i]
            if cells[i].low is None or cells[i].kind != ACTUAL or period.end > judge.limit:
                continue
            if found is None or (period.end, period.months) > (found[0].end, found[0].months):
                found = period, i
            break
        if found is not None and frame == own:
            break
    if found is None:
        return Figure(UNKNOWN)
    return _at(term, view, found[0].frame, found[1])


def _at(term: Term, view: _View, frame: str, place: int) -> Figure:
    judge = view.judge
    period = judge.context.axis(frame).periods[place]
    cell = view.cell(term.id, frame, place)
    printed = view.cell(term.id, frame, place, PRINTED)
    stale = months_between(period.end, judge.limit) > _STALE_AFTER + 0.05
    asked = view.period == period
    facts = view.facts(term.id, period)
    return Figure(
        STALE if stale and not asked else KNOWN,
        period,
        period.label + kind_suffix(cell.kind),
        cell.point,
        printed.low,
        printed.high,
        KIND_NAMES[cell.kind] if cell.kind >= 0 else None,
        _currency(unit_and_style(view.evaluation.plan, term.id)[0], view),
        None,
        sources=tuple(sorted({fact.source for fact in facts})),
        behind=place < judge.newest(frame) and frame != "date" and not asked,
        assumed=any(fact.source == ASSUMED for fact in facts),
        disputed=not view.disputed.isdisjoint(facts),
    )


def _currency(unit: str, view: _View) -> str | None:
    return view.evaluation.company.currency if "money" in unit.split("/") else None


def _metric(plan: Plan, name: str, views: Iterable[_View]) -> FigureRow:
    results = [(view, view.metrics.get(name)) for view in views]
    first = next((result for _, result in results if result is not None), None)
    definition = plan.metrics[name].definition
    unit, style = unit_and_style(plan, name)
    title = first.title if first is not None else definition.title.en
    graded = any(result is not None and result.graded for _, result in results)
    figures = tuple(_measured(result, view) for view, result in results)
    return FigureRow(
        "metric", name, title, definition.category, unit, style, definition.better, graded,
        ranked(figures, definition.better),
    )  # fmt: skip


def _measured(metric: MetricResult | None, view: _View) -> Figure:
    """The latest value of a metric with its letter; at the period asked for, if it is known."""
    if metric is None:
        return Figure(NOT_APPLICABLE)
    wanted, latest = view.period, metric.latest
    if wanted is not None and wanted.frame != metric.frame:
        same = (value for value in metric.values if value.period[1:4] == wanted[1:4])
        value = next((value for value in same if value.missing is None), None)
        if value is not None:
            return _figure(metric, value, view, KNOWN, None)
    if metric.state == NOT_APPLICABLE:
        return Figure(NOT_APPLICABLE, letters=metric.letters)
    if latest is None or latest.missing is not None or metric.state == UNKNOWN:
        other = _elsewhere(metric, view.judge.limit)
        return Figure(UNKNOWN) if other is None else _figure(metric, other, view, KNOWN, None)
    state = STALE if metric.state == STALE else KNOWN
    letters = metric.letters if metric.graded and state == KNOWN else None
    return _figure(metric, latest, view, state, letters)


def _elsewhere(metric: MetricResult, limit: int) -> MetricValue | None:
    """The newest actual in another frame of a metric that is unknown in its own, if not stale."""
    found = [
        value
        for value in metric.values
        if value.period.frame != metric.frame
        and value.missing is None
        and value.kind == KIND_NAMES[ACTUAL]
        and 0 <= months_between(value.period.end, limit) <= _STALE_AFTER + 0.05
    ]
    return max(found, key=lambda v: (v.period.end, v.period.months), default=None)


def _figure(
    metric: MetricResult,
    value: MetricValue,
    view: _View,
    state: str,
    letters: tuple[str, str] | None,
) -> Figure:
    facts = view.facts(metric.id, value.period)
    return Figure(
        state,
        value.period,
        value.label,
        value.value,
        value.low,
        value.high,
        value.kind,
        _currency(metric.unit, view),
        letters,
        derived=value.derived,
        stated=value.stated,
        behind=metric.behind and state == KNOWN and value == metric.latest,
        sources=value.sources,
        assumed=any(fact.source == ASSUMED for fact in facts),
        disputed=not view.disputed.isdisjoint(facts),
    )


def _rule(name: str, views: Iterable[_View], plan: Plan, language: str) -> RuleRow:
    definition = plan.rules[name].definition
    found = [view.findings.get(name) for view in views]
    up = [f.severity for f in found if f is not None and f.outcome == FLAG]
    gravest = min(up, key=severity_rank, default=None) if not definition.strength else None
    title = definition.title.text(language)
    return RuleRow(
        name, title, definition.category or "", gravest, tuple(_verdict(f) for f in found)
    )


def _verdict(finding: Finding | None) -> Verdict:
    if finding is None:
        return Verdict(None)
    return Verdict(
        finding.outcome,
        finding.severity if finding.outcome == FLAG else None,
        finding.period,
        finding.reason if finding.outcome == UNKNOWN else None,
        finding.firm,
        finding.behind,
        finding.on_assumptions,
        finding.disputed,
    )
