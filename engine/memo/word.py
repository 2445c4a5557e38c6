"""A `.docx` memo as prose with places: a line is a paragraph, a tag is a hyperlink to `dd:…`.

Only the document's own text is read: comments, deleted and hidden text, headers and footnotes are
not. The parts of the file are read to a bound, so that nothing small unpacks into something large,
and its XML without entities.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from ddcheck.engine.memo.prose import CELL, HEADING, PARAGRAPH, Block, Lead, Link, Prose
from ddcheck.engine.text.archive import TOO_LARGE, Archive, ArchiveError, Limits
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import HIDDEN, Source

#: Bytes of a document as it is stored, and of a part of it unpacked; nesting.
MAX_FILE, MAX_PART = 16 * 1024 * 1024, 24 * 1024 * 1024
_MAX_DEPTH, _MAX_ELEMENTS = 120, 1_000_000
#: Pictures are never unpacked, and stand in it as large as they are.
_LIMITS = Limits(parts=4000, unpacked=1024 * 1024 * 1024, tags=_MAX_ELEMENTS)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = frozenset(
    f"{_W}{name}"
    for name in ("del", "moveFrom", "rPr", "pPr", "tblPr", "tcPr", "trPr", "sectPr", "comment")
) | {_FALLBACK}
_FIELD = re.compile(r"\s*HYPERLINK\s+(?:\\\w\s+)*\"?([^\"]*?)\"?\s*(?:\\.*)?\Z", re.DOTALL)
_HEADING = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_KEY = re.compile(r"\s*([a-z_]+)\s*[:：]\s*(.*)\Z", re.DOTALL)
_SPACES = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\x0b": " "})


class _Paragraph(NamedTuple):
    """A paragraph as it is shown: its text, its hyperlinks, positions of footnote marks."""

    text: str
    links: tuple[tuple[int, int, str], ...]
    notes: frozenset[int]
    level: int
    row: int
    column: int


class _Broken(Exception):
    """A document that cannot be read: its code and why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_word(path: str, data: bytes, report: Report) -> tuple[Prose, str | None] | None:
    """The prose of a document and the YAML of its head; None and DD604 or DD605.

    The head stands first: paragraphs between two of `---`, paragraphs `key: value`, or a table of
    keys and values; it begins with `ddcheck: memo/1`.
    """
    try:
        parts = _parts(data)
        walker = _Walker(_targets(parts[1]), _levels(parts[2]))
        body = parts[0].find(f"{_W}body")
        walker.walk(body if body is not None else parts[0])
    except _Broken as error:
        report.without_place(error.code, path, error.message, "save it as .docx anew")
        return None
    paragraphs = walker.done
    source = Source(path, "\n".join(paragraph.text for paragraph in paragraphs))
    hidden = HIDDEN.search(source.text.replace("\n", " "))
    if hidden is not None:
        from ddcheck.engine.text.source import hidden_name

        line, column = source.place(hidden.start())
        report.at("DD116", source, line, column, hidden_name(hidden[0]), "remove the character")
        return None
    yaml, first = _head(paragraphs)
    return Prose(source, 0, tuple(_blocks(paragraphs, first))), yaml


