"""What the facts give for a claim's target: the value, its interval, and where none is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ddcheck.engine.check.asking import formula_over, nearest_name
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.ledger import ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE
from ddcheck.engine.model.memo import Target
from ddcheck.engine.model.periods import ACTUAL, FRAMES, Period, PeriodError
from ddcheck.engine.model.units import in_currency, unit_name
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean

_KINDS = (ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE)


class Figure(NamedTuple):
    """A value at a period in base units: its point, and the interval of the printed digits.

    `point` is None where only a bound or range is known. `unit` is a name such as `money`,
    `ratio`; `currency` the currency that money is in.
    """

    name: str
    period: Period
    kind: int
    point: float | None
    low: float
    high: float
    unit: str
    style: str
    currency: str


class Lacking(NamedTuple):
    """Why there is no value, in words, and what helps.

    `code` is that of the diagnostic where a name or a period is one that nobody has.
    """

    words: str
    help: str | None
    code: str | None = None


class Figures:
    """The figures of one company, as they were known on the memo's day."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.plan = evaluation.plan
        self.company = evaluation.company
        self.context = Context(evaluation.plan, evaluation.ledger, evaluation.evaluated_at)
        self._ends: dict[tuple[frozenset[str], int], frozenset[int]] = {}
        self._formulas: dict[str, Formula | Lacking] = {}
        self._places: dict[str, dict[tuple[int, int], int]] = {}
        self._known: dict[tuple[str, tuple[str, ...]], list[Figure]] = {}
        self._stated: set[tuple[str, int]] | None = None

    def period(self, text: str) -> tuple[Period, int] | Lacking:
        """The period that `text` names and its kind."""
        try:
            return self.company.calendar.parse(text)
        except PeriodError as error:
            return Lacking(error.message, error.help, "DD302")

    def at(self, target: Target, period: Period, kind: int) -> Figure | Lacking:
        """The value of the target's name or expression at `period`, of that kind of fact."""
        if target.kind == "expression":
            formula = self._formula(target)
            if isinstance(formula, Lacking):
                return formula
            return self.worked_out(formula, period)
        return self.named(target.name, period, kind)

    def named(self, name: str, period: Period, kind: int = ACTUAL) -> Figure | Lacking:
        """The value of a fact or metric at `period`."""
        if name not in self.plan.terms:
            return self.unknown(name)
        place = self.place(period)
        if place < 0:
            return self.nothing(period)
        carried = None if period.months else self._carried(name, period, kind)
        if carried is not None:
            return carried
        cells = [self._row(name, period.frame, kind, mode)[place] for mode in (BOUNDS, PRINTED)]
        unit, style = unit_and_style(self.plan, name)
        return self._figure(name, period, cells[0], cells[1], unit, style)

    def printed(self, name: str, period: Period, kind: int, source: str) -> Figure | Lacking:
        """What `source` itself states of `name` for `period`, whatever else counts instead."""
        if name not in self.plan.terms:
            return self.unknown(name)
        if source not in self.company.sources:
            return Lacking(
                f"no source `{source}`", did_you_mean(source, self.company.sources), "DD305"
            )
        for fact in self.company.facts:
            if (fact.concept, fact.source, fact.kind, fact.scope) != (name, source, kind, None):
                continue
            if same_span(fact.period, period):
                unit, style = unit_and_style(self.plan, name)
                return Figure(
                    f"{source}'s {name}", period, kind, fact.value, fact.low, fact.high, unit,
                    style, self.company.currency,
                )  # fmt: skip
        return Lacking(f"`{source}` states no {name} for {period}", None)

    def _carried(self, name: str, period: Period, kind: int) -> Lacking | None:
        """Why a day has no value of its own: formulas carry facts forward, a memo may not.

        Prices, and what is worked out with them, do stand at any day on which they are known.
        """
        concepts = self.plan.vocabulary.concepts
        metric = self.plan.metrics.get(name)
        leaves = {name, *(metric.leaves if metric is not None else ())}
        for formula in self.plan.derived.get(name, ()):
            leaves |= formula.leaves
        known = [concepts[leaf] for leaf in leaves if leaf in concepts]
        own = concepts.get(name)
        over = [own] if own is not None else known
        if over and all(concept.time in ("flow", "average") for concept in over):
            return Lacking(f"{name} has no value at a day", "name its period, such as FY2021")
        if any(leaf.quoted or leaf.time == "fixed" for leaf in known):
            return None
        ends = self._ends_of(frozenset(leaves), kind)
        if period.end in ends:
            return None
        before = max((end for end in ends if end < period.end), default=None)
        last = self.company.calendar.instant(before).label if before is not None else None
        help_ = f"the last day before it with a fact is {last}" if last is not None else None
        return Lacking(f"{name} is not known at {period}", help_)

    def _ends_of(self, names: frozenset[str], kind: int) -> frozenset[int]:
        """The last days of the periods at which one of `names` is stated, as that kind of fact.

        An estimate of a day is none of what is known of it.
        """
        found = self._ends.get((names, kind))
        if found is None:
            facts = {
                item.period.end
                for item in self.company.facts
                if item.concept in names and item.kind == kind
            }
            split = {
                item.period.end
                for item in self.company.breakdowns
                if item.concept in names and item.kind == kind
            }
            found = self._ends[names, kind] = frozenset(facts | split)
        return found

    def unknown(self, name: str) -> Lacking:
        """What to say of a name that no pack knows."""
        return Lacking(f"no fact or metric `{name}`", nearest_name(self.plan, name), "DD301")

    def worked_out(self, formula: Formula, period: Period) -> Figure | Lacking:
        """The value of `formula` at `period`."""
        place = self.place(period)
        if place < 0:
            return self.nothing(period)
        cells: list[Cell] = [
            self.context.evaluator(period.frame, mode).row(formula)[place]
            for mode in (BOUNDS, PRINTED)
        ]
        unit = unit_name(formula.measure.unit)
        return self._figure(formula.text, period, cells[0], cells[1], unit, "percent")

    def _figure(
        self, name: str, period: Period, cell: Cell, printed: Cell, unit: str, style: str
    ) -> Figure | Lacking:
        if cell.low is None or cell.high is None:
            return Lacking(f"{name} is not known at {period}{_because(cell)}", None)
        low = printed.low if printed.low is not None else cell.low
        high = printed.high if printed.high is not None else cell.high
        return Figure(
            name, period, cell.kind, cell.point, low, high, unit, style, self.company.currency
        )

    def place(self, period: Period) -> int:
        """The position of `period` on the axis of its frame; -1 where nothing is known there."""
        places = self._places.get(period.frame)
        if places is None:
            places = self._places[period.frame] = {}
            for i, found in enumerate(self.context.axis(period.frame).periods):
                places.setdefault(_span(found), i)
        return places.get(_span(period), -1)

    def nothing(self, period: Period) -> Lacking:
        """That nothing is known at `period`; a mistake before the first fact and after the last."""
        ledger = self.context.ledger
        ends = [fact.period.end for fact in ledger.facts]
        outside = not ends or not min(ends) <= period.end <= max(ends)
        return Lacking(f"nothing is known at {period}", None, "DD302" if outside else None)

    def _formula(self, target: Target) -> Formula | Lacking:
        found = self._formulas.get(target.name)
        if found is None:
            report = Report()
            from ddcheck.engine.text.source import Source

            node = Scalar(Source("expression", target.name), target.name, None, 1, 1, 0)
            formula = formula_over(self.plan, node, report)
            if formula is None:
                item = next(iter(report))
                found = Lacking(item.message, item.help, item.code)
            elif formula.measure.truth:
                found = Lacking("a condition has no number", "write an expression with a value")
            else:
                found = formula
            self._formulas[target.name] = found
        return found

    def newest(self, name: str) -> tuple[Period, int] | None:
        """The newest period at which an actual value of `name` is known, years first."""
        for frame in ("year", "quarter", "date", *FRAMES):
            for period in reversed(self.context.axis(frame).periods):
                if period.end <= self.evaluation.evaluated_at:
                    found = self.named(name, period)
                    if isinstance(found, Figure) and math.isfinite(found.low):
                        return period, ACTUAL
        return None

    def known_elsewhere(self, name: str, frames: tuple[str, ...] = FRAMES) -> list[Figure]:
        """Every known value of a fact or metric, over all of `frames` and kinds, a span once."""
        known = self._known.get((name, frames))
        if known is None:
            known = self._known[name, frames] = list(self._over(name, frames))
        return known

    def _over(self, name: str, frames: tuple[str, ...]) -> Iterator[Figure]:
        """As `named` for each period, but a row is asked once and read where it has a value."""
        unit, style = unit_and_style(self.plan, name)
        kinds = self._kinds_of(name)
        seen = set()
        for frame in frames:
            periods = self.context.axis(frame).periods
            found: list[tuple[int, int, Cell, Cell]] = []
            for kind in kinds if periods else ():
                cells = self._row(name, frame, kind, BOUNDS)
                places = [i for i, cell in enumerate(cells) if cell.low is not None]
                printed = self._row(name, frame, kind, PRINTED) if places else []
                found += [(i, kind, cells[i], printed[i]) for i in places]
            for i, kind, cell, print_ in sorted(found, key=lambda item: item[:2]):
                period = periods[i]
                if not period.months and self._carried(name, period, kind) is not None:
                    continue
                figure = self._figure(name, period, cell, print_, unit, style)
                key = (_span(period), kind)
                if isinstance(figure, Figure) and key not in seen:
                    seen.add(key)
                    yield figure

    def _kinds_of(self, name: str) -> list[int]:
        """The kinds of which anything is stated that `name` could be worked out from.

        Of others nothing can be known, and nobody need ask for eight frames of it.
        """
        if self._stated is None:
            self._stated = {(item.concept, item.kind) for item in self.company.facts}
            self._stated |= {(item.concept, item.kind) for item in self.company.breakdowns}
        below, open_ = {name}, [name]
        while open_:
            one = open_.pop()
            metric = self.plan.metrics.get(one)
            leaves = {*(metric.leaves if metric is not None else ())}
            for formula in self.plan.derived.get(one, ()):
                leaves |= formula.leaves
            open_ += leaves - below
            below |= leaves
        stated = self._stated
        return [
            kind for kind in range(len(_KINDS)) if any((leaf, kind) in stated for leaf in below)
        ]

    def _row(self, name: str, frame: str, kind: int, mode: str) -> list[Cell]:
        evaluator = self.context.evaluator(frame, mode)
        cells: list[Cell] = evaluator.a.cells(self.context.kinded(name, _KINDS[kind], evaluator))
        return cells


def _span(period: Period) -> tuple[int, int]:
    """What two periods share that span the same time: see `same_span`."""
    return (period.start, period.months) if period.months else (period.end, 0)


def same_span(left: Period, right: Period) -> bool:
    """Whether two periods span the same time, whatever they are called: 3M2021 is 2021Q1."""
    return _span(left) == _span(right)


def currency_of(figure: Figure) -> str:
    """The unit of a figure with its money named: `USD`, `USD/ads`, `ratio`."""
    from ddcheck.engine.model.units import unit_named

    unit = unit_named(figure.unit)
    return unit_name(in_currency(unit, figure.currency)) if unit is not None else figure.unit


def _because(cell: Cell) -> str:
    words = sorted(
        " ".join(part for part in (cause.reason, cause.name, cause.period, cause.scope) if part)
        for cause in cell.causes
    )
    return f": needs {', '.join(words)}" if words else ""
