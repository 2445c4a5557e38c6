"""Agora from its file to the report: the figures its sources print, and where each stands."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.as_json import render_json
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
AGORA = ROOT / "companies/agora.yaml"
TODAY = date(2026, 11, 21).toordinal()
FIRST_ARTICLE = "2021-05-28"

Json = dict[str, Any]


def run(**options: Any) -> Outcome:
    outcome = run_check(
        CheckOptions((str(AGORA),), today=TODAY, version="test", **options), Screen()
    )
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome


def document(**options: Any) -> Json:
    found: Json = json.loads(run(outputs=("json",), **options).stdout)
    return found


@pytest.fixture(scope="module")
def newest() -> Json:
    return document()


@pytest.fixture(scope="module")
def at_2021() -> Json:
    return document(period="FY2021")


@pytest.fixture(scope="module")
def at_first_article() -> Json:
    return document(as_of=FIRST_ARTICLE)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan((), Report())


@pytest.fixture(scope="module")
def company(plan: Plan) -> Company:
    found = read_company(str(AGORA), plan, Report())
    assert found is not None
    return found


def values(found: Json, metric: str) -> dict[str, float | None]:
    cells = found["reports"][0]["metrics"][metric]["values"]
    return {period: cell["value"] for period, cell in cells.items()}


def percent(value: float | None, decimals: int = 1) -> str:
    assert value is not None
    return f"{value:.{decimals}%}"


def leaves(item: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value below `item`, with its place."""
    if isinstance(item, dict):
        for key, value in item.items():
            yield from leaves(value, f"{place}/{key}")
    elif isinstance(item, list):
        for number, value in enumerate(item):
            yield from leaves(value, f"{place}/{number}")
    else:
        yield place, item


def evidence_of(found: dict[str, Any]) -> dict[str, Any]:
    """What stands under `evidence`, key by key, in the order of its text instead of its place."""
    parts: dict[str, list[Any]] = {}
    for place in found:
        head, mark, tail = place.partition("/evidence/")
        if mark:
            parts.setdefault(f"{head}{mark} {tail.partition('/')[2]}", []).append(place)
    return {
        place: value
        for places in parts.values()
        for place, value in zip(places, sorted((found[p] for p in places), key=str), strict=True)
    }


def finding(found: Json, rule: str) -> Json:
    (item,) = (item for item in found["reports"][0]["findings"] if item["id"] == rule)
    return dict(item)


def verdict(found: Json, rule: str) -> tuple[str, str | None, str | None, str]:
    item = finding(found, rule)
    return item["outcome"], item["severity"], item["reason"], item["period"]


@pytest.mark.parametrize(
    ("metric", "printed"),
    [
        ("revenue_growth", "25.8%"),
        ("gross_margin", "61.9%"),
        ("rd_growth", "123.6%"),
        ("net_margin", "-43.1%"),
    ],
)
def test_the_figures_of_2021(newest: Json, at_2021: Json, metric: str, printed: str) -> None:
    assert [percent(values(found, metric)["FY2021"]) for found in (newest, at_2021)] == [
        printed
    ] * 2


def test_the_first_quarter_of_2021(newest: Json) -> None:
    cells = {
        name: newest["reports"][0]["metrics"][name]["values"]["2021Q1"]
        for name in ("revenue_growth", "revenue_growth_qoq")
    }
    assert {name: (percent(c["value"]), c["stated"]) for name, c in cells.items()} == {
        "revenue_growth": ("13.0%", False),
        "revenue_growth_qoq": ("20.8%", False),
    }


def test_the_loss_widens_and_faster_than_sales(newest: Json, at_2021: Json) -> None:
    assert {
        (rule, found["reports"][0]["period"]): verdict(found, rule)
        for rule in ("loss-widening", "loss-margin-widening")
        for found in (at_2021, newest)
    } == {
        ("loss-widening", "FY2021"): ("flag", "medium", None, "FY2021"),
        ("loss-widening", "FY2022"): ("flag", "medium", None, "FY2022"),
        ("loss-margin-widening", "FY2021"): ("flag", "high", None, "FY2021"),
        ("loss-margin-widening", "FY2022"): ("flag", "high", None, "FY2022"),
    }


