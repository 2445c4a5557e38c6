"""ddcheck as a library: packs and a company in, a report out; nothing printed, no clock read.

What the command line does, for notebooks and programs. Mistakes in files are raised as `Mistakes`
unless a list is handed in that collects them; then what can be judged is judged all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

from ddcheck.engine.check.assumptions import assume as assume_facts
from ddcheck.engine.check.evaluate import evaluate as evaluate_company
from ddcheck.engine.commands.loading import company_path, load_plan, read_company
from ddcheck.engine.library.tables import NUMBER, TEXT, TRUTH, Table
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.evaluation import Evaluation, Grade, Request
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.periods import PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.lines import Line, plain
from ddcheck.engine.text.diagnostics import Diagnostic
from ddcheck.engine.text.diagnostics import Report as Collector
from ddcheck.engine.text.diagnostics import render as render_diagnostics
from ddcheck.engine.text.translate import LANGUAGES

#: What `render` writes.
FORMATS = ("text", "json", "html", "requests")
_METRICS = (
    ("company", TEXT), ("metric", TEXT), ("title", TEXT), ("category", TEXT), ("unit", TEXT),
    ("frame", TEXT), ("period", TEXT), ("kind", TEXT), ("value", NUMBER), ("low", NUMBER),
    ("high", NUMBER), ("derived", TRUTH), ("stated", TRUTH), ("missing", TEXT),
    ("latest", TRUTH), ("grade", TEXT),
)  # fmt: skip
_FINDINGS = (
    ("company", TEXT), ("rule", TEXT), ("title", TEXT), ("category", TEXT), ("severity", TEXT),
    ("outcome", TEXT), ("reason", TEXT), ("period", TEXT), ("frame", TEXT), ("message", TEXT),
    ("firm", TRUTH), ("disputed", TRUTH), ("behind", TRUTH), ("kind", TEXT), ("tier", TEXT),
)  # fmt: skip


class Mistakes(ValueError):
    """Mistakes in files or arguments; `diagnostics` has each with its code, place and help."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(render_diagnostics(diagnostics))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Report:
    """What packs say of a company: its evaluation, to read, to show and to put into tables."""

    evaluation: Evaluation

    @property
    def company(self) -> Company:
        """The company that was judged."""
        return self.evaluation.company

    @property
    def grade(self) -> Grade:
        """The grade as a range, whole and by category."""
        return self.evaluation.grade

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The outcome of every rule, flags first, the gravest before the milder."""
        return self.evaluation.findings

    @property
    def strengths(self) -> tuple[Finding, ...]:
        """What speaks for the company; its outcome is `flag` where it holds."""
        return self.evaluation.strengths

    @property
    def metrics(self) -> tuple[MetricResult, ...]:
        """Every metric with its values over periods and its letter."""
        return self.evaluation.metrics

    @property
    def requests(self) -> tuple[Request, ...]:
        """What to ask the company for, the most pressing first."""
        return self.evaluation.requests

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Facts that cannot all be right."""
        return self.evaluation.conflicts

    def finding(self, rule: str) -> Finding:
        """The finding of `rule` (or of a strength); KeyError where no such rule was applied."""
        for finding in (*self.findings, *self.strengths):
            if finding.id == rule:
                return finding
        raise KeyError(rule)

    def metric(self, name: str) -> MetricResult:
        """The metric called `name`; KeyError where it is not measured."""
        for metric in self.metrics:
            if metric.id == name:
                return metric
        raise KeyError(name)

    def metrics_table(self) -> Table:
        """A row for each metric and period, values in base units.

        A metric without any value has one row, which says what is missing.
        """
        return Table(_METRICS, tuple(_metric_rows(self.evaluation)))

    def findings_table(self) -> Table:
        """A row for each rule."""
        company = self.company.id
        rows = (
            (
                company, f.id, f.title, f.category, f.severity, f.outcome, f.reason, f.period,
                f.frame, f.message or None, f.firm, f.disputed, f.behind, f.kind, f.tier,
            )
            for f in self.findings
        )  # fmt: skip
        return Table(_FINDINGS, tuple(rows))

    def _repr_html_(self) -> str:
        """The first screen for a notebook."""
        return render(self, "html")

    def __repr__(self) -> str:
        """Which company, its grade and its flags, in a line."""
        flags = sum(finding.outcome == "flag" for finding in self.findings)
        return f"<Report {self.company.id}: {self.grade.worst}..{self.grade.best}, {flags} flags>"

    def __str__(self) -> str:
        """The first screen."""
        return render(self)


