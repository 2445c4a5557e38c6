"""A finding in JSON: outcome, words, values, what it rests on and how firmly."""

from __future__ import annotations

from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import Finding, Flip, Headroom
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.facts_json import evidence, fact_key
from ddcheck.engine.report.json_values import Json, as_number


def finding_json(finding: Finding, evaluation: Evaluation) -> Json:
    """A finding with its evidence; null where nothing was decided or stated."""
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
        bounds = {"period": period, "low": as_number(low), "high": as_number(high)}
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
                period: {"value": as_number(value), "low": as_number(low), "high": as_number(high)}
                for period, value, low, high in figure.values
            }
            for figure in finding.figures
        },
        "becomes": {"severity": finding.becomes[0], "from": day_text(finding.becomes[1])}
        if finding.becomes is not None
        else None,
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
    return {**fact_key(flip.fact, evaluation), "value": as_number(flip.value)}


def _headroom(room: Headroom, evaluation: Evaluation) -> Json:
    ends: dict[str, Json] = {"below": as_number(room.below), "above": as_number(room.above)}
    return {**fact_key(room.fact, evaluation), **ends}
