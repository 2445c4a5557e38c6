"""What `--set` does, and what it must not do."""

from __future__ import annotations

import functools
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddcheck.engine.check.assumptions import Assumed, assume
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.model.company import Company, Fact
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.periods import kind_suffix
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.variants import ASSUMED
from ddcheck.engine.report.lines import plain
from ddcheck.engine.report.screen import first_screen
from ddcheck.engine.text.diagnostics import Report, render

ROOT = Path(__file__).parents[1]
AGORA = str(ROOT / "companies/agora.yaml")
ALDER = str(ROOT / "tests/companies/alder.yaml")
TODAY = date(2026, 11, 21).toordinal()


@functools.cache
def plan() -> Plan:
    report = Report()
    found = load_plan((), report)
    assert report.items == []
    return found


def company(path: str = AGORA) -> Company:
    return read_once(path)


@functools.cache
def read_once(path: str) -> Company:
    report = Report()
    found = read_company(path, plan(), report)
    assert found is not None
    assert not report.failed
    return found


def assumed(*written: str, path: str = AGORA, as_of: int | None = None) -> Assumed:
    report = Report()
    found = assume(plan(), company(path), written, report, today=TODAY, as_of=as_of)
    assert found is not None, render(report)
    return found


def judged(*written: str, path: str = AGORA, as_of: int | None = None) -> Evaluation:
    found = assumed(*written, path=path, as_of=as_of)
    return evaluate(
        found.plan, found.company, today=TODAY, as_of=as_of, assumptions=found.assumptions
    )


def finding(evaluation: Evaluation, ident: str) -> Finding:
    return next(item for item in evaluation.findings if item.id == ident)


def verdicts(evaluation: Evaluation) -> dict[str, object]:
    """All that was decided, without how firmly and on what."""
    found: dict[str, object] = {
        item.id: (item.outcome, item.severity, item.period, item.reason, item.message, item.behind)
        for item in (*evaluation.findings, *evaluation.strengths)
    }
    for metric in evaluation.metrics:
        latest = metric.latest
        value = latest and (latest.label, latest.value)
        found[f"metric {metric.id}"] = (metric.state, metric.letters, metric.behind, value)
    found["grade"] = evaluation.grade
    return found


def key(fact: Fact) -> tuple[object, ...]:
    return (fact.concept, fact.scope, fact.share, fact.kind, fact.period, fact.unit)


def written_of(fact: Fact) -> str:
    """The option that sets a fact to what its source prints."""
    scope = f"[{fact.scope[0]}:{fact.scope[1]}]" if fact.scope else ""
    text = fact.node.text
    if re.fullmatch(r"[-(]?[\d.,]+\)?", text):  # a cell of a table: the unit stands in its head
        cells = {"USD": ("USD million", 1e6), "ratio": ("%", 0.01), "count": ("count", 1)}
        unit, scale = cells.get(fact.unit, (fact.unit, 1))
        assert fact.value is not None
        if float(text.strip("()").replace(",", "")) * scale != pytest.approx(abs(fact.value)):
            unit = fact.unit if fact.unit != "ratio" else "x"
        text = f"{text} {unit}"
    return f"{fact.concept}{scope}@{fact.period}{kind_suffix(fact.kind)}={text}"


# --- what is set


def test_a_fact_takes_the_place_of_every_fact_of_its_key() -> None:
    found = assumed("net_income@FY2020=-5 USD million")
    (item,) = found.assumptions
    before = [f for f in company().facts if f.concept == "net_income" and str(f.period) == "FY2020"]
    assert {f.source for f in item.displaced} == {f.source for f in before} >= {"broker-2024"}
    assert len(item.displaced) == len(before)
    after = [
        f for f in found.company.facts if f.concept == "net_income" and str(f.period) == "FY2020"
    ]
    assert after == [item.fact]
    assert item.fact is not None
    assert (item.fact.source, item.fact.value, item.period) == (ASSUMED, -5e6, "FY2020")


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("revenue=150 USD million", "FY2022"),  # a flow: the newest reported year
        ("total_assets=1 USD million", "2022-12-31"),  # a stock: its end
        ("market_cap=1 USD million", "2024-02-06"),  # quoted: the newest day of a price
        ("ipo_price=25 USD/ads", "2020-06-26"),  # fixed: from when the one that holds began
        ("ads_ratio=5 shares/ads", "2022-01-01"),  # fixed and not known: from the reported year
        ("gross_margin=70%", "FY2022"),
        ("net_cash=1 USD million", "2022-12-31"),  # a metric made of stocks
        ("price_to_sales=2x", "2024-02-06"),
        ("revenue_growth_qoq=5%", "2023Q3"),
        ("revenue@FY2023E=150 USD million", "FY2023E"),
        ("revenue@FY2022G=150..160 USD million", "FY2022G"),
        ("ndr[region:overseas]@2022Q3..2023Q1=120%", "2022Q3..2023Q1"),
    ],
)
def test_the_period_is_the_natural_one_and_told(written: str, period: str) -> None:
    (item,) = assumed(written).assumptions
    if written.startswith("ads_ratio"):
        holding = Ledger(company()).holding("ads_ratio", date(2022, 12, 31).toordinal())
        period = holding.period.label if holding is not None else period
    assert item.period == period


