"""The HTML report and the comment on a pull request: whole, inert, within their limits."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from gate_project import MEMO, company, day, gate, project, waivers, write
from markdown_it import MarkdownIt

from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.report.html_charts import Mark, Point, Share, columns, ladder, shares, spark
from ddcheck.engine.report.markdown import MARKER, MOST
from ddcheck.engine.report.markdown_table import Part, _written, fitted
from ddcheck.engine.report.markdown_text import JOINER, code, inert
from ddcheck.engine.report.markup import Html, el, text

ROOT = Path(__file__).parents[1]
VOID = {"br", "hr", "meta", "col"}
#: Names that would do something if they were let.
HOSTILE = (
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "![x](https://evil.example/a.png) [y](javascript:alert(1))",
    "@octocat #1 GH-2 octo/repo#3 !4 :smile: www.evil.example https://evil.example a@b.example",
    "`code` | pipe | **bold** ~~no~~ $x$ <!-- --> &lt;b&gt; deadbeefcafe1234",
)


class Page(HTMLParser):
    """A document read strictly: every tag closed by its own end tag, every element kept."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def html_of(*paths: str, language: str = "en", **options: Any) -> str:
    found = gate(*paths, outputs=("html",), language=language, **options)
    return found.stdout


def check_page(document: str) -> Page:
    """What holds of every report: whole, alone, without a script, every drawing told in words."""
    page = Page(document)
    tags = Counter(tag for tag, _ in page.found)
    forbidden = {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not forbidden & set(tags)
    assert tags["main"] == tags["title"] - tags["svg"] == tags["style"] == tags["h1"] == 1
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))
    for _, attributes in page.found:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    for link in page.all("a"):
        assert (link["href"] or "").removeprefix("#") in ids
    for _, attributes in page.found:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)
    assert tags["svg"] == tags["desc"]
    assert all(cell.get("scope") in ("row", "col") for cell in page.all("th"))
    assert "url(" not in document
    assert "@import" not in document
    policy = page.all("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    return page


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return project(tmp_path)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["agora", "company-a", "twilio"])
def test_shipped_companies_give_a_whole_document(name: str, language: str) -> None:
    path = str(ROOT / "companies" / f"{name}.yaml")
    options = CheckOptions((path,), outputs=("html",), today=day("2026-11-21"), language=language)
    page = check_page(run_check(options, Screen()).stdout)
    assert page.all("html") == [{"lang": "en" if language == "en" else "zh-Hans"}]
    if name == "agora" and language == "en":
        assert "FAIL 5 high, 2 must-know unknown: the policy fails what is high or graver." in (
            page.text
        )
        assert "Net income FY2022 -120.38 USD m" in page.text
        assert "companies/agora.yaml:89" in page.text
        assert "Revenue by region, FY2022" in page.text
        assert "china: 92 USD m (57.1%); overseas: 69 USD m (42.9%)" in page.text


def test_a_policy_of_the_page_lets_its_own_style_through_and_no_other(acme: Path) -> None:
    import base64
    import hashlib

    document = html_of()
    style = re.search(r"<style>(.*?)</style>", document, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#x27;sha256-{digest}&#x27;" in document


def test_what_fails_stands_on_the_first_page_with_figures_and_places(acme: Path) -> None:
    page = check_page(html_of())
    assert (
        "FAIL 1 high: the policy fails what is high or graver. Judged on FY2025 "
        "Newest source 2026-03-01 Grade rests on audited Amounts millions of USD" in page.text
    )
    assert "high fails Sales shrink Sales -20.0% on the year before" in page.text
    assert (
        "Revenue - 100.0 80.0 Revenue FY2023: -; FY2024: 100.0; FY2025: 80.0 firm [A]" in page.text
    )
    assert (
        "Revenue FY2025 80 USD million [A] Annual report (2026-03-01), p1 companies/acme.yaml:8"
        in (page.text)
    )
    assert "FY2024: 100.0; FY2025: 80.0" in page.text
    assert "Revenue growth -20.0% on the ladder of severities; limits" in page.text


def test_a_waiver_is_shown_with_its_owner_and_its_last_day(acme: Path) -> None:
    waivers(acme, {})
    page = check_page(html_of())
    assert "PASS Nothing that is high or graver stands against it but what was accepted." in (
        page.text
    )
    assert (
        "waived high Sales shrink FY2025 li wang 2026-12-31 One large customer left; the rest grew."
        in page.text
    )


def test_a_memo_is_shown_with_its_claims_the_false_first(acme: Path) -> None:
    write(acme / "memos" / "acme.md", MEMO.replace("80 million", "90 million"))
    page = check_page(html_of())
    assert "Memo memos/acme.md acme · as of 2026-06-30 · recommendation pass FAIL claims: " in (
        page.text
    )
    assert page.text.index("mismatch 90 million dd:revenue@FY2025") < page.text.index(
        "match sales fell dd:flag/revenue-falling"
    )


def test_what_could_not_be_judged_says_so(acme: Path) -> None:
    write(acme / "companies" / "acme.yaml", "ddcheck: company/1\ncompany: {id: acme}\n")
    page = check_page(html_of())
    assert "CANNOT JUDGE" in page.text
    assert "DD112" in page.text
    assert "PASS" not in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_html(acme: Path, name: str) -> None:
    _hostile(acme, name)
    page = check_page(html_of())
    assert " ".join(name.split()) in page.text


def _hostile(folder: Path, name: str) -> None:
    """The name in a company, a document, a place, a waiver's reason and a memo."""
    quoted = "'" + name.replace("'", "''") + "'"
    facts = company().replace("name: Acme", f"name: {quoted}").replace("at: p1", f"at: {quoted}")
    facts = facts.replace("title: Annual report", f"title: {quoted}")
    write(folder / "companies" / "acme.yaml", facts)
    waivers(folder, {"reason": quoted + "", "holds_while": None})
    write(folder / "companies" / "bolt.yaml", company(ident="bolt").replace("Bolt", quoted))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_a_comment(acme: Path, name: str) -> None:
    _hostile(acme, name)
    comment = gate(outputs=("markdown",), all=True).stdout
    body = comment.removeprefix(MARKER + "\n")
    seen = _nodes(body)
    assert seen <= {"text", "code_inline", "html"}
    assert _markup(body) == {"<details>", "<summary>", "</summary>", "</details>"}


def _nodes(body: str) -> set[str]:
    """Kinds of inline nodes of a comment; `html` for what is one of our own folds."""
    found = set()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body):
        for child in token.children or ():
            found.add("html" if child.type == "html_inline" else child.type)
    return found


