"""Fields of metrics and rules that are more than a text: ladders, limits, kinds, tests."""

from __future__ import annotations

import re

from ddcheck.engine.model.pack import LETTERS, SEVERITIES, Equivalent, Ladder
from ddcheck.engine.model.periods import KIND_NAMES
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean

_MONTHS = re.compile(r"(\d{1,3}) months?\Z", re.ASCII)
#: Months after which a verdict is stale, unless the definition says otherwise.
STALE_AFTER = 24


def category_of(entry: Mapping, head: Node | None, report: Report) -> Scalar | None:
    """Where the category of `entry` stands: on it, else at the head of the file."""
    own = shape.scalar(entry.get("category"), "`category`", report)
    return own or (head if isinstance(head, Scalar) and not head.is_null else None)


def read_equivalent(node: Node | None, report: Report) -> tuple[Equivalent, ...]:
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


def read_limits(
    node: Node | None, direction: str, report: Report
) -> tuple[tuple[str, Scalar], ...]:
    """The steps of a ladder of severities, the mildest first; DD219 where there is none."""
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


def read_ladders(entry: Mapping, report: Report) -> tuple[Ladder, ...]:
    """The ladders of a metric, the plain one first; DD112 for one without a reference."""
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


def read_otherwise(node: Node | None, report: Report) -> tuple[str | None, Label | None] | None:
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


def read_weight(node: Node | None, report: Report) -> float:
    """The weight in a category; 1 without one."""
    weight = shape.number(node, "`weight`", report, 0, 1000)
    return weight if weight is not None else 1.0


def read_kinds(node: Node | None, report: Report) -> frozenset[int]:
    """The kinds of fact that count; actual without any."""
    if node is None:
        return frozenset({0})
    found = shape.choices(node, KIND_NAMES, "`kinds`", report)
    return frozenset(KIND_NAMES.index(name) for name in found) or frozenset({0})


def read_stale_after(node: Node | None, report: Report) -> int:
    """Months after which a verdict is stale; DD110 where they cannot be read."""
    written = shape.text(node, "`stale_after`", report)
    if written is None or node is None:
        return STALE_AFTER
    match = _MONTHS.match(written)
    if match is None:
        words = f"`stale_after` must be written `24 months`, not `{written}`"
        report.error("DD110", node, words, did_you_mean(written.partition(" ")[2], ("months",)))
        return STALE_AFTER
    return int(match[1])


def read_ask_on(node: Node | None, report: Report) -> frozenset[str]:
    """The outcomes that are asked about."""
    if node is None:
        return frozenset({"unknown"})
    return frozenset(shape.choices(node, ("unknown", "flag"), "`ask_on`", report))


def read_tests(node: Node | None, report: Report) -> tuple[Mapping, ...]:
    """The tests of an entry that are mappings."""
    items: Sequence | None = shape.sequence(node, "`tests`", report)
    found = (shape.mapping(item, "a test", report) for item in items or ())
    return tuple(item for item in found if item is not None)
