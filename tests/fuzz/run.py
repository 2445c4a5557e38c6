"""Fuzz the readers with Atheris: `python tests/fuzz/run.py [TARGET,TARGET] FOLDER [options]`.

The options are libFuzzer's (`-runs=1000000 -max_total_time=600`). `FOLDER/corpus` is filled with
the seeds of the targets if it is empty; the first byte of an input chooses its target. A run does
not stop at what it finds: `FOLDER/found` keeps one input for each place that raised, and those
that took more than two seconds; `FOLDER/counts.json` the executions by target.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ddcheck"]):
    import targets

SLOW = 2.0


class Fuzzer:
    """Runs inputs, counts them, and keeps those that show something."""

    def __init__(self, names: tuple[str, ...], folder: Path) -> None:
        self.names = names
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.seen: set[tuple[str, str]] = set()

    def run(self, data: bytes) -> None:
        """Hand `data` to its target and keep it if that raises, or takes long."""
        if not data:
            return
        name = self.names[data[0] % len(self.names)]
        self.counts[name] += 1
        begun = time.process_time()
        try:
            targets.TARGETS[name](data[1:])
        except Exception as error:  # noqa: BLE001 - to find these is what this is for
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.keep(name, f"{type(error).__name__} {last.filename}:{last.lineno}", data)
        if time.process_time() - begun > SLOW:
            self.keep(name, "slow", data)
        if sum(self.counts.values()) % 2000 == 0:
            (self.folder / "counts.json").write_text(json.dumps(self.counts))

    def keep(self, name: str, why: str, data: bytes) -> None:
        """Write `data` into the folder of what was found, once for each reason."""
        if (name, why) in self.seen:
            return
        self.seen.add((name, why))
        stem = f"{name}-{hashlib.sha256(why.encode()).hexdigest()[:8]}"
        found = self.folder / "found"
        found.mkdir(exist_ok=True)
        (found / f"{stem}.input").write_bytes(data[1:])
        words = f"{why}\n{traceback.format_exc()}"
        (found / f"{stem}.txt").write_text(words, encoding="utf-8", errors="replace")
        print(f"FOUND {stem}: {why}", flush=True)  # noqa: T201 - a script


def main() -> None:
    arguments = sys.argv[1:]
    names = tuple(targets.TARGETS)
    if set(arguments[0].split(",")) <= set(names):
        names = tuple(arguments.pop(0).split(","))
    folder = Path(arguments.pop(0))
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        for i, name in enumerate(names):
            for j, seed in enumerate(targets.seeds(name)):
                (corpus / f"{name}-{j}").write_bytes(bytes([i]) + seed)
    targets.plan(), targets.settings(), targets.figures()  # not part of the first input's time
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], Fuzzer(names, folder).run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
