"""The head of a memo: whose it is, of what day, what it recommends, how much of it is tagged."""

from __future__ import annotations

from ddcheck.engine.memo.markdown import front_matter
from ddcheck.engine.memo.targets import KINDS, is_company
from ddcheck.engine.model.pack import COVERAGES
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence, parse
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.translate import LANGUAGES

HEAD_KEYS = frozenset(
    {
        "ddcheck", "company", "as_of", "recommendation", "language", "coverage", "title", "author",
        "date",
    }
)  # fmt: skip
_TEXTS = ("title", "author", "date")
_HELP = "begin with ---, `ddcheck: memo/1`, `company: ID`, ---"


class Head:
    """The head of a memo, as far as it could be read."""

    def __init__(self) -> None:
        self.companies: tuple[str, ...] = ()
        self.as_of: int | None = None
        self.recommendation: Scalar | None = None
        self.language = "en"
        self.coverage: str | None = None


def split_head(text: str) -> str | None:
    """The YAML of a Markdown memo's head on the lines where it stands in the file, or None."""
    extent = front_matter(text)
    if extent is None:
        return None
    return "\n" * text.count("\n", 0, extent[0]) + text[extent[0] : extent[1]]


def read_head(source: Source, yaml: str | None, report: Report) -> Head | None:
    """What the YAML says; None and a diagnostic where it names no company (DD601)."""
    if yaml is None:
        report.at("DD601", source, 1, 1, "a memo without a head", _HELP)
        return None
    if not yaml.strip():
        report.at("DD601", source, 1, 1, "the head of this memo says nothing", _HELP)
        return None
    root = parse(Source(source.path, yaml), report)
    if root is None:
        return None
    return head_of(root, report)


def head_of(root: Node, report: Report) -> Head | None:
    """The head that `root` holds, or None and diagnostics."""
    kind = shape.kind(root, report)
    if kind is None or not isinstance(root, Mapping):
        return None
    if kind != "memo":
        node = root.get("ddcheck")
        report.error("DD006", node or root, f"a {kind} head, where a memo's is asked for")
        return None
    complete = shape.keys(root, HEAD_KEYS, ("company",), "the head of a memo", report)
    head = Head()
    head.companies = _companies(root.get("company"), report)
    if not complete or not head.companies:
        return None
    as_of = root.get("as_of")
    head.as_of = shape.day(as_of, "`as_of`", report)
    head.recommendation = shape.scalar(root.get("recommendation"), "`recommendation`", report)
    head.language = shape.choice(root.get("language"), LANGUAGES, "`language`", report) or "en"
    head.coverage = shape.choice(root.get("coverage"), COVERAGES, "`coverage`", report)
    for key in _TEXTS:
        shape.text(root.get(key), f"`{key}`", report)
    return head


def _companies(node: Node | None, report: Report) -> tuple[str, ...]:
    names = shape.texts(node, "`company`", report)
    if node is not None and isinstance(node, Sequence) and not node.items:
        report.error("DD601", node, "a memo that names no company", "write `company: ID`")
    for name in names:
        assert node is not None
        if name in KINDS:
            words = f"no company may be called `{name}`"
            report.error("DD601", node, words, "a tag would take it for a kind")
            return ()
        if not is_company(name):
            report.error(
                "DD601",
                node,
                f"`{name}` cannot be a company's id",
                "an id is made of a-z, 0-9, - and _",
            )
            return ()
    return names
