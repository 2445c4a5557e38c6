"""Copies that are text: plain or Markdown, which may hold pieces of HTML.

Markdown's marks are read in plain text as well: what was saved from a page or a PDF carries them.
"""

from __future__ import annotations

import codecs
import html
import re

from ddcheck.engine.copies.copies import (
    CAPTION,
    HEADING,
    ITEM,
    ROW,
    Builder,
    Copy,
    CopyError,
    single,
)

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_HTML_BLOCKS = re.compile(
    r"<(?:!doctype html|html|body|p|div|table|td|h[1-6])\b[^<>]*>", re.IGNORECASE
)
#: Controls that no text holds; several of them, and it is none.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,5000}>")
_PICTURE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()]{0,2000}\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~$%])")
_RULE = re.compile(r"[\s:|+-]*\Z|=+\Z|[*\s]*\Z")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\Z")
_ITEM = re.compile(r"(?:[-*+•·]|\(?\d{1,2}[.)）]|[（]\d{1,2}）)\s+\S|[（(]?\d{1,2}[)）]\s*\S")
_GAP = re.compile(r"\S {3,40}(?=\S)|\S {2,40}(?=[-(]?[$¥€£]?\d)")
_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+|\d{1,2}、|第[一二三四五六七八九十\d]+[章节部])\S"
)
_END = tuple(".。!！?？;；,，:：")
_TITLE_COLUMNS = 60
#: In a text with a paragraph a line: a shorter line without an end is a heading.
_HEAD_COLUMNS = 30


def decoded(data: bytes) -> str:
    """`data` as text: UTF-8, UTF-16 with its mark, what the page declares, or GB18030.

    Raises CopyError (DD525) where it is none of them.
    """
    declared = _META.search(data[:4096])
    names = ["utf-8-sig"]
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        names = ["utf-16"]
    elif declared:
        names += [declared[1].decode("ascii")]
    for name in [*names, "gb18030"]:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if len(_CONTROLS.findall(text[:100_000])) <= len(text[:100_000]) // 1000:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise CopyError(
        "DD525",
        "the copy is neither text, HTML, PDF nor a workbook",
        "save it as text, HTML, PDF or .xlsx",
    )


def looks_like_html(text: str) -> bool:
    """Whether `text` is mostly HTML: blocks marked by tags, and few lines that Markdown heads."""
    return len(_HTML_BLOCKS.findall(text)) >= 3 and not re.search(r"^#{1,6} ", text, re.MULTILINE)


def without_front_matter(text: str) -> str:
    """`text` with the block between `---` lines at its head blanked, every line where it was."""
    found = re.match(r"\s*---\n.*?\n---[ \t]*(?=\n|\Z)", text, re.DOTALL)
    if found is None:
        return text
    return "\n" * found[0].count("\n") + text[found.end() :]


def _words(raw: str) -> str:
    """A line without the marks of Markdown and HTML."""
    if "<" in raw:
        raw = _TAG.sub("", raw)
    if "[" in raw:
        raw = _LINK.sub(r"\1", _PICTURE.sub("", raw))
    raw = raw.replace("**", "").replace("`", "")
    if "\\" in raw:
        raw = _ESCAPED.sub(r"\1", raw)
    return html.unescape(raw) if "&" in raw else raw


class _Lines:
    """The blocks of a text while its lines come in."""

    def __init__(self, kind: str, *, numbered: bool, paged: bool, unwrapped: bool) -> None:
        self.out = Builder(kind)
        self.numbered = numbered
        self.unwrapped = unwrapped
        self.page = int(paged)
        self.open: list[str] = []
        self.kind = ""
        self.line = 0
        self.bold = False
        self.first = True

    def close(self) -> None:
        """End the open paragraph or item."""
        lines, kind = self.open, self.kind
        if lines:
            level = 0
            words = single(" ".join(lines))
            short = len(words) <= _TITLE_COLUMNS and not words.endswith(_END)
            if len(lines) == 1 and self.numbered and short and _NUMBERED.match(words):
                kind, level = HEADING, words.split()[0].strip(".").count(".") + 1
            elif len(lines) == 1 and self.numbered and short and not kind and self.first:
                kind, level = HEADING, 1
            elif self.unwrapped and short and not kind and len(words) <= _HEAD_COLUMNS:
                kind, level = HEADING, 2
            elif self.bold and short and not kind:
                kind = CAPTION
            self.out.add(lines, kind, level=level, page=self.page, line=self.line)
            self.first = False
        self.open, self.kind, self.bold = [], "", False

    def single(self, parts: list[str], kind: str, line: int, level: int = 0) -> None:
        """A block of one line."""
        self.close()
        self.out.add(
            parts, kind, level=level, page=self.page, line=line, glue="\t" if kind == ROW else " "
        )

    def take(self, raw: str, number: int) -> None:
        """The line `raw` of the file."""
        if self.page and "\f" in raw:
            self.close()
            self.page += raw.count("\f")
        stripped = raw.strip()
        if not stripped:
            self.close()
            return
        heading = _HEADING.match(stripped)
        if heading:
            self.single([_words(heading[2])], HEADING, number, len(heading[1]))
        elif stripped[0] in "-=|:+*" and len(stripped) > 2 and _RULE.match(stripped):
            if stripped[0] in "=-" and len(self.open) == 1 and not self.kind:
                lines, at, self.open = self.open, self.line, []
                self.single(lines, HEADING, at, 1 if stripped[0] == "=" else 2)
            self.close()
        elif "\t" in raw.strip(" \n\f"):
            self.single([_words(cell) for cell in raw.strip(" \f").split("\t")], ROW, number)
        elif stripped.startswith("|"):
            cells = re.split(r"(?<!\\)\|", stripped.strip("|"))
            self.single([_words(cell) for cell in cells], ROW, number)
        elif "  " in stripped and _GAP.search(stripped) and any(map(str.isdigit, stripped)):
            self.single(re.split(r"\s{2,}", _words(stripped)), ROW, number)
        else:
            numbered = self.numbered and _NUMBERED.match(stripped) and not self.open
            if not numbered and _ITEM.match(stripped):
                self.close()
                self.kind = ITEM
            if not self.open:
                self.line = number
                self.bold = stripped.startswith(("**", "<b>")) and stripped.endswith(("**", "</b>"))
            self.open.append(_words(stripped))
            if self.unwrapped:
                self.close()


def _is_unwrapped(lines: list[str]) -> bool:
    """Whether each line is a paragraph: hardly a blank line, and many lines that are long."""
    blank = sum(not line.strip() for line in lines[1:-1])
    long = sum(len(line) > 3 * _HEAD_COLUMNS for line in lines)
    return len(lines) >= 5 and blank * 20 <= len(lines) and long * 4 >= len(lines)


def text_copy(text: str, kind: str) -> Copy:
    """The copy in a plain text or Markdown. A form feed begins a page.

    Where no line is headed by `#`, a short numbered line that stands alone is a heading; where
    each line is a paragraph, a short line without an end is one.
    """
    lines = without_front_matter(text).split("\n")
    marked = any(line.startswith("#") and _HEADING.match(line) for line in lines)
    unwrapped = not marked and kind == "text" and _is_unwrapped(lines)
    state = _Lines(kind, numbered=not marked, paged="\f" in text, unwrapped=unwrapped)
    for number, raw in enumerate(lines, 1):
        state.take(raw, number)
    state.close()
    state.out.pages = state.page
    return state.out.finish()
