"""The pages that are made from the packs and from the table of codes, and the site of all pages.

`pytest tests/test_pages.py --update-golden` writes them anew; any difference fails.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.commands.catalogue import RulesOptions, run_rules
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.catalogue_pages import catalogue_pages, entry_page, page_of
from ddcheck.engine.text.codes import CODES
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parent.parent
INVALID = ROOT / "tests" / "invalid"
_KINDS = {
    "0": "Files",
    "1": "YAML",
    "2": "Packs and formulas",
    "3": "Companies and options",
    "4": "Tests beside rules",
    "5": "Import, copies and assumptions",
    "6": "Memos and the gate",
    "9": "ddcheck itself",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    """All shipped packs."""
    return compile_packs(load_packs((), Report()), Report())


def _code_pages() -> dict[str, str]:
    """A page for each code of a diagnostic, and an index of them."""
    index = ["# Diagnostics", "", "Every code, what it means and how it is mended.", ""]
    pages = {}
    kind = ""
    for code, (meaning, mend) in CODES.items():
        if code[2] != kind:
            kind = code[2]
            index += [f"## {_KINDS[kind]}", ""]
        index.append(f"- [{code}]({code}.md): {meaning}")
        lines = [f"# {code}: {meaning}", "", f"To mend it: {mend}.", "", "## Examples", ""]
        for expected in sorted((INVALID / code).glob("*/expected.txt")):
            said = expected.read_text(encoding="utf-8").rstrip("\n")
            lines += [f"### {expected.parent.name.replace('-', ' ')}", "", "```text", said, "```"]
            lines.append("")
        pages[f"{code}.md"] = "\n".join(lines)
    return {"index.md": "\n".join([*index, ""]), **pages}


def _compare(folder: Path, pages: dict[str, str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.md"):
            path.unlink()
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == set(pages)
    differing = [
        name for name, text in pages.items() if (folder / name).read_text(encoding="utf-8") != text
    ]
    assert differing == [], "--update-golden writes them anew"


def test_the_catalogue_is_what_the_packs_say(plan: Plan, request: pytest.FixtureRequest) -> None:
    """docs/catalogue holds the pages of `ddcheck rules --format markdown`, and nothing else."""
    _compare(ROOT / "docs" / "catalogue", dict(catalogue_pages(plan)), request)


def test_every_code_has_its_page(request: pytest.FixtureRequest) -> None:
    """docs/codes holds a page for each code, with all examples of tests/invalid."""
    _compare(ROOT / "docs" / "codes", _code_pages(), request)


def test_every_entry_stands_on_its_page_with_all_that_is_known(plan: Plan) -> None:
    """Title, reason, formula or condition, question, reference and every test."""
    pages = dict(catalogue_pages(plan))
    for entry in (*plan.metrics.values(), *plan.rules.values()):
        definition = entry.definition
        text = entry_page(plan, entry)
        assert text in pages[page_of(entry)], entry.id
        assert text.startswith(f"## {entry.id}\n")
        examples = text.partition("| given | expected |\n")[2]
        assert examples.count("\n| `") == len(definition.tests), entry.id
        assert ("**To ask.**" in text) == (definition.ask is not None), entry.id
        assert f"({page_of(entry)}#{entry.id})" in pages["index.md"]


def test_every_link_of_the_catalogue_leads_to_a_heading(plan: Plan) -> None:
    """Links between pages name a page and something on it."""
    pages = dict(catalogue_pages(plan))
    for name, text in pages.items():
        for page, anchor in re.findall(r"\]\(([\w-]+\.md)#?([\w-]*)\)", text):
            assert page in pages, f"{name}: {page}"
            known = f"## {anchor}\n" in pages[page] or f'<a id="{anchor}">' in pages[page]
            assert not anchor or known, f"{name}: {page}#{anchor}"


def test_text_of_a_pack_is_text(tmp_path: Path) -> None:
    """Markdown and HTML in a pack of somebody else's stay inert."""
    (tmp_path / "pack.yaml").write_text(
        'ddcheck: pack/1\nid: house\nversion: "1.0"\ntitle: "<b>House</b>"\nextends: [core]\n',
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "ddcheck: rules/1\ncategory: cash\nrules:\n"
        "  own-rule:\n"
        "    title: '![x](http://x) <script>alert(1)</script> | `a` [l](http://l)'\n"
        "    why: '<img src=x onerror=y>'\n"
        "    when: revenue < 0\n    severity: low\n"
        "    tests: [{given: {revenue: -1}, name: 'a | `b` <i>', expect: {flag: low}}]\n",
        encoding="utf-8",
    )
    options = RulesOptions("own-rule", (str(tmp_path),), "markdown")
    page = run_rules(options, Screen()).stdout
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    kinds = {part.type for token in tokens for part in token.children or ()}
    assert kinds.isdisjoint({"image", "link_open", "html_inline"})
    assert "html_block" not in {token.type for token in tokens}
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 2
    assert len([token for token in tokens if token.type == "td_open"]) == 2


def test_pages_are_written_into_a_folder(tmp_path: Path, plan: Plan) -> None:
    """Each page is a file; a folder for one entry, or for text, is refused."""
    outcome = run_rules(RulesOptions(format="markdown", folder=str(tmp_path)), Screen())
    pages = catalogue_pages(plan)
    assert outcome.files == tuple((str(tmp_path / name), text) for name, text in pages)
    assert outcome.stdout == f"pages written to {tmp_path}: {len(pages)}\n"
    for options in (
        RulesOptions("ndr", format="markdown", folder="x"),
        RulesOptions(format="text", folder="x"),
    ):
        refused = run_rules(options, Screen())
        assert (refused.code, refused.files) == (2, ())
        assert "DD313" in refused.stderr


def test_a_code_is_explained_like_a_rule() -> None:
    """`ddcheck rules DD203` says what the code means and how it is mended."""
    meaning, mend = CODES["DD203"]
    outcome = run_rules(RulesOptions("DD203"), Screen())
    assert (outcome.stdout, outcome.code) == (f"DD203 {meaning}\n  {mend}\n", 0)


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """MkDocs takes all pages, and every link between them leads somewhere."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed: pip install -e '.[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    for page in ("index.html", "catalogue/core-cash/index.html", "codes/DD203/index.html"):
        assert (tmp_path / page).is_file()
    text = (tmp_path / "catalogue/core-customers/index.html").read_text(encoding="utf-8")
    assert 'id="customer-above-10-percent"' in text
    assert 'id="top1_customer_share"' in text
