"""`ddcheck check`: the report on each company."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.commands.judging import Asked, Excused, day_of, judge_company, with_waivers
from ddcheck.engine.commands.levels import level_of, outputs_of
from ddcheck.engine.commands.loading import company_paths, load_project, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.company import Company
from ddcheck.engine.report.lines import WIDTH, Line, line, plain
from ddcheck.engine.text.diagnostics import Report

FORMATS = ("text", "json", "requests")


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
    config: str | None = None


def run_check(options: CheckOptions, screen: Screen) -> Outcome:
    """Judge every company that the paths mean and render the report in every output asked for."""
    report = Report()
    level = level_of(options.fail_on, report)
    outputs = outputs_of(options.outputs, FORMATS, report)
    as_of = day_of(options.as_of, report)
    if report.failed:
        return finish("", report)
    project = load_project(options.config, options.packs, report)
    if project is None or not project.plan.rules:
        return finish("", report)
    plan = project.plan
    paths = company_paths(options.paths, report, project.companies)
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
    judged = [item for item in found if item is not None]
    excused = with_waivers(judged, project, options.today, report)
    failed = level is not None and any(level.reached(item.evaluation) for item in excused)
    texts = {
        kind: _render(kind, excused, options, screen, report, failed=failed, to_file=bool(file))
        for kind, file in outputs
    }
    stdout = "".join(texts[kind] for kind, file in outputs if not file)
    files = tuple((file, texts[kind]) for kind, file in outputs if file)
    return finish(stdout, report, REACHED if failed else OK)._replace(files=files)


def _render(
    kind: str,
    excused: list[Excused],
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    failed: bool,
    to_file: bool,
) -> str:
    evaluations = [item.evaluation for item in excused]
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
    from ddcheck.engine.report.screen import first_screen

    columns = screen.width if screen.terminal and not to_file else WIDTH
    given = _given(options)
    lines: list[Line] = []
    for i, (evaluation, notices) in enumerate(excused):
        if i:
            lines.append(line())
        path = evaluation.company.path
        mistakes = sum(item.path == path and item.line > 0 for item in report)
        lines += first_screen(evaluation, mistakes, columns, given)
        if notices or any(finding.waived for finding in evaluation.findings):
            from ddcheck.engine.report.waivers import waiver_section

            lines += [line(), *waiver_section(evaluation, notices, columns)]
        if options.all:
            from ddcheck.engine.report.full import full_report

            lines += full_report(evaluation, columns)
    return _written(lines, screen, to_file=to_file)


def _given(options: CheckOptions) -> str:
    """The options of this run that `explain` needs to come to the same, as one would type them."""
    pairs = [("--config", options.config)] if options.config is not None else []
    pairs += [("--pack", pack) for pack in options.packs]
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
