"""The gate over git: what a change may not decide itself, with a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from gate_project import POLICY, codes, company, gate, project, save, verdict, waivers, write

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.revisions import revision

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

NONE = "0 waived, 0 known"


def _git(*arguments: str) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    who = (
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "commit.gpgsign=false",
    )
    done = subprocess.run(
        ["git", *who, *arguments], capture_output=True, text=True, env=clean, check=True
    )
    return done.stdout.strip()


def _commit(message: str) -> str:
    _git("add", "-A")
    _git("commit", "-q", "--no-verify", "-m", message)
    return _git("rev-parse", "HEAD")


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose main branch passes: one company whose sales grow, and waivers of none."""
    folder = tmp_path / "fund"
    folder.mkdir()
    monkeypatch.chdir(folder)
    _git("init", "-q", "-b", "main", ".")
    project(folder, before="80", now="100")
    _commit("base")
    _git("checkout", "-q", "-b", "change")
    return folder


def _short(ref: str) -> str:
    return _git("rev-parse", "--short=7", ref)


def test_the_base_passes(fund: Path) -> None:
    outcome = gate(policy_ref="main")
    assert (outcome.code, verdict(outcome)) == (
        0,
        f"PASS · companies 1 (0 failing; {NONE}) · memos 0 · policy ddcheck.yaml@{_short('main')}",
    )


