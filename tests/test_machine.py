"""What machines read: SARIF, JUnit, GitHub's and GitLab's formats, held against their own rules.

The schemas of SARIF and JUnit stand in tests/machine/; where an independent reader is installed,
it reads the reports too.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from gate_project import MEMO, POLICY, company, gate, project, waivers, write
from jsonschema import Draft202012Validator

from ddcheck.__main__ import deliver
from ddcheck.engine.commands.check import CheckOptions, run_check
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.outputs import OUTPUTS
from ddcheck.engine.model.decision import GateResult
from ddcheck.engine.report.github import render_github
from ddcheck.engine.report.gitlab import render_gitlab
from ddcheck.engine.report.sarif import render_sarif
from ddcheck.engine.report.sarif_rules import _MEANINGS
from ddcheck.engine.text.diagnostics import Diagnostic, tame

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "engine"
GOLDEN = ROOT / "tests/golden"
SARIF_SCHEMA = json.loads((ROOT / "tests/machine/sarif-2.1.0.json").read_text(encoding="utf-8"))
FORMATS = ("sarif", "junit", "github", "gitlab")
HOSTILE = GOLDEN / "gate-hostile"
BROKEN = "tests/golden/gate-junit-unjudged/company.yaml"
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose company has one high flag, as the working folder."""
    monkeypatch.chdir(tmp_path)
    return project(tmp_path)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def printed(kind: str, *paths: str, **options: Any) -> str:
    """What a format prints, without the verdict line."""
    outcome = gate(*paths, outputs=(kind,), **options)
    return outcome.stdout.rpartition("ddcheck: ")[0] if kind == "github" else outcome.stdout


def hostile(kind: str, *paths: str, **options: Any) -> str:
    return printed(kind, *paths, config="tests/golden/gate-hostile/ddcheck.yaml", **options)


def run_of(text: str) -> Any:
    (run,) = json.loads(text)["runs"]
    return run


def results(text: str) -> list[Any]:
    return list(run_of(text)["results"])


def stored(kind: str) -> list[Path]:
    found = [path.parent for path in GOLDEN.glob("*/argv") if f"output {kind}" in path.read_text()]
    assert len(found) >= 4
    return sorted(found)


# --- SARIF


@pytest.mark.parametrize("case", stored("sarif"), ids=lambda path: path.name)
def test_sarif_is_valid(case: Path) -> None:
    log = json.loads((case / "stdout").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(SARIF_SCHEMA).iter_errors(log)) == []
    for item in results(json.dumps(log)):
        rule = run_of(json.dumps(log))["tool"]["driver"]["rules"][item["ruleIndex"]]
        assert rule["id"] == item["ruleId"]
        assert item["locations"]  # GitHub refuses a result without one


def test_the_schema_of_sarif_notices_what_is_wrong(root: None) -> None:
    log = json.loads(hostile("sarif"))
    log["runs"][0]["results"][0]["level"] = "high"
    log["runs"][0]["tool"]["driver"]["rule"] = []
    errors = Draft202012Validator(SARIF_SCHEMA).iter_errors(log)
    assert sorted(error.json_path for error in errors) == [
        "$.runs[0].results[0].level",
        "$.runs[0].tool.driver",
    ]


