"""Comparing companies: what stands in a cell, and what may be called best or worst."""

from __future__ import annotations

import csv
import functools
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ddcheck.engine.check.ranking import ranked
from ddcheck.engine.commands.compare import CompareOptions, run_compare
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.model.comparison import BEST, KNOWN, STALE, UNKNOWN, WORST, Figure
from ddcheck.engine.model.periods import Calendar
from ddcheck.engine.text.chinese.comparison import WORDS
from ddcheck.engine.text.diagnostics import display_width

ROOT = Path(__file__).parents[1]
COMPANIES = ROOT / "tests/companies"
ALDER, BIRCH, CEDAR, DOGWOOD = (
    str(COMPANIES / f"{name}.yaml") for name in ("alder", "birch", "cedar", "dogwood")
)
TODAY = date(2024, 4, 1).toordinal()
CALENDAR = Calendar()


def compared(*companies: str, **options: Any) -> Outcome:
    return run_compare(CompareOptions(companies, today=TODAY, **options), Screen())


def as_json(*companies: str, **options: Any) -> dict[str, Any]:
    outcome = compared(*companies, outputs=("json",), **options)
    found: dict[str, Any] = json.loads(outcome.stdout)
    return found


def figure(value: float | None, period: str = "FY2023", **more: Any) -> Figure:
    return Figure(KNOWN, CALENDAR.parse(period)[0], period, value, **more)


def ranks(*figures: Figure, better: str | None = "higher") -> list[str | None]:
    return [found.rank for found in ranked(figures, better)]


# --- best and worst


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((figure(1), figure(2), figure(3)), [WORST, None, BEST]),
        ((figure(1), figure(1)), [None, None]),
        ((figure(1), figure(1), figure(2)), [WORST, WORST, BEST]),
        ((figure(0.1 + 0.2), figure(0.3)), [None, None]),  # equal, whatever floats make of it
        ((figure(1),), [None]),
        ((figure(1), Figure(UNKNOWN), figure(2)), [WORST, None, BEST]),
        ((figure(1), figure(2)._replace(state=STALE)), [None, None]),
        ((figure(None, low=1, high=2), figure(3)), [WORST, BEST]),
        ((figure(None, low=1, high=3), figure(3)), [None, None]),  # the ranges meet
        ((figure(None, low=1, high=4), figure(3), figure(5)), [None, None, BEST]),
        ((figure(None, low=1.05), figure(1.04)), [BEST, WORST]),  # over 105 %
        ((figure(None, low=1.05), figure(1.06)), [None, None]),
        ((figure(1), figure(2, "2023Q4")), [None, None]),  # a year and a quarter
        ((figure(1), figure(2, "FY2022"), figure(9, "2023Q4")), [WORST, BEST, None]),
        ((figure(1), figure(2, "FY2021")), [None, None]),  # two years apart
        ((figure(1, "FY2021"), figure(5, "FY2022"), figure(6)), [None, WORST, BEST]),
        ((figure(1, currency="USD"), figure(2, currency="CNY")), [None, None]),
        ((figure(1, currency="USD"), figure(2, currency="USD"), figure(9, currency="CNY")),
         [WORST, BEST, None]),
    ],
)  # fmt: skip
def test_best_and_worst(figures: tuple[Figure, ...], expected: list[str | None]) -> None:
    assert ranks(*figures) == expected
    opposite = {BEST: WORST, WORST: BEST, None: None}
    assert ranks(*figures, better="lower") == [opposite[rank] for rank in expected]
    assert ranks(*figures, better=None) == [None] * len(figures)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0, 3)), min_size=2, max_size=7))
def test_the_best_is_beaten_by_nothing_that_its_range_allows(
    ends: list[tuple[float, float]],
) -> None:
    figures = [figure(None, low=low, high=low + width) for low, width in ends]
    for found in ranked(tuple(figures), "higher"):
        others = [other for other in figures if (other.low, other.high) != (found.low, found.high)]
        assert found.low is not None
        if found.rank == BEST:
            assert all(
                other.high is not None and other.high <= found.low + 1e-6 for other in others
            )


# --- rows and cells


@functools.cache
def three() -> dict[str, Any]:
    return as_json(ALDER, BIRCH, CEDAR)


def row(document: dict[str, Any], ident: str) -> dict[str, Any]:
    (found,) = (item for item in (*document["figures"], *document["rules"]) if item["id"] == ident)
    values: dict[str, Any] = found["values"]
    return values


