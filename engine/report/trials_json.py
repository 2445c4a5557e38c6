"""`ddcheck test --output json`: `schemas/trial.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.model.trials import (
    EXCUSED,
    NOTICED,
    REFUSED,
    UNNOTICED,
    Coverage,
    Mutant,
    Mutation,
    Trial,
)
from ddcheck.engine.report.json_values import Json, as_text, diagnostic_json
from ddcheck.engine.text.diagnostics import Diagnostic

SCHEMA_VERSION = 1


def render_trial(trial: Trial, diagnostics: Iterable[Diagnostic], *, version: str) -> str:
    """The tests, what they reach and what they would let pass, as indented JSON."""
    return as_text(
        {
            "schema_version": SCHEMA_VERSION,
            "ddcheck": version,
            "passed": trial.passed,
            "failures": [
                {
                    "id": item.id,
                    "file": item.node.source.path,
                    "line": item.node.line,
                    "column": item.node.column,
                    "wanted": item.wanted,
                    "got": item.got,
                }
                for item in trial.failures
            ],
            "untested": list(trial.untested),
            "coverage": _coverage(trial.coverage) if trial.coverage is not None else None,
            "mutation": _mutation(trial.mutation) if trial.mutation is not None else None,
            "fail_under": trial.least,
            "failed": trial.failed,
            "diagnostics": [diagnostic_json(item) for item in diagnostics],
        }
    )


def _coverage(coverage: Coverage) -> Json:
    return {
        "points": coverage.asked,
        "reached": coverage.reached,
        "percent": coverage.percent,
        "open": [
            {
                "id": point.owner,
                "kind": point.kind,
                "detail": point.detail or None,
                "file": point.node.source.path,
                "line": point.place[0],
                "column": point.place[1],
            }
            for point in coverage.unreached
        ],
    }


def _mutation(mutation: Mutation) -> Json:
    return {
        "noticed": mutation.count(NOTICED),
        "unnoticed": mutation.count(UNNOTICED),
        "equivalent": mutation.count(EXCUSED),
        "refused": mutation.count(REFUSED),
        "percent": mutation.percent,
        "mutants": [
            _mutant(item) for item in mutation.mutants if item.fate in (UNNOTICED, EXCUSED)
        ],
    }


def _mutant(mutant: Mutant) -> Json:
    return {
        "id": mutant.owner,
        "kind": mutant.kind,
        "fate": mutant.fate,
        "was": mutant.was,
        "becomes": mutant.becomes,
        "why": {"en": mutant.why.en, "zh": mutant.why.zh} if mutant.why is not None else None,
        "file": mutant.node.source.path,
        "line": mutant.place[0],
        "column": mutant.place[1],
    }
