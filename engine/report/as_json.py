"""The JSON report: the one contract that every other format can be derived from.

Periods are written as in company files, values are in base units, absent numbers are null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from ddcheck.engine.model.company import TIERS, Fact
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
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "ddcheck": version,
        "today": _day(today),
        "reports": [_report(evaluation) for evaluation in evaluations],
        "memos": [],
        "diagnostics": [_diagnostic(item) for item in diagnostics],
        "gate": {"level": level, "failed": failed},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _number(value: float | None) -> float | int | None:
    """A number for JSON: whole ones without a fraction, what is not finite as null."""
    if value is None or not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return float(f"{value:.12g}")


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
        "metrics": {metric.id: _metric(metric, evaluation) for metric in evaluation.metrics},
        "findings": [_finding(finding, evaluation) for finding in evaluation.findings],
        "strengths": [_finding(finding, evaluation) for finding in evaluation.strengths],
        "requests": [_request(request) for request in evaluation.requests],
        "conflicts": [_conflict(conflict, evaluation) for conflict in evaluation.conflicts],
        "assumptions": [_assumption(item, evaluation) for item in evaluation.assumptions],
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


def _metric(metric: MetricResult, evaluation: Evaluation) -> Json:
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
        "tier": _tier(metric, evaluation),
        "values": values,
        "latest": latest,
    }


def _tier(metric: MetricResult, evaluation: Evaluation) -> str | None:
    """The weakest tier among the sources of the latest value."""
    sources = evaluation.ledger.sources
    names = metric.latest.sources if metric.latest is not None else ()
    return max((sources[name].tier for name in names), key=TIERS.index, default=None)


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
        "waiver": None,
    }


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
    """The company file; of what the command line assumes the option in its place."""
    return fact.node.source.path if fact.source == ASSUMED else evaluation.company.path


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
    }


def _conflict(conflict: Conflict, evaluation: Evaluation) -> Json:
    return {
        "type": conflict.type,
        "concept": conflict.concept,
        "period": conflict.period.label + kind_suffix(conflict.candidates[0].kind),
        "candidates": [evidence(fact, evaluation) for fact in conflict.candidates],
        "chosen": conflict.chosen,
        "reason": conflict.reason,
        "decides": list(conflict.decides),
    }


def _assumption(item: Assumption, evaluation: Evaluation) -> Json:
    fact = item.fact
    return {
        "name": item.name,
        "title": item.title,
        "period": item.period,
        "value": _number(item.value if fact is None else fact.value),
        "low": _number(fact.low) if fact is not None else None,
        "high": _number(fact.high) if fact is not None else None,
        "text": fact.text if fact is not None else None,
        "unit": item.unit,
        "option": item.place,
        "displaced": [evidence(other, evaluation) for other in item.displaced],
    }
