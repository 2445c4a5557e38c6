"""`ddcheck check`: the report on each company."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.commands.judging import Asked, day_of, judge_company
from ddcheck.engine.commands.levels import level_of, outputs_of
from ddcheck.engine.commands.loading import company_paths, load_plan, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.report.lines import WIDTH, Line, line, plain
from ddcheck.engine.text.diagnostics import Report

FORMATS = ("text", "json", "requests", "html", "markdown")


class CheckOptions(NamedTuple):
    """What `check` was asked; days are ordinals, `outputs` are `FORMAT` or `FORMAT:FILE`."""

    paths: tuple[str, ...]
    packs: tuple[str, ...] = ()
    period: str | None = None
    as_of: str | None = None
    today: int = 0
    outputs: tuple[str, ...] = ()
    fail_on: str | None = None
    all: bool = False
    version: str = ""
    assumptions: tuple[str, ...] = ()
    language: str = "en"


def run_check(options: CheckOptions, screen: Screen) -> Outcome:
    """Judge every company that the paths mean and render the report in every output asked for."""
    report = Report()
    level = level_of(options.fail_on, report)
    outputs = outputs_of(options.outputs, FORMATS, report)
    as_of = day_of(options.as_of, report)
    if report.failed:
        return finish("", report)
    plan = load_plan(options.packs, report)
    if not plan.rules:
        return finish("", report)
    paths = company_paths(options.paths, report)
    companies: list[Company] = []
    seen: dict[str, str] = {}
    for path in paths:
        company = read_company(path, plan, report)
        if company is None:
            continue
        first = seen.setdefault(company.id, path)
        if first != path:
            report.without_place("DD218", path, f"company `{company.id}` is in {first} already")
        companies.append(company)
    asked = Asked(options.period, as_of, options.today, options.assumptions, options.language)
    found = (judge_company(plan, item, asked, seen, report) for item in companies)
    evaluations = [item for item in found if item is not None]
    failed = level is not None and any(level.reached(item) for item in evaluations)
    texts = {
        kind: _render(kind, evaluations, options, screen, report, failed=failed, to_file=bool(file))
        for kind, file in outputs
    }
    stdout = "".join(texts[kind] for kind, file in outputs if not file)
    files = tuple((file, texts[kind]) for kind, file in outputs if file)
    return finish(stdout, report, REACHED if failed else OK)._replace(files=files)


def _render(
    kind: str,
    evaluations: list[Evaluation],
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    failed: bool,
    to_file: bool,
) -> str:
    if kind == "json":
        from ddcheck.engine.report.as_json import render_json

        return render_json(
            evaluations,
            report,
            version=options.version,
            today=options.today,
            level=options.fail_on or "none",
            failed=failed,
        )
    if kind == "requests":
        from ddcheck.engine.report.requests import render_requests

        return render_requests(evaluations) if evaluations else ""
    if kind in ("html", "markdown"):
        return _paged(kind, evaluations, options, report)
    from ddcheck.engine.report.screen import first_screen

    columns = screen.width if screen.terminal and not to_file else WIDTH
    given = _given(options)
    lines: list[Line] = []
    for i, evaluation in enumerate(evaluations):
        if i:
            lines.append(line())
        path = evaluation.company.path
        mistakes = sum(item.path == path and item.line > 0 for item in report)
        lines += first_screen(evaluation, mistakes, columns, given)
        if options.all:
            from ddcheck.engine.report.full import full_report

            lines += full_report(evaluation, columns)
    return _written(lines, screen, to_file=to_file)


def _paged(kind: str, evaluations: list[Evaluation], options: CheckOptions, report: Report) -> str:
    """The formats that are made from the result of a gate: here by the level alone."""
    from ddcheck.engine.gate.decision import Terms, settle
    from ddcheck.engine.model.decision import Decision, GateResult

    policy = evaluations[0].plan.packs.policy if evaluations else None
    level = level_of(options.fail_on, report)
    severity = level.severity if level is not None else policy.fail_on if policy else "high"
    unknowns = level is not None and level.unknown
    terms = Terms(severity, unknowns, (), {}, options.today)
    gated = tuple(settle(evaluation, terms).gated for evaluation in evaluations)
    decision = Decision(severity, unknowns, "shipped policy", gated, (), ()) if gated else None
    result = GateResult(
        decision, decision is not None and not report.failed, tuple(report), options.today,
        options.version, options.language, options.all,
    )  # fmt: skip
    if kind == "html":
        from ddcheck.engine.report.html import render_html

        return render_html(result)
    from ddcheck.engine.report.markdown import render_markdown

    return render_markdown(result)


def _given(options: CheckOptions) -> str:
    """The options of this run that `explain` needs to come to the same, as one would type them."""
    pairs = [("--pack", pack) for pack in options.packs]
    pairs += [("--period", options.period)] if options.period else []
    pairs += [("--as-of", options.as_of)] if options.as_of else []
    pairs += [("--set", text) for text in options.assumptions]
    pairs += [("--lang", options.language)] if options.language != "en" else []
    if not pairs:
        return ""
    from shlex import quote

    return " ".join(f"{name} {quote(value)}" for name, value in pairs)


def _written(lines: list[Line], screen: Screen, *, to_file: bool) -> str:
    if not lines:
        return ""
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(lines, "utf-8" if to_file else screen.encoding)
