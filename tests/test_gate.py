"""The gate: policy, waivers, baseline, memos, and the one line that says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gate_project import (
    MEMO,
    POLICY,
    codes,
    company,
    gate,
    project,
    save,
    verdict,
    waivers,
    write,
)

PASSED = "PASS · companies 1 (0 failing; {}) · memos 0 · policy ddcheck.yaml"
FAILED = "FAIL · companies 1 (1 failing: {}; {}) · memos 0{} · policy ddcheck.yaml"
NONE = "0 waived, 0 known"


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose company has one high flag, as the working folder."""
    monkeypatch.chdir(tmp_path)
    return project(tmp_path)


# --- policy


def test_a_flag_at_the_level_fails(fund: Path) -> None:
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (1, FAILED.format("1 high", NONE, ""))


def test_a_flag_below_the_level_does_not(fund: Path) -> None:
    outcome = gate(fail_on="critical")
    assert (outcome.code, verdict(outcome)) == (0, PASSED.format(NONE))


def test_the_level_of_the_file_counts_and_the_command_line_wins(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY.replace("high", "critical"))
    assert gate().code == 0
    assert gate(fail_on="high").code == 1


def test_what_must_be_known_and_is_not_fails(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY.replace("[]", "[runway-short]"))
    assert verdict(gate(fail_on="critical")) == FAILED.format("1 must-know unknown", NONE, "")


def test_unknowns_at_the_level_fail_if_asked(fund: Path) -> None:
    outcome = gate(fail_on="critical,unknown")
    assert outcome.code == 1
    assert "must-know" not in verdict(outcome)
    assert " unknown; " in verdict(outcome)


def test_without_a_file_the_shipped_policy_holds(fund: Path) -> None:
    (fund / "ddcheck.yaml").unlink()
    line = verdict(gate())
    assert line.endswith("· policy shipped")
    assert "3 must-know unknown" in line


def test_a_file_that_says_nothing_of_it_keeps_what_must_be_known(fund: Path) -> None:
    write(fund / "ddcheck.yaml", "ddcheck: policy/1\nfail_on: high\n")
    assert "3 must-know unknown" in verdict(gate())


def test_packs_of_the_file_are_applied_and_the_command_line_wins(fund: Path) -> None:
    pack = 'ddcheck: pack/1\nid: ours\nversion: "1"\ntitle: Ours\nextends: [core]\n'
    rule = (
        "ddcheck: rules/1\nrules:\n  sales-low:\n    title: Low\n    category: growth\n"
        "    severity: critical\n    when: revenue_growth < -10%\n"
    )
    write(fund / "house" / "pack.yaml", pack)
    write(fund / "house" / "rules.yaml", rule)
    write(fund / "ddcheck.yaml", POLICY.replace("[core]", "[house]"))
    assert "1 critical, 1 high" in verdict(gate())
    assert "1 critical" not in verdict(gate(packs=("core",)))


