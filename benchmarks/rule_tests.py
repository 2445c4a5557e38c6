"""How long the tests beside the rules take: alone, with coverage, with mutants.

Run it with the environment's Python: `python benchmarks/rule_tests.py [--rounds 7]`. It prints user
time of whole processes, the least of all rounds, beside `python -c pass`; nothing here fails
because a machine is slow.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys

WAYS = (
    ("python -c pass", ["-c", "pass"], False),
    ("ddcheck test", ["-m", "ddcheck", "test"], False),
    ("ddcheck test --coverage", ["-m", "ddcheck", "test", "--coverage"], False),
    ("ddcheck test --mutate", ["-m", "ddcheck", "test", "--mutate", "--fail-under", "95"], True),
)
#: The goal for `ddcheck test --coverage`, in times of `python -c pass`.
GOAL = 20.0


def user_seconds(arguments: list[str]) -> float:
    """The user time of one process, which must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=dict(os.environ)
    )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    found: dict[str, list[float]] = {name: [] for name, _, _ in WAYS}
    for i in range(rounds):  # side by side, so that a busy machine weighs on all alike
        for name, arguments, slow in WAYS:
            if not slow or i == 0:
                found[name].append(user_seconds(arguments))
    least = {name: min(times) for name, times in found.items()}
    print("| process | ms | times `python -c pass` | goal |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in least.items():
        goal = f"≤ {GOAL:.0f}" if name.endswith("--coverage") else ""
        print(f"| {name} | {seconds * 1000:.0f} | {seconds / least[WAYS[0][0]]:.1f} | {goal} |")


if __name__ == "__main__":
    main()