def test_what_stands_in_a_cell() -> None:
    margin = row(three(), "gross_margin")
    assert (margin["alder"]["value"], margin["alder"]["grade"], margin["alder"]["rank"]) == (
        0.76, "B", "best",
    )  # fmt: skip
    assert (margin["birch"]["grade"], margin["birch"]["rank"]) == ("F", "worst")
    # Of the year nothing is known; a quarter's figure is shown for what it is.
    assert (margin["cedar"]["period"], margin["cedar"]["grade"], margin["cedar"]["rank"]) == (
        "2023Q3", None, None,
    )  # fmt: skip
    share = row(three(), "top1_customer_share")["birch"]
    assert (share["value"], share["disputed"], share["stated"]) == (0.31, True, True)
    ndr = row(three(), "ndr")["birch"]
    assert (ndr["value"], ndr["low"], ndr["high"], ndr["worst"], ndr["best"]) == (
        None, 1.05, None, "D", "A",
    )  # fmt: skip
    assert row(three(), "revenue_growth")["cedar"]["state"] == "unknown"


def test_money_is_in_each_ones_own_currency_and_never_ranked_across() -> None:
    revenue = row(three(), "revenue")
    assert [cell["currency"] for cell in revenue.values()] == ["USD", "CNY", "USD"]
    assert [cell["rank"] for cell in revenue.values()] == [None, None, None]
    floor = row(three(), "retained_revenue_floor")
    assert [cell["rank"] for cell in floor.values()] == [None, None, None]


def test_not_applicable_is_not_unknown() -> None:
    document = as_json(ALDER, DOGWOOD, everything=True)
    ndr = row(document, "ndr")
    assert (ndr["alder"]["state"], ndr["dogwood"]["state"]) == ("known", "not-applicable")
    assert row(document, "gross_margin")["dogwood"]["state"] == "unknown"
    assert row(document, "ndr-below-100-percent")["dogwood"]["outcome"] == "not-applicable"


def test_rules_stand_by_gravity() -> None:
    rules = three()["rules"]
    order = ["critical", "high", "medium", "low", "info"]
    severities = [order.index(item["severity"]) for item in rules]
    assert severities == sorted(severities)
    assert max(severities) <= order.index("medium")
    assert row(three(), "customer-above-10-percent") == {
        "alder": row(three(), "customer-above-10-percent")["alder"],
        "birch": {
            "outcome": "flag", "severity": "critical", "period": "FY2023", "reason": None,
            "firm": row(three(), "customer-above-10-percent")["birch"]["firm"],
            "on_assumptions": False, "disputed": True, "behind": False,
        },
        "cedar": {
            "outcome": "unknown", "severity": None, "period": "9M2023", "reason": "missing",
            "firm": None, "on_assumptions": False, "disputed": False, "behind": True,
        },
    }  # fmt: skip


def test_what_is_left_out_is_counted_and_shown_by_all() -> None:
    full = as_json(ALDER, BIRCH, CEDAR, everything=True)
    assert full["left_out"] == {"metrics": 0, "rules": 0}
    known = {
        item["id"]
        for item in full["figures"]
        if item["kind"] == "metric"
        and any(cell["state"] in ("known", "stale") for cell in item["values"].values())
    }
    shown = {item["id"] for item in three()["figures"] if item["kind"] == "metric"}
    assert shown <= known
    assert three()["left_out"]["metrics"] == len(known - shown) > 0


def test_rows_asked_for_stand_in_their_order() -> None:
    wanted = ("net_margin", "loss-widening", "revenue", "ndr", "cash_change", "revenue")
    document = as_json(ALDER, BIRCH, metrics=wanted)
    assert [item["id"] for item in document["figures"]] == [
        "revenue",
        "net_margin",
        "ndr",
        "cash_change",
    ]
    assert [item["id"] for item in document["rules"]] == ["loss-widening"]


def test_a_period_that_is_asked_for_is_shown_where_it_is_known() -> None:
    margin = row(as_json(ALDER, CEDAR, period="2023Q3", metrics=("gross_margin",)), "gross_margin")
    assert margin["cedar"]["period"] == "2023Q3"
    assert margin["cedar"]["value"] == 0.7
    revenue = row(as_json(ALDER, BIRCH, period="FY2022", metrics=("revenue",)), "revenue")
    assert [cell["period"] for cell in revenue.values()] == ["FY2022", "FY2022"]


