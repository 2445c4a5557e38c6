"""Hostile input: what somebody proposes is data, and can neither steer, hide, hang nor exhaust.

Each test holds a guard: it fails when the guard is taken out. What YAML, quantities and formulas
refuse is in `test_document`, `test_quantity` and `conformance/refused.yaml`; git in
`test_gate_revisions`; spreadsheets that we write in `test_facts_out`.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ddcheck.engine.copies.copies import CopyError, read_copy
from ddcheck.engine.gate.settings import inside
from ddcheck.engine.memo.markdown import MAX_BLOCK
from ddcheck.engine.memo.reading import MAX_LENGTH, read_memo
from ddcheck.engine.memo.rewriting import formatted
from ddcheck.engine.memo.word import read_word
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.readers.delimited import read_csv
from ddcheck.engine.readers.package import look_into
from ddcheck.engine.report.lines import line, plain
from ddcheck.engine.report.terminal import render_terminal
from ddcheck.engine.text.archive import (
    BROKEN,
    ENCRYPTED,
    TOO_LARGE,
    Archive,
    ArchiveError,
    Limits,
)
from ddcheck.engine.text.diagnostics import Report, render
from ddcheck.engine.text.document import Scalar, parse
from ddcheck.engine.text.source import HIDDEN, Source, read, read_bytes, read_data

HEAD = "---\nddcheck: memo/1\ncompany: acme\n---\n"
MIB = 1024 * 1024


def said(report: Report) -> list[str]:
    return render(report).splitlines()


# --- what is shown


@pytest.mark.parametrize("text", ["[bold red]Acme[/bold red]", "[/]", "[link=x]y", ":smile:"])
@pytest.mark.parametrize("color", [True, False])
def test_markup_is_text(text: str, *, color: bool) -> None:
    shown = render_terminal([line(text)], width=80, color=color, encoding="utf-8")
    assert shown == f"{text}\n" == plain([line(text)])


HIDING = ("\u202e", "\u2066", "\u200b", "\u00ad", "\u061c", "\ufeff", "\x1b", "\x9b", "\U000e0041")


@pytest.mark.parametrize("char", HIDING, ids=lambda char: f"{ord(char):04X}")
@pytest.mark.parametrize(
    ("place", "spelled"),
    [
        ("company", "{}"), ("company", "yaml"), ("pack", "yaml"), ("memo", "{}"),
        ("memo", "&#{:d};"), ("memo", "&#x{:X};"), ("head", "yaml"),
    ],
)  # fmt: skip
def test_what_hides_or_turns_text_is_refused_at_its_place(
    tmp_path: Path, char: str, place: str, spelled: str
) -> None:
    written = char if spelled == "{}" else spelled.format(ord(char))
    if spelled == "yaml":
        written = f"\\U{ord(char):08X}"
    report = Report()
    path = tmp_path / "file"
    if place in ("company", "pack"):
        path.write_text(f'ddcheck: {place}/1\nid: "Ac{written}me"\n', encoding="utf-8")
        source = read(str(path), report)
        if source is not None:
            parse(source, report)
    else:
        author = f'author: "a{written}"\n' if place == "head" else ""
        body = f"Margin [1{written}4%](dd:net_margin@FY2021)\n" if place == "memo" else ""
        path.write_text(HEAD.replace("company", f"{author}company") + body, encoding="utf-8")
        source = read(str(path), report)
        if source is not None and read_memo(source, "warn", report) is not None:
            assert place == "head"
    assert [item.code for item in report] == ["DD116"]
    assert next(iter(report)).line == (3 if place == "head" else 5 if place == "memo" else 2)
    assert HIDDEN.search(render(report).replace("\n", "")) is None


def test_names_of_files_are_shown_in_the_open(tmp_path: Path) -> None:
    report = Report()
    for name in ("a\x1b[2Jb.yaml", "a\u202eb.yaml", "a\nb.yaml"):
        read(str(tmp_path / name), report)
    shown = render(report)
    assert HIDDEN.search(shown.replace("\n", "")) is None
    assert [text.count("DD001") for text in shown.splitlines()] == [1, 1, 1]


@pytest.mark.parametrize(
    "written", ["1e3", "1e999", "1E+5", "2.5e6 USD", "1e3%"]
)  # fmt: skip
def test_an_exponent_in_a_memo_is_not_the_digits_before_it(written: str) -> None:
    report = Report()
    memo = read_memo(Source("memo.md", f"{HEAD}It is [{written}](dd:revenue).\n"), "warn", report)
    assert memo is not None
    numbers = [claim.number for claim in memo.claims]
    assert [number.ambiguous for number in numbers if number is not None] == [
        "an exponent, or a name? write the number out"
    ] * len(numbers)
    assert numbers or [item.code for item in report] == ["DD603"]


def test_digits_of_another_script_are_no_number() -> None:
    report = Report()
    memo = read_memo(Source("memo.md", f"{HEAD}It is [٤٤%](dd:margin).\n"), "warn", report)
    assert memo is not None
    number = memo.claims[0].number
    assert number is not None
    assert (number.quantity, number.ambiguous) == (None, "digits of another script: write 0 to 9")


# --- what is read


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_to_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    (tmp_path / "link.yaml").symlink_to(pipe)
    script = (
        "import sys\nfrom ddcheck.engine.text.source import *\n"
        "from ddcheck.engine.text.diagnostics import Report, render\n"
        "report = Report()\n"
        "for path in sys.argv[1:]:\n"
        "    assert (read(path, report), read_data(path, 9, report), read_bytes(path, 9)) "
        "== (None, None, None)\n"
        "print(render(report))\n"
    )
    found = subprocess.run(  # a process of its own: without the guard it waits for ever
        [sys.executable, "-c", script, str(pipe), str(tmp_path / "link.yaml")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.stderr == ""
    why = "DD001 error: cannot read this file: not a file but a pipe, a socket or a device"
    assert [text.partition(":1:1: ")[2] for text in found.stdout.splitlines()] == [why] * 2


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such devices here")
def test_a_device_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    report = Report()
    assert read("/dev/zero", report) is read(str(tmp_path / "zero.yaml"), report) is None
    assert read_data("/dev/null", 9, report) is read_bytes("/dev/zero", 9) is None
    assert [item.code for item in report] == ["DD001"] * 3


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="no such pipes here")
def test_a_pipe_of_the_shell_is_read() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"a: 1\n")
    os.close(theirs)
    source = read(f"/dev/fd/{ours}", Report())
    os.close(ours)
    assert source is not None
    assert source.text == "a: 1\n"


@pytest.mark.parametrize("path", ["a\0b.yaml", "x" * 5000, "y/" * 3000, "\udcff.yaml"])
def test_a_path_that_cannot_be_is_a_diagnostic(path: str) -> None:
    report = Report()
    assert read(path, report) is read_data(path, 9, report) is None
    assert [item.code for item in report] == ["DD001"]  # said once
    assert read_bytes(path, 9) is None


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "..", "../x", "a/../../x", "a\\..\\..\\x", "out", "out/x", "loop/x", "a\0b",
     "./..", "out/../in"],
)  # fmt: skip
def test_no_path_of_the_configuration_leaves_the_folder(tmp_path: Path, path: str) -> None:
    project = tmp_path / "project"
    (project / "in").mkdir(parents=True)
    (project / "out").symlink_to(tmp_path)
    (project / "loop").symlink_to(project / "in")
    (project / "in" / "x").symlink_to("../../x")
    report = Report()
    node = Scalar(Source("ddcheck.yaml", path), path, None, 1, 1, 0)
    assert inside(str(project), node, report) is None
    assert [item.code for item in report] == ["DD620"]


def test_a_path_within_the_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to("in")
    report = Report()
    for path in ("in", "./in", "link", "not-there", "x" * 300):
        node = Scalar(Source("ddcheck.yaml", path), path, None, 1, 1, 0)
        assert inside(str(tmp_path), node, report) == str(tmp_path / os.path.normpath(path))
    assert not list(report)


# --- archives


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


SMALL = Limits(parts=3, unpacked=4 * MIB, tags=1000, ratio=50, ratio_from=MIB)


def _refusal(data: bytes, limits: Limits = SMALL) -> tuple[str, str] | None:
    try:
        archive = Archive(data, limits)
        archive.look_through()
        for name in sorted(archive.names):
            archive.read(name)
    except ArchiveError as error:
        return error.kind, error.words
    return None


def test_archives_within_their_limits_are_read() -> None:
    parts = {"a": b"<" * 400, "b": b"x" * MIB, "c": os.urandom(2 * MIB).replace(b"<", b"-")}
    archive = Archive(_zip(parts), SMALL)
    archive.look_through()
    assert {name: archive.read(name) for name in archive.names} == parts
    assert [archive.size("b"), archive.size("d")] == [MIB, None]


def _declaring(data: bytes, size: int) -> bytes:
    """An archive of one part that says of itself that it unpacks to `size` bytes."""
    packed = bytearray(_zip({"a": data}))
    packed[22:26] = size.to_bytes(4, "little")
    central = packed.rindex(b"PK\x01\x02")
    packed[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(packed)


def _flagged(data: bytes) -> bytes:
    """An archive that says that its part is encrypted."""
    packed = bytearray(data)
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", BROKEN, "File is not a zip file"),
        (b"PK\3\4" + b"\0" * 100, BROKEN, "File is not a zip file"),
        (_zip({str(i): b"" for i in range(4)}), TOO_LARGE, "it has 4 parts, more than 3"),
        (_zip({"a": b"x" * 5 * MIB}), TOO_LARGE, "it unpacks to 5 MiB, more than 4 MiB"),
        (_zip({"a": b"x" * (MIB + 1)}), TOO_LARGE, "`a` in it unpacks too far"),
        (_zip({"a": b"<a/>" * 1001}), TOO_LARGE, "its XML has more than 1,000 elements"),
        (_zip({"a": b"<" * 600, "b": b"<" * 600}), TOO_LARGE, "its XML has more than 1,000 elemen"),
        (_declaring(b"x" * 5 * MIB, 10), BROKEN, "`a` is not what the archive declares"),
        (_flagged(_zip({"a": b"secret"})), ENCRYPTED, "it is encrypted"),
    ],
    ids=range(9),
)
def test_what_an_archive_may_not_be(data: bytes, kind: str, words: str) -> None:
    found = _refusal(data)
    assert found is not None
    assert (found[0], found[1][: len(words)]) == (kind, words)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_stands_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"one")
        archive.writestr("a", b"two")
    assert _refusal(out.getvalue()) == (BROKEN, "a part stands twice in it")


def test_an_archive_in_an_archive_stays_closed() -> None:
    inner = _zip({"bomb": b"\0" * 100 * MIB})
    assert _refusal(_zip({"a": inner}), SMALL._replace(ratio=2000)) is None


BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" '
    'sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="x" Target="worksheets/sheet1.xml"/></Relationships>'
)


def _workbook(**parts: bytes) -> bytes:
    given = {"xl/workbook.xml": BOOK.encode(), "xl/_rels/workbook.xml.rels": RELATIONS.encode()}
    return _zip(given | {f"xl/{name.replace('__', '/')}.xml": data for name, data in parts.items()})


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize("part", ["styles", "worksheets__sheet1"])
def test_a_small_workbook_does_not_grow_large(part: str) -> None:
    """Elements without end, in a part that we read and in one that the library reads whole."""
    many = b"<worksheet>" + b"<a/>" * 1_700_000 + b"</worksheet>"  # too few bytes for their ratio
    sheet = {"worksheets__sheet1": b"<worksheet/>"}
    data = _workbook(**(sheet | {part: many, "theme": many}))
    assert len(data) < 200_000
    report = Report()
    assert look_into("t.xlsx", data, report) is None
    assert said(report)[0] == (
        "t.xlsx:1:1: DD502 error: not opened: its XML has more than 3,000,000 elements"
    )
    words = r"too large: its XML has more than 3,\d{3},\d{3} elements"
    with pytest.raises(CopyError, match=words) as refused:
        read_copy("t.xlsx", data)
    assert refused.value.code == "DD526"


def test_xml_that_declares_entities_is_not_read() -> None:
    report = Report()
    assert look_into("t.xlsx", _workbook(worksheets__sheet1=ENTITIES), report) is None
    assert said(report)[0].endswith("DD501 error: not opened: its XML declares entities")
    with pytest.raises(CopyError) as refused:
        read_copy("t.xlsx", _workbook(worksheets__sheet1=ENTITIES))
    assert refused.value.code == "DD525"
    report = Report()
    assert read_word("m.docx", _zip({"word/document.xml": ENTITIES}), report) is None
    assert [item.code for item in report] == ["DD604"]


def test_a_small_document_does_not_grow_large() -> None:
    report = Report()
    data = _zip({"word/document.xml": b"<a>" + b"<a/>" * 1_000_001 + b"</a>"})
    assert len(data) < 50_000
    assert read_word("m.docx", data, report) is None
    assert said(report)[0].endswith("its XML has more than 1,000,000 elements")


# --- time against size


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _paragraphs(piece: str) -> Callable[[int], str]:
    """Paragraphs as long as they may be, full of `piece`."""
    one = piece * (MAX_BLOCK // len(piece) - 1) + "\n\n"
    return lambda size: one * max(1, size // len(one))


MEMOS = {
    "brackets": _paragraphs("["),
    "closed brackets": _paragraphs("[]"),
    "images": _paragraphs("!["),
    "links": _paragraphs("[a](b "),
    "link titles": _paragraphs('[a](b "'),
    "parentheses": _paragraphs("[a]("),
    "stars": _paragraphs("*a "),
    "more stars": _paragraphs("a**b_c*d__"),
    "strikes": _paragraphs("~~a "),
    "code": _paragraphs("`a``b```c"),
    "entities": _paragraphs("&amp;"),
    "tags": _paragraphs("<a "),
    "comments": _paragraphs("<!-- "),
    "digits": _paragraphs("1"),
    "numbers": _paragraphs("1 "),
    "money": _paragraphs("1亿"),
    "statement": _paragraphs("(1"),
    "percent": _paragraphs("1%"),
    "losses": _paragraphs("亏损1"),
    "growth": _paragraphs("up 1 "),
    "words": _paragraphs("one two "),
    "targets": _paragraphs("[1](dd:a "),
    "percent signs": _paragraphs("[1](dd:%41 "),
    "quotes": lambda size: "> " * (size // 2) + "a\n",
    "quoted lines": lambda size: "> a\n" * (size // 4),
    "list on a line": lambda size: "- " * (size // 2) + "a\n",
    "deep list": lambda size: "".join("  " * min(i, 100) + "- a\n" for i in range(size // 200)),
    "list": lambda size: "- 1\n" * (size // 4),
    "headings": lambda size: "# a\n" * (size // 4),
    "table": lambda size: "| a | b |\n|---|---|\n" + "| x | 4% |\n" * (size // 11),
    "bars": lambda size: "|a|\n|-|\n" + ("|" * 1000 + "\n") * (size // 1001),
    "definitions": lambda size: "".join(f"[a{i}]: b\n" for i in range(size // 12)),
    "html": lambda size: ("<div>\n" + "<style>" * 1700 + "\n</div>\n\n") * (size // 11918),
    "fences": lambda size: "```\n" * (size // 4),
}


@pytest.mark.parametrize("name", MEMOS)
def test_a_memo_takes_time_by_its_size(name: str) -> None:
    size = MAX_LENGTH // 8  # of which each eighth takes as long
    text = MEMOS[name](size)
    assert 0.6 * size < len(text) <= size + 100, len(text)
    # The worst are quadratic within a paragraph, which is bounded: a second.
    assert _seconds(lambda: read_memo(Source("m.md", HEAD + text), "warn", Report())) < 20


@pytest.mark.parametrize("text", ["[", "1", "> ", "- ", "*", "<", "&", "`", "|", "\\", "\n"])
def test_ten_megabytes_are_refused_at_once(text: str) -> None:
    """Longer than a memo may be: nothing looks into it."""
    whole = HEAD + text * (10 * MIB // len(text))
    report = Report()
    assert _seconds(lambda: read_memo(Source("m.md", whole), "warn", report)) < 2
    assert [item.code for item in report] == ["DD007"]


def test_tags_by_the_thousand_are_written_in_one_form() -> None:
    body = "Up [4%]( dd:revenue_growth@FY2021 ) and\n\n" * 500
    assert _seconds(lambda: formatted(Source("m.md", HEAD + body))) < 60


def _doubling(work: Callable[[int], object], size: int) -> float:
    """How much longer twice the size takes; the best of three, so that noise does not count."""
    once = min(_seconds(lambda: work(size)) for _ in range(3))
    return min(_seconds(lambda: work(2 * size)) for _ in range(3)) / max(once, 0.02)


def _facts(count: int) -> str:
    rows = "".join(f"  - {{a: {i}.5 USD million, b: [x, 'y', \"z\"]}}\n" for i in range(count))
    return f"ddcheck: company/1\nrows:\n{rows}"


def _sheet(count: int) -> bytes:
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, count))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return _workbook(worksheets__sheet1=data.encode())


def _document(count: int) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    rows = "<w:p><w:r><w:t>Up 4.4% in 2021.</w:t></w:r></w:p>" * count
    return _zip({"word/document.xml": f'<w:document xmlns:w="{main}">{rows}</w:document>'.encode()})


READERS: dict[str, tuple[Callable[[int], object], int]] = {
    "YAML": (lambda n: parse(Source("f.yaml", _facts(n)), Report()), 4000),
    "memo": (lambda n: read_memo(Source("m.md", HEAD + "Up 4.4% in 2021.\n\n" * n), "warn",
                                 Report()), 1000),
    "document": (lambda n: read_word("m.docx", _document(n), Report()), 3000),
    "workbook": (lambda n: look_into("t.xlsx", _sheet(n), Report()), 10_000),
    "CSV": (lambda n: read_csv("t.csv", b"Revenue,1.5,2.5\n" * n, Report()), 8000),
    "copy": (lambda n: read_copy("c.txt", b"Revenue was 40.2 million.\n\n" * n), 4000),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_twice_the_size_takes_about_twice_the_time(name: str) -> None:
    work, size = READERS[name]
    assert _doubling(work, size) < 3.2


def test_a_formula_is_short_whatever_it_repeats(tmp_path: Path) -> None:
    """Hundreds of rules, each at every bound of the language, end in as many diagnostics."""
    worst = ["(" * 500 + "x", "-" * 999 + "1", "1" * 999, "a+" * 450 + "1", "1e" + "9" * 900,
             '"' * 999, "not " * 249 + "x", "x if y else " * 80 + "z", "a(" * 499]  # fmt: skip
    entries = "".join(
        f"  m{i}: {{title: M, unit: ratio, formula: {worst[i % len(worst)]!r}}}\n"
        for i in range(450)
    )
    (tmp_path / "pack.yaml").write_text('ddcheck: pack/1\nid: p\nversion: "1"\ntitle: P\n')
    (tmp_path / "rules.yaml").write_text(
        f"ddcheck: rules/1\ncategory: growth\nmetrics:\n{entries}", encoding="utf-8"
    )
    report = Report()

    def work() -> None:
        from ddcheck.engine.check.compile import compile_packs

        compile_packs(load_packs((str(tmp_path),), report), report)

    assert _seconds(work) < 30
    assert len(report.items) == 450
    assert {item.code for item in report} <= {"DD201", "DD202", "DD203", "DD204", "DD205", "DD303"}


def test_what_is_packed_is_what_is_stored() -> None:
    """The bombs above are small: a test that makes them harmless would show nothing."""
    assert len(zlib.compress(b"<a/>" * 3_100_000)) < 20_000
