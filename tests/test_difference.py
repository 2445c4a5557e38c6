"""`ddcheck diff`: verdicts, causes and definitions; that nothing is hidden; sides from git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_project import POLICY, codes, company, day, waivers, write
from jsonschema import Draft202012Validator

from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.difference import DiffOptions, run_diff
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.model.difference import (
    APPEARS,
    CLEARED,
    DECIDED,
    DROPPED,
    GRAVER,
    KINDS,
    LOST,
    MILDER,
    MOVED,
    OPENED,
    OTHER,
    RULED,
    UNRULED,
)
from ddcheck.engine.report.difference_markdown import MAX_BYTES

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-21"
PROJECTS = ROOT / "tests/golden/diff-projects"
SCHEMA = json.loads((ROOT / "schemas/difference.schema.json").read_text(encoding="utf-8"))

PACK = """\
ddcheck: pack/1
id: fund
version: "1"
title: Fund
extends: [core]
parameters:
  slow: {title: Slow growth, unit: ratio, default: 10%}
"""
RULES = """\
ddcheck: rules/1
category: growth
rules:
  slow-growth:
    title: Growth is slow
    metric: revenue_growth
    below: {medium: $slow, high: 0%}
    why: Costs grow in any case.
  small:
    title: Thin margin
    when: gross_margin < 10%
    severity: low
