"""Measuring metrics: their values over periods, their latest one, and its letter."""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.check.judge import Judge
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, POINTS, PRINTED
from ddcheck.engine.language.series import Series
from ddcheck.engine.model.finding import Missing
from ddcheck.engine.model.limits import choose_ladder
from ddcheck.engine.model.measured import MetricDetails, MetricResult, MetricValue
from ddcheck.engine.model.pack import LETTERS
from ddcheck.engine.model.periods import ACTUAL, KIND_NAMES, months_between
from ddcheck.engine.model.plan import Metric, MetricLadder
from ddcheck.engine.model.sums import Sum, entry_facts
from ddcheck.engine.text.once import Once

#: Frames in which a metric is shown beside its own; trailing years only repeat the others.
_OTHER_FRAMES = ("year", "half", "quarter", "to-date", "range")
_SCOPED = frozenset({"scoped", "share", "top_share", "hhi", "largest"})


def metric_style(metric: Metric) -> str:
    """How the metric's ratio is printed: percentages, unless its limits are plain numbers."""
    if metric.definition.style is not None:
        return metric.definition.style
    limits = [step.limit for ladder in metric.ladders for step in ladder.steps]
    if limits and not any("%" in limit or limit.startswith("$") for limit in limits):
        return "times"
    return "percent"


def measure_metric(
    metric: Metric, judge: Judge, *, graded: bool, language: str = "en"
) -> MetricResult:
    """The metric for the judge's company: every period's value, and the letter of the latest."""
    context = judge.context
    definition = metric.definition
    frame = definition.frame
    axis = context.axis(frame)
    places = context.places(metric.leaves, frame, scoped=bool(metric.calls & _SCOPED))
    if not fits_tags(definition.tags, context.ledger.company.tags):
        return _outside(metric, language)
    points: Series = _as_series(context, metric.id, frame)
    latest, excluded = latest_place(metric, judge)
    state, letter, letters = "unknown", None, None
    behind = latest < judge.newest(frame)
    ladder = choose_ladder(metric, context.ledger.company.tags)
    if latest >= 0:
        period = axis.periods[latest]
        if months_between(period.end, judge.limit) > definition.stale_after + 0.05:
            state = "stale"
        elif excluded:
            state = "not-applicable"
            if definition.otherwise is not None:
                letter = definition.otherwise[0]
                letters = (letter, letter) if letter else None
        else:
            state = "known"
            if ladder is not None:
                letters = _letters(context, ladder, frame, latest, points)
                letter = letters[0] if letters[0] == letters[1] else None
    return MetricResult(
        metric.id,
        definition.title.text(language),
        definition.category,
        definition.unit_name,
        metric_style(metric),
        definition.better,
        definition.weight,
        graded and ladder is not None and definition.weight > 0,
        frame,
        state,
        letter,
        letters,
        behind,
        ladder.reference if ladder is not None else None,
        details=Once(lambda: _details(metric, judge, places, latest)),
        basis=Once(lambda: _basis(context, metric.id, frame, latest)),
        lacking=Once(
            lambda: () if state == "known" and not behind else _missing(judge, metric, frame)
        ),
        standing=Once(lambda: _tier(context, metric.id, frame, latest)),
    )


def latest_place(metric: Metric, judge: Judge) -> tuple[int, bool]:
    """Where the newest value stands that counts, -1 for none; whether the metric applies not."""
    context = judge.context
    definition = metric.definition
    frame = definition.frame
    axis = context.axis(frame)
    places = context.places(metric.leaves, frame, scoped=bool(metric.calls & _SCOPED))
    points: Series = _as_series(context, metric.id, frame)
    bounds: list[Cell] | None = None
    applies: Series | None = None
    if judge.evidence_mode(metric.leaves, metric.calls) == BOUNDS:
        bounds = context.evaluator(frame, BOUNDS).a.cells(
            context.named(metric.id, context.evaluator(frame, BOUNDS))
        )
    elif metric.applies_when is not None:
        applies = context.evaluator(frame, POINTS).row(metric.applies_when)
    latest = -1
    excluded = False
    for i in places:
        period = axis.periods[i]
        known = points.values[i] is not None
        kind = points.kinds[i]
        out = False
        if bounds is not None:
            known = known or bounds[i].low is not None
            out = _not_applicable(bounds[i])
            if points.values[i] is None:
                kind = bounds[i].kind
        elif applies is not None and applies.values[i] is False:
            out, kind = True, applies.kinds[i]
        if kind == ACTUAL and kind not in definition.kinds:
            continue
        if (known and kind in definition.kinds and (kind > 0 or period.end <= judge.limit)) or (
            out and kind <= ACTUAL and period.end <= judge.limit and i <= judge.newest(frame)
        ):
            latest, excluded = i, out
    return latest, excluded


def latest_value(metric: Metric, judge: Judge) -> MetricValue | None:
    """The newest value that counts, without those of other frames; None for none."""
    place = latest_place(metric, judge)[0]
    return _value(judge.context, metric, metric.definition.frame, place) if place >= 0 else None


def _basis(context: Context, name: str, frame: str, place: int) -> frozenset[str]:
    """The sources of the facts behind the value at `place`; none for -1."""
    if place < 0:
        return frozenset()
    cell = _cell(context, name, frame, place, BOUNDS)
    return frozenset(fact.source for entry in cell.entries for fact in entry_facts(entry))


def _tier(context: Context, name: str, frame: str, place: int) -> str | None:
    """The weakest tier among the facts behind `name` at `place`."""
    if place < 0:
        return None
    entries = _cell(context, name, frame, place, BOUNDS).entries
    return context.ledger.tier(fact for entry in entries for fact in entry_facts(entry))


