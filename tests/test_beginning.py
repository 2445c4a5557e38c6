"""`ddcheck init`: what it lays down is free of mistakes, and nothing is written over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ddcheck.cli import run

FILES = [
    ".github/workflows/ddcheck.yml", ".gitignore", ".pre-commit-config.yaml", "CODEOWNERS",
    "README.md", "companies/example.yaml", "ddcheck.yaml", "memos/example.md",
    "packs/own/pack.yaml", "packs/own/rules.yaml", "statement.csv", "waivers.yaml",
]  # fmt: skip
DAYS = ["2024-06-03", "2026-11-21", "2040-02-29"]


def _files(folder: Path) -> list[str]:
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(paths)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_laid_down_passes_every_check(
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "work", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert "  cd work\n" in said
    assert _files(tmp_path / "work") == FILES
    monkeypatch.chdir(tmp_path / "work")
    assert run(["lint"]) == 0
    assert capsys.readouterr().out == (
        "no mistakes in 1 pack, 1 company file, 1 policy file and 1 waiver file\n"
    )
    assert run(["lint", "companies", "packs"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no mistakes in 1 pack and 1 company file"
    for words in (["test"], ["test", "packs"]):
        assert run(words) == 0
        assert capsys.readouterr().out.endswith(" passed, 0 failed, 0 untested\n")
    for words in ([], ["--pack", "packs/own"]):
        assert run(["companies/example.yaml", *words]) == 0
        report = capsys.readouterr()
        assert "Sales and marketing takes too much" in report.out
        assert report.err == ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("day", DAYS)
def test_what_is_laid_down_passes_its_own_gate(
    language: str,
    day: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On any day, since nothing in it runs out; every number of the memo is tagged and holds."""
    assert run(["init", str(tmp_path), "--lang", language]) == 0
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run(["gate", "--today", day, "--lang", language]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "ddcheck: PASS · companies 1 (0 failing; 0 waived, 3 answered, 0 known) · "
        "memos 1 (10 claims: 10 match; 0 numbers untagged) · policy ddcheck.yaml"
    )


def test_the_gate_of_what_is_laid_down_can_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    memo = Path("memos/example.md")
    text = memo.read_text(encoding="utf-8")
    memo.write_text(text.replace("USD 24.1 million", "USD 25.1 million"), encoding="utf-8")
    assert run(["gate"]) == 1
    memo.unlink()
    capsys.readouterr()
    assert run(["gate"]) == 1
    assert "(1 failing: 2 high, 1 must-know unknown; " in capsys.readouterr().out


def test_its_workflow_is_safe_for_forks(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path)]) == 0
    text = (tmp_path / ".github" / "workflows" / "ddcheck.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    # YAML 1.1 reads `on` as true.
    assert set(workflow[True]) == {"pull_request", "merge_group", "push", "schedule"}
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["gate"]["steps"]
    assert steps[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) for step in steps)
    assert not any("run" in step for step in steps)
    assert "secrets" not in text


def test_what_decides_has_an_owner(tmp_path: Path) -> None:
    """CODEOWNERS names the policy, all that it names, and what runs the gate."""
    assert run(["init", str(tmp_path)]) == 0
    lines = (tmp_path / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = {line.split()[0] for line in lines if line and not line.startswith("#")}
    policy = yaml.safe_load((tmp_path / "ddcheck.yaml").read_text(encoding="utf-8"))
    assert policy["waivers"] == "waivers.yaml"
    named = {"/ddcheck.yaml", "/waivers.yaml", "/packs/", "/.github/", "/CODEOWNERS"}
    assert named <= owned


def test_every_command_of_its_page_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for language in ("en", "zh"):
        folder = tmp_path / language
        assert run(["init", str(folder), "--lang", language]) == 0
        monkeypatch.chdir(folder)
        page = (folder / "README.md").read_text(encoding="utf-8")
        commands = [
            line.partition("#")[0].split()[1:]
            for block in page.split("```sh\n")[1:]
            for line in block.partition("```")[0].splitlines()
        ]
        assert len(commands) == 5
        assert ["gate", "--lang", "zh"] in commands or ["gate"] in commands
        assert {tuple(words): run(words) for words in commands} == {
            tuple(words): 0 for words in commands
        }
    capsys.readouterr()


def test_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text("ours")
    assert run(["init"]) == 2
    assert capsys.readouterr().err == (
        "./README.md: DD508 error: this file is there already\n    name an empty folder\n"
    )
    assert _files(tmp_path) == ["README.md"]
    assert Path("README.md").read_text() == "ours"
    assert run(["init", "README.md"]) == 2


def test_the_examples_name_no_real_company() -> None:
    starter = Path(__file__).parents[1] / "engine" / "commands" / "starter"
    text = "".join(path.read_text(encoding="utf-8") for path in starter.rglob("*.*"))
    assert "Example Ltd" in text
    assert "invented" in text
    assert "Agora" not in text
