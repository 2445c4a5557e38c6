"""`ddcheck compare`: companies side by side."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck import __version__
from ddcheck.engine.check.comparison import compare
from ddcheck.engine.commands.judging import (
    Asked,
    day_of,
    judge_company,
    period_of,
    with_waivers,
)
from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import Project, company_paths, load_project, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.comparison import Comparison
from ddcheck.engine.report.lines import plain
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean

#: Every format, and whether other text may follow it on standard output.
FORMATS = {"text": True, "json": False, "csv": True}


class CompareOptions(NamedTuple):
    """What `compare` was asked; `today` is an ordinal, `outputs` are `FORMAT[:FILE]`."""

    companies: tuple[str, ...]
    packs: tuple[str, ...] = ()
    period: str | None = None
    as_of: str | None = None
    today: int = 1
    assumptions: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    everything: bool = False
    language: str = "en"
    config: str | None = None


def run_compare(options: CompareOptions, screen: Screen) -> Outcome:
    """The companies side by side in every output asked for.

    One that cannot be read or judged is left out and reported; DD004 if fewer than two are named,
    DD218 if one is named twice, DD312 for an unknown `--metric`.
    """
    report = Report()
    outputs = outputs_of(options.outputs, FORMATS, options.companies, report)
    as_of = day_of(options.as_of, report)
    project = load_project(options.config, options.packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    known = [*plan.metrics, *plan.vocabulary.concepts, *plan.rules]
    for name in dict.fromkeys(options.metrics):
        if name not in known:
            report.usage(
                "DD312", name, f"no metric, concept or rule `{name}`", did_you_mean(name, known)
            )
    if report.failed or not plan.rules:
        return finish("", report)
    companies = _companies(options.companies, project, report)
    asked = Asked(options.period, as_of, options.today, options.assumptions, options.language)
    ids = [company.id for company in companies]
    evaluations, periods = [], []
    for company in companies:
        found = judge_company(plan, company, asked, ids, report)
        if found is not None:
            evaluations.append(found)
            periods.append(period_of(options.period, company, report))
    if not evaluations:
        return finish("", report)
    excused = with_waivers(evaluations, project, options.today, report)
    comparison = compare(
        [item.evaluation for item in excused],
        plan,
        selected=tuple(dict.fromkeys(options.metrics)),
        everything=options.everything,
        periods=periods,
        language=options.language,
        today=options.today,
    )
    texts = {
        kind: _render(kind, comparison, report, screen, to_file=bool(file))
        for kind, file in outputs
    }
    stdout = "".join(texts[kind] for kind, file in outputs if not file)
    files = tuple((file, texts[kind]) for kind, file in outputs if file)
    return finish(stdout, report)._replace(files=files)


def _companies(names: tuple[str, ...], project: Project, report: Report) -> list[Company]:
    """The companies that `names` mean, each once."""
    paths: list[str] = []
    for name in names:
        found = company_paths((name,), report, project.companies)
        for path in found:
            if path in paths:
                report.usage("DD218", name, f"{path} is named twice", "name each company once")
            else:
                paths.append(path)
    if len(paths) == 1 and not report.failed:
        report.usage(
            "DD004", paths[0], "one company alone cannot be compared", "name another company"
        )
        return []
    companies: dict[str, Company] = {}
    for path in paths:
        company = read_company(path, project.plan, report)
        if company is None:
            continue
        first = companies.setdefault(company.id, company)
        if first is not company:
            report.without_place(
                "DD218", path, f"company `{company.id}` is in {first.path} already"
            )
    return list(companies.values())


def _render(
    kind: str, comparison: Comparison, report: Report, screen: Screen, *, to_file: bool
) -> str:
    if kind == "json":
        from ddcheck.engine.report.comparison_data import comparison_json

        return comparison_json(comparison, report, version=__version__)
    if kind == "csv":
        from ddcheck.engine.report.comparison_data import comparison_csv

        return comparison_csv(comparison)
    from ddcheck.engine.report.comparison import comparison_lines

    lines = comparison_lines(comparison)
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        return render_terminal(
            lines, width=screen.width, color=screen.color, encoding=screen.encoding
        )
    return plain(lines, "utf-8" if to_file else screen.encoding)
