"""Reading the metrics, rules and strengths of a rules file."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.definition_fields import (
    category_of,
    read_ask_on,
    read_equivalent,
    read_kinds,
    read_ladders,
    read_limits,
    read_otherwise,
    read_stale_after,
    read_tests,
    read_weight,
)
from ddcheck.engine.model.layered import Entry
from ddcheck.engine.model.pack import (
    DIRECTIONS,
    SEVERITIES,
    MetricDefinition,
    RuleDefinition,
)
from ddcheck.engine.model.periods import FRAMES
from ddcheck.engine.model.vocabulary import formulas_of, unit_of, valid_id
from ddcheck.engine.model.wording import STYLES
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar

_SHARED = frozenset(
    {
        "title",
        "category",
        "why",
        "ask",
        "reference",
        "tests",
        "equivalent",
        "frame",
        "kinds",
        "stale_after",
        "tags",
    }
)
_METRIC_KEYS = _SHARED | {
    "formula", "unit", "better", "ladder", "ladders", "ladder_reference", "weight", "between",
    "applies_when", "otherwise", "style",
}  # fmt: skip
_RULE_KEYS = _SHARED | {
    "metric", "when", "severity", "applies_when", "message", "show", "ask_on", "implied_by",
    "min_evidence", "from", *DIRECTIONS,
}  # fmt: skip
_STRENGTH_KEYS = _SHARED | {"when", "applies_when", "message", "show", "min_evidence"}
RULE_FRAMES = (*FRAMES, "any")


class Definitions(NamedTuple):
    """What a pack's rules files define, and each entry as it stands there."""

    metrics: dict[str, MetricDefinition]
    rules: dict[str, RuleDefinition]
    entries: dict[str, Entry]


def load_definitions(root: Mapping, pack: str, into: Definitions, report: Report) -> None:
    """Read one rules file into `into`; an id that is already there is DD218."""
    shape.keys(
        root,
        {"ddcheck", "category", "metrics", "rules", "strengths"},
        (),
        "a rules file",
        report,
    )
    shape.text(root.get("category"), "`category`", report)
    category = root.get("category")
    metrics = shape.mapping(root.get("metrics"), "`metrics`", report)
    for key, node in metrics.items() if metrics else ():
        entry = shape.mapping(node, f"metric `{key.text}`", report)
        if entry is None or not valid_id(key, "a metric", report):
            continue
        if key.text in into.metrics:
            report.error("DD218", key, f"metric `{key.text}` is defined twice")
            continue
        metric = _metric(key, entry, pack, category, report)
        if metric is not None:
            into.metrics[key.text] = metric
            into.entries[key.text] = Entry("metrics", key, entry, category)
    for section in ("rules", "strengths"):
        entries = shape.mapping(root.get(section), f"`{section}`", report)
        for key, node in entries.items() if entries else ():
            entry = shape.mapping(node, f"rule `{key.text}`", report)
            if entry is None or not valid_id(key, "a rule", report, dash=True):
                continue
            if key.text in into.rules:
                report.error("DD218", key, f"rule `{key.text}` is defined twice")
                continue
            rule = _rule(key, entry, pack, category, section == "strengths", report)
            if rule is not None:
                into.rules[key.text] = rule
                into.entries.setdefault(key.text, Entry(section, key, entry, category))


def fields_of(section: str) -> frozenset[str]:
    """The fields that an entry of `section` may have."""
    return {"metrics": _METRIC_KEYS, "rules": _RULE_KEYS}.get(section, _STRENGTH_KEYS)


def read_entry(entry: Entry, pack: str, report: Report) -> MetricDefinition | RuleDefinition | None:
    """The definition that `entry` holds, or None and diagnostics."""
    if entry.section == "metrics":
        return _metric(entry.key, entry.mapping, pack, entry.category, report)
    strength = entry.section == "strengths"
    return _rule(entry.key, entry.mapping, pack, entry.category, strength, report)