def test_a_parameter_of_the_file_changes_a_verdict(fund: Path) -> None:
    more = (
        "  cash_and_short_term_investments:\n"
        "    FY2025: {value: 50 USD million, source: report, at: p1}\n"
        "  operating_cash_flow:\n"
        "    FY2025: {value: -40 USD million, source: report, at: p1}\n"
    )
    write(fund / "companies" / "acme.yaml", company(more=more))
    before = verdict(gate())
    write(fund / "ddcheck.yaml", POLICY + "parameters: {runway_limit: 16 months}\n")
    after = verdict(gate())
    assert ("1 failing: 1 high;" in before, "1 failing: 2 high;" in after) == (True, True)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("must_know: [runway-shrt]", "DD211", "did you mean `runway-short`?"),
        ("cannot_be_waived: [revenu-falling]", "DD211", "did you mean `revenue-falling`?"),
        ("parameters: {runway_limt: 12 months}", "DD312", "did you mean `runway_limit`?"),
        ("parameters: {runway_limit: 100%}", "DD304", "months is needed"),
        ("parameters: {runway_limit: 9999 months}", "DD621", "its pack allows"),
        ("parameters: {runway_limit: 1..2 months}", "DD621", "a single number"),
        ("packs: [../house]", "DD620", "leads out"),
        ("packs: [/etc]", "DD620", "leads out"),
        ("packs: [cor]", "DD217", "did you mean `core`?"),
        ("waivers: ../waivers.yaml", "DD620", "leads out"),
        ("waivers: waivers.yaml", "DD001", "no such file"),
        ("baseline: a/../../b.yaml", "DD620", "leads out"),
        ("baseline: baseline.yaml", "DD633", "--write-baseline"),
        ("folders: {companies: ..}", "DD620", "leads out"),
        ("folders: {companies: nowhere}", "DD004", "is not there"),
        ("folders: {companys: x}", "DD111", "did you mean `companies`?"),
        ("fail_one: high", "DD111", "did you mean `fail_on`?"),
        ("max_waiver_days: 181", "DD113", "from 1 to 180"),
        ("max_waiver_days: 0", "DD113", "from 1 to 180"),
    ],
)
def test_a_mistake_in_the_policy_stops_the_gate(
    fund: Path, line: str, code: str, words: str
) -> None:
    key = line.partition(":")[0]
    kept = [item for item in POLICY.splitlines() if item.partition(":")[0] != key]
    write(fund / "ddcheck.yaml", "\n".join([*kept, line]) + "\n")
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, [code])
    assert words in outcome.stderr
    assert verdict(outcome).startswith("CANNOT JUDGE · ")


def test_a_folder_that_is_a_link_out_of_the_project_is_refused(
    fund: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other / "x.yaml", company(ident="other"))
    (fund / "out").symlink_to(other)
    (fund / "companies" / "x.yaml").symlink_to(other / "x.yaml")
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD620"])
    (fund / "companies" / "x.yaml").unlink()
    write(fund / "ddcheck.yaml", POLICY + "folders: {companies: out}\n")
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD620"])


# --- what is judged


def test_nothing_to_judge_is_not_green(fund: Path) -> None:
    (fund / "companies" / "acme.yaml").unlink()
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD004"])
    assert (
        verdict(outcome)
        == "CANNOT JUDGE · companies 0 · memos 0 · mistakes 1 · policy ddcheck.yaml"
    )


def test_a_company_by_its_id(fund: Path) -> None:
    assert gate("acme").code == 1
    outcome = gate("acmee")
    assert (outcome.code, codes(outcome)) == (2, ["DD311"])
    assert "did you mean `acme`?" in outcome.stderr


def test_a_broken_company_is_not_green(fund: Path) -> None:
    text = company(before="80", now="100").replace("FY2025", "FY20255")
    write(fund / "companies" / "acme.yaml", text)
    outcome = gate()
    assert outcome.code == 2
    assert verdict(outcome).startswith("CANNOT JUDGE")
    assert "PASS" not in outcome.stdout


def test_a_flag_that_a_passing_memo_answers_is_answered(fund: Path) -> None:
    write(fund / "memos" / "acme.md", MEMO)
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (
        0,
        (
            "PASS · companies 1 (0 failing; 0 waived, 1 answered, 0 known) "
            "· memos 1 (2 claims: 2 match; 0 numbers untagged) · policy ddcheck.yaml"
        ),
    )
    assert "answered in memos/acme.md" in outcome.stdout


def test_a_memo_that_fails_answers_nothing(fund: Path) -> None:
    write(fund / "memos" / "acme.md", MEMO.replace("80 million", "95 million"))
    outcome = gate()
    assert outcome.code == 1
    assert "1 failing: 1 high" in verdict(outcome)
    assert "1 match, 1 false" in verdict(outcome)


