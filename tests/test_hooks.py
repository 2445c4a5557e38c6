"""The hooks for pre-commit, run by pre-commit itself on a repository that `init` lays down."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from git_project import clean, commit, copy_of_ours, git

from ddcheck.cli import run

ROOT = Path(__file__).parents[1]
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which(
    "pre-commit"
)
IDS = ["ddcheck-lint", "ddcheck-test", "ddcheck-memo-fmt", "ddcheck-gate"]


def _read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_our_own_hooks_are_those_that_others_get() -> None:
    """Apart from the command's folder, and from what only our repository has to leave out."""
    theirs = {hook["id"]: hook for hook in _read(".pre-commit-hooks.yaml")}
    ours = {hook["id"]: hook for hook in _read(".pre-commit-config.yaml")["repos"][0]["hooks"]}
    shared = set(theirs) & set(ours)
    assert shared == {"ddcheck-lint", "ddcheck-test", "ddcheck-gate", "ddcheck-memo-fmt"}
    for name in shared:
        for key in ("name", "files", "pass_filenames"):
            assert ours[name].get(key) == theirs[name].get(key)
        assert ours[name]["entry"] == f".venv/bin/{theirs[name]['entry']}"


@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
def test_pre_commit_runs_the_hooks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One installation for all that follows: it takes most of the time."""
    hooks = copy_of_ours(tmp_path / "ddcheck hooks")
    work = tmp_path / "work"
    assert run(["init", str(work)]) == 0
    capsys.readouterr()
    config = work / ".pre-commit-config.yaml"
    text = config.read_text(encoding="utf-8")
    assert [hook["id"] for hook in yaml.safe_load(text)["repos"][0]["hooks"]] == IDS
    text = text.replace("https://github.com/your-org/ddcheck", str(hooks)).replace(
        "0" * 40, git("rev-parse", "HEAD", folder=hooks)
    )
    config.write_text(text, encoding="utf-8")
    git("init", "-q", "-b", "main", ".", folder=work)
    commit("begin", folder=work)
    around = {**clean(), "PRE_COMMIT_HOME": str(tmp_path / "home")}
    around.pop("PYTHONPATH", None)

    def hooked(*words: str) -> tuple[int, dict[str, str], str]:
        assert PRE_COMMIT is not None
        done = subprocess.run(
            [PRE_COMMIT, "run", "--color=never", *words],
            cwd=work, env=around, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = {}
        for line in done.stdout.splitlines():
            name, _, state = line.partition("..")
            if name.startswith("ddcheck ") and state:
                found[name] = state.strip(".").rpartition(")")[2]
        return done.returncode, found, done.stdout + done.stderr

    names = ["ddcheck lint", "ddcheck test", "ddcheck memo fmt", "ddcheck gate"]
    code, found, said = hooked("--all-files")
    assert (code, found) == (0, dict.fromkeys(names, "Passed")), said
    assert "ddcheck: PASS · companies 1" in said  # what was measured is said of a pass as well

    # A fact changes and no memo does: the gate judges all of them.
    company = work / "companies" / "example.yaml"
    before = company.read_text(encoding="utf-8")
    company.write_text(before.replace("24.10]", "25.10]"), encoding="utf-8")
    git("add", "-A", folder=work)
    code, found, said = hooked()
    assert code == 1
    assert found == {
        "ddcheck lint": "Passed", "ddcheck test": "Passed", "ddcheck memo fmt": "Skipped",
        "ddcheck gate": "Failed",
    }  # fmt: skip
    assert "mismatch" in said

    # A mistake in the file: lint names it, and nothing can be judged.
    company.write_text(before.replace("currency: USD", "curency: USD"), encoding="utf-8")
    git("add", "-A", folder=work)
    code, found, said = hooked()
    assert (code, found["ddcheck lint"], found["ddcheck gate"]) == (1, "Failed", "Failed")
    assert "companies/example.yaml:7:3: DD111 error" in said
    company.write_text(before, encoding="utf-8")

    # A tag in the other spelling is written anew, which stops the commit.
    memo = work / "memos" / "example.md"
    text = memo.read_text(encoding="utf-8")
    tagged = "[73%](dd:gross_margin@FY2023)"
    assert tagged in text
    memo.write_text(text.replace(tagged, "73%<!-- dd:gross_margin@FY2023 -->"), encoding="utf-8")
    git("add", "-A", folder=work)
    code, found, said = hooked()
    assert (code, found["ddcheck memo fmt"]) == (1, "Failed")
    assert memo.read_text(encoding="utf-8") == text
    git("add", "-A", folder=work)
    assert hooked()[0] == 0
