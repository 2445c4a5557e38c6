"""Writes a `.docx` from Markdown of the simple kind that the memos of tests are written in."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_STYLES = f"""<w:styles {_W}>
<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="b2"><w:name w:val="Mine"/><w:basedOn w:val="a2"/></w:style>
</w:styles>"""
_LINK = re.compile(r"\[([^\]]*)\]\(<?([^()<>]*(?:\([^()]*\)[^()<>]*)*)>?\)")


class Document:
    """Paragraphs and tables, with the relationships of their links."""

    def __init__(self) -> None:
        self.body = ""
        self.targets: list[str] = []

    def runs(self, text: str) -> str:
        out, at = "", 0
        for match in _LINK.finditer(text):
            out += self.run(text[at : match.start()])
            self.targets.append(match[2])
            out += f'<w:hyperlink r:id="r{len(self.targets)}">{self.run(match[1])}</w:hyperlink>'
            at = match.end()
        return out + self.run(text[at:])

    def run(self, text: str) -> str:
        """Word cuts text into runs where it likes."""
        half = len(text) // 2
        parts = [part for part in (text[:half], text[half:]) if part]
        return "".join(f'<w:r><w:t xml:space="preserve">{escape(p)}</w:t></w:r>' for p in parts)

    def paragraph(self, text: str, style: str = "") -> str:
        kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{kind}{self.runs(text)}</w:p>"

    def add(self, markdown: str) -> None:
        """Headings, list items, tables and paragraphs of one line each."""
        rows: list[str] = []
        for line in [*markdown.split("\n"), ""]:
            if line.startswith("|"):
                if not set(line) <= set("|-: "):
                    cells = [cell.strip() for cell in line.strip("|").split("|")]
                    inside = "".join(f"<w:tc>{self.paragraph(cell)}</w:tc>" for cell in cells)
                    rows.append(f"<w:tr>{inside}</w:tr>")
                continue
            if rows:
                self.body += f"<w:tbl>{''.join(rows)}</w:tbl>"
                rows = []
            if line.startswith("#"):
                level = len(line) - len(line.lstrip("#"))
                self.body += self.paragraph(line.lstrip("# "), f"a{level}")
            elif line.strip():
                self.body += self.paragraph(line.removeprefix("- "))

    def data(self, **parts: str | bytes) -> bytes:
        relations = "".join(
            f'<Relationship Id="r{i}" Type="hyperlink" Target={quoteattr(t)} TargetMode="External"/>'
            for i, t in enumerate(self.targets, 1)
        )
        files: dict[str, str | bytes] = {
            "word/document.xml": f"<w:document {_W} {_R}><w:body>{self.body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            "word/styles.xml": _STYLES,
            **{name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()},
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in files.items():
                package.writestr(name, text)
        return out.getvalue()


def as_word(markdown: str) -> bytes:
    """A memo in Markdown as a document; its head as paragraphs between `---`."""
    document = Document()
    document.add(markdown)
    return document.data()
