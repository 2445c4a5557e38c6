"""Reading the metrics, rules and strengths of a rules file."""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.model.company import TIERS
from ddcheck.engine.model.layered import Entry
from ddcheck.engine.model.pack import (
    DIRECTIONS,
    LETTERS,
    SEVERITIES,
    Equivalent,
    Ladder,
    MetricDefinition,
    RuleDefinition,
)
from ddcheck.engine.model.periods import FRAMES, KIND_NAMES
from ddcheck.engine.model.vocabulary import formulas_of, unit_of, valid_id
from ddcheck.engine.model.wording import STYLES
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean

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
_MONTHS = re.compile(r"(\d{1,3}) months?\Z", re.ASCII)
#: Months after which a verdict is stale, unless the definition says otherwise.
STALE_AFTER = 24
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
    category = _category(entry, head, report)
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
    ladders = _ladders(entry, report)
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
        _otherwise(entry.get("otherwise"), report),
        _weight(entry.get("weight"), report),
        shape.choice(entry.get("frame"), FRAMES, "`frame`", report) or "year",
        _kinds(entry.get("kinds"), report),
        _stale_after(entry.get("stale_after"), report),
        category.text if category is not None else None,
        shape.label(entry.get("why"), "`why`", report),
        shape.label(entry.get("ask"), "`ask`", report),
        shape.text(entry.get("reference"), "`reference`", report),
        _tests(entry.get("tests"), report),
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        shape.choice(entry.get("style"), STYLES, "`style`", report),
        key,
        _equivalent(entry.get("equivalent"), report),
        category,
    )


def _rule(
    key: Scalar, entry: Mapping, pack: str, head: Node | None, strength: bool, report: Report
) -> RuleDefinition | None:
    what = f"{'strength' if strength else 'rule'} `{key.text}`"
    known = _STRENGTH_KEYS if strength else _RULE_KEYS
    if not shape.keys(entry, known, ("title",), what, report):
        return None
    category = _category(entry, head, report)
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
        limits = _limits(entry.get(direction), direction, report)
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
        _kinds(entry.get("kinds"), report),
        _stale_after(entry.get("stale_after"), report),
        category.text if category is not None else None,
        shape.label(message, "`message`", report),
        message if isinstance(message, (Mapping, Scalar)) else None,
        formulas_of(entry.get("show"), what, report),
        shape.label(entry.get("why"), "`why`", report),
        shape.label(entry.get("ask"), "`ask`", report),
        _ask_on(entry.get("ask_on"), report),
        shape.text(entry.get("reference"), "`reference`", report),
        _tests(entry.get("tests"), report),
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        formulas_of(entry.get("implied_by"), what, report),
        shape.choice(entry.get("min_evidence"), TIERS, "`min_evidence`", report),
        key,
        _equivalent(entry.get("equivalent"), report),
        shape.day(entry.get("from"), "`from`", report),
        category,
    )


def _category(entry: Mapping, head: Node | None, report: Report) -> Scalar | None:
    """Where the category of `entry` stands: on it, else at the head of the file."""
    own = shape.scalar(entry.get("category"), "`category`", report)
    return own or (head if isinstance(head, Scalar) and not head.is_null else None)


def _equivalent(node: Node | None, report: Report) -> tuple[Equivalent, ...]:
    """The changes under `equivalent:`; one without `becomes` or `why` is DD112."""
    found = []
    for item in shape.sequence(node, "`equivalent`", report) or ():
        entry = shape.mapping(item, "an equivalent change", report)
        keys = ("becomes", "why")
        if entry is None or not shape.keys(entry, set(keys), keys, "an equivalent change", report):
            continue
        becomes = shape.scalar(entry.get("becomes"), "`becomes`", report)
        why = shape.label(entry.get("why"), "`why`", report)
        if becomes is not None and why is not None:
            found.append(Equivalent(becomes, why))
    return tuple(found)


