"""How long `ddcheck check --watch` takes from a save to the whole report on standard output.

Run it with the environment's Python: `python benchmarks/watch.py [--rounds 15]`. Each row starts
the command in a folder of its own, saves one file again and again, with another comment at its
end, and times from before the save until the last line of the report was read.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ddcheck.engine.commands.check import CheckOptions
from ddcheck.engine.commands.outcome import Screen
from ddcheck.engine.commands.watched import Moment, Watched, watched

ROOT = Path(__file__).resolve().parents[1]
GOAL = 200
PACK = "ddcheck: pack/1\nid: fund\nversion: '1'\ntitle: {en: Fund}\nextends: [core]\n"
RULES = """\
ddcheck: rules/1
category: growth
rules:
  sales-small:
    title: {en: Small sales}
    when: revenue < 90 million money
    severity: low
    why: {en: Small.}
    ask: {en: Why so small?}
"""
POLICY = "ddcheck: policy/1\nfail_on: high\npacks: [core, saas, integrity, fund]\n"


class Case(NamedTuple):
    """What is watched, which file is saved, and the report that must come."""

    name: str
    paths: tuple[str, ...]
    saved: str
    report: str


CASES = (
    Case("a company", ("companies/agora.yaml",), "companies/agora.yaml", "companies/agora.yaml"),
    Case("one of five companies", ("companies",), "companies/twilio.yaml", "companies/twilio.yaml"),
    Case("a company with two memos", ("companies/agora.yaml", "memos"), "companies/agora.yaml",
         "companies/agora.yaml"),
    Case("a memo", ("memos/agora-2024.md",), "memos/agora-2024.md", "memos/agora-2024.md"),
    Case("a rule, one company", ("companies/agora.yaml",), "fund/growth.yaml",
         "companies/agora.yaml"),
)  # fmt: skip


def lay_down(folder: Path) -> None:
    """A project with the companies and memos of this repository and a pack of its own."""
    for name in ("companies", "memos"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "fund").mkdir()
    (folder / "fund" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "fund" / "growth.yaml").write_text(RULES, encoding="utf-8")
    (folder / "ddcheck.yaml").write_text(POLICY, encoding="utf-8")


def measure(case: Case, folder: Path, rounds: int) -> list[float]:
    """Milliseconds from save to report, of each round after one that is not counted."""
    command = [sys.executable, "-m", "ddcheck", "check"]
    environment = {**os.environ, "PYTHONUTF8": "1"}

    def run(*paths: str) -> list[str]:
        done = subprocess.run(
            [*command, *paths], cwd=folder, env=environment, capture_output=True, check=False,
            encoding="utf-8",
        )  # fmt: skip
        return done.stdout.splitlines()

    # What a run of its own ends with; without a change, the watching run ends with the same.
    last = run(case.report)[-1]
    first = run(*case.paths)[-1]
    with subprocess.Popen(
        [*command, *case.paths, "--watch"], cwd=folder, env=environment, stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:  # fmt: skip
        out = process.stdout
        assert out is not None

        def read_to(line: str) -> None:
            # Where several are touched and all read as before, they are named instead.
            while (found := out.readline()).rstrip("\n") != line:
                assert found, "the command has ended"
                if found.startswith("as before: "):
                    break

        read_to(first)
        path = folder / case.saved
        text = path.read_text(encoding="utf-8")
        taken = []
        for number in range(rounds + 1):
            time.sleep(0.5)
            start = time.perf_counter()
            path.write_text(f"{text}\n{_comment(path, number)}\n", encoding="utf-8")
            read_to(last)
            taken.append((time.perf_counter() - start) * 1000)
            time.sleep(0.3)  # further reports of the same run, on memos, are read with the next
        process.send_signal(signal.SIGINT)
    path.write_text(text, encoding="utf-8")
    return taken[1:]


def worked(case: Case, folder: Path, rounds: int) -> list[float]:
    """Milliseconds of processor time of the step alone, which other work on the machine spares."""
    os.chdir(folder)
    state = watched(CheckOptions(case.paths, today=datetime.now(UTC).toordinal()), Screen())
    assert isinstance(state, Watched)
    moment = Moment(state.options.today, "12:00:00")
    state.step((), moment)
    text = Path(case.saved).read_text(encoding="utf-8")
    taken = []
    for number in range(rounds + 1):
        gc.collect()
        changed = f"{text}\n{_comment(Path(case.saved), number)}\n"
        Path(case.saved).write_text(changed, encoding="utf-8")
        start = time.process_time()
        state.step((case.saved,), moment)
        taken.append((time.process_time() - start) * 1000)
    return taken[1:]


def _comment(path: Path, number: int) -> str:
    return f"<!-- {number} -->" if path.suffix == ".md" else f"# {number}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {rounds} saves each\n")
    gc.disable()  # as the command does during a step
    print("| saved | median ms | least | most | goal | of it the step, processor time |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            lay_down(Path(folder))
            taken = measure(case, Path(folder), rounds)
            work = worked(case, Path(folder), rounds)
            os.chdir(ROOT)
        middle = statistics.median(taken)
        print(
            f"| {case.name} | {middle:.0f} | {min(taken):.0f} | {max(taken):.0f} | < {GOAL} "
            f"| {statistics.median(work):.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
