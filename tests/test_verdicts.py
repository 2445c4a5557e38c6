"""What a rule comes to: at which period, how grave, how firm, and why it is left open.

Rules are small ones of a pack made up here, so that each test shows one thing; a limit changed in a
copy of a shipped pack is at the end.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()

PACK = """\
ddcheck: pack/1
id: made-up
version: "1.0"
title: Made up
parameters:
  limit: {unit: ratio, default: 10%, title: Limit}
  dated_limit: {unit: ratio, values: {2020-01-01: 20%, 2023-01-01: 10%}, title: Limit of its day}
  unset: {unit: ratio, title: Not set by anyone}
"""
VOCABULARY = """\
ddcheck: vocabulary/1
dimensions:
  customer: {label: Customer}
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  cost: {time: flow, unit: money, label: Cost}
  profit: {time: flow, unit: money, label: Profit}
  cash: {time: stock, unit: money, label: Cash}
  part: {time: average, unit: ratio, label: Share}
  other_part: {time: average, unit: ratio, label: Other share}
"""

Judged = dict[str, Finding]


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., Judged]:
    """`judge(rules, facts, **options)`: the findings of a made-up company, by rule.

    `rules` is YAML, or the lines of a single rule `the-rule`; `facts` is the YAML under `facts:`.
    """

    def run(
        rules: str,
        facts: str,
        *,
        published: str = "2023-03-31",
        tags: str = "",
        period: str | None = None,
        as_of: str | None = None,
    ) -> Judged:
        found = evaluation(
            tmp_path, rules, facts, published=published, tags=tags, period=period, as_of=as_of
        )
        return {finding.id: finding for finding in found.findings}

    return run


def evaluation(
    folder: Path, rules: str, facts: str, *, published: str, tags: str,
    period: str | None, as_of: str | None,
) -> Evaluation:  # fmt: skip
    body = (
        rules if rules.startswith(("rules:", "metrics:")) else f"rules:\n  the-rule: {{{rules}}}\n"
    )
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "rules.yaml").write_text(f"ddcheck: rules/1\ncategory: any\n{body}", encoding="utf-8")
    report = Report()
    plan = compile_packs(load_packs((str(folder),), report), report)
    text = (
        "ddcheck: company/1\n"
        f"company: {{id: made-up, name: Made-up, currency: USD, tags: [{tags}]}}\n"
        "sources:\n"
        f"  old: {{title: Old statements, tier: audited, published: 2020-03-31}}\n"
        f"  s: {{title: Statements, tier: filing, published: {published}}}\n"
        f"facts:\n{facts}"
    )
    root = parse(Source("made-up.yaml", text), report)
    assert isinstance(root, Mapping), [item.message for item in report]
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    said = [(item.code, item.line, item.message) for item in report if item.code != "DD571"]
    assert said == []
    assert company is not None
    when = company.calendar.parse(period)[0] if period is not None else None
    day = date.fromisoformat(as_of).toordinal() if as_of is not None else None
    return evaluate(plan, company, today=TODAY, as_of=day, period=when)


def series(name: str, source: str = "s", **values: str) -> str:
    """The YAML of a concept: `series("part", FY2021="5%", _2021Q1="6%")`."""
    lines = "".join(
        f"    {period.lstrip('_')}: {{value: '{value}', source: {source}}}\n"
        for period, value in values.items()
    )
    return f"  {name}:\n{lines}"


def dated(name: str, values: dict[str, str]) -> str:
    lines = "".join(f"    {day}: {{value: '{text}', source: s}}\n" for day, text in values.items())
    return f"  {name}:\n{lines}"


ABOVE = "title: Share, when: part > 10%, severity: high"


def short(finding: Finding) -> tuple[str, str, str | None, str | None]:
    return finding.outcome, finding.severity, finding.reason, finding.period


# ---------------------------------------------------------------------------------- at which period


def test_the_latest_decidable_year_counts(judge: Callable[..., Judged]) -> None:
    facts = series("part", FY2020="12%", FY2021="8%", FY2022="11%")
    assert short(judge(ABOVE, facts)["the-rule"]) == ("flag", "high", None, "FY2022")


def test_a_year_that_cannot_be_decided_is_passed_over_and_the_verdict_is_behind(
    judge: Callable[..., Judged],
) -> None:
    facts = series("part", FY2020="12%", FY2021="8%") + series("profit", FY2022="1 USD million")
    finding = judge(ABOVE, facts)["the-rule"]
    assert (*short(finding), finding.behind) == ("pass", "high", None, "FY2021", True)
    assert [(item.name, item.period) for item in finding.missing] == [("part", "FY2022")]


def test_nothing_is_behind_where_the_newest_year_decides(judge: Callable[..., Judged]) -> None:
    assert judge(ABOVE, series("part", FY2021="8%", FY2022="8%"))["the-rule"].behind is False


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("pass", "FY2022")),
        ({"period": "FY2021"}, ("flag", "FY2021")),
        ({"period": "2021Q4"}, ("flag", "FY2021")),
        ({"period": "2022-12-30"}, ("flag", "FY2021")),
        ({"period": "2022-12-31"}, ("pass", "FY2022")),
        ({"as_of": "2023-03-31"}, ("pass", "FY2022")),
    ],
)
def test_the_evaluation_date_closes_the_years(
    judge: Callable[..., Judged], options: dict[str, str], expected: tuple[str, str]
) -> None:
    facts = series("part", FY2021="12%", FY2022="8%")
    finding = judge(ABOVE, facts, **options)["the-rule"]
    assert (finding.outcome, finding.period) == expected


def test_as_of_hides_what_was_published_later(judge: Callable[..., Judged]) -> None:
    facts = (
        "  part:\n"
        "    FY2019: {value: 12%, source: old}\n"
        "    FY2022: {value: 8%, source: s}\n"
    )  # fmt: skip
    found = {
        day: short(judge(ABOVE, facts, as_of=day)["the-rule"])
        for day in ("2020-03-30", "2020-03-31", "2023-03-30", "2023-03-31")
    }
    assert found == {
        "2020-03-30": ("unknown", "high", "missing", None),
        "2020-03-31": ("flag", "high", None, "FY2019"),
        "2023-03-30": ("unknown", "high", "stale", None),
        "2023-03-31": ("pass", "high", None, "FY2022"),
    }


@pytest.mark.parametrize(
    ("stale_after", "day", "expected"),
    [
        (None, "2024-12-31", ("flag", None)),
        (None, "2025-01-31", ("unknown", "stale")),
        ("15 months", "2024-03-31", ("flag", None)),
        ("15 months", "2024-04-30", ("unknown", "stale")),
        ("1 months", "2023-01-31", ("flag", None)),
        ("1 months", "2023-02-28", ("unknown", "stale")),
    ],
)
def test_a_verdict_is_stale_beyond_its_months(
    judge: Callable[..., Judged],
    stale_after: str | None,
    day: str,
    expected: tuple[str, str | None],
) -> None:
    rule = ABOVE + (f", stale_after: {stale_after}" if stale_after else "")
    finding = judge(rule, series("part", FY2022="12%"), published=day)["the-rule"]
    assert (finding.outcome, finding.reason) == expected
    last = finding.last
    shown = (last.outcome, last.severity, last.period) if last is not None else None
    assert shown == (("flag", "high", "FY2022") if finding.reason == "stale" else None)


@pytest.mark.parametrize("year", range(2015, 2026))
def test_24_months_are_24_months_in_every_year(judge: Callable[..., Judged], year: int) -> None:
    facts = series("part", **{f"FY{year}": "12%"})
    on_the_day = judge(ABOVE, facts, as_of=f"{year + 2}-12-31", published="2015-01-01")["the-rule"]
    month_later = judge(ABOVE, facts, as_of=f"{year + 3}-01-31", published="2015-01-01")["the-rule"]
    assert (on_the_day.outcome, month_later.reason) == ("flag", "stale")


def test_in_frame_any_the_latest_end_wins_and_the_longer_on_a_tie(
    judge: Callable[..., Judged],
) -> None:
    rule = ABOVE + ", frame: any"
    year = {"FY2022": "12%"}
    quarter = {"_2022Q4": "8%"}
    later = {"_2023Q1": "9%"}
    assert {
        name: short(judge(rule, series("part", **values))["the-rule"])[3]
        for name, values in {
            "quarter": quarter,
            "tie": {**quarter, **year},
            "tie the other way round": {**year, **quarter},
            "later": {**year, **later},
        }.items()
    } == {
        "quarter": "2022Q4",
        "tie": "FY2022",
        "tie the other way round": "FY2022",
        "later": "2023Q1",
    }


@pytest.mark.parametrize(
    ("frame", "values", "period"),
    [
        ("half", {"_2022H1": "12%", "_2022H2": "8%"}, "2022H2"),
        ("quarter", {"_2022Q3": "12%", "_2022Q4": "8%", "FY2022": "20%"}, "2022Q4"),
        ("month", {"_2022-11": "12%", "_2022-12": "8%"}, "2022-12"),
        ("to-date", {"_9M2022": "8%", "FY2021": "20%"}, "9M2022"),
        ("range", {"_2022Q3..2023Q1": "8%", "FY2022": "20%"}, "2022Q3..2023Q1"),
    ],
)
def test_a_rule_is_judged_in_its_frame(
    judge: Callable[..., Judged], frame: str, values: dict[str, str], period: str
) -> None:
    finding = judge(f"{ABOVE}, frame: {frame}", series("part", **values))["the-rule"]
    assert short(finding) == ("pass", "high", None, period)


def test_a_rule_on_balances_is_judged_at_their_date(judge: Callable[..., Judged]) -> None:
    facts = dated("cash", {"2022-12-31": "5 USD million", "2023-03-15": "0 USD million"})
    found = judge(
        "rules:\n"
        "  by-day: {title: Cash, when: cash <= 0, severity: low, frame: date}\n"
        "  by-year: {title: Cash, when: cash <= 0, severity: low}\n",
        facts,
    )
    assert {name: (finding.outcome, finding.period) for name, finding in found.items()} == {
        "by-day": ("flag", "2023-03-15"),
        "by-year": ("pass", "FY2022"),
    }


def test_estimates_count_only_for_rules_that_take_them(judge: Callable[..., Judged]) -> None:
    facts = series("part", FY2022="8%", FY2023E="12%")
    found = {
        kinds: judge(f"{ABOVE}{kinds}", facts)["the-rule"]
        for kinds in ("", ", kinds: [actual, estimate]", ", kinds: [estimate]")
    }
    assert {
        kinds: (finding.outcome, finding.period, finding.kind) for kinds, finding in found.items()
    } == {
        "": ("pass", "FY2022", "actual"),
        ", kinds: [actual, estimate]": ("flag", "FY2023E", "estimate"),
        ", kinds: [estimate]": ("flag", "FY2023E", "estimate"),
    }


def test_an_estimate_alone_decides_nothing(judge: Callable[..., Judged]) -> None:
    facts = series("part", FY2023E="12%") + series("profit", FY2022="1 USD million")
    finding = judge(ABOVE, facts)["the-rule"]
    assert short(finding) == ("unknown", "high", "missing", None)
    assert [(item.name, item.period) for item in finding.missing] == [("part", "FY2022")]


# ----------------------------------------------------------------------------------- not applicable


@pytest.mark.parametrize(
    ("profit", "part", "outcome"),
    [
        ("-1 USD million", "12%", "flag"),
        ("-1 USD million", "8%", "pass"),
        ("1 USD million", "12%", "not-applicable"),
        ("1 USD million", None, "not-applicable"),
        (None, "12%", "unknown"),
        (None, "8%", "unknown"),
    ],
)
def test_a_rule_applies_when_it_says_so(
    judge: Callable[..., Judged], profit: str | None, part: str | None, outcome: str
) -> None:
    facts = series("revenue", FY2022="1 USD million")
    facts += series("profit", FY2022=profit) if profit else ""
    facts += series("part", FY2022=part) if part else ""
    assert judge(f"{ABOVE}, applies_when: profit < 0", facts)["the-rule"].outcome == outcome


@pytest.mark.parametrize(
    ("tags", "outcome"), [("", "not-applicable"), ("bank", "not-applicable"), ("saas, x", "flag")]
)
def test_a_rule_for_tags_is_for_companies_with_one_of_them(
    judge: Callable[..., Judged], tags: str, outcome: str
) -> None:
    rule = f"{ABOVE}, tags: [saas, paas]"
    assert judge(rule, series("part", FY2022="12%"), tags=tags)["the-rule"].outcome == outcome


def test_what_does_not_apply_is_no_pass_and_asks_for_nothing(tmp_path: Path) -> None:
    found = evaluation(
        tmp_path, f"{ABOVE}, applies_when: profit < 0, ask: Why?",
        series("profit", FY2022="1 USD million"), published="2023-03-31", tags="",
        period=None, as_of=None,
    )  # fmt: skip
    counts = {word: found.counted(word) for word in ("flag", "pass", "unknown", "not-applicable")}
    assert counts == {"flag": 0, "pass": 0, "unknown": 0, "not-applicable": 1}
    assert found.requests == ()


# ---------------------------------------------------------------------------------------- how grave

STEPS = {
    "above": "{low: 10%, medium: 20%, high: 30%, critical: 40%}",
    "at-least": "{low: 10%, medium: 20%, high: 30%, critical: 40%}",
    "below": "{low: 40%, medium: 30%, high: 20%, critical: 10%}",
    "at-most": "{low: 40%, medium: 30%, high: 20%, critical: 10%}",
}
METRIC = "metrics:\n  measured: {title: Measured, formula: part, unit: ratio, better: lower}\n"


def on_metric(limits: str) -> str:
    """Rules with one rule on the metric `measured`."""
    return f"{METRIC}rules:\n  the-rule: {{title: T, metric: measured, {limits}}}\n"


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("above", "pass pass low low medium medium high high critical"),
        ("at-least", "pass low low medium medium high high critical critical"),
        ("below", "critical high high medium medium low low pass pass"),
        ("at-most", "critical critical high high medium medium low low pass"),
    ],
)
def test_the_gravest_limit_that_is_reached_counts(
    judge: Callable[..., Judged], direction: str, expected: str
) -> None:
    rules = on_metric(f"{direction}: {STEPS[direction]}")
    found = []
    for value in ("9.9%", "10%", "10.1%", "20%", "20.1%", "30%", "30.1%", "40%", "40.1%"):
        finding = judge(rules, series("part", FY2022=value))["the-rule"]
        found.append(finding.severity if finding.outcome == "flag" else finding.outcome)
    assert found == expected.split()


def test_what_is_unknown_stands_at_the_gravest_severity_it_could_have(
    judge: Callable[..., Judged],
) -> None:
    rules = on_metric(f"above: {STEPS['above']}")
    finding = judge(rules, series("profit", FY2022="1 USD million"))["the-rule"]
    assert short(finding) == ("unknown", "critical", "missing", None)


def test_a_limit_may_be_a_parameter_with_the_value_of_its_day(
    judge: Callable[..., Judged],
) -> None:
    rules = on_metric("above: {low: $dated_limit}")
    facts = series("part", FY2021="15%", FY2022="15%")
    assert {
        period: judge(rules, facts, period=period)["the-rule"].outcome
        for period in ("FY2021", "FY2022", "2023-01-01")
    } == {"FY2021": "pass", "FY2022": "pass", "2023-01-01": "flag"}


def test_a_parameter_without_a_value_leaves_the_rule_unknown_and_is_named(
    judge: Callable[..., Judged],
) -> None:
    finding = judge("title: T, when: part > unset, severity: low", series("part", FY2022="15%"))
    missing = [(item.kind, item.name) for item in finding["the-rule"].missing]
    assert (finding["the-rule"].outcome, missing) == ("unknown", [("parameter", "unset")])


# -------------------------------------------------------------------------------- bounds and ranges


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("over 12%", ("flag", None, None)),
        # Intervals are closed: "over 10 %" may be 10 %.
        ("over 10%", ("unknown", "bounded", ("FY2022", 0.10, float("inf")))),
        ("at least 10%", ("unknown", "bounded", ("FY2022", 0.10, float("inf")))),
        ("over 5%", ("unknown", "bounded", ("FY2022", 0.05, float("inf")))),
        ("under 10%", ("pass", None, None)),
        ("at most 10%", ("pass", None, None)),
        ("under 12%", ("unknown", "bounded", ("FY2022", float("-inf"), 0.12))),
        ("11%..15%", ("flag", None, None)),
        ("5%..9%", ("pass", None, None)),
        ("8%..12%", ("unknown", "bounded", ("FY2022", 0.08, 0.12))),
    ],
)
def test_a_bound_decides_what_it_can(
    judge: Callable[..., Judged], value: str, expected: tuple[Any, ...]
) -> None:
    rules = on_metric("above: {low: $limit}")
    finding = judge(rules, series("part", FY2022=value))["the-rule"]
    bounds = finding.bounds
    if bounds is not None:
        bounds = (bounds[0], *(end if end is None else round(end, 9) for end in bounds[1:]))
    assert (finding.outcome, finding.reason, bounds) == expected


def test_a_bound_that_leaves_the_severity_open_is_at_worst_the_gravest(tmp_path: Path) -> None:
    from ddcheck.engine.commands.loading import load_plan

    plan = load_plan((), Report())
    worst = {}
    for value in ("35%", "over 11%"):
        report = Report()
        text = (
            "ddcheck: company/1\n"
            "company: {id: made-up, name: Made-up, currency: USD}\n"
            "sources: {s: {title: Statements, tier: audited, published: 2026-03-01}}\n"
            f"facts:\n  top1_customer_share:\n    FY2025: {{value: {value}, source: s}}\n"
            "  top10_customer_share:\n    FY2025: {value: under 20%, source: s}\n"
        )
        root = parse(Source("made-up.yaml", text), report)
        assert isinstance(root, Mapping)
        company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
        assert company is not None
        grade = evaluate(plan, company, today=TODAY).grade
        worst[value] = {item.category.id: item.worst for item in grade.categories}["customers"]
    assert worst == {"35%": "F", "over 11%": "F"}


# -------------------------------------------------------------------------------------- firm or not


@pytest.mark.parametrize(
    ("value", "outcome", "firm"),
    [
        ("12%", "flag", True),
        ("10.1%", "flag", True),
        ("10.04%", "flag", True),
        ("8%", "pass", True),
        # 10 % is printed of everything from 9.5 % to 10.5 %.
        ("10%", "pass", False),
        ("10.0%", "pass", False),
        ("about 11%", "flag", False),
        ("about 12%", "flag", True),
        ("over 5%", "unknown", None),
    ],
)
def test_a_verdict_is_firm_where_rounding_cannot_flip_it(
    judge: Callable[..., Judged], value: str, outcome: str, firm: bool | None
) -> None:
    finding = judge(ABOVE, series("part", FY2022=value))["the-rule"]
    assert (finding.outcome, finding.firm) == (outcome, firm)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("25%", ("medium", True)),
        ("20%", ("low", False)),
        ("30.4%", ("high", True)),
        ("30%", ("medium", False)),
    ],
)
def test_a_severity_that_rounding_could_change_is_fragile(
    judge: Callable[..., Judged], value: str, expected: tuple[str, bool | None]
) -> None:
    rules = on_metric(f"above: {STEPS['above']}")
    finding = judge(rules, series("part", FY2022=value))["the-rule"]
    assert (finding.outcome, (finding.severity, finding.firm)) == ("flag", expected)


def test_an_exact_value_on_the_limit_is_firm(judge: Callable[..., Judged]) -> None:
    facts = "  part:\n    FY2022: {value: 10%, exact: true, source: s}\n"
    finding = judge(ABOVE, facts)["the-rule"]
    assert (finding.outcome, finding.firm) == ("pass", True)


def test_a_ratio_on_its_limit_is_on_it_in_spite_of_binary_fractions(
    judge: Callable[..., Judged],
) -> None:
    facts = series("cost", FY2022="14.3 USD million") + series("revenue", FY2022="143 USD million")
    found = judge(
        "rules:\n"
        "  above: {title: A, when: cost / revenue > 10%, severity: low}\n"
        "  at-least: {title: B, when: cost / revenue >= 10%, severity: low}\n"
        "  equal: {title: C, when: cost / revenue == 10%, severity: low}\n",
        facts,
    )
    assert {name: (finding.outcome, finding.firm) for name, finding in found.items()} == {
        "above": ("pass", False),
        "at-least": ("flag", False),
        "equal": ("flag", False),
    }


# ------------------------------------------------------------------------------ one rule on another

RAISED = """\
rules:
  first: {title: First, when: part > 10%, severity: low}
  both: {title: Both, when: raised("first") and other_part > 10%, severity: high}
  neither: {title: Neither, when: not raised("first"), severity: high}