def _markup(body: str) -> set[str]:
    """Every tag of a comment that is read as HTML."""
    found = set()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body):
        if token.type == "html_block":
            found |= set(re.findall(r"</?[a-z]+[^>]*>", token.content))
        for child in token.children or ():
            if child.type == "html_inline":
                found.add(child.content)
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("@li", f"@{JOINER}li"),
        ("a #1", f"a \\#{JOINER}1"),
        ("GH-2", f"GH-{JOINER}2"),
        (":smile:", f":{JOINER}smile:"),
        ("https://a.b", f"https:{JOINER}//a.b"),
        ("www.a.b", f"www{JOINER}.a.b"),
        ("!4 %5 ~6 &7", f"\\!{JOINER}4 %{JOINER}5 \\~{JOINER}6 \\&{JOINER}7"),
        ("a|b `c`", "a\\|b \\`c\\`"),
        ("one\n# two", "one \\# two"),
        ("\u202eabc", "\\\\u202eabc"),
        ("deadbeefcafe", f"deadbe{JOINER}efcafe"),
        ("Net margin -2.3%, -43.1%", "Net margin -2.3%, -43.1%"),
        ("净利润：-120.4", "净利润：-120.4"),
    ],
)
def test_text_in_a_comment_does_nothing(words: str, expected: str) -> None:
    assert inert(words) == expected


def test_text_in_a_comment_is_cut() -> None:
    assert inert("x y" * 100, 300) == "x y" * 100
    assert inert("x y" * 100 + "z", 300) == ("x y" * 100)[:299] + "…"


@pytest.mark.parametrize(
    ("words", "expected"),
    [("a.yaml:7", "`a.yaml:7`"), ("a`b", "`` a`b ``"), ("a|b", "`a\\|b`"), ("", "")],
)
def test_code_in_a_comment(words: str, expected: str) -> None:
    assert code(words) == expected


def test_the_comment_is_golden(acme: Path, golden: Callable[[str, str], None]) -> None:
    waivers(acme, {})
    write(acme / "companies" / "bolt.yaml", company(ident="bolt", now="70"))
    golden("paged/comment.md", gate(outputs=("markdown",)).stdout)


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_rows_are_left_out_whole_on_both_sides_of_the_limit(spare: int) -> None:
    part = Part("Fails", ("a", "b"), tuple(f"| {n:04} | x |" for n in range(50)))
    whole = len(_written(part, part.rows))
    text, left = fitted(part, whole + spare)
    assert left == (1 if spare < 0 else 0)
    assert len(text) <= whole + spare
    assert text.endswith("| 0048 | x |\n" if left else "| 0049 | x |\n")
    assert text.startswith("\n#### Fails (50)\n")


def test_no_row_fits_means_no_table() -> None:
    part = Part("Fails", ("a",), ("| x |",))
    assert fitted(part, 10) == ("", 1)


