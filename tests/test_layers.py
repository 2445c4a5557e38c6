"""Layers: packs and projects change what is beneath them, by field; what loosens is said.

A pack `one` stands at the bottom; every test lays others upon it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import gate_project as small
import pytest
from jsonschema import Draft202012Validator

from ddcheck.cli import run
from ddcheck.engine.check.cases import run_cases
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.dues import reached
from ddcheck.engine.check.layering import parameter_way, plans_of_tests, shifts_of
from ddcheck.engine.check.locks import locks_of
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.lint import run_lint
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.commands.params import ParamsOptions, run_params
from ddcheck.engine.commands.testing import CaseOptions, run_test
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
DAY = small.day(small.TODAY)
HEAD = 'ddcheck: pack/1\nid: {id}\nversion: "1.0"\ntitle: Made up\n'
ONE = (
    HEAD.format(id="one")
    + """\
parameters:
  up: {unit: ratio, default: 10%, at_least: 1%, at_most: 90%}
  upper: {unit: ratio, default: 50%}
  down: {unit: ratio, default: 20%}
  both: {unit: ratio, default: 30%}
  inside: {unit: ratio, default: 5%}
  letter: {unit: ratio, default: 40%}
  nowhere: {unit: ratio, default: 1%}
"""
)
VOCABULARY = """\
ddcheck: vocabulary/1
concepts:
  revenue: {time: flow, unit: money, label: Revenue, positive: true}
  profit: {time: flow, unit: money, label: Profit}
  share: {time: average, unit: ratio, label: Share}
"""
RULES = """\
ddcheck: rules/1
category: any
metrics:
  margin:
    title: Margin
    formula: profit / revenue - inside
    unit: ratio
    better: higher
    ladder: {A: 60%, B: $letter, C: 10%}
    reference: House judgment
    tests: [{given: {margin: 45%}, expect: {grade: B}}]
rules:
  dependent:
    title: Dependent
    metric: share_of
    above: {medium: $up, high: $upper}
    tests:
      - {given: {share_of: 11%}, expect: {flag: medium}}
      - {given: {share_of: 10%}, expect: pass}
      - {given: {}, expect: {unknown: [share_of]}}
  thin:
    title: Thin
    metric: margin
    below: {medium: $down, high: 0%}
    tests:
      - {given: {margin: 19%}, expect: {flag: medium}}
      - {given: {margin: 20%}, expect: pass}
      - {given: {}, expect: {unknown: [margin]}}
  either:
    title: Either
    metric: share_of
    at-least: {low: $both}
  other:
    title: Other
    metric: margin
    at-most: {low: $both}
  falls:
    title: Falls
    when: delta(revenue) < 0
    severity: high
    tests: [{given: {revenue: [2, 1]}, expect: {flag: high}}]
