"""`ddcheck explain`: one metric, rule or concept worked out, with its numbers and sources."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.check.assumptions import assume
from ddcheck.engine.check.explain import explain
from ddcheck.engine.commands.judging import day_of, period_of
from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import company_path, load_project, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.model.explanation import Explanation
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.explanation import explanation_lines
from ddcheck.engine.report.lines import plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean

#: Every format, and whether other text may follow it on standard output.
FORMATS = {"text": True, "json": False}


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
    config: str | None = None


def run_explain(options: ExplainOptions, screen: Screen) -> Outcome:
    """The explanation of a metric, rule, strength or concept, in every output asked for.

    An unknown id is DD312, an unknown format DD313; nothing is printed then.
    """
    report = Report()
    outputs = outputs_of(options.outputs, FORMATS, (options.company,), report)
    if report.failed:
        outputs = []
    day = day_of(options.as_of, report)
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    path = company_path(options.company, report, project.companies)
    company = read_company(path, plan, report) if path is not None else None
    ident = options.ident
    known = [*plan.metrics, *plan.rules, *plan.vocabulary.concepts]
    if ident not in known:
        words = f"no metric, rule or concept `{ident}`"
        report.usage("DD312", ident, words, _instead(ident, plan) or did_you_mean(ident, known))
    period = period_of(options.period, company, report) if company is not None else None
    unread = options.period is not None and period is None
    unread = unread or (options.as_of is not None and day is None)
    if company is None or ident not in known or unread or not outputs:
        return finish("", report)
    assumed = assume(
        plan, company, options.assumptions, report, as_of=day, period=period, today=options.today,
        language=options.language, companies=(company.id,),
    )  # fmt: skip
    if assumed is None:
        return finish("", report)
    found = explain(
        assumed.plan,
        assumed.company,
        ident,
        today=options.today,
        as_of=day,
        period=period,
        language=options.language,
        assumptions=assumed.assumptions,
    )
    texts = [(file, _rendered(kind, found, screen, to_file=bool(file))) for kind, file in outputs]
    stdout = "".join(text for file, text in texts if not file)
    return finish(stdout, report)._replace(files=tuple((f, text) for f, text in texts if f))


def _instead(ident: str, plan: Plan) -> str | None:
    """What to explain instead of a parameter: the metrics and rules whose limits it moves."""
    if ident not in plan.parameters:
        return None
    ladders = {
        metric.id: [step for ladder in metric.ladders for step in ladder.steps]
        for metric in plan.metrics.values()
    }
    rules = {rule.id: list(rule.steps) for rule in plan.rules.values()}
    users = [
        name
        for name, steps in {**rules, **ladders}.items()
        if any(ident in step.condition.names for step in steps)
    ]
    used = f"explain what it limits, {', '.join(users[:3])}; " if users else ""
    return f"it is a parameter: {used}`--set {ident}=VALUE` sets it"


def _rendered(kind: str, found: Explanation, screen: Screen, *, to_file: bool) -> str:
    if kind == "json":
        from ddcheck.engine.report.explanation_json import render_explanation

        return render_explanation(found)
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        lines = explanation_lines(found, screen.width)
        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(explanation_lines(found), "utf-8" if to_file else screen.encoding)
