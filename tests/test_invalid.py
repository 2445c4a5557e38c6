"""Every diagnostic: a mistake in a file gives exactly one, at its place, worded as printed here.

A case is a folder `tests/invalid/<code>/<name>/`. What is in it says how it is read: `arguments` is
a command line, `pack.yaml` a pack, anything else one company file. `expected.txt` is all that is
said, so that no second diagnostic follows from the first; `--update-golden` rewrites it. What an
editor or a checkout would change, or what is large, is made here.
"""

from __future__ import annotations

import functools
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ddcheck.engine.check.cases import check_enough, run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.references import check_references
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.memo import load_memo
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.codes import CODES
from ddcheck.engine.text.diagnostics import Report, render

INVALID = Path(__file__).parent / "invalid"
STORED = sorted(
    path.relative_to(INVALID).as_posix()
    for path in INVALID.glob("DD*/*")
    if {file.name for file in path.iterdir()} - {"expected.txt"}
)

HEAD = """\
ddcheck: company/1
company: {id: acme, name: %s, currency: USD}
sources:
  report: {title: Annual report, tier: audited, published: 2024-03-01}
"""
COMPANY = HEAD % "Acme"
PACK = """\
ddcheck: pack/1
id: case
version: "1.0"
title: Case
"""


def _company(text: str | bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        (folder / "company.yaml").write_bytes(data)

    return write


def _formula(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        rules = "ddcheck: rules/1\ncategory: growth\nmetrics:\n  measure: {title: M, unit: ratio, "
        (folder / "pack.yaml").write_text(PACK)
        (folder / "rules.yaml").write_text(f'{rules}formula: "{text}"}}\n')

    return write


def _word(**parts: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with zipfile.ZipFile(folder / "memo.docx", "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in parts.items():
                package.writestr(f"word/{name}.xml", text)

    return write


def _memo(body: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        head = "---\nddcheck: memo/1\ncompany: acme\n---\n"
        (folder / "memo.md").write_text(head + body, encoding="utf-8")

    return write


def _folder(folder: Path) -> None:
    (folder / "company.yaml").mkdir()


def _deep(levels: int) -> str:
    return COMPANY + "answers: " + "[" * levels + "]" * levels + "\n"


def _statement(text: str | bytes, *options: str, settled: str = "") -> Callable[[Path], None]:
    """A statement in CSV, imported with `options`; `settled` are the labels of its map."""

    def write(folder: Path) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        (folder / "book.csv").write_bytes(data)
        if settled:
            (folder / "acme.map.yaml").write_text(f"ddcheck: map/1\nlabels: {{{settled}}}\n")
        words = ("import", "table", "book.csv", "-o", "acme.yaml", "--published", "2024-03-28")
        (folder / "arguments").write_text(" ".join((*words, *options)))

    return write


def _book(rows: list[list[object]], *options: str) -> Callable[[Path], None]:
    """A workbook, imported with `options`."""

    def write(folder: Path) -> None:
        from openpyxl import Workbook

        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(folder / "book.xlsx")
        words = ("import", "table", "book.xlsx", "-o", "acme.yaml", "--published", "2024-03-28")
        (folder / "arguments").write_text(" ".join((*words, *options)))

    return write


def _bomb(folder: Path) -> None:
    """A workbook whose one sheet unpacks to far more than it weighs."""
    _book([["USD million", "FY2021"], ["Revenue", 1]])(folder)
    with zipfile.ZipFile(folder / "book.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 120_000_000)


def _there_already(folder: Path) -> None:
    _statement("USD million,FY2021\nRevenue,1\n")(folder)
    (folder / "acme.yaml").write_text(COMPANY)


def _undated(folder: Path) -> None:
    _statement("USD million,FY2021\nRevenue,1\n")(folder)
    words = (folder / "arguments").read_text()
    (folder / "arguments").write_text(words.replace(" --published 2024-03-28", ""))


MADE: dict[str, Callable[[Path], None]] = {
    "DD001/a-folder": _folder,
    "DD002/gbk": _company((HEAD % "声网").encode("gbk")),
    "DD002/utf-16": _company(COMPANY.encode("utf-16")),
    "DD002/latin-1": _company((HEAD % "Société").encode("latin-1")),
    "DD002/bom-and-gbk": _company(b"\xef\xbb\xbf" + (HEAD % "声网").encode("gbk")),
    "DD003/empty": _company(""),
    "DD003/only-a-bom": _company(b"\xef\xbb\xbf"),
    "DD007/bytes": _company(COMPANY + "#" * (8 * 1024 * 1024)),
    "DD007/values": _company(COMPANY + "answers: [" + "0," * 500_001 + "]\n"),
    "DD007/memo": _memo("a " * 100_001),
    "DD007/paragraph": _memo("One.\n\n" + "a " * 10_001),
    "DD604/no-document": _word(styles="<a/>"),
    "DD604/entities": _word(document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "DD605/unpacks": _word(document=" " * (25 * 1024 * 1024)),
    "DD103/brackets": _company("[" * 100_000),
    "DD103/65-deep": _company(_deep(64)),
    "DD103/braces": _company("{a: " * 100_000),
    "DD105/many-aliases": _company(
        COMPANY + "answers: [&a x, " + ", ".join(["*a"] * 101) + "]\n"
    ),
    "DD116/null": _company(HEAD % "Ac\0me"),
    "DD116/utf-16-without-bom": _company(COMPANY.encode("utf-16-le")),
    "DD116/escape-sequence": _company(HEAD % '"Acme\x1b[2J"'),
    "DD116/bidirectional": _company(HEAD % "Acme \u202eemca\u202c"),
    "DD116/zero-width": _company(HEAD % "Ac\u200bme"),
    "DD116/line-separator": _company(HEAD % "Ac\u2028me"),
    "DD116/next-line": _company(HEAD % "Ac\u0085me"),
    "DD116/second-bom": _company(COMPANY.encode() + COMPANY.encode("utf-8-sig")),
    "DD201/words": _formula("revenue " * 100),
    "DD202/long": _formula("1 + " * 300 + "1"),
    "DD202/brackets": _formula("(" * 100_000),
    "DD202/parts": _formula("+".join(["1"] * 201)),
    "DD501/a-workbook-called-csv": _statement(b"PK\x03\x04" + b"\0" * 40),
    "DD501/commas-of-two-kinds": _statement("USD million;2021\nRevenue;1,234\n"),
    "DD502/a-bomb": _bomb,
    "DD503/no-year": _statement("USD million,Q1,Q2\nRevenue,1,2\n"),
    "DD503/no-heads": _statement("Revenue,1,2\n"),
    "DD503/lying-down": _statement("USD million,Revenue\nFY2021,1\nFY2022,2\n"),
    "DD504/text": _statement("USD million,FY2021,FY2022\nRevenue,see note,2\n"),
    "DD505/formulas": _book(
        [
            ["USD million", "FY2021", "FY2022"],
            ["Revenue", "=[1]Sheet1!A1", 5],
            ["Net income", 1, "=1+1"],
        ]
    ),
    "DD506/two-rows": _statement("USD million,FY2021\nRevenue,1\nNet sales,3\nNet income,1\n"),
    "DD507/no-currency": _statement("(In thousands),FY2021\nRevenue,1\n"),
    "DD507/no-unit": _statement(",FY2021\nRevenue,1\n", "--currency", "USD"),
    "DD507/two-currencies": _statement(
        "USD million,FY2021\nRevenue,1\n\nCNY million,FY2021\nNet income,1\n"
    ),
    "DD508/there-already": _there_already,
    "DD509/nothing-known": _statement("USD million,FY2021\nWeather,1\n"),
    "DD509/no-such-sheet": _book([["USD million", "FY2021"], ["Revenue", 1]], "--sheet", "Income"),
    "DD510/two-columns": _statement("USD million,FY2021,FY2021,FY2022\nRevenue,1,2,3\n"),
    "DD510/no-one-period": _statement("USD million,Q1,FY2022\nRevenue,1,2\n"),
    "DD511/quarter-ends": _statement(
        "USD million,2021-03-31,2021-06-30\nRevenue,1,2\nTotal assets,3,4\n"
    ),
    "DD512/a-loss-without-a-sign": _statement("USD million,FY2021\nRevenue,1\nNet loss,4\n"),
    "DD512/costs-of-both-signs": _statement(
        "USD million,FY2021,FY2022\nRevenue,1,2\nCost of revenue,-1,1\n"
    ),
    "DD512/adds-up-with-the-opposite-sign": _statement(
        "USD million,FY2021\nProfit before tax,100\nIncome tax,-10\nNet income,90\n"
    ),
    "DD513/undated": _undated,
    "DD514/mistyped": _statement("USD million,FY2021\nRevenue,1\n", settled="Revenu: revenue"),
    "DD515/no-head": _statement("USD million,FY2021,,FY2022\nRevenue,1,9,2\n"),
    "DD516/contradicted": _statement(
        'USD million,"Year ended June 30, 2022"\nRevenue,1\n', "--fiscal-year-end", "12-31"
    ),
    "DD516/two-ends": _statement(
        'USD million,"Year ended June 30, 2021","Year ended December 31, 2022"\nRevenue,1,2\n'
    ),
}  # fmt: skip
GENERATED = sorted(MADE)


@functools.cache
def _plan() -> Plan:
    report = Report()
    plan = load_plan(("core",), report)
    assert report.items == []
    return plan


def _read(path: str, report: Report | None = None) -> tuple[Company | None, str]:
    report = report or Report()
    company = read_company(path, _plan(), report)
    return company, render(report)


def _pack_said(folder: str) -> str:
    report = Report()
    plan = compile_packs(load_packs((folder,), report), report)
    check_references(plan, (), report)
    check_enough(plan, report)
    run_cases(plan, report)
    return render(report)


def _memo_said(path: str) -> str:
    report = Report()
    assert load_memo(path, "warn", report) is None or path.endswith(".md")
    return render(report)


def _command_said(capsys: pytest.CaptureFixture[str]) -> str:
    from ddcheck.cli import run

    words = Path("arguments").read_text().split()
    run([word.replace("\\0", "\0") for word in words])
    said = capsys.readouterr()
    if words[0] == "lint":
        return "\n".join(said.out.splitlines()[:-1])  # the last line counts
    return said.err.rstrip("\n")


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    """What is said about the case in the working folder."""
    if Path("arguments").exists():
        return _command_said(capsys)
    if Path("pack.yaml").exists():
        return _pack_said(".")
    for memo in ("memo.md", "memo.docx"):
        if Path(memo).exists():
            return _memo_said(memo)
    return _read("company.yaml")[1]


def _compare(case: str, said: str, request: pytest.FixtureRequest) -> None:
    expected = INVALID / case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_bytes(f"{said}\n".encode())
    assert f"{said}\n" == expected.read_text(encoding="utf-8")
    codes = re.findall(r"^\S.*?: (DD\d{3}) (?:error|warning): ", said, re.MULTILINE)
    assert set(codes) == {case.partition("/")[0]}


@pytest.mark.parametrize("case", STORED)
def test_a_stored_case(
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(INVALID / case)
    _compare(case, _said(capsys), request)


@pytest.mark.parametrize("case", GENERATED)
def test_a_case_made_here(
    case: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    MADE[case](tmp_path)
    _compare(case, _said(capsys), request)


def test_a_bug_is_said_to_be_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    from ddcheck import __main__

    def fail(paths: list[str]) -> None:
        raise RuntimeError(f"cannot check {paths[0]}\nand more")

    monkeypatch.setattr(__main__, "_check", fail)
    monkeypatch.setattr("sys.argv", ["ddcheck", "company.yaml"])
    monkeypatch.delenv("DDCHECK_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as exit_:
        __main__.main()
    assert exit_.value.code == 3
    _compare("DD901/bug", capsys.readouterr().err.rstrip("\n"), request)


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    cases = {*STORED, *GENERATED, "DD901/bug"}
    assert {case.partition("/")[0] for case in cases} == set(CODES)


def test_no_expectation_is_left_over() -> None:
    cases = {*STORED, *GENERATED, "DD901/bug"}
    files = INVALID.glob("DD*/*/expected.txt")
    assert {file.parent.relative_to(INVALID).as_posix() for file in files} == cases


def test_every_code_is_explained() -> None:
    for code, (meaning, help_) in CODES.items():
        assert re.fullmatch(r"DD\d{3}", code)
        assert meaning
        assert help_


# --- one mistake costs what it concerns, and nothing else


def _facts(company: Company | None) -> set[tuple[str, str]]:
    assert company is not None
    return {(fact.concept, str(fact.period)) for fact in company.facts}


@pytest.mark.parametrize(
    "broken",
    [
        "FY2022: {value: 5 USD milion, source: report}",
        "FY2022: {value: 5%, source: report}",
        "FY2022: {value: 5 USD million, source: reprot}",
        "FY2022: {value: 5 USD million, source: report, scope: {regoin: china}}",
        "FY2022: {value: 5 USD million}",
        "FY2022: {value: 012 USD, source: report}",
        "FY2022: {value: .nan, source: report}",
        "FY2022: [[]]",
        "FY2022: ~",
        "FY20222: {value: 5 USD million, source: report}",
        "FY2023: {value: 6 USD million, source: report}",
        "<<: {}",
        "? [a]\n    : b",
    ],
)
def test_one_mistake_costs_one_fact(broken: str, tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_text(
        COMPANY + "facts:\n  revenue:\n    FY2023: {value: 5 USD million, source: report}\n"
        f"    {broken}\n    FY2021: {{value: 3 USD million, source: report}}\n"
        "  total_assets:\n    FY2023: {value: 5 USD million, source: report}\n"
    )
    company, said = _read(str(path))
    assert len(re.findall(r": DD\d{3} error: ", said)) == 1
    assert _facts(company) == {
        ("revenue", "FY2023"), ("revenue", "FY2021"), ("total_assets", "2023-12-31"),
    }  # fmt: skip


def test_one_row_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_text(
        COMPANY + "tables:\n"
        "  - source: report\n    unit: USD million\n    periods: [FY2022, FY202, FY2023]\n"
        "    facts:\n"
        "      revenue: [1,234, 5, 6]\n"
        "      total_assets: [1, 2, n.a.]\n"
        "      net_income: {unit: USD milion, values: [1, 2, 3]}\n"
        "      headcont: [1, 2, 3]\n"
        "      gross_profit: {unit: USD, values: [1, 2, 3]}\n"
        "  - {source: report, unit: million, periods: [FY2023], facts: {headcount: [2]}}\n"
    )
    company, said = _read(str(path))
    assert re.findall(r"^\S.*: (DD\d{3}) ", said, re.MULTILINE) == [
        "DD302", "DD306", "DD303", "DD303", "DD301",
    ]  # fmt: skip
    assert _facts(company) == {
        ("total_assets", "2022-12-31"),
        ("gross_profit", "FY2022"),
        ("gross_profit", "FY2023"),
        ("headcount", "2023-12-31"),
    }


def test_a_bad_file_does_not_hide_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("a: [\n")
    Path("b.yaml").write_bytes("声".encode("gbk"))
    Path("c.yaml").write_text(COMPANY + "fact: {}\n")
    report = Report()
    assert [_read(path, report)[0] is not None for path in ("a.yaml", "b.yaml", "c.yaml")] == [
        False, False, True,
    ]  # fmt: skip
    assert [(item.path, item.code) for item in report] == [
        ("a.yaml", "DD101"), ("b.yaml", "DD002"), ("c.yaml", "DD111"),
    ]  # fmt: skip


def test_a_bad_metric_does_not_hide_the_next(tmp_path: Path) -> None:
    shutil.copytree(INVALID / "base", tmp_path / "base")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text(PACK + "extends: [../base]\n")
    (pack / "rules.yaml").write_text(
        "ddcheck: rules/1\ncategory: growth\nmetrics:\n"
        "  one: {title: One, unit: ratio, formula: growth(revenu)}\n"
        "  two: {title: Two, unit: ratio, formula: growth(cash)}\n"
        "  three: {title: Three, unit: ratio, formula: one + two}\n"
        "  four: {title: Four, unit: money, formula: two}\n"
    )
    report = Report()
    plan = compile_packs(load_packs((str(pack),), report), report)
    assert [(item.code, item.line) for item in report] == [("DD203", 4), ("DD209", 7)]
    assert list(plan.metrics) == ["two"]


def test_line_breaks_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = (
        COMPANY + "facts:\n  revenue:\n    FY2023: {value: 5 USD million, source: report}\n"
        "    FY2022: {value: 5 USD milion, source: report}\n"
    )
    path = tmp_path / "company.yaml"
    seen = []
    for data in (
        text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
        text.encode("utf-8-sig"),
        text.replace("\n", "\r\n").encode("utf-8-sig"),
    ):
        path.write_bytes(data)
        company, said = _read(str(path))
        seen.append((_facts(company), said))
    assert seen == [seen[0]] * len(seen)
    assert "company.yaml:8:21: DD303" in seen[0][1]


def test_60_deep_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_text(_deep(59))
    assert _read(str(path))[1] == ""
    path.write_text(_deep(63))
    assert _read(str(path))[1] == ""


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_text(COMPANY)
    path.chmod(0)
    try:
        path.open().close()
    except PermissionError:
        assert _read(str(path))[1].endswith("DD001 error: cannot read this file: permission denied")
