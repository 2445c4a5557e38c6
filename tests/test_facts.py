"""Company files: every fact with its period, interval, scope, source and place."""

from __future__ import annotations

import math
from datetime import date

import pytest
from sourced_company import core_plan, read_sourced

from ddcheck.engine.model.company import Fact
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source


def _facts(text: str, *, currency: str = "USD", year_end: str = "12-31") -> list[Fact]:
    company, said = read_sourced(text, currency=currency, year_end=year_end)
    assert said == []
    return list(company.facts)


def _fact(text: str, **where: str) -> Fact:
    (found,) = _facts(text, **where)
    return found


def _codes(text: str) -> list[str]:
    return [item.code for item in read_sourced(text)[1]]


TABLE = """\
tables:
  - source: broker-2024
    at: appendix
    unit: USD million
    labelled: as printed
    periods: [FY2021, FY2022, 9M2023, FY2023E, FY2024G]
    facts:
      net_income: [167.98, ~, "1,060", (5), over 7]
      total_assets: [945.00, 800.72, 1, 2, 3]
      gross_margin: {unit: "%", values: [61.9, null, 63, ~, 66], at: page 1, labelled: GM}
      headcount: {unit: count, values: [1000, 30.6万, ~, ~, ~], decimals: 0}
      ipo_price: {unit: USD/ads, values: [20, ~, ~, ~, ~], exact: true}
      arpu_per_customer: {unit: USD/count, values: [~, 5, ~, ~, ~], scope: {region: china}}
"""


def test_a_table_holds_one_fact_a_figure() -> None:
    assert [
        (f.concept, str(f.period), f.kind, f.value, f.low, f.high, f.unit, f.at, f.labelled)
        for f in _facts(TABLE)
    ] == [
        ("net_income", "FY2021", 0, 167.98e6, 167.975e6, 167.985e6, "USD", "appendix",
         "as printed"),
        ("net_income", "9M2023", 0, 1060e6, 1059.5e6, 1060.5e6, "USD", "appendix", "as printed"),
        ("net_income", "FY2023", 1, -5e6, -5.5e6, -4.5e6, "USD", "appendix", "as printed"),
        ("net_income", "FY2024", 2, None, 7e6, math.inf, "USD", "appendix", "as printed"),
        ("total_assets", "2021-12-31", 0, 945e6, 944.995e6, 945.005e6, "USD", "appendix",
         "as printed"),
        ("total_assets", "2022-12-31", 0, 800.72e6, 800.715e6, 800.725e6, "USD", "appendix",
         "as printed"),
        ("total_assets", "2023-09-30", 0, 1e6, 0.5e6, 1.5e6, "USD", "appendix", "as printed"),
        ("total_assets", "2023-12-31", 1, 2e6, 1.5e6, 2.5e6, "USD", "appendix", "as printed"),
        ("total_assets", "2024-12-31", 2, 3e6, 2.5e6, 3.5e6, "USD", "appendix", "as printed"),
        ("gross_margin", "FY2021", 0, 0.619, 0.6185, 0.6195, "ratio", "page 1", "GM"),
        ("gross_margin", "9M2023", 0, 0.63, 0.625, 0.635, "ratio", "page 1", "GM"),
        ("gross_margin", "FY2024", 2, 0.66, 0.655, 0.665, "ratio", "page 1", "GM"),
        ("headcount", "2021-12-31", 0, 1000, 999.5, 1000.5, "count", "appendix", "as printed"),
        ("headcount", "2022-12-31", 0, 306000, 301000, 311000, "count", "appendix", "as printed"),
        ("ipo_price", "2021-01-01", 0, 20, 20, 20, "USD/ads", "appendix", "as printed"),
        ("arpu_per_customer", "FY2022", 0, 5, 4.5, 5.5, "USD/count", "appendix", "as printed"),
    ]  # fmt: skip


def test_a_fact_keeps_its_text_place_and_source() -> None:
    fact = _fact(
        "facts:\n  revenue:\n"
        "    FY2020: {value: 1.68亿美元, text: 1.68 亿, source: press-2021, at: page 3, note: x}\n"
    )
    assert (fact.text, fact.at, fact.source) == ("1.68 亿", "page 3", "press-2021")
    assert (fact.node.text, fact.node.line, fact.node.column) == ("1.68亿美元", 14, 21)
    assert fact.node.source.path == "company.yaml"


