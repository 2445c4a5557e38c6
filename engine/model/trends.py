"""Reading trends: words for how a figure moved, each a condition that packs declare."""

from __future__ import annotations

from ddcheck.engine.model.pack import Trend
from ddcheck.engine.model.vocabulary import valid_id
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping

_KEYS = frozenset({"title", "when", "why"})


def load_trends(root: Mapping, into: dict[str, Trend], report: Report) -> None:
    """Read one file of trends into `into`; an id that is already there is DD218."""
    shape.keys(root, {"ddcheck", "trends"}, ("trends",), "a file of trends", report)
    entries = shape.mapping(root.get("trends"), "`trends`", report)
    for key, node in entries.items() if entries else ():
        what = f"trend `{key.text}`"
        entry = shape.mapping(node, what, report)
        if entry is None or not valid_id(key, "a trend", report, dash=True):
            continue
        if key.text in into:
            report.error("DD218", key, f"{what} is defined twice")
            continue
        if not shape.keys(entry, _KEYS, ("title", "when"), what, report):
            continue
        title = shape.label(entry.get("title"), "the title", report)
        when = shape.scalar(entry.get("when"), f"the condition of {what}", report)
        if title is not None and when is not None:
            why = shape.label(entry.get("why"), "`why`", report)
            into[key.text] = Trend(key.text, title, when, why)
