"""Reading the sources that a company file declares."""

from __future__ import annotations

from ddcheck.engine.model.company import TIERS, Document
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Node, Scalar

_SOURCE_KEYS = frozenset(
    {"title", "publisher", "tier", "published", "url", "file", "sha256", "language", "note"}
)


def read_sources(
    node: Node | None, report: Report
) -> tuple[dict[str, Document], frozenset[str] | None]:
    """The sources under `node`, and the ids of those with a mistake; None: none could be read."""
    entries = shape.mapping(node, "`sources`", report)
    if entries is None:
        return {}, None
    found = {}
    for key, item in entries.items():
        source = _source(key, item, report)
        if source is not None:
            found[key.text] = source
    return found, frozenset(entries.keys) - frozenset(found)


def _source(key: Scalar, node: Node, report: Report) -> Document | None:
    what = f"source `{key.text}`"
    entry = shape.mapping(node, what, report)
    if entry is None:
        return None
    if not shape.keys(entry, _SOURCE_KEYS, ("title", "tier", "published"), what, report):
        return None
    title = shape.text(entry.get("title"), "the title", report)
    tier = shape.choice(entry.get("tier"), TIERS, "the tier", report)
    published = shape.day(entry.get("published"), "`published`", report)
    publisher = shape.text(entry.get("publisher"), "the publisher", report)
    url = shape.text(entry.get("url"), "`url`", report)
    file = shape.text(entry.get("file"), "`file`", report)
    if title is None or tier is None or published is None:
        return None
    sha256 = shape.scalar(entry.get("sha256"), "`sha256`", report)
    dated = entry.get("published")
    return Document(key.text, title, publisher, tier, published, url, file, key, sha256, dated)
