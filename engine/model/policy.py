"""Reading a policy: at which level a run fails, what may not be unknown, what a memo must hold."""

from __future__ import annotations

from ddcheck.engine.model.layers import read_overrides
from ddcheck.engine.model.pack import (
    COVERAGES,
    LETTERS,
    SEVERITIES,
    MemoPolicy,
    Policy,
    RequiredSection,
)
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence

#: The policy file of a project.
CONFIG = "ddcheck.yaml"
_KEYS = frozenset(
    {"ddcheck", "fail_on", "must_know", "why", "memos", "waivers", "baseline", "max_waiver_days",
     "cannot_be_waived", "packs", "parameters", "overrides", "folders"}
)  # fmt: skip
#: What only the file of a project may say: a pack knows no folders.
_PROJECT_KEYS = ("packs", "parameters", "overrides", "folders", "waivers", "baseline")
_MEMO_KEYS = frozenset(
    {"coverage", "sections", "answer_in", "answer_length", "recommendations", "why"}
)
#: No waiver may live longer, whatever a policy says.
MAX_DAYS = 180
_ANSWER_LENGTH = 20


def load_policy(root: Mapping, report: Report, below: Policy | None = None) -> Policy | None:
    """The policy that `root` holds, or None and diagnostics.

    Where it does not say what must be known, what a memo must hold or what cannot be waived, the
    policy `below` says it.
    """
    if not shape.keys(root, _KEYS, ("fail_on",), "a policy", report):
        return None
    shape.label(root.get("why"), "`why`", report)
    level = shape.choice(root.get("fail_on"), SEVERITIES, "`fail_on`", report)
    if level is None:
        return None
    memos = shape.mapping(root.get("memos"), "`memos`", report)
    folders = shape.mapping(root.get("folders"), "`folders`", report)
    if folders is not None:
        shape.keys(folders, {"companies", "memos"}, (), "`folders`", report)
    said = shape.mapping(root.get("parameters"), "`parameters`", report)
    must_know = shape.texts(root.get("must_know"), "`must_know`", report)
    unwaivable = shape.texts(root.get("cannot_be_waived"), "`cannot_be_waived`", report)
    found = Policy(
        level,
        must_know,
        _memos(memos, report) if memos is not None else None,
        _scalars(root.get("waivers"), "`waivers`", report),
        shape.scalar(root.get("baseline"), "`baseline`", report),
        _days(root.get("max_waiver_days"), report),
        unwaivable,
        _scalars(root.get("packs"), "`packs`", report),
        tuple(said.items()) if said is not None else (),
        _scalars(folders.get("companies"), "`companies`", report) if folders else (),
        _scalars(folders.get("memos"), "`memos`", report) if folders else (),
        root,
        read_overrides(root.get("overrides"), report),
    )
    if below is None:
        return found
    return found._replace(
        must_know=must_know if "must_know" in root.entries else below.must_know,
        memos=found.memos or below.memos,
        unwaivable=unwaivable if "cannot_be_waived" in root.entries else below.unwaivable,
        max_days=found.max_days if "max_waiver_days" in root.entries else below.max_days,
    )


def load_pack_policy(root: Mapping, report: Report) -> Policy | None:
    """The policy of a pack, which says nothing about a project's folders (DD111)."""
    for name in _PROJECT_KEYS:
        if name in root.keys:
            report.error(
                "DD111", root.keys[name], f"`{name}` in the policy of a pack",
                "it belongs in the ddcheck.yaml of a project",
            )  # fmt: skip
    return load_policy(root, report)


def _scalars(node: Node | None, what: str, report: Report) -> tuple[Scalar, ...]:
    """`node` as a list of single values; one alone stands for a list of one."""
    if node is None:
        return ()
    if isinstance(node, Scalar):
        items = [shape.scalar(node, what, report)]
    else:
        entries = shape.sequence(node, what, report)
        every = entries.items if entries is not None else []
        items = [shape.scalar(item, f"an entry of {what}", report) for item in every]
    return tuple(item for item in items if item is not None)


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
    shape.label(entry.get("why"), "`why`", report)
    coverage = entry.get("coverage")
    chosen = (
        shape.choice(coverage, COVERAGES, "`coverage`", report) if coverage is not None else None
    )
    sections = tuple(_sections(entry.get("sections"), report))
    ids = [section.id for section in sections]
    answer_in = shape.choices(entry.get("answer_in"), ids, "`answer_in`", report)
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
