"""The JSON of `ddcheck verify`: `schemas/verification.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ddcheck.engine.model.periods import KIND_NAMES, kind_suffix
from ddcheck.engine.model.verification import (
    DIFFERS,
    ELSEWHERE,
    FOUND,
    NONE,
    NOT,
    NOT_FOUND,
    PARTLY,
    WHOLE,
    Searched,
    Spot,
    Verification,
    Verified,
)
from ddcheck.engine.report.json_values import Json, as_number, diagnostic_json
from ddcheck.engine.report.verification import remark_words
from ddcheck.engine.text.diagnostics import Diagnostic

SCHEMA_VERSION = 1


def render_verification(
    found: Verification, diagnostics: Iterable[Diagnostic], *, version: str
) -> str:
    """The verdicts on every fact, with diagnostics, as indented JSON."""
    company = found.company
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "ddcheck": version,
        "company": {
            "id": company.id,
            "name": {"en": company.name.en, "zh": company.name.zh},
            "file": company.path,
        },
        "folder": found.folder,
        "counts": _counts([item for source in found.sources for item in source.facts]),
        "sources": [_source(source) for source in found.sources],
        "facts": [_fact(item, company.path) for source in found.sources for item in source.facts],
        "diagnostics": [diagnostic_json(item) for item in diagnostics],
        "failed": found.failed,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _counts(facts: Iterable[Verified]) -> Json:
    several = list(facts)
    whole = [item.verdict == FOUND and item.place == WHOLE for item in several]
    found = [item.verdict == FOUND and item.place in (PARTLY, NOT, NONE) for item in several]
    return {
        "facts": len(several),
        "at_place": sum(whole),
        "place_open": sum(found),
        "elsewhere": sum(item.verdict == ELSEWHERE for item in several),
        "differs": sum(item.verdict == DIFFERS for item in several),
        "not_found": sum(item.verdict == NOT_FOUND for item in several),
        "not_looked_up": sum(item.verdict is None for item in several),
    }


def _source(source: Searched) -> Json:
    document = source.document
    return {
        "id": document.id,
        "title": document.title,
        "file": document.file,
        "path": source.path,
        "kind": source.kind,
        "fingerprint": source.fingerprint,
        "sha256": source.sha256,
        "counts": _counts(source.facts),
        "remarks": [remark_words(remark, "en") for remark in source.remarks],
    }


def _fact(item: Verified, path: str) -> Json:
    fact = item.fact
    return {
        "concept": fact.concept,
        "period": fact.period.label + kind_suffix(fact.kind),
        "kind": KIND_NAMES[fact.kind],
        "scope": f"{fact.scope[0]}:{fact.scope[1]}" if fact.scope else None,
        "value": as_number(fact.value),
        "low": as_number(fact.low),
        "high": as_number(fact.high),
        "unit": fact.unit,
        "text": fact.text,
        "source": fact.source,
        "at": fact.at,
        "file": path,
        "line": fact.node.line,
        "column": fact.node.column,
        "verdict": item.verdict,
        "place": item.place,
        "untold": item.untold or None,
        "proof": item.proof or None,
        "spot": _spot(item.spot),
        "printed": item.printed or None,
        "around": item.around or None,
        "remarks": [remark_words(remark, "en") for remark in item.remarks],
    }


def _spot(spot: Spot | None) -> Json:
    if spot is None:
        return None
    return {
        "page": spot.page or None,
        "section": spot.section or None,
        "paragraph": spot.paragraph or None,
        "line": spot.line or None,
        "cell": spot.cell or None,
    }