def test_a_memo_on_older_facts_does_not_answer_the_flag_of_today(fund: Path) -> None:
    text = company(before="100", now="90").replace("FY2024", "FY2023").replace("FY2025", "FY2024")
    text = text.replace(
        "facts:", "  later: {title: Later, tier: audited, published: 2026-08-01}\nfacts:"
    )
    text += "    FY2025: {value: 50 USD million, source: later, at: p1}\n"
    write(fund / "companies" / "acme.yaml", text)
    write(
        fund / "memos" / "acme.md",
        MEMO.replace("80 million", "90 million").replace("FY2025", "FY2024"),
    )
    outcome = gate()
    assert outcome.code == 1
    assert "1 failing: 1 critical; 0 waived, 0 known" in verdict(outcome)
    assert "memos 1 (2 claims: 2 match" in verdict(outcome)


def test_a_memo_alone_finds_its_company(fund: Path) -> None:
    write(fund / "memos" / "acme.md", MEMO)
    outcome = gate("memos/acme.md")
    assert (outcome.code, verdict(outcome)) == (
        0,
        (
            "PASS · companies 0 · memos 1 (2 claims: 2 match; 0 numbers untagged) "
            "· policy ddcheck.yaml"
        ),
    )
    write(fund / "memos" / "acme.md", MEMO.replace("company: acme", "company: acne"))
    outcome = gate("memos")
    assert (outcome.code, codes(outcome)) == (2, ["DD311"])


def test_a_memo_does_not_escape_without_its_head(fund: Path) -> None:
    write(fund / "memos" / "acme.md", MEMO.split("---\n")[2])
    write(fund / "memos" / "README.md", "# About these memos\n")
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD601"])


def test_a_memo_cannot_ask_for_less_coverage_than_the_policy(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY + "memos: {coverage: strict}\n")
    memo = MEMO.replace("as_of", "coverage: none\nas_of").replace("Pass.", "Pass on 25% of it.")
    write(fund / "memos" / "acme.md", memo)
    assert gate("memos").code == 1


# --- waivers


def test_a_waived_flag_is_shown_counted_and_does_not_fail(fund: Path) -> None:
    waivers(fund, {})
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (0, PASSED.format("1 waived, 0 known"))
    assert "revenue-falling" in outcome.stdout
    assert "until 2026-12-31, by li, approved by wang: One large customer" in outcome.stdout


def test_the_last_day_of_a_waiver_is_the_day_it_expires(fund: Path) -> None:
    waivers(fund, {})
    assert gate(today="2026-12-31").code == 0
    outcome = gate(today="2027-01-01")
    assert (outcome.code, verdict(outcome)) == (
        1,
        FAILED.format("1 high", NONE, " · gate 1 warning"),
    )
    assert (
        "waivers.yaml:3: the waiver of `revenue-falling` for `acme` (li) expired on 2026-12-31"
        in (" ".join(outcome.stdout.split()))
    )


def test_a_waiver_lives_at_most_180_days(fund: Path) -> None:
    waivers(fund, {"created": "2026-07-04", "expires": "2026-12-31"})
    assert gate().code == 0
    waivers(fund, {"created": "2026-07-03", "expires": "2026-12-31"})
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD624"])
    assert "it lives 181 days; the policy allows 180" in outcome.stderr
    assert "2026-12-30" in outcome.stderr


def test_the_policy_shortens_that(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY + "max_waiver_days: 91\n")
    waivers(fund, {})
    assert gate().code == 0
    write(fund / "ddcheck.yaml", POLICY + "max_waiver_days: 90\nwaivers: waivers.yaml\n")
    assert codes(gate()) == ["DD624"]


def test_a_waiver_is_not_from_the_future(fund: Path) -> None:
    waivers(fund, {"created": "2026-11-21"})
    assert gate().code == 0
    assert codes(gate(today="2026-11-20")) == ["DD625"]


