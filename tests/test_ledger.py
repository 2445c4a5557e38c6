"""The ledger: which fact counts, what follows from several, and that none is lost."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sourced_company import core_plan, read_sourced

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.rivals import between_sources
from ddcheck.engine.language.context import Context
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.ledger import ONLY_ACTUAL, ONLY_ESTIMATE, ONLY_GUIDANCE, PLAIN, Ledger
from ddcheck.engine.model.periods import ACTUAL, ESTIMATE, GUIDANCE
from ddcheck.engine.model.sums import Entry, Sum, entry_facts


def _ledger(
    text: str, as_of: str | None = None, *, currency: str = "USD", year_end: str = "12-31"
) -> Ledger:
    company, said = read_sourced(text, currency=currency, year_end=year_end)
    # Sources here are of any day: an actual from after its source is no matter.
    assert [item for item in said if item.code != "DD571"] == []
    return Ledger(company, None if as_of is None else _day(as_of))


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _series(facts: dict[str, str], name: str = "revenue") -> Ledger:
    """A ledger of one concept, whose facts all come from one source."""
    lines = "".join(f"    {when}: {value}\n" for when, value in facts.items())
    return _ledger(f"facts:\n  {name}:\n    source: broker-2024\n{lines}")


def _flow(ledger: Ledger, period: str, kinds: str = PLAIN) -> Entry | None:
    return ledger.flow("revenue", ledger.calendar.parse(period)[0], kinds)


def _number(entry: Entry | None) -> float | None:
    return None if entry is None else entry.value


def _made_of(entry: Entry | None) -> list[tuple[str, str]]:
    """The stated facts of a sum with their signs."""
    assert isinstance(entry, Sum)
    return [("+" if sign > 0 else "-", str(fact.period)) for sign, fact in entry.parts]


def _conflicts(ledger: Ledger) -> tuple[Conflict, ...]:
    """What sources contradict each other in; figures that only touch are none."""
    found = between_sources(core_plan(), ledger)
    return tuple(conflict for conflict in found if conflict.type != "rounding")


QUARTERS = {f"2021Q{n}": f"{n} USD" for n in (1, 2, 3, 4)}


# --- what is derived


@pytest.mark.parametrize(
    ("facts", "period", "value", "parts"),
    [
        (QUARTERS, "FY2021", 10, ["+2021Q1", "+2021Q2", "+2021Q3", "+2021Q4"]),
        (QUARTERS, "2021H1", 3, ["+2021Q1", "+2021Q2"]),
        (QUARTERS, "9M2021", 6, ["+2021Q1", "+2021Q2", "+2021Q3"]),
        ({"FY2021": "10 USD", "9M2021": "6 USD"}, "2021Q4", 4, ["-9M2021", "+FY2021"]),
        ({"FY2021": "10 USD", "2021H1": "3 USD"}, "2021H2", 7, ["-2021H1", "+FY2021"]),
        ({"9M2021": "6 USD", "2021H1": "3 USD"}, "2021Q3", 3, ["-2021H1", "+9M2021"]),
        ({"2021H1": "3 USD", "2021H2": "7 USD"}, "FY2021", 10, ["+2021H1", "+2021H2"]),
        ({"9M2021": "6 USD", "2021Q4": "4 USD"}, "FY2021", 10, ["+9M2021", "+2021Q4"]),
        (
            {"FY2020": "9 USD", **QUARTERS, "2020Q4": "4 USD"},
            "TTM2021Q3",
            10,
            ["+2020Q4", "+2021Q1", "+2021Q2", "+2021Q3"],
        ),
        (
            {"FY2020": "9 USD", "2020Q1": "2 USD", "2021Q1": "3 USD"},
            "TTM2021Q1",
            10,
            ["-2020Q1", "+FY2020", "+2021Q1"],
        ),
        (
            {"FY2022": "9 USD", "9M2022": "6 USD", "9M2023": "8 USD"},
            "TTM2023Q3",
            11,
            ["-9M2022", "+FY2022", "+9M2023"],
        ),
        (
            {f"2021-0{month}": "2 USD" for month in (1, 2, 3)},
            "2021Q1",
            6,
            ["+2021-01", "+2021-02", "+2021-03"],
        ),
    ],
)  # fmt: skip
def test_flows_add_up(facts: dict[str, str], period: str, value: float, parts: list[str]) -> None:
    entry = _flow(_series(facts), period)
    assert _number(entry) == value
    assert [sign + label for sign, label in _made_of(entry)] == parts


def test_a_stated_flow_comes_before_its_sum() -> None:
    entry = _flow(_series({"FY2021": "11 USD", **QUARTERS}), "FY2021")
    assert not isinstance(entry, Sum)
    assert _number(entry) == 11
    assert _number(_flow(_series({"FY2021": "11 USD", **QUARTERS}), "TTM2021Q4")) == 11


@pytest.mark.parametrize(
    ("facts", "period"),
    [
        ({"2021Q1": "1 USD", "2021Q2": "2 USD", "2021Q4": "4 USD"}, "FY2021"),
        ({"FY2021": "10 USD"}, "2021Q4"),
        ({"FY2020": "9 USD", "2021Q1": "3 USD"}, "TTM2021Q1"),
        ({"2021Q1": "1 USD"}, "2021-01"),
        ({"FY2021": "10 USD"}, "FY2022"),
        ({}, "FY2021"),
    ],
)
def test_what_does_not_follow(facts: dict[str, str], period: str) -> None:
    assert _flow(_series(facts or {"FY1999": "1 USD"}), period) is None


def test_the_parts_of_a_year_as_they_are_stated() -> None:
    ledger = _series({"FY2021": "11 USD", **QUARTERS, "2022Q1": "5 USD", "2021Q4E": "6 USD"})
    year = ledger.calendar.parse("FY2021")[0]
    assert [_number(part) for part in ledger.parts("revenue", "quarter", year)] == [1, 2, 3, 4]
    assert ledger.parts("revenue", "half", year) == [None, None]


def test_the_interval_of_a_sum_is_the_sum_of_intervals() -> None:
    entry = _flow(_series({"FY2021": "10.0 USD million", "9M2021": "6 USD million"}), "2021Q4")
    assert isinstance(entry, Sum)
    assert (entry.value, entry.low, entry.high) == (4e6, 3.45e6, 4.55e6)
    entry = _flow(_series({"2021H1": "over 3 USD", "2021H2": "7 USD"}), "FY2021")
    assert isinstance(entry, Sum)
    assert (entry.value, entry.low, entry.high) == (None, 9.5, math.inf)
    entry = _flow(_series({"FY2021": "10 USD", "2021H1": "over 3 USD"}), "2021H2")
    assert isinstance(entry, Sum)
    assert (entry.value, entry.low, entry.high) == (None, -math.inf, 7.5)


# --- kinds


def test_actual_before_estimate() -> None:
    ledger = _series(
        {"FY2021": "5 USD", "FY2021E": "6 USD", "FY2021G": "7 USD", "FY2022E": "8 USD"}
    )
    wanted = {
        PLAIN: (5, 8),
        ONLY_ACTUAL: (5, None),
        ONLY_ESTIMATE: (6, 8),
        ONLY_GUIDANCE: (7, None),
    }
    for kinds, values in wanted.items():
        found = tuple(_number(_flow(ledger, period, kinds)) for period in ("FY2021", "FY2022"))
        assert found == values


def test_a_sum_of_actuals_comes_before_an_estimate() -> None:
    ledger = _series({**QUARTERS, "FY2021E": "11 USD"})
    entry = _flow(ledger, "FY2021")
    assert _number(entry) == 10
    assert entry is not None
    assert entry.kind == ACTUAL
    assert _number(_flow(ledger, "FY2021", ONLY_ESTIMATE)) == 11


def test_a_sum_that_mixes_kinds_is_an_estimate() -> None:
    ledger = _series({"2023Q1": "1 USD", "2023Q2": "2 USD", "2023Q3": "3 USD", "2023Q4E": "4 USD"})
    entry = _flow(ledger, "FY2023")
    assert entry is not None
    assert (entry.value, entry.kind) == (10, ESTIMATE)
    assert _flow(ledger, "FY2023", ONLY_ACTUAL) is None
    assert _number(_flow(ledger, "FY2023", ONLY_ESTIMATE)) == 10
    rest = _flow(_series({"FY2023E": "10 USD", "9M2023": "6 USD"}), "2023Q4")
    assert rest is not None
    assert (rest.value, rest.kind) == (4, ESTIMATE)


def test_actuals_alone_are_no_estimate() -> None:
    assert _flow(_series(QUARTERS), "FY2021", ONLY_ESTIMATE) is None


def test_guidance_is_never_mixed_in() -> None:
    ledger = _series({"2021H1": "3 USD", "2021H2G": "7 USD"})
    assert _flow(ledger, "FY2021") is None
    assert _flow(ledger, "FY2021", ONLY_GUIDANCE) is None
    entry = _flow(_series({"2021H1G": "3 USD", "2021H2G": "7 USD"}), "FY2021", ONLY_GUIDANCE)
    assert entry is not None
    assert (entry.value, entry.kind) == (10, GUIDANCE)


# --- choice


def _chosen(facts: str) -> tuple[str, list[str]]:
    """The source that counts for revenue in FY2021, and all candidates in order."""
    ledger = _ledger(f"facts:\n  revenue:\n    FY2021:\n{facts}")
    entry = _flow(ledger, "FY2021")
    assert entry is not None
    (fact,) = entry_facts(entry)
    assert ledger.is_chosen(fact)
    candidates = ledger.candidates(fact)
    assert [ledger.is_chosen(other) for other in candidates] == [True] + [False] * (
        len(candidates) - 1
    )
    assert set(candidates) == set(ledger.facts), "no fact is lost"
    return fact.source, [other.source for other in candidates]


def _from(*entries: tuple[str, str]) -> str:
    return "".join(f"      - {{value: {value}, source: {source}}}\n" for source, value in entries)


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        # tier
        (
            [("press-2024", "5.001 USD"), ("broker-2022", "5.01 USD"), ("filing-2023", "5.1 USD"),
             ("audited-2022", "5 USD")],
            ["audited-2022", "filing-2023", "broker-2022", "press-2024"],
        ),
        # then the newest
        (
            [("broker-2022", "5.001 USD"), ("broker-2024", "5 USD")],
            ["broker-2024", "broker-2022"],
        ),
        # then the most precise
        (
            [("press-2024", "5 USD"), ("unsigned-2024", "5.00 USD")],
            ["unsigned-2024", "press-2024"],
        ),
        (
            [("press-2024", "over 4 USD"), ("unsigned-2024", "5 USD")],
            ["unsigned-2024", "press-2024"],
        ),
        # then the first in the file
        (
            [("unsigned-2024", "5 USD"), ("press-2024", "5 USD")],
            ["unsigned-2024", "press-2024"],
        ),
        (
            [("press-2024", "over 4 USD"), ("unsigned-2024", "under 6 USD")],
            ["press-2024", "unsigned-2024"],
        ),
    ],
)  # fmt: skip
def test_which_fact_counts(entries: list[tuple[str, str]], order: list[str]) -> None:
    assert _chosen(_from(*entries)) == (order[0], order)


def test_what_was_not_published_is_not_known() -> None:
    entries = _from(("press-2021", "4 USD"), ("audited-2022", "5 USD"), ("broker-2024", "6 USD"))
    text = f"facts:\n  revenue:\n    FY2021:\n{entries}"
    seen = {}
    for as_of in ("2021-05-27", "2021-05-28", "2022-03-01", "2030-01-01"):
        ledger = _ledger(text, as_of)
        newest = None if ledger.newest is None else date.fromordinal(ledger.newest).isoformat()
        seen[as_of] = (_number(_flow(ledger, "FY2021")), len(ledger.facts), newest)
    assert seen == {
        "2021-05-27": (None, 0, None),
        "2021-05-28": (4, 1, "2021-05-28"),
        "2022-03-01": (5, 2, "2022-03-01"),
        "2030-01-01": (5, 3, "2025-02-06"),
    }


def test_events_and_breakdowns_are_hidden_too() -> None:
    text = (
        "breakdowns:\n"
        "  - {concept: revenue, by: region, period: FY2021, source: broker-2024, unit: USD,\n"
        "     parts: {china: 3, overseas: 2}}\n"
        "events:\n"
        "  - {said: stable, about: revenue, over: FY2020..FY2021, source: broker-2024}\n"
        "  - {said: rising, about: revenue, over: FY2020..FY2021, source: press-2021}\n"
    )
    early, late = _ledger(text, "2022-01-01"), _ledger(text)
    assert early.breakdowns == {}
    assert list(late.breakdowns) == [("revenue", "region", ACTUAL)]
    assert [event.said for event in early.events] == ["rising"]
    assert [event.source for event in late.said("revenue", "stable")] == ["broker-2024"]
    assert early.said("revenue", "stable") == []


# --- conflicts


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("press-2024", "5 USD"), ("broker-2024", "5.4 USD")], None),
        ([("press-2024", "5 USD"), ("broker-2024", "5.5 USD")], None),
        ([("press-2024", "4.5 USD"), ("broker-2024", "5 USD")], None),
        ([("press-2024", "over 5 USD"), ("broker-2024", "5 USD")], None),
        (
            [("press-2024", "5 USD"), ("broker-2024", "6.1 USD")],
            ("value", "broker before press", ["broker-2024", "press-2024"]),
        ),
        (
            [("broker-2022", "5 USD"), ("broker-2024", "6.1 USD")],
            ("restatement", "the newer source", ["broker-2024", "broker-2022"]),
        ),
        (
            [("unsigned-2024", "5 USD"), ("unsigned-2025", "6.1 USD")],
            ("value", "the newer source", ["unsigned-2025", "unsigned-2024"]),
        ),
        (
            [("press-2024", "5 USD"), ("unsigned-2024", "6.10 USD")],
            ("value", "the more precise figure", ["unsigned-2024", "press-2024"]),
        ),
        (
            [("press-2024", "5 USD"), ("unsigned-2024", "7 USD")],
            ("value", "the first in the file", ["press-2024", "unsigned-2024"]),
        ),
        # two that both meet the chosen one, but not each other
        (
            [("audited-2022", "5 USD"), ("press-2024", "4.6 USD"), ("unsigned-2024", "5.4 USD")],
            ("value", "audited before press", ["audited-2022", "press-2024", "unsigned-2024"]),
        ),
    ],
)
def test_conflicts(
    entries: list[tuple[str, str]], expected: tuple[str, str, list[str]] | None
) -> None:
    ledger = _ledger(f"facts:\n  revenue:\n    FY2021:\n{_from(*entries)}")
    found = [
        (conflict.type, conflict.reason, [fact.source for fact in conflict.candidates])
        for conflict in _conflicts(ledger)
    ]
    assert found == ([expected] if expected else [])


def test_stocks_meet_at_their_instant() -> None:
    ledger = _ledger(
        "facts:\n  total_assets:\n"
        "    FY2021: {value: 5 USD, source: broker-2024}\n"
        "    2021Q4: {value: 6 USD, source: press-2024}\n"
        "    2021-12-31: {value: 7 USD, source: press-2021}\n"
        "    2021Q3: {value: 1 USD, source: press-2021}\n"
    )
    (conflict,) = _conflicts(ledger)
    assert [fact.value for fact in conflict.candidates] == [5, 6, 7]
    assert str(conflict.period) == "2021-12-31"
    assert _number(ledger.balance("total_assets", _day("2021-12-31"), PLAIN)) == 5
    assert _number(ledger.balance("total_assets", _day("2021-09-30"), PLAIN)) == 1
    assert ledger.balance("total_assets", _day("2021-12-30"), PLAIN) is None


def test_a_52_week_balance_meets_its_year() -> None:
    ledger = _ledger(
        "facts:\n  total_assets:\n"
        "    2021-09-25: {value: 5 USD, source: broker-2024}\n"
        "    FY2021: {value: 7 USD, source: press-2024}\n",
        year_end="09-28",
    )
    assert len(_conflicts(ledger)) == 1
    year = ledger.calendar.parse("FY2021")[0]
    assert _number(ledger.balance("total_assets", year.end, PLAIN)) == 5


def test_what_is_scoped_or_of_another_kind_is_no_conflict() -> None:
    ledger = _ledger(
        "facts:\n  revenue:\n"
        "    FY2021:\n"
        "      - {value: 5 USD, source: broker-2024}\n"
        "      - {value: 3 USD, source: press-2024, scope: {region: overseas}}\n"
        "    FY2021E: {value: 9 USD, source: broker-2022}\n"
    )
    assert _conflicts(ledger) == ()
    assert ledger.names() == {"revenue"}


# --- scopes, instants, fixed values


def test_a_plain_name_never_sees_a_scope() -> None:
    ledger = _ledger(
        "facts:\n  revenue:\n"
        "    FY2021: {value: 3 USD, source: broker-2024, scope: {region: china}}\n"
        "breakdowns:\n"
        "  - {concept: revenue, by: region, period: FY2022, source: broker-2024, unit: USD,\n"
        "     parts: {china: 4, overseas: 2}}\n"
        '  - {concept: revenue, by: region, period: FY2023, source: broker-2024, unit: "%",\n'
        "     parts: {china: 60, overseas: 40}}\n"
    )
    china = ("region", "china")
    year = [ledger.calendar.parse(f"FY{y}")[0] for y in (2021, 2022, 2023)]
    assert [_number(ledger.flow("revenue", period, PLAIN)) for period in year] == [None] * 3
    assert [_number(ledger.flow("revenue", period, PLAIN, china)) for period in year] == [
        3, 4, None,
    ]  # fmt: skip
    (shares,) = ledger.breakdowns.values()
    assert [[part.value for part in found.parts] for found in shares.values()] == [
        [4, 2], [0.6, 0.4],
    ]  # fmt: skip


def test_the_best_breakdown_counts() -> None:
    text = "".join(
        f"  - {{concept: revenue, by: region, period: FY2021, source: {source}, unit: USD,\n"
        f"     parts: {{china: {value}}}}}\n"
        for source, value in [("press-2024", 1), ("broker-2022", 2), ("broker-2024", 3)]
    )
    ledger = _ledger(f"breakdowns:\n{text}")
    (found,) = ledger.breakdowns["revenue", "region", ACTUAL].values()
    assert found.source == "broker-2024"
    assert len(ledger.company.breakdowns) == 3


def test_the_latest_balance() -> None:
    ledger = _ledger(
        "facts:\n  total_assets:\n    source: broker-2024\n"
        "    2021Q4: 5 USD\n    2022Q2: 6 USD\n    2022Q4E: 7 USD\n"
    )
    wanted = {
        "2021-12-30": None, "2021-12-31": 5, "2022-06-29": 5, "2022-06-30": 6, "2023-06-30": 6,
        "2023-09-30": 6, "2023-10-02": 7, "2024-03-31": 7, "2024-06-01": None,
    }  # fmt: skip
    found = {
        day: _number(ledger.latest_balance("total_assets", _day(day), PLAIN)) for day in wanted
    }
    assert found == wanted


def test_fixed_values_hold_from_a_day_on() -> None:
    ledger = _ledger(
        "facts:\n  ipo_price:\n"
        "    - {value: 20 USD/ads, since: 2020-06-26, source: press-2021}\n"
        "    - {value: 21 USD/ads, since: 2020-06-26, source: broker-2024}\n"
        "    - {value: 10 USD/ads, since: 2022-01-01, source: press-2024}\n"
    )
    wanted = {"2020-06-25": None, "2020-06-26": 21, "2021-12-31": 21, "2022-01-01": 10}
    found = {day: _number(ledger.holding("ipo_price", _day(day))) for day in wanted}
    assert found == wanted


# --- currencies


FOREIGN = """\
facts:
  revenue:
    FY2020: {value: 3 CNY million, source: broker-2024}
    FY2021:
      - {value: 5 USD million, source: broker-2024}
      - {value: 32 CNY million, source: audited-2022}
      - {value: 33 CNY million, source: broker-2024}
  total_assets:
    FY2021: {value: 9 USD million, source: audited-2022}