"""


def diff(old: str, new: str | None = None, **options: Any) -> Outcome:
    """The difference, in the working folder."""
    return run_diff(DiffOptions(old, new, today=day(TODAY), **options), Screen())


def document(old: str, new: str | None = None, **options: Any) -> Any:
    """The difference as JSON, which its schema holds."""
    outcome = diff(old, new, outputs=("json",), **options)
    found = json.loads(outcome.stdout)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
    return found


def firm(found: Any, ident: str = "acme") -> Any:
    """One company of a difference."""
    return next(item for item in found["companies"] if item["id"] == ident)


def verdict(found: Any, rule: str, ident: str = "acme") -> Any:
    """What becomes of a rule; None if nothing."""
    verdicts = firm(found, ident)["verdicts"]
    return next((item for item in verdicts if item["rule"] == rule), None)


def fund(folder: Path, rules: str = RULES, pack: str = PACK, **facts: str) -> Path:
    """A project with a pack of its own and one company."""
    write(folder / "ddcheck.yaml", POLICY.replace("[core]", "[packs/fund]"))
    write(folder / "packs/fund/pack.yaml", pack)
    write(folder / "packs/fund/rules.yaml", rules)
    write(folder / "companies/acme.yaml", company(**facts))
    return folder


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
    """`two(old, new)`: two projects, each by what `fund` takes."""

    def lay(old: dict[str, str], new: dict[str, str]) -> tuple[str, str]:
        monkeypatch.chdir(tmp_path)
        fund(tmp_path / "old", **old)
        fund(tmp_path / "new", **new)
        return "old", "new"

    return lay


# --- what changes


def test_a_flag_that_appears_names_the_fact_that_did_it(two: Any) -> None:
    found = document(*two({"before": "80", "now": "100"}, {"before": "80", "now": "78"}))
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"]) == (APPEARS, "facts")
    assert item["causes"] == [
        {
            "kind": "fact", "id": "revenue FY2025", "change": "changed",
            "old": {"file": "old/companies/acme.yaml", "line": 8},
            "new": {"file": "new/companies/acme.yaml", "line": 8},
        }
    ]  # fmt: skip
    assert (item["old"]["outcome"], item["new"]["severity"]) == ("pass", "high")
    assert (item["old"]["figure"]["value"], item["old"]["limit"]) == (0.25, 0.1)
    assert (item["new"]["figure"]["value"], item["new"]["limit"]) == (-0.025, 0)
    assert firm(found)["facts"][0]["old"]["value"] == 100_000_000
    assert firm(found)["facts"][0]["new"]["value"] == 78_000_000
    assert [firm(found)[side]["gate"]["outcome"] for side in ("old", "new")] == ["pass", "fail"]


def test_a_looser_parameter_clears_a_flag_and_is_named(two: Any) -> None:
    looser = PACK.replace("default: 10%", "default: 2%")
    sides = {"before": "100", "now": "105"}
    found = document(*two(sides, {**sides, "pack": looser}))
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"]) == (CLEARED, "rules")
    assert [(cause["kind"], cause["id"], cause["new"]) for cause in item["causes"]] == [
        ("parameter", "slow", {"file": "new/packs/fund/pack.yaml", "line": 7})
    ]
    (definition,) = found["definitions"]
    assert (definition["id"], definition["looser"]) == ("slow", True)
    assert definition["fields"] == [
        {"name": "value", "old": "10%", "new": "2%", "looser": True, "words": False}
    ]
    assert found["summary"]["looser"] == 1


@pytest.mark.parametrize(
    ("old", "new", "looser"),
    [
        ("high: 0%", "high: -5%", True),
        ("high: 0%", "high: 5%", False),
        (", high: 0%", "", True),
        ("{medium: $slow, high: 0%}", "{medium: $slow, high: 0%, critical: -20%}", False),
        ("severity: low", "severity: info", True),
        ("severity: low", "severity: medium", False),
        ("gross_margin < 10%", "gross_margin < 12%", None),
    ],
)
def test_which_way_a_change_of_a_rule_goes(
    two: Any, old: str, new: str, looser: bool | None
) -> None:
    assert old in RULES
    found = document(*two({}, {"rules": RULES.replace(old, new)}))
    (definition,) = found["definitions"]
    assert definition["looser"] is looser
    assert not definition["words"]


def test_a_removed_rule_is_looser_and_its_flag_is_read_first(two: Any) -> None:
    left = RULES[: RULES.index("  slow-growth:")] + RULES[RULES.index("  small:") :]
    sides = two({"now": "90"}, {"now": "90", "rules": left})
    found = document(*sides)
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["new"], item["by"]) == (DROPPED, None, "rules")
    text = diff(*sides).stdout
    first = text[text.index("READ FIRST") : text.index("WHAT THE PACKS CHANGE")]
    assert "high → no rule" in first
    assert "rule slow-growth removed (old/packs/fund/rules.yaml:4)" in first


def test_words_and_tests_decide_nothing_and_are_counted(two: Any) -> None:
    sides = two({}, {"rules": RULES.replace("in any case", "always")})
    found = document(*sides)
    assert [item["words"] for item in found["definitions"]] == [True]
    assert not any(item["changes"] for item in found["companies"])
    assert "1 definition changes in words or tests alone: --all" in diff(*sides).stdout
    assert "in words or tests: why" in diff(*sides, everything=True).stdout


def test_a_hidden_fact_makes_the_flag_unknown_and_is_read_first(two: Any) -> None:
    sides = two({"now": "90"}, {"now": "90"})
    path = Path("new/companies/acme.yaml")
    write(path, re.sub(r"    FY2024.*\n", "", path.read_text(encoding="utf-8")))
    found = document(*sides)
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["old"]["severity"]) == (LOST, "high")
    assert item["causes"][0]["id"] == "revenue FY2024"
    text = diff(*sides).stdout
    assert text.index("READ FIRST") < text.index("high → unknown") < text.index("Acme (acme)")
    assert "fact revenue FY2024 removed (old/companies/acme.yaml:7)" in " ".join(text.split())


@pytest.mark.parametrize(
    ("rules", "facts", "by"),
    [
        # What only both bring about, what either would, and what one does beside a change of the
        # other that does not matter.
        ("below: {medium: 8%, high: 0%}", ("100", "109"), "together"),
        ("below: {medium: 30%, high: 0%}", ("100", "105"), "either"),
        ("below: {medium: 30%, high: 0%}", ("100", "119"), "rules"),
        ("below: {medium: 11%, high: 0%}", ("100", "105"), "facts"),
    ],
)
def test_which_side_does_it_is_tried(two: Any, rules: str, facts: tuple[str, str], by: str) -> None:
    was = "below: {medium: 10%, high: 0%}"
    text = RULES.replace("below: {medium: $slow, high: 0%}", was)
    if by == "together":
        # Growth of 9 % passes by the new limit of 8 % and flags by the old one; 5 % flags by both.
        old, new = {"before": "100", "now": "105"}, {"before": facts[0], "now": facts[1]}
    else:
        old, new = {"before": "100", "now": "120"}, {"before": facts[0], "now": facts[1]}
    found = document(*two({"rules": text, **old}, {"rules": text.replace(was, rules), **new}))
    assert verdict(found, "slow-growth")["by"] == by


def test_every_way_of_changing_has_its_mirror() -> None:
    assert {*MIRROR, *MIRROR.values()} == set(KINDS)


MIRROR = {
    LOST: APPEARS, DROPPED: APPEARS, CLEARED: APPEARS, MILDER: GRAVER, OPENED: DECIDED,
    UNRULED: RULED, OTHER: OTHER, MOVED: MOVED,
}  # fmt: skip


def test_the_other_way_round_everything_is_mirrored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS)
    there, back = document("old", "new"), document("new", "old")

    def pairs(found: Any, old: str, new: str) -> Any:
        return {
            (item["id"], each["rule"]): (each[old], each[new], each["by"])
            for item in found["companies"]
            for each in item["verdicts"]
        }

    assert pairs(there, "old", "new") == pairs(back, "new", "old")
    assert len(pairs(there, "old", "new")) > 10
    for item in there["companies"]:
        other = firm(back, item["id"])
        assert (item["old"], item["new"]) == (other["new"], other["old"])
        grades = {grade["category"]: (grade["old"], grade["new"]) for grade in item["grades"]}
        assert grades == {
            grade["category"]: (grade["new"], grade["old"]) for grade in other["grades"]
        }
        for each in item["verdicts"]:
            kind = verdict(back, each["rule"], item["id"])["kind"]
            mirrored = MIRROR.get(each["kind"])
            assert kind == mirrored or MIRROR.get(kind) == each["kind"]
    ways = {item["id"]: item["looser"] for item in there["definitions"]}
    assert ways["debt_limit"] is True
    assert {item["id"]: item["looser"] for item in back["definitions"]}["debt_limit"] is False
    assert there["summary"]["same"] == back["summary"]["same"]


@pytest.mark.parametrize("what", ["rules", "companies", "companies/agora.yaml", "rules/saas"])
def test_a_thing_does_not_differ_from_itself(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = diff(what, what, outputs=("json",), exit_code=True)
    found = json.loads(outcome.stdout)
    assert outcome.code == 0
    assert (found["changes"], found["definitions"]) == (False, [])
    assert all(not item["changes"] for item in found["companies"])
    assert found["summary"]["same"]["verdicts"] > 40


def test_verdicts_are_those_of_two_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The differential check: what `diff` says of each side is what `check` says there."""
    monkeypatch.chdir(PROJECTS)
    found = document("old", "new")
    for side in ("old", "new"):
        options = CheckOptions(
            (f"{side}/companies",), (f"{side}/packs/fund",), today=day(TODAY), outputs=("json",)
        )
        reports = json.loads(run_check(options, Screen()).stdout)["reports"]
        assert {item["id"] for item in found["companies"] if item[side]} == {
            report["company"]["id"] for report in reports
        }
        for report in reports:
            item = firm(found, report["company"]["id"])
            seen = {each["rule"]: each[side] for each in item["verdicts"] if each[side]}
            findings = {each["id"]: each for each in (*report["findings"], *report["strengths"])}
            for rule, each in seen.items():
                finding = findings[rule]
                flagged = finding["outcome"] == "flag"
                assert each["outcome"] == finding["outcome"]
                assert each["severity"] == (finding["severity"] if flagged else None)
                assert (each["period"], each["behind"]) == (finding["period"], finding["behind"])
            if item["status"] == "compared":
                assert len(seen) + item["same"]["verdicts"] == len(findings)
            whole = next((each for each in item["grades"] if each["category"] is None), None)
            if whole is not None:
                assert (whole[side]["worst"], whole[side]["best"]) == (
                    report["grade"]["worst"], report["grade"]["best"],
                )  # fmt: skip


