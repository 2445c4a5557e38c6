"""Reading a memo: its head, its claims with their numbers, and the numbers that nobody tagged."""

from __future__ import annotations

from ddcheck.engine.memo.markdown import front_matter, read_markdown
from ddcheck.engine.memo.numbers import Found, find_numbers
from ddcheck.engine.memo.prose import HEADING, Block, Link, Places, Prose
from ddcheck.engine.memo.targets import KINDS, TargetError, is_target, parse_target
from ddcheck.engine.model.memo import COVERAGES, Claim, Memo, Number, Section
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Scalar, Sequence, parse
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.translate import LANGUAGES

HEAD_KEYS = frozenset(
    {
        "ddcheck", "company", "as_of", "recommendation", "language", "coverage", "title", "author",
        "date",
    }
)  # fmt: skip


class Head:
    """The head of a memo, as far as it could be read."""

    def __init__(self) -> None:
        self.companies: tuple[str, ...] = ()
        self.as_of: int | None = None
        self.recommendation: Scalar | None = None
        self.language = "en"
        self.coverage: str | None = None


def read_memo(source: Source, coverage: str, report: Report) -> Memo | None:
    """The memo in a Markdown file; `coverage` counts where the head says none.

    None and a diagnostic without a head that names a company (DD601); a tag that cannot be read
    is DD602, one without a number DD603, and the rest is read all the same.
    """
    head = _head(source, report)
    if head is None:
        return None
    return memo_of(read_markdown(source), head, coverage, report)


def memo_of(prose: Prose, head: Head, coverage: str, report: Report) -> Memo:
    """The memo that `prose` holds under `head`."""
    places = Places(prose.source)
    claims: list[Claim] = []
    untagged: list[Number] = []
    exempt: list[Number] = []
    for block in prose.blocks:
        found = find_numbers(block.text)
        tagged: set[Found] = set()
        for link in block.links:
            if is_target(link.href):
                claim = _claim(link, block, found, tagged, prose.source, places, report)
                if claim is not None:
                    claims.append(claim)
        for item in found:
            if item in tagged:
                continue
            number = _number(item, block, places)
            free = item.exempt is not None or block.kind == HEADING or _in_code(item, block)
            (exempt if free else untagged).append(number)
    claims.sort(key=lambda claim: claim.span.start)
    return Memo(
        prose.source.path,
        prose.source,
        head.companies[0],
        head.companies,
        head.as_of,
        head.recommendation.text if head.recommendation is not None else None,
        head.recommendation,
        head.language,
        head.coverage or coverage,
        tuple(claims),
        tuple(untagged),
        tuple(exempt),
        _sections(prose, places),
    )


def _claim(
    link: Link,
    block: Block,
    found: list[Found],
    tagged: set[Found],
    source: Source,
    places: Places,
    report: Report,
) -> Claim | None:
    target_span = places.span(link.start, link.end)
    line, column = target_span.line, target_span.column
    try:
        target = parse_target(link.href)
    except TargetError as error:
        width = link.end - link.start
        report.at("DD602", source, line, column, error.message, error.help, width)
        target = None
    first, last = link.first, link.last
    if link.spelling == "comment":
        before = [
            item
            for item in found
            if item.last <= first and not block.text[item.last : first].strip()
        ]
        near = before[-1:]
        first = near[0].first if near else first
    else:
        near = [item for item in found if item.first < last and item.last > first]
    tagged.update(near)
    if target is None:
        return None
    wants_number = target.kind in ("value", "expression") and target.trend is None
    quantities = [item for item in near if item.quantity is not None]
    if wants_number and len(quantities) != 1:
        what = "no number" if not quantities else "more than one number"
        where = "before this tag" if link.spelling == "comment" else "in the text of this tag"
        report.at(
            "DD603", source, line, column, f"{what} {where}", "tag the number alone",
            link.end - link.start,
        )  # fmt: skip
        return None
    if last <= first and link.spelling != "comment":
        report.at("DD603", source, line, column, "a tag without a text", "tag some words")
        return None
    span = places.of(block, first, last) if last > first else target_span
    number = _number(quantities[0], block, places) if wants_number else None
    return Claim(
        block.text[first:last], span, target, target_span, link.spelling, number, _around(block)
    )


def _around(block: Block) -> int:
    """Visible characters of a block that no tag covers."""
    tagged = {i for link in block.links for i in range(link.first, link.last)}
    return sum(not char.isspace() and i not in tagged for i, char in enumerate(block.text))


def _number(item: Found, block: Block, places: Places) -> Number:
    span = places.of(block, item.first, item.last)
    return Number(span, block.text[item.first : item.last], item.quantity, item.ambiguous)


def _in_code(item: Found, block: Block) -> bool:
    return any(i in block.code for i in range(item.first, item.last))


def _sections(prose: Prose, places: Places) -> tuple[Section, ...]:
    """Every heading with the extent of what stands below it."""
    heads = [block for block in prose.blocks if block.kind == HEADING and block.offsets]
    found = []
    for i, block in enumerate(heads):
        following = (other for other in heads[i + 1 :] if other.level <= block.level)
        after = next(following, None)
        end = after.offsets[0] if after is not None else len(prose.source.text)
        heading = places.of(block, 0, len(block.text))
        found.append(Section(block.text.strip(), block.level, heading, heading.end, end))
    return tuple(found)


def _head(source: Source, report: Report) -> Head | None:
    """What the YAML at the top says; None and a diagnostic where it names no company."""
    extent = front_matter(source.text)
    help_ = "begin with ---, `ddcheck: memo/1`, `company: ID`, ---"
    if extent is None:
        report.at("DD601", source, 1, 1, "a memo without a head", help_)
        return None
    yaml = "\n" * source.text.count("\n", 0, extent[0]) + source.text[extent[0] : extent[1]]
    root = parse(Source(source.path, yaml), report)
    if not isinstance(root, Mapping):
        report.at("DD601", source, 1, 1, "the head of this memo says nothing", help_)
        return None
    return _read_head(root, source, report)


def _read_head(root: Mapping, source: Source, report: Report) -> Head | None:
    kind = shape.kind(root, report)
    if kind is None:
        return None
    if kind != "memo":
        report.error(
            "DD006", root.get("ddcheck") or root, f"a {kind} head, where a memo's is asked"
        )
        return None
    shape.keys(root, HEAD_KEYS, (), "the head of a memo", report)
    head = Head()
    head.companies = _companies(root, report)
    if not head.companies:
        report.at(
            "DD601", source, 1, 1, "a memo that names no company", "add `company: ID` to its head"
        )
        return None
    node = root.get("as_of")
    head.as_of = shape.day(node, "`as_of`", report) if node is not None else None
    recommendation = root.get("recommendation")
    if recommendation is not None:
        head.recommendation = shape.scalar(recommendation, "`recommendation`", report)
    language = root.get("language")
    if language is not None:
        head.language = shape.choice(language, LANGUAGES, "`language`", report) or "en"
    coverage = root.get("coverage")
    if coverage is not None:
        head.coverage = shape.choice(coverage, COVERAGES, "`coverage`", report)
    return head


def _companies(root: Mapping, report: Report) -> tuple[str, ...]:
    node = root.get("company")
    if isinstance(node, Sequence):
        names = shape.texts(node, "`company`", report)
    else:
        name = shape.text(node, "`company`", report) if node is not None else None
        names = (name,) if name else ()
    for name in names:
        if name in KINDS and node is not None:
            report.error("DD601", node, f"no company may be called `{name}`")
            return ()
    return names