def test_a_metric_that_is_set_wins_over_the_computed_one() -> None:
    evaluation = judged("gross_margin=40%")
    margin = next(metric for metric in evaluation.metrics if metric.id == "gross_margin")
    assert margin.latest is not None
    assert (margin.latest.value, margin.latest.sources, margin.letter) == (0.4, (ASSUMED,), "D")
    assert finding(evaluation, "gross-margin-falling").on_assumptions
    assert not any(c.concept == "gross_margin" and c.period == margin.latest.period
                   for c in evaluation.conflicts)  # fmt: skip


def test_a_bound_is_kept_as_a_bound() -> None:
    evaluation = judged("ndr=over 99%")
    found = finding(evaluation, "ndr-below-100-percent")
    assert (found.outcome, found.reason) == ("unknown", "bounded")
    assert finding(judged("ndr=over 101%"), "ndr-below-100-percent").outcome == "pass"


def test_a_parameter_is_set_and_what_rests_on_it_is_marked() -> None:
    plain, strict = judged(path=ALDER), judged("customer_limit=15%", path=ALDER)
    assert finding(plain, "customer-above-10-percent").outcome == "flag"
    found = finding(strict, "customer-above-10-percent")
    assert (found.outcome, found.on_assumptions) == ("pass", True)
    assert not finding(strict, "loss-widening").on_assumptions
    (item,) = strict.assumptions
    assert (item.fact, item.period, item.value, item.before) == (None, None, 0.15, 0.1)


@pytest.mark.parametrize(("value", "usable"), [("50%", True), ("50.01%", False), ("0.9%", False)])
def test_bounds_of_a_parameter_hold(value: str, *, usable: bool) -> None:
    report = Report()
    assert (assume(plan(), company(), (f"customer_limit={value}",), report) is not None) is usable
    assert [item.code for item in report] == ([] if usable else ["DD532"])


def test_a_fact_can_be_taken_away() -> None:
    evaluation = judged("ndr=unknown", path=ALDER)
    found = finding(evaluation, "ndr-below-100-percent")
    assert (found.outcome, found.on_assumptions) == ("unknown", True)
    (item,) = evaluation.assumptions
    assert (item.fact, item.value, len(item.displaced)) == (None, None, 1)
    assert verdicts(judged("ndr=~", path=ALDER)) == verdicts(evaluation)


def test_a_parameter_can_be_taken_away() -> None:
    found = finding(judged("customer_limit=unknown", path=ALDER), "customer-above-10-percent")
    assert (found.outcome, found.on_assumptions) == ("unknown", True)


SNOWFLAKE = str(ROOT / "companies/snowflake.yaml")


def strength(evaluation: Evaluation, ident: str) -> Finding:
    return next(item for item in evaluation.strengths if item.id == ident)


def test_what_quotes_an_assumption_is_marked() -> None:
    """The price decides nothing of the rule: its message gives it."""
    (found,) = (f for f in judged("share_price=3 USD/ads").strengths if "price 3.00" in f.message)
    assert found.on_assumptions
    assert not any(f.source == ASSUMED for f in found.evidence)
    assert found.firm is None
    assert not strength(judged("headcount=900"), found.id).on_assumptions


