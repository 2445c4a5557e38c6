"""An explanation as JSON: the tree with its numbers and texts, and what the report says.

`finding`, `metric` and `conflicts` are what the JSON report says of the same, word for word.
Numbers are in base units, absent ones null; keys, ids and words of a fixed list are English.
"""

from __future__ import annotations

import json

from ddcheck.engine.model.explanation import (
    Beside,
    Evidence,
    Explanation,
    LadderPosition,
    Node,
    Past,
    Place,
    Turn,
    Value,
)
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.as_json import SCHEMA_VERSION, entry_json
from ddcheck.engine.report.facts_json import assumption, conflict_json, evidence
from ddcheck.engine.report.json_values import Json, as_number


def render_explanation(item: Explanation) -> str:
    """The explanation as indented JSON."""
    return json.dumps(_document(item), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _document(item: Explanation) -> Json:
    evaluation = item.evaluation
    finding, metric = entry_json(evaluation, item.id)
    return {
        "schema_version": SCHEMA_VERSION,
        "company": evaluation.company.id,
        "file": evaluation.company.path,
        "today": day_text(evaluation.today),
        "evaluated_at": day_text(evaluation.evaluated_at),
        "language": item.language,
        "sort": item.sort,
        "id": item.id,
        "title": item.title,
        "pack": item.pack,
        "category": item.category,
        "place": _place(item.place),
        "asked": item.asked,
        "period": item.period,
        "frame": item.frame,
        "notes": [*item.notes],
        "needs": [*item.needs],
        "assumptions": [assumption(one, evaluation) for one in evaluation.assumptions],
        "finding": finding,
        "flips": [_turn(turn, item) for turn in item.flips],
        "headroom": [_turn(turn, item) for turn in item.headroom],
        "metric": metric,
        "facts": [{"label": label, "text": text} for label, text in item.facts],
        "applies_when": _node(item.applies, item) if item.applies is not None else None,
        "tree": [_node(root, item) for root in item.roots],
        "ladder": _ladder(item.ladder) if item.ladder is not None else None,
        "charted": item.charted or None,
        "history": [_past(past) for past in item.history],
        "conflicts": [conflict_json(conflict, evaluation) for conflict in item.conflicts],
        "sources": {
            source.id: {
                "title": source.title,
                "publisher": source.publisher,
                "tier": source.tier,
                "published": day_text(source.published),
                "url": source.url,
                "file": source.file,
            }
            for source in item.sources()
        },
        "why": item.why or None,
        "ask": item.ask or None,
        "reference": item.reference,
        "tests": item.tests,
    }


def _place(place: Place | None) -> Json:
    if place is None:
        return None
    return {"file": place.path, "line": place.line, "column": place.column}


def _value(value: Value | None) -> Json:
    if value is None:
        return None
    return {
        "value": as_number(value.value),
        "low": as_number(value.low),
        "high": as_number(value.high),
        "unit": value.unit,
        "text": value.shown,
        "interval": value.range or None,
    }


def _evidence(one: Evidence, item: Explanation) -> Json:
    """A fact as the report has it, and whether it counts."""
    told = evidence(one.fact, item.evaluation)
    assert isinstance(told, dict)
    return {
        **told,
        "shown": one.shown,
        "counts": one.counts,
        "reason": one.reason or None,
        "disputed": one.disputed,
    }


def _node(node: Node, item: Explanation) -> Json:
    return {
        "kind": node.kind,
        "name": node.name or None,
        "title": node.title or None,
        "state": node.state,
        "period": node.period,
        "role": node.role or None,
        "sign": node.sign or None,
        "value": _value(node.value),
        "truth": node.truth,
        "formula": node.formula,
        "steps": [*node.steps],
        "place": _place(node.place),
        "actuality": node.actuality,
        "missing": [
            {
                "kind": missing.kind,
                "name": missing.name or None,
                "period": missing.period,
                "scope": missing.scope,
                "reason": missing.reason or None,
            }
            for missing in node.missing
        ],
        "needs": [*node.needs],
        "notes": [*node.notes],
        "evidence": [_evidence(one, item) for one in node.evidence],
        "beside": [_beside(beside, item) for beside in node.beside],
        "event": None
        if node.event is None
        else {"source": node.event.source, "at": node.event.at, "text": node.event.text},
        "children": [_node(child, item) for child in node.children],
    }


def _beside(beside: Beside, item: Explanation) -> Json:
    return {
        "state": beside.state,
        "value": _value(beside.value),
        "difference": _value(beside.difference),
        "agrees": beside.meets,
        "formula": beside.formula,
        "evidence": None if beside.evidence is None else _evidence(beside.evidence, item),
    }


def _turn(turn: Turn, item: Explanation) -> Json:
    return {
        "evidence": _evidence(turn.evidence, item),
        "to": _value(turn.to),
        "below": _value(turn.below),
        "above": _value(turn.above),
    }


def _ladder(ladder: LadderPosition) -> Json:
    return {
        "metric": ladder.metric,
        "direction": ladder.direction,
        "better": ladder.better,
        "at": ladder.at,
        "period": ladder.period,
        "value": _value(ladder.value),
        "steps": [
            {
                "name": step.name,
                "limit": step.limit,
                "value": as_number(step.value),
                "parameter": step.parameter,
                "place": _place(step.place),
                "set_at": _place(step.set_at),
                "reached": step.reached,
                "distance": _value(step.distance),
                "relative": as_number(step.relative),
            }
            for step in ladder.steps
        ],
        "words": [*ladder.words],
        "reference": ladder.reference,
    }


def _past(past: Past) -> Json:
    return {
        "period": past.period,
        "frame": past.frame,
        "value": _value(past.value),
        "kind": past.kind,
        "state": past.state,
        "reason": past.reason or None,
        "outcome": past.outcome or None,
        "here": past.here,
    }
