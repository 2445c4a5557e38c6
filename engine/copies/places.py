"""Places in a document, as company files write them: their grammar.

`page 12`, `section 1.2 paragraph 3`, `lead paragraph 2`, `line 40`, `Balance sheet!B7:F7`, or a
heading's words. docs/verify.md describes it; `copies.atlas` finds places in a copy.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.copies.copies import even

#: Titles of parts of a document in English, each with what stands above such a part elsewhere.
TITLES: dict[str, tuple[str, ...]] = {
    "appendix": ("附表", "附录", "附件", "annex"),
    "income statement": (
        "利润表", "损益表", "statement of operations", "statements of operations",
        "statement of income", "statements of income", "profit and loss", "profit or loss",
    ),
    "balance sheet": (
        "资产负债表", "statement of financial position", "statements of financial position",
    ),
    "cash flow statement": (
        "现金流量表", "statement of cash flows", "statements of cash flows", "cash flows",
    ),
    "ratios": ("财务比率", "财务指标", "financial ratios", "key ratios"),
    "trading data": ("交易数据", "market data"),
    "forecast table": ("财务指标预测", "盈利预测", "forecast"),
    "notes": ("附注",),
    "summary": ("摘要", "总结", "小结", "概要", "conclusion"),
    "risk factors": ("风险提示", "风险因素"),
}  # fmt: skip
_NUMBER = r"(\d+(?:\.\d+)*|[一二三四五六七八九十]+)"
_CELL = r"\$?([A-Z]{0,3})\$?(\d*)"
_FORMS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "cell",
            rf"(?:sheet\s+)?(?:'([^'!]+)'|([^!,;]+?))!\s*{_CELL}(?::{_CELL})?(?![\w!])",
        ),
        ("page", r"(?:pages?|pp?\.)\s*(\d+)(?:\s*(?:-|to|and)\s*(\d+))?|第\s*(\d+)\s*页"),
        ("section", rf"(?:sections?|chapter|§)\s*{_NUMBER}\.?(?![\w])|第\s*{_NUMBER}\s*[章节]"),
        ("paragraph", r"(?:paragraphs?|para\.?|¶)\s*(\d+)|第\s*(\d+)\s*段"),
        ("line", r"(?:lines?)\s*(\d+)|第\s*(\d+)\s*行"),
        ("sheet", r"sheet\s+(?:'([^']+)'|\"([^\"]+)\"|([^,;]+?))(?=\s*(?:[,;]|\brow\b|$))"),
        ("row", r"row\s*(\d+)"),
        ("lead", r"lead\b|引言|导语"),
        ("cover", r"(?:the\s+)?cover\b|封面|首页"),
        ("heading", r"(?:the\s+)?(?:heading|title)\b|标题"),
    )
)  # fmt: skip


class Part(NamedTuple):
    """One part of a place: its form, and the numbers or words that it names."""

    form: str
    words: tuple[str, ...]


def read_place(written: str) -> tuple[Part, ...]:
    """The parts of a place, from the widest to the narrowest as written."""
    parts: list[Part] = []
    words: list[str] = []
    text, at = even(written).strip(), 0

    def close() -> None:
        found = " ".join(words).strip(" .:·")
        words.clear()
        if found and found.lower() not in ("the", "in", "of", "and", "see"):
            parts.append(Part("words", (found,)))

    while at < len(text):
        if text[at] in ",;，、/ ":
            if text[at] in ",;，、":
                close()
            at += 1
            continue
        for form, pattern in _FORMS:
            match = pattern.match(text, at)
            if match and match.end() > at:
                close()
                parts.append(Part(form, tuple(group or "" for group in match.groups())))
                at = match.end()
                break
        else:
            word = re.compile(r"[^\s,;，、]+").match(text, at)
            assert word is not None
            words.append(word[0])
            at = word.end()
    close()
    return tuple(parts)


def first_word(part: Part) -> str:
    """What a part names first: a number, or words."""
    return next((word for word in part.words if word), "")


def part_words(part: Part) -> str:
    """A part as a reader writes it: `page 3`, `income statement`."""
    words = " ".join(word for word in part.words if word)
    return words if part.form == "words" else f"{part.form} {words}".strip()
