"""The company files beside Agora's: what their sources print must come out of the packs.

The worked example of the framework (companies A and B) and the examples inside its text are
oracles: the figures that the article prints, by its own formulas. Twilio and Snowflake stand for
filings: figures that a later filing states again, quarters that add up, growth that a release
prints beside the figures it follows from.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.outcome import Screen

ROOT = Path(__file__).parents[1]
COMPANIES = ROOT / "companies"
TODAY = date(2026, 11, 21).toordinal()
NEW = ("company-a", "company-b", "snowflake", "twilio")

Json = dict[str, Any]


def report(path: Path | str, **options: Any) -> Json:
    outcome = run_check(
        CheckOptions((str(path),), today=TODAY, outputs=("json",), version="test", **options),
        Screen(),
    )
    assert (outcome.code, outcome.stderr) == (0, "")
    found: Json = json.loads(outcome.stdout)["reports"][0]
    return found


@pytest.fixture(scope="module")
def reports() -> dict[str, Json]:
    return {name: report(COMPANIES / f"{name}.yaml") for name in NEW}


def cell(found: Json, metric: str, period: str) -> Json:
    return dict(found["metrics"][metric]["values"][period])


def value(found: Json, metric: str, period: str) -> float:
    number = cell(found, metric, period)["value"]
    assert isinstance(number, float | int)
    return float(number)


def outcome_of(found: Json, rule: str) -> tuple[str, str | None]:
    (item,) = (item for item in found["findings"] if item["id"] == rule)
    return item["outcome"], item["severity"]


def source_text(name: str) -> Json:
    found: Json = yaml.safe_load((COMPANIES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


# -------------------------------------------------------------------- the example of the framework


def test_what_customers_of_last_year_bring_is_what_the_article_prints(
    reports: dict[str, Json],
) -> None:
    """Summary, paragraph 5: 120 % of 100 million are 120 million of next year's revenue."""
    b = reports["company-b"]
    assert value(b, "ndr", "FY2018") == 1.2
    computed = cell(b, "retained_revenue_next", "FY2018")
    assert (computed["value"], computed["low"], computed["high"]) == (120e6, 120e6, 120e6)
    stated = source_text("company-b")["facts"]["retained_revenue_floor"]
    assert {period: fact["text"] for period, fact in stated.items()} == {"FY2019G": "1.2亿"}


def test_what_the_target_takes_is_what_the_article_prints(reports: dict[str, Json]) -> None:
    """Summary, paragraph 5: 200 million less 120 million leave 80 million to be sold."""
    found = cell(reports["company-b"], "new_revenue_needed", "FY2019")
    assert (found["value"], found["low"], found["high"]) == (80e6, 80e6, 80e6)
    missing = cell(reports["company-a"], "new_revenue_needed", "FY2019")
    assert (missing["value"], missing["missing"]) == (None, "ndr FY2018")


def test_b_is_the_better_one_as_the_article_says(reports: dict[str, Json]) -> None:
    """Summary, paragraphs 2 and 3: half the sales cycle, and customers who stay."""
    a, b = reports["company-a"], reports["company-b"]
    assert outcome_of(a, "sales-cycle-long") == ("flag", "low")
    assert outcome_of(b, "sales-cycle-long")[0] == "pass"
    assert outcome_of(a, "ndr-below-100-percent")[0] == "unknown"
    assert outcome_of(b, "ndr-below-100-percent")[0] == "pass"
    assert (a["grade"]["categories"]["retention"]["letter"], a["grade"]["known"]) == (None, 0)
    assert b["grade"]["categories"]["retention"]["letter"] == "B"


def test_a_and_b_start_from_the_same_revenue_and_have_the_same_target() -> None:
    facts = [source_text(name)["facts"] for name in ("company-a", "company-b")]
    first, second = (dict(item["revenue"]) for item in facts)
    assert first == second
    assert list(first) == ["FY2018", "FY2019G"]


@pytest.mark.parametrize("name", ["company-a", "company-b"])
def test_the_example_is_marked_as_one(name: str) -> None:
    found = source_text(name)
    assert "example" in found["company"]["tags"]
    assert "worked example" in found["company"]["name"]["en"]
    assert "示例" in found["company"]["name"]["zh"]
    assert {source["tier"] for source in found["sources"].values()} == {"model"}


