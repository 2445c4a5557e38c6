"""Memos in `.docx`: the same prose and tags give the same verdicts; hostile files are refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import read_company
from ddcheck.engine.memo.audit import audit_memo
from ddcheck.engine.memo.reading import read_memo, read_word_memo
from ddcheck.engine.model.memo import Audit, Memo
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.text.diagnostics import Report, render
from ddcheck.engine.text.source import Source

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_STYLES = f"""<w:styles {_W}>
<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="b2"><w:name w:val="Mine"/><w:basedOn w:val="a2"/></w:style>
</w:styles>"""
_LINK = re.compile(r"\[([^\]]*)\]\((?:<([^<>]*)>|([^()<>]*))\)")


class Document:
    """Paragraphs and tables, with the relationships of their links."""

    def __init__(self) -> None:
        self.body = ""
        self.targets: list[str] = []

    def runs(self, text: str) -> str:
        out, at = "", 0
        for match in _LINK.finditer(text):
            out += self.run(text[at : match.start()])
            self.targets.append(match[2] or match[3])
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
            f'<Relationship Id="r{i}" Type="hyperlink" Target={quoteattr(t)} '
            f'TargetMode="External"/>'
            for i, t in enumerate(self.targets, 1)
        )
        files: dict[str, str | bytes] = {
            "word/document.xml": f"<w:document {_W} {_R}><w:body>{self.body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            "word/styles.xml": _STYLES,
            **{
                name.replace("__", "/").replace("_xml", ".xml"): text
                for name, text in parts.items()
            },
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


HERE = Path(__file__).parent
TODAY = date(2026, 11, 21).toordinal()
HEAD = "---\n\nddcheck: memo/1\n\ncompany: acme\n\n---\n\n"


def _read(data: bytes) -> tuple[Memo | None, str]:
    report = Report()
    memo = read_word_memo("memo.docx", data, "warn", report)
    return memo, render(report)


def _audit(memo: Memo) -> Audit:
    report = Report()
    plan = compile_packs(load_packs((), report), report)
    company = read_company(str(HERE.parent / "companies" / f"{memo.company}.yaml"), plan, report)
    assert company is not None
    assert plan.packs.policy is not None
    found = evaluate(plan, company, today=TODAY, as_of=memo.as_of)
    return audit_memo(memo, {memo.company: found}, plan.packs.policy, {})


@pytest.mark.parametrize("name", ["agora-zh", "agora-en", "twilio-en"])
def test_the_same_memo_has_the_same_verdicts(name: str) -> None:
    text = (HERE / "memo" / f"{name}.md").read_text(encoding="utf-8")
    memo = read_memo(Source("memo.md", text), "warn", Report())
    word, said = _read(as_word(text))
    assert said == ""
    assert memo is not None
    assert word is not None
    left, right = _audit(memo), _audit(word)
    assert [(i.claim.text, i.claim.target.text, i.verdict, i.message) for i in left.claims] == [
        (i.claim.text, i.claim.target.text, i.verdict, i.message) for i in right.claims
    ]
    assert [(r.id, r.level, r.message) for r in left.remarks] == [
        (r.id, r.level, r.message) for r in right.remarks
    ]
    assert left.coverage == right.coverage
    assert [(s.title, s.level) for s in memo.sections] == [
        (s.title, s.level) for s in word.sections
    ]


def _document(body: str, *targets: str) -> bytes:
    document = Document()
    document.add(HEAD)
    document.body += body
    document.targets += targets
    return document.data()


def _claims(body: str, *targets: str) -> list[tuple[str, str, int, int]]:
    memo, said = _read(_document(body, *targets))
    assert said == ""
    assert memo is not None
    return [(c.text, c.target.text, c.span.line, c.span.column) for c in memo.claims]


RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


@pytest.mark.parametrize(
    "body",
    [
        '<w:p>{x}<w:hyperlink r:id="r1">{n}</w:hyperlink></w:p>',
        (
            '<w:p>{x}<w:hyperlink r:id="r1"><w:r><w:t>13</w:t></w:r></w:hyperlink>'
            '<w:hyperlink r:id="r1"><w:r><w:t>%</w:t></w:r></w:hyperlink></w:p>'
        ),
        "<w:p>{x}<w:fldSimple w:instr=' HYPERLINK \"dd:a@FY2021\" '>{n}</w:fldSimple></w:p>",
        (
            '<w:p>{x}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK'
            ' "dd:a</w:instrText></w:r><w:r><w:instrText>@FY2021" \\o "tip" </w:instrText></w:r>'
            "<w:r>"
            '<w:fldChar w:fldCharType="separate"/></w:r>{n}<w:r><w:fldChar '
            'w:fldCharType="end"/></w:r></w:p>'
        ),
        '<w:p>{x}<w:ins><w:hyperlink r:id="r1">{n}</w:hyperlink></w:ins><w:del>{n}</w:del></w:p>',
        (
            "<w:sdt><w:sdtContent><w:p>{x}<w:hyperlink "
            "r:id='r1'>{n}</w:hyperlink></w:p></w:sdtContent></w:sdt>"
        ),
    ],
)
def test_a_hyperlink_is_a_tag_however_it_is_written(body: str) -> None:
    text = body.replace("{x}", RUN.format("rev ")).replace("{n}", RUN.format("13%"))
    assert _claims(text, "dd:a@FY2021") == [("13%", "dd:a@FY2021", 5, 5)]


def test_what_is_not_shown_is_not_read() -> None:
    memo, said = _read(
        _document(
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>5%</w:t></w:r><w:del><w:r><w:delText>6%</w:delText>"
            "</w:r></w:del><w:r><w:t>7%</w:t></w:r><w:r><w:rPr><w:vertAlign "
            'w:val="superscript"/></w:rPr>'
            "<w:t>1</w:t></w:r></w:p>"
        )
    )
    assert said == ""
    assert memo is not None
    assert [n.text for n in memo.untagged] == ["7%"]
    assert [n.text for n in memo.exempt] == ["1"]


def test_headings_by_style_and_by_level() -> None:
    document = Document()
    document.add(HEAD)
    document.body += document.paragraph("One", "a1") + document.paragraph("Two", "b2")
    document.body += (
        '<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Three</w:t></w:r></w:p>'
    )
    memo, _ = _read(document.data())
    assert memo is not None
    assert [(s.title, s.level) for s in memo.sections] == [("One", 1), ("Two", 2), ("Three", 3)]


@pytest.mark.parametrize(
    "head",
    [
        "---\n\nddcheck: memo/1\n\ncompany: acme\n\n---",
        "ddcheck：memo/1\n\ncompany：acme",
        "| ddcheck | memo/1 |\n| company | acme |\n",
    ],
)
def test_the_head_stands_first_in_three_ways(head: str) -> None:
    memo, said = _read(as_word(head + "\n\n# A\n\nRevenue: [5%](dd:a@FY2021)\n"))
    assert said == ""
    assert memo is not None
    assert memo.company == "acme"
    assert [(c.text, n) for c, n in zip(memo.claims, ["5%"], strict=True)] == [("5%", "5%")]
    assert memo.untagged == ()


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "DD604 error: not a Word document (.docx)"),
        (b"PK\x03\x04 broken", "DD604 error: not a Word document (.docx)"),
        (b"\xd0\xcf\x11\xe0 old", "DD604 error: an old or encrypted Word file"),
        (_zip(a=b"b"), "DD604 error: not a Word document: it has no text"),
        (_zip(word__document_xml=b"<a"), "DD604 error: word/document.xml is not XML"),
        (_zip(word__document_xml=BOMB), "DD604 error: word/document.xml is not XML"),
        (
            _zip(word__document_xml=b" " * (25 * 1024 * 1024)),
            "DD605 error: word/document.xml unpacks to more than 24 MiB",
        ),
        (
            _zip(word__document_xml=b"<w:document " + W + b">" + b"<w:a>" * 5000 + b"</w:a>" * 5000
                 + b"</w:document>"),
            "DD605 error: a document that is nested too deep or too large",
        ),
        (_zip(**{f"a{i}": b"" for i in range(4001)}), "DD605 error: a document of more than"),
        (_zip(word__document_xml=b"<w:document " + W + b"/>"), "DD601 error: a memo without"),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_file_that_is_no_memo(data: bytes, message: str) -> None:
    memo, said = _read(data)
    assert memo is None
    assert message in said.splitlines()[0]
