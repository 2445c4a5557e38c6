"""Documents read before: a file is parsed anew only where its text is another."""

from __future__ import annotations

from ddcheck.engine.text.diagnostics import Diagnostic, Report
from ddcheck.engine.text.document import Node, parse
from ddcheck.engine.text.source import read


class Documents:
    """Roots by path, with what was said of each; a call reads the file and compares the text.

    For files that are many and change one at a time, as those of packs do.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Node | None, tuple[Diagnostic, ...]]] = {}

    def __call__(self, path: str, report: Report) -> Node | None:
        """The root of the file at `path`, or None; its diagnostics are reported every time."""
        source = read(path, report)
        if source is None:
            self._kept.pop(path, None)
            return None
        kept = self._kept.get(path)
        if kept is None or kept[0] != source.text:
            said = Report()
            kept = source.text, parse(source, said), tuple(said)
            self._kept[path] = kept
        _, root, diagnostics = kept
        for item in diagnostics:
            report.add(item)
        return root