def test_a_new_waiver_is_looser_and_opens_the_gate(two: Any) -> None:
    sides = two({"now": "90"}, {"now": "90"})
    waivers(Path("new"), {"rule": "slow-growth"}, {})
    found = document(*sides)
    assert {(item["kind"], item["looser"]) for item in found["definitions"]} == {("waiver", True)}
    gates = [firm(found)[side]["gate"]["outcome"] for side in ("old", "new")]
    assert gates == ["fail", "pass"]


@pytest.mark.parametrize(
    ("before", "after", "field", "looser"),
    [
        ("fail_on: high", "fail_on: critical", "fail_on", True),
        ("fail_on: high", "fail_on: medium", "fail_on", False),
        ("must_know: [slow-growth]", "must_know: []", "must_know", True),
        ("must_know: []", "must_know: [slow-growth]", "must_know", False),
        ("cannot_be_waived: [small]", "cannot_be_waived: []", "cannot_be_waived", True),
        ("max_waiver_days: 30", "max_waiver_days: 90", "max_days", True),
    ],
)
def test_which_way_a_change_of_the_policy_goes(
    two: Any, before: str, after: str, field: str, looser: bool
) -> None:
    sides = two({"now": "90"}, {"now": "90"})
    for side, said in zip(sides, (before, after), strict=True):
        key = said.partition(":")[0]
        rest = re.sub(rf"(?m)^{key}:.*\n", "", POLICY.replace("[core]", "[packs/fund]"))
        write(Path(side, "ddcheck.yaml"), rest + said + "\n")
    (item,) = document(*sides)["definitions"]
    assert (item["kind"], item["looser"], item["fields"][0]["name"]) == ("policy", looser, field)


