"""The outline of a copy: its sections and paragraphs, and where something in it stands."""

from __future__ import annotations

import re
from bisect import bisect_right

from ddcheck.engine.copies.copies import HEADING, ITEM, PARAGRAPH, ROW, Block, Copy
from ddcheck.engine.copies.figures import spelled_out
from ddcheck.engine.model.verification import Spot

_HEAD_NUMBER = re.compile(
    r"(?:(?:section|chapter|part|item|note)\s+)?(\d{1,3}(?:\.\d{1,2}){0,4})(?:\.|、)?(?=\s|[^\W\d_]|[:(]|$)"
    r"|第\s*([一二三四五六七八九十\d]+)\s*[章节部]|([一二三四五六七八九十]+)、",
    re.IGNORECASE,
)
_TITLE = 80


def section_number(text: str) -> str:
    """A section's number in one form: `01` and `1.` are 1, 三 is 3."""
    if text[:1].isdigit():
        return ".".join(str(int(piece)) for piece in text.split(".") if piece)
    value = spelled_out(text)
    return str(value) if value is not None else text


class Outline:
    """A copy with its sections by number, its paragraphs counted, its blocks by position.

    `numbers` is for each block the section that it heads: `1.2`; "" where it heads none.
    """

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.blocks = copy.blocks
        self._starts = [block.start for block in copy.blocks]
        self.numbers = self._section_numbers()
        self._spots: list[tuple[str, int]] | None = None

    def _section_numbers(self) -> list[str]:
        """For each block the section that it heads: `1.2`; "" where it heads none.

        A bare number counts in sequence only: `52 weeks` heads no section 52.
        """
        found = [
            self._heading_number(block) if block.kind == HEADING else "" for block in self.blocks
        ]
        known = {number.partition(".")[0] for number in found if number}
        return [
            number
            if "." in number or number in ("0", "1") or str(int(number or 0) - 1) in known
            else ""
            for number in found
        ]

    def _heading_number(self, block: Block) -> str:
        match = _HEAD_NUMBER.match(self.text(block))
        return section_number(next(g for g in match.groups() if g)) if match else ""

    def text(self, block: Block) -> str:
        """The words of a block."""
        return self.copy.text[block.start : block.end]

    def block_at(self, position: int) -> int:
        """The index of the block that `position` lies in."""
        return max(0, bisect_right(self._starts, position) - 1)

    # --- where something stands

    def spot(self, position: int) -> Spot:
        """Where the character at `position` stands."""
        if not self.blocks:
            return Spot()
        index = self.block_at(position)
        block = self.blocks[index]
        if block.sheet:
            column = bisect_right(block.breaks, position)
            name = f"{_letters(block.columns[column])}{block.line}"
            return Spot(cell=f"{block.sheet}!{name}")
        if self._spots is None:
            self._spots = self._outline()
        section, paragraph = self._spots[index]
        line = block.line
        if line and block.kind != ROW:
            line += bisect_right(block.breaks, position)
        kind = block.kind
        return Spot(block.page, section, paragraph if kind in (PARAGRAPH, ITEM) else 0, line)

    def _outline(self) -> list[tuple[str, int]]:
        """For each block its section, by number or title, and its paragraph there."""
        found = []
        section, paragraph = "", 0
        numbered = any(self.numbers)
        for block, number in zip(self.blocks, self.numbers, strict=True):
            if block.kind == HEADING:
                title = self.text(block)[:_TITLE]
                if number:
                    match = _HEAD_NUMBER.match(title)
                    assert match is not None
                    section = next(group for group in match.groups() if group)
                    paragraph = 0
                elif not numbered or section:
                    section, paragraph = title, 0
            elif block.kind == PARAGRAPH and self.copy.kind != "pdf":
                paragraph += 1
            found.append((section, paragraph))
        return found


def _letters(column: int) -> str:
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