def test_a_verdict_that_an_assumption_moves_to_an_older_period_is_marked() -> None:
    name = "high-quality-revenue"
    plain = strength(judged(path=SNOWFLAKE), name)
    moved = strength(judged("gross_profit@FY2025=2720.5 USD million", path=SNOWFLAKE), name)
    assert (plain.outcome, plain.period, plain.on_assumptions) == ("pass", "FY2025", False)
    assert (moved.outcome, moved.period, moved.on_assumptions) == ("pass", "FY2024", True)
    assert moved.firm is None
    # What would not have changed it is no reason to mark it.
    older = judged("gross_profit@FY2020=100 USD million", path=SNOWFLAKE)
    assert not strength(older, name).on_assumptions


def test_the_last_figure_of_a_request_is_of_what_is_asked_for() -> None:
    evaluation = judged("revenue@FY2022=unknown")
    asked = {item.name: item for item in evaluation.requests if not item.explains}
    assert asked["revenue"].last is None
    assert asked["top1_customer_share"].last == ("14.0%", "2020Q1")
    shown = plain(first_screen(evaluation, 0, 110))
    assert "113.1% at FY2021 (flag), stale" not in shown
    assert "last 14.0% at 2020Q1 (flag), stale" in shown


@pytest.mark.parametrize(
    ("scope", "help_"),
    [
        ("region:mars", "`region` is stated for: "),
        ("region:oversea", "did you mean `overseas`?"),
        ("region:overseas", None),
    ],
)
def test_a_member_that_no_source_states_is_warned_of(scope: str, help_: str | None) -> None:
    report = Report()
    written = (f"ndr[{scope}]@2023Q1=over 130%",)
    assert assume(plan(), company(), written, report, today=TODAY) is not None
    if help_ is None:
        assert report.items == []
        return
    (item,) = report
    member = scope.partition(":")[2]
    assert (item.code, item.message) == ("DD532", f"no source states `ndr` for region `{member}`")
    assert not report.failed
    assert item.help is not None
    assert item.help.startswith(help_)


# --- what it must not do


@pytest.mark.parametrize(
    "written",
    ["revenue@FY2023=150 USD million", "total_assets@2023-12-31=1 USD million",
     "revenue@2023Q4=30 USD million", "cash_flow_margin@FY2023=1%"],
)  # fmt: skip
def test_an_assumption_makes_no_file_look_newer(written: str) -> None:
    if written.startswith("cash_flow"):
        written = "net_margin@FY2023=1%"
    plain, evaluation = judged(), judged(written)
    assert evaluation.newest == plain.newest
    assert evaluation.period == plain.period
    assert evaluation.evaluated_at == plain.evaluated_at
    assert evaluation.ledger.newest == plain.ledger.newest


