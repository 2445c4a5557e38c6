"""Reading a memo: its claims with their numbers, its sections, and the numbers nobody tagged."""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from ddcheck.engine.memo.head import Head, read_head, split_head
from ddcheck.engine.memo.markdown import MAX_BLOCK, TooLong, read_markdown
from ddcheck.engine.memo.numbers import Found, find_numbers, in_unit_of, negated
from ddcheck.engine.memo.prose import CELL, CODE, HEADING, Block, Link, Places, Prose
from ddcheck.engine.memo.signs import is_loss
from ddcheck.engine.memo.targets import TargetError, is_target, parse_target
from ddcheck.engine.memo.word import read_word
from ddcheck.engine.model.memo import Claim, Memo, Number, Section, Span, Target
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import HIDDEN, Source, hidden_name

#: Characters of a memo; more is refused.
MAX_LENGTH = 200_000
_ENTITY = re.compile(
    r"&(?:#(?P<decimal>\d{1,7})|#[xX](?P<hex>[0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});",
    re.ASCII,
)
#: What makes another number of digits that run on into it: 1e3, 2E-5.
_EXPONENT = re.compile(r"[eE][-+]?\d", re.ASCII)
_FAILED_TAG = re.compile(r"\]\s?[(\[]\s?<?\s?dd:", re.IGNORECASE)


def read_memo(source: Source, coverage: str, report: Report) -> Memo | None:
    """The memo in a Markdown file; `coverage` counts where the head says none.

    None and a diagnostic without a head that names a company (DD601), or where the memo is too
    long to be one (DD007) or hides a character (DD116); a tag that cannot be read is DD602, one
    without a number of its own DD603, and the rest is read all the same.
    """
    if len(source.text) > MAX_LENGTH:
        report.without_place("DD007", source.path, f"a memo of more than {MAX_LENGTH} characters")
        return None
    head = read_head(source, split_head(source.text), report)
    if head is None or _hides(source, report):
        return None
    try:
        prose = read_markdown(source)
    except TooLong as error:
        line, column = source.place(error.offset)
        words = f"a paragraph of more than {MAX_BLOCK} characters"
        report.at("DD007", source, line, column, words, "leave empty lines between paragraphs")
        return None
    return memo_of(prose, head, coverage, report)


def _hides(source: Source, report: Report) -> bool:
    """Whether an entity writes a character that cannot be seen (DD116), as in `1&#8203;4%`."""
    for entity in _ENTITY.finditer(source.text):
        written = html.unescape(entity[0])
        number = entity["decimal"] or entity["hex"]
        if number is not None:  # HTML takes some for other characters than Markdown does
            code = int(number, 10 if entity["decimal"] else 16)
            written += chr(code) if code < 0x110000 else ""
        found = HIDDEN.search(written)
        if found is not None:
            line, column = source.place(entity.start())
            words, width = hidden_name(found[0]), len(entity[0])
            report.at("DD116", source, line, column, words, "remove the character", width)
            return True
    return False


def read_word_memo(path: str, data: bytes, coverage: str, report: Report) -> Memo | None:
    """The memo in a `.docx` file; as `read_memo`, its places are paragraphs (DD604, DD605)."""
    found = read_word(path, data, report)
    if found is None:
        return None
    prose, yaml = found
    if len(prose.source.text) > MAX_LENGTH:
        report.without_place("DD007", path, f"a memo of more than {MAX_LENGTH} characters")
        return None
    long = next((block for block in prose.blocks if len(block.text) > MAX_BLOCK), None)
    if long is not None:
        line, column = prose.source.place(long.starts[0])
        words = f"a paragraph of more than {MAX_BLOCK} characters"
        report.at("DD007", prose.source, line, column, words, "split the paragraph")
        return None
    head = read_head(prose.source, yaml, report)
    return memo_of(prose, head, coverage, report) if head is not None else None


