"""The vocabulary: the concepts that facts may be about, and the dimensions that scope them."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.model.units import BASES, Unit, unit_named
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import RESERVED_WORDS

TIMES = ("flow", "stock", "average", "fixed")
_CONCEPT_KEYS = frozenset(
    {"time", "unit", "label", "aliases", "tags", "derive", "quoted", "positive", "headline", "note"}
)


class Concept(NamedTuple):
    """An entry of the vocabulary.

    `time` is flow (over a period), stock (at an instant), average (over a period, never summed)
    or fixed (from a date on); `quoted` marks prices and market values; `positive` an amount that
    cannot be below zero; `derive` are formulas tried in order where no source states it;
    `headline` marks the few figures that a company is introduced with.
    """

    id: str
    time: str
    unit: Unit
    unit_name: str
    label: Label
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    derive: tuple[Scalar, ...]
    quoted: bool
    positive: bool
    headline: bool
    node: Scalar


class Term(NamedTuple):
    """What may be stated: a concept or a metric, with its time and unit."""

    id: str
    time: str
    unit: Unit
    label: Label
    is_metric: bool
    quoted: bool = False
    positive: bool = False


class Dimension(NamedTuple):
    """A way to split a concept, such as region; no `members` means that any member is allowed."""

    id: str
    label: Label
    members: tuple[str, ...]


class Vocabulary(NamedTuple):
    """Concepts and dimensions by id."""

    concepts: dict[str, Concept]
    dimensions: dict[str, Dimension]


def valid_id(key: Scalar, what: str, report: Report, *, dash: bool = False) -> bool:
    """Whether `key` can name a concept, metric, parameter (or with `dash` a rule)."""
    name = key.text
    plain = name.replace("-", "_") if dash else name
    if not (plain.isidentifier() and plain.isascii() and plain == plain.lower()):
        form = "kebab-case" if dash else "snake_case"
        report.error("DD113", key, f"{what} `{name}` must be {form} in ASCII letters and digits")
        return False
    if name in RESERVED_WORDS or name in ("and", "or", "not", "if", "else"):
        report.error("DD210", key, f"{what} cannot be called `{name}`: it is a word of formulas")
        return False
    return True


def unit_of(node: Node | None, what: str, report: Report) -> tuple[Unit, str] | None:
    """The unit under a `unit:` key, with its name as written."""
    name = shape.text(node, f"the unit of {what}", report)
    if name is None or node is None:
        return None
    unit = unit_named(name)
    if unit is None:
        known = ("ratio", *sorted(BASES))
        parts = (part.strip() for part in name.split("/"))
        bad = next((part for part in parts if part not in known), name)
        report.error(
            "DD113",
            node,
            f"unknown unit `{name}`",
            did_you_mean(bad, known) or "for example ratio, money, money/ads",
        )
        return None
    return unit, name


def formulas_of(node: Node | None, what: str, report: Report) -> tuple[Scalar, ...]:
    """One formula or a list of them, as scalars that keep their place."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        found = (shape.scalar(item, f"a formula of {what}", report) for item in node)
        return tuple(item for item in found if item is not None)
    single = shape.scalar(node, f"the formula of {what}", report)
    return (single,) if single is not None else ()


def load_vocabulary(root: Mapping, into: Vocabulary, report: Report) -> None:
    """Read one vocabulary file into `into`; an id that is already there is DD218."""
    shape.keys(root, {"ddcheck", "concepts", "dimensions"}, (), "a vocabulary", report)
    concepts = shape.mapping(root.get("concepts"), "`concepts`", report)
    for key, node in concepts.items() if concepts else ():
        if key.text in into.concepts:
            report.error("DD218", key, f"concept `{key.text}` is defined twice")
        elif valid_id(key, "a concept", report):
            concept = _concept(key, node, report)
            if concept is not None:
                into.concepts[key.text] = concept
    dimensions = shape.mapping(root.get("dimensions"), "`dimensions`", report)
    for key, node in dimensions.items() if dimensions else ():
        entry = shape.mapping(node, f"dimension `{key.text}`", report)
        if entry is None or not valid_id(key, "a dimension", report):
            continue
        shape.keys(entry, {"label", "members"}, ("label",), "a dimension", report)
        label = shape.label(entry.get("label"), "the label", report) or Label(key.text, key.text)
        members = shape.texts(entry.get("members"), "`members`", report)
        into.dimensions[key.text] = Dimension(key.text, label, members)


def _concept(key: Scalar, node: Node, report: Report) -> Concept | None:
    what = f"concept `{key.text}`"
    entry = shape.mapping(node, what, report)
    if entry is None or not shape.keys(
        entry, _CONCEPT_KEYS, ("time", "unit", "label"), what, report
    ):
        return None
    time = shape.choice(entry.get("time"), TIMES, "`time`", report)
    unit = unit_of(entry.get("unit"), what, report)
    label = shape.label(entry.get("label"), "the label", report)
    if time is None or unit is None or label is None:
        return None
    return Concept(
        key.text,
        time,
        unit[0],
        unit[1],
        label,
        shape.texts(entry.get("aliases"), "`aliases`", report),
        shape.texts(entry.get("tags"), "`tags`", report),
        formulas_of(entry.get("derive"), what, report),
        shape.truth(entry.get("quoted"), "`quoted`", report),
        shape.truth(entry.get("positive"), "`positive`", report),
        shape.truth(entry.get("headline"), "`headline`", report),
        key,
    )