"""


@pytest.mark.parametrize(
    ("part", "other", "expected"),
    [
        ("12%", "12%", ("flag", "flag", "pass")),
        ("12%", "8%", ("flag", "pass", "pass")),
        ("8%", "12%", ("pass", "pass", "flag")),
        (None, "12%", ("unknown", "unknown", "unknown")),
        (None, "8%", ("unknown", "pass", "unknown")),
        ("12%", None, ("flag", "unknown", "pass")),
        ("8%", None, ("pass", "pass", "flag")),
    ],
)
def test_raised_is_the_outcome_of_another_rule_in_three_values(
    judge: Callable[..., Judged], part: str | None, other: str | None, expected: tuple[str, ...]
) -> None:
    facts = series("profit", FY2022="1 USD million")
    facts += series("part", FY2022=part) if part else ""
    facts += series("other_part", FY2022=other) if other else ""
    found = judge(RAISED, facts)
    assert tuple(found[name].outcome for name in ("first", "both", "neither")) == expected


# -------------------------------------------------------------------------------------- assumptions


@pytest.mark.parametrize(
    ("severity", "part", "expected"),
    [
        ("critical", None, ("unknown", "assumed", True)),
        ("high", None, ("unknown", "assumed", True)),
        ("medium", None, ("pass", None, True)),
        ("low", None, ("pass", None, True)),
        ("high", "8%", ("pass", None, False)),
        ("high", "12%", ("flag", None, False)),
    ],
)
def test_an_assumption_is_no_pass_for_a_rule_of_high_severity(
    judge: Callable[..., Judged], severity: str, part: str | None, expected: tuple[Any, ...]
) -> None:
    facts = series("profit", FY2022="1 USD million")
    facts += series("part", FY2022=part) if part else ""
    rule = f'title: T, when: "coalesce(part, 0%) > 10% and profit > 0", severity: {severity}'
    finding = judge(rule, facts)["the-rule"]
    assert (finding.outcome, finding.reason, finding.assumed) == expected
    assert finding.firm is (None if part is None else True)


def test_a_flag_on_an_assumption_is_a_flag_and_not_firm(judge: Callable[..., Judged]) -> None:
    rule = 'title: T, when: "coalesce(part, 50%) > 10% and profit > 0", severity: high'
    finding = judge(rule, series("profit", FY2022="1 USD million"))["the-rule"]
    assert (finding.outcome, finding.assumed, finding.firm) == ("flag", True, None)


# ------------------------------------------------------------------------------- what is said of it


def test_the_message_has_figures_periods_limit_and_basis_filled_in(
    judge: Callable[..., Judged],
) -> None:
    rules = (
        f"{METRIC}rules:\n  the-rule:\n    title: T\n    metric: measured\n"
        "    above: {low: $limit, high: 20%}\n"
        "    message: >-\n      {period} after {prior}: {measured} from {measured:history};\n"
        "      over {limit} ({basis})\n"
    )
    finding = judge(rules, series("part", FY2020="8%", FY2021="9%", FY2022="12%"))["the-rule"]
    assert finding.message == (
        "FY2022 after FY2021: 12.0% from 8.0%, 9.0%, 12.0%; over 10% (Measured)"
    )


def test_evidence_is_every_fact_that_the_verdict_rests_on(judge: Callable[..., Judged]) -> None:
    facts = (
        "  part:\n"
        "    FY2021: {value: 9%, source: s, at: page 1}\n"
        "    FY2022: {value: 12%, text: twelve per cent, source: s, at: page 2}\n"
    )
    finding = judge("title: T, when: delta(part) > 0 and part > 10%, severity: low", facts)
    assert [
        (fact.concept, fact.period.label, fact.text, fact.at, fact.node.line, fact.node.column)
        for fact in finding["the-rule"].evidence
    ] == [
        ("part", "FY2021", "9%", "page 1", 8, 21),
        ("part", "FY2022", "twelve per cent", "page 2", 9, 21),
    ]
    assert finding["the-rule"].tier == "filing"


def test_the_tier_of_a_verdict_is_the_weakest_it_rests_on(judge: Callable[..., Judged]) -> None:
    facts = (
        "  part: {FY2021: {value: 9%, source: old}, FY2022: {value: 12%, source: old}}\n"
        "  other_part: {FY2022: {value: 12%, source: s}}\n"
    )
    found = judge(
        "rules:\n"
        "  one: {title: T, when: part > 10%, severity: low}\n"
        "  two: {title: T, when: part > 10% and other_part > 10%, severity: low}\n",
        facts,
    )
    assert {name: finding.tier for name, finding in found.items()} == {
        "one": "audited",
        "two": "filing",
    }


def test_a_disputed_figure_is_said_to_be_so(judge: Callable[..., Judged]) -> None:
    facts = (
        "  part:\n    FY2022:\n"
        "      - {value: 12%, source: s}\n      - {value: 8%, source: old}\n"
    )  # fmt: skip
    finding = judge(ABOVE, facts)["the-rule"]
    assert (finding.outcome, finding.disputed, [fact.text for fact in finding.evidence]) == (
        "pass", True, ["8%"],
    )  # fmt: skip


# ------------------------------------------------------------------------ a limit changed in a pack

COMPANY = """\
ddcheck: company/1
company: {id: made-up, name: Made-up, currency: USD}
sources: {s: {title: Statements, tier: audited, published: 2026-03-01}}
facts:
  top1_customer_share:
    FY2025: {value: 12%, source: s}