EXAMPLES: list[tuple[str, str, str, str, float]] = [
    # A contract of two years, 2.4 million, paid by the year: 1.2 of 2.4 million are in the bank.
    (
        "paragraph on contract, cash and revenue",
        "contract_value: {FY2019: 240万元}\n  cash_collected: {FY2019: 120万元}",
        "cash_collected_ratio",
        "FY2019",
        0.5,
    ),
    # A contract of 1.5 million, of which 0.3 once: ARR grows by 1.2 million, MRR by 0.1 million.
    (
        "paragraph on ARR and MRR",
        "mrr: {2018-12-31: 10万元, 2019-12-31: 20万元}",
        "arr_growth",
        "FY2019",
        1.0,
    ),
    # The cohort of customers: what they bring this year over what they brought the year before.
    (
        "paragraph on the calculation of retention",
        "cohort_revenue_prior: {FY2019: 1亿元}\n  cohort_revenue_current: {FY2019: 1.2亿元}",
        "ndr",
        "FY2019",
        1.2,
    ),
    # The same at two days, by ARR of all who paid twelve months before.
    (
        "formula of retention by ARR",
        "cohort_arr_prior: {2019-12-31: 1亿元}\n  cohort_arr_current: {2019-12-31: 1.2亿元}",
        "ndr",
        "FY2019",
        1.2,
    ),
    # Revenue of last year times retention, with the retention of the year itself.
    (
        "paragraph on what retention means",
        "ndr: {FY2019: 120%}\n  revenue: {FY2018: 1亿元}",
        "retained_revenue_floor",
        "FY2019",
        120e6,
    ),
    # What a quarter's revenue is above that before it, times 4, over the quarter's selling cost.
    (
        "formula of the magic number",
        "revenue: {2019Q3: 1000万元, 2019Q4: 1200万元}\n  sales_and_marketing: {2019Q4: 800万元}",
        "magic_number",
        "2019Q4",
        1.0,
    ),
]


@pytest.mark.parametrize(
    ("facts", "metric", "period", "expected"),
    [case[1:] for case in EXAMPLES],
    ids=[case[0] for case in EXAMPLES],
)
def test_formulas_of_the_framework(
    facts: str, metric: str, period: str, expected: float, tmp_path: Path
) -> None:
    lines = [line.strip().replace(": {", ": {source: article, ", 1) for line in facts.split("\n")]
    path = tmp_path / "example.yaml"
    path.write_text(
        "ddcheck: company/1\n"
        "company: {id: example, name: Example, currency: CNY, tags: [saas]}\n"
        "sources: {article: {title: Article, tier: model, published: 2020-12-31}}\n"
        "facts:\n"
        "  sales_cycle: {source: article, FY2019: 3 months}\n" + "".join(f"  {x}\n" for x in lines),
        encoding="utf-8",
    )
    assert value(report(path), metric, period) == pytest.approx(expected)


# ------------------------------------------------------------------------------------------ Twilio


@pytest.mark.parametrize(
    ("metric", "period", "printed", "decimals"),
    [
        ("revenue_growth", "FY2019", "75%", 0),
        ("revenue_growth", "FY2020", "55%", 0),
        ("revenue_growth", "2020Q4", "65%", 0),
        ("ndr", "FY2020", "137%", 0),
        ("ndr", "FY2019", "135%", 0),
        ("gross_margin", "FY2020", "52.0%", 1),
    ],
)
def test_twilio_computes_what_it_prints(
    reports: dict[str, Json], metric: str, period: str, printed: str, decimals: int
) -> None:
    assert f"{value(reports['twilio'], metric, period):.{decimals}%}" == printed


def test_twilio_press_and_filing_mean_the_same_loss(reports: dict[str, Json]) -> None:
    """2.07亿美元 in the article, 206,542 thousand in the filing: they meet; the filing counts."""
    found = reports["twilio"]
    assert not [item for item in found["conflicts"] if item["concept"] == "net_income"]
    margin = value(found, "net_margin", "2021Q1")
    assert margin == pytest.approx(-206542 / 589988)


def test_twilio_restated_figures_are_restatements(reports: dict[str, Json]) -> None:
    found = {
        (item["concept"], item["period"]): [one["value"] for one in item["candidates"]]
        for item in reports["twilio"]["conflicts"]
        if item["type"] == "restatement"
    }
    assert found == {
        ("operating_cash_flow", "FY2017"): [-3_255_000, -3_260_000],
        ("investing_cash_flow", "FY2017"): [-226_748_000, -223_630_000],
        ("net_change_in_cash", "FY2017"): [-193_492_000, -190_379_000],
        ("capital_expenditure", "FY2017"): [9_538_000, 9_248_000],
        ("capital_expenditure", "FY2018"): [5_109_000, 4_668_000],
    }


def test_uber_reaches_the_limit_in_its_year_and_is_stale_now(reports: dict[str, Json]) -> None:
    """Printed 超过10%: at least the 10 % that must be disclosed; how far above is not said."""
    path = COMPANIES / "twilio.yaml"
    then = report(path, period="FY2016")
    found = cell(then, "top1_customer_share", "FY2016")
    assert (found["value"], found["low"]) == (None, 0.1)
    assert outcome_of(then, "customer-disclosure-10-percent") == ("flag", "info")
    assert outcome_of(then, "customer-above-10-percent")[0] == "unknown"
    now = reports["twilio"]
    assert outcome_of(now, "customer-disclosure-10-percent")[0] == "unknown"
    before = report(path, period="FY2016", as_of="2019-12-31")
    assert outcome_of(before, "customer-disclosure-10-percent")[0] == "unknown"


