"""Copies that are HTML pages: what a reader sees of them, as paragraphs, headings and rows."""

from __future__ import annotations

from html.parser import HTMLParser

from ddcheck.engine.copies.copies import HEADING, ITEM, ROW, Builder, Copy, single
from ddcheck.engine.copies.copies_text import without_front_matter

#: What no reader of the document reads.
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "ix:header",
        "svg",
        "nav",
        "button",
        "select",
    }
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BLOCKS = frozenset(
    "p div section article header footer main aside blockquote ul ol dl pre table tr caption "
    "figure figcaption form fieldset address center body html hr tbody thead tfoot".split()
)
_ITEMS = frozenset({"li", "dt", "dd"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
#: Stands for `<br>` until a paragraph ends: two of them end it as well.
_BREAK = "\x1e"
_MAX_NESTED = 200


class _Page(HTMLParser):
    """Collects blocks; a table's row is one block of its cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = Builder("html")
        self.words: list[str] = []
        self.line = 0
        self.kind = ""
        self.level = 0
        #: For each open row its cells, each a list of (words, kind, level, line).
        self.rows: list[list[list[tuple[str, str, int, int]]]] = []
        self.hidden = ""
        self.depth = 0

    def end_block(self) -> None:
        """End the open paragraph; in a row it is a piece of the cell."""
        text = "".join(self.words)
        self.words.clear()
        kind, level = self.kind, self.level
        self.kind, self.level = "", 0
        for piece in text.split(_BREAK + _BREAK) if _BREAK in text else [text]:
            if not piece.strip(" \n\t\r" + _BREAK):
                continue
            lines = [single(part) for part in piece.split(_BREAK)]
            if self.rows and self.rows[-1]:
                self.rows[-1][-1].append((" ".join(lines).strip(), kind, level, self.line))
            else:
                self.out.add(lines, kind, level=level, line=self.line)

    def end_row(self) -> None:
        """End the innermost row: its cells together, or as paragraphs if only one is filled."""
        self.end_block()
        if not self.rows:
            return
        cells = self.rows.pop()
        filled = [cell for cell in cells if cell]
        if not filled:
            return
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].extend(piece for cell in filled for piece in cell)
        elif len(filled) == 1:
            for words, kind, level, line in filled[0]:
                self.out.add([words], kind, level=level, line=line)
        else:
            texts = [" ".join(piece[0] for piece in cell) for cell in cells]
            self.out.add(texts, ROW, line=filled[0][0][3], glue="\t")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden:
            self.depth += tag == self.hidden
            return
        if tag not in _VOID and (tag in _SKIPPED or _is_hidden(attrs)):
            self.end_block()
            self.hidden, self.depth = tag, 1
            return
        if tag == "br":
            self.words.append(_BREAK)
        elif tag in ("sup", "sub"):
            self.words.append(" ")
        elif tag in _CELLS:
            self.end_block()
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append([])
        elif tag in _HEADINGS:
            self.end_block()
            self.kind, self.level = HEADING, int(tag[1])
        elif tag in _ITEMS:
            self.end_block()
            self.kind = ITEM
        elif tag in _BLOCKS:
            kind = self.kind
            self.end_block()
            # `<li><p>` is an item still.
            self.kind = kind if kind == ITEM and tag in ("p", "div") else ""
            if tag == "tr" and len(self.rows) < _MAX_NESTED:
                self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.depth -= tag == self.hidden
            if not self.depth:
                self.hidden = ""
            return
        if tag in ("sup", "sub"):
            self.words.append(" ")
        elif tag == "tr":
            self.end_row()
        elif tag in _BLOCKS or tag in _ITEMS or tag in _HEADINGS or tag in _CELLS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if not self.words:
            self.line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
        self.words.append(data)

    def finish(self) -> Copy:
        """Everything that is open ended."""
        self.close()
        while self.rows:
            self.end_row()
        self.end_block()
        return self.out.finish()


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    for name, value in attrs:
        if name == "hidden":
            return True
        if name == "style" and value and "display:none" in value.replace(" ", "").lower():
            return True
    return False


def html_copy(text: str) -> Copy:
    """The copy in a page of HTML, as far as it is shown to a reader; damaged HTML is read too."""
    page = _Page()
    page.feed(without_front_matter(text))
    return page.finish()
