"""What the tests beside the rules reach, and which changes of a rule they notice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ddcheck.engine.check.cases import run_cases
from ddcheck.engine.check.coverage import asked_of, coverage_of
from ddcheck.engine.check.formula_changes import changed_formulas, nudged
from ddcheck.engine.check.mutants import run_mutants
from ddcheck.engine.check.reaching import Tracker
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.commands.testing import CaseOptions, run_test
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.trials import (
    NOTICED,
    REFUSED,
    UNNOTICED,
    Coverage,
    Mutant,
    Mutation,
    Point,
    Trial,
)
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Scalar
from ddcheck.engine.text.source import Source

ROOT = Path(__file__).parents[1]
SHIPPED = frozenset({"core", "integrity", "saas"})
PACK = """\
ddcheck: pack/1
id: tried
version: "1.0"
title: Tried
parameters:
  limit: {unit: ratio, default: 10%, title: Limit}
  patience: {unit: months, default: 6, title: Patience}
"""
VOCABULARY = """\
ddcheck: vocabulary/1
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  profit: {time: flow, unit: money, label: Profit}
  cash: {time: stock, unit: money, label: Cash}
  cycle: {time: average, unit: months, label: Cycle}
"""
Tried = Callable[[str], Plan]
NODE = Scalar(Source("", ""), "", None, 1, 1, 0)


@pytest.fixture
def tried(tmp_path: Path) -> Tried:
    """`tried(rules)`: the plan of a small pack with these rules, free of mistakes."""

    def load(rules: str) -> Plan:
        (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
        (tmp_path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
        text = f"ddcheck: rules/1\ncategory: any\n{rules}"
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        report = Report()
        plan = load_plan((str(tmp_path),), report)
        assert [(item.code, item.line, item.message) for item in report] == []
        return plan

    return load


def _coverage(plan: Plan) -> Coverage:
    tracker, report = Tracker(plan), Report()
    summary = run_cases(plan, report, None, tracker.observe)
    assert [(item.id, item.wanted, item.got) for item in summary.failures] == []
    return coverage_of(plan, frozenset({"tried"}), tracker.reached)


def _open(plan: Plan) -> list[tuple[str, str]]:
    return [(point.kind, point.detail) for point in _coverage(plan).unreached]


def _mutants(plan: Plan) -> tuple[Mutation, list[str]]:
    report = Report()
    found = run_mutants(plan, frozenset({"tried"}), report)
    return found, [f"{item.code} {item.message}" for item in report]


def _unnoticed(plan: Plan, kind: str) -> list[str]:
    return [item.becomes for item in _mutants(plan)[0].unnoticed if item.kind == kind]


def _rule(condition: str, *tests: str) -> str:
    listed = "".join(f"      - {test}\n" for test in tests)
    return f"rules:\n  r:\n    title: R\n    {condition}\n    tests:\n{listed}"


# ----------------------------------------------------------------------------------------- coverage


def test_the_shipped_tests_reach_everything() -> None:
    report = Report()
    plan = load_plan((), report)
    tracker = Tracker(plan)
    run_cases(plan, report, None, tracker.observe)
    coverage = coverage_of(plan, SHIPPED, tracker.reached)
    assert [(item.owner, item.kind, item.detail) for item in coverage.unreached] == []
    assert coverage.asked > 1000
    entries = [*plan.metrics.values(), *plan.rules.values()]
    assert [entry.id for entry in entries if not list(asked_of(entry))] == []


LADDER = "metric: cycle\n    above: {low: $patience, high: 12 months}"


@pytest.mark.parametrize(
    ("tests", "open_"),
    [
        (
            ["{given: {cycle: 7 months}, expect: {flag: low}}"],
            [("flag", "high"), ("pass", ""), ("unknown", ""), ("at", "low $patience"),
             ("at", "high 12 months"), ("beyond", "high 12 months")],
        ),
        (
            ["{given: {cycle: 6 months}, expect: pass}", "{given: {}, expect: {unknown: [cycle]}}",
             "{given: {cycle: 12.1 months}, expect: {flag: high}}"],
            [("flag", "low"), ("beyond", "low $patience"), ("at", "high 12 months")],
        ),
        (
            ["{given: {cycle: 6 months}, expect: pass}", "{given: {}, expect: {unknown: [cycle]}}",
             "{given: {cycle: 6.1 months}, expect: {flag: low}}",
             "{given: {cycle: 12 months}, expect: {flag: low}}",
             "{given: {cycle: 99 months}, expect: {flag: high}}"],
            [],
        ),
    ],
)  # fmt: skip
def test_a_ladder_is_asked_from_both_sides_of_each_limit(
    tried: Tried, tests: list[str], open_: list[tuple[str, str]]
) -> None:
    assert _open(tried(_rule(LADDER, *tests))) == open_


BOTH = "{revenue: 1 USD, profit: %s USD, cash: %s USD}"


@pytest.mark.parametrize(
    ("pairs", "open_"),
    [
        ([("-1", "-1", "{flag: low}")], ["profit < 0", "cash < 0"]),
        ([("-1", "-1", "{flag: low}"), ("-1", "1", "pass")], ["profit < 0"]),
        ([("-1", "-1", "{flag: low}"), ("1", "1", "pass")], ["profit < 0", "cash < 0"]),
        ([("-1", "-1", "{flag: low}"), ("-1", "1", "pass"), ("1", "-1", "pass")], []),
    ],
)
def test_an_operand_is_reached_where_it_alone_decides(
    tried: Tried, pairs: list[tuple[str, str, str]], open_: list[str]
) -> None:
    tests = [f"{{given: {BOTH % (a, b)}, expect: {out}}}" for a, b, out in pairs]
    plan = tried(_rule("when: profit < 0 and cash < 0\n    severity: low", *tests))
    found = [detail for kind, detail in _open(plan) if kind in ("alone", "together")]
    assert found == open_


def test_an_unknown_beside_it_leaves_an_operand_deciding_alone(tried: Tried) -> None:
    plan = tried(
        _rule("when: profit < 0 and cash < 0\n    severity: low",
              "{given: {profit: 1 USD}, expect: pass}")
    )  # fmt: skip
    assert [d for kind, d in _open(plan) if kind == "alone"] == ["cash < 0"]


def test_what_only_a_failing_test_shows_is_not_reached(tried: Tried) -> None:
    plan = tried(_rule(LADDER, "{given: {cycle: 7 months}, expect: {flag: high}}"))
    tracker = Tracker(plan)
    run_cases(plan, Report(), None, tracker.observe)
    assert coverage_of(plan, frozenset({"tried"}), tracker.reached).reached == 0


METRIC = """\
metrics:
  ours:
    title: M
    unit: ratio
    better: higher
    formula: [profit / revenue, cash / revenue / 2 if cash > 0 else 1]
    applies_when: revenue > 0
    otherwise: not-applicable
    reference: tried
    ladder: {A: 50%}
    tests:
