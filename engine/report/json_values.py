"""JSON values: numbers, days and diagnostics as every JSON output writes them."""

from __future__ import annotations

import json
import math
from typing import TypeAlias

from ddcheck.engine.text.diagnostics import Diagnostic

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def as_text(document: Json) -> str:
    """A document as every JSON output writes it."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_number(value: float | None) -> float | int | None:
    """A number for JSON: whole ones without a fraction; null where absent or not finite."""
    if value is None or not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return float(f"{value:.12g}")


def diagnostic_json(item: Diagnostic) -> Json:
    """A mistake in a file, with its place."""
    return {
        "code": item.code,
        "severity": item.severity,
        "path": item.path,
        "line": item.line,
        "column": item.column,
        "message": item.message,
        "help": item.help,
    }
