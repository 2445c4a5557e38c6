"""Requests: what is asked for, in which order, and the letter that asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.model.evaluation import Evaluation, Request
from ddcheck.engine.model.pack import SEVERITIES
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.requests import render_requests
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()

COMPANY = """\
ddcheck: company/1
company: {id: ID, name: {en: "Made *up*, Inc.", zh: 虚构公司}, currency: CNY, tags: [saas],
  fiscal_year_end: "03-31"}
sources:
  s: {title: "Report <b>[1]", tier: audited, published: 2026-06-01}
facts:
FACTS
"""
LOSSES = """\
  revenue: {FY2025: {value: 20 CNY million, source: s}, FY2026: {value: 30 CNY million, source: s}}
  net_income:
    FY2025: {value: -4 CNY million, source: s}
    FY2026: {value: -9 CNY million, source: s}
  sales_and_marketing: {FY2025: {value: 5 CNY million, source: s}}
  accounts_receivable: {2025-03-31: {value: 3 CNY million, source: s}}
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan((), Report())


@pytest.fixture(scope="module")
def agora(plan: Plan) -> Evaluation:
    return judged(plan, ROOT / "companies/agora.yaml")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)

    def file(ident: str, facts: str) -> str:
        text = COMPANY.replace("ID", ident).replace("FACTS", facts.rstrip())
        (tmp_path / f"{ident}.yaml").write_text(text, encoding="utf-8")
        return f"{ident}.yaml"

    return file


def judged(plan: Plan, path: str | Path, language: str = "en") -> Evaluation:
    company = read_company(str(path), plan, Report())
    assert company is not None
    return evaluate(plan, company, today=TODAY, language=language)


def run(*paths: str, **options: Any) -> Outcome:
    return run_check(CheckOptions(paths, today=TODAY, version="test", **options), Screen())


def of(evaluation: Evaluation, name: str) -> Request:
    (found,) = (r for r in evaluation.requests if r.name == name and not r.explains)
    return found


# --- the list


def test_one_request_asks_for_every_period(agora: Evaluation) -> None:
    ndr = of(agora, "ndr")
    assert (ndr.period, ndr.periods) == ("FY2022", ("FY2020", "FY2021", "FY2022"))
    assert ndr.unblocks == ("ndr-below-100-percent", "ndr-falling", "ndr")
    assert ndr.titles == (
        "Old customers spend less",
        "Net dollar retention falls, two years running",
        "Net dollar retention",
    )


def test_no_fact_is_asked_for_twice(agora: Evaluation) -> None:
    asked = [(r.name, r.scope) for r in agora.requests if not r.explains]
    assert len(asked) == len(set(asked))
    asked = [(r.name, r.unblocks) for r in agora.requests if r.explains]
    assert len(asked) == len({name for name, _ in asked})


def test_the_gravest_come_first_then_what_must_be_known_then_what_unblocks_most(
    agora: Evaluation,
) -> None:
    keys = [
        (SEVERITIES.index(r.severity or "info"), not r.must_know, -len(r.unblocks))
        for r in agora.requests
    ]
    assert keys == sorted(keys)
    assert [r.name for r in agora.requests[:3]] == [
        "ndr", "top1_customer_share", "capital_expenditure",
    ]  # fmt: skip
    assert [r.must_know for r in agora.requests[:3]] == [True, True, False]


def test_what_closes_more_of_the_grade_comes_before_what_closes_less(agora: Evaluation) -> None:
    """Two requests of one severity that unblock as much: the metric that weighs more is first."""
    names = [r.name for r in agora.requests]
    churn, cost = of(agora, "logo_churn"), of(agora, "cac")
    assert len(churn.unblocks) == len(cost.unblocks)
    assert churn.severity == cost.severity
    # Churn is graded itself; of the cost two metrics wait that wait for other facts as well.
    assert names.index("logo_churn") < names.index("cac")


def test_a_flag_asks_for_an_explanation_not_for_a_fact(agora: Evaluation) -> None:
    (asset,) = (r for r in agora.requests if r.name == "other_non_current_assets")
    assert (asset.explains, asset.raised, asset.unblocks) == (True, True, ("other-assets-jump",))


def test_a_request_knows_its_form_and_what_is_there(agora: Evaluation) -> None:
    top1 = of(agora, "top1_customer_share")
    assert (top1.unit, top1.style, top1.splits, top1.made_of) == (
        "ratio", "percent", ("Customer",), ("Revenue",),
    )  # fmt: skip
    assert top1.last == ("14.0%", "2020Q1")
    assert top1.bounds == ("FY2022", "2.1%..21.5%")
    capital = of(agora, "capital_expenditure")
    assert (capital.unit, capital.time, capital.reported) == ("money", "flow", True)
    assert capital.needed_for == ("Free cash flow over revenue", "Rule of 40 (free cash flow)")
    selling = of(agora, "sales_and_marketing")
    assert selling.have is not None
    assert (selling.have.text, selling.known) == ("4630万美元", "4630万美元 (FY2021)")


