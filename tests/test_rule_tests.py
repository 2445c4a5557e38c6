"""The tests beside the rules: shipped ones pass and suffice; an unreadable one is a mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ddcheck.engine.check.cases import CaseSummary, check_enough, run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.commands.outcome import Outcome as CommandOutcome
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.commands.testing import CaseOptions, run_test
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Scalar

ROOT = Path(__file__).parents[1]
PACKS = sorted(path.parent.name for path in ROOT.glob("rules/*/pack.yaml"))

PACK = """\
ddcheck: pack/1
id: made-up
version: "1.0"
title: Made up
parameters:
  limit: {unit: ratio, default: 10%, title: Limit}
"""
VOCABULARY = """\
ddcheck: vocabulary/1
dimensions:
  customer: {label: Customer}
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  profit: {time: flow, unit: money, label: Profit}
  margin_stated: {time: average, unit: ratio, label: Margin}
"""
RULES = """\
ddcheck: rules/1
category: any
metrics:
  margin:
    title: Margin
    formula: profit / revenue
    unit: ratio
    better: higher
    ladder: {A: 20%, B: 10%}
    ladder_reference: House judgment
    tests:
      - {given: {profit: 1, revenue: 8}, expect: {value: 12.5%}}
      - {given: {profit: 2, revenue: 10}, expect: {grade: A}}
      - {given: {revenue: 10}, expect: {unknown: [profit]}}
rules:
  margin-low:
    title: Margin low
    metric: margin
    below: {low: $limit, high: 0%}
    tests:
      - TEST
"""

Tried = tuple[list[tuple[str, str, bool]], list[tuple[str, int, int]]]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """`folder(test)`: the folder of a pack whose one rule has the test `test`."""

    def write(test: str) -> Path:
        (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
        (tmp_path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
        (tmp_path / "rules.yaml").write_text(RULES.replace("TEST", test), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def tried(folder: Callable[[str], Path]) -> Callable[[str], Tried]:
    """`tried(test)`: what the rule's test came to, and the mistakes by code, line and column."""

    def run(test: str) -> Tried:
        report = Report()
        plan = compile_packs(load_packs((str(folder(test)),), report), report)
        summary = run_cases(plan, report, frozenset({"margin-low"}))
        outcomes = [(item.wanted, item.got, item.passed) for item in summary.outcomes]
        return outcomes, [(item.code, item.line, item.column) for item in report]

    return run


@pytest.fixture(scope="module")
def shipped() -> Plan:
    report = Report()
    plan = load_plan((), report)
    assert [(item.code, item.path, item.line) for item in report] == []
    return plan


@pytest.fixture(scope="module")
def summary(shipped: Plan) -> CaseSummary:
    report = Report()
    found = run_cases(shipped, report)
    assert [(item.code, item.path, item.line, item.message) for item in report] == []
    return found


# ---------------------------------------------------------------------------------- those that ship


@pytest.mark.parametrize("pack", PACKS)
def test_every_test_beside_a_shipped_rule_passes(
    pack: str, shipped: Plan, summary: CaseSummary
) -> None:
    folder = next(item.path for item in shipped.packs.packs if item.id == pack)
    own = [item for item in summary.outcomes if item.node.source.path.startswith(f"{folder}/")]
    assert own
    assert [
        (item.id, item.node.line, item.wanted, item.got) for item in own if not item.passed
    ] == []


def test_every_shipped_rule_has_a_test_that_flags_one_that_passes_and_one_unknown(
    shipped: Plan,
) -> None:
    words = {"pass": "pass", "does-not-hold": "pass", "holds": "flag"}
    reached: dict[str, set[str]] = {}
    for rule in shipped.rules.values():
        found = reached.setdefault(rule.id, set())
        for test in rule.definition.tests:
            expect = test.entries["expect"]
            if isinstance(expect, Scalar):
                found.add(words.get(expect.text, expect.text))
            elif isinstance(expect, Mapping):
                found |= set(expect.keys)
    assert {
        name: sorted({"flag", "pass", "unknown"} - found)
        for name, found in reached.items()
        if not found >= {"flag", "pass", "unknown"}
    } == {}
    report = Report()
    check_enough(shipped, report)
    assert report.items == []


