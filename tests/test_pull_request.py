"""Pull requests on a repository that `init` laid down, with real git and the whole command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from git_project import commit, git

from ddcheck.cli import run

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
TODAY = "2026-11-21"
WAIVER = """\
ddcheck: waivers/1
waivers:
  - rule: runway-short
    company: example
    reason: The financing of November is signed and paid in.
    owner: li
    approved_by: wang
    created: 2026-11-01
    expires: 2026-12-31
"""

Gate = Callable[..., tuple[int, str]]


@pytest.fixture
def fund(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository as laid down, on a branch of its own."""
    folder = tmp_path / "fund"
    assert run(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main", ".")
    commit("begin")
    git("checkout", "-q", "-b", "change")
    return folder


@pytest.fixture
def gate(fund: Path, capsys: pytest.CaptureFixture[str]) -> Gate:
    """Commit, then the gate by the policy of main, or by the change's own."""

    def judged(*, own: bool = False) -> tuple[int, str]:
        if git("status", "--porcelain"):
            commit("change")
        base = [] if own else ["--policy-ref", git("merge-base", "main", "HEAD")]
        capsys.readouterr()
        code = run(["gate", "--today", TODAY, *base])
        said = capsys.readouterr()
        return code, said.out + said.err

    return judged


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_changed_passes(gate: Gate) -> None:
    code, said = gate()
    assert (code, "policy ddcheck.yaml@" in said) == (0, True)


def test_a_false_number_in_a_memo_fails_at_its_place(fund: Path, gate: Gate) -> None:
    memo = fund / "memos" / "example.md"
    _edit(memo, "[USD 24.1 million]", "[USD 25.1 million]")
    lines = memo.read_text(encoding="utf-8").splitlines()
    ((line, column),) = (
        (i, text.index("USD 25.1") + 1) for i, text in enumerate(lines, 1) if "USD 25.1" in text
    )
    code, said = gate()
    assert (code, f"\n  {line}:{column}    mismatch       USD 25.1 million " in said) == (1, True)


def test_a_fact_that_changes_breaks_the_memo_that_did_not(fund: Path, gate: Gate) -> None:
    _edit(fund / "companies" / "example.yaml", "24.10]", "23.10]")
    code, said = gate()
    assert code == 1
    assert "USD 24.1 million" in said
    assert "1 failing: 2 high" in said  # a memo that fails answers nothing


def test_a_number_without_a_tag_fails_under_strict(fund: Path, gate: Gate) -> None:
    _edit(fund / "memos" / "example.md", "Watch, and ask", "Watch: 12 customers left. Ask")
    code, said = gate()
    assert (code, "1 numbers untagged" in said) == (1, True)


def test_without_its_memo_a_company_is_not_answered_for(fund: Path, gate: Gate) -> None:
    (fund / "memos" / "example.md").unlink()
    code, said = gate()
    assert (code, "1 failing: 2 high, 1 must-know unknown" in said) == (1, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fail_on: high ", "must_know: []\nfail_on: critical "),
        ("waivers: waivers.yaml", "waivers: waivers.yaml\nfolders: {companies: none}"),
        ("parameters: {customer_limit: 10%}", "parameters: {customer_limit: 15%}"),
    ],
    ids=["level", "folders", "parameter"],
)
def test_a_looser_policy_does_not_decide_on_itself(
    old: str, new: str, fund: Path, gate: Gate
) -> None:
    (fund / "memos" / "example.md").unlink()
    _edit(fund / "ddcheck.yaml", old, new)
    code, said = gate()
    assert code == 1
    assert "1 failing: 2 high, 1 must-know unknown" in said
    assert "this change alters ddcheck.yaml" in said
    if "critical" in new:
        assert gate(own=True)[0] == 0
        # Merged, it decides from the next change on.
        git("checkout", "-q", "main")
        git("merge", "-q", "--ff-only", "change")
        assert gate()[0] == 0


def test_a_rule_made_milder_does_not_decide_on_itself(fund: Path, gate: Gate) -> None:
    _edit(fund / "packs" / "own" / "rules.yaml", "high: 80%", "high: 40%")
    rules = fund / "packs" / "own" / "rules.yaml"
    text = rules.read_text(encoding="utf-8").replace(
        "medium: $marketing_limit, high: 40%", "high: 40%"
    )
    text = text.replace(
        "{sm_ratio: 50.1%}, expect: {flag: medium}", "{sm_ratio: 50.1%}, expect: {flag: high}"
    )
    text = text.replace("{sm_ratio: 50%}, expect: pass", "{sm_ratio: 40%}, expect: pass")
    text = text.replace(
        "{sm_ratio: 80%}, expect: {flag: medium}", "{sm_ratio: 80%}, expect: {flag: high}"
    )
    text = text.replace("; the limit is {limit}", "").replace("，上限为{limit}", "")
    rules.write_text(text, encoding="utf-8")
    assert gate(own=True)[0] == 1  # a stricter rule: up, and no memo answers it
    code, said = gate()
    assert (code, "this change alters packs/own/rules.yaml" in said) == (0, True)
    git("checkout", "-q", "main")
    git("merge", "-q", "--ff-only", "change")
    git("checkout", "-q", "-b", "back")
    git("revert", "--no-edit", "HEAD")
    assert gate(own=True)[0] == 0
    assert gate()[0] == 1


def test_a_change_cannot_waive_for_itself(fund: Path, gate: Gate) -> None:
    """The memo no longer owns up to what is unknown; the waiver comes in the same change."""
    _edit(fund / "memos" / "example.md", "[not known](dd:flag/runway-short)", "not known")
    assert gate()[0] == 1
    (fund / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
    code, said = gate(own=True)
    assert (code, "1 waived" in said) == (0, True)
    code, said = gate()
    assert code == 1
    assert "0 waived" in said
    assert "this change alters waivers.yaml" in said


def test_a_waiver_that_stood_before_counts_and_ends(
    fund: Path, gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    git("checkout", "-q", "main")
    (fund / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
    commit("a waiver, approved by those who own the file")
    git("checkout", "-q", "-b", "next")
    _edit(fund / "memos" / "example.md", "[not known](dd:flag/runway-short)", "not known")
    assert gate()[0] == 0
    assert run(["gate", "--today", "2027-01-01", "--policy-ref", "main"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "(li) expired on 2026-12-31: it is back" in text


def test_a_mistake_is_no_verdict(fund: Path, gate: Gate) -> None:
    _edit(fund / "companies" / "example.yaml", "currency: USD", "currency: USD\n  curency: USD")
    code, said = gate()
    assert code == 2
    assert "CANNOT JUDGE" in said
    assert "companies/example.yaml:8:3: DD111 error" in said
