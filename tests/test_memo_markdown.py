"""Markdown: what is tagged stands exactly where it is said to stand, whatever surrounds it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddcheck.engine.memo.markdown import read_markdown
from ddcheck.engine.memo.reading import MAX_LENGTH, read_memo
from ddcheck.engine.model.memo import Memo
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source, decode

HEAD = "---\nddcheck: memo/1\ncompany: acme\n---\n"


def memo_of(body: str) -> tuple[Memo, Report]:
    report = Report()
    memo = read_memo(Source("memo.md", HEAD + body), "warn", report)
    assert memo is not None
    return memo, report


def visible(body: str) -> list[str]:
    return [block.text for block in read_markdown(Source("memo.md", body)).blocks]


#: Pieces of one line around a tag; none of them is a number.
INLINE = st.sampled_from(
    [
        "revenue ", "营收", "**bold** ", "*it* ", "_em_ ", "~~gone~~ ", "`code` ", "a \\* b ",
        "&amp; ",
        "&nbsp;", "<b>x</b> ", "<!-- a remark --> ", "![chart](pic.png) ", "[text](http://a.b) ",
        "[named][ref] ", "“quoted” ", "🚀 ", "网(wǎng)", "* ", "snake_case_ ", "<http://a.b> ",
        "é ",
        "[**deep *er* x**](http://a.b) ", "\\[ ", "] ", "( ", ") ", "， ", "。", "&copy; ", "~ ",
    ]
)  # fmt: skip
NUMBERS = (
    "13%",
    "4023万美元",
    "$40.2M",
    "13％",
    "(72.36)",
    "-4.4%",
    "1.68亿",
    "176-178 million",
    "2.5x",
)
TARGET = "dd:revenue@FY2021"


@st.composite
def tags(draw: st.DrawFn) -> tuple[str, str]:
    """A tag as written, and the number in it."""
    number = draw(st.sampled_from(NUMBERS))
    spelled = draw(st.sampled_from(["link", "angle", "title", "comment", "bold", "reference"]))
    if spelled == "comment" and not number.startswith("("):
        return f"{number}<!-- {TARGET} -->", number
    if spelled == "reference":
        return f"[{number}][dd]", number
    text = f"**{number}**" if spelled == "bold" else number
    target = f"<{TARGET}>" if spelled == "angle" else TARGET
    return (
        f"[{text}]({target}{' ' + chr(34) + 'why' + chr(34) if spelled == 'title' else ''})",
        number,
    )


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A block of Markdown with tags in it, and the numbers that they tag, in order."""
    lines, numbers = [], []
    for _ in range(draw(st.integers(1, 3))):
        tag, number = draw(tags())
        before, after = draw(st.lists(INLINE, max_size=4)), draw(st.lists(INLINE, max_size=3))
        lines.append("x " + "".join(before) + " " + tag + " " + "".join(after) + "z")
        numbers.append(number)
    kind = draw(
        st.sampled_from(
            ["plain", "quote", "list", "tabs", "deep", "table", "heading", "html", "code"]
        )
    )
    if kind == "quote":
        return "".join(f"> {line}\n" for line in lines), numbers
    if kind == "list":
        return "- " + "\n  ".join(lines) + "\n", numbers
    if kind == "tabs":
        return "-\t" + "\n\t".join(lines) + "\n", numbers
    if kind == "deep":
        return "> 1. a\n>    - " + "\n>      ".join(lines) + "\n", numbers
    if kind == "table":
        cells = [line.replace("|", "") for line in lines]
        rows = "".join(f"| a \\| b | {cell} | c |\n" for cell in cells)
        return f"| h | i | j |\n|---|--:|---|\n{rows}", numbers
    if kind == "heading":
        return "".join(f"### {line} ###\n" for line in lines), numbers
    if kind == "html":
        numbers = [number.strip("()") for number in numbers]
        text = "".join(f"<p>{number}<!--{TARGET}--></p>\n" for number in numbers)
        return f"<div>\n{text}</div>\n", numbers
    if kind == "code":
        return "```\n" + "\n".join(lines) + "\n```\n", []
    return "\n".join(lines) + "\n", numbers