def test_the_largest_customer_is_stale_and_its_last_verdict_stays_visible(newest: Json) -> None:
    item = finding(newest, "customer-above-10-percent")
    assert (item["outcome"], item["reason"]) == ("unknown", "stale")
    assert item["last"] == {
        "outcome": "flag",
        "severity": "medium",
        "period": "2020Q1",
    }
    bounds = item["bounds"]
    assert (bounds["period"], percent(bounds["low"]), percent(bounds["high"])) == (
        "FY2022", "2.1%", "21.5%",
    )  # fmt: skip


def test_company_wide_net_dollar_retention_is_unknown_and_asked_for(newest: Json) -> None:
    report = newest["reports"][0]
    assert report["metrics"]["ndr"]["latest"] is None
    assert finding(newest, "ndr-below-100-percent")["outcome"] == "unknown"
    requests = {item["concept"]: item for item in report["requests"]}
    assert {"ndr-below-100-percent", "ndr-falling", "ndr"} <= set(requests["ndr"]["unblocks"])


def test_overseas_retention_is_shown_with_the_span_that_it_holds_for(newest: Json) -> None:
    (request,) = (r for r in newest["reports"][0]["requests"] if r["concept"] == "ndr")
    assert request["known"] == "超过 130% (2022Q3..2023Q1 region overseas)"


def test_what_the_first_article_showed(at_first_article: Json) -> None:
    assert verdict(at_first_article, "customer-above-10-percent") == (
        "flag", "medium", None, "2020Q1",
    )  # fmt: skip
    assert verdict(at_first_article, "segment-above-90-percent") == ("flag", "low", None, "2021Q1")


def test_nothing_published_later_is_in_a_report_as_of_a_day(
    at_first_article: Json, plan: Plan, company: Company
) -> None:
    text = json.dumps(at_first_article, ensure_ascii=False)
    assert [name for name in company.sources if name in text] == ["press-2021"]
    known = company._replace(
        sources={"press-2021": company.sources["press-2021"]},
        facts=tuple(item for item in company.facts if item.source == "press-2021"),
        breakdowns=tuple(item for item in company.breakdowns if item.source == "press-2021"),
        events=tuple(item for item in company.events if item.source == "press-2021"),
    )
    found = evaluate(plan, known, today=TODAY)
    rendered = render_json([found], [], version="test", today=TODAY, level="none", failed=False)
    shown, wanted = dict(leaves(at_first_article)), dict(leaves(json.loads(rendered)))
    # The order of evidence has a test of its own in test_check.py.
    shown, wanted = ({**found, **evidence_of(found)} for found in (shown, wanted))
    places = [place for place in {**wanted, **shown} if shown.get(place) != wanted.get(place)]
    assert [(place, shown.get(place), wanted.get(place)) for place in places] == []


# The appendix of the broker's report prints ratios beside the statements that they follow from.
RATIOS = {
    "revenue_growth": ("25.8%", "-4.4%", "-11.6%", "7.7%", "20.0%"),
    "gross_margin": ("64.7%", "61.9%", "61.9%", "63.8%", "65.0%", "66.0%"),
    "net_margin": ("-2.3%", "-43.1%", "-74.9%", "-63.5%", "-13.1%", "-5.1%"),
}
YEARS = ("FY2020", "FY2021", "FY2022", "FY2023E", "FY2024E", "FY2025E")


@pytest.mark.parametrize("metric", RATIOS)
def test_the_ratios_of_the_broker_follow_from_its_statements(
    plan: Plan, company: Company, metric: str
) -> None:
    facts = tuple(fact for fact in company.facts if fact.concept != metric)
    found = evaluate(plan, company._replace(facts=facts), today=TODAY)
    (result,) = (item for item in found.metrics if item.id == metric)
    computed = {value.label: value for value in result.values if value.value is not None}
    years = YEARS[-len(RATIOS[metric]) :]
    assert not any(computed[year].stated for year in years)
    assert {year: percent(computed[year].value) for year in years} == dict(
        zip(years, RATIOS[metric], strict=True)
    )


def test_the_growth_of_2020_has_no_base_in_the_file_and_is_the_printed_one(newest: Json) -> None:
    cell = newest["reports"][0]["metrics"]["revenue_growth"]["values"]["FY2020"]
    assert (cell["value"], cell["stated"], cell["sources"]) == (1.073, True, ["broker-2024"])


def test_the_regions_of_2022_add_up_by_the_printed_digits(newest: Json) -> None:
    assert percent(values(newest, "largest_region_share")["FY2022"], 0) == "57%"