def test_before_a_filing_its_figures_are_not_known() -> None:
    path = COMPANIES / "twilio.yaml"
    assert report(path, as_of="2021-02-16")["period"] == "FY2019"
    assert report(path, as_of="2021-02-17")["period"] == "FY2020"


# ------------------------------------------------------------------------------ figures of filings


def rows(name: str) -> dict[tuple[str, str, str], Decimal]:
    """Every value of a company's tables by source, concept and period, in the table's own unit."""
    found = {}
    for table in source_text(name)["tables"]:
        for concept, row in table["facts"].items():
            values = row if isinstance(row, list) else row["values"]
            if isinstance(row, dict) and "unit" in row:
                continue
            assert len(values) == len(table["periods"])
            for period, number in zip(table["periods"], values, strict=True):
                if number is not None:
                    found[table["source"], concept, str(period)] = Decimal(str(number))
    return found


@pytest.mark.parametrize("year", ["2019", "2020"])
@pytest.mark.parametrize(
    "concept",
    [
        "revenue",
        "gross_profit",
        "research_and_development",
        "sales_and_marketing",
        "operating_income",
        "net_income",
    ],
)
def test_twilio_nine_months_are_three_quarters(concept: str, year: str) -> None:
    known = {(name, period): number for (_, name, period), number in rows("twilio").items()}
    quarters = [known[concept, f"{year}Q{quarter}"] for quarter in (1, 2, 3)]
    assert sum(quarters) == known[concept, f"9M{year}"]


@pytest.mark.parametrize("name", ["snowflake", "twilio"])
def test_cash_flows_add_up_to_the_thousand(name: str) -> None:
    checked = 0
    known = rows(name)
    for (source, concept, period), effect in known.items():
        if concept != "fx_effect_on_cash" or (source, "net_change_in_cash", period) not in known:
            continue
        flows = [
            known[source, f"{kind}_cash_flow", period]
            for kind in ("operating", "investing", "financing")
        ]
        assert sum(flows) + effect == known[source, "net_change_in_cash", period], period
        checked += 1
    assert checked == {"snowflake": 8, "twilio": 3}[name]


def test_snowflake_statements_add_up_to_the_thousand() -> None:
    known = rows("snowflake")
    checked = 0
    for (source, concept, period), total in known.items():
        if concept == "total_liabilities_and_equity":
            parts = [known[source, one, period] for one in ("total_liabilities", "total_equity")]
            parts.append(known.get((source, "mezzanine_equity", period), Decimal(0)))
            assert sum(parts) == total == known[source, "total_assets", period]
            checked += 1
        if concept == "operating_income":
            earned = known[source, "gross_profit", period]
            assert earned - known[source, "operating_expenses", period] == total
            spent = (
                "research_and_development",
                "sales_and_marketing",
                "general_and_administrative",
            )
            assert (
                sum(known[source, one, period] for one in spent)
                == (known[source, "operating_expenses", period])
            )
            cost = known[source, "cost_of_revenue", period]
            assert known[source, "revenue", period] - cost == earned
            checked += 1
    assert checked == 22


@pytest.mark.parametrize("name", ["snowflake", "twilio"])
def test_a_figure_stands_once_unless_a_later_filing_changed_it(name: str) -> None:
    by_key: dict[tuple[str, str], list[Decimal]] = {}
    for (_, concept, period), number in rows(name).items():
        by_key.setdefault((concept, period), []).append(number)
    assert [key for key, numbers in by_key.items() if len(numbers) != len(set(numbers))] == []


@pytest.mark.parametrize("name", ["snowflake", "twilio"])
def test_every_filing_is_named_by_its_accession_number(name: str) -> None:
    found = source_text(name)
    numbers = {
        key: source["title"].rpartition(" ")[2]
        for key, source in found["sources"].items()
        if source["tier"] == "filing"
    }
    assert len(numbers) == len(set(numbers.values()))
    for table in found["tables"]:
        assert table["at"].startswith(numbers[table["source"]] + ", "), table["at"]


def test_snowflake_is_judged_by_its_own_year(reports: dict[str, Json]) -> None:
    found = reports["snowflake"]
    assert found["period"] == "FY2025"
    assert f"{value(found, 'revenue_growth', 'FY2025'):.1%}" == "29.2%"
    assert f"{value(found, 'free_cash_flow_margin', 'FY2025'):.1%}" == "24.4%"
    assert f"{value(found, 'magic_number', '2026Q1'):.2f}" == "0.48"
