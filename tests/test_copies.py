"""Copies of each kind as searchable text, places in them, and figures as people print them."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from ddcheck.engine.copies.atlas import Atlas
from ddcheck.engine.copies.copies import Copy, CopyError, read_copy
from ddcheck.engine.copies.figures import amount, numbers, sign, slip, spelled_out
from ddcheck.engine.model.verification import NOT, PARTLY, WHOLE

COPIES = Path(__file__).parent / "verify" / "copies"


def _copy(name: str, text: str | bytes) -> Copy:
    return read_copy(name, text if isinstance(text, bytes) else text.encode())


def _blocks(copy: Copy) -> list[tuple[str, str]]:
    return [(block.kind, copy.text[block.start : block.end]) for block in copy.blocks]


def _at(copy: Copy, place: str) -> tuple[str, list[str]]:
    found = Atlas(copy).locate(place)
    return found.how, [copy.text[a:b] for a, b in found.ranges]


# --- kinds of copies


def test_markdown_without_its_marks() -> None:
    copy = _copy(
        "a.md",
        "---\ntitle: 99\n---\n# 题\n\n**2023 年**营收\n１２.５ 亿\\_元 <b>x</b>&amp;\n"
        "\n- 一\n- 二\n\n"
        "| a | **1** |\n| --- | --: |\n| b | 2 |\n\n![p](x)\n\n图1：营收\n\n1.1 甲 ........ 5\n",
    )
    assert _blocks(copy) == [
        ("heading", "题"),
        ("paragraph", "2023 年营收 12.5 亿_元 x&"),
        ("item", "- 一"),
        ("item", "- 二"),
        ("row", "a\t1"),
        ("row", "b\t2"),
        ("caption", "图1:营收"),
        ("contents", "1.1 甲 ........ 5"),
    ]
    assert [block.line for block in copy.blocks] == [4, 6, 9, 10, 12, 14, 18, 20]


def test_plain_text_has_headings_by_number_and_pages_by_form_feed() -> None:
    copy = _copy(
        "a.txt",
        "Title\n\n1. Sales\n\nWe sold\n5 units.\n\fCash   12.5   13.0\n\n2 Cash\n\nx.",
    )
    assert _blocks(copy) == [
        ("heading", "Title"),
        ("heading", "1. Sales"),
        ("paragraph", "We sold 5 units."),
        ("row", "Cash\t12.5\t13.0"),
        ("heading", "2 Cash"),
        ("paragraph", "x."),
    ]
    assert (copy.pages, [block.page for block in copy.blocks]) == (2, [1, 1, 1, 2, 2, 2])


def test_a_text_with_a_paragraph_a_line() -> None:
    long = "这是一段很长的文字，" * 10 + "完。"
    copy = _copy(
        "a.txt", f"{long}\n估值体系\n{long}\n{long}\n怎么算?\n总结\n收入1亿美金。\n{long}\n"
    )
    kinds = [block.kind for block in copy.blocks]
    assert kinds == [
        "paragraph", "heading", "paragraph", "paragraph", "paragraph", "heading", "paragraph",
        "paragraph",
    ]  # fmt: skip
    assert _at(copy, "summary paragraph 1") == (WHOLE, ["收入1亿美金。"])


def test_html_is_what_a_reader_sees() -> None:
    copy = _copy(
        "a.html",
        "<html><head><title>77</title></head><body><nav>88</nav><h2>Re<i>sults</i></h2>"
        "<p>It was <b>12</b>.<i>5</i> million<sup>1</sup></p><p style='display : none'>66</p>"
        "<div>a<br><br>b</div><table><tr><td><p>x</p><p>y</p></td></tr><tr><td>Loss</td><td>(5"
        "</td><td>)</td></tr></table><script>55</script><ul><li><p>one</p></li></ul>",
    )
    assert _blocks(copy) == [
        ("heading", "Results"),
        ("paragraph", "It was 12.5 million 1"),
        ("paragraph", "a"),
        ("paragraph", "b"),
        ("paragraph", "x"),
        ("paragraph", "y"),
        ("row", "Loss\t(5\t)"),
        ("item", "one"),
    ]


def test_a_pdf_made_by_libreoffice() -> None:
    copy = read_copy("a.pdf", (COPIES / "annual-2023.pdf").read_bytes())
    assert (copy.kind, copy.pages, copy.remarks) == ("pdf", 3, ())
    assert ("heading", "1. Business") in _blocks(copy)
    assert ("paragraph", "Net loss (36.2) (18.9)") in _blocks(copy)


def _book(cells: list[tuple[object, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for i, (value, form) in enumerate(cells, 1):
        cell = sheet.cell(1, i, value)  # type: ignore[arg-type]
        cell.number_format = form
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1141.9, "General", "1141.9"),
        (1141.94, "#,##0.0", "1,141.9"),
        (-36.25, "#,##0.0_);(#,##0.0)", "(36.3)"),
        (0.38497, "0.0%", "38.5%"),
        (1284600000, '#,##0.0,,"m"', "1,284.6m"),
        (-5, "0.00", "-5.00"),
        (5, "[$¥-804]#,##0", "¥5"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0.1 + 0.2, "General", "0.3"),
        (12.5, "0.0##", "12.5"),
        (12.5, "[Red]0", "13"),
        (2.5, "0.00E+00", "2.5"),
        (True, "General", "TRUE"),
        ("Revenue", "0.0", "Revenue"),
    ],
)
def test_a_cell_as_its_format_shows_it(value: object, form: str, shown: str) -> None:
    copy = read_copy("a.xlsx", _book([(value, form)]))
    assert copy.text.split("\n")[0] == shown


def test_a_sheet_is_read_by_what_is_behind_the_format_too() -> None:
    copy = read_copy("a.xlsx", _book([("Margin", "General"), (0.38497, "0.0%")]))
    assert _blocks(copy) == [("row", "Margin\t38.5%"), ("row", "Margin\t0.38497")]
    assert [block.raw for block in copy.blocks] == [False, True]


def test_formulas_that_nobody_computed_are_said() -> None:
    copy = read_copy("a.xlsx", _book([("Sum", "General"), ("=1+2", "General")]))
    assert [remark.template for remark in copy.remarks] == [
        "formulas without results: open the copy in a spreadsheet and save it"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    assert _copy("a.txt", "营收为４０２３万美元，增长了13％".encode(encoding)).text == (
        "营收为4023万美元，增长了13%"
    )


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b" \n", "DD525"),
        ("a.bin", bytes(range(256)) * 8, "DD525"),
        ("a.pdf", b"%PDF-1.7\nnothing", "DD525"),
        ("a.xlsx", b"PK\x03\x04nothing", "DD525"),
        ("a.txt", b"x" * (64 * 1024 * 1024 + 1), "DD526"),
    ],
)
def test_what_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(CopyError) as error:
        read_copy(name, data)
    assert error.value.code == code


def test_a_row_at_the_far_end_of_a_sheet_is_no_bomb() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 1400):
        sheet.cell(row, 16384, 1)
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(CopyError) as error:
        read_copy("a.xlsx", data.getvalue())
    assert error.value.message == "the copy is too large: its sheets are too wide and too long"


# --- places

REPORT = """\
# Report