def _parts(data: bytes) -> tuple[Element, Element | None, Element | None]:
    """The document, its relationships and its styles."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Broken("DD604", "an old or encrypted Word file")
    try:
        archive = Archive(data, _LIMITS)
        document = _part(archive, "word/document.xml")
        relations = _part(archive, "word/_rels/document.xml.rels")
        styles = _part(archive, "word/styles.xml")
    except ArchiveError as error:
        if error.kind == TOO_LARGE:
            raise _Broken("DD605", f"a document of more than is read: {error.words}") from None
        raise _Broken("DD604", "not a Word document (.docx)") from None
    if document is None:
        raise _Broken("DD604", "not a Word document: it has no text")
    return document, relations, styles


def _part(archive: Archive, name: str) -> Element | None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    size = archive.size(name)
    if size is None:
        return None
    if size > MAX_PART:
        raise _Broken("DD605", f"{name} unpacks to more than {MAX_PART // 1024 // 1024} MiB")
    data = archive.read(name)
    for strict, plain in _STRICT:
        data = data.replace(strict, plain)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise _Broken("DD604", f"{name} is not XML that can be read") from None
    return root


def _targets(root: Element | None) -> dict[str, str]:
    """Where each relationship leads, by its id."""
    entries = root if root is not None else ()
    return {entry.get("Id", ""): entry.get("Target", "") for entry in entries}


def _levels(root: Element | None) -> dict[str, int]:
    """The heading level of each style that has one, its own or that of the style under it."""
    own: dict[str, int] = {}
    under: dict[str, str] = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        ident = style.get(f"{_W}styleId", "")
        name = _value(style.find(f"{_W}name"))
        outline = _value(style.find(f"{_W}pPr/{_W}outlineLvl"))
        heading = _HEADING.match(name)
        if heading is not None:
            own[ident] = int(heading[1])
        elif outline.isdigit() and len(outline) == 1 and int(outline) < 9:
            own[ident] = int(outline) + 1
        elif name.lower() == "title":
            own[ident] = 1
        under[ident] = _value(style.find(f"{_W}basedOn"))
    found: dict[str, int] = {}
    for ident in under:
        name, steps = ident, 0
        while name and name not in own and steps < 20:
            name, steps = under.get(name, ""), steps + 1
        if name in own:
            found[ident] = own[name]
    return found


def _value(element: Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


class _Walker:
    """Goes through a document in its order and collects its paragraphs."""

    def __init__(self, targets: dict[str, str], levels: dict[str, int]) -> None:
        self.done: list[_Paragraph] = []
        self._targets = targets
        self._levels = levels
        self._rows = 0
        self._row, self._column = -1, -1
        self._count = 0
        self._chars: list[str] = []
        self._links: list[tuple[int, int, str]] = []
        self._notes: set[int] = set()
        #: Fields that are open: what each instructs, where its result begins.
        self._fields: list[tuple[list[str], int]] = []

    def walk(self, element: Element, depth: int = 0) -> None:
        """Read everything below `element`."""
        for child in element:
            self._count += 1
            if depth > _MAX_DEPTH or self._count > _MAX_ELEMENTS:
                raise _Broken("DD605", "a document that is nested too deep or too large")
            tag = child.tag
            if tag in _UNSEEN:
                continue
            if tag == f"{_W}p":
                self._paragraph(child, depth + 1)
            elif tag == f"{_W}tr":
                self._table_row(child, depth + 1)
            elif tag == f"{_W}hyperlink":
                self._linked(child, self._targets.get(child.get(f"{_R}id", ""), ""), depth + 1)
            elif tag == f"{_W}fldSimple":
                field = _FIELD.match(child.get(f"{_W}instr", ""))
                self._linked(child, field[1] if field is not None else "", depth + 1)
            elif tag == f"{_W}r":
                self._run(child, depth + 1)
            else:
                self._column += tag == f"{_W}tc"
                self._piece(child, depth + 1)

    def _paragraph(self, element: Element, depth: int) -> None:
        outer = self._chars, self._links, self._notes, self._fields
        self._chars, self._links, self._notes, self._fields = [], [], set(), []
        style = _value(element.find(f"{_W}pPr/{_W}pStyle"))
        outline = _value(element.find(f"{_W}pPr/{_W}outlineLvl"))
        level = self._levels.get(style, 0)
        if outline.isdigit() and len(outline) == 1 and int(outline) < 9:
            level = int(outline) + 1
        place = len(self.done)
        self.walk(element, depth)
        text = "".join(self._chars)
        found = _Paragraph(
            text, tuple(self._links), frozenset(self._notes), level, self._row, self._column
        )
        self.done.insert(place, found)  # before what stands in its text boxes
        self._chars, self._links, self._notes, self._fields = outer

    def _table_row(self, element: Element, depth: int) -> None:
        outer = self._row, self._column
        self._rows += 1
        self._row, self._column = self._rows, -1
        self.walk(element, depth)
        self._row, self._column = outer

    def _linked(self, element: Element, href: str, depth: int) -> None:
        first = len(self._chars)
        self.walk(element, depth)
        self._link(first, href)

    def _link(self, first: int, href: str) -> None:
        """A link over what has been read since; one that goes on in a second run is the same."""
        if not href:
            return
        last = len(self._chars)
        if self._links and self._links[-1][1:] == (first, href):
            first = self._links.pop()[0]
        self._links.append((first, last, href))

    def _run(self, element: Element, depth: int) -> None:
        properties = element.find(f"{_W}rPr")
        vanish = properties.find(f"{_W}vanish") if properties is not None else None
        if vanish is not None and _value(vanish) not in ("0", "false"):
            return
        raised = properties.find(f"{_W}vertAlign") if properties is not None else None
        first = len(self._chars)
        if _value(raised) == "superscript":
            self._chars.append(" ")
        self.walk(element, depth)
        if _value(raised) == "superscript":
            self._notes.update(range(first, len(self._chars)))

    def _piece(self, child: Element, depth: int) -> None:
        tag = child.tag
        if tag == f"{_W}t":
            self._chars += (child.text or "").translate(_SPACES)
        elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}sym"):
            self._chars.append(" ")
        elif tag == f"{_W}noBreakHyphen":
            self._chars.append("-")
        elif tag == f"{_W}instrText" and self._fields:
            self._fields[-1][0].append(child.text or "")
        elif tag == f"{_W}fldChar":
            kind = child.get(f"{_W}fldCharType", "")
            if kind == "begin":
                self._fields.append(([], len(self._chars)))
            elif kind == "separate" and self._fields:
                self._fields[-1] = (self._fields[-1][0], len(self._chars))
            elif kind == "end" and self._fields:
                words, first = self._fields.pop()
                field = _FIELD.match("".join(words))
                self._link(first, field[1] if field is not None else "")
        else:
            self.walk(child, depth)


def _head(paragraphs: list[_Paragraph]) -> tuple[str | None, int]:
    """The YAML of the head, on the lines of its paragraphs, and the first paragraph behind it."""
    first = next((i for i, item in enumerate(paragraphs) if item.text.strip()), 0)
    if first >= len(paragraphs):
        return None, 0
    begun = paragraphs[first].text.strip()
    lines = [""] * len(paragraphs)
    if re.fullmatch(r"-{3,}|—+", begun):
        for i in range(first + 1, len(paragraphs)):
            text = paragraphs[i].text
            if re.fullmatch(r"-{3,}|—+|\.{3}", text.strip()):
                return "\n".join(lines), i + 1
            match = _KEY.match(text)
            lines[i] = f"{match[1]}: {match[2]}" if match is not None else text
        return None, 0
    i = first
    if paragraphs[first].row >= 0 and begun == "ddcheck":
        while i + 1 < len(paragraphs) and paragraphs[i].row == paragraphs[i + 1].row >= 0:
            lines[i] = f"{paragraphs[i].text.strip()}: {paragraphs[i + 1].text.strip()}"
            i += 2
        return "\n".join(lines), i
    while i < len(paragraphs) and not paragraphs[i].level:
        match = _KEY.match(paragraphs[i].text)
        if match is None or (i == first and match[1] != "ddcheck"):
            break
        lines[i] = f"{match[1]}: {match[2]}"
        i += 1
    return ("\n".join(lines), i) if i > first else (None, 0)


def _blocks(paragraphs: list[_Paragraph], first: int) -> list[Block]:
    found = []
    offset = 0
    labels: dict[int, str] = {}
    heads: dict[int, str] = {}
    before = top_row = -1
    for i, item in enumerate(paragraphs):
        if before < 0 <= item.row:
            heads, top_row = {}, item.row
        before, top = item.row, item.row == top_row
        if item.row >= 0 and item.column == 0:
            labels.setdefault(item.row, item.text)
        if top:
            heads.setdefault(item.column, item.text)
        if i >= first and (item.text.strip() or item.links):
            found.append(_block(item, offset, labels.get(item.row, ""), heads, top=top))
        offset += len(item.text) + 1
    return found


def _block(item: _Paragraph, offset: int, label: str, heads: dict[int, str], *, top: bool) -> Block:
    starts = tuple(range(offset, offset + len(item.text)))
    ends = tuple(place + 1 for place in starts)
    links = tuple(
        Link(first, last, href, offset + first, max(offset + last, offset + first + 1), "docx",
             (offset + first, offset + last))
        for first, last, href in item.links
    )  # fmt: skip
    kind, lead = PARAGRAPH, None
    if item.row >= 0:
        head = "" if top else heads.get(item.column, "")
        kind, lead = CELL, Lead(item.row, label if item.column else "", head)
    elif item.level:
        kind = HEADING
    return Block(kind, item.level, item.text, starts, ends, links, item.notes, lead)
