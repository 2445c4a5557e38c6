"""Maps: what the labels of a spreadsheet mean, settled once and kept.

A key is a label, or a label with the section or the sheet in front of it where that is not enough:
`Cost of revenue > Services`, `Income!Revenue`, or a cell, `Income!A7`. The most specific counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.readers.heads import Head, read_head
from ddcheck.engine.readers.scales import Scale, unit_word
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar
from ddcheck.engine.text.suggest import did_you_mean

IGNORE = "ignore"
_ROOT_KEYS = frozenset({"ddcheck", "labels", "periods", "note"})
_ENTRY_KEYS = frozenset({"concept", "unit", "reversed", "note"})


class Settled(NamedTuple):
    """What a label was settled to mean: a concept, with its unit and whether the printed sign is
    the opposite one; `concept` is `ignore` for a row to leave out, None while it is open.
    """

    concept: str | None
    node: Scalar
    unit: Scale | None = None
    reversed: bool | None = None


class LabelMap(NamedTuple):
    """A map, read: labels by key, and heads of periods by their text."""

    labels: dict[str, Settled]
    periods: dict[str, Head]


EMPTY = LabelMap({}, {})


def load_map(root: Mapping, known: Iterable[str], report: Report) -> LabelMap:
    """The map under `root`; an entry with a mistake is left out (DD110 to DD113, DD301 to DD303).

    `known` are the ids of concepts and metrics.
    """
    shape.keys(root, _ROOT_KEYS, ("labels",), "a map", report)
    shape.text(root.get("note"), "`note`", report)
    ids = tuple(known)
    labels: dict[str, Settled] = {}
    entries = shape.mapping(root.get("labels"), "`labels`", report)
    for key, node in entries.items() if entries else ():
        found = _entry(key, node, ids, report)
        if found is not None:
            labels[key.text] = found
    periods: dict[str, Head] = {}
    heads = shape.mapping(root.get("periods"), "`periods`", report)
    for key, node in heads.items() if heads else ():
        written = shape.text(node, f"the period of `{key.text}`", report)
        if written is None:
            continue
        head = read_head(written)
        if head is None or not head.whole:
            report.error(
                "DD302", node, f"`{written}` is not a period",
                "write FY2021, 2021H1, 2021Q1, 2021-03, 9M2023 or 2021-03-31",
            )  # fmt: skip
            continue
        periods[key.text] = head
    return LabelMap(labels, periods)


def _entry(key: Scalar, node: Node, known: tuple[str, ...], report: Report) -> Settled | None:
    what = f"label `{key.text}`"
    if isinstance(node, Scalar) and node.is_null:
        return Settled(None, key)
    if isinstance(node, Mapping):
        if not shape.keys(node, _ENTRY_KEYS, ("concept",), what, report):
            return None
        name = shape.scalar(node.get("concept"), "`concept`", report)
        shape.text(node.get("note"), "`note`", report)
        unit = None
        written = shape.text(node.get("unit"), "`unit`", report)
        if written is not None:
            unit = unit_word(written)
            if unit is None:
                report.error("DD303", node.entries["unit"], f"cannot read the unit `{written}`")
                return None
        turned = shape.truth(node.get("reversed"), "`reversed`", report)
        if name is None or not _is_known(name, known, report):
            return None
        return Settled(name.text, key, unit, turned if "reversed" in node.entries else None)
    name = shape.scalar(node, f"the meaning of {what}", report)
    if name is None or not _is_known(name, (IGNORE, *known), report):
        return None
    return Settled(name.text, key)


def _is_known(name: Scalar, known: tuple[str, ...], report: Report) -> bool:
    if name.text in known:
        return True
    report.error(
        "DD301", name, f"no concept or metric `{name.text}`", did_you_mean(name.text, known)
    )
    return False


def keys_of(sheet: str, section: str, label: str, cell: str) -> tuple[str, ...]:
    """The keys under which a map may settle a row, the most specific first."""
    keys = [cell]
    if section:
        keys += [f"{sheet}!{section} > {label}"] if sheet else []
        keys.append(f"{section} > {label}")
    if sheet:
        keys.append(f"{sheet}!{label}")
    return (*keys, label)