@settings(max_examples=300)
@given(st.lists(blocks(), min_size=1, max_size=5), st.booleans())
def test_every_tagged_number_stands_where_it_is_written(
    parts: list[tuple[str, list[str]]], carriage: bool
) -> None:
    body = "\n".join(text for text, _ in parts) + "\n[ref]: http://c.d\n[dd]: " + TARGET + "\n"
    whole = HEAD + body
    source = decode(
        "memo.md", (whole.replace("\n", "\r\n") if carriage else whole).encode(), Report()
    )
    assert source is not None
    report = Report()
    memo = read_memo(source, "warn", report)
    assert memo is not None
    assert [item.message for item in report] == []
    expected = [number for _, numbers in parts for number in numbers]
    assert [
        whole[c.number.span.start : c.number.span.end] for c in memo.claims if c.number
    ] == expected
    for claim in memo.claims:
        line = whole.split("\n")[claim.span.line - 1]
        assert claim.number is not None
        assert line[claim.number.span.column - 1 :].startswith(claim.number.text)
        assert whole[claim.target_span.start : claim.target_span.end] in (TARGET, "[dd]", "][dd]")
    assert memo.untagged == ()


@settings(max_examples=200)
@given(st.text(st.characters(exclude_characters="\r"), max_size=300))
def test_any_text_is_some_markdown(text: str) -> None:
    prose = read_markdown(Source("memo.md", text))
    for block in prose.blocks:
        assert len(block.text) == len(block.starts) == len(block.ends)
        assert all(0 <= a < b <= len(text) for a, b in zip(block.starts, block.ends, strict=True))
        assert list(block.starts) == sorted(block.starts)


MARKUP = st.sampled_from(
    [
        *"[]()<>*_~`!&\\|#->+=:\n\t 15%", "dd:", "<!--", "-->", "[5%](dd:a@FY2021)", "\n\n", "```",
        "~~~", "|-|", "&#49;", "<p>", "</p>", "<sup>", "</sup>", "<br>", "[a]: dd:x", "   ", "> ",
        "- ", "1. ", "\u3000", "万", "亏损", "---\n",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(MARKUP, max_size=60).map("".join))
def test_no_memo_is_too_strange(body: str) -> None:
    memo, _ = memo_of(body)
    for claim in memo.claims:
        assert 0 <= claim.span.start <= claim.span.end <= len(memo.source.text)
    for number in (*memo.untagged, *memo.exempt):
        assert number.span.start < number.span.end


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("2 * 3 and a*b c", ["2 * 3 and a*b c"]),
        ("**2**3 ~~4~~ 5~6", ["23 4 5~6"]),
        ("a_b_c __d__", ["a_b_c d"]),
        ("5<br>6", ["5 6"]),
        ("40.2M<sup>1</sup>", ["40.2M 1 "]),
        ("a &#49;&lt; b", ["a 1< b"]),
        ("![5](x) 6", [" 6"]),
        ("![a [5](dd:x) b](y)", []),
        ("one\n  two\\\nthree", ["one two\nthree"]),
        ("<div>a<b>5</b></div>", [" a 5  "]),
        ("<script>5</script>", [" "]),
        ("    5 in code", ["    5 in code"]),
    ],
)
def test_what_is_visible(body: str, shown: list[str]) -> None:
    assert visible(body) == shown


