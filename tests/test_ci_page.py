"""docs/ci.md: each of its commands is run, and what it shows is what is shown."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from gate_project import write
from git_project import clean

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
STARTER = ROOT / "engine" / "commands" / "starter"


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_the_walk(tmp_path: Path) -> None:
    """By one shell, in an empty folder; a comment says where another exit code than 0 is meant."""
    tool = tmp_path / "bin" / "ddcheck"
    write(tool, f'#!/bin/sh\nexec "{sys.executable}" -m ddcheck "$@"\n')
    tool.chmod(0o755)
    script, expected = [], []
    for line in "".join(_blocks("sh")).splitlines():
        code = re.search(r"  # exit code (\d)$", line)
        expected.append((line, code[1] if code else "0"))
        script.append(f'{line}\necho "== $?"')
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
    }
    path = f"{tool.parent}:{clean()['PATH']}"
    done = subprocess.run(
        ["sh", "-c", "\n".join(script)],
        cwd=tmp_path, env={**clean(), **who, "PATH": path, "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    codes = re.findall(r"^== (\d+)$", done.stdout, re.MULTILINE)
    assert list(zip((line for line, _ in expected), codes, strict=True)) == expected
    assert len(expected) > 15
    shown = [line for block in _blocks("text") for line in block.splitlines() if line[0] != "/"]
    assert len(shown) == 3
    assert [line for line in shown if line not in done.stdout.splitlines()] == []


def test_what_it_says_of_the_workflow_is_what_is_laid_down() -> None:
    steps = _blocks("yaml")[0]
    assert (STARTER / "workflow.yml").read_text(encoding="utf-8").endswith(steps)


def test_its_table_names_every_input() -> None:
    table = PAGE.split("| input | is |")[1].split("\n\n")[0]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE) == list(action["inputs"])


def test_owners_are_those_laid_down() -> None:
    named = {line.split()[0] for line in _blocks("text")[1].splitlines()}
    lines = (STARTER / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    laid_down = {line.split()[0] for line in lines if line and line[0] != "#"}
    assert laid_down == named | {"/.gitlab-ci.yml"}
