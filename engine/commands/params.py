"""`ddcheck params`: every parameter as it holds, who set it, and what is looser than the packs."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.check.assumptions import assume
from ddcheck.engine.check.settled import parameters_page
from ddcheck.engine.commands.judging import day_of, period_of
from ddcheck.engine.commands.levels import outputs_of
from ddcheck.engine.commands.loading import company_path, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.gate.settings import Settings, place_of, read_settings
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.settled import ParametersPage
from ddcheck.engine.report.lines import WIDTH, plain
from ddcheck.engine.text.diagnostics import Report

#: Every format, and whether other text may follow it on standard output.
FORMATS = {"text": True, "json": False}


class ParamsOptions(NamedTuple):
    """What `params` was asked; `today` is an ordinal, `outputs` are `FORMAT[:FILE]`."""

    company: str | None = None
    config: str | None = None
    packs: tuple[str, ...] = ()
    period: str | None = None
    as_of: str | None = None
    today: int = 0
    assumptions: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    language: str = "en"
    all: bool = False
    version: str = ""


def run_params(options: ParamsOptions, screen: Screen) -> Outcome:
    """The parameters of a company's packs, or of all packs, in every output asked for.

    Nothing is printed where packs, policy or company cannot be used, or an option is wrong.
    """
    report = Report()
    outputs = outputs_of(options.outputs, FORMATS, (options.company or "",), report)
    as_of = day_of(options.as_of, report)
    settings = None
    if not report.failed:
        settings = read_settings(place_of(options.config), options.packs, report)
    if settings is None:
        return finish("", report)
    page = _of_company(options, settings, as_of, report)
    if page is None or report.failed:
        return finish("", report)
    texts = [(file, _rendered(kind, page, screen, to_file=bool(file))) for kind, file in outputs]
    stdout = "".join(text for file, text in texts if not file)
    return finish(stdout, report)._replace(files=tuple((f, text) for f, text in texts if f))


def _of_company(
    options: ParamsOptions, settings: Settings, as_of: int | None, report: Report
) -> ParametersPage | None:
    plan, company, day = settings.plan, None, options.today if as_of is None else as_of
    assumed: frozenset[str] = frozenset()
    if options.company is None:
        for option, given in (("--set", options.assumptions), ("--period", options.period)):
            if given:
                words = "this option needs a company"
                report.usage("DD313", option, words, "name a company, or leave it out")
        if report.failed:
            return None
    else:
        path = company_path(options.company, report, settings.companies)
        company = read_company(path, plan, report) if path is not None else None
        if company is None:
            return None
        period = period_of(options.period, company, report)
        if options.period is not None and period is None:
            return None
        day = Ledger(company, as_of).evaluated_at(period, options.today)
        found = assume(
            plan, company, options.assumptions, report, as_of=as_of, period=period,
            today=options.today, language=options.language, companies=(company.id,),
        )  # fmt: skip
        if found is None:
            return None
        plan = found.plan
        assumed = frozenset(item.name for item in found.assumptions)
    return parameters_page(
        plan,
        company,
        day,
        options.today,
        policy=settings.path,
        assumed=assumed,
        language=options.language,
        everything=options.all,
        version=options.version,
    )


def _rendered(kind: str, page: ParametersPage, screen: Screen, *, to_file: bool) -> str:
    if kind == "json":
        from ddcheck.engine.report.params_json import render_params

        return render_params(page)
    from ddcheck.engine.report.params import params_report

    lines = params_report(page)
    if screen.terminal and not to_file:
        from ddcheck.engine.report.terminal import render_terminal

        width = max(screen.width, WIDTH)
        return render_terminal(lines, width=width, color=screen.color, encoding=screen.encoding)
    return plain(lines, "utf-8" if to_file else screen.encoding)