def test_a_waiver_may_live_one_day_and_not_less(fund: Path) -> None:
    waivers(fund, {"created": "2026-11-21", "expires": "2026-11-21"})
    assert gate().code == 0
    waivers(fund, {"created": "2026-11-21", "expires": "2026-11-20"})
    assert codes(gate()) == ["DD624"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "x" * 20}, None),
        ({"reason": "x" * 19}, "DD622"),
        ({"reason": '"  x    ' + "y" * 10 + '        "'}, "DD622"),
        ({"reason": None}, "DD112"),
        ({"approved_by": "li"}, "DD623"),
        ({"approved_by": '"@Ｌi "'}, "DD623"),
        ({"approved_by": None}, "DD112"),
        ({"owner": '" "'}, "DD110"),
        ({"rule": "revenue-faling"}, "DD211"),
        ({"company": "acne"}, "DD311"),
        ({"expires": "soon"}, "DD308"),
        ({"holds_while": "revenue_growth"}, "DD627"),
        ({"holds_while": "revenue_grwth > 0"}, "DD203"),
        ({"scope": "[FY20255]"}, "DD302"),
        ({"scope": "[]"}, "DD110"),
        ({"why": "none"}, "DD111"),
    ],
)
def test_what_a_waiver_must_hold(
    fund: Path, change: dict[str, str | None], code: str | None
) -> None:
    waivers(fund, change)
    outcome = gate()
    assert codes(outcome) == ([code] if code else [])
    assert outcome.code == (2 if code else 0)


def test_a_waiver_holds_while_its_condition_does(fund: Path) -> None:
    waivers(fund, {"holds_while": "revenue_growth >= -20%"})
    assert gate().code == 0
    waivers(fund, {"holds_while": "revenue_growth > -20%"})
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (1, FAILED.format("1 high", NONE, " · gate 1 error"))
    assert "no longer holds; `revenue_growth > -20%` is not so at FY2025" in (
        " ".join(outcome.stdout.split())
    )


def test_a_condition_that_cannot_be_judged_does_not_hold(fund: Path) -> None:
    waivers(fund, {"holds_while": "net_income > 0"})
    outcome = gate()
    assert outcome.code == 1
    assert "`net_income > 0` cannot be judged at FY2025" in " ".join(outcome.stdout.split())


def test_a_waiver_covers_the_periods_of_its_scope(fund: Path) -> None:
    waivers(fund, {"scope": "[FY2024, FY2025]"})
    assert gate().code == 0
    waivers(fund, {"scope": "[FY2024]"})
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (
        1,
        FAILED.format("1 high", NONE, " · gate 1 warning"),
    )
    assert "covers nothing; it covers FY2024, not FY2025" in " ".join(outcome.stdout.split())


def test_an_unused_waiver_is_a_warning(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="120"))
    waivers(fund, {})
    outcome = gate()
    assert outcome.code == 0
    assert verdict(outcome) == (
        "PASS · companies 1 (0 failing; 0 waived, 0 known) · memos 0 · gate 1 warning "
        "· policy ddcheck.yaml"
    )


def test_a_waiver_that_was_renewed_covers_beside_the_old_one(fund: Path) -> None:
    waivers(fund, {"expires": "2026-11-01"}, {"created": "2026-11-02"})
    outcome = gate()
    assert outcome.code == 0
    assert "until 2026-12-31" in outcome.stdout


def test_the_policy_names_what_cannot_be_waived(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY + "cannot_be_waived: [revenue-falling]\n")
    waivers(fund, {})
    outcome = gate()
    assert (outcome.code, codes(outcome)) == (2, ["DD626"])
    write(
        fund / "ddcheck.yaml", POLICY + "cannot_be_waived: [cash-falling]\nwaivers: waivers.yaml\n"
    )
    assert gate().code == 0


def test_an_unknown_that_must_be_known_can_be_waived(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY.replace("[]", "[runway-short]"))
    waivers(fund, {"rule": "runway-short"}, {})
    assert verdict(gate()) == PASSED.format("2 waived, 0 known")


def test_a_waiver_of_another_company_is_none(fund: Path) -> None:
    write(fund / "companies" / "other.yaml", company(now="120", ident="other"))
    waivers(fund, {"company": "other"})
    outcome = gate("acme")
    assert (outcome.code, verdict(outcome)) == (1, FAILED.format("1 high", NONE, ""))


