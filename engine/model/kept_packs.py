"""Packs read before: read anew only where one of their files is another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ddcheck.engine.model.pack import Packs
from ddcheck.engine.model.packs import AS_SHIPPED, YAML, load_packs, shipped_packs
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Node
from ddcheck.engine.text.documents import Documents
from ddcheck.engine.text.source import files_in


class _Read(NamedTuple):
    """Packs, and what their files held when they were read, by path."""

    packs: Packs
    roots: dict[str, Node | None]


class KeptPacks:
    """`load_packs` over several runs, with the same results.

    Each file is read every time and compared by its text; packs of which a mistake was reported are
    put together anew.
    """

    def __init__(self) -> None:
        self._documents = Documents()
        self._kept: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], _Read] = {}

    def __call__(
        self,
        wanted: tuple[str, ...],
        report: Report,
        instead: Mapping[str, str] = AS_SHIPPED,
    ) -> Packs:
        """The packs as `load_packs` gives them."""
        key = (*shipped_packs(), "", *wanted), tuple(sorted(instead.items()))
        kept = self._kept.get(key)
        if kept is not None and self._unchanged(kept):
            return kept.packs
        roots: dict[str, Node | None] = {}

        def document(path: str, said: Report) -> Node | None:
            found = roots[path] = self._documents(path, said)
            return found

        before = len(report.items)
        packs = load_packs(wanted, report, instead, document=document)
        self._kept.pop(key, None)
        if len(report.items) == before:
            self._kept[key] = _Read(packs, roots)
        return packs

    def _unchanged(self, kept: _Read) -> bool:
        paths = [path for pack in kept.packs.packs for path in files_in(pack.path, YAML)]
        return set(paths) == kept.roots.keys() and all(
            self._documents(path, Report()) is root for path, root in kept.roots.items()
        )