def test_a_parameter_set_by_the_policy_is_named_at_its_line(two: Any) -> None:
    sides = two({"now": "105"}, {"now": "105"})
    policy = Path("new/ddcheck.yaml")
    write(policy, policy.read_text(encoding="utf-8") + "parameters:\n  slow: 3%\n")
    found = document(*sides)
    (item,) = found["definitions"]
    assert (item["id"], item["looser"]) == ("slow", True)
    assert item["new"] == {"file": "new/ddcheck.yaml", "line": 6}
    assert verdict(found, "slow-growth")["causes"][0]["new"] == item["new"]


def test_a_company_that_loses_the_tag_of_a_pack_loses_its_flags_and_says_why(two: Any) -> None:
    pack = PACK + "applies_to: [saas]\n"
    sides = two({"now": "90", "pack": pack}, {"now": "90", "pack": pack})
    path = Path("old/companies/acme.yaml")
    write(path, path.read_text(encoding="utf-8").replace("USD}", "USD, tags: [saas]}"))
    found = document(*sides)
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"]) == (DROPPED, "facts")
    assert [(cause["kind"], cause["id"]) for cause in item["causes"]] == [("company", "acme")]


def test_a_restated_fact_shows_what_was_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS)
    found = firm(document("old", "new"), "fir")
    restated = [item for item in found["facts"] if item["change"] == "restated"]
    assert [
        (item["old"]["value"], item["old"]["source"], item["new"]["value"], item["new"]["source"])
        for item in restated
    ] == [(40_000_000, "report", 36_000_000, "amended")]
    assert [item["sources"] for item in found["conflicts"]] == [["amended", "report"]]


def test_only_the_day_of_judgement_moves(two: Any) -> None:
    """A source that states nothing is newer: what was fresh enough is stale."""
    sides = two({"now": "90"}, {"now": "90"})
    path = Path("new/companies/acme.yaml")
    later = "  later: {title: Letter, tier: press, published: 2028-06-01}\nfacts:\n"
    write(path, path.read_text(encoding="utf-8").replace("facts:\n", later))
    found = document(*sides)
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"]) == (LOST, "facts")
    assert [(cause["kind"], cause["id"]) for cause in item["causes"]] == [
        ("date", "2026-03-01 -> 2028-06-01")
    ]


def test_exit_codes(two: Any) -> None:
    sides = two({"now": "90"}, {"now": "110"})
    assert diff(*sides).code == 0
    assert diff(*sides, exit_code=True).code == 1
    assert diff("old", "old", exit_code=True).code == 0


def test_a_company_that_cannot_be_read_is_named_and_the_rest_is_shown(two: Any) -> None:
    sides = two({"now": "90"}, {"now": "110"})
    write(Path("old/companies/beta.yaml"), company(ident="beta"))
    write(Path("new/companies/beta.yaml"), "ddcheck: company/1\ncompany: [\n")
    outcome = diff(*sides)
    assert outcome.code == 2
    assert codes(outcome) == ["DD101"]
    assert "NOT COMPARED, since they cannot be read: new/companies/beta.yaml" in outcome.stdout
    assert "Acme (acme)" in outcome.stdout
    assert "Beta" not in outcome.stdout