@pytest.mark.parametrize(
    ("written", "concept", "period"),
    [
        ("FY2021: {value: 5 USD, source: broker-2024}", "revenue", "FY2021"),
        ("source: broker-2024\n    FY2021: 5 USD", "revenue", "FY2021"),
        (
            "source: press-2021\n    FY2021: {value: 5 USD, source: broker-2024}",
            "revenue",
            "FY2021",
        ),
        ("FY2021: [{value: 5 USD, source: broker-2024}]", "revenue", "FY2021"),
        ("12M2021: {value: 5 USD, source: broker-2024}", "revenue", "FY2021"),
        ("2021Q1..2021Q4: {value: 5 USD, source: broker-2024}", "revenue", "FY2021"),
        ("TTM2021Q4: {value: 5 USD, source: broker-2024}", "revenue", "FY2021"),
        ("FY2021: {value: 5 USD, source: broker-2024}", "total_assets", "2021-12-31"),
        ("2021Q4: {value: 5 USD, source: broker-2024}", "total_assets", "2021-12-31"),
        ("9M2021: {value: 5 USD, source: broker-2024}", "total_assets", "2021-09-30"),
        ("2021-12: {value: 5 USD, source: broker-2024}", "total_assets", "2021-12-31"),
        ("2021-12-31: {value: 5 USD, source: broker-2024}", "total_assets", "2021-12-31"),
        ("{value: 5 USD/ads, since: 2020-06-26, source: broker-2024}", "ipo_price", "2020-06-26"),
        ("2020-06-26: {value: 5 USD/ads, source: broker-2024}", "ipo_price", "2020-06-26"),
        ("FY2021: {value: 5 USD/ads, source: broker-2024}", "ipo_price", "2021-01-01"),
        ("- {value: 5 USD/ads, since: 2020-06-26, source: broker-2024}", "ipo_price", "2020-06-26"),
    ],
)
def test_ways_to_write_a_fact(written: str, concept: str, period: str) -> None:
    fact = _fact(f"facts:\n  {concept}:\n    {written}\n")
    assert (fact.concept, str(fact.period), fact.value) == (concept, period, 5)
    assert fact.source == "broker-2024"


@pytest.mark.parametrize(
    ("year_end", "written", "period"),
    [
        ("01-31", "FY2021", "2021-01-31"),
        ("06-30", "2021Q1", "2020-09-30"),
        ("09-28", "FY2021", "2021-09-28"),
        ("09-28", "2021-09-25", "2021-09-28"),
        ("09-28", "2021-10-02", "2021-09-28"),
        ("09-28", "2021-09-15", "2021-09-15"),
    ],
)
def test_stocks_stand_at_the_close(year_end: str, written: str, period: str) -> None:
    text = f"facts: {{total_assets: {{{written}: {{value: 5 USD, source: broker-2024}}}}}}\n"
    assert str(_fact(text, year_end=year_end).period) == period


def test_prices_stand_at_their_own_day() -> None:
    text = (
        "facts:\n  share_price:\n    source: broker-2024\n"
        "    2021-09-24: 5 USD/ads\n    2021-09-27: 6 USD/ads\n    2021-09-28: 7 USD/ads\n"
    )
    assert [str(fact.period) for fact in _facts(text, year_end="09-28")] == [
        "2021-09-24", "2021-09-27", "2021-09-28",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("concept", "value", "unit", "number"),
    [
        ("revenue", "5 USD", "USD", 5),
        ("revenue", "5 money", "USD", 5),
        ("revenue", "5 CNY", "CNY", 5),
        ("revenue", "77亿元", "CNY", 7.7e9),
        ("ipo_price", "5 USD/ads", "USD/ads", 5),
        ("ipo_price", "5 money/ads", "USD/ads", 5),
        ("ipo_price", "5 HKD/ads", "HKD/ads", 5),
        ("headcount", "5", "count", 5),
        ("headcount", "5个", "count", 5),
        ("headcount", "5万", "count", 50000),
        ("gross_margin", "5%", "ratio", 0.05),
        ("gross_margin", "0.05", "ratio", 0.05),
        ("usage_minutes", "5", "minutes", 5),
        ("votes_per_share", "20 votes/shares", "votes/shares", 20),
    ],
)
def test_units(concept: str, value: str, unit: str, number: float) -> None:
    where = "since: 2020-01-01, " if concept in ("ipo_price", "votes_per_share") else ""
    entry = f"{{value: {value}, {where}source: broker-2024}}"
    entry = entry if where else f"{{FY2021: {entry}}}"
    fact = _fact(f"facts: {{{concept}: {entry}}}\n")
    assert (fact.unit, fact.value) == (unit, number)


