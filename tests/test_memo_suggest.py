"""`memo suggest` and `memo fmt`: what they propose and write, and that the prose stays as it is.

Three memos that people tagged are stripped of their tags; what is proposed is measured against
what stood there.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ddcheck.engine.commands.memo import MemoOptions, run_fmt, run_suggest
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.memo.markdown import read_markdown
from ddcheck.engine.memo.reading import read_memo
from ddcheck.engine.memo.rewriting import canonical, formatted
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
MEMOS = Path(__file__).parent / "memo"
TODAY = date(2026, 11, 21).toordinal()
TAG = re.compile(r"\[([^\]]*)\]\((dd:[^)]*)\)")


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def visible(text: str) -> list[str]:
    return [block.text for block in read_markdown(Source("memo.md", text)).blocks]


def claims(text: str) -> dict[tuple[int, str], str]:
    """The target of each tagged number, by how many such numbers stand before it."""
    memo = read_memo(Source("memo.md", text), "none", Report())
    assert memo is not None
    found: dict[tuple[int, str], str] = {}
    shown = "".join(visible(text))
    for claim in memo.claims:
        bare = TAG.sub(r"\1", text[: claim.span.start].rpartition("\n")[2]).lstrip("[")
        found[
            (claim.span.line * 1000 + len(bare.rstrip("[")), claim.text.strip("约超近左右个"))
        ] = claim.target.text
    assert shown
    return found


def written(name: str, tmp_path: Path) -> tuple[str, str, str]:
    """A memo as tagged, stripped, and with what is proposed written into it."""
    tagged = (MEMOS / f"{name}.md").read_text(encoding="utf-8")
    bare = TAG.sub(r"\1", tagged)
    path = tmp_path / "memo.md"
    path.write_text(bare, encoding="utf-8")
    outcome = run_suggest(MemoOptions((str(path),), write=True, today=TODAY), Screen())
    assert (outcome.code, outcome.stderr) == (0, "")
    ((where, text),) = outcome.files
    assert where == str(path)
    assert isinstance(text, str)
    return tagged, bare, text


@pytest.mark.parametrize("name", ["agora-zh", "agora-en", "twilio-en"])
def test_precision_and_recall(name: str, tmp_path: Path) -> None:
    tagged, bare, text = written(name, tmp_path)
    assert visible(text) == visible(bare) == visible(tagged)
    wanted, got = claims(tagged), claims(text)
    right = sum(wanted.get(key) == target for key, target in got.items())
    precision, recall = right / len(got), right / len(wanted)
    assert precision >= 0.97, {k: (wanted.get(k), v) for k, v in got.items() if wanted.get(k) != v}
    assert recall >= 0.9, {k: v for k, v in wanted.items() if k not in got}


def test_what_is_doubtful_is_listed_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "memo.md"
    head = "---\nddcheck: memo/1\ncompany: agora\n---\n"
    path.write_text(
        head + "# 2021\n\nGross margin was 61.9% in 2021.\n\nIt was 64.7% and 300 staff.\n"
    )
    outcome = run_suggest(MemoOptions((str(path),), today=TODAY), Screen())
    assert outcome.code == 0
    assert outcome.files == ()
    assert "+Gross margin was [61.9%](dd:gross_margin@FY2021) in 2021." in outcome.stdout
    assert "PROPOSED (1)\n  7:18     61.9%                 dd:gross_margin@FY2021" in outcome.stdout
    assert "[64.7%]" not in outcome.stdout
    assert outcome.stdout.endswith(" of 3 numbers without a tag match nothing\n")


def test_a_false_number_is_not_proposed(tmp_path: Path) -> None:
    path = tmp_path / "memo.md"
    head = "---\nddcheck: memo/1\ncompany: agora\n---\n"
    path.write_text(head + "Gross margin was 61.8% in 2021; revenue was $170.2 million in 2021.\n")
    outcome = run_suggest(MemoOptions((str(path),), write=True, today=TODAY), Screen())
    assert outcome.files == ()
    assert "0 proposed" in outcome.stdout


def test_nothing_is_written_where_anything_fails(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("---\nddcheck: memo/1\ncompany: agora\n---\nGross margin was 61.9% in 2021.\n")
    bad.write_text("no head")
    outcome = run_suggest(MemoOptions((str(good), str(bad)), write=True, today=TODAY), Screen())
    assert (outcome.code, outcome.files) == (2, ())
    assert "DD601" in outcome.stderr


@pytest.mark.parametrize(
    ("href", "form"),
    [
        ("dd:revenue@3M2021", "dd:revenue@2021Q1"),
        ("dd:revenue@FY2021A", "dd:revenue@FY2021"),
        ("dd:revenue@12M2021E", "dd:revenue@FY2021E"),
        ("dd:a@2020Q1 .. 2020Q3", "dd:a@2020Q1..2020Q3"),
        ("dd:=a  /   b@FY2021", "dd:=a / b@FY2021"),
        ("dd:=a%20/%20b@FY2021?as=min", "dd:=a / b@FY2021?as=min"),
        ("dd:b/flag/x", "dd:b/flag/x"),
        ("dd:a@2021-03", "dd:a@2021-03"),
        ("dd:a@FY2020..FY2022?is=rising", "dd:a@FY2020..FY2022?is=rising"),
        ("dd:a@someday", "dd:a@someday"),
    ],
)
def test_a_tag_has_one_form(href: str, form: str) -> None:
    assert canonical(href) == form
    assert canonical(form) == form


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("13%<!--dd:a@3M2021--> x", "[13%](dd:a@2021Q1) x"),
        ("超13% <!-- dd:a --> x", "[超13%](dd:a)  x"),
        ("**13%**<!--dd:a--> x", "**[13%](dd:a)** x"),
        ("[13%](<dd:a@FY2021>) x", "[13%](dd:a@FY2021) x"),
        ('[13%]( dd:a@FY2021A "why") x', '[13%]( dd:a@FY2021 "why") x'),
        ("[13%](<dd:=a  + b@FY2021>)", "[13%](<dd:=a + b@FY2021>)"),
        ("[13%](dd:=a%20+%20b@FY2021)", "[13%](<dd:=a + b@FY2021>)"),
        ("| a |\n|-|\n| 13%<!--dd:a--> |", "| a |\n|-|\n| [13%](dd:a) |"),
        ("<p>13%<!--dd:a--></p>", "<p>13%<!--dd:a--></p>"),
        ("[13%][r]\n\n[r]: dd:a@FY2021A", "[13%][r]\n\n[r]: dd:a@FY2021A"),
        ("[13% x<!--dd:a-->](http://b)", "[13% x<!--dd:a-->](http://b)"),
        ("[see 13%<!--dd:a-->](http://b)", "[see 13%<!--dd:a-->](http://b)"),
        ("nothing 5%", "nothing 5%"),
    ],
)
def test_one_form_for_every_tag(body: str, expected: str) -> None:
    assert formatted(Source("memo.md", body)) == expected
    assert formatted(Source("memo.md", expected)) == expected
    assert visible(expected) == visible(body)


def test_fmt_shows_or_writes(tmp_path: Path) -> None:
    path = tmp_path / "memo.md"
    head = "---\nddcheck: memo/1\ncompany: agora\n---\n"
    path.write_text(head + "13%<!--dd:a@3M2021-->\n")
    shown = run_fmt(MemoOptions((str(path),)))
    assert shown.code == 0
    assert shown.files == ()
    assert "-13%<!--dd:a@3M2021-->\n+[13%](dd:a@2021Q1)\n" in shown.stdout
    done = run_fmt(MemoOptions((str(path),), write=True))
    assert done.files == ((str(path), head + "[13%](dd:a@2021Q1)\n"),)
    assert done.stdout == ""


def test_a_word_document_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "memo.docx"
    path.write_bytes(b"")
    outcome = run_fmt(MemoOptions((str(path),)))
    assert outcome.code == 2
    assert "DD606" in outcome.stderr
