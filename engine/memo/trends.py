"""Trend words as claims: `[稳定](dd:operating_cash_flow@FY2020..FY2022?is=stable)`."""

from __future__ import annotations

import re

from ddcheck.engine.check.asking import formula_over
from ddcheck.engine.check.showing import unit_and_style
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.memo.figures import Figure, Figures, Lacking, same_span
from ddcheck.engine.memo.verdict import unresolved
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.memo import (
    MATCH,
    MISMATCH,
    ROUNDED,
    UNRESOLVED,
    Claim,
    Judged,
    NearMiss,
)
from ddcheck.engine.model.pack import Trend
from ddcheck.engine.model.periods import Period
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.suggest import did_you_mean

_WORD = re.compile(r"\b(x|steps|periods)\b")


def judge_trend(claim: Claim, figures: Figures) -> Judged:
    """The verdict on a claim that a fact or metric moved in a certain way over a range."""
    target = claim.target
    trends = {trend.id: trend for trend in figures.plan.packs.trends}
    trend = trends.get(target.trend or "")
    if trend is None:
        help_ = did_you_mean(target.trend or "", trends)
        return unresolved(claim, Lacking(f"no trend `{target.trend}`", help_, "DD312"))
    if target.kind == "value" and target.name not in figures.plan.terms:
        return unresolved(claim, figures.unknown(target.name))
    ends = [figures.period(text) for text in target.periods]
    first, last = ends
    if isinstance(first, Lacking):
        return unresolved(claim, first)
    if isinstance(last, Lacking):
        return unresolved(claim, last)
    steps = _steps(figures, first[0], last[0])
    if steps is None:
        label = f"{target.periods[0]}..{target.periods[1]}"
        words = f"{label} is no run of periods of one length"
        return unresolved(claim, Lacking(words, "name its two ends"))
    formula = _formula(trend, claim, steps, figures)
    if isinstance(formula, Lacking):
        return unresolved(claim, formula)
    return _judged(claim, trend, formula, last[0], steps, figures)


def _judged(
    claim: Claim, trend: Trend, formula: Formula, period: Period, steps: int, figures: Figures
) -> Judged:
    place = figures.place(period)
    cells: list[Cell] = [
        figures.context.evaluator(period.frame, mode).row(formula)[place]
        for mode in (BOUNDS, PRINTED)
    ]
    shown = _values(claim, period, steps, figures)
    words = f"{claim.target.name} {shown}"
    judged = Judged(claim, MATCH, period, None, None, None, None, None, (), words)
    if cells[0].truth is None:
        causes = sorted(
            " ".join(part for part in (c.reason, c.name, c.period) if part) for c in cells[0].causes
        )
        needs = f": needs {', '.join(causes)}" if causes else ""
        return judged._replace(verdict=UNRESOLVED, message=f"{words}{needs}")
    if cells[0].truth is False:
        near = tuple(_others(trend, claim, steps, period, figures))
        word = claim.text.strip() or trend.title.en
        return judged._replace(
            verdict=MISMATCH, near=near, message=f"`{word}` ({trend.id}) is not so: {words}"
        )
    return judged if cells[1].truth is True else judged._replace(verdict=ROUNDED)


def _others(
    trend: Trend, claim: Claim, steps: int, period: Period, figures: Figures
) -> list[NearMiss]:
    """The trends that would have been true."""
    found = []
    for other in figures.plan.packs.trends:
        if other.id == trend.id:
            continue
        formula = _formula(other, claim, steps, figures)
        if isinstance(formula, Lacking):
            continue
        row = figures.context.evaluator(period.frame, BOUNDS).row(formula)
        if row[figures.place(period)].truth is True:
            found.append(NearMiss("trend", f"it is {other.id}"))
    return found


def _steps(figures: Figures, first: Period, last: Period) -> int | None:
    """How many periods lie between two of one frame; None where it is no such run."""
    if first.frame != last.frame:
        return None
    periods = figures.context.axis(first.frame).periods
    places = [
        next((i for i, found in enumerate(periods) if same_span(found, wanted)), -1)
        for wanted in (first, last)
    ]
    if min(places) < 0 or places[0] >= places[1]:
        return None
    back, place, count = figures.context.axis(first.frame).back(1), places[1], 0
    while place != places[0]:
        place, count = back[place], count + 1
        if place < 0:
            return None
    return count


def _formula(trend: Trend, claim: Claim, steps: int, figures: Figures) -> Formula | Lacking:
    """The trend's condition with the claim's name put in."""
    name = claim.target.name
    values = {
        "x": f"({name})" if claim.target.kind == "expression" else name,
        "steps": str(steps),
        "periods": str(steps + 1),
    }
    text = _WORD.sub(lambda match: values[match[1]], " ".join(trend.when.text.split()))
    report = Report()
    node = Scalar(trend.when.source, text, None, trend.when.line, trend.when.column, 0)
    formula = formula_over(figures.plan, node, report)
    if formula is None:
        item = next(iter(report))
        return Lacking(item.message, item.help)
    return formula


def _values(claim: Claim, period: Period, steps: int, figures: Figures) -> str:
    """The figures over the range, in words."""
    if claim.target.kind != "value":
        return ""
    axis = figures.context.axis(period.frame)
    places = [figures.place(period)]
    for _ in range(steps):
        places.insert(0, axis.back(1)[places[0]])
    unit, style = unit_and_style(figures.plan, claim.target.name)
    texts = []
    for place in places:
        figure = figures.named(claim.target.name, axis.periods[place])
        value = figure.point if isinstance(figure, Figure) else None
        texts.append(value_text(value, unit, style))
    return ", ".join(texts)