@pytest.mark.parametrize(
    ("concept", "value"),
    [
        ("revenue", "5"),
        ("revenue", "5%"),
        ("revenue", "5 shares"),
        ("revenue", "5 USD/ads"),
        ("ipo_price", "5 USD"),
        ("ipo_price", "5 USD/shares"),
        ("headcount", "5 shares"),
        ("headcount", "5%"),
        ("gross_margin", "5 USD"),
        ("usage_minutes", "5 months"),
    ],
)
def test_units_that_do_not_fit(concept: str, value: str) -> None:
    where = "since: 2020-01-01, " if concept == "ipo_price" else ""
    entry = f"{{value: {value}, {where}source: broker-2024}}"
    assert _codes(f"facts: {{{concept}: {entry if where else f'{{FY2021: {entry}}}'}}}\n") == [
        "DD304"
    ]


def test_overrides_of_the_interval() -> None:
    facts = _facts(
        "facts:\n  revenue:\n"
        "    FY2020: {value: 5 USD million, decimals: 1, source: broker-2024}\n"
        "    FY2021: {value: 5 USD million, exact: true, source: broker-2024}\n"
        "    FY2022: {value: 5 USD million, source: broker-2024}\n"
    )
    assert [(fact.low, fact.high) for fact in facts] == [
        (4.95e6, 5.05e6), (5e6, 5e6), (4.5e6, 5.5e6),
    ]  # fmt: skip


def test_scopes() -> None:
    facts = _facts(
        "facts:\n  revenue:\n    FY2021:\n"
        "      - {value: 5 USD, source: broker-2024}\n"
        "      - {value: 3 USD, source: broker-2024, scope: {region: overseas}}\n"
        "      - {value: 2 USD, source: broker-2024, scope: {region: china}}\n"
        "      - {value: 4 USD, source: press-2024}\n"
    )
    assert [fact.scope for fact in facts] == [
        None, ("region", "overseas"), ("region", "china"), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        "FY2021: {value: 6 USD, source: broker-2024}",
        "2021Q1..2021Q4: {value: 5 USD, source: broker-2024}",
        "12M2021: {value: 5 USD, source: broker-2024}",
        "FY2021A: {value: 5 USD, source: broker-2024}",
    ],
)
def test_a_source_states_a_fact_once(second: str) -> None:
    first = "FY2021: {value: 5 USD, source: broker-2024}"
    if second.startswith("FY2021:"):
        text = f"facts: {{revenue: {{FY2021: [{first[8:]}, {second[8:]}]}}}}\n"
    else:
        text = f"facts:\n  revenue:\n    {first}\n    {second}\n"
    company, said = read_sourced(text)
    assert [item.code for item in said] == ["DD307"]
    assert [fact.value for fact in company.facts] == [5]


@pytest.mark.parametrize(
    "second",
    [
        "FY2021E: {value: 6 USD, source: broker-2024}",
        "FY2021G: {value: 6 USD, source: broker-2024}",
        "FY2022: {value: 6 USD, source: broker-2024}",
        "12M2021: {value: 6 USD, source: press-2024}",
        "12M2021: {value: 6 CNY, source: broker-2024}",
        "12M2021: {value: 6 USD, source: broker-2024, scope: {region: china}}",
    ],
)
def test_what_is_another_fact(second: str) -> None:
    text = f"facts:\n  revenue:\n    FY2021: {{value: 5 USD, source: broker-2024}}\n    {second}\n"
    assert [fact.value for fact in _facts(text)] == [5, 6]


@pytest.mark.parametrize(
    ("row", "help_"),
    [
        ("[1, 2, 3]", 'quote a number with a comma: "1,234"'),
        ("[1,234, 5]", 'quote a number with a comma: "1,234"'),
        ("[1]", "write `~` where the source prints nothing"),
        ("[]", "write `~` where the source prints nothing"),
    ],
)
def test_a_row_has_one_figure_a_period(row: str, help_: str) -> None:
    company, said = read_sourced(
        "tables:\n  - source: broker-2024\n    unit: USD\n    periods: [FY2021, FY2022]\n"
        f"    facts:\n      revenue: {row}\n      total_assets: [1, 2]\n"
    )
    assert [(item.code, item.help) for item in said] == [("DD306", help_)]
    assert len(company.facts) == 2


