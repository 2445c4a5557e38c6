"""Whole runs of `ddcheck check`: what is judged, what is asked for, what could not be judged."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.check.explain import explain
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.loading import load_plan, read_company
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.text.diagnostics import Report

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21)

Json = dict[str, Any]

COMPANY = """\
ddcheck: company/1
company: {id: ID, name: {en: "Made-up, Inc.", zh: 虚构公司}, currency: USD, tags: [TAGS]}
sources:
  s: {title: Annual report, tier: audited, published: 2026-03-01}
facts:
FACTS
"""
LOSSES = """\
  revenue: {FY2024: {value: 20 USD million, source: s}, FY2025: {value: 30 USD million, source: s}}
  net_income:
    FY2024: {value: -4 USD million, source: s}
    FY2025: {value: -9 USD million, source: s}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`write(id, facts)`: the path of a company file; runs start in its folder."""
    monkeypatch.chdir(tmp_path)

    def file(ident: str, facts: str, tags: str = "") -> str:
        text = COMPANY.replace("ID", ident).replace("TAGS", tags).replace("FACTS", facts.rstrip())
        (tmp_path / f"{ident}.yaml").write_text(text, encoding="utf-8")
        return f"{ident}.yaml"

    return file


def run(*paths: str, today: date = TODAY, **options: Any) -> Outcome:
    return run_check(
        CheckOptions(paths, today=today.toordinal(), version="test", **options), Screen()
    )


def document(*paths: str, **options: Any) -> Json:
    found: Json = json.loads(run(*paths, outputs=("json",), **options).stdout)
    return found


def outcomes(report: Json) -> dict[str, str]:
    return {item["id"]: item["outcome"] for item in report["findings"]}


# ----------------------------------------------------------------------------------- what is judged


def test_a_report_holds_what_was_judged_and_on_what(write: Callable[..., str]) -> None:
    found = document(write("one", LOSSES))
    (report,) = found["reports"]
    assert {key: found[key] for key in ("schema_version", "ddcheck", "today", "memos")} == {
        "schema_version": 1, "ddcheck": "test", "today": "2026-11-21", "memos": [],
    }  # fmt: skip
    assert found["diagnostics"] == []
    assert report["company"] == {
        "id": "one",
        "name": {"en": "Made-up, Inc.", "zh": "虚构公司"},
        "ticker": None,
        "currency": "USD",
        "tags": [],
        "file": "one.yaml",
    }
    assert (report["period"], report["evaluated_at"]) == ("FY2025", "2026-03-01")
    judged = outcomes(report)
    assert {name: judged[name] for name in ("loss-widening", "loss-margin-widening")} == {
        "loss-widening": "flag",
        "loss-margin-widening": "flag",
    }


def test_a_pack_for_other_companies_is_left_out(write: Callable[..., str]) -> None:
    judged = {
        tags: outcomes(document(write("one", LOSSES, tags))["reports"][0])
        for tags in ("", "saas", "bank")
    }
    assert {tags: "ndr-below-100-percent" in found for tags, found in judged.items()} == {
        "": False, "saas": True, "bank": False,
    }  # fmt: skip
    assert all("loss-widening" in found for found in judged.values())


def test_several_companies_are_judged_each_for_itself(write: Callable[..., str]) -> None:
    first, second = write("one", LOSSES), write("two", LOSSES.replace("-9", "-3"))
    found = document(first, second, first)
    assert [item["company"]["id"] for item in found["reports"]] == ["one", "two"]
    alone = [document(path)["reports"][0] for path in (first, second)]
    assert found["reports"] == alone
    text = run(first, second).stdout
    assert text == f"{run(first).stdout}\n{run(second).stdout}"


def test_order_of_files_changes_nothing_but_the_order(write: Callable[..., str]) -> None:
    first, second = write("one", LOSSES), write("two", LOSSES.replace("-9", "-3"))
    forth, back = document(first, second), document(second, first)
    assert forth["reports"] == back["reports"][::-1]


def test_a_run_can_be_repeated_to_the_letter(write: Callable[..., str]) -> None:
    path = write("one", LOSSES, "saas")
    assert run(path, outputs=("text", "json"), all=True) == run(
        path, outputs=("text", "json"), all=True
    )


def test_evidence_stands_in_one_order_wherever_its_facts_are_in_memory() -> None:
    plan = load_plan((), Report())
    rule = "customer-above-10-percent"
    only = plan._replace(rules={rule: plan.rules[rule]})
    loaded, orders = [], set()
    for _ in range(24):
        company = read_company(str(ROOT / "companies/agora.yaml"), plan, Report())
        assert company is not None
        loaded.append(company)
        day = date(2021, 5, 28).toordinal()
        (finding,) = evaluate(only, company, today=TODAY.toordinal(), as_of=day).findings
        told = explain(plan, company, "largest_region_share", today=TODAY.toordinal())
        inputs = tuple(item.fact.text for item in told.evidence())
        orders.add((tuple(fact.text for fact in finding.evidence), inputs))
    assert {evidence for evidence, _ in orders} == {("14", "10")}
    assert len(orders) == 1


# ----------------------------------------------------------------------------------------- the gate


@pytest.mark.parametrize(
    ("level", "failed"),
    [
        (None, False),
        ("critical", False),
        ("high", True),
        ("medium", True),
        ("info", True),
        ("critical,unknown", True),
        ("unknown", True),
        (" high , unknown ", True),
    ],
)
def test_a_run_fails_only_at_the_level_that_is_asked_for(
    write: Callable[..., str], level: str | None, failed: bool
) -> None:
    path = write("one", LOSSES)
    assert run(path, fail_on=level).code == int(failed)
    assert document(path, fail_on=level)["gate"] == {"level": level or "none", "failed": failed}


def test_the_first_screen_names_the_gate_whatever_the_run_fails_at(
    write: Callable[..., str],
) -> None:
    line = run(write("one", LOSSES)).stdout.splitlines()[4]
    assert line.partition("GATE ")[2] == "high: FAIL · 1 high, 2 must-know unknown"


# ---------------------------------------------------------------------------- what cannot be judged


def test_a_company_that_no_rule_can_decide_is_2(write: Callable[..., str]) -> None:
    path = write("one", "  headcount: {2025-12-31: {value: 40, source: s}}\n")
    outcome = run(path, outputs=("json",), fail_on="critical")
    assert (outcome.code, outcome.stderr) == (
        2, "one.yaml:1:1: DD310 error: no rule can be decided for `one`: all are unknown\n",
    )  # fmt: skip
    found = json.loads(outcome.stdout)
    # that a file is in order is no verdict on the company
    known = {i: o for i, o in outcomes(found["reports"][0]).items() if o != "unknown"}
    assert known == {"actual-after-publication": "pass", "figure-mislabelled": "pass"}
    assert [(item["code"], item["path"]) for item in found["diagnostics"]] == [
        ("DD310", "one.yaml")
    ]
    assert found["gate"] == {"level": "critical", "failed": False}


def test_a_company_without_facts_is_2_and_has_a_report(write: Callable[..., str]) -> None:
    outcome = run(write("one", "  {}"))
    assert outcome.code == 2
    assert outcome.stdout.splitlines()[1].startswith("Judged on nothing")


def test_a_broken_file_does_not_hide_the_others(write: Callable[..., str], tmp_path: Path) -> None:
    good = write("one", LOSSES)
    (tmp_path / "bad.yaml").write_text("ddcheck: company/1\ncompany: {id: x\n", encoding="utf-8")
    outcome = run("bad.yaml", good, "gone.yaml")
    assert outcome.code == 2
    assert outcome.stdout == run(good).stdout
    heads = [line for line in outcome.stderr.splitlines() if line[0] != " "]
    assert [line.partition(" error:")[0] for line in heads] == [
        "bad.yaml:2:10: DD101",
        "gone.yaml:1:1: DD001",
    ]


def test_a_mistake_in_a_file_costs_its_fact_and_the_exit_code_says_so(
    write: Callable[..., str],
) -> None:
    whole = document(write("one", LOSSES))["reports"]
    broken = write("one", LOSSES + "  revenu: {FY2025: {value: 1 USD million, source: s}}\n")
    outcome = run(broken, outputs=("json",))
    found = json.loads(outcome.stdout)
    assert outcome.code == 2
    assert found["reports"] == whole
    assert [(d["code"], d["line"], d["column"], d["help"]) for d in found["diagnostics"]] == [
        ("DD301", 10, 3, "did you mean `revenue`?")
    ]


def test_fewer_packs_make_no_mistake_of_a_file_that_has_none() -> None:
    agora = str(ROOT / "companies/agora.yaml")
    outcome = run(agora, packs=("core",))
    assert (outcome.code, outcome.stderr) == (0, "")


def test_a_folder_without_companies_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "firms").mkdir()
    assert run("firms") == Outcome(
        "", "firms:1:1: DD004 error: nothing to check: no company file in this folder\n", 2
    )


@pytest.mark.parametrize(
    ("options", "stderr"),
    [
        ({"period": "FY20"}, "--period: DD302 error: `FY20` is not a period"),
        ({"as_of": "2026"}, "--as-of: DD308 error: `2026` is not a date"),
        ({"outputs": ("jsno",)}, "--output: DD313 error: no format `jsno`"),
        ({"fail_on": "hgih"}, "--fail-on: DD313 error: no level `hgih`"),
        ({"packs": ("cor",)}, "DD217 error: no pack `cor`"),
    ],
)
def test_an_option_that_cannot_be_used_stops_the_run(
    write: Callable[..., str], options: Json, stderr: str
) -> None:
    outcome = run(write("one", LOSSES), **options)
    assert (outcome.code, outcome.stdout, outcome.files) == (2, "", ())
    assert stderr in outcome.stderr.splitlines()[0]


# -------------------------------------------------------------------------------- what is asked for


def test_requests_come_by_what_they_would_decide(write: Callable[..., str]) -> None:
    requests = document(write("one", LOSSES, "saas"))["reports"][0]["requests"]
    ranks = ["critical", "high", "medium", "low", "info", None]
    order = [ranks.index(item["severity"]) for item in requests]
    assert order == sorted(order)
    assert {"concept", "title", "period", "scope", "severity", "unblocks", "ask", "known"} <= set(
        requests[0]
    )
    assert all(item["unblocks"] for item in requests)


def test_a_fact_that_comes_in_is_asked_for_no_longer(write: Callable[..., str]) -> None:
    before = document(write("one", LOSSES, "saas"))["reports"][0]
    years = ", ".join(f"FY{year}: {{value: 120%, source: s}}" for year in range(2023, 2026))
    more = f"{LOSSES}  ndr: {{{years}}}\n"
    after = document(write("one", more, "saas"))["reports"][0]
    asked = [{item["concept"] for item in report["requests"]} for report in (before, after)]
    assert ("ndr" in asked[0], "ndr" in asked[1]) == (True, False)
    assert [outcomes(report)["ndr-below-100-percent"] for report in (before, after)] == [
        "unknown",
        "pass",
    ]


# ------------------------------------------------------------------------------------------ how old


@pytest.mark.parametrize(
    ("today", "old"),
    [
        (date(2026, 3, 1), False),
        (date(2027, 3, 1), False),
        (date(2027, 3, 10), True),
        (date(2030, 1, 1), True),
    ],
)
def test_an_old_file_is_marked_on_the_second_line(
    write: Callable[..., str], today: date, old: bool
) -> None:
    line = run(write("one", LOSSES), today=today).stdout.splitlines()[1]
    assert line == (
        f"Judged on FY2025 (last actual year) · facts as of 2026-03-01 · today {today.isoformat()}"
        + (": OLD" if old else "")
    )


def test_today_changes_nothing_but_the_mark(write: Callable[..., str]) -> None:
    path = write("one", LOSSES)
    early, late = (document(path, today=date(year, 4, 1)) for year in (2026, 2036))
    assert early["reports"] == late["reports"]


# ------------------------------------------------------------------------------- how it is laid out


def columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


LONG = "A Very Long Name of a Company That Sells Everything to Everyone Everywhere and More, Inc."


@pytest.mark.parametrize("name", [LONG, "虚构" * 40, "x"], ids=["long", "wide", "short"])
@pytest.mark.parametrize("facts", ["  {}", LOSSES], ids=["no facts", "losses"])
def test_the_first_screen_of_any_company_fits(
    write: Callable[..., str], tmp_path: Path, name: str, facts: str
) -> None:
    path = tmp_path / write("one", facts, "saas")
    text = path.read_text(encoding="utf-8").replace("Made-up, Inc.", name)
    path.write_text(text, encoding="utf-8")
    lines = run(path.name).stdout.splitlines()
    assert len(lines) <= 40
    assert [line for line in lines if columns(line) > 110] == []


def test_the_whole_report_begins_with_the_first_screen_and_names_every_rule_and_metric(
    write: Callable[..., str],
) -> None:
    path = write("one", LOSSES, "saas")
    screen, whole = run(path).stdout, run(path, all=True).stdout
    assert whole.startswith(screen)
    report = document(path)["reports"][0]
    shown = whole.removeprefix(screen)
    names = [*report["metrics"], *(item["id"] for item in report["findings"])]
    # Ids are cut to the width of their column.
    assert [name for name in names if name[:28] not in shown] == []
