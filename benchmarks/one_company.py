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
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jsonschema
import simpleeval
import yaml

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

PERIODS = [f"{year}Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
FLOWS = (
    "revenue cost_of_revenue research selling administration depreciation interest tax net_income "
    "operating_cash_flow investing_cash_flow financing_cash_flow capital_spending "
    "stock_compensation restructuring_costs"
).split()
STOCKS = (
    "cash receivables inventories current_assets total_assets payables deferred_revenue debt "
    "current_liabilities equity"
).split()
#: Stated one by one, each with source and place, as figures from a text are; the rest in tables.
SINGLE = ("stock_compensation", "restructuring_costs", "deferred_revenue", "debt", "equity")
#: The goals for (b) and (c), from the design: how many times ddcheck's time they should take.
GOALS = {"b": 15.0, "c": 3.0}
#: The goal for a cold `ddcheck FILE` to a pipe, in times of `python -c pass`.
COLD_GOAL = 5.0


class Check(NamedTuple):
    """A rule for the peers: from the mildest severity to the gravest, each with its expression."""

    name: str
    steps: tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """The same company and rules for ddcheck (`company`, `pack`) and for the peers."""

    company: bytes
    pack: dict[str, str]
    metrics: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]


class Flag(NamedTuple):
    """What every contestant must find alike: a rule, how grave it is and where."""

    rule: str
    severity: str
    period: str


def make_case(seed: int) -> Case:
    """A company of 25 series over 8 quarters, 20 metrics and 100 rules, the same for a seed."""
    chance = random.Random(seed)
    metrics = tuple(_metrics(chance))
    rules, checks = [], []
    for i in range(100):
        text, steps = _rule(chance, i, [name for name, _, _ in metrics])
        rules.append(text)
        checks.append(Check(f"rule-{i:03d}", steps))
    definitions = ["ddcheck: rules/1", "category: bench", "metrics:"]
    for name, formula, _ in metrics:
        definitions += [
            f"  {name}:",
            f"    title: {{en: {name.replace('_', ' ').capitalize()}}}",
            f"    formula: {formula}",
            "    unit: ratio",
            "    frame: quarter",
        ]
    definitions += ["rules:", *rules]
    pack = {
        "pack.yaml": "ddcheck: pack/1\nid: bench\nversion: '1'\ntitle: {en: Benchmark}\n",
        "vocabulary.yaml": _vocabulary(),
        "rules.yaml": "\n".join(definitions) + "\n",
    }
    peers = tuple((name, expression) for name, _, expression in metrics)
    return Case(_company(chance).encode(), pack, peers, tuple(checks))


def _vocabulary() -> str:
    lines = ["ddcheck: vocabulary/1", "concepts:"]
    for name in FLOWS + STOCKS:
        when = "flow" if name in FLOWS else "stock"
        label = name.replace("_", " ").capitalize()
        lines.append(f"  {name}: {{time: {when}, unit: money, label: {{en: {label}}}}}")
    return "\n".join(lines) + "\n"


def _company(chance: random.Random) -> str:
    series: dict[str, list[str]] = {}
    for name in FLOWS + STOCKS:
        value = chance.uniform(5, 200)
        row = []
        for _ in PERIODS:
            value *= chance.uniform(0.8, 1.25)
            row.append(f"{value:.2f}")
        series[name] = row
    lines = [
        "ddcheck: company/1",
        "company:",
        "  id: bench",
        "  name: {en: Benchmark Inc.}",
        "  currency: USD",
        '  fiscal_year_end: "12-31"',
        "sources:",
        "  annual-report:",
        '    title: "Annual report, with quarterly figures"',
        "    publisher: Benchmark Inc.",
        "    tier: filing",
        '    published: "2024-02-20"',
        "  deck:",
        '    title: "Presentation of results"',
        "    tier: release",
        '    published: "2024-02-19"',
        "tables:",
    ]
    for place, names in (("statements of income and cash flows", FLOWS), ("balance sheet", STOCKS)):
        lines += [
            "  - source: annual-report",
            f"    at: {place}",
            "    unit: USD million",
            f"    periods: [{', '.join(PERIODS)}]",
            "    facts:",
        ]
        for name in names:
            if name not in SINGLE:
                lines.append(f"      {name}: [{', '.join(series[name])}]")
    lines.append("facts:")
    for name in SINGLE:
        lines.append(f"  {name}:")
        for period, printed in zip(PERIODS, series[name], strict=True):
            fact = f"{{value: {printed} USD million, source: deck, at: slide 1}}"
            lines.append(f"    {period}: {fact}")
    return "\n".join(lines) + "\n"


def _metrics(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Name, formula and the peers' expression of each metric."""
    for i in range(20):
        first, second, third = chance.sample(FLOWS + STOCKS, 3)
        flows = chance.sample(FLOWS, 2)
        stocks = chance.sample(STOCKS, 2)
        formulas = (
            (f"({flows[0]} - {flows[1]}) / {flows[0]}",) * 2,
            (f"{stocks[0]} / {stocks[1]}",) * 2,
            (f"growth({first})", f"{first} / {first}__4 - 1"),
            (f"growth_qoq({second})", f"{second} / {second}__1 - 1"),
            (
                f"({flows[0]} - prev({flows[0]})) / prev({flows[1]})",
                f"({flows[0]} - {flows[0]}__1) / {flows[1]}__1",
            ),
        )
        formula, expression = formulas[i % len(formulas)]
        yield f"metric_{i:02d}_{third}", formula, expression


def _rule(
    chance: random.Random, i: int, metrics: list[str]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A rule as it stands in a rules file, and its steps for the peers."""
    name = f"rule-{i:03d}"
    lines = [f"  {name}:", f"    title: {{en: Rule {i}}}", "    frame: quarter"]
    first, second = chance.sample(metrics, 2)
    flows, stocks = chance.sample(FLOWS, 2), chance.sample(STOCKS, 2)
    limits = [number / 1000 for number in sorted(chance.sample(range(-500, 1500), 3))]
    shape = i % 10
    if shape < 4:
        grades = ("low", "medium", "high")[: chance.randint(1, 3)]
        above = chance.random() < 0.5
        limits = limits if above else limits[::-1]
        steps = tuple(zip(grades, limits, strict=False))
        words = ", ".join(f"{grade}: {limit}" for grade, limit in steps)
        lines += [f"    metric: {first}", f"    {'above' if above else 'below'}: {{{words}}}"]
        op = ">" if above else "<"
        return "\n".join(lines), tuple((g, f"{first} {op} {limit}") for g, limit in steps)
    if shape < 8:
        join = "and" if shape < 6 else "or"
        when = f"{first} > {limits[0]} {join} {second} < {limits[2]}"
        expression = when
    elif shape < 9:
        when = f"{flows[0]} < prev({flows[0]}) and {flows[1]} > prev({flows[1]})"
        expression = f"{flows[0]} < {flows[0]}__1 and {flows[1]} > {flows[1]}__1"
    else:
        when = f"{stocks[0]} / {stocks[1]} > 1 or {first} > {limits[1]}"
        expression = when
    lines += [f"    when: {when}", "    severity: medium"]
    return "\n".join(lines), (("medium", expression),)


# The three ways.


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