def test_missing_guidance_is_called_guidance(plan: Plan, write: Callable[..., str]) -> None:
    found = judged(plan, write("one", LOSSES))
    (finding,) = (f for f in found.findings if f.id == "guidance-missed")
    assert ("revenue", "FY2026G") in {(m.name, m.period) for m in finding.missing}
    (metric,) = (m for m in found.metrics if m.id == "guidance_miss")
    assert "FY2026G" in {m.period for m in metric.missing}


def test_guidance_is_asked_for_apart_from_what_came_in(plan: Plan) -> None:
    company = read_company(str(ROOT / "companies/agora.yaml"), plan, Report())
    assert company is not None
    period = company.calendar.parse("FY2021")[0]
    found = evaluate(plan, company, today=TODAY, period=period)
    asked = [r for r in found.requests if r.name == "revenue" and not (r.explains or r.scope)]
    assert sorted(r.periods for r in asked) == [("2021Q3",), ("FY2021G",)]
    (guided,) = (r for r in asked if r.period == "FY2021G")
    assert guided.have is None or guided.have.kind == 2
    text = render_requests([found])
    assert "Revenue for FY2021, as guided (in millions of USD)" in text
    (scoped,) = (r for r in found.requests if r.name == "revenue" and r.scope)
    assert scoped.have is not None
    assert scoped.have.scope is not None
    assert (scoped.scope, scoped.have.scope[0]) == ("customer", "customer")
    assert "- **Wanted**: Revenue by customer for FY2021 (in millions of USD)\n" in text
    assert "the announcement in which the guidance was given" in text


# --- the letter


def test_the_letter_reveals_no_judgment(agora: Evaluation, plan: Plan) -> None:
    chinese = judged(plan, ROOT / "companies/agora.yaml", "zh")
    for evaluation in (agora, chinese):
        text = render_requests([evaluation])
        words = {*SEVERITIES, "flag", "gate", "grade", "红旗", "严重", "评级", "门槛", "触发"}
        said = {word for word in words if re.search(rf"(?<![a-z]){word}(?![a-z])", text.lower())}
        assert said == set()
        metrics = {m.title for m in evaluation.metrics}
        titles = {f.title for f in evaluation.findings} - metrics
        assert {title for title in titles if title in text} == set()
        assert {f.id for f in evaluation.findings if f.id in text} == set()


def test_questions_are_numbered_once_and_grouped_by_their_words(agora: Evaluation) -> None:
    text = render_requests([agora])
    numbers = [int(n) for n in re.findall(r"^### (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    asks = {(r.ask, r.explains) for r in agora.requests}
    assert len(numbers) == len(asks)
    assert text.count("Contracts signed but not accepted") == 1
    for request in agora.requests:
        assert request.title in text
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert heads == ["Needed first", "Further figures", "Points to explain"]


def test_a_letter_for_a_company_with_another_year_and_currency(
    plan: Plan, write: Callable[..., str]
) -> None:
    path = write("one", LOSSES)
    english, chinese = (render_requests([judged(plan, path, lang)]) for lang in ("en", "zh"))
    assert english.startswith(
        "# Request for information\n\nTo: Made \\*up\\*, Inc. (虚构公司)\n\n"
        "Date: 21 November 2026\n\n"
    )
    assert "FY2026 is the financial year that ended on 31 March 2026" in english
    assert "amounts are in millions of CNY." in english
    assert "CNY 5 million for FY2025 (Report \\<b\\>\\[1\\], 1 June 2026)" in english
    assert chinese.startswith("# 补充资料清单\n\n致：虚构公司（Made \\*up\\*, Inc.）\n\n")
    assert "文中2026财年指截至2026年3月31日止的财政年度；金额单位为百万元人民币。" in chinese
    assert "2025财年为5百万元人民币（Report \\<b\\>\\[1\\]，2026年6月1日）" in chinese


def test_each_company_has_a_letter_of_its_own(write: Callable[..., str], tmp_path: Path) -> None:
    paths = (write("one", LOSSES), write("two", LOSSES))
    outcome = run(*paths, outputs=("requests:letters.md", "requests"))
    ((name, content),) = outcome.files
    assert (outcome.code, name) == (0, "letters.md")
    assert content == outcome.stdout
    assert isinstance(content, str)
    letters = content.split("\n---\n\n")
    assert len(letters) == 2
    assert all(item.startswith("# Request for information\n") for item in letters)


def test_nothing_to_ask_is_said(agora: Evaluation) -> None:
    details = agora.details()._replace(requests=())
    text = render_requests([agora._replace(details=lambda: details)])
    assert "We have no question at present." in text
    assert "##" not in text.replace("# Request", "")


def test_no_company_no_letter(write: Callable[..., str]) -> None:
    outcome = run("missing.yaml", outputs=("requests",))
    assert (outcome.stdout, outcome.code) == ("", 2)