def memo_of(prose: Prose, head: Head, coverage: str, report: Report) -> Memo:
    """The memo that `prose` holds under `head`."""
    reader = _Reader(prose, report)
    for block in prose.blocks:
        reader.read(block)
    reader.claims.sort(key=lambda claim: claim.span.start)
    node = head.recommendation
    return Memo(
        prose.source.path,
        prose.source,
        head.companies[0],
        head.companies,
        head.as_of,
        node.text if node is not None else None,
        node,
        head.language,
        head.coverage or coverage,
        tuple(reader.claims),
        tuple(reader.untagged),
        tuple(reader.exempt),
        _sections(prose, reader.places),
    )


class _Reader:
    """Reads block by block into claims and numbers."""

    def __init__(self, prose: Prose, report: Report) -> None:
        self.source = prose.source
        self.places = Places(prose.source)
        self.report = report
        self.claims: list[Claim] = []
        self.untagged: list[Number] = []
        self.exempt: list[Number] = []
        self._around = _visible_around(prose)

    def read(self, block: Block) -> None:
        found = numbers_of(block)
        tagged: set[int] = set()
        taken: set[tuple[int, int]] = set()
        for link in block.links:
            if is_target(link.href):
                claim = self._claim(link, block, found, tagged)
                if claim is not None:
                    self._once(link, claim, taken)
                    self.claims.append(claim)
        for item in found:
            if item.first in tagged:
                continue
            number = self._number(item, block)
            free = item.exempt is not None or block.kind in (HEADING, CODE) or _in_code(item, block)
            (self.exempt if free else self.untagged).append(number)
        for match in _FAILED_TAG.finditer(block.text):
            if match.start() not in block.code:
                span = self.places.of(block, match.start() + 1, match.end())
                self._report("DD602", span, "this is no link", "write `[13%](<dd:…>)`")

    def _once(self, link: Link, claim: Claim, taken: set[tuple[int, int]]) -> None:
        """Two tags on one number would count it twice."""
        number = claim.number.span if claim.number is not None else claim.span
        if number[:2] in taken:
            span = self.places.span(link.start, link.end)
            self._report("DD603", span, "a second tag on the same text", "keep one of the two")
        taken.add(number[:2])

    def _claim(
        self, link: Link, block: Block, found: list[Found], tagged: set[int]
    ) -> Claim | None:
        span = self.places.span(link.start, link.end)
        target: Target | None = None
        try:
            target = parse_target(link.href)
        except TargetError as error:
            self._report("DD602", span, error.message, error.help)
        first, near = _covered(link, block, found)
        wants_number = target is None or (
            target.kind in ("value", "expression") and target.trend is None
        )
        if wants_number:  # a tag on a flag, a source or a trend says nothing of a number in it
            tagged.update(item.first for item in near)
        if target is None:
            return None
        last = link.last
        number = None
        if wants_number:
            item = self._one_number(link, block, near, span)
            if item is None:
                return None
            number = self._number(item, block)
            first = item.first if link.spelling == "comment" else first
        if last <= first and link.spelling != "comment":
            self._report("DD603", span, "a tag without a text", "tag some words")
            return None
        text_span = self.places.of(block, first, last) if last > first else span
        key = block.lead.row if block.lead is not None else -1 - block.starts[0]
        around = self._around[key]
        return Claim(block.text[first:last], text_span, target, span, link.spelling, number, around)

    def _one_number(self, link: Link, block: Block, near: list[Found], span: Span) -> Found | None:
        """The one number that a tag is about, whole; else DD603."""
        numbers = [item for item in near if item.exempt is None]
        comment = link.spelling == "comment"
        if not numbers:
            anyway = [_in_place(item, block) for item in find_numbers(block.text, dated=False)]
            numbers = _covered(link, block, anyway)[1]
        if len(numbers) != 1:
            what = "no number" if not numbers else "more than one number"
            where = "before this tag" if comment else "in the text of this tag"
            self._report("DD603", span, f"{what} {where}", "tag the number alone")
            return None
        item = numbers[0] if comment else _bracketed(link, block, numbers[0])
        if any(_EXPONENT.match(block.text, each.last) for each in near):
            item = item._replace(ambiguous="an exponent, or a name? write the number out")
        left, right = item.core
        if not comment and (left < link.first or right > link.last):
            words = f"the tag covers only a part of `{block.text[left:right].strip()}`"
            self._report("DD603", span, words, "tag the number with its sign, scale and unit")
            return None
        return item

    def _report(self, code: str, span: Span, message: str, help_: str | None) -> None:
        width = span.end - span.start if span.end_line == span.line else 1
        self.report.at(code, self.source, span.line, span.column, message, help_, width)

    def _number(self, item: Found, block: Block) -> Number:
        span = self.places.of(block, item.first, item.last)
        return Number(span, block.text[item.first : item.last], item.quantity, item.ambiguous)


