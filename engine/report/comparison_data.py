"""The comparison as data: JSON with everything, CSV with a row for each metric and rule.

Values are in base units, periods as in company files; what is absent is null, or an empty cell
beside a state that says why.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.comparison import Comparison, Figure, FigureRow, Gate, RuleRow, Verdict
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import FLAG, NOT_APPLICABLE, PASS, UNKNOWN
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.facts_json import assumption
from ddcheck.engine.report.json_values import Json, as_number, as_text, diagnostic_json
from ddcheck.engine.text.diagnostics import Diagnostic
from ddcheck.engine.text.written import FORMULA

SCHEMA_VERSION = 1
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*%?\Z")


def comparison_json(
    comparison: Comparison, diagnostics: Iterable[Diagnostic], *, version: str
) -> str:
    """The comparison as indented JSON; cells stand under the ids of their companies."""
    ids = [item.company.id for item in comparison.evaluations]
    pairs = zip(comparison.evaluations, comparison.gates, strict=True)
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "ddcheck": version,
        "today": day_text(comparison.today),
        "companies": [_company(item, gate) for item, gate in pairs],
        "figures": [_figure_row(row, ids) for row in (*comparison.concepts, *comparison.metrics)],
        "rules": [_rule_row(row, ids) for row in comparison.rules],
        "left_out": {"metrics": comparison.left_out[0], "rules": comparison.left_out[1]},
        "diagnostics": [diagnostic_json(item) for item in diagnostics],
    }
    return as_text(document)


def _company(item: Evaluation, gate: Gate) -> Json:
    company, grade, newest = item.company, item.grade, item.ledger.newest
    tiers = {source.tier for source in item.ledger.reported.sources.values()}
    return {
        "id": company.id,
        "name": {"en": company.name.en, "zh": company.name.zh},
        "file": company.path,
        "currency": company.currency,
        "period": item.period.label if item.period is not None else None,
        "facts_as_of": day_text(newest) if newest is not None else None,
        "evaluated_at": day_text(item.evaluated_at),
        "tiers": [*sorted(tiers, key=TIERS.index)],
        "grade": {
            "letter": grade.letter,
            "known_letter": grade.known_letter,
            "worst": grade.worst,
            "best": grade.best,
            "categories": {
                one.category.id: {"letter": one.letter, "worst": one.worst, "best": one.best}
                for one in grade.categories
            },
        },
        "gate": {
            "level": gate.level,
            "outcome": gate.outcome,
            "flags": gate.flags,
            "must_know": gate.must_know,
        },
        "counts": {o: item.counted(o) for o in (FLAG, PASS, UNKNOWN, NOT_APPLICABLE)},
        "assumptions": [assumption(one, item) for one in item.assumptions],
    }


def _figure_row(row: FigureRow, ids: list[str]) -> Json:
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "category": row.category,
        "unit": row.unit,
        "better": row.better,
        "graded": row.graded,
        "values": {name: _figure(cell) for name, cell in zip(ids, row.figures, strict=True)},
    }


def _figure(cell: Figure) -> Json:
    worst, best = cell.letters or (None, None)
    return {
        "state": cell.state,
        "period": cell.label,
        "value": as_number(cell.value),
        "low": as_number(cell.low),
        "high": as_number(cell.high),
        "currency": cell.currency,
        "kind": cell.kind,
        "grade": cell.letter,
        "worst": worst,
        "best": best,
        "rank": cell.rank,
        "derived": cell.derived,
        "stated": cell.stated,
        "on_assumptions": cell.assumed,
        "disputed": cell.disputed,
        "behind": cell.behind,
        "sources": [*cell.sources],
    }


def _rule_row(row: RuleRow, ids: list[str]) -> Json:
    return {
        "id": row.id,
        "title": row.title,
        "category": row.category,
        "severity": row.severity,
        "values": {name: _verdict(cell) for name, cell in zip(ids, row.verdicts, strict=True)},
    }


def _verdict(cell: Verdict) -> Json:
    return {
        "outcome": cell.outcome or NOT_APPLICABLE,
        "severity": cell.severity,
        "period": cell.period,
        "reason": cell.reason,
        "firm": cell.firm,
        "on_assumptions": cell.assumed,
        "disputed": cell.disputed,
        "behind": cell.behind,
    }


def comparison_csv(comparison: Comparison) -> str:
    """A row for each concept, metric and rule; for each company its value, and what it is."""
    ids = [item.company.id for item in comparison.evaluations]
    parts = ("", " low", " high", " period", " currency", " state", " grade", " rank", " notes")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["kind", "id", "title", "category", "unit", "better"]
    writer.writerow([*head, *(_safe(f"{name}{part}") for name in ids for part in parts)])
    for row in (*comparison.concepts, *comparison.metrics):
        cells = [row.kind, row.id, row.title, row.category, row.unit, row.better]
        for figure in row.figures:
            cells += _figure_cells(figure)
        writer.writerow([_safe(cell) for cell in cells])
    for rule in comparison.rules:
        cells = ["rule", rule.id, rule.title, rule.category, None, None]
        for verdict in rule.verdicts:
            cells += _verdict_cells(verdict)
        writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _figure_cells(cell: Figure) -> list[str | None]:
    notes = {
        "assumed": cell.assumed, "disputed": cell.disputed, "stated": cell.stated,
        "derived": cell.derived, "behind": cell.behind,
        "estimate": cell.kind not in (None, "actual"),
    }  # fmt: skip
    numbers = [as_number(number) for number in (cell.value, cell.low, cell.high)]
    letter = cell.letter
    if letter is None and cell.letters is not None:
        letter = "..".join(cell.letters)
    return [
        *(None if number is None else str(number) for number in numbers),
        cell.label, cell.currency, cell.state, letter, cell.rank,
        " ".join(name for name, holds in notes.items() if holds),
    ]  # fmt: skip


def _verdict_cells(cell: Verdict) -> list[str | None]:
    notes = {"assumed": cell.assumed, "disputed": cell.disputed, "behind": cell.behind}
    words = [cell.reason or "", *(name for name, holds in notes.items() if holds)]
    outcome = cell.outcome or NOT_APPLICABLE
    return [
        cell.severity or outcome, None, None, cell.period, None, outcome, None, None,
        " ".join(word for word in words if word),
    ]  # fmt: skip


def _safe(value: str | None) -> str | None:
    """Text that no spreadsheet takes for a formula."""
    if value and value[0] in FORMULA and not _NUMBER.match(value):
        return f"'{value}"
    return value
