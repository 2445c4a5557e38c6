"""Writing tags into a memo, and writing those that are there in one form; the prose stays as it is.

Every change is proven: the memo is read again, and what is visible and claimed must be the same,
but for the tags that were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ddcheck.engine.memo.markdown import read_markdown
from ddcheck.engine.memo.prose import Block, Link, Prose
from ddcheck.engine.memo.reading import tagged_number
from ddcheck.engine.memo.suggest import Suggestion
from ddcheck.engine.memo.targets import TargetError, is_target, parse_target
from ddcheck.engine.model.memo import Target
from ddcheck.engine.model.periods import Calendar, PeriodError, kind_suffix
from ddcheck.engine.text.source import Source

_MARKUP = re.compile(r"[\[\]<>*_`\\\n|]")
_PLAIN_TARGET = re.compile(r"[^\s()<>]*\Z")


class Edit(NamedTuple):
    """A stretch of the source and what takes its place."""

    start: int
    end: int
    text: str


def with_tags(source: Source, suggestions: Sequence[Suggestion]) -> str:
    """The memo with every clear suggestion written as a tag."""
    edits = []
    for item in suggestions:
        start, end = item.span.start, item.span.end
        written = source.text[start:end]
        if item.clear and not _MARKUP.search(written):
            edits.append(Edit(start, end, f"[{written}]({spelled(item.candidates[0].target)})"))
    return _applied(source, edits)


def formatted(source: Source) -> str:
    """The memo with its tags in one form: links for comments, canonical periods and spacing."""
    edits = []
    for block in read_markdown(source).blocks:
        for link in block.links:
            edit = _edit(link, block, source) if is_target(link.href) else None
            if edit is not None:
                edits += edit
    return _applied(source, edits)


def _edit(link: Link, block: Block, source: Source) -> list[Edit] | None:
    try:
        target = canonical(link.href)
    except TargetError:
        return None
    text = source.text
    if link.spelling == "comment":
        item = tagged_number(link, block)
        if item is None:
            return None
        start, end = block.starts[item.first], block.ends[item.last - 1]
        if _MARKUP.search(text[start:end]):
            return None
        tag = f"[{text[start:end]}]({spelled(target)})"
        return [Edit(start, end, tag), Edit(*link.whole, "")]
    start, end = link.start, link.end
    if text[start - 1 : start] == "<" and text[end : end + 1] == ">":
        start, end = start - 1, end + 1
    elif text[start - 1 : start] not in ("(", " ", "\t", "\n"):
        return None  # by reference: it is defined elsewhere
    new = spelled(target)
    return [Edit(start, end, new)] if text[start:end] != new else None


def canonical(href: str) -> str:
    """A tag in the one form that it has; raises TargetError."""
    target = parse_target(href)
    lead = f"{target.company}/" if target.company else ""
    if target.kind in ("flag", "source"):
        return f"dd:{lead}{target.kind}/{target.name}"
    name = f"={' '.join(target.name.split())}" if target.kind == "expression" else target.name
    option = _option(target)
    periods = "..".join(_period(text) for text in target.periods)
    return f"dd:{lead}{name}{'@' if periods else ''}{periods}{option}"


def _option(target: Target) -> str:
    if target.trend is not None:
        return f"?is={target.trend}"
    return f"?as={target.mode}" if target.mode is not None else ""


def _period(text: str) -> str:
    """A period as reports write it: 3M2021 is 2021Q1. Months depend on no calendar but their own."""
    try:
        period, kind = Calendar().parse(text)
    except PeriodError:
        return text
    return text if period.frame in ("month", "range") else period.label + kind_suffix(kind)


def spelled(target: str) -> str:
    """A target as a link writes it: in angle brackets where Markdown asks for them."""
    return target if _PLAIN_TARGET.match(target) else f"<{target}>"


def _applied(source: Source, edits: list[Edit]) -> str:
    """The text with the edits made that leave everything visible as it was."""
    edits = sorted(set(edits))
    shown = _visible(read_markdown(source))
    text = _with(source.text, edits)
    if _visible(read_markdown(Source(source.path, text))) == shown:
        return text
    # One of them does harm: half of them at a time, down to the one.
    kept: list[Edit] = []
    groups = [edits]
    while groups:
        group = groups.pop()
        tried = sorted([*kept, *group])
        text = _with(source.text, tried)
        if _visible(read_markdown(Source(source.path, text))) == shown:
            kept = tried
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[:middle], group[middle:]]
    return _with(source.text, kept)


def _with(text: str, edits: Sequence[Edit]) -> str:
    out, at = [], 0
    for edit in edits:
        if edit.start < at:
            continue
        out += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, text[at:]])


def _visible(prose: Prose) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in prose.blocks]
