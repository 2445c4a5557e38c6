"""The JSON report: the one contract that every other format can be derived from.

Periods are written as in company files, values are in base units, absent numbers are null.
"""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.model.evaluation import Evaluation, Grade, Request
from ddcheck.engine.model.measured import MetricResult
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.facts_json import assumption, conflict_json
from ddcheck.engine.report.findings_json import finding_json
from ddcheck.engine.report.json_values import (
    Json,
    as_number,
    as_text,
    diagnostic_json,
)
from ddcheck.engine.text.diagnostics import Diagnostic

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
        "today": day_text(today),
        "reports": [_report(evaluation) for evaluation in evaluations],
        "memos": [],
        "diagnostics": [diagnostic_json(item) for item in diagnostics],
        "gate": {"level": level, "failed": failed},
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
        "evaluated_at": day_text(evaluation.evaluated_at),
        "packs": {pack.id: pack.version for pack in evaluation.plan.packs.packs},
        "sources": {
            name: {
                "title": source.title,
                "tier": source.tier,
                "published": day_text(source.published),
                "url": source.url,
            }
            for name, source in evaluation.ledger.sources.items()
        },
        "grade": _grade(evaluation.grade, evaluation),
        "metrics": {metric.id: _metric(metric) for metric in evaluation.metrics},
        "findings": [finding_json(finding, evaluation) for finding in evaluation.findings],
        "strengths": [finding_json(finding, evaluation) for finding in evaluation.strengths],
        "requests": [_request(request) for request in evaluation.requests],
        "conflicts": [
            conflict_json(conflict, evaluation)
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
        "score": as_number(grade.score),
        "worst": grade.worst,
        "best": grade.best,
        "known": as_number(grade.known),
        "categories": {
            item.category.id: {
                "title": item.category.title.text(evaluation.language),
                "letter": item.letter,
                "score": as_number(item.score),
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
            "value": as_number(value.value),
            "low": as_number(value.low),
            "high": as_number(value.high),
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
            "value": as_number(metric.latest.value),
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


def entry_json(evaluation: Evaluation, ident: str) -> tuple[Json, Json]:
    """What the report says of one id: of a rule or strength its finding, of a metric its values.

    Null where it is none, or not meant for the company.
    """
    findings = (*evaluation.findings, *evaluation.strengths)
    finding = next((item for item in findings if item.id == ident), None)
    metric = next((item for item in evaluation.metrics if item.id == ident), None)
    return (
        finding_json(finding, evaluation) if finding is not None else None,
        _metric(metric) if metric is not None else None,
    )
