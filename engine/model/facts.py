"""Reading a company file: every fact with its source, text and place.

Periods, quantities, units, sources and scopes are checked here, so that what comes out can be
used without looking at the file again. A mistake costs the fact it concerns and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ddcheck.engine.model.breakdowns import read_breakdowns, read_events
from ddcheck.engine.model.company import Company, Fact, Scope
from ddcheck.engine.model.periods import ACTUAL, Calendar, Period
from ddcheck.engine.model.reader import Reader
from ddcheck.engine.model.sources import read_sources
from ddcheck.engine.model.vocabulary import Dimension, Term
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.suggest import did_you_mean, likely
from ddcheck.engine.text.words import CURRENCIES, UNIT_WORDS, UnitText

_ROOT_KEYS = frozenset(
    {"ddcheck", "company", "sources", "tables", "facts", "breakdowns", "events", "answers"}
)
_COMPANY_KEYS = frozenset(
    {"id", "name", "ticker", "currency", "fiscal_year_end", "tags", "founded", "business"}
)
_TABLE_KEYS = frozenset({"source", "at", "unit", "periods", "facts", "labelled", "note"})
_ROW_KEYS = frozenset(
    {"values", "unit", "at", "decimals", "exact", "labelled", "note", "scope", "reversed"}
)
_FACT_KEYS = frozenset(
    {
        "value", "text", "source", "at", "scope", "since", "labelled", "note", "decimals", "exact",
        "method",
    }
)  # fmt: skip
#: Keys of a fact that stand nowhere among periods: one that lacks `value` is a fact all the same.
_OWN_FACT_KEYS = _FACT_KEYS - {"source"}
_YEAR_END = re.compile(r"(\d{2})-(\d{2})\Z", re.ASCII)


def load_company(
    root: Mapping, terms: dict[str, Term], dimensions: dict[str, Dimension], report: Report
) -> Company | None:
    """The company that `root` holds; None if it cannot be told who it is."""
    shape.keys(root, _ROOT_KEYS, ("company", "sources"), "a company file", report)
    entry = shape.mapping(root.get("company"), "`company`", report)
    if entry is None:
        return None
    complete = shape.keys(entry, _COMPANY_KEYS, ("id", "name", "currency"), "`company`", report)
    company_id = shape.text(entry.get("id"), "the id", report)
    name = shape.label(entry.get("name"), "the name", report)
    currency = _currency(entry.get("currency"), report)
    if not complete or company_id is None or name is None or currency is None:
        return None
    calendar = _calendar(entry.get("fiscal_year_end"), report)
    sources, broken = read_sources(root.get("sources"), report)
    reader = Reader(terms, dimensions, currency, calendar, sources, report, broken)
    tables = shape.sequence(root.get("tables"), "`tables`", report)
    for item in tables or ():
        table = shape.mapping(item, "a table", report)
        if table is not None:
            _table(table, reader)
    facts = shape.mapping(root.get("facts"), "`facts`", report)
    for key, node in facts.items() if facts else ():
        term = reader.term(key)
        if term is not None:
            _concept(term, key, node, reader)
    breakdowns = read_breakdowns(root.get("breakdowns"), reader)
    return Company(
        root.source.path,
        company_id,
        name,
        shape.text(entry.get("ticker"), "the ticker", report),
        currency,
        calendar,
        frozenset(shape.texts(entry.get("tags"), "`tags`", report)),
        shape.text(entry.get("founded"), "`founded`", report),
        shape.label(entry.get("business"), "`business`", report),
        sources,
        tuple(reader.facts),
        breakdowns,
        read_events(root.get("events"), reader),
        tag_nodes=tuple(_tag_nodes(entry.get("tags"))),
    )


def _tag_nodes(node: Node | None) -> Iterator[Scalar]:
    items = node.items if isinstance(node, Sequence) else [node]
    return (item for item in items if isinstance(item, Scalar) and not item.is_null)


def _currency(node: Node | None, report: Report) -> str | None:
    written = shape.text(node, "the currency", report)
    if written is None or node is None or written in CURRENCIES:
        return written
    meant = UNIT_WORDS.get(written.strip())
    report.error(
        "DD113",
        node,
        f"the currency is `{written}`; it must be one of three letters such as USD or CNY",
        f"write {meant}" if meant in CURRENCIES else did_you_mean(written, CURRENCIES),
    )
    return None


def _calendar(node: Node | None, report: Report) -> Calendar:
    written = shape.text(node, "`fiscal_year_end`", report)
    if written is None or node is None:
        return Calendar()
    match = _YEAR_END.match(written)
    if match and shape.parse_day(f"2024-{written}") is not None:
        return Calendar(int(match[1]), int(match[2]))
    report.error(
        "DD308",
        node,
        f"`{written}` is not a day of the year",
        likely(written, "0123456789-", _is_year_end, 'write it as "12-31"'),
    )
    return Calendar()


def _is_year_end(text: str) -> bool:
    return _YEAR_END.match(text) is not None and shape.parse_day(f"2024-{text}") is not None


class _Row(NamedTuple):
    """What a table says of all its rows, or a row of all its cells; `usable` is False after a
    mistake in it.
    """

    source: str
    unit: UnitText | None
    at: str | None
    labelled: str | None
    decimals: int | None = None
    exact: bool = False
    scope: Scope = None
    usable: bool = True
    reversed: bool = False


def _table(table: Mapping, reader: Reader) -> None:
    report = reader.report
    complete = shape.keys(table, _TABLE_KEYS, ("source", "periods", "facts"), "a table", report)
    header = shape.sequence(table.get("periods"), "`periods`", report)
    rows = shape.mapping(table.get("facts"), "the facts of a table", report)
    unit = reader.unit(table.get("unit"))
    at = shape.text(table.get("at"), "`at`", report)
    labelled = shape.text(table.get("labelled"), "`labelled`", report)
    if not complete or header is None or rows is None:
        return
    source = reader.source(table.get("source"), table)
    cells = [shape.scalar(item, "a period", report) for item in header.items]
    columns = [reader.period(cell) if cell is not None else None for cell in cells]
    if source is None:
        return
    for cell, column in zip(cells, columns, strict=True):
        if cell is not None and column is not None:
            reader.timely(cell, column, source)
    shared = _Row(source, unit, at, labelled, usable=unit is not None or "unit" not in table.keys)
    for key, node in rows.items():
        term = reader.term(key)
        if term is not None:
            _row(term, key, node, columns, shared, reader)


def _row(
    term: Term,
    key: Scalar,
    node: Node,
    columns: list[tuple[Period, int] | None],
    shared: _Row,
    reader: Reader,
) -> None:
    report = reader.report
    row, values = shared, node
    if isinstance(node, Mapping):
        if not shape.keys(node, _ROW_KEYS, ("values",), "a row", report):
            return
        values = node.entries["values"]
        row = _own(node, shared, reader)
    cells = shape.sequence(values, f"the row `{key.text}`", report)
    if cells is None or not row.usable:
        return
    if len(cells.items) != len(columns):
        report.error(
            "DD306",
            key,
            f"`{key.text}` has {len(cells.items)} values for {len(columns)} periods",
            'quote a number with a comma: "1,234"'
            if len(cells.items) > len(columns)
            else "write `~` where the source prints nothing",
        )
        return
    for cell, column in zip(cells.items, columns, strict=True):
        if isinstance(cell, Scalar) and cell.is_null:
            continue
        value = shape.scalar(cell, "a value", report)
        if value is None or column is None:
            continue
        quantity = reader.quantity(
            value, term, row.unit, row.decimals, exact=row.exact, negate=row.reversed
        )
        if quantity is not None:
            reader.keep(
                Fact(
                    term.id, reader.placed(term, column[0]), column[1], quantity, row.source,
                    value, value.text, row.at, row.scope, labelled=row.labelled,
                    negated=row.reversed, row=key,
                )
            )  # fmt: skip


def _own(node: Mapping, shared: _Row, reader: Reader) -> _Row:
    """What the row `node` says itself, over what the table says."""
    report = reader.report
    unit, usable = shared.unit, shared.usable
    if "unit" in node.entries:
        unit = reader.unit(node.get("unit"))
        usable = unit is not None
    scope, known = reader.scope(node.get("scope"))
    return _Row(
        shared.source,
        unit,
        shape.text(node.get("at"), "`at`", report) or shared.at,
        shape.text(node.get("labelled"), "`labelled`", report) or shared.labelled,
        reader.decimals(node.get("decimals")),
        shape.truth(node.get("exact"), "`exact`", report),
        scope,
        usable and known,
        shape.truth(node.get("reversed"), "`reversed`", report),
    )


def _concept(term: Term, key: Scalar, node: Node, reader: Reader) -> None:
    """The facts under one concept: one fact, a list of facts, or a mapping of periods to facts."""
    if isinstance(node, Sequence):
        for item in node.items:
            _fact(term, None, item, reader, None)
        return
    if isinstance(node, Scalar):
        reader.report.error(
            "DD110", node, f"`{key.text}` must be a mapping of periods to facts, not a single value"
        )
        return
    if _OWN_FACT_KEYS & node.entries.keys():
        _fact(term, None, node, reader, None)
        return
    shared = node.get("source")
    for period_key, value in node.items():
        if period_key.text == "source":
            continue
        period = reader.period(period_key, _FACT_KEYS)
        if period is None:
            continue
        several = value.items if isinstance(value, Sequence) else [value]
        for item in several:
            _fact(term, period, item, reader, shared, period_key)


def _fact(
    term: Term,
    when: tuple[Period, int] | None,
    node: Node,
    reader: Reader,
    shared: Node | None,
    written: Scalar | None = None,
) -> None:
    """Keep the fact of `term` that `node` writes; `written` is where its period stands."""
    report = reader.report
    if isinstance(node, Sequence):
        report.error("DD110", node, "a fact is a value or a mapping with `value` and `source`")
        return
    at = printed = labelled = None
    scope: Scope = None
    decimals, exact = None, False
    value: Scalar | None
    if isinstance(node, Scalar):
        value = shape.scalar(node, "a fact", report)
        source = reader.source(shared, node) if value is not None else None
    else:
        required = ("value",) if shared is not None else ("value", "source")
        complete = shape.keys(node, _FACT_KEYS, required, "a fact", report)
        value = shape.scalar(node.get("value"), "a fact's value", report)
        at = shape.text(node.get("at"), "`at`", report)
        printed = shape.text(node.get("text"), "`text`", report)
        labelled = shape.text(node.get("labelled"), "`labelled`", report)
        decimals = reader.decimals(node.get("decimals"))
        exact = shape.truth(node.get("exact"), "`exact`", report)
        scope, usable = reader.scope(node.get("scope"))
        if not complete or not usable:
            return
        source = reader.source(node.get("source") or shared, node)
        if "since" in node.entries:
            when = _since(term, node, reader)
            if when is None:
                return
            written = shape.scalar(node.get("since"), "`since`", report)
    if value is None or source is None:
        return
    if when is None:
        wanted = "`since: DATE`" if term.time == "fixed" else "a period"
        report.error("DD302", node, f"a fact of `{term.id}` needs {wanted}")
        return
    if written is not None:
        reader.timely(written, when, source)
    quantity = reader.quantity(value, term, None, decimals, exact=exact)
    if quantity is not None:
        reader.keep(
            Fact(
                term.id, reader.placed(term, when[0]), when[1], quantity, source, value,
                printed or value.text, at, scope, labelled=labelled,
            )
        )  # fmt: skip


def _since(term: Term, node: Mapping, reader: Reader) -> tuple[Period, int] | None:
    """The day from which a fixed value holds, or None and DD302 or DD308."""
    if term.time != "fixed":
        reader.report.error(
            "DD302",
            node.keys["since"],
            f"`{term.id}` is a {term.time}, so it stands under a period, not `since`",
        )
        return None
    since = shape.day(node.get("since"), "`since`", reader.report)
    return (reader.calendar.instant(since), ACTUAL) if since is not None else None
