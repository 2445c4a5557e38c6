"""The gate's result as JSON: the report on companies and memos, with what the gate makes of it."""

from __future__ import annotations

from ddcheck.engine.model.decision import STATUSES, WAIVED, Decision, GateResult, Settled
from ddcheck.engine.model.waiver import Excuse
from ddcheck.engine.report.as_json import document_of
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.json_values import Json, as_number, as_text
from ddcheck.engine.report.memo_json import memo_json
from ddcheck.engine.report.waivers import waiver_json


def render_gate_json(result: GateResult) -> str:
    """The one JSON document of a run; companies and memos are empty where nothing was measured."""
    decision = result.decision
    companies = decision.companies if decision is not None else ()
    level = decision.level if decision is not None else "none"
    if decision is not None and decision.unknowns:
        level += ",unknown"
    document = document_of(
        [item.evaluation for item in companies],
        result.diagnostics,
        version=result.version,
        today=result.today,
        level=level,
        failed=decision.failed if decision is not None else False,
    )
    reports = document["reports"]
    assert isinstance(reports, list)
    for report, company in zip(reports, companies, strict=True):
        assert isinstance(report, dict)
        findings = report["findings"]
        assert isinstance(findings, list)
        settled = {item.finding.id: item for item in company.settled}
        for finding in findings:
            assert isinstance(finding, dict)
            found = settled.get(str(finding["id"]))
            finding["gate"] = _settled(found) if found is not None else None
            finding["waiver"] = None
            if found is not None and found.waiver is not None:
                holds = found.status == WAIVED
                finding["waiver"] = waiver_json(Excuse(found.waiver, holds, found.words))
    gate = document["gate"]
    assert isinstance(gate, dict)
    if decision is not None:
        document["memos"] = [memo_json(audit) for audit in decision.memos]
        gate |= _gate(decision)
    gate["judged"] = result.judged
    gate["verdict"] = verdict_line(result)
    return as_text(document)


def _gate(decision: Decision) -> dict[str, Json]:
    return {
        "policy": decision.policy,
        "counts": {status: decision.counted(status) for status in STATUSES},
        "notices": [
            {
                "id": item.id,
                "level": item.level,
                "file": item.path,
                "line": item.line or None,
                "column": item.column or None,
                "message": item.message,
            }
            for item in decision.notices
        ],
    }


def _settled(item: Settled) -> Json:
    return {
        "status": item.status,
        "words": item.words or None,
        "value": as_number(item.entry.value),
    }
