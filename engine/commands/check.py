"""`ddcheck check`: the report on each company and memo."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.commands.judging import Asked, day_of, judge_company
from ddcheck.engine.commands.levels import level_of, outputs_of
from ddcheck.engine.commands.loading import company_paths, is_memo, load_plan, read_company
from ddcheck.engine.commands.outcome import OK, REACHED, Outcome, Screen, finish
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.report.lines import WIDTH, Line, line, plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import is_folder

if TYPE_CHECKING:
    from ddcheck.engine.model.memo import Audit

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


class _Found(NamedTuple):
    """What a run came to; `failed`: something is at or above the level, or a memo fails."""

    evaluations: tuple[Evaluation, ...]
    audits: tuple[Audit, ...]
    failed: bool


def run_check(options: CheckOptions, screen: Screen) -> Outcome:
    """Judge every company and memo that the paths mean, and render every output asked for.

    Exit code 1 if a finding is at or above `--fail-on`, or a memo fails.
    """
    report = Report()
    level = level_of(options.fail_on, report)
    outputs = outputs_of(options.outputs, FORMATS, report)
    as_of = day_of(options.as_of, report)
    if report.failed:
        return finish("", report)
    plan = load_plan(options.packs, report)
    if not plan.rules:
        return finish("", report)
    memos = _memo_paths(options.paths)
    names = tuple(name for name in options.paths if name not in memos or is_folder(name))
    paths = company_paths(names, report, [name for name, inside in memos.items() if inside])
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
    judged = (judge_company(plan, item, asked, seen, report) for item in companies)
    evaluations = tuple(item for item in judged if item is not None)
    audits: tuple[Audit, ...] = ()
    if any(memos.values()):
        from ddcheck.engine.commands.auditing import audit_memos

        read = dict.fromkeys(path for inside in memos.values() for path in inside)
        audits = audit_memos(read, companies, plan, asked, level, report)
    failed = level is not None and any(level.reached(item) for item in evaluations)
    found = _Found(evaluations, audits, failed or any(audit.failed for audit in audits))
    texts = {
        kind: _render(kind, found, options, screen, report, to_file=bool(file))
        for kind, file in outputs
    }
    stdout = "".join(texts[kind] for kind, file in outputs if not file)
    files = tuple((file, texts[kind]) for kind, file in outputs if file)
    return finish(stdout, report, REACHED if found.failed else OK)._replace(files=files)


def _memo_paths(names: tuple[str, ...]) -> dict[str, list[str]]:
    """The memos that each of `names` means, if it is a memo or a folder."""
    found: dict[str, list[str]] = {}
    for name in names:
        if is_folder(name):
            from ddcheck.engine.commands.memos import memo_files

            found[name] = memo_files(name)
        elif is_memo(name):
            found[name] = [name]
    return found


def _render(
    kind: str,
    found: _Found,
    options: CheckOptions,
    screen: Screen,
    report: Report,
    *,
    to_file: bool,
) -> str:
    evaluations = found.evaluations
    if kind == "json":
        from ddcheck.engine.report.as_json import as_text, document_of

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
    from ddcheck.engine.report.screen import first_screen

    columns = screen.width if screen.terminal and not to_file else WIDTH
    given = _given(options)
    lines: list[Line] = []
    for evaluation in evaluations:
        if lines:
            lines.append(line())
        path = evaluation.company.path
        mistakes = sum(item.path == path and item.line > 0 for item in report)
        lines += first_screen(evaluation, mistakes, columns, given)
        if options.all:
            from ddcheck.engine.report.full import full_report

            lines += full_report(evaluation, columns)
    for audit in found.audits:
        from ddcheck.engine.report.memo import memo_report

        if lines:
            lines.append(line())
        lines += memo_report(audit, everything=options.all)
    return _written(lines, screen, to_file=to_file)


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