def test_a_waived_flag_needs_no_answer_in_a_memo(fund: Path) -> None:
    memo = MEMO.replace("which explains why [sales fell](dd:flag/revenue-falling) so fast", "yes")
    write(fund / "memos" / "acme.md", memo)
    assert gate().code == 1
    waivers(fund, {})
    assert gate().code == 0


# --- baseline


def _kept(fund: Path) -> str:
    save(gate(write_baseline=True))
    write(fund / "ddcheck.yaml", POLICY + "baseline: baseline.yaml\n")
    return (fund / "baseline.yaml").read_text(encoding="utf-8")


def test_what_is_in_the_baseline_does_not_fail(fund: Path) -> None:
    assert _kept(fund).splitlines()[2:] == [
        "ddcheck: baseline/1",
        "entries:",
        (
            "  - {rule: revenue-falling, company: acme, frame: year, period: FY2025, "
            "outcome: flag, severity: high, value: -0.2}"
        ),
    ]
    outcome = gate()
    assert (outcome.code, verdict(outcome)) == (0, PASSED.format("0 waived, 1 known"))


@pytest.mark.parametrize(
    ("now", "code", "words"),
    [
        ("80", 0, "1 known"),
        ("80.1", 0, "1 known"),
        ("79.9", 1, "1 failing: 1 high"),
        ("70", 1, "1 failing: 1 critical"),
        ("120", 0, "gate 1 warning"),
    ],
)
def test_only_what_is_worse_fails(fund: Path, now: str, code: int, words: str) -> None:
    _kept(fund)
    write(fund / "companies" / "acme.yaml", company(now=now))
    outcome = gate()
    assert outcome.code == code
    assert words in verdict(outcome)


def test_another_period_is_new(fund: Path) -> None:
    _kept(fund)
    text = company().replace("FY2024", "FY2023").replace("FY2025", "FY2024")
    write(fund / "companies" / "acme.yaml", text)
    outcome = gate()
    assert outcome.code == 1
    assert "at FY2025 no longer occurs" in outcome.stdout


def test_a_finding_may_move_in_its_file(fund: Path) -> None:
    _kept(fund)
    write(fund / "companies" / "acme.yaml", "# a remark\n\n" + company())
    assert gate().code == 0


def test_what_was_a_flag_and_is_unknown_now_is_new(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY.replace("[]", "[revenue-falling]"))
    _kept(fund)
    baseline = (fund / "baseline.yaml").read_text(encoding="utf-8")
    entry = baseline.replace("outcome: flag", "outcome: unknown").replace(", value: -0.2", "")
    write(fund / "baseline.yaml", entry)
    outcome = gate()
    assert outcome.code == 1
    assert "it was unknown in the baseline and is flag now" in outcome.stdout


def test_an_entry_that_is_gone_fails_if_asked(fund: Path) -> None:
    _kept(fund)
    write(fund / "companies" / "acme.yaml", company(now="120"))
    assert gate().code == 0
    outcome = gate(strict_baseline=True)
    assert outcome.code == 1
    assert verdict(outcome).startswith("FAIL · companies 1 (0 failing; ")
    assert "gate 1 error" in verdict(outcome)


def test_a_baseline_is_asked_for_on_the_command_line(fund: Path) -> None:
    _kept(fund)
    write(fund / "ddcheck.yaml", POLICY)
    assert gate().code == 1
    assert gate(baseline="baseline.yaml").code == 0
    assert codes(gate(baseline="other.yaml")) == ["DD633"]


def test_writing_keeps_what_was_known_of_other_companies(fund: Path) -> None:
    write(fund / "companies" / "other.yaml", company(ident="other"))
    first = _kept(fund)
    save(gate("acme", write_baseline=True))
    assert (fund / "baseline.yaml").read_text(encoding="utf-8") == first
    assert first.count("rule: ") == 2


def test_a_waived_flag_does_not_enter_the_baseline(fund: Path) -> None:
    waivers(fund, {})
    assert "entries: []" in dict(gate(write_baseline=True).files)["baseline.yaml"]


