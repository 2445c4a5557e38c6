"""How long the tests beside the rules take: the first time, again, and after a save.

Run it with the environment's Python: `python benchmarks/rule_tests.py [--rounds 7]`. It prints
processor time of whole processes, the median of all rounds, beside `python -c pass`; nothing here
fails because a machine is slow. Where a file is saved, it is one of a copy of the shipped packs,
which are then read besides.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKS = ("core", "saas", "integrity")
#: The goal for `ddcheck test --coverage`, in times of `python -c pass`.
GOAL = 20.0
SAVED = "saas/retention.yaml"


class Way(NamedTuple):
    """A process: what it is called, its arguments, what is done before it, how often it runs."""

    name: str
    arguments: tuple[str, ...]
    before: Callable[[Path], None] | None = None
    once: bool = False
    goal: str = ""


def lay_down(folder: Path) -> None:
    """Copies of the shipped packs under names of their own, each extending the other copies."""
    for pack in PACKS:
        shutil.copytree(ROOT / "rules" / pack, folder / pack)
        path = folder / pack / "pack.yaml"
        text = re.sub(
            r"^id: \w+", f"id: own-{pack}", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        path.write_text(re.sub(r"(?<=[\[ ])(core|saas)(?=[,\]])", r"../\1", text), encoding="utf-8")


def save(folder: Path) -> None:
    """Another comment at the end of one file of rules."""
    with (folder / SAVED).open("a", encoding="utf-8") as file:
        file.write("# saved\n")


def ways() -> list[Way]:
    """What is measured."""
    coverage = ("-m", "ddcheck", "test", "--coverage")
    mutate = ("-m", "ddcheck", "test", "--mutate", "--fail-under", "95")
    return [
        Way("python -c pass", ("-c", "pass")),
        Way("ddcheck test --coverage --no-cache", (*coverage, "--no-cache")),
        Way("ddcheck test --coverage, again", coverage, goal=f"≤ {GOAL:.0f}"),
        Way(f"ddcheck test --coverage, {SAVED} saved", coverage, before=save),
        Way("ddcheck test --mutate --no-cache", (*mutate, "--no-cache"), once=True),
        Way(f"ddcheck test --mutate, {SAVED} saved", mutate, before=save, once=True),
    ]


def seconds_of(way: Way, folder: Path, cache: Path) -> float:
    """The processor time of one process, which must succeed."""
    packs = [f"{folder}/{pack}" for pack in PACKS] if way.before is not None else []
    if way.before is not None:
        way.before(folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *way.arguments, *packs], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "DDCHECK_CACHE": str(cache)},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder, cache = Path(scratch, "packs"), Path(scratch, "cache")
        lay_down(folder)
        for way in ways():  # an earlier run of each leaves its records
            seconds_of(way, folder, cache)
        for i in range(rounds):  # side by side, so that a busy machine weighs on all alike
            for way in ways():
                if not way.once or i == 0:
                    found.setdefault(way.name, []).append(seconds_of(way, folder, cache))
    middle = {name: statistics.median(times) for name, times in found.items()}
    base = middle[ways()[0].name]
    print("| process | ms | times `python -c pass` | goal |")
    print("| --- | ---: | ---: | ---: |")
    for way in ways():
        seconds = middle[way.name]
        print(f"| {way.name} | {seconds * 1000:.0f} | {seconds / base:.1f} | {way.goal} |")


if __name__ == "__main__":
    main()