def test_a_region_is_the_stretch_that_it_is_about(root: None) -> None:
    config = "tests/golden/gate-project/ddcheck.yaml"
    found = {}
    for item in results(printed("sarif", config=config)):
        place = item["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        path, region = place["artifactLocation"]["uri"], place["region"]
        line = (ROOT / path).read_text(encoding="utf-8").split("\n")[region["startLine"] - 1]
        first, last = region.get("startColumn"), region.get("endColumn")
        found[item["ruleId"]] = line[first - 1 : last - 1] if first else "the line"
    assert found == {
        "runway-short": "the line",
        "gate/waiver-broken": "r",
        "revenue-falling": "80 USD million",
        "memo/unknown-unowned": "the line",
        "memo/mismatch": "95 million",
        "gate/waiver-expired": "c",
        "memo/untagged": "12 customers",
        "cash-falling": "the line",
    }


def test_a_flag_stands_at_its_newest_fact_and_names_the_others(fund: Path) -> None:
    (item,) = results(printed("sarif"))
    place = item["locations"][0]
    assert place["physicalLocation"]["region"]["startLine"] == 8
    assert place["message"]["text"] == "revenue FY2025: 80 USD million (report)"
    (related,) = item["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 7
    assert item["level"] == "error"


def test_a_false_claim_stands_in_the_memo_and_names_the_fact(root: None) -> None:
    items = results(printed("sarif", config="tests/golden/gate-project/ddcheck.yaml"))
    (item,) = [item for item in items if item["ruleId"] == "memo/mismatch"]
    related = item["relatedLocations"][0]
    assert related["message"]["text"] == "revenue FY2024: 100 USD million (report)"
    assert related["physicalLocation"]["artifactLocation"]["uri"].endswith("companies/bolt.yaml")


def marks(text: str) -> list[str]:
    return [item["partialFingerprints"]["ddcheck/v1"] for item in results(text)]


def test_a_fingerprint_outlives_a_moved_line_and_a_new_value(fund: Path) -> None:
    before = marks(printed("sarif"))
    path = fund / "companies/acme.yaml"
    write(path, "# a line more\n" + company(now="70"))
    assert marks(printed("sarif")) == before
    write(path, company().replace("FY2025", "FY2026").replace("FY2024", "FY2025"))
    assert marks(printed("sarif", period="FY2026")) != before


def test_fingerprints_are_unique_where_two_claims_are_alike(fund: Path) -> None:
    same = "Sales were [95 million](dd:revenue@FY2025)."
    write(fund / "memos/acme.md", MEMO.replace("## Risks", f"{same}\n{same}\n## Risks"))
    found = marks(printed("sarif", "memos/acme.md"))
    assert len(found) == len(set(found)) == 2
    codes = [item["fingerprint"] for item in json.loads(printed("gitlab", "memos/acme.md"))]
    assert sorted(codes) == sorted(found)


def test_what_is_accepted_is_left_out_unless_all_is_asked_for(fund: Path) -> None:
    waivers(fund, {})
    assert results(printed("sarif")) == []
    (item,) = results(printed("sarif", all=True))
    (suppression,) = item["suppressions"]
    location = suppression.pop("location")["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "waivers.yaml"
    assert (item["level"], item["properties"]["status"], suppression) == (
        "note",
        "waived",
        {
            "kind": "external",
            "status": "accepted",
            "justification": (
                "waived by li, approved by wang: One large customer left; the rest grew."
            ),
        },
    )


def test_paths_are_relative_and_percent_encoded(fund: Path) -> None:
    name = "a b%c:d,ä.yaml"
    (fund / "companies/acme.yaml").rename(fund / "companies" / name)
    (item,) = results(printed("sarif", str(fund / "companies")))
    address = item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert address == "companies/a%20b%25c%3Ad%2C%C3%A4.yaml"
    assert unquote(address) == f"companies/{name}"
    assert json.loads(printed("gitlab"))[0]["location"]["path"] == f"companies/{name}"
    assert "file=companies/a b%25c%3Ad%2Cä.yaml,line=8," in printed("github")


def test_a_path_that_is_no_text_spoils_no_format(fund: Path) -> None:
    (fund / "companies/acme.yaml").rename(fund / "companies" / "a\udcff.yaml")
    for kind in (*FORMATS, "json"):
        outcome = gate(outputs=(f"{kind}:{kind}.out",))
        assert deliver(outcome._replace(stdout="", stderr="")) == 1
        assert (fund / f"{kind}.out").read_bytes()
    (item,) = results((fund / "sarif.out").read_text(encoding="utf-8"))
    address = item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert address == "companies/a%FF.yaml"


def test_a_rule_explains_itself_and_its_words_are_no_markup(root: None) -> None:
    rules = run_of(hostile("sarif"))["tool"]["driver"]["rules"]
    (rule,) = [rule for rule in rules if rule["id"] == "sales-low"]
    assert rule["properties"]["tags"] == ["growth", "hostile"]
    assert rule["help"]["markdown"] == (
        "**Why** \\<img src=x\\> \\@team \\`code\\` ::stop-commands::x\n\n"
        "**Ask** \\[click\\](javascript:alert(1)) \\| \\# heading\n\n"
        "**Reference** \\<https://example.org/?a=1\\&b=2\\>"
    )
    assert "helpUri" not in rule


def test_a_message_is_no_link_and_no_placeholder(root: None) -> None:
    texts = [item["message"]["text"] for item in results(hostile("sarif"))]
    (flag,) = [text for text in texts if text.startswith("acme: high flag at FY2025: 100%")]
    assert "!\\[i\\](http://c)" in flag
    (lacking,) = [text for text in texts if "`sales-low`" in text]
    assert "| \\[a\\](http://b) {{0}})" in lacking


def test_sarif_keeps_to_the_most_that_platforms_take() -> None:
    mistakes = tuple(
        Diagnostic("DD301", "error", "a.yaml", i, 1, f"mistake {i}", None, None, 1)
        for i in range(1, 25_002)
    )
    run = run_of(render_sarif(GateResult(None, False, mistakes, 1, "0", "en")))
    assert len(run["results"]) == 25_000
    (invocation,) = run["invocations"]
    assert len(invocation["toolExecutionNotifications"]) == 25_002
    assert invocation["toolExecutionNotifications"][-1]["message"]["text"] == (
        "1 more are left out: a file may hold so many"
    )


def test_every_id_of_our_own_has_a_meaning() -> None:
    """Remarks, notices and verdicts, as they are written in the engine."""
    found = {f"memo/{word}" for word in ("match-rounded", "mismatch", "overprecise", "unresolved")}
    rooms = ("memo", "gate", "commands")
    for path in (path for room in rooms for path in ENGINE.glob(f"{room}/*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[1 if node.func.id == "_at" else 0] if node.args else None
            if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            if node.func.id == "Remark":
                found.add(f"memo/{first.value}")
            elif node.func.id in ("Notice", "_at"):
                found.add(f"gate/{first.value}")
    found |= {"memo/flag-unanswered", "memo/unknown-unowned"}  # one call makes either
    assert found == set(_MEANINGS)


@pytest.mark.parametrize("case", stored("sarif"), ids=lambda path: path.name)
def test_an_independent_tool_reads_sarif(case: Path, tmp_path: Path) -> None:
    loader = pytest.importorskip("sarif.loader", reason="sarif-tools is not installed")
    shutil.copy(case / "stdout", tmp_path / "a.sarif")
    files = loader.load_sarif_files(str(tmp_path / "a.sarif"))
    levels = Counter(item["level"] for item in results((case / "stdout").read_text("utf-8")))
    report = files.get_report()
    read = {level: len(report.get_issues_for_severity(level)) for level in levels}
    assert read == dict(levels)


@pytest.mark.parametrize("case", stored("sarif"), ids=lambda path: path.name)
def test_the_multitool_finds_nothing_wrong_with_sarif(case: Path, tmp_path: Path) -> None:
    tool = shutil.which("Sarif.Multitool") or shutil.which("sarif-multitool")
    if tool is None:
        pytest.skip("npm's @microsoft/sarif-multitool is not installed")
    shutil.copy(case / "stdout", tmp_path / "a.sarif")
    words = ("validate", "a.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning")
    said = subprocess.run(
        [tool, *words], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    # SARIF2005 asks for the address of the tool, which it has not.
    assert set(re.findall(r": (?:error|warning) (\w+)", said.stdout)) <= {"SARIF2005"}
    assert said.returncode == 0


# --- JUnit


def cases(text: str) -> dict[tuple[str, str], list[ET.Element]]:
    return {
        (suite.attrib["name"], case.attrib["name"]): list(case)
        for suite in ET.fromstring(text)
        for case in suite
    }


def outcome_of(parts: list[ET.Element]) -> str:
    return parts[0].tag if parts else "passed"


@pytest.mark.parametrize("case", stored("junit"), ids=lambda path: path.name)
def test_junit_is_valid_and_counts_right(case: Path) -> None:
    text = (case / "stdout").read_text(encoding="utf-8")
    for suite in ET.fromstring(text):
        found = Counter(outcome_of(list(item)) for item in suite)
        counted = {word: int(suite.attrib[word]) for word in ("failures", "errors", "skipped")}
        assert counted == {
            "failures": found["failure"], "errors": found["error"], "skipped": found["skipped"],
        }  # fmt: skip
        assert int(suite.attrib["tests"]) == len(suite)
        assert all(len(item) <= 1 for item in suite)
        names = [item.attrib["name"] for item in suite]
        assert len(set(names)) == len(names)
    xmlschema = pytest.importorskip("xmlschema")
    schema = xmlschema.XMLSchema(str(ROOT / "tests/machine/junit-10.xsd"))
    assert list(schema.iter_errors(text)) == []
    assert not schema.is_valid(text.replace(" skipped=", " passed=", 1))
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(text.encode())
    total = ET.fromstring(text).attrib
    assert [read.tests, read.failures, read.errors] == [
        int(total["tests"]), int(total["failures"]), int(total["errors"]),
    ]  # fmt: skip


def test_a_case_says_what_became_of_its_rule(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY.replace("[]", "[runway-short]"))
    write(fund / "companies/bolt.yaml", company(ident="bolt"))
    write(fund / "companies/cord.yaml", company(ident="cord", now="120"))
    waivers(fund, {"company": "bolt"})
    found = cases(printed("junit"))
    rule, must = "revenue-falling", "runway-short"
    assert {
        name: outcome_of(parts) for name, parts in found.items() if name[1] in (rule, must)
    } == {
        ("acme", rule): "failure",
        ("acme", must): "failure",
        ("bolt", rule): "skipped",
        ("bolt", must): "failure",
        ("cord", rule): "passed",
        ("cord", must): "failure",
    }
    (skipped,) = found["bolt", rule]
    assert skipped.attrib["message"] == (
        "waived by li, approved by wang: One large customer left; the rest grew."
    )
    (failure,) = found["acme", rule]
    assert failure.text is not None
    assert failure.text.split("\n")[1:] == [
        "companies/acme.yaml:8:21: revenue FY2025: 80 USD million (report)",
        "companies/acme.yaml:7:21: revenue FY2024: 100 USD million (report)",
    ]
    assert outcome_of(found["acme", "loss-widening"]) == "skipped"  # unknown is never a pass
    assert outcome_of(found["ddcheck", "all was judged"]) == "passed"


def test_a_broken_company_passes_nothing(root: None) -> None:
    found = cases(hostile("junit", BROKEN))
    own = {outcome_of(parts) for (suite, _), parts in found.items() if suite == "eve"}
    assert own == {"skipped"}
    assert outcome_of(found["ddcheck", "all was judged"]) == "error"
    assert outcome_of(found["ddcheck", f"DD116 {BROKEN}"]) == "error"


def test_a_company_that_is_sound_passes_what_it_passes(root: None) -> None:
    found = cases(hostile("junit", "tests/golden/gate-project/companies/acme.yaml"))
    own = Counter(outcome_of(parts) for (suite, _), parts in found.items() if suite == "acme")
    assert own["failure"] == 2
    assert own["passed"] == 0


def test_hostile_words_come_through_xml_as_they_are(root: None) -> None:
    (failure,) = cases(hostile("junit"))["acme", "sales-low"]
    words = "100%, now: ::error file=x::y ]]> <b>&amp; @team ![i](http://c) 80.0"
    assert failure.attrib["message"] == f"acme: high flag at FY2025: {words}"


# --- GitHub


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands as the runner reads them: properties and text unescaped, the sign last."""
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        if match is None:
            continue
        pairs = (pair.split("=", 1) for pair in match[2].split(","))
        properties = {
            name: unescaped(value.replace("%2C", ",").replace("%3A", ":")) for name, value in pairs
        }
        data = unescaped(match[3])
        found.append((match[1], properties, data))
    return found


def test_a_flag_is_an_annotation_at_its_line(fund: Path) -> None:
    assert commands(printed("github")) == [
        (
            "error",
            {
                "file": "companies/acme.yaml", "line": "8", "endLine": "8", "col": "21",
                "endColumn": "35", "title": "acme: Sales shrink",
            },
            "acme: high flag at FY2025: Sales -20.0% on the year before: n/a, 100.0, 80.0",
        )
    ]  # fmt: skip


def test_every_line_is_one_command_whatever_the_words(root: None) -> None:
    text = hostile("github", all=True)
    assert len(commands(text)) == len(text.splitlines()) == 12
    levels = Counter(level for level, _, _ in commands(text))
    assert levels == {"error": 6, "warning": 2, "notice": 4}
    titles = {properties["title"] for _, properties, _ in commands(text)}
    assert "acme: <script>alert(1)</script> %0A::error::]]> @team | [a](http://b) {0}" in titles


def mistakes(count: int, severity: str) -> list[Diagnostic]:
    return [
        Diagnostic("DD301", severity, "a.yaml", i, 1, f"mistake {i}", None, None, 1)
        for i in range(1, count + 1)
    ]


def test_the_worst_ten_of_each_level_and_how_many_more() -> None:
    diagnostics = (*mistakes(11, "warning"), *mistakes(13, "error"))
    result = GateResult(None, False, diagnostics, 1, "0", "en")
    lines = render_github(result).splitlines()
    assert Counter(level for level, _, _ in commands("\n".join(lines))) == {
        "error": 10, "warning": 10,
    }  # fmt: skip
    assert lines[-1] == (
        "3 more errors, 1 more warnings are not shown as annotations: see the summary"
    )
    ten = GateResult(None, False, tuple(mistakes(10, "error")), 1, "0", "zh")
    assert len(render_github(ten).splitlines()) == 10


def test_the_graver_flag_comes_first(fund: Path) -> None:
    write(fund / "companies/zero.yaml", company(ident="zero", now="60"))
    first, second = commands(printed("github"))
    assert (first[1]["file"], second[1]["file"]) == ("companies/zero.yaml", "companies/acme.yaml")


def test_text_holds_no_command_for_the_build_that_prints_it() -> None:
    assert tame("  ::error::x\n::set-output name=a::b\na ##[error]b") == (
        "  : :error::x\n: :set-output name=a::b\na # #[error]b"
    )
    assert tame("a::b #[x] ##x") == "a::b #[x] ##x"


def test_a_report_as_text_holds_no_command_either(fund: Path) -> None:
    reason = f"{'x' * 50} ::error::this is not from the tool that you trust"
    waivers(fund, {"reason": f'"{reason}"'})
    lines = gate().stdout.splitlines()
    assert [line for line in lines if line.lstrip().startswith("::")] == []
    assert any(line.lstrip().startswith(": :error::this") for line in lines)


# --- GitLab


def test_code_quality_has_the_keys_that_gitlab_reads(root: None) -> None:
    items = json.loads(hostile("gitlab", all=True))
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["location"]["lines"]["begin"] >= 1
        assert (ROOT / item["location"]["path"]).is_file()
    severities = Counter((item["check_name"], item["severity"]) for item in items)
    assert severities == {
        ("revenue-falling", "critical"): 1, ("revenue-falling", "info"): 2,
        ("sales-low", "critical"): 1, ("sales-low", "info"): 2,
        ("memo/flag-unanswered", "critical"): 2, ("memo/mismatch", "critical"): 1,
        ("memo/section-empty", "critical"): 1, ("memo/untagged", "minor"): 2,
    }  # fmt: skip
    assert len({item["fingerprint"] for item in items}) == len(items)


def test_wrong_usage_stands_at_the_folder() -> None:
    usage = Diagnostic("DD630", "error", "--policy-ref", 0, 0, "no commit", None, None, 1)
    (item,) = json.loads(render_gitlab(GateResult(None, False, (usage,), 1, "0", "en")))
    assert (item["location"], item["severity"]) == ({"path": ".", "lines": {"begin": 1}}, "blocker")
    assert item["description"] == "--policy-ref: no commit"


# --- every format


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("paths", [(BROKEN,), ("no/such.yaml",), ("companies/agroa",)])
def test_what_could_not_be_judged_is_in_every_format(
    kind: str, paths: tuple[str, ...], root: None
) -> None:
    told = gate(*paths, config="tests/golden/gate-hostile/ddcheck.yaml", outputs=(kind,))
    asked = CheckOptions(paths, outputs=(kind,), today=1)
    for outcome in (told, run_check(asked, Screen())):
        assert outcome.code == 2
        codes = set(re.findall(r"DD\d{3}(?= error)", outcome.stderr))
        assert codes
        assert all(code in outcome.stdout for code in codes)


@pytest.mark.parametrize("kind", FORMATS)
def test_wrong_usage_is_in_every_format(kind: str) -> None:
    options = CheckOptions(("x.yaml",), outputs=(kind,), fail_on="worst", today=1)
    outcome = run_check(options, Screen())
    assert outcome.code == 2
    assert "no level `worst`" in outcome.stdout
    assert "DD313" in outcome.stdout


def test_check_fails_at_its_level_and_tells_all_the_same_without_one(fund: Path) -> None:
    def told(**options: Any) -> tuple[int, list[tuple[str, str]]]:
        asked = CheckOptions(
            ("companies",), packs=("core",), outputs=("github",), today=740_000, **options
        )
        outcome = run_check(asked, Screen())
        return outcome.code, [(c[0], c[1]["title"]) for c in commands(outcome.stdout)]

    waivers(fund, {})  # which is void on this day
    void = ("warning", "gate/waiver-expired")
    assert told() == (0, [("warning", "acme: Sales shrink"), void])
    assert told(fail_on="critical") == (0, [("warning", "acme: Sales shrink"), void])
    assert told(fail_on="high") == (1, [("error", "acme: Sales shrink"), void])
    code, unknown = told(fail_on="high,unknown")
    assert code == 1
    assert ("error", "acme: Runway short") in unknown


def test_check_without_a_level_fails_no_case(fund: Path) -> None:
    options = CheckOptions(("companies",), packs=("core",), outputs=("junit",), today=740_000)
    found = cases(run_check(options, Screen()).stdout)
    assert outcome_of(found["acme", "revenue-falling"]) == "system-out"
    assert outcome_of(found["acme", "runway-short"]) == "skipped"


def test_an_assumption_stands_in_no_file(fund: Path) -> None:
    options = CheckOptions(
        ("companies/acme.yaml",), packs=("core",), outputs=("sarif",), today=740_000,
        assumptions=("revenue@FY2025=70 USD million",),
    )  # fmt: skip
    (item,) = results(run_check(options, Screen()).stdout)
    assert item["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    assert "relatedLocations" not in item


def test_several_outputs_of_one_run(fund: Path) -> None:
    outputs = ("text", "github", *(f"{kind}:{kind}.out" for kind in FORMATS))
    outcome = gate(outputs=outputs)
    assert outcome.stdout.startswith("acme  Acme")
    assert outcome.stdout.splitlines()[-2].startswith("::error file=")
    assert outcome.stdout.splitlines()[-1].startswith("ddcheck: FAIL")
    assert deliver(outcome._replace(stdout="", stderr="")) == 1
    for kind in FORMATS:
        text = (fund / f"{kind}.out").read_text(encoding="utf-8")
        assert text == printed(kind)
    assert [path.name for path in fund.iterdir() if path.name.endswith(".part")] == []


def written(fund: Path, name: str, content: str) -> int:
    return deliver(Outcome("", "", 0, ((name, content),)))


def test_a_file_is_written_whole_or_not_at_all(
    fund: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(fund / "out.json", "before")

    def fail(*paths: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    assert written(fund, "out.json", "after") == 2
    assert (fund / "out.json").read_text() == "before"
    assert [path.name for path in fund.iterdir() if path.name.endswith(".part")] == []
    assert "DD001 error: cannot write this file: no space left" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="links and devices of another kind")
def test_a_link_stays_a_link_and_a_device_a_device(fund: Path) -> None:
    (fund / "link.json").symlink_to("real.json")
    assert written(fund, "link.json", "one") == 0
    assert (fund / "link.json").is_symlink()
    assert (fund / "real.json").read_text() == "one"
    assert written(fund, "/dev/null", "two") == 0
    assert Path("/dev/null").is_char_device()


def test_a_report_never_replaces_what_is_read(fund: Path) -> None:
    memo = fund / "memos/acme.md"
    write(memo, MEMO)
    outcome = gate("memos/acme.md", outputs=(f"sarif:{memo}",))
    assert (outcome.code, outcome.files) == (2, ())
    assert "DD653" in outcome.stderr


# --- JSON


@pytest.mark.parametrize(
    "options",
    [
        {"config": "tests/golden/gate-project/ddcheck.yaml"},
        {"config": "tests/golden/gate-hostile/ddcheck.yaml", "all": True},
        {"policy_ref": "-x"},
        {"config": "tests/golden/gate-hostile/ddcheck.yaml", "fail_on": "low,unknown"},
    ],
    ids=["project", "hostile", "nothing", "unknowns"],
)
def test_the_gates_json_is_what_its_schema_says(options: dict[str, Any], root: None) -> None:
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text(encoding="utf-8"))
    document = json.loads(gate(outputs=("json",), **options).stdout)
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    assert unknown_keys(document, schema, schema) == set()


def test_json_with_mistakes_is_what_its_schema_says(root: None) -> None:
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text(encoding="utf-8"))
    text = hostile("json", BROKEN)
    document = json.loads(text)
    assert [item["code"] for item in document["diagnostics"]] == ["DD116", "DD301"]
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    asked = CheckOptions((BROKEN,), outputs=("json",), today=740_000)
    document = json.loads(run_check(asked, Screen()).stdout)
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    assert unknown_keys(document, schema, schema) == set()


def unknown_keys(value: Any, part: Any, schema: Any, at: str = "") -> set[str]:
    """The keys of a document that its schema does not describe."""
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    if "oneOf" in part and value is not None:
        return unknown_keys(value, part["oneOf"][0], schema, at)
    found: set[str] = set()
    if isinstance(value, list):
        for item in value:
            found |= unknown_keys(item, part.get("items", {}), schema, f"{at}[]")
    elif isinstance(value, dict) and "properties" in part:
        for key, inner in value.items():
            if key in part["properties"]:
                found |= unknown_keys(inner, part["properties"][key], schema, f"{at}.{key}")
            else:
                found.add(f"{at}.{key}")
    elif isinstance(value, dict) and isinstance(part.get("additionalProperties"), dict):
        for inner in value.values():
            found |= unknown_keys(inner, part["additionalProperties"], schema, f"{at}.*")
    return found


def test_the_formats_are_those_of_the_table() -> None:
    assert set(FORMATS) <= set(OUTPUTS)
