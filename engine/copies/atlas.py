"""Finding the places of `copies.places` in a copy. What it cannot tell is said, never guessed."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from ddcheck.engine.copies.copies import (
    CAPTION,
    CONTENTS,
    HEADING,
    ITEM,
    PARAGRAPH,
    ROW,
    Copy,
)
from ddcheck.engine.copies.outline import Outline, section_number
from ddcheck.engine.copies.places import TITLES, Part, first_word, part_words, read_place
from ddcheck.engine.model.verification import NOT, PARTLY, WHOLE

_CONTENTS_TITLE = re.compile(r"目\s*录\Z|(?:table of )?contents\Z", re.IGNORECASE)
_SHORT = 80


class Located(NamedTuple):
    """Where a place is in a copy: ranges of its text, how much of it was located, and the part
    of it that was not.
    """

    ranges: tuple[tuple[int, int], ...]
    how: str
    missing: str = ""


class Atlas(Outline):
    """A copy in which places can be located."""

    def __init__(self, copy: Copy) -> None:
        super().__init__(copy)
        self._known: dict[str, Located] = {}

    def locate(self, written: str) -> Located:
        """Where the place `written` is; how `NOT` with the whole text where nothing of it is found.

        A part that cannot be located is passed over; the next is looked for in what was found.
        """
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._locate(written)
        return known

    def _locate(self, written: str) -> Located:
        within = [range(len(self.blocks))]
        found, missing = 0, []
        ranges: list[tuple[int, int]] | None = None
        for part in read_place(written):
            narrower = self._part(part, within)
            if narrower is None:
                missing.append(part_words(part))
                continue
            found += 1
            if isinstance(narrower, tuple):
                ranges = list(narrower)
                within = [
                    range(self.block_at(a), self.block_at(max(a, b - 1)) + 1) for a, b in ranges
                ]
            else:
                within, ranges = narrower, None
        if ranges is None:
            ranges = [
                (self.blocks[span[0]].start, self.blocks[span[-1]].end)
                for span in within
                if len(span)
            ]
        how = NOT if not found else PARTLY if missing else WHOLE
        return Located(tuple(ranges), how, ", ".join(missing))

    def _part(
        self, part: Part, within: list[range]
    ) -> list[range] | tuple[tuple[int, int], ...] | None:
        """The blocks, or pieces of text, of one part of a place; None if it cannot be located."""
        if part.form == "page":
            return self._pages(part, within)
        if part.form == "cover":
            return self._front(within) if not self.copy.pages else self._page_range(1, 1, within)
        if part.form == "section":
            return self._section(section_number(first_word(part)), within)
        if part.form == "lead":
            return self._lead(within)
        if part.form == "paragraph":
            return self._paragraph(int(first_word(part)), within)
        if part.form == "line":
            return self._line(int(first_word(part)), within)
        if part.form == "heading":
            spans = [range(span[0], span[0] + 1) for span in within if len(span)]
            return spans if all(self.blocks[s[0]].kind == HEADING for s in spans) else None
        if part.form in ("cell", "sheet", "row"):
            return self._sheet(part, within)
        return self._words(first_word(part), within)

    def _pick(self, within: list[range], wanted: list[int]) -> list[range] | None:
        """The blocks `wanted` of those `within`, neighbors together; None if there are none."""
        inside = [i for i in wanted if any(i in span for span in within)]
        spans: list[range] = []
        for i in inside:
            if spans and spans[-1].stop == i:
                spans[-1] = range(spans[-1].start, i + 1)
            else:
                spans.append(range(i, i + 1))
        return spans or None

    def _pages(self, part: Part, within: list[range]) -> list[range] | None:
        first = int(part.words[0] or part.words[2])
        last = int(part.words[1] or first)
        if not self.copy.pages:
            return self._front(within) if first == last == 1 else None
        return self._page_range(first, last, within)

    def _page_range(self, first: int, last: int, within: list[range]) -> list[range] | None:
        return self._pick(
            within, [i for i, block in enumerate(self.blocks) if first <= block.page <= last]
        )

    def _front(self, within: list[range]) -> list[range] | None:
        """What stands before the contents, or else before the first numbered section."""
        for i, block in enumerate(self.blocks):
            if block.kind == CONTENTS or (
                block.kind in (HEADING, PARAGRAPH, CAPTION)
                and block.end - block.start < _SHORT
                and _CONTENTS_TITLE.match(self.text(block))
            ):
                return self._pick(within, list(range(i)))
        first = next((i for i, number in enumerate(self.numbers) if number), 0)
        return self._pick(within, list(range(first)))

    def _lead(self, within: list[range]) -> list[range] | None:
        """What stands before the first numbered heading, or else the first under the title."""
        heads = [i for i, block in enumerate(self.blocks) if block.kind == HEADING]
        first = next((i for i in heads if self.numbers[i]), None)
        if first is None:
            first = next((i for i in heads if i > 0), None)
        return self._pick(within, list(range(first))) if first else None

    def _end_of(self, index: int) -> int:
        """The index behind the section that the heading at `index` begins."""
        own, level = self.numbers[index], self.blocks[index].level
        for i in range(index + 1, len(self.blocks)):
            if self.blocks[i].kind != HEADING:
                continue
            number = self.numbers[i]
            if own and number:
                if not number.startswith(own + "."):
                    return i
            elif self.blocks[i].level <= level:
                return i
        return len(self.blocks)

    def _section(self, number: str, within: list[range]) -> list[range] | None:
        wanted: list[int] = []
        for i, found in enumerate(self.numbers):
            if found == number and i not in wanted:
                wanted += range(i, self._end_of(i))
        return self._pick(within, wanted)

    def _paragraph(self, number: int, within: list[range]) -> list[range] | None:
        """The paragraph and the list that follows it; lines of a PDF are no paragraphs."""
        if self.copy.kind in ("pdf", "xlsx"):
            return None
        count = 0
        for span in within:
            for i in span:
                count += self.blocks[i].kind == PARAGRAPH
                if count == number:
                    end = i + 1
                    while end < span.stop and self.blocks[end].kind == ITEM:
                        end += 1
                    return [range(i, end)]
        return None

    def _line(self, number: int, within: list[range]) -> tuple[tuple[int, int], ...] | None:
        found = []
        for span in within:
            for i in span:
                block = self.blocks[i]
                if block.sheet or not block.line <= number <= block.line + len(block.breaks):
                    continue
                edges = (block.start, *block.breaks, block.end)
                at = number - block.line if block.kind != ROW else 0
                last = edges[at + 1] if block.kind != ROW else block.end
                found.append((edges[at], last))
        return tuple(found) or None

    def _sheet(
        self, part: Part, within: list[range]
    ) -> list[range] | tuple[tuple[int, int], ...] | None:
        if self.copy.kind != "xlsx":
            return None
        if part.form == "row":
            row = int(first_word(part))
            return self._pick(within, [i for i, b in enumerate(self.blocks) if b.line == row])
        name = (part.words[0] or part.words[1] if part.form == "cell" else first_word(part)).strip()
        spans = self._sheet_blocks(name, within)
        if part.form == "sheet" or spans is None:
            return spans
        left, top, right, bottom = part.words[2:6]
        first_row, last_row = int(top or 1), int(bottom or top or 10**9)
        first, last = _column(left) or 1, _column(right or left) or 10**9
        found = []
        for block in (self.blocks[i] for span in spans for i in span):
            if not first_row <= block.line <= last_row:
                continue
            edges = (block.start, *block.breaks, block.end + 1)
            for k, column in enumerate(block.columns):
                if first <= column <= last:
                    found.append((edges[k], edges[k + 1] - 1))
        return tuple(found) or None

    def _sheet_blocks(self, name: str, within: list[range]) -> list[range] | None:
        wanted = name.casefold().strip()
        return self._pick(
            within,
            [i for i, b in enumerate(self.blocks) if b.sheet.casefold().strip() == wanted],
        )

    def _words(self, words: str, within: list[range]) -> list[range] | None:
        """The part of the document under a heading, or else a caption or title row, of `words`."""
        plain = re.sub(r"\s+", " ", words.casefold()).strip("\"'“”‘’`")
        if self.copy.kind == "xlsx" and plain in map(str.casefold, self.copy.sheets):
            return self._sheet_blocks(plain, within)
        names = [plain, *TITLES.get(plain, ())]
        for form, local in (("table", "表"), ("figure", "图")):
            numbered = re.match(rf"(?:{form}|{local})\s*(\d+)\Z", plain)
            if numbered:
                names = [f"{form} {numbered[1]}", f"{local}{numbered[1]}"]
        patterns = [
            re.compile(
                r"\s*".join(map(re.escape, name.replace(" ", "")))
                + (r"(?!\d)" if name[-1:].isdigit() else ""),
                re.IGNORECASE,
            )
            for name in names
        ]
        for kinds in ((HEADING,), (CAPTION, ROW, PARAGRAPH)):
            for pattern in patterns:
                starts = self._entitled(pattern, kinds, within)
                if starts:
                    return self._under(starts, kinds, within)
        return None

    def _entitled(
        self, pattern: re.Pattern[str], kinds: tuple[str, ...], within: list[range]
    ) -> list[int]:
        """The blocks of these kinds that are short, or whose cell is, and hold the words."""
        found: list[int] = []
        for span in within:
            start, end = self.blocks[span[0]].start, self.blocks[span[-1]].end
            for match in pattern.finditer(self.copy.text, start, end):
                index = self.block_at(match.start())
                block = self.blocks[index]
                if block.kind not in kinds or index in found[-1:] or block.end < match.end():
                    continue
                if block.kind == ROW:
                    edges = (block.start, *block.breaks, block.end)
                    cell = bisect_right(edges, match.start())
                    words = self.copy.text[edges[cell - 1] : edges[cell]]
                    short = len(words) <= _SHORT and not re.search(r"\d[.,]\d", words)
                else:
                    short = block.end - block.start <= _SHORT
                if short:
                    found.append(index)
        return found

    def _under(self, starts: list[int], kinds: tuple[str, ...], within: list[range]) -> list[range]:
        """What stands under the headings at `starts`, or below the first other title there."""
        wanted: list[int] = []
        if kinds == (HEADING,):
            for start in starts:
                wanted += [i for i in range(start, self._end_of(start)) if i not in wanted[-1:]]
            return self._pick(within, sorted(set(wanted))) or []
        start = starts[0]
        end = next(span.stop for span in within if start in span)
        for i in range(start + 1, end):
            if self.blocks[i].kind == HEADING:
                end = i
                break
        return [range(start, end)]


def _column(letters: str) -> int:
    found = 0
    for char in letters.upper():
        found = found * 26 + ord(char) - 64
    return found