def test_no_baseline_is_written_of_what_could_not_be_judged(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company().replace("FY2024", "FY20244"))
    outcome = gate(write_baseline=True)
    assert (outcome.code, outcome.files) == (2, ())


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("{rule: a, company: acme, frame: year, outcome: flag}", "DD112"),
        ("{rule: a, company: acme, frame: years, outcome: flag, severity: high}", "DD113"),
        ("{rule: a, company: acme, frame: year, outcome: pass, severity: high}", "DD113"),
        ("{rule: a, company: acme, frame: year, outcome: flag, severity: hi}", "DD113"),
        (
            "{rule: a, company: acme, frame: year, outcome: flag, severity: high, value: much}",
            "DD110",
        ),
    ],
)
def test_a_broken_baseline_stops_the_gate(fund: Path, entry: str, code: str) -> None:
    write(fund / "baseline.yaml", f"ddcheck: baseline/1\nentries:\n  - {entry}\n")
    outcome = gate(baseline="baseline.yaml")
    assert (outcome.code, codes(outcome)) == (2, [code])


def test_an_entry_stands_once(fund: Path) -> None:
    text = _kept(fund)
    write(fund / "baseline.yaml", text + text.splitlines()[-1] + "\n")
    assert codes(gate()) == ["DD632"]


# --- output


def test_json_holds_what_the_text_says(fund: Path) -> None:
    waivers(fund, {"holds_while": "revenue > 0", "scope": "[FY2025]"})
    write(fund / "memos" / "acme.md", MEMO)
    outcome = gate(outputs=("json", "text:report.txt"))
    document = json.loads(outcome.stdout)
    line = (
        "ddcheck: PASS · companies 1 (0 failing; 1 waived, 0 known) "
        "· memos 1 (2 claims: 2 match; 0 numbers untagged) · policy ddcheck.yaml"
    )
    assert outcome.stderr == line + "\n"
    assert document["gate"] == {
        "level": "high",
        "failed": False,
        "policy": "ddcheck.yaml",
        "counts": {"fails": 0, "waived": 1, "answered": 0, "known": 0, "below": 0},
        "notices": [],
        "judged": True,
        "verdict": line,
    }
    findings = {item["id"]: item for item in document["reports"][0]["findings"]}
    assert findings["revenue-falling"]["gate"] == {"status": "waived", "words": None, "value": -0.2}
    assert findings["revenue-falling"]["waiver"] == {
        "holds": True,
        "words": None,
        "reason": "One large customer left; the rest grew.",
        "owner": "li",
        "approved_by": "wang",
        "created": "2026-10-01",
        "expires": "2026-12-31",
        "holds_while": "revenue > 0",
        "scope": ["FY2025"],
        "file": "waivers.yaml",
        "line": 3,
        "column": 11,
    }
    assert findings["cash-falling"]["gate"] is None
    assert [memo["file"] for memo in document["memos"]] == ["memos/acme.md"]
    assert [path for path, _ in outcome.files] == ["report.txt"]


def test_json_of_nothing_measured(fund: Path) -> None:
    write(fund / "ddcheck.yaml", "ddcheck: policy/1\n")
    document = json.loads(gate(outputs=("json",)).stdout)
    assert (document["reports"], document["memos"]) == ([], [])
    assert document["gate"]["judged"] is False
    assert document["gate"]["verdict"] == "ddcheck: CANNOT JUDGE · nothing was measured"


def test_an_unknown_format_is_named_and_still_ends_with_a_verdict(fund: Path) -> None:
    outcome = gate(outputs=("sarf",))
    assert (outcome.code, codes(outcome)) == (2, ["DD313"])
    assert verdict(outcome) == "CANNOT JUDGE · nothing was measured"


def test_the_report_in_chinese_ends_with_the_same_line(fund: Path) -> None:
    waivers(fund, {"holds_while": "revenue > 0"})
    write(fund / "companies" / "other.yaml", company(ident="other"))
    english, chinese = gate(), gate(language="zh")
    assert verdict(english) == verdict(chinese)
    assert "已豁免" in chinese.stdout
    assert "FAILS" not in chinese.stdout
