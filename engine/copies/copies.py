"""Local copies of sources as text that can be searched: paragraphs, headings, rows, pages, cells.

A `Copy` is one even text (full-width signs narrow, dashes alike, nothing invisible) and the blocks
that it is made of, each with what is known of its place. One module for each kind of copy makes it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ddcheck.engine.model.verification import Remark
from ddcheck.engine.text.source import HIDDEN

PARAGRAPH, HEADING, ROW, ITEM, CAPTION, CONTENTS = (
    "paragraph", "heading", "row", "item", "caption", "contents",
)  # fmt: skip

#: A copy of more bytes is refused, and one that grows to more characters or values.
MAX_BYTES = 64 * 1024 * 1024
MAX_CHARACTERS = 64 * 1024 * 1024
MAX_VALUES = 2_000_000

#: One character for one: full-width forms, minus signs and dashes, spaces that are not blank.
_EVEN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C},
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-"),
    **dict.fromkeys(map(ord, "\u3000\u2002\u2003\u2007\u2008"), " "),
    ord("￥"): "¥",
    ord("～"): "~",
    ord("〜"): "~",
    ord("﹪"): "%",
}
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_CAPTION = re.compile(
    r"(?:附?(?:图表|图|表)\s*\d*\s*:|附?(?:图表|图|表)\s*\d|(?:figure|fig\.|table|chart|exhibit)\s*\d"
    r"|(?:资料来源|数据来源|来源|注释?|sources?|notes?)\s*:)",
    re.IGNORECASE,
)
#: Each looks back, so that a long row of dots is gone through once.
_LEADERS = re.compile(
    r"(?:(?<!\.)\.{4,200}|(?<!…)…{2,100}|(?<!·)·{4,200}|(?<!\. )(?:\. ){4,100})\s{0,20}\d{1,4}\s*$",
    re.MULTILINE,
)


class CopyError(Exception):
    """A copy that cannot be searched: a diagnostic's code, message and help."""

    def __init__(self, code: str, message: str, help: str) -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


class Block(NamedTuple):
    """A paragraph, heading, table row, list item, caption or line of contents.

    `start` and `end` bound it in the copy's text; `level` is a heading's; `page` and `line` count
    from 1, 0 where the copy does not tell; `breaks` are where its second and later lines or cells
    start, `columns` the columns of the cells of a sheet's row. `raw` marks a sheet's row written
    with the values behind what is shown.
    """

    start: int
    end: int
    kind: str
    level: int = 0
    page: int = 0
    line: int = 0
    breaks: tuple[int, ...] = ()
    sheet: str = ""
    columns: tuple[int, ...] = ()
    raw: bool = False


class Copy(NamedTuple):
    """A copy, read; `kind` is text, markdown, html, pdf or xlsx, `pages` 0 without page breaks.

    `remarks` say what of it could not be read.
    """

    kind: str
    text: str
    blocks: tuple[Block, ...]
    pages: int = 0
    sheets: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


def even(text: str) -> str:
    """`text` with full-width signs narrow and dashes alike; what cannot be seen is taken out."""
    if text.isascii():
        return text
    return HIDDEN.sub("", text.translate(_EVEN))


def single(text: str) -> str:
    """`text` evened, its white space made single blanks."""
    return _BLANKS.sub(" ", even(text)).strip(" ")


def has_leaders(text: str) -> bool:
    """Whether a line of `text` runs through dots to a page number."""
    if ".." not in text and "…" not in text and "··" not in text and ". ." not in text:
        return False
    return _LEADERS.search(text) is not None


def kind_of_words(text: str) -> str:
    """Whether words that are no heading and no row are a paragraph, a caption or contents."""
    if has_leaders(text):
        return CONTENTS
    return CAPTION if _CAPTION.match(text) else PARAGRAPH


class Builder:
    """Puts the blocks of a copy together, in the order of the document."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.pages = 0
        self.sheets: list[str] = []
        self.remarks: list[Remark] = []
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def add(
        self,
        parts: list[str],
        kind: str = "",
        *,
        level: int = 0,
        page: int = 0,
        line: int = 0,
        glue: str = " ",
        sheet: str = "",
        columns: tuple[int, ...] = (),
        raw: bool = False,
    ) -> None:
        """A block of `parts`, its lines or cells; nothing if they are blank.

        Without `kind` it is what its words say: a paragraph, a caption or contents. Raises
        CopyError (DD526) when the copy has grown too large.
        """
        texts = [single(part) for part in parts]
        if not any(texts):
            return
        if not kind:
            kind = kind_of_words("\n".join(texts))
        elif kind == ROW and has_leaders(" ".join(texts)):
            kind = CONTENTS
        start = position = self._length
        breaks = []
        for text in texts[:-1]:
            position += len(text) + len(glue)
            breaks.append(position)
        whole = glue.join(texts)
        self._parts.append(whole)
        self._length += len(whole) + 1
        if self._length > MAX_CHARACTERS:
            raise too_large(
                f"it holds more than {MAX_CHARACTERS // 1024 // 1024} million characters"
            )
        self._blocks.append(
            Block(
                start, start + len(whole), kind, level, page, line, tuple(breaks), sheet, columns,
                raw,
            )
        )  # fmt: skip

    def finish(self) -> Copy:
        """The copy of all blocks added."""
        return Copy(
            self.kind,
            "\n".join(self._parts),
            tuple(self._blocks),
            self.pages,
            tuple(self.sheets),
            tuple(self.remarks),
        )


def too_large(why: str) -> CopyError:
    """The refusal of a copy that is, or grows, too large."""
    return CopyError(
        "DD526", f"the copy is too large: {why}", "keep a copy of the pages that count"
    )


def read_copy(name: str, data: bytes) -> Copy:
    """The copy in `data`, read by what it is, not by its name alone. Raises CopyError.

    DD524: a PDF without text; DD525: damaged, or of a kind that is not read; DD526: too large;
    DD527: encrypted.
    """
    suffix = name.rpartition(".")[2].lower()
    if len(data) > MAX_BYTES:
        raise too_large(f"more than {MAX_BYTES // 1024 // 1024} MiB")
    if not data.strip():
        raise CopyError("DD525", "the copy is empty", "fetch the document again")
    if b"%PDF-" in data[:1024]:
        from ddcheck.engine.copies.copies_pdf import pdf_copy

        return pdf_copy(data)
    if data[:2] == b"PK":
        from ddcheck.engine.copies.copies_xlsx import xlsx_copy

        return xlsx_copy(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise CopyError(
            "DD527" if suffix in ("xlsx", "xlsm") else "DD525",
            "the copy is an old Office file, or an Office file behind a password",
            "open it and save it without a password as .xlsx or PDF",
        )
    from ddcheck.engine.copies.copies_text import decoded, looks_like_html, text_copy

    text = decoded(data)
    if suffix in ("html", "htm", "xhtml") or (suffix != "md" and looks_like_html(text)):
        from ddcheck.engine.copies.copies_html import html_copy

        return html_copy(text)
    return text_copy(text, "markdown" if suffix in ("md", "markdown") else "text")
