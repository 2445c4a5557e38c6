"""Writing a company file from a draft: as a person would write it, with what was left out."""

from __future__ import annotations

from typing import NamedTuple

from ddcheck.engine.readers.draft import Draft, Left, Table, Taken
from ddcheck.engine.readers.labels import EXACT
from ddcheck.engine.text.written import remark, scalar


class Header(NamedTuple):
    """Who the company is and what the source is, in the words of a company file."""

    id: str
    name: str
    currency: str
    year_end: str
    tags: tuple[str, ...]
    source: str
    title: str
    publisher: str | None
    tier: str
    published: str
    url: str | None
    file: str
    sha256: str
    map: str


def company_text(header: Header, draft: Draft) -> str:
    """The company file of `draft`; its remarks are in English, as those of all files are."""
    lines = [
        "ddcheck: company/1",
        f"# Imported from {remark(header.file)} by `ddcheck import table`.",
        "# Figures stand as printed, ~ where nothing is printed.",
        f"# What labels mean is settled in {remark(header.map)}.",
        "company:",
        f"  id: {scalar(header.id)}",
        f"  name: {scalar(header.name)}",
        f"  currency: {header.currency}",
        f'  fiscal_year_end: "{header.year_end}"',
    ]
    if header.tags:
        lines.append(f"  tags: [{', '.join(scalar(tag) for tag in header.tags)}]")
    lines += [
        "sources:",
        f"  {scalar(header.source)}:",
        f"    title: {scalar(header.title)}",
    ]
    if header.publisher:
        lines.append(f"    publisher: {scalar(header.publisher)}")
    lines += [f"    tier: {header.tier}", f"    published: {header.published}"]
    if header.url:
        lines.append(f"    url: {scalar(header.url)}")
    lines += [f"    file: {scalar(header.file)}", f'    sha256: "{header.sha256}"', "tables:"]
    for table in draft.tables:
        lines += ["", *_table(header, table)]
    if draft.left:
        lines += ["", "# Left out:"]
        lines += [f"#   {_left(row)}" for row in draft.left]
    return "\n".join(lines) + "\n"


def _table(header: Header, table: Table) -> list[str]:
    lines = [f"  - source: {scalar(header.source)}", f"    at: {scalar(table.at)}"]
    if table.unit is not None:
        lines.append(f"    unit: {_unit(table.unit)}")
    lines.append(f"    periods: [{', '.join(table.periods)}]")
    lines.append("    facts:")
    for row in table.rows:
        lines += _row(row, table)
    return lines


def _row(row: Taken, table: Table) -> list[str]:
    parts = [f"at: {scalar(row.at)}"]
    if row.unit is not None and row.unit != table.unit:
        parts.append(f"unit: {_unit(row.unit)}")
    if row.reversed:
        parts.append("reversed: true")
    values = ", ".join("~" if value is None else _value(value) for value in row.values)
    parts.append(f"values: [{values}]")
    said = []
    if row.match.how != EXACT or row.reversed:
        said.append(f'      # Printed "{remark(row.label)}".')
    return [*said, f"      {row.concept}: {{{', '.join(parts)}}}"]


def _unit(unit: str) -> str:
    return f'"{unit}"' if unit == "%" else scalar(unit)


def _value(value: str) -> str:
    return scalar(value) if not value.startswith(("-", "(")) or "," in value else value


def _left(row: Left) -> str:
    label = f'"{remark(row.label)}"' if row.label else "without a label"
    section = f' under "{remark(row.section)}"' if row.section else ""
    return f"{row.cell} {label}{section}: {remark(row.reason)}"
