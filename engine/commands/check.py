"""`ddcheck check`: the report on each company."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.commands.judging import Asked, Excused, day_of, judge_company, with_waivers
from ddcheck.engine.commands.levels import Level, level_of, outputs_of
from ddcheck.engine.commands.loading import company_paths, load_project, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.commands.outputs import OUTPUTS
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.decision import (
    BELOW,
    FAILS,
    WAIVED,
    Decision,
    Gated,
    GateResult,
    Settled,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.report.lines import WIDTH, Line, line, plain
from ddcheck.engine.text.diagnostics import Report

#: The formats that `check` makes itself, and whether other text may follow them.
OWN = {"text": True, "json": False, "requests": True}
#: Formats that people read: without `--fail-on` they say what the policy makes of it.
READ = frozenset({"html", "markdown"})


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
    formats = {name: output.verdict_follows for name, output in OUTPUTS.items()} | OWN
    outputs = outputs_of(options.outputs, formats, options.paths, report)
    level = level_of(options.fail_on, report)
    excused = _excused(options, report) if not report.failed else None
    failed = level is not None and any(level.reached(item.evaluation) for item in excused or ())
    texts = {}
    if any(kind not in OWN for kind, _ in outputs):
        result = _result(excused, options, level, report)
        read = _result(excused, options, level, report, policy=True) if level is None else result
        shared = {(kind, file) for kind, file in outputs if kind not in OWN}
        for kind, file in shared:
            to_file = file is not None
            shown = read if kind in READ else result
            texts[kind, file] = OUTPUTS[kind].render(shown, screen, to_file=to_file)
    for kind, file in outputs:
        if kind in OWN:
            texts[kind, file] = _render(
                kind, excused or [], options, screen, report,
                failed=failed, to_file=file is not None,
            )  # fmt: skip
    stdout = "".join(texts[kind, file] for kind, file in outputs if file is None)
    files = tuple((file, texts[kind, file]) for kind, file in outputs if file is not None)
    return finish(stdout, report, REACHED if failed else OK)._replace(files=files)


def _excused(options: CheckOptions, report: Report) -> list[Excused] | None:
    """Every company that can be judged, with its waivers; None where nothing can be."""
    as_of = day_of(options.as_of, report)
    if report.failed:
        return None
    project = load_project(options.config, options.packs, report)
    if project is None or not project.plan.rules:
        return None
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
    return with_waivers(judged, project, options.today, report)


def _result(
    excused: list[Excused] | None,
    options: CheckOptions,
    level: Level | None,
    report: Report,
    *,
    policy: bool = False,
) -> GateResult:
    """The run as the gate's formats take it: without a baseline, at the level asked for.

    Where no level is given nothing fails; what is up is told all the same. With `policy` it is
    the policy's level, and what must be known must be.
    """
    decision = None
    if excused is not None:
        asked = f"--fail-on {options.fail_on}" if level is not None else "none: nothing fails"
        found = excused[0].evaluation.plan.packs.policy if policy and excused else None
        if found is not None:
            level, asked = Level(found.fail_on, unknown=False), options.config or "of the packs"
        decision = Decision(
            level.severity if level is not None else "none",
            level is not None and level.unknown,
            asked,
            tuple(_gated(item.evaluation, level, policy=policy) for item in excused),
            (),
            tuple(notice for item in excused for notice in item.notices),
        )
    judged = decision is not None and not report.failed
    return GateResult(
        decision, judged, tuple(report), options.today, options.version, options.language,
        options.all,
    )  # fmt: skip


def _gated(evaluation: Evaluation, level: Level | None, *, policy: bool) -> Gated:
    from ddcheck.engine.gate.baseline import entry_of
    from ddcheck.engine.memo.figures import Figures

    figures = Figures(evaluation)
    settled = []
    for finding in evaluation.findings:
        counts = level is not None and level.counts(finding)
        counts = counts or (policy and finding.id in evaluation.must_know)
        if finding.outcome != FLAG and not counts:
            continue
        excuse = finding.waiver
        status = WAIVED if finding.waived else FAILS if counts else BELOW
        waiver, words = (excuse.waiver, excuse.words) if excuse is not None else (None, "")
        settled.append(Settled(finding, status, waiver, words, entry_of(finding, figures)))
    return Gated(evaluation, tuple(settled))


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