Cover words.

## Contents

1 Results ........ 3

## 1 Results

First.

Figure 1: growth

Second.

1) an item

### 1.1 Sales

Third.

| Balance sheet | 2023 |
| --- | --- |
| Cash | 5.0 |

## 2 Outlook

Fourth.

Fifth.

## 资产负债表

| 货币资金 | 6.0 |
"""


@pytest.mark.parametrize(
    ("place", "how", "words"),
    [
        ("section 1 paragraph 1", WHOLE, ["First."]),
        ("Section 1, para. 2", WHOLE, ["Second.\n1) an item"]),
        ("section 01 paragraph 3", WHOLE, ["Third."]),
        ("§1.1", WHOLE, ["1.1 Sales\nThird.\nBalance sheet\t2023\nCash\t5.0"]),
        ("第2节第2段", WHOLE, ["Fifth."]),
        ("section 1.1 heading", WHOLE, ["1.1 Sales"]),
        ("Outlook", WHOLE, ["2 Outlook\nFourth.\nFifth."]),
        ("Outlook paragraph 2", WHOLE, ["Fifth."]),
        ("paragraph 1", WHOLE, ["Cover words."]),
        ("lead paragraph 1", WHOLE, ["Cover words."]),
        ("page 1", WHOLE, ["Report\nCover words."]),
        ("cover", WHOLE, ["Report\nCover words."]),
        ("balance sheet", WHOLE, ["资产负债表\n货币资金\t6.0"]),
        ("figure 1", WHOLE, ["Figure 1: growth\nSecond.\n1) an item"]),
        ("line 11", WHOLE, ["First."]),
        ("page 3", NOT, None),
        ("page 3, section 2", PARTLY, ["2 Outlook\nFourth.\nFifth."]),
        ("section 1 paragraph 9", PARTLY, None),
        ("section 9", NOT, None),
        ("somewhere", NOT, None),
    ],
)
def test_a_place(place: str, how: str, words: list[str] | None) -> None:
    found, texts = _at(_copy("a.md", REPORT), place)
    assert found == how
    if words is not None:
        assert texts == words


def test_places_in_a_workbook() -> None:
    copy = read_copy("m.xlsx", (COPIES / "model.xlsx").read_bytes())
    assert _at(copy, "Income!B2:C2") == (WHOLE, ["1,141.9", "1,284.6", "1141.9", "1284.6"])
    assert _at(copy, "sheet 'Head count'!C1") == (WHOLE, ["4318"])
    assert _at(copy, "sheet Income row 6")[1] == [
        "Operating cash flow\t12.3\t(6.4)\nOperating cash flow\t12.25\t-6.4"
    ]
    assert _at(copy, "Income row 6") == _at(copy, "sheet Income row 6")
    assert _at(copy, "Income!Z9")[0] == NOT
    assert _at(copy, "page 2")[0] == NOT


def test_places_in_a_pdf_are_pages_sections_and_lines() -> None:
    copy = read_copy("a.pdf", (COPIES / "annual-2023.pdf").read_bytes())
    assert _at(copy, "page 1 line 3")[1] == [
        "The company employed 4,318 people at the end of the year."
    ]
    assert _at(copy, "page 2 section 2")[0] == WHOLE
    assert _at(copy, "page 2 paragraph 1")[0] == PARTLY
    assert _at(copy, "page 9")[0] == NOT


def test_where_something_stands() -> None:
    copy = _copy("a.md", REPORT)
    atlas = Atlas(copy)
    spot = atlas.spot(copy.text.index("Second"))
    assert (spot.section, spot.paragraph, spot.line) == ("1", 2, 15)


def test_a_heading_that_begins_with_a_number_is_no_section() -> None:
    copy = _copy("a.md", "## 1 One\n\na\n\n## 52 weeks\n\nb\n\n## 2 Two\n\nc\n")
    assert _at(copy, "section 52")[0] == NOT
    assert _at(copy, "section 2")[1] == ["2 Two\nc"]


# --- figures


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1,234.5 and 12.5", ["1234.5", "12.5"]),
        ("2018，100万", ["2018", "100"]),
        ("1\u202f234 5", ["1234", "5"]),
        ("$.05", ["0.05"]),
        ("1.2.3 12,5 2018,2019", []),
        ("Q1 H5 US$5 RMB7", ["5", "7"]),
        ("12.5. 13", ["12.5", "13"]),
    ],
)
def test_numbers(text: str, digits: list[str]) -> None:
    assert [number.digits for number in numbers(text)] == digits


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("-5", ["-"]),
        ("由-33.52 百万", ["-"]),
        ("(5.1) ($5.1) ( 5.1% )", ["-", "-", "-"]),
        ("2018-2022 5%-15% Q1-3", ["", "", "", "", ""]),
        ("12.5 -3.1", ["", "-"]),
        ("-$5.2", ["-"]),
        ("2022年-2023年 亏损--5", ["", "", ""]),
        ("(yoy -11.6%)", ["-"]),
        ("(5 people)", [""]),
    ],
)
def test_signs(text: str, signs: list[str]) -> None:
    assert [sign(text, number) for number in numbers(text)] == signs


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4023万美元", "40230000", "USD"),
        ("$40.23 million", "40230000", "USD"),
        ("40.23 USD million", "40230000", "USD"),
        ("1.06 亿美元", "106000000", "USD"),
        ("12.5 percent", "0.125", "ratio"),
        ("3.5万亿元", "3500000000000", "CNY"),
        ("76ms", "76", ""),
        ("20美元/股", "20", "USD/shares"),
    ],
)
def test_amounts(text: str, value: str, unit: str) -> None:
    found = amount(text, next(numbers(text)))
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [("突破百亿美金", 10**10), ("仅可投出一票", 1), ("排名第一", 1), ("三十五", 35), ("x", None)],
)
def test_numbers_in_characters(text: str, value: int | None) -> None:
    assert spelled_out(text) == value


@pytest.mark.parametrize(
    ("typed", "printed", "how"),
    [
        ("1.86", "1.68", "swapped"),
        ("4032", "4023", "swapped"),
        ("160.76", "160.67", "swapped"),
        ("4123", "4023", "digit"),
        ("402", "4023", "missing"),
        ("40233", "4023", "extra"),
        ("402.3", "40.23", "point"),
        ("13", "13.0", "precision"),
        ("13", "13", ""),
        ("5", "6", ""),
        ("4023", "5034", ""),
    ],
)
def test_slips(typed: str, printed: str, how: str) -> None:
    assert slip(typed, printed) == how
