"""GitLab's code quality report: a list of problems, each with a fingerprint of its own."""

from __future__ import annotations

from collections.abc import Callable

from ddcheck.engine.model.decision import ERROR, GateResult
from ddcheck.engine.report.json_values import Json, as_text
from ddcheck.engine.report.problems import MISTAKE, Problem, problems_of

#: GitLab's word for each of our severities.
_SEVERITIES = {
    "critical": "blocker",
    "high": "critical",
    "medium": "major",
    "low": "minor",
    "info": "info",
}


def render_gitlab(result: GateResult, relative: Callable[[str], str] = str) -> str:
    """The report as JSON: description, check_name, fingerprint, severity and location of each.

    What has no place in a file, such as wrong usage, stands at the project's folder. `relative`
    gives a path as it is from the folder that ddcheck ran in.
    """
    items: Json = [_item(item, relative) for item in problems_of(result)]
    return as_text(items)


def _item(item: Problem, relative: Callable[[str], str]) -> Json:
    severity = _SEVERITIES[item.severity]
    if item.kind == MISTAKE and item.level == ERROR:
        severity = "blocker"
    words = item.message if item.accepted is None else f"{item.message} [{item.accepted}]"
    if item.accepted is not None:
        severity = "info"
    path = relative(item.spot.path) if item.spot is not None else "."
    line = item.spot.line if item.spot is not None else 1
    return {
        "description": words,
        "check_name": item.rule,
        "fingerprint": item.fingerprint,
        "severity": severity,
        "location": {"path": path.replace("\\", "/"), "lines": {"begin": max(1, line)}},
    }
