"""The difference as JSON: every change with both sides; absent is null, values in base units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.difference import (
    KINDS,
    Cause,
    CompanyChange,
    DefinitionChange,
    Difference,
    FactChange,
    GateSeen,
    GradeSeen,
    LetterChange,
    Seen,
    Spot,
    VerdictChange,
)
from ddcheck.engine.model.periods import KIND_NAMES, day_text, kind_suffix
from ddcheck.engine.report.json_values import Json, as_number, as_text, diagnostic_json
from ddcheck.engine.text.diagnostics import Diagnostic

SCHEMA_VERSION = 1


def difference_json(
    difference: Difference, diagnostics: Iterable[Diagnostic], *, version: str
) -> str:
    """The difference as indented JSON."""
    companies = difference.companies
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "ddcheck": version,
        "today": day_text(difference.today),
        "old": {"name": difference.old or None, "packs": dict(difference.old_packs)},
        "new": {"name": difference.new or None, "packs": dict(difference.new_packs)},
        "changes": difference.changes,
        "summary": {
            "companies": len(companies),
            "changed": sum(company.changes for company in companies),
            "verdicts": {kind: difference.counted(kind) for kind in KINDS},
            "definitions": _counts(item.change for item in difference.definitions),
            "looser": sum(item.looser is True for item in difference.definitions),
            "facts": _counts(item.change for company in companies for item in company.facts),
            "same": {
                "verdicts": sum(company.same[0] for company in companies),
                "facts": sum(company.same[1] for company in companies),
                "definitions": difference.same,
            },
        },
        "definitions": [_definition(item) for item in difference.definitions],
        "companies": [_company(company) for company in companies],
        "unjudged": list(difference.unjudged),
        "undecided": list(difference.undecided),
        "diagnostics": [diagnostic_json(item) for item in diagnostics],
    }
    return as_text(document)


def _counts(changes: Iterable[str]) -> Json:
    return dict(sorted(Counter(changes).items()))


def _spot(spot: Spot | None) -> Json:
    return {"file": spot.path, "line": spot.line or None} if spot is not None else None


def _definition(item: DefinitionChange) -> Json:
    return {
        "kind": item.kind,
        "id": item.id,
        "title": {"en": item.title.en, "zh": item.title.zh},
        "change": item.change,
        "looser": item.looser,
        "words": item.is_words,
        "old": _spot(item.old),
        "new": _spot(item.new),
        "fields": [
            {
                "name": field.name,
                "old": field.old,
                "new": field.new,
                "looser": field.looser,
                "words": field.words,
            }
            for field in item.fields
        ],
    }


def _company(company: CompanyChange) -> Json:
    old_gate, new_gate = company.gates
    old_day, new_day = company.evaluated
    return {
        "id": company.id,
        "name": {"en": company.name.en, "zh": company.name.zh},
        "status": company.status,
        "changes": company.changes,
        "currency": company.currency,
        "old": _side(company.old_path, old_day, old_gate, company.must_know[0]),
        "new": _side(company.new_path, new_day, new_gate, company.must_know[1]),
        "grades": [
            {
                "category": item.category,
                "title": item.title or None,
                "old": _grade(item.old),
                "new": _grade(item.new),
            }
            for item in company.grades
        ],
        "verdicts": [_verdict(item) for item in company.verdicts],
        "facts": [_fact_change(item) for item in company.facts],
        "head": [_definition(item) for item in company.head],
        "conflicts": [
            {
                "change": item.change,
                "type": item.type,
                "concept": item.concept,
                "period": item.period,
                "sources": list(item.sources),
            }
            for item in company.conflicts
        ],
        "metrics": [_letter(item) for item in company.letters],
        "same": {"verdicts": company.same[0], "facts": company.same[1]},
    }


def _side(
    path: str | None, day: int | None, gate: GateSeen | None, must_know: tuple[str, ...]
) -> Json:
    if path is None or day is None or gate is None:
        return None
    return {
        "file": path,
        "evaluated_at": day_text(day),
        "gate": {"level": gate.level, "outcome": gate.outcome, "failing": list(gate.failing)},
        "must_know_unknown": list(must_know),
    }


def _grade(grade: GradeSeen | None) -> Json:
    if grade is None:
        return None
    return {"known": grade.known, "worst": grade.worst, "best": grade.best}


def _verdict(item: VerdictChange) -> Json:
    return {
        "rule": item.rule,
        "title": item.title,
        "category": item.category,
        "strength": item.strength,
        "kind": item.kind,
        "old": _seen(item.old),
        "new": _seen(item.new),
        "by": item.by,
        "causes": [_cause(cause) for cause in item.causes],
    }


def _seen(seen: Seen | None) -> Json:
    if seen is None:
        return None
    return {
        "outcome": seen.outcome,
        "severity": seen.severity,
        "period": seen.period,
        "frame": seen.frame,
        "behind": seen.behind,
        "reason": seen.reason,
        "message": seen.message or None,
        "figure": {
            "name": seen.name,
            "value": as_number(seen.value),
            "low": as_number(seen.low),
            "high": as_number(seen.high),
            "unit": seen.unit or None,
        },
        "limit": as_number(seen.limit),
    }


def _cause(cause: Cause) -> Json:
    return {
        "kind": cause.kind,
        "id": cause.id,
        "change": cause.change,
        "old": _spot(cause.old),
        "new": _spot(cause.new),
    }


def _fact_change(item: FactChange) -> Json:
    fact = item.fact
    return {
        "change": item.change,
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "kind": KIND_NAMES[fact.kind],
        "scope": f"{fact.scope[0]}:{fact.scope[1]}" if fact.scope else None,
        "old": _fact(item.old, item.old_at),
        "new": _fact(item.new, item.new_at),
    }


def _fact(fact: Fact | None, spot: Spot | None) -> Json:
    if fact is None or spot is None:
        return None
    return {
        "value": as_number(fact.value),
        "low": as_number(fact.low),
        "high": as_number(fact.high),
        "text": fact.text,
        "unit": fact.unit,
        "source": fact.source,
        "at": fact.at,
        "file": spot.path,
        "line": spot.line,
    }


def _letter(item: LetterChange) -> Json:
    sides: list[Json] = []
    for seen in (item.old, item.new):
        if seen is None:
            sides.append(None)
            continue
        state, letters, period, value = seen
        sides.append(
            {"state": state, "letters": letters, "period": period, "value": as_number(value)}
        )
    return {
        "id": item.id,
        "title": item.title,
        "unit": item.unit,
        "old": sides[0],
        "new": sides[1],
    }
