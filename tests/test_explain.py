"""Explanations: what stands in the tree is what comes to the value, down to the places of figures.

The tree is worked out again here, by a small evaluator of its own that sees nothing but the
numbers of a node's children: what an analyst would do with a pocket calculator.
"""

from __future__ import annotations

import ast
import itertools
import json
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.explain import Explainer, explain
from ddcheck.engine.check.explain_evidence import Leaves
from ddcheck.engine.check.figures import Figures
from ddcheck.engine.commands.explain import ExplainOptions, run_explain
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.language.context import Context
from ddcheck.engine.language.tree import FunctionCall, Literal
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.explanation import NODE_KINDS, STATES, Explanation, Node
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.formula import Formula
from ddcheck.engine.model.periods import Period, add_months
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.report.as_json import render_json
from ddcheck.engine.report.explanation import explanation_lines
from ddcheck.engine.report.explanation_json import render_explanation
from ddcheck.engine.report.lines import plain, width
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21).toordinal()
SCHEMA = Draft202012Validator(
    json.loads((ROOT / "schemas/explanation.schema.json").read_text(encoding="utf-8"))
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    report = Report()
    found = load_plan((), report)
    assert not report.failed
    return found


@pytest.fixture(scope="module")
def agora(plan: Plan) -> Company:
    company = read_company(str(ROOT / "companies/agora.yaml"), plan, Report())
    assert company is not None
    return company


@pytest.fixture(scope="module")
def every(plan: Plan, agora: Company) -> list[Explanation]:
    """Every metric, rule and strength of Agora where it is judged, and at two other periods."""
    found = []
    for label in (None, "FY2021", "2021Q1"):
        explainer = explainer_of(plan, agora, label)
        found += [explainer.explain(ident) for ident in (*plan.metrics, *plan.rules)]
    return found


def explainer_of(
    plan: Plan, company: Company, label: str | None = None, language: str = "en"
) -> Explainer:
    """An explainer of the whole company, judged at a period."""
    period = company.calendar.parse(label)[0] if label is not None else None
    evaluation = evaluate(plan, company, today=TODAY, period=period, language=language)
    return Explainer(evaluation, period)


def text_of(found: Explanation, columns: int = 110) -> str:
    return plain(explanation_lines(found, columns))


# --- the tree comes to its values


class Calculator:
    """Works a formula out of the numbers of a node's children, at the period of the node."""

    def __init__(self, company: Company, node: Node) -> None:
        self.calendar = company.calendar
        self.children = node.children
        self.period = self.calendar.parse(node.period or "")[0]

    def back(self, period: Period, months: int) -> Period:
        if not period.months:
            return self.calendar.instant(add_months(period.end, -months))
        return self.calendar.view(period.frame, period.start - months, period.months)

    def child(self, name: str, period: Period) -> Node:
        named = [
            c
            for c in self.children
            if c.name == name
            and c.kind not in ("event", "breakdown")
            and not (c.kind == "missing" and any(gap.scope for gap in c.missing))
        ]
        if len(named) == 1:
            return named[0]
        ends = [c for c in named if c.period and self.end(c) == period.end]
        same = [c for c in ends if self.calendar.parse(c.period or "")[0].months == period.months]
        (found,) = same if len(same) == 1 else ends
        return found

    def end(self, node: Node) -> int:
        return self.calendar.parse(node.period or "")[0].end

    def at(self, node: Any, period: Period) -> Any:
        """The value of `node`; None where something is missing."""
        match node:
            case Literal():
                return node.number
            case ast.Name():
                found = self.child(node.id, period)
                return found.value.value if found.value is not None else None
            case ast.UnaryOp():
                value = self.at(node.operand, period)
                if value is None:
                    return None
                return not value if isinstance(node.op, ast.Not) else -value
            case ast.BinOp():
                return self.arithmetic(node, period)
            case ast.BoolOp():
                values = [self.at(part, period) for part in node.values]
                ends = isinstance(node.op, ast.Or)
                if ends in values:
                    return ends
                return None if None in values else not ends
            case ast.IfExp():
                test = self.at(node.test, period)
                return None if test is None else self.at(node.body if test else node.orelse, period)
            case ast.Compare():
                values = [self.at(part, period) for part in (node.left, *node.comparators)]
                if None in values:
                    return None
                names = [type(op).__name__ for op in node.ops]
                tests = {
                    "Lt": lambda a, b: a < b, "LtE": lambda a, b: a <= b or math.isclose(a, b),
                    "Gt": lambda a, b: a > b, "GtE": lambda a, b: a >= b or math.isclose(a, b),
                    "Eq": math.isclose, "NotEq": lambda a, b: not math.isclose(a, b),
                }  # fmt: skip
                pairs = zip(names, values, values[1:], strict=False)
                return all(tests[name](a, b) for name, a, b in pairs)
            case FunctionCall():
                return self.call(node, period)
        raise NotImplementedError(ast.dump(node))

    def arithmetic(self, node: ast.BinOp, period: Period) -> float | None:
        left, right = self.at(node.left, period), self.at(node.right, period)
        if left is None or right is None:
            return None
        name = type(node.op).__name__
        if name == "Div":
            return None if right == 0 else left / right
        return {"Add": left + right, "Sub": left - right, "Mult": left * right}[name]

    def call(self, node: FunctionCall, period: Period) -> Any:
        assert isinstance(node.func, ast.Name)
        name, plain_ = node.func.id, node.plain
        if name in ("share", "top_share", "hhi", "scoped", "largest", "sum_of", "said"):
            kinds = {"sum_of": "sum", "said": "event"}
            (found,) = [
                c for c in self.children
                if c.name == plain_[0].id and c.kind in (kinds.get(name, "breakdown"), "missing")
                and (c.formula is None or name not in ("said", "top_share") or name in c.formula)
            ][:1]  # fmt: skip
            if name == "said":
                return found.truth
            return found.value.value if found.value is not None else None
        if name == "raised":
            (found,) = [child for child in self.children if child.name == plain_[0]]
            return found.truth
        if name in ("actual", "estimated", "guided", "low", "high"):
            inner = plain_[0] if isinstance(plain_[0], FunctionCall) else node
            called = inner.func.id if isinstance(inner.func, ast.Name) else ""
            kinds = {"actual": "actual", "estimated": "estimate", "guided": "guidance"}
            wanted = inner.plain[0].id
            (found,) = [
                c for c in self.children if c.name == wanted and c.role == kinds.get(called, "")
            ]
            if found.value is None:
                return None
            if name in ("low", "high"):
                return getattr(found.value, name)
            return found.value.value
        year = self.back(period, 12)
        step = self.back(period, period.months or 12)
        if name == "prev":
            for _ in range(plain_[1] - 1):
                step = self.back(step, period.months or 12)
            return self.at(plain_[0], step)
        now = self.at(plain_[0], period)
        count = plain_[1] if len(plain_) > 1 and isinstance(plain_[1], int) else 1
        if name in ("growth", "delta", "growth_qoq", "flipped"):
            before = self.at(plain_[0], step if name == "growth_qoq" else year)
            if now is None or before is None or (name == "growth_qoq" and period.months != 3):
                return None
            if name == "delta":
                return now - before
            if name == "flipped":
                return now * before < 0
            return now / before - 1 if before > 0 else None
        if name == "cagr":
            base = self.at(plain_[0], self.back(period, 12 * count))
            if now is None or base is None or now <= 0 or base <= 0:
                return None
            return (now / base) ** (1 / count) - 1
        if name == "average":
            opening = self.at(plain_[0], year if period.frame in ("date", "ttm") else step)
            return None if now is None or opening is None else (now + opening) / 2
        if name in ("mean_over", "min_over", "max_over", "rising", "falling"):
            terms, place = [now], period
            for _ in range(count if name in ("rising", "falling") else count - 1):
                place = self.back(place, period.months or 12)
                terms.append(self.at(plain_[0], place))
            if name in ("rising", "falling"):
                pairs = itertools.pairwise(terms)
                steps = [None if None in p else (p[0] > p[1]) == (name == "rising") for p in pairs]
                return False if False in steps else None if None in steps else True
            if None in terms:
                return None
            return {"mean": sum(terms) / count, "min": min(terms), "max": max(terms)}[name[:-5]]
        values = [self.at(value, period) for value in plain_ if isinstance(value, ast.AST)]
        if name == "ttm":
            ttm = period._replace(months=12)
            return self.at(plain_[0], ttm)
        if name == "coalesce":
            return values[0] if values[0] is not None else values[1]
        if name == "known":
            return values[0] is not None
        if None in values:
            return None
        if name in ("min", "max", "abs"):
            return {"min": min, "max": max, "abs": abs}[name](*values)
        months = 12 if node.yearly else period.months or 12
        if name == "in_months":
            return values[0] * months
        if name == "in_days":
            return values[0] * months * 365 / 12
        if name == "annualised":
            return values[0] * 12 / months
        raise NotImplementedError(name)


def formulas_of(plan: Plan) -> dict[str, list[Formula]]:
    """Every formula of the plan by its text as an explanation shows it."""
    found: dict[str, list[Formula]] = {}
    every: list[Formula] = []
    for metric in plan.metrics.values():
        every += metric.formulas
        every += [metric.applies_when] if metric.applies_when is not None else []
    for rule in plan.rules.values():
        every += [step.condition for step in rule.steps]
        every += [rule.applies_when] if rule.applies_when is not None else []
    for formulas in plan.derived.values():
        every += formulas
    for formula in every:
        found.setdefault(" ".join(formula.text.split()), []).append(formula)
    return found


def test_every_node_is_what_its_children_come_to(
    plan: Plan, agora: Company, every: list[Explanation]
) -> None:
    formulas = formulas_of(plan)
    tried = truths = 0
    for found in every:
        for node in found.nodes():
            if (
                node.formula not in formulas
                or not node.children
                or ("agrees(" in node.formula)
                or "facts(" in node.formula
            ):
                continue
            if node.kind not in ("metric", "concept", "condition"):
                continue
            ranges = [c for c in node.children if c.value is not None and c.value.value is None]
            if ranges or (node.value is not None and node.value.value is None):
                continue  # what is known as a range only is not one number
            if node.state == "not-applicable" or node.children[0].kind == "condition":
                continue
            tree = formulas[node.formula][0].tree
            calculator = Calculator(agora, node)
            again = calculator.at(tree, calculator.period)
            where = (found.id, node.name, node.period, node.formula)
            if node.kind == "condition":
                truths += 1
                assert (where, again) == (where, node.truth)
                continue
            told = node.value.value if node.value is not None else None
            if told is None or again is None:
                assert (where, again) == (where, told)
            else:
                assert math.isclose(again, told, rel_tol=1e-9, abs_tol=1e-9), (where, again, told)
            tried += 1
    # Figures of the shipped company: fewer would mean that trees have lost their branches.
    assert tried > 500
    assert truths > 100


def test_sums_of_periods_are_their_parts(every: list[Explanation]) -> None:
    tried = 0
    for found in every:
        for node in found.nodes():
            if node.kind != "sum" or node.value is None:
                continue
            parts = [
                (1 if child.sign == "+" else -1) * child.value.value
                for child in node.children
                if child.value is not None and child.value.value is not None
            ]
            assert len(parts) == len(node.children) > 1
            assert node.value.value == pytest.approx(sum(parts), rel=1e-12)
            tried += 1
    assert tried >= 10


def test_nothing_is_shown_without_a_place(every: list[Explanation]) -> None:
    for found in every:
        assert found.place.line > 0
        for node in found.nodes():
            assert node.kind in NODE_KINDS
            assert node.state in STATES
            for one in node.evidence:
                assert one.place.path.endswith("companies/agora.yaml")
                assert one.place.line > 0
                assert one.fact.source in found.evaluation.ledger.sources
            if node.kind in ("fact", "rate"):
                assert node.evidence
                assert node.place == node.evidence[0].place
            elif node.kind in ("metric", "concept", "condition", "parameter", "rule", "seen"):
                assert node.place is not None, (found.id, node.kind, node.name)
            elif node.kind == "event":
                assert (node.place is not None) == node.truth


def test_what_is_missing_is_named_at_a_leaf(every: list[Explanation]) -> None:
    tried = 0
    for found in every:
        for node in found.nodes():
            if node.state == "missing":
                assert node.needs, (found.id, node)
                tried += node.kind == "missing"
    assert tried > 50


def test_a_name_is_worked_out_once(every: list[Explanation]) -> None:
    for found in every:
        worked = [
            (node.name, node.period)
            for node in found.nodes()
            if node.kind in ("metric", "concept") and node.state != "missing"
        ]
        assert len(worked) == len(set(worked)), found.id
        assert all(not node.children for node in found.nodes() if node.kind == "seen")


# --- what a report says is cut from the explanation


@pytest.mark.parametrize("label", [None, "FY2021", "2021Q1"])
def test_a_report_says_of_every_finding_what_its_explanation_says(
    plan: Plan, agora: Company, label: str | None
) -> None:
    period = agora.calendar.parse(label)[0] if label is not None else None
    evaluation = evaluate(plan, agora, today=TODAY, period=period)
    printed = render_json([evaluation], [], version="0", today=TODAY, level="none", failed=False)
    (report,) = json.loads(printed)["reports"]
    told = report["findings"] + report["strengths"]
    explainer = Explainer(evaluation, period)
    flags = 0
    for entry in told:
        found = explainer.explain(entry["id"])
        document = json.loads(render_explanation(found))
        assert document["finding"] == entry
        assert document["metric"] is None
        if entry["outcome"] != FLAG:
            continue
        flags += 1
        assert (found.finding is not None and found.finding.message) == (entry["message"] or "")
        # Every fact that the report names as evidence stands in the tree, at the same place.
        shown = {(one.place.line, one.place.column)
                 for node in found.nodes() for one in node.evidence}  # fmt: skip
        named = {(fact["line"], fact["column"]) for fact in entry["evidence"]}
        assert named - shown == set(), entry["id"]
        assert entry["evidence"]
        assert [e["firm"] for e in (document["finding"], entry)] == [entry["firm"]] * 2
        assert document["finding"]["headroom"] == entry["headroom"]
    assert flags >= {None: 25, "FY2021": 10, "2021Q1": 2}[label]
    for ident, values in report["metrics"].items():
        assert json.loads(render_explanation(explainer.explain(ident)))["metric"] == values


def test_every_explanation_is_valid_and_fits(plan: Plan, agora: Company) -> None:
    for language in ("en", "zh"):
        explainer = explainer_of(plan, agora, language=language)
        for ident in (*plan.metrics, *plan.rules, *plan.vocabulary.concepts):
            found = explainer.explain(ident)
            if language == "en":
                errors = SCHEMA.iter_errors(json.loads(render_explanation(found)))
                assert [(ident, error.message) for error in errors] == []
            for columns in (110, 80):
                wide = [
                    item for item in explanation_lines(found, columns)
                    if width(item) > columns and "http" not in item[-1].text
                ]  # fmt: skip
                assert (ident, columns, wide) == (ident, columns, [])


# --- what the issue asks to see


def shown(*arguments: str, **options: Any) -> str:
    outcome = run_explain(ExplainOptions(*arguments, today=TODAY, **options), Screen())
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.stdout


def test_the_growth_of_a_quarter_shows_both_figures_and_where_they_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    text = shown("companies/agora.yaml", "revenue_growth", period="2021Q1")
    assert "= growth(40.23 USD m from 35.60 USD m)" in text
    lines = text.splitlines()
    for figure, printed, place in (
        ("40.23", "4023万美元", "companies/agora.yaml:165:21"),
        ("35.60", "3560万美元", "companies/agora.yaml:163:21"),
    ):
        (head,) = [item for item in lines if f" {figure} USD m   stated [" in item]
        number = head.rpartition("[")[2].rstrip("]")
        (source,) = [item for item in lines if item.startswith(f"  [{number}]")]
        assert printed in source
        assert "press-2021, section 01 paragraph 5" in source
        assert source.endswith(place)


# --- smaller companies

PACK = """\
ddcheck: pack/1
id: probe
version: "1.0"
title: {en: Probe, zh: 试}
applies_to: []
parameters:
  limit: {unit: ratio, default: 10%, title: {en: Limit, zh: 界限}}
  unset: {unit: ratio, title: {en: Unset, zh: 未定}}
"""
VOCABULARY = """\
ddcheck: vocabulary/1
dimensions:
  region: {label: {en: Region, zh: 地区}}
concepts:
  sales: {time: flow, unit: money, label: {en: Sales, zh: 销售额}, positive: true}
  cost: {time: flow, unit: money, label: {en: Cost, zh: 成本}}
  profit: {time: flow, unit: money, label: {en: Profit, zh: 利润}, derive: [sales - cost]}
  cash: {time: stock, unit: money, label: {en: Cash, zh: 现金}}
  fx_average: {time: average, unit: USD/CNY, label: {en: Average rate, zh: 平均汇率}}
"""
RULES = """\
ddcheck: rules/1
category: growth
metrics:
  margin:
    title: {en: Margin, zh: 利润率}
    formula: [profit / sales, 2 * cost / sales]
    unit: ratio
    better: higher
    ladder: {A: 50%, B: 30%, C: $limit, D: 0%}
    reference: tried
    tests: []
  cover:
    title: {en: Cover, zh: 覆盖}
    formula: in_months(cash / cost)
    applies_when: cost > 0
    otherwise: {grade: A, note: {en: costs nothing, zh: 无成本}}
    unit: months
    better: higher
    ladder: {A: 24 months}
    reference: tried
    tests: []
  abroad: {title: Abroad, formula: 'share(sales, "region", "abroad")', unit: ratio, tests: []}
  at_home: {title: Home, formula: 'scoped(sales, "region", "home")', unit: money, tests: []}
  quarters: {title: Quarters, formula: 'sum_of(sales, "quarter")', unit: money, tests: []}
  newest: {title: Newest, formula: latest(sales), unit: money, tests: []}
  smoothed: {title: Smoothed, formula: 'mean_over(sales, 3)', unit: money, tests: []}
  dollars: {title: Dollars, formula: 'fx(sales, "USD")', unit: USD, tests: []}
  rented: {title: Rented, unit: ratio, formula: cost / sales, tags: [saas], tests: []}
  wanting: {title: Wanting, formula: sales * unset / sales, unit: ratio, tests: []}
rules:
  thin:
    title: {en: Thin, zh: 薄}
    metric: margin
    below: {medium: $limit, high: 0%}
    tests: []
  thin-too:
    title: {en: Thin too, zh: 也薄}
    when: raised("thin") and said(sales, "stable") and streak(profit < limit * sales) >= 2
    severity: low
    tests: []
"""
COMPANY = """\
ddcheck: company/1
company: {id: tiny, name: {en: Tiny, zh: 小}, currency: CNY, tags: [paas]}
sources:
  annual: {title: Annual report, tier: audited, published: 2024-02-06}
  press: {title: News, tier: press, published: 2024-03-01}
facts:
  sales:
    source: annual
    FY2020: 80 CNY million
    FY2021: 90 CNY million
    FY2022: [{value: 100 CNY million, source: annual, at: page 3},
             {value: 104 CNY million, source: press, at: line 1}]
    2023Q1: 20 CNY million
    2023H1: 50 CNY million
  cost: {source: annual, FY2021: 85 CNY million, FY2022: 95.5 CNY million}
  margin: {source: annual, FY2022: 4.4%, FY2021: 9%}
  cash: {source: annual, 2022-12-31: 200 CNY million}
  fx_average: {source: annual, FY2022: 0.1487 USD/CNY}
breakdowns:
  - {concept: sales, by: region, period: FY2022, source: annual, unit: CNY million, complete: true,
     parts: {home: 75, abroad: 25}}
events:
  - {said: stable, about: sales, over: FY2021..FY2022, source: press, text: steady}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Explanation]:
    """`tiny(id, period, company=…, **options)`: an explanation under a small pack."""
    for name, text in (("pack", PACK), ("vocabulary", VOCABULARY), ("rules", RULES)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    report = Report()
    small = load_plan((str(tmp_path),), report)

    def explained(
        ident: str, period: str | None = None, *, company: str = COMPANY, **options: Any
    ) -> Explanation:
        path = tmp_path / "tiny.yaml"
        path.write_text(company, encoding="utf-8")
        read = read_company(str(path), small, report)
        assert read is not None, list(report)
        when = read.calendar.parse(period)[0] if period is not None else None
        return explain(small, read, ident, today=TODAY, period=when, **options)

    return explained


def root(found: Explanation) -> Node:
    return found.roots[0]


def test_a_stated_value_stands_beside_the_computed_one(tiny: Callable[..., Explanation]) -> None:
    found = tiny("margin", "FY2022")
    node = root(found)
    assert node.formula == "profit / sales"
    assert node.value is not None
    assert node.value.shown == "4.5%"
    (beside,) = node.beside
    assert (beside.state, beside.value.shown, beside.meets) == ("stated", "4.4%", True)
    assert beside.difference is not None
    assert beside.difference.shown == "-0.1 pp"
    assert "a source states 4.4%, 0.1 pp apart: within the printed digits [" in (text_of(found))
    other = tiny("margin", "FY2021")
    (apart,) = root(other).beside
    assert (apart.value.shown, apart.meets) == ("9%", False)
    assert "a source states 9%, 3.4 pp apart: the printed digits do not allow both [" in (
        text_of(other)
    )
    profit = node.children[0]
    assert (profit.kind, profit.state, profit.formula) == ("concept", "derived", "sales - cost")
    assert profit.steps == ("100 CNY m - 95.5 CNY m",)


def test_of_several_statements_one_counts_and_says_why(tiny: Callable[..., Explanation]) -> None:
    found = tiny("sales", "FY2022")
    first, second = root(found).evidence
    assert (first.fact.text, first.counts, first.reason, first.disputed) == (
        "100 CNY million", True, "audited before press", True,
    )  # fmt: skip
    assert (second.fact.text, second.counts, second.disputed) == ("104 CNY million", False, True)
    text = text_of(found)
    assert "stated, disputed [1]" in text
    assert "disputed by 104 CNY million: press, line 1" in text
    assert "counts: audited before press" in text
    assert [c.concept for c in found.conflicts] == ["sales"]
    assert "in conflict: sales FY2022" in text


def test_as_of_hides_what_was_published_later(tiny: Callable[..., Explanation]) -> None:
    found = tiny("sales", "FY2022", as_of=date(2024, 2, 10).toordinal())
    assert [one.fact.source for one in root(found).evidence] == ["annual"]
    none = tiny("sales", as_of=date(2020, 1, 1).toordinal())
    assert none.roots == ()
    assert none.notes == ("no source states it",)


def test_a_metric_that_does_not_apply_says_why(tiny: Callable[..., Explanation]) -> None:
    free = COMPANY.replace("95.5 CNY million}", "-1 CNY million}")
    node = root(tiny("cover", "FY2022", company=free))
    assert (node.state, node.value) == ("not-applicable", None)
    assert node.notes == ("applies only when cost > 0", "counts as A: costs nothing")
    assert [(child.kind, child.truth) for child in node.children] == [("condition", False)]
    paid = root(tiny("cover", "FY2022"))
    assert paid.value is not None
    assert paid.value.value == pytest.approx(200 / 95.5 * 12)


def test_an_id_for_other_companies_says_for_which(tiny: Callable[..., Explanation]) -> None:
    found = tiny("rented")
    assert found.notes == (
        "not applicable: meant for companies tagged saas; tiny has paas",
    )  # fmt: skip
    assert (found.roots, found.history) == ((), ())
    ours = COMPANY.replace("tags: [paas]", "tags: [saas]")
    assert tiny("rented", company=ours).notes == ()


def test_parts_of_breakdowns_and_periods(tiny: Callable[..., Explanation]) -> None:
    abroad = root(tiny("abroad", "FY2022"))
    (split,) = abroad.children
    assert (split.kind, split.formula) == ("breakdown", 'share(sales, "region", "abroad")')
    assert [(c.kind, c.value.shown if c.value else "") for c in split.children] == [
        ("fact", "75 CNY m"), ("fact", "25 CNY m"), ("fact", "100 CNY m"),
    ]  # fmt: skip
    assert abroad.value is not None
    assert abroad.value.value == pytest.approx(0.25)
    (home,) = root(tiny("at_home", "FY2022")).children
    assert home.value is not None
    assert home.value.value == 75e6
    gap = root(tiny("quarters", "2023H1"))
    assert gap.state == "missing"
    assert gap.needs == ("sales 2023Q2",)
    (whole,) = gap.children
    assert [(c.kind, c.period, c.sign) for c in whole.children] == [
        ("fact", "2023Q1", "+"), ("missing", "2023Q2", "+"),
    ]  # fmt: skip
    second = root(tiny("sales", "2023Q2"))
    assert (second.kind, second.formula, second.steps) == (
        "sum", "2023H1 - 2023Q1", ("50 CNY m - 20 CNY m",),
    )  # fmt: skip
    assert second.value is not None
    assert second.value.value == 30e6


def test_other_periods_say_which_they_are(tiny: Callable[..., Explanation]) -> None:
    smoothed = root(tiny("smoothed", "FY2022"))
    assert smoothed.steps == ("mean_over(100 CNY m, 90 CNY m, 80 CNY m, 3)",)
    assert [(c.period, c.role) for c in smoothed.children] == [
        ("FY2022", ""), ("FY2021", "the period before"), ("FY2020", "2 periods before"),
    ]  # fmt: skip
    newest = root(tiny("newest", "FY2023"))
    assert [(c.period, c.role) for c in newest.children] == [("FY2022", "newest known")]
    dollars = root(tiny("dollars", "FY2022"))
    assert [(c.kind, c.name) for c in dollars.children] == [
        ("fact", "sales"),
        ("rate", "fx_average"),
    ]
    early = root(tiny("smoothed", "FY2020"))
    assert [(c.kind, c.period) for c in early.children] == [
        ("fact", "FY2020"), ("missing", "FY2019"), ("missing", "FY2018"),
    ]  # fmt: skip


def test_rules_that_ask_other_rules_words_and_streaks(tiny: Callable[..., Explanation]) -> None:
    (condition,) = tiny("thin-too", "FY2022").roots
    assert condition.truth is True
    kinds = [(child.kind, child.name, child.truth) for child in condition.children]
    assert kinds[:2] == [("rule", "thin", True), ("event", "sales", True)]
    assert condition.children[1].notes == ("steady",)
    assert [c.period for c in condition.children if c.name == "profit"] == [
        "FY2022", "FY2021", "FY2020",
    ]  # fmt: skip


def test_a_parameter_without_a_value_is_what_is_missing(tiny: Callable[..., Explanation]) -> None:
    node = root(tiny("wanting", "FY2022"))
    assert node.needs == ("a value of the parameter unset",)
    (missing,) = [child for child in node.children if child.state == "missing"]
    assert (missing.kind, missing.name) == ("parameter", "unset")
    assert missing.place is not None
    assert missing.place.path.endswith("pack.yaml")


# --- ladders


@pytest.mark.parametrize(
    ("cost", "letter", "severity", "words"),
    [
        ("89", "C", None, "C: inside its limit of 10% by 1.0 pp (10% of it)"),
        ("90", "C", None, "C: inside its limit of 10% by 0.00 pp (0% of it)"),
        ("91", "D", "medium", "D: inside its limit of 0% by 9.0 pp"),
        ("101", "F", "high", "F: beyond the limit of D, 0%, by 1.0 pp"),
        ("40", "A", None, "A: inside its limit of 50% by 10.0 pp (20% of it)"),
    ],
)
def test_where_a_value_stands_on_both_ladders(
    tiny: Callable[..., Explanation], cost: str, letter: str, severity: str | None, words: str
) -> None:
    company = COMPANY.replace("95.5", cost)
    ladder = tiny("margin", "FY2022", company=company).ladder
    assert ladder is not None
    assert (ladder.at, ladder.words[0]) == (letter, words)
    assert [step.parameter for step in ladder.steps] == [None, None, "limit", None]
    assert ladder.steps[2].set_at is not None
    assert ladder.steps[2].set_at.path.endswith("pack.yaml")
    margin = (100 - float(cost)) / 100
    for step in ladder.steps:
        assert step.distance is not None
        assert step.value is not None
        assert step.distance.value == pytest.approx(margin - step.value)
    flagged = tiny("thin", "FY2022", company=company)
    assert flagged.ladder is not None
    assert flagged.ladder.at == severity
    assert flagged.finding is not None
    assert (flagged.finding.severity if flagged.finding.outcome == FLAG else None) == severity


# --- history


def test_a_run_of_missing_periods_is_one_line(plan: Plan, agora: Company) -> None:
    period = agora.calendar.parse("2021Q1")[0]
    found = explain(plan, agora, "revenue_growth", today=TODAY, period=period)
    lines = text_of(found).split("HISTORY\n")[1].splitlines()
    assert lines[0].startswith("  2022Q1 – 2023Q4")
    (here,) = [item for item in lines if item.startswith("> ")]
    assert here.startswith("> 2021Q1")
    assert [past.period for past in found.history if past.here] == ["2021Q1"]
    own = [past for past in found.history if past.frame == "quarter"]
    ends = [agora.calendar.parse(past.period)[0].end for past in own]
    assert ends == sorted(ends, reverse=True)


# --- what was asked


def test_a_period_that_is_not_there_is_said(plan: Plan, agora: Company) -> None:
    outside = agora.calendar.parse("FY2035")[0]
    found = explain(plan, agora, "revenue_growth", today=TODAY, period=outside)
    assert found.notes[0] == "agora has nothing for FY2035"
    assert (found.roots, found.period) == ((), "FY2035")
    empty = agora.calendar.parse("2019Q2")[0]
    found = explain(plan, agora, "revenue_growth", today=TODAY, period=empty)
    assert found.notes == ("no source of agora states a figure for 2019Q2",)
    assert root(found).needs == ("revenue 2018Q2", "revenue 2019Q2")
    held = explain(
        plan, agora, "revenue_growth", today=TODAY, period=agora.calendar.parse("FY2021")[0]
    )
    assert held.notes == ()


@pytest.mark.parametrize("label", ["FY2021", "2021Q1", "2021-12-31", "9M2023", "2021H1", "2021-03",
                                   "TTM2021Q1", "2022Q3..2023Q1"])  # fmt: skip
def test_a_period_of_any_frame(plan: Plan, agora: Company, label: str) -> None:
    period = agora.calendar.parse(label)[0]
    for ident in ("revenue_growth", "gross_margin", "net_cash", "ev_to_sales", "revenue", "cash"):
        if ident in plan.metrics or ident in plan.vocabulary.concepts:
            found = explain(plan, agora, ident, today=TODAY, period=period)
            assert found.asked == period.label
            assert text_of(found)


def test_assumptions_stand_on_top_and_in_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    given = {"assumptions": ("revenue@FY2022=200 USD million", "growth_strong=50%")}
    text = shown("agora", "net_margin", **given)
    assert text.index("assumed: Revenue FY2022: 200.0 instead of 160.7 (broker-2024)") < (
        text.index("HOW IT IS WORKED OUT")
    )
    heads = [item for item in text.splitlines() if "revenue FY2022 " in item]
    assert [head for head in heads if "200 USD m   assumed [" in head]
    document = json.loads(shown("agora", "net_margin", outputs=("json",), **given))
    assert [one["name"] for one in document["assumptions"]] == ["revenue", "growth_strong"]
    assert list(SCHEMA.iter_errors(document)) == []
    growth = shown("agora", "revenue_growth", **given)
    assert "growth_strong, assumed" in growth
    assert "growth_strong, set at" not in growth
    assert outcome("agora", "net_margin", assumptions=("revenu=1",)).code == 2


def test_figures_that_bear_a_mark_are_listed(plan: Plan, agora: Company) -> None:
    found = explain(plan, agora, "actual-after-publication", today=TODAY)
    (condition,) = found.roots
    (marks,) = condition.children
    assert (marks.kind, marks.formula) == ("marks", 'facts("after-publication")')
    assert marks.value is not None
    assert 0 < (marks.value.value or 0) <= len(marks.children)
    assert {child.kind for child in marks.children} == {"fact"}


def test_flips_and_headroom_are_shown_with_where_they_are_printed(
    plan: Plan, agora: Company
) -> None:
    found = explain(plan, agora, "loss-margin-widening", today=TODAY)
    assert found.finding is not None
    context = Context(plan, found.evaluation.ledger, found.evaluation.evaluated_at)
    leaves = Leaves(plan, context, Figures("USD", "en"))
    fact = found.finding.evidence[0]
    fragile = found._replace(
        flips=(leaves.turn(fact, fact.low),),
        headroom=(leaves.turn(fact, None, fact.value * 2 if fact.value else None, None),),
    )
    text = text_of(fragile)
    assert "IT TURNS IF" in text
    assert "printed -72.36 (FY2021, broker-2024), at -72.365 USD m" in text
    assert "≤ -144.72 USD m (-100.0%)" in text
    assert "HEADROOM" in text
    assert "IT TURNS IF" not in text_of(found)


# --- the command


def outcome(*arguments: str, **options: Any) -> Outcome:
    return run_explain(ExplainOptions(*arguments, today=TODAY, **options), Screen())


def test_outputs_may_be_several_and_go_to_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    both = outcome("agora", "net_margin", outputs=("text", "json:x.json"))
    assert both.stdout.startswith("net_margin")
    ((file, text),) = both.files
    assert file == "x.json"
    assert json.loads(text)["id"] == "net_margin"
    assert outcome("agora", "net_margin", outputs=("json",)).stdout == text


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("agora", "revenu"), {}, "did you mean `revenue`?"),
        (("agora", "net_margn"), {}, "did you mean `net_margin`?"),
        (
            ("agora", "customer_limit"),
            {},
            "explain what it limits, customer-above-10-percent, top1_customer_share; `--set",
        ),
        (("agora", "loss-margin-widenin"), {}, "did you mean `loss-margin-widening`?"),
        (("agora", "net_margin"), {"outputs": ("jsn",)}, "did you mean `json`?"),
        (("agora", "net_margin"), {"period": "2021"}, "DD302"),
        (("agora", "net_margin"), {"as_of": "soon"}, "DD308"),
        (("agorra", "net_margin"), {}, "DD311"),
    ],
)
def test_what_cannot_be_explained_is_2_with_a_hint(
    arguments: tuple[str, str], options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    found = outcome(*arguments, **options)
    assert (found.code, found.stdout) == (2, "")
    assert words in found.stderr


# --- both languages


def test_every_word_of_an_explanation_has_chinese() -> None:
    from ddcheck.engine.text.chinese import tables

    known = {english for table in tables() for english in table}
    spoken = set()
    rooms = ("check/explain*.py", "report/explanation*.py", "check/figures.py",
             "check/substitute.py")  # fmt: skip
    for path in itertools.chain(*(ROOT.glob(f"engine/{room}") for room in rooms)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "say" and len(node.args) > 1:
                parts = ast.walk(node.args[1])
                spoken |= {
                    part.value
                    for part in parts
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    spoken -= {"", "months"}
    assert len(spoken) > 60
    assert sorted(word for word in spoken if word not in known) == []
