"""One resolver: every command reads the project's policy as the gate does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from gate_project import POLICY, TODAY, company, gate, project, waivers, write

from ddcheck.cli import run
from ddcheck.engine.model import kept_packs
from ddcheck.engine.text.diagnostics import Report

RULES = """\
ddcheck: rules/1
category: growth
rules:
  sales-crawl:
    title: Sales crawl
    metric: revenue_growth
    below: {high: $least}
    tests:
      - {given: {revenue_growth: 19%}, expect: {flag: high}}
      - {given: {revenue_growth: 20%}, expect: pass}
      - {given: {}, expect: {unknown: [revenue_growth]}}
"""
PACK = """\
ddcheck: pack/1
id: own
version: "1"
title: Own
extends: [core]
parameters:
  least: {title: Least, unit: ratio, default: 20%, at_least: 1%, at_most: 50%, reference: set by us}
"""
OWN = POLICY.replace("[core]", "[core, packs/own]") + (
    "parameters: {least: 10%}\nfolders: {companies: firms}\n"
)


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a pack, a parameter and a company folder of its own."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "packs" / "own" / "pack.yaml", PACK)
    write(tmp_path / "packs" / "own" / "rules.yaml", RULES)
    write(tmp_path / "firms" / "acme.yaml", company(before="80", now="90"))
    write(tmp_path / "firms" / "beta.yaml", company(before="80", now="87", ident="beta"))
    write(tmp_path / "ddcheck.yaml", OWN)
    return tmp_path


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, dict[str, object]]:
    """The findings of one company by id."""
    assert run([*words, "--output", "json", "--today", TODAY]) == 0
    report = json.loads(capsys.readouterr().out)["reports"][0]
    return {item["id"]: item for item in report["findings"]}


def test_check_takes_packs_parameters_and_folders_of_the_policy(
    fund: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _json(capsys, "check", "acme")["sales-crawl"]["outcome"] == "pass"
    assert _json(capsys, "check", "beta")["sales-crawl"]["outcome"] == "flag"


def test_packs_of_the_command_line_win(fund: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the policy names of packs that are not asked for is left out, not a mistake."""
    write(fund / "ddcheck.yaml", OWN.replace("must_know: []", "must_know: [sales-crawl]"))
    assert "sales-crawl" not in _json(capsys, "check", "acme", "--pack", "core")
    write(fund / "ddcheck.yaml", OWN.replace("least:", "leest:"))
    assert run(["check", "acme", "--pack", "core"]) == 2
    assert "DD312 error: no parameter `leest`" in capsys.readouterr().err