def numbers_of(block: Block) -> list[Found]:
    """The numbers of a block; those of a table as its heads and labels say they are meant."""
    return [_in_place(item, block) for item in find_numbers(block.text)]


def tagged_number(link: Link, block: Block) -> Found | None:
    """The number that a tag is about, where it is about just one."""
    near = _covered(link, block, numbers_of(block))[1]
    return near[0] if len(near) == 1 else None


def _in_place(item: Found, block: Block) -> Found:
    """A number of a table's cell in the unit of its head or label, with the sign of a loss."""
    if block.kind != CELL or block.lead is None or item.quantity is None:
        return item
    if item.bare:
        item = in_unit_of(item, block.lead.label, block.lead.head)
    losses = is_loss(block.lead.label) or is_loss(block.lead.head)
    return negated(item) if losses and not item.negative and item.quantity is not None else item


def _bracketed(link: Link, block: Block, item: Found) -> Found:
    """A number tagged with its brackets is that of a statement: `(72.36)` is below zero."""
    text = block.text[link.first : link.last]
    if text[:1] not in ("(", "（") or text[-1:] not in (")", "）"):
        return item
    inside = find_numbers(text, dated=False)
    core = (link.first, link.last)
    if len(inside) != 1 or inside[0].core != (0, len(text)) or item.core == core:
        return item
    first, last = min(item.first, core[0]), max(item.last, core[1])
    turned = item if item.negative or item.quantity is None else negated(item)
    return turned._replace(first=first, last=last, core=core)


def _covered(link: Link, block: Block, found: list[Found]) -> tuple[int, list[Found]]:
    """Where a tag's text begins, and the numbers in it; of a comment, the one before it."""
    if link.spelling != "comment":
        place = max(bisect_right(found, link.first, key=_first) - 1, 0)
        near = []
        while place < len(found) and found[place].first < link.last:
            near += [found[place]] if found[place].last > link.first else []
            place += 1
        return link.first, near
    place = bisect_right(found, link.first, key=_first) - 1
    while place >= 0 and found[place].core[1] > link.first:
        place -= 1
    if place < 0 or block.text[found[place].last : link.first].strip(" )）"):
        return link.first, []
    return found[place].first, [found[place]]


def _first(item: Found) -> int:
    return item.first


def _visible_around(prose: Prose) -> dict[int, int]:
    """Visible characters outside of all tags: of each row of a table, of each other block."""
    found: dict[int, int] = {}
    for block in prose.blocks:
        if not block.starts:
            continue
        key = block.lead.row if block.lead is not None else -1 - block.starts[0]
        tagged = {i for link in block.links for i in range(link.first, link.last)}
        bare = sum(not char.isspace() and i not in tagged for i, char in enumerate(block.text))
        found[key] = found.get(key, 0) + bare
    return found


def _in_code(item: Found, block: Block) -> bool:
    return not block.code.isdisjoint(range(item.first, item.last))


def _sections(prose: Prose, places: Places) -> tuple[Section, ...]:
    """Every heading with the extent of what stands below it."""
    heads = [block for block in prose.blocks if block.kind == HEADING and block.starts]
    ends = [len(prose.source.text)] * len(heads)
    open_: list[int] = []
    for i, block in enumerate(heads):
        while open_ and heads[open_[-1]].level >= block.level:
            ends[open_.pop()] = block.starts[0]
        open_.append(i)
    found = []
    for block, end in zip(heads, ends, strict=True):
        heading = places.of(block, 0, len(block.text))
        found.append(Section(block.text.strip(), block.level, heading, heading.end, end))
    return tuple(found)