"""


@pytest.mark.parametrize(
    ("tests", "reached"),
    [
        ("{given: {ours: 50%, revenue: 2 USD}, expect: {grade: A}}",
         {("grade", "A"), ("at", "A 50%")}),
        ("{given: {ours: 50%, revenue: 2 USD}, expect: {value: 50%}}", set()),
        ("{given: {profit: 1 USD, revenue: 2 USD}, expect: {value: 50%}}",
         {("formula", "profit / revenue")}),
        ("{given: {profit: 1 USD, revenue: 0 USD}, expect: not-applicable}",
         {("not-applicable", "")}),
        ("{given: {revenue: 2 USD}, expect: {unknown: [profit]}}", {("unknown", "")}),
    ],
)  # fmt: skip
def test_a_metric_counts_what_its_test_expects(
    tried: Tried, tests: str, reached: set[tuple[str, str]]
) -> None:
    text = METRIC.replace("cash / revenue / 2 if cash > 0 else 1", "cash / ttm(revenue)")
    plan = tried(f"{text}      - {tests}\n")
    asked = {ask.key[:2] for ask in asked_of(plan.metrics["ours"])}
    assert asked - set(_open(plan)) == reached


def test_shares_are_never_rounded_up() -> None:
    point = Point("r", "pass", "", NODE, 0)
    assert Coverage(10_000, (point,)).percent == 99.9
    assert Coverage(9_999, ()).percent == 100.0
    assert Coverage(3, (point,)).percent == 66.6
    assert Coverage(0, ()).percent == 100.0
    fates = [UNNOTICED, *[NOTICED] * 2999, REFUSED]
    mutation = Mutation(tuple(Mutant("r", "limit", "", "", NODE, 0, fate) for fate in fates))
    assert (mutation.percent, mutation.asked) == (99.9, 3000)
    for least, failed in ((100.0, True), (99.97, True), (99.96, False), (0.0, False)):
        assert Trial(1, (), (), None, mutation, least).failed is failed


# ------------------------------------------------------------------------------------------ mutants


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10%", ["11%", "9%"]),
        ("-20%", ["-19%", "-21%"]),
        ("0.50", ["0.51", "0.49"]),
        ("1,200 months", ["1201 months", "1199 months"]),
        ("0", ["1", "-1"]),
        ("3亿", ["4亿", "2亿"]),
        ("1e3", []),
        ("~", []),
    ],
)
def test_a_figure_moves_by_its_last_digit(text: str, wanted: list[str]) -> None:
    assert nudged(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x < 5%", {"x < 6%", "x < 4%", "x <= 5%", "x > 5%"}),
        ("not (a or b)", {"(a or b)", "not (a and b)", "not (b)", "not (a)"}),
        ("(a or b) and c", {"(a or b) or c", "c", "(a or b)", "(a and b) and c", "(b) and c",
                            "(a) and c"}),
        ("a - (b - c)", {"a + (b - c)", "a", "-(b - c)", "a - (b + c)", "a - (b)", "a - (-c)"}),
        ("-a / b", {"-a * b", "-a", "b", "a / b"}),
        ("prev(a)", {"prev(a, 2)", "(a)"}),
        ("rising(a, 2)", {"falling(a, 2)", "rising(a, 3)", "rising(a, 1)"}),
        ("a if b else c", {"a", "c"}),
        ("coalesce(a, b)", {"(a)", "(b)"}),
        ("min(a, b, c)", {"max(a, b, c)", "(a)", "min(b, c)", "min(a, c)", "min(a, b)"}),
        ("agrees(a, b)", {"(a == b)"}),
        ("agrees(a, 0)", {"agrees(a, 1)", "agrees(a, -1)"}),
        ("a\n< b", {"a <= b", "a > b"}),
        ("a <", set()),
    ],
)  # fmt: skip
def test_changes_of_a_formula(text: str, wanted: set[str]) -> None:
    node = Scalar(Source("f", text), text, None, 1, 1, 0)
    found = [made.text for _, _, made in changed_formulas(node, {})]
    assert (set(found), len(found)) == (wanted, len(wanted))


def test_a_change_that_the_tests_straddle_is_noticed(tried: Tried) -> None:
    tests = [
        "{given: {cycle: 6 months}, expect: pass}",
        "{given: {cycle: 6.1 months}, expect: {flag: low}}",
        "{given: {}, expect: {unknown: [cycle]}}",
    ]
    condition = "when: cycle > patience\n    severity: low"
    assert _mutants(tried(_rule(condition, *tests)))[0].unnoticed == ()
    without_edge = _mutants(tried(_rule(condition, *tests[1:])))[0]
    assert [item.becomes for item in without_edge.unnoticed] == [
        "cycle >= patience", "cycle > 5 months",
    ]  # fmt: skip
    assert [item.place for item in without_edge.unnoticed] == [(6, 17), (6, 19)]


def test_a_rule_notices_a_change_of_the_metric_it_rests_on(tried: Tried) -> None:
    metric = "metrics:\n  ours: {title: M, unit: ratio, formula: -profit / revenue, tests: [%s]}\n"
    own = "{given: {revenue: 1 USD}, expect: {unknown: [profit]}}"
    rule = _rule("when: ours < 0%\n    severity: low",
                 "{given: {profit: 2 USD, revenue: 1 USD}, expect: {flag: low}}",
                 "{given: {profit: -2 USD, revenue: 1 USD}, expect: pass}")  # fmt: skip
    alone = _mutants(tried(metric % own))[0]
    both = _mutants(tried(metric % own + rule))[0]
    turned = [
        [item.fate for item in found.mutants if item.becomes == "profit / revenue"]
        for found in (alone, both)
    ]
    assert turned == [[UNNOTICED], [NOTICED]]


def test_what_the_checker_refuses_is_counted_apart(tried: Tried) -> None:
    plan = tried(_rule("when: profit > revenue\n    severity: low",
                       "{given: {profit: 1 USD}, expect: {unknown: [revenue]}}"))  # fmt: skip
    found = _mutants(plan)[0]
    assert found.asked + found.count(REFUSED) == len(found.mutants)
    plan = tried(_rule("when: profit + revenue > 0\n    severity: low",
                       "{given: {profit: 1 USD}, expect: {unknown: [revenue]}}"))  # fmt: skip
    refused = {item.becomes for item in _mutants(plan)[0].mutants if item.fate == REFUSED}
    assert refused == {"profit + revenue > 1", "profit + revenue > -1"}  # a bare 1 is no money


def test_an_equivalent_change_is_excused_and_a_stale_one_named(tried: Tried) -> None:
    excuses = (
        "when: cycle > patience\n    severity: low\n    equivalent:\n"
        "      - {becomes: cycle >= patience, why: nobody waits six months to the day}\n"
        "      - {becomes: cycle <= patience, why: turned round}\n"
        "      - {becomes: cycle > 7 months, why: never}"
    )
    plan = tried(_rule(excuses, "{given: {cycle: 6.1 months}, expect: {flag: low}}"))
    found, said = _mutants(plan)
    excused = [(m.becomes, m.why.en if m.why else None) for m in found.mutants if m.why is not None]
    assert excused == [("cycle >= patience", "nobody waits six months to the day")]
    assert sorted(said) == [
        "DD551 `cycle <= patience` is no change of `r`",
        "DD551 a test of `r` does notice this change",
    ]


@pytest.mark.parametrize("kind", ["severity", "frame", "term", "comparison", "limit"])
def test_every_sort_of_change_of_a_ladder_is_made(tried: Tried, kind: str) -> None:
    plan = tried(_rule(LADDER, "{given: {}, expect: {unknown: [cycle]}}"))
    wanted = {
        "severity": ["above medium $patience", "above info $patience",
                     "above critical 12 months", "above medium 12 months"],
        "frame": ["frame quarter"],
        "term": ["above: no low", "above: no high"],
        "comparison": ["at-least low $patience", "at-least high 12 months"],
        "limit": ["above low 7 months", "above low 5 months", "above high 13 months",
                  "above high 11 months"],
    }  # fmt: skip
    assert _unnoticed(plan, kind) == wanted[kind]


# ------------------------------------------------------------------------------------- the command


def test_only_the_packs_that_were_named_are_asked() -> None:
    def owners(*packs: str) -> set[str]:
        options = CaseOptions(packs=packs, coverage=True, outputs=("json",))
        return json.loads(run_test(options, Screen()).stdout)["coverage"]["points"]

    assert owners("core") < owners("core", "saas") < owners()  # type: ignore[operator]


def test_the_json_holds_to_its_schema() -> None:
    schema: dict[str, Any] = json.loads((ROOT / "schemas/trial.schema.json").read_text("utf-8"))
    options = CaseOptions(
        (str(ROOT / "tests/trials"),), coverage=True, mutate=True, outputs=("json",)
    )
    found = json.loads(run_test(options, Screen()).stdout)
    jsonschema.validate(found, schema)
    assert (found["coverage"]["reached"], found["coverage"]["points"]) == (16, 23)
    assert (found["mutation"]["noticed"], found["failed"]) == (22, True)


def test_a_report_goes_to_a_file_as_well(tmp_path: Path) -> None:
    path = str(tmp_path / "summary.md")
    options = CaseOptions(packs=("core",), coverage=True, outputs=("text", f"markdown:{path}"))
    done = run_test(options, Screen())
    assert [name for name, _ in done.files] == [path]
    assert done.files[0][1].startswith("## Tests beside the rules\n")  # type: ignore[arg-type]
    assert done.stdout.endswith("points reached (100.0 %)\n")
