"""How long one company takes: read, validated and judged, beside two ways to do it without ddcheck.

Run it with the environment's Python: `python benchmarks/one_company.py [--seed 1] [--rounds 15]`.
It prints ratios taken in one run; nothing here fails because a machine is slow.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jsonschema
import simpleeval
import yaml
from made_case import PERIODS, Case, make_case

import ddcheck
from ddcheck.engine.check.compile import compile_packs
from ddcheck.engine.check.evaluate import evaluate
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.packs import load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Report, render
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import decode, package_folder

try:
    import jsonschema_rs
except ImportError:
    jsonschema_rs = None

#: The goals for (b) and (c), from the design: how many times ddcheck's time they should take.
GOALS = {"b": 15.0, "c": 3.0}
#: The goal for a cold `ddcheck FILE` to a pipe, in times of `python -c pass`.
COLD_GOAL = 5.0


class Flag(NamedTuple):
    """What every contestant must find alike: a rule, how grave it is and where."""

    rule: str
    severity: str
    period: str


def by_ddcheck(case: Case, plan: Plan, times: dict[str, float] | None = None) -> Evaluation:
    """Text to document to facts to verdicts; `times` takes the seconds of each stage."""
    report = Report()
    start = time.perf_counter()
    source = decode("bench.yaml", case.company, report)
    assert source is not None
    root = parse(source, report)
    assert isinstance(root, Mapping)
    read = time.perf_counter()
    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    assert company is not None, render(report)
    loaded = time.perf_counter()
    found = evaluate(plan, company, today=739_000)
    if times is not None:
        times["YAML"] = read - start
        times["facts"] = loaded - read
        times["evaluate"] = time.perf_counter() - loaded
    assert not report.failed, render(report)
    return found


def _names(document: Any) -> list[dict[str, float | None]]:
    """For each quarter every series by name, and `name__1`, `name__4`: earlier quarters."""
    rows: dict[str, list[float | None]] = {}
    scale = 1e6
    for table in document["tables"]:
        for name, values in table["facts"].items():
            rows[name] = [value * scale for value in values]
    for name, entries in document["facts"].items():
        rows[name] = [float(entries[p]["value"].split()[0]) * scale for p in PERIODS]
    found = []
    for i in range(len(PERIODS)):
        names: dict[str, float | None] = {}
        for name, row in rows.items():
            names[name] = row[i]
            names[name + "__1"] = row[i - 1] if i >= 1 else None
            names[name + "__4"] = row[i - 4] if i >= 4 else None
        found.append(names)
    return found


def _judged(case: Case, document: Any, value: Callable[[str, dict[str, Any]], Any]) -> set[Flag]:
    """The flags that `value`, an expression's value under names, leads to: latest quarter known."""
    latest: dict[str, tuple[str | None, str]] = {}
    for period, names in zip(PERIODS, _names(document), strict=True):
        for name, expression in case.metrics:
            try:
                names[name] = value(expression, names)
            except (TypeError, ZeroDivisionError):
                names[name] = None
        for check in case.checks:
            reached = None
            try:
                for severity, expression in check.steps:
                    if not value(expression, names):
                        break
                    reached = severity
            except (TypeError, ZeroDivisionError):
                continue
            latest[check.name] = reached, period
    return {Flag(name, sev, period) for name, (sev, period) in latest.items() if sev is not None}


def by_plain_stack(case: Case, schema: Any) -> set[Flag]:
    """The libraries as their first pages show them."""
    document = yaml.safe_load(case.company)
    jsonschema.validate(document, schema)
    return _judged(case, document, lambda text, names: simpleeval.simple_eval(text, names=names))