""".replace("share_of", "stake")


def lay(folder: Path, ident: str, text: str, extends: str = "one") -> str:
    """A pack in a folder of its own; its path."""
    below = f"extends: [{', '.join(f'../{name}' for name in extends.split())}]\n"
    small.write(folder / ident / "pack.yaml", HEAD.format(id=ident) + below + text)
    return str(folder / ident)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    small.write(tmp_path / "one/pack.yaml", ONE)
    small.write(tmp_path / "one/vocabulary.yaml", VOCABULARY.replace("share:", "stake:"))
    small.write(tmp_path / "one/rules.yaml", RULES)
    return tmp_path


def load(path: str) -> tuple[Plan, list[str]]:
    report = Report()
    plan = compile_packs(load_packs((path,), report), report)
    return plan, [f"{item.code}:{item.line}" for item in report]


def kinds(plan: Plan, day: int = DAY) -> dict[str, str]:
    return {f"{s.change.id}.{s.change.field or ''}": s.kind for s in shifts_of(plan, day)}


# --- which layer wins


def test_the_nearest_layer_wins_field_by_field(one: Path) -> None:
    lay(
        one, "two", "set: {up: 12%, upper: 55%}\noverrides: {falls: {severity: low, why: theirs}}\n"
    )
    path = lay(one, "three", "set: {up: 15%}\noverrides: {falls: {severity: critical}}\n", "two")
    plan, said = load(path)
    assert said == []
    assert {name: plan.parameters[name].at(DAY) for name in ("up", "upper", "down")} == {
        "up": 0.15, "upper": 0.55, "down": 0.20,
    }  # fmt: skip
    falls = plan.rules["falls"].definition
    assert (falls.severity, falls.why and falls.why.en, falls.title.en) == (
        "critical", "theirs", "Falls",
    )  # fmt: skip
    assert falls.pack == "one"
    written = plan.parameters["up"].written
    assert [(item.layer, item.values) for item in written] == [
        ("one", ((0, 0.1),)), ("two", ((0, 0.12),)), ("three", ((0, 0.15),)),
    ]  # fmt: skip
    assert [Path(item.node.source.path).parent.name for item in written] == ["one", "two", "three"]


def test_before_the_first_day_the_layer_beneath_holds(one: Path) -> None:
    lay(one, "two", "set: {up: 12%}\n")
    path = lay(one, "three", "set: {up: {2025-01-01: 15%, 2027-01-01: 9%}}\n", "two")
    up = load(path)[0].parameters["up"]
    assert [up.at(small.day(d)) for d in ("2024-12-31", "2025-01-01", "2026-12-31")] == [
        0.12, 0.15, 0.15,
    ]  # fmt: skip
    assert up.at(small.day("2027-01-01")) == 0.09
    assert up.after(DAY) == (small.day("2027-01-01"), 0.09)
    assert up.after(small.day("2027-01-01")) is None


def test_a_mistake_in_an_override_is_said_where_it_stands(one: Path) -> None:
    path = lay(one, "two", "overrides:\n  thin:\n    applies_when: revenu > 0\n")
    report = Report()
    compile_packs(load_packs((path,), report), report)
    assert [(i.code, Path(i.path).parent.name, i.line, i.column) for i in report] == [
        ("DD203", "two", 8, 19)
    ]


def test_what_does_not_fit_together_is_said_at_the_override(one: Path) -> None:
    path = lay(one, "two", "overrides:\n  falls:\n    metric: margin\n")
    report = Report()
    load_packs((path,), report)
    assert [(i.code, Path(i.path).parent.name, i.line) for i in report] == [("DD219", "two", 8)]


def test_another_direction_takes_the_place_of_the_old_one(one: Path) -> None:
    path = lay(one, "two", "overrides: {dependent: {at-least: {high: 40%}}}\n")
    plan, said = load(path)
    assert said == []
    definition = plan.rules["dependent"].definition
    assert (definition.direction, [name for name, _ in definition.limits]) == ("at-least", ["high"])
    assert kinds(plan) == {"dependent.at-least": "changed"}


def test_a_project_is_the_nearest_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    policy = small.POLICY.replace("[core]", "[house]")
    small.project(tmp_path, policy + "overrides: {revenue-falling: {below: {low: 0%}}}\n")
    small.write(
        tmp_path / "house/pack.yaml",
        HEAD.format(id="house")
        + "extends: [core]\noverrides: {revenue-falling: {below: {critical: 0%}}}\n",
    )
    assert small.verdict(small.gate()).startswith("PASS")
    small.project(tmp_path, policy)
    assert "1 critical" in small.verdict(small.gate())


# --- what a change does


@pytest.mark.parametrize(
    ("name", "way"),
    [("up", 1), ("upper", 1), ("down", -1), ("letter", -1), ("both", 0), ("inside", 0),
     ("nowhere", 0)],
)  # fmt: skip
def test_the_way_of_a_parameter_comes_from_its_uses(one: Path, name: str, way: int) -> None:
    plan, _ = load(str(one / "one"))
    assert parameter_way(plan, name) == way


ABOVE, LADDER = "dependent.above", "margin.ladder"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("set: {up: 11%}", {"up.": "looser"}),
        ("set: {up: 9%}", {"up.": "tighter"}),
        ("set: {up: 10%}", {}),
        ("set: {up: {2030-01-01: 11%}}", {"up.": "looser"}),
        ("set: {down: 19%}", {"down.": "looser"}),
        ("set: {down: 21%}", {"down.": "tighter"}),
        ("set: {letter: 39%}", {"letter.": "looser"}),
        ("set: {letter: 41%}", {"letter.": "tighter"}),
        ("set: {both: 31%}", {"both.": "changed"}),
        ("set: {inside: 6%}", {"inside.": "changed"}),
        ("overrides: {falls: {severity: medium}}", {"falls.severity": "looser"}),
        ("overrides: {falls: {severity: critical}}", {"falls.severity": "tighter"}),
        ("overrides: {falls: {severity: high}}", {}),
        ("overrides: {falls: {off: no}}", {"falls.off": "looser"}),
        ("overrides: {falls: {off: no, severity: critical}}", {"falls.off": "looser"}),
        ("overrides: {falls: {from: 2027-01-01}}", {"falls.from": "looser"}),
        ("overrides: {falls: {from: 2026-11-21}}", {"falls.from": "changed"}),
        ("overrides: {falls: {when: delta(revenue) < 1 USD}}", {"falls.when": "changed"}),
        ("overrides: {falls: {when: delta(revenue) < 0}}", {}),
        ("overrides: {falls: {why: Theirs, tests: []}}", {}),
        ("overrides: {dependent: {above: {medium: 10%, high: 49%}}}", {ABOVE: "tighter"}),
        ("overrides: {dependent: {above: {medium: 9%, high: 51%}}}", {ABOVE: "looser"}),
        ("overrides: {dependent: {above: {medium: 10%}}}", {ABOVE: "looser"}),
        ("overrides: {dependent: {above: {low: 5%, medium: 10%, high: 50%}}}", {ABOVE: "tighter"}),
        ("overrides: {thin: {below: {medium: 20%, high: -1%}}}", {"thin.below": "looser"}),
        ("overrides: {thin: {below: {medium: 20%, high: 1%}}}", {"thin.below": "tighter"}),
        ("overrides: {margin: {ladder: {A: 59%, B: 40%, C: 10%}}}", {LADDER: "looser"}),
        ("overrides: {margin: {ladder: {A: 61%, B: 40%, C: 10%}}}", {LADDER: "tighter"}),
        ("overrides: {margin: {ladder: {A: 60%, B: 40%}}}", {LADDER: "tighter"}),
        ("overrides: {margin: {ladder: {A: 60%, B: 40%, C: 10%, D: 1%}}}", {LADDER: "looser"}),
    ],
)  # fmt: skip
def test_what_a_change_does_to_flags(one: Path, text: str, kind: dict[str, str]) -> None:
    text = text.replace("< 1 USD", "< revenue")
    plan, said = load(lay(one, "two", text + "\n"))
    assert said == []
    assert kinds(plan) == kind


def test_a_limit_that_a_nearer_layer_takes_back_is_not_loosened(one: Path) -> None:
    lay(one, "two", "set: {up: 15%}\n")
    assert kinds(load(lay(one, "three", "set: {up: 10%}\n", "two"))[0]) == {}
    assert kinds(load(lay(one, "four", "set: {up: 14%}\n", "two"))[0]) == {"up.": "looser"}


# --- locks


def test_what_is_locked_takes_with_it_what_it_rests_on(one: Path) -> None:
    lay(one, "two", "locked: [thin]\n")
    plan, _ = load(str(one / "two"))
    assert set(locks_of(plan)) == {"thin", "margin", "down", "inside"}
    assert reached(plan, "thin") == {"down", "inside"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("set: {inside: 6%}\n", ["DD224:6"]),
        ("overrides: {margin: {formula: profit / revenue}}\n", ["DD224:6"]),
        ("overrides: {margin: {title: Our margin, ladder: {A: 70%}}}\n", []),
        ("set: {letter: 45%}\n", []),
        ("overrides: {thin: {title: Ours}}\n", ["DD224:6"]),
        ("overrides: {falls: {severity: low}}\n", []),
    ],
)
def test_a_lock_keeps_later_layers_from_its_rule_and_what_it_reads(
    one: Path, text: str, said: list[str]
) -> None:
    lay(one, "two", "locked: [thin]\n")
    assert load(lay(one, "three", text, "two"))[1] == said


def test_who_locks_and_who_is_beneath_may_change_it(one: Path) -> None:
    lay(one, "two", "set: {down: 25%}\n")
    assert load(lay(one, "three", "set: {down: 30%}\nlocked: [thin]\n", "two"))[1] == []


# --- tests, each in its layer


def test_a_test_runs_in_the_layer_where_it_is_written(one: Path) -> None:
    tests = "tests: [{given: {revenue: [2, 1]}, expect: {flag: low}}]"
    path = lay(
        one, "two",
        f"set: {{up: 30%, letter: 30%}}\noverrides: {{falls: {{severity: low, {tests}}}}}\n",
    )  # fmt: skip
    plan, said = load(path)
    assert said == []
    report = Report()
    parts = [run_cases(part, report) for part in plans_of_tests(plan)]
    assert [len(part.outcomes) for part in parts] == [8, 1]
    assert [item for part in parts for item in part.failures] == []
    # In the plan with all layers the tests of the lowest one would not hold.
    assert {item.id for item in run_cases(plan, report).failures} == {"dependent"}


def test_a_test_of_an_override_that_does_not_hold_fails(one: Path) -> None:
    tests = "tests: [{given: {revenue: [2, 1]}, expect: {flag: high}}]"
    path = lay(one, "two", f"overrides: {{falls: {{severity: low, {tests}}}}}\n")
    outcome = run_test(CaseOptions((path,)), Screen())
    assert outcome.code == 1
    assert "FAILED falls: expected flag high, got flag low" in outcome.stdout
    assert "8 passed, 1 failed" in outcome.stdout


def test_without_layers_the_plan_is_tested_as_it_is(one: Path) -> None:
    plan, _ = load(str(one / "one"))
    assert plans_of_tests(plan) == (plan,)


# --- rules and values of a day to come

PENDING = "overrides: {revenue-falling: {from: 2026-11-22, below: {critical: 0%}}}\n"


def test_a_rule_counts_from_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small.project(tmp_path, small.POLICY.replace("fail_on: high", "fail_on: info") + PENDING)
    before, on_day = small.gate(), small.gate(today="2026-11-22")
    words = "`revenue-falling` is flag for `acme` and becomes critical on 2026-11-22"
    assert words in " ".join(before.stdout.split())
    assert "critical" not in small.verdict(before)
    assert "1 critical" in small.verdict(on_day)
    assert "becomes" not in on_day.stdout
    document = json.loads(small.gate(outputs=("json",)).stdout)
    (found,) = (f for f in document["reports"][0]["findings"] if f["id"] == "revenue-falling")
    assert (found["severity"], found["outcome"]) == ("info", "flag")
    assert found["becomes"] == {"severity": "critical", "from": "2026-11-22"}
    assert found["message"].endswith("becomes critical on 2026-11-22")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rules", "sells-below-cost"], "from 2027-01-01"),
        (["rules", "sells-below-cost", "--lang", "zh"], "起始日 2027-01-01"),
        (["rules", "sells-below-cost", "--format", "markdown"], "Counts from 2027-01-01; until"),
        (
            ["explain", "companies/agora.yaml", "sells-below-cost", "--today", "2026-12-31"],
            "counts from 2027-01-01; until then it is information",
        ),
    ],
)
def test_the_day_of_a_rule_is_shown_where_the_rule_is(
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    assert run([*arguments, "--pack", "tests/layers/house"]) == 0
    assert words in " ".join(capsys.readouterr().out.split())
    if arguments[0] == "explain":
        later = [*arguments[:-1], "2027-01-01", "--pack", "tests/layers/house"]
        assert run(later) == 0
        assert "counts from" not in capsys.readouterr().out


@pytest.mark.parametrize(("today", "code"), [("2026-12-31", 0), ("2027-01-01", 1)])
def test_a_rule_to_come_does_not_reach_a_level(tmp_path: Path, today: str, code: int) -> None:
    small.write(
        tmp_path / "acme.yaml",
        small.company().replace("revenue:", "gross_profit:").replace("80 USD", "-8 USD"),
    )
    options = CheckOptions(
        (str(tmp_path / "acme.yaml"),), (str(ROOT / "tests/layers/house"),),
        today=small.day(today), fail_on="high", all=True,
    )  # fmt: skip
    outcome = run_check(options, Screen())
    assert outcome.code == code
    assert ("becomes high on 2027-01-01" in outcome.stdout) == (code == 0)


def test_a_value_to_come_is_said_where_a_verdict_rests_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    more = "  top1_customer_share:\n    FY2025: {value: 9%, source: report}\n"
    setting = (
        "parameters: {customer_limit: {2027-01-01: 8%}, runway_limit: {2027-01-01: 13 months}}\n"
    )
    small.project(tmp_path, small.POLICY + setting, more=more)
    outcome = small.gate()
    assert small.codes(outcome) == ["DD228"]
    assert "`customer_limit` becomes 8% on 2027-01-01" in outcome.stderr
    assert small.codes(small.gate(today="2027-01-01")) == []


# --- what the commands say


def test_the_gate_says_what_is_loosened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small.project(tmp_path, small.POLICY + "parameters: {customer_limit: 12%, top10_limit: 25%}\n")
    document = json.loads(small.gate(outputs=("json",)).stdout)
    assert document["gate"]["notices"] == [
        {
            "id": "loosened", "level": "note", "file": "ddcheck.yaml", "line": 5, "column": 14,
            "message": "`customer_limit` is looser than in pack `core`: 12%, there 10%",
        }
    ]  # fmt: skip
    words = " ".join(small.gate(language="zh").stdout.split())
    assert "`customer_limit`较规则包`core`放宽：现为12%，原为10%" in words


def page(*words: str | None, **options: object) -> dict[str, object]:
    company = words[0] if words else None
    asked = ParamsOptions(company, today=DAY, outputs=("json",), **options)  # type: ignore[arg-type]
    outcome = run_params(asked, Screen())
    assert (outcome.code, outcome.stderr) == (0, "")
    found = json.loads(outcome.stdout)
    schema = json.loads((ROOT / "schemas/params.schema.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(found)) == []
    assert isinstance(found, dict)
    return found


def test_each_parameter_shows_who_set_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lay(tmp_path, "house", "set: {customer_limit: 12%}\nlocked: [top10_limit]\n", "core")
    pack = tmp_path / "house/pack.yaml"
    small.write(pack, pack.read_text(encoding="utf-8").replace("../core", "core"))
    small.project(
        tmp_path, small.POLICY.replace("[core]", "[house]") + "parameters: {customer_limit: 14%}\n"
    )
    found = page("companies/acme.yaml", assumptions=("customer_limit=16%",))
    rows = {row["id"]: row for row in found["parameters"]}  # type: ignore[attr-defined]
    row = rows["customer_limit"]
    assert [(item["layer"], item["values"][0]["value"]) for item in row["layers"]] == [
        ("core", 0.1), ("house", 0.12), ("ddcheck.yaml", 0.14), ("--set", 0.16),
    ]  # fmt: skip
    assert [(item["file"], item["line"]) for item in row["layers"][1:]] == [
        ("house/pack.yaml", 6), ("ddcheck.yaml", 5), ("--set", 1),
    ]  # fmt: skip
    assert (row["value"], row["default"], row["effect"], row["assumed"]) == (
        0.16,
        0.1,
        "looser",
        True,
    )
    assert (rows["top10_limit"]["effect"], rows["top10_limit"]["assumed"]) == (None, False)
    assert rows["top10_limit"]["locked"]["by"] == "top10_limit"
    assert (found["policy"], found["day"]) == ("ddcheck.yaml", "2026-03-01")
    assert "ndr_floor" not in rows


def test_only_packs_that_apply_are_shown_for_a_company(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small.write(tmp_path / "companies/acme.yaml", small.company())
    applied = {item["id"] for item in page("acme")["packs"]}  # type: ignore[attr-defined]
    assert applied == {"core", "integrity"}
    every = page()
    assert {item["id"] for item in every["packs"]} == {"core", "saas", "integrity"}  # type: ignore[attr-defined]
    assert (every["company"], every["day"]) == (None, small.TODAY)


@pytest.mark.parametrize("option", [{"assumptions": ("customer_limit=12%",)}, {"period": "FY2021"}])
def test_what_needs_a_company_says_so(option: dict[str, object]) -> None:
    outcome = run_params(ParamsOptions(today=DAY, **option), Screen())  # type: ignore[arg-type]
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "DD313 error: this option needs a company" in outcome.stderr


def test_a_page_keeps_to_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    from ddcheck.engine.text.diagnostics import display_width

    monkeypatch.chdir(ROOT)
    for language in ("en", "zh"):
        for everything in (False, True):
            asked = ParamsOptions(
                "agora", packs=("tests/layers/house",), today=DAY + 800, language=language,
                all=everything,
            )  # fmt: skip
            text = run_params(asked, Screen()).stdout
            assert max(map(display_width, text.splitlines())) <= 110


# --- the documentation


def test_the_pack_of_the_documentation_is_the_one_that_is_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs/layers.md").read_text(encoding="utf-8")
    shown, policy = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    house = ROOT / "tests/layers/house"
    assert shown == (house / "pack.yaml").read_text(encoding="utf-8")
    outcome = run_test(CaseOptions((str(house),)), Screen())
    assert (outcome.code, outcome.stderr) == (0, "")
    monkeypatch.chdir(tmp_path)
    small.project(tmp_path, policy)
    for name in ("pack.yaml", "rules.yaml"):
        small.write(tmp_path / "rules/house" / name, (house / name).read_text(encoding="utf-8"))
    assert small.codes(small.gate()) == []
    small.write(tmp_path / "ddcheck.yaml", policy.replace("top10_limit", "runway_comfort"))
    assert small.codes(small.gate()) == ["DD304"]
    locked = policy.replace("top10_limit", "runway_comfort").replace("25%", "17 months")
    small.write(tmp_path / "ddcheck.yaml", locked)
    assert small.codes(small.gate()) == ["DD224"]


# --- what goes with a rule that is off, and with a pack that is not there


def test_what_names_a_rule_that_is_off_still_stands(one: Path) -> None:
    path = lay(one, "two", "overrides: {thin: {off: no}}\n")
    implied = "  other:\n    title: Other\n    implied_by: [thin]\n"
    rules = RULES.replace("  other:\n    title: Other\n", implied)
    small.write(one / "one/rules.yaml", rules)
    plan, said = load(path)
    assert (said, "thin" in plan.rules, "other" in plan.rules) == ([], False, True)


def test_a_strength_that_is_off_is_not_looser(one: Path) -> None:
    strengths = "strengths:\n  grows:\n    title: Grows\n    when: delta(revenue) > 0\n"
    small.write(one / "one/rules.yaml", RULES + strengths)
    plan, _ = load(lay(one, "two", "overrides: {grows: {off: no}}\n"))
    assert kinds(plan) == {"grows.off": "changed"}


def test_a_pack_that_is_not_there_is_one_mistake(one: Path) -> None:
    path = lay(one, "two", "set: {up: 12%}\noverrides: {falls: {severity: low}}\n", "onne")
    assert [item.partition(":")[0] for item in load(path)[1]] == ["DD217"]


def test_a_policy_that_is_linted_says_what_it_loosens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    changes = (
        "parameters: {customer_limit: 12%}\noverrides: {revenue-falling: {below: {low: 0%}}}\n"
    )
    small.project(tmp_path, small.POLICY + changes)
    for paths in ((), ("ddcheck.yaml",)):
        said = run_lint(paths, (), DAY).stdout
        assert re.findall(r"ddcheck.yaml:(\d+):\d+: (DD\d+) warning", said) == [
            ("5", "DD226"), ("6", "DD226"), ("6", "DD229"),
        ]  # fmt: skip