def test_an_assumption_may_be_for_one_company_or_for_all() -> None:
    document = as_json(
        ALDER, BIRCH, metrics=("ndr",), assumptions=("birch:ndr=90%", "customer_limit=12%")
    )
    one, other = document["companies"]
    assert [item["written"] for item in one["assumptions"]] == ["customer_limit=12%"]
    assert [item["written"] for item in other["assumptions"]] == [
        "birch:ndr=90%", "customer_limit=12%",
    ]  # fmt: skip
    ndr = row(document, "ndr")
    assert [cell["on_assumptions"] for cell in ndr.values()] == [False, True]
    assert [cell["rank"] for cell in ndr.values()] == ["best", "worst"]


# --- formats


def test_the_json_is_what_its_schema_says() -> None:
    schema = json.loads((ROOT / "schemas/comparison.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    agora = str(ROOT / "companies/agora.yaml")
    for document in (
        three(),
        as_json(agora, DOGWOOD, everything=True, assumptions=("ndr=unknown", "agora:ndr=1.2")[1:]),
        as_json(ALDER, BIRCH, metrics=("revenue",), period="FY2022", language="zh"),
    ):
        assert list(validator.iter_errors(document)) == []
    broken = json.loads(json.dumps(three()))
    broken["figures"][0]["values"]["alder"]["rank"] = "first"
    del broken["companies"][0]["gate"]
    broken["rules"][0]["values"]["birch"]["outcome"] = "failed"
    places = {"/".join(map(str, error.absolute_path)) for error in validator.iter_errors(broken)}
    assert places == {
        "figures/0/values/alder/rank", "companies/0", "rules/0/values/birch/outcome",
    }  # fmt: skip


def test_the_csv_says_what_the_json_says() -> None:
    text = compared(ALDER, BIRCH, CEDAR, outputs=("csv",)).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [item["id"] for item in rows] == [
        item["id"] for item in (*three()["figures"], *three()["rules"])
    ]
    for item in rows:
        if item["kind"] == "rule":
            continue
        for name, cell in row(three(), item["id"]).items():
            assert item[name] == ("" if cell["value"] is None else str(cell["value"]))
            assert item[f"{name} period"] == (cell["period"] or "")
            assert item[f"{name} state"] == cell["state"]
            assert item[f"{name} rank"] == (cell["rank"] or "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", range(2, 9))
def test_the_page_is_110_columns_wide(count: int, language: str, tmp_path: Path) -> None:
    paths = []
    for i in range(count):
        source = Path((ALDER, BIRCH, CEDAR, DOGWOOD)[i % 4]).read_text(encoding="utf-8")
        name = ("alder", "birch", "cedar", "dogwood")[i % 4]
        path = tmp_path / f"c{i}.yaml"
        path.write_text(source.replace(f"id: {name}", f"id: c{i}"), encoding="utf-8")
        paths.append(str(path))
    text = compared(*paths, language=language).stdout
    assert max(display_width(line) for line in text.splitlines()) <= 110
    assert all(f"c{i}" in text.split() for i in range(count))
    blocks = text.count("\n\n" + " " * 20)
    assert blocks == (1 if count <= 6 else 2)


def test_every_word_of_the_page_is_there_in_chinese() -> None:
    said = compared(ALDER, BIRCH, CEDAR, DOGWOOD, language="zh", assumptions=("ndr=120%",)[:0])
    english = {word for word in WORDS if "{" not in word and len(word) > 3 and word.isascii()}
    assert {word for word in english if word in said.stdout} == set()


def test_a_screen_without_the_signs_gets_plainer_ones() -> None:
    outcome = run_compare(CompareOptions((ALDER, BIRCH), today=TODAY), Screen(encoding="ascii"))
    outcome.stdout.encode("ascii")
    assert "B^" in outcome.stdout
    assert "?" not in outcome.stdout.replace("?", "", 0).split("best")[0].split("FIGURES")[1]


# --- companies that cannot be compared


def test_the_rest_is_shown_where_one_is_broken(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("ddcheck: company/1\n")
    outcome = compared(ALDER, str(broken), BIRCH)
    assert outcome.code == 2
    assert outcome.stdout == compared(ALDER, BIRCH).stdout


def test_companies_with_nothing_in_common() -> None:
    document = as_json(CEDAR, DOGWOOD)
    assert all(
        cell["rank"] is None for item in document["figures"] for cell in item["values"].values()
    )
    assert [item["id"] for item in document["companies"]] == ["cedar", "dogwood"]