"""


def outcome_of(company: Path, pack: Path) -> tuple[str, str, str]:
    import json

    options = CheckOptions((str(company),), (str(pack),), today=TODAY, outputs=("json",))
    outcome = run_check(options, Screen())
    findings = json.loads(outcome.stdout)["reports"][0]["findings"]
    (found,) = (item for item in findings if item["id"] == "customer-above-10-percent")
    return found["outcome"], found["severity"], outcome.stderr


def test_a_limit_is_changed_in_one_line_of_yaml_and_its_own_test_notices(tmp_path: Path) -> None:
    pack = tmp_path / "core"
    shutil.copytree(ROOT / "rules/core", pack)
    company = tmp_path / "made-up.yaml"
    company.write_text(COMPANY, encoding="utf-8")
    assert outcome_of(company, pack) == ("flag", "medium", "")

    manifest = pack / "pack.yaml"
    lines = manifest.read_text(encoding="utf-8").split("\n")
    limit = lines.index("  customer_limit:")
    place = next(i for i in range(limit, len(lines)) if lines[i].strip() == "default: 10%")
    lines[place] = lines[place].replace("10%", "15%")
    manifest.write_text("\n".join(lines), encoding="utf-8")
    assert outcome_of(company, pack) == ("pass", "critical", "")

    run = subprocess.run(
        [sys.executable, "-m", "ddcheck", "test", str(pack)],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    failed = [line.split(": FAILED ")[1] for line in run.stdout.splitlines() if ": FAILED " in line]
    assert (run.returncode, run.stderr) == (1, "")
    assert failed == [
        "top1_customer_share: expected grade C, got grade B",
        "customer-above-10-percent: expected flag medium, got pass",
        "customer-above-10-percent: expected flag medium, got pass",
        "customer-above-10-percent: expected flag medium, got pass",
    ]


# A pass on an older period must not pay.


LOSSES_OF_THREE_YEARS = (
    "ddcheck: company/1\n"
    "company: {id: one, name: One, currency: USD}\n"
    "sources: {s: {title: T, tier: filing, published: 2024-03-01}}\n"
    "tables:\n"
    "  - source: s\n"
    "    unit: USD million\n"
    "    periods: [FY2021, FY2022, FY2023]\n"
    "    facts: {revenue: [100.0, 100.0, 100.0], net_income: [-20.0, -10.0, %s]}\n"
)


@pytest.mark.parametrize(
    ("newest", "outcome", "behind"), [("-60.0", "flag", False), ("~", "pass", True)]
)
def test_hiding_the_newest_loss_is_gated_and_asked_for(
    tmp_path: Path, newest: str, outcome: str, behind: bool
) -> None:
    from ddcheck.engine.commands.loading import load_plan, read_company

    path = tmp_path / "one.yaml"
    path.write_text(LOSSES_OF_THREE_YEARS % newest, encoding="utf-8")
    report = Report()
    plan = load_plan((), report)
    company = read_company(str(path), plan, report)
    assert company is not None
    found = evaluate(plan, company, today=739000)
    (rule,) = (f for f in found.findings if f.id == "loss-margin-widening")
    assert (rule.outcome, rule.behind) == (outcome, behind)
    assert ("loss-margin-widening" in found.must_know) is behind
    asked = {(r.name, r.period) for r in found.requests if "loss-margin-widening" in r.unblocks}
    assert asked == ({("net_income", "FY2023")} if behind else set())


def test_a_quarter_does_not_stand_in_for_a_year_that_is_open(judge: Callable[..., Judged]) -> None:
    rule = "title: Share, when: part > 10% or other_part > 10%, severity: high, frame: any"
    facts = series("part", _2022Q3="5%") + series("other_part", _2022Q3="5%", FY2022="5%")
    finding = judge(rule, facts)["the-rule"]
    assert (finding.outcome, finding.period, finding.behind) == ("pass", "2022Q3", True)
    assert [(m.name, m.period) for m in finding.missing] == [("part", "FY2022")]
