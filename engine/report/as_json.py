"""The JSON report: the one contract that every other format can be derived from.

Periods are written as in company files, values are in base units, absent numbers are null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.evaluation import (
    Assumption,
    Evaluation,
    Finding,
    Flip,
    Grade,
    Headroom,
    MetricResult,
    Request,
)
from ddcheck.engine.model.ledger import Conflict
from ddcheck.engine.model.periods import KIND_NAMES, kind_suffix
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.text.diagnostics import Diagnostic

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
SCHEMA_VERSION = 1


def render_json(
    evaluations: Iterable[Evaluation],
    diagnostics: Iterable[Diagnostic],
    *,
    version: str,
    today: int,
    level: str,
    failed: bool,
) -> str:
    """The report on every company, with diagnostics and the gate, as indented JSON."""
    document = document_of(
        evaluations, diagnostics, version=version, today=today, level=level, failed=failed
    )
    return as_text(document)


def as_text(document: Json) -> str:
    """A document as every JSON output writes it."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def document_of(
    evaluations: Iterable[Evaluation],
    diagnostics: Iterable[Diagnostic],
    *,
    version: str,
    today: int,
    level: str,
    failed: bool,
) -> dict[str, Json]:
    """The report as a document, for outputs that have more to say."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ddcheck": version,
        "today": _day(today),
        "reports": [_report(evaluation) for evaluation in evaluations],
        "memos": [],
        "diagnostics": [_diagnostic(item) for item in diagnostics],
        "gate": {"level": level, "failed": failed},
    }


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _number(value: float | None) -> float | int | None:
    """A number for JSON: whole ones without a fraction, what is not finite as null."""
    if value is None or not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return float(f"{value:.12g}")


def as_number(value: float | None) -> float | int | None:
    """A number as every JSON and CSV output writes it; null where it is absent or not finite."""
    return _number(value)


def _diagnostic(item: Diagnostic) -> Json:
    return {
        "code": item.code,
        "severity": item.severity,
        "path": item.path,
        "line": item.line,
        "column": item.column,
        "message": item.message,
        "help": item.help,
    }


def _report(evaluation: Evaluation) -> Json:
    company = evaluation.company
    return {
        "company": {
            "id": company.id,
            "name": {"en": company.name.en, "zh": company.name.zh},
            "ticker": company.ticker,
            "currency": company.currency,
            "tags": [*sorted(company.tags)],
            "file": company.path,
        },
        "period": evaluation.period.label if evaluation.period is not None else None,
        "newest": {frame: period.label for frame, period in evaluation.newest.items()},
        "evaluated_at": _day(evaluation.evaluated_at),
        "packs": {pack.id: pack.version for pack in evaluation.plan.packs.packs},
        "sources": {
            name: {
                "title": source.title,
                "tier": source.tier,
                "published": _day(source.published),
                "url": source.url,
            }
            for name, source in evaluation.ledger.sources.items()
        },
        "grade": _grade(evaluation.grade, evaluation),
        "metrics": {metric.id: _metric(metric) for metric in evaluation.metrics},
        "findings": [_finding(finding, evaluation) for finding in evaluation.findings],
        "strengths": [_finding(finding, evaluation) for finding in evaluation.strengths],
        "requests": [_request(request) for request in evaluation.requests],
        "conflicts": [
            _conflict(conflict, evaluation)
            for conflict in (*evaluation.conflicts, *evaluation.roundings)
        ],
        "assumptions": [assumption(item, evaluation) for item in evaluation.assumptions],
        "tiers": {
            "metrics": dict(evaluation.tiers.metrics),
            "flags": dict(evaluation.tiers.flags),
            "graded_on": evaluation.tiers.graded_on,
        },
    }


def _grade(grade: Grade, evaluation: Evaluation) -> Json:
    return {
        "letter": grade.letter,
        "known_letter": grade.known_letter,
        "score": _number(grade.score),
        "worst": grade.worst,
        "best": grade.best,
        "known": _number(grade.known),
        "categories": {
            item.category.id: {
                "title": item.category.title.text(evaluation.language),
                "letter": item.letter,
                "score": _number(item.score),
                "worst": item.worst,
                "best": item.best,
                "known": item.known,
                "of": item.total,
            }
            for item in grade.categories
        },
    }


def _metric(metric: MetricResult) -> Json:
    values: Json = {
        value.label: {
            "value": _number(value.value),
            "low": _number(value.low),
            "high": _number(value.high),
            "kind": value.kind,
            "derived": value.derived,
            "stated": value.stated,
            "missing": value.missing,
            "sources": list(value.sources),
            "tier": value.tier,
        }
        for value in metric.values
    }
    latest: Json = None
    if metric.latest is not None:
        latest = {
            "period": metric.latest.label,
            "value": _number(metric.latest.value),
            "grade": metric.letter,
        }
    return {
        "title": metric.title,
        "category": metric.category,
        "unit": metric.unit,
        "better": metric.better,
        "frame": metric.frame,
        "state": metric.state,
        "tier": metric.tier,
        "values": values,
        "latest": latest,
    }


def _finding(finding: Finding, evaluation: Evaluation) -> Json:
    last: Json = None
    if finding.last is not None:
        last = {
            "outcome": finding.last.outcome,
            "severity": finding.last.severity,
            "period": finding.last.period,
        }
    bounds: Json = None
    if finding.bounds is not None:
        period, low, high = finding.bounds
        bounds = {"period": period, "low": _number(low), "high": _number(high)}
    return {
        "id": finding.id,
        "title": finding.title,
        "category": finding.category,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "reason": finding.reason,
        "period": finding.period,
        "frame": finding.frame,
        "message": finding.message or None,
        "values": {
            figure.name: {
                period: {"value": _number(value), "low": _number(low), "high": _number(high)}
                for period, value, low, high in figure.values
            }
            for figure in finding.figures
        },
        "firm": finding.firm,
        "flips": [_flip(flip, evaluation) for flip in finding.flips],
        "headroom": [_headroom(room, evaluation) for room in finding.headroom] or None,
        "assumed": finding.assumed,
        "on_assumptions": finding.on_assumptions,
        "disputed": finding.disputed,
        "behind": finding.behind,
        "last": last,
        "bounds": bounds,
        "missing": [
            {
                "kind": item.kind,
                "name": item.name or None,
                "period": item.period,
                "scope": item.scope,
                "reason": item.reason or None,
            }
            for item in finding.missing
        ],
        "kind": finding.kind,
        "tier": finding.tier,
        "evidence": [evidence(fact, evaluation) for fact in finding.evidence],
        "waiver": _waiver(finding),
    }


def _waiver(finding: Finding) -> Json:
    if finding.waiver is None:
        return None
    from ddcheck.engine.report.waivers import waiver_json

    return waiver_json(finding.waiver)


def _flip(flip: Flip, evaluation: Evaluation) -> Json:
    return {**_input(flip.fact, evaluation), "value": _number(flip.value)}


def _headroom(room: Headroom, evaluation: Evaluation) -> Json:
    ends: dict[str, Json] = {"below": _number(room.below), "above": _number(room.above)}
    return {**_input(room.fact, evaluation), **ends}


def _input(fact: Fact, evaluation: Evaluation) -> dict[str, Json]:
    """Which stated fact it is about, and where it stands."""
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "scope": _scope(fact),
        "unit": fact.unit,
        "source": fact.source,
        "file": _file(fact, evaluation),
        "line": fact.node.line,
    }


def _file(fact: Fact, evaluation: Evaluation) -> str:
    """The company file; of what the command line assumes its option."""
    return ASSUMED if fact.source == ASSUMED else evaluation.company.path


def _scope(fact: Fact) -> str | None:
    return f"{fact.scope[0]}:{fact.scope[1]}" if fact.scope else None


def evidence(fact: Fact, evaluation: Evaluation) -> Json:
    """A fact as evidence: what it says, who says it, and where it stands in which file."""
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "kind": KIND_NAMES[fact.kind],
        "value": _number(fact.value),
        "low": _number(fact.low),
        "high": _number(fact.high),
        "text": fact.text,
        "unit": fact.unit,
        "scope": _scope(fact),
        "source": fact.source,
        "at": fact.at,
        "file": _file(fact, evaluation),
        "line": fact.node.line,
        "column": fact.node.column,
    }


def assumption(item: Assumption, evaluation: Evaluation) -> Json:
    """What the command line assumes; `value` null where a fact is taken away, or is a range."""
    fact = item.fact
    scope = next((f.scope for f in (fact, *item.displaced) if f is not None and f.scope), None)
    return {
        "name": item.name,
        "title": item.title,
        "period": item.period,
        "scope": f"{scope[0]}:{scope[1]}" if scope else None,
        "value": _number(fact.value if fact is not None else item.value),
        "low": _number(fact.low if fact is not None else item.value),
        "high": _number(fact.high if fact is not None else item.value),
        "unit": item.unit,
        "written": item.place,
        "before": _number(item.before),
        "displaced": [evidence(one, evaluation) for one in item.displaced],
    }


def _request(request: Request) -> Json:
    return {
        "concept": request.name,
        "title": request.title,
        "period": request.period,
        "periods": list(request.periods),
        "scope": request.scope,
        "severity": request.severity,
        "must_know": request.must_know,
        "explains": request.explains,
        "unblocks": list(request.unblocks),
        "ask": request.ask or None,
        "known": request.known,
        "raised": request.raised,
        "tier": request.tier,
    }


def _conflict(conflict: Conflict, evaluation: Evaluation) -> Json:
    computed: Json = None
    if conflict.computed is not None:
        low, high = conflict.computed
        computed = {"low": _number(low), "high": _number(high)}
    return {
        "type": conflict.type,
        "concept": conflict.concept,
        "period": conflict.period.label + kind_suffix(conflict.candidates[0].kind),
        "candidates": [evidence(fact, evaluation) for fact in conflict.candidates],
        "chosen": conflict.chosen,
        "reason": conflict.reason,
        "scope": ":".join(conflict.scope) if conflict.scope else None,
        "detail": conflict.detail or None,
        "computed": computed,
        "basis": [evidence(fact, evaluation) for fact in conflict.basis],
        "decides": list(conflict.decides),
    }


def entry_json(evaluation: Evaluation, ident: str) -> tuple[Json, Json]:
    """What the report says of one id: of a rule or strength its finding, of a metric its values.

    Null where it is none, or not meant for the company.
    """
    findings = (*evaluation.findings, *evaluation.strengths)
    finding = next((item for item in findings if item.id == ident), None)
    metric = next((item for item in evaluation.metrics if item.id == ident), None)
    return (
        _finding(finding, evaluation) if finding is not None else None,
        _metric(metric) if metric is not None else None,
    )


def conflict_json(conflict: Conflict, evaluation: Evaluation) -> Json:
    """A conflict as the report has it."""
    return _conflict(conflict, evaluation)


def number_json(value: float | None) -> float | int | None:
    """A number as the report has it: whole ones without a fraction, null for none."""
    return _number(value)