@pytest.mark.parametrize(
    ("body", "code", "column", "message"),
    [
        ("[13](dd:a@FY2021)%", "DD603", 6, "the tag covers only a part of `13%`"),
        ("[13%](dd:a b)", "DD602", 6, "this is no link"),
        ("[13%][dd:a]", "DD602", 6, "this is no link"),
        ("[words](dd:a@FY2021)", "DD603", 9, "no number in the text of this tag"),
        ("[5% of 6%](dd:a@FY2021)", "DD603", 12, "more than one number in the text of this tag"),
        ("x <!--dd:a@FY2021-->", "DD603", 7, "no number before this tag"),
        ("5% x <!--dd:a@FY2021-->", "DD603", 10, "no number before this tag"),
        ("[](dd:flag/a)", "DD603", 4, "a tag without a text"),
        ("[5%](dd:a)<!--dd:b-->", "DD603", 15, "a second tag on the same text"),
        ("[5%](DD:a)", "DD602", 6, "a tag begins with `dd:`"),
    ],
)
def test_a_tag_that_cannot_be_used(body: str, code: str, column: int, message: str) -> None:
    _, report = memo_of(body)
    assert [(i.code, i.line, i.column, i.message) for i in report] == [(code, 5, column, message)]


def test_words_around_a_number_count_and_what_counts_may_stay_outside() -> None:
    memo, report = memo_of(
        "净亏损[1.2亿美元](dd:a)，超[99%](dd:b)，[2324](dd:c)个，约[5%](dd:d)左右"
    )
    assert list(report) == []
    said = [
        (c.text, c.number.text, c.number.quantity.low)
        for c in memo.claims
        if c.number and c.number.quantity
    ]
    assert [(text, number, None if low is None else float(low)) for text, number, low in said] == [
        ("1.2亿美元", "1.2亿美元", -125000000.0),
        ("99%", "超99%", 0.99),
        ("2324", "2324个", 2324.0),
        ("5%", "约5%左右", 0.04),
    ]


def test_a_table_says_unit_and_sign() -> None:
    memo, report = memo_of(
        "| (USD m) | FY2021 | FY2022 |\n|-|-|-|\n| Revenue (USD million) | [167.98](dd:a) | 5% |\n"
        "| 净亏损（万美元） | [7236](dd:b) | [-12038](dd:b) |\n| 净利润（亏损） | [(72.36)](dd:c) |"
        " [3](dd:c) |\n"
        "| Margin, % | [64.7](dd:d) | 64.7 |\n"
    )
    assert list(report) == []
    read = [c.number.quantity for c in memo.claims if c.number]
    assert [(float(q.value or 0), q.unit) for q in read if q] == [
        (167980000.0, "USD"), (-72360000.0, "USD"), (-120380000.0, "USD"), (-72.36, ""), (3.0, ""),
        (0.647, "ratio"),
    ]  # fmt: skip
    assert [n.text for n in memo.untagged] == ["5%", "64.7"]


def test_a_row_answers_with_all_its_cells() -> None:
    memo, _ = memo_of(
        "| a | b |\n|-|-|\n| [Losses](dd:flag/x) | twelve chars |\n\n[Losses](dd:flag/x) ab\n"
    )
    assert [claim.around for claim in memo.claims] == [11, 2]


def test_sections_end_where_one_of_their_level_begins() -> None:
    memo, _ = memo_of("# A\n5\n## B\n6\n### C\n## D\n# E\n")
    text = memo.source.text
    assert [(s.title, s.level, text[s.start : s.end]) for s in memo.sections] == [
        ("A", 1, "\n5\n## B\n6\n### C\n## D\n# "), ("B", 2, "\n6\n### C\n## "), ("C", 3, "\n## "),
        ("D", 2, "\n# "), ("E", 1, "\n"),
    ]  # fmt: skip


def test_a_memo_that_is_too_long_is_refused() -> None:
    for body, line in (("a" * 20_001, 5), ("a\n\n> " + "b" * 20_001, 7), ("5" * MAX_LENGTH, 1)):
        report = Report()
        assert read_memo(Source("memo.md", HEAD + body), "warn", report) is None
        assert [(item.code, item.line) for item in report] == [("DD007", line)]
