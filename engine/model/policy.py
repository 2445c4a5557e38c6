"""Reading a policy: at which level a run fails, and what may not be unknown."""

from __future__ import annotations

from ddcheck.engine.model.pack import SEVERITIES, Policy
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping


def load_policy(root: Mapping, report: Report) -> Policy | None:
    """The policy that `root` holds, or None and diagnostics."""
    if not shape.keys(
        root, {"ddcheck", "fail_on", "must_know", "why"}, ("fail_on",), "a policy", report
    ):
        return None
    shape.label(root.get("why"), "`why`", report)
    level = shape.choice(root.get("fail_on"), SEVERITIES, "`fail_on`", report)
    if level is None:
        return None
    return Policy(level, shape.texts(root.get("must_know"), "`must_know`", report))
