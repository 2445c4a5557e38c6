"""`ddcheck init`: what it lays down is free of mistakes, and nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from ddcheck.cli import run

FILES = [
    "README.md", "companies/example.yaml", "packs/own/pack.yaml", "packs/own/rules.yaml",
    "statement.csv",
]  # fmt: skip


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
    assert run(["lint", "companies", "packs"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no mistakes in 1 pack and 1 company file"
    assert run(["test", "packs"]) == 0
    assert capsys.readouterr().out.endswith(" passed, 0 failed, 0 untested\n")
    assert run(["companies/example.yaml"]) == 0
    assert run(["companies/example.yaml", "--pack", "packs/own"]) == 0
    report = capsys.readouterr()
    assert "Sales and marketing takes too much" in report.out
    assert report.err == ""


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