def test_taking_away_the_only_fact_of_a_period_makes_no_file_look_older(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(
        "ddcheck: company/1\ncompany: {id: one, name: One, currency: USD}\nsources:\n"
        "  a: {title: A, tier: audited, published: 2024-03-01}\nfacts:\n"
        "  revenue: {source: a, FY2022: 9 USD million, FY2023: 8 USD million}\n"
    )
    evaluation = judged("revenue=unknown", path=str(path))
    assert str(evaluation.period) == "FY2023"
    found = finding(evaluation, "revenue-falling")
    assert (found.outcome, found.on_assumptions) == ("unknown", True)


def test_an_assumption_is_visible_as_of_any_day() -> None:
    day = date(2021, 5, 28).toordinal()
    evaluation = judged("ndr@FY2020=120%", as_of=day)
    assert finding(evaluation, "ndr-below-100-percent").outcome == "pass"
    (item,) = judged("revenue@FY2020=1 USD million", as_of=day).assumptions
    assert "broker-2024" not in {fact.source for fact in item.displaced}


def test_what_rests_on_an_assumption_is_never_firm() -> None:
    plain, evaluation = judged(), judged("revenue=160.67 USD million")
    firm = {item.id for item in plain.findings if item.firm}
    resting = {item.id for item in evaluation.findings if item.on_assumptions}
    assert firm & resting
    assert not any(item.firm for item in evaluation.findings if item.on_assumptions)
    assert {i.id for i in evaluation.findings if i.firm} == firm - resting


FACTS = [
    fact
    for fact in company().facts
    if not fact.share and Ledger(company()).is_chosen(fact)
    and fact.unit.count("USD") == ("USD" in fact.unit) and not fact.unit.startswith("CNY")
]  # fmt: skip


@pytest.mark.parametrize("fact", FACTS[:: max(1, len(FACTS) // 30)], ids=written_of)
def test_setting_a_fact_to_what_is_printed_changes_no_verdict(fact: Fact) -> None:
    report = Report()
    option = written_of(fact)
    found = assume(plan(), company(), (option,), report, today=TODAY)
    assert found is not None, render(report)
    (item,) = found.assumptions
    assert item.fact is not None
    others = [f for f in item.displaced if f is not fact]
    if (item.fact.low, item.fact.high) != pytest.approx((fact.low, fact.high)):
        pytest.skip("its source says to how many digits it is right")
    after = evaluate(found.plan, found.company, today=TODAY, assumptions=found.assumptions)
    metric = plan().metrics.get(fact.concept)
    if metric is not None and metric.formulas:
        return  # a stated metric does not count where it can be computed; a set one does
    left, right = verdicts(after), as_printed()
    changed = {name for name in left if left[name] != right[name]}
    assert changed == set() or others, changed


@functools.cache
def as_printed() -> dict[str, object]:
    return verdicts(judged())


@settings(max_examples=25)
@given(st.sampled_from(FACTS), st.sampled_from(["unknown", "own"]))
def test_no_fact_of_another_key_is_touched(fact: Fact, value: str) -> None:
    option = written_of(fact)
    if value == "unknown":
        option = f"{option.partition('=')[0]}=unknown"
    found = assumed(option)
    before = [f for f in company().facts if key(f) != key(fact)]
    assert [f for f in found.company.facts if key(f) != key(fact)] == before
    assert company().breakdowns == found.company.breakdowns or fact.scope is not None


def test_setting_and_taking_back_is_nothing() -> None:
    """What is displaced stays known: a second round over the first one's company undoes it."""
    first = assumed("revenue=1 USD million")
    report = Report()
    again = assume(first.plan, first.company, ("revenue=160.67 USD million",), report, today=TODAY)
    assert again is not None
    left = evaluate(again.plan, again.company, today=TODAY)
    assert verdicts(left) == verdicts(judged())
    assert verdicts(judged()) == verdicts(evaluate(plan(), company(), today=TODAY))


BY_HAND = [
    ("revenue=70 USD million", "    FY2023: 100 USD million\n", "    FY2023: 70 USD million\n"),
    ("net_income@FY2022=1 USD million", "    FY2022: -4 USD million\n",
     "    FY2022: 1 USD million\n"),
    ("ndr=95%", "    FY2023: 118%\n", "    FY2023: 95%\n"),
    ("ndr=unknown", "  ndr:\n    source: annual\n    FY2023: 118%\n", ""),
    ("ndr=over 110%", "    FY2023: 118%\n", "    FY2023: over 110%\n"),
    ("top1_customer_share=0.31", "    FY2023: 14%\n", "    FY2023: 0.31\n"),
    ("headcount=900", "    FY2023: 400\n", "    FY2023: 900\n"),
    ("cash_and_cash_equivalents@2022-12-31=9千万美元", "    FY2022: 60 USD million\n",
     "    FY2022: 9千万美元\n"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "old", "new"), BY_HAND, ids=[each[0] for each in BY_HAND])
def test_setting_is_as_editing_the_file(option: str, old: str, new: str, tmp_path: Path) -> None:
    text = Path(ALDER).read_text(encoding="utf-8")
    assert text.count(old) == 1
    edited = tmp_path / "alder.yaml"
    edited.write_text(text.replace(old, new), encoding="utf-8")
    by_hand = judged(path=str(edited))
    assert verdicts(judged(option, path=ALDER)) == verdicts(by_hand)
    if not option.startswith(("headcount", "cash")):
        assert verdicts(by_hand) != verdicts(judged(path=ALDER))


@pytest.mark.parametrize(
    "written",
    ["ndr=\udcff1", "ndr\udcff=1", "ndr=1\x1b[2J", "ndr@\0=1", "=" * 300, "ndr=" + "9" * 5000,
     "ndr=", "@=1", "[a:b]=1", "ndr[=1", "ndr[planet:mars]=1", "ndr=1\nrevenue=2"],
)  # fmt: skip
def test_whatever_is_written_gets_a_diagnostic(written: str) -> None:
    report = Report()
    assert assume(plan(), company(), (written,), report, today=TODAY) is None
    assert report.failed
    render(report).encode("utf-8")
