"""Finding and reading packs: a shipped name or the path of a folder, with what it extends."""

from __future__ import annotations

import os
from decimal import Decimal

from ddcheck.engine.model.definitions import Definitions, load_definitions
from ddcheck.engine.model.grading import load_grading
from ddcheck.engine.model.pack import Grading, Pack, Packs, Parameter, Policy, Trend
from ddcheck.engine.model.policy import load_pack_policy
from ddcheck.engine.model.trends import load_trends
from ddcheck.engine.model.units import Unit, unit_name, unit_named
from ddcheck.engine.model.vocabulary import Vocabulary, load_vocabulary, unit_of, valid_id
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, parse
from ddcheck.engine.text.quantity import Quantity, parse_quantity
from ddcheck.engine.text.shape import Label
from ddcheck.engine.text.source import (
    files_in,
    is_file,
    is_folder,
    package_folder,
    read,
    shipped_path,
)
from ddcheck.engine.text.suggest import did_you_mean
from ddcheck.engine.text.words import QuantityError, UnitText

_MANIFEST = "pack.yaml"
_PACK_KEYS = frozenset({"ddcheck", "id", "version", "title", "extends", "applies_to", "parameters"})
_PARAMETER_KEYS = frozenset(
    {"title", "unit", "default", "values", "at_least", "at_most", "reference", "reviewed", "why"}
)


def shipped_packs() -> list[str]:
    """The names of the packs that ship with ddcheck, `core` first."""
    folder = package_folder("rules")
    names = {
        os.path.basename(os.path.dirname(path))
        for path in files_in(folder, (_MANIFEST,))
        if os.path.dirname(os.path.dirname(path)) == folder
    }
    return sorted(names, key=lambda name: (name != "core", name))


def load_packs(wanted: tuple[str, ...], report: Report) -> Packs:
    """The packs named (shipped names or folders) and all that they extend, extended ones first.

    Nothing wanted means every shipped pack. Mistakes are reported; what is unusable is left out.
    """
    vocabulary = Vocabulary({}, {})
    loader = _Loader(vocabulary, report)
    for name in wanted or tuple(shipped_packs()):
        loader.load(name, None)
    return Packs(
        tuple(loader.done.values()),
        vocabulary,
        loader.grading,
        loader.policy,
        tuple(loader.trends.values()),
    )


class _Loader:
    """The packs read so far, and those being read, so that cycles are found."""

    def __init__(self, vocabulary: Vocabulary, report: Report) -> None:
        self.vocabulary = vocabulary
        self.report = report
        self.done: dict[str, Pack] = {}
        self.grading: Grading | None = None
        self.policy: Policy | None = None
        self.trends: dict[str, Trend] = {}
        self._open: list[str] = []

    def load(self, name: str, asked: Scalar | None) -> None:
        shipped = shipped_packs()
        folder = os.path.join(package_folder("rules"), name) if name in shipped else name
        folder = shipped_path(os.path.normpath(folder))
        if any(pack.path == folder for pack in self.done.values()):
            return
        if folder in self._open:
            chain = " -> ".join([*self._open[self._open.index(folder) :], folder])
            self._complain("DD208", asked, name, f"packs extend each other: {chain}")
            return
        if not is_folder(folder):
            self._complain(
                "DD217",
                asked,
                name,
                f"no pack `{name}`",
                did_you_mean(name, shipped) or f"shipped packs: {', '.join(shipped)}",
            )
            return
        if not is_file(os.path.join(folder, _MANIFEST)):
            self._complain("DD217", asked, folder, f"this folder has no {_MANIFEST}")
            return
        self._open.append(folder)
        self._read(folder)
        self._open.pop()

    def _complain(
        self, code: str, asked: Scalar | None, name: str, message: str, help_: str | None = None
    ) -> None:
        if asked is not None:
            self.report.error(code, asked, message, help_)
        else:
            self.report.usage(code, name, message, help_)

    def _read(self, folder: str) -> None:
        report = self.report
        before = len(report.items)
        manifest: Mapping | None = None
        rules, vocabularies = [], []
        for path in files_in(folder, (".yaml", ".yml")):
            source = read(path, report)
            root = parse(source, report) if source is not None else None
            kind = shape.kind(root, report) if root is not None else None
            if kind is None or not isinstance(root, Mapping):
                continue
            if kind == "pack":
                if manifest is not None:
                    report.error(
                        "DD218", root, f"a second pack file; {manifest.source.path} is one"
                    )
                else:
                    manifest = root
            elif kind == "rules":
                rules.append(root)
            elif kind == "vocabulary":
                vocabularies.append(root)
            elif kind == "grading":
                self.grading = load_grading(root, report) or self.grading
            elif kind == "policy":
                self.policy = load_pack_policy(root, report) or self.policy
            elif kind == "trends":
                load_trends(root, self.trends, report)
            else:
                report.error("DD006", root.entries["ddcheck"], f"a {kind} file in a pack")
        if manifest is None:
            if len(report.items) == before:
                report.without_place("DD217", folder, f"the {_MANIFEST} of this folder is no pack")
            return
        shape.keys(manifest, _PACK_KEYS, ("id", "version", "title"), "a pack", report)
        pack_id = shape.text(manifest.get("id"), "the id", report)
        title = shape.label(manifest.get("title"), "the title", report)
        if pack_id is None or title is None:
            return
        if pack_id in self.done:
            report.error("DD218", manifest.entries["id"], f"pack `{pack_id}` is there twice")
            return
        extends = shape.texts(manifest.get("extends"), "`extends`", report)
        for name in extends:
            node = manifest.get("extends")
            items = node.items if not isinstance(node, (Mapping, Scalar)) and node else [node]
            place = next((i for i in items if isinstance(i, Scalar) and i.text == name), None)
            if os.path.isabs(name):
                self._complain(
                    "DD217", place, name, "a pack names those it extends from its own folder"
                )
            else:
                self.load(name if name in shipped_packs() else os.path.join(folder, name), place)
        for root in vocabularies:
            load_vocabulary(root, self.vocabulary, report)
        definitions = Definitions({}, {})
        for root in rules:
            load_definitions(root, pack_id, definitions, report)
        self.done[pack_id] = Pack(
            pack_id,
            shape.text(manifest.get("version"), "the version", report) or "0",
            title,
            extends,
            frozenset(shape.texts(manifest.get("applies_to"), "`applies_to`", report)),
            folder,
            _parameters(manifest.get("parameters"), report),
            definitions.metrics,
            definitions.rules,
            (manifest, *rules),
        )