class BestParts:
    """The fastest parts, everything that can be done beforehand done beforehand."""

    def __init__(self, case: Case, schema: Any) -> None:
        self.case = case
        self.validator = jsonschema_rs.validator_for(schema)
        self.evaluator = simpleeval.SimpleEval(names={})
        texts = [text for _, text in case.metrics]
        texts += [text for check in case.checks for _, text in check.steps]
        self.parsed = {text: self.evaluator.parse(text) for text in texts}

    def __call__(self) -> set[Flag]:
        document = yaml.load(self.case.company, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.validator.validate(document)
        return _judged(self.case, document, self._value)

    def _value(self, text: str, names: dict[str, Any]) -> Any:
        self.evaluator.names = names
        return self.evaluator.eval(text, self.parsed[text])


def flags_of(evaluation: Evaluation) -> set[Flag]:
    """The flags of ddcheck as the peers write theirs."""
    return {
        Flag(finding.id, finding.severity, finding.period or "")
        for finding in evaluation.findings
        if finding.outcome == FLAG
    }


# Measuring.


def medians(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each way; rounds are interleaved, so that noise meets all alike.

    As `timeit` does, garbage is collected between the ways, not while one is timed.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - start)
            gc.enable()
    return {name: statistics.median(values) for name, values in taken.items()}


def in_process(seed: int, rounds: int) -> None:
    """Print the table of the three ways, and ddcheck's time by stage."""
    case = make_case(seed)
    with open(os.path.join(package_folder("schemas"), "company.schema.json"), "rb") as published:
        schema = json.load(published)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.pack.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        report = Report()
        plan = compile_packs(load_packs((folder,), report), report)
    assert not report.failed, render(report)
    assert len(plan.rules) == 100
    assert len(plan.metrics) == 20
    stages: dict[str, list[float]] = {}

    def ours() -> Evaluation:
        times: dict[str, float] = {}
        found = by_ddcheck(case, plan, times)
        for stage, seconds in times.items():
            stages.setdefault(stage, []).append(seconds)
        return found

    ways: dict[str, Callable[[], object]] = {
        "a": ours,
        "b": lambda: by_plain_stack(case, schema),
    }
    evaluation = by_ddcheck(case, plan)
    found = {"a": flags_of(evaluation), "b": by_plain_stack(case, schema)}
    if jsonschema_rs is not None:
        best = BestParts(case, schema)
        ways["c"] = best
        found["c"] = best()
    else:
        print("no jsonschema-rs (pip install 'ddcheck-cli[bench]'): (c) is left out\n")
    facts = len(evaluation.company.facts)
    print(f"One company, {facts} facts ({len(case.company)} bytes), {len(plan.rules)} rules,")
    print(f"{len(plan.metrics)} metrics, {len(PERIODS)} quarters; seed {seed}, {rounds} rounds\n")
    same = all(flags == found["a"] for flags in found.values())
    if same:
        print(f"All find the same {len(found['a'])} flags at the same quarters.\n")
    else:
        print("THE FLAGS DIFFER, the times mean nothing:")
        for name, flags in found.items():
            print(f"  ({name}) against ddcheck: {sorted(flags ^ found['a'])[:5]}")
        sys.exit(1)
    took = medians(ways, rounds)
    what = {
        "a": "ddcheck, packs compiled beforehand",
        "b": "plain: safe_load, jsonschema.validate, simple_eval on strings",
        "c": "best parts: CSafeLoader, jsonschema_rs, simpleeval pre-parsed",
    }
    print("| way | ms | times ddcheck | goal |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in took.items():
        goal = f"≥ {GOALS[name]:g}" if name in GOALS else ""
        ratio = f"{seconds / took['a']:.2f}"
        print(f"| ({name}) {what[name]} | {seconds * 1000:.2f} | {ratio} | {goal} |")
    print("\n| ddcheck by stage | ms | share |")
    print("| --- | ---: | ---: |")
    middle = {stage: statistics.median(values) for stage, values in stages.items()}
    whole = sum(middle.values())
    for stage, seconds in middle.items():
        print(f"| {stage} | {seconds * 1000:.2f} | {seconds / whole:.0%} |")


def cold(rounds: int) -> None:
    """Print whole processes as ratios to Python doing nothing."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    company = os.path.join(root, "companies", "agora.yaml")
    python, scripts = sys.executable, os.path.dirname(sys.executable)
    ours = os.path.join(scripts, "ddcheck")
    commands: dict[str, list[str]] = {
        "python -c pass": [python, "-c", "pass"],
        "python -c 'import yaml'": [python, "-c", "import yaml"],
        "ddcheck companies/agora.yaml, to a pipe": [ours, company],
        "ddcheck check … --output json": [ours, "check", company, "--output", "json"],
    }
    yamllint = shutil.which("yamllint", path=scripts) or shutil.which("yamllint")
    packs = package_folder("rules")
    if yamllint:
        commands["yamllint on the packs"] = [yamllint, "-d", "relaxed", packs]

    def run(command: list[str]) -> Callable[[], object]:
        # Outside the checkout, so that what runs is what is installed.
        return lambda: subprocess.run(
            command, capture_output=True, check=False, cwd=tempfile.gettempdir()
        )

    took = medians({name: run(command) for name, command in commands.items()}, rounds)
    base = took["python -c pass"]
    print("\n| cold process | ms | times `python -c pass` | goal |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in took.items():
        goal = f"≤ {COLD_GOAL:g}" if name.endswith("pipe") else ""
        print(f"| {name} | {seconds * 1000:.0f} | {seconds / base:.1f} | {goal} |")
    if not yamllint:
        print("\nyamllint is not installed: left out")


def machine() -> str:
    """Date, kind of machine and versions, for the record."""
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        cpu = next((x.split(":", 1)[1].strip() for x in file if x.startswith("model name")), cpu)
    versions = [f"ddcheck {ddcheck.__version__}"]
    for name in ("PyYAML", "jsonschema", "jsonschema-rs", "simpleeval", "yamllint"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{name} {importlib.metadata.version(name)}")
    libyaml = "with libyaml" if yaml.__with_libyaml__ else "without libyaml"
    return (
        f"{time.strftime('%Y-%m-%d')} · {os.cpu_count()} cores, {cpu} · "
        f"{platform.python_implementation()} {platform.python_version()} · "
        f"{', '.join(versions)} ({libyaml})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--no-cold", action="store_true", help="leave the processes out")
    options = parser.parse_args()
    print(machine() + "\n")
    in_process(options.seed, options.rounds)
    if not options.no_cold:
        cold(options.rounds)


if __name__ == "__main__":
    main()
