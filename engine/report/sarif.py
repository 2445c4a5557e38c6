"""SARIF 2.1.0: the run as a log with rules, results with regions, and notifications.

Mistakes in files are notifications of the tool; those with a place are results as well, since
platforms show results alone and a run that could not judge must not look clean there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from ddcheck.engine.model.decision import ERROR, WAIVED, GateResult
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.report.json_values import Json, as_text
from ddcheck.engine.report.problems import MISTAKE, Problem, problems_of
from ddcheck.engine.report.sarif_rules import meaning_of, rules_of
from ddcheck.engine.report.spots import Spot, one_line
from ddcheck.engine.text.diagnostics import Diagnostic
from ddcheck.engine.text.translate import say

#: Beyond this many results a platform refuses the whole file.
MOST = 25_000
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LINK = re.compile(r"\[[^\]]*\]\(")
_PLACEHOLDER = re.compile(r"\{\d+\}")


def render_sarif(result: GateResult, relative: Callable[[str], str] = str) -> str:
    """The log as JSON; `executionSuccessful` is false where anything could not be judged.

    `relative` gives a path as it is from the folder that ddcheck ran in.
    """
    diagnostics = [
        item._replace(path=relative(item.path)) if item.line else item
        for item in result.diagnostics
    ]
    found = [
        _moved(item, relative)
        for item in problems_of(result)
        if item.kind != MISTAKE or _in_text(item)
    ]
    left = found[MOST:]
    found = found[:MOST]
    rules = rules_of(found, result)
    index = {str(rule["id"]): i for i, rule in enumerate(rules)}
    notifications = [_notification(item) for item in diagnostics]
    if left:
        words = say(result.language, "{count} more are left out: a file may hold so many",
                    count=len(left))  # fmt: skip
        notifications.append({"level": "warning", "message": _message(words)})
    codes = sorted({item.code for item in result.diagnostics})
    decision = result.decision
    code = 2 if not result.judged else int(decision is not None and decision.failed)
    driver: dict[str, Json] = {
        "name": "ddcheck",
        "version": result.version,
        "rules": [*rules],
        "notifications": [meaning_of(code) for code in codes],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": "zh-CN" if result.language == "zh" else "en-US",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that ddcheck ran in."}},
        },
        "invocations": [
            {
                "executionSuccessful": result.judged,
                "exitCode": code,
                "exitCodeDescription": one_line(verdict_line(result)),
                "toolExecutionNotifications": [*notifications],
            }
        ],
        "results": [_result(item, index[item.rule], relative) for item in found],
    }
    return as_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _in_text(item: Problem) -> bool:
    """Whether a mistake stands in a file: a result without a file is refused by platforms."""
    return item.spot is not None and item.level == ERROR


def _moved(item: Problem, relative: Callable[[str], str]) -> Problem:
    """A problem with the paths of its places as seen from the folder that ddcheck ran in."""
    related = tuple(spot._replace(path=relative(spot.path)) for spot in item.related)
    spot = item.spot
    return item._replace(
        spot=spot._replace(path=relative(spot.path)) if spot is not None else None,
        related=related,
    )


def _result(item: Problem, rule: int, relative: Callable[[str], str]) -> Json:
    found: dict[str, Json] = {
        "ruleId": item.rule,
        "ruleIndex": rule,
        "level": item.level,
        "message": _message(item.message),
        "locations": [_location(item.spot)] if item.spot is not None else [],
        "partialFingerprints": {"ddcheck/v1": item.fingerprint},
        "properties": {
            "kind": item.kind,
            "severity": item.severity,
            "company": item.about or None,
            "status": item.status,
        },
    }
    if item.related:
        related = enumerate(item.related)
        found["relatedLocations"] = [{"id": i, **_location(spot)} for i, spot in related]
    if item.accepted is not None:
        suppression: dict[str, Json] = {
            "kind": "external",
            "status": "accepted",
            "justification": item.accepted,
        }
        waiver = item.settled.waiver if item.settled is not None else None
        if item.status == WAIVED and waiver is not None:
            node = waiver.node
            last = node.column + node.width
            spot = Spot(relative(node.source.path), node.line, node.column, node.line, last)
            suppression["location"] = _location(spot)
        found["suppressions"] = [suppression]
    return found


def _message(text: str) -> dict[str, Json]:
    """A message whose text is no link and no placeholder, whatever it holds."""
    if _LINK.search(text) or "](" in text:
        text = re.sub(r"([\\\[\]])", r"\\\1", text)
    if _PLACEHOLDER.search(text):
        text = text.replace("{", "{{").replace("}", "}}")
    return {"text": text}


def _location(spot: Spot) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": _artifact(spot.path)}
    if spot.line:
        region: dict[str, Json] = {"startLine": spot.line}
        if spot.column:
            end = spot.end_column if spot.end_line > spot.line else spot.column + 1
            region |= {
                "startColumn": spot.column,
                "endLine": max(spot.line, spot.end_line),
                "endColumn": max(spot.end_column, end),
            }
        physical["region"] = region
    found: dict[str, Json] = {"physicalLocation": physical}
    if spot.words:
        found["message"] = _message(spot.words)
    return found


def _artifact(path: str) -> Json:
    """A file by its address: relative to the project's folder, or absolute where it lies outside.

    A colon in a first part would read as a scheme, so it is written as an escape as well.
    """
    shown = path.replace("\\", "/")
    address = quote(shown, safe="/", errors="surrogateescape")
    if shown.startswith("/"):
        return {"uri": f"file://{address}"}
    return {"uri": address, "uriBaseId": _ROOT}


def _notification(item: Diagnostic) -> Json:
    words = item.message + (f" ({item.help})" if item.help else "")
    found: dict[str, Json] = {
        "descriptor": {"id": item.code},
        "level": "error" if item.severity == ERROR else "warning",
        "message": _message(one_line(f"{item.path}: {words}" if not item.line else words)),
    }
    if item.line:
        last = item.column + item.width
        spot = Spot(item.path, item.line, item.column, item.line, last)
        if item.sheet is not None:
            spot = Spot(item.path, 0, 0, 0, 0)
        found["locations"] = [_location(spot)]
    return found
