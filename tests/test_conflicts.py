"""Conflicts and evidence: types, what they decide, disputed findings, verdicts that want better.

Packs and companies are made up here, so that each case shows one thing; what the shipped company
has of conflicts is in test_agora.py.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ddcheck.engine.check.cases import run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.conflict import Conflict
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.finding import Finding
from ddcheck.engine.model.ledger import Ledger
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.as_json import render_json
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source
from ddcheck.engine.text.translate import reworded

TODAY = date(2026, 11, 21).toordinal()
SOURCES = """\
  filing: {title: Filing, publisher: Acme, tier: filing, published: 2023-03-01}
  filing-2: {title: Filing, publisher: Acme, tier: filing, published: 2024-03-01}
  release: {title: Release, publisher: Wire, tier: release, published: 2023-02-01}
  broker: {title: Report, publisher: Broker, tier: broker, published: 2023-06-01}
  broker-2: {title: Report, publisher: Broker, tier: broker, published: 2024-06-01}
  press: {title: Article, publisher: Paper, tier: press, published: 2023-05-28}
"""


@functools.cache
def core() -> Plan:
    return load_plan(("core",), Report())


def company_of(plan: Plan, text: str) -> Company:
    """A company whose file goes on with `text` after its sources."""
    head = "ddcheck: company/1\ncompany: {id: acme, name: Acme, currency: USD}\nsources:\n"
    report = Report()
    root = parse(Source("acme.yaml", f"{head}{SOURCES}{text}"), report)
    assert isinstance(root, Mapping)
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    assert [(item.code, item.line, item.message) for item in report] == []
    assert company is not None
    return company


def judged(text: str, plan: Plan | None = None) -> Evaluation:
    plan = plan or core()
    return evaluate(plan, company_of(plan, text), today=TODAY)


def stated(concept: str, *values: str, **periods: str) -> str:
    """Facts of one concept at FY2022: `100 USD million @press`; other periods by keyword."""
    lines = [f"  {concept}:\n    FY2022:\n"]
    for value in values:
        text, _, source = value.partition(" @")
        name, _, label = source.partition(" labelled ")
        more = f", labelled: {label}" if label else ""
        lines.append(f"      - {{value: {text}, source: {name}{more}}}\n")
    for period, value in periods.items():
        text, _, source = value.partition(" @")
        lines.append(f"    {period.strip('_')}: {{value: {text}, source: {source}}}\n")
    return "".join(lines)


def shown(conflict: Conflict) -> tuple[str, str, list[str], str]:
    sources = [fact.source for fact in conflict.candidates]
    return conflict.type, conflict.concept, sources, conflict.detail


# ---------------------------------------------------------------------- types, between two sources


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # a wrong scale, either way round; not where a factor is only nearly met
        (
            stated("revenue", "160.67 USD million @broker", "160.67 USD @press"),
            ("unit", "equal after a factor of 1,000,000"),
        ),
        (
            stated("revenue", "160.67 USD million @broker", "1.6067 USD million @press"),
            ("value", ""),
        ),
        (
            stated("revenue", "160.67 USD million @broker", "1.6067 USD 万 @press"),
            ("unit", "equal after a factor of 10,000"),
        ),
        (
            stated("revenue", "160.67 USD million @broker", "161.67 USD thousand @press"),
            ("value", ""),
        ),
        (
            stated("gross_margin", "61.9% @broker", "61.9 x @press"),
            ("unit", "equal after a factor of 100"),
        ),
        (stated("net_income", "0.00 USD million @broker", "5 USD million @press"), ("value", "")),
        # another year's figure; two digits are too few to say so
        (
            stated(
                "revenue", "160.67 USD million @broker", "168 USD million @press",
                FY2021="167.98 USD million @broker",
            ),
            ("period", "168 USD million is the figure of FY2021"),
        ),
        (
            stated(
                "revenue", "16 USD million @broker", "13 USD million @press",
                FY2021="13 USD million @broker",
            ),
            ("value", ""),
        ),
        (
            stated(
                "revenue", "160.67 USD million @broker", "168 USD million @press",
                _2021Q1="167.98 USD million @broker",
            ),
            ("value", ""),
        ),
        # the other basis, as the other source states it; an unrelated concept may be as large
        (
            stated("net_income", "-3.11 USD million @broker", "-203.3 USD million @press")
            + stated("net_income_attributable", "-203.30 USD million @broker"),
            ("definition", "-203.3 USD million is the figure of net_income_attributable"),
        ),
        (
            stated("net_income", "-3.11 USD million @broker", "-203.3 USD million @press")
            + stated("operating_cash_flow", "-203.30 USD million @broker"),
            ("value", ""),
        ),
        # its own source states both bases alike: that says nothing
        (
            stated("net_income", "-203.30 USD million @broker", "-3.1 USD million @press")
            + stated("net_income_attributable", "-203.30 USD million @broker"),
            ("value", ""),
        ),
        (
            stated("net_income", "-3.11 USD million @broker", "-5 USD @press labelled 亏损"),
            ("definition", "labelled 亏损"),
        ),
        (
            stated(
                "net_income", "-3.11 USD million @broker labelled 亏损",
                "-5 USD million @press labelled 亏损",
            ),
            ("value", ""),
        ),
        # one issuer, later: by publisher, and by what the company itself puts out
        (stated("revenue", "16 USD million @broker-2", "13 USD million @broker"),
         ("restatement", "")),
        (stated("revenue", "16 USD million @filing", "13 USD million @release"),
         ("restatement", "")),
        (stated("revenue", "16 USD million @filing", "13 USD million @broker"), ("value", "")),
    ],
)  # fmt: skip
def test_types(facts: str, expected: tuple[str, str]) -> None:
    found = [c for c in judged(f"facts:\n{facts}").conflicts if len(c.candidates) > 1]
    assert [(conflict.type, conflict.detail) for conflict in found] == [expected]


@pytest.mark.parametrize(
    "facts",
    [
        stated("revenue", "16 USD million @broker", "16.4 USD million @press"),
        stated("revenue", "over 15 USD million @broker", "16 USD million @press"),
        # estimates are renewed and differ
        (
            "  revenue:\n    FY2023E:\n      - {value: 16 USD million, source: broker}\n"
            "      - {value: 13 USD million, source: broker-2}\n"
            "      - {value: 20 USD million, source: press}\n"
        ),
        # guided and met, at either end and inside
        stated("revenue", "160.67 USD million @broker", FY2022G="160.67..178 USD million @press"),
        stated("revenue", "178 USD million @broker", FY2022G="176..178 USD million @press"),
        stated("revenue", "160.67 USD million @broker", FY2022G="under 200 USD million @press"),
        # quarters that add up within their rounding, and nothing but quarters
        stated(
            "revenue", "10 USD million @broker", _2022Q1="2.5 USD million @broker",
            _2022Q2="2.5 USD million @broker", _2022Q3="2.5 USD million @broker",
            _2022Q4="2.5 USD million @broker",
        ),
        # a share and its amount
        stated("revenue", "160.67 USD million @broker")
        + "breakdowns:\n"
        "  - {concept: revenue, by: region, period: FY2022, source: broker, unit: USD million,\n"
        "     complete: true, parts: {china: 92, overseas: 69}}\n"
        '  - {concept: revenue, by: region, period: FY2022, source: press, unit: "%",\n'
        "     parts: {overseas: 43}}\n",
        # another currency, other digits
        stated("revenue", "160.67 USD million @broker", "1080.68 CNY million @press"),
        stated("debt_repaid", "0 USD @broker", "0 CNY @press").replace(
            "debt_repaid", "short_term_debt"
        ),
    ],
)  # fmt: skip
def test_no_false_alarm(facts: str) -> None:
    assert [shown(conflict) for conflict in judged(f"facts:\n{facts}").conflicts] == []


def test_touching_intervals_are_a_note() -> None:
    found = judged(
        "facts:\n" + stated("net_income", "-3.11 USD million @broker", "-3.12 USD million @press")
    )
    assert found.conflicts == ()
    assert [shown(note) for note in found.roundings] == [
        ("rounding", "net_income", ["broker", "press"], "")
    ]
    apart = judged(
        "facts:\n" + stated("net_income", "-3.11 USD million @broker", "-3.13 USD million @press")
    )
    assert ([c.type for c in apart.conflicts], apart.roundings) == (["value"], ())


def test_the_same_digits_in_two_currencies() -> None:
    found = judged(
        "facts:\n" + stated("revenue", "160.67 USD million @broker", "160.67 CNY million @press")
    )
    assert [shown(c) for c in found.conflicts] == [
        ("unit", "revenue", ["broker", "press"], "the same in USD and CNY")
    ]


def test_contradictions_of_several_types_are_told_apart() -> None:
    facts = stated(
        "revenue",
        "160.67 USD million @filing-2",
        "150 USD million @filing",
        "160.67 USD @press",
        "160.7 USD million @broker",
    )
    assert [shown(c) for c in judged(f"facts:\n{facts}").conflicts] == [
        ("restatement", "revenue", ["filing-2", "filing"], ""),
        ("unit", "revenue", ["filing-2", "press"], "equal after a factor of 1,000,000"),
    ]


# ------------------------------------------------------------------- what other figures come to


def test_computed_against_stated() -> None:
    """The computed metric counts, the stated concept does; nothing where they meet."""
    facts = (
        stated("revenue", "100.0 USD million @broker", FY2021="80.0 USD million @broker")
        + stated("cost_of_revenue", "40.0 USD million @broker")
        + stated("gross_profit", "59.0 USD million @broker")
        + stated("revenue_growth", "22% @press")
        + stated("gross_margin", "59.0% @press")
    )
    found = {c.concept: c for c in judged(f"facts:\n{facts}").conflicts}
    assert {
        name: (c.type, c.chosen, c.reason, c.computed, [f"{f.concept} {f.period}" for f in c.basis])
        for name, c in found.items()
    } == {
        "gross_profit": (
            "computed-vs-stated", "broker", "other stated figures make it 59.9..60.1",
            (59.9e6, 60.1e6), ["cost_of_revenue FY2022", "revenue FY2022"],
        ),
        "revenue_growth": (
            "computed-vs-stated", "computed", "other stated figures make it 24.9%..25.1%",
            (pytest.approx(99.95 / 80.05 - 1), pytest.approx(100.05 / 79.95 - 1)),
            ["revenue FY2021", "revenue FY2022"],
        ),
    }  # fmt: skip


def test_what_rests_on_an_assumption_contradicts_nothing(made: Made) -> None:
    facts = stated("revenue", "100 USD million @filing") + stated("total", "110 USD million @press")
    assert made(RULES, f"facts:\n{facts}").conflicts == ()
    facts += stated("other", "0.0 USD million @filing")
    assert [c.concept for c in made(RULES, f"facts:\n{facts}").conflicts] == ["total"]


def test_a_formula_that_leaves_out_a_term_contradicts_nothing(made: Made) -> None:
    facts = stated("revenue", "100 USD million @filing") + stated("near", "110 USD million @press")
    assert made(RULES, f"facts:\n{facts}").conflicts == ()
    facts += stated("other", "5 USD million @filing")
    assert [c.concept for c in made(RULES, f"facts:\n{facts}").conflicts] == ["near"]


def test_a_year_against_its_quarters() -> None:
    quarters = {f"_2022Q{n}": "2.5 USD million @press" for n in (1, 2, 3, 4)}
    facts = stated("revenue", "11 USD million @broker", **quarters)
    (conflict,) = judged(f"facts:\n{facts}").conflicts
    assert shown(conflict) == ("computed-vs-stated", "revenue", ["broker"], "")
    assert conflict.reason == "other stated figures make it 9.8..10.2"
    assert [str(fact.period) for fact in conflict.basis] == ["2022Q1", "2022Q2", "2022Q3", "2022Q4"]
    # the fewest spans are taken: the halves, which the quarters contradict in turn
    halves = {"_2022H1": "5.5 USD million @press", "_2022H2": "5.5 USD million @press"}
    more = stated("revenue", "11.0 USD million @broker", **quarters, **halves)
    assert [(c.type, str(c.period)) for c in judged(f"facts:\n{more}").conflicts] == [
        ("computed-vs-stated", "2022H2"),
        ("computed-vs-stated", "2022H1"),
    ]


def test_a_quarter_in_another_unit_than_its_year_is_a_slip_of_units() -> None:
    quarters = {f"_2022Q{n}": "2.5 USD @press" for n in (1, 2, 3, 4)}
    facts = stated("revenue", "10 USD million @broker", **quarters)
    (conflict,) = judged(f"facts:\n{facts}").conflicts
    assert shown(conflict) == (
        "unit", "revenue", ["broker"], "equal after a factor of 1,000,000",
    )  # fmt: skip


def test_guidance_missed_names_both_sides() -> None:
    facts = stated(
        "revenue", "160.67 USD million @broker", FY2022G="176..178 USD million @press"
    ) + stated("revenue_growth", FY2022G="under 10% @press").replace("    FY2022:\n", "")
    (conflict,) = judged(f"facts:\n{facts}").conflicts
    assert shown(conflict) == (
        "guidance-vs-actual", "revenue", ["broker", "press"],
        "guided 176.0..178.0, came in at 160.7",
    )  # fmt: skip
    assert (conflict.chosen, conflict.reason, conflict.decides) == (
        "broker", "what came in counts", (),
    )  # fmt: skip


def test_guidance_on_what_is_worked_out() -> None:
    facts = stated("revenue", "100.0 USD million @broker", FY2021="80.0 USD million @broker")
    facts += "  revenue_growth: {FY2022G: {value: 30%..40%, source: press}}\n"
    (conflict,) = judged(f"facts:\n{facts}").conflicts
    assert (conflict.type, conflict.chosen, [f.source for f in conflict.candidates]) == (
        "guidance-vs-actual", "computed", ["press"],
    )  # fmt: skip


SPLIT = """\
facts:
  revenue: {{FY2022: {{value: 160.67 USD million, source: broker}}}}
