"""Printed labels: which are taken, which are only near, which are left to the map."""

from __future__ import annotations

import functools

import pytest

from ddcheck.engine.commands.importing import meanings
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.readers.labels import (
    DOUBTFUL,
    EXACT,
    NEAR,
    UNKNOWN,
    Labels,
    misplaced,
    normal,
    says_loss,
)
from ddcheck.engine.text.diagnostics import Report


@functools.cache
def _labels() -> Labels:
    report = Report()
    plan = load_plan((), report)
    assert report.items == []
    return Labels(meanings(plan))


def _match(
    label: str, section: str = "", after: str = "", *, ratios: bool = False
) -> tuple[str, str | None]:
    found = _labels().match(label, section, after, ratios=ratios)
    return found.how, found.id


@pytest.mark.parametrize(
    ("label", "concept"),
    [
        ("Net sales", "revenue"),
        ("Total revenues", "revenue"),
        ("R&D expenses", "research_and_development"),
        ("Income (loss) from operations", "operating_income"),
        ("Profit/(loss) before tax", "income_before_tax"),
        ("Net loss attributable to common stockholders", "net_income_attributable"),
        ("Cash & cash equivalents", "cash_and_cash_equivalents"),
        ("Total stockholders’ equity", "total_equity"),
        ("Net cash (used in) provided by operating activities", "operating_cash_flow"),
        ("Net cash used in investing activities", "investing_cash_flow"),
        ("Accounts receivable, net (note 4)", "accounts_receivable"),
        ("Accounts receivable, net of allowance of $1,020 and $1,310", "accounts_receivable"),
        ("Common stock, $0.001 par value; 200,000,000 shares authorized", "share_capital"),
        ("gross_margin", "gross_margin"),
        ("一、营业总收入", "revenue"),
        ("减：营业成本", "cost_of_revenue"),
        ("净利润（净亏损以“-”号填列）", "net_income"),
        ("应收帐款", "accounts_receivable"),
        ("非流动资产合计", "total_non_current_assets"),
        ("流动资产合计", "total_current_assets"),
    ],
)
def test_a_name_of_the_vocabulary_apart_from_spelling(label: str, concept: str) -> None:
    assert _match(label) == (EXACT, concept)


@pytest.mark.parametrize(
    ("label", "how", "concept"),
    [
        ("Total cost of revenue", NEAR, "cost_of_revenue"),
        ("Annual recurring revenue (ARR)", NEAR, "arr"),
        ("Researhc and development", NEAR, "research_and_development"),
        ("Non-current liabilities, other", NEAR, "other_non_current_liabilities"),
        # one word more or less changes the meaning
        ("Deferred revenue, curent", DOUBTFUL, None),
        ("Interest income, net", DOUBTFUL, None),
        ("Net income from discontinued operations", DOUBTFUL, None),
        ("扣非净利润", DOUBTFUL, None),
        ("Restructuring of the plant in Ohio", UNKNOWN, None),
        ("应收票据及应收账款", UNKNOWN, None),
    ],
)
def test_a_name_that_is_only_near(label: str, how: str, concept: str | None) -> None:
    assert _match(label) == (how, concept)


def test_what_is_doubtful_names_its_candidates() -> None:
    found = _labels().match("Interest income, net", "", "", ratios=False)
    assert [name for name, _ in found.candidates] == [
        "interest_income", "net_income_noncontrolling", "investment_income",
    ]  # fmt: skip


def test_a_section_completes_a_label() -> None:
    assert _match("Subscription", "Revenue:") == (EXACT, "subscription_revenue")
    assert _match("revenue", "Cost of") == (EXACT, "cost_of_revenue")
    assert _match("Diluted", "Net income per share:") == (EXACT, "earnings_per_share_diluted")
    assert _match("Subscription")[0] == DOUBTFUL


def test_percentages_are_ratios() -> None:
    assert _match("Gross margin", ratios=True) == (EXACT, "gross_margin")
    assert _match("Research and development", ratios=True)[1] is None
    assert _match("同比增速", after="营业收入", ratios=True) == (NEAR, "revenue_growth")
    assert _match("YoY %", after="Total revenues", ratios=True) == (NEAR, "revenue_growth")
    assert _match("YoY", after="Something", ratios=True) == (UNKNOWN, None)


def test_a_section_that_changes_what_a_label_states() -> None:
    known = _labels().meanings
    changes = "Changes in operating assets and liabilities:"
    assert misplaced(changes, "Accounts receivable", known["accounts_receivable"]) == (
        f"a change, under `{changes}`, not the balance", True,
    )  # fmt: skip
    assert misplaced(changes, "Net income", known["net_income"]) is None
    assert misplaced("Cost of revenue:", "Services revenue", known["services_revenue"]) == (
        "it stands under `Cost of revenue:`", False,
    )  # fmt: skip
    assert misplaced("Cost of revenue:", "Total cost of revenue", known["cost_of_revenue"]) is None
    assert misplaced("Non-GAAP measures", "Net income", known["net_income"]) is not None
    assert misplaced("Non-GAAP measures", "Non-GAAP net income", known["net_income"]) is None
    assert misplaced("", "Net income", known["net_income"]) is None


def test_a_loss_says_so() -> None:
    words = ("Net loss", "净亏损", "Net cash used in operating activities", "Accumulated deficit")
    assert all(says_loss(label) for label in words)
    others = ("Net income (loss)", "Net cash provided by (used in)", "净利润（亏损）", "Revenue")
    assert not any(says_loss(label) for label in others)


def test_no_two_concepts_share_a_printed_name() -> None:
    names: dict[str, set[str]] = {}
    for meaning in _labels().meanings.values():
        for name in (*meaning.names, meaning.id):
            names.setdefault(normal(name), set()).add(meaning.id)
    assert {name: ids for name, ids in names.items() if len(ids) > 1} == {}