def test_a_comment_is_never_longer_than_a_forge_takes(acme: Path) -> None:
    long = "x" * 290
    for n in range(330):
        ident = f"c{n:03}"
        facts = company(ident=ident).replace("at: p1", f"at: '{long}'")
        write(acme / "companies" / f"{ident}.yaml", facts)
    comment = gate(outputs=("markdown",)).stdout
    assert MOST - 400 < len(comment) <= MOST == 65_536
    left = re.search(r"no room for more: (\d+)\.", comment)
    assert left is not None
    rows = len(re.findall(r"(?m)^\| (?:high|C\d|Acme)", comment))
    assert int(left[1]) + rows == 331 + 331
    assert comment.startswith(MARKER)
    assert comment.endswith("fails from high\n")


def test_text_is_escaped_by_its_type() -> None:
    assert text("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"
    assert el("p", "<b>", Html("<i>x</i>"), class_='"') == '<p class="&quot;">&lt;b&gt;<i>x</i></p>'
    assert text("a\u202eb") == "a\\u202eb"


def _points(*values: float | None) -> list[Point]:
    return [Point(f"FY{i}", v, v, v, "?" if v is None else f"{v:g}") for i, v in enumerate(values)]


def _attributes(drawing: str, style: str) -> list[dict[str, str | None]]:
    page = Page(drawing)
    return [a for _, a in page.found if (a.get("class") or "").split()[:1] == [style]]


def test_columns_stand_in_proportion_and_loss_below_the_line() -> None:
    drawing = columns(1, "Title", _points(10.0, -5.0, None), Mark("high", 8.0, "limit 8"), "en")
    good, bad = _attributes(drawing, "bar")
    assert float(good["height"] or 0) == pytest.approx(2 * float(bad["height"] or 0), abs=0.2)
    zero = _attributes(drawing, "axis")[0]["y1"]
    assert bad["y"] == zero
    assert bad["class"] == "bar negative"
    assert _attributes(drawing, "limit") != []
    assert "FY0: 10; FY1: -5; FY2: ?; limit 8" in drawing


def test_a_range_is_drawn_as_a_range() -> None:
    drawing = spark(1, "Title", [Point("FY1", None, 1.0, 3.0, "1..3")], "en")
    assert _attributes(drawing, "bar") == []
    drawing = columns(1, "Title", [Point("FY1", None, 1.0, 3.0, "1..3")], None, "en")
    assert [bar["class"] for bar in _attributes(drawing, "bar")] == ["bar range"]
    assert len(_attributes(drawing, "whisker")) == 1


@pytest.mark.parametrize(
    ("value", "at"),
    [(-0.1, 85.5), (0.0, 90.0), (5.0, 135.0), (10.0, 180.0), (20.0, 270.0), (1e9, 351.0)],
)
def test_a_value_stands_on_its_ladder_between_its_limits(value: float, at: float) -> None:
    steps = [Mark(n, v, "") for n, v in (("F", None), ("C", 0.0), ("B", 10.0), ("A", 20.0))]
    drawing = ladder(1, "t", "d", steps, (value, value), rising=True)
    path = _attributes(drawing, "pointer")[0]["d"] or ""
    middle = float(path.removeprefix("M").split()[0]) + 5
    expected = at if value != -0.1 else 90.0 - 0.9
    assert middle == pytest.approx(expected, abs=0.2)


def test_a_falling_ladder_is_drawn_from_the_highest_limit() -> None:
    steps = [Mark(n, v, "") for n, v in (("none", None), ("high", 0.0), ("critical", -25.0))]
    drawing = ladder(1, "t", "d", steps, (-12.5, -12.5), rising=False)
    path = _attributes(drawing, "pointer")[0]["d"] or ""
    assert float(path.removeprefix("M").split()[0]) + 5 == pytest.approx(180.0, abs=0.2)


def test_shares_are_drawn_against_the_whole() -> None:
    drawing = shares(1, "t", [Share("a", 0.75, "75%"), Share("b", 0.25, "25%")], "en")
    assert [bar["width"] for bar in _attributes(drawing, "bar")] == ["270", "90"]
    assert "a: 75%; b: 25%" in drawing


def test_a_browser_prints_it(acme: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here to print with")
    write(tmp_path / "report.html", html_of())
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'report.pdf'}",
        f"file://{tmp_path / 'report.html'}",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    import pypdf

    words = pypdf.PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    assert "FAIL" in words
    assert "Sales shrink" in words


def test_a_golden_document(acme: Path, golden: Callable[[str, str], None]) -> None:
    """The whole document of a small company, a tag on each line, without the style sheet."""
    document = html_of()
    shown = re.sub(r"<style>.*?</style>", "<style>…</style>", document, flags=re.DOTALL)
    shown = re.sub(r"sha256-[^&]+", "sha256-…", shown).replace("><", ">\n<")
    golden("paged/acme.html", shown)
