"""`ddcheck facts`: every fact of a company, one a row."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from typing import NamedTuple

from ddcheck.engine.commands.fact_reasons import why
from ddcheck.engine.commands.loading import company_path, load_project, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen, finish
from ddcheck.engine.model.axes import build_axis
from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.ledger import PLAIN, Ledger
from ddcheck.engine.model.periods import KIND_NAMES, kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.sums import Sum
from ddcheck.engine.model.wording import value_text
from ddcheck.engine.report.lines import Line, Piece, cut, fit, line, plain, wrap
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.translate import say
from ddcheck.engine.text.written import FORMULA

FORMATS = ("text", "json", "csv", "xlsx")
COLUMNS = (
    "concept", "period", "value", "low", "high", "unit", "text", "kind", "scope", "source", "at",
    "file", "line", "column", "derived", "chosen",
)  # fmt: skip
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*%?\Z")
_DERIVED_FRAMES = ("year", "half", "quarter")


class FactsOptions(NamedTuple):
    """What `facts` was asked; `output` is `FORMAT[:FILE]`."""

    company: str
    concept: str | None = None
    packs: tuple[str, ...] = ()
    as_of: str | None = None
    output: str = "text"
    why: bool = False
    language: str = "en"
    config: str | None = None


def run_facts(options: FactsOptions, screen: Screen) -> Outcome:
    """Every stated fact and every flow that follows from stated ones, in `output`'s format.

    Values are in base units; a derived row names the facts it is made of under `text`. With `why`
    each row says why it counts or does not, and facts that are not seen at `as_of` are listed too.
    """
    company_name, concept, packs, as_of, output, asked_why, language, config = options
    report = Report()
    kind, _, file = output.partition(":")
    if kind not in FORMATS:
        report.usage(
            "DD313", "--output", f"no format `{kind}`",
            did_you_mean(kind, FORMATS) or f"formats: {', '.join(FORMATS)}",
        )  # fmt: skip
    if kind == "xlsx" and not file:
        report.usage(
            "DD313", "--output", "a workbook is written to a file", "write `--output xlsx:FILE`"
        )
    day = shape.parse_day(as_of) if as_of is not None else None
    if as_of is not None and day is None:
        report.usage("DD308", "--as-of", f"`{as_of}` is not a date", "write it as 2024-02-06")
    if report.failed:
        return finish("", report)
    project = load_project(config, packs, report)
    if project is None:
        return finish("", report)
    plan = project.plan
    path = company_path(company_name, report, project.companies)
    company = read_company(path, plan, report) if path is not None else None
    if company is None:
        return finish("", report)
    if concept is not None and concept not in plan.terms:
        report.usage(
            "DD301", concept, f"no concept or metric `{concept}`", did_you_mean(concept, plan.terms)
        )
        return finish("", report)
    ledger = Ledger(company, day)
    rows = fact_rows(plan, company, ledger, concept, language if asked_why else None)
    columns = (*COLUMNS, "why") if asked_why else COLUMNS
    if kind == "xlsx":
        from ddcheck.engine.commands.fact_pages import fact_pages
        from ddcheck.engine.report.workbook import render_workbook

        data = render_workbook(fact_pages(plan, ledger, columns, rows, language, concept))
        return finish("", report)._replace(files=((file, data),))
    if kind == "json":
        text = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    elif kind == "csv":
        text = _csv(rows, columns)
    else:
        text = plain(
            _text(rows, company.path, plan, language), screen.encoding if not file else "utf-8"
        )
    if file:
        return finish("", report)._replace(files=((file, text),))
    return finish(text, report)


Row = dict[str, "str | float | int | bool | None"]


def fact_rows(
    plan: Plan,
    company: Company,
    ledger: Ledger,
    concept: str | None,
    why_language: str | None = None,
) -> list[Row]:
    """The rows in the order of the file, derived flows after the facts of their concept.

    With `why_language` facts that are not seen are among them, and each row says why it counts.
    """
    rows: list[Row] = []
    listed = company.facts if why_language is not None else ledger.facts
    names = dict.fromkeys(fact.concept for fact in listed)
    for name in names:
        if concept is not None and name != concept:
            continue
        facts = [fact for fact in listed if fact.concept == name]
        for fact in facts:
            row = _row(fact, company, chosen=ledger.is_chosen(fact))
            if why_language is not None:
                row["why"] = why(fact, company, ledger, why_language)
            rows.append(row)
        term = plan.terms.get(name)
        if term is not None and term.time == "flow":
            derived = _derived(name, company, ledger)
            if why_language is not None:
                for row in derived:
                    row["why"] = say(why_language, "follows from stated facts; no source states it")
            rows += derived
    return rows


def _derived(name: str, company: Company, ledger: Ledger) -> list[Row]:
    rows: list[Row] = []
    for frame in _DERIVED_FRAMES:
        for period in build_axis(ledger, frame).periods:
            entry = ledger.flow(name, period, PLAIN)
            if not isinstance(entry, Sum):
                continue
            parts = " ".join(
                f"{'+' if sign > 0 else '-'} {fact.period}{kind_suffix(fact.kind)}"
                for sign, fact in sorted(entry.parts, key=lambda part: -part[0])
            )
            first = entry.parts[0][1]
            rows.append(
                {
                    "concept": name,
                    "period": period.label + kind_suffix(entry.kind),
                    "value": _number(entry.value),
                    "low": _number(entry.low),
                    "high": _number(entry.high),
                    "unit": first.unit,
                    "text": parts.removeprefix("+ "),
                    "kind": KIND_NAMES[entry.kind],
                    "scope": None,
                    "source": ",".join(sorted({fact.source for _, fact in entry.parts})),
                    "at": None,
                    "file": company.path,
                    "line": None,
                    "column": None,
                    "derived": True,
                    "chosen": True,
                }
            )
    return rows


def _row(fact: Fact, company: Company, *, chosen: bool) -> Row:
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "value": _number(fact.value),
        "low": _number(fact.low),
        "high": _number(fact.high),
        "unit": fact.unit,
        "text": fact.text,
        "kind": KIND_NAMES[fact.kind],
        "scope": f"{fact.scope[0]}:{fact.scope[1]}" if fact.scope else None,
        "source": fact.source,
        "at": fact.at,
        "file": company.path,
        "line": fact.node.line,
        "column": fact.node.column,
        "derived": False,
        "chosen": chosen,
    }


def _number(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else float(f"{value:.12g}")


def _csv(rows: list[Row], columns: tuple[str, ...]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: str | float | bool | None) -> str | float | int | None:
    """A value for a spreadsheet: truths in words, and no text that it would run as a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in FORMULA:
        return value if _NUMBER.match(value) else f"'{value}"
    return value