def test_a_pack_with_a_mistake_is_not_compared(two: Any) -> None:
    sides = two({}, {"rules": RULES.replace("gross_margin", "gros_margin")})
    outcome = diff(*sides)
    assert (outcome.code, outcome.stdout, codes(outcome)) == (2, "", ["DD203"])


# --- hostile text


HOSTILE = "@all #1 [x](http://evil) <img src=x> `a` | ![i](y) https://evil www.evil.com **b** &amp;"


def test_hostile_text_is_inert_in_markdown(two: Any) -> None:
    rules = RULES.replace("Growth is slow", f'"{HOSTILE}"')
    sides = two({"now": "90"}, {"now": "120", "rules": rules})
    path = Path("new/companies/acme.yaml")
    text = path.read_text(encoding="utf-8").replace("name: Acme", f"name: '{HOSTILE}'")
    write(path, text)
    from markdown_it import MarkdownIt

    shown = diff(*sides, outputs=("markdown",)).stdout
    html = MarkdownIt("gfm-like", {"linkify": False}).render(shown)
    assert "evil" in html
    assert set(re.findall(r"<(a|img|em|b)\b", html)) == set()
    assert len(re.findall(r"<strong>1 of 1 companies change: [^<@]*</strong>", html)) == 1
    assert html.count("<strong>") == 1
    assert "@all" not in html
    assert "www.evil.com" not in shown


def test_a_comment_stays_below_what_platforms_take(two: Any) -> None:
    sides = two({"now": "90"}, {"now": "120"})
    for i in range(150):
        for side, now in zip(sides, ("90", "120"), strict=True):
            write(Path(side, f"companies/c{i}.yaml"), company(ident=f"c{i}", now=now))
    shown = diff(*sides, outputs=("markdown",)).stdout
    assert len(shown.encode()) < MAX_BYTES + 100
    assert re.search(r"\d+ more parts do not fit here", shown)


# --- git


def _git(*arguments: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    who = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], env=clean, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits: the second loosens a limit; and sales that fall, not committed."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "fund"
    folder.mkdir()
    monkeypatch.chdir(folder)
    _git("init", "-q", "-b", "main", ".")
    fund(folder, before="100", now="105")
    _git("add", "-A")
    _git("commit", "-q", "--no-verify", "-m", "base")
    write(folder / "packs/fund/pack.yaml", PACK.replace("default: 10%", "default: 2%"))
    _git("commit", "-q", "--no-verify", "-am", "looser")
    write(folder / "companies/acme.yaml", company(before="100", now="90"))
    return folder


def test_a_revision_is_compared_with_the_working_tree(repository: Path) -> None:
    found = document("HEAD~1")
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"]) == (GRAVER, "facts")
    assert found["old"] == {
        "name": "HEAD~1",
        "packs": {"core": found["new"]["packs"]["core"], "fund": "HEAD~1:packs/fund"},
    }
    assert found["new"]["name"] is None
    (fact,) = firm(found)["facts"]
    assert (fact["old"]["file"], fact["new"]["file"]) == (
        "HEAD~1:companies/acme.yaml", "companies/acme.yaml",
    )  # fmt: skip
    assert [item["id"] for item in found["definitions"]] == ["slow"]


def test_two_revisions(repository: Path) -> None:
    found = document("HEAD~1:", "HEAD")
    item = verdict(found, "slow-growth")
    assert (item["kind"], item["by"], firm(found)["facts"]) == (CLEARED, "rules", [])


def test_the_packs_of_a_revision_on_the_companies_of_the_working_tree(repository: Path) -> None:
    found = document("HEAD~1:packs/fund")
    assert [item["id"] for item in found["definitions"]] == ["slow"]
    assert firm(found)["facts"] == []
    # Sales fall by 10 %, which is high by either limit of the medium step.
    assert found["companies"][0]["changes"] is False
    assert document("HEAD:packs/fund")["changes"] is False


def test_a_company_of_a_revision_alone_is_judged_by_the_packs_of_now(repository: Path) -> None:
    found = document("HEAD~1:companies/acme.yaml")
    assert found["definitions"] == []
    assert verdict(found, "slow-growth")["kind"] == APPEARS
    both = document("HEAD~1:companies/acme.yaml", "companies/acme.yaml")
    assert [item["id"] for item in both["definitions"]] == ["slow"]
    assert verdict(both, "slow-growth")["kind"] == GRAVER
    folder = document("HEAD:companies")
    assert [item["id"] for item in folder["companies"]] == ["acme"]
    assert verdict(folder, "slow-growth")["kind"] == APPEARS