def test_every_shipped_metric_and_rule_is_tested(shipped: Plan) -> None:
    owners = [*shipped.metrics.values(), *shipped.rules.values()]
    assert [owner.id for owner in owners if not owner.definition.tests] == []


def test_every_step_of_a_shipped_ladder_is_reached_by_a_test(shipped: Plan) -> None:
    left: dict[str, list[str]] = {}
    for rule in shipped.rules.values():
        flagged = set()
        for test in rule.definition.tests:
            expect = test.entries["expect"]
            severity = expect.entries.get("flag") if isinstance(expect, Mapping) else None
            flagged.add(severity.text if isinstance(severity, Scalar) else None)
        if not rule.definition.strength:
            open_ = [step.name for step in rule.steps if step.name not in flagged]
            if open_:
                left[rule.id] = open_
    for metric in shipped.metrics.values():
        graded = set()
        for test in metric.definition.tests:
            expect = test.entries["expect"]
            letter = expect.entries.get("grade") if isinstance(expect, Mapping) else None
            graded.add(letter.text if isinstance(letter, Scalar) else None)
        open_ = [letter for letter in "ABCDF" if metric.ladders and letter not in graded]
        if open_:
            left[metric.id] = open_
    assert left == {}


def test_the_command_runs_them_all(summary: CaseSummary) -> None:
    outcome = run_test(CaseOptions(), Screen())
    total = len(summary.outcomes)
    assert outcome == CommandOutcome(f"{total} passed, 0 failed, 0 untested\n", "", 0)


# --------------------------------------------------------------------------------- what a test says


@pytest.mark.parametrize(
    ("test", "wanted", "got"),
    [
        ("{given: {margin: 12%}, expect: pass}", "pass", "pass"),
        ("{given: {margin: 10%}, expect: pass}", "pass", "pass"),
        ("{given: {margin: 9%}, expect: {flag: low}}", "flag low", "flag low"),
        ("{given: {margin: -1%}, expect: {flag: high}}", "flag high", "flag high"),
        ("{given: {profit: 1, revenue: 20}, expect: {flag: low}}", "flag low", "flag low"),
        ("{given: {profit: [1, 5], revenue: [20, 20]}, expect: pass}", "pass", "pass"),
        ("{given: {margin: {FY-1: 20%, FY0: 5%}}, expect: {flag: low}}", "flag low", "flag low"),
        ("{given: {margin: {FY0: ~}}, expect: {unknown: [margin]}}",
         "unknown ['margin']", "unknown missing ['margin']"),
        ("{given: {revenue: 20}, expect: {unknown: [profit]}}",
         "unknown ['profit']", "unknown missing ['profit']"),
        ("{given: {margin: over 5%}, expect: {unknown: bounded}}",
         "unknown bounded", "unknown bounded ['margin']"),
        ("{given: {margin: {FY-3: 5%}}, expect: {unknown: stale}}",
         "unknown stale", "unknown stale ['margin']"),
        ("{given: {margin: 12%}, params: {limit: 15%}, expect: {flag: low}}",
         "flag low", "flag low"),
        ("{given: {margin: 5%}, at: FY-1, expect: {flag: low}}", "flag low", "flag low"),
    ],
)  # fmt: skip
def test_a_test_that_holds(tried: Callable[[str], Tried], test: str, wanted: str, got: str) -> None:
    assert tried(test) == ([(wanted, got, True)], [])