def _metric_rows(evaluation: Evaluation) -> Iterable[tuple[str | float | bool | None, ...]]:
    company = evaluation.company.id
    for metric in evaluation.metrics:
        who = (company, metric.id, metric.title, metric.category, metric.unit)
        latest = metric.latest
        if not metric.values:
            wanted = "; ".join(" ".join(filter(None, (m.name, m.period))) for m in metric.missing)
            nothing = (None,) * 5
            yield (*who, metric.frame, *nothing, False, False, wanted or None, False, None)
        for value in metric.values:
            is_latest = latest is not None and value.period == latest.period
            yield (
                *who, value.period.frame, value.label, value.kind, value.value,
                _finite(value.low), _finite(value.high), value.derived, value.stated, value.missing,
                is_latest, metric.letter if is_latest else None,
            )  # fmt: skip


def _finite(value: float | None) -> float | None:
    """An open end of a range is absent in a table."""
    return value if value is not None and isfinite(value) else None


def load_packs(*packs: str, mistakes: list[Diagnostic] | None = None) -> Plan:
    """The packs with these names or in these folders, compiled; all that ship if none is named.

    Raises Mistakes unless `mistakes` collects them; then definitions with a mistake are left out.
    """
    collector = Collector()
    plan = load_plan(packs, collector)
    _settle(collector, mistakes)
    return plan


def load_company(path: str, packs: Plan, *, mistakes: list[Diagnostic] | None = None) -> Company:
    """The company in the file at `path`, or with that id in `companies/`.

    `packs` say which names facts may have. Raises Mistakes unless `mistakes` collects them; then
    facts with a mistake are left out. A file of which nothing can be read always raises.
    """
    collector = Collector()
    found = company_path(path, collector)
    company = read_company(found, packs, collector) if found is not None else None
    if company is None:
        raise Mistakes(tuple(collector))
    _settle(collector, mistakes)
    return company


def evaluate(
    packs: Plan,
    company: Company,
    *,
    today: date,
    as_of: date | None = None,
    period: str | None = None,
    language: str = "en",
    assume: Sequence[str] = (),
) -> Report:
    """What `packs` say of `company`, titles and messages in `language` (`en`, `zh`).

    `today` is what ages are counted from; `as_of` hides what was published later; `period` is
    written as in company files (`FY2021`, `2021Q1`); `assume` are what-ifs as `--set` writes them
    (`ndr@FY2022=96%`). Raises Mistakes on a period or assumption that cannot be used, and
    ValueError on another language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}: {', '.join(LANGUAGES)}")
    when = None
    if period is not None:
        try:
            when = company.calendar.parse(period)[0]
        except PeriodError as error:
            collector = Collector()
            collector.usage("DD302", "period", error.message, error.help)
            raise Mistakes(tuple(collector)) from error
    collector = Collector()
    seen = as_of.toordinal() if as_of is not None else None
    assumed = assume_facts(
        packs,
        company,
        tuple(assume),
        collector,
        as_of=seen,
        period=when,
        today=today.toordinal(),
        language=language,
    )
    if assumed is None:
        raise Mistakes(tuple(collector))
    return Report(
        evaluate_company(
            assumed.plan,
            assumed.company,
            today=today.toordinal(),
            as_of=seen,
            period=when,
            language=language,
            assumptions=assumed.assumptions,
        )
    )


def render(report: Report, form: str = "text", *, everything: bool = False) -> str:
    """The report as `text`, `json`, `html` (for a notebook) or `requests` (a letter in Markdown).

    `everything` is what `--all` shows. ValueError on another form.
    """
    if form not in FORMATS:
        raise ValueError(f"no form {form!r}: {', '.join(FORMATS)}")
    evaluation = report.evaluation
    if form == "json":
        from ddcheck import __version__  # here, or the package would import itself
        from ddcheck.engine.report.as_json import render_json

        return render_json(
            [evaluation],
            (),
            version=__version__,
            today=evaluation.today,
            level="none",
            failed=False,
        )
    if form == "requests":
        from ddcheck.engine.report.requests import render_requests

        return render_requests([evaluation])
    lines = _lines(evaluation, everything=everything)
    if form == "html":
        from ddcheck.engine.report.notebook import render_notebook

        return render_notebook(lines)
    return plain(lines)


def _lines(evaluation: Evaluation, *, everything: bool) -> list[Line]:
    from ddcheck.engine.report.screen import first_screen

    lines = first_screen(evaluation)
    if everything:
        from ddcheck.engine.report.full import full_report

        lines += full_report(evaluation)
    return lines


def _settle(collector: Collector, mistakes: list[Diagnostic] | None) -> None:
    if mistakes is not None:
        mistakes.extend(collector)
    elif collector.failed:
        raise Mistakes(tuple(collector))