def _text(rows: list[Row], path: str, plan: Plan, language: str) -> list[Line]:
    """A line for each row; beside what is printed stands the value, money in millions."""
    concept, period, printed, amount, origin, where = (
        say(language, word) for word in ("concept", "period", "printed", "value", "source", "place")
    )
    head = fit(concept, 38) + fit(period, 17) + fit(printed, 22) + fit(amount, 12, right=True)
    lines = [
        line(Piece(say(language, "{path}: line:column at the end of each row", path=path), "dim")),
        line(Piece(f"{head}  {fit(origin, 14)}{where}", "title")),
    ]
    for row in rows:
        scope = f" {row['scope']}" if row["scope"] else ""
        place = f"{row['line']}:{row['column']}" if row["line"] else say(language, "derived")
        mark = "" if row["chosen"] else " " + say(language, "not chosen")
        unit = str(row["unit"])
        value, low, high = (_float(row[key]) for key in ("value", "low", "high"))
        shown = value_text(
            value, "money" if unit.isupper() else unit, "percent", low, high, language
        )
        name = str(row["concept"])
        if language == "zh" and name in plan.terms:
            name = f"{plan.terms[name].label.zh} {name}"
        lines.append(
            line(
                fit(cut(f"{name}{scope}", 37), 38),
                fit(cut(str(row["period"]), 16), 17),
                fit(cut(str(row["text"]), 21), 22),
                fit(shown, 12, right=True),
                "  ",
                fit(cut(str(row["source"]), 13), 14),
                Piece(f"{place}{mark}", "dim"),
            )
        )
        if row.get("why"):
            lines += [line("    ", Piece(text, "dim")) for text in wrap(str(row["why"]), 104)]
    return lines


def _float(value: str | float | bool | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