@pytest.mark.parametrize(
    ("test", "wanted", "got"),
    [
        ("{given: {margin: 9.9%}, expect: pass}", "pass", "flag low"),
        ("{given: {margin: 9.9%}, expect: {flag: high}}", "flag high", "flag low"),
        ("{given: {}, expect: pass}", "pass", "unknown missing ['margin']"),
        ("{given: {margin: 12%}, expect: {unknown: [margin]}}", "unknown ['margin']", "pass"),
        ("{given: {revenue: 20}, expect: {unknown: [margin]}}",
         "unknown ['margin']", "unknown missing ['profit']"),
        ("{given: {margin: over 5%}, expect: {unknown: stale}}",
         "unknown stale", "unknown bounded ['margin']"),
        ("{given: {margin: 12%}, expect: not-applicable}", "not-applicable", "pass"),
    ],
)  # fmt: skip
def test_a_test_that_fails_says_what_came_instead(
    tried: Callable[[str], Tried], test: str, wanted: str, got: str
) -> None:
    assert tried(test) == ([(wanted, got, False)], [])


# ------------------------------------------------------------------------ tests that cannot be read


@pytest.mark.parametrize(
    ("test", "code", "column"),
    [
        ("{given: {margin: 12%}}", "DD112", 9),
        ("{given: {margin: 12%}, expects: pass}", "DD111", 32),
        ("{given: {margn: 12%}, expect: pass}", "DD301", 18),
        ("{given: {margin: twelve}, expect: pass}", "DD303", 26),
        ("{given: {margin: 12 months}, expect: pass}", "DD304", 26),
        ("{given: {margin: {2024: 12%}}, expect: pass}", "DD401", 27),
        ("{given: {margin: {FYx: 12%}}, expect: pass}", "DD401", 27),
        ("{given: {margin: 12%}, at: later, expect: pass}", "DD401", 36),
        ("{given: {margin: 12%}, expect: passes}", "DD113", 40),
        ("{given: {margin: 12%}, expect: {flag: hihg}}", "DD113", 47),
        ("{given: {margin: 12%}, expect: {falg: high}}", "DD111", 41),
        ("{given: {margin: 12%}, expect: {flag: low, unknown: [margin]}}", "DD401", 40),
        ("{given: {margin: 12%}, expect: {unknown: missing}}", "DD113", 50),
        ("{given: {margin: 12%}, params: {limt: 15%}, expect: pass}", "DD203", 41),
        ("{given: {margin: 12%}, params: {limit: 15 months}, expect: pass}", "DD304", 48),
        ("{given: [margin], expect: pass}", "DD110", 17),
        ("{given: {margin: {FY0: [[12%]]}}, expect: pass}", "DD110", 33),
        ("[margin]", "DD110", 9),
        ("pass", "DD110", 9),
    ],
)  # fmt: skip
def test_a_test_that_cannot_be_read_is_a_mistake_at_its_place(
    tried: Callable[[str], Tried], test: str, code: str, column: int
) -> None:
    outcomes, mistakes = tried(test)
    assert (outcomes, [item for item in mistakes if item[0] != "DD112" or code == "DD112"]) == (
        [], [(code, 21, column)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("test", "first", "code"),
    [
        ("{given: {margin: 12%}, expect: pass}", "4 passed, 0 failed, 0 untested", 0),
        (
            "{given: {margin: 9%}, expect: pass}",
            "FAILED margin-low: expected pass, got flag low",
            1,
        ),
        ("{given: {margn: 9%}, expect: pass}", "3 passed, 0 failed, 0 untested", 2),
    ],
)
def test_the_command_exits_with_what_its_tests_came_to(
    folder: Callable[[str], Path], test: str, first: str, code: int
) -> None:
    outcome = run_test(CaseOptions((str(folder(test)),)), Screen())
    line = outcome.stdout.splitlines()[0]
    assert (line.rpartition(".yaml:21:9: ")[2], outcome.code) == (first, code)
    assert bool(outcome.stderr) is (code == 2)


def test_a_pack_without_tests_was_not_tested(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    assert run_test(CaseOptions((str(tmp_path),)), Screen())[:3] == (
        "0 passed, 0 failed, 0 untested\nnothing was tested\n", "", 2,
    )  # fmt: skip


def test_a_path_that_is_no_folder_has_no_tests(tmp_path: Path) -> None:
    path = str(tmp_path / "nowhere")
    outcome = run_test(CaseOptions((path,)), Screen())
    assert outcome == CommandOutcome("", f"{path}: DD217 error: not the folder of a pack\n", 2)
