"""A made-up company and a hundred rules, in the formats of ddcheck and as plain expressions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

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
