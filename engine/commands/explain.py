"""`ddcheck explain`: one metric or rule worked out, with the numbers put in and their sources."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.check.explain import Explanation, explain
from ddcheck.engine.commands.loading import company_path, load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.model.periods import PeriodError
from ddcheck.engine.report.lines import Line, Piece, fit, line, plain, wrap
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean

_WIDTH = 110


class ExplainOptions(NamedTuple):
    """What `explain` was asked; `today` is an ordinal, `outputs` are `FORMAT[:FILE]`."""

    company: str
    ident: str
    packs: tuple[str, ...] = ()
    period: str | None = None
    as_of: str | None = None
    today: int = 0
    assumptions: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    language: str = "en"


def run_explain(options: ExplainOptions, screen: Screen) -> Outcome:
    """The explanation of a metric, rule, strength or concept for a company (DD312 if unknown)."""
    company_name, ident, packs, period, as_of, today, *_ = options
    report = Report()
    day = shape.parse_day(as_of) if as_of is not None else None
    if as_of is not None and day is None:
        report.usage("DD308", "--as-of", f"`{as_of}` is not a date", "write it as 2024-02-06")
    plan = load_plan(packs, report)
    path = company_path(company_name, report)
    company = read_company(path, plan, report) if path is not None else None
    known = [*plan.metrics, *plan.rules, *plan.vocabulary.concepts]
    if ident not in known:
        report.usage(
            "DD312", ident, f"no metric, rule or concept `{ident}`", did_you_mean(ident, known)
        )
    when = None
    if company is not None and period is not None:
        try:
            when = company.calendar.parse(period)[0]
        except PeriodError as error:
            report.usage("DD302", "--period", error.message, error.help)
    if company is None or ident not in known or (period is not None and when is None):
        return finish("", report)
    explanation = explain(plan, company, ident, today=today, as_of=day, period=when)
    return finish(plain(_lines(explanation), screen.encoding), report)


def _lines(item: Explanation) -> list[Line]:
    lines = [
        line(Piece(f"{item.id} ", "key"), f"{item.title}", Piece(f"   {item.place}", "dim")),
    ]
    for words in item.why:
        lines += [line("  ", text) for text in wrap(words, _WIDTH - 2)]
    lines.append(line())
    for name, value in item.facts:
        lines.append(line(f"  {fit(name, 10)} ", value))
    for step in item.steps:
        lines.append(line())
        lines.append(line(Piece(f"  {step.heading}", "title")))
        lines += [line("    ", text) for text in wrap(f"{step.formula}", _WIDTH - 4)]
        if step.filled:
            for i, text in enumerate(wrap(step.filled, _WIDTH - 6)):
                lines.append(line("      " if i else "    = ", text))
        lines.append(line("    = ", Piece(step.result, "title")))
    if item.inputs:
        lines += [line(), line(Piece("  numbers put in", "title"))]
        for row in item.inputs:
            lines.append(
                line(
                    f"    {fit(row.name, 32)} {fit(row.period, 12)} {fit(row.text, 22)} ",
                    Piece(f"{row.source}, {row.at}" if row.at else row.source, "dim"),
                )
            )
            lines.append(line(Piece(f"      {row.place}{row.note}", "dim")))
    if item.history:
        lines += [line(), line(Piece("  history", "title"))]
        for label, value, note in item.history:
            lines.append(
                line(f"    {fit(label, 14)} {fit(value, 18, right=True)}  ", Piece(note, "dim"))
            )
    if item.reference:
        lines.append(line())
        for text in wrap(f"reference: {item.reference}", _WIDTH - 2):
            lines.append(line("  ", Piece(text, "dim")))
    return lines