breakdowns:
  - {{concept: revenue, by: region, period: FY2022, source: broker, unit: USD million, {complete}
     parts: {{china: {china}, overseas: {overseas}}}}}
"""
SHARES = """\
  - {concept: revenue, by: region, period: FY2022, source: press, unit: "%", parts: {overseas: 45}}
"""


def test_members_shares_against_their_amounts() -> None:
    text = SPLIT.format(china=92, overseas=69, complete="complete: true,") + SHARES
    (conflict,) = judged(text).conflicts
    assert shown(conflict) == (
        "computed-vs-stated", "revenue", ["broker", "press"],
        "the amount makes the share 42.6%..43.3%",
    )  # fmt: skip
    assert (conflict.scope, conflict.reason) == (("region", "overseas"), "broker before press")


@pytest.mark.parametrize(
    ("china", "overseas", "complete", "detail"),
    [
        (92, 80, "", "split by region it comes to 171.0..173.0"),
        (80, 69, "complete: true,", "split by region it comes to 148.0..150.0"),
        (80, 69, "", None),
        (92, 69, "complete: true,", None),
    ],
)
def test_members_against_the_whole(
    china: int, overseas: int, complete: str, detail: str | None
) -> None:
    found = judged(SPLIT.format(china=china, overseas=overseas, complete=complete)).conflicts
    assert [(c.type, c.detail, c.decides) for c in found] == (
        [("computed-vs-stated", detail, ())] if detail is not None else []
    )


# ---------------------------------------------------------------------------- what they decide

PACK = """\
ddcheck: pack/1
id: made-up
version: "1.0"
title: Made up
parameters: {limit: {unit: ratio, default: 10%, title: Limit}}
"""
VOCABULARY = """\
ddcheck: vocabulary/1
dimensions: {region: {label: Region}}
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  cost: {time: flow, unit: money, label: Cost}
  profit: {time: flow, unit: money, label: Profit, derive: [revenue - cost]}
  cash: {time: stock, unit: money, label: Cash}
  other: {time: flow, unit: money, label: Other}
  total: {time: flow, unit: money, label: Total, derive: ["revenue + coalesce(other, 0)"]}
  near: {time: flow, unit: money, label: Near, derive: [revenue + other, revenue]}
  fx_average: {time: average, unit: CNY/USD, label: Rate}