def test_growth_of_22_percent_is_in_conflict_with_the_revenue_of_the_quarters(newest: Json) -> None:
    assert [
        (item["concept"], item["period"])
        for item in newest["reports"][0]["conflicts"]
        if item["type"] == "computed-vs-stated"
    ] == [("revenue_growth", "2021Q4"), ("net_income", "FY2020")]


def test_every_conflict_has_its_type(newest: Json) -> None:
    """Those of docs/agora-facts.md of which the file holds both sides, and the guidance."""
    assert [
        (item["type"], item["concept"], item["period"], item["chosen"])
        for item in newest["reports"][0]["conflicts"]
    ] == [
        ("definition", "operating_income", "FY2022", "broker-2024"),
        ("guidance-vs-actual", "revenue", "FY2022", "broker-2024"),
        ("definition", "operating_income", "FY2021", "broker-2024"),
        ("computed-vs-stated", "revenue_growth", "2021Q4", "computed"),
        ("definition", "operating_income", "FY2020", "broker-2024"),
        ("computed-vs-stated", "net_income", "FY2020", "broker-2024"),
        ("rounding", "net_income", "FY2020", "broker-2024"),
    ]


def test_no_conflict_of_the_shipped_company_decides_anything(newest: Json) -> None:
    assert [c["decides"] for c in newest["reports"][0]["conflicts"] if c["decides"]] == []


# Where each figure stands.


def scalars(node: yaml.Node) -> Iterator[tuple[int, int, str, str | None]]:
    """Line, column and text of every scalar below `node`, with the `text:` beside it."""
    if isinstance(node, yaml.ScalarNode):
        yield node.start_mark.line + 1, node.start_mark.column + 1, node.value, None
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, yaml.MappingNode):
        texts = {key.value: value for key, value in node.value}
        printed = texts.get("text")
        for key, value in node.value:
            if key.value == "value" and printed is not None:
                mark = value.start_mark
                yield mark.line + 1, mark.column + 1, value.value, printed.value
            else:
                yield from scalars(value)


def evidence(found: Json) -> Iterator[Json]:
    report = found["reports"][0]
    for item in (*report["findings"], *report["strengths"]):
        yield from item["evidence"]
    for conflict in report["conflicts"]:
        yield from conflict["candidates"]


@pytest.mark.parametrize("name", ["newest", "at_2021", "at_first_article"])
def test_every_figure_leads_to_its_line_and_column(
    name: str, request: pytest.FixtureRequest
) -> None:
    text = AGORA.read_text(encoding="utf-8")
    lines = text.split("\n")
    places = {
        (line, column): (value, printed)
        for line, column, value, printed in scalars(yaml.compose(text, Loader=yaml.BaseLoader))
    }
    items = list(evidence(request.getfixturevalue(name)))
    assert items
    for item in items:
        value, printed = places[item["line"], item["column"]]
        written = lines[item["line"] - 1][item["column"] - 1 :].lstrip("\"'")
        assert item["file"] == str(AGORA)
        assert written.startswith(value)
        assert item["text"] == (value if printed is None else printed)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"period": "FY2021"},
        {"as_of": FIRST_ARTICLE},
        {"as_of": "2022-02-23"},
        {"packs": ("core", "saas")},
        {"fail_on": "high"},
        {"fail_on": "critical,unknown"},
    ],
)
def test_the_report_is_what_its_schema_says(options: Json) -> None:
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    outcome = run_check(
        CheckOptions((str(AGORA),), today=TODAY, version="0.1.0", outputs=("json",), **options),
        Screen(),
    )
    errors = Draft202012Validator(schema).iter_errors(json.loads(outcome.stdout))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def columns(text: str) -> int:
    """Columns on a terminal, counted here on purpose: the report counts its own."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


SCREENS: list[Json] = [
    {}, {"period": "FY2021"}, {"period": "2021Q1"}, {"as_of": FIRST_ARTICLE},
]  # fmt: skip


@pytest.mark.parametrize("options", SCREENS)
def test_the_first_screen_fits_40_lines(options: Json) -> None:
    assert len(run(**options).stdout.splitlines()) <= 40


@pytest.mark.parametrize("options", SCREENS)
def test_the_first_screen_fits_110_columns(options: Json) -> None:
    assert [text for text in run(**options).stdout.splitlines() if columns(text) > 110] == []
