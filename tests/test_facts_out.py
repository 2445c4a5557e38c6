"""`ddcheck facts`: as a workbook, and why each fact counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ddcheck.cli import run
from ddcheck.engine.report.workbook import Page, render_workbook

COMPANY = """\
ddcheck: company/1
company: {id: acme, name: Acme, currency: USD}
sources:
  audited: {title: A, tier: audited, published: 2024-03-01}
  release: {title: R, tier: release, published: 2024-02-01}
  newer: {title: N, tier: release, published: 2024-02-15}
  precise: {title: P, tier: release, published: 2024-02-15}
facts:
  revenue:
    FY2023:
      - {value: 10.0 USD million, source: audited, at: "=1+1"}
      - {value: 10 USD million, source: release, at: "@SUM(A1)"}
    FY2022:
      - {value: 8 USD million, source: release}
      - {value: 9 USD million, source: newer}
    FY2021:
      - {value: 7 USD million, source: newer}
      - {value: 7.0 USD million, source: precise}
    FY2020: {value: 3 EUR million, source: audited}
    FY2024G: {value: 11..12 USD million, source: audited}
    FY2024E: {value: 12 USD million, source: audited}
  ndr:
    FY2023: {value: over 110%, source: release, scope: {region: china}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("acme.yaml").write_text(COMPANY)


def _why(capsys: pytest.CaptureFixture[str], *options: str) -> dict[tuple[str, str], str]:
    import json

    assert run(["facts", "acme.yaml", "--why", "--output", "json", *options]) == 0
    rows = json.loads(capsys.readouterr().out)
    return {(row["period"], row["source"]): row["why"] for row in rows}


def test_why_each_fact_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert _why(capsys) == {
        ("FY2023", "audited"): "counts: before release, audited before release",
        ("FY2023", "release"): "counts for region china only: no other source states it",
        ("FY2022", "release"): "does not count: newer comes first, the newer source",
        ("FY2022", "newer"): "counts: before release, the newer source",
        ("FY2021", "newer"): "does not count: precise comes first, the more precise figure",
        ("FY2021", "precise"): "counts: before newer, the more precise figure",
        ("FY2020", "audited"): "kept apart: in EUR, while the company reports in USD",
        ("FY2024G", "audited"): "counts as guidance: no other source states it",
        ("FY2024E", "audited"): "counts as an estimate: no other source states it",
    }


def test_why_a_fact_is_not_seen(capsys: pytest.CaptureFixture[str]) -> None:
    found = _why(capsys, "--as-of", "2024-02-10")
    assert found["FY2022", "newer"] == "not seen: published on 2024-02-15, after 2024-02-10"
    assert found["FY2022", "release"] == "counts: no other source states it"


def test_a_workbook_runs_nothing_and_is_the_same_every_time() -> None:
    assert run(["facts", "acme.yaml", "--output", "xlsx:one.xlsx"]) == 0
    assert run(["facts", "acme.yaml", "--output", "xlsx:two.xlsx"]) == 0
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    book = load_workbook("one.xlsx")
    assert book.sheetnames == ["Facts", "Statement"]
    sheet = book["Facts"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["concept", "period", "value", "low"]
    places = [sheet.cell(row, heads.index("at") + 1) for row in (2, 3)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in places] == [
        ("=1+1", "s", True), ("@SUM(A1)", "s", True),
    ]  # fmt: skip
    assert sheet["C2"].value == 10_000_000
    assert (sheet["C2"].data_type, sheet.freeze_panes) == ("n", "B2")
    assert sheet.column_dimensions["A"].width == len("concept") + 2
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    statement = book["Statement"]
    assert [[cell.value for cell in row] for row in statement.iter_rows()] == [
        ["concept", "Label", "Unit", "FY2021", "FY2022", "FY2023", "FY2024E", "FY2024G"],
        ["revenue", "Revenue", "USD million", 7, 9, 10, 12, "11..12 USD million"],
    ]
    assert [cell.number_format for cell in statement[2][3:7]] == [
        "#,##0.0", "#,##0", "#,##0.0", "#,##0",
    ]  # fmt: skip
    assert statement.freeze_panes == "D2"


def test_a_workbook_wants_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", "acme.yaml", "--output", "xlsx"]) == 2
    assert "write `--output xlsx:FILE`" in capsys.readouterr().err


def test_signs_of_every_kind_stay_text() -> None:
    texts = ("=A1", "+1", "-1", "＝A1", "plain", "\x01=x", "=HYPERLINK(1)")
    data = render_workbook([Page("P", ("head",), tuple((text,) for text in texts), {})])
    Path("p.xlsx").write_bytes(data)
    cells = [row[0] for row in load_workbook("p.xlsx")["P"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*texts[:5], "\ufffd=x", texts[6]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True, True, True, True, False, False, True]


def test_a_row_with_the_opposite_sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`reversed: true`: the text stays as printed, the value and its bounds turn."""
    import json

    Path("acme.yaml").write_text(
        COMPANY.partition("facts:")[0] + "tables:\n  - source: audited\n    unit: USD million\n"
        "    periods: [FY2022, FY2023]\n    facts:\n"
        '      cost_of_revenue: {reversed: true, values: ["(1,234)", over -5]}\n'
    )
    assert run(["facts", "acme.yaml", "--output", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["text"], row["value"], row["low"], row["high"]) for row in rows] == [
        ("(1,234)", 1_234_000_000, 1_233_500_000, 1_234_500_000),
        ("over -5", None, None, 5_000_000),
    ]  # fmt: skip
