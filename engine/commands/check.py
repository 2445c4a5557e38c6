"""`ddcheck check`: the report on each company and memo."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.commands.judging import Asked, Excused, day_of
from ddcheck.engine.commands.levels import level_of, outputs_of
from ddcheck.engine.commands.loading import Project, company_paths, is_memo
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.commands.outputs import OUTPUTS
from ddcheck.engine.commands.steps import Steps
from ddcheck.engine.report.lines import WIDTH, Line, line, plain
from ddcheck.engine.text.diagnostics import ERROR, Report
from ddcheck.engine.text.source import is_folder

if TYPE_CHECKING:
    from ddcheck.engine.commands.levels import Level
    from ddcheck.engine.model.company import Company
    from ddcheck.engine.model.memo import Audit

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


class Found(NamedTuple):
    """What a run came to; `failed`: something is at or above the level, or a memo fails."""

    companies: tuple[Excused, ...] = ()
    audits: tuple[Audit, ...] = ()
    failed: bool = False


class Wanted(NamedTuple):
    """What the options say, read once: the outputs with their files, the level, the day."""

    outputs: list[tuple[str, str | None]]
    level: Level | None
    as_of: int | None


def run_check(options: CheckOptions, screen: Screen) -> Outcome:
    """Judge every company and memo that the paths mean, and render every output asked for.

    Exit code 1 if a finding is at or above `--fail-on`, or a memo fails.
    """
    report = Report()
    wanted = wanted_by(options, report)
    found = find(options, wanted, Steps(), report) if not report.failed else Found()
    texts = {}
    for kind, file in wanted.outputs:
        texts[kind, file] = rendered(kind, found, options, screen, report, to_file=file is not None)
    stdout = "".join(texts[kind, file] for kind, file in wanted.outputs if file is None)
    files = tuple((file, texts[kind, file]) for kind, file in wanted.outputs if file is not None)
    return finish(stdout, report, REACHED if found.failed else OK)._replace(files=files)


def formats() -> dict[str, bool]:
    """Every format of `check`, and whether other text may follow it on standard output."""
    return {name: output.verdict_follows for name, output in OUTPUTS.items()} | OWN


def wanted_by(options: CheckOptions, report: Report) -> Wanted:
    """What the options say; what cannot be used is reported, and the run ends there."""
    outputs = outputs_of(options.outputs, formats(), options.paths, report)
    level = level_of(options.fail_on, report)
    return Wanted(outputs, level, day_of(options.as_of, report) if not report.failed else None)


def find(options: CheckOptions, wanted: Wanted, steps: Steps, report: Report) -> Found:
    """Every company and memo that can be judged, with the project's waivers."""
    project = steps.project(options.config, options.packs, report)
    if project is None or not project.plan.rules:
        return Found()
    memos = memo_paths(options.paths)
    names = tuple(name for name in options.paths if name not in memos or is_folder(name))
    others = [name for name, inside in memos.items() if inside]
    paths = company_paths(names, report, project.companies, others)
    companies: list[Company] = []
    seen: dict[str, str] = {}
    for path in paths:
        company = steps.company(path, project.plan, report)
        if company is None:
            continue
        first = seen.setdefault(company.id, path)
        if first != path:
            report.without_place("DD218", path, f"company `{company.id}` is in {first} already")
        companies.append(company)
    asked = Asked(
        options.period, wanted.as_of, options.today, options.assumptions, options.language
    )
    judged = [steps.judged(project.plan, item, asked, seen, report) for item in companies]
    evaluations = [item for item in judged if item is not None]
    excused = steps.excused(evaluations, project, options.today, report)
    audits = _audits(memos, companies, project, asked, wanted.level, steps, report)
    level = wanted.level
    failed = level is not None and any(level.reached(item.evaluation) for item in excused)
    return Found(excused, audits, failed or any(audit.failed for audit in audits))


def memo_paths(names: tuple[str, ...]) -> dict[str, list[str]]:
    """The memos that each of `names` means, if it is a memo or a folder."""
    found: dict[str, list[str]] = {}
    for name in names:
        if is_folder(name):
            from ddcheck.engine.commands.memos import memo_files

            found[name] = memo_files(name, headed=True)
        elif is_memo(name):
            found[name] = [name]
    return found


def _audits(
    memos: dict[str, list[str]],
    companies: list[Company],
    project: Project,
    asked: Asked,
    level: Level | None,
    steps: Steps,
    report: Report,
) -> tuple[Audit, ...]:
    if not any(memos.values()):
        return ()
    from ddcheck.engine.commands.auditing import audit_memos

    read = dict.fromkeys(path for inside in memos.values() for path in inside)
    return audit_memos(read, companies, project, asked, level, steps, report)


def rendered(
    kind: str,
    found: Found,
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    to_file: bool,
) -> str:
    """What was found in the format `kind`, for standard output or a file."""
    make = _render if kind in OWN else _shared
    return make(kind, found, options, screen, report, to_file=to_file)


def _shared(
    kind: str,
    found: Found,
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    to_file: bool,
) -> str:
    """A format of the gate."""
    from ddcheck.engine.commands.check_result import Manner, result_of

    manner = Manner(
        level_of(options.fail_on, Report()), options.fail_on, options.config, options.today,
        options.version, options.language, options.all,
    )  # fmt: skip
    result = result_of(found.companies, found.audits, manner, report, by_policy=kind in READ)
    return OUTPUTS[kind].render(result, screen, to_file=to_file)


def _render(
    kind: str,
    found: Found,
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    to_file: bool,
) -> str:
    evaluations = [item.evaluation for item in found.companies]
    if kind == "json":
        from ddcheck.engine.report.as_json import document_of
        from ddcheck.engine.report.json_values import as_text

        document = document_of(
            evaluations,
            report,
            version=options.version,
            today=options.today,
            level=options.fail_on or "none",
            failed=found.failed,
        )
        if found.audits:
            from ddcheck.engine.report.memo_json import memo_json

            document["memos"] = [memo_json(audit) for audit in found.audits]
        return as_text(document)
    if kind == "requests":
        from ddcheck.engine.report.requests import render_requests

        return render_requests(evaluations) if evaluations else ""
    columns = screen.width if screen.terminal and not to_file else WIDTH
    lines: list[Line] = []
    for item in found.companies:
        lines += [line()] if lines else []
        lines += _company(item, options, report, columns)
    for audit in found.audits:
        from ddcheck.engine.report.memo import memo_report

        lines += [line()] if lines else []
        lines += memo_report(audit, everything=options.all)
    return written(lines, screen, to_file=to_file)


def _company(item: Excused, options: CheckOptions, report: Report, columns: int) -> list[Line]:
    from ddcheck.engine.report.screen import first_screen

    evaluation, notices = item
    path = evaluation.company.path
    own = (found for found in report if found.path == path and found.excerpt is not None)
    mistakes = sum(found.severity == ERROR for found in own)
    lines = first_screen(evaluation, mistakes, columns, _given(options))
    if notices or any(finding.waived for finding in evaluation.findings):
        from ddcheck.engine.report.waivers import waiver_section

        lines += [line(), *waiver_section(evaluation, notices, columns)]
    if options.all:
        from ddcheck.engine.report.full import full_report

        lines += full_report(evaluation, columns)
    return lines


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


def written(lines: list[Line], screen: Screen, *, to_file: bool) -> str:
    """The lines for a terminal, a pipe or a file."""
    if not lines:
        return ""
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(lines, "utf-8" if to_file else screen.encoding)
