"""Judging a company as the command line asks: at which period, as of when, on what assumptions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.check.dues import warn_of_future, warn_resting
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.evaluation import Assumption, Evaluation
from ddcheck.engine.model.periods import Period, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report

if TYPE_CHECKING:
    from ddcheck.engine.commands.loading import Project
    from ddcheck.engine.model.decision import Notice


class Asked(NamedTuple):
    """What every command that judges may be asked; `as_of` and `today` are ordinals."""

    period: str | None
    as_of: int | None
    today: int
    assumptions: tuple[str, ...]
    language: str


def judge_company(
    plan: Plan, company: Company, asked: Asked, ids: Collection[str], report: Report
) -> Evaluation | None:
    """The evaluation of `company`; None and diagnostics if period or assumptions cannot be used.

    `ids` are the companies that an assumption may name. DD310 where no rule can be decided, DD572
    for sources from after today.
    """
    if asked.as_of is None:
        warn_of_future(company, asked.today, report)
    period = period_of(asked.period, company, report)
    if asked.period is not None and period is None:
        return None
    assumptions: tuple[Assumption, ...] = ()
    if asked.assumptions:
        # A run without `--set` does not pay for it.
        from ddcheck.engine.check.assumptions import assume

        assumed = assume(
            plan,
            company,
            asked.assumptions,
            report,
            as_of=asked.as_of,
            period=period,
            today=asked.today,
            language=asked.language,
            companies=ids,
        )
        if assumed is None:
            return None
        plan, company, assumptions = assumed
    found = evaluate(
        plan,
        company,
        today=asked.today,
        as_of=asked.as_of,
        period=period,
        language=asked.language,
        assumptions=assumptions,
    )
    if found.findings and found.undecided:
        report.without_place(
            "DD310", company.path, f"no rule can be decided for `{company.id}`: all are unknown"
        )
    elif not found.findings:
        report.without_place("DD310", company.path, f"no rule applies to `{company.id}`")
    warn_resting(found, report)
    return found


class Excused(NamedTuple):
    """An evaluation whose findings carry the project's waivers, and notices on those waivers."""

    evaluation: Evaluation
    notices: tuple[Notice, ...]


def with_waivers(
    evaluations: Iterable[Evaluation], project: Project, today: int, report: Report
) -> list[Excused]:
    """The evaluations with the waivers of the project on their findings, as the gate sees them.

    What is covered no longer counts among what must be known; mistakes in waivers are reported.
    """
    settings = project.settings
    if settings is None or not settings.waivers:
        return [Excused(item, ()) for item in evaluations]
    # A run without waivers does not pay for the gate.
    from ddcheck.engine.gate.decision import Terms, settle
    from ddcheck.engine.gate.waivers import check_scope, read_waivers
    from ddcheck.engine.memo.figures import Figures
    from ddcheck.engine.model.decision import WAIVED
    from ddcheck.engine.model.waiver import Excuse

    waivers = read_waivers(settings.waivers, settings, today, report)
    terms = Terms(settings.policy.fail_on, False, waivers, {}, today)
    found = []
    for evaluation in evaluations:
        for waiver in waivers:
            if waiver.company == evaluation.company.id:
                check_scope(waiver, Figures(evaluation), report)
        reading = settle(evaluation, terms)
        excuses = {
            item.finding.id: Excuse(item.waiver, item.status == WAIVED, item.words)
            for item in reading.gated.settled
            if item.waiver is not None
        }
        findings = tuple(item._replace(waiver=excuses.get(item.id)) for item in evaluation.findings)
        covered = {item.id for item in findings if item.waived}
        must_know = tuple(ident for ident in evaluation.must_know if ident not in covered)
        excused = evaluation._replace(findings=findings, must_know=must_know)
        notices = (item._replace(path=report.shown(item.path)) for item in reading.notices)
        found.append(Excused(excused, tuple(notices)))
    return found


def day_of(written: str | None, report: Report) -> int | None:
    """The ordinal of `--as-of`, or None; DD308 if it is no date."""
    if written is None:
        return None
    ordinal = shape.parse_day(written)
    if ordinal is None:
        report.usage("DD308", "--as-of", f"`{written}` is not a date", "write it as 2024-02-06")
    return ordinal


def period_of(written: str | None, company: Company, report: Report) -> Period | None:
    """`--period` on the calendar of `company`, or None; DD302 if it is no period."""
    if written is None:
        return None
    try:
        return company.calendar.parse(written)[0]
    except PeriodError as error:
        report.usage("DD302", "--period", error.message, error.help)
        return None