def test_another_policy_wins_over_that_of_the_folder(
    fund: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(fund / "strict.yaml", OWN.replace("10%", "15%"))
    found = _json(capsys, "check", "acme", "--config", "strict.yaml")
    assert found["sales-crawl"]["outcome"] == "flag"
    assert run(["check", "acme", "--config", "none.yaml"]) == 2
    assert "none.yaml:1:1: DD001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "beta", "sales-crawl"), "Sales crawl"),
        (("rules", "sales-crawl"), "Sales crawl"),
        (("rules",), "sales-crawl"),
        (("facts", "acme"), "revenue"),
        (("compare", "acme", "beta", "--metric", "sales-crawl"), "Sales crawl"),
        (("test",), " passed, 0 failed"),
        (("lint",), "no mistakes, 1 warning in 1 pack, 2 company files and 1 policy file"),
        (("lint", "firms"), "no mistakes"),
        (("gate", "acme"), "PASS"),
    ],
    ids=lambda words: words[0] if isinstance(words, tuple) else "",
)
def test_every_command_reads_the_policy(
    words: tuple[str, ...], said: str, fund: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = () if words[0] in ("rules", "facts", "test") else ("--today", TODAY)
    assert run([*words, *day]) == 0
    shown = capsys.readouterr()
    assert said in shown.out
    assert shown.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("check", "acme"),
        ("compare", "acme", "beta"),
        ("explain", "acme", "revenue"),
        ("facts", "acme"),
        ("rules",),
        ("test",),
        ("gate",),
        ("memo", "suggest", "memo.md"),
        ("verify", "acme", "--sources", "."),
    ],
    ids=lambda words: words[0],
)
def test_no_command_passes_over_a_broken_policy(
    words: tuple[str, ...], fund: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(fund / "ddcheck.yaml", OWN + "fail_one: low\n")
    assert run(list(words)) == 2
    assert "ddcheck.yaml:7:1: DD111 error: unknown key `fail_one`" in capsys.readouterr().err


def test_a_test_is_about_the_limits_of_its_pack(
    fund: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The policy halves the limit: the company passes, and the tests of the rule hold as before."""
    assert run(["test"]) == 0
    assert ", 0 failed" in capsys.readouterr().out
    write(fund / "packs" / "own" / "rules.yaml", RULES.replace("19%", "21%"))
    assert run(["test"]) == 1
    assert "FAILED sales-crawl" in capsys.readouterr().out


# --- waivers, as the gate sees them


@pytest.fixture
def falling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose company's sales fall."""
    monkeypatch.chdir(tmp_path)
    return project(tmp_path)


def _check(*words: str) -> int:
    return run(["check", "acme", "--today", TODAY, *words])


def test_a_waiver_shows_on_its_finding(falling: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check("--fail-on", "high") == 1
    assert "WAIVERS" not in capsys.readouterr().out
    waivers(falling, {"holds_while": "revenue_growth > -25%"})
    assert _check("--fail-on", "high") == 0
    text = capsys.readouterr().out
    assert "GATE high: PASS" in text
    shown = text[text.index("\nWAIVERS\n") :]
    assert [" ".join(line.split()) for line in shown.splitlines()[2:]] == [
        "waived revenue-falling FY2025 Sales shrink",
        "until 2026-12-31, by li, approved by wang: One large customer left; the rest grew.",
        "holds while revenue_growth > -25%",
    ]
    found = _json(capsys, "check", "acme")
    assert found["revenue-falling"]["waiver"] == {
        "holds": True, "words": None, "reason": "One large customer left; the rest grew.",
        "owner": "li", "approved_by": "wang", "created": "2026-10-01", "expires": "2026-12-31",
        "holds_while": "revenue_growth > -25%", "scope": [], "file": "waivers.yaml", "line": 3,
        "column": 11,
    }  # fmt: skip
    assert {item["id"] for item in found.values() if item["waiver"]} == {"revenue-falling"}


def test_an_expired_waiver_is_named(falling: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waivers(falling, {"expires": "2026-11-20"})
    assert _check("--fail-on", "high") == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "GATE high: FAIL" in text
    assert "waiver void" in text
    assert (
        "warning waivers.yaml:3: the waiver of `revenue-falling` for `acme` (li) expired on "
        "2026-11-20: it is back" in text
    )
    waiver = _json(capsys, "check", "acme")["revenue-falling"]["waiver"]
    assert isinstance(waiver, dict)
    words = "the waiver of li does not cover it; it expired on 2026-11-20"
    assert (waiver["holds"], waiver["words"]) == (False, words)
    waivers(falling, {"expires": "2026-11-21"})
    assert _check("--fail-on", "high") == 0


def test_a_waiver_that_no_longer_holds_is_named(
    falling: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waivers(falling, {"holds_while": "revenue_growth > -20%"})
    assert _check("--fail-on", "high", "--lang", "zh") == 1
    text = "".join(capsys.readouterr().out.split())
    assert "豁免失效" in text
    assert "错误waivers.yaml:3:" in text
    assert "时“revenue_growth>-20%”不成立" in text


def test_check_compare_and_gate_agree_on_waivers(
    falling: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(falling / "companies" / "beta.yaml", company(ident="beta"))
    waivers(falling, {})
    assert gate("acme").code == 0
    words = ["compare", "acme", "beta", "--today", TODAY, "--output", "json"]
    assert run(words) == 0
    shown = json.loads(capsys.readouterr().out)
    gates = {item["id"]: item["gate"]["outcome"] for item in shown["companies"]}
    assert gates == {"acme": "pass", "beta": "fail"}


def test_a_mistake_in_a_waiver_is_reported_by_check(
    falling: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waivers(falling, {"reason": "short"})
    assert _check() == 2
    assert "waivers.yaml:5:13: DD622 error" in capsys.readouterr().err


def test_a_check_without_a_policy_does_not_pay_for_the_gate(tmp_path: Path) -> None:
    write(tmp_path / "companies" / "acme.yaml", company())
    code = (
        "import sys; from ddcheck.engine.commands.check import *; "
        "run_check(CheckOptions(('acme',), today=739000), Screen()); "
        "print(*sorted(m for m in sys.modules if m.startswith('ddcheck.engine.')), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    rooms = {name.split(".")[2] for name in done.stdout.splitlines()}
    assert "check" in rooms
    assert rooms & {"gate", "memo"} == set()
    write(tmp_path / "ddcheck.yaml", POLICY)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    rooms = {name.split(".")[2] for name in done.stdout.splitlines()}
    assert "gate" in rooms
    assert "memo" not in rooms


def test_a_waived_unknown_no_longer_has_to_be_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    policy = POLICY.replace("must_know: []", "must_know: [runway-short]")
    project(tmp_path, policy=policy, before="80", now="100")
    assert _check() == 0
    assert "GATE high: FAIL · 1 must-know unknown" in capsys.readouterr().out
    waivers(tmp_path, {"rule": "runway-short"})
    assert _check() == 0
    assert "GATE high: PASS" in capsys.readouterr().out
    assert _check("--fail-on", "high,unknown", "--output", "json") == 1  # others are unknown
    capsys.readouterr()
    assert gate("acme").code == 0


def test_packs_are_kept_until_a_file_or_the_list_of_packs_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pack.yaml").write_text(
        "ddcheck: pack/1\nid: one\nversion: '1'\ntitle: One\n", encoding="utf-8"
    )
    reading = kept_packs.KeptPacks()
    wanted = (str(tmp_path),)
    first = reading(wanted, Report())
    assert reading(wanted, Report()) is first
    (tmp_path / "words.yaml").write_text(
        "ddcheck: vocabulary/1\nconcepts: {a: {time: flow, unit: money, label: A}}\n",
        encoding="utf-8",
    )
    more = reading(wanted, Report())
    assert (list(first.vocabulary.concepts), list(more.vocabulary.concepts)) == ([], ["a"])
    (tmp_path / "words.yaml").unlink()
    assert list(reading(wanted, Report()).vocabulary.concepts) == []
    last = reading(wanted, Report())
    monkeypatch.setattr(kept_packs, "shipped_packs", lambda: ["core", "one-more"])
    assert reading(wanted, Report()) is not last
    (tmp_path / "pack.yaml").write_text("ddcheck: pack/1\nid: one\n", encoding="utf-8")
    said = []
    for _ in range(2):
        report = Report()
        reading(wanted, report)
        said.append([item.code for item in report])
    assert said == [["DD112"], ["DD112"]]