def _details(metric: Metric, judge: Judge, places: tuple[int, ...], latest: int) -> MetricDetails:
    context = judge.context
    frame = metric.definition.frame
    own = tuple(_value(context, metric, frame, i) for i in places)
    return MetricDetails(
        own + _elsewhere(metric, judge, {_span(value) for value in own}),
        own[places.index(latest)] if latest >= 0 else None,
    )


def _elsewhere(
    metric: Metric, judge: Judge, seen: set[tuple[int, int, int]]
) -> tuple[MetricValue, ...]:
    """What is known of the metric in frames other than its own, a period once."""
    context = judge.context
    found = []
    for frame in _OTHER_FRAMES:
        if frame == metric.definition.frame:
            continue
        places = context.places(metric.leaves, frame, scoped=bool(metric.calls & _SCOPED))
        known = _known_places(metric, judge, frame)
        for i in places:
            if not known(i):
                continue
            value = _value(context, metric, frame, i)
            if value.missing is None and _span(value) not in seen:
                seen.add(_span(value))
                found.append(value)
    return tuple(found)


def _known_places(metric: Metric, judge: Judge, frame: str) -> Callable[[int], bool]:
    """Whether the metric is known at a position of `frame`, as a point or as a range."""
    context = judge.context
    if judge.evidence_mode(metric.leaves, metric.calls) == POINTS:
        points = _as_series(context, metric.id, frame)
        return lambda i: points.values[i] is not None
    evaluator = context.evaluator(frame, BOUNDS)
    cells: list[Cell] = evaluator.a.cells(context.named(metric.id, evaluator))
    return lambda i: cells[i].low is not None


def _span(value: MetricValue) -> tuple[int, int, int]:
    """What a value's period spans, whatever the frame calls it: 3M2021 is 2021Q1."""
    return value.period.start, value.period.months, value.period.end


def fits_tags(wanted: frozenset[str], tags: frozenset[str]) -> bool:
    """Whether a definition for companies with any of `wanted` is for one with `tags`."""
    return not wanted or not wanted.isdisjoint(tags)


def _outside(metric: Metric, language: str) -> MetricResult:
    """The metric of a company that it is not meant for."""
    definition = metric.definition
    return MetricResult(
        metric.id, definition.title.text(language), definition.category, definition.unit_name,
        metric_style(metric), definition.better, definition.weight, False, definition.frame,
        "not-applicable", None, None, False, None, lambda: MetricDetails((), None),
    )  # fmt: skip


def _as_series(context: Context, name: str, frame: str) -> Series:
    evaluator = context.evaluator(frame, POINTS)
    row = context.named(name, evaluator)
    assert isinstance(row, Series)
    return row


def _not_applicable(cell: Cell) -> bool:
    return cell.low is None and any(cause.kind == "not-applicable" for cause in cell.causes)


def _letters(
    context: Context, ladder: MetricLadder, frame: str, place: int, points: Series
) -> tuple[str, str]:
    """The worst and best letter that the value at `place` can have."""
    mode = POINTS if points.values[place] is not None else BOUNDS
    evaluator = context.evaluator(frame, mode)
    best: str | None = None
    for step in ladder.steps:
        row = evaluator.row(step.condition)
        truth = row.values[place] if mode == POINTS else row[place].truth
        if truth is True:
            return step.name, best or step.name
        if truth is None and best is None:
            best = step.name
    worst = LETTERS[-1]
    return worst, best or worst


def _missing(judge: Judge, metric: Metric, frame: str) -> tuple[Missing, ...]:
    place = judge.newest(frame)
    if place < 0:
        return (Missing("fact", metric.id, None, None, ""),)
    evaluator = judge.context.evaluator(frame, BOUNDS)
    cells: list[Cell] = evaluator.a.cells(judge.context.named(metric.id, evaluator))
    causes = {Missing(*cause) for cause in cells[place].causes}
    return tuple(sorted(causes, key=lambda m: tuple(map(str, m))))


def _value(context: Context, metric: Metric, frame: str, place: int) -> MetricValue:
    """The metric at one place with its interval, sources and what stands behind it."""
    period = context.axis(frame).periods[place]
    bounds: Cell = _cell(context, metric.id, frame, place, BOUNDS)
    printed: Cell = _cell(context, metric.id, frame, place, PRINTED)
    facts = [fact for entry in bounds.entries for fact in entry_facts(entry)]
    derived = any(isinstance(entry, Sum) for entry in bounds.entries)
    missing = None
    if bounds.low is None:
        missing = "; ".join(sorted(_words(cause) for cause in bounds.causes)) or "not known"
    return MetricValue(
        period,
        bounds.point,
        printed.low,
        printed.high,
        KIND_NAMES[bounds.kind] if bounds.kind >= 0 and bounds.low is not None else None,
        derived,
        bounds.stated,
        missing,
        tuple(sorted({fact.source for fact in facts})) if missing is None else (),
        context.ledger.tier(facts) if missing is None else None,
    )


def _cell(context: Context, name: str, frame: str, place: int, mode: str) -> Cell:
    evaluator = context.evaluator(frame, mode)
    cells: list[Cell] = evaluator.a.cells(context.named(name, evaluator))
    return cells[place]


def _words(cause: tuple[str, str, str | None, str | None, str]) -> str:
    kind, name, period, scope, reason = cause
    if kind == "fact":
        return " ".join(part for part in (name, period, scope) if part)
    return " ".join(part for part in (reason, name, period) if part)
