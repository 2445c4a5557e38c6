"""The documentation says what the code does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ddcheck.engine.commands.lint import run_lint
from ddcheck.engine.language.functions import FUNCTIONS

ROOT = Path(__file__).parent.parent


def test_function_table_is_the_code():
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    table = text.split("<!-- functions:")[1].split("<!-- end of functions -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    expected = [f"| `{f.signature}` | {f.gives} | {f.missing} |" for f in FUNCTIONS.values()]
    assert rows == expected


def test_readme_shows_the_first_screen():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- first screen -->\n```text\n(.*?)```", readme, re.DOTALL)
    golden = ROOT / "tests" / "golden" / "agora-first-screen" / "stdout"
    assert block is not None
    assert block[1] == golden.read_text(encoding="utf-8")


def test_every_decision_is_numbered_once():
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_link_to_a_file_leads_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        broken += [f"{page.name}: {link}" for link in links if not (page.parent / link).exists()]
    assert broken == []


def test_the_example_company_file_is_free_of_mistakes(tmp_path: Path):
    page = (ROOT / "docs" / "company-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    path = tmp_path / "acme.yaml"
    path.write_text(example[1], encoding="utf-8")
    outcome = run_lint((str(path),), ())
    assert (outcome.code, outcome.stdout) == (0, "no mistakes in 3 packs and 1 company file\n")


def _walked(page: str, mark: str, folder: Path, options: str) -> subprocess.CompletedProcess[str]:
    """The commands under `mark` as they stand on a page, by a shell, in an empty folder."""
    text = (ROOT / page).read_text(encoding="utf-8")
    walk = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert walk is not None
    assert len(walk[1].splitlines()) <= 4
    command = folder / "bin" / "ddcheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ddcheck "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    empty = folder / "empty"
    empty.mkdir()
    who = {f"GIT_{role}_{what}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for what in
           ("NAME", "EMAIL")}  # fmt: skip
    path = os.pathsep.join([str(command.parent), os.environ["PATH"]])
    return subprocess.run(
        ["sh", options, "-c", walk[1]],
        cwd=empty,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1", **who},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_walk_from_a_spreadsheet_to_a_report(tmp_path: Path):
    run = _walked("README.md", "walk", tmp_path, "-eu")
    assert (run.stderr, run.returncode) == ("", 0)
    report = run.stdout[run.stdout.index("sample   ") :]
    assert "Judged on FY2023 (last actual year)" in report
    assert "Three years of losses" in report
    assert not re.search(r"left out [1-9]|to be settled [1-9]", run.stdout)


def test_the_walk_of_an_edited_rule(tmp_path: Path):
    """A limit is raised, a test beside the rule fails, the difference says whom it touches."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    run = _walked("README.md", "rule walk", tmp_path, "-u")
    assert (run.stderr, run.returncode) == ("", 0)
    assert re.findall(r"(\d+) failed", run.stdout) == ["1"]
    assert "1 of 1 companies change: 1 flag disappears" in run.stdout
    assert "parameter marketing_limit (packs/own/pack.yaml:8)" in run.stdout


def test_the_questions_of_the_readme_have_answers():
    """Each command of the README's table runs on the companies in the repository."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("| question | command |")[1].split("\n\n")[0]
    commands = re.findall(r"`ddcheck ([^`]+)`", table)
    assert len(commands) == 6
    for command in commands:
        words = command.replace("DIR", "tests").replace("requests:ask.md", "requests").split()
        run = subprocess.run(
            [sys.executable, "-m", "ddcheck", *words],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        # The copies of Agora's sources are not in the repository: `verify` says so.
        assert run.returncode == (2 if words[0] == "verify" else 0), command
        assert run.stdout
