"""`ddcheck import table`, from a spreadsheet to a company file that reads without a mistake."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment

from ddcheck.cli import run
from ddcheck.engine.commands.importing import ImportOptions, run_import
from ddcheck.engine.commands.lint import run_lint
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.text.diagnostics import Report

STATEMENTS = Path(__file__).parent / "statements"
SOFFICE = shutil.which("libreoffice") or shutil.which("soffice")
Rows = list[list[Any]]


def _write(outcome: Outcome) -> None:
    for path, content in outcome.files:
        if path.endswith("/"):
            continue
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        Path(path).write_bytes(data)


def _import(path: str | Path, out: str = "acme.yaml", **options: Any) -> Outcome:
    """Import `path` in the working folder, published on a day unless said otherwise."""
    options.setdefault("published", "2024-03-28")
    outcome = run_import(ImportOptions(str(path), out, **options), Screen())
    _write(outcome)
    return outcome


def _company(path: str = "acme.yaml") -> Company:
    report = Report()
    company = read_company(path, load_plan((), report), report)
    assert report.items == []
    assert company is not None
    return company


def _facts(path: str = "acme.yaml") -> dict[tuple[str, str], tuple[float | None, str]]:
    """Each fact by concept and period: its value in base units and what is printed."""
    return {
        (fact.concept, fact.period.label + ("", "E", "G")[fact.kind]): (fact.value, fact.text)
        for fact in _company(path).facts
    }


def _codes(outcome: Outcome) -> list[tuple[str, str]]:
    return re.findall(r"^(\S.*?): (DD\d{3}) (?:error|warning): ", outcome.stderr, re.MULTILINE)


def _xlsx(rows: Rows, name: str = "book.xlsx", sheet: str = "Income", **merged: str) -> str:
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merged.values():
        page.merge_cells(area)
    book.save(name)
    return name


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _by_hand() -> str:
    """A workbook as a person makes it: merged heads, formats, indents, several sheets."""
    book = Workbook()
    income = book.worksheets[0]
    income.title = "Income statement"
    income["A1"] = "Acme Ltd: consolidated statements of operations"
    income["A2"] = "(In thousands of USD, except share and per share data)"
    income["B3"] = "Year ended December 31,"
    income.merge_cells("B3:D3")
    rows: Rows = [
        [None, 2020, 2021, "2022E"],
        ["Revenue:"],
        ["  Subscription", 90000, 120000, 150000],
        ["  Professional services", 10000.4, 14000, 18000],
        ["Total revenues", 100000.4, 134000, 168000],
        ["Cost of revenues", -36000, -47000, -60000],
        ["Gross profit", 64000.4, 87000, 108000],
        ["Gross margin", 0.64, 0.6493, 0.6429],
        ["Net income (loss)", 1500, -1600, 9800],
        ["Net income per share:"],
        ["  Basic", 0.15, -0.16, 0.98],
        ["  Diluted", 0.14, -0.16, 0.95],
        ["Weighted average shares, basic", 10_000_000, 10_000_000, 10_000_000],
    ]
    for i, row in enumerate(rows, 4):
        for j, value in enumerate(row, 1):
            cell = income.cell(i, j, value.strip() if isinstance(value, str) else value)
            if j == 1 and isinstance(value, str) and value.startswith(" "):
                cell.alignment = Alignment(indent=1)
            if i > 4 and j > 1:
                cell.number_format = {
                    "Gross margin": "0.0%", "  Basic": "0.00_);(0.00)",
                    "  Diluted": "0.00_);(0.00)",
                }.get(str(row[0]), "#,##0_);(#,##0)")  # fmt: skip
    balance = book.create_sheet("Balance sheet")
    for row in (
        ["USD million"],
        ["", "As of December 31, 2020", "As of December 31, 2021"],
        ["Cash and cash equivalents", 20.5, 18.25],
        ["Total assets", "1,234.5", "—"],
        ["Employees", 310, 402],
    ):
        balance.append(row)
    balance.append([])
    for row in (["Key figures (%)"], ["", "1Q21", "2Q21"], ["毛利率", 61.9, "64.7"]):
        balance.append(row)
    hidden = book.create_sheet("Draft")
    hidden.append(["USD million", "FY2020"])
    hidden.append(["Revenue", 7])
    hidden.sheet_state = "hidden"
    book.save("by hand.xlsx")
    return "by hand.xlsx"


def test_a_workbook_made_by_hand() -> None:
    outcome = _import(_by_hand(), tags="saas,listed", name="Acme Ltd")
    assert (outcome.code, outcome.stderr) == (0, "")
    company = _company()
    assert (company.id, company.name.en, company.currency) == ("acme", "Acme Ltd", "USD")
    assert company.tags == {"saas", "listed"}
    assert _facts() == {
        ("subscription_revenue", "FY2020"): (90e6, "90,000"),
        ("subscription_revenue", "FY2021"): (120e6, "120,000"),
        ("subscription_revenue", "FY2022E"): (150e6, "150,000"),
        ("services_revenue", "FY2020"): (10e6, "10,000"),
        ("services_revenue", "FY2021"): (14e6, "14,000"),
        ("services_revenue", "FY2022E"): (18e6, "18,000"),
        ("revenue", "FY2020"): (100e6, "100,000"),
        ("revenue", "FY2021"): (134e6, "134,000"),
        ("revenue", "FY2022E"): (168e6, "168,000"),
        ("cost_of_revenue", "FY2020"): (36e6, "(36,000)"),
        ("cost_of_revenue", "FY2021"): (47e6, "(47,000)"),
        ("cost_of_revenue", "FY2022E"): (60e6, "(60,000)"),
        ("gross_profit", "FY2020"): (64e6, "64,000"),
        ("gross_profit", "FY2021"): (87e6, "87,000"),
        ("gross_profit", "FY2022E"): (108e6, "108,000"),
        ("gross_margin", "FY2020"): (0.64, "64.0%"),
        ("gross_margin", "FY2021"): (0.649, "64.9%"),
        ("gross_margin", "FY2022E"): (0.643, "64.3%"),
        ("net_income", "FY2020"): (1.5e6, "1,500"),
        ("net_income", "FY2021"): (-1.6e6, "(1,600)"),
        ("net_income", "FY2022E"): (9.8e6, "9,800"),
        ("earnings_per_share", "FY2020"): (0.15, "0.15"),
        ("earnings_per_share", "FY2021"): (-0.16, "(0.16)"),
        ("earnings_per_share", "FY2022E"): (0.98, "0.98"),
        ("earnings_per_share_diluted", "FY2020"): (0.14, "0.14"),
        ("earnings_per_share_diluted", "FY2021"): (-0.16, "(0.16)"),
        ("earnings_per_share_diluted", "FY2022E"): (0.95, "0.95"),
        ("weighted_average_shares", "FY2020"): (10e6, "10,000,000"),
        ("weighted_average_shares", "FY2021"): (10e6, "10,000,000"),
        ("weighted_average_shares", "FY2022E"): (10e6, "10,000,000"),
        ("cash_and_cash_equivalents", "2020-12-31"): (20.5e6, "20.5"),
        ("cash_and_cash_equivalents", "2021-12-31"): (18.25e6, "18.25"),
        ("total_assets", "2020-12-31"): (1234.5e6, "1,234.5"),
        ("headcount", "2020-12-31"): (310, "310"),
        ("headcount", "2021-12-31"): (402, "402"),
        ("gross_margin", "2021Q1"): (0.619, "61.9"),
        ("gross_margin", "2021Q2"): (0.647, "64.7"),
    }
    places = {fact.concept: fact.at for fact in company.facts if fact.period.months != 3}
    assert places["revenue"] == "'Income statement'!B8:D8"
    assert places["total_assets"] == "'Balance sheet'!B4:C4"
    cost = next(fact for fact in company.facts if fact.concept == "cost_of_revenue")
    assert cost.negated
    assert (cost.low, cost.high) == (35_999_500, 36_000_500)
    assert "sheet `Draft` is hidden and was left out" in outcome.stdout
    assert "Cost of revenues" in outcome.stdout.split("PRINTED BELOW ZERO")[1]
    assert run_lint((".",), ()).stdout == "no mistakes in 3 packs, 1 company file and 1 map\n"


QUARTERS = {
    ("revenue", "2021Q1"): (1234.5e6, "1,234.50"),
    ("revenue", "2021Q2"): (1310.25e6, "1,310.25"),
    ("revenue", "2021Q3"): (1402e6, "1,402.00"),
    ("revenue", "2021Q4"): (1515.1e6, "1,515.10"),
    ("revenue", "2022Q1"): (1499.99e6, "1,499.99"),
    ("revenue", "2022Q2"): (1600e6, "1,600.00"),
    ("cost_of_revenue", "2021Q1"): (435.78e6, "435.78"),
    ("cost_of_revenue", "2021Q2"): (471.7e6, "471.70"),
    ("cost_of_revenue", "2021Q3"): (490.7e6, "490.70"),
    ("cost_of_revenue", "2021Q4"): (530.3e6, "530.30"),
    ("cost_of_revenue", "2022Q1"): (525e6, "525.00"),
    ("gross_margin", "2021Q1"): (0.647, "64.7%"),
    ("gross_margin", "2021Q2"): (0.64, "64.0%"),
    ("gross_margin", "2021Q3"): (0.65, "65.0%"),
    ("gross_margin", "2021Q4"): (0.65, "65.0%"),
    ("gross_margin", "2022Q1"): (0.65, "65.0%"),
    ("net_income", "2021Q1"): (-72.36e6, "(72.36)"),
    ("net_income", "2021Q2"): (-60e6, "(60.00)"),
    ("net_income", "2021Q3"): (12.5e6, "12.50"),
    ("net_income", "2021Q4"): (0, "0.00"),
    ("net_income", "2022Q1"): (33e6, "33.00"),
    ("net_income", "2022Q2"): (-1234.5e6, "(1,234.50)"),
}


def test_a_workbook_that_libreoffice_made(golden: Callable[[str | Path, str], None]) -> None:
    """Merged years over quarters, Chinese labels, formulas with their saved values, a saved day."""
    shutil.copy(STATEMENTS / "quarters.xlsx", "quarters.xlsx")
    outcome = _import("quarters.xlsx", published=None)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert _facts() == QUARTERS
    assert _company().currency == "CNY"
    golden("import-quarters/stdout", outcome.stdout)
    golden("import-quarters/acme.map.yaml", Path("acme.map.yaml").read_text(encoding="utf-8"))
    text = re.sub(r'"[0-9a-f]{64}"', '"…"', Path("acme.yaml").read_text(encoding="utf-8"))
    golden("import-quarters/acme.yaml", text)


def test_three_statements_one_under_another(golden: Callable[[str | Path, str], None]) -> None:
    """As an annual report prints them, with the traps of one: see tests/statements/printed.csv."""
    shutil.copy(STATEMENTS / "printed.csv", "printed.csv")
    outcome = _import("printed.csv", currency="USD", tier="filing", published="2024-02-20")
    assert (outcome.code, outcome.stderr) == (1, "")
    golden("import-printed/stdout", outcome.stdout)
    golden("import-printed/acme.map.yaml", Path("acme.map.yaml").read_text(encoding="utf-8"))
    text = re.sub(r'"[0-9a-f]{64}"', '"…"', Path("acme.yaml").read_text(encoding="utf-8"))
    golden("import-printed/acme.yaml", text)
    assert run_lint((".",), ()).code == 0
    before = text
    again = _import(
        "printed.csv", currency="USD", tier="filing", published="2024-02-20", force=True
    )
    assert again.code == 1
    values = [line for line in before.splitlines() if "values:" in line]
    after = Path("acme.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if "values:" in line] == values


def test_the_example_of_a_map_is_free_of_mistakes() -> None:
    page = (Path(__file__).parents[1] / "docs" / "import.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    Path("acme.map.yaml").write_text(example[1], encoding="utf-8")
    assert run_lint(("acme.map.yaml",), ()).stdout == (
        "no mistakes in 3 packs, 0 company files and 1 map\n"
    )


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: nothing to convert with")
def test_libreoffice_converts_and_we_import(tmp_path: Path) -> None:
    assert SOFFICE is not None
    run_ = subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(STATEMENTS / "quarters.fods")],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    if run_.returncode or not Path("quarters.xlsx").is_file():
        pytest.skip(f"LibreOffice could not convert here: {run_.stderr.decode()[-200:]}")
    assert _import("quarters.xlsx").code == 0
    assert _facts() == QUARTERS


# --- maps

UNCLEAR: Rows = [
    ["USD million", "FY2021", "FY2022"],
    ["Revenue", 10, 12],
    ["Revenue from subscriptions", 4, 5],
    ["Net loss", 3, 4],
    ["Gross margin", 61.9, 64.7],
    ["Other things", 1, 1],
]


def test_what_is_unclear_waits_in_the_map_and_is_settled_there() -> None:
    _xlsx(UNCLEAR)
    first = _import("book.xlsx")
    assert (first.code, _codes(first)) == (1, [("book.xlsx:Income!A4", "DD512")])
    assert set(_facts()) == {("revenue", "FY2021"), ("revenue", "FY2022")}
    written = Path("acme.map.yaml").read_text(encoding="utf-8")
    assert "  Net loss: ~  # Income!A4: a loss" in written
    assert "  Revenue: revenue\n" in written
    settled = (
        written.replace("subscriptions: ~", "subscriptions: subscription_revenue")
        .replace("Net loss: ~", "Net loss: {concept: net_income, reversed: true}")
        .replace("Gross margin: ~", 'Gross margin: {concept: gross_margin, unit: "%"}')
        .replace("Other things: ~", "Other things: ignore")
    )  # fmt: skip
    Path("acme.map.yaml").write_text(settled, encoding="utf-8")
    second = _import("book.xlsx", force=True)
    assert (second.code, second.stderr) == (0, "")
    assert {key: value for key, (value, _) in _facts().items() if key[1] == "FY2022"} == {
        ("revenue", "FY2022"): 12e6,
        ("subscription_revenue", "FY2022"): 5e6,
        ("net_income", "FY2022"): -4e6,
        ("gross_margin", "FY2022"): 0.647,
    }
    assert Path("acme.map.yaml").read_text(encoding="utf-8") == settled
    before = Path("acme.yaml").read_bytes()
    assert _import("book.xlsx", force=True).code == 0
    assert Path("acme.yaml").read_bytes() == before


def test_a_map_learns_new_labels_and_keeps_what_it_has() -> None:
    _xlsx(UNCLEAR[:2])
    assert _import("book.xlsx", map_path="settled.yaml").code == 0
    kept = Path("settled.yaml").read_text(encoding="utf-8") + "  # a remark of ours\n"
    Path("settled.yaml").write_text(kept, encoding="utf-8")
    _xlsx(UNCLEAR)
    assert _import("book.xlsx", map_path="settled.yaml", force=True).code == 1
    grown = Path("settled.yaml").read_text(encoding="utf-8")
    assert grown.startswith(kept)
    assert "\n  Other things: ~" in grown
    assert run_lint(("settled.yaml",), ()).code == 0


def test_a_map_without_labels_learns_them() -> None:
    """As an import that took nothing leaves it, until its heads are written out."""
    _xlsx([["USD million", 2021, 2021], ["Revenue", 5, 6]])
    assert _import("book.xlsx").code == 2
    assert Path("acme.map.yaml").read_text(encoding="utf-8").endswith("\nlabels: {}\n")
    _xlsx([["USD million", 2021, 2022], ["Revenue", 5, 6]])
    assert _import("book.xlsx").code == 0
    assert "\nlabels:\n  # As the vocabulary has them.\n  Revenue: revenue\n" in Path(
        "acme.map.yaml"
    ).read_text(encoding="utf-8")


def test_the_address_of_a_cell_is_never_cut() -> None:
    _xlsx([["USD million", 2021], ["Xyzzy", 5], ["Revenue", 6]], sheet="Consolidated statements")
    assert "\n  Consolidate…!A2 Xyzzy " in _import("book.xlsx").stdout


def test_lines_of_chinese_annual_reports() -> None:
    _xlsx(
        [
            ["单位：万元", "2022年度"],
            ["归属于母公司所有者权益合计", 1],
            ["购建固定资产、无形资产和其他长期资产支付的现金", 2],
            ["四、汇率变动对现金及现金等价物的影响", 3],
        ]
    )
    assert _import("book.xlsx").code == 0
    assert {concept for concept, _ in _facts()} == {
        "equity_attributable", "capital_expenditure", "fx_effect_on_cash",
    }  # fmt: skip


def test_the_summary_of_a_chinese_annual_report() -> None:
    """Ends of years head the second half; the changes beside the years are passed over."""
    _xlsx(
        [
            ["单位：万元"],
            ["项目", "2022年", "2021年", "本年比上年增减（%）"],
            ["营业收入", 100, 90, 11.1],
            ["归属于上市公司股东的净利润", 10, 9, 11.1],
            [None, "2021年末", "2022年末", "本年末比上年末增减（%）"],
            ["总资产", 500, 400, 25],
            ["归属于上市公司股东的净资产", 300, 200, 50],
        ]
    )
    assert _import("book.xlsx").code == 0
    assert {key: text for key, (_, text) in _facts().items()} == {
        ("revenue", "FY2022"): "100", ("revenue", "FY2021"): "90",
        ("net_income_attributable", "FY2022"): "10", ("net_income_attributable", "FY2021"): "9",
        ("total_assets", "2021-12-31"): "500", ("total_assets", "2022-12-31"): "400",
        ("equity_attributable", "2021-12-31"): "300", ("equity_attributable", "2022-12-31"): "200",
    }  # fmt: skip


def test_a_map_to_which_nothing_can_be_added_is_left_alone() -> None:
    _xlsx(UNCLEAR[:2])
    text = "ddcheck: map/1\nlabels: {Revenue: revenue}\nnote: settled\n"
    Path("acme.map.yaml").write_text(text)
    _xlsx(UNCLEAR)
    outcome = _import("book.xlsx")
    assert Path("acme.map.yaml").read_text() == text
    assert "Other things: ~" in outcome.stdout.split("ADD TO acme.map.yaml")[1]


def test_a_head_without_a_period_is_settled_in_the_map() -> None:
    _xlsx([["单位：百万元", "本期金额", "上期金额"], ["营业收入", 12, 10]])
    assert _codes(_import("book.xlsx")) == [("book.xlsx:Income!A1", "DD503")]
    Path("acme.map.yaml").write_text(
        "ddcheck: map/1\nlabels: {}\nperiods: {本期金额: FY2022, 上期金额: FY2021}\n",
        encoding="utf-8",
    )
    assert _import("book.xlsx").code == 0
    assert _facts() == {
        ("revenue", "FY2022"): (12e6, "12"), ("revenue", "FY2021"): (10e6, "10"),
    }  # fmt: skip


def test_keys_of_a_map_from_the_cell_to_the_label() -> None:
    _xlsx(
        [
            ["USD million", "FY2021"],
            ["Services:"], ["  Fees", 1],
            ["Products:"], ["  Fees", 2],
            [], ["Fees", 3],
        ]
    )  # fmt: skip
    Path("acme.map.yaml").write_text(
        "ddcheck: map/1\nlabels:\n  Fees: gross_profit\n"
        '  "Services: > Fees": services_revenue\n  Income!A5: subscription_revenue\n'
    )
    assert _import("book.xlsx").code == 0
    assert {key[0]: value for key, (value, _) in _facts().items()} == {
        "services_revenue": 1e6, "subscription_revenue": 2e6, "gross_profit": 3e6,
    }  # fmt: skip


# --- what a statement may do


def test_two_rows_for_one_concept() -> None:
    rows: Rows = [["USD million", "FY2021"], ["Revenue", 1], ["Net sales", 3], ["Net income", 5]]
    _xlsx(rows)
    outcome = _import("book.xlsx")
    assert (outcome.code, _codes(outcome)) == (
        1, [("book.xlsx:Income!A2", "DD506"), ("book.xlsx:Income!A3", "DD506")],
    )  # fmt: skip
    assert set(_facts()) == {("net_income", "FY2021")}
    Path("acme.map.yaml").write_text("ddcheck: map/1\nlabels:\n  Net sales: revenue\n")
    settled = _import("book.xlsx", force=True)
    assert (settled.code, settled.stderr) == (0, "")
    assert _facts()["revenue", "FY2021"] == (3e6, "3")


def test_two_rows_that_state_the_same_are_taken_once() -> None:
    _xlsx([["USD million", "FY2021", "FY2022"], ["Revenue", 10, 12], ["Net sales", 10.2, "-"]])
    assert _import("book.xlsx").code == 0
    assert _facts() == {
        ("revenue", "FY2021"): (10e6, "10"), ("revenue", "FY2022"): (12e6, "12"),
    }  # fmt: skip


def test_a_cash_flow_statement_does_not_pass_changes_for_balances() -> None:
    _xlsx(
        [
            ["(In thousands of USD)"],
            ["Year ended December 31,", 2021],
            ["Net income", 100],
            ["Changes in operating assets and liabilities:"],
            ["  Accounts receivable", -20],
            ["  Deferred revenue", 30],
            ["Net cash provided by operating activities", 110],
            ["Purchases of property and equipment", -15],
        ]
    )
    outcome = _import("book.xlsx")
    assert outcome.code == 0
    assert {key[0]: value for key, (value, _) in _facts().items()} == {
        "net_income": 1e5, "operating_cash_flow": 1.1e5, "capital_expenditure": 15e3,
    }  # fmt: skip
    assert (
        '> Accounts receivable": ignore  # Income!A5: a change' in Path("acme.map.yaml").read_text()
    )


def test_a_signed_cost_among_costs_in_brackets_is_asked() -> None:
    _xlsx([["USD million", "FY2021"], ["Cost of revenue", -10], ["Income tax", -2]])
    for _ in range(2):  # the map that the first import wrote changes nothing
        outcome = _import("book.xlsx", force=True)
        assert _codes(outcome) == [("book.xlsx:Income!A3", "DD512")]
        assert set(_facts()) == {("cost_of_revenue", "FY2021")}
    written = Path("acme.map.yaml").read_text(encoding="utf-8")
    settled = written.replace("Income tax: ~", "Income tax: {concept: income_tax, reversed: true}")
    Path("acme.map.yaml").write_text(settled, encoding="utf-8")
    assert _import("book.xlsx", force=True).code == 0
    assert _facts()["income_tax", "FY2021"] == (2e6, "-2")


def _taxed(before: Any, tax: Any, net: Any, **heads: Any) -> Outcome:
    rows: Rows = [["USD million", *(heads or {"FY2022": 0})]]
    figures = [("Revenue", 1000), ("Cost of revenue", 500), ("Profit before tax", before)]
    for label, value in (*figures, ("Provision for income taxes", tax), ("Net income", net)):
        rows.append([label, *(value if isinstance(value, tuple) else [value] * len(rows[0][1:]))])
    _xlsx(rows)
    return _import("book.xlsx", force=True)


@pytest.mark.parametrize(
    ("before", "tax", "net"),
    [
        (100, "(10)", 90),
        (-100, 10, -90),  # a benefit printed without a sign
        (100, "(10)", "89"),  # printed digits: 89.5 is both
        ((100, 100), (10, "(10)"), (90, 90)),  # one year of two is enough
    ],
)
def test_a_tax_that_adds_up_only_with_the_opposite_sign_is_asked(
    before: Any, tax: Any, net: Any
) -> None:
    heads = {"FY2022": 0, "FY2021": 0} if isinstance(tax, tuple) else {}
    outcome = _taxed(before, tax, net, **heads)
    assert (outcome.code, _codes(outcome)) == (1, [("book.xlsx:Income!A5", "DD512")])
    assert {name for name, _ in _facts()} == {
        "revenue", "cost_of_revenue", "income_before_tax", "net_income",
    }  # fmt: skip
    path = Path("acme.map.yaml")
    written = path.read_text(encoding="utf-8")
    for said, sign in (("true", -1), ("false", 1)):
        entry = f"taxes: {{concept: income_tax, reversed: {said}}}"
        path.write_text(written.replace("taxes: ~", entry), encoding="utf-8")
        assert _import("book.xlsx", force=True).code == 0
        value, text = _facts()["income_tax", "FY2022"]
        assert value == sign * 1e6 * float(text.replace("(", "-").replace(")", ""))


@pytest.mark.parametrize(
    ("before", "tax", "net"),
    [
        (100, 10, 90),
        (100, "(10)", 110),  # a benefit
        (-100, "(10)", -90),
        (100, "(10)", 85),  # neither: something else stands between them
        (100, "(10)", 87),
        (100, -0.4, 100),  # both, within the printed digits
        (100, "(10)", None),
        (None, "(10)", 90),
    ],
)
def test_a_tax_that_adds_up_or_does_not_either_way_is_taken(
    before: Any, tax: Any, net: Any
) -> None:
    outcome = _taxed(before, tax, net)
    assert (outcome.code, outcome.stderr) == (0, "")
    value, text = _facts()["income_tax", "FY2022"]
    assert value == 1e6 * float(text.replace("(", "-").replace(")", ""))


def test_columns_that_are_not_read_are_named() -> None:
    rows: Rows = [
        ["单位：万元"],
        ["项目", "附注", "2022年度", None, "2021年度", None, "同比", "备注"],
        [None, None, "合并", "母公司", "合并", "母公司", None, None],
        ["营业收入", "五、1", 120, 100, 110, 90, 0.09],
    ]
    _xlsx(rows, one="C2:D2", two="E2:F2", three="A2:A3", four="B2:B3")
    english = _import("book.xlsx")
    assert english.code == 0
    assert [text for text in english.stdout.splitlines() if text.startswith("  note ")] == [
        "  note       columns headed `附注` are left out: Income!B2",
        "  note       columns headed `母公司` are left out: Income!D3, Income!F3",
        "  note       columns headed `同比` are left out: Income!G2",
    ]  # `备注` holds nothing
    chinese = _import("book.xlsx", force=True, language="zh")
    assert [text for text in chinese.stdout.splitlines() if text.startswith("  说明 ")] == [
        "  说明       以“附注”为表头的列未取数：Income!B2",
        "  说明       以“母公司”为表头的列未取数：Income!D3, Income!F3",
        "  说明       以“同比”为表头的列未取数：Income!G2",
    ]


def test_a_sheet_without_columns_set_aside_names_none() -> None:
    _xlsx([["项目", "单位", "2022年度"], ["营业收入", "万元", 120]])
    outcome = _import("book.xlsx", currency="CNY")
    assert outcome.code == 0
    assert [text for text in outcome.stdout.splitlines() if text.startswith("  note ")] == []


def test_a_convenience_translation_keeps_its_currency() -> None:
    _xlsx(
        [
            ["(RMB in thousands)"],
            [None, "2021", "2022", "2022"],
            [None, "RMB", "RMB", "US$"],
            ["Revenue", 100, 200, 30],
        ]
    )
    assert _import("book.xlsx").code == 0
    company = _company()
    assert [(str(f.period), f.unit, f.value) for f in company.facts] == [
        ("FY2021", "CNY", 1e5), ("FY2022", "CNY", 2e5), ("FY2022", "USD", 3e4),
    ]  # fmt: skip


def test_a_merged_head_over_a_sign_and_a_figure() -> None:
    _xlsx(
        [
            ["(In millions)", "2021", None, "2022", None],
            ["Revenue", "$", 10, "$", 12],
            ["Net income", None, 1, None, 2],
        ],
        one="B1:C1", two="D1:E1",
    )  # fmt: skip
    assert _import("book.xlsx", currency="USD").code == 0
    assert {key: text for key, (_, text) in _facts().items()} == {
        ("revenue", "FY2021"): "10", ("revenue", "FY2022"): "12",
        ("net_income", "FY2021"): "1", ("net_income", "FY2022"): "2",
    }  # fmt: skip


def test_years_for_heads_of_an_interim_statement() -> None:
    """The title says which part of the years it is."""
    _xlsx([["For the three months ended March 31"], ["USD million", 2020, 2021], ["Revenue", 1, 2]])
    assert _import("book.xlsx").code == 0
    assert set(_facts()) == {("revenue", "2020Q1"), ("revenue", "2021Q1")}


def test_a_head_that_stands_once_over_its_years() -> None:
    """As a file without merged cells has it: each part reaches to where the next one begins."""
    Path("book.csv").write_text(
        'USD million,"Three months ended March 31,",,"Six months ended June 30,",\n'
        ",2020,2021,2020,2021\nRevenue,1,2,3,4\n\n"
        ',"December 31,",\n,2020,2021\nTotal assets,5,6\n\n'
        ",2019,,2020,\n,Q1,Q2,Q1,Q2\nNet income,7,8,9,10\n"
    )
    outcome = _import("book.csv")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert {key: text for key, (_, text) in _facts().items()} == {
        ("revenue", "2020Q1"): "1", ("revenue", "2021Q1"): "2",
        ("revenue", "2020H1"): "3", ("revenue", "2021H1"): "4",
        ("total_assets", "2020-12-31"): "5", ("total_assets", "2021-12-31"): "6",
        ("net_income", "2019Q1"): "7", ("net_income", "2019Q2"): "8",
        ("net_income", "2020Q1"): "9", ("net_income", "2020Q2"): "10",
    }  # fmt: skip
    assert "periods: [2020-12-31, 2021-12-31]" in Path("acme.yaml").read_text(encoding="utf-8")


def test_days_a_year_apart_are_fiscal_years_and_others_are_asked() -> None:
    _xlsx([["USD million", "12/31/2020", "12/31/2021"], ["Revenue", 1, 2], ["Total assets", 3, 4]])
    outcome = _import("book.xlsx")
    assert outcome.code == 0
    assert "columns headed by days a year apart are fiscal years (FY2020, FY2021)" in outcome.stdout
    assert ("revenue", "FY2021") in _facts()
    _xlsx([["USD million", "3/31/2021", "6/30/2021"], ["Revenue", 1, 2], ["Total assets", 3, 4]])
    outcome = _import("book.xlsx", force=True)
    assert (outcome.code, _codes(outcome)) == (
        1, [("book.xlsx:Income!B1", "DD511"), ("book.xlsx:Income!C1", "DD511")],
    )  # fmt: skip
    assert set(_facts()) == {("total_assets", "2021-03-31"), ("total_assets", "2021-06-30")}


def test_figures_that_look_like_years() -> None:
    _xlsx([["USD million", 2021, 2022], ["Revenue", 5, 6], ["Employees", 2021, 2022]])
    assert _import("book.xlsx").code == 0
    assert _facts()["headcount", "2022-12-31"] == (2022, "2022")


@pytest.mark.parametrize("capital", [(2001, 2000), (2000, 2000), (2018, 2019)])
def test_a_share_capital_that_looks_like_years_begins_no_statement(
    capital: tuple[int, int],
) -> None:
    """Else what stands below it would be taken for figures of these years."""
    _xlsx(
        [
            ["USD million", 2022, 2021],
            ["Total assets", 5000, 4800],
            ["Equity:"],
            ["Ordinary shares in issue at par", *capital],
            ["Total equity", 4000, 3900],
        ]
    )
    assert _import("book.xlsx").code == 1
    assert set(_facts()) == {
        ("total_assets", "2022-12-31"), ("total_assets", "2021-12-31"),
        ("total_equity", "2022-12-31"), ("total_equity", "2021-12-31"),
    }  # fmt: skip


@pytest.mark.parametrize("blank", [[], [[]]])
def test_a_statement_of_the_same_or_near_years_begins_behind_a_title(blank: Rows) -> None:
    head = ["Consolidated balance sheets", 2022, 2021] if not blank else ["Old", 2020, 2019]
    _xlsx([["USD million", 2022, 2021], ["Revenue", 5, 4], *blank, head, ["Total assets", 7, 6]])
    assert _import("book.xlsx").code == 0
    years = (2022, 2021) if not blank else (2020, 2019)
    assert set(_facts()) == {
        ("revenue", "FY2022"), ("revenue", "FY2021"),
        *(("total_assets", f"{year}-12-31") for year in years),
    }  # fmt: skip


def test_a_unit_at_the_end_of_the_line_above_the_heads_is_that_of_all_columns() -> None:
    """As annual reports in Chinese print it, over the last column."""
    _xlsx(
        [
            ["合并资产负债表"],
            ["编制单位：某某科技股份有限公司", None, None, "单位：万元"],
            ["项目", "附注", "2022年12月31日", "2021年12月31日"],
            ["资产总计", "五、1", 12724, 10630],
        ]
    )
    assert _import("book.xlsx").code == 0
    assert {key: value for key, (value, _) in _facts().items()} == {
        ("total_assets", "2022-12-31"): 127_240_000, ("total_assets", "2021-12-31"): 106_300_000,
    }  # fmt: skip


def test_consolidated_figures_are_taken_and_those_of_the_parent_are_not() -> None:
    _xlsx(
        [
            ["单位：万元"],
            ["项目", "附注", "2022年度", None, "2021年度", None],
            [None, None, "合并", "母公司", "合并", "母公司"],
            ["营业收入", "五、1", 120, 100, 110, 90],
        ],
        one="C2:D2", two="E2:F2", three="A2:A3", four="B2:B3",
    )  # fmt: skip
    assert _import("book.xlsx").code == 0
    assert {key: text for key, (_, text) in _facts().items()} == {
        ("revenue", "FY2022"): "120", ("revenue", "FY2021"): "110",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["FY", "Full year", "全年"])
def test_a_year_stands_beside_its_quarters(word: str) -> None:
    _xlsx(
        [
            ["USD million", 2021, None, None, None, None],
            [None, "Q1", "Q2", "Q3", "Q4", word],
            ["Revenue", 1, 2, 3, 4, 10],
        ],
        one="B1:F1",
    )
    assert _import("book.xlsx").code == 0
    assert {period: text for (_, period), (_, text) in _facts().items()} == {
        "2021Q1": "1", "2021Q2": "2", "2021Q3": "3", "2021Q4": "4", "FY2021": "10",
    }  # fmt: skip


def test_a_csv_in_gbk_says_so() -> None:
    text = '单位：百万元,2021年,2022年\n营业收入,"1,234.5",2000\n净利润,(72.36),—\n'
    Path("表.csv").write_bytes(text.encode("gbk"))
    outcome = _import("表.csv")
    assert outcome.code == 0
    assert "read as GBK" in outcome.stdout
    assert _facts() == {
        ("revenue", "FY2021"): (1234.5e6, "1,234.5"), ("revenue", "FY2022"): (2e9, "2000"),
        ("net_income", "FY2021"): (-72.36e6, "(72.36)"),
    }  # fmt: skip
    assert _company().facts[0].at == "B2:C2"


def test_a_csv_with_semicolons_and_decimal_commas() -> None:
    Path("book.csv").write_text(
        "USD million;2021;2022\nRevenue;1.234,5;2.000\nGross margin;64,7%;-\n"
    )
    outcome = _import("book.csv")
    assert outcome.code == 0
    assert "decimal commas are written as points" in outcome.stdout
    assert _facts() == {
        ("revenue", "FY2021"): (1234.5e6, "1234.5"), ("revenue", "FY2022"): (2e9, "2000"),
        ("gross_margin", "FY2021"): (0.647, "64.7%"),
    }  # fmt: skip


def test_one_broken_cell_costs_one_figure() -> None:
    _xlsx(
        [
            ["USD million", "FY2021", "FY2022"],
            ["Revenue", "see note", 2],
            ["Net income", 5, "#REF!"],
            ["Gross profit", "=[1]Other!B2", "=B4*2"],
            ["Total assets", "=1+1", 8],
        ]
    )
    outcome = _import("book.xlsx")
    assert (outcome.code, _codes(outcome)) == (
        1,
        [
            ("book.xlsx:Income!B2", "DD504"),
            ("book.xlsx:Income!C3", "DD505"),
            ("book.xlsx:Income!B4", "DD505"),
            ("book.xlsx:Income!C4", "DD505"),
            ("book.xlsx:Income!B5", "DD505"),
        ],
    )
    assert set(_facts()) == {
        ("revenue", "FY2022"), ("net_income", "FY2021"), ("total_assets", "2022-12-31"),
    }  # fmt: skip
    assert "a value from another workbook" in outcome.stderr
    assert "a formula whose value was never saved" in outcome.stderr


def test_nothing_is_written_over_without_being_asked_to() -> None:
    _xlsx(UNCLEAR[:2])
    assert _import("book.xlsx").code == 0
    before = Path("acme.yaml").read_bytes()
    _xlsx([["USD million", "FY2021"], ["Revenue", 99]])
    refused = _import("book.xlsx")
    assert (refused.code, _codes(refused), refused.files) == (2, [("acme.yaml", "DD508")], ())
    assert Path("acme.yaml").read_bytes() == before


def _archive(edit: Callable[[str, bytes], bytes]) -> None:
    """book.xlsx with each of its parts edited."""
    _xlsx(UNCLEAR[:2])
    out = io.BytesIO()
    with (
        zipfile.ZipFile("book.xlsx") as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))
    Path("book.xlsx").write_bytes(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    _archive(lambda name, data: data + b" " * 120_000_000 if "sheet1" in name else data)
    assert Path("book.xlsx").stat().st_size < 200_000
    outcome = _import("book.xlsx")
    assert (outcome.code, _codes(outcome)) == (2, [("book.xlsx:1:1", "DD502")])


def test_a_size_that_was_lied_about_is_found_out() -> None:
    _xlsx(UNCLEAR[:2])
    data = bytearray(Path("book.xlsx").read_bytes())
    with zipfile.ZipFile("book.xlsx") as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    true, lie = size.to_bytes(4, "little"), (size - 9).to_bytes(4, "little")
    assert data.count(true) >= 1
    Path("book.xlsx").write_bytes(bytes(data).replace(true, lie))
    outcome = _import("book.xlsx")
    assert (outcome.code, _codes(outcome)) == (2, [("book.xlsx:1:1", "DD501")])


def test_merged_cells_and_entities_that_would_grow_are_refused() -> None:
    huge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    _archive(lambda name, data: data.replace(b"</sheetData>", huge) if "sheet1" in name else data)
    assert _codes(_import("book.xlsx")) == [("book.xlsx:1:1", "DD502")]
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    _archive(lambda name, data: doctype + data if "sheet1" in name else data)
    assert _codes(_import("book.xlsx")) == [("book.xlsx:1:1", "DD501")]


def test_a_cell_far_out_costs_nothing() -> None:
    _xlsx(UNCLEAR[:2])
    book = load_workbook("book.xlsx")
    book.worksheets[0]["XFD1048576"] = "far"
    book.save("book.xlsx")
    assert _import("book.xlsx").code == 0


def test_text_from_a_spreadsheet_cannot_break_the_files() -> None:
    labels = [
        "a: b # c",
        "- x",
        "{y}",
        'q"uote',
        "no",
        "~",
        "'",
        "*",
        "[z]",
        "true",
        "1,5",
        "é\u202e",
    ]
    _xlsx([["USD million", "FY2021"], ["Revenue", 1], *([label, 2] for label in labels)])
    assert _import("book.xlsx", name='A "B": #C', title="- T", publisher="{P}").code == 1
    assert run_lint((".",), ()).code == 0
    assert _company().name.en == 'A "B": #C'


def test_facts_to_a_workbook_and_back() -> None:
    """Each figure that counts comes back as it was, with its precision."""
    shutil.copy(Path(__file__).parents[1] / "companies" / "agora.yaml", "agora.yaml")
    assert run(["facts", "agora.yaml", "--output", "xlsx:facts.xlsx"]) == 0
    undated = _import("facts.xlsx", sheets=("Statement",), published=None)
    assert (undated.code, [code for _, code in _codes(undated)]) == (2, ["DD513"])
    outcome = _import("facts.xlsx", sheets=("Statement",), published="2024-02-06")
    assert (outcome.code, outcome.stderr) == (0, "")

    def chosen(path: str) -> dict[tuple[str, str, int], tuple[float | None, float, float]]:
        company = _company(path)
        ledger = Ledger(company)
        return {
            (fact.concept, str(fact.period), fact.kind): (fact.value, fact.low, fact.high)
            for fact in company.facts
            if ledger.is_chosen(fact) and fact.scope is None and not fact.share
            and fact.unit != "CNY" and ".." not in str(fact.period)
        }  # fmt: skip

    before, after = chosen("agora.yaml"), chosen("acme.yaml")
    assert set(before) == set(after)
    assert {key for key in before if before[key][0] != after[key][0]} == set()
    # Figures that are exact, or whole counts printed in ten thousands, come back rounded or exact.
    differ = {key[0] for key in before if before[key] != after[key]}
    assert differ <= {"target_price", "ipo_price", "ads_ratio", "votes_per_share"}


def test_from_nothing_to_a_report_in_three_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "."]) == 0
    assert run(["import", "table", "statement.csv", "-o", "companies/sample.yaml",
                "--published", "2024-03-28", "--tags", "saas"]) == 0  # fmt: skip
    capsys.readouterr()
    assert run(["companies/sample.yaml", "--today", "2024-04-01"]) == 0
    first = capsys.readouterr().out
    assert first.startswith("sample ")
    assert "Judged on FY2023" in first
    assert "Receivables grow faster than sales" in first


def test_in_chinese(golden: Callable[[str | Path, str], None]) -> None:
    _xlsx(UNCLEAR)
    outcome = _import("book.xlsx", language="zh", published=None, tier="filing")
    published = r"\d{4}-\d\d-\d\d（工作簿"  # the day on which this test wrote it
    golden("import-chinese/stdout", re.sub(published, "2024-03-28（工作簿", outcome.stdout))