"""
RULES = """\
metrics:
  margin:
    title: Margin
    formula: profit / revenue
    unit: ratio
    better: higher
    ladder: {A: 30%, B: 10%}
    applies_when: revenue > 0
    reference: made up
rules:
  loss: {title: Loss, when: profit < 0, severity: high, message: "Profit {profit}: {facts}"}
  thin: {title: Thin, metric: margin, below: {low: 30%, high: 5%}}
  poor: {title: Poor, when: cash < 5 million money, severity: low}
  small: {title: Small, when: revenue < 5 million money, severity: low}
"""
Made = Callable[[str, str], Evaluation]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """`made(rules, text)`: a company under a pack of its own."""

    def run(rules: str, text: str) -> Evaluation:
        return judged(text, made_plan(tmp_path, rules))

    return run


def made_plan(folder: Path, rules: str) -> Plan:
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "rules.yaml").write_text(
        f"ddcheck: rules/1\ncategory: any\n{rules}", encoding="utf-8"
    )
    report = Report()
    plan = compile_packs(load_packs((str(folder),), report), report)
    assert [item.message for item in report] == []
    return plan


@pytest.mark.parametrize(
    ("rate", "other", "expected"),
    [
        ("6.7261 CNY/USD", "1080.68", ("unit", "equal after the exchange rate 6.7261 CNY/USD")),
        ("6.7261 CNY/USD", "1090.68", ("value", "")),
        ("6.7261 CNY/USD", "1100", ("value", "")),
        ("7 CNY/USD", "1124.69", ("value", "")),  # a rate of one digit proves nothing
    ],
)
def test_a_currency_that_was_not_converted(
    made: Made, rate: str, other: str, expected: tuple[str, str]
) -> None:
    facts = stated("revenue", "160.67 USD million @broker", f"{other} USD million @press")
    facts += stated("fx_average", f"{rate} @filing")
    assert [(c.type, c.detail) for c in made(RULES, f"facts:\n{facts}").conflicts] == [expected]


def test_a_conflict_decides_what_the_other_candidate_would_change(made: Made) -> None:
    facts = (
        stated("revenue", "100 USD million @filing", "90 USD million @press")
        + stated("cost", "60 USD million @filing", "99 USD million @press")
        + stated("cash", "9 USD million @filing", "7 USD million @press")
    )
    found = made(RULES, f"facts:\n{facts}")
    assert [(c.concept, c.decides) for c in found.conflicts] == [
        ("cost", ("thin", "margin")),
        ("revenue", ()),
        ("cash", ()),
    ]
    # and the company itself is judged as before
    assert {f.id: f.outcome for f in found.findings} == {
        "loss": "pass", "thin": "pass", "poor": "pass", "small": "pass",
    }  # fmt: skip


def test_rules_that_compare_figures_are_not_decided(made: Made) -> None:
    rules = "rules:\n  odd: {title: T, when: 'not agrees(profit, revenue - cost)', severity: low}\n"
    facts = (
        stated("revenue", "100 USD million @filing")
        + stated("cost", "60 USD million @filing")
        + stated("profit", "50 USD million @filing", "40 USD million @press")
    )
    found = made(rules, f"facts:\n{facts}")
    assert [f.outcome for f in found.findings] == ["flag"]
    assert [(c.type, c.decides) for c in found.conflicts] == [
        ("value", ()),
        ("computed-vs-stated", ()),
    ]


def test_a_severity_alone_is_decided_too(made: Made) -> None:
    facts = stated("revenue", "100 USD million @filing") + stated(
        "profit", "20 USD million @filing", "1 USD million @press"
    )
    (conflict,) = made(RULES, f"facts:\n{facts}").conflicts
    assert conflict.decides == ("thin", "margin")


def test_what_is_computed_counts_for_a_stated_concept(made: Made) -> None:
    """Without the stated profit the derived one counts: a loss."""
    facts = (
        stated("revenue", "100 USD million @filing")
        + stated("cost", "110 USD million @filing")
        + stated("profit", "40 USD million @filing")
    )
    found = made(RULES, f"facts:\n{facts}")
    assert [(c.type, c.concept, c.chosen, c.decides) for c in found.conflicts] == [
        ("computed-vs-stated", "profit", "filing", ("loss", "thin", "margin"))
    ]
    assert next(f for f in found.findings if f.id == "loss").disputed is True


def test_what_is_stated_counts_for_a_computed_metric(made: Made) -> None:
    facts = (
        stated("revenue", "100 USD million @filing")
        + stated("profit", "40 USD million @filing")
        + stated("margin", "3% @press")
    )
    found = made(RULES, f"facts:\n{facts}")
    assert [(c.type, c.concept, c.chosen, c.decides) for c in found.conflicts] == [
        ("computed-vs-stated", "margin", "computed", ("thin", "margin"))
    ]
    # a finding on the metric is disputed, one on its figures is not
    assert {f.id: f.disputed for f in found.findings} == {
        "loss": False, "thin": True, "poor": False, "small": False,
    }  # fmt: skip


def test_deciding_conflicts_come_first_the_gravest_before(made: Made) -> None:
    facts = (
        stated("revenue", "100 USD million @filing", "98 USD million @press")
        + stated("cash", "9 USD million @filing", "1 USD million @press")
        + stated("profit", "40 USD million @filing", "-1 USD million @press")
    )
    found = made(RULES, f"facts:\n{facts}").conflicts
    assert [(c.concept, c.decides) for c in found] == [
        ("profit", ("loss", "thin", "margin")),
        ("cash", ("poor",)),
        ("revenue", ()),
    ]


def test_a_variant_is_what_the_company_would_be_without_the_chosen_fact(made: Made) -> None:
    """Against brute force: the chosen fact left out, everything worked out anew."""
    facts = (
        stated("revenue", "100 USD million @filing", "4 USD million @press",
               FY2021="90 USD million @filing")
        + stated("cost", "60 USD million @filing", "120 USD million @broker", "3 USD @press")
        + stated("cash", "9 USD million @filing", "1 USD million @press")
    )  # fmt: skip
    found = made(RULES, f"facts:\n{facts}")
    before = outcomes(found)
    for conflict in found.conflicts:
        company = company_of(found.plan, f"facts:\n{facts}")
        changed = set()
        for other in conflict.candidates[1:]:
            left = [
                fact
                for fact in company.facts
                if fact.concept != conflict.concept
                or str(fact.period) != str(conflict.period)
                or fact.source == other.source
            ]
            after = outcomes(evaluate(found.plan, company._replace(facts=tuple(left)), today=TODAY))
            changed |= {name for name in before if before[name] != after[name]}
        assert set(conflict.decides) == changed, conflict.concept


def outcomes(evaluation: Evaluation) -> dict[str, Any]:
    found: dict[str, Any] = {
        f.id: (f.outcome, f.severity if f.outcome == "flag" else None) for f in evaluation.findings
    }
    found |= {m.id: (m.state, m.letters) for m in evaluation.metrics}
    return found


def test_choosing_another_fact_leaves_the_ledger_alone() -> None:
    ledger = Ledger(
        company_of(core(), "facts:\n" + stated("revenue", "5 USD @filing", "6 USD @press"))
    )
    first, second = ledger.contested()[0]
    other = ledger.choosing(first, second)
    key = next(iter(ledger.stated("revenue", "actual")))
    assert ledger.stated("revenue", "actual")[key] is first
    assert other.stated("revenue", "actual")[key] is second
    assert ledger.choosing(first, None).stated("revenue", "actual") == {}
    assert other.facts is ledger.facts


# ------------------------------------------------------------------------------------ evidence


WANTING = """\
rules:
  wants: {title: Wants, when: profit < 0, severity: high, min_evidence: filing,
    ask: Audited profit.}
  takes: {title: Takes, when: profit < 0, severity: high}
  follows: {title: Follows, when: raised("wants"), severity: low}