@pytest.mark.parametrize(
    ("arguments", "code_", "words"),
    [
        (("--upload-pack=x",), "DD630", "`--upload-pack=x` is no name of a commit"),
        (("HEAD~9",), "DD630", "no commit `HEAD~9` here"),
        (("nothing:packs",), "DD630", "no commit `nothing` here"),
        (("HEAD:packs/fnud",), "DD561", "`HEAD` has no `packs/fnud`"),
        (("HEAD:../fund",), "DD561", "`HEAD` has no `../fund`"),
        (("packs/fund", "companies"), "DD560", "packs cannot be compared with a folder of comp"),
        (("packs/fund",), "DD560", "nothing to compare it with"),
        (("acmee",), "DD561", "is no file or folder, no pack, no company and no commit"),
        (("HEAD:packs/fund/rules.yaml",), "DD006", "a rules file: not a company"),
    ],
)
def test_sides_that_cannot_be_found(
    repository: Path, arguments: tuple[str, ...], code_: str, words: str
) -> None:
    outcome = diff(*arguments)
    assert (outcome.code, outcome.stdout, codes(outcome)) == (2, "", [code_])
    assert words in outcome.stderr


def test_a_path_that_is_gone_from_the_working_tree(repository: Path) -> None:
    (repository / "companies/acme.yaml").unlink()
    outcome = diff("HEAD:companies/acme.yaml")
    assert (outcome.code, codes(outcome)) == (2, ["DD561"])


def test_no_path_of_the_private_folder_is_shown(repository: Path) -> None:
    for format_ in ("text", "markdown", "json"):
        shown = diff("HEAD~1", outputs=(format_,), everything=True)
        assert "ddcheck-" not in shown.stdout + shown.stderr


def test_a_repository_that_holds_the_shipped_packs_is_judged_by_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule changed in the repository of ddcheck itself is not judged by what is installed."""
    for name in ("rules", "companies"):
        shutil.copytree(ROOT / name, tmp_path / "old" / name)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    path = tmp_path / "new/rules/core/losses.yaml"
    text = path.read_text(encoding="utf-8")
    write(path, text.replace("severity: high", "severity: low", 1))
    monkeypatch.chdir(tmp_path)
    started = time.perf_counter()
    found = document("old", "new")
    assert time.perf_counter() - started < 20  # 1.5 s on an idle core
    assert [(item["id"], item["looser"]) for item in found["definitions"]] == [
        ("loss-margin-widening", True)
    ]
    assert found["new"]["packs"]["core"] == "new/rules/core"
    item = verdict(found, "loss-margin-widening", "agora")
    assert (item["kind"], item["by"]) == (MILDER, "rules")


# --- the walk


def test_the_walk_of_the_page(tmp_path: Path) -> None:
    """The commands of docs/diff.md as they stand there, by a shell, in an empty folder."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    page = (ROOT / "docs/diff.md").read_text(encoding="utf-8")
    walk = re.search(r"<!-- walk -->\n```sh\n(.*?)```", page, re.DOTALL)
    shown = re.search(r"<!-- shown -->\n```text\n(.*?)```", page, re.DOTALL)
    assert walk is not None
    assert shown is not None
    command = tmp_path / "bin" / "ddcheck"
    write(command, f'#!/bin/sh\nexec "{sys.executable}" -m ddcheck "$@"\n')
    command.chmod(0o755)
    folder = tmp_path / "empty"
    folder.mkdir()
    who = {"GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.com",
           "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.com"}  # fmt: skip
    path = os.pathsep.join([str(command.parent), os.environ["PATH"]])
    run = subprocess.run(
        ["sh", "-u", "-c", walk[1]],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1", **who},
    )  # fmt: skip
    assert re.findall(r"(\d+) failed", run.stdout) == ["1", "0"]
    text = re.sub(r"today \d{4}-\d{2}-\d{2}", "today 2026-11-21", run.stdout)
    # The last line counts what is the same: another figure with each rule that ships.
    assert shown[1].rpartition("\n\n")[0] in text
    assert shown[1].splitlines()[-1] == "…"