def test_a_branch_that_breaks_a_number_fails(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    _commit("numbers")
    assert gate().code == 1
    outcome = gate(policy_ref="main")
    assert outcome.code == 1
    assert verdict(outcome).startswith("FAIL · companies 1 (1 failing: 1 high; ")


@pytest.mark.parametrize("how", ["level", "waiver", "baseline", "pack", "no file"])
def test_a_branch_that_loosens_the_policy_fails_by_that_of_the_base(fund: Path, how: str) -> None:
    """Each of these makes the branch pass by its own terms, and by none of the base's."""
    pack = 'ddcheck: pack/1\nid: core-light\nversion: "1"\ntitle: Light\n'
    write(fund / "companies" / "acme.yaml", company(now="80"))
    changed = "ddcheck.yaml"
    if how == "level":
        write(fund / "ddcheck.yaml", POLICY.replace("high", "critical"))
    elif how == "waiver":
        waivers(fund, {})
        changed = "ddcheck.yaml, waivers.yaml"
    elif how == "baseline":
        save(gate(write_baseline=True))
        write(fund / "ddcheck.yaml", POLICY + "baseline: baseline.yaml\n")
        changed = "baseline.yaml, ddcheck.yaml"
    elif how == "pack":
        rule = (
            "ddcheck: rules/1\nrules:\n  growing:\n    title: Growing\n    category: growth\n"
            "    severity: high\n    when: accounts > 0\n"
        )
        words = (
            "ddcheck: vocabulary/1\nconcepts:\n  revenue: {label: Sales, unit: money, time: flow}\n"
            "  accounts: {label: Accounts, unit: money, time: stock}\n"
        )
        write(fund / "light" / "pack.yaml", pack)
        write(fund / "light" / "rules.yaml", rule)
        write(fund / "light" / "words.yaml", words)
        write(fund / "ddcheck.yaml", POLICY.replace("[core]", "[light]"))
        own = gate()  # a project of no use: nothing can be decided, which is not green either
        assert own.code == 2
    else:
        (fund / "ddcheck.yaml").unlink()
    _commit("looser")
    if how in ("level", "waiver", "baseline"):
        assert gate().code == 0
    outcome = gate(policy_ref="main")
    assert outcome.code == 1
    assert f"1 failing: 1 high; {NONE}" in verdict(outcome)
    assert verdict(outcome).endswith(f"policy ddcheck.yaml@{_short('main')}")
    if how in ("level", "waiver", "baseline"):
        text = " ".join(outcome.stdout.split())
        assert f"this change alters {changed}; what decides is what stood before" in text


def test_what_was_accepted_on_the_base_is_accepted(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    waivers(fund, {})
    _commit("accepted")
    (fund / "waivers.yaml").write_text("ddcheck: waivers/1\nwaivers: []\n", encoding="utf-8")
    assert gate().code == 1
    outcome = gate(policy_ref="HEAD")
    assert outcome.code == 0
    assert "1 waived" in verdict(outcome)


def test_a_change_that_breaks_its_own_policy_cannot_pass(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY + "fail_one: low\n")
    outcome = gate(policy_ref="main")
    assert (outcome.code, codes(outcome)) == (2, ["DD111"])
    assert "ddcheck.yaml:5:1: " in outcome.stderr


def test_a_mistake_in_a_commit_is_named_by_it(fund: Path) -> None:
    write(fund / "ddcheck.yaml", POLICY + "fail_one: low\n")
    _commit("broken")
    write(fund / "ddcheck.yaml", POLICY)
    outcome = gate(policy_ref="HEAD")
    assert outcome.code == 2
    assert outcome.stderr.startswith("HEAD:ddcheck.yaml:5:1: DD111 error: unknown key `fail_one`")
    assert "ddcheck-" not in outcome.stderr


def test_a_notice_names_the_commit_and_not_the_copy(fund: Path) -> None:
    waivers(fund, {})
    _commit("a waiver of nothing")
    outcome = gate(policy_ref="HEAD")
    assert outcome.code == 0
    assert "HEAD:waivers.yaml:3: the waiver of `revenue-falling`" in outcome.stdout


def test_a_base_without_a_policy_decides_by_the_shipped_one(fund: Path) -> None:
    (fund / "ddcheck.yaml").unlink()
    _commit("none")
    write(fund / "ddcheck.yaml", POLICY.replace("high", "critical"))
    assert verdict(gate(policy_ref="HEAD")).endswith(f"policy shipped@{_short('HEAD')}")


def test_a_project_in_a_folder_of_its_repository(
    fund: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(fund / "deep" / "ddcheck.yaml", POLICY)
    write(fund / "deep" / "companies" / "acme.yaml", company(now="80"))
    _commit("deep")
    write(fund / "deep" / "ddcheck.yaml", POLICY.replace("high", "critical"))
    monkeypatch.chdir(fund / "deep")
    assert (gate().code, gate(policy_ref="HEAD").code) == (0, 1)
    monkeypatch.chdir(fund)
    assert gate(config="deep/ddcheck.yaml", policy_ref="HEAD").code == 1


# --- the baseline of a commit


def test_what_was_up_in_a_commit_is_known(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    _commit("falls")
    assert gate().code == 1
    outcome = gate(baseline_ref="HEAD")
    assert (outcome.code, "0 waived, 1 known" in verdict(outcome)) == (0, True)
    write(fund / "companies" / "acme.yaml", company(now="79"))
    outcome = gate(baseline_ref="HEAD")
    assert outcome.code == 1
    assert "worse than in the baseline: -0.2 then, -0.21 now" in " ".join(outcome.stdout.split())
    assert gate(baseline_ref="main").code == 1


def test_a_change_cannot_widen_its_own_baseline(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    save(gate(write_baseline=True))
    assert gate(baseline="baseline.yaml").code == 0
    assert gate(baseline="baseline.yaml", baseline_ref="main").code == 1
    outcome = gate(baseline="baseline.yaml", policy_ref="main")
    assert outcome.code == 1
    assert "`main` has no baseline yet" in " ".join(outcome.stdout.split())


def test_the_baseline_file_of_a_commit_counts(fund: Path) -> None:
    write(fund / "companies" / "acme.yaml", company(now="80"))
    save(gate(write_baseline=True))
    write(fund / "ddcheck.yaml", POLICY + "baseline: baseline.yaml\n")
    _commit("kept")
    (fund / "baseline.yaml").write_text("ddcheck: baseline/1\nentries: []\n", encoding="utf-8")
    assert (gate().code, gate(policy_ref="HEAD").code, gate(baseline_ref="HEAD").code) == (1, 0, 0)


def test_a_baseline_is_not_written_from_a_commit(fund: Path) -> None:
    outcome = gate(write_baseline=True, baseline_ref="main")
    assert (outcome.code, codes(outcome), outcome.files) == (2, ["DD313"], ())


# --- hostile and hopeless refs


@pytest.mark.parametrize(
    "ref",
    [
        "", "-x", "--help", "--output=/tmp/x", "nowhere", "HEAD:ddcheck.yaml", "HEAD^{tree}",
        "main\nHEAD", "main\0", "@{-1}/../x", "$(touch x)", "`touch x`", "; touch x", ":/base -x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("option", ["policy_ref", "baseline_ref"])
def test_a_ref_that_is_no_commit(fund: Path, ref: str, option: str) -> None:
    before = sorted(path.name for path in fund.iterdir())
    options = {option: ref}
    outcome = gate(**options)
    assert (outcome.code, codes(outcome)) == (2, ["DD630"])
    assert verdict(outcome).startswith("CANNOT JUDGE")
    assert sorted(path.name for path in fund.iterdir()) == before


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(project(tmp_path))
    outcome = gate(policy_ref="HEAD")
    assert (outcome.code, codes(outcome)) == (2, ["DD630"])
    assert "is in no git repository" in outcome.stderr


def test_no_git(fund: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    outcome = gate(policy_ref="HEAD")
    assert (outcome.code, codes(outcome)) == (2, ["DD630"])
    assert "git is not there" in outcome.stderr


def test_the_environment_does_not_choose_the_repository(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    _git("init", "-q", "-b", "main", ".")
    project(other, POLICY.replace("high", "critical"), now="80")
    _commit("loose")
    monkeypatch.chdir(fund)
    write(fund / "companies" / "acme.yaml", company(now="80"))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert gate(policy_ref="main").code == 1


def test_links_and_odd_names_are_left_out_and_nothing_stays_behind(fund: Path) -> None:
    (fund / "link.yaml").symlink_to("/etc/passwd")
    (fund / "away").symlink_to("/etc")
    write(fund / "a b" / "ü 中.yaml", "a: 1\n")
    write(fund / "notes.md", "# Notes\n")
    _commit("odd")
    report = Report()
    with revision("HEAD", "", "--policy-ref", report) as found:
        assert found is not None
        kept = sorted(
            path.relative_to(found.folder).as_posix()
            for path in Path(found.folder).rglob("*")
            if not path.is_dir()
        )
        mode = Path(found.folder).stat().st_mode & 0o777
        folder = found.folder
    assert kept == ["a b/ü 中.yaml", "companies/acme.yaml", "ddcheck.yaml"]
    assert mode == 0o700
    assert not Path(folder).exists()
    assert report.items == []


def test_no_hook_and_no_monitor_runs(fund: Path) -> None:
    touched = fund.parent / "touched"
    script = f"#!/bin/sh\ntouch {touched}\n"
    for name in ("post-checkout", "post-index-change", "fsmonitor"):
        hook = fund / ".git" / "hooks" / name
        write(hook, script)
        hook.chmod(0o755)
    _git("config", "core.fsmonitor", str(fund / ".git" / "hooks" / "fsmonitor"))
    assert gate(policy_ref="main", baseline_ref="main").code == 0
    assert not touched.exists()
