"""Writing tags into a memo, and writing those that are there in one form; the prose stays as it is.

Every change is proven: the memo is read again, and what is visible and claimed must be the same,
but for the tags that were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ddcheck.engine.memo.markdown import TooLong, read_markdown
from ddcheck.engine.memo.prose import Block, Link
from ddcheck.engine.memo.reading import tagged_number
from ddcheck.engine.memo.suggest import Suggestion
from ddcheck.engine.memo.targets import TargetError, is_target, parse_target
from ddcheck.engine.model.memo import Target
from ddcheck.engine.model.periods import Calendar, PeriodError, kind_suffix
from ddcheck.engine.text.source import Source

_MARKUP = re.compile(r"[\[\]<>*_`\\\n|]")
_PLAIN_TARGET = re.compile(r"[^\s()<>]*\Z")


class _Edit(NamedTuple):
    """A stretch of the source and what takes its place."""

    start: int
    end: int
    text: str


#: What is made together or not at all.
_Change: TypeAlias = tuple[_Edit, ...]


def with_tags(source: Source, suggestions: Sequence[Suggestion]) -> str:
    """The memo with every clear suggestion written as a tag."""
    changes: list[_Change] = []
    for item in suggestions:
        start, end = item.span.start, item.span.end
        written = source.text[start:end]
        if item.clear and not _MARKUP.search(written):
            tag = f"[{written}]({spelled(item.candidates[0].target)})"
            changes.append((_Edit(start, end, tag),))
    return _applied(source, changes, 1)


def formatted(source: Source) -> str:
    """The memo with its tags in one form: links for comments, canonical periods and spacing."""
    changes: list[_Change] = []
    for block in read_markdown(source).blocks:
        for link in block.links:
            change = _change(link, block, source) if is_target(link.href) else ()
            changes += [change] if change else []
    return _applied(source, changes, 0)


def _change(link: Link, block: Block, source: Source) -> _Change:
    """What puts a tag into its one form; nothing where it has it, or cannot be changed."""
    try:
        target = canonical(link.href)
    except TargetError:
        return ()
    text = source.text
    if link.spelling == "comment":
        item = tagged_number(link, block)
        if item is None:
            return ()
        start, end = block.starts[item.first], block.ends[item.last - 1]
        if _MARKUP.search(text[start:end]):
            return ()
        tag = f"[{text[start:end]}]({spelled(target)})"
        return _Edit(start, end, tag), _Edit(*link.whole, "")
    start, end = link.start, link.end
    if text[start - 1 : start] == "<" and text[end : end + 1] == ">":
        start, end = start - 1, end + 1
    elif text[start - 1 : start] not in ("(", " ", "\t", "\n"):
        return ()  # by reference: it is defined elsewhere
    new = spelled(target)
    return (_Edit(start, end, new),) if text[start:end] != new else ()


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
    if target.source is not None:
        return f"?from={target.source}"
    return f"?as={target.mode}" if target.mode is not None else ""


def _period(text: str) -> str:
    """A period as reports write it: 3M2021 is 2021Q1. Months are no matter of calendars."""
    try:
        period, kind = Calendar().parse(text)
    except PeriodError:
        return text
    return text if period.frame in ("month", "range") else period.label + kind_suffix(kind)


def spelled(target: str) -> str:
    """A target as a link writes it: in angle brackets where Markdown asks for them."""
    return target if _PLAIN_TARGET.match(target) else f"<{target}>"


def _applied(source: Source, changes: list[_Change], added: int) -> str:
    """The text with the changes made that leave what is visible as it was, and every tag a tag.

    Each change adds `added` tags. One that does harm is left out.
    """
    before = _seen(source.text)

    def harmless(tried: list[_Change]) -> bool:
        try:
            shown, tags = _seen(_with(source.text, tried))
        except TooLong:  # a paragraph that is too long only with its tags
            return False
        return shown == before[0] and tags == before[1] + added * len(tried)

    kept: list[_Change] = []
    groups = [sorted(set(changes))]
    while groups:
        group = groups.pop()
        if harmless([*kept, *group]):
            kept += group
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return _with(source.text, kept)


def _seen(text: str) -> tuple[list[tuple[str, int, str]], int]:
    """What is visible of a text, and how many tags it has."""
    blocks = read_markdown(Source("", text)).blocks
    tags = sum(is_target(link.href) for block in blocks for link in block.links)
    return [(block.kind, block.level, block.text) for block in blocks], tags


def _with(text: str, changes: Sequence[_Change]) -> str:
    out, at = [], 0
    for edit in sorted(edit for change in changes for edit in change):
        if edit.start < at:
            continue
        out += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, text[at:]])
