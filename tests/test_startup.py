"""What a plain run does not import: start-up time is part of the product."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMPANY = Path(__file__).parents[1] / "companies" / "agora.yaml"

#: Heavy, and of no use to any check whose report goes to a pipe.
HEAVY = {
    "rich",
    "jsonschema",
    "jsonschema_rs",
    "attr",
    "dataclasses",
    "importlib.metadata",
    "concurrent.futures",
    "multiprocessing",
    "csv",
    "numpy",
    "polars",
}
#: Our own, of no use to a company that is judged as its file has it and printed as text.
UNUSED = {
    f"ddcheck.engine.{name}"
    for name in (
        "check.assumptions",
        "check.headroom",
        "check.placing",
        "check.setting",
        "commands.auditing",
        "commands.kept",
        "commands.memos",
        "commands.watched",
        "gate",
        "memo",
        "model.decision",
        "model.memo",
        "report.full",
        "report.gate",
        "text.documents",
    )
}
#: Only for reading options, or for writing JSON; `inspect` comes with click.
SPARED = {"click", "inspect", "json"}

# The command as its entry point runs it; then, on standard error, all that it has imported.
RUN = """
import sys
before = set(sys.modules)
sys.argv[0] = "ddcheck"
from ddcheck.__main__ import main
try:
    main()
except SystemExit as stop:
    print(stop.code, *sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "start", "forbidden"),
    [
        ((), "Agora, Inc.", HEAVY | SPARED | UNUSED),
        (("--output", "json"), "{", HEAVY),
    ],
    ids=["text", "json"],
)
def test_a_check_to_a_pipe_imports_nothing_heavy(
    arguments: tuple[str, ...], start: str, forbidden: set[str], tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(COMPANY), *arguments],
        # Where no policy is, none is read.
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    code, *names = run.stderr.splitlines()
    assert code == "0", run.stderr
    assert run.stdout.startswith(start)
    assert "ddcheck.engine.check.evaluate" in names
    parts = {name: name.split(".") for name in names}
    loaded = {
        name
        for name in names
        if any(".".join(parts[name][:i]) in forbidden for i in range(1, len(parts[name]) + 1))
    }
    assert loaded == set()


def test_tests_run_by_a_hook_do_not_pay_for_options_nor_for_judging_again(tmp_path: Path) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", RUN, "test", *options],
            cwd=tmp_path,
            env={**os.environ, "DDCHECK_CACHE": str(tmp_path / "cache")},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )

    first, again, spelled = run("--coverage"), run("--coverage"), run("--coverage", "--lang", "en")
    assert first.stdout == again.stdout == spelled.stdout
    codes = {found.stderr.splitlines()[0] for found in (first, again, spelled)}
    assert codes == {"0"}, first.stderr
    loaded = set(again.stderr.splitlines())
    assert "ddcheck.engine.check.compile" in loaded
    assert loaded & {"click", "ddcheck.engine.check.judge", "simpleeval", *HEAVY} == set()
    assert "ddcheck.engine.check.judge" in first.stderr.splitlines()
    assert "click" in spelled.stderr.splitlines()
