"""A company file with sources of every kind, to which a test adds its facts."""

from __future__ import annotations

import functools

from ddcheck.engine.commands.loading import load_plan
from ddcheck.engine.model.company import Company
from ddcheck.engine.model.facts import load_company
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.text.diagnostics import Diagnostic, Report
from ddcheck.engine.text.document import Mapping, parse
from ddcheck.engine.text.source import Source

SOURCES = """\
  audited-2022: {title: Audited, publisher: Auditor, tier: audited, published: 2022-03-01}
  filing-2023: {title: Filing, publisher: Company, tier: filing, published: 2023-03-01}
  broker-2022: {title: Broker, publisher: Broker, tier: broker, published: 2022-06-01}
  broker-2024: {title: Broker, publisher: Broker, tier: broker, published: 2024-02-06}
  press-2021: {title: Press, publisher: Press, tier: press, published: 2021-05-28}
  press-2024: {title: Press, publisher: Other press, tier: press, published: 2024-02-06}
  unsigned-2024: {title: Unsigned, tier: press, published: 2024-02-06}
  unsigned-2025: {title: Unsigned, tier: press, published: 2025-02-06}
"""


@functools.cache
def core_plan() -> Plan:
    return load_plan(("core",), Report())


def read_sourced(
    text: str, *, currency: str = "USD", year_end: str = "12-31"
) -> tuple[Company, list[Diagnostic]]:
    """The company whose file goes on with `text`, and what is said about it."""
    head = (
        f"ddcheck: company/1\ncompany: {{id: acme, name: Acme, currency: {currency}, "
        f'fiscal_year_end: "{year_end}"}}\nsources:\n{SOURCES}'
    )
    report = Report()
    root = parse(Source("company.yaml", head + text), report)
    assert isinstance(root, Mapping)
    company = load_company(root, core_plan().terms, core_plan().vocabulary.dimensions, report)
    assert company is not None
    return company, report.items