breakdowns:
  - {concept: revenue, by: region, period: FY2020, source: broker-2024, unit: USD million,
     parts: {china: 4, overseas: 1}}
"""


def test_a_name_sees_the_companys_own_currency_only() -> None:
    ledger = _ledger(FOREIGN, currency="CNY")
    assert [_number(_flow(ledger, period)) for period in ("FY2020", "FY2021")] == [3e6, 32e6]
    assert ledger.balance("total_assets", _day("2021-12-31"), PLAIN) is None
    assert ledger.breakdowns == {}
    assert {name: [f.text for f in facts] for name, facts in ledger.foreign.items()} == {
        "revenue": ["5 USD million", "4", "1"],
        "total_assets": ["9 USD million"],
    }
    ledger = _ledger(FOREIGN, currency="USD")
    assert [_number(_flow(ledger, period)) for period in ("FY2020", "FY2021")] == [None, 5e6]
    assert list(ledger.breakdowns) == [("revenue", "region", ACTUAL)]
    assert len(ledger.facts) == 7


def test_candidates_share_a_currency() -> None:
    ledger = _ledger(FOREIGN, currency="CNY")
    groups = {fact.text: [other.text for other in ledger.candidates(fact)] for fact in ledger.facts}
    assert groups["5 USD million"] == ["5 USD million"]
    assert groups["33 CNY million"] == ["32 CNY million", "33 CNY million"]
    assert _conflicts(ledger) == ()


def test_a_foreign_fact_reaches_no_formula() -> None:
    company, said = read_sourced(FOREIGN, currency="CNY")
    assert said == []
    context = Context(core_plan(), Ledger(company), _day("2024-12-31"))
    row = context.evaluator("year", "points")
    years = [str(period) for period in context.axis("year").periods]
    values = dict(zip(years, context.named("revenue", row).values, strict=True))
    assert {year: value for year, value in values.items() if value is not None} == {
        "FY2020": 3e6, "FY2021": 32e6,
    }  # fmt: skip
    assert set(context.named("total_assets", row).values) == {None}
    found = evaluate(core_plan(), company, today=_day("2024-12-31"), as_of=None, period=None)
    texts = {fact.text for finding in found.findings for fact in finding.evidence}
    assert not {text for text in texts if "USD" in text}


# --- properties


amounts = st.integers(0, 10**6)


@settings(max_examples=60)
@given(st.lists(amounts, min_size=12, max_size=12), st.data())
def test_every_derivation_gives_the_true_flow(months: list[int], data: st.DataObject) -> None:
    """Whatever spans of a year are stated, what follows from them is what the months add up to."""
    spans = {
        **{f"2021-{month + 1:02d}": (month, 1) for month in range(12)},
        **{f"2021Q{quarter + 1}": (3 * quarter, 3) for quarter in range(4)},
        **{f"2021H{half + 1}": (6 * half, 6) for half in range(2)},
        **{f"{length}M2021": (0, length) for length in (9, 10, 11)},
        "FY2021": (0, 12),
    }
    stated = data.draw(st.lists(st.sampled_from(sorted(spans)), unique=True, min_size=1))
    total = {name: sum(months[start : start + n]) for name, (start, n) in spans.items()}
    ledger = _series({name: f"{{value: {total[name]} USD, exact: true}}" for name in stated})
    for name in spans:
        entry = _flow(ledger, name)
        if entry is None:
            assert name not in stated
        else:
            assert (entry.value, entry.low, entry.high) == (total[name],) * 3
            assert isinstance(entry, Sum) == (name not in stated)