def _parameters(node: Node | None, report: Report) -> dict[str, Parameter]:
    entries = shape.mapping(node, "`parameters`", report)
    found = {}
    for key, item in entries.items() if entries else ():
        what = f"parameter `{key.text}`"
        entry = shape.mapping(item, what, report)
        if entry is None or not valid_id(key, "a parameter", report):
            continue
        if not shape.keys(entry, _PARAMETER_KEYS, ("unit",), what, report):
            continue
        unit = unit_of(entry.get("unit"), what, report)
        if unit is None:
            continue
        low, high = (
            _number(entry.get(side), unit[0], what, report) for side in ("at_least", "at_most")
        )
        values = []
        texts = {}
        default = _number(entry.get("default"), unit[0], what, report)
        if default is not None:
            values.append((0, default))
            texts[0] = entry.get("default")
        shape.day(entry.get("reviewed"), "`reviewed`", report)
        dated = shape.mapping(entry.get("values"), "`values`", report)
        for when, value in dated.items() if dated else ():
            day = shape.day(when, "the date", report)
            number = _number(value, unit[0], what, report)
            if day is not None and number is not None:
                values.append((day, number))
                texts[day] = value
        for _, number in values:
            if (low is not None and number < low) or (high is not None and number > high):
                report.error("DD219", key, f"{what} has a value outside its own bounds")
        title = shape.label(entry.get("title"), "the title", report) or Label(key.text, key.text)
        newest = texts[max(texts)] if texts else None
        found[key.text] = Parameter(
            key.text,
            title,
            unit[0],
            unit[1],
            tuple(sorted(values)),
            (low, high),
            shape.text(entry.get("reference"), "`reference`", report),
            key,
            newest.text if isinstance(newest, Scalar) else None,
        )
    return found


def quantity_of(node: Scalar, unit: Unit, report: Report) -> Quantity | None:
    """The quantity that `node` writes in `unit`, which a bare number takes; or DD303 or DD304."""
    try:
        quantity = parse_quantity(node.text, UnitText(Decimal(1), unit_name(unit)))
    except QuantityError as error:
        report.error(error.code, node, error.message, error.help)
        return None
    if quantity.unit and unit_named(quantity.unit) != unit:
        report.error(
            "DD304", node, f"`{node.text}` is {quantity.unit}; {unit_name(unit)} is needed"
        )
        return None
    return quantity


def _number(node: Node | None, unit: Unit, what: str, report: Report) -> float | None:
    found = shape.scalar(node, f"a value of {what}", report)
    quantity = quantity_of(found, unit, report) if found is not None else None
    return float(quantity.value) if quantity is not None and quantity.value is not None else None