def _metric(
    key: Scalar, entry: Mapping, pack: str, head: Node | None, report: Report
) -> MetricDefinition | None:
    what = f"metric `{key.text}`"
    if not shape.keys(entry, _METRIC_KEYS, ("title", "unit"), what, report):
        return None
    category = category_of(entry, head, report)
    title = shape.label(entry.get("title"), "the title", report)
    unit = unit_of(entry.get("unit"), what, report)
    if title is None or unit is None:
        return None
    between = entry.get("between")
    pair = formulas_of(between, what, report)
    if between is not None and len(pair) != 2:
        report.error("DD219", between, "`between` takes two formulas: the low and the high end")
        pair = ()
    better = shape.choice(entry.get("better"), ("higher", "lower"), "`better`", report)
    ladders = read_ladders(entry, report)
    if ladders and better is None and "better" not in entry.entries:
        report.error("DD219", key, f"{what} has a ladder but does not say which way is better")
    if better is None:
        ladders = ()
    return MetricDefinition(
        key.text,
        pack,
        title,
        formulas_of(entry.get("formula"), what, report),
        pair,
        unit[0],
        unit[1],
        better,
        ladders,
        shape.scalar(entry.get("applies_when"), "`applies_when`", report),
        read_otherwise(entry.get("otherwise"), report),
        read_weight(entry.get("weight"), report),
        shape.choice(entry.get("frame"), FRAMES, "`frame`", report) or "year",
        read_kinds(entry.get("kinds"), report),
        read_stale_after(entry.get("stale_after"), report),
        category.text if category is not None else None,
        shape.label(entry.get("why"), "`why`", report),
        shape.label(entry.get("ask"), "`ask`", report),
        shape.text(entry.get("reference"), "`reference`", report),
        read_tests(entry.get("tests"), report),
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        shape.choice(entry.get("style"), STYLES, "`style`", report),
        key,
        read_equivalent(entry.get("equivalent"), report),
        category,
    )


def _rule(
    key: Scalar, entry: Mapping, pack: str, head: Node | None, strength: bool, report: Report
) -> RuleDefinition | None:
    what = f"{'strength' if strength else 'rule'} `{key.text}`"
    known = _STRENGTH_KEYS if strength else _RULE_KEYS
    if not shape.keys(entry, known, ("title",), what, report):
        return None
    category = category_of(entry, head, report)
    title = shape.label(entry.get("title"), "the title", report)
    if title is None:
        return None
    when = shape.scalar(entry.get("when"), "`when`", report)
    metric = shape.scalar(entry.get("metric"), "`metric`", report)
    if (when is None) == (metric is None):
        report.error("DD219", key, f"{what} needs either `when` or `metric`, one of the two")
        return None
    severity = shape.choice(entry.get("severity"), SEVERITIES, "`severity`", report)
    directions = [name for name in DIRECTIONS if name in entry.entries]
    direction: str | None = None
    limits: tuple[tuple[str, Scalar], ...] = ()
    if metric is not None:
        if len(directions) != 1:
            report.error("DD219", key, f"{what} needs one of {', '.join(DIRECTIONS)}")
            return None
        if severity is not None:
            report.error("DD219", key, f"{what} has its severities in `{directions[0]}`")
        direction = directions[0]
        limits = read_limits(entry.get(direction), direction, report)
        if not limits:
            return None
    elif directions:
        report.error("DD219", entry.keys[directions[0]], f"`{directions[0]}` goes with `metric`")
        return None
    elif severity is None and not strength:
        if "severity" not in entry.entries:
            report.error("DD112", key, f"{what} has no `severity`")
        return None
    message = entry.get("message")
    return RuleDefinition(
        key.text,
        pack,
        title,
        strength,
        when,
        severity,
        metric,
        direction,
        limits,
        shape.scalar(entry.get("applies_when"), "`applies_when`", report),
        shape.choice(entry.get("frame"), RULE_FRAMES, "`frame`", report) or "year",
        read_kinds(entry.get("kinds"), report),
        read_stale_after(entry.get("stale_after"), report),
        category.text if category is not None else None,
        shape.label(message, "`message`", report),
        message if isinstance(message, (Mapping, Scalar)) else None,
        formulas_of(entry.get("show"), what, report),
        shape.label(entry.get("why"), "`why`", report),
        shape.label(entry.get("ask"), "`ask`", report),
        read_ask_on(entry.get("ask_on"), report),
        shape.text(entry.get("reference"), "`reference`", report),
        read_tests(entry.get("tests"), report),
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        formulas_of(entry.get("implied_by"), what, report),
        shape.choice(entry.get("min_evidence"), TIERS, "`min_evidence`", report),
        key,
        read_equivalent(entry.get("equivalent"), report),
        shape.day(entry.get("from"), "`from`", report),
        category,
    )
