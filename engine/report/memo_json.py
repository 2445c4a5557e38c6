"""A memo's audit in the JSON report."""

from __future__ import annotations

from ddcheck.engine.model.memo import Audit, Judged, Remark
from ddcheck.engine.model.periods import day_text
from ddcheck.engine.report.json_values import Json, as_number


def memo_json(audit: Audit) -> Json:
    """One memo as the report's `memos` hold it."""
    memo = audit.memo
    coverage = audit.coverage
    return {
        "file": memo.path,
        "company": memo.company,
        "companies": [*memo.companies],
        "as_of": day_text(memo.as_of) if memo.as_of is not None else None,
        "claims": [_claim(item, audit) for item in audit.claims],
        "coverage": {
            "tagged": coverage.tagged,
            "matched": coverage.matched,
            "untagged": coverage.untagged,
            "exempt": coverage.exempt,
        },
        "findings": [_remark(item) for item in audit.remarks],
        "recommendation": memo.recommendation,
        "failed": audit.failed,
    }


def _claim(item: Judged, audit: Audit) -> Json:
    first = item.near[0] if item.near else None
    return {
        "text": item.claim.text,
        "target": item.claim.target.text,
        "verdict": item.verdict,
        "message": item.message or None,
        "period": item.period.label if item.period is not None else None,
        "value": as_number(item.value),
        "low": as_number(item.low),
        "high": as_number(item.high),
        "claim_low": as_number(item.claim_low),
        "claim_high": as_number(item.claim_high),
        "near": {"kind": first.kind, "words": first.words} if first is not None else None,
        "file": audit.memo.path,
        "line": item.claim.span.line,
        "column": item.claim.span.column,
        "end_line": item.claim.span.end_line,
        "end_column": item.claim.span.end_column,
    }


def _remark(item: Remark) -> Json:
    return {
        "id": item.id,
        "level": item.level,
        "message": item.message,
        "rule": item.rule,
        "line": item.span.line if item.span is not None else None,
        "column": item.span.column if item.span is not None else None,
    }