def _limits(node: Node | None, direction: str, report: Report) -> tuple[tuple[str, Scalar], ...]:
    steps = shape.mapping(node, f"`{direction}`", report)
    if steps is None or not shape.keys(steps, SEVERITIES, (), f"`{direction}`", report):
        return ()
    found = []
    for severity in reversed(SEVERITIES):
        limit = shape.scalar(steps.get(severity), f"the limit of {severity}", report)
        if limit is not None:
            found.append((severity, limit))
    if not found:
        report.error("DD219", steps, f"`{direction}` has no step")
    return tuple(found)


def _ladders(entry: Mapping, report: Report) -> tuple[Ladder, ...]:
    found = []
    reference = shape.text(entry.get("ladder_reference"), "`ladder_reference`", report)
    reference = reference or shape.text(entry.get("reference"), "`reference`", report)
    plain = entry.get("ladder")
    if plain is not None:
        steps = _steps(plain, report)
        if steps:
            assert isinstance(plain, (Mapping, Scalar))
            found.append(Ladder(steps, frozenset(), None, reference, plain))
            if reference is None:
                report.error(
                    "DD112", plain, "a ladder needs a `reference`: where the limits come from"
                )
    several = shape.sequence(entry.get("ladders"), "`ladders`", report)
    for item in several or ():
        ladder = shape.mapping(item, "a ladder", report)
        if ladder is None or not shape.keys(
            ladder,
            {"tags", "dated", "reference", "steps"},
            ("steps", "reference"),
            "a ladder",
            report,
        ):
            continue
        steps = _steps(ladder.get("steps"), report)
        if steps:
            found.append(
                Ladder(
                    steps,
                    frozenset(shape.texts(ladder.get("tags"), "`tags`", report)),
                    shape.text(ladder.get("dated"), "`dated`", report),
                    shape.text(ladder.get("reference"), "`reference`", report),
                    ladder,
                )
            )
    return tuple(found)


def _steps(node: Node | None, report: Report) -> tuple[tuple[str, Scalar], ...]:
    steps = shape.mapping(node, "the steps of a ladder", report)
    if steps is None or not shape.keys(steps, LETTERS[:-1], ("A",), "a ladder", report):
        return ()
    found = []
    for letter in LETTERS[:-1]:
        limit = shape.scalar(steps.get(letter), f"the limit of {letter}", report)
        if limit is not None:
            found.append((letter, limit))
    return tuple(found)


def _otherwise(node: Node | None, report: Report) -> tuple[str | None, Label | None] | None:
    """A grade and a note for where a metric does not apply; `(None, None)`: not applicable."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        shape.choice(node, ("not-applicable",), "`otherwise`", report)
        return None, None
    entry = shape.mapping(node, "`otherwise`", report)
    if entry is None or not shape.keys(entry, {"grade", "note"}, ("grade",), "`otherwise`", report):
        return None
    letter = shape.choice(entry.get("grade"), LETTERS, "the grade", report)
    return letter, shape.label(entry.get("note"), "the note", report)


def _weight(node: Node | None, report: Report) -> float:
    weight = shape.number(node, "`weight`", report, 0, 1000)
    return weight if weight is not None else 1.0


def _kinds(node: Node | None, report: Report) -> frozenset[int]:
    if node is None:
        return frozenset({0})
    found = shape.choices(node, KIND_NAMES, "`kinds`", report)
    return frozenset(KIND_NAMES.index(name) for name in found) or frozenset({0})


def _stale_after(node: Node | None, report: Report) -> int:
    written = shape.text(node, "`stale_after`", report)
    if written is None or node is None:
        return STALE_AFTER
    match = _MONTHS.match(written)
    if match is None:
        words = f"`stale_after` must be written `24 months`, not `{written}`"
        report.error("DD110", node, words, did_you_mean(written.partition(" ")[2], ("months",)))
        return STALE_AFTER
    return int(match[1])


def _ask_on(node: Node | None, report: Report) -> frozenset[str]:
    if node is None:
        return frozenset({"unknown"})
    return frozenset(shape.choices(node, ("unknown", "flag"), "`ask_on`", report))


def _tests(node: Node | None, report: Report) -> tuple[Mapping, ...]:
    items: Sequence | None = shape.sequence(node, "`tests`", report)
    found = (shape.mapping(item, "a test", report) for item in items or ())
    return tuple(item for item in found if item is not None)
