"""Reading a policy: at which level a run fails, what may not be unknown, what a memo must hold."""

from __future__ import annotations

from ddcheck.engine.model.memo import COVERAGES
from ddcheck.engine.model.pack import (
    LETTERS,
    SEVERITIES,
    MemoPolicy,
    Policy,
    RequiredSection,
)
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Sequence

_KEYS = frozenset(
    {"ddcheck", "fail_on", "must_know", "why", "memos", "waivers", "baseline", "max_waiver_days",
     "cannot_be_waived"}
)  # fmt: skip
_MEMO_KEYS = frozenset(
    {"coverage", "sections", "answer_in", "answer_length", "recommendations", "why"}
)
#: No waiver may live longer, whatever a policy says.
MAX_DAYS = 180
_ANSWER_LENGTH = 20


def load_policy(root: Mapping, report: Report) -> Policy | None:
    """The policy that `root` holds, or None and diagnostics."""
    if not shape.keys(root, _KEYS, ("fail_on",), "a policy", report):
        return None
    shape.label(root.get("why"), "`why`", report)
    level = shape.choice(root.get("fail_on"), SEVERITIES, "`fail_on`", report)
    if level is None:
        return None
    memos = shape.mapping(root.get("memos"), "`memos`", report)
    return Policy(
        level,
        shape.texts(root.get("must_know"), "`must_know`", report),
        _memos(memos, report) if memos is not None else None,
        _path(root.get("waivers"), "`waivers`", report),
        _path(root.get("baseline"), "`baseline`", report),
        _days(root.get("max_waiver_days"), report),
        shape.texts(root.get("cannot_be_waived"), "`cannot_be_waived`", report),
    )


def _path(node: Node | None, what: str, report: Report) -> str | None:
    return shape.text(node, what, report) if node is not None else None


def _days(node: Node | None, report: Report) -> int:
    if node is None:
        return MAX_DAYS
    days = shape.integer(node, "`max_waiver_days`", report)
    if days is not None and not 1 <= days <= MAX_DAYS:
        report.error("DD113", node, f"`max_waiver_days` is from 1 to {MAX_DAYS}, not {days}")
        return MAX_DAYS
    return days if days is not None else MAX_DAYS


def _memos(entry: Mapping, report: Report) -> MemoPolicy:
    shape.keys(entry, _MEMO_KEYS, (), "`memos`", report)
    coverage = entry.get("coverage")
    chosen = (
        shape.choice(coverage, COVERAGES, "`coverage`", report) if coverage is not None else None
    )
    sections = tuple(_sections(entry.get("sections"), report))
    ids = [section.id for section in sections]
    answer_in = shape.texts(entry.get("answer_in"), "`answer_in`", report)
    for name in answer_in:
        node = entry.get("answer_in")
        if name not in ids and node is not None:
            report.error("DD113", node, f"no section `{name}` among `sections`")
    length = entry.get("answer_length")
    found = shape.integer(length, "`answer_length`", report) if length is not None else None
    return MemoPolicy(
        chosen or "warn",
        sections,
        answer_in,
        found if found is not None else _ANSWER_LENGTH,
        _recommendations(entry.get("recommendations"), report),
    )


def _sections(node: Node | None, report: Report) -> list[RequiredSection]:
    entries = shape.mapping(node, "`sections`", report)
    found = []
    for key, item in entries.items() if entries else ():
        titles = shape.texts(item, f"the titles of section `{key.text}`", report)
        if not isinstance(item, Sequence) or not titles:
            report.error("DD110", item, f"section `{key.text}` needs a list of titles")
            continue
        found.append(RequiredSection(key.text, titles))
    return found


def _recommendations(node: Node | None, report: Report) -> dict[str, tuple[str, ...]]:
    entries = shape.mapping(node, "`recommendations`", report)
    found = {}
    for key, item in entries.items() if entries else ():
        if shape.choice(key, LETTERS, "a grade", report) is not None:
            found[key.text] = shape.texts(item, f"what a grade {key.text} allows", report)
    return found