strengths:
  good: {title: Good, when: profit > 0, min_evidence: release, message: "{profit}"}
"""


@pytest.mark.parametrize(
    ("source", "value", "outcome"),
    [
        ("filing", "-5", "flag"),
        ("filing", "5", "pass"),
        ("release", "-5", "unknown"),
        ("press", "5", "unknown"),
    ],
)
def test_weak_evidence_decides_nothing(made: Made, source: str, value: str, outcome: str) -> None:
    found = made(WANTING, f"facts:\n{stated('profit', f'{value} USD million @{source}')}")
    findings = {f.id: f for f in found.findings}
    last = "flag" if value == "-5" else "pass"
    assert findings["takes"].outcome == last
    assert (findings["wants"].outcome, findings["follows"].outcome) == (outcome, outcome)
    if outcome == "unknown":
        wants = findings["wants"]
        assert (wants.reason, wants.is_open, wants.worst) == ("evidence", True, "high")
        assert wants.last is not None
        assert (wants.last.outcome, wants.last.period) == (last, "FY2022")
        assert [tuple(m) for m in wants.missing] == [
            ("evidence", "profit", "FY2022", None, f"stated by {source} only")
        ]
        assert [(fact.concept, fact.source) for fact in wants.evidence] == [("profit", source)]
        assert [(r.name, r.period, r.tier, r.ask, r.unblocks) for r in found.requests] == [
            ("profit", "FY2022", "filing", "Audited profit.", ("wants", "follows"))
        ]
    else:
        assert found.requests == ()


def test_the_weakest_fact_counts(made: Made) -> None:
    facts = stated("revenue", "9 USD million @filing") + stated("cost", "5 USD million @press")
    found = made(WANTING, f"facts:\n{facts}")
    wants = next(f for f in found.findings if f.id == "wants")
    assert (wants.outcome, wants.reason) == ("unknown", "evidence")
    assert [(m.name, m.reason) for m in wants.missing] == [("cost", "stated by press only")]
    (good,) = found.strengths
    assert (good.outcome, good.reason) == ("unknown", "evidence")


def test_an_older_verdict_on_better_evidence_is_no_substitute(made: Made) -> None:
    facts = stated("profit", "-5 USD million @press", FY2021="5 USD million @filing")
    wants = next(f for f in made(WANTING, f"facts:\n{facts}").findings if f.id == "wants")
    assert (wants.outcome, wants.reason, wants.period) == ("unknown", "evidence", "FY2022")


def test_tests_beside_a_rule_can_say_the_tier(tmp_path: Path) -> None:
    rules = WANTING.replace(
        "ask: Audited profit.",
        "tests: [{given: {profit: -5}, expect: {flag: high}},"
        " {given: {profit: -5}, tier: release, expect: {unknown: evidence}},"
        " {given: {profit: 5}, tier: press, expect: {unknown: [profit]}},"
        " {given: {profit: {FY0: [-5, 5 @b]}}, sources: {b: {tier: press}}, expect: {flag: high}},"
        " {given: {profit: 5}, tier: filing, expect: pass}]",
    )
    report = Report()
    outcomes = run_cases(made_plan(tmp_path, rules), report, frozenset({"wants"})).outcomes
    assert [item.message for item in report] == []
    assert [(o.wanted, o.got) for o in outcomes if not o.passed] == []
    assert len(outcomes) == 5


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("{given: {profit: 5 @b}, expect: pass}", "DD305"),
        ("{given: {profit: 5}, tier: rumour, expect: pass}", "DD113"),
        ("{given: {profit: {FY0: [5, 6]}}, expect: pass}", "DD307"),
        ("{given: {profit: 5}, sources: {b: {day: D0}}, expect: pass}", "DD111"),
    ],
)
def test_a_test_that_names_no_source(tmp_path: Path, test: str, code: str) -> None:
    rules = WANTING.replace("ask: Audited profit.", f"tests: [{test}]")
    report = Report()
    run_cases(made_plan(tmp_path, rules), report, frozenset({"wants"}))
    assert [item.code for item in report] == [code]


def test_an_unknown_tier_is_refused(tmp_path: Path) -> None:
    for name, text in (("pack", PACK), ("vocabulary", VOCABULARY)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(
        "ddcheck: rules/1\ncategory: any\n" + WANTING.replace("filing", "filings"), encoding="utf-8"
    )
    report = Report()
    load_packs((str(tmp_path),), report)
    assert [(item.code, item.message[:15], item.help) for item in report] == [
        ("DD113", "`min_evidence` ", "did you mean `filing`?")
    ]


def test_tiers_of_metrics_and_of_the_whole(made: Made) -> None:
    facts = stated("revenue", "100 USD million @filing", FY2021="90 USD million @press") + stated(
        "profit", "-4 USD million @broker", FY2021="9 USD million @filing"
    )
    found = made(RULES, f"facts:\n{facts}")
    (margin,) = found.metrics
    assert {value.label: value.tier for value in margin.own_values if value.tier} == {
        "FY2021": "press", "FY2022": "broker",
    }  # fmt: skip
    assert margin.tier == "broker"
    tiers = found.tiers
    assert tiers.flags == (("broker", 2),)
    assert tiers.metrics == ()  # this pack grades nothing
    assert (tiers.strongest, tiers.weakest, tiers.graded_on) == ("broker", "broker", None)


def test_the_shipped_grade_rests_on_one_broker() -> None:
    plan = load_plan((), Report())
    path = Path(__file__).parents[1] / "companies" / "agora.yaml"
    report = Report()
    root = parse(Source("companies/agora.yaml", path.read_text(encoding="utf-8")), report)
    assert isinstance(root, Mapping)
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    assert company is not None
    tiers = evaluate(plan, company, today=TODAY).tiers
    assert (tiers.graded_on, tiers.strongest, tiers.weakest) == ("broker", "broker", "press")


# ----------------------------------------------------------------------- facts that say too much


def integrity(text: str) -> dict[str, Finding]:
    plan = load_plan(("core", "integrity"), Report())
    return {finding.id: finding for finding in judged(text, plan).findings}


def test_a_restatement_leads_to_both_figures() -> None:
    facts = stated(
        "revenue", "100 USD million @filing", "90 USD million @filing-2", FY2021="80 USD @filing"
    ) + stated("net_income", "7 USD million @filing", "7 USD million @filing-2")
    finding = integrity(f"facts:\n{facts}")["figures-restated"]
    assert (finding.outcome, finding.severity, finding.message) == (
        "flag", "medium",
        "Stated again, and otherwise: Revenue FY2022: 100 USD million / 90 USD million",
    )  # fmt: skip
    assert [(fact.source, fact.node.line) for fact in finding.evidence] == [
        ("filing", 13), ("filing-2", 14),
    ]  # fmt: skip


def test_what_was_restated_is_asked_for() -> None:
    facts = stated("revenue", "7 USD million @filing", "7 USD million @filing-2")
    facts += stated("total_assets", "9 USD million @filing", "5 USD million @filing-2")
    found = judged(f"facts:\n{facts}", load_plan(("core", "integrity"), Report()))
    (request,) = (r for r in found.requests if "figures-restated" in r.unblocks)
    assert (request.name, request.period) == ("total_assets", "2022-12-31")
    assert request.ask.startswith("Each restated figure")


def test_another_label_is_no_restatement() -> None:
    facts = stated(
        "revenue", "100 USD million @filing", "90 USD million @filing-2 labelled Gross sales"
    )
    found = integrity(f"facts:\n{facts}")
    assert (found["figures-restated"].outcome, found["figure-mislabelled"].outcome) == (
        "not-applicable", "flag",
    )  # fmt: skip


def test_facts_in_a_message_are_cut_at_three_concepts(made: Made) -> None:
    rules = (
        'rules:\n  r: {title: R, when: facts("labelled") > 0, severity: low, '
        'message: {en: "{facts}", zh: "{facts}"}}\n'
    )
    lines = "".join(
        stated(name, f"{i} USD million @filing labelled L", FY2021=f"{i} USD @filing")
        for i, name in enumerate(("revenue", "cost", "profit", "cash"), 1)
    )
    (finding,) = made(rules, f"facts:\n{lines}").findings
    assert finding.message == (
        "Cash 2022-12-31 “L”: 4 USD million; Cost FY2022 “L”: 2 USD million; "
        "Profit FY2022 “L”: 3 USD million; 1 more"
    )


def test_conflicts_in_json_and_in_chinese(made: Made) -> None:
    facts = stated("profit", "40 USD million @filing", "-1 USD million @press")
    found = made(RULES, f"facts:\n{facts}")
    text = render_json([found], [], version="0", today=TODAY, level="high", failed=False)
    report = json.loads(text)["reports"][0]
    (conflict,) = report["conflicts"]
    assert (conflict["type"], conflict["decides"], conflict["computed"], conflict["detail"]) == (
        "value", ["loss"], None, None,
    )  # fmt: skip
    assert report["tiers"] == {"metrics": {}, "flags": {}, "graded_on": None}
    assert reworded("zh", conflict["reason"]) == "监管文件优先于媒体"
    assert reworded("zh", "equal after a factor of 1,000") == "相差1,000倍，疑为单位错误"
