"""Finding and reading packs: a shipped name or the path of a folder, with what it extends."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Mapping as ByName
from types import MappingProxyType
from typing import TypeAlias

from ddcheck.engine.model.definitions import Definitions, load_definitions
from ddcheck.engine.model.grading import load_grading
from ddcheck.engine.model.layered import Layer
from ddcheck.engine.model.layers import read_layer, with_layers
from ddcheck.engine.model.pack import Grading, Pack, Packs, Policy, Trend
from ddcheck.engine.model.parameters import load_parameters
from ddcheck.engine.model.policy import load_pack_policy
from ddcheck.engine.model.trends import load_trends
from ddcheck.engine.model.vocabulary import Vocabulary, load_vocabulary
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, read_document
from ddcheck.engine.text.source import (
    files_in,
    is_file,
    is_folder,
    package_folder,
    shipped_path,
)
from ddcheck.engine.text.suggest import did_you_mean

_MANIFEST = "pack.yaml"
_PACK_KEYS = frozenset(
    {"ddcheck", "id", "version", "title", "extends", "applies_to", "parameters", "set",
     "overrides", "locked"}
)  # fmt: skip


#: How the names of a pack's files end.
YAML = (".yaml", ".yml")
#: What reads the file at a path: its root, or None and diagnostics.
Reading: TypeAlias = Callable[[str, Report], Node | None]
#: What reads packs as `load_packs` does: those wanted, the report, what stands in for shipped ones.
PackReading: TypeAlias = Callable[[tuple[str, ...], Report, ByName[str, str]], "Packs"]
#: No folder stands in for a shipped pack.
AS_SHIPPED: ByName[str, str] = MappingProxyType({})


def shipped_packs() -> list[str]:
    """The names of the packs that ship with ddcheck, `core` first."""
    folder = package_folder("rules")
    names = {
        os.path.basename(os.path.dirname(path))
        for path in files_in(folder, (_MANIFEST,))
        if os.path.dirname(os.path.dirname(path)) == folder
    }
    return sorted(names, key=lambda name: (name != "core", name))


def load_packs(
    wanted: tuple[str, ...],
    report: Report,
    instead: ByName[str, str] = AS_SHIPPED,
    *,
    document: Reading = read_document,
) -> Packs:
    """The packs named (shipped names or folders) and all that they extend, extended ones first.

    Nothing wanted means every shipped pack; `instead` are folders that stand in for shipped packs,
    by name. Mistakes are reported; what is unusable is left out. `document` reads a file.
    """
    vocabulary = Vocabulary({}, {})
    loader = _Loader(vocabulary, report, instead, document)
    for name in wanted or tuple(shipped_packs()):
        loader.load(name, None)
    found = tuple(loader.done.values())
    packs = Packs(
        found, vocabulary, loader.grading, loader.policy, tuple(loader.trends.values()), bare=found
    )
    return with_layers(packs, tuple(loader.layers), report)


class _Loader:
    """The packs read so far, and those being read, so that cycles are found."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        report: Report,
        instead: ByName[str, str],
        document: Reading,
    ) -> None:
        self.vocabulary = vocabulary
        self.document = document
        self.report = report
        self.instead = instead
        self.done: dict[str, Pack] = {}
        self.grading: Grading | None = None
        self.policy: Policy | None = None
        self.trends: dict[str, Trend] = {}
        self.layers: list[Layer] = []
        self._open: list[str] = []

    def load(self, name: str, asked: Scalar | None) -> Pack | None:
        """The pack that `name` means, read with what it extends; None if it cannot be used."""
        shipped = shipped_packs()
        folder = os.path.join(package_folder("rules"), name) if name in shipped else name
        folder = self.instead.get(name, folder)
        folder = shipped_path(os.path.normpath(folder))
        for pack in self.done.values():
            if pack.path == folder:
                return pack
        if folder in self._open:
            chain = " -> ".join([*self._open[self._open.index(folder) :], folder])
            self._complain("DD208", asked, name, f"packs extend each other: {chain}")
            return None
        if not is_folder(folder):
            self._complain(
                "DD217",
                asked,
                name,
                f"no pack `{name}`",
                did_you_mean(name, shipped) or f"shipped packs: {', '.join(shipped)}",
            )
            return None
        if not is_file(os.path.join(folder, _MANIFEST)):
            self._complain("DD217", asked, folder, f"this folder has no {_MANIFEST}")
            return None
        self._open.append(folder)
        found = self._read(folder)
        self._open.pop()
        return found

    def _complain(
        self, code: str, asked: Scalar | None, name: str, message: str, help_: str | None = None
    ) -> None:
        if asked is not None:
            self.report.error(code, asked, message, help_)
        else:
            self.report.usage(code, name, message, help_)

    def _read(self, folder: str) -> Pack | None:
        report = self.report
        before = len(report.items)
        manifest: Mapping | None = None
        rules, vocabularies, others = [], [], []
        for path in files_in(folder, YAML):
            root = self.document(path, report)
            kind = shape.kind(root, report) if root is not None else None
            if kind is None or not isinstance(root, Mapping):
                continue
            if kind != "rules":
                others.append(root.source)
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
            return None
        shape.keys(manifest, _PACK_KEYS, ("id", "version", "title"), "a pack", report)
        pack_id = shape.text(manifest.get("id"), "the id", report)
        title = shape.label(manifest.get("title"), "the title", report)
        if pack_id is None or title is None:
            return None
        extends = shape.texts(manifest.get("extends"), "`extends`", report)
        reach: set[str] = set()
        whole = True
        for name in extends:
            node = manifest.get("extends")
            items = node.items if not isinstance(node, (Mapping, Scalar)) and node else [node]
            place = next((i for i in items if isinstance(i, Scalar) and i.text == name), None)
            if os.path.isabs(name):
                self._complain(
                    "DD217", place, name, "a pack names those it extends from its own folder"
                )
                whole = False
            else:
                path = name if name in shipped_packs() else os.path.join(folder, name)
                below = self.load(path, place)
                if below is not None:
                    reach |= {below.id, *below.reach}
                whole = whole and below is not None
        if pack_id in self.done:
            report.error("DD218", manifest.entries["id"], f"pack `{pack_id}` is there twice")
            return None
        for root in vocabularies:
            load_vocabulary(root, self.vocabulary, report)
        definitions = Definitions({}, {}, {})
        for root in rules:
            load_definitions(root, pack_id, definitions, report)
        layer = read_layer(manifest, pack_id, frozenset(reach), report)
        if layer is not None and whole:  # what it changes may be in a pack that was refused
            self.layers.append(layer)
        found = self.done[pack_id] = Pack(
            pack_id,
            shape.text(manifest.get("version"), "the version", report) or "0",
            title,
            extends,
            frozenset(shape.texts(manifest.get("applies_to"), "`applies_to`", report)),
            folder,
            load_parameters(manifest.get("parameters"), pack_id, report),
            definitions.metrics,
            definitions.rules,
            frozenset(reach),
            definitions.entries,
            (manifest, *rules),
            tuple(others),
        )
        return found
