"""Figures and limits put into words: what a rule shows of its names, and its message filled in."""

from __future__ import annotations

from ddcheck.engine.check.judge import Judge, Verdict
from ddcheck.engine.check.measure import metric_style
from ddcheck.engine.check.messages import facts_text, shown_places
from ddcheck.engine.check.requests import title_of
from ddcheck.engine.language.cells import Cell
from ddcheck.engine.language.evaluate import BOUNDS, PRINTED
from ddcheck.engine.model.finding import Figure
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import MessagePart, Plan
from ddcheck.engine.model.units import unit_name
from ddcheck.engine.model.wording import value_text


def figure_of(judge: Judge, name: str, frame: str, place: int, language: str) -> Figure:
    """The values of `name` over the last periods up to `place`, for showing beside a finding."""
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


def message_of(judge: Judge, verdict: Verdict, language: str) -> str:
    """The rule's message in `language`, filled in; empty where nothing was decided."""
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
    figure = figure_of(judge, name, verdict.frame, verdict.place, language)
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
