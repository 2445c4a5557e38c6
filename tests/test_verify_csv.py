"""Copies that are CSV: the place of a figure is its cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.verify import VerifyOptions, run_verify

COMPANY = """\
ddcheck: company/1
company: {id: acme, name: {en: Acme}, currency: USD, fiscal_year_end: "12-31"}
sources:
  table: {title: T, tier: management, published: 2024-03-28, file: t.csv}
tables:
  - source: table
    at: A2:C3
    unit: USD thousand
    periods: [FY2022, FY2023]
    facts:
      revenue: {at: B2:C2, values: ["1,250", "1,530"]}
      cost_of_revenue: {at: PLACE, reversed: true, values: ["(362)", "(428)"]}
"""
TABLE = 'Item,2022,2023\nRevenue,"1,250","1,530"\nCost of revenue,(362),(428)\n'


def _verify(folder: Path, table: str, place: str = "B3:C3") -> Outcome:
    company = folder / "acme.yaml"
    company.write_text(COMPANY.replace("PLACE", place), encoding="utf-8")
    (folder / "t.csv").write_text(table, encoding="utf-8", newline="")
    options = VerifyOptions(str(company), str(folder), (), (), ("json",), True, "en")
    return run_verify(options, Screen())


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_each_figure_is_found_in_its_cell(sign: str, tmp_path: Path) -> None:
    rows = [["Item", "2022", "2023"], ["Revenue", '"1,250"', '"1,530"']]
    rows.append(["Cost of revenue", "(362)", "(428)"])
    found = _verify(tmp_path, "".join(sign.join(row) + "\n" for row in rows))
    assert (found.code, found.stdout.count('"verdict": "found"')) == (0, 4)
    assert found.stdout.count('"place": "whole"') == found.stdout.count('"verdict"')


def test_a_figure_in_another_row_is_elsewhere(tmp_path: Path) -> None:
    found = _verify(tmp_path, TABLE, "B2:C2")
    assert found.stdout.count('"verdict": "found-elsewhere"') == 2


def test_a_swapped_digit_differs(tmp_path: Path) -> None:
    found = _verify(tmp_path, TABLE.replace("1,530", "1,350"))
    assert (found.code, found.stdout.count('"verdict": "differs"')) == (1, 1)


def test_a_quarter_is_no_cell(tmp_path: Path) -> None:
    """`Q1` names no cell of column Q: the place stays open and the figure is looked up all over."""
    found = _verify(tmp_path, TABLE, "Q1")
    assert found.stdout.count('"verdict": "found"') == 4
    assert found.code == 0