def test_breakdowns() -> None:
    company, said = read_sourced(
        "breakdowns:\n"
        "  - {concept: revenue, by: region, period: FY2021, source: broker-2024, at: page 2,\n"
        "     unit: USD million, complete: true, parts: {china: 92, overseas: about 69}}\n"
        '  - {concept: revenue, by: customer, period: FY2022E, source: press-2024, unit: "%",\n'
        "     ranked: true, parts: {one: 50, two: over 10%}}\n"
        "  - {concept: headcount, by: region, period: FY2021, source: press-2024,\n"
        "     parts: {china: 900}}\n"
    )
    assert said == []
    first, second, third = company.breakdowns
    assert (first.by, str(first.period), first.kind) == ("region", "FY2021", 0)
    assert (first.complete, first.ranked) == (True, False)
    assert [(p.scope, p.value, p.low, p.high, p.share, p.at) for p in first.parts] == [
        (("region", "china"), 92e6, 91.5e6, 92.5e6, False, "page 2"),
        (("region", "overseas"), 69e6, 68e6, 70e6, False, "page 2"),
    ]
    assert (second.kind, second.complete, second.ranked) == (1, False, True)
    assert [(p.value, p.low, p.high, p.share) for p in second.parts] == [
        (0.5, 0.495, 0.505, True), (None, 0.1, math.inf, True),
    ]  # fmt: skip
    assert str(third.period) == "2021-12-31"
    assert [part for item in company.breakdowns for part in item.parts] == list(company.facts)


def test_a_breakdown_that_lost_a_part_is_not_complete() -> None:
    company, said = read_sourced(
        "breakdowns:\n"
        "  - {concept: revenue, by: region, period: FY2021, source: broker-2024, complete: true,\n"
        "     ranked: true, unit: USD, parts: {china: 92, overseas: n.a.}}\n"
    )
    assert [item.code for item in said] == ["DD303"]
    (breakdown,) = company.breakdowns
    assert (len(breakdown.parts), breakdown.complete, breakdown.ranked) == (1, False, False)


def test_events() -> None:
    company, said = read_sourced(
        "events:\n"
        "  - {date: 2020-06-26, what: {en: Listed, zh: 上市}, source: press-2021, at: lead}\n"
        "  - {said: stable, about: revenue, over: FY2020..FY2022, source: press-2024, text: 稳定}\n"
    )
    assert said == []
    listed, stable = company.events
    assert listed.what is not None
    assert (listed.what.zh, listed.day, listed.at) == (
        "上市",
        date(2020, 6, 26).toordinal(),
        "lead",
    )
    assert (stable.said, stable.about, str(stable.over), stable.text) == (
        "stable", "revenue", "FY2020..FY2022", "稳定",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("{date: 2020-06, what: Listed, source: press-2021}", "DD308"),
        ("{date: 2020-06-26, source: press-2021}", "DD112"),
        ("{date: 2020-06-26, what: Listed}", "DD112"),
        ("{said: steady, about: revenue, over: FY2021, source: press-2021}", "DD113"),
        ("{said: stable, about: revenue, source: press-2021}", "DD112"),
        ("{said: stable, about: revenu, over: FY2021, source: press-2021}", "DD301"),
        ("{said: stable, about: revenue, over: 2021, source: press-2021}", "DD302"),
        ("{what: Listed, source: press}", "DD305"),
        ("Listed", "DD110"),
    ],
)
def test_events_that_cannot_be_used(event: str, code: str) -> None:
    company, said = read_sourced(
        f"events:\n  - {event}\n  - {{what: Listed, source: press-2021}}\n"
    )
    assert [item.code for item in said] == [code]
    assert len(company.events) == 1


@pytest.mark.parametrize(
    "text",
    [
        "sources: {report: {title: T, tier: audit, published: 2024-01-01}}",
        "sources: {report: {title: T, tier: audited, published: soon}}",
        "sources: {report: {title: T, tier: audited}}",
        "sources: {report: T}",
        "sources: []",
        "sourcs: {report: {title: T, tier: audited, published: 2024-01-01}}",
    ],
)
def test_a_broken_source_is_said_once(text: str) -> None:
    report = Report()
    root = parse(
        Source(
            "company.yaml",
            f"ddcheck: company/1\ncompany: {{id: a, name: A, currency: USD}}\n{text}\n"
            "facts:\n  revenue:\n    FY2021: {value: 5 USD, source: report}\n"
            "    FY2022: {value: 5 USD, source: report}\n",
        ),
        report,
    )
    assert isinstance(root, Mapping)
    load_company(root, core_plan().terms, core_plan().vocabulary.dimensions, report)
    assert len(report.items) == 1
