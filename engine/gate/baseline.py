"""The baseline: findings that were there before, so that only what is new or worse fails.

An entry is keyed by company, rule, frame and period, with the outcome, severity and value seen;
never by a line. What has become better stays known; where nobody says which way is worse, any
other value is new.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ddcheck.engine.memo.figures import Figure, Figures
from ddcheck.engine.model.decision import Entry
from ddcheck.engine.model.finding import FLAG, UNKNOWN, Finding
from ddcheck.engine.model.pack import RISING, SEVERITIES
from ddcheck.engine.model.periods import FRAMES, KIND_NAMES, PeriodError
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import read

_REQUIRED = ("rule", "company", "frame", "outcome", "severity")
_KEYS = frozenset({*_REQUIRED, "period", "value"})
_OUTCOMES = (FLAG, UNKNOWN)
#: Values nearer than this, relative to their size, are the same: files keep twelve digits.
_SAME = 1e-9


def read_baseline(path: str, report: Report) -> tuple[Entry, ...]:
    """The entries of the baseline at `path`; mistakes are reported, and their entries left out."""
    source = read(path, report)
    root = parse(source, report) if source is not None else None
    kind = shape.kind(root, report) if root is not None else None
    if kind is None or not isinstance(root, Mapping):
        return ()
    if kind != "baseline":
        header = root.entries["ddcheck"]
        report.error("DD006", header, f"a {kind} file, where a baseline is asked for")
        return ()
    return load_baseline(root, report)


def load_baseline(root: Mapping, report: Report) -> tuple[Entry, ...]:
    """The entries that `root` holds; DD632 for one that stands twice."""
    shape.keys(root, {"ddcheck", "entries"}, ("entries",), "a baseline", report)
    items = shape.sequence(root.get("entries"), "`entries`", report)
    found: dict[object, Entry] = {}
    for item in items or ():
        entry = shape.mapping(item, "an entry", report)
        if entry is None or not shape.keys(entry, _KEYS, _REQUIRED, "an entry", report):
            continue
        kept = _entry(entry, report)
        if kept is None:
            continue
        if kept.key in found:
            report.error("DD632", entry, f"`{kept.rule}` of `{kept.company}` stands twice")
            continue
        found[kept.key] = kept
    return tuple(found.values())


def _entry(entry: Mapping, report: Report) -> Entry | None:
    rule = shape.scalar(entry.get("rule"), "`rule`", report)
    company = shape.text(entry.get("company"), "`company`", report)
    frame = shape.choice(entry.get("frame"), FRAMES, "`frame`", report)
    period = shape.text(entry.get("period"), "`period`", report)
    outcome = shape.choice(entry.get("outcome"), _OUTCOMES, "`outcome`", report)
    severity = shape.choice(entry.get("severity"), SEVERITIES, "`severity`", report)
    value = shape.number(entry.get("value"), "`value`", report)
    if rule is None or company is None or frame is None or outcome is None or severity is None:
        return None
    if "value" in entry.entries and value is None:
        return None
    return Entry(company, rule.text, frame, period, outcome, severity, value, rule)


def written(entries: Iterable[Entry]) -> str:
    """A baseline as a file, in an order that does not change from run to run."""
    lines = [
        "# What was known when this was written; only what is new or worse fails.",
        "# Made by `ddcheck gate --write-baseline`.",
        "ddcheck: baseline/1",
        "entries:",
    ]
    ordered = sorted(entries, key=lambda item: (item.company, item.rule, item.period or ""))
    for item in ordered:
        parts = [f"rule: {item.rule}", f"company: {item.company}", f"frame: {item.frame}"]
        if item.period is not None:
            parts.append(f"period: {item.period}")
        parts += [f"outcome: {item.outcome}", f"severity: {item.severity}"]
        if item.value is not None:
            parts.append(f"value: {item.value:.12g}")
        lines.append(f"  - {{{', '.join(parts)}}}")
    if not ordered:
        lines[-1] = "entries: []"
    return "\n".join(lines) + "\n"


def entry_of(finding: Finding, figures: Figures) -> Entry:
    """What a baseline keeps of a finding now."""
    outcome = FLAG if finding.outcome == FLAG else UNKNOWN
    value = _value(finding, figures) if outcome == FLAG else None
    company = figures.company.id
    severity = finding.severity if outcome == FLAG else (finding.worst or finding.severity)
    return Entry(company, finding.id, finding.frame, finding.period, outcome, severity, value, None)


def _value(finding: Finding, figures: Figures) -> float | None:
    """The figure behind a flag at its period; None where there is no point."""
    name = deciding_name(figures.plan, finding.id)
    if name is None or finding.period is None:
        return None
    try:
        period, kind = figures.company.calendar.parse(finding.period)
    except PeriodError:
        return None
    if finding.kind is not None:
        kind = KIND_NAMES.index(finding.kind)
    found = figures.named(name, period._replace(frame=finding.frame), kind)
    if not isinstance(found, Figure):
        return None
    return found.point if found.point is not None and math.isfinite(found.point) else None


def deciding_name(plan: Plan, rule: str) -> str | None:
    """The metric that a rule puts limits on, else the first figure that it shows."""
    found = plan.rules[rule]
    if found.definition.metric is not None and found.definition.metric.text in plan.terms:
        return found.definition.metric.text
    return next((name for name in found.show if name in plan.terms), None)


def worse_when(plan: Plan, rule: str) -> str | None:
    """Which way the value of a rule's figure is worse: `higher`, `lower`, or nobody says."""
    definition = plan.rules[rule].definition
    if definition.metric is not None and definition.direction is not None:
        return "higher" if definition.direction in RISING else "lower"
    name = deciding_name(plan, rule)
    metric = plan.metrics.get(name) if name is not None else None
    if metric is None or metric.definition.better is None:
        return None
    return "lower" if metric.definition.better == "higher" else "higher"


def worsened(before: Entry, now: Entry, plan: Plan) -> str | None:
    """Why a finding that was known is new again, in words; None where it is as it was or better."""
    if before.outcome != now.outcome:
        return f"it was {before.outcome} in the baseline and is {now.outcome} now"
    if SEVERITIES.index(now.severity) < SEVERITIES.index(before.severity):
        return f"it was {before.severity} in the baseline and is {now.severity} now"
    if before.value is None and now.value is None:
        return None
    if before.value is None or now.value is None:
        return (
            "its value was not known in the baseline"
            if now.value is not None
            else ("its value is no longer known")
        )
    if math.isclose(before.value, now.value, rel_tol=_SAME, abs_tol=1e-12):
        return None
    worse = worse_when(plan, now.rule)
    if worse is not None and (now.value > before.value) != (worse == "higher"):
        return None
    then, value = f"{before.value:.6g}", f"{now.value:.6g}"
    if worse is None:
        return f"another value than in the baseline: {then} then, {value} now"
    return f"worse than in the baseline: {then} then, {value} now"
