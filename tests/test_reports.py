"""What every command prints, to the letter.

tests/golden/<case>/ holds `argv` and what came of it: `stdout`, `stderr`, `code`.
Files that a command reads stand in the folder too; commands run in the repository's root.
`pytest tests/test_reports.py --update-golden` rewrites what was printed: read it before you commit.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ddcheck.__main__ import main

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/argv"))


class Printed(NamedTuple):
    stdout: str
    stderr: str
    code: int


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Printed]:
    """`run(*arguments)`: what ddcheck prints in the repository's root, and its exit code."""

    def command(*arguments: str) -> Printed:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", ["ddcheck", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsysbinary.readouterr()
        assert isinstance(stop.value.code, int)
        return Printed(printed.out.decode(), printed.err.decode(), stop.value.code)

    return command


@pytest.mark.parametrize("case", CASES)
def test_a_command_prints_what_its_golden_files_hold(
    case: str, run: Callable[..., Printed], golden: Callable[[str | Path, str], None]
) -> None:
    arguments = shlex.split((GOLDEN / case / "argv").read_text(encoding="utf-8"))
    printed = run(*arguments)
    golden(f"{case}/code", f"{printed.code}\n")
    golden(f"{case}/stderr", printed.stderr)
    golden(f"{case}/stdout", printed.stdout)
